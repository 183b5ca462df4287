"""Axes shared by every array of the package.

1. Axis order is [country or corridor, sex, age, ..., year]; a missing axis is left out, the order never changes.
2. Age is age last birthday at 1 January; the last age is open.
3. Year ``t`` means the calendar year; a stock indexed by ``t`` stands at 1 January of ``t`` (= 31 December of ``t - 1``).
4. Persons are persons, not thousands. Amounts are nominal national currency per year.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

SEXES: Final = ("male", "female")
MALE: Final = 0
FEMALE: Final = 1

OPEN_AGE: Final = 100
"""Last single age; it holds everybody aged 100 and over."""
AGE_COUNT: Final = OPEN_AGE + 1

WORK_AGE_FIRST: Final = 15
WORK_AGE_LAST: Final = 69
WORK_AGE_COUNT: Final = WORK_AGE_LAST - WORK_AGE_FIRST + 1

HISTORY_FIRST_YEAR: Final = 1990
"""First year for which population and migrant stocks are held."""
VALUATION_YEAR: Final = 2025
"""The valuation date is 31 December of this year."""
HORIZON: Final = 75
FIRST_YEAR: Final = VALUATION_YEAR + 1
LAST_YEAR: Final = VALUATION_YEAR + HORIZON
YEAR_COUNT: Final = LAST_YEAR - HISTORY_FIRST_YEAR + 1
"""Calendar years from the first of history to the last of the projection."""


def year_index(year: int) -> int:
    """Position of a calendar year on a year axis that starts with history.

    Raises ``ValueError`` for a year outside history and projection (stocks may stand one year after the last).
    """
    if not HISTORY_FIRST_YEAR <= year <= LAST_YEAR + 1:
        raise ValueError(f"year {year} lies outside {HISTORY_FIRST_YEAR}..{LAST_YEAR + 1}")
    return year - HISTORY_FIRST_YEAR
