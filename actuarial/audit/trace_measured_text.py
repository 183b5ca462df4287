"""What moved when an input moved, as text and as JSON."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from actuarial.audit.trace_inputs import Chosen
from actuarial.audit.trace_measure import HEADLINES, Change, Measured
from actuarial.audit.trace_project import Pair
from actuarial.audit.trace_text import readable
from actuarial.feasibility.result import StudyResult
from actuarial.reporting.frames import has_indicator, indicator


def measured_text(found: Measured, pair: Pair, chosen: Chosen, said: str) -> str:
    """Headlines of every scheme, columns that moved by table, and whether the graph held."""
    return "\n".join([said, "", *_what(pair, chosen), "", *_headlines(pair), "", *_columns(found), "", *_verdict(found)]) + "\n"


def _what(pair: Pair, chosen: Chosen) -> Iterator[str]:
    yield f"input moved: {chosen.said}"
    for moved in pair.what[:12]:
        yield f"  {moved.place}: {moved.before[:60]} -> {moved.after[:60]}"
    if len(pair.what) > 12:
        yield f"  and {len(pair.what) - 12} more"


def _figures(study: StudyResult) -> dict[tuple[str, str, str], float]:
    return {
        (c, name, case): indicator(scheme, name, case)
        for c, scheme in study.schemes.items() for name in HEADLINES if has_indicator(scheme, name) for case in ("without", "with", "difference")
    }  # fmt: skip


def _headlines(pair: Pair) -> Iterator[str]:
    before, after = _figures(pair.base), _figures(pair.moved)
    yield "Headlines (before -> after):"
    for key, old in before.items():
        new = after.get(key, math.nan)
        same = old == new or (math.isnan(old) and math.isnan(new)) or abs(new - old) <= 1e-9 * max(abs(old), abs(new))
        cases = key[2] if key[2] != "difference" else "with minus without"
        if not same and not (key[1] == "pv_net_cost" and key[2] == "with"):
            change = f" ({(new - old) / abs(old):+.3%})" if old and math.isfinite(new - old) and key[1] != "exhaustion_year" else ""
            yield f"  {key[0]} {key[1]}, {cases}: {readable(old)} -> {readable(new)}{change}"


def _columns(found: Measured) -> Iterator[str]:
    yield f"Columns that moved: {len(found.changes)} (table by table; the figure that moved most, relative to the largest of its column)"
    groups: dict[tuple[str, str], list[Change]] = {}
    for change in found.changes:
        groups.setdefault((change.quantity.partition(".")[0], change.country), []).append(change)
    for (table, country), changes in groups.items():
        most = max(changes, key=lambda c: c.relative)
        where = f"{most.quantity.partition('.')[2]} {most.case}{f' {most.row}' if most.row else ''}"
        yield f"  {table} {country}: {len(changes)} columns; most: {where}, {readable(most.before)} -> {readable(most.after)} ({most.relative:.2%})"


def _verdict(found: Measured) -> Iterator[str]:
    if not found.unexpected:
        yield f"Everything that the graph says cannot move stood still. {found.still} columns that can move did not."
        return
    yield f"THE GRAPH HAS GAPS: {len(found.unexpected)} columns moved that it says cannot:"
    for change in found.unexpected:
        figures = f"{readable(change.before)} -> {readable(change.after)} ({change.relative:.1e})"
        yield f"  {change.quantity} {change.country} {change.case} {change.row}: {figures}"


def measured_json(found: Measured, pair: Pair, chosen: Chosen, said: str) -> dict[str, Any]:
    """The same as plain data."""

    def plain(change: Change) -> dict[str, Any]:
        return {k: None if isinstance(v, float) and not math.isfinite(v) else v for k, v in asdict(change).items()}

    before, after = _figures(pair.base), _figures(pair.moved)
    number = [
        {"country": c, "indicator": n, "case": k, "before": _number(v), "after": _number(after.get((c, n, k), math.nan))}
        for (c, n, k), v in before.items()
    ]
    return {
        "run": said, "input": chosen.said, "moved": [asdict(m) for m in pair.what], "headlines": number,
        "changes": [plain(c) for c in found.changes], "unexpected": [plain(c) for c in found.unexpected], "still": found.still,
    }  # fmt: skip


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None
