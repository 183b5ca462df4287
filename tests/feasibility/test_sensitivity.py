"""One assumption at a time: what is run, on what, and how it is compared with the base; results of runs are written by hand."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pandas as pd
import pytest

from actuarial.basis.errors import InputError
from actuarial.basis.instrument import Instrument
from actuarial.basis.scenario import Scenario
from actuarial.basis.sensitivities import COMBINED
from actuarial.cli import main
from actuarial.feasibility import sensitivity as module
from actuarial.feasibility.inputs import StudyBasis
from actuarial.feasibility.levers import PRICED, Study
from actuarial.feasibility.sensitivity import Chunk, Sources, chosen, chunks_of, directions_of, outcomes_of, run_sensitivities
from tests.feasibility.sensitivity_values import AT, DATA, after, base, hand_made, listed


@pytest.fixture
def sources(scenario: Scenario, instrument: Instrument) -> Sources:
    return Sources(DATA, scenario, instrument)


@pytest.fixture
def ran(basis: StudyBasis, monkeypatch: pytest.MonkeyPatch) -> list[Chunk]:
    """Chunks carried out, whose results are written by hand."""
    done: list[Chunk] = []

    def by_hand(given: Sources, chunk: Chunk) -> dict[str, Any]:
        done.append(chunk)
        of = [after((*chunk.changes, *outcome.changes)) for outcome in chunk.outcomes]
        return {"values": np.stack([np.concatenate([v[:3], np.full((len(basis.countries) - 3, *v.shape[1:]), np.nan), v[3:]]) for v in of])}

    monkeypatch.setattr(module, "run_chunk", by_hand)
    monkeypatch.setattr(Sources, "study", lambda self: Study(basis, self.scenario, self.instrument))
    return done


def row(table: pd.DataFrame, key: str, side: str, country: str, measure: str = "pv_net_cost_usd") -> pd.Series[Any]:
    found = table[(table["key"] == key) & (table["side"] == side) & (table["country"] == country) & (table["measure"] == measure)]
    assert len(found) == 1
    return found.iloc[0]


def test_what_is_priced_on_the_projection_of_the_base_is_projected_once() -> None:
    outcomes = [outcome for r in listed().rows for outcome in outcomes_of(r)]
    first, *others = chunks_of(outcomes)
    assert first.changes == ()
    assert {o.key for o in first.outcomes} == {"", "take-up", "administration", "exchange-rate"}
    assert {lever for o in first.outcomes for lever, _ in o.changes} == set(PRICED)
    assert len(others) == len(outcomes) - len(first.outcomes) + 1
    assert all(len(chunk.outcomes) == 1 and chunk.changes and not chunk.outcomes[0].changes for chunk in others)
    everything = [(o.key, o.side) for chunk in (first, *others) for o in chunk.outcomes]
    assert sorted(everything) == sorted([("", ""), *((o.key, o.side) for o in outcomes)])


def test_chunks_can_be_sent_to_other_processes(sources: Sources) -> None:
    assert pickle.loads(pickle.dumps(sources)) == sources
    chunks = chunks_of(outcomes_of(listed().row("flows")))
    assert pickle.loads(pickle.dumps(chunks)) == chunks


def test_a_row_that_changes_nothing_gives_exactly_nothing(sources: Sources, ran: list[Chunk]) -> None:
    table = run_sensitivities(sources, ["density", "ceiling"]).table
    assert [o.key for chunk in ran for o in chunk.outcomes] == ["", "density", "ceiling"], "a base, less density, a ceiling that follows prices"
    for key in ("density", "ceiling"):
        still = table[(table["key"] == key) & (table["side"] == "high")]
        assert not still["changed"].any()
        for case in ("without", "with", "difference"):
            known = still[f"base_{case}"].notna()
            assert (still.loc[known, f"delta_{case}"] == 0.0).all()
            assert (still.loc[known, case] == still.loc[known, f"base_{case}"]).all()
        assert table[(table["key"] == key) & (table["side"] == "low")]["changed"].all()


def test_differences_are_taken_from_the_base(sources: Sources, ran: list[Chunk]) -> None:
    table = run_sensitivities(sources, ["take-up", "real-return"]).table
    assert len(ran) == 3, "the base with take-up, and two returns"
    full = row(table, "take-up", "high", "BDI")
    assert full["base_difference"] == 7.0e6
    assert full["delta_difference"] == pytest.approx(0.15 * 4.0e6)
    assert full["difference"] == pytest.approx(7.6e6)
    assert full["setting"] == "100%"
    assert row(table, "real-return", "high", "BDI", "gap_75")["delta_without"] == pytest.approx(-0.01)


def test_a_date_that_does_not_occur_is_missing_and_has_not_moved_where_it_never_occurs(sources: Sources, ran: list[Chunk]) -> None:
    table = run_sensitivities(sources, ["real-return"]).table
    sooner, never = (row(table, "real-return", side, "BDI", "exhaustion_year") for side in ("low", "high"))
    assert sooner["delta_with"] == 2052.0 - 2060.0
    assert np.isnan(never["with"])
    assert np.isnan(never["delta_with"])
    assert row(table, "real-return", "low", "COD", "exhaustion_year")["delta_with"] == 0.0
    assert np.isnan(row(table, "real-return", "low", "COD", "gap_75")["delta_with"]), "an account scheme has no premium"
    assert set(table["country"]) == {"BDI", "COD", "region"}, "nothing is said of countries without a scheme"


def test_the_combination_goes_the_way_of_each_members_own_effect(sources: Sources, ran: list[Chunk]) -> None:
    result = run_sensitivities(sources, [COMBINED])
    keys = {o.key for chunk in ran for o in chunk.outcomes}
    assert keys == {"", COMBINED, *listed().combined.members}
    high = next(chunk for chunk in ran if chunk.outcomes[0].key == COMBINED and chunk.outcomes[0].side == "high")
    assert dict(high.changes) == {"real_return": -0.01, "mortality": 1.1, "outflow": 2.0, "stock": 2.0, "take_up": 1.0, "administration": 2.0}
    low = next(chunk for chunk in ran if chunk.outcomes[0].key == COMBINED and chunk.outcomes[0].side == "low")
    assert dict(low.changes) == {"real_return": 0.01, "mortality": 0.9, "outflow": 0.5, "stock": 0.5, "take_up": 0.5, "administration": 0.5}
    ways = result.directions.set_index("member")
    assert list(ways.loc["stock", ["optimistic", "pessimistic"]]) == ["×0.5", "×2"]
    assert list(ways.loc["exits", ["optimistic", "pessimistic"]]) == ["", ""], "no effect of its own, so it stays"
    worst = row(result.table, COMBINED, "high", "region")
    assert worst["setting"] == "pessimistic"
    assert worst["delta_difference"] > row(result.table, "stock", "high", "region")["delta_difference"]


def test_both_settings_on_one_side_leave_the_other_at_the_base() -> None:
    values = {("", ""): base()} | {(o.key, o.side): base() for r in listed().rows for o in outcomes_of(r)}
    for side, effect in (("low", 5.0), ("high", 3.0)):
        values["exits", side][-1, AT["pv_net_cost_usd"], 2] += effect
    ways = directions_of(listed(), values)
    assert ways == {"low": {}, "high": {"exits": "low"}}


def test_rows_are_run_in_the_order_of_the_list() -> None:
    assert chosen(listed(), ["take-up", "flows"]) == ("flows", "take-up")
    assert chosen(listed(), []) == listed().keys
    assert set(chosen(listed(), [COMBINED])) == {COMBINED, *listed().combined.members}
    with pytest.raises(InputError, match="did you mean 'take-up'"):
        chosen(listed(), ["takeup"])


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--only", "flow"], "unknown sensitivity 'flow'; did you mean 'flows'?"),
        (["--only", "flows", "--country", "KNE"], "unknown country 'KNE'; did you mean 'KEN'?"),
        (["--only", "flows", "--out", __file__], "not a folder"),
        (["--only", "flows", "--workers", "0"], "--workers 0: allowed 1"),
    ],
)
def test_what_is_asked_for_wrongly_is_told_before_anything_is_run(options: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sensitivity", *options]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert told in err


def test_every_row_has_its_group_and_unit() -> None:
    table = hand_made().table
    assert table[["title", "group", "setting", "unit"]].notna().all().all()
    assert not table.duplicated(["key", "side", "country", "measure"]).any()
