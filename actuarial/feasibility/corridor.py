"""What one corridor costs each of its two schemes, in both cases, for one sex.

Flows are keyed by name; each is [residence (origin, host country), year] over the projection years, in the scheme's own currency:

| name | meaning |
|---|---|
| new_pensions, by_totalisation | people awarded a pension; those whose own periods alone would not have opened it |
| pension_awarded | annual pensions awarded, after commutation |
| pensioners | people in payment at 31 December;  pensions: amount paid;  pensions_by_totalisation: the part opened by adding periods |
| lump_sums | settlements instead of a pension;  commutations: sums paid with a pension |
| refunds, refund_people | paid on leaving the country, counted where the leaver goes |
| payouts | account balances paid at payout age;  death_payouts: on death (counted at the scheme's country) |
| withdrawals | other payments from accounts |
| unclaimed | due but not claimed, stays in the fund;  late_payouts: what is paid out of it in later years |
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from actuarial.basis.dimensions import FIRST_YEAR, HORIZON, Array, year_index
from actuarial.basis.instrument import Instrument
from actuarial.basis.scheme_law import SchemeLaw
from actuarial.careers.country import CountryCareers, exposure
from actuarial.careers.lattice import LatticeOutput
from actuarial.careers.movers import CorridorRun
from actuarial.feasibility.awards import mover_awards, rules_of
from actuarial.finance.pensions import PaymentFactors
from actuarial.provisions.coordination import NATIONAL_LAW

Flows = dict[str, Array]

FLOW_NAMES = (
    "new_pensions", "by_totalisation", "pension_awarded", "pensioners", "pensions", "lump_sums", "commutations",
    "refunds", "refund_people", "payouts", "death_payouts", "withdrawals", "unclaimed", "late_payouts", "pensions_by_totalisation",
)  # fmt: skip
OUTGO_NAMES = ("pensions", "lump_sums", "commutations", "refunds", "payouts", "death_payouts", "withdrawals", "late_payouts")


@dataclass(frozen=True)
class SideCost:
    """One scheme's side of a corridor: flows by case, and what does not depend on the case.

    exposure     [year] person-years insured;  earnings [year] insurable earnings;  contributions [year]
    balances     {case: [year + 1]} account balances at 1 January, 0 in a defined-benefit scheme
    """

    without: Flows
    with_instrument: Flows
    exposure: Array
    earnings: Array
    contributions: Array
    balances: dict[str, Array]


def outgo(flows: Flows) -> Array:
    """Everything paid [residence, year]."""
    total: Array = np.sum([flows[name] for name in OUTGO_NAMES], axis=0)
    return total


def side_costs(
    run: CorridorRun, origin: CountryCareers, host: CountryCareers, sex: int, instrument: Instrument,
    factors: dict[tuple[int, int], PaymentFactors], settlement_claims: tuple[float, float] = (1.0, 1.0),
) -> tuple[SideCost, SideCost]:  # fmt: skip
    """Cost for the origin's scheme and for the host's.

    ``factors`` by (side of the payer, side of the residence); ``settlement_claims`` is the share of lump sums due at pension age that is claimed.
    """
    start = year_index(FIRST_YEAR)
    take_up = np.array([instrument.take_up_share(FIRST_YEAR + t) for t in range(HORIZON)])
    count = _counts(origin, host, instrument)
    sides = []
    for i, country in enumerate((origin, host)):
        laws = country.laws[start:]
        rates = {name: np.zeros((2, HORIZON)) for name in FLOW_NAMES}
        cases = []
        for out, coordinated in ((run.without, False), (run.with_instrument, True)):
            flows = {name: values.copy() for name, values in rates.items()}
            flows["refunds"][1 - i] = out.refund_amount[i]
            flows["refund_people"][1 - i] = out.refund_people[i]
            if country.law.kind == "account":
                claimed = country.claim_share
                due = out.award_amount[i].sum(axis=(2, 3)).T
                flows["payouts"] = claimed * due
                flows["death_payouts"][i] = claimed * out.death_amount[i]
                flows["unclaimed"] = (1.0 - claimed) * due
                flows["unclaimed"][i] += (1.0 - claimed) * out.death_amount[i]
                flows["late_payouts"] = np.stack([unclaimed_balances(country, values)[1] for values in flows["unclaimed"]])
                w = country.calibration.withdrawal
                flows["withdrawals"][i] = w * np.sqrt(1.0 + country.crediting[start:]) * out.amount[i, :-1]
            elif country.law.kind == "defined_benefit":
                partner = (host, origin)[i].inputs.scheme.country
                _pension_flows(flows, out, i, country, laws, take_up, instrument, coordinated, count[i], factors, partner)
                flows["lump_sums"] *= settlement_claims[i]
            cases.append(flows)
        insured = exposure(run.without.covered[i])
        rows = insured.shape[1]
        earnings = (insured * country.insurable[sex, start:, :rows]).sum(axis=1)
        rate = np.array([law.contribution_rate for law in laws])
        account = country.law.kind == "account"
        balances = {
            "without": run.without.amount[i] if account else np.zeros(HORIZON + 1),
            "with": run.with_instrument.amount[i] if account else np.zeros(HORIZON + 1),
        }
        sides.append(SideCost(cases[0], cases[1], insured.sum(axis=1), earnings, rate * earnings, balances))
    return sides[0], sides[1]


def unclaimed_balances(country: CountryCareers, unclaimed: Array) -> tuple[Array, Array]:
    """Balances due but not claimed, with interest, at 31 December, and what is paid out of them at mid-year [year]; linear in ``unclaimed``."""
    stock, paid = np.zeros(HORIZON), np.zeros(HORIZON)
    held = 0.0
    for t, rate in enumerate(country.crediting[year_index(FIRST_YEAR) :]):
        half = np.sqrt(1.0 + rate)
        paid[t] = country.calibration.backlog_share * held * half
        held = held * (1.0 + rate) + (unclaimed[t] - paid[t]) * half
        stock[t] = held
    return stock, paid


def _counts(origin: CountryCareers, host: CountryCareers, instrument: Instrument) -> tuple[bool, bool]:
    """Whether the other scheme's months count for the origin's scheme, for the host's."""
    counting = instrument.provisions.account_schemes.count_periods

    def counts(other: CountryCareers) -> bool:
        return other.law.kind == "defined_benefit" or (other.law.kind == "account" and counting)

    return counts(host), counts(origin)


def _pension_flows(
    flows: Flows, out: LatticeOutput, i: int, country: CountryCareers, laws: tuple[SchemeLaw, ...], take_up: Array, instrument: Instrument,
    coordinated: bool, count_other: bool, factors: dict[tuple[int, int], PaymentFactors], partner: str,
) -> None:  # fmt: skip
    people, amount = out.award_people[i], out.award_amount[i]
    if i == 1:
        people, amount = people.swapaxes(2, 3), amount.swapaxes(2, 3)
    cv = country.inputs.earnings_cv
    awards = mover_awards(laws, people, amount, rules=NATIONAL_LAW, count_other=False, cv=cv, home=i == 0, partner=partner)
    if coordinated and take_up.any():
        full = mover_awards(
            laws, people, amount, rules=rules_of(instrument), count_other=count_other, cv=cv, home=i == 0, partner=partner
        )
        awards = awards.mixed(full, take_up)
    flows["new_pensions"], flows["by_totalisation"] = awards.new_pensions, awards.by_totalisation
    flows["pension_awarded"], flows["lump_sums"], flows["commutations"] = awards.pension, awards.lump_sum, awards.commutation
    for place in (0, 1):
        f = factors[i, place]
        flows["pensions"][place] = awards.pension[place] @ f.paid
        flows["pensioners"][place] = awards.new_pensions[place] @ f.in_payment
        flows["pensions_by_totalisation"][place] = awards.pension_by_totalisation[place] @ f.paid
