"""Names of countries, schemes, instrument and scenario as readers see them: texts of data files in the active language."""

from __future__ import annotations

from actuarial.feasibility.result import SchemeResult, StudyResult
from actuarial.reporting.blocks import Text
from actuarial.reporting.language import data_text

Names = dict[str, str]


def country(scheme: SchemeResult) -> str:
    """Name of the country."""
    return data_text(scheme.country_name)


def title(scheme: SchemeResult) -> str:
    """Name of the scheme."""
    return data_text(scheme.scheme_title)


def names_of(study: StudyResult) -> Names:
    """Country names by code; a member that the study holds no results for keeps its code."""
    return {c: country(study.schemes[c]) if c in study.schemes else c for c in study.meta["members"]}


def codes(names: Names) -> str:
    """Codes with their countries, for the key of a chart."""
    return ", ".join(f"{code} {name}" for code, name in names.items() if code != name)


def fact(study: StudyResult, key: str) -> str:
    """A text that the study says about itself: region_name, instrument_title, scenario_title or instrument_note."""
    return data_text(str(study.meta[key]).strip())


def together(*sentences: Text) -> Text:
    """Whole sentences one after the other; empty ones are left out."""
    said: list[Text] = [s for s in sentences if s]
    return tuple(span for n, text in enumerate(said) for span in ((" ", *text) if n else text))
