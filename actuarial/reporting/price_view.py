"""The answer of the command ``price`` as text and CSV.

Amounts are millions of US dollars of the valuation date in present value, costs positive. Shares are per cent of the present value of insurable
earnings (pp: percentage points of them); the CSV files hold plain numbers.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

import pandas as pd

from actuarial.feasibility.break_even import as_table
from actuarial.feasibility.compare import REGION
from actuarial.feasibility.pricing import Pricing
from actuarial.reporting.csv_text import neutral_texts

_WIDTH = 34
_WHAT = {
    "mobility": "Level of mobility", "take_up": "Take-up of claims", "contribution_rate": "Contribution rate that pays for it",
    "coverage": "Cover of movers",
}  # fmt: skip


def as_text(pricing: Pricing, countries: Collection[str] = (), seconds: float | None = None) -> str:
    """Tables for a terminal; ``countries`` limits them to these and leaves the region out, ``seconds`` is the time taken."""
    shown = [*(code for code in pricing.names if not countries or code in countries), *(() if countries else (REGION,))]
    parts = [_title(pricing, seconds)]
    for code in shown:
        name = pricing.names.get(code, pricing.region)
        parts.append(_steps(name, pricing.steps[pricing.steps["country"] == code]))
        if not pricing.comparison.empty:
            parts.append(_comparison(name, pricing.comparison[pricing.comparison["country"] == code]))
    if not pricing.pairs.empty:
        parts.append(_pairs(pricing))
    if said := [answer for answer in pricing.break_even if answer.country in shown]:
        parts.append("Break-even: where the present value of the net cost changes its sign")
        for lever, title in _WHAT.items():
            lines = [f"  {answer.sentence}" for answer in said if answer.lever == lever]
            if lines:
                parts.append("\n".join([title, *lines]))
    return "\n\n".join(parts) + "\n"


def _title(pricing: Pricing, seconds: float | None) -> str:
    lines = [
        f"Price of {pricing.instrument.id}, scenario {pricing.scenario}: with minus without the instrument, present value over 75 years, "
        "millions of US dollars of the valuation date; costs positive"
    ]
    if pricing.unpriced:
        lines.append(f"No scheme to price in: {', '.join(pricing.unpriced)}")
    if seconds is not None:
        lines.append(f"Time taken: {seconds:.0f} s")
    return "\n".join(lines)


def _steps(name: str, table: pd.DataFrame) -> str:
    lines = [f"{name}: price of each legal step", f"  {'':<{_WIDTH}}{'in order':>12}{'% earnings':>12}{'Shapley':>12}{'% earnings':>12}"]
    figures = ["pv_usd", "share_of_earnings", "shapley_usd", "shapley_share"]
    rows = [(str(row["title"]), [float(row[f]) for f in figures]) for row in table.to_dict("records")]
    rows.append(("Net cost", [float(table[f].sum()) for f in figures]))
    lines += [f"  {title:<{_WIDTH}}{_million(v[0]):>12}{_percent(v[1]):>12}{_million(v[2]):>12}{_percent(v[3]):>12}" for title, v in rows]
    return "\n".join(lines)


def _comparison(name: str, table: pd.DataFrame) -> str:
    heads = ("net cost", "% earnings", "diff. pp", "PAYG 2050", "diff. pp", "pensioners", "diff.", "vested", "diff.")
    lines = [
        f"{name}: the instrument and its variants (* the instrument itself; diff.: from it; pensioners: more in 2050; vested: newly, in 2050;"
        " the same: no difference)",
        f"  {'':<{_WIDTH}}" + "".join(f"{head:>12}" for head in heads),
    ]
    for group, part in table.groupby("group", sort=False):
        rows = part.to_dict("records")
        same = [_variant(row) for row in rows if group != "instrument" and not _differs(row)]
        lines.append(f"  {group}" + (f" (the same: {', '.join(same)})" if same else ""))
        lines += [
            f"    {_variant(row):<{_WIDTH - 2}}" + "".join(f"{cell:>12}" for cell in _cells(row)) for row in rows if _variant(row) not in same
        ]
    return "\n".join(lines)


def _variant(row: dict[Any, Any]) -> str:
    return f"{row['variant']}{' *' if row['reference'] else ''}"


def _differs(row: dict[Any, Any]) -> bool:
    """Whether a variant differs from the instrument by more than rounding."""
    people = max(abs(row["extra_pensioners_2050_difference"]), abs(row["newly_vested_2050_difference"]))
    return bool(abs(row["net_cost_usd_difference"]) > 1.0 or people > 1e-6)


def _cells(row: dict[Any, Any]) -> list[str]:
    return [
        _million(row["net_cost_usd"]), _percent(row["net_cost_share"]), _percent(row["net_cost_share_difference"], sign=True),
        f"{100.0 * row['payg_2050']:.2f}", _percent(row["payg_2050_difference"], sign=True),
        f"{row['extra_pensioners_2050']:,.0f}", f"{row['extra_pensioners_2050_difference']:+,.0f}",
        f"{row['newly_vested_2050']:,.0f}", f"{row['newly_vested_2050_difference']:+,.0f}",
    ]  # fmt: skip


def _pairs(pricing: Pricing) -> str:
    listed = ", ".join(f"{row.pair} {row.movers:,.0f}" for row in pricing.pairs.itertuples())
    return (
        "Treaties are concluded in the order of movers (15 and over, both directions): " + listed + ".\n"
        "Each costs both schemes the fixed liaison cost of the instrument (assumed). For two states a treaty does what the instrument does; what "
        "a web misses are careers in three or more states: actuarial microsimulate --third-states ORIGIN."
    )


def _million(value: float) -> str:
    return f"{value / 1e6:,.2f}"


def _percent(share: float, *, sign: bool = False) -> str:
    return f"{100.0 * share:+.4f}" if sign else f"{100.0 * share:.4f}"


def write_csv(pricing: Pricing, folder: Path) -> list[Path]:
    """Write into ``folder`` ``steps.csv`` and, as far as asked for, ``comparison.csv``, ``pairs.csv`` and ``break-even.csv``; returns the files."""
    tables = {"steps": pricing.steps, "comparison": pricing.comparison, "pairs": pricing.pairs, "break-even": as_table(pricing.break_even)}
    files = []
    for name, table in tables.items():
        if not table.empty:
            files.append(folder / f"{name}.csv")
            neutral_texts(table).to_csv(files[-1], index=False, lineterminator="\n")
    return files
