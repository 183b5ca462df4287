"""Survivors: the family's shares, their cap, and what they are shares of.

1. Counts are numbers of persons by kind (arrays broadcast): spouses, half orphans, full orphans, parents.
2. The spouses have one share between them: widows of one man divide it equally. A right lost by remarriage isn't
   divided among the others, it is gone; the caller counts the spouses who are left (:func:`spouse_entitled`).
3. Shares above the family's maximum are all cut in the same proportion.

| symbol | identifier | meaning |
|---|---|---|
| s, h, f, a | spouse, half_orphan, full_orphan, parent | shares of the base |
| M | family_maximum | cap of their sum |
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from actuarial.basis.dimensions import Array
from actuarial.basis.scheme_branch_law import SharesLaw, SurvivorsLaw
from actuarial.basis.scheme_law import SchemeLaw
from actuarial.provisions.lump_sum import MONTHS_PER_YEAR, lump_sum_amount
from actuarial.provisions.qualifying import Truth

Numbers = npt.ArrayLike


@dataclass(frozen=True)
class Family:
    """Survivors by kind, counts that broadcast."""

    spouses: Numbers = 0
    half_orphans: Numbers = 0
    full_orphans: Numbers = 0
    parents: Numbers = 0

    def counts(self) -> tuple[Array, Array, Array, Array]:
        """The four counts in one shape. Raises ``ValueError`` for negative ones."""
        parts = (self.spouses, self.half_orphans, self.full_orphans, self.parents)
        found = np.broadcast_arrays(*(np.asarray(part, dtype=np.float64) for part in parts))
        if any(np.any(part < 0.0) for part in found):
            raise ValueError("numbers of survivors cannot be negative")
        return found[0], found[1], found[2], found[3]


@dataclass(frozen=True)
class FamilyShares:
    """Shares of the base after the cap: of all spouses, half orphans, full orphans and parents together."""

    spouses: Array
    half_orphans: Array
    full_orphans: Array
    parents: Array

    @property
    def total(self) -> Array:
        """Share of the whole family."""
        result: Array = self.spouses + self.half_orphans + self.full_orphans + self.parents
        return result


def survivors_law(law: SchemeLaw) -> SurvivorsLaw:
    """The branch. Raises ``ValueError`` when the scheme has none or its rules are not known."""
    if law.survivors is None:
        raise ValueError(f"{law.scheme_id} {law.year}: no rules of survivors' benefits")
    return law.survivors


def child_entitled(shares: SharesLaw, age: Numbers, *, student: Numbers = False, disabled: Numbers = False) -> Truth:
    """Whether a child of an age in completed years counts: below the limit, or as student or disabled child."""
    years = np.asarray(age, dtype=np.float64)
    young = years < shares.child_age
    studies = np.asarray(student, dtype=np.bool_) & (years < shares.student_age)
    unlimited = np.asarray(disabled, dtype=np.bool_) & shares.disabled_child_without_limit
    return np.asarray(young | studies | unlimited, dtype=np.bool_)


def spouse_entitled(shares: SharesLaw, remarried: Numbers) -> Truth:
    """Whether a widow or widower counts: not after remarriage where the law ends the right."""
    return np.asarray(~(np.asarray(remarried, dtype=np.bool_) & shares.spouse_until_remarriage), dtype=np.bool_)


def uncapped_shares(shares: SharesLaw, family: Family) -> FamilyShares:
    """Shares by kind as if there were no maximum for the family."""
    spouses, half, full, parents = family.counts()
    spouse_part = np.where(spouses > 0.0, shares.spouse, 0.0)
    children = half + full
    if shares.children_shared:
        each = np.divide(shares.half_orphan, children, out=np.zeros_like(children), where=children > 0.0)
        half_part, full_part = half * each, full * each
    else:
        half_part, full_part = half * shares.half_orphan, full * shares.full_orphan
    parent_part = shares.parent * (np.minimum(parents, 1.0) if shares.parents_shared else parents)
    if shares.parents_only_alone:
        parent_part = np.where((spouses > 0.0) | (children > 0.0), 0.0, parent_part)
    return FamilyShares(spouse_part, half_part, full_part, np.asarray(parent_part, dtype=np.float64))


def family_shares(shares: SharesLaw, family: Family) -> FamilyShares:
    """Shares by kind, all multiplied by M / sum where they sum to more than the maximum M."""
    raw = uncapped_shares(shares, family)
    total = raw.total
    factor = np.divide(shares.family_maximum, total, out=np.ones_like(total), where=total > shares.family_maximum)
    return FamilyShares(raw.spouses * factor, raw.half_orphans * factor, raw.full_orphans * factor, raw.parents * factor)


def per_head(part: Numbers, persons: Numbers) -> Array:
    """A kind's part divided equally among its persons (wives of one man, children); 0 where there is nobody."""
    amount, count = np.broadcast_arrays(np.asarray(part, dtype=np.float64), np.asarray(persons, dtype=np.float64))
    result: Array = np.divide(amount, count, out=np.zeros_like(amount), where=count > 0.0)
    return result


def qualifies(law: SchemeLaw, months: Numbers, *, pensioner: Numbers = False) -> Truth:
    """Whether the deceased's months, or the pension already held, open survivors' pensions."""
    enough = np.asarray(months, dtype=np.float64) >= survivors_law(law).minimum_months
    return np.asarray(enough | np.asarray(pensioner, dtype=np.bool_), dtype=np.bool_)


def survivors_pension(law: SchemeLaw, base: Numbers, family: Family) -> FamilyShares:
    """Pensions per year by kind: shares of ``base``, the yearly pension that the deceased had or would have had.

    Raises ``ValueError`` for an account scheme.
    """
    shares = _pension_shares(law)
    found, pension = family_shares(shares, family), np.asarray(base, dtype=np.float64)
    return FamilyShares(*(np.asarray(pension * part) for part in (found.spouses, found.half_orphans, found.full_orphans, found.parents)))


def lump_sum_in_lieu(law: SchemeLaw, months: Numbers, reference: Numbers, family: Family) -> Array:
    """Sum for the whole family where the deceased had too few months for pensions, and the law pays one; else 0.

    The old-age lump sum for those months, from its shortest period on, times the family's share of a pension.
    """
    if not survivors_law(law).lump_sum_in_lieu:
        return np.zeros(np.broadcast(np.asarray(months), np.asarray(reference)).shape)
    amount = lump_sum_amount(law, months, reference) * family_shares(_pension_shares(law), family).total
    due = ~qualifies(law, months) & (np.asarray(months, dtype=np.float64) >= law.lump_sum_minimum_months)
    return np.asarray(np.where(due, amount, 0.0), dtype=np.float64)


def death_grant(law: SchemeLaw, pension: Numbers) -> Array:
    """Sum paid once when a pensioner dies: months of the pension in payment (given per year)."""
    result: Array = survivors_law(law).death_grant_months / MONTHS_PER_YEAR * np.asarray(pension, dtype=np.float64)
    return result


def tier_one_top_up(law: SchemeLaw, months: Numbers, months_to_pension_age: Numbers, last_contribution: Numbers) -> Array:
    """Supplement to the first account: min(share * months to pension age, maximum) * last monthly contribution to it.

    0 with too few contributions, after pension age, and in schemes without one. Shapes broadcast.
    """
    rule = survivors_law(law).top_up
    paid, left, last = (np.asarray(part, dtype=np.float64) for part in (months, months_to_pension_age, last_contribution))
    if rule is None:
        return np.zeros(np.broadcast(paid, left, last).shape)
    counted = np.minimum(rule.share_of_months * np.maximum(left, 0.0), rule.maximum_months)
    return np.asarray(np.where(paid >= rule.minimum_months, counted * last, 0.0), dtype=np.float64)


def account_benefit(
    law: SchemeLaw, balance: Numbers, months: Numbers, months_to_pension_age: Numbers = 0.0, last_contribution: Numbers = 0.0
) -> Array:
    """What the heirs of a member of an account scheme receive: the balance and the supplement to the first account.

    Raises ``ValueError`` for a scheme that pays shares of a pension.
    """
    rule = survivors_law(law)
    if rule.amount != "balance":
        raise ValueError(f"{law.scheme_id}: survivors receive shares of a pension, not a balance")
    paid = np.asarray(months, dtype=np.float64)
    held = np.where(paid >= rule.minimum_months, np.asarray(balance, dtype=np.float64), 0.0)
    return np.asarray(held + tier_one_top_up(law, paid, months_to_pension_age, last_contribution), dtype=np.float64)


def _pension_shares(law: SchemeLaw) -> SharesLaw:
    shares = survivors_law(law).shares
    if shares is None:
        raise ValueError(f"{law.scheme_id}: survivors receive the balance of the account, not shares of a pension")
    return shares
