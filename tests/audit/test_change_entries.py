"""Taking inputs apart and putting them together again: all entries replaced is the other version, none is the same, some are neither's loss."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from actuarial.audit.change_entries import ABSENT, csv_applied, csv_changes, csv_table, yaml_applied, yaml_changes, yaml_text
from actuarial.basis.yaml_file import read_yaml

TEXTS = st.sampled_from(["NO", "1e-3", "012", "2025-01-01", "~", "", "true", "a: b", "# c", "'", '"', "über", "1/3"])
SCALARS = TEXTS | st.integers(-5, 5) | st.booleans() | st.none() | st.floats(-1e6, 1e6) | st.dates(date(1950, 1, 1), date(2100, 1, 1))
KEYS = st.sampled_from(["value", "confidence", "reason", "first", "second", "NO"])
ITEMS = st.lists(st.fixed_dictionaries({"from": st.integers(1, 4), "value": SCALARS}), max_size=3).map(tuple)
DOCUMENTS = st.recursive(SCALARS | ITEMS, lambda inner: st.dictionaries(KEYS, inner, max_size=4), max_leaves=12)
ROOTS = st.dictionaries(KEYS, DOCUMENTS, max_size=4)


def frozen(value: object) -> object:
    if isinstance(value, dict):
        return {key: frozen(item) for key, item in value.items()}
    return tuple(frozen(item) for item in value) if isinstance(value, list | tuple) else value


@settings(max_examples=150, deadline=None)
@given(old=ROOTS, new=ROOTS, some=st.data())
def test_documents(old: dict[str, object], new: dict[str, object], some: st.DataObject) -> None:
    changes = yaml_changes("scenario", old, new)
    assert frozen(yaml_applied(old, changes)) == new
    assert frozen(yaml_applied(old, [])) == old
    chosen = [change for change in changes if some.draw(st.booleans())]
    mixed = frozen(yaml_applied(old, chosen))
    assert isinstance(mixed, dict)
    left = yaml_changes("scenario", mixed, new)
    assert {change.keys for change in left} == {change.keys for change in changes if change not in chosen}


def test_documents_read_back_as_they_were(tmp_path: Path) -> None:
    @settings(max_examples=60, deadline=None)
    @given(document=ROOTS)
    def check(document: dict[str, object]) -> None:
        (tmp_path / "a.yaml").write_text(yaml_text(document), encoding="utf-8")
        assert read_yaml(tmp_path / "a.yaml").data == document

    check()


FILE = "data/labour/employees.csv"
ROWS = st.dictionaries(st.tuples(st.sampled_from(["ABC", "XYZ"]), st.sampled_from(["male", "female"])), st.sampled_from(["0.1", "0.10", "0.2"]))


def table(rows: dict[tuple[str, str], str]) -> str:
    return "".join(["country,sex,year,employee_share\n", *(f"{c},{s},2023,{share}\n" for (c, s), share in rows.items())])


@settings(max_examples=100, deadline=None)
@given(old=ROWS, new=ROWS, some=st.data())
def test_tables(old: dict[tuple[str, str], str], new: dict[tuple[str, str], str], some: st.DataObject) -> None:
    one, two = csv_table(FILE, table(old)), csv_table(FILE, table(new))
    assert one is not None and two is not None
    changes = csv_changes(FILE, one, two)
    whole = csv_table(FILE, csv_applied(one, two, changes))
    assert whole is not None and csv_changes(FILE, whole, two) == []
    chosen = [change for change in changes if some.draw(st.booleans())]
    mixed = csv_table(FILE, csv_applied(one, two, chosen))
    assert mixed is not None and len(csv_changes(FILE, mixed, two)) == len(changes) - len(chosen)
    assert sum(change.old is ABSENT for change in changes) == len(set(new) - set(old))


def test_a_table_whose_rows_have_no_name_is_not_taken_apart() -> None:
    twice = table({("ABC", "male"): "0.1"})
    assert csv_table(FILE, twice + "ABC,male,2024,0.2\n") is None
    assert csv_table(FILE, "country,sex\nABC,male,2023\n") is None
    assert csv_table("data/elsewhere.csv", twice) is None


def test_dated_values_of_which_one_is_new_are_one_entry() -> None:
    before = {"values": ({"from": 2020, "value": 1}, {"from": 2024, "value": 2})}
    after = {"values": (*before["values"], {"from": 2027, "value": 3})}
    (change,) = yaml_changes("scenario", before, after)
    assert change.keys == ("values",)
    (inner,) = yaml_changes("scenario", before, {"values": (before["values"][0], {"from": 2024, "value": 5})})
    assert inner.keys == ("values", 1, "value") and (inner.old, inner.new) == (2, 5)
