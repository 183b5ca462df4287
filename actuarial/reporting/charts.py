"""Charts of one country. Each function takes results and returns a drawing whose title is what it says.

1. With and without stand in one panel; where they are too close to tell apart, the difference has a panel of its own.
2. Amounts over decades are shares of insurable earnings: nominal amounts of 2100 mean nothing to a reader of today.
3. Series are labelled where they end, not in a box beside the chart; labels that would meet are moved apart.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from actuarial.feasibility.result import SchemeResult
from actuarial.reporting import frames, numbers
from actuarial.reporting.style import (
    DASHES,
    SERIES,
    TINTS,
    WITH,
    WITHOUT,
    chart_style,
    figure,
    set_message,
    set_unit,
    tick,
    unit_scale,
)


def population_pyramids(scheme: SchemeResult) -> Figure:
    """Men and women by 5-year age group at the start, after 25 years and at the end."""
    years = frames.pyramid_years(scheme)
    years = [y for y in years if y in (years[0], 2050, years[-1])]
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
            axes.xaxis.set_major_formatter(FuncFormatter(lambda v, _pos: f"{abs(v):g}"))
            axes.xaxis.set_major_locator(MaxNLocator(5, symmetric=True))
            set_unit(axes, f"{year}: {numbers.compact(1e6 * float(table.to_numpy().sum()))}", "million persons")
            axes.text(0.02, 0.97, "men", transform=axes.transAxes, va="top", color="#3B7CA8")
            axes.text(0.98, 0.97, "women", transform=axes.transAxes, va="top", ha="right", color=TINTS[2])
        before, after = _share_old(scheme, years[0]), _share_old(scheme, years[-1])
        set_message(
            drawing,
            f"People aged 60 and over: {numbers.rate(before, 1)} of the population in {years[0]}, {numbers.rate(after, 1)} in {years[-1]}",
        )
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
        unit, scale = unit_scale(max(without["contributors"].max(), without["pensioners"].max()))
        ends = []
        for i, (column, label) in enumerate((("contributors", "Contributors"), ("pensioners", "Pensioners"))):
            left.plot(without.index, without[column] / scale, color=SERIES[i], ls=DASHES[i])
            ends.append((float(without[column].iloc[-1] / scale), label, SERIES[i]))
        _label_ends(left, ends)
        set_unit(left, "Without the instrument", f"{unit}persons")
        _from_zero(left)
        _with_and_without(
            right,
            100 * without["pensioners"] / without["contributors"],
            100 * with_["pensioners"] / with_["contributors"],
        )
        set_unit(right, "Pensioners per 100 contributors", "persons")
        _from_zero(right)
        set_message(drawing, _ratio_message(without, with_))
    return drawing


def _ratio_message(without: pd.DataFrame, with_: pd.DataFrame) -> str:
    first, last = without.index[0], without.index[-1]
    start, end, end_with = (
        f"{100 * frames.number(f['pensioners'][y]) / frames.number(f['contributors'][y]):.0f}"
        for f, y in ((without, first), (without, last), (with_, last))
    )
    head = f"{start} pensioners per 100 contributors in {first} become {end} in {last}"
    if end == end_with:
        return f"{head}, whether or not the instrument is in force"
    return f"{head} without and {end_with} with the instrument"


def contributors(scheme: SchemeResult) -> Figure:
    """Contributors of an account scheme, all of them and those who are movers."""
    frame = frames.case(scheme, "without")
    with chart_style():
        drawing = figure(2.5)
        left, right = drawing.subplots(1, 2)
        unit, scale = unit_scale(float(frame["contributors"].max()))
        left.plot(frame.index, frame["contributors"] / scale, color=SERIES[0])
        set_unit(left, "Contributors", f"{unit}persons")
        _from_zero(left)
        part = 100 * frame["contributors_movers"] / frame["contributors"]
        right.plot(frame.index, part, color=SERIES[1])
        set_unit(right, "Of these, movers between partner states", "% of contributors")
        _from_zero(right)
        first, last = frame.index[0], frame.index[-1]
        set_message(
            drawing,
            f"Contributors: {numbers.persons(frame['contributors'][first])} in {first}, "
            f"{numbers.persons(frame['contributors'][last])} in {last}; movers are {part[last]:.1f}% of them at the "
            f"end",
        )
    return drawing


def income_and_outgo(scheme: SchemeResult) -> Figure:
    """Contributions, expenditure, and what the instrument adds to each kind of outgo; shares of insurable earnings."""
    without, with_ = frames.case(scheme, "without"), frames.case(scheme, "with")
    with chart_style():
        drawing = figure(3.0)
        left, right = drawing.subplots(1, 2, width_ratios=(1, 1.05))
        income = 100 * frames.share(without, "contributions")
        outgo = 100 * frames.share(without, "expenditure")
        left.plot(without.index, income, color=SERIES[2], ls=DASHES[1])
        left.plot(without.index, outgo, color=WITHOUT)
        _label_ends(left, [(income.iloc[-1], "Contributions", SERIES[2]), (outgo.iloc[-1], "Expenditure", WITHOUT)])
        set_unit(left, "Without the instrument", "% of insurable earnings")
        _from_zero(left)
        _stack_differences(right, without, with_)
        set_unit(right, "With minus without, by kind of outgo", "percentage points of insurable earnings")
        set_message(drawing, _outgo_message(outgo, frames.deficit_periods(scheme, "without")))
    return drawing


def _outgo_message(outgo: pd.Series[float], deficits: list[tuple[int, int]]) -> str:
    levels = f"Expenditure goes from {outgo.iloc[0]:.1f}% to {outgo.iloc[-1]:.1f}% of insurable earnings in this projection"
    return f"{levels}, above contributions {'in ' if deficits else ''}{numbers.years(deficits)}"


def _stack_differences(axes: Axes, without: pd.DataFrame, with_: pd.DataFrame) -> None:
    colours = dict(zip((n for n, _ in frames.OUTGO_PARTS), (*SERIES[:2], SERIES[3], SERIES[2], "#7F7F7F", "#BDBDBD"), strict=True))
    hatches = dict(zip(colours, ("", "////", "....", "\\\\\\\\", "xx", ""), strict=True))
    up, down = np.zeros(len(without)), np.zeros(len(without))
    total = 100 * (frames.share(with_, "expenditure") - frames.share(without, "expenditure")).to_numpy()
    for name, label in frames.OUTGO_PARTS:
        part = 100 * (frames.share(with_, name) - frames.share(without, name)).to_numpy()
        if np.abs(part).max() < 1e-12:
            continue
        above, below = np.maximum(part, 0), np.minimum(part, 0)
        for start, part_of, name_of in ((up, above, label), (down, below, None)):
            axes.fill_between(
                without.index,
                start,
                start + part_of,
                label=name_of,
                lw=0,
                hatch=hatches[name],
                edgecolor="white",
                facecolor=colours[name],
            )
        up, down = up + above, down + below
    axes.plot(without.index, total, color="black", lw=1.2, label="Sum")
    axes.axhline(0, color="#555555", lw=0.7)
    if np.abs(total).max() < 1e-12 and not up.any() and not down.any():
        axes.text(0.5, 0.6, "no change in any year", transform=axes.transAxes, ha="center", color="#333333")
        axes.set_ylim(-1, 1)
        axes.set_yticks([0])
    else:
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.1), ncols=3, handlelength=1.4, columnspacing=1.2)
        _signed_axis(axes)
    _year_axis(axes)


def reserve(scheme: SchemeResult) -> Figure:
    """Reserve in years of expenditure, with and without, and the difference."""
    without, with_ = frames.case(scheme, "without"), frames.case(scheme, "with")
    dates = [frames.indicator(scheme, "exhaustion_year", c) for c in ("without", "with")]
    if np.isnan(dates).all():
        message = f"In this projection the reserve is not used up before {without.index[-1] + 1}, with and without the instrument"
    elif dates[0] == dates[1]:
        message = f"In this projection the reserve is used up in {dates[0]:.0f}, with and without the instrument"
    else:
        message = f"The reserve is used up in this projection: {numbers.year(dates[0])} without, {numbers.year(dates[1])} with the instrument"
    return _level_and_difference(
        without["reserve_ratio"],
        with_["reserve_ratio"],
        "Opening reserve",
        "years of expenditure",
        "years of expenditure",
        message,
    )


def cost_rate(scheme: SchemeResult) -> Figure:
    """PAYG cost rate with and without beside the legal contribution rate, and the difference."""
    without, with_ = frames.case(scheme, "without"), frames.case(scheme, "with")
    difference = with_["payg_cost_rate"] - without["payg_cost_rate"]
    peak = int(difference.index[int(difference.abs().to_numpy().argmax())])
    message = (
        "The instrument does not change the cost rate in any year"
        if numbers.is_zero(float(difference[peak]))
        else f"The instrument moves the cost rate by at most {numbers.points(float(difference[peak]))} (in {peak})"
    )
    return _level_and_difference(
        100 * without["payg_cost_rate"],
        100 * with_["payg_cost_rate"],
        "PAYG cost rate",
        "% of insurable earnings",
        "percentage points",
        message,
        reference=(100 * without["legal_rate"], "Legal rate"),
    )


def accounts(scheme: SchemeResult) -> Figure:
    """Members' balances and payouts of an account scheme as shares of insurable earnings."""
    without, with_ = frames.case(scheme, "without"), frames.case(scheme, "with")
    with chart_style():
        drawing = figure()
        left, right = drawing.subplots(1, 2)
        for axes, columns, title in (
            (left, ("member_balances",), "Members' balances at year end"),
            (right, ("account_payouts", "refunds"), "Payouts of the year, including to leavers"),
        ):
            series = [100 * f[list(columns)].sum(axis=1) / f["insurable_earnings"] for f in (without, with_)]
            _with_and_without(axes, *series)
            set_unit(axes, title, "% of insurable earnings")
            _from_zero(axes)
        last = without.index[-1]
        paid = [100 * float((f["account_payouts"] + f["refunds"])[last] / f["insurable_earnings"][last]) for f in (without, with_)]
        set_message(
            drawing,
            f"Each member is paid the own balance: payouts of {last} are {paid[0]:.2f}% of insurable earnings without "
            f"and {paid[1]:.2f}% with the instrument",
        )
    return drawing


def who_gains(scheme: SchemeResult) -> Figure | None:
    """People who draw a pension only because of the instrument, and people who leave without a refund or their balance.

    ``None`` when there are none in any year.
    """
    leavers = "Balances kept on leaving" if scheme.kind == frames.ACCOUNT else "Refunds no longer paid to leavers"
    gains = (("extra_pensioners", "Pensioners thanks to the instrument", "persons"), ("refunds_not_paid", leavers, "persons in the year"))
    counts = scheme.gains.pivot_table(index="year", columns="sex", values=[name for name, *_ in gains], aggfunc="sum")
    shown = [gain for gain in gains if float(counts[gain[0]].abs().to_numpy().max()) > 0]
    if not shown:
        return None
    last = counts.index[-1]
    messages = []
    with chart_style():
        drawing = figure(2.6)
        panels = np.atleast_1d(drawing.subplots(1, len(shown)))
        for axes, (name, title, unit_name) in zip(panels, shown, strict=True):
            table = counts[name]
            total = table["male"] + table["female"]
            unit, scale = unit_scale(float(total.max()))
            axes.stackplot(table.index, table["male"] / scale, table["female"] / scale, colors=TINTS[1:], labels=("men", "women"))
            axes.plot(table.index, total / scale, color="#222222", lw=0.8)
            set_unit(axes, title, unit + unit_name)
            _from_zero(axes)
            people = " and ".join(f"{numbers.persons(float(total[y]))} in {y}" for y in (2050, last))
            messages.append(f"{title}: {people}")
        handles, labels = panels[0].get_legend_handles_labels()
        panels[0].legend(handles[::-1], labels[::-1], loc="upper left")
        set_message(drawing, messages[0])
    return drawing


def corridors(scheme: SchemeResult) -> Figure:
    """Movers of the corridors a country takes part in, those in covered work told apart."""
    table = frames.corridors(scheme).head(14).iloc[::-1]
    names = [f"{o} → {h}" for o, h in zip(table["origin"], table["host"], strict=True)]
    with chart_style():
        drawing = figure(0.9 + 0.19 * len(table))
        axes = drawing.subplots()
        unit, scale = unit_scale(float(table["movers_2026"].max()))
        places = np.arange(len(table))
        axes.barh(places, table["movers_2026"] / scale, height=0.74, color=TINTS[0], label="all labour movers")
        axes.barh(places, table["covered_2026"] / scale, height=0.74, color=TINTS[2], label="in covered work")
        axes.set_yticks(places, names)
        axes.grid(axis="y", visible=False)
        axes.legend(loc="lower right")
        set_unit(axes, "", f"{unit}persons, 2026")
        top = table.iloc[-1]
        everybody = frames.corridors(scheme)[["movers_2026", "covered_2026"]].sum()
        set_message(
            drawing,
            f"{names[-1]} is the largest corridor with {numbers.persons(float(top['movers_2026']))} movers; "
            f"of the movers in all corridors "
            f"{numbers.rate(float(everybody['covered_2026'] / everybody['movers_2026']), 1)} "
            "are in covered work",
        )
    return drawing


def _level_and_difference(
    without: pd.Series[float],
    with_: pd.Series[float],
    title: str,
    unit: str,
    difference_unit: str,
    message: str,
    reference: tuple[pd.Series[float], str] | None = None,
) -> Figure:
    """Two panels: both cases, and with minus without; years on the index, values in ``unit``."""
    with chart_style():
        drawing = figure()
        left, right = drawing.subplots(1, 2)
        if reference is not None:
            left.plot(reference[0].index, reference[0], color=SERIES[1], ls=DASHES[2], lw=1.3, label=reference[1])
        _with_and_without(left, without, with_)
        set_unit(left, title, unit)
        _from_zero(left)
        difference = with_ - without
        right.plot(difference.index, difference, color=WITH)
        right.fill_between(difference.index, 0, difference, color=TINTS[0], lw=0)
        right.axhline(0, color="#555555", lw=0.7)
        set_unit(right, "With minus without", difference_unit)
        if float(difference.abs().max()) < 1e-10:
            right.set_ylim(-1, 1)
            right.set_yticks([0])
            right.text(0.5, 0.6, "no change in any year", transform=right.transAxes, ha="center", color="#333333")
        else:
            _signed_axis(right)
        _year_axis(right)
        set_message(drawing, message)
    return drawing


def _with_and_without(axes: Axes, without: pd.Series[float], with_: pd.Series[float]) -> None:
    axes.plot(without.index, without, color=WITHOUT, lw=2.4, alpha=0.75, label="without the instrument")
    axes.plot(with_.index, with_, color=WITH, ls=(0, (4, 1.6)), lw=1.5, label="with the instrument")
    axes.legend(loc="best", handlelength=2.4)
    _year_axis(axes)


def _label_ends(axes: Axes, ends: Sequence[tuple[float, str, str]]) -> None:
    """Write names to the right of line ends (value, name, colour), at least one line of text apart."""
    _year_axis(axes)
    low, high = axes.get_ylim()
    gap = 0.085 * (high - low)
    place = -np.inf
    for value, name, colour in sorted(ends):
        place = max(value, place + gap)
        axes.annotate(
            name,
            (axes.get_xlim()[1], place),
            xytext=(3, 0),
            textcoords="offset points",
            va="center",
            color=colour,
            annotation_clip=False,
        )


def _year_axis(axes: Axes) -> None:
    line = axes.get_lines()[0].get_xdata() if axes.get_lines() else axes.get_xlim()
    years = np.asarray(line, dtype=float)
    axes.set_xlim(years.min(), years.max())
    first, last = int(years.min()), int(years.max())
    axes.set_xticks([first, *(y for y in range(first, last) if y % 20 == 0 and y - first >= 10), last])
    axes.xaxis.set_major_formatter(FuncFormatter(lambda v, _pos: f"{v:.0f}"))


def _from_zero(axes: Axes) -> None:
    """Start the value axis at zero, or let it run below when values do; head-room for a legend."""
    _year_axis(axes)
    low, high = axes.get_ylim()
    axes.set_ylim(min(low, 0.0) if low < -1e-9 * abs(high) - 1e-12 and _any_negative(axes) else 0.0, high if high > 0 else 1.0)
    if axes.get_ylim()[0] < 0:
        axes.axhline(0, color="#555555", lw=0.7)
    axes.yaxis.set_major_formatter(FuncFormatter(tick))


def _any_negative(axes: Axes) -> bool:
    return any(float(np.nanmin(np.asarray(line.get_ydata(), dtype=float))) < 0 for line in axes.get_lines())


def _signed_axis(axes: Axes) -> None:
    axes.yaxis.set_major_formatter(FuncFormatter(lambda v, pos: ("+" if v > 0 else "") + tick(v, pos)))
