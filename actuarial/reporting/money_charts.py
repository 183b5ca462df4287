"""Charts of the money of one scheme: income and outgo, reserve, cost rate, balances.

Amounts over decades are shares of insurable earnings: nominal amounts of 2100 mean nothing to a reader of today.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from actuarial.feasibility.result import SchemeResult
from actuarial.reporting import frames, numbers
from actuarial.reporting.chart_parts import (
    difference,
    from_zero,
    label_ends,
    legend_below,
    no_change,
    short_year_axis,
    signed_axis,
    with_and_without,
    year_axis,
)
from actuarial.reporting.language import _, phrase
from actuarial.reporting.style import DASHES, SERIES, WITHOUT, area, chart_style, figure, set_message, set_unit


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
        label_ends(left, [(income.iloc[-1], _("Contributions"), SERIES[2]), (outgo.iloc[-1], _("Expenditure"), WITHOUT)])
        set_unit(left, _("Without the instrument"), _("% of insurable earnings"))
        from_zero(left)
        _stack_differences(right, without, with_)
        set_unit(right, _("With minus without, by kind of outgo"), _("percentage points of insurable earnings"))
        set_message(drawing, _outgo_message(outgo, frames.deficit_periods(scheme, "without")))
    return drawing


def _outgo_message(outgo: pd.Series[float], deficits: list[tuple[int, int]]) -> str:
    levels = {"start": numbers.rate(outgo.iloc[0] / 100, 1), "end": numbers.rate(outgo.iloc[-1] / 100, 1)}
    if not deficits:
        return phrase("Expenditure goes from {start} to {end} of insurable earnings in this projection, above contributions in no year", **levels)
    return phrase(
        "Expenditure goes from {start} to {end} of insurable earnings in this projection, above contributions in {years}",
        years=numbers.years(deficits), **levels,
    )  # fmt: skip


def _stack_differences(axes: Axes, without: pd.DataFrame, with_: pd.DataFrame) -> None:
    colours = dict(zip((n for n, _label in frames.OUTGO_PARTS), (*SERIES[:2], SERIES[3], SERIES[2], "#7F7F7F", "#BDBDBD"), strict=True))
    hatches = dict(zip(colours, ("", "////", "....", "\\\\\\\\", "xx", ""), strict=True))
    up, down = np.zeros(len(without)), np.zeros(len(without))
    total = 100 * (frames.share(with_, "expenditure") - frames.share(without, "expenditure")).to_numpy()
    for name, label in frames.OUTGO_PARTS:
        part = 100 * (frames.share(with_, name) - frames.share(without, name)).to_numpy()
        if np.abs(part).max() < 1e-12:
            continue
        above, below = np.maximum(part, 0), np.minimum(part, 0)
        for start, part_of, name_of in ((up, above, _(label)), (down, below, None)):
            axes.fill_between(
                without.index,
                start,
                start + part_of,
                label=name_of,
                **area(colours[name], hatches[name]),
            )
        up, down = up + above, down + below
    axes.plot(without.index, total, color="black", lw=1.2, label=_("Sum"))
    axes.axhline(0, color="#555555", lw=0.7)
    if np.abs(total).max() < 1e-12 and not up.any() and not down.any():
        no_change(axes)
    else:
        legend_below(axes, 3)
        signed_axis(axes)
    year_axis(axes)


def reserve(scheme: SchemeResult) -> Figure:
    """Reserve with and without, in years of insurable earnings and in years of expenditure, and the difference of the latter."""
    without, with_ = frames.case(scheme, "without"), frames.case(scheme, "with")
    years = _("years of expenditure")
    with chart_style():
        drawing = figure(3.0)
        left, middle, right = drawing.subplots(1, 3)
        with_and_without(left, *(f["reserve"] / f["insurable_earnings"] for f in (without, with_)), legend=False)
        with_and_without(middle, without["reserve_ratio"], with_["reserve_ratio"], legend=False)
        for axes in (left, middle):
            from_zero(axes)
        set_unit(left, _("Reserve at the end of the year"), _("years of insurable earnings"))
        set_unit(middle, _("Reserve ratio (opening reserve)"), years)
        difference(right, with_["reserve_ratio"] - without["reserve_ratio"], years)
        set_unit(right, _("Reserve ratio, with minus without"), years)
        for axes in (left, middle, right):
            short_year_axis(axes)
        legend_below(drawing, 2, swatch=2.4)
        set_message(drawing, _reserve_message(scheme, int(without.index[-1])))
    return drawing


def _reserve_message(scheme: SchemeResult, last: int) -> str:
    dates = [frames.indicator(scheme, "exhaustion_year", c) for c in ("without", "with")]
    if np.isnan(dates).all():
        return phrase("In this projection the reserve is not used up before {year}, with and without the instrument", year=numbers.year(last + 1))
    if dates[0] == dates[1]:
        return phrase("In this projection the reserve is used up in {year}, with and without the instrument", year=numbers.year(dates[0]))
    before, after = (numbers.year(d) for d in dates)
    return phrase("The reserve is used up in this projection: {without} without, {with_} with the instrument", without=before, with_=after)


def cost_rate(scheme: SchemeResult) -> Figure:
    """PAYG cost rate with and without beside the legal contribution rate, and the difference."""
    without, with_ = frames.case(scheme, "without"), frames.case(scheme, "with")
    change = with_["payg_cost_rate"] - without["payg_cost_rate"]
    peak = int(change.index[int(change.abs().to_numpy().argmax())])
    most = float(change[peak])
    with chart_style():
        drawing = figure()
        left, right = drawing.subplots(1, 2)
        left.plot(without.index, 100 * without["legal_rate"], color=SERIES[1], ls=DASHES[2], lw=1.3, label=_("Legal rate"))
        with_and_without(left, 100 * without["payg_cost_rate"], 100 * with_["payg_cost_rate"])
        set_unit(left, _("PAYG cost rate"), _("% of insurable earnings"))
        from_zero(left)
        difference(right, 100 * change, _("percentage points"))
        if numbers.is_zero(most):
            message = _("The instrument does not change the cost rate in any year")
        else:
            message = phrase(
                "The instrument moves the cost rate by at most {change} (in {year})", change=numbers.points(most), year=numbers.year(peak)
            )
        set_message(drawing, message)
    return drawing


def accounts(scheme: SchemeResult) -> Figure:
    """Members' balances and payouts of an account scheme as shares of insurable earnings, and what the instrument does to the payouts."""
    cases = [frames.case(scheme, c) for c in ("without", "with")]
    balances = [100 * f["member_balances"] / f["insurable_earnings"] for f in cases]
    payouts = [100 * (f["account_payouts"] + f["refunds"]) / f["insurable_earnings"] for f in cases]
    with chart_style():
        drawing = figure(3.0)
        left, middle, right = drawing.subplots(1, 3)
        for axes, series, title in (
            (left, balances, _("Members' balances at year end")),
            (middle, payouts, _("Payouts of the year, including to leavers")),
        ):
            with_and_without(axes, *series, legend=False)
            set_unit(axes, title, _("% of insurable earnings"))
            from_zero(axes)
        difference(right, payouts[1] - payouts[0], _("percentage points"))
        set_unit(right, _("Payouts, with minus without"), _("percentage points of insurable earnings"))
        for axes in (left, middle, right):
            short_year_axis(axes)
        legend_below(drawing, 2, swatch=2.4)
        set_message(drawing, _accounts_message(*payouts))
    return drawing


def _accounts_message(without: pd.Series[float], with_: pd.Series[float]) -> str:
    last = int(without.index[-1])
    change = float(with_[last] - without[last]) / 100
    level = {"year": numbers.year(last), "before": numbers.rate(float(without[last]) / 100)}
    if numbers.is_zero(change):
        return phrase(
            "Each member is paid the own balance: payouts of {year} are {before} of insurable earnings, and the instrument does not change them",
            **level,
        )
    return phrase(
        "Each member is paid the own balance: payouts of {year} are {before} of insurable earnings, and the instrument changes them by {change}",
        change=numbers.points(change), **level,
    )  # fmt: skip
