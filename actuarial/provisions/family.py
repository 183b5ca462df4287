"""Family benefits: an allowance per child, with residence conditions that coordination may lift."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from actuarial.basis.dimensions import Array
from actuarial.basis.scheme_branch_law import FamilyLaw
from actuarial.basis.scheme_law import SchemeLaw
from actuarial.provisions.qualifying import Truth, meets

Numbers = npt.ArrayLike


def family_law(law: SchemeLaw) -> FamilyLaw:
    """The branch. Raises ``ValueError`` when there is none or its rules are not known."""
    if law.family is None:
        raise ValueError(f"{law.scheme_id} {law.year}: no rules of family benefits")
    return law.family


def qualifies(law: SchemeLaw, months: Numbers, *, worker_resident: Numbers = True) -> Truth:
    """Whether the worker opens the right: months of insurance, and residence where the law asks for it."""
    rule = family_law(law)
    lives_here = np.asarray(worker_resident, dtype=np.bool_) | (not rule.worker_resident)
    return np.asarray(meets(rule.qualifying, months) & lives_here, dtype=np.bool_)


def children_counted(law: SchemeLaw, children_here: Numbers, children_abroad: Numbers = 0) -> Array:
    """Children below the age limit who count: those abroad only where the law asks for no residence of the child."""
    abroad = np.asarray(children_abroad, dtype=np.float64) * float(not family_law(law).child_resident)
    result: Array = np.asarray(children_here, dtype=np.float64) + abroad
    return result


def allowance(law: SchemeLaw, children: Numbers) -> Array:
    """Allowance per year for ``children`` who count."""
    result: Array = family_law(law).per_child * np.asarray(children, dtype=np.float64)
    return result
