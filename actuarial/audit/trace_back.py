"""Which results an input can move, and where reports and workbooks print them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from actuarial.audit.trace_figures import REGION
from actuarial.audit.trace_inputs import Chosen
from actuarial.audit.trace_quantities import Quantity, TableOf
from actuarial.audit.trace_reach import WITH, WITHOUT, Node, Reach
from actuarial.audit.trace_text import line_json, line_text


@dataclass(frozen=True)
class Movable:
    """Columns of one table that can move in some countries; ``only_with`` those that stand still in the case without the instrument."""

    table: TableOf
    countries: tuple[str, ...]
    columns: tuple[Quantity, ...]
    only_with: frozenset[str]


def movable(reach: Reach, chosen: Chosen) -> list[Movable]:
    """Results that the input can move, by table; countries of which the same can move stand together."""
    moved = reach.above(chosen.leaves)
    found = []
    for table in reach.graph.tables.values():
        columns = [q for q in reach.graph.figures() if q.table == table.name]
        by_columns: dict[tuple[tuple[str, bool], ...], list[str]] = {}
        for country in reach.kinds if table.country else (REGION,):
            can = tuple((q.name, _only_with(reach, moved, q, country)) for q in columns if _moves(reach, moved, q, country))
            if can:
                by_columns.setdefault(can, []).append(country)
        for can, countries in by_columns.items():
            only = frozenset(name for name, with_alone in can if with_alone)
            found.append(Movable(table, tuple(countries), tuple(reach.graph.quantities[name] for name, _ in can), only))
    return found


def _moves(reach: Reach, moved: set[Node], quantity: Quantity, country: str) -> bool:
    return any(reach.can_move(moved, quantity, country, case) for case in (WITHOUT, WITH))


def _only_with(reach: Reach, moved: set[Node], quantity: Quantity, country: str) -> bool:
    cased = quantity.case in ("key", "columns", "suffix")
    return cased and not reach.can_move(moved, quantity, country, WITHOUT)


def back_text(reach: Reach, chosen: Chosen, results: Iterable[Movable], said: str) -> str:
    """What an input is, and what it can move."""
    return "\n".join([said, "", *_of_input(reach, chosen), "", *_results(list(results))]) + "\n"


def _of_input(reach: Reach, chosen: Chosen) -> Iterator[str]:
    yield f"input: {chosen.said}"
    for line in chosen.lines:
        yield f"  {line_text(line)}"
    if chosen.table is not None and not chosen.lines:
        column = f", column {chosen.table.column}" if chosen.table.column else ""
        rows = f", lines {', '.join(map(str, chosen.table.lines))}" if 0 < len(chosen.table.lines) <= 10 else ""
        yield f"  table {chosen.table.file}{column}{rows}"
    titles = sorted({reach.graph.inputs[name].title for name, _ in chosen.leaves})
    countries = sorted({c for _, c in chosen.leaves})
    yield f"  {'; '.join(titles)} ({', '.join(countries)})" if titles else "  on record only: the projection does not read it, and no result can move"


def _results(results: list[Movable]) -> Iterator[str]:
    yield "Results that can move (all others cannot):" if results else "No result can move."
    for one in results:
        yield f"{one.table.name}: {one.table.title} - {', '.join(one.countries)}"
        plain = [q.column for q in one.columns if q.name not in one.only_with]
        alone = [q.column for q in one.columns if q.name in one.only_with]
        if plain:
            yield f"  {', '.join(plain)}"
        if alone:
            yield f"  only in the case with the instrument: {', '.join(alone)}"
        pages = [f"sheets {', '.join(one.table.sheets)}"] if one.table.sheets else []
        pages += [f"chapters {'; '.join(one.table.chapters)}"] if one.table.chapters else []
        yield f"  printed on: {' | '.join(pages) if pages else 'data files of the run'}"


def back_json(reach: Reach, chosen: Chosen, results: Iterable[Movable]) -> dict[str, Any]:
    """The same as plain data."""
    return {
        "input": chosen.said,
        "lines": [line_json(line) for line in chosen.lines],
        "table": None if chosen.table is None else {"file": chosen.table.file, "column": chosen.table.column, "lines": list(chosen.table.lines)},
        "leaves": [{"input": n, "title": reach.graph.inputs[n].title, "country": c} for n, c in sorted(chosen.leaves)],
        "can_move": [
            {"table": one.table.name, "countries": list(one.countries), "columns": [q.column for q in one.columns],
             "only_with": sorted(name.rpartition(".")[2] for name in one.only_with), "sheets": list(one.table.sheets),
             "chapters": list(one.table.chapters)}
            for one in results
        ],
    }  # fmt: skip
