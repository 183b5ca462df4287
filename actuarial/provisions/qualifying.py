"""Whether somebody has insurance enough, and recent enough, for a benefit.

1. A record is [..., months] of credited months (1, 0, or a part), oldest first; the last one is the month before the
   contingency. Leading axes are persons.
2. A rule asks for months in all and, where the law says so, for some of them within the last months.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from actuarial.basis.dimensions import Array
from actuarial.basis.scheme_branch_law import QualifyingRule

Truth = npt.NDArray[np.bool_]


def months_within(record: npt.ArrayLike, window: int) -> Array:
    """Credited months among the last ``window`` of the record: [...]. Raises ``ValueError`` for a negative window."""
    months = np.asarray(record, dtype=np.float64)
    if window < 0:
        raise ValueError("a window of months cannot be negative")
    result: Array = months[..., max(months.shape[-1] - window, 0) :].sum(axis=-1)
    return result


def meets(rule: QualifyingRule, months: npt.ArrayLike, recent: npt.ArrayLike | None = None) -> Truth:
    """Whether ``months`` in all and ``recent`` months within the rule's window suffice. Shapes broadcast.

    Raises ``ValueError`` when the rule tests recency and ``recent`` isn't given: silence must not open a right.
    """
    enough = np.asarray(months, dtype=np.float64) >= rule.minimum_months
    if rule.recent_months == 0:
        return np.asarray(enough, dtype=np.bool_)
    if recent is None:
        raise ValueError(f"the months within the last {rule.within_months} are needed: the law asks for {rule.recent_months}")
    return np.asarray(enough & (np.asarray(recent, dtype=np.float64) >= rule.recent_months), dtype=np.bool_)


def meets_any(rules: Sequence[QualifyingRule], record: npt.ArrayLike) -> Truth:
    """Whether a record [..., months] meets one of the rules; no rule at all is always met."""
    months = np.asarray(record, dtype=np.float64)
    met = np.full(months.shape[:-1], not rules)
    for rule in rules:
        met = met | meets(rule, months.sum(axis=-1), months_within(months, rule.within_months))
    return np.asarray(met, dtype=np.bool_)
