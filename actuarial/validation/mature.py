"""A mature scheme projected by the engine year by year against the closed forms of :mod:`actuarial.finance.stable`.

Entrants of one age grow by rho, wages by gamma; everybody retires at one age on a share P of final salary. The engine is run from an empty
scheme until the last members of the first year are gone. ENT comes from the flows of a closed group of entrants, TFS from the awards of each year
and what they pay later, both reserves from the fund of the projection itself.

1. "Final salary" of a projection is the average of the last twelve months, P s(r) times the mean of e^(-(gamma + sigma) u) over u in 0..1 with a
   scale e^(sigma x): the closed form gets that factor, nothing else.
2. What remains is the year as a step: half a year of pension in the award year and whole years later (a trapezoid rule for the annuity), increases
   at 1 January, the last twelve months taken as the mean of two calendar years ((gamma + sigma)^2 / 12 too much). It grows with the forces and with
   the retirement age. Over 288 combinations of rho -1..3.5 %, gamma 0..5 %, beta 0..5 %, delta 3..9 % and r 55..65 the largest relative differences
   were 8.4e-4 (PAYG), 9.0e-4 (ENT), 9.6e-4 (TFS), 6.8e-4 (V/S) and 1.2e-3 (pensioners' reserve, a difference of two near figures).
3. 5e-4 is therefore no bound for every basis: the six of :data:`SCHEMES` stay within it, 3 to 31 % of those combinations, by the figure, do not
   (docs/validation-cases.md).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import numpy as np

from actuarial.basis.dimensions import Array
from actuarial.basis.scheme_law import SchemeLaw
from actuarial.feasibility.group import Decrements, GroupBasis, GroupResult, project_group
from actuarial.finance.premiums import award_capital_values, entrant_premium, terminal_funding_premium
from actuarial.finance.stable import StableScheme, integral
from actuarial.validation.case import Check, difference, timed
from actuarial.validation.finance import MATURE, SIGMA, sult

YEARS: Final = 190
MATURE_YEAR: Final = 112
"""From here on nobody of the first year is left, and 78 years remain in which pensions awarded now run off."""
WITHIN: Final = 5e-4
REASON: Final = (
    "the projection moves in years, with half a year of pension in the year of award, the closed form in continuous time; what remains grows with "
    "the rates: the six bases checked stay within 5e-4, over 288 combinations the largest differences were 6.8e-4 to 1.2e-3 "
    "(docs/validation-cases.md)"
)


def closed_form(scheme: StableScheme) -> StableScheme:
    """The same scheme with the pension on the last twelve months' average (module rule 1)."""
    force = scheme.wage_growth + SIGMA
    return replace(scheme, pension_share=scheme.pension_share * -math.expm1(-force) / force)


def basis(scheme: StableScheme, years: int, entrants: Array, rate: float | Array = 0.0) -> GroupBasis:
    """The scheme for the engine: mortality by completed age from person-years of the same table, pay at mid-year age, the law by months."""
    b, r = int(scheme.entry), int(scheme.retirement)
    lived = np.array([integral(sult, x, x + 1.0) if x >= b else 1.0 for x in range(int(scheme.last_age) + 1)])
    death = np.zeros(101)
    death[b:100] = 1.0 - lived[b + 1 : 101] / lived[b:100]
    death[100] = 1.0 - lived[101:].sum() / lived[100:].sum()
    months = 12 * (r - b)
    law = SchemeLaw(
        "stable", 0, "defined_benefit", pension_age=(r, r), qualifying_months=months, first_months=months, first_share=scheme.pension_share,
        maximum_share=1.0, reference_months=12,
    )  # fmt: skip
    return GroupBasis(
        law, years, Decrements("independent", death), salary=scheme.salary(np.arange(1.0, 102.0)), entrants={b: entrants}, contribution_rate=rate,
        wage_growth=math.expm1(scheme.wage_growth), indexation=math.expm1(scheme.indexation), investment_return=math.expm1(scheme.interest),
    )  # fmt: skip


@dataclass(frozen=True)
class Projected:
    """What the engine finds: contribution rates, and reserves over insurable earnings at the same moment."""

    whole: GroupResult
    cohort: GroupResult
    payg: float
    entrant: float
    terminal: float
    entrant_reserve: float
    pensioner_reserve: float


def projected(scheme: StableScheme) -> Projected:
    """Run the engine four times: all members, one cohort, with the entrant premium, and with the terminal funding premium."""
    growing = np.exp(scheme.entrant_growth * np.arange(YEARS))
    whole, cohort = project_group(basis(scheme, YEARS, growing)), project_group(basis(scheme, YEARS, np.eye(YEARS)[0]))
    entrant = entrant_premium(cohort.expenditure, cohort.earnings, cohort.investment_return)
    capital = award_capital_values(whole.payment.paid, whole.investment_return) * whole.awarded
    terminal = terminal_funding_premium(capital[:MATURE_YEAR], whole.earnings[:MATURE_YEAR])
    paying = project_group(basis(scheme, YEARS, growing, entrant))
    buying = project_group(basis(scheme, MATURE_YEAR, growing[:MATURE_YEAR], terminal))
    to_year_end = math.exp(0.5 * (scheme.entrant_growth + scheme.wage_growth))
    return Projected(
        whole, cohort, float(whole.payg[-1]), entrant, float(terminal[-1]),
        float(paying.reserve.closing[-1] / (paying.earnings[-1] * to_year_end)),
        float(buying.reserve.closing[-1] / (buying.earnings[-1] * to_year_end)),
    )  # fmt: skip


SCHEMES: Final = {
    "reference": MATURE,
    "no growth of members": replace(MATURE, entrant_growth=0.0, wage_growth=0.05),
    "interest below growth": replace(MATURE, entrant_growth=0.035, wage_growth=0.02, indexation=0.0, interest=0.03),
    "fewer entrants each year": replace(MATURE, entrant_growth=-0.01, wage_growth=0.03, interest=0.05),
    "indexed to wages, no real growth": replace(MATURE, entrant_growth=0.0, wage_growth=0.02, indexation=0.02, interest=0.04),
    "early pension": replace(MATURE, retirement=55.0, entrant_growth=0.02, wage_growth=0.02, indexation=0.02, interest=0.06),
}


def mature_checks() -> list[tuple[str, Callable[[], list[Check]]]]:
    """One job for every scheme of :data:`SCHEMES`."""
    return [(f"mature scheme: {name}", partial(timed, partial(checks_of, name))) for name in SCHEMES]


def checks_of(name: str) -> list[Check]:
    """Contribution rates and reserves of one scheme."""
    found, exact = projected(SCHEMES[name]), closed_form(SCHEMES[name])
    pairs = {
        "PAYG": (exact.payg_rate(), found.payg),
        "entrant premium": (exact.entrant_rate(), found.entrant),
        "terminal funding": (exact.terminal_funding_rate(), found.terminal),
        "reserve under the entrant premium": (exact.entrant_reserve(), found.entrant_reserve),
        "reserve of pensioners": (exact.pensioner_reserve(), found.pensioner_reserve),
    }
    return [
        Check(
            f"MATURE-{name}/{figure}", "mature scheme", f"{figure}, {name}", "derived", "derived", "closed form of a growing stable population",
            expected, value, difference(expected, value, "relative"), "relative", WITHIN, REASON,
        )
        for figure, (expected, value) in pairs.items()
    ]  # fmt: skip
