"""Rights of movers when they reach pension age: who has own periods in a scheme, and who gets something for them.

1. People are counted at mid-year of the year in which they pass the scheme's pension age, with the periods they then have.
2. ``own`` people have own periods in the scheme. A refund on leaving ends the periods: whoever took one is not among them.
3. A pension is *payable* where it is paid at the place of residence of that date, and *suspended* where the right is there and payment abroad is not.
   Neither is lost. Everything else is: a settlement instead of a pension, a refund taken on leaving, or nothing.
4. In an account scheme the right is the balance: ``payable`` are those who still have one at payout age, and amounts are balances.
5. Who claims, and where pensions are paid: :mod:`actuarial.feasibility.terms`, of the year of the award.
6. Refunds that both cases have leave no trace unless a lattice without refunds is given: for all movers, those of the past are out of sight.

| people | meaning |
|---|---|
| lost without | own periods (before refunds, rule 6) - payable - suspended, under national law with refunds as they are |
| lost with | the same under the instrument |
| kept | lost without - lost with |
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from actuarial.basis.dimensions import FIRST_YEAR, Array, year_index
from actuarial.basis.instrument import Instrument
from actuarial.basis.scheme_law import SchemeLaw
from actuarial.careers.country import CountryCareers
from actuarial.careers.lattice import LatticeOutput
from actuarial.feasibility.awards import CoordinatedAwards, OwnAwards, coordinated_rates, own_rates, rules_of
from actuarial.feasibility.terms import Terms, instrument_terms, national_terms

START = year_index(FIRST_YEAR)


@dataclass(frozen=True)
class Rights:
    """One scheme's rights of people who pass its pension age; arrays [year], amounts in its currency a year (accounts: balances).

    own          people with own periods
    payable      with a pension payable where they live;  opened: those of them whose own periods alone would not have opened it
    suspended    with a right that is not paid where they live
    payable_amount, suspended_amount  pensions before commutation;  settled_amount  lump sums instead of a pension, if all are claimed
    """

    own: Array
    payable: Array
    opened: Array
    suspended: Array
    payable_amount: Array
    suspended_amount: Array
    settled_amount: Array

    @property
    def secured(self) -> Array:
        """People with a pension or a right to one [year]."""
        total: Array = self.payable + self.suspended
        return total


@dataclass(frozen=True)
class RightsKept:
    """Rights in one scheme without and with an instrument; ``own`` [year] are people with own periods before any refund that is looked at."""

    own: Array
    without: Rights
    with_instrument: Rights

    @property
    def lost_without(self) -> Array:
        """People with own periods who get no pension nor right to one from the scheme, without the instrument [year]."""
        people: Array = self.own - self.without.secured
        return people

    @property
    def lost_with(self) -> Array:
        """The same with the instrument [year]."""
        people: Array = self.own - self.with_instrument.secured
        return people

    @property
    def kept(self) -> Array:
        """People who lose their right without the instrument and keep it with it [year]."""
        people: Array = self.lost_without - self.lost_with
        return people

    @property
    def kept_amount(self) -> Array:
        """Pensions a year (accounts: balances), payable or suspended, with minus without [year]."""
        one, two = self.without, self.with_instrument
        amount: Array = two.payable_amount + two.suspended_amount - one.payable_amount - one.suspended_amount
        return amount


def pension_rights(laws: Sequence[SchemeLaw], own: OwnAwards, terms: Terms, added: CoordinatedAwards | None = None) -> Rights:
    """Rights in a defined-benefit scheme: its awards of the years of ``laws``, on ``terms``; ``added`` is what an instrument adds if all claim.

    They are those that :class:`actuarial.feasibility.corridor.CorridorPricer` prices, so that nothing is awarded twice.
    """
    # Amounts of awards are after commutation.
    whole = 1.0 / (1.0 - np.array([law.commutation_share for law in laws]))
    rights, here = terms.rights, terms.own
    people, pension = own.people * rights, own.pension * rights * whole
    payable, suspended = (people * here).sum(axis=0), (people * (1.0 - here)).sum(axis=0)
    paid, kept_back = (pension * here).sum(axis=0), (pension * (1.0 - here)).sum(axis=0)
    opened, single = np.zeros(len(laws)), own.lump_sum
    if added is not None:
        claimed, there = terms.claimed * rights, terms.coordinated
        opened = (added.people * claimed * there).sum(axis=0)
        more = (added.vested + added.topped) * claimed * whole
        payable, suspended = payable + opened, suspended + (added.people * claimed * (1.0 - there)).sum(axis=0)
        paid, kept_back = paid + (more * there).sum(axis=0), kept_back + (more * (1.0 - there)).sum(axis=0)
        single = single + terms.claimed * (added.lump_sum - single)
    return Rights(own.insured.sum(axis=0), payable, opened, suspended, paid, kept_back, (single * rights).sum(axis=0))


def account_rights(people: Array, amount: Array) -> Rights:
    """Rights in an account scheme; ``people``, ``amount`` [year, residence, own service, other service]. Balances are paid in any place."""
    zero = np.zeros(people.shape[0])
    own = people[:, :, 1:].sum(axis=(1, 2, 3))
    return Rights(own, own, zero, zero, amount.sum(axis=(1, 2, 3)), zero, zero)


def lattice_rights(
    out: LatticeOutput, i: int, pair: tuple[CountryCareers, CountryCareers], sex: int, instrument: Instrument | None,
    take_up_factor: float = 1.0, unpaid: float = 0.0,
) -> Rights | None:  # fmt: skip
    """Rights after one run of a lattice over the projection, in the scheme of its origin (``i`` 0) or host (1).

    ``pair`` is (origin, host); ``None`` for the instrument is national law alone, and as result a scheme that insures nobody; ``take_up_factor`` and
    ``unpaid`` are those of the terms. The result is a handful of arrays [year], so that the lattice output can go.
    """
    country, other = pair[i], pair[1 - i]
    people, amount = out.award_people[i], out.award_amount[i]
    if i == 1:
        people, amount = people.swapaxes(2, 3), amount.swapaxes(2, 3)
    if country.law.kind == "account":
        return account_rights(people, amount)
    if country.law.kind != "defined_benefit":
        return None
    laws, cv, partner = country.laws[START:], country.inputs.earnings_cv, other.inputs.scheme.country
    months = (country.months_per_credit(sex)[START:], other.months_per_credit(sex)[START:])
    rates = own_rates(laws, people, amount, cv, months)
    own = rates.sums(people)
    if instrument is None:
        return pension_rights(laws, own, national_terms(country, i, partner))
    counts = other.law.kind == "defined_benefit" or (other.law.kind == "account" and instrument.provisions.account_schemes.count_periods)
    # Residence and nationality are asked in the terms.
    rules = replace(rules_of(instrument), equal_treatment=False, export=False)
    added = coordinated_rates(laws, people, amount, cv, rules, counts, months, rates).sums(people)
    return pension_rights(laws, own, instrument_terms(country, i, partner, instrument, take_up_factor, unpaid), added)


def rights_kept(
    without: LatticeOutput, with_instrument: LatticeOutput, i: int, pair: tuple[CountryCareers, CountryCareers], sex: int, instrument: Instrument,
    intact: LatticeOutput | None = None, take_up_factor: float = 1.0, unpaid: float = 0.0,
) -> RightsKept | None:  # fmt: skip
    """Both cases of :func:`lattice_rights`; ``intact`` is the lattice as if nobody ever took a refund.

    Left out, people with own periods are those of the case that has more of them in a year.
    """
    one, two = lattice_rights(without, i, pair, sex, None), lattice_rights(with_instrument, i, pair, sex, instrument, take_up_factor, unpaid)
    if one is None or two is None:
        return None
    if intact is None:
        return RightsKept(np.maximum(one.own, two.own), one, two)
    people = intact.award_people[i]
    nobody = people[:, :, 0].sum(axis=(1, 2)) if i == 0 else people[:, :, :, 0].sum(axis=(1, 2))
    return RightsKept(people.sum(axis=(1, 2, 3)) - nobody, one, two)
