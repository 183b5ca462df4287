"""The tree of one figure: what it is made from, with the run's own figures, down to the inputs."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import numpy as np

from actuarial.audit.trace_figures import REGION, Figures, Place
from actuarial.audit.trace_formula import Formula, formula_of
from actuarial.audit.trace_lines import At, place_of
from actuarial.audit.trace_quantities import Input, Quantity, names_in, parents_of
from actuarial.audit.trace_reach import NONE, Reach, matches
from actuarial.audit.trace_recompute import PENSIONS, Recomputed, recompute

_CASES: Final = {"beyond": "difference", "without": "without", "with_instrument": "with"}


@dataclass(frozen=True)
class Line:
    """A line of the register, and where it is written."""

    name: str
    country: str
    value: str
    unit: str
    source: str
    year: str
    confidence: str
    reason: str
    at: At


@dataclass
class Node:
    """A figure, a quantity of the projection or an input, and what is under it.

    ``value`` is missing for what no table prints; ``ends`` are the first and the last year of a figure that enters with all its years. ``again``: its
    parents stand further up. ``cut``: they are not shown, because the tree is deep enough.
    """

    name: str
    title: str
    kind: str
    country: str
    case: str = ""
    keys: tuple[tuple[str, str], ...] = ()
    unit: str = ""
    value: float | None = None
    ends: tuple[float, float] | None = None
    equation: str = ""
    recomputed: Recomputed | None = None
    formula: Formula | None = None
    parents: list[Node] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    files: tuple[str, ...] = ()
    every: bool = False
    again: bool = False
    cut: bool = False


@dataclass
class Walk:
    """Builds trees; ``root`` is the folder with the files the run read, ``show`` how a number stands in an equation."""

    figures: Figures
    reach: Reach
    root: Path
    show: Callable[[float], str]
    seen: set[tuple[object, ...]] = field(default_factory=set)

    def tree(self, quantity: Quantity, place: Place, depth: int) -> Node:
        """The tree of a figure of a table, ``depth`` levels below it (negative: all)."""
        node = self._of_table(quantity, place)
        key = (quantity.name, place)
        if key in self.seen:
            node.again = True
            return node
        if depth == 0:
            node.cut = True
            return node
        self.seen.add(key)
        if place.case == "difference" and quantity.case in ("key", "suffix", "columns"):
            node.parents = [self.tree(quantity, replace(place, case=case), depth - 1) for case in ("with", "without")]
        else:
            node.parents = list(self._parents(quantity, place, depth - 1))
        return node

    def line(self, record: dict[str, object], country: str) -> Line:
        """A line of the register with its place."""
        text = {str(k): "" if v is None or v != v else str(v) for k, v in record.items()}
        at = place_of(self.root, text["file"], text["name"], country)
        return Line(text["name"], country, text["value"], text["unit"], text["source"], text["year"].removesuffix(".0"), text["confidence"],
                    text["reason"], at)  # fmt: skip

    def lines(self, leaf: Input, country: str) -> list[Line]:
        """Lines of an input in the register of a country."""
        register = self.figures.frame("assumptions", country)
        found = self.reach.lines_of(leaf, country, register)
        return [self.line({str(k): v for k, v in r.items()}, country) for r in found.to_dict("records")]

    def files(self, leaf: Input) -> tuple[str, ...]:
        """Tables of an input that are there, other than those the register lists line by line."""
        patterns = [f for f in leaf.files if not matches(f, self.figures.graph.registered)]
        return tuple(p.relative_to(self.root).as_posix() for pattern in patterns for p in sorted(self.root.glob(pattern)))

    def _of_table(self, quantity: Quantity, place: Place) -> Node:
        derived = self.figures.graph.tables[quantity.table].derived
        place = place.within(quantity.keys)
        node = Node(quantity.name, quantity.title, "figure", place.country, place.case, place.keys, self._unit(quantity, place))
        if quantity.formula:
            node.formula = formula_of(quantity.formula)
        whole = "year" in quantity.keys and place.key("year") is None
        if not derived:
            value = self.figures.value(quantity, place)
            if isinstance(value, np.ndarray) and whole:
                node.ends = (float(value[0]), float(value[-1]))
            else:
                node.value = self.figures.one(value, place)
        if place.case == "difference" and quantity.case in ("key", "suffix", "columns"):
            if not whole and not derived:
                one, two = (self.figures.stated(quantity, replace(place, case=case)) for case in ("with", "without"))
                node.equation = "with - without"
                node.recomputed = Recomputed(one - two, f"{self.show(one)} - {self.show(two)}", max(abs(one), abs(two)))
        elif not whole:
            node.equation, node.recomputed = quantity.equation, recompute(self.figures, quantity, place, self.show)
            if derived and node.recomputed is not None:
                node.value = node.recomputed.value
        return node

    def _unit(self, quantity: Quantity, place: Place) -> str:
        if quantity.unit == "money" and place.country != REGION:
            return self.figures.scheme(place.country).currency
        return quantity.unit

    def _parents(self, quantity: Quantity, place: Place, depth: int) -> Iterator[Node]:
        graph = self.figures.graph
        named = dict(_places(quantity, place))
        tables = [p for p in parents_of(quantity) if p[0] in graph.quantities and graph.quantities[p[0]].table]
        for name, every, only_with in tables:
            if only_with and place.case == "without":
                continue
            parent, at = graph.quantities[name], named.get(name, place)
            at = replace(at, case=_case_of(parent, at.case)).within(parent.keys)
            if name in quantity.earlier and name not in names_in(_whole(quantity), earlier=False):
                year = place.key("year")
                if year is not None and int(year) > int(self.figures.years[0]):
                    node = self._of_table(parent, at.at(year=str(int(year) - 1)))
                    node.cut = True
                    yield node
                continue
            if not every:
                yield self.tree(parent, at, depth)
                continue
            for country in self._countries(quantity) if place.country == REGION else (place.country,):
                yield self.tree(parent, replace(at, country=country), depth)
        for name, every, only_with in parents_of(quantity):
            if not (only_with and place.case == "without") and (found := self._hidden(name, place, every, depth)) is not None:
                yield found

    def _countries(self, quantity: Quantity) -> list[str]:
        pensions = "over_pension_schemes" in quantity.equation
        return [c for c, k in self.reach.kinds.items() if k not in NONE and (not pensions or k == PENSIONS)]

    def _hidden(self, name: str, place: Place, every: bool, depth: int) -> Node | None:
        """A quantity that no table prints, or an input; ``None`` for a figure of a table and for what this scheme does not have."""
        graph, country = self.figures.graph, place.country
        if name in graph.inputs:
            leaf = graph.inputs[name]
            lines = [] if country == REGION else self.lines(leaf, country)
            files = self.files(leaf)
            if not lines and not files:
                return None
            node = Node(name, leaf.title, "input", country, lines=lines, files=files, every=every)
            node.again = (name, country) in self.seen
            self.seen.add((name, country))
            return node
        quantity = graph.quantities[name]
        if quantity.table or (country != REGION and not self.reach.has(quantity, country)):
            return None
        node = Node(name, quantity.title, "quantity", country, place.case, unit=self._unit(quantity, place), every=every)
        node.formula = formula_of(quantity.formula) if quantity.formula else None
        if quantity.equation and place.key("year") is not None:
            found = recompute(self.figures, quantity, place)
            node.value = None if found is None else found.value
        key = (name, country, place.case == "without")
        if key in self.seen:
            node.again = True
        elif depth == 0:
            node.cut = True
        else:
            self.seen.add(key)
            node.parents = list(self._parents(quantity, place, depth - 1))
        return node


def _whole(quantity: Quantity) -> str:
    """The equation with its own table's names in full."""
    if not quantity.equation:
        return ""
    tree = ast.parse(quantity.equation, mode="eval")
    return ast.unparse(_Full(quantity.table).visit(tree))


class _Full(ast.NodeTransformer):
    def __init__(self, table: str) -> None:
        self.table = table

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:  # noqa: N802  # name given by ast
        return node

    def visit_Name(self, node: ast.Name) -> ast.AST:  # noqa: N802
        return ast.Attribute(ast.Name(self.table, ast.Load()), node.id, ast.Load())

    def visit_Call(self, node: ast.Call) -> ast.AST:  # noqa: N802
        node.args = [self.visit(a) for a in node.args]
        return node


def _places(quantity: Quantity, place: Place) -> Iterator[tuple[str, Place]]:
    """Names of an equation with the place at which it asks for them."""

    def walk(node: ast.AST, at: Place) -> Iterator[tuple[str, Place]]:
        if isinstance(node, ast.Name | ast.Attribute):
            name = ast.unparse(node)
            yield (name if "." in name else f"{quantity.table}.{name}"), at
            return
        if isinstance(node, ast.Call):
            function = ast.unparse(node.func)
            if function in _CASES:
                at = replace(at, case=_CASES[function])
            if function == "at":
                at = at.at(year=ast.unparse(node.args[1]))
            parts: list[ast.AST] = list(node.args)
        else:
            parts = list(ast.iter_child_nodes(node))
        for part in parts:
            yield from walk(part, at)

    if quantity.equation:
        yield from walk(ast.parse(quantity.equation, mode="eval").body, place)


def _case_of(quantity: Quantity, case: str) -> str:
    """Case in which a parent is shown."""
    return {"none": "", "difference": "difference", "with": "with"}.get(quantity.case, case)
