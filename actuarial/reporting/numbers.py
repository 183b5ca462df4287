"""Figures as readers see them: rates, differences, dates, large amounts.

1. A missing date means that the event does not occur within the horizon, and is said so.
2. A difference of exactly zero is "no change"; one too small for the usual digits is printed with as many digits as it
   needs, so that a small effect is never shown as none.
3. Signs and separators are those of the active language. Large amounts are scaled here and the unit word is taken from the catalogue: compact formats
   of common libraries are wrong by a factor of ten in Swahili, and "billion" is a false friend in French.
4. The minus sign is U+2212; no-break spaces keep a figure and its unit on one line.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from actuarial.reporting.language import PSEUDO, SOURCE, _, in_context, language, phrase, plural

MINUS: Final = "−"
NBSP: Final = "\u00a0"
DASH: Final = "–"


@dataclass(frozen=True)
class NumberStyle:
    """How a language writes figures."""

    group: str
    decimal: str
    percent: str
    """The sign with the space before it, if any."""
    points: str
    money: str
    money_in_words: str
    """For amounts with a word of scale, which some languages join to the currency by a preposition."""
    no_change: str
    not_within_horizon: str
    not_available: str = DASH


def active() -> NumberStyle:
    """The style of the active language."""
    return _style(language())


@cache
def _style(code: str) -> NumberStyle:
    from babel import Locale

    locale = Locale(SOURCE if code == PSEUDO else code)
    symbols = locale.number_symbols["latn"]
    before_percent = locale.percent_formats[None].suffix[0].rstrip("%")
    return NumberStyle(
        group=symbols["group"],
        decimal=symbols["decimal"],
        percent=f"{before_percent}{symbols['percentSign']}",
        points=f"{NBSP}{in_context('percentage points', 'pp')}",
        money=in_context("money", "{currency}\u00a0{amount}"),
        money_in_words=in_context("money from a million", "{currency}\u00a0{amount}"),
        no_change=_("no change"),
        not_within_horizon=_("not within the horizon"),
    )


SCALES: Final = (1e15, 1e12, 1e9, 1e6)
"""Powers of ten with a word of their own, the largest first."""


def _in_words(scale: float, text: str, scaled: float) -> str:
    """``text``, the figure of ``scaled``, with the word of its scale. Some languages put the word first, some give it a plural."""
    if scale == 1e15:
        return plural("{n}\u00a0quadrillion", "{n}\u00a0quadrillion", scaled, n=text)
    if scale == 1e12:
        return plural("{n}\u00a0trillion", "{n}\u00a0trillion", scaled, n=text)
    if scale == 1e9:
        return plural("{n}\u00a0billion", "{n}\u00a0billion", scaled, n=text)
    return plural("{n}\u00a0million", "{n}\u00a0million", scaled, n=text)


def decimal(value: float, digits: int, *, sign: bool = False) -> str:
    """A number with a fixed count of decimals, grouped by thousands.

    >>> decimal(-1234.5, 1)
    '−1,234.5'
    """
    style = active()
    if not math.isfinite(value):
        return style.not_available
    text = f"{abs(value):,.{digits}f}"
    text = text.replace(",", "\0").replace(".", style.decimal).replace("\0", style.group)
    negative = value < 0 and any(c in "123456789" for c in text)
    lead = MINUS if negative else ("+" if sign and any(c in "123456789" for c in text) else "")
    return lead + text


def persons(value: float, *, sign: bool = False) -> str:
    r"""A head-count, to the person below a million and to three digits above.

    >>> persons(56_432_100), persons(1_234.4), persons(0.3)
    ('56.4\xa0million', '1,234', 'fewer than 1')
    """
    style = active()
    if not math.isfinite(value):
        return style.not_available
    if 0 < abs(value) < 0.5:
        return _("fewer than 1")
    if abs(value) >= 1e6:
        return compact(value, sign=sign)
    return decimal(value, 0, sign=sign)


def count(value: float) -> str:
    r"""A head-count in a table: whole persons, so that a column can be read down.

    >>> count(1_234_567.4), count(0.2), count(0.0)
    ('1,234,567', '<\xa01', '0')
    """
    if 0 < abs(value) < 0.5:
        return f"<{NBSP}1"
    return decimal(value, 0)


def heads(value: float) -> str:
    """A head-count with its noun.

    >>> heads(1.2), heads(1_234.0), heads(0.2)
    ('1 person', '1,234 people', 'fewer than 1 person')
    """
    if 0 < abs(value) < 0.5:
        return _("fewer than 1 person")
    if abs(value) >= 1e6:  # French and Swahili join a noun to a word of scale otherwise than to figures
        return phrase("{n_million} people", n_million=persons(value))
    return plural("{n} person", "{n} people", round(value), n=persons(value))


def exact(value: float) -> str:
    r"""An input as it was given, up to ten significant digits: from a million its scale in words, never a power of ten.

    >>> exact(1.13e12), exact(400_000.0), exact(0.00001), exact(0.065)
    ('1.13\xa0trillion', '400,000', '0.00001', '0.065')
    """
    style = active()
    if not math.isfinite(value):
        return style.not_available
    for scale in SCALES:
        if abs(value) >= scale:
            return _in_words(scale, _plain(value / scale), value / scale)
    return _plain(value)


def _plain(value: float) -> str:
    if value == 0:
        return "0"
    rounded = float(f"{value:.10g}")
    text = f"{rounded:.{_digits_needed(rounded, 10)}f}"
    digits = len(text.rstrip("0").partition(".")[2]) if "." in text else 0
    return decimal(rounded, digits)


def years(periods: list[tuple[int, int]]) -> str:
    """Periods of years.

    >>> years([(2026, 2033), (2085, 2085)]), years([])
    ('2026–2033 and 2085', 'in no year')
    """
    return joined([str(a) if a == b else f"{a}{DASH}{b}" for a, b in periods]) if periods else _("in no year")


def joined(parts: Sequence[str]) -> str:
    """The items of a list in a sentence.

    >>> joined(["a", "b", "c"]), joined(["a"])
    ('a, b and c', 'a')
    """
    if len(parts) < 2:
        return "".join(parts)
    return phrase("{all_but_last} and {last}", all_but_last=", ".join(parts[:-1]), last=parts[-1])


def day(iso: str) -> str:
    r"""An ISO date as readers write it.

    >>> day("2025-12-31")
    '31\xa0December\xa02025'
    """
    from babel.dates import format_date

    code = language()
    pattern = "d MMMM y" if code in (SOURCE, PSEUDO) else "long"  # the long form of plain English is American
    text = str(format_date(date.fromisoformat(iso), pattern, locale=SOURCE if code == PSEUDO else code)).replace(" ", NBSP)
    # Babel writes the first of a month with a cardinal in French.
    return text.replace(f"1{NBSP}", f"1er{NBSP}", 1) if code == "fr" and text.startswith(f"1{NBSP}") else text


def compact(value: float, *, sign: bool = False) -> str:
    r"""A large number with three significant digits, from a million its scale in words.

    >>> compact(2.789e12), compact(-45_678.0), compact(999_999_999.0)
    ('2.79\xa0trillion', '−45,700', '1.00\xa0billion')
    """
    style = active()
    if not math.isfinite(value):
        return style.not_available
    for scale in SCALES:
        if abs(value) >= 0.9995 * scale:
            scaled = value / scale
            digits = 2 if abs(scaled) < 9.995 else 1 if abs(scaled) < 99.95 else 0
            return _in_words(scale, decimal(scaled, digits, sign=sign), scaled)
    if value != 0:
        value = round(value, 2 - math.floor(math.log10(abs(value))))
    digits = 0 if value == round(value) else _digits_needed(value, 3)
    return decimal(value, digits, sign=sign)


def money(value: float, currency: str, *, sign: bool = False) -> str:
    r"""An amount with the ISO code of its currency.

    >>> money(1.25e9, "KES")
    'KES\xa01.25\xa0billion'
    """
    style = active()
    if not math.isfinite(value):
        return style.not_available
    template = style.money_in_words if abs(value) >= 0.9995 * SCALES[-1] else style.money
    return template.format(currency=currency, amount=compact(value, sign=sign))


def rate(value: float, digits: int = 2) -> str:
    """A fraction as a percentage.

    >>> rate(0.12345)
    '12.35%'
    """
    style = active()
    if not math.isfinite(value):
        return style.not_available
    return decimal(100 * value, digits) + style.percent


def small_rate(value: float) -> str:
    """A fraction as a percentage with as many digits as it needs.

    >>> small_rate(0.00000123), small_rate(0.05), small_rate(0.0)
    ('0.00012%', '5.00%', '0%')
    """
    style = active()
    if not math.isfinite(value):
        return style.not_available
    if value == 0:
        return "0" + style.percent
    return decimal(100 * value, max(2, _digits_needed(100 * value, 2))) + style.percent


def points(value: float, *, digits: int = 3) -> str:
    r"""A difference of two rates in percentage points, signed.

    >>> points(0.000123), points(0.0), points(-0.0000000412)
    ('+0.012\xa0pp', 'no change', '−0.0000041\xa0pp')
    """
    style = active()
    if not math.isfinite(value):
        return style.not_available
    if is_zero(value):
        return style.no_change
    return signed(100 * value, digits=digits) + style.points


def signed(value: float, *, digits: int) -> str:
    """A signed difference with ``digits`` decimals, or two significant digits where those would show nothing."""
    style = active()
    if not math.isfinite(value):
        return style.not_available
    if value == 0:
        return style.no_change
    if abs(value) < 0.5 * 10.0**-digits:
        digits = _digits_needed(value, 2)
    return decimal(value, digits, sign=True)


def year(value: float) -> str:
    """A calendar year; missing means that the event does not occur within the horizon.

    >>> year(2041.0), year(float("nan"))
    ('2041', 'not within the horizon')
    """
    style = active()
    return f"{value:.0f}" if math.isfinite(value) else style.not_within_horizon


def is_zero(value: float) -> bool:
    """Whether a difference is nothing but rounding: smaller than 1e-12 in absolute size."""
    return abs(value) < 1e-12


def _digits_needed(value: float, significant: int) -> int:
    if value == 0:
        return 0
    return max(0, min(15, significant - 1 - math.floor(math.log10(abs(value)))))
