"""What one corridor costs each of its two schemes, in both cases, for one sex.

Flows are keyed by name; each is [residence (origin, host country), year] over the projection years, in the scheme's own currency:

| name | meaning |
|---|---|
| insured_at_award | people who reach pension age with any period in the scheme |
| new_pensions, by_totalisation | people awarded a pension paid where they live; those whose own periods alone would not have opened it |
| pension_awarded | annual pensions awarded and paid where the person lives, after commutation |
| pensioners | people paid at 31 December;  pensions: amount paid, the sum of the four that follow |
| pensions_own, pensions_by_totalisation | on own periods; opened by adding periods |
| pensions_topped, pensions_resumed | what coordination adds to own ones; rule 3 |
| pensions_suspended | owed on own periods, not paid because the person lives abroad |
| pensions_unpaid | owed under the instrument and not paid by a scheme that does not pay |
| lump_sums | settlements instead of a pension;  commutations: sums paid with a pension |
| refunds, refund_people | paid on leaving the country, counted where the leaver goes |
| payouts | account balances paid at payout age |
| death_payouts, invalidity_payouts | the same on death and invalidity (counted at the scheme's country) |
| withdrawals | other payments from accounts |
| unclaimed | due but not claimed, stays in the fund;  late_payouts: what is paid out of it in later years |

1. Pensions follow people, who return and move again after the award; whether a pension is paid abroad is asked in the year of payment. What is not
   payable is suspended, not commuted, and paid again after a move to where it is.
2. Who claims, and where: :mod:`actuarial.feasibility.terms`.
3. ``pensions_resumed`` are pensions awarded before the valuation date to people abroad, with minus without. Those paid in both cases are in the
   stock of pensions that published figures give, so the case without shows none.
4. A processing lag of L years (at most one) moves the share L squared of the award year's coordinated payments to the year after: awards are
   spread evenly over the year.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from actuarial.basis.dimensions import FIRST_YEAR, HORIZON, Array, year_index
from actuarial.basis.instrument import Instrument
from actuarial.careers.country import CountryCareers, exposure
from actuarial.careers.lattice import LatticeOutput
from actuarial.feasibility.awards import CoordinatedAwards, Months, OwnAwards, coordinated_awards, own_awards, rules_of
from actuarial.feasibility.terms import Terms, instrument_terms, national_terms
from actuarial.finance.pensions import PlaceFactors
from actuarial.provisions.coordination import AwardRules

Flows = dict[str, Array]

FLOW_NAMES = (
    "insured_at_award", "new_pensions", "by_totalisation", "pension_awarded", "pensioners", "pensions", "pensions_own", "pensions_by_totalisation",
    "pensions_topped", "pensions_resumed", "pensions_suspended", "pensions_unpaid", "lump_sums", "commutations",
    "refunds", "refund_people", "payouts", "death_payouts", "invalidity_payouts", "withdrawals", "unclaimed", "late_payouts",
)  # fmt: skip
OUTGO_NAMES = ("pensions", "lump_sums", "commutations", "refunds", "payouts", "death_payouts", "invalidity_payouts", "withdrawals", "late_payouts")
START = year_index(FIRST_YEAR)


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


@dataclass(frozen=True)
class Payment:
    """How a scheme pays the people of one corridor and sex.

    factors            payments over the whole year axis, ``None`` for a scheme without pensions
    settlement_claims  share of lump sums due at pension age that is claimed
    take_up_factor     on the instrument's take-up curve
    unpaid             share of what the scheme owes abroad under the instrument that it does not pay
    lag                years from a claim under the instrument to its first payment, with arrears
    """

    factors: PlaceFactors | None
    settlement_claims: float = 1.0
    take_up_factor: float = 1.0
    unpaid: float = 0.0
    lag: float = 0.0


def outgo(flows: Flows) -> Array:
    """Everything paid [residence, year]."""
    total: Array = np.sum([flows[name] for name in OUTGO_NAMES], axis=0)
    return total


class CorridorPricer:
    """Prices one corridor and sex under any number of instruments; what instruments share is computed once.

    ``history`` and ``without`` are the lattice before the valuation date and after it under national law, ``payments`` (origin's scheme, host's).
    """

    def __init__(
        self, origin: CountryCareers, host: CountryCareers, sex: int, history: LatticeOutput, without: LatticeOutput,
        payments: tuple[Payment, Payment],
    ) -> None:  # fmt: skip
        self._countries, self._sex, self._history, self._base, self._payments = (origin, host), sex, history, without, payments
        self._own: dict[tuple[int, int], OwnAwards] = {}
        self._coordinated: dict[tuple[int, int, AwardRules, bool], CoordinatedAwards] = {}
        self._past: dict[int, OwnAwards] = {}
        self._without = (self._flows(0, without, None), self._flows(1, without, None))

    def price(self, out: LatticeOutput, instrument: Instrument) -> tuple[SideCost, SideCost]:
        """Cost for the origin's scheme and for the host's; ``out`` is the lattice under the instrument's law on refunds."""
        return self._side(0, out, instrument), self._side(1, out, instrument)

    def _side(self, i: int, out: LatticeOutput, instrument: Instrument) -> SideCost:
        country = self._countries[i]
        insured = exposure(self._base.covered[i])
        earnings = (insured * country.insurable[self._sex, START:, : insured.shape[1]]).sum(axis=1)
        rate = country.compliance[START:] * np.array([law.contribution_rate for law in country.laws[START:]])
        account, none = country.law.kind == "account", np.zeros(HORIZON + 1)
        balances = {"without": self._base.amount[i] if account else none, "with": out.amount[i] if account else none}
        return SideCost(self._without[i], self._flows(i, out, instrument), insured.sum(axis=1), earnings, rate * earnings, balances)

    def _flows(self, i: int, out: LatticeOutput, instrument: Instrument | None) -> Flows:
        """Flows of one case; ``None`` stands for national law alone."""
        country = self._countries[i]
        flows = {name: np.zeros((2, HORIZON)) for name in FLOW_NAMES}
        flows["refunds"][1 - i] = out.refund_amount[i]
        flows["refund_people"][1 - i] = out.refund_people[i]
        if country.law.kind == "account":
            _account_flows(flows, out, i, country)
        elif country.law.kind == "defined_benefit":
            own, national = self._own_awards(i, out), self._national(i)
            if instrument is None:
                self._own_pensions(flows, i, own, national)
                flows["lump_sums"] = self._payments[i].settlement_claims * national.rights * own.lump_sum
            else:
                terms = self._terms(i, instrument)
                self._own_pensions(flows, i, own, terms)
                self._resume(flows, i, terms.own - national.own)
                self._coordinate(flows, i, own, self._coordinated_awards(i, out, instrument), terms)
                if self._payments[i].unpaid > 0.0:
                    self._count_unpaid(flows, i, out, instrument)
            flows["pensions"] = (
                flows["pensions_own"] + flows["pensions_by_totalisation"] + flows["pensions_topped"] + flows["pensions_resumed"]
            )
        return flows

    def _own_pensions(self, flows: Flows, i: int, own: OwnAwards, terms: Terms) -> None:
        rights = terms.rights
        flows["insured_at_award"] = own.insured
        flows["new_pensions"] = own.people * rights * terms.own
        flows["pension_awarded"] = own.pension * rights * terms.own
        flows["commutations"] = own.cash * rights * terms.own
        owed = self._paid(i, own.pension * rights)
        flows["pensions_own"] = owed * terms.own
        flows["pensions_suspended"] = owed * (1.0 - terms.own)
        flows["pensioners"] = self._living(i, own.people * rights) * terms.own

    def _coordinate(self, flows: Flows, i: int, own: OwnAwards, added: CoordinatedAwards, terms: Terms) -> None:
        claimed = terms.rights * terms.claimed
        here = claimed * terms.coordinated
        flows["by_totalisation"] = added.people * here
        flows["new_pensions"] = flows["new_pensions"] + flows["by_totalisation"]
        flows["pension_awarded"] = flows["pension_awarded"] + (added.vested + added.topped) * here
        flows["commutations"] = flows["commutations"] + (added.vested_cash + added.topped_cash) * here
        flows["pensions_by_totalisation"] = self._claimed(i, added.vested * claimed) * terms.coordinated
        flows["pensions_topped"] = self._claimed(i, added.topped * claimed) * terms.coordinated
        flows["pensioners"] = flows["pensioners"] + self._living(i, added.people * claimed) * terms.coordinated
        lump = own.lump_sum + terms.claimed * (added.lump_sum - own.lump_sum)
        flows["lump_sums"] = self._payments[i].settlement_claims * terms.rights * lump

    def _resume(self, flows: Flows, i: int, more: Array) -> None:
        """Pensions awarded before the valuation date, as far as more of them is paid in a place [residence, year] than by national law."""
        if not np.any(more):
            return
        past, factors = self._past_awards(i), self._payments[i].factors
        assert factors is not None
        laws = self._countries[i].laws[:START]
        rights = np.array([law.foreigners_rights_share if i == 1 else 1.0 for law in laws])
        flows["pensions_resumed"] = np.einsum("at,abtu->bu", past.pension * rights, factors.paid[:, :, :START, START:]) * more
        people = np.einsum("at,abtu->bu", past.people * rights, factors.in_payment[:, :, :START, START:]) * more
        flows["pensioners"] = flows["pensioners"] + people

    def _count_unpaid(self, flows: Flows, i: int, out: LatticeOutput, instrument: Instrument) -> None:
        """What the same instrument would have paid a scheme that pays everything, less what it pays."""
        payment = self._payments[i]
        terms = instrument_terms(self._countries[i], i, self._partner(i), instrument, payment.take_up_factor)
        paying: Flows = {name: np.zeros((2, HORIZON)) for name in FLOW_NAMES}
        own = self._own_awards(i, out)
        self._own_pensions(paying, i, own, terms)
        self._resume(paying, i, terms.own - self._national(i).own)
        self._coordinate(paying, i, own, self._coordinated_awards(i, out, instrument), terms)
        names = ("pensions_own", "pensions_by_totalisation", "pensions_topped", "pensions_resumed", "commutations")
        flows["pensions_unpaid"] = np.sum([paying[name] - flows[name] for name in names], axis=0)

    def _paid(self, i: int, awards: Array) -> Array:
        """Payments [place, year] of annual pensions awarded [place, year]."""
        factors = self._payments[i].factors
        assert factors is not None
        paid: Array = np.einsum("at,abtu->bu", awards, factors.paid[:, :, START:, START:])
        return paid

    def _claimed(self, i: int, awards: Array) -> Array:
        """The same for pensions claimed under the instrument, whose first payments may be late."""
        paid, share = self._paid(i, awards), self._payments[i].lag ** 2
        late = share * 0.5 * awards
        paid -= late
        paid[:, 1:] += late[:, :-1]
        return paid

    def _living(self, i: int, people: Array) -> Array:
        """People alive at 31 December [place, year] of those awarded [place, year]."""
        factors = self._payments[i].factors
        assert factors is not None
        alive: Array = np.einsum("at,abtu->bu", people, factors.in_payment[:, :, START:, START:])
        return alive

    def _partner(self, i: int) -> str:
        return self._countries[1 - i].inputs.scheme.country

    def _national(self, i: int) -> Terms:
        return national_terms(self._countries[i], i, self._partner(i))

    def _terms(self, i: int, instrument: Instrument) -> Terms:
        payment = self._payments[i]
        return instrument_terms(self._countries[i], i, self._partner(i), instrument, payment.take_up_factor, payment.unpaid)

    def _months(self, i: int) -> tuple[Months, Months]:
        """Months per half-year in the scheme's own periods and in the other's, before the valuation date and after it."""
        own, other = (self._countries[j].months_per_credit(self._sex) for j in (i, 1 - i))
        return (own[:START], other[:START]), (own[START:], other[START:])

    def _own_awards(self, i: int, out: LatticeOutput) -> OwnAwards:
        key = (i, id(out))
        if key not in self._own:
            country = self._countries[i]
            self._own[key] = own_awards(country.laws[START:], *_cells(out, i), country.inputs.earnings_cv, self._months(i)[1])
        return self._own[key]

    def _past_awards(self, i: int) -> OwnAwards:
        if i not in self._past:
            country = self._countries[i]
            self._past[i] = own_awards(country.laws[:START], *_cells(self._history, i), country.inputs.earnings_cv, self._months(i)[0])
        return self._past[i]

    def _coordinated_awards(self, i: int, out: LatticeOutput, instrument: Instrument) -> CoordinatedAwards:
        country, counts = self._countries[i], _counts(self._countries[1 - i], instrument)
        # Residence and nationality are asked in the terms, so that instruments which differ in them alone share their awards.
        rules = replace(rules_of(instrument), equal_treatment=False, export=False)
        key = (i, id(out), rules, counts)
        if key not in self._coordinated:
            self._coordinated[key] = coordinated_awards(
                country.laws[START:], *_cells(out, i), country.inputs.earnings_cv, rules, counts, self._months(i)[1]
            )
        return self._coordinated[key]


def _cells(out: LatticeOutput, i: int) -> tuple[Array, Array]:
    """People and amounts at the award [year, residence, own service, other service] of one scheme."""
    people, amount = out.award_people[i], out.award_amount[i]
    return (people, amount) if i == 0 else (people.swapaxes(2, 3), amount.swapaxes(2, 3))


def _account_flows(flows: Flows, out: LatticeOutput, i: int, country: CountryCareers) -> None:
    claimed = country.claim_share
    due = out.award_amount[i].sum(axis=(2, 3)).T
    flows["payouts"] = claimed * due
    flows["death_payouts"][i] = claimed * out.death_amount[i]
    flows["invalidity_payouts"][i] = claimed * out.invalidity_amount[i]
    flows["unclaimed"] = (1.0 - claimed) * due
    flows["unclaimed"][i] += (1.0 - claimed) * (out.death_amount[i] + out.invalidity_amount[i])
    flows["late_payouts"] = np.stack([unclaimed_balances(country, values)[1] for values in flows["unclaimed"]])
    flows["withdrawals"][i] = country.calibration.withdrawal * np.sqrt(1.0 + country.crediting[START:]) * out.amount[i, :-1]


def unclaimed_balances(country: CountryCareers, unclaimed: Array) -> tuple[Array, Array]:
    """Balances due but not claimed, with interest, at 31 December, and what is paid out of them at mid-year [year]; linear in ``unclaimed``."""
    stock, paid = np.zeros(HORIZON), np.zeros(HORIZON)
    held = 0.0
    for t, rate in enumerate(country.crediting[START:]):
        half = np.sqrt(1.0 + rate)
        paid[t] = country.calibration.backlog_share * held * half
        held = held * (1.0 + rate) + (unclaimed[t] - paid[t]) * half
        stock[t] = held
    return stock, paid


def _counts(other: CountryCareers, instrument: Instrument) -> bool:
    """Whether months in the other scheme count."""
    return other.law.kind == "defined_benefit" or (other.law.kind == "account" and instrument.provisions.account_schemes.count_periods)
