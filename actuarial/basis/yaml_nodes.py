"""From YAML text to plain Python values and the line of each, by the C parser.

1. Scalars follow the core schema of YAML 1.2.2 (§10.3.2): ``1e-3`` and ``012`` are numbers, ``NO``, ``on``, ``12:30`` and ``1_000`` are text.
   Dates (``2025-12-31``) are read as dates besides.
2. A key given twice, a key that is no scalar, a tag of an application, and an alias inside its own anchor are errors with a line.
3. ``<<`` merges the mappings it names below the keys beside it, as many files of this format use it.
4. Where PyYAML was built without the C library its own parser does the same, about eight times slower.
5. A document has limits, so that no text costs more than its length: depth, values (those an alias or ``<<`` repeats count each time), keys of one
   mapping, digits of a whole number. Depth is looked at before anything is parsed, since parsers call themselves for every level.
6. Text holds no control characters (:mod:`actuarial.basis.plain_text`), also none written as an escape.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import yaml

from actuarial.basis.plain_text import control_in, short, visible

KeyPath = tuple[str | int, ...]
"""Keys and list positions that lead from the top of a document to a value."""

DEEPEST: Final = 60
"""Levels of keys and lists in each other; the deepest shipped file has 9."""
MOST_VALUES: Final = 20_000
"""Values of a document with every repetition by an alias; the largest shipped file has 1,366."""
MOST_KEYS: Final = 2_000
"""Keys of one mapping; the largest shipped one has fewer than a hundred."""
MOST_DIGITS: Final = 40
"""Digits of a whole number: more than any amount has; some thousand could not even be shown in a message."""
_TAG: Final = "tag:yaml.org,2002:"
_CORE: Final = (
    ("null", r"(?:~|null|Null|NULL|)", ["~", "n", "N", ""]),
    ("bool", r"(?:true|True|TRUE|false|False|FALSE)", list("tTfF")),
    ("int", r"(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)", list("-+0123456789")),
    ("float", r"(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))", list("-+.0123456789")),
    ("timestamp", r"[0-9]{4}-[0-9]{2}-[0-9]{2}", list("0123456789")),
    ("merge", "<<", ["<"]),
)
"""Tag, what a plain scalar of it looks like, characters it begins with; the first that fits counts."""


class _CoreLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # a class chosen when this is imported
    """Parser and composer with the scalars of YAML 1.2; nothing is constructed by it."""

    yaml_implicit_resolvers: dict[Any, Any] = {}


for _name, _form, _first in _CORE:
    _CoreLoader.add_implicit_resolver(_TAG + _name, re.compile(f"{_form}$"), _first)


class YamlError(Exception):
    """Text that is not the YAML this project reads; ``line`` counts from 1 and is 0 when no line is to blame."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line


@dataclass
class _Reading:
    """Lines of the values read so far, and how many values were visited."""

    lines: dict[KeyPath, int]
    visited: list[int] = field(default_factory=lambda: [0])

    def visit(self, node: Any, depth: int) -> None:
        self.visited[0] += 1
        if self.visited[0] > MOST_VALUES:
            raise YamlError(_line(node), f"more than {MOST_VALUES:,} values, those that aliases repeat included; allowed are {MOST_VALUES:,}")
        if depth > DEEPEST:
            raise YamlError(_line(node), f"nested more than {DEEPEST} levels deep; allowed are {DEEPEST}")


def load(text: str) -> tuple[Any, dict[KeyPath, int]]:
    """Value of the only document in ``text`` (mappings as ``dict``, sequences as ``tuple``) and the line of every value below it.

    An empty text is ``None``. Raises :class:`YamlError`.
    """
    _check_depth(text)
    loader = None
    try:
        loader = _CoreLoader(text)  # refuses characters that YAML does not allow
        node = loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = ", ".join(part for part in (error.problem, error.context) if part) or "not valid YAML"
        raise YamlError(mark.line + 1 if mark is not None else 0, " ".join(reason.split())) from None
    except yaml.YAMLError as error:
        raise YamlError(0, " ".join(str(error).split())) from None
    except ValueError as error:  # escapes such as "\\U00110000" and surrogates, that no text can hold
        raise YamlError(0, f"not valid YAML ({error})") from None
    finally:
        if loader is not None:
            loader.dispose()
    reading = _Reading({})
    return (None if node is None else _value(node, (), reading, ())), reading.lines


_OPENED: Final = re.compile(r"[\[\]{}]|\n")
_INDENT: Final = re.compile(r"^ *(?:[-?:][ \t]+)*", re.MULTILINE)


def _check_depth(text: str) -> None:
    """Refuse what may be nested deeper than a parser can follow, from brackets and indentation alone.

    Brackets in texts count too, but only those that are never closed add up. A level below another begins at least one column further right, two
    levels at most (key and list) in one column: what begins in column c stands at most 2 c + 2 deep.
    """
    depth, line = 0, 1
    for found in _OPENED.finditer(text):
        sign = found.group()
        if sign == "\n":
            line += 1
            continue
        depth = depth + 1 if sign in "[{" else max(depth - 1, 0)
        if depth > DEEPEST:
            raise YamlError(line, f"more than {DEEPEST} brackets [ or {{ open in each other; allowed are {DEEPEST}")
    for found in _INDENT.finditer(text):
        if len(found.group()) > 4 * DEEPEST:
            line = text.count("\n", 0, found.start()) + 1
            raise YamlError(line, f"begins in column {len(found.group()) + 1:,}; allowed are {4 * DEEPEST}: nested too deep, or indented too far")


def _value(node: Any, at: KeyPath, reading: _Reading, within: tuple[int, ...]) -> Any:
    """Value of a node; the lines of what stands below it are noted in ``reading``."""
    reading.visit(node, len(within))
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node)
    if id(node) in within:
        raise YamlError(_line(node), "an alias stands inside its own anchor")
    if node.tag not in (f"{_TAG}map", f"{_TAG}seq"):
        raise YamlError(_line(node), f"the tag {_quoted(node.tag)} is not read here")
    within = (*within, id(node))
    if isinstance(node, yaml.SequenceNode):
        for i, item in enumerate(node.value[: MOST_VALUES + 1]):
            reading.lines[(*at, i)] = _line(item)
        return tuple(_value(item, (*at, i), reading, within) for i, item in enumerate(node.value))
    return _mapping(node, at, reading, within)


def _mapping(node: Any, at: KeyPath, reading: _Reading, within: tuple[int, ...]) -> dict[Any, Any]:
    if len(node.value) > MOST_KEYS:
        raise YamlError(_line(node), f"{len(node.value):,} keys in one place; allowed are {MOST_KEYS:,}")
    lines = reading.lines
    own: dict[Any, Any] = {}
    merged: list[Any] = []
    for key_node, value_node in node.value:
        if key_node.tag == f"{_TAG}merge":
            merged += value_node.value if isinstance(value_node, yaml.SequenceNode) else [value_node]
            continue
        if not isinstance(key_node, yaml.ScalarNode):
            raise YamlError(_line(key_node), "a key must be a single word or number")
        key = _scalar(key_node)
        if key in own:
            raise YamlError(_line(key_node), f'duplicate key "{_quoted(str(key))}" (first in line {lines[(*at, key)]})')
        lines[(*at, key)] = _line(key_node)
        own[key] = _value(value_node, (*at, key), reading, within)
    for other in merged:
        if not isinstance(other, yaml.MappingNode):
            raise YamlError(_line(other), "<< takes keys with values (a mapping) or a list of such")
        below: dict[KeyPath, int] = {}
        found = _value(other, at, _Reading(below, reading.visited), within)
        new = found.keys() - own.keys()
        own |= {key: value for key, value in found.items() if key in new}
        lines.update({path: line for path, line in below.items() if path[len(at)] in new})
    return own


def _scalar(node: Any) -> Any:
    """Value of a scalar by its tag, which the text itself has when no tag is written."""
    kind, text = node.tag.removeprefix(_TAG), node.value
    try:
        match kind:
            case "str" | "merge":
                if control := control_in(text):
                    raise YamlError(_line(node), f"the text '{_quoted(text)}' holds the control character {control}, which no input may hold")
                return text
            case "null":
                return None
            case "bool":
                return _BOOL[text.lower()]
            case "int":
                if len(text.lstrip("+-0").removeprefix("x").removeprefix("o")) > MOST_DIGITS:
                    raise YamlError(_line(node), f"'{_quoted(text)}' has more than {MOST_DIGITS} digits; allowed are {MOST_DIGITS}")
                return int(text, _BASES.get(text[:2], 10))
            case "float":
                number = float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
                if math.isinf(number) and "inf" not in text.lower():
                    raise YamlError(_line(node), f"'{_quoted(text)}' is a larger number than a computer holds")
                return number
            case "timestamp":
                return date.fromisoformat(text)
    except (ValueError, KeyError):
        raise YamlError(_line(node), f"'{_quoted(text)}' is not a value of the kind {kind}") from None
    raise YamlError(_line(node), f"the tag {_quoted(node.tag)} is not read here")


def _quoted(text: str) -> str:
    return short(visible(text, one_line=True))


_BASES: Final[Mapping[str, int]] = {"0o": 8, "0x": 16}
_BOOL: Final[Mapping[str, bool]] = {"true": True, "false": False}


def _line(node: Any) -> int:
    return int(node.start_mark.line) + 1
