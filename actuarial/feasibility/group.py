"""A group of insured on a basis written by hand: textbook examples, closed and open groups, mature schemes, without any file.

The projection's own functions do the work: :func:`run_stayers` moves the insured, :func:`side_rates` keeps their earnings or balances,
:func:`award` decides, :func:`payment_factors` and :func:`run_off` pay, :func:`roll_forward` keeps the fund. Here a short basis only becomes their
input, and their output becomes tables by age.

1. One scheme, one sex; results of several groups add. Year 0 is the first. Ages are completed years at 1 January; the insured are aged 15 up to the
   pension age less one.
2. Events are spread over the year: who turns the pension age in a year is awarded at its middle, on average; entrants of a year enter at its middle
   and are counted at its end; insured time is half a year for the cover at each end of a year.
3. Decrements are tagged. *Independent* probabilities belong to a table with one cause only and are used as they are: alive at the end ``1 - q'``,
   not invalid ``1 - i'``, still covered ``1 - w'``. *Dependent* ones are first turned into independent ones (spread evenly over the year in each
   single table). Death acts on everybody, invalidity and withdrawal on the covered alone. Invalids leave the members for a pool that only dies; who
   withdraws keeps the rights acquired and may come back at the rate of re-entry. Benefits to invalids and survivors are not priced here.
4. Earnings are given for the first year by age and grow with wages (a cross-section). Before the first year they grew at the first year's rate.
5. A rate may be one number, a mapping of ages (to a number or to one a year), or an array [age] or [age, year]. An age that is missing in a mapping
   is an error as soon as somebody reaches it.

| symbol | here |
|---|---|
| A, D, I, W | ``people``, ``deaths``, ``invalids``, ``withdrawals`` of the covered by age |
| S, C, X, V | ``earnings``, ``contributions``, ``expenditure``, ``reserve.closing`` |
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from actuarial.basis.dimensions import AGE_COUNT, OPEN_AGE, WORK_AGE_FIRST, Array
from actuarial.basis.scheme_law import Indices, SchemeLaw
from actuarial.careers.country import exposure
from actuarial.careers.earnings import MONTHS_PER_CREDIT, award_row, insurable_earnings, reference_earnings, side_rates
from actuarial.careers.lattice import SideRates
from actuarial.careers.stayers import COVERED, OUT, StayerInputs, StayerOutput, run_stayers
from actuarial.demography.decrements import dependent_probabilities, independent_probabilities
from actuarial.feasibility.group_basis import Decrements, GroupBasis, Members, Pensioners, by_age, by_year
from actuarial.finance.indicators import general_average_premium, payg_cost_rate
from actuarial.finance.pensions import PaymentFactors, payment_factors, run_off
from actuarial.finance.reserve import Reserve, roll_forward
from actuarial.provisions.account import crediting_rate
from actuarial.provisions.coordination import NATIONAL_LAW, award
from actuarial.provisions.indexation import increase_rate
from actuarial.provisions.old_age import commute

__all__ = ["Decrements", "GroupBasis", "GroupResult", "Members", "Pensioners", "project_group"]
NOBODY = 1e-9
"""People at an age without a rate below this are rounding."""


@dataclass(frozen=True)
class GroupResult:
    """The group year by year; ages 0..100 on every age axis.

    people               [year + 1, age, 2] covered and former members at 1 January
    deaths, invalids, withdrawals  [year, age] of covered members while covered (dependent numbers)
    disabled             [year + 1, age] the pool of the invalid at 1 January
    entrants             [year, age at the end of the year]
    contributors         [year] person-years insured
    retired              [year] people who reach pension age;  new_pensions, awarded  pensions of them and their yearly amount, after commutation
    pensioners, pensions_in_payment  [year, age] people and yearly amounts at 31 December
    earnings, contributions, pensions, lump_sums, payouts, administration, expenditure  [year] money of the year
    payment              what one year's awards pay later;  careers  the insured by service
    """

    people: Array
    deaths: Array
    invalids: Array
    withdrawals: Array
    disabled: Array
    entrants: Array
    contributors: Array
    retired: Array
    new_pensions: Array
    awarded: Array
    pensioners: Array
    pensions_in_payment: Array
    earnings: Array
    contributions: Array
    pensions: Array
    lump_sums: Array
    payouts: Array
    administration: Array
    expenditure: Array
    investment_return: Array
    reserve: Reserve
    payment: PaymentFactors
    careers: StayerOutput

    @property
    def payg(self) -> Array:
        """X_t / S_t [year]."""
        return payg_cost_rate(self.expenditure, self.earnings)

    def general_average_premium(self, years: int | None = None) -> float:
        """GAP over the first ``years`` (all of them), given the opening reserve."""
        part = slice(years)
        return general_average_premium(
            self.expenditure[part], self.earnings[part], float(self.reserve.opening[0]), self.investment_return[part]
        )


def project_group(basis: GroupBasis) -> GroupResult:
    """Run the group through the functions of the projection.

    Raises ``ValueError`` for a missing or impossible rate (naming the age), for members outside the insurable ages and for series of a wrong length.

    Example: two members a year from a pension of 50 % after one year; one in five dies in the year, evenly spread over it, so that 1.8 are awarded.

    >>> law = SchemeLaw("example", 0, "defined_benefit", contribution_rate=0.1, pension_age=(60, 60), first_months=1, first_share=0.5,
    ...                 maximum_share=1.0, reference_months=12)
    >>> result = project_group(GroupBasis(law, 2, Decrements("independent", death=0.2), salary=100.0, members=[Members(59, 2.0, service=1.0)]))
    >>> result.new_pensions.tolist(), result.contributions.tolist(), result.pensions.round(9).tolist()
    ([1.8, 0.0], [10.0, 0.0], [45.0, 72.0])
    """
    years, sex = basis.years, basis.sex
    laws = _laws(basis)
    last = award_row(laws[0], sex)
    rows = last + 1
    if not laws[0].collecting or not 0 < last < AGE_COUNT - WORK_AGE_FIRST or any(award_row(law, sex) != last for law in laws):
        raise ValueError(f"{laws[0].scheme_id}: a group needs a scheme that collects, with one pension age in all years")
    j, growth, inflation = (by_year(v, years, n) for v, n in (
        (basis.investment_return, "investment return"), (basis.wage_growth, "wage growth"), (basis.inflation, "inflation")
    ))  # fmt: skip
    death, invalidity, withdrawal, missing = _independent(basis, last)
    re_entry, no_re_entry = by_age(basis.re_entry, years, "re-entry")
    retired_death, no_retired_death = (death, missing["death"]) if basis.pensioner_death is None else by_age(
        basis.pensioner_death, years, "death of pensioners"
    )  # fmt: skip
    work = slice(WORK_AGE_FIRST, WORK_AGE_FIRST + rows)
    pay, no_pay = by_age(basis.salary, years, "salary")
    insurable = insurable_earnings(laws, (pay[work] * (np.cumprod(1.0 + growth) / (1.0 + growth[0]))).T, basis.earnings_cv)
    size = _service_size(basis, rows)
    side, reference = _side(basis, laws, insurable, growth, inflation, j, rows, size)

    entrants = _entrants(basis, rows)
    opening = _opening(basis, laws[0].kind, reference, size)
    survival = 1.0 - death[work].T
    total = np.zeros((years + 1, rows))
    total[0] = opening[0].sum(axis=(1, 2))
    for t in range(years):
        total[t + 1, 1:] = (total[t] * survival[t] + entrants[t])[:-1]
    careers = run_stayers(
        StayerInputs(
            total=total, survival=survival, first_movers=np.zeros((years, rows)), cover_target=np.zeros((years + 1, rows)),
            exit_rate=withdrawal[work].T, side=side, service_size=size, amount_factor=np.ones(years), opening=opening,
            entry_rate=re_entry[work].T, entrants=entrants, invalidity=(invalidity * (1.0 - 0.5 * death))[work].T,
        )
    )  # fmt: skip
    covered, former = careers.people[:, :, COVERED].sum(axis=2), careers.people[:, :, OUT].sum(axis=2)
    _check(missing["death"], covered + former + careers.disabled, "death")
    for cause in ("invalidity", "withdrawal"):
        _check(missing[cause], covered[:, :-1], cause)
    _check(no_re_entry, former[:, :-1], "re-entry")
    insured_time = exposure(covered)
    _check(no_pay, insured_time, "salary")

    new, awarded, lump_sums = _awards(basis, laws, careers, size)
    indexation = np.array([float(increase_rate(law, p, g)) for law, p, g in zip(laws, inflation, growth, strict=True)])
    if basis.indexation is not None:
        indexation = by_year(basis.indexation, years, "indexation")
    factors = payment_factors(1.0 - retired_death, indexation, laws[0].pension_age[sex] - 1)
    people, amounts, paid = _in_payment(basis, new, awarded, factors, 1.0 - retired_death, indexation, laws[0].pension_age[sex])
    retired = np.concatenate([np.zeros((1, AGE_COUNT)), people[:-1]])
    retired[:, laws[0].pension_age[sex] - 1] += new
    for p in basis.pensioners:
        retired[0, p.age] += p.people
    _check(no_retired_death, retired, "death of pensioners", first_age=0)

    earnings = (insured_time * insurable).sum(axis=1)
    contributions = np.array([law.contribution_rate for law in laws]) * earnings
    payouts = np.zeros(years)
    if laws[0].kind == "account":
        payouts = careers.award_amount.sum(axis=1) + careers.death_amount
    administration = np.array([law.administration_share_of_contributions for law in laws]) * contributions
    expenditure = paid + lump_sums + payouts + administration
    # In the row of the award people leave cover at mid-year with a pension: half the year's deaths come before, and there is no other cause.
    share = dependent_probabilities(np.stack([death[work].T, invalidity[work].T, withdrawal[work].T], axis=-1))
    share[:, last] = np.stack([0.5 * death[work].T[:, last], np.zeros(years), np.zeros(years)], axis=-1)
    deaths, invalids, withdrawals = (_ages(covered[:-1] * share[:, :, cause]) for cause in range(3))
    return GroupResult(
        people=_ages(np.stack([covered, former], axis=-1)), deaths=deaths, invalids=invalids, withdrawals=withdrawals,
        disabled=_ages(careers.disabled), entrants=_ages(entrants, shift=1),
        contributors=insured_time.sum(axis=1), retired=careers.award_people.sum(axis=1), new_pensions=new, awarded=awarded, pensioners=people,
        pensions_in_payment=amounts, earnings=earnings, contributions=contributions, pensions=paid, lump_sums=lump_sums, payouts=payouts,
        administration=administration, expenditure=expenditure, investment_return=j,
        reserve=roll_forward(basis.opening_reserve, contributions, expenditure, j), payment=factors, careers=careers,
    )  # fmt: skip


def _laws(basis: GroupBasis) -> tuple[SchemeLaw, ...]:
    laws = (basis.law,) * basis.years if isinstance(basis.law, SchemeLaw) else tuple(basis.law)
    if len(laws) != basis.years:
        raise ValueError(f"{len(laws)} laws were given for {basis.years} years")
    if basis.contribution_rate is None:
        return laws
    rates = by_year(basis.contribution_rate, basis.years, "contribution rate")
    return tuple(replace(law, contribution_rate=float(rate)) for law, rate in zip(laws, rates, strict=True))


def _check(missing: Array, people: Array, what: str, first_age: int = WORK_AGE_FIRST) -> None:
    """Refuse people [year (+1), age from ``first_age`` on] at an age without a figure."""
    at = people[: missing.shape[1]] * missing[first_age : first_age + people.shape[1]].T
    gaps = np.argwhere(at > NOBODY)
    if len(gaps):
        year, row = gaps[0]
        raise ValueError(f"{what}: no figure for age {row + first_age} in year {year}, but {at[year, row]:g} people are there")


def _independent(basis: GroupBasis, last: int) -> tuple[Array, Array, Array, dict[str, Array]]:
    """Independent death, invalidity and withdrawal [age, year], and where no figure was given."""
    causes = ("death", "invalidity", "withdrawal")
    given = [by_age(getattr(basis.decrements, cause), basis.years, cause) for cause in causes]
    rates = np.stack([values for values, _ in given], axis=-1)
    rates[WORK_AGE_FIRST + last :, :, 1:] = 0.0
    if basis.decrements.kind == "dependent":
        rates = independent_probabilities(rates)
    return rates[..., 0], rates[..., 1], rates[..., 2], {cause: missing for cause, (_, missing) in zip(causes, given, strict=True)}


def _service_size(basis: GroupBasis, rows: int) -> int:
    """Half-year values of service: all that can still be earned on top of what is there."""
    longest = max((round(2 * m.service) + 2 * (WORK_AGE_FIRST + rows - m.age) for m in basis.members), default=0)
    return max(longest, 2 * rows) + 1


def _side(
    basis: GroupBasis, laws: tuple[SchemeLaw, ...], insurable: Array, growth: Array, inflation: Array, j: Array, rows: int, size: int
) -> tuple[SideRates, Array]:
    """What the law does to amounts, and reference earnings at the first 1 January [row].

    The years that averages look back to are put before the first one.
    """
    back = max(1, round(laws[0].reference_months / 12))
    before = insurable[0] * (1.0 + growth[0]) ** -np.arange(back, 0, -1.0)[:, None]
    earlier = (laws[0],) * back + laws
    wages, prices, returns = (np.concatenate([np.full(back, v[0]), v]) for v in (growth, inflation, j))
    whole = np.concatenate([before, insurable])
    crediting = np.array([float(crediting_rate(law, r)) for law, r in zip(earlier, returns, strict=True)])
    side = side_rates(
        earlier, whole, crediting, Indices.from_growth(wages, prices, 0, back), sex=basis.sex, rows=rows, withdrawal=np.zeros(len(earlier)),
        refund_from=0, refund_until=0, service_size=size, base_index=back,
    )  # fmt: skip
    arrays = {f.name: getattr(side, f.name)[back:] for f in fields(side) if isinstance(getattr(side, f.name), np.ndarray)}
    return replace(side, **arrays), reference_earnings(whole, laws[0].reference_months)[back]


def _entrants(basis: GroupBasis, rows: int) -> Array:
    """People [year, row of 1 January] who enter in the year."""
    result = np.zeros((basis.years, rows))
    for age, people in basis.entrants.items():
        row = age - 1 - WORK_AGE_FIRST
        if not 0 <= row < rows - 1:
            raise ValueError(f"entrants of age {age}: the age must lie between {WORK_AGE_FIRST + 1} and {WORK_AGE_FIRST + rows - 1}")
        result[:, row] = by_year(people, basis.years, f"entrants of age {age}")
    return result


def _opening(basis: GroupBasis, kind: str, reference: Array, size: int) -> tuple[Array, Array]:
    rows = len(reference)
    people, amount = np.zeros((rows, 2, size)), np.zeros((rows, 2, size))
    for m in basis.members:
        row, halves = m.age - WORK_AGE_FIRST, round(2 * m.service)
        if not 0 <= row < rows or halves < 0 or abs(2 * m.service - halves) > 1e-9:
            raise ValueError(f"members aged {m.age} with {m.service:g} years of service: ages {WORK_AGE_FIRST} to {WORK_AGE_FIRST + rows - 1}, "
                             "service in half-years")  # fmt: skip
        each = m.amount if m.amount is not None else (reference[row] if kind == "defined_benefit" else 0.0)
        place = COVERED if m.covered else OUT
        people[row, place, halves] += m.people
        amount[row, place, halves] += m.people * each
    return people, amount


def _awards(basis: GroupBasis, laws: tuple[SchemeLaw, ...], careers: StayerOutput, size: int) -> tuple[Array, Array, Array]:
    """(people with a new pension, their yearly pensions after commutation, lump sums) [year] under national law."""
    new, awarded, lump_sums = np.zeros(basis.years), np.zeros(basis.years), np.zeros(basis.years)
    if laws[0].kind != "defined_benefit":
        return new, awarded, lump_sums
    months = np.arange(size, dtype=float) * MONTHS_PER_CREDIT
    for t, law in enumerate(laws):
        n = careers.award_people[t]
        reference = np.divide(careers.award_amount[t], n, out=np.zeros_like(n), where=n > 0.0)
        result = award(law, months, np.zeros(size), reference, cv=basis.earnings_cv, rules=NATIONAL_LAW)
        cash, pension = commute(law, result.pension)
        new[t], awarded[t], lump_sums[t] = n @ result.entitled, n @ pension, n @ (cash + result.lump_sum)
    return new, awarded, lump_sums


def _in_payment(
    basis: GroupBasis, new: Array, awarded: Array, factors: PaymentFactors, survival: Array, indexation: Array, pension_age: int
) -> tuple[Array, Array, Array]:
    """People and yearly amounts at 31 December [year, age], and what is paid [year]: new awards and those of before the first year."""
    years = basis.years
    people, amounts = np.zeros((years, AGE_COUNT)), np.zeros((years, AGE_COUNT))
    paid: Array = awarded @ factors.paid
    level = np.cumprod(1.0 + indexation)
    for t in range(years):
        for u in range(t, years):
            age = min(pension_age + u - t, OPEN_AGE)
            people[u, age] += new[t] * factors.in_payment[t, u]
            amounts[u, age] += awarded[t] * factors.in_payment[t, u] * level[u] / level[t]
    for p in basis.pensioners:
        if not 0 <= p.age <= OPEN_AGE:
            raise ValueError(f"pensioners aged {p.age}: age lies outside 0..{OPEN_AGE}")
        stock = np.zeros((1, AGE_COUNT))
        stock[0, p.age] = p.people
        old = run_off(stock, stock * p.pension, survival[None], indexation)
        paid = paid + old.paid
        for u in range(years):
            age = min(p.age + 1 + u, OPEN_AGE)
            people[u, age] += old.in_payment[u]
            amounts[u, age] += old.in_payment[u] * p.pension * level[u]
    return people, amounts, paid


def _ages(values: Array, shift: int = 0) -> Array:
    """[year, row, ...] put on the axis of all ages."""
    result = np.zeros((values.shape[0], AGE_COUNT, *values.shape[2:]))
    start = WORK_AGE_FIRST + shift
    result[:, start : start + values.shape[1]] = values
    return result
