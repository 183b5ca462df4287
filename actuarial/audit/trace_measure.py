"""Which results move when an input moves: the region projected again, and held against what the graph says can move.

A figure has moved when it differs by more than :data:`NOISE` of the largest figure of its column in its country and case. What moves and cannot
by the graph is a gap of the graph, and listed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd

from actuarial.audit.trace_figures import REGION, Figures, Place
from actuarial.audit.trace_quantities import Graph, Quantity, TableOf
from actuarial.audit.trace_reach import Reach
from actuarial.feasibility.result import StudyResult

NOISE: Final = 1e-9
HEADLINES: Final = ("payg_2050", "gap_75", "exhaustion_year", "pv_net_cost")
_STEPS: Final = ("ladder", "ladder_corridors", "past", "claims", "adequacy", "rights", "split_careers")
_STEP_ROWS: Final = ("accrued_liability", "accrued_pensioners", "funding_ratio")


@dataclass(frozen=True)
class Change:
    """How far a column moved in one country and case: the figure that moved most, relative to the largest of the column."""

    quantity: str
    country: str
    case: str
    relative: float
    before: float
    after: float
    row: str


@dataclass(frozen=True)
class Measured:
    """Columns that moved, columns that moved though the graph says they cannot, and how many of those that can did not."""

    changes: tuple[Change, ...]
    unexpected: tuple[Change, ...]
    still: int


def measure(graph: Graph, base: StudyResult, moved: StudyResult, leaves: frozenset[tuple[str, str]]) -> Measured:
    """Compare two studies of the same countries, of which one has an input moved."""
    reach = Reach.of(graph, base)
    can = reach.above(leaves)
    before, after = Figures(base, graph), Figures(moved, graph)
    changes, unexpected, still = [], [], 0
    for quantity in graph.figures():
        table = graph.tables[quantity.table]
        if table.derived or _empty(after, before, table):
            continue
        for country, case in _columns(before, quantity, table):
            allowed = reach.can_move(can, quantity, country, case)
            found = _compare(before, after, quantity, table, country, case)
            if found is not None:
                changes.append(found)
                unexpected += [] if allowed else [found]
            else:
                still += allowed
    return Measured(tuple(changes), tuple(unexpected), still)


def without_steps(study: StudyResult) -> StudyResult:
    """The study without what is priced beside the projection, to be held against one that has none of it."""
    schemes = {}
    for country, scheme in study.schemes.items():
        tables: dict[str, Any] = {n: getattr(scheme, n).iloc[:0] for n in _STEPS if hasattr(scheme, n)}
        rows = scheme.indicators["indicator"].isin(_STEP_ROWS)
        schemes[country] = replace(scheme, **tables, indicators=scheme.indicators[~rows])
    nothing: dict[str, Any] = {n: pd.DataFrame() for n in _STEPS if hasattr(study, n)}
    return replace(study, schemes=schemes, **nothing)


def _empty(after: Figures, before: Figures, table: TableOf) -> bool:
    if table.country != ("",):
        return after.frame(table.name, "").empty or before.frame(table.name, "").empty
    return False


def _columns(figures: Figures, quantity: Quantity, table: TableOf) -> Iterator[tuple[str, str]]:
    cases = {"difference": ("with",), "with": ("with",), "none": ("without",)}.get(quantity.case, ("without", "with"))
    for country in figures.study.schemes if table.country else (REGION,):
        for case in cases:
            yield country, case


def _compare(before: Figures, after: Figures, quantity: Quantity, table: TableOf, country: str, case: str) -> Change | None:
    place, keys = Place(country, case), [k for k in table.keys if k not in ("case", table.row)]
    one, other = (f.rows(quantity, place)[[*keys, "value"]].reset_index(drop=True) for f in (before, after))
    if len(one) != len(other) or not all(one[k].equals(other[k]) for k in keys):
        both = one.merge(other, on=keys, how="outer", suffixes=("", "_after"))
        one, other = both[[*keys, "value"]], both[["value_after"]].set_axis(["value"], axis=1)
    if one.empty:
        return None
    old, new = one["value"].to_numpy(dtype=np.float64), other["value"].to_numpy(dtype=np.float64)
    scale = max(float(np.nanmax(np.abs(v), initial=0.0)) for v in (old, new))
    gap = np.abs(new - old)
    gap = np.where(np.isnan(old) & np.isnan(new), 0.0, np.where(np.isnan(gap), math.inf, gap))
    at = int(np.argmax(gap))
    if not gap[at] > NOISE * scale:
        return None
    row = ", ".join(str(one[k].iloc[at]) for k in keys)
    return Change(quantity.name, country, case, float(gap[at] / scale), float(old[at]), float(new[at]), row)
