"""Awards of one scheme to movers of one corridor, in the world without the instrument and in the one with it.

The lattice says who reaches pension age with which periods; :func:`actuarial.provisions.coordination.award` says what is owed. Claims that
only the instrument makes possible are taken up by a share that grows over the years; the others fall back on national law alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from actuarial.basis.dimensions import Array
from actuarial.basis.instrument import Instrument
from actuarial.basis.scheme_law import SchemeLaw
from actuarial.careers.earnings import MONTHS_PER_CREDIT
from actuarial.provisions.coordination import NATIONAL_LAW, AwardRules, award
from actuarial.provisions.old_age import commute


@dataclass(frozen=True)
class AwardFlows:
    """Flows of awards [residence or none, year].

    new_pensions  people awarded a pension that is payable
    by_totalisation  those of them whose own periods alone would not have opened it;  pension_by_totalisation: their annual pensions
    pension       annual pension awarded, after commutation
    lump_sum      settlements instead of a pension;  commutation  sums paid with a pension
    """

    new_pensions: Array
    by_totalisation: Array
    pension: Array
    lump_sum: Array
    commutation: Array
    pension_by_totalisation: Array

    def mixed(self, other: AwardFlows, share: Array) -> AwardFlows:
        """``share`` [year] of the other world's outcome and the rest of this one's."""
        def mix(a: Array, b: Array) -> Array:
            return a + share * (b - a)

        return AwardFlows(*(mix(getattr(self, n), getattr(other, n)) for n in self.__dataclass_fields__))


def rules_of(instrument: Instrument) -> AwardRules:
    """The instrument's provisions on old-age awards as plain rules."""
    p = instrument.provisions
    return AwardRules(
        equal_treatment=p.equality_of_treatment,
        export=p.export,
        totalise=p.totalisation.enabled,
        min_own_months=p.totalisation.min_own_months,
        method=p.amount.method,
        denominator=p.amount.denominator,
        short_periods=p.totalisation.short_periods,
        minimum=p.minimum_pension.policy == "before",
        top_up=p.minimum_pension.top_up == "paying_state",
    )


def mover_awards(
    laws: Sequence[SchemeLaw], people: Array, amount: Array, *, rules: AwardRules, count_other: bool, cv: float, home: bool, partner: str = ""
) -> AwardFlows:
    """Awards of a defined-benefit scheme to movers.

    ``people``, ``amount`` [year, residence (home, host country), own service, other service]: the caller puts the scheme's own service first.
    ``home`` says that the scheme is the origin's, so that people in the host country live abroad and nobody is a
    foreigner; ``partner`` is the code of the other country.
    """
    years, places, own_size, other_size = people.shape
    own = np.arange(own_size, dtype=float)[:, None] * MONTHS_PER_CREDIT
    other = np.arange(other_size, dtype=float)[None, :] * MONTHS_PER_CREDIT * float(count_other)
    own, other = np.broadcast_arrays(own, other)
    flows = np.zeros((6, places, years))
    for t in range(years):
        for place in range(places):
            cells = people[t, place] > 0.0
            if not cells.any():
                continue
            n = people[t, place][cells]
            reference = amount[t, place][cells] / n
            result = award(
                laws[t], own[cells], other[cells], reference, cv=cv, rules=rules, abroad=(place == 1) == home, foreigner=not home,
                partner=partner,
            )
            cash, pension = commute(laws[t], result.pension)
            opened = np.divide(result.by_totalisation, result.entitled, out=np.zeros_like(cash), where=result.entitled > 0) * pension
            for i, per_head in enumerate((result.entitled, result.by_totalisation, pension, result.lump_sum, cash, opened)):
                flows[i, place, t] = float(n @ per_head)
    return AwardFlows(*flows)


def stayer_awards(laws: Sequence[SchemeLaw], people: Array, amount: Array, cv: float) -> AwardFlows:
    """Awards under national law alone; ``people``, ``amount`` [year, service]. Flows have one residence."""
    return mover_awards(
        laws, people[:, None, :, None], amount[:, None, :, None], rules=NATIONAL_LAW, count_other=False, cv=cv, home=True
    )
