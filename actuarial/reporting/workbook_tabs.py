r"""Names of the sheets: what a reader sees on the tabs, and how formulas refer to a sheet.

1. In code a sheet has one English name; its tab bears that name in the language of the book. Formulas, links and charts find a sheet through
   :func:`on` alone.
2. A tab holds at most 31 characters, none of ``[ ] : * ? / \\``, and differs from every other by more than capitals (rules of the file format).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from actuarial.reporting.language import in_context, language

LONGEST: Final = 31
FORBIDDEN: Final = "[]:*?/\\"
_BARE: Final = re.compile(r"[A-Za-z]{4,}")
"""Names that formulas may hold without quotes: letters only, too many for the name of a column."""


class TabError(ValueError):
    """A translated tab that the file format does not allow."""


def tab(name: str) -> str:
    """What stands on the tab of the sheet ``name``. Raises ``KeyError`` for another name, :class:`TabError` for a bad translation."""
    return _tabs(language())[name]


def on(name: str) -> str:
    """The sheet ``name`` as formulas write it before a cell, with quotes where they are needed.

    >>> on("Yearly") + "B5"
    'Yearly!B5'
    """
    return f"{quoted_tab(tab(name))}!"


def quoted_tab(text: str) -> str:
    """A tab as formulas write it.

    >>> quoted_tab("With"), quoted_tab("Hors d'accord")
    ('With', "'Hors d''accord'")
    """
    return text if _BARE.fullmatch(text) else "'" + text.replace("'", "''") + "'"


@cache
def _tabs(_code: str) -> Mapping[str, str]:
    """All tabs in the active language, whose code is ``_code``."""
    tabs = {
        "Cover": in_context("sheet", "Cover"),
        "ReadMe": in_context("sheet", "ReadMe"),
        "Inputs": in_context("sheet", "Inputs"),
        "Indicators": in_context("sheet", "Indicators"),
        "Premiums": in_context("sheet", "Premiums"),
        "Without": in_context("sheet", "Without"),
        "With": in_context("sheet", "With"),
        "Difference": in_context("sheet", "Difference"),
        "Charts": in_context("sheet", "Charts"),
        "Ladder": in_context("sheet", "Ladder"),
        "LadderCorridors": in_context("sheet", "LadderCorridors"),
        "Causes": in_context("sheet", "Causes"),
        "PastFuture": in_context("sheet", "PastFuture"),
        "Corridors": in_context("sheet", "Corridors"),
        "CorridorCosts": in_context("sheet", "CorridorCosts"),
        "Gains": in_context("sheet", "Gains"),
        "Branches": in_context("sheet", "Branches"),
        "BranchCauses": in_context("sheet", "BranchCauses"),
        "Adequacy": in_context("sheet", "Adequacy"),
        "Rights": in_context("sheet", "Rights"),
        "Transfers": in_context("sheet", "Transfers"),
        "TransferValues": in_context("sheet", "TransferValues"),
        "Comparison": in_context("sheet", "Comparison"),
        "Claims": in_context("sheet", "Claims"),
        "CostRates": in_context("sheet", "CostRates"),
        "CostParts": in_context("sheet", "CostParts"),
        "Provisions": in_context("sheet", "Provisions"),
        "Levers": in_context("sheet", "Levers"),
        "Payments": in_context("sheet", "Payments"),
        "Residence": in_context("sheet", "Residence"),
        "Population": in_context("sheet", "Population"),
        "Calibration": in_context("sheet", "Calibration"),
        "Assumptions": in_context("sheet", "Assumptions"),
        "Yearly": in_context("sheet", "Yearly"),
        "CausesByYear": in_context("sheet", "CausesByYear"),
        "BranchYears": in_context("sheet", "BranchYears"),
        "Sensitivity": in_context("sheet", "Sensitivity"),
        "Ensemble": in_context("sheet", "Ensemble"),
        "EnsembleFigures": in_context("sheet", "EnsembleFigures"),
        "Exhaustion": in_context("sheet", "Exhaustion"),
        "Thresholds": in_context("sheet", "Thresholds"),
        "ChangeEffects": in_context("sheet", "ChangeEffects"),
        "Provenance": in_context("sheet", "Provenance"),
        "Changes": in_context("sheet", "Changes"),
        "Checks": in_context("sheet", "Checks"),
    }
    checked_tabs(tabs)
    return tabs


def checked_tabs(tabs: Mapping[str, str]) -> None:
    """Raise :class:`TabError`, naming the sheet, for a tab that the file format does not allow or that two sheets share."""
    seen: dict[str, str] = {}
    for name, text in tabs.items():
        if not 0 < len(text) <= LONGEST or set(text) & set(FORBIDDEN) or text.strip("' ") != text:
            raise TabError(f"sheet {name}: {text!r} cannot stand on a tab (1 to {LONGEST} characters, none of {FORBIDDEN}, no quote at the ends)")
        if (other := seen.setdefault(text.casefold(), name)) != name:
            raise TabError(f"sheets {other} and {name} have the same tab {text!r}")
