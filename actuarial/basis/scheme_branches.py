"""The shape of ``branches:`` in ``params.yaml``: every branch of social security of a state.

1. Each branch has a ``status``; ``rules`` hold its parameters when they can be computed with, ``contributions`` its own
   levy, ``assumed`` what is done instead where the law was not found.
2. A branch that exists must have rules or say what is assumed; a branch that doesn't exist has neither.
3. Figures that only inform (observations, past values under other names) stay under ``figures``.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from actuarial.basis.scheme_benefits import (
    FamilyRules,
    HealthRules,
    InjuryLiability,
    InjuryRules,
    InvalidityRules,
    Levy,
    MaternityRules,
    SicknessRules,
    SurvivorRules,
    UnemploymentRules,
)
from actuarial.basis.scheme_values import Figure, Figures, Item

BranchStatus = Literal["in_force", "employer_liability", "other_institution", "planned", "none", "unknown"]


class Branch(Item):
    """A branch as the sources give it. ``modelled`` says whether the projection uses it."""

    status: BranchStatus
    modelled: bool
    summary: str = Field(min_length=1)
    contributions: Levy | None = None
    assumed: Figure | None = None
    figures: Figures = {}
    not_found: dict[str, str] = {}

    @model_validator(mode="after")
    def _says_enough(self) -> Branch:
        rules = [name for name in ("rules", "liability") if getattr(self, name, None) is not None]
        if self.status == "none" and (rules or self.assumed is not None or self.contributions is not None):
            raise ValueError("a branch that does not exist (status: none) has no rules, contributions or 'assumed'")
        if self.status in ("planned", "unknown") and rules:
            raise ValueError(f"a branch with status '{self.status}' is not computed: leave out {', '.join(rules)}")
        if self.status in ("planned", "unknown") and self.assumed is None:
            raise ValueError(f"a branch with status '{self.status}' must say under 'assumed' what is done instead")
        if self.assumed is not None and self.assumed.confidence != "assumed":
            raise ValueError(f"'assumed' has confidence: assumed, found '{self.assumed.confidence}'")
        return self


class _Computed(Branch):
    @model_validator(mode="after")
    def _rules_or_assumed(self) -> _Computed:
        if self.status in ("in_force", "other_institution", "employer_liability"):
            given = [n for n in ("rules", "liability") if getattr(self, n, None) is not None]
            if not given and self.assumed is None:
                raise ValueError(f"a branch with status '{self.status}' needs 'rules', or 'assumed' where they are not known")
            if len(given) > 1:
                raise ValueError("give 'rules' or 'liability', not both")
        return self


class OldAgeBranch(Branch):
    """Old age; its rules stand at the top of the file."""


class InvalidityBranch(_Computed):
    """Invalidity."""

    rules: InvalidityRules | None = None


class SurvivorsBranch(_Computed):
    """Survivors and funeral."""

    rules: SurvivorRules | None = None


class EmploymentInjuryBranch(_Computed):
    """Accidents at work and occupational diseases: insured (``rules``) or the employer's liability."""

    rules: InjuryRules | None = None
    liability: InjuryLiability | None = None


class MaternityBranch(_Computed):
    """Maternity and birth."""

    rules: MaternityRules | None = None


class SicknessBranch(_Computed):
    """Sickness cash benefit."""

    rules: SicknessRules | None = None


class HealthBranch(_Computed):
    """Health care."""

    rules: HealthRules | None = None


class FamilyBranch(_Computed):
    """Family benefits."""

    rules: FamilyRules | None = None


class UnemploymentBranch(_Computed):
    """Unemployment."""

    rules: UnemploymentRules | None = None


class Branches(Item):
    """The branches of one state. A scheme folder says something about each, if only that the state has none."""

    old_age: OldAgeBranch | None = None
    invalidity: InvalidityBranch | None = None
    survivors: SurvivorsBranch | None = None
    employment_injury: EmploymentInjuryBranch | None = None
    maternity: MaternityBranch | None = None
    sickness: SicknessBranch | None = None
    health: HealthBranch | None = None
    family: FamilyBranch | None = None
    unemployment: UnemploymentBranch | None = None
