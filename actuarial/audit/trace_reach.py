"""What can move what: from a figure down to all its inputs, from an input up to all figures.

A node is a quantity of a country in a case, ``without`` or ``with``; with minus without moves when either does, and whatever moves the case without
can move the case with. Figures that have no case stand in ``without``, differences in ``with``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Final

import pandas as pd

from actuarial.audit.trace_figures import REGION
from actuarial.audit.trace_quantities import Graph, Input, Quantity, parents_of
from actuarial.feasibility.result import StudyResult

WITHOUT: Final = "without"
WITH: Final = "with"
Node = tuple[str, str, str]
"""(quantity or input, country, case); inputs have no case."""
NONE: Final = ("none", "not_collecting")
"""Kinds of a country in which nothing is collected."""
EVERYWHERE: Final = "country"
"""Marks quantities of a country that it has without a scheme."""
_SCHEME: Final = re.compile(r"\b[A-Z]{3}-[a-z][a-z0-9-]*\b")


@dataclass(frozen=True)
class Reach:
    """The graph over the countries of a study; ``kinds`` and ``schemes`` are the kind and the name of each country's scheme."""

    graph: Graph
    kinds: Mapping[str, str]
    schemes: Mapping[str, str]

    @classmethod
    def of(cls, graph: Graph, study: StudyResult) -> Reach:
        """The graph over a study."""
        return cls(graph, {c: s.kind for c, s in study.schemes.items()}, {c: s.scheme_id for c, s in study.schemes.items()})

    def below(self, quantity: str, country: str, case: str) -> set[tuple[str, str]]:
        """Every input under a figure, as (input, country)."""
        start = self.node(self.graph.quantities[quantity], country, case)
        seen, found, open_nodes = {start}, set(), [start]
        while open_nodes:
            for parent in self._parents(open_nodes.pop()):
                if parent[0] in self.graph.inputs:
                    found.add(parent[:2])
                elif parent not in seen:
                    seen.add(parent)
                    open_nodes.append(parent)
        return found

    def above(self, inputs: Iterable[tuple[str, str]]) -> set[Node]:
        """Every quantity that can move with the inputs (input, country)."""
        open_nodes: list[Node] = [(name, country, "") for name, country in inputs]
        seen: set[Node] = set()
        while open_nodes:
            for child in self._children.get(open_nodes.pop(), ()):
                if child not in seen:
                    seen.add(child)
                    open_nodes.append(child)
        return seen

    def can_move(self, moved: set[Node], quantity: Quantity, country: str, case: str) -> bool:
        """Whether a figure is among those that can move."""
        return self.node(quantity, country, case) in moved

    def node(self, quantity: Quantity, country: str, case: str) -> Node:
        """Node of a figure."""
        if quantity.table:
            country = country if self.graph.tables[quantity.table].country else REGION
            case = {"none": WITHOUT, "difference": WITH, "with": WITH}.get(quantity.case, case)
        return quantity.name, country, WITHOUT if case == WITHOUT else WITH

    @cached_property
    def _children(self) -> dict[Node, list[Node]]:
        children: dict[Node, list[Node]] = {}
        for quantity in self.graph.quantities.values():
            for node in self._nodes(quantity):
                for parent in self._parents(node):
                    children.setdefault(parent, []).append(node)
        return children

    def _nodes(self, quantity: Quantity) -> Iterator[Node]:
        for country in (*self.kinds, REGION):
            if self.has(quantity, country):
                for case in (WITHOUT, WITH):
                    node = self.node(quantity, country, case)
                    if node[1:] == (country, case):
                        yield node

    def _parents(self, node: Node) -> Iterator[Node]:
        name, country, case = node
        for parent, every, only_with in parents_of(self.graph.quantities[name]):
            if only_with and case != WITH:
                continue
            for place in self.kinds if every or country == REGION else (country,):
                if parent in self.graph.inputs:
                    yield parent, place, ""
                    continue
                quantity = self.graph.quantities[parent]
                if self.has(quantity, place):
                    yield self.node(quantity, place, case)

    def has(self, quantity: Quantity, country: str) -> bool:
        """Whether a country has a quantity: without a scheme that collects there are people and an economy, nothing else of the projection."""
        kind = self.kinds.get(country, "")
        if kind in NONE:
            return bool(quantity.table) or quantity.kind == EVERYWHERE
        return quantity.kind in ("", EVERYWHERE, kind)

    def inputs_of_line(self, name: str) -> tuple[str, ...]:
        """Inputs that a line of the register belongs to."""
        return tuple(i.name for i in self.graph.inputs.values() if matches(name, i.lines))

    def lines_of(self, leaf: Input, country: str, register: pd.DataFrame) -> pd.DataFrame:
        """Lines of a country's register that are this input; figures of another scheme are left out."""
        mine = register["name"].map(lambda name: matches(name, leaf.lines) and not self.of_another(name, country))
        return register[mine.astype(bool)]

    def of_another(self, name: str, country: str) -> bool:
        """Whether a line names the scheme of another country."""
        named = [found for found in _SCHEME.findall(name) if found in set(self.schemes.values())]
        return bool(named) and self.schemes.get(country) not in named


def matches(name: str, patterns: Iterable[str]) -> bool:
    """Whether a name has one of the forms; ``*`` stands for any text, everything else for itself.

    >>> matches("contributions.ceiling[2023-02-01]", ["contributions.ceiling*"])
    True
    """
    return any(fnmatchcase(name, pattern.replace("[", "[[]")) for pattern in patterns)
