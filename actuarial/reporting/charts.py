"""Charts of one country. Each function takes results and returns a drawing whose title is what it says.

1. With and without stand in one panel; where they are too close to tell apart, the difference has a panel of its own.
2. Amounts over decades are shares of insurable earnings: nominal amounts of 2100 mean nothing to a reader of today.
3. Series are labelled where they end, not in a box beside the chart; labels that would meet are moved apart.
"""

from __future__ import annotations

from actuarial.reporting.money_charts import accounts, cost_rate, income_and_outgo, reserve
from actuarial.reporting.people_charts import contributors, contributors_and_pensioners, corridors, population_pyramids, who_gains

__all__ = [
    "accounts",
    "contributors",
    "contributors_and_pensioners",
    "corridors",
    "cost_rate",
    "income_and_outgo",
    "population_pyramids",
    "reserve",
    "who_gains",
]
