"""Figures are the same within 1e-9 of the larger or of their scale; texts, rows and columns exactly."""

import json
import math
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actuarial.audit.figures import compare_figures


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """Two empty folders of results."""
    places = tmp_path / "then", tmp_path / "now"
    for place in places:
        place.mkdir()
    return places


def write(folders: tuple[Path, Path], name: str, then: str, now: str) -> None:
    for place, text in zip(folders, (then, now), strict=True):
        (place / name).write_text(text)


def test_rounding_passes_and_anything_more_does_not(folders: tuple[Path, Path]) -> None:
    then = "case,year,reserve\nwith,2026,1000\nwith,2027,0.5\n"
    write(folders, "RWA.yearly.csv", then, then.replace("0.5", "0.5000000001"))
    found = compare_figures(*folders)
    assert found.equal and (found.tables, found.figures) == (1, 4)
    assert found.largest is not None and found.largest.size == pytest.approx(1e-13, rel=1e-3)
    assert str(found.largest).startswith("RWA.yearly.csv, with 2027, reserve: 0.5 then, 0.5000000001 now (1.0e-13")
    write(folders, "RWA.yearly.csv", then, then.replace("1000", "1000.00001"))
    assert not compare_figures(*folders).equal


def test_rows_of_different_units_do_not_excuse_each_other(folders: tuple[Path, Path]) -> None:
    head = "indicator,unit,without,with,difference\nreserve,RWF,1e12,1e12,{}\nrate,share,0.05,{},0\n"
    write(folders, "i.csv", head.format("0", "0.05"), head.format("1e-4", "0.05"))
    assert compare_figures(*folders).equal  # what cancels is rounding of the two
    write(folders, "i.csv", head.format("0", "0.05"), head.format("0", "0.0500001"))
    (gap,) = compare_figures(*folders).beyond
    assert (gap.row, gap.column) == ("rate", "with")
    write(folders, "i.csv", "item,unit,published\na,x,1e9\nb,y,1\n", "item,unit,published\na,x,1e9\nb,y,1.1\n")
    assert not compare_figures(*folders).equal


def test_checks_count_relative_to_one(folders: tuple[Path, Path]) -> None:
    write(folders, "checks.csv", "name,value,tolerance,passed\na,1.7e-15,1e-9,True\n", "name,value,tolerance,passed\na,4e-16,1e-9,True\n")
    assert compare_figures(*folders).equal
    write(folders, "checks.csv", "name,value,tolerance,passed\na,1.7e-15,1e-9,True\n", "name,value,tolerance,passed\na,1.7e-15,1e-9,False\n")
    assert [gap.column for gap in compare_figures(*folders).beyond] == ["passed"]


def test_texts_missing_figures_rows_columns_and_tables_must_be_the_same(folders: tuple[Path, Path]) -> None:
    write(folders, "a.csv", "name,x\none,1\ntwo,\n", "name,x\none,1\ntwo,2\n")
    write(folders, "b.csv", "x\n1\n", "x\n1\n2\n")
    write(folders, "c.csv", "x\n1\n", "y\n1\n")
    (folders[0] / "d.csv").write_text("x\n1\n")
    (folders[1] / "e.csv").write_text("")
    write(folders, "f.json", json.dumps({"meta": {"rate": 0.1, "title": "a"}}), json.dumps({"meta": {"rate": 0.1, "title": "b"}}))
    write(folders, "g.json", "{", "{}")
    write(folders, "made_from.json", "{}", "[]")
    found = compare_figures(*folders)
    assert {(gap.table, gap.row, gap.size) for gap in found.beyond} == {("a.csv", "two", math.inf), ("f.json", "meta.title", math.inf)}
    assert [shape.split(":")[0] for shape in found.shapes] == ["b.csv", "c.csv", "d.csv", "e.csv", "g.json"]


def test_parquet_tables_count_too(folders: tuple[Path, Path]) -> None:
    for place, value in zip(folders, (0.1, 0.1 + 1e-6), strict=True):
        pd.DataFrame({"country": ["RWA"], "value": [value]}).to_parquet(place / "t.parquet")
    (gap,) = compare_figures(*folders).beyond
    assert gap.size == pytest.approx(1e-5, rel=1e-3)


@settings(max_examples=25)
@given(st.floats(-1e12, 1e12), st.floats(-1e-6, 1e-6))
def test_the_tolerance_rule(a: float, off: float) -> None:
    from actuarial.audit.figures import _gaps

    b = a + off
    one, other = (pd.DataFrame({"unit": [""], "value": [repr(v)]}) for v in (a, b))
    within = abs(a - b) <= 1e-9 * max(abs(a), abs(b))
    assert all(gap.size <= 1e-9 for gap in _gaps("t", one, other)) == within or math.isclose(abs(a - b), 1e-9 * max(abs(a), abs(b)), rel_tol=1e-6)
