"""From YAML text to plain Python values and the line of each, by the C parser.

1. Scalars follow the core schema of YAML 1.2.2 (§10.3.2): ``1e-3`` and ``012`` are numbers, ``NO``, ``on``, ``12:30`` and ``1_000`` are text.
   Dates (``2025-12-31``) are read as dates besides.
2. A key given twice, a key that is no scalar, a tag of an application, and an alias inside its own anchor are errors with a line.
3. ``<<`` merges the mappings it names below the keys beside it, as many files of this format use it.
4. Where PyYAML was built without the C library its own parser does the same, about eight times slower.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import yaml

KeyPath = tuple[str | int, ...]
"""Keys and list positions that lead from the top of a document to a value."""

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


def load(text: str) -> tuple[Any, dict[KeyPath, int]]:
    """Value of the only document in ``text`` (mappings as ``dict``, sequences as ``tuple``) and the line of every value below it.

    An empty text is ``None``. Raises :class:`YamlError`.
    """
    loader = _CoreLoader(text)
    try:
        node = loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = ", ".join(part for part in (error.problem, error.context) if part) or "not valid YAML"
        raise YamlError(mark.line + 1 if mark is not None else 0, " ".join(reason.split())) from None
    except yaml.YAMLError as error:
        raise YamlError(0, " ".join(str(error).split())) from None
    finally:
        loader.dispose()
    lines: dict[KeyPath, int] = {}
    return (None if node is None else _value(node, (), lines, ())), lines


def _value(node: Any, at: KeyPath, lines: dict[KeyPath, int], within: tuple[int, ...]) -> Any:
    """Value of a node; the lines of what stands below it are noted in ``lines``."""
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node)
    if id(node) in within:
        raise YamlError(_line(node), "an alias stands inside its own anchor")
    if node.tag not in (f"{_TAG}map", f"{_TAG}seq"):
        raise YamlError(_line(node), f"the tag {node.tag} is not read here")
    within = (*within, id(node))
    if isinstance(node, yaml.SequenceNode):
        for i, item in enumerate(node.value):
            lines[(*at, i)] = _line(item)
        return tuple(_value(item, (*at, i), lines, within) for i, item in enumerate(node.value))
    return _mapping(node, at, lines, within)


def _mapping(node: Any, at: KeyPath, lines: dict[KeyPath, int], within: tuple[int, ...]) -> dict[Any, Any]:
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
            raise YamlError(_line(key_node), f'duplicate key "{key}" (first in line {lines[(*at, key)]})')
        lines[(*at, key)] = _line(key_node)
        own[key] = _value(value_node, (*at, key), lines, within)
    for other in merged:
        if not isinstance(other, yaml.MappingNode):
            raise YamlError(_line(other), "<< takes keys with values (a mapping) or a list of such")
        below: dict[KeyPath, int] = {}
        for key, value in _value(other, at, below, within).items():
            if key not in own:
                own[key] = value
                lines.update({path: line for path, line in below.items() if path[: len(at) + 1] == (*at, key)})
    return own


def _scalar(node: Any) -> Any:
    """Value of a scalar by its tag, which the text itself has when no tag is written."""
    kind, text = node.tag.removeprefix(_TAG), node.value
    try:
        match kind:
            case "str" | "merge":
                return text
            case "null":
                return None
            case "bool":
                return _BOOL[text.lower()]
            case "int":
                return int(text, _BASES.get(text[:2], 10))
            case "float":
                return float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
            case "timestamp":
                return date.fromisoformat(text)
    except (ValueError, KeyError):
        raise YamlError(_line(node), f"'{text}' is not a value of the kind {kind}") from None
    raise YamlError(_line(node), f"the tag {node.tag} is not read here")


_BASES: Final[Mapping[str, int]] = {"0o": 8, "0x": 16}
_BOOL: Final[Mapping[str, bool]] = {"true": True, "false": False}


def _line(node: Any) -> int:
    return int(node.start_mark.line) + 1
