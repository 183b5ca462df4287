"""Charts of the region: who pays whom, where people move, what the instrument does to each scheme."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import TwoSlopeNorm
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from actuarial.basis.dimensions import Array
from actuarial.feasibility.result import StudyResult
from actuarial.reporting import frames, numbers
from actuarial.reporting.chart_parts import legend_below, people_unit, year_axis
from actuarial.reporting.cost_parts import cost_parts
from actuarial.reporting.language import _, data_text, phrase
from actuarial.reporting.style import DASHES, SERIES, WITH, chart_style, figure, set_message, set_unit, tick


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
        legend_below(left, 2)
        left.xaxis.set_major_formatter(FuncFormatter(tick))
        set_unit(left, phrase("PAYG cost rate {year}", year=numbers.year(2050)), _("% of insurable earnings"))
        right.barh(places, benefits, height=0.66, color=SERIES[1], label=_("benefits"))
        right.barh(places, administration, left=np.maximum(benefits, 0), height=0.66, color="#BDBDBD", hatch="////", edgecolor="white",
                   label=_("administration (assumed)"))  # fmt: skip
        right.axvline(0, color="#555555", lw=0.7)
        legend_below(right, 2)
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
        set_unit(right, _("General average premium over 75 years"), _("with minus without, percentage points"))
        right.set_xticks([0], [tick(0)])
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


def transfer_matrix(study: StudyResult, year: int) -> Figure:
    """What the instrument adds to the pensions each scheme pays to residents of each partner state in one year."""
    matrix = frames.transfers(study, year, None, "pensions").drop(columns="other")
    return _transfer_chart(study, matrix, year)


def transfer_value_matrix(study: StudyResult) -> Figure:
    """The same in present value over the horizon."""
    return _transfer_chart(study, frames.transfer_values(study, None, "pensions"), None)


def _transfer_chart(study: StudyResult, matrix: pd.DataFrame, year: int | None) -> Figure:
    """Amounts of one year, or present values where ``year`` is ``None``."""
    payers = [c for c in matrix.index if study.schemes[c].kind in frames.COLLECTING] if study.schemes else list(matrix.index)
    table = matrix.loc[payers]
    millions = float(np.abs(table.to_numpy()).max()) >= 1e6
    with chart_style():
        drawing = figure(0.95 + 0.3 * len(payers))
        axes = drawing.subplots()
        _heat(axes, table / (1e6 if millions else 1e3))
        axes.set_ylabel(_("paid by the scheme of"))
        axes.set_xlabel(_("to residents of"))
        set_unit(axes, "", _dollars(millions, year))
        set_message(drawing, _transfer_message(table, year))
    return drawing


def _dollars(millions: bool, year: int | None) -> str:
    if year is None:
        if millions:
            return _("with minus without, million US dollars at present value")
        return _("with minus without, thousand US dollars at present value")
    if millions:
        return phrase("with minus without, million US dollars of {year}", year=numbers.year(year))
    return phrase("with minus without, thousand US dollars of {year}", year=numbers.year(year))


def _transfer_message(table: pd.DataFrame, year: int | None) -> str:
    abroad = table.to_numpy().copy()
    for i, payer in enumerate(table.index):
        abroad[i, list(table.columns).index(payer)] = 0.0
    when = {} if year is None else {"year": numbers.year(year)}
    if not abroad.any():
        if year is None:
            return _("The instrument moves no pension between the partner states at present value")
        return phrase("The instrument moves no pension between the partner states in {year}", **when)
    i, j = _place_of_largest(np.abs(abroad))
    values = {"amount": numbers.money(abs(float(abroad.sum())), "USD"), "payer": str(table.index[i]), "residence": str(table.columns[j])} | when
    if float(abroad.sum()) < 0:
        if year is None:
            return phrase(
                "The instrument takes {amount} of pensions across borders away at present value, most from {payer} to residents of {residence}",
                **values,
            )
        return phrase(
            "The instrument takes {amount} of pensions across borders away in {year}, most from {payer} to residents of {residence}", **values
        )
    if year is None:
        return phrase(
            "The instrument adds {amount} of pensions across borders at present value, most from {payer} to residents of {residence}", **values
        )
    return phrase("The instrument adds {amount} of pensions across borders in {year}, most from {payer} to residents of {residence}", **values)


def mover_matrix(study: StudyResult) -> Figure:
    """Movers at the start by origin and host."""
    table = corridor_movers(study)
    with chart_style():
        drawing = figure(0.95 + 0.28 * len(table))
        axes = drawing.subplots()
        unit, scale = people_unit(float(table.to_numpy().max()))
        _heat(axes, table / scale)
        axes.set_ylabel(_("from"))
        axes.set_xlabel(_("living in"))
        set_unit(axes, "", phrase("{unit}, {year}", unit=unit, year=numbers.year(2026)))
        i, j = _place_of_largest(table.to_numpy())
        message = phrase(
            "{movers} movers of the modelled corridors live in another partner state; the largest group is {corridor} with {people}",
            movers=numbers.persons(float(table.to_numpy().sum())),
            corridor=f"{table.index[i]} → {table.columns[j]}",
            people=numbers.persons(frames.number(table.iloc[i, j])),
        )
        set_message(drawing, message)
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
        axes.set_ylim(0, None)
        axes.yaxis.set_major_formatter(FuncFormatter(tick))
        axes.legend(loc="best")
        set_unit(axes, _("Pensioners thanks to the instrument, by paying scheme"), unit)
        year_axis(axes)
        last = int(next(iter(series.values())).index[-1])
        middle, end = (numbers.persons(sum(float(v[y]) for v in series.values())) for y in (2050, last))
        message = phrase(
            "Pensioners thanks to the instrument in all schemes: {middle} in {year}, {end} in {last}",
            middle=middle, year=numbers.year(2050), end=end, last=numbers.year(last),
        )  # fmt: skip
        set_message(drawing, message)
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
            dark = abs(value) > 0.5 * reach
            colour = "white" if dark else "#444444" if same else "#111111"
            axes.text(j, i, _cell(value), ha="center", va="center", fontsize=7.5, color=colour)
    axes.set_xticks(range(len(table.columns)), list(table.columns))
    axes.set_yticks(range(len(table.index)), list(table.index))
    axes.tick_params(length=0)
    axes.grid(visible=False)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _cell(value: float) -> str:
    if value == 0:
        return numbers.DASH
    if abs(value) < 0.05:
        edge = numbers.decimal(0.1, 1)
        return f"<{edge}" if value > 0 else f">{numbers.MINUS}{edge}"
    return numbers.decimal(value, 0 if abs(value) >= 99.5 else 1)
