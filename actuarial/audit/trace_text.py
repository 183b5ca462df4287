"""Trees of figures and lists of quantities as text and as JSON."""

from __future__ import annotations

import math
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Final

from actuarial.audit.trace_figures import REGION
from actuarial.audit.trace_quantities import AMOUNTS, NOTHING, Graph
from actuarial.audit.trace_recompute import TOLERANCE, Recomputed
from actuarial.audit.trace_walk import Line, Node
from actuarial.basis.errors import nearest

_WORDS: Final = ((1e15, "quadrillion"), (1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
_CASE: Final = {"with": "with the instrument", "without": "without the instrument", "difference": "with minus without", "": ""}
_WIDTH: Final = 150
_FORMULA: Final = 420
_SHORT: Final = 60


def readable(value: float) -> str:
    """A number with six digits, its scale in words from a million on.

    >>> readable(20677362821.4), readable(0.118617), readable(2050.0)
    ('20.6774 billion', '0.118617', '2050')
    """
    if math.isnan(value):
        return "none"
    for scale, word in _WORDS:
        if abs(value) >= scale:
            return f"{value / scale:.6g} {word}"
    return f"{value:.6g}"


def tree_text(node: Node, said: str, leaves: list[Line], files: Iterable[str]) -> str:
    """A tree with its head, and in the last lines what it rests on altogether."""
    return "\n".join([said, "", *_lines(node, 0), "", *_rests_on(leaves, files)]) + "\n"


def _lines(node: Node, level: int) -> Iterator[str]:
    indent = "  " * level
    mark = "" if level == 0 else "- "
    yield f"{indent}{mark}{_head(node)}"
    inner = indent + ("  " if level else "")
    if node.kind == "input":
        yield from () if node.again else _inputs(node, inner)
        return
    if node.recomputed is not None:
        yield f"{inner}{node.recomputed.shown} = {_shown(node, node.recomputed.value)}; {_agreement(node, node.recomputed)}"
    if node.formula is not None and not node.again:
        yield from _formula(node, inner)
    if node.again:
        return
    if node.cut and node.kind != "figure":
        yield f"{inner}... (deeper: --depth)"
    for parent in node.parents:
        yield from _lines(parent, level + 1)


def _head(node: Node) -> str:
    where = ", ".join(v for k, v in sorted(node.keys, key=lambda kv: kv[0] == "year"))
    said = ", ".join(part for part in (node.country, where, _CASE[node.case] if node.kind == "figure" else "") if part)
    every = ", in every country" if node.every else ""
    again = " (as above)" if node.again else ""
    if node.kind == "input":
        return f"input: {node.title}{every}{again}"
    name = f"{node.title} [{node.name}]"
    if node.kind == "quantity":
        return f"{name}{every}{_value(node)}{again}"
    return f"{name}, {said}{_value(node)}{again}"


def _value(node: Node) -> str:
    unit = f" {node.unit}" if node.unit and node.unit != "of the item" else ""
    if node.ends is not None:
        return f": {readable(node.ends[0])} in the first year, {readable(node.ends[1])} in the last{unit}"
    return "" if node.value is None else f" = {_shown(node, node.value)}{unit}"


def _shown(node: Node, value: float) -> str:
    """A value of a node; an amount of less than a millionth of its unit is rounding, and shown as 0."""
    amount = node.unit in AMOUNTS or len(node.unit) == len("USD")  # a currency by its code
    return readable(0.0 if amount and abs(value) < NOTHING else value)


def _agreement(node: Node, found: Recomputed) -> str:
    if node.value is None or node.value is found.value:
        return "computed from the figures below"
    gap = found.gap(node.value)
    return f"the run states the same (relative gap {gap:.0e})" if gap <= TOLERANCE else f"THE RUN STATES {node.value!r}, relative gap {gap:.1e}"


def _formula(node: Node, inner: str) -> Iterator[str]:
    assert node.formula is not None
    words = textwrap.shorten(node.formula.text, _FORMULA, placeholder=" ...")
    yield from textwrap.wrap(f"formula: {words} ({node.formula.place})", _WIDTH, initial_indent=inner, subsequent_indent=f"{inner}  ")


def _inputs(node: Node, inner: str) -> Iterator[str]:
    for line in node.lines:
        yield f"{inner}{line_text(line)}"
    for file in node.files:
        yield f"{inner}table {file}"


def line_text(line: Line) -> str:
    """A line of the register in one row."""
    short = [textwrap.shorten(text, _SHORT, placeholder=" ...") for text in (line.value, line.unit, line.source)]
    parts = (f"{line.name} = {short[0]}", short[1], short[2], line.year, line.confidence, str(line.at))
    return "; ".join(part for part in parts if part)


def _rests_on(leaves: list[Line], files: Iterable[str]) -> Iterator[str]:
    named = sorted(set(files))
    counts = Counter(line.confidence for line in leaves)
    order = ", ".join(f"{n} {word}" for word, n in counts.most_common())
    counted = f" ({order})" if order else ""
    yield f"Rests on {len(leaves)} inputs of the register{counted}{f' and {len(named)} tables of data:' if named else '.'}"
    yield from textwrap.wrap(", ".join(named), _WIDTH, initial_indent="  ", subsequent_indent="  ")


def node_json(node: Node) -> dict[str, Any]:
    """A tree as plain data; figures in full."""
    found: dict[str, Any] = {"name": node.name, "title": node.title, "kind": node.kind, "country": node.country}
    found |= {"case": node.case} if node.case else {}
    found |= dict(node.keys)
    for name, value in (("unit", node.unit), ("equation", node.equation)):
        found |= {name: value} if value else {}
    if node.value is not None:
        found["value"] = _number(node.value)
    if node.ends is not None:
        found["first_and_last_year"] = [_number(v) for v in node.ends]
    if node.recomputed is not None:
        found["recomputed"] = {"value": _number(node.recomputed.value), "shown": node.recomputed.shown}
        if node.value is not None:
            gap = node.recomputed.gap(node.value)
            found["recomputed"] |= {"relative_gap": _number(gap), "agrees": gap <= TOLERANCE}
    if node.formula is not None:
        found["formula"] = {"text": node.formula.text, "place": node.formula.place}
    for name, flag in (("every_country", node.every), ("as_above", node.again), ("deeper", node.cut)):
        found |= {name: True} if flag else {}
    if node.lines:
        found["lines"] = [line_json(line) for line in node.lines]
    if node.files:
        found["files"] = list(node.files)
    if node.parents:
        found["made_from"] = [node_json(p) for p in node.parents]
    return found


def line_json(line: Line) -> dict[str, Any]:
    """A line of the register as plain data."""
    fields = ("name", "country", "value", "unit", "source", "year", "confidence", "reason")
    return {f: getattr(line, f) for f in fields} | {"file": line.at.file, "line": line.at.line}


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None


def list_text(graph: Graph) -> str:
    """All figures by table: name, unit, what tells rows apart."""
    out = []
    for table in graph.tables.values():
        columns = [q for q in graph.figures() if q.table == table.name]
        keys = ", ".join(k for k in table.keys if k not in ("case", table.row)) or "none"
        whose = f"`{REGION}`" if not table.country else "a country"
        out.append(f"{table.name}: {table.title} (of {whose}; keys: {keys})")
        out += [f"  {q.column:<32} {q.title}{f' ({q.unit})' if q.unit else ''}" for q in columns]
    return "\n".join(out) + "\n"


def nearest_hint(name: str, allowed: Iterable[str]) -> str:
    """``; did you mean ...`` or nothing."""
    near = nearest(name, allowed)
    return f"; did you mean '{near}'?" if near else ""
