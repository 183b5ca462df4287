"""Health insurance as contributions and cost: what members pay, and what they cost per year.

Care itself isn't modelled; a coordination instrument needs the cost per member and the levy that goes with it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from actuarial.basis.dimensions import Array
from actuarial.basis.scheme_branch_law import HealthLaw, HealthLevyLaw
from actuarial.basis.scheme_law import SchemeLaw

Numbers = npt.ArrayLike


def health_law(law: SchemeLaw) -> HealthLaw:
    """The branch. Raises ``ValueError`` when there is none or its rules are not known."""
    if law.health is None:
        raise ValueError(f"{law.scheme_id} {law.year}: no rules of health insurance")
    return law.health


def levy_named(law: SchemeLaw, title: str) -> HealthLevyLaw:
    """A levy by its title. Raises ``ValueError`` naming those there are."""
    levies = {levy.title: levy for levy in health_law(law).levies}
    if title not in levies:
        raise ValueError(f"{law.scheme_id}: no health levy '{title}'; there are: {', '.join(levies)}")
    return levies[title]


def contribution(levy: HealthLevyLaw, earnings: Numbers) -> Array:
    """Employee and employer together per year: max((e + r) x earnings, minimum); 0 for somebody without earnings.

    A premium per household is paid whatever the earnings (:attr:`HealthLevyLaw.per_household`) and isn't part of it.
    """
    pay = np.asarray(earnings, dtype=np.float64)
    amount = np.maximum((levy.employee_rate + levy.employer_rate) * pay, levy.minimum)
    return np.asarray(np.where(pay > 0.0, amount, 0.0), dtype=np.float64)


def pensioner_contribution(levy: HealthLevyLaw, pension: Numbers) -> Array:
    """Contribution per year taken from a yearly pension."""
    result: Array = levy.pensioner_rate * np.asarray(pension, dtype=np.float64)
    return result


def household_premium(levy: HealthLevyLaw, persons: Numbers) -> Array:
    """Premiums per year of a household: one for every started number of persons that a premium covers."""
    covered = np.ceil(np.asarray(persons, dtype=np.float64) / levy.persons_per_household)
    result: Array = levy.per_household * covered
    return result


def cost_of_care(law: SchemeLaw, contributors: Numbers) -> Array:
    """Expected cost per year of contributors and their dependants: contributors x members per contributor x unit cost."""
    rule = health_law(law)
    result: Array = np.asarray(contributors, dtype=np.float64) * rule.members_per_contributor * rule.unit_cost
    return result


def cost_by_person_months(law: SchemeLaw, person_months: Numbers) -> Array:
    """Cost of care for person-months at the average unit cost, the base of reimbursement by fixed amounts."""
    result: Array = health_law(law).unit_cost / 12.0 * np.asarray(person_months, dtype=np.float64)
    return result
