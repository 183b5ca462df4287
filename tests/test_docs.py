"""The documentation: its commands are commands, its examples run, its formulas name functions that exist, its register is what the data give."""

from __future__ import annotations

import argparse
import importlib
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest

import run
from actuarial import cli
from actuarial.basis.instrument import load_instrument
from actuarial.basis.scenario import load_scenario
from actuarial.basis.sensitivities import load_sensitivities
from actuarial.feasibility.result import write_study
from actuarial.feasibility.supported import supported
from actuarial.reporting.assumption_register import DOCUMENT, document, gathered, uncertainty_table
from actuarial.reporting.compare_set import described, write_record
from tests.reporting.synthetic import synthetic_study

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = (ROOT / "README.md", *sorted(DOCS.glob("*.md")))
_FENCE = re.compile(r"^```(?P<kind>[^\n]*)\n(?P<body>.*?)^```\s*$", re.MULTILINE | re.DOTALL)
_DOTTED = re.compile(r"`(actuarial(?:\.\w+)+)`")
_LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)")
PASSED_ON = ("test", "lab", "mutate", "coverage")
"""Verbs whose options go to another program."""


def blocks(path: Path, kind: str) -> Iterator[str]:
    """Bodies of the fenced blocks of one kind."""
    for found in _FENCE.finditer(path.read_text(encoding="utf-8")):
        if found["kind"].strip() == kind:
            yield found["body"]


def commands(path: Path) -> Iterator[str]:
    """Lines that call the toolkit: in ``sh`` blocks, and indented ones as README writes them."""
    text = path.read_text(encoding="utf-8")
    for body in blocks(path, "sh"):
        yield from (line.strip() for line in body.splitlines() if line.strip() and not line.startswith("#"))
    for line in _FENCE.sub("", text).splitlines():
        if line.startswith("    ") and re.match(r"\s+(python run\.py|actuarial) ", line):
            yield re.split(r"\s{2,}", line.strip())[0]  # a remark may stand to the right


COMMANDS = [pytest.param(path, line, id=f"{path.name}: {line[:70]}") for path in PAGES for line in dict.fromkeys(commands(path))]


@pytest.mark.parametrize(("path", "line"), COMMANDS)
def test_commands_of_the_documentation_are_commands(path: Path, line: str) -> None:
    words = shlex.split(line)
    given = words[2:] if words[:2] == ["python", "run.py"] else words[1:] if words[0] == "actuarial" else None
    assert given, f"{path.name}: {line!r} is no command of the toolkit"
    if given[0] in PASSED_ON:
        assert given[0] in run.VERBS
        return
    try:
        options = cli._parser().parse_args(given)
    except SystemExit as left:
        assert left.code == 0, f"{path.name}: {line!r} is refused"
        return
    names_exist(options)


def names_exist(options: argparse.Namespace) -> None:
    """Scenarios, instruments and cases named in an example are shipped; own ones a reader is told to make are named ``my-...``."""
    scenarios = ROOT / "scenarios"
    for name in _listed(options, "scenario"):
        if not name.startswith("my-"):
            load_scenario(name, scenarios)
    for name in _listed(options, "instrument"):
        supported(load_instrument(name, scenarios))
    for key in _listed(options, "only") if options.run.__name__ == "_sensitivity" else ():
        assert key in load_sensitivities(ROOT / "data").keys
    if isinstance(case := getattr(options, "case", None), str) and case != "CASE.yaml":
        assert (scenarios / "cases" / f"{case}.yaml").is_file()


def _listed(options: argparse.Namespace, name: str) -> list[str]:
    value = getattr(options, name, None)
    return [value] if isinstance(value, str) else list(value or ())


def test_the_guide_shows_every_verb() -> None:
    told = {shlex.split(line)[2] for line in commands(DOCS / "guide.md")} | {shlex.split(line)[2] for line in commands(ROOT / "README.md")}
    assert set(run.VERBS) - told <= {"bench", "check", "fuzz"}


@pytest.mark.parametrize("path", [p for p in PAGES if any(blocks(p, "python"))], ids=lambda p: p.name)
def test_python_examples_run_one_after_the_other(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if path.name == "README.md":
        for body in blocks(path, "python"):
            compile(body, path.name, "exec")  # they speak to a cluster
        return
    finished_runs(tmp_path / "reports")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for body in blocks(path, "python"):
        exec(compile(body, path.name, "exec"), names)
    if path.name == "guide.md":
        said = capsys.readouterr().out
        assert "percentage points in 2050" in said
        assert re.search(r"^region\s", said, re.MULTILINE), "the comparison was not read"


def finished_runs(reports: Path) -> None:
    """A run and a comparison as the examples read them, of a made-up study."""
    whole = reports / "base-eac-directive" / "results"
    write_study(synthetic_study(), whole)
    results = reports / "compare-base-eac-directive-pro-rata-only" / "results"
    scenario = load_scenario("base", ROOT / "scenarios")
    entries = [described(scenario, load_instrument(name, ROOT / "scenarios"), "0" * 64) for name in ("eac-directive", "pro-rata-only")]
    for entry in entries:
        copytree(whole, results / str(entry["folder"]))
    write_record(results, entries)


def test_scenarios_of_the_examples_are_read(tmp_path: Path) -> None:
    read = 0
    for path in PAGES:
        for body in blocks(path, "yaml scenario"):
            name = re.search(r"^name: (\S+)", body, re.MULTILINE)
            assert name is not None
            for shipped in (ROOT / "scenarios").glob("*.yaml"):
                (tmp_path / shipped.name).write_text(shipped.read_text(encoding="utf-8"), encoding="utf-8")
            (tmp_path / f"{name[1]}.yaml").write_text(body, encoding="utf-8")
            assert load_scenario(name[1], tmp_path).title
            read += 1
    assert read >= 2


def test_instruments_of_the_examples_are_read_and_can_be_projected(tmp_path: Path) -> None:
    read = 0
    for path in PAGES:
        for body in blocks(path, "yaml instrument"):
            name = re.search(r"^id: (\S+)", body, re.MULTILINE)
            assert name is not None
            folder = tmp_path / "instruments"
            for shipped in ("eac-directive", name[1]):
                (folder / shipped).mkdir(parents=True)
            whole = (ROOT / "scenarios" / "instruments" / "eac-directive" / "instrument.yaml").read_text(encoding="utf-8")
            (folder / "eac-directive" / "instrument.yaml").write_text(whole, encoding="utf-8")
            (folder / name[1] / "instrument.yaml").write_text(body, encoding="utf-8")
            supported(load_instrument(name[1], tmp_path))
            read += 1
    assert read == 1


@pytest.mark.parametrize("name", sorted({n for p in PAGES for n in _DOTTED.findall(p.read_text(encoding="utf-8"))}))
def test_functions_named_in_the_documentation_exist(name: str) -> None:
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            found: object = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for part in parts[length:]:
            found = getattr(found, part)
        if length < len(parts):
            assert getattr(found, "__doc__", None), f"{name} explains nothing"
        return
    raise AssertionError(f"no such module: {name}")


def test_the_method_note_covers_every_floor_that_computes() -> None:
    named = set(_DOTTED.findall((DOCS / "method.md").read_text(encoding="utf-8")))
    floors = {name.split(".")[1] for name in named}
    assert floors >= {"basis", "demography", "careers", "provisions", "finance", "feasibility"}
    assert len(named) > 80


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.name)
def test_links_between_pages_lead_somewhere(path: Path) -> None:
    text = re.sub(r"`[^`\n]*`", "", _FENCE.sub("", path.read_text(encoding="utf-8")))
    if path.name == Path(DOCUMENT).name:
        text = text[:5000]
    missing = [target for target in _LINK.findall(text) if not (path.parent / target).exists()]
    assert missing == []


def test_the_register_is_what_the_data_give() -> None:
    assert (ROOT / DOCUMENT).read_text(encoding="utf-8") == document(), "run: python -m actuarial.reporting.assumption_register"


def test_the_register_holds_every_input_once_and_the_uncertainty_apart() -> None:
    table = gathered()
    assert not table.duplicated(["name", "place", "value", "year", "source"]).any()
    assert set(table["place"]) >= {"region", "corridors", "RWA", "KEN"}
    assert set(table["used"]) == {"yes", "no"}
    unsure = table["confidence"].isin(["assumed", "recalled"]) & (table["used"] == "yes")
    assert (table.loc[unsure, "reason"].str.len() > 0).all()
    files = {path.stem for path in (ROOT / "data" / "uncertainty").glob("*.yaml")} - {"sensitivities"}
    assert {name.partition(":")[0] for name in uncertainty_table()["name"]} == files


def glossary() -> list[list[str]]:
    """Rows of the glossary's tables: English, French, Swahili, meaning."""
    lines = (DOCS / "glossary.md").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return [row for row in rows if row[0] != "English" and not set(row[0]) <= {"-"}]


def test_the_glossary_has_every_term_in_three_languages_once() -> None:
    rows = glossary()
    assert len(rows) >= 100
    assert all(len(row) == 4 and all(row) for row in rows)
    english = [row[0] for row in rows]
    assert len(set(english)) == len(english)


def test_the_swahili_of_the_glossary_is_marked_as_not_reviewed() -> None:
    head = (DOCS / "glossary.md").read_text(encoding="utf-8").partition("\n## ")[0]
    assert "No actuary who speaks Swahili has reviewed" in head
