"""Why a report leaves items of the checklist unanswered: reasons by item, for a country and for the region."""

from __future__ import annotations

from collections.abc import Collection

from actuarial.feasibility.result import SchemeResult
from actuarial.reporting import frames
from actuarial.reporting.language import _


def reconciliation(answered: Collection[str]) -> dict[str, str]:
    """Reasons for the items on earlier valuations that no chapter answers."""
    reasons = {
        "R19": _("This is the first study of the instrument; there is no previous valuation of it."),
        "R37": _("This is the first study of the instrument; there are no previous results."),
        "R38": _("Nothing has been projected before that experience could be set against."),
    }
    return {item: reason for item, reason in reasons.items() if item not in answered}


def uncertainty(answered: Collection[str]) -> dict[str, str]:
    """Reasons for the items on uncertainty that the chapters of the report do not answer."""
    reasons = {
        "R32": _("Incomplete: no results of the sensitivities were attached to this run; the command sensitivity computes them."),
        "R33": _("Incomplete: the report is on one scenario; the command compare sets scenarios and instruments side by side."),
        "R34": _("Incomplete: no ensemble was attached to this run, or none of this country; the command ensemble computes it."),
    }
    return {item: reason for item, reason in reasons.items() if item not in answered}


def country(scheme: SchemeResult, answered: Collection[str]) -> dict[str, str]:
    """Reasons of a country report; ``answered`` are the items that its chapters answer, which need none."""
    reasons = {**reconciliation(answered), **uncertainty(answered)}
    beside = {
        "R28": _("The study holds no prices of the legal steps.")
        if frames.collects(scheme)
        else _("No scheme collects contributions, so no legal step has a price here."),
        "R30": _("The study holds no cohort of movers."),
        "R31": _("The scheme owes balances, which are its liabilities and stand with them.")
        if scheme.kind == frames.ACCOUNT
        else _("No scheme collects contributions, so none has liabilities."),
    }
    return {**reasons, **{item: reason for item, reason in beside.items() if item not in answered}}


def region(answered: Collection[str]) -> dict[str, str]:
    """Reasons of the regional report."""
    reasons = {**reconciliation(answered), **uncertainty(answered)}
    elsewhere = _("Stands in the report of each country.")
    beside = {
        **dict.fromkeys(("R13", "R17", "R31", "R35"), elsewhere),
        "R28": _("The study holds no prices of the legal steps."),
        "R30": _("The study holds no cohort of movers."),
    }
    return {**reasons, **{item: reason for item, reason in beside.items() if item not in answered}}
