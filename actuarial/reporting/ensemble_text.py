"""An ensemble as text for a terminal: how sure the answers are, with their Monte Carlo error, and where the base stands among the paths."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

import pandas as pd

from actuarial.feasibility.ensemble_tables import QUANTILES, REGION

POINTS: Final = 100.0
PAYG_YEARS: Final = (2050, 2100)
EXHAUSTION_YEARS: Final = (2050, 2075, 2100)
_WIDTH: Final = 46


def as_text(tables: Mapping[str, pd.DataFrame], names: Mapping[str, str], countries: Collection[str] = (), title: str = "") -> str:
    """Tables for a terminal; ``names`` of the countries by code, ``countries`` limits them to these and leaves the region out."""
    found = list(dict.fromkeys(tables["indicators"]["country"]))
    parts = [title] if title else []
    parts += [_scheme(tables, country, names.get(country, country)) for country in found if not countries or country in countries]
    parts += [f"{names[c]}: no scheme that collects contributions" for c in countries if c not in found]
    if not countries:
        parts.append(_region(tables))
    if "check" in tables:
        parts.append(_check(tables["check"]))
    parts.append(
        "Bands are of the processes in data/uncertainty, most of them judgements; a median is the middle path, not the most likely one.\n"
        "Not drawn: how many migrants are covered for one resident, how often they return or take refunds, their pay, invalidity, fertility. The\n"
        "sensitivities say what these are worth."
    )
    return "\n\n".join(parts) + "\n"


def _scheme(tables: Mapping[str, pd.DataFrame], country: str, name: str) -> str:
    own = tables["indicators"][tables["indicators"]["country"] == country]
    lines = [name, f"  {'':<{_WIDTH}}{'base':>10}" + "".join(f"{q:>9.1%}" for q in QUANTILES) + f"{'s.e.':>9}"]
    for measure, case, title in (
        ("net_cost_share_75", "difference", "net cost, pp of earnings over 75 years"),
        ("gap_75", "without", "GAP without, %"),
        ("gap_75", "with", "GAP with, %"),
        ("gap_75", "difference", "GAP with - without, pp"),
    ):
        rows = own[(own["measure"] == measure) & (own["case"] == case)]
        if rows["value"].isna().all():
            continue
        lines.append(_row(title, float(rows["base"].iloc[0]), rows, digits=4 if case == "difference" else 2))
    yearly = tables["quantiles"][tables["quantiles"]["country"] == country]
    base = tables["base"][tables["base"]["country"] == country]
    for year in PAYG_YEARS:
        for case, digits in (("with", 2), ("difference", 4)):
            rows, at = (t[(t["measure"] == "payg") & (t["case"] == case) & (t["year"] == year)] for t in (yearly, base))
            title = f"PAYG {year} {case}, %" if case == "with" else f"PAYG {year} with - without, pp"
            lines.append(_row(title, float(at["value"].iloc[0]), rows, digits))
    lines.append(f"  reserve used up with the instrument (without) by {_exhaustion(tables['exhaustion'], country)}")
    lines.append(f"  net cost above a share of insurable earnings: {_thresholds(tables['threshold'], country)}")
    return "\n".join(lines)


def _row(title: str, base: float, rows: pd.DataFrame, digits: int) -> str:
    ordered = rows.sort_values("quantile")
    cells = [f"{POINTS * v:>9.{digits}f}" for v in ordered["value"]]
    error = float(ordered["monte_carlo_error"].iloc[len(QUANTILES) // 2])
    return f"  {title:<{_WIDTH}}{POINTS * base:>10.{digits}f}" + "".join(cells) + f"{POINTS * error:>9.{digits}f}"


def _exhaustion(table: pd.DataFrame, country: str) -> str:
    of = table[table["country"] == country].set_index(["case", "year"])["probability"]
    return ", ".join(f"{year}: {of['with', year]:.1%} ({of['without', year]:.1%})" for year in EXHAUSTION_YEARS)


def _thresholds(table: pd.DataFrame, country: str) -> str:
    own = table[table["country"] == country]
    cells = zip(own["share_of_payroll"], own["probability"], own["monte_carlo_error"], strict=True)
    return ", ".join(f"{share:.3%}: {p:.1%} ± {error:.1%}" for share, p, error in cells)


def _region(tables: Mapping[str, pd.DataFrame]) -> str:
    own = tables["quantiles"][tables["quantiles"]["country"] == REGION]
    base = tables["base"][tables["base"]["country"] == REGION].set_index("year")["value"]
    lines = [
        "Region: net cost of the pension schemes, million USD of the prices of the valuation date",
        f"  {'':<{_WIDTH}}{'base':>10}" + "".join(f"{q:>9.1%}" for q in QUANTILES) + f"{'s.e.':>9}",
    ]
    for year in (2035, *PAYG_YEARS):
        rows = own[own["year"] == year].sort_values("quantile")
        cells = "".join(f"{v / 1e6:>9.2f}" for v in rows["value"])
        error = float(rows["monte_carlo_error"].iloc[len(QUANTILES) // 2])
        lines.append(f"  {year:<{_WIDTH}}{float(base.loc[year]) / 1e6:>10.2f}{cells}{error / 1e6:>9.2f}")
    return "\n".join(lines)


def _check(check: pd.DataFrame) -> str:
    """Differences of the arithmetic of paths from full projections: whole paths, and one factor at a time."""
    both = check.assign(off=100.0 * (check["ensemble"] - check["projected"]), of=100.0 * check["projected"])
    lines = ["Projected anew in full: arithmetic of the ensemble less projection, percentage points (in brackets the projection)"]
    figures = [figure for figure in ("gap_75", "net_cost_share_75", "payg_2050", "payg_2100") if figure in set(both["figure"])]
    lines.append(f"  {'path':<12}{'country':<9}" + "".join(f"{figure:>26}" for figure in figures))
    for (path, country), rows in both[both["case"] == "with"].groupby(["path", "country"], sort=False):
        of, off = rows.set_index("figure")["of"], rows.set_index("figure")["off"]
        cells = [f"{off[name]:+.4f} ({of[name]:.4f})" for name in figures]
        lines.append(f"  {path:<12}{country:<9}" + "".join(f"{cell:>26}" for cell in cells))
    return "\n".join(lines)
