"""Employment injury by year: temporary incapacity, care, capital values of the year's new pensions; insured, or the employer's liability.

1. Accidents are ``accident_frequency`` per insured person-year at every age; a share of them leaves permanent disablement of a distributed
   degree, and deaths are counted beside them. Benefits follow the law of the year (:mod:`actuarial.provisions.employment_injury`).
2. The year that makes an award pays for its whole life, K = sum of awards x pension x a(x), at the net rate (1 + j) / (1 + idx) - 1, the
   geometric mean over the next :data:`RATE_YEARS` years, on the life table of the year.
3. A victim who moves to the partner's country is paid no more where the law does not pay there: such a pension has the value of one that ends by
   death or by moving. Export gives the rest, K x (a - a_home). A family is taken to live where it lives at the death.
4. What an award is worth is settled in its year: awards before entry into force stay suspended abroad, and people who move back are not resumed.

| symbol | identifier | meaning |
|---|---|---|
| a(x) | annuity | value of 1 a year, monthly in advance, mortality of the disabled |
| a_home(x) | at_home | the same while the person stays in the scheme's country |
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from actuarial.basis.branch_costs import BranchCostBasis, of_scheme
from actuarial.basis.dimensions import WORK_AGE_FIRST, Array
from actuarial.basis.instrument import Instrument
from actuarial.basis.scheme_law import SchemeLaw
from actuarial.feasibility.branch_inputs import (
    BranchAccount,
    BranchInputs,
    CorridorExposure,
    Difference,
    corridor_rules,
    paid_abroad,
    rights_share,
    rungs,
)
from actuarial.finance.branch_costs import DAYS_PER_YEAR, MONTHS_PER_YEAR, pension_annuities
from actuarial.provisions import employment_injury as provisions
from actuarial.provisions.survivors import Family

RATE_YEARS: Final = 30
"""Years over which return and indexation are averaged for a net rate."""
KINDS: Final = ("temporary", "medical", "lump_sums", "permanent_capital", "survivors_capital", "funeral")


def injury_account(inputs: BranchInputs, laws: Sequence[SchemeLaw], basis: BranchCostBasis, instrument: Instrument) -> BranchAccount:
    """The insured branch. Raises ``ValueError`` in a year without rules."""
    levies = [provisions.injury_law(law).levy for law in laws]
    pay = inputs.assessable([levy.ceiling for levy in levies])
    frequency = of_scheme(basis.injury.accident_frequency, inputs.scheme)
    per_head = _unit_costs(inputs, laws, basis, pay)
    value, survivors = pension_values(inputs, laws, basis, None), _survivors_unit(inputs, laws, basis, pay)
    permanent = per_head["pension"]
    everybody = inputs.everybody
    earnings = (everybody * pay).sum(axis=(0, 1))
    right = inputs.insured + sum((c.insured * rights_share(laws, c.role) for c in inputs.corridors), np.zeros_like(inputs.insured))
    parts = {kind: (right * per_head[kind]).sum(axis=(0, 1)) for kind in ("temporary", "medical", "lump_sums", "funeral")}
    parts["permanent_capital"] = (inputs.insured * permanent * value).sum(axis=(0, 1))
    parts["survivors_capital"] = (inputs.insured * survivors).sum(axis=(0, 1))
    direct = per_head["temporary"] + per_head["medical"] + per_head["lump_sums"] + per_head["funeral"]
    differences: list[Difference] = []
    for corridor in inputs.corridors:
        own, found = _corridor(inputs, laws, basis, instrument, corridor, (direct, permanent, survivors, value))
        parts["permanent_capital"] = parts["permanent_capital"] + own[0]
        parts["survivors_capital"] = parts["survivors_capital"] + own[1]
        differences += found
    return BranchAccount(
        branch="employment_injury",
        payer="scheme",
        insured=everybody.sum(axis=(0, 1)),
        earnings=earnings,
        levy=np.array([levy.rate for levy in levies]) * earnings,
        cases=(right * (frequency + basis.injury.fatal_frequency)).sum(axis=(0, 1)),
        parts=parts,
        employer=(right * per_head["employer"]).sum(axis=(0, 1)),
        differences=tuple(differences),
    )


def _corridor(
    inputs: BranchInputs, laws: Sequence[SchemeLaw], basis: BranchCostBasis, instrument: Instrument, corridor: CorridorExposure,
    unit: tuple[Array, Array, Array, Array],
) -> tuple[tuple[Array, Array], list[Difference]]:  # fmt: skip
    """Capital values of one corridor without the instrument (permanent, survivors), and the differences."""
    direct, permanent, survivors, value = unit
    rules = corridor_rules(inputs, corridor, instrument, "employment_injury")
    share, abroad = rights_share(laws, corridor.role), paid_abroad(laws, corridor.partner)
    at_home = pension_values(inputs, laws, basis, corridor.leaving)
    families_away = basis.dependants_at_home if corridor.role == "host" else 0.0

    def total(rights: Array, unit_cost: Array) -> Array:
        result: Array = (corridor.insured * rights * unit_cost).sum(axis=(0, 1))
        return result

    def paid(export: Array) -> tuple[Array, Array]:
        return at_home + export * (value - at_home), 1.0 - families_away * (1.0 - export)

    pensions, families = paid(abroad)
    now = np.maximum(abroad, rules.exports * rules.take_up)
    exported, all_families = paid(now)
    equal = np.maximum(share, rules.equality)
    start = total(share, direct + permanent * pensions + survivors * families)
    steps = [
        ("equality_of_treatment", total(equal, direct + permanent * pensions + survivors * families)),
        ("pensions_exported", total(equal, direct + permanent * exported + survivors * families)),
        ("survivors_abroad", total(equal, direct + permanent * exported + survivors * all_families)),
    ]
    nothing = np.zeros(inputs.years)
    differences = [Difference(corridor.partner, corridor.role, cause, amount, nothing) for cause, amount in rungs(steps, start)]
    return (total(share, permanent * pensions), total(share, survivors * families)), differences


def net_rates(inputs: BranchInputs, laws: Sequence[SchemeLaw]) -> Array:
    """Net rate of each year's awards [year]: (1 + j) / (1 + idx) - 1 in geometric mean over the years that follow, the last ones repeated."""
    indexation = np.array([law.price_share for law in laws]) * inputs.inflation + np.array([law.wage_share for law in laws]) * inputs.wage_growth
    if (inputs.investment_return <= -1.0).any() or (indexation <= -1.0).any():
        raise ValueError("return and indexation must exceed -1")
    log = np.log1p(inputs.investment_return) - np.log1p(indexation)
    longer = np.concatenate([log, np.full(RATE_YEARS - 1, log[-1])])
    total = np.concatenate([[0.0], np.cumsum(longer)])
    mean: Array = np.expm1((total[RATE_YEARS:] - total[:-RATE_YEARS]) / RATE_YEARS)
    return mean


def pension_values(inputs: BranchInputs, laws: Sequence[SchemeLaw], basis: BranchCostBasis, leaving: Array | None) -> Array:
    """a(x) of the disabled by row [sex, row, year]; with ``leaving`` [sex, age, year] the pension also ends when the person moves away."""
    q = np.minimum(basis.injury.mortality_ratio * inputs.q, 1.0)
    if leaving is not None:
        q = 1.0 - (1.0 - q) * (1.0 - leaving)
    rows = slice(WORK_AGE_FIRST, WORK_AGE_FIRST + inputs.insured.shape[1])
    return _values(q, net_rates(inputs, laws))[:, rows]


def _values(q: Array, rates: Array) -> Array:
    """Annuities [sex, age, year] on the table and the rate of each year."""
    return np.moveaxis(pension_annuities(np.moveaxis(q, -1, 0), rates[:, None]), 0, -1)


def annuity_certain(years: float, rate: float) -> float:
    """Value of 1 a year, monthly in advance, for a term: (1/12) x sum of v^(k/12) over its months.

    >>> annuity_certain(10.0, 0.0)
    10.0
    """
    months = np.arange(round(MONTHS_PER_YEAR * max(years, 0.0)))
    return float(((1.0 + rate) ** (-months / MONTHS_PER_YEAR)).sum() / MONTHS_PER_YEAR)


def _unit_costs(inputs: BranchInputs, laws: Sequence[SchemeLaw], basis: BranchCostBasis, pay: Array) -> dict[str, Array]:
    """Expected cost per insured person-year by kind, ``pension`` being the yearly pensions awarded [sex, row, year]."""
    costs = basis.injury
    frequency, lasting = of_scheme(costs.accident_frequency, inputs.scheme), of_scheme(costs.permanent_share, inputs.scheme)
    result = {kind: np.zeros_like(pay) for kind in ("temporary", "medical", "lump_sums", "funeral", "pension", "employer")}
    days, day_shares = np.asarray(costs.duration.points), np.asarray(costs.duration.shares)
    degrees, degree_shares = np.asarray(costs.degrees.points), np.asarray(costs.degrees.shares)
    for t, law in enumerate(laws):
        year = pay[:, :, t, None]
        rule = provisions.injury_law(law)
        pensions = provisions.permanent_pension(law, year, degrees) @ degree_shares
        supplement = costs.attendance_share * provisions.constant_attendance(law, pensions)
        result["temporary"][:, :, t] = frequency * (provisions.temporary_benefit(law, year / DAYS_PER_YEAR, days) @ day_shares)
        result["employer"][:, :, t] = frequency * (provisions.employer_waiting_pay(law, year / DAYS_PER_YEAR, days) @ day_shares)
        result["medical"][:, :, t] = frequency * costs.medical_cost * year[..., 0]
        result["lump_sums"][:, :, t] = frequency * lasting * (provisions.permanent_lump_sum(law, year, degrees) @ degree_shares)
        result["pension"][:, :, t] = frequency * lasting * (pensions + supplement)
        result["funeral"][:, :, t] = costs.fatal_frequency * rule.funeral_grant
    return result


def _survivors_unit(inputs: BranchInputs, laws: Sequence[SchemeLaw], basis: BranchCostBasis, pay: Array) -> Array:
    """Expected capital value of survivors' pensions per insured person-year [sex, row, year].

    A married victim leaves a spouse and children, an unmarried one a parent. The spouse is paid for life (remarriage is left out), a child from
    the mean age of children to the limit of the law.
    """
    costs = basis.injury
    rates = net_rates(inputs, laws)
    table = _values(np.asarray(inputs.q, dtype=np.float64), rates)
    ages, top = inputs.ages.astype(int), inputs.q.shape[1] - 1
    spouse = np.stack([table[1][np.clip(ages - costs.spouse_age_gap, 0, top)], table[0][np.clip(ages + costs.spouse_age_gap, 0, top)]])
    older = np.clip(ages + costs.parent_age_gap, 0, top)
    parent = np.broadcast_to(0.5 * (table[0][older] + table[1][older]), spouse.shape)
    children = children_per_insured(inputs, basis, basis.children["default"])
    result = np.zeros_like(pay)
    for t, law in enumerate(laws):
        shares = provisions.injury_law(law).survivors
        term = annuity_certain(shares.child_age - costs.child_age, float(rates[t]))
        married = provisions.survivors_pension(law, pay[:, :, t], Family(spouses=1, half_orphans=children[:, :, t]))
        single = provisions.survivors_pension(law, pay[:, :, t], Family(parents=1))
        family = costs.married_share * (married.spouses * spouse[:, :, t] + married.half_orphans * term)
        result[:, :, t] = costs.fatal_frequency * (family + (1.0 - costs.married_share) * single.parents * parent[:, :, t])
    return result


def children_per_insured(inputs: BranchInputs, basis: BranchCostBasis, otherwise: float) -> Array:
    """Children below the age limit per insured person [sex, row, year]: those given, else one number."""
    return np.full_like(inputs.insured, otherwise) if inputs.children is None else inputs.children


def liability_account(inputs: BranchInputs, laws: Sequence[SchemeLaw], basis: BranchCostBasis) -> BranchAccount:
    """The employer's liability: sums of months of pay, once. No instrument reaches it, because no scheme pays."""
    costs = basis.injury
    frequency, lasting = of_scheme(costs.accident_frequency, inputs.scheme), of_scheme(costs.permanent_share, inputs.scheme)
    days, day_shares = np.asarray(costs.duration.points), np.asarray(costs.duration.shares)
    degrees, degree_shares = np.asarray(costs.degrees.points), np.asarray(costs.degrees.shares)
    pay, people = inputs.pay, inputs.everybody
    parts = {kind: np.zeros(inputs.years) for kind in ("temporary", "medical", "permanent", "death")}
    for t, law in enumerate(laws):
        year, exposed = pay[:, :, t, None], people[:, :, t]
        monthly = year / MONTHS_PER_YEAR
        sums = provisions.liability_permanent(law, monthly, degrees) @ degree_shares
        sums = sums + costs.attendance_share * provisions.liability_attendance(law, sums)
        daily = provisions.temporary_benefit(law, year / DAYS_PER_YEAR, days) @ day_shares
        parts["temporary"][t] = frequency * float((exposed * daily).sum())
        parts["medical"][t] = frequency * costs.medical_cost * float((exposed * year[..., 0]).sum())
        parts["permanent"][t] = frequency * lasting * float((exposed * sums).sum())
        parts["death"][t] = costs.fatal_frequency * float((exposed * provisions.liability_death(law, monthly[..., 0])).sum())
    insured = people.sum(axis=(0, 1))
    return BranchAccount(
        branch="employment_injury", payer="employer", insured=insured, earnings=(people * pay).sum(axis=(0, 1)), levy=np.zeros(inputs.years),
        cases=(frequency + costs.fatal_frequency) * insured, parts=parts, employer=np.zeros(inputs.years),
    )  # fmt: skip
