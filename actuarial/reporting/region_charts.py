"""Charts of the region: who pays whom, where people move, what the instrument does to each scheme."""

from __future__ import annotations

import textwrap

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import TwoSlopeNorm
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from actuarial.basis.dimensions import Array
from actuarial.feasibility.result import StudyResult
from actuarial.reporting import frames, numbers
from actuarial.reporting.cost_parts import cost_parts
from actuarial.reporting.style import DASHES, SERIES, WITH, chart_style, figure, set_message, set_unit, tick, unit_scale


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
        left.barh(places, levels["without"], height=0.66, color="#BDBDBD", label="without")
        left.plot(levels["with"], places, "D", color=WITH, ms=4, label="with")
        left.set_yticks(places, [textwrap.fill(s.country_name, 22) for s in schemes])
        left.legend(loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=2)
        set_unit(left, "PAYG cost rate 2050", "% of insurable earnings")
        right.barh(places, benefits, height=0.66, color=SERIES[1], label="benefits")
        right.barh(places, administration, left=np.maximum(benefits, 0), height=0.66, color="#BDBDBD", hatch="////", edgecolor="white",
                   label="administration (assumed)")  # fmt: skip
        right.axvline(0, color="#555555", lw=0.7)
        right.legend(loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=2)
        ends = np.where(np.array(changes) < 0, np.minimum(benefits, 0), np.maximum(benefits, 0) + administration)
        reach = max(float(np.abs(ends).max()), 1e-9)
        right.set_xlim(min(0.0, *ends) - 0.55 * reach * (min(changes) < 0), max(0.0, *ends) + 0.55 * reach)
        for place, value, end in zip(places, changes, ends, strict=True):
            text = numbers.points(value / 100)
            right.annotate(
                text,
                (end, place),
                xytext=(3 if value >= 0 else -3, 0),
                textcoords="offset points",
                va="center",
                ha="left" if value >= 0 else "right",
                color="#333333",
            )
        set_unit(right, "General average premium over 75 years", "with minus without, percentage points")
        right.set_xticks([0])
        for axes in (left, right):
            axes.grid(axis="y", visible=False)
        top = int(np.argmax(np.abs(changes)))
        set_message(
            drawing,
            "The instrument changes no scheme's general average premium"
            if numbers.is_zero(changes[top] / 100)
            else f"The largest change is in {schemes[top].country_name}: {numbers.points(changes[top] / 100)} of insurable earnings over 75 years",
        )
    return drawing


def transfer_matrix(study: StudyResult, year: int) -> Figure:
    """What the instrument adds to the pensions each scheme pays to residents of each partner state in one year."""
    matrix = frames.transfers(study, year, None, "pensions").drop(columns="other")
    return _transfer_chart(study, matrix, f"in {year}", f"of {year}")


def transfer_value_matrix(study: StudyResult) -> Figure:
    """The same in present value over the horizon."""
    return _transfer_chart(study, frames.transfer_values(study, None, "pensions"), "at present value", "at present value")


def _transfer_chart(study: StudyResult, matrix: pd.DataFrame, when: str, dollars: str) -> Figure:
    payers = [c for c in matrix.index if study.schemes[c].kind in frames.COLLECTING] if study.schemes else list(matrix.index)
    table = matrix.loc[payers]
    values = table.to_numpy().copy()
    total = float(values.sum())
    with chart_style():
        drawing = figure(0.95 + 0.3 * len(payers))
        axes = drawing.subplots()
        scale, unit = (1e6, "million US dollars") if np.abs(values).max() >= 1e6 else (1e3, "thousand US dollars")
        _heat(axes, table / scale)
        axes.set_ylabel("paid by the scheme of")
        axes.set_xlabel("to residents of")
        set_unit(axes, "", f"with minus without, {unit} {dollars}")
        if numbers.is_zero(total) and not np.abs(values).any():
            message = f"The instrument moves no pension between the partner states {when}"
        else:
            abroad = values.copy()
            for i, payer in enumerate(payers):
                abroad[i, list(table.columns).index(payer)] = 0.0
            i, j = _place_of_largest(abroad)
            message = (
                f"The instrument adds {numbers.money(float(abroad.sum()), 'USD')} of pensions across borders {when}, "
                f"most from {payers[i]} to residents of {table.columns[j]}"
            )
        set_message(drawing, message)
    return drawing


def mover_matrix(study: StudyResult) -> Figure:
    """Movers at the start by origin and host."""
    table = corridor_movers(study)
    with chart_style():
        drawing = figure(0.95 + 0.28 * len(table))
        axes = drawing.subplots()
        scale, unit = (1e3, "thousand persons") if table.to_numpy().max() >= 2e4 else (1.0, "persons")
        _heat(axes, table / scale)
        axes.set_ylabel("from")
        axes.set_xlabel("living in")
        set_unit(axes, "", f"{unit}, 2026")
        i, j = _place_of_largest(table.to_numpy())
        members = list(table.index)
        set_message(
            drawing,
            f"{numbers.persons(float(table.to_numpy().sum()))} movers of the modelled corridors live in another "
            f"partner state; "
            f"the largest group is {members[i]} → {members[j]} with {numbers.persons(frames.number(table.iloc[i, j]))}",
        )
    return drawing


def corridor_movers(study: StudyResult) -> pd.DataFrame:
    """Movers 2026, origin (rows) × host (columns); both schemes of a corridor report the same people, counted once."""
    members = list(study.meta["members"])
    table = pd.DataFrame(0.0, index=members, columns=members)
    for scheme in study.schemes.values():
        for row in frames.corridors(scheme).to_dict("records"):
            table.loc[str(row["origin"]), str(row["host"])] = frames.number(row["movers_2026"])
    return table


def extra_pensioners(study: StudyResult) -> Figure | None:
    """Pensioners thanks to the instrument by paying scheme; ``None`` when there are none."""
    series = {s.country_name: s.gains.groupby("year")["extra_pensioners"].sum() for s in study.schemes.values()}
    series = {name: values for name, values in series.items() if float(values.max()) > 0}
    if not series:
        return None
    series = dict(sorted(series.items(), key=lambda item: -float(item[1].iloc[-1])))
    with chart_style():
        drawing = figure(2.7)
        axes = drawing.subplots()
        unit, scale = unit_scale(max(float(v.max()) for v in series.values()))
        for i, (name, values) in enumerate(series.items()):
            axes.plot(values.index, values / scale, color=SERIES[i % 5], ls=DASHES[i % 5], label=name)
        axes.set_ylim(0, None)
        axes.yaxis.set_major_formatter(FuncFormatter(tick))
        axes.legend(loc="best")
        set_unit(axes, "Pensioners thanks to the instrument, by paying scheme", f"{unit}persons")
        years = next(iter(series.values())).index
        axes.set_xlim(years[0], years[-1])
        total = {y: sum(float(v[y]) for v in series.values()) for y in (2050, int(years[-1]))}
        set_message(
            drawing,
            "Pensioners thanks to the instrument in all schemes: " + ", ".join(f"{numbers.persons(value)} in {y}" for y, value in total.items()),
        )
    return drawing


def _place_of_largest(values: Array) -> tuple[int, int]:
    place = int(np.argmax(values))
    return place // values.shape[1], place % values.shape[1]


def _heat(axes: Axes, table: pd.DataFrame) -> None:
    """Matrix with figures in its cells; white at zero, orange above, purple below, shade by the root of the value."""
    values = table.to_numpy(dtype=float)
    reach = max(float(np.abs(values).max()), 1e-12)
    axes.imshow(
        np.sign(values) * np.sqrt(np.abs(values)),
        cmap="PuOr_r",
        norm=TwoSlopeNorm(0, -1.6 * reach**0.5, 1.6 * reach**0.5),
        aspect="auto",
    )
    for i, row in enumerate(table.index):
        for j, column in enumerate(table.columns):
            same = row == column
            value = values[i, j]
            text = "–" if value == 0 else f"{value:,.0f}" if abs(value) >= 99.5 else f"{value:.1f}" if abs(value) >= 0.05 else "<0.1"
            dark = abs(value) > 0.5 * reach
            colour = "white" if dark else "#444444" if same else "#111111"
            if value < 0:
                text = numbers.MINUS + text.lstrip("-") if abs(value) >= 0.05 else ">−0.1"
            axes.text(j, i, text, ha="center", va="center", fontsize=7.5, color=colour)
    axes.set_xticks(range(len(table.columns)), list(table.columns))
    axes.set_yticks(range(len(table.index)), list(table.index))
    axes.tick_params(length=0)
    axes.grid(visible=False)
    for spine in axes.spines.values():
        spine.set_visible(False)
