"""The look of every workbook: colours, cell styles, units of amounts, how much room a text needs.

1. A style is a name of :data:`STYLES`, or a name and a number format joined by ``|`` (``number|0.00%``).
2. Cells hold full amounts. The number format cuts thousands, and the unit row says in what the full amount is shown.
3. Arial 10: programs without it use a typeface of the same widths, so that columns fit everywhere.
"""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import pandas as pd

from actuarial.reporting.language import _, filled, marked

INK: Final = "#1F2933"
SOFT: Final = "#52606D"
BLUE: Final = "#0072B2"
BAND: Final = "#F1F4F7"
"""Every fifth year, so that the eye keeps its line."""
WITHOUT: Final = "#4D4D4D"
WITH: Final = "#0072B2"
"""Grey and blue, as in the printed reports."""
SERIES: Final = ("#0072B2", "#D55E00")
TABS: Final = {"about": "#1F2933", "input": "#F0B429", "live": "#0072B2", "result": "#009E73", "data": "#7B8794"}
ROW: Final = 13.0
"""Height of a line in points."""
COUNT: Final = '#,##0;-#,##0;"–"'
PERCENT: Final = '0.000%;-0.000%;"–"'
STYLES: Final[Mapping[str, Mapping[str, Any]]] = {
    "title": {"bold": True, "font_size": 16, "font_color": INK, "valign": "vcenter"},
    "subtitle": {"font_color": SOFT, "valign": "top"},
    "heading": {"bold": True, "font_size": 11, "font_color": INK, "bottom": 1, "bottom_color": SOFT},
    "header": {"bold": True, "text_wrap": True, "valign": "bottom", "bg_color": "#DDE3E9", "font_color": INK},
    "header_right": {"bold": True, "text_wrap": True, "valign": "bottom", "align": "right", "bg_color": "#DDE3E9", "font_color": INK},
    "unit": {"font_size": 9, "font_color": SOFT, "bg_color": "#DDE3E9", "bottom": 1, "valign": "top", "text_wrap": True},
    "unit_right": {"text_wrap": True, "font_size": 9, "font_color": SOFT, "bg_color": "#DDE3E9", "bottom": 1, "valign": "top", "align": "right"},
    "text": {"valign": "top"},
    "label": {"valign": "top", "bold": True, "font_color": INK},
    "wrap": {"text_wrap": True, "valign": "top"},
    "number": {"num_format": COUNT, "valign": "top", "align": "right"},
    "plain": {"num_format": "General", "valign": "top", "align": "right"},
    "mixed": {"num_format": "General", "valign": "top", "align": "left", "indent": 1},
    "absent": {"font_color": SOFT, "valign": "top", "align": "right"},
    "year": {"num_format": "0", "valign": "top", "align": "left"},
    "total": {"num_format": COUNT, "bold": True, "top": 1, "valign": "top", "align": "right"},
    "total_text": {"bold": True, "top": 1, "valign": "top"},
    "sum": {"num_format": COUNT, "bold": True, "valign": "top", "align": "right"},
    "input": {"num_format": "0.00", "bg_color": "#FFF2CC", "font_color": "#0000FF", "border": 1, "locked": False, "align": "right", "valign": "top"},
    "input_text": {"text_wrap": True, "bg_color": "#FFF2CC", "font_color": "#0000FF", "border": 1, "locked": False, "num_format": "@"},
    "good": {"bold": True, "font_color": "#FFFFFF", "bg_color": "#00704A"},
    "bad": {"bold": True, "font_color": "#FFFFFF", "bg_color": "#B3261E"},
    "band": {"bg_color": BAND},
    "link": {"font_color": BLUE, "underline": 1, "valign": "top"},
    "back": {"font_color": BLUE, "font_size": 9, "valign": "top"},
}
INDENTED: Final = ("text", "wrap", "header", "unit", "total_text")
"""Styles of words that keep a distance from the figures left of them."""
_FIGURE: Final = re.compile(r"-?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?(e[+-]?\d{1,2})?")
NOISE: Final = 1e-12
"""Share of the largest amount of a table below which an amount is rounding of the computer."""
_STEPS: Final = (
    "",
    marked("thousand {currency}"),
    marked("million {currency}"),
    marked("billion {currency}"),
    marked("trillion {currency}"),
    marked("quadrillion {currency}"),
)
"""Units by the thousands cut."""
_SHOWN: Final = (
    "",
    marked("{currency}, shown in thousands"),
    marked("{currency}, shown in millions"),
    marked("{currency}, shown in billions"),
    marked("{currency}, shown in trillions"),
    marked("{currency}, shown in quadrillions"),
)
"""The same of cells that hold full amounts."""


def _unit(cuts: int, currency: str, steps: tuple[str, ...] = _STEPS) -> str:
    return filled(_(steps[cuts]), {"currency": currency}) if cuts else currency


@dataclass(frozen=True)
class Unit:
    """How amounts of one table are shown: the unit in words, thousands cut by the number format, decimals, and the unit for unit rows.

    ``words`` is the unit of the figures that a reader sees, ``shown`` names the unit of the cells, which hold full amounts, and how they are shown.
    """

    words: str
    cuts: int
    decimals: int
    shown: str

    @property
    def digits(self) -> str:
        """Number format of a positive amount."""
        return f"#,##0{'.' if self.decimals else ''}{'0' * self.decimals}{',' * self.cuts}"

    def style(self, base: str = "number", *, signed: bool = False, zero: str = '"–"') -> str:
        """Name of the style ``base`` with this unit."""
        return f"{base}|{'+' if signed else ''}{self.digits};-{self.digits};{zero}"


def money_unit(largest: float, currency: str, digits: int = 8) -> Unit:
    """Unit in which amounts up to ``largest`` have at most ``digits`` digits before the point, and up to two after it.

    >>> money_unit(1.8e16, "UGX")
    Unit(words='billion UGX', cuts=3, decimals=1, shown='UGX, shown in billions')
    """
    if not math.isfinite(largest) or largest < 10.0**digits:
        return Unit(currency, 0, 0, currency)
    cuts = min((math.floor(math.log10(largest)) - digits + 3) // 3, len(_STEPS) - 1)
    return Unit(_unit(cuts, currency), cuts, 2 if largest / 1000.0**cuts < 1e7 else 1, _unit(cuts, currency, _SHOWN))


def money_axis(largest: float, currency: str) -> tuple[str, str]:
    """Number format and unit of an axis of amounts up to ``largest``: thousands are cut by the format, the value stays.

    >>> money_axis(3.2e12, "RWF")
    ('#,##0,,,', 'billion RWF')
    """
    step = min(max(int(math.log10(largest)) // 3 if largest >= 1 else 0, 0), 4)
    step = step - 1 if step and largest / 1000**step < 10 else step
    digits = ".0" if step and largest / 1000**step < 30 else ""
    return f"#,##0{digits}{',' * step}", _unit(step, currency)


def decimals_needed(value: float, usual: int) -> int:
    """Decimals that show ``value``: the usual ones, or two significant digits where those would show nothing.

    >>> decimals_needed(0.0123, 3), decimals_needed(0.0000412, 3)
    (3, 6)
    """
    if abs(value) < 1e-12 or abs(value) >= 0.5 * 10.0**-usual:
        return usual
    return 1 - math.floor(math.log10(abs(value)))


def figure_of(text: object) -> float | None:
    """The number that a text of the register is, thousands grouped or not; ``None`` for anything else.

    >>> figure_of("0.03"), figure_of("3,333.33"), figure_of("1.8e+08"), figure_of("60 months"), figure_of("+1"), figure_of("1971; 1974")
    (0.03, 3333.33, 180000000.0, None, None, None)
    """
    found = _FIGURE.fullmatch(text) if isinstance(text, str) else None
    return float(found[0].replace(",", "")) if found else None


def figure_style(value: float) -> str:
    """Style of a number among words: large ones are grouped, four digits (which may be a year) are not.

    >>> figure_style(2016.0), figure_style(92710.0), figure_style(3333.33), figure_style(0.03)
    ('mixed|0', 'mixed|#,##0', 'mixed|#,##0.00', 'mixed')
    """
    if value == int(value):
        return "mixed|0" if abs(value) < 1e4 else "mixed|#,##0"
    return "mixed|#,##0.00" if abs(value) >= 1000 else "mixed"


def without_noise(frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """The frame with zeros for what is only rounding of the computer, beside the largest amount of the columns.

    >>> without_noise(pd.DataFrame({"a": [2e11, -3e-5], "b": [0.5, 7.0]}), ["a", "b"]).to_numpy().tolist()
    [[200000000000.0, 0.5], [0.0, 7.0]]
    """
    amounts = frame[list(columns)].astype(float)
    least = NOISE * float(amounts.abs().max().max()) if amounts.size else 0.0
    return frame.assign(**{str(n): amounts[n].where(~(amounts[n].abs() <= least), 0.0) for n in amounts})


@lru_cache(maxsize=50_000)
def lines_of(text: str, width: float, *, bold: bool = False) -> int:
    """Lines that ``text`` takes in a column of ``width`` digits (letters are narrower than digits, bold ones are not)."""
    room = max(int(width * (1.0 if bold else 1.1)) - (1 if bold else 2), 4)
    return sum(max(1, len(textwrap.wrap(part, room))) for part in text.split("\n")) if text else 1
