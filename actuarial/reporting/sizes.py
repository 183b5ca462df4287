"""Words for the size of an effect on the general average premium, with the scale behind them.

The scale is a convention of these reports and is printed in them: the absolute change of the premium over 75 years, as a fraction of insurable
earnings. Each word is a whole message, because an adjective and its noun cannot be put together in every language.
"""

from __future__ import annotations

import math
from typing import Final

from actuarial.reporting import numbers
from actuarial.reporting.language import _, marked, phrase

NONE: Final = marked("no cost")
SIZES: Final = (
    (0.0001, marked("a negligible cost"), marked("a negligible saving")),
    (0.001, marked("a small cost"), marked("a small saving")),
    (0.005, marked("a moderate cost"), marked("a moderate saving")),
    (math.inf, marked("a large cost"), marked("a large saving")),
)
"""Upper bound of the absolute change, and the words for a cost and for a saving."""


def named(change: float) -> str:
    """An effect on the general average premium in words.

    >>> named(0.0), named(-0.0002), named(0.02)
    ('no cost', 'a small saving', 'a large cost')
    """
    if numbers.is_zero(change):
        return _(NONE)
    cost, saving = next((cost, saving) for bound, cost, saving in SIZES if abs(change) < bound)
    return _(cost) if change > 0 else _(saving)


def scale_in_words() -> str:
    """The scale behind :func:`named`, as part of a sentence."""
    small, moderate, large = (numbers.decimal(100 * bound, 2) for bound, *_words in SIZES[:-1])
    return phrase(
        "negligible below {small}, small below {moderate}, moderate below {large} percentage points of insurable earnings, large above",
        small=small,
        moderate=moderate,
        large=large,
    )
