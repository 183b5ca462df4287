"""Texts inside formulas: words as a formula writes them, and sentences that formulas put together.

1. A sentence is one translated template; its places are filled by formulas, so that it follows the cells and can be put in the order of any language.
2. Figures are joined to words by ROUND, since TEXT reads its format in the reader's language; a spreadsheet writes them with its own decimal sign.
3. A text inside a formula holds at most 255 characters (a limit of the file format); longer ones are joined from pieces.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from string import Formatter
from typing import Final

from actuarial.reporting import numbers

_LONGEST: Final = 255


@dataclass(frozen=True)
class Piece:
    """A formula without its equals sign, and the text that it makes now."""

    formula: str
    shown: str


def literal(text: str) -> str:
    """A text as formulas write it.

    >>> print(literal('a "b" c'))
    "a ""b"" c"
    """
    pieces = [text[i : i + _LONGEST] for i in range(0, len(text), _LONGEST)] or [""]
    return "&".join('"' + piece.replace('"', '""') + '"' for piece in pieces)


def said(text: str) -> Piece:
    """A text that stands as it is."""
    return Piece(literal(text), text)


def rounded(formula: str, value: float, digits: int) -> Piece:
    """A figure rounded to ``digits`` decimals, as a spreadsheet joins it to words (halves away from zero); a missing one is nothing."""
    if not math.isfinite(value):
        return Piece(f"ROUND({formula},{digits})", "")
    scaled = math.floor(abs(float(value)) * 10**digits + 0.5) / 10**digits
    text = f"{math.copysign(scaled, value) if scaled else 0.0:.15g}"
    return Piece(f"ROUND({formula},{digits})", text.replace(".", numbers.active().decimal))


def sentence(template: str, /, **places: Piece) -> Piece:
    """A template, translated already, with its places filled. Raises ``KeyError`` for a place without a piece, ``ValueError`` for one too many.

    >>> sentence("Rate {rate}%.", rate=rounded("A1*100", 12.34, 1))
    Piece(formula='"Rate "&ROUND(A1*100,1)&"%."', shown='Rate 12.3%.')
    """
    formulas, texts, used = [], [], set()
    for words, name, _spec, _conversion in Formatter().parse(template):
        if words:
            formulas.append(literal(words))
            texts.append(words)
        if name is not None:
            formulas.append(places[name].formula)
            texts.append(places[name].shown)
            used.add(name)
    if unused := set(places) - used:
        raise ValueError(f"no place for {sorted(unused)} in {template!r}")
    return Piece("&".join(formulas), "".join(texts))


def either(*choices: tuple[str, bool, Piece], otherwise: Piece) -> Piece:
    """The piece of the first condition that holds; a condition is its formula and whether it holds now."""
    formula, shown = otherwise.formula, otherwise.shown
    for condition, holds, piece in reversed(choices):
        formula = f"IF({condition},{piece.formula},{formula})"
        shown = piece.shown if holds else shown
    return Piece(formula, shown)


