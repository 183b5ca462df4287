"""Calibration table and assumption register of one country: what was published, what was chosen, and where to change it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from actuarial.basis.dimensions import FIRST_YEAR, VALUATION_YEAR, year_index
from actuarial.basis.instrument import Instrument
from actuarial.basis.migration import MigrationBasis
from actuarial.basis.register import Assumption, from_figure, register
from actuarial.feasibility.cashflow import CaseFlows
from actuarial.feasibility.engine import RegionRun
from actuarial.feasibility.inputs import StudyBasis

BASE = year_index(VALUATION_YEAR)
START = year_index(FIRST_YEAR)

_CALIBRATION_COLUMNS = [
    "item", "unit", "published", "date", "target", "modelled", "ratio", "factor", "source", "confidence", "note",
]  # fmt: skip


def calibration_table(run: RegionRun, c: int, flows: CaseFlows) -> pd.DataFrame:
    """Published figure, base-year target, model, their ratio (model / target), and the factor that calibration applied.

    Flows are compared for the base year, stocks at its 31 December. Flows of the base year are those of stayers, contributions raised by the movers'
    share of contributors.
    """
    country = run.countries[c]
    if not country.law.collecting or country.inputs.scheme.starts is not None:
        return pd.DataFrame(columns=_CALIBRATION_COLUMNS)
    scheme, stock = country.inputs.scheme, run.stocks[c]
    exposed = [country.exposure(sex)[BASE] for sex in (0, 1)]
    pay = sum(float((e * country.insurable[sex, BASE, : e.size]).sum()) for sex, e in enumerate(exposed))
    stayers = sum(float(out.people[START, :, 0].sum()) for out in country.stayers)
    movers = _movers_covered(run, c)
    all_pay = pay * (stayers + movers) / stayers
    modelled: dict[str, tuple[float, float, str]] = {
        "active_contributors": (stayers + movers, run.countries[c].inputs.coverage.level[START],
                                f"of whom {movers:,.0f} movers; factor: level of coverage"),
        "contributions": (country.law.contribution_rate * country.compliance[BASE] * all_pay, run.scale[c],
                          "factor: scale of mean earnings on the average wage"),
        "average_insurable_earnings": (all_pay / (stayers + movers) / 12.0, run.scale[c],
                                       "per month and contributor at the end of the year; follows from the two above"),
        "reserve": (float(flows.reserve.opening[0]), 1.0, "opening reserve, taken as it is"),
    }  # fmt: skip
    if country.law.kind == "account":
        _account_rows(run, c, modelled)
    elif stock is not None:
        awards = run.awards[c]
        assert awards is not None
        settlements = stock.settlement_claims * (stock.sums_in_lieu + sum(float(a.lump_sum[0, BASE]) for a in awards))
        commuted = stock.death_grants + sum(float(a.cash[0, BASE]) for a in awards)
        grossed = 1.0 + stock.other_pensions
        payroll, number = grossed * float(stock.amount.sum()), grossed * float(stock.people.sum())
        other = stock.other_benefits_share * pay
        modelled["benefits"] = (payroll + settlements + commuted + other, stock.settlement_claims,
                                f"pensions {payroll:,.0f}, lump sums {settlements + commuted:,.0f}, other {other:,.0f}; "
                                "factor: share of lump sums due that is claimed")  # fmt: skip
        modelled["pensioners"] = (number, 1.0, "number in payment, taken as it is")
        modelled["pension_payroll"] = (payroll, 1.0, f"average pension {payroll / number:,.0f} a year")
    rows = []
    for name, target in scheme.calibration.items():
        value, factor, note = modelled.get(name, (np.nan, np.nan, "not used"))
        rows.append(
            {
                "item": name, "unit": target.unit, "published": target.published, "date": target.date, "target": target.value,
                "modelled": value, "ratio": value / target.value if target.value else np.nan, "factor": factor,
                "source": scheme.sources(target.source), "confidence": target.confidence, "note": f"{target.method}; {note}",
            }
        )  # fmt: skip
    return pd.DataFrame(rows, columns=_CALIBRATION_COLUMNS)


def _account_rows(run: RegionRun, c: int, modelled: dict[str, tuple[float, float, str]]) -> None:
    """Benefits and balances of an account scheme, movers included where the first projection year holds them."""
    country = run.countries[c]
    calibration = country.calibration
    half = float(np.sqrt(1.0 + country.crediting[BASE]))
    factor, claimed, w = calibration.balance_factor, calibration.claimed, calibration.withdrawal
    due = factor * sum(float(out.award_amount[BASE].sum() + out.death_amount[BASE]) for out in country.stayers)
    opening = factor * sum(float(out.amount[BASE].sum()) for out in country.stayers)
    refunds = factor * sum(float(out.residual_amount[BASE]) / half for out in country.stayers)
    own = sum(float(out.amount[START].sum()) for out in country.stayers)
    movers = sum(float(r.sides[s].balances["without"][0]) for r in run.corridors for s, i in enumerate((r.origin, r.host)) if i == c)
    paid = claimed * due + w * half * opening + refunds
    leaving = sum(
        float(r.sides[s].without["refunds"][:, 0].sum() + r.sides[s].without["payouts"][:, 0].sum() + r.sides[s].without["death_payouts"][:, 0].sum())
        for r in run.corridors for s, i in enumerate((r.origin, r.host)) if i == c
    )  # fmt: skip
    leaving /= 1.0 + float(country.inputs.wage_growth[START])
    note = "factor: share of balances paid out a year for causes not modelled one by one"
    if claimed < 1.0:
        note = "factor: share of balances due that is claimed, rising to 1; the rest stays in the fund and is paid late"
    modelled["benefits"] = (paid + leaving, claimed if claimed < 1.0 else w, f"movers estimated from the next year; {note}")
    modelled["member_balances"] = (own + movers, factor, "factor: on balances built up from history")


def _movers_covered(run: RegionRun, c: int) -> float:
    total = 0.0
    for r in run.corridors:
        for side, country in enumerate((r.origin, r.host)):
            if country == c:
                total += float(r.covered[side, 0].sum())
    return total


def assumption_table(run: RegionRun, c: int) -> pd.DataFrame:
    """Every figure behind the country's results, with source and confidence."""
    return assumptions_of(run.basis, run.instrument, c)


def assumptions_of(basis: StudyBasis, agreement: Instrument, c: int) -> pd.DataFrame:
    """The same from what a study reads, without running it."""
    country, scheme = basis.countries[c], basis.schemes[c]
    lines: list[Assumption] = []
    for name, figure in scheme.figures():
        lines.append(
            Assumption(name, country, _text(figure.value), figure.unit, figure.source, figure.year, figure.confidence, figure.reason,
                       f"data/schemes/{scheme.id}/params.yaml")
        )  # fmt: skip
    instrument = f"scenarios/instruments/{agreement.id}/instrument.yaml"
    lines += [from_figure(f"instrument: {name}", figure, instrument) for name, figure in agreement.figures]
    lines += [from_figure(f"careers: {name}", figure, "data/labour/careers.yaml") for name, figure in basis.careers.figures]
    lines += [from_figure(f"contingencies: {name}", figure, "data/labour/contingencies.yaml") for name, figure in basis.contingencies.figures]
    lines += [from_figure(f"families: {name}", figure, "data/labour/families.yaml") for name, figure in basis.families.figures]
    lines += [from_figure(f"branch costs: {name}", figure, "data/labour/branch_costs.yaml") for name, figure in basis.branch_costs.figures]
    for part in (basis.economy.assumptions, basis.labour.assumptions, _migration(basis.migration)):
        lines += [line for line in part if line.country in ("", country) or country in line.country.split("-")]
    table = register(lines).drop(columns="country")
    table["used"] = ["yes" if used else "no" for used in table["name"].map(_read_by_projection)]
    return table


_ON_RECORD = (
    "related.", "statistics.", "identity.", "not_found", "account.midterm", "account.early_age", "account.cash_share",
    "account.preservation", "account.tier", "account.contracting", "account.early_access", "old_age.early", "old_age.special", "old_age.rounding",
    "account.former_fund", "account.tier_two", "portability.", "minimum wage",
)  # fmt: skip
"""Parts of a scheme file that the projection does not read (single cases do), and the minimum wage of the economy: schemes have their own."""


_BRANCH_PARTS_READ = ("rules", "contributions")
"""Of a branch's figures: the pension projection reads those of invalidity and survivors, the branch accounts the others."""


def _read_by_projection(name: str) -> bool:
    if name.startswith("branches."):
        return name.split(".")[2] in _BRANCH_PARTS_READ
    return not name.startswith(_ON_RECORD)


def _migration(migration: MigrationBasis) -> list[Assumption]:
    """Lines for the labour share and the stay of every corridor; ``country`` holds both ends, ``UGA-KEN``."""
    lines = []
    for k, (origin, host) in enumerate(migration.corridors):
        for name, value, unit in (
            ("share of labour movers in the migrant stock", migration.labour_share[k], "share"),
            ("mean stay abroad", migration.mean_stay[k], "years"),
        ):
            lines.append(
                Assumption(
                    name=f"migration {origin}-{host}: {name}", country=f"{origin}-{host}", value=f"{value:.3g}", unit=unit,
                    source="own assumption on the migrant stock of UN DESA", year=str(migration.matrix_years[-1]),
                    confidence=migration.confidence[k], reason=migration.reasons[k], file="data/migration/corridors.csv",
                )
            )  # fmt: skip
    return lines


def _text(value: float | str | bool) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.10g}" if isinstance(value, float | int) else str(value)
