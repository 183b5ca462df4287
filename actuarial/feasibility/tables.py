"""Labelled tables of one scheme, from the arrays of a run. Column meanings: :class:`actuarial.feasibility.result.SchemeResult`."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from actuarial.basis.dimensions import FIRST_YEAR, HORIZON, LAST_YEAR, SEXES, Array, year_index
from actuarial.feasibility.cashflow import CaseFlows, coordination_cost, coordination_cost_parts, sides_of
from actuarial.feasibility.engine import RegionRun
from actuarial.finance import indicators as ind

START = year_index(FIRST_YEAR)
YEARS = np.arange(FIRST_YEAR, LAST_YEAR + 1)
PYRAMID_YEARS = (2026, 2050, 2075, 2100)
PAYG_YEARS = (2026, 2050, 2075, 2100)

_YEARLY = (
    "contributors", "contributors_movers", "pensioners", "pensioners_movers", "new_pensions", "new_pensions_movers",
    "insurable_earnings", "contributions", "pensions", "lump_sums", "refunds", "account_payouts", "other_benefits",
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
    base = ind.present_value(flows[0].insurable_earnings, rates)
    administration = ind.present_value(coordination_cost(run, c), rates)
    rows.append({"indicator": "pv_coordination_administration", "unit": f"{country.inputs.scheme.currency}, present value", "without": 0.0,
                 "with": administration, "difference": administration,
                 "definition": "the part of the net cost that is administration of the instrument (an assumption)"})  # fmt: skip
    for name, unit, divisor in (("pv_net_cost", f"{country.inputs.scheme.currency}, present value", 1.0),
                                ("pv_net_cost_share_of_earnings", "share of insurable earnings", base)):  # fmt: skip
        add(name, unit, "present value over 75 years at the return on the reserve of benefits and administration, with minus without"
            + ("" if divisor == 1.0 else ", over that of insurable earnings"),
            lambda f, d=divisor: ind.present_value(f.expenditure - flows[0].expenditure, rates) / d if d else math.nan)  # type: ignore[misc]  # fmt: skip
    return pd.DataFrame(rows)


def corridor_table(run: RegionRun, c: int) -> pd.DataFrame:
    """Corridors of the country's scheme by sex. Present values sum to the scheme's net cost."""
    basis, demography = run.basis, run.demography
    rates = run.countries[c].inputs.investment_return[START:]
    index = {(int(o), int(d)): k for k, (o, d) in enumerate(demography.corridors)}
    covered = {(r.origin, r.host, r.sex): float(r.covered[1, 0].sum()) for r in run.corridors}
    _, fixed = coordination_cost_parts(run, c)
    fixed_value = ind.present_value(fixed, rates)
    sides = sides_of(run, c)
    abroad = {(o, d, s): float(demography.movers_abroad[index[o, d], s, 15:, START].sum()) for _, _, o, d, s in sides}
    insured = {(r.origin, r.host, r.sex): r.covered[:, 0].sum(axis=1) for r in run.corridors}
    everybody = sum(float(insured[o, d, s][side]) for side, _, o, d, s in sides)
    rate = run.instrument.administration.share_of_coordinated_benefits
    scale = _variable_scale(run, c)
    rows = []
    for side, cost, o, d, sex in sides:
        k = index[o, d]
        extra = {n: (cost.with_instrument[n] - cost.without[n]).sum(axis=0) for n in cost.without}
        pensions = extra["pensions"] + extra["commutations"]
        payouts = extra["payouts"] + extra["late_payouts"] + extra["death_payouts"] + extra["withdrawals"]
        share = float(insured[o, d, sex][side]) / everybody if everybody > 0 else 1.0 / len(sides)
        parts = {
            "pv_extra_pensions": ind.present_value(pensions, rates),
            "pv_pensions_by_totalisation": ind.present_value(extra["pensions_by_totalisation"], rates),
            "pv_extra_payouts": ind.present_value(payouts, rates),
            "pv_lump_sums_not_paid": -ind.present_value(extra["lump_sums"], rates),
            "pv_refunds_not_paid": -ind.present_value(extra["refunds"], rates),
            "pv_administration": ind.present_value(rate * scale * pensions, rates) + fixed_value * share,
        }
        rows.append(
            {
                "origin": basis.countries[o], "host": basis.countries[d], "role": ("origin", "host")[side], "sex": SEXES[sex],
                "movers_2026": abroad[o, d, sex],
                "flow_2026": float(demography.labour_outflow[k, sex, :, START].sum()),
                "covered_2026": covered[o, d, sex],
                "extra_pensioners_2050": float(extra["pensioners"][2050 - FIRST_YEAR]),
                "new_by_totalisation_2050": float(cost.with_instrument["by_totalisation"][:, 2050 - FIRST_YEAR].sum()),
                **parts,
                "pv_net_cost": parts["pv_extra_pensions"] + parts["pv_extra_payouts"] - parts["pv_lump_sums_not_paid"]
                - parts["pv_refunds_not_paid"] + parts["pv_administration"],
                "confidence": basis.migration.confidence[k],
            }
        )  # fmt: skip
    columns = [
        "origin", "host", "role", "sex", "movers_2026", "flow_2026", "covered_2026", "extra_pensioners_2050", "new_by_totalisation_2050",
        "pv_extra_pensions", "pv_pensions_by_totalisation", "pv_extra_payouts",
        "pv_lump_sums_not_paid", "pv_refunds_not_paid", "pv_administration", "pv_net_cost", "confidence",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _variable_scale(run: RegionRun, c: int) -> Array:
    """Factor by year that makes corridor shares of the variable cost sum to the scheme's (it is never negative in total)."""
    variable, _ = coordination_cost_parts(run, c)
    rate = run.instrument.administration.share_of_coordinated_benefits
    total = np.zeros(HORIZON)
    for _, cost, *_ in sides_of(run, c):
        for name in ("pensions", "commutations"):
            total += (cost.with_instrument[name] - cost.without[name]).sum(axis=0)
    return np.divide(variable, rate * total, out=np.zeros(HORIZON), where=(rate * total) != 0)


def gains_table(run: RegionRun, c: int) -> pd.DataFrame:
    """People who gain in this scheme, by year and sex."""
    parts = []
    for sex, name in enumerate(SEXES):
        total = {n: np.zeros(HORIZON) for n in ("new_pensions", "by_totalisation", "pensioners", "pensions", "refund_people")}
        for _, cost, _, _, s in sides_of(run, c):
            if s == sex:
                for n in total:
                    total[n] += (cost.with_instrument[n] - cost.without[n]).sum(axis=0)
        people = total["pensioners"]
        parts.append(
            pd.DataFrame(
                {
                    "year": YEARS,
                    "sex": name,
                    "extra_new_pensions": total["new_pensions"],
                    "new_by_totalisation": total["by_totalisation"],
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
