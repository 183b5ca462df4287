"""The figures of a study that an analysis of change sets side by side.

1. Rates and counts are those of each case and their difference (with minus without); the net cost is a difference itself.
2. The region's net cost is the sum of the schemes' in US dollars at the valuation date's exchange rates.
3. A figure that a scheme does not have (the premium of an account scheme) is missing.
4. A date (the year in which the reserve is used up) can be shown, not added up; missing means that it does not occur within the horizon.
"""

from __future__ import annotations

import math
from typing import Final

import pandas as pd

from actuarial.feasibility.result import CASES, SchemeResult, StudyResult
from actuarial.reporting import frames
from actuarial.reporting.change_record import COUNT, DATE, DIFFERENCE, INDEX, MONEY, RATE, REGION, USD, YEARS

PAYG_YEARS: Final = (2030, 2050, 2075, 2100)


def figures(study: StudyResult) -> pd.DataFrame:
    """Figures by country (and :data:`~actuarial.reporting.change_record.REGION`), figure and case, with columns ``kind`` and ``value``."""
    rows: list[tuple[str, str, str, str, float]] = []
    costs = []
    for country, scheme in study.schemes.items():
        if frames.collects(scheme):
            rows += _of_scheme(country, scheme)
            costs.append(_indicator(scheme, "pv_net_cost", DIFFERENCE) / scheme.exchange_rate_usd)
            rows.append((country, "pv_net_cost_usd", DIFFERENCE, USD, costs[-1]))
    rows.append((REGION, "pv_net_cost_usd", DIFFERENCE, USD, math.fsum(costs)))
    return pd.DataFrame(rows, columns=[*INDEX, "kind", "value"]).set_index(list(INDEX))


def _of_scheme(country: str, scheme: SchemeResult) -> list[tuple[str, str, str, str, float]]:
    rows: list[tuple[str, str, str, str, float]] = []
    for year in PAYG_YEARS:
        rows += _cases(country, f"payg_{year}", RATE, _yearly(scheme, "payg_cost_rate", year))
    rows += _cases(country, "gap_75", RATE, tuple(_indicator(scheme, "gap_75", case) for case in CASES))
    rows.append((country, "pv_net_cost", DIFFERENCE, MONEY, _indicator(scheme, "pv_net_cost", DIFFERENCE)))
    share = _indicator(scheme, "pv_net_cost_share_of_earnings", DIFFERENCE)
    rows.append((country, "pv_net_cost_share_of_earnings", DIFFERENCE, RATE, share))
    rows += _cases(country, "reserve_ratio_2050", YEARS, _yearly(scheme, "reserve_ratio", 2050))
    rows += [(country, "exhaustion_year", case, DATE, _indicator(scheme, "exhaustion_year", case)) for case in CASES]
    for name in ("contributors", "pensioners"):
        for year in (2030, 2050):
            rows += _cases(country, f"{name}_{year}", COUNT, _yearly(scheme, name, year))
    return rows


def _cases(country: str, figure: str, kind: str, values: tuple[float, ...]) -> list[tuple[str, str, str, str, float]]:
    without, with_ = values
    return [(country, figure, case, kind, value) for case, value in (*zip(CASES, values, strict=True), (DIFFERENCE, with_ - without))]


def _yearly(scheme: SchemeResult, column: str, year: int) -> tuple[float, ...]:
    return tuple(frames.number(frames.case(scheme, case).loc[year, column]) for case in CASES)


def _indicator(scheme: SchemeResult, name: str, case: str) -> float:
    found = scheme.indicators.loc[scheme.indicators["indicator"] == name, case]
    if len(found) != 1:
        raise KeyError(f"{scheme.country}: the indicators have {len(found)} lines {name!r}")
    return frames.number(found.iloc[0])
