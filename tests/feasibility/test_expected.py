"""Whole studies of the shipped scenarios: headline results as committed beside them, identities, calibration, and what scenarios must do.

The base scenario is run once a session for all of these tests, the others with ``--every-scenario``. Results that move are
written anew by ``python -m actuarial.feasibility.expected scenarios/*.yaml``, with the reason in CHANGELOG.md.
"""

from __future__ import annotations

import math
from pathlib import Path

import pandas as pd
import pytest

from actuarial.basis.scenario import load_scenario
from actuarial.feasibility.expected import COLUMNS, expected_file, headline_results, moved, read_expected, write_expected
from actuarial.feasibility.result import StudyResult
from tests.feasibility.conftest import SCENARIOS, Full
from tests.feasibility.test_region_identities import parts_add_up

OTHERS = tuple(sorted(path.stem for path in SCENARIOS.glob("*.yaml") if path.stem != "base"))


def expected(name: str) -> pd.DataFrame:
    return read_expected(expected_file(SCENARIOS / f"{name}.yaml"))


def value(name: str, country: str, result: str, column: str) -> float:
    return float(expected(name).set_index(["country", "result"]).loc[(country, result), column])


def agrees(study: StudyResult, name: str) -> None:
    gaps = moved(expected(name), headline_results(study))
    assert not gaps, "\n".join(["headline results moved; if rightly so, write them anew and the reason into CHANGELOG.md", *gaps])


def test_every_shipped_scenario_has_its_expected_results(full: Full) -> None:
    assert OTHERS == (
        "burundi-does-not-pay", "crisis-return", "feminisation", "high-mobility", "low-mobility", "migrant-formalisation", "refugees-work",
        "south-sudan-collects",
    )  # fmt: skip
    for name in ("base", *OTHERS):
        frame = expected(name)
        assert list(frame.columns) == COLUMNS
        assert not frame.duplicated(["country", "result"]).any()


def test_base_gives_its_expected_results(full: Full) -> None:
    agrees(full("base"), "base")


@pytest.mark.slow
@pytest.mark.parametrize("name", OTHERS)
def test_the_other_scenarios_give_their_expected_results(full: Full, name: str, request: pytest.FixtureRequest) -> None:
    if not request.config.getoption("--every-scenario"):
        pytest.skip("a minute each: run with --every-scenario")
    study = full(name)
    agrees(study, name)
    assert study.checks["passed"].all()


def test_parts_of_every_table_of_the_base_study_add_up(full: Full) -> None:
    parts_add_up(full("base"))
    assert full("base").checks["passed"].all()


def test_the_base_year_is_within_5_per_cent_of_every_published_figure(full: Full) -> None:
    """Except the payroll of pensions where published benefits leave less than the assumed payroll: then it may only be lower."""
    for country, scheme in full("base").schemes.items():
        table = scheme.calibration.set_index("item")
        assert table.empty == (scheme.kind not in ("defined_benefit", "account"))
        for item, ratio in table["ratio"].dropna().items():
            if item == "pension_payroll" and table.loc["pension_payroll", "confidence"] not in ("verified", "partial"):
                assert 0.0 < ratio <= 1.05, f"{country} {item}: {ratio:.3f}"
            else:
                assert abs(ratio - 1.0) <= 0.05, f"{country} {item}: {ratio:.3f}"


def test_calibration_does_not_depend_on_the_scenario(full: Full) -> None:
    """Levers act from the first projection year on: movers of 2026 are those of the base scenario.

    Where another scheme collects, corridors between two states without one come into the tables, and movers with them.
    """
    for name in OTHERS:
        if load_scenario(name, SCENARIOS).schemes:
            continue
        for country in full("base").schemes:
            for result in ("movers_abroad_2026", "movers_hosted_2026"):
                assert value(name, country, result, "with") == value("base", country, result, "with")


def test_mobility_moves_the_effect_of_the_instrument_the_way_it_must() -> None:
    """More movers, a larger effect of the same sign in every scheme; fewer movers, a smaller one. A crisis brings people home."""
    schemes = expected("base").query("result == 'pv_net_cost_share_of_earnings'").dropna()["country"]
    assert len(schemes) >= 6
    for country in schemes:
        low, base, high = (value(s, country, "pv_net_cost_share_of_earnings", "difference") for s in ("low-mobility", "base", "high-mobility"))
        assert abs(low) < abs(base) < abs(high)
        assert math.copysign(1.0, low) == math.copysign(1.0, base) == math.copysign(1.0, high)
        people = [value(s, country, "pensioners_2050", "difference") for s in ("low-mobility", "base", "high-mobility")]
        assert people == sorted(people) and people[0] >= 0.0


# The comparison itself.


def test_written_results_are_read_back(tmp_path: Path, study: StudyResult) -> None:
    path = expected_file(tmp_path / "some.yaml")
    assert path.name == "some.expected.csv"
    results = headline_results(study)
    write_expected(results, path)
    assert moved(read_expected(path), results) == []


def test_a_result_that_moved_or_is_gone_is_named() -> None:
    one = pd.DataFrame([["AAA", "payg_2050", "share", 0.1, 0.101, 0.001], ["AAA", "exhaustion_year", "year", math.nan, math.nan, math.nan]],
                       columns=COLUMNS)  # fmt: skip
    assert moved(one, one) == []
    other = one.copy()
    other.loc[0, "with"] = 0.1010005
    other.loc[1, "with"] = 2080.0
    assert moved(one, other) == ["AAA payg_2050 with: expected 0.101, found 0.1010005", "AAA exhaustion_year with: expected nan, found 2080"]
    near = one.copy()
    near.loc[0, "with"] *= 1.0 + 5e-7
    assert moved(one, near) == []
    assert moved(one, one.iloc[:1]) == ["AAA exhaustion_year: only in the expected results"]
    assert moved(one.iloc[:1], one) == ["AAA exhaustion_year: not in the expected results"]
