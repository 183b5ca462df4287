"""The declared graph: it knows every column and every input, each of its names is there, and its formulas are in the code."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from actuarial.audit.trace_formula import formula_of
from actuarial.audit.trace_lines import place_of
from actuarial.audit.trace_quantities import FOLDER, Graph, load_graph
from actuarial.audit.trace_reach import Reach, matches
from actuarial.basis.errors import InputError
from actuarial.basis.instrument import load_instrument
from actuarial.basis.scenario import load_scenario
from actuarial.feasibility.inputs import load_basis
from actuarial.feasibility.register import assumptions_of
from actuarial.feasibility.result import StudyResult
from tests.reporting.synthetic import synthetic_study

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def graph() -> Graph:
    return load_graph()


@pytest.fixture(scope="module")
def registers() -> dict[str, pd.DataFrame]:
    basis = load_basis(ROOT / "data", load_scenario("base", ROOT / "scenarios"))
    instrument = load_instrument("eac-directive", ROOT / "scenarios")
    return {country: assumptions_of(basis, instrument, c) for c, country in enumerate(basis.countries)}


def columns_declared(graph: Graph, table: str) -> set[str]:
    of = graph.tables[table]
    found = {*of.keys, *of.labels}
    for quantity in (q for q in graph.figures() if q.table == table):
        if of.row:
            found |= {"without", "with", "difference"}
        elif of.case == "suffix" and quantity.case in ("suffix", "with"):
            found |= {f"{quantity.column}_{case}" for case in (("with",) if quantity.case == "with" else ("without", "with"))}
        else:
            found.add(quantity.column)
    return found


def absent(graph: Graph, study: StudyResult) -> list[str]:
    """Columns that the graph knows and the study does not have; tables without rows are left out."""
    tables = {name: frame for name, frame in tables_of(study).items() if len(frame)}
    return [f"{name}.{c}" for name, frame in tables.items() for c in columns_declared(graph, name) - set(map(str, frame.columns))]


def tables_of(study: StudyResult) -> dict[str, pd.DataFrame]:
    """Each table once, of the scheme that has rows in it if any has."""
    schemes = list(study.schemes.values())
    frames = {name: value for name, value in vars(study).items() if isinstance(value, pd.DataFrame)}
    for name, value in vars(schemes[0]).items():
        if isinstance(value, pd.DataFrame):
            frames[name] = max((getattr(s, name) for s in schemes), key=len)
    return frames


def undeclared(graph: Graph, study: StudyResult) -> list[str]:
    """Tables, columns, and figures named by rows, that the graph does not know."""
    found = []
    for name, frame in tables_of(study).items():
        if name not in graph.tables:
            found.append(name)
            continue
        found += [f"{name}.{c}" for c in set(map(str, frame.columns)) - columns_declared(graph, name)]
        if row := graph.tables[name].row:
            found += [f"{name}.{r}" for r in set(frame[row]) - {q.column for q in graph.figures() if q.table == name}]
    return found


def test_every_column_of_a_study_is_declared(graph: Graph) -> None:
    assert undeclared(graph, synthetic_study()) == []


def test_a_column_that_is_not_declared_is_noticed(graph: Graph) -> None:
    study = synthetic_study()
    study.transfers["surprise"] = 1.0
    study.adequacy["irr_between"] = 1.0
    assert undeclared(graph, study) == ["transfers.surprise", "adequacy.irr_between"]


def test_every_formula_is_a_docstring_of_the_code(graph: Graph) -> None:
    named = {q.formula for q in graph.quantities.values() if q.formula}
    for reference in named:
        found = formula_of(reference)
        assert found.text, reference
        file, _, line = found.place.rpartition(":")
        assert len((ROOT / file).read_text(encoding="utf-8").splitlines()) >= int(line)
    assert "X_t / S_t" in formula_of("actuarial.finance.indicators:payg_cost_rate").text
    with pytest.raises(ValueError, match="no such formula"):
        formula_of("actuarial.finance.indicators:payg_rate")


def test_sheets_and_chapters_are_those_of_reports(graph: Graph) -> None:
    source = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "actuarial" / "reporting").glob("*.py"))
    named = {name for table in graph.tables.values() for name in (*table.sheets, *table.chapters)}
    assert [name for name in sorted(named) if f'"{name}"' not in source] == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("uses: [coverage, covered_people, mover_cover]}", "uses: [covrage]}", "'covrage' is not declared"),
        ("uses: [coverage, covered_people, mover_cover]}", "uses: [yearly.payg_cost_rate]}", "made from itself"),
    ],
)
def test_a_graph_that_cannot_be_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    folder = tmp_path / "quantities"
    shutil.copytree(FOLDER, folder)
    file = folder / "scheme_tables.yaml"
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    text = text.replace(old, new)
    if "payg" in new:  # contributors enter earnings, so that the circle closes
        text = text.replace("uses: [earnings, covered_people, mover_cover], with: [posted_earnings]}", "uses: [yearly.contributors]}")
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=said):
        load_graph(folder)


def test_an_unknown_key_of_the_graph_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "quantities"
    shutil.copytree(FOLDER, folder)
    file = folder / "model.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("  people:\n", "  people:\n    made_of: [x]\n"), encoding="utf-8")
    with pytest.raises(InputError, match="made_of: unknown key"):
        load_graph(folder)


def test_every_input_that_the_projection_reads_is_a_leaf(graph: Graph, registers: dict[str, pd.DataFrame]) -> None:
    reach = Reach(graph, {}, {})
    for country, register in registers.items():
        for line in register.to_dict("records"):
            leaves = reach.inputs_of_line(str(line["name"]))
            if line["used"] == "yes":
                assert leaves or matches(str(line["name"]), graph.on_record), f"{country}: {line['name']} is no input of the graph"
            assert len(leaves) <= 1, f"{line['name']} is {leaves}"


def test_every_leaf_has_a_line_or_a_table(graph: Graph, registers: dict[str, pd.DataFrame]) -> None:
    names = {name for register in registers.values() for name in register["name"]}
    files = [p.relative_to(ROOT).as_posix() for p in (ROOT / "data").rglob("*") if p.is_file()]
    optional = {"beginning", "members_counted", "instrument_branches"}  # of schemes and instruments that are not in the shipped study
    for leaf in graph.inputs.values():
        there = any(matches(n, leaf.lines) for n in names) or any(matches(f, leaf.files) for f in files)
        assert there or leaf.name in optional, leaf.name


def test_every_file_of_the_data_is_an_input_or_on_record(graph: Graph) -> None:
    leaves = [pattern for leaf in graph.inputs.values() for pattern in leaf.files]
    for path in (ROOT / "data").rglob("*"):
        name = path.relative_to(ROOT).as_posix()
        if path.is_file() and "__pycache__" not in name:
            assert matches(name, (*leaves, *graph.registered, *graph.files_on_record)), name


def test_lines_of_the_register_are_found_where_they_are_written(registers: dict[str, pd.DataFrame]) -> None:
    for country, register in registers.items():
        for line in register.to_dict("records"):
            at = place_of(ROOT, str(line["file"]), str(line["name"]), country)
            assert at.line > 0, f"{country}: {line['name']} of {line['file']}"
            if line["name"] == "contributions.employee":
                written = (ROOT / at.file).read_text(encoding="utf-8").splitlines()[at.line - 1]
                assert str(line["value"]) in written
