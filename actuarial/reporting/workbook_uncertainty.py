"""Sheets of a workbook that say how sure the study is: sensitivities, and quantiles and probabilities of an ensemble."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd

from actuarial.reporting.uncertainty import Uncertainty
from actuarial.reporting.workbook_sheets import Book, Column

SHEETS: Final = {
    "Sensitivity": "One assumption changed at a time: values and differences from the base",
    "Ensemble": "Quantiles over the paths by year, and the base scenario",
    "EnsembleFigures": "Quantiles of figures over 75 years",
    "Exhaustion": "Share of paths whose reserve has been used up, by year",
    "Thresholds": "Share of paths in which the instrument costs more than a share of payroll",
}
"""What the cover says of each sheet, in their order."""
_KEYS: Final = (Column("case", "Case", "text", 11), Column("measure", "Measure", "text", 18))
_NOTE: Final = "Shares and rates are fractions, reserve ratios years of expenditure; quantiles of each year by themselves, no forecast"
_ERROR: Final = Column("monte_carlo_error", "Monte Carlo standard error", "plain", 16)


def uncertainty_sheets(book: Book, uncertainty: Uncertainty, countries: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Write the sheets for which there are results of ``countries`` (code in the tables and name in words); return them for the cover."""
    several = (Column("name", "Country", "text", 14),) if len(countries) > 1 else ()
    frames = {"Sensitivity": uncertainty.sensitivity, **_ensemble(uncertainty)}
    written = []
    for name, what in SHEETS.items():
        frame = frames.get(name)
        own = None if frame is None else frame[frame["country"].isin(list(countries))]
        if own is None or own.empty:
            continue
        own = own.assign(name=own["country"].map(dict(countries)))
        columns = (*several, *_columns(name, own))
        sheet = book.sheet(name, what, _NOTE, "data")
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


def _columns(name: str, frame: pd.DataFrame) -> tuple[Column, ...]:
    levels = tuple(Column(c, f"{100 * float(c[1:]):g}%", "plain", 12) for c in frame.columns if c.startswith("q0"))
    year, base = Column("year", "Year", "year", 6), Column("base", "Base scenario", "plain", 13)
    if name == "Sensitivity":
        words = (Column("title", "Assumption", "wrap", 36), Column("setting", "Setting", "wrap", 18), Column("measure", "Measure", "text", 28))
        figures = [c for c in ("without", "with", "difference", "delta_without", "delta_with", "delta_difference") if c in frame.columns]
        return (*words, *(Column(c, _heading(c), "plain", 15) for c in figures))
    if name == "Ensemble":
        return (*_KEYS, year, base, *levels, _ERROR)
    if name == "EnsembleFigures":
        return (*_KEYS, Column("share_of_paths", "Share of paths that have it", "plain", 14), base, *levels, _ERROR)
    if name == "Exhaustion":
        return (_KEYS[0], year, Column("probability", "Share of paths", "plain", 12), _ERROR)
    above = Column("share_of_payroll", "Net cost above this share of earnings", "plain", 18)
    return (above, Column("probability", "Share of paths", "plain", 12), _ERROR)


def _heading(column: str) -> str:
    words = column.removeprefix("delta_")
    words = "With minus without" if words == "difference" else words.capitalize()
    return f"{words}, change from the base" if column.startswith("delta_") else words
