"""Sensitivities as text for a terminal and as a chapter of a report.

1. Net cost is with minus without the instrument; premium, cost rates and the date of exhaustion are those with it. All are differences from the base.
2. Rows stand in the order of their effect on the net cost; what moves nothing is named below the table, not listed.
3. The combination comes last, with the way each of its members went.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from typing import Final, NamedTuple

import pandas as pd

from actuarial.basis.sensitivities import COMBINED
from actuarial.feasibility.sensitivity import REGION, YEARS, SensitivityResult
from actuarial.reporting import numbers
from actuarial.reporting.blocks import Block, Column, Heading, Paragraph, Ref, Row, Table, say
from actuarial.reporting.language import _, data_text, phrase
from actuarial.reporting.pictures import picture
from actuarial.reporting.tables import MODEL, left
from actuarial.reporting.tornado import COST, setting_text, tornado, widths

PAYG: Final = tuple(f"payg_{year}" for year in YEARS)
RATES: Final = (("pv_net_cost_share_of_earnings", "difference"), ("gap_75", "with"), *((name, "with") for name in PAYG))
_HEADS: Final = ("million USD", "pp earnings", "GAP pp", *(f"{year} pp" for year in YEARS))
_WIDTH: Final = 60


def as_text(result: SensitivityResult, names: Mapping[str, str], countries: Collection[str] = (), title: str = "") -> str:
    """Tables for a terminal; ``names`` of the countries by code, ``countries`` limits them to these and leaves the region out."""
    table = result.table
    shown = [c for c in table["country"].drop_duplicates() if (c in countries if countries else True)]
    parts = [title] if title else []
    parts += [_country_text(table, country, names.get(country, "Region, pension schemes together")) for country in shown]
    parts += [f"{names[c]}: no scheme that collects contributions, so nothing to change" for c in countries if c not in shown]
    if not result.directions.empty:
        ways = [
            f"  {row['title']:<{_WIDTH - 2}}{row['optimistic'] or 'as in the base':>16}{row['pessimistic'] or 'as in the base':>16}"
            for row in result.directions.to_dict("records")
        ]
        parts.append("\n".join(["Combined: the way of each member, by its own effect on the region's net cost", f"  {'':<{_WIDTH - 2}}"
                                f"{'optimistic':>16}{'pessimistic':>16}", *ways]))  # fmt: skip
    return "\n\n".join(parts) + "\n"


def _country_text(table: pd.DataFrame, country: str, name: str) -> str:
    base = _base(table, country)
    cost, share = base[COST, "difference"], base["pv_net_cost_share_of_earnings", "difference"]
    payg = ", ".join(f"{year} {numbers.rate(base[f'payg_{year}', 'with'])}" for year in YEARS)
    lines = [
        f"{name}. Base: net cost {numbers.money(cost, 'USD')} ({numbers.small_rate(share)} of earnings); with the instrument GAP "
        f"{numbers.rate(base['gap_75', 'with'])}, PAYG {payg}, reserve used up {_date(base['exhaustion_year', 'with'], country)}",
        f"  {'change from the base':<{_WIDTH}}" + "".join(f"{head:>12}" for head in _HEADS) + "   used up",
    ]  # fmt: skip
    for title, cells, _combined in _rows(table, country):
        lines.append(f"  {title[:_WIDTH]:<{_WIDTH}}" + "".join(f"{cell:>12}" for cell in cells[:-1]) + f"   {cells[-1]}")
    if quiet := _quiet(table, country):
        lines.append(f"  no change: {', '.join(quiet)}")
    return "\n".join(lines)


def _base(table: pd.DataFrame, country: str) -> dict[tuple[str, str], float]:
    rows = table[table["country"] == country].drop_duplicates("measure").set_index("measure")
    return {(str(m), case): float(v) for case in ("without", "with", "difference") for m, v in rows[f"base_{case}"].items()}


class Setting(NamedTuple):
    """One setting of an assumption, and what it changes."""

    title: str
    """The assumption and its setting."""
    cells: tuple[str, ...]
    """As in :func:`heads`."""
    combined: bool
    """Whether many assumptions change together."""


def heads() -> tuple[str, ...]:
    """Heads of the columns of figures."""
    payg = (phrase("PAYG {year}, pp", year=str(year)) for year in YEARS)
    return _("Net cost, million USD"), _("Net cost, pp of earnings"), _("GAP, pp"), *payg, _("Reserve used up")


def _rows(table: pd.DataFrame, country: str) -> list[Setting]:
    """Every setting that changes something."""
    own = table[(table["country"] == country)]
    order = [key for key in widths(table, country).index if key != COMBINED]
    order += [COMBINED] if COMBINED in set(own["key"]) else []
    result: list[Setting] = []
    for key in order:
        for _side, part in own[own["key"] == key].groupby("side", sort=False):
            by = part.set_index("measure")
            if not _moves(by):
                continue
            cost = float(by.loc[COST, "delta_difference"])
            cells = [numbers.signed(cost / 1e6, digits=2) if cost else "0"]
            cells += [_points(float(by.loc[name, f"delta_{case}"])) for name, case in RATES]
            cells.append(_moved(float(by.loc["exhaustion_year", "base_with"]), float(by.loc["exhaustion_year", "with"])))
            title, setting = data_text(str(part["title"].iloc[0])), setting_text(str(part["setting"].iloc[0]))
            result.append(Setting(phrase("{change}, {setting}", change=title, setting=setting), tuple(cells), key == COMBINED))
    return result


def _moves(by: pd.DataFrame) -> bool:
    """Whether a setting changes any figure shown by more than rounding."""
    shown = by.loc[[name for name, _ in RATES], ["delta_without", "delta_with", "delta_difference"]]
    return bool((shown.abs() > 1e-12).to_numpy().any() or abs(float(by["delta_difference"][COST])) > 1.0)


def _quiet(table: pd.DataFrame, country: str) -> list[str]:
    """Settings that change nothing here."""
    found = []
    for _row, part in table[table["country"] == country].groupby(["key", "side"], sort=False):
        if not _moves(part.set_index("measure")):
            title, setting = data_text(str(part["title"].iloc[0])), setting_text(str(part["setting"].iloc[0]))
            found.append(phrase("{change} {setting}", change=title, setting=setting))
    return found


def _points(value: float) -> str:
    if math.isnan(value):
        return numbers.DASH
    return "0" if numbers.is_zero(value) else numbers.signed(100 * value, digits=3)


def _date(value: float, country: str) -> str:
    return "–" if country == REGION else "after 2100" if math.isnan(value) else f"in {value:.0f}"


def _moved(base: float, now: float) -> str:
    """The date of exhaustion as it becomes, a dash where it stays."""
    if base == now or (math.isnan(base) and math.isnan(now)):
        return numbers.DASH
    before, after = (_("after 2100") if math.isnan(v) else numbers.year(v) for v in (base, now))
    return f"{before} → {after}"


def sensitivity_blocks(table: pd.DataFrame, country: str, name: str) -> list[Block]:
    """Chapter of a report on one country, or on :data:`REGION`; empty when the table has no figures of it.

    ``table`` is that of :class:`~actuarial.feasibility.sensitivity.SensitivityResult`, ``name`` the country or region in words.
    """
    if table.empty or country not in set(table["country"]):
        return []
    rows = _rows(table, country)
    quiet = _quiet(table, country)
    blocks: list[Block] = [
        Heading(_("How sensitive the results are")),
        Paragraph(
            say(
                "{table} changes one assumption at a time and leaves everything else at the base; {figure} shows what that does to the net cost of "
                "the instrument. Past movers and future flows are separate lines, because the first decide the early decades and the second the "
                "later ones. The sizes of the changes are customary or chosen, no confidence limits, and lines do not add up.",
                table=Ref("tab-sensitivity"),
                figure=Ref("fig-tornado"),
            )
        ),
        picture(
            "fig-tornado", tornado(table, country, name), _("Net cost when one assumption changes"),
            _("Bars from the base, one line per assumption, the widest on top."),
        ),
        Table(
            "tab-sensitivity",
            _(
                "One assumption changed at a time: differences from the base (pp: percentage points of insurable earnings; premium, PAYG cost rates "
                "and reserve with the instrument in force)"
            ),
            (left(_("Change"), 2.8), *(Column(head, weight=1.0) for head in heads())),
            tuple(Row((row.title, *row.cells), "total" if row.combined else "body") for row in rows),
            _(MODEL),
            dense=True,
        ),
    ]  # fmt: skip
    if quiet:
        blocks.append(Paragraph(say("Changes that move none of these figures by more than rounding: {quiet}.", quiet=", ".join(quiet))))
    return blocks
