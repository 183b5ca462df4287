"""Posted workers: contributions that stay with the scheme of the sending state for the first months abroad.

1. A share of those who arrive insured is posted by an employer at home. Under a provision on applicable legislation they stay insured at home for the
   months it names; without one the host's scheme insures them from the first day.
2. Counted are contributions and earnings of first movers who arrive from entry into force on, while nobody dies or returns. Rights are left where the
   lattice credits them, so the host's loss, and the gain at home, are upper bounds.
3. Accounts follow their contributions: nothing is lost or won by an account scheme, and nothing is counted there.
"""

from __future__ import annotations

import numpy as np

from actuarial.basis.dimensions import FIRST_YEAR, HORIZON, Array, year_index
from actuarial.basis.instrument import Instrument
from actuarial.careers.country import CountryCareers

START = year_index(FIRST_YEAR)


def posted_earnings(country: CountryCareers, sex: int, arrivals: Array, share: float, instrument: Instrument) -> Array:
    """Insurable earnings per year [year] of posted workers under the scheme of ``country``, which is the sending or the receiving state.

    ``arrivals`` [year, row] people who arrive insured, by the row of the start of the year, over the projection; ``share`` of them is posted. Zero
    where the instrument has no provision, and for schemes without pensions by formula.
    """
    rule = instrument.provisions.applicable_legislation
    if rule is None or country.law.kind != "defined_benefit":
        return np.zeros(HORIZON)
    from_entry = np.arange(FIRST_YEAR, FIRST_YEAR + HORIZON) >= instrument.entry_into_force
    posted = share * arrivals * from_entry[:, None]
    pay = country.insurable[sex, START:]
    rows = min(posted.shape[1], pay.shape[1])
    months = rule.posting_months + rule.posting_extension_months
    total = np.zeros(HORIZON)
    for year in range(1, 1 + -(-months // 12)):
        part = min(1.0, months / 12.0 - (year - 1))
        total[year:] += part * (posted[:-year, : rows - year] * pay[year:, year:rows]).sum(axis=1)
    return total
