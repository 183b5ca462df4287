"""Words that several parts of a report share, in the active language.

1. Identifiers of tables (sex, evidence mark) stay English inside data frames; they become words here, when shown.
2. A unit of amounts is one message with its scale: languages join a number word and what is counted in different ways.
"""

from __future__ import annotations

from typing import Final

from actuarial.reporting.language import _, in_context, marked, phrase

CONFIDENCE: Final = {
    "verified": marked("verified"),
    "partial": marked("partial"),
    "derived": marked("derived"),
    "recalled": marked("recalled"),
    "assumed": marked("assumed"),
}
"""Evidence marks, from best to worst."""


def confidence(mark: str) -> str:
    """An evidence mark as readers see it. Raises ``KeyError`` for one that is not known."""
    return _(CONFIDENCE[mark])


def men() -> str:
    """Men in a sentence or after a comma."""
    return in_context("people", "men")


def women() -> str:
    """Women in a sentence or after a comma."""
    return in_context("people", "women")


def in_sentence(text: str) -> str:
    """A name that stands alone with a capital, as it stands inside a sentence; an abbreviation keeps its capitals.

    >>> in_sentence("Old age"), in_sentence("GAP without"), in_sentence("")
    ('old age', 'GAP without', '')
    """
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def amount_unit(scale: float, currency: str) -> str:
    """Unit of amounts divided by ``scale``; ``currency`` is an ISO code.

    >>> amount_unit(1e9, "TZS"), amount_unit(1.0, "KES")
    ('billion TZS', 'KES')
    """
    if scale == 1e12:
        return phrase("trillion {currency}", currency=currency)
    if scale == 1e9:
        return phrase("billion {currency}", currency=currency)
    if scale == 1e6:
        return phrase("million {currency}", currency=currency)
    return currency
