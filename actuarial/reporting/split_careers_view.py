"""Standard careers split between two states: what they replace without and with the instrument, beside the 40 % of Convention No. 102."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from actuarial.feasibility.result import StudyResult
from actuarial.finance.replacement import C102_SHARE, C102_YEARS
from actuarial.reporting import frames, numbers
from actuarial.reporting.blocks import Block, Column, Heading, Paragraph, Ref, Row, Table, say
from actuarial.reporting.chart_parts import legend_below
from actuarial.reporting.language import _, phrase
from actuarial.reporting.pictures import picture
from actuarial.reporting.style import SERIES, WITH, WITHOUT, area, chart_style, figure, set_message, set_unit, tick
from actuarial.reporting.tables import MODEL, left

SHOWN: Final = 4
"""Corridors of the table."""
SPLITS: Final = ((20, 5), (20, 10), (20, 15), (30, 10), (30, 15), (30, 20))
"""Years of the whole career and years at home."""


def split_careers(study: StudyResult, pairs: list[tuple[str, str]], names: dict[str, str]) -> list[Block]:
    """Section of a country report on its corridors, largest first; empty where no corridor has a collecting scheme at both ends."""
    table = study.split_careers
    if table.empty:
        return []
    both = set(zip(table["origin"], table["host"], strict=True))
    shown = [p for p in pairs if p in both][:SHOWN]
    if not shown:
        return []
    origin, host = shown[0]
    first = table[(table["origin"] == origin) & (table["host"] == host)]
    return [
        Heading(_("A full career split between two states"), 2),
        Paragraph(
            say(
                "{figure} and {table} leave averages aside and follow one worker who is insured every month at the average wage, first at home and "
                "then in the host state up to pension age, and who claims everything that is due. A career of {years} years at home "
                "or abroad alone is at the ends of the chart. {share} after {years} years is what ILO Convention No. 102 asks for. "
                "Balances of account schemes are counted as if turned into a pension for life. Together the two pensions can be lower "
                "in the middle, where years fall short of what either law requires.",
                figure=Ref("fig-split"),
                table=Ref("tab-split"),
                years=str(C102_YEARS),
                share=numbers.rate(C102_SHARE, 0),
            )
        ),
        picture(
            "fig-split",
            _chart(first, f"{names[origin]} → {names[host]}"),
            phrase("Replacement rate of a career of {years} years, {corridor}", years=str(C102_YEARS), corridor=f"{names[origin]} → {names[host]}"),
            _("Pairs of bars by years at home, without and with the instrument, and a line at the benchmark."),
        ),
        _table(table, shown, names),
    ]


def _chart(rows: pd.DataFrame, title: str) -> Figure:
    career = rows[rows["years"] == C102_YEARS].sort_values("home_years")
    before, after = (100 * career[f"replacement_{c}"].to_numpy(dtype=float) for c in ("without", "with"))
    with chart_style():
        drawing = figure(3.0)
        axes = drawing.subplots()
        places = np.arange(len(career))
        axes.bar(places - 0.19, before, width=0.36, color=WITHOUT, label=_("without the instrument"))
        axes.bar(places + 0.19, after, width=0.36, **area(WITH, "////"), label=_("with the instrument"))
        axes.axhline(100 * C102_SHARE, color=SERIES[1], lw=1.1, ls=(0, (4, 1.5)), label=_("Convention No. 102"))
        for offset, values in ((-0.19, before), (0.19, after)):
            for place in places[values == 0.0]:
                axes.annotate(tick(0.0), (place + offset, 0), xytext=(0, 2), textcoords="offset points", ha="center", color="#333333")
        axes.set_xticks(places, [f"{h} + {C102_YEARS - h}" for h in career["home_years"].astype(int)])
        axes.set_xlabel(_("years at home + years in the host state"))
        axes.grid(axis="x", visible=False)
        axes.set_ylim(0, 1.08 * max(float(after.max()), float(before.max()), 100 * C102_SHARE))
        legend_below(drawing, 3)
        axes.yaxis.set_major_formatter(FuncFormatter(tick))
        set_unit(axes, title, _("% of career earnings"))
        low = int(np.argmin(before))
        set_message(
            drawing,
            phrase(
                "Of {years} years, {home} at home and the rest abroad replace {before} of earnings without the instrument and {after} with it",
                years=str(C102_YEARS),
                home=str(int(career["home_years"].iloc[low])),
                before=numbers.rate(float(before[low]) / 100, 0),
                after=numbers.rate(float(after[low]) / 100, 0),
            ),
        )
    return drawing


def _table(table: pd.DataFrame, pairs: list[tuple[str, str]], names: dict[str, str]) -> Table:
    indexed = table.set_index(["origin", "host", "years", "home_years"]).sort_index()
    rows = []
    for origin, host in pairs:
        rows.append(Row((f"{names[origin]} → {names[host]}",), "section"))
        for label, case in ((_("Without"), "without"), (_("With"), "with")):
            values = [frames.number(indexed[f"replacement_{case}"].loc[(origin, host, years, home)]) for years, home in SPLITS]
            rows.append(Row((label, *(numbers.rate(v, 1) for v in values))))
    heads = [phrase("{home} + {abroad} years", home=str(home), abroad=str(years - home)) for years, home in SPLITS]
    return Table(
        "tab-split",
        _("Replacement rate of a career split between two states, share of career earnings; years at home + years in the host state"),
        (left(_("Corridor")), *(Column(h) for h in heads)),
        tuple(rows),
        _(MODEL),
    )
