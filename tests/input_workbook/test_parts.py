"""Cells as people type them, YAML and CSV changed in place, tables of people, and texts in the language asked for."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actuarial.basis.errors import InputError
from actuarial.basis.scheme import load_scheme
from actuarial.basis.scheme_people import load_people
from actuarial.basis.yaml_nodes import load
from actuarial.careers.coverage import counted_pattern
from actuarial.cli import main
from actuarial.input_workbook.cells import Found, read_cell
from actuarial.input_workbook.csv_file import edited, read_csv
from actuarial.input_workbook.layout import template
from actuarial.input_workbook.model import Limits, Shown, Value
from actuarial.input_workbook.people_sheets import rounded
from actuarial.input_workbook.read_me import read_me
from actuarial.input_workbook.yaml_edit import edited_yaml, scalar
from actuarial.reporting.language import use_language
from tests.input_workbook.books import DATA, laid_out, written

FILES = sorted((DATA / "schemes").glob("*/params.yaml"))
NOT_READ = "\u2028\u2029\ufeff\ufffe\uffff"
"""Characters that are taken out of what people type."""
SHARE = Limits(least=0.0, most=1.0, percent=True)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("0,14", "0.14 (or 0,14 where"),
        ("14%", "0.14, or 14%"),
        ("14,5 %", "0.145, or 14.5%"),
        ("1 234,5", "1234.5 (or 1234,5"),
        ("1\u202f234,5", "1234.5 (or 1234,5"),
        ("1.234,5", "1234.5 (or 1234,5"),
        ("1,234.5", "1234.5 (or 1234,5"),
        ("1.234.567", "1234567,"),
        ("\u22125", ": -5,"),
        ("about 5", "found the text 'about 5'; allowed"),
        ("=1+1", "found the text '=1+1'; allowed"),
        (1e300, "found 1e+300, which no figure of a country can be"),
    ],
)
def test_what_is_no_usable_number(typed: str | float, told: str) -> None:
    assert told in read_cell(Found(typed), Limits()).complaint


@given(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.dates(), st.times(), st.timedeltas(), st.datetimes(),
    ),
    st.sampled_from([Limits(), SHARE, Limits("whole", 0.0, 720.0), Limits("text"), Limits("choice", choices=(("true", "yes"), ("false", "no")))]),
    st.booleans(),
)  # fmt: skip
def test_whatever_a_cell_holds(value: Any, limits: Limits, optional: bool) -> None:
    limits = Limits(limits.kind, limits.least, limits.most, limits.choices, limits.percent, optional)
    reading = read_cell(Found(value, is_date=isinstance(value, datetime.date)), limits)
    if reading.value is None:
        nothing = value is None or not str(value).strip()
        assert bool(reading.complaint) != (optional and (nothing or limits.kind == "text"))
    else:
        assert not reading.complaint
    if isinstance(reading.value, float):
        assert limits.least <= reading.value <= limits.most
    if isinstance(reading.value, str):
        assert "\n" not in reading.value and "\0" not in reading.value


def _numbers(node: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Paths of all numbers of a document, but not the numbers of sources."""
    if isinstance(node, dict):
        return [p for key, value in node.items() if key != "source" for p in _numbers(value, (*path, key))]
    if isinstance(node, tuple):
        return [p for i, value in enumerate(node) for p in _numbers(value, (*path, i))]
    return [path] if isinstance(node, int | float) and not isinstance(node, bool) else []


def _at(node: Any, path: tuple[str | int, ...]) -> Any:
    for key in path:
        node = node[key]
    return node


def _put(node: Any, path: tuple[str | int, ...], value: Any) -> Any:
    """The same document with one value replaced or added."""
    if not path:
        return value
    if isinstance(node, tuple):
        return tuple(_put(item, path[1:], value) if i == path[0] else item for i, item in enumerate(node))
    return {**node, path[0]: _put(node.get(path[0]), path[1:], value)}


@settings(max_examples=15)
@given(st.data(), st.sampled_from(FILES))
def test_a_yaml_file_changes_only_where_it_is_changed(data: st.DataObject, path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    before, _lines = load(text)
    places = data.draw(st.lists(st.sampled_from(_numbers(before)), max_size=5, unique=True))
    changes: dict[tuple[str | int, ...], str] = {}
    wanted = before
    for place in places:
        value = data.draw(st.floats(allow_nan=False, allow_infinity=False))
        note = data.draw(st.text(st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters=NOT_READ), max_size=20))
        changes[place] = repr(value)
        wanted = _put(wanted, place, value)
        if place[-1] == "value":
            changes[*place[:-1], "reason"] = scalar(note)
            wanted = _put(wanted, (*place[:-1], "reason"), note)
    after, _lines = load(edited_yaml(text, changes))
    assert after == wanted
    if not changes:
        assert edited_yaml(text, changes) == text


def test_a_new_source_and_block_mappings() -> None:
    text = "sources:\n  1: a  # first\nx:\n  y:\n    value: 1/3\n    list:\n      - 1\n      - 2\nz: 1\n"
    after = edited_yaml(text, {("sources", 2): '"b: c"', ("x", "y", "value"): "0.25", ("x", "y", "list"): "[3]", ("x", "y", "w"): "no"})
    assert load(after)[0] == {"sources": {1: "a", 2: "b: c"}, "x": {"y": {"value": 0.25, "list": (3,), "w": "no"}}, "z": 1}
    assert "# first" in after


def test_csv_rows_keep_their_bytes() -> None:
    table = read_csv(DATA / "economy" / "levels.csv")
    text = (DATA / "economy" / "levels.csv").read_text(encoding="utf-8")
    assert edited(table, {}) == text
    key = (("country", "KEN"), ("level", "average_wage"))
    new = edited(table, {key: {"value": "1", "reason": 'x, "y"'}}).splitlines()
    old = text.splitlines()
    assert [n for n, line in enumerate(new) if line != old[n]] == [old.index(next(row for row in old if row.startswith("KEN,average_wage")))]
    with pytest.raises(KeyError):
        edited(table, {(("country", "XXX"),): {"value": "1"}})


@given(st.lists(st.floats(0.0, 1e6), min_size=1, max_size=50).filter(lambda x: sum(x) > 1e-3), st.integers(0, 10**7))
def test_rounding_keeps_the_total(spread: list[float], total: int) -> None:
    whole = rounded(np.array(spread), float(total))
    assert whole.sum() == total
    assert np.abs(whole - np.array(spread) * (total / sum(spread))).max() <= 1.0 + 1e-6 * total


def test_tables_of_people_must_be_whole(tmp_path: Path) -> None:
    assert load_people(tmp_path).contributors is None
    rows = [f"{sex},{age},10,100" for sex in ("male", "female") for age in range(15, 60)]
    (tmp_path / "members.csv").write_text("\n".join(["sex,age,contributors,earnings", *rows]), encoding="utf-8")
    people = load_people(tmp_path)
    assert people.contributors is not None and people.contributors.sum() == 900.0
    assert people.earnings is not None and people.earnings.min() == people.earnings.max() == 1.0
    (tmp_path / "members.csv").write_text("\n".join(["sex,age,contributors,earnings", *rows[1:]]), encoding="utf-8")
    with pytest.raises(InputError, match=r"members.csv: no contributors for sex male, age 15"):
        load_people(tmp_path)
    (tmp_path / "members.csv").write_text("sex,age,contributors,earnings\nmale,20,-1,5\n", encoding="utf-8")
    with pytest.raises(InputError, match="line 2, contributors: found -1"):
        load_people(tmp_path)


def test_counted_contributors_are_met_at_every_age() -> None:
    scheme = load_scheme(DATA / "schemes" / "KEN-nssf")
    residents, counts = np.full((2, 101), 200.0), np.zeros((2, 101))
    counts[0, 30], counts[1, 40] = 50.0, 200.0
    np.testing.assert_array_equal(counted_pattern(scheme, counts, residents) * residents, counts)
    counts[0, 30] = 201.0
    with pytest.raises(InputError, match=r"found 201 contributors, but only 200 residents .*male, age 30"):
        counted_pattern(scheme, counts, residents)


def test_rules_of_branches_are_named_in_words() -> None:
    rows = {str(row.reference): row.cells for sheet in laid_out("TZA").sheets for row in sheet.rows if row.cells}

    def shown(reference: str, column: int = 0) -> Value:
        cell = rows[reference][column]
        assert isinstance(cell, Shown)
        return cell.value

    assert shown("branches.invalidity.rules.qualifying.0.minimum_months") == "first condition: months of contributions needed"
    assert shown("branches.invalidity.rules.qualifying.1.minimum_months") == "second condition: months of contributions needed"
    assert shown("branches.maternity.rules.qualifying.0.minimum_months") == "months of contributions needed"  # one condition only
    assert shown("contributions.ceiling", 3) == "TZS per month"
    named = [text for reference in rows if reference.startswith("branches.") for text in [str(shown(reference))]]
    assert sum(" · " in text for text in named) < 0.1 * len(named)


def test_the_read_me_gives_a_command_that_a_stranger_has() -> None:
    texts = [str(text) for line in read_me(laid_out("TZA")) for text in line.texts]
    assert any("python run.py reports --country TZA --workbook FILE.xlsx" in text for text in texts)


def test_every_text_is_marked_for_translation() -> None:
    with use_language("qps"):
        content = template(DATA, "RWA")
        texts = [column.header for sheet in content.sheets for column in sheet.columns]
        texts += [text for sheet in content.sheets for text in (sheet.tab, sheet.heading, sheet.total, *sheet.intro)]
        labels = [row.cells[0].value for sheet in content.sheets for row in sheet.rows if row.cells and isinstance(row.cells[0], Shown)]
        texts += [str(text) for text in labels]
        texts += [row.heading for sheet in content.sheets for row in sheet.rows if not row.cells]
        texts += [str(line.texts[0]) for line in read_me(content) if line.texts]
    assert [text for text in texts if text and "⟦" not in text] == []


def test_the_verb(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "SOM.xlsx"
    assert main(["template", "SOM", "--out", str(out)]) == 0
    assert out.read_bytes() == written("SOM").read_bytes()
    assert main(["template", "SOM", "--out", str(out)]) == 2
    assert "there is such a file already" in capsys.readouterr().err
    assert main(["template", "SOM", "--out", str(out), "--replace", "--language", "fr"]) == 0
    assert out.read_bytes() != written("SOM").read_bytes()
    assert main(["template", "SMO"]) == 2
    assert main(["template", "SOM", "--out", str(tmp_path / "none" / "a.xlsx")]) == 2
    assert main(["template", "SOM", "--out", str(tmp_path / "a.pdf")]) == 2
    assert main(["template", "SOM", "--language", "xx"]) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["SOM.xlsx"]


@pytest.mark.parametrize("verb", ["reports", "price", "sensitivity", "ensemble"])
def test_a_wrong_workbook_ends_every_verb_at_once(verb: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "no.xlsx"
    path.write_text("no", encoding="utf-8")
    assert main([verb, "--workbook", str(path)]) == 2
    assert "no.xlsx: is not a workbook" in capsys.readouterr().err
    assert main([verb, "--country", "KEN", "--workbook", str(written("SOM"))]) == 2
    assert "is a workbook of SOM, but --country names KEN" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["no.xlsx"]
