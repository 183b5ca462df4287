"""Mutants of a module: the operators of mutmut, one changed expression at a time.

1. The operators are mutmut's: comparisons, arithmetic, boolean words, numbers, strings, assignments to None, each argument of a call replaced
   by None or dropped, arms of conditional expressions, ``break`` and ``continue``.
2. ``property`` and ``numba.njit`` are taken off before, so that properties and kernels are mutated as all else; mutmut itself leaves decorated
   functions out. What is compiled stays as it is: mutants of a kernel meet the tests that run it as plain Python.
3. Not counted: docstrings, annotations, ``raise`` and ``assert`` statements with what they say, text inside f-strings, module and class level.
4. A mutant is known by module, function, the changed expression and what became of it, so that its name survives when lines move.
"""

from __future__ import annotations

import ast
import textwrap
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.file_mutation import MutationVisitor, deep_replace
from mutmut.mutation.mutators import mutation_operators
from mutmut.mutation.pragma_handling import IgnoredCode

TAKEN_OFF: Final = ("property", "numba.njit")


@dataclass(frozen=True)
class Mutant:
    """One changed function.

    Attributes:
        module: Import name.
        function: Qualified name in the module.
        line: Where the changed expression begins in the file.
        lines: First and last line of the statement that holds it.
        change: ``old expression -> new expression``; a number follows where one function has several alike.
        whole: The function.
        nodes: The expression and what takes its place.
    """

    module: str
    function: str
    line: int
    lines: tuple[int, int]
    change: str
    whole: cst.FunctionDef
    nodes: tuple[cst.CSTNode, cst.CSTNode]

    @property
    def source(self) -> str:
        """The whole changed function."""
        return textwrap.dedent(_code(deep_replace(self.whole, *self.nodes))).strip("\n")

    @property
    def name(self) -> str:
        """The name that lists and reports use."""
        return f"{self.module.removeprefix('actuarial.')}.{self.function}: {self.change}"


def mutants_of(path: Path, module: str) -> list[Mutant]:
    """Every mutant of a file, in the order of its lines."""
    text = path.read_text(encoding="utf-8")
    plain = _undecorated(text)
    silent = _silent_lines(plain)
    wrapper = MetadataWrapper(cst.parse_module(plain))
    visitor = MutationVisitor(mutation_operators, IgnoredCode(set(), set(), set()))
    tree = wrapper.visit(visitor)
    places = wrapper.resolve(PositionProvider)
    names = dict(_functions(tree))
    statements = _statements(plain)
    seen: Counter[str] = Counter()
    found = []
    for mutation in visitor.mutations:
        function = mutation.contained_by_top_level_function
        if function not in names or mutation.original_node not in places:
            continue
        place = places[mutation.original_node].start
        if place.line in silent:
            continue
        change = f"{_words(mutation.original_node)} -> {_words(mutation.mutated_node)}"
        name = names[function]
        seen[name + change] += 1
        own = change if seen[name + change] == 1 else f"{change} ({seen[name + change]})"
        lines = statements.get(place.line, (place.line, place.line))
        found.append(Mutant(module, name, place.line, lines, own, function, (mutation.original_node, mutation.mutated_node)))
    return sorted(found, key=lambda mutant: mutant.line)


def _undecorated(text: str) -> str:
    """The same lines, ``@property`` and ``@numba.njit`` blank."""
    lines = text.splitlines()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            for decorator in node.decorator_list:
                if ast.unparse(decorator).startswith(TAKEN_OFF):
                    lines[decorator.lineno - 1] = ""
    return "\n".join(lines) + "\n"


def _silent_lines(text: str) -> set[int]:
    """Lines whose mutants are not counted."""
    silent = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.Raise, ast.Assert)):
            silent |= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return silent


def _statements(text: str) -> dict[int, tuple[int, int]]:
    """First and last line of the smallest statement around each line; of a compound one only its head, of a function all."""
    found: dict[int, tuple[int, int]] = {}
    for node in ast.walk(ast.parse(text)):  # outer before inner
        if isinstance(node, ast.stmt):
            body = getattr(node, "body", None)
            last = body[0].lineno - 1 if body else node.end_lineno or node.lineno
            # A default of an argument is met by whoever runs the function, not by whoever defines it.
            whole = (node.lineno, node.end_lineno or node.lineno) if isinstance(node, ast.FunctionDef) else (node.lineno, max(last, node.lineno))
            for line in range(node.lineno, max(last, node.lineno) + 1):
                found[line] = whole
    return found


def _functions(tree: cst.Module) -> Iterator[tuple[cst.FunctionDef, str]]:
    for node in tree.body:
        if isinstance(node, cst.FunctionDef):
            yield node, node.name.value
        elif isinstance(node, cst.ClassDef):
            for inner in node.body.body:
                if isinstance(inner, cst.FunctionDef):
                    yield inner, f"{node.name.value}.{inner.name.value}"


def _code(node: cst.CSTNode) -> str:
    return cst.Module([]).code_for_node(node)


def _words(node: cst.CSTNode) -> str:
    return " ".join(_code(node).split())
