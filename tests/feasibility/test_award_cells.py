"""The compiled awards of cells are those of the law, cell by cell."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actuarial.basis.scheme_law import SchemeLaw
from actuarial.feasibility.awards import award_between, coordinated_rates, own_rates
from actuarial.provisions.coordination import NATIONAL_LAW, SCHEME_BY_SCHEME, AwardRules
from actuarial.provisions.earnings import expected_above_floor
from actuarial.provisions.old_age import commute

YEARS = 3
LAWS = st.builds(
    SchemeLaw, scheme_id=st.just("national"), year=st.just(2030), kind=st.just("defined_benefit"), qualifying_months=st.sampled_from([0, 60, 120]),
    first_months=st.sampled_from([0, 120]), first_share=st.sampled_from([0.0, 0.2]), accrual_per_month=st.floats(0.0, 0.003, allow_subnormal=False),
    maximum_share=st.floats(0.2, 0.9), minimum_pension=st.sampled_from([0.0, 300.0]), maximum_pension=st.sampled_from([np.inf, 900.0]),
    flat_amount=st.sampled_from([0.0, 100.0]), flat_full_months=st.sampled_from([0, 120]), commutation_share=st.sampled_from([0.0, 0.25]),
    commutation_factor=st.just(12.0), lump_sum_months_per_year=st.floats(0.0, 2.0), lump_sum_minimum_months=st.sampled_from([0, 12]),
)  # fmt: skip
RULES = st.builds(
    AwardRules, totalise=st.booleans(), min_own_months=st.sampled_from([0, 12, 24]), method=st.sampled_from(SCHEME_BY_SCHEME),
    denominator=st.sampled_from(["total", "max_period"]), short_periods=st.sampled_from(["unpaid", "paid_by_others", "not_counted"]),
    minimum=st.booleans(), top_up=st.booleans(),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(law=LAWS, later=LAWS, rules=RULES, cv=st.sampled_from([0.0, 0.8]), swapped=st.booleans(), counts=st.booleans(), seed=st.integers(0, 99))
def test_cells_are_awarded_what_the_law_says(
    law: SchemeLaw, later: SchemeLaw, rules: AwardRules, cv: float, swapped: bool, counts: bool, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    shape = (YEARS, 2, 14, 26) if swapped else (YEARS, 2, 26, 14)
    people = rng.uniform(0.0, 9.0, shape) * (rng.uniform(size=shape) < 0.6)
    amount = people * rng.uniform(0.0, 4000.0, shape)
    if swapped:
        people, amount = people.swapaxes(2, 3), amount.swapaxes(2, 3)
    laws, months = [law, later, law], (np.array([6.0, 6.0, 5.0]), np.full(YEARS, 6.0))
    own = own_rates(laws, people, amount, cv, months).sums(people)
    added = coordinated_rates(laws, people, amount, cv, rules, counts, months).sums(people)
    for t in range(YEARS):
        for place in (0, 1):
            n = people[t, place].copy()
            n[0] = 0.0
            cells = np.nonzero(n)
            heads, reference = n[cells], amount[t, place][cells] / n[cells]
            here, there = cells[0] * months[0][t], cells[1] * months[1][t]
            one = award_between(laws[t], here, there, reference, months[0][t], cv=cv, rules=NATIONAL_LAW)
            cash, pension = commute(laws[t], heads @ one.pension)
            figures = (heads.sum(), heads @ one.entitled, pension, cash, heads @ one.lump_sum)
            for name, figure in zip(own.__dataclass_fields__, figures, strict=True):
                assert getattr(own, name)[place, t] == pytest.approx(figure, rel=1e-11, abs=1e-9), name
            two = award_between(laws[t], here, there * counts, reference, months[0][t], cv=cv, rules=rules)
            # A cell may open the right in one of its two half-steps only, so the parts are told apart in each.
            whole = commute(laws[t], heads @ two.pension)
            assert added.vested[place, t] + added.topped[place, t] + own.pension[place, t] == pytest.approx(float(whole[1]), rel=1e-9, abs=1e-7)
            assert added.vested_cash[place, t] + added.topped_cash[place, t] + cash == pytest.approx(float(whole[0]), rel=1e-9, abs=1e-7)
            assert added.people[place, t] == pytest.approx(heads @ two.by_totalisation, rel=1e-11, abs=1e-9)
            assert added.lump_sum[place, t] == pytest.approx(heads @ two.lump_sum, rel=1e-11, abs=1e-9)
            if rules.method in ("separate_first", "direct", "balance"):
                assert added.topped[place, t] == 0.0


def test_cells_of_another_lattice_are_refused() -> None:
    people = np.ones((1, 2, 5, 4))
    rates = own_rates([SchemeLaw("national", 2030, "defined_benefit")], people, people, 0.5)
    with pytest.raises(ValueError, match="awards per head"):
        rates.sums(np.ones((1, 2, 4, 5)))


@pytest.mark.parametrize("cv", [0.05, 0.3, 0.8, 2.0])
def test_earnings_cut_at_a_limit_are_read_to_the_last_digits(cv: float) -> None:
    means = np.concatenate([np.geomspace(1e-9, 1e9, 4001), [1.0]])
    law = SchemeLaw("national", 2030, "defined_benefit", accrual_per_month=1.0 / 6.0, maximum_share=np.inf, minimum_pension=1.0)
    people = np.zeros((means.size, 1, 3, 1))
    people[:, 0, 2, 0] = 1.0
    # Two half-years are one unit of pension per unit of earnings, half a step below and above it are averaged.
    found = own_rates([law] * means.size, people, people * means[:, None, None, None], cv).sums(people).pension[0]
    lifted = [expected_above_floor(share * means, cv, 1.0) for share in (1.5, 2.5)]
    np.testing.assert_allclose(found, 0.5 * (lifted[0] + lifted[1]), rtol=4e-15)
