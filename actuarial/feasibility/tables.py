"""Labelled tables of one scheme, from the arrays of a run. Column meanings: :class:`actuarial.feasibility.result.SchemeResult`."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from actuarial.basis.dimensions import FIRST_YEAR, HORIZON, LAST_YEAR, SEXES, Array, year_index
from actuarial.feasibility.cashflow import CaseFlows, coordination_cost, side_administration, sides_of
from actuarial.feasibility.corridor import SideCost
from actuarial.feasibility.engine import RegionRun
from actuarial.finance import indicators as ind
from actuarial.finance.liabilities import open_group_obligation, unfunded
from actuarial.finance.premiums import level_rate_to_reserve_ratio, scaled_premium, steady_state_rate

START = year_index(FIRST_YEAR)
YEARS = np.arange(FIRST_YEAR, LAST_YEAR + 1)
PYRAMID_YEARS = (2026, 2050, 2075, 2100)
PAYG_YEARS = (2026, 2050, 2075, 2100)

_YEARLY = (
    "contributors", "contributors_movers", "pensioners", "pensioners_movers", "invalids", "survivors", "new_pensions", "new_pensions_movers",
    "new_invalidity", "deaths_with_right", "insurable_earnings", "contributions", "pensions", "invalidity_pensions", "survivors_pensions",
    "lump_sums", "refunds", "account_payouts", "other_benefits",
    "administration", "benefits", "member_balances",
)  # fmt: skip


def yearly_table(run: RegionRun, c: int, flows: tuple[CaseFlows, CaseFlows]) -> pd.DataFrame:
    """Yearly results of both cases."""
    legal = [law.contribution_rate for law in run.countries[c].laws[START:]]
    parts = []
    for case, f in zip(("without", "with"), flows, strict=True):
        columns: dict[str, Any] = {"case": case, "year": YEARS}
        columns |= {name: getattr(f, name) for name in _YEARLY}
        columns |= {
            "investment_income": f.reserve.investment_income,
            "reserve": f.reserve.closing,
            "payg_cost_rate": ind.payg_cost_rate(f.expenditure, f.insurable_earnings),
            "reserve_ratio": ind.reserve_ratio(f.reserve.opening, f.expenditure),
            "legal_rate": legal,
        }
        parts.append(pd.DataFrame(columns))
    return pd.concat(parts, ignore_index=True)


def _perpetual(f: CaseFlows, opening: float, rates: Array) -> float:
    """The general average premium in perpetuity, missing where it has no finite value."""
    growth = float(f.insurable_earnings[-1] / f.insurable_earnings[-2] - 1.0)
    try:
        tail = ind.Tail(float(rates[-1]), growth, growth)
        return ind.perpetual_average_premium(f.expenditure, f.insurable_earnings, opening, rates, tail)
    except ValueError:
        return math.nan


def _to_reserve(f: CaseFlows, opening: float, rates: Array) -> float:
    return level_rate_to_reserve_ratio(f.expenditure, f.insurable_earnings, opening, rates, 2.0, float(f.expenditure[-1] ** 2 / f.expenditure[-2]))


def _steady(f: CaseFlows, opening: float, rates: Array) -> float:
    """Missing where earnings begin later or no rate is steady."""
    if f.insurable_earnings.min() <= 0.0:
        return math.nan
    try:
        return steady_state_rate(f.expenditure, f.insurable_earnings, opening, rates, review_contributions=np.zeros(0))
    except ValueError:
        return math.nan


def _balance(f: CaseFlows, opening: float, rates: Array) -> float:
    following = float(f.expenditure[-1] ** 2 / f.expenditure[-2])
    return ind.actuarial_balance(f.contributions, f.expenditure, f.insurable_earnings, opening, rates, following).balance


def population_table(run: RegionRun, c: int) -> pd.DataFrame:
    """Residents at 1 January by sex and age group; broad groups every year, 5-year groups in the pyramid years."""
    population = run.demography.population[c]
    rows: list[tuple[int, str, str, float]] = []
    broad = {"0-14": slice(0, 15), "15-59": slice(15, 60), "60+": slice(60, 101)}
    five = {f"{a}-{a + 4}": slice(a, a + 5) for a in range(0, 100, 5)} | {"100+": slice(100, 101)}
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        groups = broad | (five if year in PYRAMID_YEARS else {})
        for s, sex in enumerate(SEXES):
            at = population[s, :, year_index(year)]
            rows += [(year, sex, name, float(at[cut].sum())) for name, cut in groups.items()]
    return pd.DataFrame(rows, columns=["year", "sex", "age_group", "persons"])


def indicator_table(run: RegionRun, c: int, flows: tuple[CaseFlows, CaseFlows]) -> pd.DataFrame:
    """Indicators of both cases with their difference and definition."""
    country = run.countries[c]
    rates = country.inputs.investment_return[START:]
    opening = country.inputs.scheme.calibration["reserve"].value if country.law.collecting else 0.0
    account = country.law.kind == "account"
    rows: list[dict[str, Any]] = []

    def add(name: str, unit: str, definition: str, value: Callable[[CaseFlows], float]) -> None:
        pair = [value(f) if country.law.collecting else math.nan for f in flows]
        rows.append(
            {"indicator": name, "unit": unit, "without": pair[0], "with": pair[1], "difference": pair[1] - pair[0], "definition": definition}
        )

    for year in PAYG_YEARS:
        t = year - FIRST_YEAR
        add(
            f"payg_{year}", "share of insurable earnings", "(benefits + administration) / insurable earnings of the year",
            lambda f, t=t: float(ind.payg_cost_rate(f.expenditure, f.insurable_earnings)[t]),  # type: ignore[misc]
        )  # fmt: skip
    add(
        "gap_75", "share of insurable earnings",
        "general average premium: (present value of benefits and administration over 75 years - reserve) / present value of insurable earnings",
        lambda f: math.nan if account else ind.general_average_premium(f.expenditure, f.insurable_earnings, opening, rates),
    )  # fmt: skip
    add("gap_perpetual", "share of insurable earnings",
        "general average premium without end: both series grow on as earnings in the last year; missing where the return does not exceed that",
        lambda f: math.nan if account else _perpetual(f, opening, rates))  # fmt: skip
    add("actuarial_balance_75", "share of insurable earnings",
        "(reserve + present value of contributions - of benefits and administration - of a last reserve of one year's cost) / that of insurable "
        "earnings (OASDI definition)", lambda f: math.nan if account else _balance(f, opening, rates))  # fmt: skip
    add("open_group_obligation", f"{country.inputs.scheme.currency}, present value",
        "present value over 75 years of benefits and administration less contributions, less the reserve",
        lambda f: math.nan if account else unfunded(open_group_obligation(f.expenditure, f.contributions, rates), opening))  # fmt: skip
    add("scaled_premium_15", "share of insurable earnings", "lowest level rate for which the reserve does not fall in the first 15 years (Thullen)",
        lambda f: math.nan if account or f.insurable_earnings[0] <= 0.0
        else scaled_premium(f.expenditure[:15], f.insurable_earnings[:15], opening, rates[:15]).rate)  # fmt: skip
    add("level_rate_reserve_2_years", "share of insurable earnings", "level rate that leaves a reserve of two years of expenditure after 75 years",
        lambda f: math.nan if account else _to_reserve(f, opening, rates))  # fmt: skip
    add("steady_state_rate", "share of insurable earnings",
        "lowest level rate from the first year on with the same reserve in years of expenditure after 10 and after 60 years; missing where none is",
        lambda f: math.nan if account else _steady(f, opening, rates))  # fmt: skip
    add("first_deficit_year", "year", "first year in which benefits and administration exceed contributions",
        lambda f: ind.first_year(f.expenditure > f.contributions, FIRST_YEAR))  # fmt: skip
    add("first_reserve_fall_year", "year", "first year in which the reserve falls",
        lambda f: ind.first_year(f.reserve.closing < f.reserve.opening, FIRST_YEAR))  # fmt: skip
    add("exhaustion_year", "year", "first year that ends with a negative reserve",
        lambda f: ind.first_year(f.reserve.closing < 0, FIRST_YEAR))  # fmt: skip
    add("deficit_years", "years", "number of years within the horizon in which benefits and administration exceed contributions",
        lambda f: float((f.expenditure > f.contributions).sum()))  # fmt: skip
    add("lowest_reserve_ratio", "years of expenditure", "lowest opening reserve / benefits and administration within the horizon",
        lambda f: float(np.nanmin(ind.reserve_ratio(f.reserve.opening, f.expenditure))))  # fmt: skip
    add("lowest_reserve_ratio_year", "year", "year of the lowest reserve ratio",
        lambda f: float(FIRST_YEAR + np.nanargmin(ind.reserve_ratio(f.reserve.opening, f.expenditure))))  # fmt: skip
    for years in (10, 25, 50):
        add(f"reserve_ratio_{years}", "years of expenditure", f"opening reserve / benefits and administration of year {years} (OASDI definition)",
            lambda f, t=years - 1: float(ind.reserve_ratio(f.reserve.opening, f.expenditure)[t]))  # type: ignore[misc]  # fmt: skip
    base, gdp = ind.present_value(flows[0].insurable_earnings, rates), run.basis.economy.gdp[c, START:]
    administration = ind.present_value(coordination_cost(run, c), rates)
    rows.append({"indicator": "pv_coordination_administration", "unit": f"{country.inputs.scheme.currency}, present value", "without": 0.0,
                 "with": administration, "difference": administration,
                 "definition": "the part of the net cost that is administration of the instrument (an assumption)"})  # fmt: skip
    for name, unit, divisor in (("pv_net_cost", f"{country.inputs.scheme.currency}, present value", 1.0),
                                ("pv_net_cost_share_of_earnings", "share of insurable earnings", base),
                                ("pv_net_cost_share_of_gdp", "share of gross domestic product", ind.present_value(gdp, rates))):  # fmt: skip
        add(name, unit, "present value over 75 years at the return on the reserve of benefits and administration less contributions, with - without"
            + ("" if divisor == 1.0 else ", over that of the same years' base"),
            lambda f, d=divisor: ind.present_value((f.expenditure - flows[0].expenditure) - (f.contributions - flows[0].contributions), rates) / d
            if d else math.nan)  # type: ignore[misc]  # fmt: skip
    return pd.DataFrame(rows)


def corridor_table(run: RegionRun, c: int) -> pd.DataFrame:
    """Corridors of the country's scheme by sex. Present values sum to the scheme's net cost, branches beside pensions apart.

    Net cost = pensions added + payouts added - lump sums and refunds no longer paid + contributions lost + administration, each with - without.
    """
    basis, demography = run.basis, run.demography
    rates = run.countries[c].inputs.investment_return[START:]
    index = {(int(o), int(d)): k for k, (o, d) in enumerate(demography.corridors)}
    covered = {(r.origin, r.host, r.sex): float(r.covered[1, 0].sum()) for r in run.corridors}
    sides = sides_of(run, c)
    rows = []
    for (_side, cost, o, d, sex), administration in zip(sides, side_administration(run, c), strict=True):
        k = index[o, d]
        parts = {f"pv_{name}": ind.present_value(values, rates) for name, values in cost_parts_of_side(cost).items()}
        parts["pv_administration"] = ind.present_value(administration, rates)
        extra = {n: (cost.with_instrument[n] - cost.without[n]).sum(axis=0) for n in ("pensioners", "invalids", "survivors")}
        extra_pensions = sum(parts[f"pv_{name}"] for name in EXTRA_PENSIONS)
        rows.append(
            {
                "origin": basis.countries[o], "host": basis.countries[d], "role": ("origin", "host")[_side], "sex": SEXES[sex],
                "movers_2026": float(demography.movers_abroad[k, sex, 15:, START].sum()),
                "flow_2026": float(demography.labour_outflow[k, sex, :, START].sum()),
                "movers_ever": float(
                    demography.movers_abroad[k, sex, 15:, START].sum() + demography.movers_home[k, sex, 15:, START].sum()
                    + demography.labour_outflow[k, sex, :, START:].sum()
                ),
                "covered_2026": covered[o, d, sex],
                "extra_pensioners_2050": float(sum(extra.values())[2050 - FIRST_YEAR]),
                "new_by_totalisation_2050": float(cost.with_instrument["by_totalisation"][:, 2050 - FIRST_YEAR].sum()),
                "pv_extra_pensions": extra_pensions,
                **parts,
                "pv_net_cost": extra_pensions + parts["pv_extra_payouts"] - parts["pv_lump_sums_not_paid"] - parts["pv_refunds_not_paid"]
                + parts["pv_contributions_moved"] + parts["pv_administration"],
                "confidence": basis.migration.confidence[k],
            }
        )  # fmt: skip
    return pd.DataFrame(rows, columns=CORRIDOR_COLUMNS)


EXTRA_PENSIONS = ("exported", "pensions_by_totalisation", "topped_up", "resumed", "sums_with_pensions")
CORRIDOR_COLUMNS = [
    "origin", "host", "role", "sex", "movers_2026", "flow_2026", "movers_ever", "covered_2026", "extra_pensioners_2050", "new_by_totalisation_2050",
    "pv_extra_pensions", *(f"pv_{name}" for name in EXTRA_PENSIONS), "pv_extra_payouts", "pv_lump_sums_not_paid", "pv_refunds_not_paid",
    "pv_contributions_moved", "pv_administration", "pv_net_cost", "confidence",
]  # fmt: skip


def cost_parts_of_side(cost: SideCost) -> dict[str, Array]:
    """The net cost of one corridor and sex by cause [year], administration apart; what is no longer paid is positive."""
    more = {n: (cost.with_instrument[n] - cost.without[n]).sum(axis=0) for n in cost.without}
    branches = ("pensions", "invalidity", "survivors")
    return {
        "exported": np.sum([more[f"{b}_own"] for b in branches], axis=0),
        "pensions_by_totalisation": np.sum([more[f"{b}_by_totalisation"] for b in branches], axis=0),
        "topped_up": np.sum([more[f"{b}_topped"] for b in branches], axis=0),
        "resumed": more["pensions_resumed"],
        "sums_with_pensions": more["commutations"] + more["death_grants"],
        "extra_payouts": more["payouts"] + more["late_payouts"] + more["death_payouts"] + more["invalidity_payouts"] + more["withdrawals"],
        "lump_sums_not_paid": -more["lump_sums"],
        "refunds_not_paid": -more["refunds"],
        "contributions_moved": -cost.posted_contributions,
    }


def gains_table(run: RegionRun, c: int) -> pd.DataFrame:
    """People who gain in this scheme, by year and sex."""
    parts = []
    for sex, name in enumerate(SEXES):
        total = {n: np.zeros(HORIZON) for n in (
            "new_pensions", "by_totalisation", "pensioners", "invalids", "survivors", "pensions", "refund_people", "new_invalidity",
            "deaths_with_right")}  # fmt: skip
        for _, cost, _, _, s in sides_of(run, c):
            if s == sex:
                for n in total:
                    total[n] += (cost.with_instrument[n] - cost.without[n]).sum(axis=0)
        people = total["pensioners"] + total["invalids"] + total["survivors"]
        parts.append(
            pd.DataFrame(
                {
                    "year": YEARS,
                    "sex": name,
                    "extra_new_pensions": total["new_pensions"],
                    "new_by_totalisation": total["by_totalisation"],
                    "extra_invalidity": total["new_invalidity"],
                    "extra_deaths_with_right": total["deaths_with_right"],
                    "extra_pensioners": people,
                    "average_extra_pension": np.divide(total["pensions"], people, out=np.full(HORIZON, np.nan), where=people > 0.5),
                    "refunds_not_paid": -total["refund_people"],
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def residence_table(run: RegionRun, flows: tuple[CaseFlows, CaseFlows]) -> pd.DataFrame:
    """Amounts paid by the scheme by country of residence."""
    parts = [
        pd.DataFrame(
            {"year": YEARS, "case": case, "residence": where, "amount": f.residence[j], "pensions": f.residence_pensions[j]}
        )
        for case, f in zip(("without", "with"), flows, strict=True)
        for j, where in enumerate(run.basis.countries)
    ]
    return pd.concat(parts, ignore_index=True)
