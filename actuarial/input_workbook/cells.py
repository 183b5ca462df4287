"""What a cell says: its value, or why it cannot be used."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from actuarial.basis.errors import nearest
from actuarial.input_workbook.evidence import LONGEST_TEXT, YES_NO
from actuarial.input_workbook.model import Limits, Value

LARGEST_NUMBER: Final = 1e18
"""Beyond what any amount of a country comes to in its currency."""
_SPACES: Final = re.compile(r"[\s\u00a0\u202f\u2009']+")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]+")


@dataclass(frozen=True)
class Found:
    """Content of a cell: its value as saved, its formula if it has one, whether the value is a date, whether it is an error like ``#DIV/0!``."""

    value: Any
    formula: str = ""
    is_date: bool = False
    is_error: bool = False


@dataclass(frozen=True)
class Reading:
    """A usable value, or a complaint."""

    value: Value = None
    complaint: str = ""


def read_cell(found: Found, limits: Limits) -> Reading:
    """Value of an input cell within its limits."""
    if found.is_error:
        return _wrong(f"found the error {found.value}", limits)
    if found.formula and found.value is None:
        what = f"the formula {_short(found.formula)} has no saved value"
        return Reading(None, f"{what}; open the file in Excel or LibreOffice and save it, or write the figure")
    if found.value is None or (isinstance(found.value, str) and not found.value.strip()):
        return Reading(None) if limits.optional else _wrong("the cell is empty", limits)
    if limits.kind == "text":
        return _text(found, limits)
    if limits.kind == "choice":
        return _choice(found, limits)
    return _number(found, limits)


def _number(found: Found, limits: Limits) -> Reading:
    value = found.value
    if isinstance(value, bool):
        return _wrong(f"found {str(value).upper()}", limits)
    if found.is_date or isinstance(value, date | datetime | time | timedelta):
        return _wrong(f"found a date ({_short(str(value))}); set the format of the cell to Number and write the figure again", limits)
    if isinstance(value, str):
        return _wrong(f"found the text '{_short(value)}'{_how_to_write(value)}", limits)
    if not isinstance(value, int | float) or not math.isfinite(value):
        return _wrong(f"found {_short(str(value))}", limits)
    number = float(value)
    if abs(number) > LARGEST_NUMBER:
        return _wrong(f"found {number:g}, which no figure of a country can be", limits)
    if limits.kind == "whole" and number != round(number):
        return _wrong(f"found {number:.15g}", limits)
    if not limits.least <= number <= limits.most:
        hint = ""
        if limits.percent and 1.0 < number <= 100.0 and number / 100.0 <= limits.most:
            hint = f"; for {number:.15g} per cent write {number / 100.0:.15g} or {number:.15g}%"
        return _wrong(f"found {number:,.15g}{hint}", limits)
    return Reading(number)


def _text(found: Found, limits: Limits) -> Reading:
    text = _CONTROL.sub(" ", str(found.value)).strip()
    if len(text) > LONGEST_TEXT:
        return _wrong(f"found {len(text):,} characters, at most {LONGEST_TEXT:,} are read", limits)
    return Reading(text or None)


def _choice(found: Found, limits: Limits) -> Reading:
    words = {shown.casefold(): word for word, shown in limits.choices}
    words |= {word.casefold(): word for word, _shown in limits.choices}
    given = _SPACES.sub(" ", str(found.value)).strip().casefold()
    if given in words:
        return Reading(words[given])
    if "true" in words:
        english = {shown: word for word, shown in YES_NO}
        if given in english:
            return Reading(english[given])
    near = nearest(given, [shown for _word, shown in limits.choices])
    return _wrong(f"found '{_short(str(found.value))}'{f'; did you mean {near!r}?' if near else ''}", limits)


def _how_to_write(text: str) -> str:
    """Advice for a number typed as text."""
    plain = _SPACES.sub("", text).replace("\u2212", "-")
    if re.fullmatch(r"[-+]?[1-9]\d{0,2},\d{3}", plain):
        return f"; write it as a number: {plain.replace(',', '')}, or {plain.replace(',', '.')} if the comma was the decimal sign"
    per_cent = plain.endswith("%")
    number = _parsed(plain.rstrip("%"))
    if number is None:
        return ""
    if per_cent:
        return f"; write it as a number: {number / 100.0:.15g}, or {number:.15g}% in a cell whose format is not Text"
    local = f"{number:.15g}".replace(".", ",")
    either = f"{number:.15g} (or {local} where your Excel uses a decimal comma)" if "." in f"{number:.15g}" else f"{number:.15g}"
    return f"; write it as a number, without spaces: {either}, in a cell whose format is not Text"


def _parsed(plain: str) -> float | None:
    """A number however people write it: the last of comma and point is taken for the decimal sign unless it groups thousands."""
    if re.fullmatch(r"[-+]?\d+(?:[.,]\d+)?(?:[eE][-+]?\d+)?", plain):
        return float(plain.replace(",", "."))
    if re.fullmatch(r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?", plain):
        return float(plain.replace(",", ""))
    if re.fullmatch(r"[-+]?\d{1,3}(?:\.\d{3})+(?:,\d+)?", plain):
        return float(plain.replace(".", "").replace(",", "."))
    return None


def _wrong(found: str, limits: Limits) -> Reading:
    return Reading(None, f"{found}; allowed: {limits.allowed()}")


def _short(text: str) -> str:
    flat = " ".join(_CONTROL.sub(" ", text).split())
    return flat if len(flat) <= 60 else f"{flat[:57]}..."
