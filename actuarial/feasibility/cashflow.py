"""Cash flows of one scheme in both cases: stayers, pensions already in payment and movers put together."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from actuarial.basis.dimensions import FIRST_YEAR, HORIZON, Array, year_index
from actuarial.careers.country import CountryCareers, exposure
from actuarial.careers.events import DEATH, INVALIDITY
from actuarial.careers.stayers import StayerOutput
from actuarial.feasibility.awards import OwnAwards
from actuarial.feasibility.calibration import PensionStock
from actuarial.feasibility.corridor import OUTGO_NAMES, PENSION_PARTS, Flows, SideCost, outgo, unclaimed_balances
from actuarial.feasibility.engine import InsuredEvents, RegionRun, indexation
from actuarial.feasibility.guards import guard_flows
from actuarial.feasibility.pension_factors import BANDS
from actuarial.finance.pensions import run_off
from actuarial.finance.reserve import Reserve, roll_forward
from actuarial.finance.survivors import reversion_by_age

START = year_index(FIRST_YEAR)


@dataclass(frozen=True)
class CaseFlows:
    """One case of one scheme; arrays [year], amounts in national currency.

    ``pensioners`` and ``pensions`` hold all types; ``invalids``, ``survivors`` and their pensions are parts of them. ``residence`` [country, year]
    is the amount paid by residence, ``residence_pensions`` the pensions in it.
    """

    contributors: Array
    contributors_movers: Array
    pensioners: Array
    pensioners_movers: Array
    invalids: Array
    survivors: Array
    new_pensions: Array
    new_pensions_movers: Array
    new_invalidity: Array
    deaths_with_right: Array
    insurable_earnings: Array
    contributions: Array
    pensions: Array
    invalidity_pensions: Array
    survivors_pensions: Array
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
        """Everything paid to persons: pensions + lump sums + refunds + payouts of accounts + other benefits."""
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
    invalids: Array
    survivors: Array
    new_pensions: Array
    new_invalidity: Array
    deaths_with_right: Array
    pensions: Array
    invalidity_pensions: Array
    survivors_pensions: Array
    lump_sums: Array
    payouts: Array
    refunds: Array
    withdrawals: Array
    unclaimed: Array
    balances: Array


def case_flows(run: RegionRun, c: int) -> tuple[CaseFlows, CaseFlows]:
    """Flows of country ``c`` without and with the instrument.

    Contributions = contribution rate x compliance x insurable earnings.

    Raises :class:`~actuarial.basis.errors.NumericalFailure` when a flow cannot be right.
    """
    stayers, countries = stayer_flows(run, c), run.basis.countries
    without, with_instrument = _case(run, c, stayers, "without"), _case(run, c, stayers, "with")
    for case, flows in (("without", without), ("with", with_instrument)):
        guard_flows(countries[c], case, flows, countries)
    return without, with_instrument


def sides_of(run: RegionRun, c: int) -> list[tuple[int, SideCost, int, int, int]]:
    """The corridors a scheme takes part in: (its side, its cost, origin, host, sex)."""
    found = []
    for corridor in run.corridors:
        for side, country in enumerate((corridor.origin, corridor.host)):
            if country == c:
                found.append((side, corridor.sides[side], corridor.origin, corridor.host, corridor.sex))
    return found


def net_cost_of_side(cost: SideCost) -> Array:
    """What a side pays more with the instrument than without, less the contributions it gains; administration apart [year]."""
    more: Array = (outgo(cost.with_instrument) - outgo(cost.without)).sum(axis=0) - cost.posted_contributions
    return more


def flows_of(cost: SideCost, case: str) -> Flows:
    """Flows of one case."""
    return cost.without if case == "without" else cost.with_instrument


def stock_flows(run: RegionRun, c: int) -> StayerFlows:
    """Flows of the pensions in payment at the valuation date alone."""
    values = {name: np.zeros(HORIZON) for name in StayerFlows.__dataclass_fields__ if name != "balances"}
    if (stock := run.stocks[c]) is not None:
        _add_stock(values, run, c, stock)
    return StayerFlows(**values, balances=np.zeros(HORIZON + 1))


def stayer_flows(run: RegionRun, c: int) -> StayerFlows:
    """Flows of stayers of country ``c`` and of its pensions in payment at the valuation date."""
    country, stock, awards, insured = run.countries[c], run.stocks[c], run.awards[c], run.insured[c]
    claims = 1.0 if stock is None else stock.settlement_claims
    values = _no_flows()
    for sex in (0, 1):
        own = None if awards is None else OwnAwards(*(getattr(awards[sex], f.name)[:, START:] for f in fields(OwnAwards)))
        _add_sex(values, country, sex, country.stayers[sex], own, None if insured is None else insured[sex], claims)
    if stock is not None:
        _add_stock(values, run, c, stock)
    return StayerFlows(**values)


def flows_of_stayers(
    country: CountryCareers, sex: int, out: StayerOutput, awards: OwnAwards | None, insured: InsuredEvents | None, claims: float
) -> StayerFlows:
    """Flows of the stayers ``out`` of one sex; ``claims`` is the share of lump sums claimed.

    ``awards`` [1, year of the projection] and ``insured`` are those of a scheme of pensions.
    """
    values = _no_flows()
    _add_sex(values, country, sex, out, awards, insured, claims)
    return StayerFlows(**values)


def _no_flows() -> dict[str, Array]:
    return {name: np.zeros(HORIZON + (name == "balances")) for name in StayerFlows.__dataclass_fields__}


def _add_sex(
    values: dict[str, Array], country: CountryCareers, sex: int, out: StayerOutput, awards: OwnAwards | None, insured: InsuredEvents | None,
    claims: float,
) -> None:  # fmt: skip
    covered = out.people[START:, :, 0].sum(axis=2)
    exposed = exposure(covered)
    values["contributors"] += covered[1:].sum(axis=1)
    values["exposure"] += exposed.sum(axis=1)
    values["earnings"] += (exposed * country.insurable[sex, START:, : exposed.shape[1]]).sum(axis=1)
    if country.law.kind == "account":
        half = np.sqrt(1.0 + country.crediting[START:])
        held = out.amount[START:].sum(axis=(1, 2, 3))
        values["balances"] += held
        due = out.award_amount[START:].sum(axis=1) + out.death_amount[START:] + out.invalidity_amount[START:]
        values["payouts"] += country.claim_share * due
        values["unclaimed"] += (1.0 - country.claim_share) * due
        values["refunds"] += out.residual_amount[START:] / half
        values["withdrawals"] += country.calibration.withdrawal * half * held[:-1]
    elif country.law.kind == "defined_benefit":
        assert awards is not None and insured is not None
        _add_pensions(values, insured, awards, claims)


def _add_pensions(values: dict[str, Array], insured: InsuredEvents, awards: OwnAwards, claims: float) -> None:
    """Pensions that begin within the projection, of people who never moved: own rights in the scheme's own country."""
    f, lifts = insured.factors, insured.lifts
    invalidity, death = insured.awards[INVALIDITY], insured.awards[DEATH]
    ahead = (0, 0, slice(START, None), slice(START, None))
    people, pension = awards.people[0], awards.pension[0]
    values["new_pensions"] += people
    values["pensions"] += pension @ f.old_age.paid[ahead]
    values["pensioners"] += people @ f.old_age.in_payment[ahead]
    values["survivors_pensions"] += pension @ f.old_age_survivors.paid[0, 0]
    values["survivors"] += people @ f.old_age_survivors.people[0, 0]
    values["lump_sums"] += claims * awards.lump_sum[0] + awards.cash[0]
    values["lump_sums"] += pension @ (f.old_age.deaths[ahead] * f.old_age.level[START:, START:]) * f.death_grant / 12.0
    values["new_invalidity"] += invalidity.people.sum(axis=(0, 1))
    values["deaths_with_right"] += death.people.sum(axis=(0, 1))
    for band in range(BANDS):
        invalids, disabled = invalidity.own[band, 0] * lifts.invalidity[band], invalidity.people[band, 0]
        left, dead = death.own[band, 0] * lifts.death[band], death.people[band, 0]
        values["invalidity_pensions"] += invalids @ f.invalidity[band].paid[0, 0]
        values["invalids"] += disabled @ f.invalidity[band].in_payment[0, 0]
        values["survivors_pensions"] += invalids @ f.invalidity_survivors[band].paid[0, 0] + left @ f.death[band].paid[0, 0]
        values["survivors"] += disabled @ f.invalidity_survivors[band].people[0, 0] + dead @ f.death[band].people[0, 0]
        # Half a year is paid in the year of death, so twice that is the family's share of a sum in lieu.
        values["lump_sums"] += claims * death.lump_own[band, 0] * 2.0 * np.diagonal(f.death[band].paid[0, 0])


def _add_stock(values: dict[str, Array], run: RegionRun, c: int, stock: PensionStock) -> None:
    """Pensions in payment at the valuation date: old age, the share of others that runs off beside it, and the survivors whom the old leave."""
    country = run.countries[c]
    survival, increase = run.demography.survival[c, :, :, START:], indexation(country)
    old = run_off(stock.people, stock.amount, survival, increase)
    values["pensions"] += old.paid
    values["pensioners"] += old.in_payment
    values["survivors_pensions"] += stock.other_pensions * old.paid
    values["survivors"] += stock.other_pensions * old.in_payment
    grant = np.array([0.0 if law.survivors is None else law.survivors.death_grant_months for law in country.laws[START:]])
    values["lump_sums"] += old.lost.sum(axis=(0, 1)) * grant / 12.0
    for sex in (0, 1):
        if (streams := run.streams.get((c, c, sex))) is not None:
            left = reversion_by_age(old.deaths[sex], streams, old.lost[sex])
            values["survivors_pensions"] += left.paid
            values["survivors"] += left.spouses + left.orphans


def _case(run: RegionRun, c: int, stayers: StayerFlows, case: str) -> CaseFlows:
    country = run.countries[c]
    countries = len(run.countries)
    movers = {name: np.zeros(HORIZON) for name in (
        "contributors", "earnings", "pensioners", "invalids", "survivors", "new_pensions", "new_invalidity", "deaths_with_right", "pensions",
        "invalidity_pensions", "survivors_pensions", "lump_sums", "refunds", "payouts", "late_payouts", "withdrawals", "unclaimed",
    )}  # fmt: skip
    balances = stayers.balances.copy()
    residence, residence_pensions = np.zeros((countries, HORIZON)), np.zeros((countries, HORIZON))
    covered, posted = _movers_covered(run, c), np.zeros(HORIZON)
    for _, cost, origin, host, _ in sides_of(run, c):
        flows = flows_of(cost, case)
        movers["earnings"] += cost.earnings
        posted += cost.posted_earnings * (case == "with")
        for name in ("pensioners", "invalids", "survivors", "new_pensions", "new_invalidity", "deaths_with_right", "pensions", "refunds",
                     "late_payouts", "withdrawals", "unclaimed"):  # fmt: skip
            movers[name] += flows[name].sum(axis=0)
        for branch in ("invalidity", "survivors"):
            movers[f"{branch}_pensions"] += sum(flows[name].sum(axis=0) for name in PENSION_PARTS if name.startswith(branch))
        movers["lump_sums"] += (flows["lump_sums"] + flows["commutations"] + flows["death_grants"]).sum(axis=0)
        movers["payouts"] += (flows["payouts"] + flows["death_payouts"] + flows["invalidity_payouts"]).sum(axis=0)
        balances = balances + cost.balances[case]
        for place, where in enumerate((origin, host)):
            residence_pensions[where] += flows["pensions"][place] + flows["commutations"][place] + flows["death_grants"][place]
            residence[where] += sum(flows[name][place] for name in OUTGO_NAMES)
    movers["contributors"] = covered
    own_earnings = stayers.earnings + movers["earnings"]
    earnings = own_earnings + posted
    rate = np.array([law.contribution_rate for law in country.laws[START:]])
    collected = country.compliance[START:] * rate
    contributions = collected * earnings
    stock = run.stocks[c]
    other = (stock.other_benefits_share * own_earnings if stock is not None else 0.0) + stayers.withdrawals + movers["withdrawals"]
    administration = own_administration(run, c, collected * own_earnings) + (coordination_cost(run, c) if case == "with" else 0.0)
    of_stayers = stayers.pensions + stayers.invalidity_pensions + stayers.survivors_pensions
    pensions = of_stayers + movers["pensions"]
    lump_sums = stayers.lump_sums + movers["lump_sums"]
    refunds = stayers.refunds + movers["refunds"]
    unclaimed, late = unclaimed_balances(country, stayers.unclaimed + movers["unclaimed"])
    payouts = stayers.payouts + movers["payouts"] + late
    residence[c] += of_stayers + stayers.lump_sums + stayers.refunds + stayers.payouts + other - movers["withdrawals"]
    residence[c] += late - movers["late_payouts"]
    residence_pensions[c] += of_stayers
    target = country.inputs.scheme.calibration
    opening = target["reserve"].value if country.law.collecting else 0.0
    reserve = roll_forward(
        opening, contributions, pensions + lump_sums + refunds + payouts + other + administration, country.inputs.investment_return[START:]
    )
    return CaseFlows(
        contributors=stayers.contributors + covered,
        contributors_movers=covered,
        pensioners=stayers.pensioners + stayers.invalids + stayers.survivors + movers["pensioners"] + movers["invalids"] + movers["survivors"],
        pensioners_movers=movers["pensioners"] + movers["invalids"] + movers["survivors"],
        invalids=stayers.invalids + movers["invalids"],
        survivors=stayers.survivors + movers["survivors"],
        new_invalidity=stayers.new_invalidity + movers["new_invalidity"],
        deaths_with_right=stayers.deaths_with_right + movers["deaths_with_right"],
        invalidity_pensions=stayers.invalidity_pensions + movers["invalidity_pensions"],
        survivors_pensions=stayers.survivors_pensions + movers["survivors_pensions"],
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
    """The scheme's own administration, the same in both cases [year]; administration with the instrument = own + :func:`coordination_cost`.

    Own = share x contributions without posted workers; in an account scheme with a base year, own = share of that year x its contributions x
    B_t / B_0, a share of the fund, which is what grows: B are balances of stayers at 1 January, which no table of results has.
    """
    country = run.countries[c]
    share = np.array([law.administration_share_of_contributions for law in country.laws[START:]])
    of_contributions: Array = share * contributions
    if country.law.kind != "account":
        return of_contributions
    held = sum(out.amount[START:].sum(axis=(1, 2, 3)) for out in country.stayers)
    if country.inputs.scheme.starts is not None:
        # A scheme that begins has no base year to take the cost from.
        return of_contributions
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
    """Cost of the instrument = share x coordinated benefits + fixed US dollars x exchange rate of the valuation date x prices since [year].

    Returns the two parts, each from entry into force in a collecting scheme with movers whose state is a member.
    """
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
