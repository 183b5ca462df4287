"""Matrices of partner states with figures in their cells: who pays whom, where people move, what corridors cost.

Shade follows the root of the figure, so that small cells still show; orange is above zero, purple below. Grey print
keeps the sign, which stands with the figure.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import TwoSlopeNorm
from matplotlib.figure import Figure

from actuarial.basis.dimensions import Array
from actuarial.feasibility.result import StudyResult
from actuarial.reporting import frames, numbers
from actuarial.reporting.chart_parts import people_unit
from actuarial.reporting.language import _, data_text, phrase
from actuarial.reporting.style import chart_style, figure, set_message, set_unit


def transfer_matrix(study: StudyResult, year: int) -> Figure:
    """What the instrument adds to the pensions each scheme pays to residents of each partner state in one year."""
    return _transfer_chart(study, frames.transfers(study, year, None, "pensions").drop(columns="other"), year)


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
        set_message(drawing, _transfer_message(study, table, year))
    return drawing


def _dollars(millions: bool, year: int | None) -> str:
    if year is None:
        if millions:
            return _("with minus without, million US dollars at present value")
        return _("with minus without, thousand US dollars at present value")
    if millions:
        return phrase("with minus without, million US dollars of {year}", year=numbers.year(year))
    return phrase("with minus without, thousand US dollars of {year}", year=numbers.year(year))


def _transfer_message(study: StudyResult, table: pd.DataFrame, year: int | None) -> str:
    abroad = table.to_numpy().copy()
    for i, payer in enumerate(table.index):
        abroad[i, list(table.columns).index(payer)] = 0.0
    when = {} if year is None else {"year": numbers.year(year)}
    if not abroad.any():
        if year is None:
            return _("The instrument moves no pension between the partner states at present value")
        return phrase("The instrument moves no pension between the partner states in {year}", **when)
    i, j = _place_of_largest(np.abs(abroad))
    values = when | {
        "amount": numbers.money(abs(float(abroad.sum())), "USD"),
        "payer": _name(study, str(table.index[i])),
        "residence": _name(study, str(table.columns[j])),
    }
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


def _name(study: StudyResult, code: str) -> str:
    return data_text(study.schemes[code].country_name) if code in study.schemes else code


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
            corridor=f"{_name(study, str(table.index[i]))} → {_name(study, str(table.columns[j]))}",
            people=numbers.persons(frames.number(table.iloc[i, j])),
        )
        set_message(drawing, message)
    return drawing


def corridor_movers(study: StudyResult) -> pd.DataFrame:
    """Movers 2026, origin (rows) × host (columns); both schemes of a corridor report the same people, counted once."""
    table = _square(study)
    for scheme in study.schemes.values():
        for row in frames.corridors(scheme).to_dict("records"):
            table.loc[str(row["origin"]), str(row["host"])] = frames.number(row["movers_2026"])
    return table


def corridor_costs(study: StudyResult) -> pd.DataFrame:
    """Net cost of each corridor to the pension schemes at both ends, US dollars of present value, origin (rows) × host (columns).

    Account schemes have no net cost and are left out.
    """
    table = _square(study)
    for scheme in study.schemes.values():
        if scheme.kind != frames.DEFINED_BENEFIT:
            continue
        for row in frames.corridors(scheme).to_dict("records"):
            place = str(row["origin"]), str(row["host"])
            table.loc[place] = frames.number(table.loc[place]) + frames.number(row["pv_net_cost"]) / scheme.exchange_rate_usd
    return table


def _square(study: StudyResult) -> pd.DataFrame:
    members = list(study.meta["members"])
    return pd.DataFrame(0.0, index=members, columns=members)


def corridor_cost_matrix(study: StudyResult) -> Figure:
    """Net cost by corridor, both pension schemes together."""
    table = corridor_costs(study)
    millions = float(np.abs(table.to_numpy()).max()) >= 1e6
    with chart_style():
        drawing = figure(0.95 + 0.28 * len(table))
        axes = drawing.subplots()
        _heat(axes, table / (1e6 if millions else 1e3))
        axes.set_ylabel(_("from"))
        axes.set_xlabel(_("living in"))
        if millions:
            unit = _("net cost to the pension schemes at both ends, million US dollars at present value")
        else:
            unit = _("net cost to the pension schemes at both ends, thousand US dollars at present value")
        set_unit(axes, "", unit)
        set_message(drawing, _cost_message(study, table))
    return drawing


def _cost_message(study: StudyResult, table: pd.DataFrame) -> str:
    values = table.to_numpy()
    if not values.any():
        return _("No corridor costs or saves anything at present value")
    i, j = _place_of_largest(np.abs(values))
    said = {
        "corridor": f"{_name(study, str(table.index[i]))} → {_name(study, str(table.columns[j]))}",
        "amount": numbers.money(abs(float(values[i, j])), "USD"),
        "total": numbers.money(float(values.sum()), "USD"),
    }
    if values[i, j] > 0:
        return phrase("The corridor {corridor} costs most: {amount} at present value, of {total} in all corridors together", **said)
    return phrase("The corridor {corridor} weighs most: it saves {amount} at present value; all corridors together come to {total}", **said)


def _place_of_largest(values: Array) -> tuple[int, int]:
    place = int(np.argmax(values))
    return place // values.shape[1], place % values.shape[1]


def _heat(axes: Axes, table: pd.DataFrame) -> None:
    values = table.to_numpy(dtype=float)
    reach = max(float(np.abs(values).max()), 1e-12)
    axes.imshow(
        np.sign(values) * np.sqrt(np.abs(values)),
        cmap="PuOr_r",
        norm=TwoSlopeNorm(0, -1.6 * reach**0.5, 1.6 * reach**0.5),
        aspect="auto",
    )
    for i, j in np.ndindex(values.shape):
        value = float(values[i, j])
        colour = "white" if abs(value) > 0.5 * reach else "#444444" if table.index[i] == table.columns[j] else "#111111"
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
