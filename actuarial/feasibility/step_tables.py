"""Tables of what the instrument costs by legal step, cause and branch, of past periods, and of the branches beside pensions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from actuarial.basis.dimensions import FIRST_YEAR, HORIZON, LAST_YEAR, SEXES, Array, year_index
from actuarial.feasibility.accrued import accrued_liabilities
from actuarial.feasibility.branch_exposure import scheme_branches
from actuarial.feasibility.branches import BranchFlows
from actuarial.feasibility.cashflow import CaseFlows, coordination_cost, net_cost_of_side, sides_of
from actuarial.feasibility.engine import RegionRun
from actuarial.feasibility.ladder import LADDER, Ladder
from actuarial.feasibility.result import (
    BRANCH_CAUSE_COLUMNS,
    BRANCH_COLUMNS,
    CAUSE_COLUMNS,
    LADDER_COLUMNS,
    LADDER_CORRIDOR_COLUMNS,
    LADDER_YEARS,
    PAST_COLUMNS,
    TRANSFER_VALUE_COLUMNS,
)
from actuarial.finance.indicators import present_value
from actuarial.finance.liabilities import funding_ratio

START = year_index(FIRST_YEAR)
YEARS = np.arange(FIRST_YEAR, LAST_YEAR + 1)
_PENSIONS = {"pensions": "old_age", "invalidity": "invalidity", "survivors": "survivors"}
_CAUSES = {"own": "exported", "by_totalisation": "newly_vested", "topped": "topped_up"}


def ladder_table(ladder: Ladder, c: int, without: CaseFlows) -> pd.DataFrame:
    """One row per rung: present value, share of that of insurable earnings, share of each year's, and the Shapley value."""
    rates = ladder.run.countries[c].inputs.investment_return[START:]
    if not ladder.run.countries[c].law.collecting:
        return pd.DataFrame(columns=LADDER_COLUMNS)
    earnings = without.insurable_earnings
    base = present_value(earnings, rates)
    rows = []
    for n, rung in enumerate(LADDER):
        pv, fair = (present_value(values[c, n], rates) for values in (ladder.steps, ladder.shapley))
        by_year = {f"payg_{y}": _share(ladder.steps[c, n], earnings)[y - FIRST_YEAR] for y in LADDER_YEARS}
        rows.append({"rung": rung.name, "title": rung.title, "pv": pv, "share_of_earnings": pv / base, **by_year,
                     "shapley_pv": fair, "shapley_share": fair / base})  # fmt: skip
    return pd.DataFrame(rows, columns=LADDER_COLUMNS)


def ladder_corridor_table(ladder: Ladder, c: int) -> pd.DataFrame:
    """Present value of every rung by corridor, role of the scheme and sex; the rows of a rung sum to the scheme's."""
    run = ladder.run
    rates = run.countries[c].inputs.investment_return[START:]
    rows = [
        (rung.name, run.basis.countries[o], run.basis.countries[d], ("origin", "host")[side], SEXES[sex],
         present_value(ladder.sides[c][m, n], rates))
        for m, (side, _, o, d, sex) in enumerate(sides_of(run, c))
        for n, rung in enumerate(LADDER)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=LADDER_CORRIDOR_COLUMNS)


def cause_table(run: RegionRun, c: int) -> pd.DataFrame:
    """Net cost of the pension scheme by year, sex, branch and cause; costs are positive. Administration has no sex."""
    if not run.countries[c].law.collecting:
        return pd.DataFrame(columns=CAUSE_COLUMNS)
    parts = []
    for sex, name in enumerate(SEXES):
        total: dict[tuple[str, str], Array] = {}
        for _, cost, _, _, s in sides_of(run, c):
            if s != sex:
                continue
            more = {n: (cost.with_instrument[n] - cost.without[n]).sum(axis=0) for n in cost.without}
            for key, values in _causes(more).items():
                total[key] = total.get(key, np.zeros(HORIZON)) + values
            key = ("old_age", "contributions_moved")
            total[key] = total.get(key, np.zeros(HORIZON)) - cost.posted_contributions
        parts += [_cause_rows(name, branch, cause, values) for (branch, cause), values in total.items()]
    parts.append(_cause_rows("", "administration", "administration", coordination_cost(run, c)))
    return pd.concat(parts, ignore_index=True)


def _causes(more: dict[str, Array]) -> dict[tuple[str, str], Array]:
    found = {(branch, cause): more[f"{kind}_{part}"] for kind, branch in _PENSIONS.items() for part, cause in _CAUSES.items()}
    return found | {
        ("old_age", "resumed"): more["pensions_resumed"],
        ("old_age", "sums_with_pensions"): more["commutations"],
        ("survivors", "death_grants"): more["death_grants"],
        ("old_age", "lump_sums_not_paid"): more["lump_sums"],
        ("old_age", "refunds_not_paid"): more["refunds"],
        ("old_age", "account_payouts"): more["payouts"] + more["late_payouts"] + more["withdrawals"],
        ("survivors", "account_payouts"): more["death_payouts"],
        ("invalidity", "account_payouts"): more["invalidity_payouts"],
    }


def _cause_rows(sex: str, branch: str, cause: str, values: Array) -> pd.DataFrame:
    return pd.DataFrame({"year": YEARS, "sex": sex, "branch": branch, "cause": cause, "amount": values}, columns=CAUSE_COLUMNS)


def past_table(run: RegionRun, past: RegionRun, c: int) -> pd.DataFrame:
    """Present value of the net cost of periods before the projection and of those to come, by corridor, role and sex, administration apart."""
    rates = run.countries[c].inputs.investment_return[START:]
    before = {(side, o, d, sex): net_cost_of_side(cost) for side, cost, o, d, sex in sides_of(past, c)}
    rows = []
    for side, cost, o, d, sex in sides_of(run, c):
        whole, first = (present_value(v, rates) for v in (net_cost_of_side(cost), before[side, o, d, sex]))
        names = run.basis.countries
        rows.append((names[o], names[d], ("origin", "host")[side], SEXES[sex], first, whole - first))
    return pd.DataFrame(rows, columns=PAST_COLUMNS)


def branch_tables(run: RegionRun, c: int) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, str]]:
    """Branch accounts by year, their differences by partner and cause in present value, and why other branches are not computed."""
    if not run.countries[c].law.collecting:
        return pd.DataFrame(columns=BRANCH_COLUMNS), pd.DataFrame(columns=BRANCH_CAUSE_COLUMNS), {}
    flows = scheme_branches(run, c)
    return _branch_years(flows), _branch_causes(flows, run.countries[c].inputs.investment_return[START:]), dict(flows.missing)


def _branch_years(flows: BranchFlows) -> pd.DataFrame:
    parts = [
        pd.DataFrame(
            {"year": YEARS, "branch": a.branch, "payer": a.payer, "insured": a.insured, "cases": a.cases, "levy": a.levy,
             "benefits_without": a.without, "benefits_with": a.with_instrument, "earnings": a.earnings}, columns=BRANCH_COLUMNS,
        )
        for a in flows.accounts
    ]  # fmt: skip
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=BRANCH_COLUMNS)


def _branch_causes(flows: BranchFlows, rates: Array) -> pd.DataFrame:
    rows = [
        (account.branch, account.payer, d.partner, d.role, d.cause, present_value(d.amount, rates))
        for account in flows.accounts
        for d in account.differences
        if np.any(d.amount)
    ]
    return pd.DataFrame(rows, columns=BRANCH_CAUSE_COLUMNS)


def liability_rows(run: RegionRun, past: RegionRun, c: int) -> pd.DataFrame:
    """Rows of the indicator table on rights accrued to date (service frozen at the valuation date) and the funding ratio."""
    found = accrued_liabilities(run, past, c)
    if found is None:
        return pd.DataFrame()
    reserve, currency = run.countries[c].inputs.scheme.calibration["reserve"].value, run.basis.schemes[c].currency
    rows = [
        ("accrued_liability", f"{currency}, present value", [liability.value for liability in found],
         "rights accrued to date: pensions in payment, and what the insured would be paid if nobody were insured after the valuation date; "
         "with minus without is the initial liability of the instrument"),
        ("accrued_pensioners", f"{currency}, present value", [liability.pensioners for liability in found], "the part of pensions in payment"),
        ("funding_ratio", "share", [funding_ratio(liability, reserve) for liability in found], "reserve / rights accrued to date"),
    ]  # fmt: skip
    return pd.DataFrame(
        [{"indicator": n, "unit": u, "without": v[0], "with": v[1], "difference": v[1] - v[0], "definition": d} for n, u, v, d in rows]
    )


def transfer_values(run: RegionRun, flows: Sequence[tuple[CaseFlows, CaseFlows]]) -> pd.DataFrame:
    """Present value of what the scheme of a country pays to residents of every country, in US dollars of the valuation date.

    Each payer's amounts are discounted at its own return and converted once, at the rate of the valuation date. Columns: payer, residence, case,
    pv_usd, pensions_pv_usd.
    """
    rows = []
    for i, payer in enumerate(run.basis.countries):
        rates = run.countries[i].inputs.investment_return[START:]
        exchange = float(run.basis.economy.exchange_rate[i, START - 1])
        for j, residence in enumerate(run.basis.countries):
            for n, case in enumerate(("without", "with")):
                values = (present_value(v[j], rates) / exchange for v in (flows[i][n].residence, flows[i][n].residence_pensions))
                rows.append((payer, residence, case, *values))
    return pd.DataFrame(rows, columns=TRANSFER_VALUE_COLUMNS)


def _share(values: Array, earnings: Array) -> Array:
    return np.divide(values, earnings, out=np.zeros_like(values), where=earnings > 0.0)
