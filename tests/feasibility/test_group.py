"""A group on a basis written by hand: an example followed with pencil and paper, one person's cells followed by a plain loop, and properties."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actuarial.basis.scheme_law import SchemeLaw
from actuarial.careers.stayers import COVERED, OUT
from actuarial.demography.decrements import dependent_probabilities, independent_probabilities
from actuarial.feasibility.group import Decrements, GroupBasis, Members, Pensioners, project_group
from actuarial.validation.published import published

LAW = SchemeLaw(
    "example", 0, "defined_benefit", contribution_rate=0.10, pension_age=(60, 60), qualifying_months=180, first_months=180, first_share=0.30,
    accrual_per_month=0.02 / 12.0, maximum_share=1.0, reference_months=12, lump_sum_minimum_months=12, lump_sum_months_per_year=1.0,
    lump_sum_reference_months=12,
)  # fmt: skip
"""2 % of the last year's pay for each year, after 15 years; below, a month's pay for each year."""

CLOSED = GroupBasis(
    LAW, 5, Decrements("independent", death=0.02, withdrawal={57: 0.10, 58: 0.10}), salary=1000.0,
    members=[Members(58, 100.0, service=10.0), Members(57, 200.0, service=20.0)], investment_return=0.05, opening_reserve=50000.0,
)  # fmt: skip


def test_closed_group_followed_by_hand() -> None:
    """100 people aged 58 with 10 years of service, 200 aged 57 with 20; q' = 0.02, w' = 0.10; pay 1000, level."""
    r = project_group(CLOSED)
    # Year 0. Alive at the end 98 and 196, a tenth of them withdrawn.
    assert r.people[1, 59] == pytest.approx([88.2, 9.8])
    assert r.people[1, 58] == pytest.approx([176.4, 19.6])
    assert r.contributors[0] == pytest.approx(0.5 * (300.0 + 88.2 + 176.4))
    # Year 1. Those of 59 retire at mid-year, 99 % alive, with 11.5 years (10.5 if withdrawn): no pension but a month's pay for each year.
    assert r.retired[1] == pytest.approx(0.99 * (88.2 + 9.8))
    assert r.lump_sums[1] == pytest.approx(87.318 * 11.5 * 1000.0 / 12.0 + 9.702 * 10.5 * 1000.0 / 12.0)
    assert r.people[2, 59] == pytest.approx([176.4 * 0.98 * 0.9, 17.2872 + 19.6 * 0.98])
    assert r.contributors[1] == pytest.approx(0.5 * (88.2 + 176.4 + 155.5848))
    # Year 2. Pensions of 45 % (22.5 years), 43 % (withdrawn in year 1 with 21.5) and 41 % (withdrawn in year 0 with 20.5).
    assert r.new_pensions[2] == pytest.approx(154.028952 + 17.114328 + 19.01592)
    assert r.awarded[2] == pytest.approx(154.028952 * 450.0 + 17.114328 * 430.0 + 19.01592 * 410.0)
    assert r.awarded[2] == pytest.approx(84468.71664)
    assert r.pensions == pytest.approx([0.0, 0.0, 84468.71664 / 2, 84468.71664 * 0.98, 84468.71664 * 0.98**2])
    assert r.pensioners[2, 60] == pytest.approx(190.1592 * 0.98 / 0.99)
    assert r.pensions_in_payment[3, 61] == pytest.approx(84468.71664 * 0.98**2 / 0.99)
    assert r.people[3].sum() == pytest.approx(0.0)
    # Money: a tenth of 1000 for each person-year; the fund by the mid-year rule.
    assert r.contributions == pytest.approx([28230.0, 21009.24, 7779.24, 0.0, 0.0])
    spent = [0.0, 83679.75 + 8489.25, 42234.35832, 82779.3423072, 81123.755461056]
    assert r.expenditure == pytest.approx(spent)
    fund = 50000.0
    for year, outgo in enumerate(spent):
        fund = fund * 1.05 + (r.contributions[year] - outgo) * 1.05**0.5
        assert r.reserve.closing[year] == pytest.approx(fund)
    assert r.payg[:3] == pytest.approx([0.0, 92169.0 / 210092.4, 42234.35832 / 77792.4])
    value = sum(outgo / 1.05 ** (year + 0.5) for year, outgo in enumerate(spent))
    base = 282300.0 / 1.05**0.5 + 210092.4 / 1.05**1.5 + 77792.4 / 1.05**2.5
    assert r.general_average_premium() == pytest.approx((value - 50000.0) / base)
    assert r.general_average_premium(1) == pytest.approx(-50000.0 / (282300.0 / 1.05**0.5))


def test_dependent_and_independent_rates_differ_by_the_product() -> None:
    """q = 0.02, w = 0.10. Independent: 98 x 0.9 = 88.2 stay, 1.9 die covered (half the leavers are gone), 9.9 leave. Dependent: 88, 2, 10."""
    alone, together = project_group(CLOSED), project_group(replace(CLOSED, decrements=replace(CLOSED.decrements, kind="dependent")))
    assert alone.people[1, 59, COVERED] == pytest.approx(88.2)
    assert [alone.deaths[0, 58], alone.withdrawals[0, 58]] == pytest.approx([1.9, 9.9])
    assert together.people[1, 59, COVERED] == pytest.approx(88.0)
    assert [together.deaths[0, 58], together.withdrawals[0, 58]] == pytest.approx([2.0, 10.0])
    # In the year of the award there is one cause only, and either tag means the same.
    assert alone.deaths[1, 59] == pytest.approx(0.01 * 88.2)
    assert together.deaths[1, 59] == pytest.approx(0.01 * 88.0)


@given(st.lists(st.floats(0.0, 0.45, allow_subnormal=False), min_size=1, max_size=4))
def test_independent_rates_are_the_inverse_of_dependent_ones(rates: list[float]) -> None:
    single = np.array(rates)
    np.testing.assert_allclose(independent_probabilities(dependent_probabilities(single)), single, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("rates", [[0.6, 0.5], [-0.1, 0.2], [1.2]])
def test_impossible_dependent_rates_are_refused(rates: list[float]) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        independent_probabilities(np.array(rates))


@pytest.mark.parametrize("kind", ["dependent", "independent"])
def test_three_causes(kind: Any) -> None:
    """Case MD-UDD-3: 1000 people, q' = 0.01, i' = 0.02, w' = 0.05 or what follows from them together; 921.69 remain, 9.65, 19.40 and 49.25 leave."""
    case = published("MD-UDD-3")
    rates = {"independent": case.given["rates"], "dependent": case.expected["dependent"]}[kind]
    causes = Decrements(kind, rates[0], invalidity={57: rates[1]}, withdrawal={57: rates[2]})
    r = project_group(replace(CLOSED, decrements=causes, members=[Members(57, 1000.0, service=20.0)], years=1))
    leaving = case.expected["leaving a group of 1000"]
    assert [r.deaths[0, 57], r.invalids[0, 57], r.withdrawals[0, 57]] == pytest.approx(leaving, abs=1e-9)
    assert r.people[1, 58, COVERED] == pytest.approx(921.69, abs=1e-9)
    # Alive at the end in any state: 990; of them invalid 2 %, the rest covered or withdrawn.
    assert r.disabled[1, 58] == pytest.approx(19.8, abs=1e-9)
    assert r.people[1, 58, OUT] == pytest.approx(990.0 * 0.98 * 0.05, abs=1e-9)


def test_taking_independent_rates_for_dependent_ones_loses_people() -> None:
    """MD-UDD-3: 0.01 + 0.02 + 0.05 as dependent rates leave 920 of 1000, not 921.69."""
    causes = Decrements("dependent", 0.01, invalidity={57: 0.02}, withdrawal={57: 0.05})
    r = project_group(replace(CLOSED, decrements=causes, members=[Members(57, 1000.0, service=20.0)], years=1))
    assert r.people[1, 58, COVERED] == pytest.approx(920.0, abs=1e-9)
    assert [r.deaths[0, 57], r.invalids[0, 57], r.withdrawals[0, 57]] == pytest.approx([10.0, 20.0, 50.0], abs=1e-9)


def test_pensions_in_payment_at_the_start_by_hand() -> None:
    """10 people of 70 with 100 each, 5 % increase at 1 January: 10 x 105 x 0.95, then 9 x 110.25 x 0.95; q = 0.1."""
    basis = replace(CLOSED, members=(), years=2, pensioners=[Pensioners(70, 10.0, 100.0)], pensioner_death=0.1, indexation=0.05)
    r = project_group(basis)
    assert r.pensions == pytest.approx([10 * 105.0 * 0.95, 9 * 110.25 * 0.95])
    assert r.pensioners[[0, 1], [71, 72]] == pytest.approx([9.0, 8.1])
    assert r.pensions_in_payment[[0, 1], [71, 72]] == pytest.approx([945.0, 893.025])


def test_account_by_hand() -> None:
    """1000 at 58, 10 % of 100 a year, 8 %: 1080 + 10 x 1.08^0.5 at 59, paid out half a year later with half a year's contribution."""
    law = SchemeLaw("account", 0, "account", contribution_rate=0.10, pension_age=(60, 60))
    members = [Members(58, 1.0, service=5.0, amount=1000.0)]
    r = project_group(GroupBasis(law, 2, Decrements("independent", 0.0), salary=100.0, members=members, investment_return=0.08))
    assert r.payouts == pytest.approx([0.0, (1080.0 + 10.0 * 1.08**0.5) * 1.08**0.5 + 5.0])
    assert r.pensions.tolist() == [0.0, 0.0]


# The same by a loop over single cells, written without the engine's arrays.

AGES = (55, 56, 57, 58, 59)


@st.composite
def groups(draw: st.DrawFn) -> GroupBasis:
    rate, few = st.floats(0.0, 0.3, allow_subnormal=False), st.floats(0.0, 50.0, allow_subnormal=False)
    years = 7
    return GroupBasis(
        law=replace(LAW, qualifying_months=draw(st.sampled_from([6, 60, 180, 240])), reference_months=draw(st.sampled_from([12, 36]))),
        years=years,
        decrements=Decrements(
            draw(st.sampled_from(["dependent", "independent"])), draw(rate), {age: draw(rate) for age in AGES[:-1]},
            {age: draw(st.floats(0.0, 0.1, allow_subnormal=False)) for age in AGES[:-1]},
        ),
        salary={age: draw(st.floats(500.0, 2000.0, allow_subnormal=False)) for age in range(50, 60)},
        members=[
            Members(draw(st.sampled_from(AGES)), draw(few), service=draw(st.integers(0, 60)) / 2, covered=draw(st.booleans())) for _ in range(4)
        ],
        pensioners=[Pensioners(draw(st.integers(60, 99)), draw(few), 300.0)],
        entrants={57: [draw(few) for _ in range(years)], 58: draw(few)},
        re_entry=draw(rate),
        pensioner_death=draw(rate),
        wage_growth=draw(st.floats(-0.02, 0.1, allow_subnormal=False)),
        inflation=draw(st.floats(0.0, 0.1, allow_subnormal=False)),
        investment_return=draw(st.floats(0.0, 0.1, allow_subnormal=False)),
        opening_reserve=draw(st.floats(0.0, 1e6, allow_subnormal=False)),
    )  # fmt: skip


@given(groups())
@settings(max_examples=40)
def test_people_are_those_of_a_plain_loop(basis: GroupBasis) -> None:
    assert isinstance(basis.law, SchemeLaw)
    given = basis.decrements
    cells: dict[tuple[int, bool, int], float] = defaultdict(float)
    for m in basis.members:
        cells[m.age, m.covered, round(2 * m.service)] += m.people
    r = project_group(basis)
    for t in range(basis.years):
        for age in AGES:
            for covered, place in ((True, COVERED), (False, OUT)):
                held = sum(n for (a, c, _), n in cells.items() if (a, c) == (age, covered))
                assert r.people[t, age, place] == pytest.approx(held, abs=1e-9)
        after: dict[tuple[int, bool, int], float] = defaultdict(float)
        new = retired = 0.0
        for (age, covered, halves), n in cells.items():
            q, w, i = given.death, given.withdrawal.get(age, 0.0), given.invalidity.get(age, 0.0)  # type: ignore[union-attr]
            if given.kind == "dependent":
                q, w, i = independent_probabilities(np.array([q, w, i]))
            if age == 59:
                retired += n * (1.0 - 0.5 * q)
                new += n * (1.0 - 0.5 * q) * (6 * (halves + covered) >= basis.law.qualifying_months)
                continue
            n *= (1.0 - q) * (1.0 - i if covered else 1.0)
            stay = 1.0 - w if covered else basis.re_entry
            after[age + 1, True, halves + covered + 1] += n * stay
            after[age + 1, False, halves + covered] += n * (1.0 - stay)
        after[57, True, 1] += basis.entrants[57][t]  # type: ignore[index]
        after[58, True, 1] += basis.entrants[58]  # type: ignore[operator]
        assert [r.retired[t], r.new_pensions[t]] == pytest.approx([retired, new], abs=1e-9)
        cells = after


# Properties asked of every build (methods, property tests), on groups drawn at random.


@given(groups())
@settings(max_examples=40)
def test_people_in_are_people_out_and_stock(basis: GroupBasis) -> None:
    """Covered by age: start - deaths - invalids - withdrawals - retired + entrants = end, without re-entry; the same for all; no negative cell."""
    r = project_group(basis)
    for values in (r.people, r.disabled, r.deaths, r.invalids, r.withdrawals, r.pensioners, r.pensions_in_payment, r.awarded, r.expenditure):
        assert values.min() >= 0.0
    q = float(basis.decrements.death)  # type: ignore[arg-type]
    without = project_group(replace(basis, re_entry=0.0))
    inside = without.people[:, :, COVERED]
    gone = without.deaths + without.invalids + without.withdrawals
    gone[:, 59] += inside[:-1, 59] * (1.0 - 0.5 * q)
    np.testing.assert_allclose(inside[1:, 1:], (inside[:-1] - gone)[:, :-1] + without.entrants[:, 1:], rtol=1e-9, atol=1e-9)
    single = project_group(replace(basis, decrements=replace(basis.decrements, kind="independent")))
    everybody = single.people.sum(axis=2) + single.disabled
    dead = q * everybody[:-1]
    dead[:, 59] *= 0.5
    past_pension_age = single.retired + single.disabled[:-1, 59] * (1.0 - 0.5 * q)
    stock = (everybody[:-1] + single.entrants - dead).sum(axis=1)
    np.testing.assert_allclose(stock, past_pension_age + everybody[1:].sum(axis=1), rtol=1e-9, atol=1e-9)
    assert r.careers.residual.max() < 1e-9


@given(groups())
@settings(max_examples=25)
def test_pensioners_by_age_add_up_to_awards_and_stock_run_off(basis: GroupBasis) -> None:
    r = project_group(basis)
    q = float(basis.pensioner_death)  # type: ignore[arg-type]
    held = sum(p.people for p in basis.pensioners)
    for t in range(basis.years):
        held = held * (1.0 - q) + r.new_pensions[t] * (1.0 - q) / (1.0 - 0.5 * q)
        assert r.pensioners[t].sum() == pytest.approx(held, abs=1e-9)
    np.testing.assert_allclose(r.expenditure, r.pensions + r.lump_sums + r.payouts + r.administration, rtol=1e-14)


@given(groups(), st.floats(0.1, 10.0, allow_subnormal=False))
@settings(max_examples=25)
def test_twice_the_people_are_twice_the_money(basis: GroupBasis, factor: float) -> None:
    more = replace(
        basis, members=[replace(m, people=factor * m.people) for m in basis.members],
        pensioners=[replace(p, people=factor * p.people) for p in basis.pensioners],
        entrants={age: factor * np.asarray(people) for age, people in basis.entrants.items()}, opening_reserve=factor * basis.opening_reserve,
    )  # fmt: skip
    one, several = project_group(basis), project_group(more)
    for name in ("people", "deaths", "new_pensions", "pensioners", "earnings", "contributions", "expenditure"):
        np.testing.assert_allclose(getattr(several, name), factor * getattr(one, name), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(several.reserve.closing, factor * one.reserve.closing, rtol=1e-9, atol=1e-6)
    np.testing.assert_allclose(several.payg, one.payg, rtol=1e-9)


@given(groups())
@settings(max_examples=25)
def test_parts_of_a_group_add_up_to_the_group(basis: GroupBasis) -> None:
    """Members one by one, entrants and pensioners apart: the projection is linear in people."""
    alone: list[dict[str, Any]] = [{"members": [m], "entrants": {}, "pensioners": ()} for m in basis.members]
    alone += [{"members": (), "pensioners": ()}, {"members": (), "entrants": {}}]
    whole = project_group(basis)
    parts = [project_group(replace(basis, opening_reserve=0.0, **part)) for part in alone]
    numbers = ("people", "deaths", "invalids", "withdrawals", "disabled", "retired", "new_pensions", "pensioners")
    for name in (*numbers, "pensions_in_payment", "earnings", "expenditure"):
        np.testing.assert_allclose(sum(getattr(p, name) for p in parts), getattr(whole, name), rtol=1e-9, atol=1e-7)


@given(groups(), st.integers(0, 300), st.integers(0, 300))
@settings(max_examples=25)
def test_a_longer_qualifying_period_never_makes_more_pensioners(basis: GroupBasis, one: int, other: int) -> None:
    assert isinstance(basis.law, SchemeLaw)
    short, long = (project_group(replace(basis, law=replace(basis.law, qualifying_months=m))) for m in sorted((one, other)))
    assert np.all(long.new_pensions <= short.new_pensions + 1e-9)
    assert np.all(long.pensions <= short.pensions + 1e-6)
    np.testing.assert_array_equal(long.people, short.people)


@given(groups())
@settings(max_examples=15)
def test_one_basis_gives_one_result(basis: GroupBasis) -> None:
    one, again = project_group(basis), project_group(basis)
    for name in ("people", "pensioners", "pensions_in_payment", "expenditure", "contributions"):
        np.testing.assert_array_equal(getattr(one, name), getattr(again, name))
    np.testing.assert_array_equal(one.reserve.closing, again.reserve.closing)


@given(groups(), st.integers(1, 5))
@settings(max_examples=25)
def test_a_run_in_two_parts_is_the_run_in_one(basis: GroupBasis, cut: int) -> None:
    """What stands at a 1 January is all that later years need: members with service and reference earnings, pensions, the fund."""
    whole = project_group(basis)
    first = project_group(replace(basis, years=cut, entrants={57: list(basis.entrants[57])[:cut], 58: basis.entrants[58]}))  # type: ignore[arg-type]
    people, amount = first.careers.people[-1], first.careers.amount[-1]
    members = [
        Members(int(row) + 15, float(people[row, c, k]), k / 2, bool(c == COVERED), float(amount[row, c, k] / people[row, c, k]))
        for row, c, k in zip(*np.nonzero(people), strict=True)
    ]
    pensioners = [
        Pensioners(int(age), float(first.pensioners[-1, age]), float(first.pensions_in_payment[-1, age] / first.pensioners[-1, age]))
        for age in np.flatnonzero(first.pensioners[-1])
    ]
    level = (1.0 + float(basis.wage_growth)) ** cut  # type: ignore[arg-type]
    rest = project_group(
        replace(
            basis, years=basis.years - cut, members=members, pensioners=pensioners, opening_reserve=float(first.reserve.closing[-1]),
            salary={age: pay * level for age, pay in basis.salary.items()},  # type: ignore[union-attr]
            entrants={57: list(basis.entrants[57])[cut:], 58: basis.entrants[58]},  # type: ignore[arg-type]
        )
    )  # fmt: skip
    for name in ("new_pensions", "awarded", "pensions", "lump_sums", "earnings", "contributors"):
        np.testing.assert_allclose(getattr(rest, name), getattr(whole, name)[cut:], rtol=1e-9, atol=1e-7)
    np.testing.assert_allclose(rest.reserve.closing, whole.reserve.closing[cut:], rtol=1e-9, atol=1e-6)


@given(groups(), st.floats(0.0, 0.3, allow_subnormal=False), st.booleans())
@settings(max_examples=25)
def test_a_nominal_run_deflated_is_the_real_run_where_rules_are_indexed(basis: GroupBasis, inflation: float, account: bool) -> None:
    """Flat pension, lowest pension, floor, ceiling, interest and increases follow prices: only the unit of money differs.

    Pensions on an average of past pay are not in it: the average itself is in money of past years, by law.
    """
    law = replace(LAW, accrual_per_month=0.0, first_share=0.0, lump_sum_months_per_year=0.0, lump_sum_minimum_months=0, flat_full_months=360)
    law = replace(law, kind="account", qualifying_months=0) if account else law
    prices = (1.0 + inflation) ** np.arange(basis.years)
    start = (1.0 + inflation) ** -0.5  # prices at the first 1 January, those of the middle of the first year being 1

    def at(level: float) -> SchemeLaw:
        return replace(law, flat_amount=600.0 * level, minimum_pension=250.0 * level, floor=700.0 * level, ceiling=1500.0 * level)

    members = [replace(m, amount=1000.0 * float(m.service) * (start if account else 1.0)) for m in basis.members]
    real = replace(basis, law=at(1.0), indexation=0.01, inflation=0.0, members=[replace(m, amount=1000.0 * float(m.service)) for m in basis.members])
    up = {name: (1.0 + float(getattr(real, name))) * (1.0 + inflation) - 1.0 for name in ("wage_growth", "investment_return", "indexation")}
    pensioners = [replace(p, pension=p.pension / (1.0 + inflation)) for p in basis.pensioners]  # before the first increase
    nominal = replace(
        real, law=[at(float(p)) for p in prices], members=members, pensioners=pensioners, opening_reserve=basis.opening_reserve * start,
        wage_growth=up["wage_growth"], investment_return=up["investment_return"], indexation=up["indexation"],
    )  # fmt: skip
    constant, current = project_group(real), project_group(nominal)
    for name in ("contributions", "pensions", "payouts", "expenditure"):
        np.testing.assert_allclose(getattr(current, name) / prices, getattr(constant, name), rtol=1e-9, atol=1e-6)
    np.testing.assert_allclose(current.reserve.closing / (prices / start), constant.reserve.closing, rtol=1e-9, atol=1e-4)
    np.testing.assert_allclose(current.payg, constant.payg, rtol=1e-9)


# What is refused.


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"decrements": Decrements("independent", {57: 0.1, 58: 0.1}, 0.1)}, "death: no figure for age 59 in year 1"),
        ({"decrements": Decrements("independent", 0.1, {57: 0.1})}, "withdrawal: no figure for age 58 in year 0"),
        ({"pensioner_death": {59: 0.1, 60: 0.1}}, "death of pensioners: no figure for age 61 in year 4"),
        ({"salary": {58: 1.0, 59: 1.0}}, "salary: no figure for age 57"),
        ({"re_entry": {57: 0.1}}, "re-entry: no figure for age 58"),
        ({"members": [Members(60, 1.0)]}, "members aged 60"),
        ({"members": [Members(50, 1.0, service=0.25)]}, "service in half-years"),
        ({"entrants": {60: 1.0}}, "entrants of age 60: the age must lie between 16 and 59"),
        ({"entrants": {50: [1.0, 2.0]}}, "entrants of age 50: one number or 5 are needed"),
        ({"salary": np.ones(50)}, "salary: one number, 101 ages"),
        ({"decrements": Decrements("independent", 1.1)}, "a probability above 1"),
        ({"law": [LAW]}, "1 laws were given for 5 years"),
        ({"law": [LAW] * 4 + [replace(LAW, pension_age=(61, 61))]}, "one pension age"),
        ({"law": SchemeLaw("none", 0, "none")}, "a scheme that collects"),
    ],
)
def test_a_basis_with_a_gap_is_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        project_group(replace(CLOSED, **change))


def test_contribution_rate_in_place_of_the_laws() -> None:
    r = project_group(replace(CLOSED, contribution_rate=[0.1, 0.2, 0.3, 0.3, 0.3]))
    np.testing.assert_allclose(r.contributions, np.array([0.1, 0.2, 0.3, 0.3, 0.3]) * r.earnings)
    np.testing.assert_array_equal(r.expenditure, project_group(CLOSED).expenditure)
