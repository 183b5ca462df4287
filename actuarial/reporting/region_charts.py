"""Charts of the region: what the instrument does to each scheme, side by side. Matrices stand in :mod:`actuarial.reporting.matrix_charts`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from actuarial.feasibility.result import SchemeResult, StudyResult
from actuarial.reporting import frames, numbers
from actuarial.reporting.chart_parts import (
    from_zero,
    label_ends,
    legend_below,
    people_unit,
    room_for_labels,
    short_year_axis,
    signed_values,
    with_and_without,
)
from actuarial.reporting.cost_parts import cost_parts
from actuarial.reporting.language import _, data_text, phrase
from actuarial.reporting.matrix_charts import corridor_cost_matrix, corridor_movers, mover_matrix, transfer_matrix, transfer_value_matrix
from actuarial.reporting.style import DASHES, SERIES, WITH, chart_style, figure, set_message, set_unit, tick

__all__ = [
    "corridor_cost_matrix",
    "corridor_movers",
    "cost_by_scheme",
    "cost_rates",
    "extra_pensioners",
    "mover_matrix",
    "reserves",
    "transfer_matrix",
    "transfer_value_matrix",
]
ACROSS: Final = 4
"""Panels side by side that stay legible at the width of a page."""


def cost_by_scheme(study: StudyResult) -> Figure:
    """PAYG cost rate of 2050 and change in the general average premium, for every defined-benefit scheme.

    Raises ``ValueError`` when the study has none.
    """
    schemes = [s for s in study.schemes.values() if s.kind == frames.DEFINED_BENEFIT][::-1]
    if not schemes:
        raise ValueError("no defined-benefit scheme in this study")
    changes = [100 * frames.indicator(s, "gap_75", "difference") for s in schemes]
    parts = [cost_parts(s) for s in schemes]
    benefits, administration = (np.array([100 * p.rate(v) for p, v in zip(parts, values, strict=True)]) for values in (
        [p.benefits for p in parts], [p.administration for p in parts]
    ))  # fmt: skip
    levels = {c: [100 * frames.indicator(s, "payg_2050", c) for s in schemes] for c in ("without", "with")}
    with chart_style():
        drawing = figure(1.25 + 0.27 * len(schemes))
        left, right = drawing.subplots(1, 2, sharey=True)
        places = np.arange(len(schemes))
        left.barh(places, levels["without"], height=0.66, color="#BDBDBD", label=_("without"))
        left.plot(levels["with"], places, "D", color=WITH, ms=4, label=_("with"))
        left.set_yticks(places, [data_text(s.country_name) for s in schemes])
        handles, names = left.get_legend_handles_labels()
        legend_below(left, 2, handles[::-1], names[::-1])
        left.xaxis.set_major_formatter(FuncFormatter(tick))
        set_unit(left, phrase("PAYG cost rate {year}", year=numbers.year(2050)), _("% of insurable earnings"))
        right.barh(places, benefits, height=0.66, color=SERIES[1], label=_("benefits"))
        right.barh(places, administration, left=np.maximum(benefits, 0), height=0.66, color="#BDBDBD", hatch="////", edgecolor="white",
                   label=_("administration (assumed)"))  # fmt: skip
        right.axvline(0, color="#555555", lw=0.7)
        legend_below(right, 2)
        ends = np.where(np.array(changes) < 0, np.minimum(benefits, 0), np.maximum(benefits, 0) + administration)
        labels = [numbers.points(value / 100) for value in changes]
        for place, value, end, text in zip(places, changes, ends, labels, strict=True):
            side = 1 if value >= 0 else -1
            right.annotate(
                text, (end, place), xytext=(3 * side, 0), textcoords="offset points", va="center", color="#333333",
                ha="left" if value >= 0 else "right",
            )  # fmt: skip
        sides = {wanted: [t for t, v in zip(labels, changes, strict=True) if (v >= 0) == wanted] for wanted in (True, False)}
        room_for_labels(right, min(0.0, float(ends.min())), max(0.0, float(ends.max())), left=sides[False], right=sides[True])
        set_unit(right, _("General average premium over 75 years"), _("with minus without, percentage points"))
        right.xaxis.set_major_locator(MaxNLocator(4))
        signed_values(right.xaxis)
        for axes in (left, right):
            axes.grid(axis="y", visible=False)
        top = int(np.argmax(np.abs(changes)))
        if numbers.is_zero(changes[top] / 100):
            message = _("The instrument changes no scheme's general average premium")
        else:
            message = phrase(
                "The largest change is in {country}: {change} of insurable earnings over 75 years",
                country=data_text(schemes[top].country_name),
                change=numbers.points(changes[top] / 100),
            )
        set_message(drawing, message)
    return drawing


def extra_pensioners(study: StudyResult) -> Figure | None:
    """Pensioners thanks to the instrument by paying scheme; ``None`` when there are none."""
    series = {data_text(s.country_name): s.gains.groupby("year")["extra_pensioners"].sum() for s in study.schemes.values()}
    series = {name: values for name, values in series.items() if float(values.max()) > 0}
    if not series:
        return None
    series = dict(sorted(series.items(), key=lambda item: -float(item[1].iloc[-1])))
    with chart_style():
        drawing = figure(2.7)
        axes = drawing.subplots()
        unit, scale = people_unit(max(float(v.max()) for v in series.values()))
        for i, (name, values) in enumerate(series.items()):
            axes.plot(values.index, values / scale, color=SERIES[i % 5], ls=DASHES[i % 5], label=name)
        label_ends(axes, [(float(v.iloc[-1]) / scale, name, SERIES[i % 5]) for i, (name, v) in enumerate(series.items())])
        from_zero(axes)
        set_unit(axes, _("Pensioners thanks to the instrument, by paying scheme"), unit)
        last = int(next(iter(series.values())).index[-1])
        middle, end = (numbers.persons(sum(float(v[y]) for v in series.values())) for y in (2050, last))
        message = phrase(
            "Pensioners thanks to the instrument in all schemes: {middle} in {year}, {end} in {last}",
            middle=middle, year=numbers.year(2050), end=end, last=numbers.year(last),
        )  # fmt: skip
        set_message(drawing, message)
    return drawing


def cost_rates(study: StudyResult) -> Figure:
    """PAYG cost rate without and with the instrument beside the legal rate, one panel for each defined-benefit scheme, all on one scale.

    Raises ``ValueError`` when the study has none.
    """
    schemes = _defined_benefit(study)
    with chart_style():
        drawing, panels = _panels(len(schemes))
        for axes, scheme in zip(panels, schemes, strict=True):
            without, with_ = frames.case(scheme, "without"), frames.case(scheme, "with")
            axes.plot(without.index, 100 * without["legal_rate"], color=SERIES[1], ls=DASHES[2], lw=1.3, label=_("Legal rate"))
            with_and_without(axes, 100 * without["payg_cost_rate"], 100 * with_["payg_cost_rate"], legend=False)
            set_unit(axes, data_text(scheme.country_name), _("% of insurable earnings"))
        from_zero(*panels)
        for axes in panels:
            short_year_axis(axes)
        legend_below(drawing, 3, swatch=2.4)
        set_message(drawing, _rates_message(schemes))
    return drawing


def _rates_message(schemes: Sequence[SchemeResult]) -> str:
    last = int(schemes[0].yearly["year"].max())
    above = []
    for scheme in schemes:
        with_ = frames.case(scheme, "with")
        years = with_.index[(with_["payg_cost_rate"] > with_["legal_rate"]).to_numpy()]
        if len(years):
            above.append(phrase("{country} ({year})", country=data_text(scheme.country_name), year=numbers.year(int(years[0]))))
    if not above:
        return phrase("With the instrument no cost rate is above its legal rate in any year up to {year}", year=numbers.year(last))
    return phrase("Schemes whose cost rate with the instrument is above the legal rate (first year): {schemes}", schemes=numbers.joined(above))


def reserves(study: StudyResult) -> Figure:
    """Opening reserve in years of expenditure without and with the instrument, one panel for each defined-benefit scheme, all on one scale.

    Raises ``ValueError`` when the study has none.
    """
    schemes = _defined_benefit(study)
    with chart_style():
        drawing, panels = _panels(len(schemes))
        for axes, scheme in zip(panels, schemes, strict=True):
            with_and_without(axes, *(frames.case(scheme, c)["reserve_ratio"] for c in ("without", "with")), legend=False)
            set_unit(axes, data_text(scheme.country_name), _("years of expenditure"))
        from_zero(*panels)
        for axes in panels:
            short_year_axis(axes)
        legend_below(drawing, 3, swatch=2.4)
        set_message(drawing, _reserves_message(schemes))
    return drawing


def _reserves_message(schemes: Sequence[SchemeResult]) -> str:
    last = int(schemes[0].yearly["year"].max())
    used_up = [
        phrase("{country} ({year})", country=data_text(s.country_name), year=numbers.year(date))
        for s, date in ((s, frames.indicator(s, "exhaustion_year", "with")) for s in schemes)
        if np.isfinite(date)
    ]
    if not used_up:
        return phrase("In this projection no reserve is used up before {year} with the instrument", year=numbers.year(last + 1))
    return phrase("Schemes whose reserve is used up in this projection with the instrument: {schemes}", schemes=numbers.joined(used_up))


def _defined_benefit(study: StudyResult) -> list[SchemeResult]:
    schemes = [s for s in study.schemes.values() if s.kind == frames.DEFINED_BENEFIT]
    if not schemes:
        raise ValueError("no defined-benefit scheme in this study")
    return schemes


def _panels(count: int) -> tuple[Figure, list[Axes]]:
    """A drawing of so many panels of one scale, at most :data:`ACROSS` side by side."""
    rows = -(-count // ACROSS)
    drawing = figure(1.0 + 1.7 * rows)
    panels = drawing.subplots(rows, min(count, ACROSS), sharey=True, squeeze=False).ravel()
    for spare in panels[count:]:
        drawing.delaxes(spare)
    return drawing, list(panels[:count])
