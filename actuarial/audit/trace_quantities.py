"""The declared graph of quantities: what every figure of a study is made from, down to the inputs that a person can change.

1. The graph stands in the YAML files of ``quantities/``: columns of the tables of results (``yearly.payg_cost_rate``), quantities of the
   projection that no table prints (``coverage``) and inputs, which are lines of the assumption register or whole data tables.
2. A quantity names what it is made from (``uses``), what enters only the case with the instrument (``with``), and where it can be computed anew
   from other figures of a run, the equation (``equals``), whose names are parents too.
3. ``any X`` is X of every country. Without it a parent is that of the same country.
4. The graph says what *can* move a figure. It may say so of more than does; a figure it leaves out must not move
   (:mod:`actuarial.audit.trace_measure` tests that).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal

from pydantic import Field

from actuarial.basis.yaml_file import StrictModel, read_yaml, validate

FOLDER: Final = Path(__file__).parent / "quantities"
CaseIn = Literal["key", "columns", "suffix", "difference", "none", "with"]
ANY: Final = "any "
AMOUNTS: Final = ("money", "US dollars", "persons", "cases")
"""Units of which less than :data:`NOTHING` is rounding of the arithmetic."""
NOTHING: Final = 1e-6


class _Declared(StrictModel):
    title: str = Field(min_length=1)
    unit: str = ""
    equals: str = ""
    formula: str = ""
    uses: tuple[str, ...] = ()
    entering: tuple[str, ...] = Field(default=(), alias="with")
    kind: str = Field(default="", alias="of")


class _Column(_Declared):
    adds: bool = False
    case: CaseIn | None = None
    keys: tuple[str, ...] | None = None


class _Table(StrictModel):
    title: str
    keys: tuple[str, ...]
    labels: tuple[str, ...] = ()
    row: str = ""
    case: CaseIn
    country: tuple[str, ...] = ("",)
    derived: bool = False
    sheets: tuple[str, ...] = ()
    chapters: tuple[str, ...] = ()
    columns: dict[str, _Column]


class _Input(StrictModel):
    title: str
    lines: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


class _OnRecord(StrictModel):
    lines: tuple[str, ...]
    files: tuple[str, ...]


class _Inputs(StrictModel):
    inputs: dict[str, _Input]
    on_record: _OnRecord
    registered: tuple[str, ...]
    short_names: dict[str, tuple[str, ...]]


class _Model(StrictModel):
    model: dict[str, _Declared]


class _Tables(StrictModel):
    tables: dict[str, _Table]


@dataclass(frozen=True)
class Input:
    """A leaf: patterns of the names of its lines in the register, and of the files it is read from (``*`` for any text)."""

    name: str
    title: str
    lines: tuple[str, ...]
    files: tuple[str, ...]


@dataclass(frozen=True)
class Quantity:
    """A column of a table (``table.column``) or a quantity of the projection.

    ``uses`` and ``entering`` are all parents, those of the equation included; ``case`` says where a table keeps the case; ``adds`` whether rows may
    be added up; ``kind`` the only kind of scheme that has it.
    """

    name: str
    title: str
    unit: str
    equation: str
    formula: str
    uses: tuple[str, ...]
    entering: tuple[str, ...]
    case: CaseIn = "none"
    keys: tuple[str, ...] = ()
    adds: bool = False
    kind: str = ""
    earlier: tuple[str, ...] = ()
    """Parents of the year before."""

    @property
    def table(self) -> str:
        """Table of the column; empty for a quantity of the projection."""
        return self.name.rpartition(".")[0]

    @property
    def column(self) -> str:
        """Name within the table."""
        return self.name.rpartition(".")[2]


@dataclass(frozen=True)
class TableOf:
    """A table of results, and where reports and workbooks print it.

    ``keys`` tell its rows apart, ``row`` is the column with the names of figures; ``country`` are the columns that name its country (an empty name:
    it is a table of one scheme; none: of the region).
    """

    name: str
    title: str
    keys: tuple[str, ...]
    labels: tuple[str, ...]
    row: str
    country: tuple[str, ...]
    derived: bool
    sheets: tuple[str, ...]
    chapters: tuple[str, ...]
    case: CaseIn


@dataclass(frozen=True)
class Graph:
    """Everything declared, by name."""

    quantities: Mapping[str, Quantity]
    tables: Mapping[str, TableOf]
    inputs: Mapping[str, Input]
    on_record: tuple[str, ...]
    files_on_record: tuple[str, ...]
    registered: tuple[str, ...]
    short_names: Mapping[str, tuple[str, ...]]

    def figures(self) -> tuple[Quantity, ...]:
        """Columns of tables, in the order declared."""
        return tuple(q for q in self.quantities.values() if q.table)


@cache
def load_graph(folder: Path = FOLDER) -> Graph:
    """Read and check the declared graph.

    Raises :class:`InputError` for a file that is not of this form, ``ValueError`` for a name that is not declared, one declared twice, or a quantity
    made from itself.
    """
    inputs = validate(read_yaml(folder / "inputs.yaml"), _Inputs)
    hidden = validate(read_yaml(folder / "model.yaml"), _Model).model
    tables: dict[str, _Table] = {}
    for name in ("scheme_tables", "step_tables", "study_tables"):
        tables |= validate(read_yaml(folder / f"{name}.yaml"), _Tables).tables
    quantities = {f"{t}.{c}": _column(t, table, c, column) for t, table in tables.items() for c, column in table.columns.items()}
    quantities |= {
        name: Quantity(name, q.title, q.unit, q.equals, q.formula, q.uses, q.entering, kind=q.kind) for name, q in hidden.items()
    }
    graph = Graph(
        quantities=quantities,
        tables={n: TableOf(n, t.title, t.keys, t.labels, t.row, t.country, t.derived, t.sheets, t.chapters, t.case) for n, t in tables.items()},
        inputs={n: Input(n, i.title, i.lines, i.files) for n, i in inputs.inputs.items()},
        on_record=inputs.on_record.lines,
        files_on_record=inputs.on_record.files,
        registered=inputs.registered,
        short_names=inputs.short_names,
    )
    _check(graph)
    return graph


def _column(table: str, of: _Table, name: str, column: _Column) -> Quantity:
    def whole(found: str) -> str:
        named = found if "." in found or found not in of.columns else f"{table}.{found}"
        return named if of.country else f"{ANY}{named}"

    parents = [whole(found) for found in names_in(column.equals)]
    earlier = set(parents) - {whole(found) for found in names_in(column.equals, earlier=False)}
    keys = of.keys if column.keys is None else column.keys
    uses = tuple(dict.fromkeys((*parents, *column.uses)))
    itself = f"{table}.{name}"  # a stock is made from that of the year before
    return Quantity(
        itself, column.title, column.unit, column.equals, column.formula, tuple(u for u in uses if u != itself), column.entering,
        column.case or of.case, tuple(k for k in keys if k != of.row), column.adds, column.kind, tuple(earlier),
    )  # fmt: skip


def names_in(equation: str, *, earlier: bool = True) -> tuple[str, ...]:
    """Names of quantities in an equation, in their order; without ``earlier`` those of the year before are left out.

    >>> names_in("(benefits + yearly.administration) / at(earnings, 2050)")
    ('benefits', 'yearly.administration', 'earnings')
    """
    if not equation:
        return ()
    found: list[str] = []

    def walk(node: ast.AST) -> None:
        if isinstance(node, ast.Attribute):
            found.append(ast.unparse(node))
        elif isinstance(node, ast.Name):
            found.append(node.id)
        elif earlier or not (isinstance(node, ast.Call) and ast.unparse(node.func) == "previous"):
            parts = node.args if isinstance(node, ast.Call) else list(ast.iter_child_nodes(node))
            for part in parts:
                walk(part)

    walk(ast.parse(equation, mode="eval").body)
    return tuple(dict.fromkeys(found))


def bare(parent: str) -> tuple[str, bool]:
    """Name of a parent, and whether it is that of every country.

    >>> bare("any coverage"), bare("coverage")
    (('coverage', True), ('coverage', False))
    """
    return (parent.removeprefix(ANY), True) if parent.startswith(ANY) else (parent, False)


def parents_of(quantity: Quantity) -> Iterator[tuple[str, bool, bool]]:
    """(name, of every country, only in the case with the instrument) of every parent."""
    for only_with, names in ((False, quantity.uses), (True, quantity.entering)):
        for parent in names:
            yield (*bare(parent), only_with)


def _check(graph: Graph) -> None:
    twice = set(graph.quantities) & set(graph.inputs)
    if twice:
        raise ValueError(f"declared as quantity and as input: {', '.join(sorted(twice))}")
    for quantity in graph.quantities.values():
        for name, _, _ in parents_of(quantity):
            if name not in graph.quantities and name not in graph.inputs:
                raise ValueError(f"{quantity.name}: '{name}' is not declared")
    done: set[str] = set()

    def descend(name: str, above: tuple[str, ...]) -> None:
        if name in above:
            raise ValueError(f"made from itself: {' <- '.join((*above, name))}")
        if name in done or name in graph.inputs:
            return
        for parent in (p for p, _, _ in parents_of(graph.quantities[name]) if p not in graph.quantities[name].earlier):
            descend(parent, (*above, name))
        done.add(name)

    for name in graph.quantities:
        descend(name, ())
