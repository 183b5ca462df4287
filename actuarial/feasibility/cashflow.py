"""Cash flows of one scheme in both cases: stayers, pensions already in payment and movers put together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from actuarial.basis.dimensions import FIRST_YEAR, HORIZON, Array, year_index
from actuarial.feasibility.corridor import OUTGO_NAMES, Flows, SideCost, outgo, unclaimed_balances
from actuarial.feasibility.engine import RegionRun, indexation
from actuarial.finance.pensions import payment_factors, run_off
from actuarial.finance.reserve import Reserve, roll_forward

START = year_index(FIRST_YEAR)


@dataclass(frozen=True)
class CaseFlows:
    """One case of one scheme; arrays [year], amounts in national currency.

    ``residence`` [country, year] is the amount paid by residence, ``residence_pensions`` the pensions in it.
    """

    contributors: Array
    contributors_movers: Array
    pensioners: Array
    pensioners_movers: Array
    new_pensions: Array
    new_pensions_movers: Array
    insurable_earnings: Array
    contributions: Array
    pensions: Array
    lump_sums: Array
    refunds: Array
    account_payouts: Array
    other_benefits: Array
    administration: Array
    member_balances: Array
    residence: Array
    residence_pensions: Array
    reserve: Reserve

    @property
    def benefits(self) -> Array:
        """Everything paid to persons."""
        return self.pensions + self.lump_sums + self.refunds + self.account_payouts + self.other_benefits

    @property
    def expenditure(self) -> Array:
        """Benefits and administration."""
        return self.benefits + self.administration


@dataclass(frozen=True)
class StayerFlows:
    """What stayers and pensions in payment contribute to either case; arrays [year]."""

    contributors: Array
    exposure: Array
    earnings: Array
    pensioners: Array
    new_pensions: Array
    pensions: Array
    other_pensions: Array
    lump_sums: Array
    payouts: Array
    refunds: Array
    withdrawals: Array
    unclaimed: Array
    balances: Array


def case_flows(run: RegionRun, c: int) -> tuple[CaseFlows, CaseFlows]:
    """Flows of country ``c`` without and with the instrument."""
    stayers = stayer_flows(run, c)
    return _case(run, c, stayers, "without"), _case(run, c, stayers, "with")


def sides_of(run: RegionRun, c: int) -> list[tuple[int, SideCost, int, int, int]]:
    """The corridors a scheme takes part in: (its side, its cost, origin, host, sex)."""
    found = []
    for corridor in run.corridors:
        for side, country in enumerate((corridor.origin, corridor.host)):
            if country == c:
                found.append((side, corridor.sides[side], corridor.origin, corridor.host, corridor.sex))
    return found


def net_cost_of_side(cost: SideCost) -> Array:
    """What a side pays more with the instrument than without, administration apart [year]."""
    more: Array = (outgo(cost.with_instrument) - outgo(cost.without)).sum(axis=0)
    return more


def flows_of(cost: SideCost, case: str) -> Flows:
    """Flows of one case."""
    return cost.without if case == "without" else cost.with_instrument


def stayer_flows(run: RegionRun, c: int) -> StayerFlows:
    """Flows of stayers of country ``c`` and of its pensions in payment at the valuation date."""
    country = run.countries[c]
    zero = np.zeros(HORIZON)
    values = {name: zero.copy() for name in StayerFlows.__dataclass_fields__ if name != "balances"}
    balances = np.zeros(HORIZON + 1)
    stock, awards = run.stocks[c], run.awards[c]
    kind = country.law.kind
    for sex in (0, 1):
        out = country.stayers[sex]
        exposed = country.exposure(sex)[START:]
        values["contributors"] += out.people[START + 1 :, :, 0].sum(axis=(1, 2))
        values["exposure"] += exposed.sum(axis=1)
        values["earnings"] += (exposed * country.insurable[sex, START:, : exposed.shape[1]]).sum(axis=1)
        if kind == "account":
            half = np.sqrt(1.0 + country.crediting[START:])
            held = out.amount[START:].sum(axis=(1, 2, 3))
            balances += held
            due = out.award_amount[START:].sum(axis=1) + out.death_amount[START:] + out.invalidity_amount[START:]
            values["payouts"] += country.claim_share * due
            values["unclaimed"] += (1.0 - country.claim_share) * due
            values["refunds"] += out.residual_amount[START:] / half
            values["withdrawals"] += country.calibration.withdrawal * half * held[:-1]
        elif kind == "defined_benefit":
            assert awards is not None and stock is not None
            factors = payment_factors(
                run.demography.survival[c, sex, :, START:], indexation(country), country.law.pension_age[sex] - 1
            )
            flows = awards[sex]
            values["new_pensions"] += flows.people[0, START:]
            values["pensions"] += flows.pension[0, START:] @ factors.paid
            values["pensioners"] += flows.people[0, START:] @ factors.in_payment
            values["lump_sums"] += stock.settlement_claims * flows.lump_sum[0, START:] + flows.cash[0, START:]
    if stock is not None:
        old = run_off(stock.people, stock.amount, run.demography.survival[c, :, :, START:], indexation(country))
        values["pensions"] += old.paid
        values["pensioners"] += old.in_payment
        values["other_pensions"] = stock.other_pensions * values["pensions"]
        values["pensioners"] = values["pensioners"] * (1.0 + stock.other_pensions)
    return StayerFlows(**values, balances=balances)


def _case(run: RegionRun, c: int, stayers: StayerFlows, case: str) -> CaseFlows:
    country = run.countries[c]
    countries = len(run.countries)
    movers = {name: np.zeros(HORIZON) for name in (
        "contributors", "earnings", "pensioners", "new_pensions", "pensions", "lump_sums", "refunds", "payouts", "late_payouts", "withdrawals",
        "unclaimed",
    )}  # fmt: skip
    balances = stayers.balances.copy()
    residence, residence_pensions = np.zeros((countries, HORIZON)), np.zeros((countries, HORIZON))
    covered = _movers_covered(run, c)
    for _, cost, origin, host, _ in sides_of(run, c):
        flows = flows_of(cost, case)
        movers["earnings"] += cost.earnings
        for name in ("pensioners", "new_pensions", "pensions", "refunds", "late_payouts", "withdrawals", "unclaimed"):
            movers[name] += flows[name].sum(axis=0)
        movers["lump_sums"] += (flows["lump_sums"] + flows["commutations"]).sum(axis=0)
        movers["payouts"] += (flows["payouts"] + flows["death_payouts"] + flows["invalidity_payouts"]).sum(axis=0)
        balances = balances + cost.balances[case]
        for place, where in enumerate((origin, host)):
            residence_pensions[where] += flows["pensions"][place] + flows["commutations"][place]
            residence[where] += sum(flows[name][place] for name in OUTGO_NAMES)
    movers["contributors"] = covered
    earnings = stayers.earnings + movers["earnings"]
    rate = np.array([law.contribution_rate for law in country.laws[START:]])
    contributions = country.compliance[START:] * rate * earnings
    stock = run.stocks[c]
    other = (stock.other_benefits_share * earnings if stock is not None else 0.0) + stayers.withdrawals + movers["withdrawals"]
    other = other + stayers.other_pensions
    administration = own_administration(run, c, contributions) + (coordination_cost(run, c) if case == "with" else 0.0)
    pensions = stayers.pensions + movers["pensions"]
    lump_sums = stayers.lump_sums + movers["lump_sums"]
    refunds = stayers.refunds + movers["refunds"]
    unclaimed, late = unclaimed_balances(country, stayers.unclaimed + movers["unclaimed"])
    payouts = stayers.payouts + movers["payouts"] + late
    residence[c] += stayers.pensions + stayers.lump_sums + stayers.refunds + stayers.payouts + other - movers["withdrawals"]
    residence[c] += late - movers["late_payouts"]
    residence_pensions[c] += stayers.pensions + stayers.other_pensions
    target = country.inputs.scheme.calibration
    opening = target["reserve"].value if country.law.collecting else 0.0
    reserve = roll_forward(
        opening, contributions, pensions + lump_sums + refunds + payouts + other + administration, country.inputs.investment_return[START:]
    )
    return CaseFlows(
        contributors=stayers.contributors + covered,
        contributors_movers=covered,
        pensioners=stayers.pensioners + movers["pensioners"],
        pensioners_movers=movers["pensioners"],
        new_pensions=stayers.new_pensions + movers["new_pensions"],
        new_pensions_movers=movers["new_pensions"],
        insurable_earnings=earnings,
        contributions=contributions,
        pensions=pensions,
        lump_sums=lump_sums,
        refunds=refunds,
        account_payouts=payouts,
        other_benefits=other,
        administration=administration,
        member_balances=balances[1:] + unclaimed,
        residence=residence,
        residence_pensions=residence_pensions,
        reserve=reserve,
    )


def _movers_covered(run: RegionRun, c: int) -> Array:
    covered = np.zeros(HORIZON)
    for corridor in run.corridors:
        for side, country in enumerate((corridor.origin, corridor.host)):
            if country == c:
                covered += corridor.covered[side, 1:].sum(axis=1)
    return covered


def own_administration(run: RegionRun, c: int, contributions: Array) -> Array:
    """The scheme's own administration, the same in both cases [year].

    A share of contributions; in an account scheme the same cost of the base year as a share of the fund, because that is what grows: the
    fund is then approximated by balances of stayers without the instrument.
    """
    country = run.countries[c]
    share = np.array([law.administration_share_of_contributions for law in country.laws[START:]])
    if country.law.kind != "account":
        own: Array = share * contributions
        return own
    held = sum(out.amount[START:].sum(axis=(1, 2, 3)) for out in country.stayers)
    per_balance = share[0] * country.inputs.scheme.calibration["contributions"].value / held[0]
    cost: Array = per_balance * held[:-1]
    return cost


def extra_pensions(run: RegionRun, c: int) -> Array:
    """Pensions and sums with them that are paid only thanks to the instrument [year]."""
    extra: Array = np.sum([extra_pensions_of_side(cost) for _, cost, *_ in sides_of(run, c)] or [np.zeros(HORIZON)], axis=0)
    return extra


def extra_pensions_of_side(cost: SideCost) -> Array:
    """The same for one corridor and sex [year]."""
    extra: Array = np.sum([(cost.with_instrument[name] - cost.without[name]).sum(axis=0) for name in ("pensions", "commutations")], axis=0)
    return extra


def coordination_cost(run: RegionRun, c: int) -> Array:
    """Administration caused by the instrument in a collecting scheme that is a member of it [year]."""
    variable, fixed = coordination_cost_parts(run, c)
    return variable + fixed


def _movers(run: RegionRun, c: int) -> Array:
    """Movers in the scheme's corridors in the year: without any there is no case and no cost."""
    total = np.zeros(HORIZON)
    for corridor in run.corridors:
        if c in (corridor.origin, corridor.host):
            total += corridor.people[:, 1:].sum(axis=(0, 2))
    return total


def coordination_cost_parts(run: RegionRun, c: int) -> tuple[Array, Array]:
    """(share of coordinated benefits, fixed cost of the liaison body) [year]."""
    country, instrument = run.countries[c], run.instrument
    years = np.arange(FIRST_YEAR, FIRST_YEAR + HORIZON)
    in_force = (years >= instrument.entry_into_force) & (run.basis.countries[c] in instrument.active_members) & country.law.collecting
    in_force = in_force & (_movers(run, c) > 0.0)
    rate = instrument.administration.share_of_coordinated_benefits
    variable = rate * np.maximum(extra_pensions(run, c), 0.0) * in_force
    economy = run.basis.economy
    prices = np.cumprod(1.0 + economy.inflation[c, START:])
    fixed = instrument.administration.fixed_usd_per_year_per_scheme * economy.exchange_rate[c, START - 1] * prices * in_force
    return variable, fixed


def side_administration(run: RegionRun, c: int) -> Array:
    """Cost of coordination shared out over the scheme's sides [side, year], in the order of :func:`sides_of`.

    The share of coordinated benefits follows each side's extra pensions (which may be negative on one side while the total never is), the fixed cost
    the insured at the valuation date.
    """
    sides = sides_of(run, c)
    if not sides:
        return np.zeros((0, HORIZON))
    variable, fixed = coordination_cost_parts(run, c)
    extra = np.stack([extra_pensions_of_side(cost) for _, cost, *_ in sides])
    total = extra.sum(axis=0)
    by_extra = np.divide(variable * extra, total, out=np.zeros_like(extra), where=total != 0.0)
    insured = {(r.origin, r.host, r.sex): r.covered[:, 0].sum(axis=1) for r in run.corridors}
    people = np.array([float(insured[o, d, s][side]) for side, _, o, d, s in sides])
    shares = people / people.sum() if people.sum() > 0.0 else np.full(len(sides), 1.0 / len(sides))
    result: Array = by_extra + shares[:, None] * fixed
    return result
