"""What a scheme owes at pension age to somebody with periods at home and abroad: one ``award`` for every part of the toolkit.

Notation: n own months, m months in the other scheme, N = n + m, f the national formula on own reference earnings.

| amount method   | pension where the own period suffices      | pension where it does not, but N does     | source                              |
|-----------------|--------------------------------------------|-------------------------------------------|-------------------------------------|
| ``none``        | f(n)                                       | none: lump sum                            | national law alone                  |
| ``direct``      | f(n) by accrual on own periods             | own share of f(N) counted by own months   | agreements that totalise for access |
| ``separate_first`` | f(n)                                    | f(N) n / D                                | Recommendation 167, many agreements |
| ``higher_of``   | max(f(n), f(N) n / D)                      | f(N) n / D                                | Regulation (EC) 883/2004, Art. 52   |
| ``pro_rata``    | f(N) n / D                                 | f(N) n / D                                | Recommendation 167, Alternative I   |

D = N, or at most the period that earns the maximum pension (``max_period``, Art. 56(1)(a)). ``direct`` pays f(N) x n / N at the average
accrual of the qualifying period: f(q) n / q for n < q, so that no part of the amount rests on foreign years beyond access.

1. Foreign months open the right and enter the theoretical amount; foreign earnings never do.
2. An own period below ``min_own_months`` opens no right by totalisation.
3. A pension that may not be paid abroad is suspended, not commuted; a lump sum is paid wherever the person lives (assumed).
4. Reference earnings are lognormal around the cell's mean with a given coefficient of variation, which matters for the minimum pension.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from actuarial.basis.dimensions import Array
from actuarial.basis.scheme import SchemeLaw
from actuarial.provisions.earnings import expected_above_floor
from actuarial.provisions.lump_sum import lump_sum
from actuarial.provisions.old_age import maximum_period_months, replacement_share

AmountMethod = Literal["none", "pro_rata", "separate_first", "higher_of", "direct"]


@dataclass(frozen=True)
class AwardRules:
    """The coordination provisions in force for one award, as plain values.

    equal_treatment      foreigners have the rights of nationals
    export               pensions are paid to residents of the partner state
    totalise             partner months open the right
    min_own_months       own period needed for a right by totalisation
    method, denominator  see the module's table
    """

    equal_treatment: bool = False
    export: bool = False
    totalise: bool = False
    min_own_months: int = 0
    method: AmountMethod = "none"
    denominator: Literal["total", "max_period"] = "total"


NATIONAL_LAW = AwardRules()
"""No coordination at all."""


@dataclass(frozen=True)
class Award:
    """Outcome per person, arrays of one shape.

    pension        annual pension payable, before commutation
    entitled       share of people with a pension payable (0 or 1, or the share of foreigners with rights)
    by_totalisation  the part of ``entitled`` that own periods alone would not have opened
    lump_sum       single payment instead of a pension
    """

    pension: Array
    entitled: Array
    by_totalisation: Array
    lump_sum: Array


def national_pension(law: SchemeLaw, months: Array, reference: Array, cv: float) -> Array:
    """Expected annual pension by the national formula for ``months`` of service, whether or not they qualify.

    ``reference`` is the mean of annual reference earnings; the minimum pension is applied in expectation over their dispersion. A person
    without service has no pension. Shapes broadcast.
    """
    share = replacement_share(law, months)
    pension = share * reference
    if law.minimum_pension > 0.0:
        pension = np.where(pension > 0.0, expected_above_floor(np.maximum(pension, 1e-300), cv, law.minimum_pension), 0.0)
    return pension


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
) -> Award:
    """Old-age award of a defined-benefit scheme at pension age.

    ``own_months`` and ``other_months`` are months credited here and in schemes that count (0 where periods do not count), ``reference`` the
    mean annual reference earnings in this scheme; shapes broadcast. ``abroad`` says that the person lives in the partner state, ``foreigner``
    that the person is a national of it.

    Raises ``ValueError`` for negative months.
    """
    own, other, reference = np.broadcast_arrays(
        np.asarray(own_months, float), np.asarray(other_months, float), np.asarray(reference, float)
    )
    if np.any(own < 0) or np.any(other < 0):
        raise ValueError("months of service cannot be negative")
    alone = (own >= law.qualifying_months) & (own > 0)
    total = own + other if rules.totalise else own
    together = ~alone & (own > 0) & (own >= rules.min_own_months) & (total >= law.qualifying_months) & (other > 0)
    if not rules.totalise or rules.method == "none":
        together = np.zeros_like(alone)
    independent = national_pension(law, own, reference, cv)
    pension = np.where(alone, independent, 0.0)
    if rules.totalise and rules.method != "none":
        coordinated = _coordinated(law, own, total, reference, cv, rules)
        if rules.method == "higher_of":
            pension = np.where(alone, np.maximum(independent, coordinated), pension)
        elif rules.method == "pro_rata":
            pension = np.where(alone, coordinated, pension)
        pension = np.where(together, coordinated, pension)
    rights = 1.0 if rules.equal_treatment or not foreigner else law.foreigners_rights_share
    payable = 1.0 if rules.export or not abroad else float(law.export_without_instrument)
    entitled = np.where(alone | together, rights * payable, 0.0)
    grant = np.where(alone | together, 0.0, rights * lump_sum(law, own, reference))
    return Award(
        pension=pension * rights * payable,
        entitled=entitled,
        by_totalisation=np.where(together, rights * payable, 0.0),
        lump_sum=grant,
    )


def _coordinated(law: SchemeLaw, own: Array, total: Array, reference: Array, cv: float, rules: AwardRules) -> Array:
    if rules.method == "direct":
        qualifying = np.maximum(own, float(law.qualifying_months))
        return national_pension(law, qualifying, reference, cv) * np.divide(own, qualifying, out=np.zeros_like(own), where=qualifying > 0)
    theoretical = national_pension(law, total, reference, cv)
    denominator = total
    longest = maximum_period_months(law)
    if rules.denominator == "max_period" and longest is not None:
        denominator = np.maximum(np.minimum(total, longest), own)
    return theoretical * np.divide(own, denominator, out=np.zeros_like(own), where=denominator > 0)
