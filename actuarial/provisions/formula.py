"""National formulas of one person's case: a scheme's law with the person's earnings, or amounts worked out elsewhere.

1. Earnings that stand for foreign periods follow the instrument's earnings basis: ``own_average`` the person's own reference earnings, ``own_last``
   the last year's, ``revalued`` the reference earnings of the record revalued to the award. Own and foreign months are weighted.
2. Both kinds compute with the functions of the projection; one person's earnings have no spread.
3. Invalidity is computed by :mod:`actuarial.provisions.invalidity`; survivors' pensions are the family's share of the old-age pension that the
   deceased's months give (assumed where the law refers to an invalidity pension not yet awarded).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import numpy as np

from actuarial.basis.scheme_law import SchemeLaw
from actuarial.provisions import invalidity, maternity
from actuarial.provisions.coordination import national_pension
from actuarial.provisions.funeral import funeral_grant
from actuarial.provisions.lump_sum import lump_sum
from actuarial.provisions.old_age import maximum_period_months
from actuarial.provisions.survivors import Family, family_shares, lump_sum_in_lieu, survivors_law

Branch = Literal["old_age", "invalidity", "survivors", "maternity", "funeral"]


@dataclass(frozen=True)
class LawFormula:
    """A branch by a scheme's law (maternity and funeral: one sum, not a pension).

    reference  earnings per year of own periods (``None``: not given);  abroad  those that stand for foreign periods
    needed  qualifying months of the branch;  months_of_age  at the contingency, for projected service;  family  of a deceased person
    """

    law: SchemeLaw
    reference: float | None
    abroad: float | None
    own: Fraction
    state: str
    branch: Branch = "old_age"
    needed: int = 0
    months_of_age: float = 0.0
    family: Family = Family()

    @property
    def longest(self) -> Fraction | None:
        """Months that earn the maximum pension."""
        months = maximum_period_months(self.law)
        return None if months is None or not np.isfinite(months) else Fraction(months).limit_denominator(10**6)

    @property
    def floor(self) -> float:
        """Minimum pension per year."""
        return self.law.minimum_pension * self._family_share()

    def independent(self, months: Fraction) -> float:
        """Pension (or sum) by national law, minimum included."""
        if self.branch == "funeral":
            return funeral_grant(self.law)
        return self._pension(months, self._given(), minimum=True)

    def theoretical(self, months: Fraction, *, minimum: bool) -> float:
        """Pension as if ``months`` had been completed here."""
        own = min(self.own, months)
        average = self._given()
        if self.abroad is not None and months > own:
            average = (float(own) * average + float(months - own) * self.abroad) / float(months)
        return self._pension(months, average, minimum=minimum)

    def settlement(self, months: Fraction) -> float:
        """Single payment to somebody who does not qualify (survivors: in lieu of pensions; invalidity: none)."""
        if months == 0 or self.law.lump_sum_months_per_year == 0.0 or self.branch not in ("old_age", "survivors"):
            return 0.0
        if self.branch == "survivors":
            return float(lump_sum_in_lieu(self.law, float(months), self._given(), self.family))
        return float(lump_sum(self.law, float(months), self._given()))

    def _family_share(self) -> float:
        if self.branch != "survivors":
            return 1.0
        shares = survivors_law(self.law).shares
        assert shares is not None
        return float(family_shares(shares, self.family).total)

    def _given(self) -> float:
        if self.reference is None:
            raise ValueError(f"states.{self.state}.earnings is missing; the formula of {self.law.scheme_id} needs earnings (reference or by_year)")
        return self.reference

    def _pension(self, months: Fraction, reference: float, *, minimum: bool) -> float:
        if self.branch == "maternity":
            return float(maternity.scheme_part(self.law, reference / 12.0)) + float(maternity.birth_grant(self.law))
        if self.branch == "invalidity":
            return float(invalidity.annual_pension(self.law, float(months), reference, self.months_of_age, minimum=minimum))
        pension = float(national_pension(self.law, np.asarray(float(months)), np.asarray(reference), 0.0, minimum=minimum))
        return pension * self._family_share()


@dataclass(frozen=True)
class GivenFormula:
    """Amounts given as numbers: the independent one for own periods, the theoretical one for all periods together.

    The theoretical amount stands for the total of the case and for no other period, so methods that need another one are refused.
    """

    needed: int
    independent_amount: float | None
    theoretical_amount: float | None
    total: Fraction
    floor: float
    longest: Fraction | None
    settlement_amount: float
    state: str

    def independent(self, months: Fraction) -> float:
        """The independent amount of the case."""
        if self.independent_amount is None:
            raise ValueError(f"states.{self.state}.amounts.independent is missing; own periods of {float(months):g} months suffice for a pension")
        return self.independent_amount

    def theoretical(self, months: Fraction, *, minimum: bool) -> float:
        """The theoretical amount of the case."""
        if self.theoretical_amount is None:
            raise ValueError(f"states.{self.state}.amounts.theoretical is missing; the amount method needs it")
        if months != self.total:
            raise ValueError(
                f"states.{self.state}.amounts.theoretical stands for all {float(self.total):g} months of the case, but the amount method needs "
                f"the pension for {float(months):g} months; give the scheme (scheme or own_scheme) instead of amounts"
            )
        return max(self.theoretical_amount, self.floor) if minimum else self.theoretical_amount

    def settlement(self, months: Fraction) -> float:
        """The single payment of the case."""
        return self.settlement_amount if months > 0 else 0.0
