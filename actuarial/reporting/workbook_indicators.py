"""Lines of indicators, without, with and difference, each in the unit it is read in.

Rates are percentages and their differences percentage points; dates are years; present values stand in the largest unit
that keeps them readable. A difference too small for the usual decimals is shown with as many as it needs. What is a net cost
elsewhere is, in an account scheme, payouts put off and administration.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any, Final

from xlsxwriter.utility import xl_rowcol_to_cell

from actuarial.feasibility.result import SchemeResult
from actuarial.reporting import frames, numbers
from actuarial.reporting.indicator_words import definition, indicator_name
from actuarial.reporting.language import _, data_text, marked, phrase
from actuarial.reporting.workbook_formula import literal
from actuarial.reporting.workbook_look import decimals_needed, money_unit
from actuarial.reporting.workbook_sheets import Column, Sheet
from actuarial.reporting.workbook_words import ACCOUNT_NOTE, ACCOUNT_SUM

_COLUMNS: Final = (
    Column("label", marked("Indicator"), "wrap", 34),
    Column("unit", marked("Unit"), "wrap", 21),
    Column("without", marked("Without"), width=18),
    Column("with", marked("With"), width=18),
    Column("difference", marked("Difference"), width=22),
    Column("points", marked("Unit of the difference"), "wrap", 16),
    Column("definition", marked("Definition"), "wrap", 46),
)
def columns() -> tuple[Column, ...]:
    """Columns of a line of indicators, headings in the active language."""
    return tuple(replace(column, heading=_(column.heading)) for column in _COLUMNS)


NOT_APPLICABLE: Final = marked("not applicable")
"""An indicator that has no meaning for this kind of scheme."""


def applies(record: dict[str, Any]) -> bool:
    """Whether an indicator has a value in either case, or is a date, which may lie beyond the horizon."""
    return str(record["unit"]) == "year" or any(math.isfinite(_number(record[c])) for c in ("without", "with"))


def indicator_line(sheet: Sheet, row: int, first: int, record: dict[str, Any], scheme: SchemeResult) -> None:
    """Write one indicator of a scheme into the columns :func:`columns`, the first of which is column ``first``."""
    currency, dated = scheme.currency, frames.collects(scheme)
    name, unit = str(record["indicator"]), str(record["unit"])
    without, with_ = _number(record["without"]), _number(record["with"])
    gap = with_ - without
    texts = [indicator_name(name), "", "", definition(str(record["definition"]))]
    if scheme.kind == frames.ACCOUNT and name in ("pv_net_cost", "pv_coordination_administration"):
        texts[::3] = [_(ACCOUNT_SUM), _(ACCOUNT_NOTE)] if name == "pv_net_cost" else [texts[0], _("an assumption; the only cost")]
    factor, missing = "", _(NOT_APPLICABLE)
    if unit == "year":
        texts[1:3], missing = [_("calendar year"), _("years")], numbers.active().not_within_horizon if dated else _(NOT_APPLICABLE)
        style, change = "number|0", _signed(0)
    elif unit.startswith((currency, "USD")):
        known = [abs(v) for v in (without, with_) if math.isfinite(v)]
        scale = money_unit(max(known, default=0.0), "USD" if unit.startswith("USD") else currency, 6)
        discounted = "present value" in unit or name.startswith("pv_")
        texts[1:3] = [phrase("{unit}, present value", unit=scale.shown) if discounted else scale.shown, scale.shown]
        style, change = scale.style(zero="0"), scale.style(signed=True, zero=_no_change())
    elif name.startswith(("payg", "gap")) or unit.startswith("share") or unit in ("rate", "fraction"):
        texts[1:3] = [_("share of insurable earnings") if unit == "rate" else data_text(unit), _("percentage points")]
        digits = max((decimals_needed(100 * v, 3) for v in (without, with_) if math.isfinite(v)), default=3)
        style, factor, gap = f"number|0.{'0' * digits}%", "*100", 100 * gap
        change = _signed(decimals_needed(gap, 3) if math.isfinite(gap) else 3)
    else:
        texts[1:3] = [data_text(unit), data_text(unit)]
        style, change = "number|#,##0.00", _signed(decimals_needed(gap, 2) if math.isfinite(gap) else 2)
    sheet.text(row, first, texts[0], "wrap")
    sheet.text(row, first + 1, texts[1], "wrap")
    for column, value in ((first + 2, without), (first + 3, with_)):
        if math.isfinite(value):
            sheet.number(row, column, value, style)
        else:
            sheet.text(row, column, missing, "absent")
    if math.isfinite(gap):
        old, new = (xl_rowcol_to_cell(row, first + c) for c in (2, 3))
        sheet.formula(row, first + 4, f"=({new}-{old}){factor}" if factor else f"={new}-{old}", gap, change)
        sheet.text(row, first + 5, texts[2] if gap else "", "wrap")
    else:
        sheet.text(row, first + 4, _unknown(unit if dated else "", without, with_), "absent")
    sheet.text(row, first + 6, texts[3], "wrap")
    widths = [_COLUMNS[i].width for i in (0, 1, 5, 6)]
    sheet.heighten(row, list(zip(texts, widths, strict=True)))


def _no_change() -> str:
    return literal(numbers.active().no_change)


def _signed(digits: int) -> str:
    number = f"#,##0{'.' if digits else ''}{'0' * digits}"
    return f"number|+{number};-{number};{_no_change()}"


def _unknown(unit: str, without: float, with_: float) -> str:
    if unit == "year" and math.isfinite(with_):
        return _("brought within the horizon")
    if unit == "year" and math.isfinite(without):
        return _("moved beyond the horizon")
    return numbers.active().no_change if unit == "year" else _(NOT_APPLICABLE)


def _number(value: object) -> float:
    return float(value)  # type: ignore[arg-type]
