"""What of an instrument's effect follows take-up: the part of with minus without that is in proportion to the claims made.

1. As long as nobody is capped every flow is linear in a factor on the take-up curve, where foreigners have a national's rights in the scheme
   (:mod:`actuarial.feasibility.break_even`, convention 3). Two runs therefore say all: the instrument as it is, and the same if nobody claims.
2. What does not follow claims are refunds that the instrument bars, what comes of them, contributions of posted workers and the liaison desk.
3. The administration of claims is a share of the coordinated pensions and sums, where these are positive.

With a factor f on take-up, flow(f) = flow(1) + (f - 1) x its part here; administration(f) = administration(1) + handling x
(max(0, coordinated + (f - 1) x coordinated_claims) - max(0, coordinated)).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from actuarial.basis.dimensions import FIRST_YEAR, LAST_YEAR, year_index
from actuarial.feasibility.break_even import take_up_limits
from actuarial.feasibility.cashflow import CaseFlows, case_flows, extra_pensions
from actuarial.feasibility.engine import RegionRun
from actuarial.feasibility.result import CLAIM_COLUMNS, CLAIM_FLOWS

START: Final = year_index(FIRST_YEAR)


def claim_limit(run: RegionRun) -> float:
    """Factor on the instrument's take-up up to which nobody is capped; below 1 where the scenario's own factor caps somebody already."""
    return take_up_limits(run.instrument, run.scenario.payment.take_up_factor)[0]


def claim_table(run: RegionRun, unclaimed: RegionRun, c: int, flows: CaseFlows) -> pd.DataFrame:
    """Part of every flow of scheme ``c`` that is in proportion to take-up, by year, and what the administration of claims rests on.

    ``unclaimed`` is the run of the same people if nobody claims, ``flows`` are those with the instrument. Empty where nothing is collected and where
    flows are not linear in take-up: a law that gives foreigners fewer rights than nationals, a scenario that caps take-up.
    """
    country = run.countries[c]
    linear = all(law.foreigners_rights_share == 1.0 for law in country.laws[START:])
    if not country.law.collecting or not linear or claim_limit(run) < 1.0:
        return pd.DataFrame(columns=CLAIM_COLUMNS)
    nobody = case_flows(unclaimed, c)[1]
    coordinated, rest = extra_pensions(run, c), extra_pensions(unclaimed, c)
    years = np.arange(FIRST_YEAR, LAST_YEAR + 1)
    return pd.DataFrame(
        {
            "year": years,
            **{name: getattr(flows, name) - getattr(nobody, name) for name in CLAIM_FLOWS},
            "coordinated": coordinated,
            "coordinated_claims": coordinated - rest,
            "handling": run.instrument.administration.share_of_coordinated_benefits * (years >= run.instrument.entry_into_force),
        },
        columns=CLAIM_COLUMNS,
    )
