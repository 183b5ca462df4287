"""The branches beside pensions of one scheme: a branch account each, in both cases, with minus without by corridor and cause.

Which branches a scheme has follows from its law; the others are listed with the reason. Amounts are in the scheme's currency.

| cause | branch | meaning |
|---|---|---|
| equality_of_treatment | all | foreigners get the rights of nationals |
| waiting_period | maternity, unemployment, sickness, family | claims early in cover, opened by periods in the partner |
| pensions_exported, survivors_abroad | employment injury | capital value of payments abroad that the law alone would suspend |
| dependants_abroad | health | what the scheme repays for dependants left in the origin country |
| care_given, care_repaid | health | what such care costs the scheme of the origin country, and what it gets back (negative) |
| children_abroad | family | allowances or supplements for children left in the origin country |
| benefit_exported | unemployment | benefit paid to those who look for work at home |
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from actuarial.basis.branch_costs import BranchCostBasis
from actuarial.basis.dimensions import Array
from actuarial.basis.instrument import Instrument
from actuarial.basis.instrument_provisions import BranchName
from actuarial.basis.scheme import Scheme
from actuarial.basis.scheme_law import SchemeLaw
from actuarial.feasibility.branch_cash import maternity_account, sickness_account, unemployment_account
from actuarial.feasibility.branch_household import family_account, health_account
from actuarial.feasibility.branch_injury import injury_account, liability_account
from actuarial.feasibility.branch_inputs import BranchAccount, BranchInputs, CorridorExposure, Difference, net_entrants

__all__ = [
    "BRANCHES", "BranchAccount", "BranchFlows", "BranchInputs", "CorridorExposure", "Difference", "branch_flows", "net_entrants",
    "reasons_missing", "transfers_between",
]  # fmt: skip

BRANCHES: Final[tuple[BranchName, ...]] = ("employment_injury", "maternity", "sickness", "unemployment", "family", "health")

_COMPUTED: Final[Mapping[str, Callable[[BranchInputs, Sequence[SchemeLaw], BranchCostBasis, Instrument], BranchAccount]]] = {
    "employment_injury": injury_account,
    "maternity": maternity_account,
    "sickness": sickness_account,
    "unemployment": unemployment_account,
    "family": family_account,
    "health": health_account,
}


@dataclass(frozen=True)
class BranchFlows:
    """Branch accounts of one scheme, and why the others are not computed.

    missing   reason by branch
    """

    scheme: str
    accounts: tuple[BranchAccount, ...]
    missing: Mapping[str, str]

    def account(self, branch: str) -> BranchAccount:
        """One branch. Raises ``ValueError`` with the reason where it is not computed."""
        for account in self.accounts:
            if account.branch == branch:
                return account
        raise ValueError(f"{self.scheme}: {branch} is not computed: {self.missing.get(branch, 'no such branch')}")

    @property
    def net_cost(self) -> Array:
        """With minus without over the branches that the scheme pays [year]."""
        total: Array = np.sum([a.difference for a in self.accounts], axis=0) if self.accounts else np.zeros(1)
        return total


def branch_flows(inputs: BranchInputs, law_by_year: Sequence[SchemeLaw], basis: BranchCostBasis, instrument: Instrument) -> BranchFlows:
    """Every branch that the law has rules for, in both cases.

    ``law_by_year`` has one law for each year of ``inputs``. A branch may begin within the years: it is empty before. Raises ``ValueError`` for
    another number of laws or a branch that ends.
    """
    if len(law_by_year) != inputs.years:
        raise ValueError(f"{inputs.scheme}: {len(law_by_year)} laws for {inputs.years} years")
    accounts: list[BranchAccount] = []
    missing: dict[str, str] = {}
    for branch in BRANCHES:
        compute, start = _COMPUTED[branch], _begins(inputs.scheme, law_by_year, branch)
        if start is None and branch == "employment_injury":
            compute, start = _liability, _begins(inputs.scheme, law_by_year, "injury_liability")
        if start is None:
            missing[branch] = inputs.missing.get(branch, "the law has no rules of this branch")
        else:
            accounts.append(compute(inputs.from_year(start), law_by_year[start:], basis, instrument).after(start))
    return BranchFlows(inputs.scheme, tuple(accounts), missing)


def _begins(scheme: str, laws: Sequence[SchemeLaw], rules: str) -> int | None:
    """Index of the first year with rules, which stay; none without rules."""
    present = [getattr(law, rules) is not None for law in laws]
    if not any(present):
        return None
    start = present.index(True)
    if not all(present[start:]):
        raise ValueError(f"{scheme}: rules of {rules} end in {laws[present.index(False, start)].year}; a branch that ends is not projected")
    return start


def _liability(inputs: BranchInputs, laws: Sequence[SchemeLaw], basis: BranchCostBasis, _instrument: Instrument) -> BranchAccount:
    return liability_account(inputs, laws, basis)


def reasons_missing(scheme: Scheme) -> dict[str, str]:
    """What the scheme's file says of each branch, for :attr:`BranchInputs.missing`."""
    return {name: branch.summary for name, branch in scheme.branches.items()}


def transfers_between(flows: Iterable[tuple[BranchFlows, Array]]) -> Array:
    """Repayments between schemes [year] in a common currency, paid less received: zero where both sides of each corridor are given.

    ``flows`` are pairs of a scheme's flows and the units of the common currency for one of its own [year].
    """
    total: Array = np.zeros(1)
    for scheme, exchange in flows:
        for account in scheme.accounts:
            for d in account.differences:
                if d.cause in ("dependants_abroad", "care_repaid"):
                    total = total + d.amount * exchange
    return total
