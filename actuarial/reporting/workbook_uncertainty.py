"""Sheets of a workbook that say how sure the study is: sensitivities, and quantiles and probabilities of an ensemble."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

import pandas as pd

from actuarial.reporting.language import _, data_text, marked
from actuarial.reporting.numbers import active, exact
from actuarial.reporting.uncertainty import Uncertainty
from actuarial.reporting.workbook_sheets import Book, Column
from actuarial.reporting.workbook_words import ACCOUNT_MEASURES, CASE_WORDS, MEASURES, word

SHEETS: Final = {
    "Sensitivity": marked("One assumption changed at a time: values and differences from the base"),
    "Ensemble": marked("Quantiles over the paths by year, and the base scenario"),
    "EnsembleFigures": marked("Quantiles of figures over 75 years"),
    "Exhaustion": marked("Share of paths whose reserve has been used up, by year"),
    "Thresholds": marked("Share of paths in which the instrument costs more than a share of payroll"),
}
"""What the cover says of each sheet, in their order."""
_FIGURES: Final = {
    "without": marked("Without"),
    "with": marked("With"),
    "difference": marked("With minus without"),
    "delta_without": marked("Without, change from the base"),
    "delta_with": marked("With, change from the base"),
    "delta_difference": marked("With minus without, change from the base"),
}
_NOTE: Final = marked("Shares and rates are fractions, reserve ratios years of expenditure; quantiles of each year by themselves, no forecast")


def uncertainty_sheets(
    book: Book, uncertainty: Uncertainty, countries: Mapping[str, str], accounts: Collection[str]
) -> tuple[tuple[str, str], ...]:
    """Write the sheets for which there are results of ``countries`` (code in the tables and name in words); return them for the cover.

    Of ``accounts``, the countries whose scheme keeps accounts, no net cost is said to exceed a threshold.
    """
    several = (Column("name", _("Country"), "text", 14),) if len(countries) > 1 else ()
    frames = {"Sensitivity": uncertainty.sensitivity, **_ensemble(uncertainty)}
    written = []
    for name, what in SHEETS.items():
        frame = frames.get(name)
        own = None if frame is None else frame[frame["country"].isin(list(countries))]
        if own is not None and name == "Thresholds":
            own = own[~own["country"].isin(list(accounts))]
        if own is None or own.empty:
            continue
        own = _shown(own.assign(name=own["country"].map(dict(countries))), accounts)
        columns = (*several, *_columns(name, own))
        sheet = book.sheet(name, _(what), _(_NOTE), "data")
        sheet.table(own, columns, freeze=len(several) + 1)
        written.append((name, what))
    return tuple(written)


def _ensemble(uncertainty: Uncertainty) -> dict[str, pd.DataFrame]:
    tables = uncertainty.ensemble
    if not tables:
        return {}
    keys = ["country", "case", "measure", "year"]
    base = tables["base"].rename(columns={"value": "base"})
    yearly = _wide(tables["quantiles"], keys).merge(base, on=keys, how="left", validate="one_to_one")
    keys = ["country", "case", "measure"]
    once = tables["indicators"].drop_duplicates(keys)[[*keys, "share_of_paths", "base"]]
    figures = _wide(tables["indicators"], keys).merge(once, on=keys, validate="one_to_one")
    return {"Ensemble": yearly, "EnsembleFigures": figures, "Exhaustion": tables["exhaustion"], "Thresholds": tables["threshold"]}


def _wide(quantiles: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """One column for each quantile, and the largest of their Monte Carlo errors."""
    wide = pd.concat({float(str(level)): rows.set_index(keys)["value"] for level, rows in quantiles.groupby("quantile")}, axis=1)
    wide.columns = pd.Index([f"q{level:g}" for level in wide.columns])
    error = quantiles.groupby(keys, sort=False)["monte_carlo_error"].max()
    return wide.join(error).reset_index()


def _shown(frame: pd.DataFrame, accounts: Collection[str]) -> pd.DataFrame:
    """The frame with cases, measures, assumptions and settings in the words of the active language; ``accounts`` are states with account schemes."""
    known = {}
    if "case" in frame:
        known["case"] = [word(CASE_WORDS, str(name)) for name in frame["case"]]
    if "measure" in frame:
        pairs = zip(frame["country"], frame["measure"], strict=True)
        known["measure"] = [word(ACCOUNT_MEASURES if country in accounts else MEASURES, str(name)) for country, name in pairs]
    texts = {c: [data_text(str(text)) for text in frame[c]] for c in ("title", "setting") if c in frame}
    return frame.assign(**known, **texts)


def _columns(name: str, frame: pd.DataFrame) -> tuple[Column, ...]:
    keys = (Column("case", _("Case"), "text", 11), Column("measure", _("Measure"), "text", 28))
    error = Column("monte_carlo_error", _("Monte Carlo standard error"), "plain", 16)
    levels = tuple(Column(c, exact(100 * float(c[1:])) + active().percent, "plain", 12) for c in frame.columns if c.startswith("q0"))
    year, base = Column("year", _("Year"), "year", 6), Column("base", _("Base scenario"), "plain", 13)
    if name == "Sensitivity":
        words = (
            Column("title", _("Assumption"), "wrap", 36),
            Column("setting", _("Setting"), "wrap", 18),
            Column("measure", _("Measure"), "text", 40),
        )
        return (*words, *(Column(c, _(heading), "plain", 15) for c, heading in _FIGURES.items() if c in frame.columns))
    if name == "Ensemble":
        return (*keys, year, base, *levels, error)
    if name == "EnsembleFigures":
        return (*keys, Column("share_of_paths", _("Share of paths that have it"), "plain", 14), base, *levels, error)
    if name == "Exhaustion":
        return (keys[0], year, Column("probability", _("Share of paths"), "plain", 12), error)
    above = Column("share_of_payroll", _("Net cost above this share of earnings"), "plain", 18)
    return (above, Column("probability", _("Share of paths"), "plain", 12), error)

