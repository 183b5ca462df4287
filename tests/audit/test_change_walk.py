"""Analysis of change: each class moves its own column, sums are exact, the order moves parts and not the total."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pandas as pd
import pytest

from actuarial.audit.change_classes import PARTS, Part
from actuarial.audit.change_inputs import Inputs, check_loads
from actuarial.audit.change_walk import Printed, analyse
from actuarial.basis.errors import InputError
from actuarial.reporting.change_record import DATE, EFFECTS, AnalysisOfChange, attach_change, read_change
from tests.audit import walks
from tests.audit.walks import Edit, Fake, version

BOTH = (walks.PEOPLE, walks.RESERVE, walks.SCENARIO, walks.WAGES, walks.TAKE_UP, walks.INSTRUMENT, walks.QUALIFYING)


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Inputs:
    return version(tmp_path_factory.mktemp("old"))


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> Inputs:
    return version(tmp_path_factory.mktemp("new"), *BOTH)


def trust(_inputs: Inputs) -> None:
    """In place of reading a whole basis."""


def walk(old: Inputs, new: Inputs, compute: Fake, order: tuple[Part, ...] = PARTS, *, before: float = 1.0, after: float = 1.0) -> AnalysisOfChange:
    """Analysis of runs printed by code whose results are ``before`` and ``after`` times those of the present code."""
    one = Printed(old, Fake(before)(old), before == 1.0)
    two = Printed(new, Fake(after)(new), after == 1.0)
    return analyse(one, two, compute, same_code=before == after, order=order, loads=trust)


def sums(analysis: AnalysisOfChange) -> pd.DataFrame:
    """Lines that add up, with what is left of them."""
    table = analysis.effects[analysis.effects["kind"] != DATE].copy()
    table["left"] = table["present"] - table["previous"] - table[list(EFFECTS)].sum(axis=1)
    return table


def test_a_run_against_itself_is_nothing_and_computes_nothing(old: Inputs) -> None:
    compute = Fake()
    analysis = walk(old, old, compute)
    assert compute.asked == []
    assert (sums(analysis)[list(EFFECTS)] == 0.0).all(axis=None)
    assert analysis.changes.empty and analysis.how.computed == () and analysis.explained()


@pytest.mark.parametrize(
    ("edit", "part"),
    [
        (walks.SCENARIO, "assumptions"),
        (walks.WAGES, "assumptions"),
        (walks.TAKE_UP, "assumptions"),
        (walks.INSTRUMENT, "law"),
        (walks.QUALIFYING, "law"),
        (walks.PEOPLE, "data"),
        (walks.RESERVE, "data"),
    ],
)
def test_one_change_moves_one_column(old: Inputs, tmp_path: Path, edit: Edit, part: str) -> None:
    compute = Fake()
    analysis = walk(old, version(tmp_path, edit), compute)
    table = sums(analysis)
    line = table[table["case"] == "with"].iloc[0]
    assert compute.asked == [], "the only step is the later run itself"
    assert analysis.how.computed == (part,) and abs(line[part]) > 1e-6
    assert all(line[name] == 0.0 for name in EFFECTS if name not in (part, "residual")) and abs(line["residual"]) < 1e-15
    assert list(analysis.changes["class"]) == [part] and list(analysis.changes["entries"]) == [1]


def test_words_move_nothing_and_are_counted(old: Inputs, tmp_path: Path) -> None:
    compute = Fake()
    analysis = walk(old, version(tmp_path, walks.WORDS), compute)
    assert compute.asked == [] and analysis.how.computed == ()
    assert analysis.changes[["file", "class", "entries"]].to_numpy().tolist() == [[walks.PARAMS, "none", 1]]


def test_all_orders_sum_to_the_same_and_differ_in_parts(old: Inputs, new: Inputs) -> None:
    parts = set()
    for order in permutations(PARTS):
        compute = Fake()
        table = sums(walk(old, new, compute, order))
        line = table[table["case"] == "with"].iloc[0]
        assert len(compute.asked) == 2 and len(set(compute.asked)) == 2
        assert table["left"].abs().max() <= 1e-12 and table["residual"].abs().max() <= 1e-12
        parts.add(tuple(round(line[name], 9) for name in PARTS))
    assert len(parts) > 3


def test_the_list_says_what_changed_where_and_as_what(old: Inputs, new: Inputs) -> None:
    changes = walk(old, new, Fake()).changes.set_index("place")
    assert changes.loc["RWA, male, 30, 2026", ["new", "class", "step"]].tolist() == ["99999.5", "data", "data"]
    assert changes.loc["migration.outflow_multiplier", ["old", "new", "class"]].tolist() == ["1.0", "1.5", "assumptions"]
    assert changes.loc["old_age.qualifying_months.value", ["file", "class"]].tolist() == [walks.PARAMS, "law"]
    assert changes.loc["calibration.reserve.value", "class"] == "data"
    assert all(changes["source"].str.len() > 5)


def test_other_code_is_the_method_and_its_rest_the_residual(old: Inputs, new: Inputs) -> None:
    compute = Fake()
    method = walk(old, new, compute, before=0.9)
    line = sums(method).iloc[0]
    assert len(compute.asked) == 3 and method.how.method_changed
    assert line["method"] == pytest.approx(line["previous"] / 0.9 - line["previous"]) and method.explained()
    rest = walk(old, new, Fake(), before=0.9, after=1.1)
    assert not rest.explained() and not rest.how.present_code
    assert sums(rest)["left"].abs().max() <= 1e-12
    compute = Fake()
    alone = walk(old, old, compute, before=0.9)
    assert compute.asked == [] and alone.explained() and (sums(alone)["method"] != 0.0).all()
    same = walk(old, new, Fake(), before=1.1, after=1.1)
    assert (sums(same)["method"] == 0.0).all() and not same.how.method_changed


def test_dates_are_shown_where_they_move(old: Inputs, new: Inputs) -> None:
    table = walk(old, new, Fake()).effects
    date = table[table["kind"] == DATE].iloc[0]
    assert date["data"] == date["assumptions"] == date["method"] == date["previous"]
    assert date["law"] == date["present"] != date["previous"]


def test_mixed_files_are_what_a_study_can_read(tmp_path: Path) -> None:
    """Base year of one run and law of the other stand in one file of a scheme: the engine's own reader takes such a state."""
    old, new = version(tmp_path / "old", whole=True), version(tmp_path / "new", *BOTH, whole=True)
    two = Printed(new, Fake()(new), True)
    read: list[float] = []

    def loads(inputs: Inputs) -> None:
        check_loads(inputs)
        read.append(inputs.instrument.administration.share_of_coordinated_benefits)

    analysis = analyse(Printed(old, Fake()(old), True), two, Fake(), same_code=True, loads=loads)
    assert read == [0.03, 0.05] and analysis.how.notes == ()


def test_what_cannot_be_read_half_is_replaced_whole_and_said(old: Inputs, new: Inputs) -> None:
    def together(inputs: Inputs) -> None:
        from actuarial.basis.yaml_file import read_yaml

        scheme = read_yaml(inputs.path(walks.PARAMS)).data
        if (scheme["calibration"]["reserve"]["value"] == 2e12) != (scheme["old_age"]["qualifying_months"]["value"] == 120):
            raise InputError("these two belong together")

    printed = Printed(old, Fake()(old), True), Printed(new, Fake()(new), True)
    analysis = analyse(*printed, Fake(), same_code=True, loads=together)
    assert analysis.how.notes == (f"{walks.PARAMS}: replaced whole with the law, because a study cannot be read with only the data replaced",)
    rows = analysis.changes.set_index("place")
    assert rows.loc["calibration.reserve.value", ["class", "step"]].tolist() == ["data", "law"]
    assert analysis.explained()

    def all_together(inputs: Inputs) -> None:
        together(inputs)
        raise InputError("nothing in between")

    analysis = analyse(*printed, Fake(), same_code=True, loads=all_together)
    assert analysis.how.computed == ("law",) and analysis.explained()


def test_an_analysis_is_kept_and_read_as_it_was(old: Inputs, new: Inputs, tmp_path: Path) -> None:
    analysis = walk(old, new, Fake())
    attach_change(analysis, tmp_path)
    read = read_change(tmp_path)
    assert read is not None and read.how == analysis.how
    pd.testing.assert_frame_equal(read.effects, analysis.effects, check_exact=True)
    pd.testing.assert_frame_equal(read.changes, analysis.changes, check_dtype=False)
    assert read_change(tmp_path / "elsewhere") is None


def test_an_order_names_each_class_once(old: Inputs) -> None:
    with pytest.raises(InputError, match="--order"):
        walk(old, old, Fake(), ("data", "law", "law"))
