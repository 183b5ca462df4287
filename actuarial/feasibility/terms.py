"""Who may claim a scheme's pension, and where it is paid, in both cases: what the law says about people, not about amounts.

1. ``own`` are pensions on own periods, ``coordinated`` what is claimed under the instrument.
2. Claims by adding periods are made at the award, by the take-up share of that year, and are final. Payment abroad of a pension on own periods may be
   claimed at any time: the share is that of the year of payment, so a pension suspended before entry into force resumes (without arrears).
3. Periods are added up for invalidity and survivors where the instrument covers the branch and has a provision on it.
4. A scheme that does not pay abroad what it owes under the instrument pays there only what its own law paid before.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np

from actuarial.basis.dimensions import FIRST_YEAR, HORIZON, Array, year_index
from actuarial.basis.instrument import Instrument
from actuarial.basis.instrument_provisions import BranchName, TakeUp
from actuarial.careers.country import CountryCareers

START = year_index(FIRST_YEAR)


@dataclass(frozen=True)
class Terms:
    """Arrays over the projection years; residences are (origin, host country).

    rights        share of a national's rights that the corridor's people have at the award [year]
    claimed       share of people who claim by adding periods at the award [year]
    own           share of pensions on own periods that is paid in a place [residence, year of payment]
    coordinated   the same of what is claimed under the instrument
    """

    rights: Array
    claimed: Array
    own: Array
    coordinated: Array


def national_terms(country: CountryCareers, side: int, partner: str) -> Terms:
    """Terms of the law as it stands; ``side`` 0 when the scheme is the origin's, ``partner`` is the code of the other country."""
    laws = country.laws[START:]
    own = np.ones((2, HORIZON))
    own[1 - side] = [float(law.export_without_instrument or partner in law.export_partners) for law in laws]
    rights = np.array([law.foreigners_rights_share if side == 1 else 1.0 for law in laws])
    return Terms(rights, np.zeros(HORIZON), own, own)


def take_up(instrument: Instrument, factor: float = 1.0) -> Array:
    """Share of people with a coordinated right who claim it [year]: the instrument's curve times ``factor``, at most everybody."""
    share: Array = np.minimum(_take_up_curve(instrument.take_up, instrument.entry_into_force) * factor, 1.0)
    return share


@lru_cache(maxsize=64)
def _take_up_curve(points: tuple[TakeUp, ...], entry: int) -> Array:
    """:meth:`Instrument.take_up_share` of every year."""
    since = np.arange(FIRST_YEAR, FIRST_YEAR + HORIZON) - entry
    curve = np.interp(since, [point.years_since_entry for point in points], [point.share for point in points], left=0.0)
    curve.setflags(write=False)
    return curve


def _from_first(holds: Callable[[int], bool]) -> Array:
    """1 in the years in which ``holds``: what applies in a year applies in all later ones."""
    years = range(FIRST_YEAR, FIRST_YEAR + HORIZON)
    first = bisect_left(years, True, key=holds)
    return np.concatenate([np.zeros(first), np.ones(HORIZON - first)])


def instrument_terms(
    country: CountryCareers, side: int, partner: str, instrument: Instrument, take_up_factor: float = 1.0, unpaid: float = 0.0,
    branch: BranchName = "old_age", national: Terms | None = None,
) -> Terms:  # fmt: skip
    """Terms of a branch under the instrument. ``unpaid`` is the share of what the scheme owes abroad under it that it does not pay.

    ``national`` are the :func:`national_terms`, if they are known.
    """
    national, provisions = national or national_terms(country, side, partner), instrument.provisions
    covered, exports, totalises = (
        _from_first(partial(test, branch)) for test in (instrument.covers, instrument.exports, instrument.totalises)
    )
    if (branch == "invalidity" and provisions.invalidity is None) or (branch == "survivors" and provisions.survivors is None):
        totalises = np.zeros(HORIZON)
    share = take_up(instrument, take_up_factor)
    equal = share * covered * float(provisions.equality_of_treatment)
    claimed = share * totalises * float(provisions.amount.method != "none")
    abroad = 1 - side
    own, coordinated = national.own.copy(), national.own.copy()
    own[abroad] += (1.0 - unpaid) * share * exports * (1.0 - national.own[abroad])
    coordinated[abroad] = (1.0 - unpaid) * (national.own[abroad] + exports * (1.0 - national.own[abroad]))
    return Terms(national.rights + equal * (1.0 - national.rights), claimed, own, coordinated * totalises)
