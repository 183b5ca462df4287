"""Charts of the people of one country: population, members, who gains, who moves."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from actuarial.feasibility.result import SchemeResult
from actuarial.reporting import frames, numbers
from actuarial.reporting.chart_parts import from_zero, label_ends, people_a_year_unit, people_unit, with_and_without
from actuarial.reporting.language import _, phrase
from actuarial.reporting.style import DASHES, SERIES, TINTS, chart_style, figure, set_message, set_unit, tick

MOST_CORRIDORS: Final = 14


def population_pyramids(scheme: SchemeResult) -> Figure:
    """Men and women by 5-year age group at the start, after 25 and 50 years and at the end, all on one scale."""
    years = frames.pyramid_years(scheme)
    with chart_style():
        drawing = figure(3.1)
        panels = drawing.subplots(1, len(years), sharey=True, sharex=True)
        for axes, year in zip(np.atleast_1d(panels), years, strict=True):
            groups = frames.five_year_groups(scheme, year)
            table = frames.population(scheme, year, groups) / 1e6
            places = np.arange(len(groups))
            axes.barh(places, -table["male"], height=0.86, color=TINTS[1])
            axes.barh(places, table["female"], height=0.86, color=TINTS[2])
            axes.set_yticks(places[::2], [groups[i] for i in places[::2]])
            axes.grid(axis="y", visible=False)
            axes.xaxis.set_major_formatter(FuncFormatter(lambda v, _pos: tick(abs(v))))
            axes.xaxis.set_major_locator(MaxNLocator(2, symmetric=True))
            everybody = phrase("{year}: {people}", year=numbers.year(year), people=numbers.compact(1e6 * float(table.to_numpy().sum())))
            set_unit(axes, everybody, _("million persons"))
            axes.text(0.02, 0.97, _("men"), transform=axes.transAxes, va="top", color="#3B7CA8")
            axes.text(0.98, 0.97, _("women"), transform=axes.transAxes, va="top", ha="right", color=TINTS[2])
        message = phrase(
            "People aged 60 and over: {before} of the population in {first}, {after} in {last}",
            before=numbers.rate(_share_old(scheme, years[0]), 1),
            first=numbers.year(years[0]),
            after=numbers.rate(_share_old(scheme, years[-1]), 1),
            last=numbers.year(years[-1]),
        )
        set_message(drawing, message)
    return drawing


def _share_old(scheme: SchemeResult, year: int) -> float:
    table = frames.population(scheme, year, frames.BROAD_GROUPS).sum(axis=1)
    return float(table["60+"] / table.sum())


def contributors_and_pensioners(scheme: SchemeResult) -> Figure:
    """Head-counts, and pensioners per hundred contributors."""
    without, with_ = frames.case(scheme, "without"), frames.case(scheme, "with")
    with chart_style():
        drawing = figure()
        left, right = drawing.subplots(1, 2)
        unit, scale = people_unit(max(without["contributors"].max(), without["pensioners"].max()))
        ends = []
        for i, (column, label) in enumerate((("contributors", _("Contributors")), ("pensioners", _("Pensioners")))):
            left.plot(without.index, without[column] / scale, color=SERIES[i], ls=DASHES[i])
            ends.append((float(without[column].iloc[-1] / scale), label, SERIES[i]))
        label_ends(left, ends)
        set_unit(left, _("Without the instrument"), unit)
        from_zero(left)
        with_and_without(
            right,
            100 * without["pensioners"] / without["contributors"],
            100 * with_["pensioners"] / with_["contributors"],
        )
        set_unit(right, _("Pensioners per 100 contributors"), _("persons"))
        from_zero(right)
        set_message(drawing, _ratio_message(without, with_))
    return drawing


def _ratio_message(without: pd.DataFrame, with_: pd.DataFrame) -> str:
    first, last = without.index[0], without.index[-1]
    start, end, end_with = (
        numbers.decimal(100 * frames.number(f["pensioners"][y]) / frames.number(f["contributors"][y]), 0)
        for f, y in ((without, first), (without, last), (with_, last))
    )
    years = {"first": numbers.year(first), "last": numbers.year(last)}
    if end == end_with:
        return phrase(
            "{start} pensioners per 100 contributors in {first} become {end} in {last}, whether or not the instrument is in force",
            start=start, end=end, **years,
        )  # fmt: skip
    return phrase(
        "{start} pensioners per 100 contributors in {first} become {end} in {last} without and {end_with} with the instrument",
        start=start, end=end, end_with=end_with, **years,
    )  # fmt: skip


def contributors(scheme: SchemeResult) -> Figure:
    """Contributors of an account scheme, all of them and those who are movers."""
    frame = frames.case(scheme, "without")
    with chart_style():
        drawing = figure(2.5)
        left, right = drawing.subplots(1, 2)
        unit, scale = people_unit(float(frame["contributors"].max()))
        left.plot(frame.index, frame["contributors"] / scale, color=SERIES[0])
        set_unit(left, _("Contributors"), unit)
        from_zero(left)
        part = 100 * frame["contributors_movers"] / frame["contributors"]
        right.plot(frame.index, part, color=SERIES[1])
        set_unit(right, _("Of these, movers between partner states"), _("% of contributors"))
        from_zero(right)
        first, last = frame.index[0], frame.index[-1]
        message = phrase(
            "Contributors: {start} in {first}, {end} in {last}; movers are {part} of them at the end",
            start=numbers.persons(frame["contributors"][first]),
            first=numbers.year(first),
            end=numbers.persons(frame["contributors"][last]),
            last=numbers.year(last),
            part=numbers.rate(part[last] / 100, 1),
        )
        set_message(drawing, message)
    return drawing


def who_gains(scheme: SchemeResult) -> Figure | None:
    """People who draw a pension only because of the instrument, and people who leave without a refund or their balance.

    ``None`` when there are none in any year.
    """
    counts = scheme.gains.pivot_table(index="year", columns="sex", values=["extra_pensioners", "refunds_not_paid"], aggfunc="sum")
    shown = [name for name in ("extra_pensioners", "refunds_not_paid") if float(counts[name].abs().to_numpy().max()) > 0]
    if not shown:
        return None
    with chart_style():
        drawing = figure(2.6)
        panels = np.atleast_1d(drawing.subplots(1, len(shown)))
        for axes, name in zip(panels, shown, strict=True):
            table = counts[name]
            total = table["male"] + table["female"]
            unit, scale = (people_unit if name == "extra_pensioners" else people_a_year_unit)(float(total.max()))
            axes.stackplot(table.index, table["male"] / scale, table["female"] / scale, colors=TINTS[1:], labels=(_("men"), _("women")))
            axes.plot(table.index, total / scale, color="#222222", lw=0.8)
            set_unit(axes, _gain_title(scheme, name), unit)
            from_zero(axes)
        handles, labels = panels[0].get_legend_handles_labels()
        panels[0].legend(handles[::-1], labels[::-1], loc="upper left")
        set_message(drawing, _gain_message(scheme, shown[0], counts[shown[0]]["male"] + counts[shown[0]]["female"]))
    return drawing


def _gain_title(scheme: SchemeResult, name: str) -> str:
    if name == "extra_pensioners":
        return _("Pensioners thanks to the instrument")
    return _("Balances kept on leaving") if scheme.kind == frames.ACCOUNT else _("Refunds no longer paid to leavers")


def _gain_message(scheme: SchemeResult, name: str, total: pd.Series[float]) -> str:
    last = int(total.index[-1])
    values = {"middle": numbers.persons(float(total[2050])), "year": numbers.year(2050), "end": numbers.persons(float(total[last])),
              "last": numbers.year(last)}  # fmt: skip
    if name == "extra_pensioners":
        return phrase("Pensioners thanks to the instrument: {middle} in {year} and {end} in {last}", **values)
    if scheme.kind == frames.ACCOUNT:
        return phrase("Balances kept on leaving: {middle} in {year} and {end} in {last}", **values)
    return phrase("Refunds no longer paid to leavers: {middle} in {year} and {end} in {last}", **values)


def corridors(scheme: SchemeResult) -> Figure:
    """Movers of the corridors a country takes part in, those in covered work told apart."""
    table = frames.corridors(scheme).head(MOST_CORRIDORS).iloc[::-1]
    names = [f"{o} → {h}" for o, h in zip(table["origin"], table["host"], strict=True)]
    with chart_style():
        drawing = figure(0.9 + 0.19 * len(table))
        axes = drawing.subplots()
        unit, scale = people_unit(float(table["movers_2026"].max()))
        places = np.arange(len(table))
        axes.barh(places, table["movers_2026"] / scale, height=0.74, color=TINTS[0], label=_("all labour movers"))
        axes.barh(places, table["covered_2026"] / scale, height=0.74, color=TINTS[2], label=_("in covered work"))
        axes.set_yticks(places, names)
        axes.grid(axis="y", visible=False)
        axes.legend(loc="lower right")
        axes.xaxis.set_major_formatter(FuncFormatter(tick))
        set_unit(axes, "", phrase("{unit}, {year}", unit=unit, year=numbers.year(2026)))
        top = table.iloc[-1]
        everybody = frames.corridors(scheme)[["movers_2026", "covered_2026"]].sum()
        message = phrase(
            "{corridor} is the largest corridor with {people} movers; of the movers in all corridors {covered} are in covered work",
            corridor=names[-1],
            people=numbers.persons(float(top["movers_2026"])),
            covered=numbers.rate(float(everybody["covered_2026"] / everybody["movers_2026"]), 1),
        )
        set_message(drawing, message)
    return drawing
