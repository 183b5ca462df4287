"""The register of inputs and the calibration in words of the active language.

1. What a data file says is split where its parts have a meaning of their own: the name of an input at its dots, a unit behind its currency, a note of
   the calibration behind the sentence that the engine adds. Codes of countries, currencies and schemes, and numbers, stay.
2. Values are words where they are sentences or registered names (``own_average``); ``legal_basis`` holds citations of laws, which are not translated.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from actuarial.reporting import numbers
from actuarial.reporting.language import PSEUDO, SOURCE, _, data_text, filled, language, marked, phrase

WITHOUT_UNIT: Final = ("rule", "yes or no", "date")
"""Units of inputs whose value is a word."""
CITED: Final = ("legal_basis",)
"""Last parts of names of inputs whose value is a citation."""
NOTES: Final = (
    marked("of whom {movers} movers; factor: level of coverage"),
    marked("factor: scale of mean earnings on the average wage"),
    marked("per month and contributor at the end of the year; follows from the two above"),
    marked("opening reserve, taken as it is"),
    marked("pensions {pensions}, lump sums {lump_sums}, other {other}; factor: share of lump sums due that is claimed"),
    marked("number in payment, taken as it is"),
    marked("average pension {amount} a year"),
    marked("movers estimated from the next year; factor: share of balances paid out a year for causes not modelled one by one"),
    marked(
        "movers estimated from the next year; factor: share of balances due that is claimed, rising to 1; the rest stays in the fund and is paid late"
    ),
    marked("factor: on balances built up from history"),
    marked("not used"),
)
"""What the engine adds to the method of a calibration figure; places are figures."""

_CODE: Final = re.compile(r"[A-Z]{1,3}(-[a-z0-9-]+)?|\d+")
_CODES: Final = re.compile(r"[A-Z]{1,3}([;,] [A-Z]{3})*")
_CORRIDOR: Final = re.compile(r"(.+) ([A-Z]{3}-[A-Z]{3})")
_CURRENCY: Final = re.compile(r"([A-Z]{3})( .+)?")
_DAY_OF_YEAR: Final = re.compile(r"(\d{1,2} [A-Z][a-z]+) of the year")
_INDEXED: Final = re.compile(r"(.*?)(?:\[(.*)\])?")
_MONTH: Final = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_PERIOD: Final = re.compile(rf"(?:\d{{1,2}} )?{_MONTH} \d{{4}}|FY\d{{4}}/\d{{2}}")
_FIGURE: Final = re.compile(r"-?\d[\d,]*\.\d+|-?\d{1,3}(?:,\d{3})+")
_FIGURES: Final = re.compile(r"[-\d.,;:()% ]+")
_NAMED: Final = re.compile(r"([a-z_]+) \(([^()]*)\)")
_NOTES: Final = tuple(
    (note, re.compile("(?:(?P<method>.*); )?" + re.sub(r"\\{(\w+)\\}", r"(?P<\1>[\\d,]+)", re.escape(note)))) for note in NOTES
)  # fmt: skip


def input_name(name: str) -> str:
    """The name of an input in words: what is before a colon, the parts of a dotted name, and what an index says.

    >>> input_name("branch costs: health.levy_share.KEN-nssf"), input_name("statistics.benefits_paid[year to Feb 2025]")
    ('branch costs: health · levy share · KEN-nssf', 'statistics · benefits paid[year to Feb 2025]')
    >>> input_name("migration BDI-COD: mean stay abroad")
    'migration BDI-COD: mean stay abroad'
    """
    group, colon, rest = name.partition(": ")
    if not colon:
        return _path(name)
    corridor = _CORRIDOR.fullmatch(group)
    head = f"{data_text(corridor[1])} {corridor[2]}" if corridor else data_text(group)
    return phrase("{group}: {input}", group=head, input=_path(rest))


def _path(name: str) -> str:
    return " · ".join(_part(part.replace("_", " ")) for part in name.split("."))


def _part(part: str) -> str:
    found = _INDEXED.fullmatch(part)
    if found is None or _CODE.fullmatch(part):
        return part
    return data_text(found[1]) + (f"[{period(found[2])}]" if found[2] else "")


def period(text: str) -> str:
    """A date or span of time as a citation gives it: months and financial years in the active language, and the words around them.

    >>> period("30 Sep 2025"), period("FY2024/25"), period("12 months to Feb 2025"), period("2016")
    ('30 Sep 2025', 'FY2024/25', '12 months to Feb 2025', '2016')
    """
    values: dict[str, str] = {}

    def place(found: re.Match[str]) -> str:
        name = f"date{len(values) + 1}" if values else "date"
        values[name] = _date(found[0])
        return f"{{{name}}}"

    frame = _PERIOD.sub(place, text)
    words = re.sub(r"\{\w+\}", "", frame)
    return filled(data_text(frame) if re.search("[A-Za-z]", words) else frame, values)


def _date(text: str) -> str:
    """``Sep 2025``, ``30 Sep 2025`` or ``FY2024/25`` in the active language."""
    if text.startswith("FY"):
        return phrase("FY{years}", years=text[2:])
    if language() in (SOURCE, PSEUDO):
        return text
    from babel.dates import format_date

    whole = text.count(" ") == 2
    when = datetime.strptime(text, "%d %b %Y" if whole else "%b %Y").date()
    return str(format_date(when, "d MMM y" if whole else "MMM y", locale=language()))


def unit_words(unit: str) -> str:
    """A unit in words; the code of a currency before it stays.

    >>> unit_words("KES per month"), unit_words("share of earnings"), unit_words("USD")
    ('KES per month', 'share of earnings', 'USD')
    """
    if found := _CURRENCY.fullmatch(unit):
        return found[1] + (f" {data_text(found[2].strip())}" if found[2] else "")
    return data_text(unit) if unit else ""


def input_value(value: str, unit: str, name: str = "") -> str:
    """The value of an input with its unit; a word stands alone where its unit says only that it is one.

    >>> input_value("0.065", "share of earnings"), input_value("1971", "year"), input_value("2028", "1 January of the year")
    ('0.065 share of earnings', '1971', '1 January 2028')
    >>> input_value("own_average", ""), input_value("True", ""), input_value("0: 0.25; 5: 0.6", "share")
    ('own average', 'yes', '0: 0.25; 5: 0.6 share')
    """
    try:
        number = float(value)
    except ValueError:
        number = float("nan")
    if abs(number) < float("inf"):
        return _quantity(number, unit)
    words = value if name.rpartition(".")[2] in CITED else value_words(value)
    return words if unit in WITHOUT_UNIT or not unit else phrase("{value} {unit}", value=words, unit=unit_words(unit))


def _quantity(number: float, unit: str) -> str:
    if unit == "year":  # a date is no quantity: nothing is grouped
        return f"{number:.0f}"
    if found := _DAY_OF_YEAR.fullmatch(unit):
        return _day(f"{found[1]} {number:.0f}")
    amount = numbers.exact(number)
    return amount if unit in WITHOUT_UNIT or not unit else phrase("{value} {unit}", value=amount, unit=unit_words(unit))


def _day(text: str) -> str:
    """``1 January 2028`` in the active language."""
    return numbers.day(datetime.strptime(text, "%d %B %Y").date().isoformat()).replace(numbers.NBSP, " ")


def value_words(value: str) -> str:
    """A value that is no number: a word, a sentence, a list of figures or of codes, or names with what belongs to them in brackets.

    >>> value_words("old_age (from_year 2028); survivors (from_year 2028)"), value_words("0.05 (2025: 0.07)"), value_words("ABC")
    ('old age (from year 2028); survivors (from year 2028)', '0.05 (2025: 0.07)', 'ABC')
    """
    known = {"True": _("yes"), "yes": _("yes"), "False": _("no"), "no": _("no"), "none": _("none")}
    if value in known:
        return known[value]
    if _CODES.fullmatch(value):
        return value
    if _FIGURES.fullmatch(value):
        return _FIGURE.sub(_figure, value)
    if re.fullmatch(r"\d{1,2} [A-Z][a-z]+ \d{4}", value):
        return _day(value)
    pieces = [_NAMED.fullmatch(piece) for piece in value.split("; ")]
    if all(pieces):
        return "; ".join(f"{data_text(p[1].replace('_', ' '))} ({_fields(p[2])})" for p in pieces if p)
    return data_text(value.replace("_", " "))


def _fields(text: str) -> str:
    """``from_year 2028, share 0.5`` in words."""
    if _FIGURES.fullmatch(text):
        return _FIGURE.sub(_figure, text)
    shown = []
    for field in text.split(", "):
        name, gap, value = field.rpartition(" ")
        shown.append(f"{data_text(name.replace('_', ' '))}{gap}{value_words(value)}" if name else value_words(value))
    return ", ".join(shown)


def _figure(found: re.Match[str]) -> str:
    digits = len(found[0].partition(".")[2])
    return numbers.decimal(float(found[0].replace(",", "")), digits)


def source_words(text: str) -> str:
    """A citation as it stands; what the makers of the basis chose themselves is no citation, and is translated.

    >>> source_words("own assumption"), source_words("ILO R167 Annex I")
    ('own assumption', 'ILO R167 Annex I')
    """
    return data_text(text) if text.startswith("own ") else text


def reason_words(text: str) -> str:
    """Why an input is as it is; nothing where nothing is said."""
    return data_text(text) if text.strip() else ""


def calibration_note(note: str) -> str:
    """The method of a calibration figure, and what the engine adds to it.

    >>> calibration_note("chosen; of whom 5,092 movers; factor: level of coverage")
    'chosen; of whom 5,092 movers; factor: level of coverage'
    """
    for template, form in _NOTES:
        if found := form.fullmatch(note):
            places = found.groupdict()
            method = places.pop("method")
            added = filled(_(template), {k: numbers.decimal(float(v.replace(",", "")), 0) for k, v in places.items()})
            return f"{data_text(method)}; {added}" if method else added
    return data_text(note) if note.strip() else ""
