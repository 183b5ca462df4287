"""What a scheme owes at pension age to somebody with periods at home and abroad: one ``award`` for every part of the toolkit.

Notation: n own months, m months in the other scheme, N = n + m, f the national formula on own reference earnings.

| amount method      | pension where the own period suffices   | pension where it does not, but N does  | source                              |
|--------------------|-----------------------------------------|----------------------------------------|-------------------------------------|
| ``none``           | f(n)                                    | none: lump sum                         | national law alone                  |
| ``direct``         | f(n) by accrual on own periods          | own share of f(q) at the threshold q   | agreements that totalise for access |
| ``balance``        | as ``direct``                           | as ``direct``                          | Regulation (EC) 883/2004, Art. 52(5)|
| ``separate_first`` | f(n)                                    | f(N) n / D                             | Recommendation 167, many agreements |
| ``higher_of``      | max(f(n), f(N) n / D)                   | f(N) n / D                             | Regulation (EC) 883/2004, Art. 52   |
| ``option``         | as ``higher_of``: a well-advised choice | f(N) n / D                             | agreements with a claimant's option |
| ``pro_rata``       | f(N) n / D                              | f(N) n / D                             | Recommendation 167, Alternative I   |

D = N, or at most the period that earns the maximum pension (``max_period``, Art. 56(1)(a)). ``direct`` pays f(q) n / q for n < q, the average
accrual of the qualifying period, so that no part of the amount rests on foreign years beyond access. The methods in which one scheme pays for all, or
money moves between schemes, are in :mod:`actuarial.provisions.coordination_schemes`.

1. Foreign months open the right and enter the theoretical amount; foreign earnings never do.
2. An own period below ``min_own_months`` opens no right by totalisation; :class:`AwardRules` says what becomes of it in the other scheme's ratio.
3. A pension that may not be paid abroad is suspended, not commuted; a lump sum is paid wherever the person lives (assumed).
4. Reference earnings are lognormal around the cell's mean with a given coefficient of variation, which matters for the minimum pension; one
   person's earnings have none.
5. Every pension, of one person or of a cell of the projection, is decided by :func:`opened` and :func:`payable`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from actuarial.basis.dimensions import Array
from actuarial.basis.instrument_provisions import AmountMethod, Denominator, ShortPeriods
from actuarial.basis.scheme_law import SchemeLaw
from actuarial.provisions.earnings import expected_above_floor, expected_below_ceiling
from actuarial.provisions.lump_sum import lump_sum
from actuarial.provisions.old_age import flat_part, maximum_period_months, replacement_share

SCHEME_BY_SCHEME: Final[tuple[AmountMethod, ...]] = ("none", "pro_rata", "separate_first", "higher_of", "option", "direct", "balance")
"""Methods in which each scheme decides on its own amount; the others move money between schemes."""
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class AwardRules:
    """The coordination provisions in force for one award, as plain values.

    equal_treatment      foreigners have the rights of nationals
    export               pensions are paid to residents of the partner state
    totalise             partner months open the right
    min_own_months       own period needed for a right by totalisation
    method, denominator  see the module's table
    short_periods        a partner's period below the minimum stays in the ratio (``unpaid``), leaves it but stays in the theoretical amount
                         (``paid_by_others``), or is ``not_counted``
    minimum              the theoretical amount contains the minimum pension
    top_up               a coordinated pension is lifted to the scheme's own minimum pension
    """

    equal_treatment: bool = False
    export: bool = False
    totalise: bool = False
    min_own_months: int = 0
    method: AmountMethod = "none"
    denominator: Denominator = "total"
    short_periods: ShortPeriods = "unpaid"
    minimum: bool = True
    top_up: bool = False


NATIONAL_LAW = AwardRules()
"""No coordination at all."""


@dataclass(frozen=True)
class Award:
    """Outcome per person, arrays of one shape.

    pension        annual pension payable, before commutation;  independent: the one that own periods alone would open
    entitled       share of people with a pension payable (0 or 1, or the share of foreigners with rights)
    by_totalisation  the part of ``entitled`` that own periods alone would not have opened
    lump_sum       single payment instead of a pension
    """

    pension: Array
    independent: Array
    entitled: Array
    by_totalisation: Array
    lump_sum: Array


def national_pension(law: SchemeLaw, months: Array, reference: Array, cv: float, *, minimum: bool = True) -> Array:
    """Expected annual pension by the national formula for ``months`` of service, whether or not they qualify.

    ``reference`` is the mean of annual reference earnings; the minimum pension is applied in expectation over their dispersion, unless
    ``minimum`` is false. A person without service has no pension. Shapes broadcast.
    """
    return _formula(law, replacement_share(law, months), flat_part(law, months) / (law.flat_amount or 1.0), reference, cv, minimum=minimum)


def _formula(law: SchemeLaw, share: Array, flat: Array, reference: Array, cv: float, *, minimum: bool = True) -> Array:
    """Expected pension of a ``share`` of reference earnings and a share ``flat`` of the flat amount, between minimum and maximum."""
    pension = share * reference
    if law.flat_amount > 0.0:
        pension = pension + flat * law.flat_amount
    if np.isfinite(law.maximum_pension):
        pension = expected_below_ceiling(pension, cv, law.maximum_pension)
    if minimum and law.minimum_pension > 0.0:
        pension = _lifted(pension, law.minimum_pension, cv)
    return pension


def _lifted(pension: Array, minimum: float, cv: float) -> Array:
    return np.where(pension > 0.0, expected_above_floor(np.maximum(pension, 1e-300), cv, minimum), 0.0)


def opened(own: npt.ArrayLike, total: npt.ArrayLike, needed: npt.ArrayLike, rules: AwardRules) -> tuple[Flags, Flags]:
    """Who has a right by own months alone, and who only together with months elsewhere. Shapes broadcast.

    >>> opened([200.0, 100.0, 6.0], [200.0, 200.0, 200.0], 180, AwardRules(totalise=True, min_own_months=12, method="pro_rata"))
    (array([ True, False, False]), array([False,  True, False]))
    """
    n, whole = np.broadcast_arrays(np.asarray(own, float), np.asarray(total, float))
    alone = (n >= np.asarray(needed)) & (n > 0)
    if not rules.totalise or rules.method == "none":
        return alone, np.zeros_like(alone)
    return alone, ~alone & (n > 0) & (n >= rules.min_own_months) & (whole >= np.asarray(needed)) & (whole > n)


def denominator(own: npt.ArrayLike, total: npt.ArrayLike, longest: float | None, rule: Denominator) -> Array:
    """Months that the own ones are a share of: all, or at most ``longest`` (never less than the own ones)."""
    whole = np.asarray(total, float)
    return whole if rule == "total" or longest is None else np.maximum(np.minimum(whole, longest), np.asarray(own, float))


def counted(method: AmountMethod, alone: Flags, together: Flags) -> tuple[Flags, Flags]:
    """Which of two amounts count by the module's table, (independent, coordinated): the pension is the larger of those that do.

    Raises ``ValueError`` for a method that is not decided scheme by scheme.
    """
    if method not in SCHEME_BY_SCHEME:
        raise ValueError(f"'{method}' is not decided scheme by scheme")
    if method == "pro_rata":
        return np.zeros_like(alone), alone | together
    return alone & ~together, together | alone if method in ("higher_of", "option") else together


def payable(method: AmountMethod, alone: Flags, together: Flags, independent: Array, coordinated: Array) -> Array:
    """The pension each method pays, of two amounts and two facts; shapes broadcast.

    ``coordinated`` is the pro rata amount, under ``direct`` and ``balance`` the amount on own periods. Raises as :func:`counted`.
    """
    first, second = counted(method, np.asarray(alone, bool), np.asarray(together, bool))
    return np.maximum(np.where(first, independent, 0.0), np.where(second, coordinated, 0.0))


@dataclass(frozen=True)
class ServiceTerms:
    """What of an award rests on service and rules, not on earnings; arrays of one shape.

    alone, together      who has a right by own months, who only together with months elsewhere
    independent, coordinated  which amounts count (:func:`counted`)
    own_share, own_flat  of the national formula on own months: share of reference earnings, share of the flat amount
    whole_share, whole_flat   the same on the months of the theoretical amount;  part: share of that amount that is owed
    settled              lump sum of a law that pays one month of pay for every twelve of service, per unit of reference earnings
    """

    alone: Flags
    together: Flags
    independent: Flags
    coordinated: Flags
    own_share: Array
    own_flat: Array
    whole_share: Array
    whole_flat: Array
    part: Array
    settled: Array


def service_terms(law: SchemeLaw, own_months: npt.ArrayLike, other_months: npt.ArrayLike, rules: AwardRules) -> ServiceTerms:
    """Terms for months credited here and in schemes that count; shapes broadcast. Raises ``ValueError`` for negative months.

    Of the law they read the formula's shares, the qualifying period and from which service a lump sum is paid: no amount of money.
    """
    own, other = np.broadcast_arrays(np.asarray(own_months, float), np.asarray(other_months, float))
    if np.any(own < 0) or np.any(other < 0):
        raise ValueError("months of service cannot be negative")
    short = other < rules.min_own_months
    if rules.short_periods == "not_counted":
        other = np.where(short, 0.0, other)
    total = own + other if rules.totalise else own
    alone, together = opened(own, total, law.qualifying_months, rules)
    months = below = own
    if rules.totalise and rules.method in ("direct", "balance"):
        months = below = np.maximum(own, float(law.qualifying_months))
    elif rules.totalise and rules.method != "none":
        shared = np.where(short, own, total) if rules.short_periods == "paid_by_others" else total
        months, below = total, denominator(own, shared, maximum_period_months(law), rules.denominator)
    unit = replace(law, lump_sum_months_per_year=1.0, flat_amount=float(law.flat_amount > 0.0))
    return ServiceTerms(
        alone, together, *counted(rules.method if rules.totalise else "none", alone, together),
        replacement_share(law, own), flat_part(unit, own), replacement_share(law, months), flat_part(unit, months),
        np.divide(own, below, out=np.zeros_like(own), where=below > 0),
        np.where(alone | together, 0.0, lump_sum(unit, own, 1.0)),
    )  # fmt: skip


def award(
    law: SchemeLaw,
    own_months: Array,
    other_months: Array,
    reference: Array,
    *,
    cv: float,
    rules: AwardRules,
    abroad: bool = False,
    foreigner: bool = False,
    partner: str = "",
) -> Award:
    """Old-age award of a defined-benefit scheme at pension age.

    Pension = max(formula on own periods if they open the right, part x formula on all periods if together they do) x rights of foreigners x export;
    part = own / all periods, or as the instrument says.

    ``own_months`` and ``other_months`` are months credited here and in schemes that count (0 where periods do not count), ``reference`` the
    mean annual reference earnings in this scheme; shapes broadcast. ``abroad`` says that the person lives in the partner state, ``foreigner``
    that the person is a national of it; ``partner`` is its code, for agreements that stand already.

    Raises ``ValueError`` for negative months.
    """
    own, other, reference = np.broadcast_arrays(
        np.asarray(own_months, float), np.asarray(other_months, float), np.asarray(reference, float)
    )
    terms = service_terms(law, own, other, rules)
    independent = _formula(law, terms.own_share, terms.own_flat, reference, cv)
    coordinated = np.zeros_like(independent)
    if rules.totalise and rules.method != "none":
        coordinated = terms.part * _formula(law, terms.whole_share, terms.whole_flat, reference, cv, minimum=rules.minimum)
        if rules.top_up and law.minimum_pension > 0.0:
            coordinated = _lifted(coordinated, law.minimum_pension, cv)
    pension = np.maximum(np.where(terms.independent, independent, 0.0), np.where(terms.coordinated, coordinated, 0.0))
    rights = 1.0 if rules.equal_treatment or not foreigner else law.foreigners_rights_share
    due = 1.0 if rules.export or not abroad or partner in law.export_partners else float(law.export_without_instrument)
    return Award(
        pension=pension * rights * due,
        independent=np.where(terms.alone, independent, 0.0) * rights * due,
        entitled=np.where(terms.alone | terms.together, rights * due, 0.0),
        by_totalisation=np.where(terms.together, rights * due, 0.0),
        lump_sum=rights * law.lump_sum_months_per_year * terms.settled * reference,
    )
