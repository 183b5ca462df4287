"""What one corridor costs each of its two schemes, in both cases, for one sex.

Flows are keyed by name; each is [residence (origin, host country), year] over the projection years, in the scheme's own currency:

| name | meaning |
|---|---|
| insured_at_award | people who reach pension age with any period in the scheme |
| new_pensions, by_totalisation | people awarded an old-age pension paid where they live; those whose own periods alone would not have opened it |
| new_invalidity, deaths_with_right | new invalidity pensions paid where the person lives; deaths that open survivors' pensions |
| pension_awarded | annual old-age pensions awarded and paid where the person lives, after commutation |
| pensioners, invalids, survivors | people paid at 31 December, old age and the others |
| pensions | amount paid, the sum of :data:`PENSION_PARTS` |
| pensions_*, invalidity_*, survivors_* | of old age, invalidity, survivors: |
| ..._own, ..._by_totalisation | on own periods; opened by adding periods |
| ..._topped, pensions_resumed | what coordination adds to own ones; rule 3 |
| pensions_suspended | owed on own periods, not paid because the person lives abroad |
| pensions_unpaid | owed under the instrument and not paid by a scheme that does not pay |
| death_grants | paid on the death of a pensioner |
| lump_sums | settlements instead of a pension, of old age and survivors;  commutations: sums paid with a pension |
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
4. A processing lag of L years (at most one) moves the share L squared of the award year's coordinated old-age payments to the year after: awards
   are spread evenly over the year.
5. The share of lump sums that is claimed, a calibration, acts at pension age and on sums in lieu of survivors' pensions alike.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np

from actuarial.basis.dimensions import FIRST_YEAR, HORIZON, Array, year_index
from actuarial.basis.instrument import Instrument
from actuarial.basis.instrument_provisions import BranchName
from actuarial.careers.country import CountryCareers, exposure
from actuarial.careers.events import DEATH, INVALIDITY
from actuarial.careers.lattice import LatticeOutput
from actuarial.feasibility.awards import AwardRates, Awards, CoordinatedAwards, Months, OwnAwards, coordinated_rates, own_rates, rules_of
from actuarial.feasibility.events import CorridorEvents, Counting, EventAwards, Lifts
from actuarial.feasibility.pension_factors import BANDS, PensionFactors
from actuarial.feasibility.posting import posted_earnings
from actuarial.feasibility.terms import Terms, instrument_terms, national_terms

Flows = dict[str, Array]
Made = TypeVar("Made")

PENSION_PARTS = (
    "pensions_own", "pensions_by_totalisation", "pensions_topped", "pensions_resumed", "invalidity_own", "invalidity_by_totalisation",
    "invalidity_topped", "survivors_own", "survivors_by_totalisation", "survivors_topped",
)  # fmt: skip
FLOW_NAMES = (
    "insured_at_award", "new_pensions", "by_totalisation", "new_invalidity", "deaths_with_right", "pension_awarded", "pensioners", "invalids",
    "survivors", "pensions", *PENSION_PARTS, "pensions_suspended", "pensions_unpaid", "lump_sums", "commutations", "death_grants",
    "refunds", "refund_people", "payouts", "death_payouts", "invalidity_payouts", "withdrawals", "unclaimed", "late_payouts",
)  # fmt: skip
OUTGO_NAMES = (
    "pensions", "lump_sums", "commutations", "death_grants", "refunds", "payouts", "death_payouts", "invalidity_payouts", "withdrawals",
    "late_payouts",
)  # fmt: skip
BRANCHES: tuple[BranchName, ...] = ("old_age", "invalidity", "survivors")
START = year_index(FIRST_YEAR)


@dataclass(frozen=True)
class SideCost:
    """One scheme's side of a corridor: flows by case, and what does not depend on the case.

    exposure     [year] person-years insured;  earnings [year] insurable earnings;  contributions [year]
    posted_earnings, posted_contributions   [year] more of them with the instrument than without (posted workers)
    balances     {case: [year + 1]} account balances at 1 January, 0 in a defined-benefit scheme
    """

    without: Flows
    with_instrument: Flows
    exposure: Array
    earnings: Array
    contributions: Array
    posted_earnings: Array
    posted_contributions: Array
    balances: dict[str, Array]


@dataclass(frozen=True)
class Payment:
    """How a scheme pays the people of one corridor and sex.

    factors            how long its pensions last, ``None`` for a scheme without pensions
    lifts              of minimum pensions on invalidity and death
    settlement_claims  share of lump sums due that is claimed
    take_up_factor     on the instrument's take-up curve
    unpaid             share of what the scheme owes abroad under the instrument that it does not pay
    lag                years from a claim under the instrument to its first payment, with arrears
    """

    factors: PensionFactors | None
    lifts: Lifts | None = None
    settlement_claims: float = 1.0
    take_up_factor: float = 1.0
    unpaid: float = 0.0
    lag: float = 0.0


def outgo(flows: Flows) -> Array:
    """Everything paid [residence, year]."""
    total: Array = np.sum([flows[name] for name in OUTGO_NAMES], axis=0)
    return total


@dataclass(frozen=True)
class _Awarded:
    """Awards of one kind of right: own, vested or topped.

    pension, people     at pension age [residence, year]
    invalidity, invalids  [band, residence, year]
    death, dead         pensions that survivors' pensions are shares of, and the deceased who left them
    """

    pension: Array
    people: Array
    invalidity: Array
    invalids: Array
    death: Array
    dead: Array

    def times(self, share: dict[BranchName, Array]) -> _Awarded:
        """Every branch times its own share of each award year."""
        old_age, invalidity, survivors = (share[branch] for branch in BRANCHES)
        return _Awarded(
            self.pension * old_age, self.people * old_age, self.invalidity * invalidity, self.invalids * invalidity, self.death * survivors,
            self.dead * survivors,
        )  # fmt: skip


@dataclass(frozen=True)
class _Owed:
    """What awards come to in every year [residence, year], wherever it is paid."""

    pensions: Array
    pensioners: Array
    invalidity: Array
    invalids: Array
    survivors: Array
    surviving: Array
    grants: Array


class CorridorPricer:
    """Prices one corridor and sex under any number of instruments; what instruments share is computed once.

    ``history`` and ``without`` are the lattice before the valuation date and after it under national law, ``payments`` (origin's scheme, host's);
    ``events`` are the functionals that the lattices were run with. ``arrivals`` [year, row] are first movers insured on arrival, of whom a share is
    posted.

    ``whole`` makes it the pricer of a part of another one's people, at that one's awards per head (:mod:`actuarial.feasibility.awards`, rule 4):
    the pricer of the whole, and what :meth:`price` is given for the whole under the law that it is given the part under.
    """

    def __init__(
        self, origin: CountryCareers, host: CountryCareers, sex: int, history: LatticeOutput, without: LatticeOutput,
        payments: tuple[Payment, Payment], events: CorridorEvents, arrivals: Array, posted_share: float,
        whole: CorridorPricer | None = None,
    ) -> None:  # fmt: skip
        self._countries, self._sex, self._history, self._base = (origin, host), sex, history, without
        self._payments, self._events, self._arrivals, self._posted_share = payments, events, arrivals, posted_share
        self._known: dict[tuple[Any, ...], Any] = {}
        self._whole = whole
        self._whole_outs = {} if whole is None else {id(without): whole._base}
        self._national = tuple(national_terms(country, i, self._partner(i)) for i, country in enumerate(self._countries))
        self._without = tuple(self._flows(i, without, None) for i in (0, 1))
        self._insured = tuple(self._insured_in(i) for i in (0, 1))

    def price(self, out: LatticeOutput, instrument: Instrument, of: LatticeOutput | None = None) -> tuple[SideCost, SideCost]:
        """Cost for the origin's scheme and for the host's; ``out`` is the lattice under the instrument's law on refunds.

        ``of`` is the whole's lattice under the same law where ``out`` is a part. Raises ``ValueError`` where it is missing.
        """
        if self._whole is not None:
            if of is None:
                raise ValueError("a part of the people is priced at the awards of the whole, whose lattice is missing")
            self._whole_outs[id(out)] = of
        return self._side(0, out, instrument), self._side(1, out, instrument)

    def _side(self, i: int, out: LatticeOutput, instrument: Instrument) -> SideCost:
        country = self._countries[i]
        account, none = country.law.kind == "account", np.zeros(HORIZON + 1)
        balances = {"without": self._base.amount[i] if account else none, "with": out.amount[i] if account else none}
        moved = (1.0, -1.0)[i] * posted_earnings(country, self._sex, self._arrivals, self._posted_share, instrument)
        exposed, earnings, rate = self._insured[i]
        return SideCost(self._without[i], self._flows(i, out, instrument), exposed, earnings, rate * earnings, moved, rate * moved, balances)

    def _insured_in(self, i: int) -> tuple[Array, Array, Array]:
        """Person-years insured, insurable earnings and the rate of contributions collected of them [year]."""
        country, insured = self._countries[i], exposure(self._base.covered[i])
        earnings = (insured * country.insurable[self._sex, START:, : insured.shape[1]]).sum(axis=1)
        return insured.sum(axis=1), earnings, country.compliance[START:] * np.array([law.contribution_rate for law in country.laws[START:]])

    def _flows(self, i: int, out: LatticeOutput, instrument: Instrument | None) -> Flows:
        """Flows of one case; ``None`` stands for national law alone."""
        country = self._countries[i]
        flows = {name: np.zeros((2, HORIZON)) for name in FLOW_NAMES}
        flows["refunds"][1 - i] = out.refund_amount[i]
        flows["refund_people"][1 - i] = out.refund_people[i]
        if country.law.kind == "account":
            _account_flows(flows, out, i, country)
        elif country.law.kind == "defined_benefit":
            self._pension_flows(flows, out, i, instrument, self._payments[i].unpaid)
            if instrument is not None and self._payments[i].unpaid > 0.0:
                paying = {name: np.zeros((2, HORIZON)) for name in FLOW_NAMES}
                self._pension_flows(paying, out, i, instrument, 0.0)
                flows["pensions_unpaid"] = paying["pensions"] + paying["commutations"] - flows["pensions"] - flows["commutations"]
        return flows

    def _pension_flows(self, flows: Flows, out: LatticeOutput, i: int, instrument: Instrument | None, unpaid: float) -> None:
        national = self._national[i]
        terms = {branch: national if instrument is None else self._terms(i, instrument, unpaid, branch) for branch in BRANCHES}
        self._own_pensions(flows, i, out, terms)
        if instrument is None:
            own = self._own_awards(i, out)
            flows["lump_sums"] = self._payments[i].settlement_claims * national.rights * own.lump_sum
            flows["lump_sums"] += self._sums_in_lieu(i, out, None, national)
        else:
            self._resume(flows, i, terms["old_age"].own - national.own)
            self._coordinate(flows, i, out, instrument, terms)
        flows["pensions"] = np.sum([flows[name] for name in PENSION_PARTS], axis=0)

    def _own_pensions(self, flows: Flows, i: int, out: LatticeOutput, terms: dict[BranchName, Terms]) -> None:
        """Pensions on own periods alone, in the branches' own terms."""
        own, at_age = self._own_awards(i, out), terms["old_age"]
        rights, every = at_age.rights, {branch: t.rights for branch, t in terms.items()}
        flows["insured_at_award"] = own.insured
        flows["new_pensions"] = own.people * rights * at_age.own
        flows["pension_awarded"] = own.pension * rights * at_age.own
        flows["commutations"] = own.cash * rights * at_age.own
        owed = self._owed(i, ("own", id(out), *(share.tobytes() for share in every.values())), self._own_rights(i, out).times(every))
        self._pay(flows, owed, {branch: t.own for branch, t in terms.items()}, "own")
        for kind, branch in (("pensions", "old_age"), ("invalidity", "invalidity"), ("survivors", "survivors")):
            flows["pensions_suspended"] = flows["pensions_suspended"] + getattr(owed, kind) * (1.0 - terms[branch].own)  # type: ignore[index]
        awards = self._event_awards(i, out, None)
        flows["new_invalidity"] = awards[INVALIDITY].people.sum(axis=0) * every["invalidity"] * terms["invalidity"].own
        flows["deaths_with_right"] = awards[DEATH].people.sum(axis=0) * every["survivors"]

    def _coordinate(self, flows: Flows, i: int, out: LatticeOutput, instrument: Instrument, terms: dict[BranchName, Terms]) -> None:
        """What adding periods opens and tops up, for those who claim, and the sums that are left."""
        at_age, counting = terms["old_age"], event_rules(instrument, self._countries[1 - i])
        lump = self._own_awards(i, out).lump_sum
        if counting is not None:
            added = self._coordinated_awards(i, out, counting)
            self._add_coordinated(flows, i, out, counting, added, terms)
            lump = lump + at_age.claimed * (added.lump_sum - lump)
        flows["lump_sums"] = self._payments[i].settlement_claims * at_age.rights * lump
        flows["lump_sums"] += self._sums_in_lieu(i, out, counting, terms["survivors"])

    def _add_coordinated(
        self, flows: Flows, i: int, out: LatticeOutput, counting: Counting, added: CoordinatedAwards, terms: dict[BranchName, Terms]
    ) -> None:
        here = terms["old_age"].rights * terms["old_age"].claimed * terms["old_age"].coordinated
        flows["by_totalisation"] = added.people * here
        flows["new_pensions"] = flows["new_pensions"] + flows["by_totalisation"]
        flows["pension_awarded"] = flows["pension_awarded"] + (added.vested + added.topped) * here
        flows["commutations"] = flows["commutations"] + (added.vested_cash + added.topped_cash) * here
        claims = {branch: t.rights * t.claimed for branch, t in terms.items()}
        due = {branch: t.coordinated for branch, t in terms.items()}
        for part in ("vested", "topped"):
            claimed_rights = self._coordinated_rights(i, out, counting, added, part).times(claims)
            key = (part, id(out), counting, *(share.tobytes() for share in claims.values()))
            self._pay(flows, self._owed(i, key, claimed_rights, late=True), due, {"vested": "by_totalisation", "topped": "topped"}[part])
        awards = self._event_awards(i, out, counting)
        flows["new_invalidity"] = flows["new_invalidity"] + awards[INVALIDITY].vested_people.sum(axis=0) * claims["invalidity"] * due["invalidity"]
        flows["deaths_with_right"] = flows["deaths_with_right"] + awards[DEATH].vested_people.sum(axis=0) * claims["survivors"]

    def _pay(self, flows: Flows, owed: _Owed, due: dict[BranchName, Array], part: str) -> None:
        """Add what is paid of ``owed`` where it is due [residence, year], under the names of the part."""
        flows[f"pensions_{part}"] = owed.pensions * due["old_age"]
        flows[f"invalidity_{part}"] = owed.invalidity * due["invalidity"]
        flows[f"survivors_{part}"] = owed.survivors * due["survivors"]
        flows["death_grants"] = flows["death_grants"] + owed.grants * due["survivors"]
        if part != "topped":
            flows["pensioners"] = flows["pensioners"] + owed.pensioners * due["old_age"]
            flows["invalids"] = flows["invalids"] + owed.invalids * due["invalidity"]
            flows["survivors"] = flows["survivors"] + owed.surviving * due["survivors"]

    def _owed(self, i: int, key: tuple[Any, ...], awarded: _Awarded, late: bool = False) -> _Owed:
        """What awards come to. ``late``: the first payments are those of claims under the instrument."""
        return self._once(("owed", i, *key), lambda: self._followed(i, awarded, self._payments[i].lag if late else 0.0))

    def _followed(self, i: int, awarded: _Awarded, lag: float) -> _Owed:
        f = self._payments[i].factors
        assert f is not None
        ahead = (slice(None), slice(None), slice(START, None), slice(START, None))
        pensions = _sum(awarded.pension, f.old_age.paid[ahead])
        late = lag**2 * 0.5 * awarded.pension
        pensions -= late
        pensions[:, 1:] += late[:, :-1]
        survivors, surviving = _sum(awarded.pension, f.old_age_survivors.paid), _sum(awarded.people, f.old_age_survivors.people)
        grants = _sum(awarded.pension, f.old_age.deaths[ahead] * f.old_age.level[START:, START:]) * (f.death_grant / 12.0)
        invalidity, invalids = np.zeros_like(pensions), np.zeros_like(pensions)
        for band, (factors, reverted, death) in enumerate(zip(f.invalidity, f.invalidity_survivors, f.death, strict=True)):
            invalidity += _sum(awarded.invalidity[band], factors.paid)
            invalids += _sum(awarded.invalids[band], factors.in_payment)
            survivors += _sum(awarded.invalidity[band], reverted.paid) + _sum(awarded.death[band], death.paid)
            surviving += _sum(awarded.invalids[band], reverted.people) + _sum(awarded.dead[band], death.people)
        return _Owed(pensions, _sum(awarded.people, f.old_age.in_payment[ahead]), invalidity, invalids, survivors, surviving, grants)

    def _own_rights(self, i: int, out: LatticeOutput) -> _Awarded:
        own, events, lifts = self._own_awards(i, out), self._event_awards(i, out, None), self._lifts(i)
        return _Awarded(
            own.pension, own.people, events[INVALIDITY].own * lifts.invalidity[:, None], events[INVALIDITY].people,
            events[DEATH].own * lifts.death[:, None], events[DEATH].people,
        )  # fmt: skip

    def _coordinated_rights(self, i: int, out: LatticeOutput, counting: Counting, added: CoordinatedAwards, part: str) -> _Awarded:
        events, lifts = self._event_awards(i, out, counting), self._lifts(i)
        invalidity, death = (getattr(events[e], part) for e in (INVALIDITY, DEATH))
        people = [added.people, events[INVALIDITY].vested_people, events[DEATH].vested_people]
        if part == "topped":
            people = [np.zeros_like(p) for p in people]
        pension = added.vested if part == "vested" else added.topped
        return _Awarded(pension, people[0], invalidity * lifts.invalidity[:, None], people[1], death * lifts.death[:, None], people[2])

    def _sums_in_lieu(self, i: int, out: LatticeOutput, counting: Counting | None, terms: Terms) -> Array:
        """Sums that the law pays a family in place of survivors' pensions: its share of the old-age sum, in the year of death."""
        f = self._payments[i].factors
        assert f is not None
        awards = self._event_awards(i, out, counting)[DEATH]
        due = awards.lump_own + terms.claimed * (awards.lump_left - awards.lump_own)
        total = np.zeros((2, HORIZON))
        for band, death in enumerate(f.death):
            # Half a year is paid in the year of death, so twice that is the family's share.
            total += 2.0 * np.einsum("at,abtt->bt", due[band] * terms.rights, death.paid)
        claimed: Array = self._payments[i].settlement_claims * total
        return claimed

    def _resume(self, flows: Flows, i: int, more: Array) -> None:
        """Pensions awarded before the valuation date, as far as more of them is paid in a place [residence, year] than by national law."""
        if not np.any(more):
            return
        past, factors = self._past_awards(i), self._payments[i].factors
        assert factors is not None
        laws = self._countries[i].laws[:START]
        rights = np.array([law.foreigners_rights_share if i == 1 else 1.0 for law in laws])
        flows["pensions_resumed"] = _sum(past.pension * rights, factors.old_age.paid[:, :, :START, START:]) * more
        flows["pensioners"] = flows["pensioners"] + _sum(past.people * rights, factors.old_age.in_payment[:, :, :START, START:]) * more

    def _partner(self, i: int) -> str:
        return self._countries[1 - i].inputs.scheme.country

    def _lifts(self, i: int) -> Lifts:
        lifts = self._payments[i].lifts
        return lifts if lifts is not None else Lifts(np.ones((BANDS, HORIZON)), np.ones((BANDS, HORIZON)))

    def _terms(self, i: int, instrument: Instrument, unpaid: float, branch: BranchName) -> Terms:
        factor = self._payments[i].take_up_factor
        return instrument_terms(self._countries[i], i, self._partner(i), instrument, factor, unpaid, branch, self._national[i])

    def _months(self, i: int) -> tuple[Months, Months]:
        """Months per half-year in the scheme's own periods and in the other's, before the valuation date and after it."""
        own, other = (self._countries[j].months_per_credit(self._sex) for j in (i, 1 - i))
        return (own[:START], other[:START]), (own[START:], other[START:])

    def _event_awards(self, i: int, out: LatticeOutput, counting: Counting | None) -> dict[int, EventAwards]:
        found, nothing = out.events, np.zeros((BANDS, 2, HORIZON))
        return self._once(
            ("events", i, id(out), counting),
            lambda: {
                event: EventAwards(*(nothing,) * 7) if found is None else self._events.awards(found, i, event, counting)
                for event in (INVALIDITY, DEATH)
            },
        )

    def _own_awards(self, i: int, out: LatticeOutput) -> OwnAwards:
        return self._awards(("own", i, id(out)), self._own_rates(i, out), out, i)

    def _past_awards(self, i: int) -> OwnAwards:
        return self._awards(("past", i), self._past_rates(i), self._history, i)

    def _coordinated_awards(self, i: int, out: LatticeOutput, counting: Counting) -> CoordinatedAwards:
        return self._awards(("coordinated", i, id(out), counting), self._coordinated_rates(i, out, counting), out, i)

    def _awards(self, key: tuple[Any, ...], rates: AwardRates[Awards], out: LatticeOutput, i: int) -> Awards:
        people, amount = _cells(out, i)
        return self._once(key, lambda: rates.sums(people) if self._whole is None else rates.sums_of_part(people, amount))

    def _own_rates(self, i: int, out: LatticeOutput) -> AwardRates[OwnAwards]:
        if self._whole is not None:
            return self._whole._own_rates(i, self._whole_outs[id(out)])
        country = self._countries[i]
        return self._once(
            ("own rates", i, id(out)),
            lambda: own_rates(country.laws[START:], *_cells(out, i), country.inputs.earnings_cv, self._months(i)[1]),
        )

    def _past_rates(self, i: int) -> AwardRates[OwnAwards]:
        if self._whole is not None:
            return self._whole._past_rates(i)
        country = self._countries[i]
        return self._once(
            ("past rates", i),
            lambda: own_rates(country.laws[:START], *_cells(self._history, i), country.inputs.earnings_cv, self._months(i)[0]),
        )

    def _coordinated_rates(self, i: int, out: LatticeOutput, counting: Counting) -> AwardRates[CoordinatedAwards]:
        if self._whole is not None:
            return self._whole._coordinated_rates(i, self._whole_outs[id(out)], counting)
        country = self._countries[i]
        return self._once(
            ("coordinated rates", i, id(out), counting),
            lambda: coordinated_rates(
                country.laws[START:], *_cells(out, i), country.inputs.earnings_cv, *counting, self._months(i)[1], self._own_rates(i, out)
            ),
        )

    def _once(self, key: tuple[Any, ...], make: Callable[[], Made]) -> Made:
        """What was made before under the key, or else is now."""
        if key not in self._known:
            self._known[key] = make()
        made: Made = self._known[key]
        return made


def counting_rules(instrument: Instrument, other: CountryCareers) -> Counting:
    """Rules on amounts of an instrument, and whether months in the other scheme count.

    Residence and nationality are asked in the terms, so that instruments which differ in them alone share their awards.
    """
    counts = other.law.kind == "defined_benefit" or (other.law.kind == "account" and instrument.provisions.account_schemes.count_periods)
    return replace(rules_of(instrument), equal_treatment=False, export=False), counts


def event_rules(instrument: Instrument, other: CountryCareers) -> Counting | None:
    """The same for invalidity and death; ``None`` where nothing is added up."""
    p = instrument.provisions
    return counting_rules(instrument, other) if p.totalisation.enabled and p.amount.method != "none" else None


def _sum(awards: Array, factors: Array) -> Array:
    """Awards [place, year] times factors [place, place of payment, award year, payment year]."""
    total: Array = np.einsum("at,abtu->bu", awards, factors)
    return total


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
