"""Parts of a corridor's people at the awards per head of the whole: they add up to it, and results are linear in people."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from actuarial.basis.dimensions import Array
from actuarial.basis.instrument import Instrument
from actuarial.basis.scheme_law import SchemeLaw
from actuarial.feasibility.awards import CoordinatedAwards, OwnAwards, coordinated_rates, own_rates
from actuarial.feasibility.corridor import FLOW_NAMES, SideCost
from actuarial.feasibility.engine import CorridorResult, PreparedRegion, corridor_inputs, evaluate_corridor, evaluate_corridor_parts
from actuarial.feasibility.flow_parts import PARTS, corridor_parts, weighted_parts
from actuarial.provisions.coordination import AwardRules
from tests.feasibility.conftest import CORRIDORS

WEIGHTS = np.linspace(1.9, 0.25, PARTS)
WOMEN = 1
Values = dict[str, Array]
LAW = SchemeLaw(
    "national", 2030, "defined_benefit", pension_age=(60, 60), qualifying_months=180, accrual_per_month=0.02 / 12, maximum_share=0.8,
    lump_sum_months_per_year=1.0, commutation_share=0.25, commutation_factor=10.0,
)  # fmt: skip


def values(result: CorridorResult) -> Values:
    """Every array of a result by name."""
    found = {"covered": result.covered, "people": result.people}
    for i, cost in enumerate(result.sides):
        plain = ("exposure", "earnings", "contributions", "posted_earnings", "posted_contributions")
        found |= {f"{i} {name}": getattr(cost, name) for name in plain}
        for case, flows in cases(cost):
            found |= {f"{i} {case} {name}": flows[name] for name in FLOW_NAMES} | {f"{i} {case} balances": cost.balances[case]}
    return found


def cases(cost: SideCost) -> tuple[tuple[str, Values], ...]:
    return ("without", cost.without), ("with", cost.with_instrument)


def weighted(parts: list[Values], weights: Array) -> Values:
    return {name: np.asarray(sum(w * part[name] for w, part in zip(weights, parts, strict=True))) for name in parts[0]}


def close(found: Values, wanted: Values, tolerance: float) -> None:
    """Relative to the largest figure under the name: net amounts cancel to nothing in single years."""
    for name, value in wanted.items():
        np.testing.assert_allclose(found[name], value, rtol=tolerance, atol=tolerance * np.abs(value).max(), err_msg=name)


@pytest.mark.parametrize("name", ["BDI-TZA", "RWA-UGA"])
def test_parts_add_up_to_the_whole_and_are_linear_in_people(prepared: PreparedRegion, instrument: Instrument, name: str) -> None:
    k = CORRIDORS.index(name)
    inputs = corridor_inputs(prepared, k, WOMEN)
    parts = corridor_parts(prepared.demography, k, WOMEN, inputs)
    mixed = weighted_parts(prepared.demography, k, WOMEN, inputs, WEIGHTS)
    *alone, one = map(values, evaluate_corridor_parts(prepared, instrument, k, WOMEN, [*parts, mixed]))
    (whole,) = evaluate_corridor(prepared, [instrument], k, WOMEN)
    close(weighted(alone, np.ones(PARTS)), values(whole), 1e-12)
    close(one, weighted(alone, WEIGHTS), 1e-9)
    assert not np.allclose(alone[1]["0 with insured_at_award"], 0.0), "those who move later are awarded pensions of their own"


@pytest.mark.parametrize("minimum", [0.0, 900.0])
def test_a_cell_in_parts_is_owed_what_the_whole_cell_is(minimum: float) -> None:
    rng = np.random.default_rng(1)
    shape = (3, 2, 50, 20)
    people = rng.uniform(0.0, 2.0, shape) * (rng.uniform(size=shape) < 0.7)
    amount = people * rng.uniform(500.0, 5000.0, shape)
    part, pay = people * rng.uniform(size=shape), amount * rng.uniform(size=shape)
    laws, rules = [replace(LAW, minimum_pension=minimum)] * 3, AwardRules(totalise=True, min_own_months=12, method="higher_of")
    for rates in (own_rates(laws, people, amount, 0.6), coordinated_rates(laws, people, amount, 0.6, rules, True)):
        whole, one, other = rates.sums(people), rates.sums_of_part(part, pay), rates.sums_of_part(people - part, amount - pay)
        for field in type(whole).__dataclass_fields__:
            np.testing.assert_allclose(getattr(one, field) + getattr(other, field), getattr(whole, field), rtol=1e-12, err_msg=field)
        # Whoever earns twice the cell's mean is owed twice as much, minimum pension or not; whoever is a person counts as one.
        rich = rates.sums_of_part(part, 2.0 * pay)
        assert isinstance(rich, OwnAwards | CoordinatedAwards)
        np.testing.assert_allclose(rich.lump_sum, 2.0 * one.lump_sum, rtol=1e-12)
        np.testing.assert_array_equal(rich.people, one.people)
