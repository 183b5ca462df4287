"""Figures of a run by name: which row and column of which table, and their values.

1. A place is a country, a case and the keys of a row (year, origin, sex ...). A table of the whole study takes the country as its payer.
2. Values of a table with years are arrays [year], for equations run over years; what is asked for is one of them.
3. Keys that a place leaves out are added up where rows of that column add; otherwise the place is not one figure.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd

from actuarial.audit.trace_quantities import Graph, Quantity
from actuarial.basis.dimensions import Array
from actuarial.basis.economy import EconomyBasis
from actuarial.basis.errors import InputError
from actuarial.feasibility.result import SchemeResult, StudyResult

CASES: Final = ("without", "with", "difference")
REGION: Final = "region"
Value = float | Array


@dataclass(frozen=True)
class Place:
    """Where a figure stands; ``keys`` are values of key columns other than country and case, as texts."""

    country: str
    case: str
    keys: tuple[tuple[str, str], ...] = ()

    def key(self, name: str) -> str | None:
        """Value of a key; ``None`` where it is left open."""
        return dict(self.keys).get(name)

    def at(self, **keys: str) -> Place:
        """The same place with other keys."""
        return replace(self, keys=tuple(sorted((dict(self.keys) | keys).items())))

    def within(self, names: tuple[str, ...]) -> Place:
        """The place without keys that are not among ``names``."""
        return replace(self, keys=tuple((k, v) for k, v in self.keys if k in names))


@dataclass(frozen=True)
class Figures:
    """A run's figures; ``economy`` is the economic basis the run read, where that is known."""

    study: StudyResult
    graph: Graph
    economy: EconomyBasis | None = None

    @cached_property
    def years(self) -> Array:
        """Years of the projection."""
        return np.arange(int(self.study.meta["first_year"]), int(self.study.meta["last_year"]) + 1, dtype=np.float64)

    def scheme(self, country: str) -> SchemeResult:
        """Results of one country."""
        return self.study.schemes[country]

    def frame(self, table: str, country: str) -> pd.DataFrame:
        """A table of results as a run keeps it."""
        found = getattr(self.study, table) if hasattr(self.study, table) else getattr(self.scheme(country), table)
        assert isinstance(found, pd.DataFrame)
        return found

    def rows(self, quantity: Quantity, place: Place) -> pd.DataFrame:
        """Rows of a table at a place, all years of it, with the figures in the column ``value``."""
        of = self.graph.tables[quantity.table]
        frame = self.frame(of.name, place.country)
        if of.row:
            frame = frame[frame[of.row] == quantity.column]
        chosen: dict[str, str] = {k: v for k, v in place.keys if k in frame.columns and k != "year"}
        if of.country == ("payer",):
            chosen = {"payer": place.country} | chosen if place.country != REGION else chosen
        if of.country == ("origin", "host"):
            frame = frame[(frame["origin"] == place.country) | (frame["host"] == place.country)]
        if quantity.case == "key":
            chosen["case"] = place.case
        for name, wanted in chosen.items():
            frame = frame[frame[name].astype(str) == wanted]
        column = "difference" if of.case == "columns" and quantity.case == "difference" else value_column(quantity, place.case)
        return frame.assign(value=pd.to_numeric(frame[column], errors="coerce"))

    def value(self, quantity: Quantity, place: Place) -> Value:
        """Figure at a place: an array by year where the table has years, else one number.

        Raises :class:`InputError` where more than one row is meant and rows of this column do not add up.
        """
        if place.case == "difference" and quantity.case in ("key", "suffix"):
            return self.value(quantity, replace(place, case="with")) - self.value(quantity, replace(place, case="without"))
        rows = self.rows(quantity, place)
        if "year" in quantity.keys:
            if not quantity.adds and rows["year"].duplicated().any():
                raise InputError(self.open_keys(quantity, place, rows))
            sums = rows.groupby("year")["value"].sum(min_count=1)
            return sums.reindex(self.years).to_numpy(dtype=np.float64)
        if len(rows) > 1 and not quantity.adds:
            raise InputError(self.open_keys(quantity, place, rows))
        return float(rows["value"].sum(min_count=1)) if len(rows) else math.nan

    def stated(self, quantity: Quantity, place: Place) -> float:
        """One number: the figure at the place, of its year where the table has years."""
        return self.one(self.value(quantity, place), place)

    def one(self, value: Value, place: Place) -> float:
        """A value, or that of the year of the place."""
        if isinstance(value, np.ndarray):
            year = place.key("year")
            if year is None:
                raise InputError("this figure needs a year")
            return float(value[int(year) - int(self.years[0])])
        return float(value)

    def open_keys(self, quantity: Quantity, place: Place, rows: pd.DataFrame) -> str:
        """Complaint that a place is not one figure."""
        named = [k for k in quantity.keys if k not in ("case", "year") and place.key(k) is None and len(rows[k].unique()) > 1]
        choices = "; ".join(f"{k}: {', '.join(map(str, rows[k].unique()))}" for k in named)
        return f"{quantity.name} has {len(rows)} rows here, which cannot be added up; choose with --at KEY=VALUE. {choices}"


def value_column(quantity: Quantity, case: str) -> str:
    """Column of the results in which a quantity of a case stands.

    >>> from actuarial.audit.trace_quantities import load_graph
    >>> value_column(load_graph().quantities["branches.benefits"], "with")
    'benefits_with'
    """
    if quantity.case == "columns":
        return case
    if quantity.case in ("suffix", "with"):
        return f"{quantity.column}_{case}"
    return quantity.column
