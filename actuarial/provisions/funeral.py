"""Funeral grants: a sum paid once, by the pension scheme or after an employment injury."""

from __future__ import annotations

from actuarial.basis.scheme_law import SchemeLaw


def funeral_grant(law: SchemeLaw, *, employment_injury: bool = False) -> float:
    """Grant on the death of an insured person, in currency; 0 where the law has none.

    employment_injury: the one paid after a fatal accident at work, which is another branch's.
    """
    if employment_injury:
        return 0.0 if law.employment_injury is None else law.employment_injury.funeral_grant
    return 0.0 if law.survivors is None else law.survivors.funeral_grant
