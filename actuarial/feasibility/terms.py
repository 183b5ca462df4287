"""Who may claim a scheme's pension, and where it is paid, in both cases: what the law says about people, not about amounts.

1. ``own`` are pensions on own periods, ``coordinated`` what is claimed under the instrument.
2. Claims by adding periods are made at the award, by the take-up share of that year, and are final. Payment abroad of a pension on own periods may be
   claimed at any time: the share is that of the year of payment, so a pension suspended before entry into force resumes (without arrears).
3. Periods are added up for invalidity and survivors where the instrument covers the branch and has a provision on it.
4. A scheme that does not pay abroad what it owes under the instrument pays there only what its own law paid before.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from actuarial.basis.dimensions import FIRST_YEAR, HORIZON, Array, year_index
from actuarial.basis.instrument import Instrument
from actuarial.basis.instrument_provisions import BranchName
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
    curve = np.array([instrument.take_up_share(FIRST_YEAR + t) for t in range(HORIZON)])
    share: Array = np.minimum(curve * factor, 1.0)
    return share


def instrument_terms(
    country: CountryCareers, side: int, partner: str, instrument: Instrument, take_up_factor: float = 1.0, unpaid: float = 0.0,
    branch: BranchName = "old_age",
) -> Terms:  # fmt: skip
    """Terms of a branch under the instrument. ``unpaid`` is the share of what the scheme owes abroad under it that it does not pay."""
    national, provisions = national_terms(country, side, partner), instrument.provisions
    years = range(FIRST_YEAR, FIRST_YEAR + HORIZON)
    covered, exports, totalises = (
        np.array([float(test(branch, year)) for year in years]) for test in (instrument.covers, instrument.exports, instrument.totalises)
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
