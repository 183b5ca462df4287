"""Read YAML files strictly, and check them against a model with messages that name the line.

1. YAML 1.2: ``1e-3`` is a number, ``NO`` and ``on`` are text, a key given twice is an error.
2. A document becomes plain Python: ``dict``, ``tuple`` (for sequences), ``str``, ``int``, ``float``, ``bool``, dates,
   ``None``.
3. Every key keeps its file and line, also after one document was laid over another (``extends``).
4. Models derive from :class:`StrictModel`: unknown keys are errors, text is not taken for numbers, nothing can be
   changed afterwards.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from actuarial.basis.errors import InputError, Problem, nearest, problems_error, raise_problems, shown
from actuarial.basis.plain_files import LARGEST_YAML, read_plain_text
from actuarial.basis.plain_text import short, visible
from actuarial.basis.yaml_nodes import KeyPath as KeyPath
from actuarial.basis.yaml_nodes import YamlError, load


class StrictModel(BaseModel):
    """Base of everything that is read from YAML: strict types, no unknown keys, no change after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


M = TypeVar("M", bound=BaseModel)

_PLAIN_WORDS = {
    "a valid tuple": "a list",
    "a valid string": "text",
    "a valid boolean": "true or false",
    "a valid integer": "a whole number",
    "a valid number": "a number",
}


_FORMS = {
    r"^[A-Z]{3}$": "three capital letters, such as XYZ",
    r"^[A-Z]{3}-[A-Z]{3}$": "two codes of three capital letters with a hyphen between them, such as XYZ-ABC",
    r"^[A-Z]{3}-[a-z0-9]+$": "three capital letters, a hyphen, and small letters or digits, such as XYZ-fund",
    r"^[a-z0-9][a-z0-9-]*$": "small letters, digits and hyphens, and not begin with a hyphen, such as high-flows",
}
"""Forms of text that models ask for, in words."""


@dataclass(frozen=True)
class Origin:
    """Where a value was written."""

    file: Path
    line: int


@dataclass(frozen=True)
class YamlDocument:
    """A document and the place of each of its values."""

    path: Path
    data: dict[Any, Any]
    origins: Mapping[KeyPath, Origin]

    def where(self, key_path: KeyPath) -> Origin:
        """Place of a value; for a value that is missing, the place of what should hold it."""
        while key_path and key_path not in self.origins:
            key_path = key_path[:-1]
        return self.origins[key_path]

    def problem(self, key_path: KeyPath, text: str) -> Problem:
        """Make a problem of the value at ``key_path``."""
        origin = self.where(key_path)
        return Problem(shown(origin.file), origin.line, dotted(key_path), text)

    def error(self, key_path: KeyPath, text: str) -> InputError:
        """Make the error of a single problem of the value at ``key_path``."""
        return problems_error([self.problem(key_path, text)])


_LONGEST_KEY = 80
"""Characters of a key in a message."""


def dotted(key_path: KeyPath) -> str:
    """Key path as messages show it.

    >>> dotted(("take_up", 0, "share"))
    'take_up[0].share'
    """
    text = ""
    for key in key_path:
        word = short(visible(str(key), one_line=True), _LONGEST_KEY)
        text += f"[{key}]" if isinstance(key, int) and key < 1000 else f".{word}" if text else word
    return text


def read_yaml(path: Path) -> YamlDocument:
    """Read one mapping from a YAML 1.2 file.

    Raises :class:`InputError` when the file is absent, no regular file, too large, not UTF-8, not YAML, beyond the limits of
    :mod:`actuarial.basis.yaml_nodes`, gives a key twice, or holds no mapping.
    """
    text = read_plain_text(path, LARGEST_YAML)
    try:
        data, lines = load(text)
    except YamlError as error:
        place = f", line {error.line}" if error.line else ""
        raise InputError(f"{shown(path)}{place}: {error}") from None
    if not isinstance(data, dict):
        raise InputError(f"{shown(path)}: expected keys with values (a mapping), found {_kind(data)}")
    return YamlDocument(path, data, {(): Origin(path, 1)} | {at: Origin(path, line) for at, line in lines.items()})


def lay_over(base: YamlDocument, over: YamlDocument) -> YamlDocument:
    """Lay a document over another: mappings are merged key by key, any other value replaces the one below."""
    merged_at: set[KeyPath] = {()}
    replaced: set[KeyPath] = set()

    def merge(lower: dict[Any, Any], upper: dict[Any, Any], at: KeyPath) -> dict[Any, Any]:
        merged = dict(lower)
        for key, value in upper.items():
            here = (*at, key)
            if isinstance(value, dict) and isinstance(lower.get(key), dict):
                merged[key] = merge(lower[key], value, here)
                merged_at.add(here)
            else:
                replaced.add(here)
                merged[key] = value
        return merged

    def within(path: KeyPath) -> bool:
        return any(path[:n] in replaced for n in range(1, len(path) + 1))

    data = merge(base.data, over.data, ())
    origins = {path: origin for path, origin in base.origins.items() if not within(path)}
    origins |= {path: origin for path, origin in over.origins.items() if path in merged_at or within(path)}
    return YamlDocument(over.path, data, origins)


def validate(document: YamlDocument, model: type[M]) -> M:
    """Build ``model`` from a document. Raises one :class:`InputError` that lists everything wrong with it."""
    instance, problems = check(document, model)
    raise_problems(problems)
    assert instance is not None
    return instance


def check(document: YamlDocument, model: type[M]) -> tuple[M | None, list[Problem]]:
    """Like :func:`validate`, but return the problems, so that a caller can add its own before raising."""
    try:
        return model.model_validate(document.data), []
    except ValidationError as error:
        found = error.errors(include_url=False)
        places = [details["loc"] for details in found]
        told = [d for d in found if d["type"] != "too_short" or not any(len(p) > len(d["loc"]) and p[: len(d["loc"])] == d["loc"] for p in places)]
        return None, [_problem(document, model, details) for details in told]  # a list is not too short because its items are wrong


def _problem(document: YamlDocument, model: type[BaseModel], details: Any) -> Problem:
    walked: KeyPath = tuple(k for k in details["loc"] if k != "[key]")
    at = _as_written(document, tuple(k for k in walked if not _is_tag(k)))
    kind, found = details["type"], details["input"]
    if kind == "extra_forbidden":
        allowed = _keys_allowed(model, walked[:-1])
        near = nearest(str(details["loc"][-1]), allowed)
        hint = f"; did you mean '{near}'?" if near else "."
        return document.problem(at, f"unknown key{hint} Allowed here: {', '.join(allowed)}")
    if kind == "missing":
        return document.problem(at, "this key is missing")
    if kind == "literal_error":
        expected = [e.strip().strip("'") for e in details["ctx"]["expected"].replace(" or ", ", ").split(",")]
        near = nearest(str(found), expected)
        hint = f"; did you mean '{near}'?" if near else "."
        return document.problem(at, f"found {_value(found)}{hint} Allowed: {', '.join(expected)}")
    if kind in {"model_type", "model_attributes_type", "dict_type"}:
        allowed = _keys_allowed(model, walked)
        return document.problem(at, f"found {_kind(found)}; expected keys with values: {', '.join(allowed)}")
    if kind == "string_pattern_mismatch":
        pattern = details["ctx"]["pattern"]
        return document.problem(at, f"found {_value(found)}; it must be {_FORMS.get(pattern, f'of the form {pattern}')}")
    if kind == "string_too_short":
        return document.problem(at, "found an empty text; write something here")
    if kind == "too_short":
        return document.problem(at, f"found {_count(details['ctx']['actual_length'])}; at least {details['ctx']['min_length']} must stand here")
    text = str(details["msg"]).removeprefix("Value error, ").replace("Input should be", "must be")
    for technical, plain in _PLAIN_WORDS.items():
        text = text.replace(technical, plain)
    return document.problem(at, text if kind == "value_error" else f"{text}; found {_value(found)}")


def _count(entries: int) -> str:
    return "1 entry" if entries == 1 else f"{entries or 'no'} entries"


def _is_tag(key: str | int) -> bool:
    """Whether a step of a place is the tag of an alternative (``[none]``), which no file has."""
    return isinstance(key, str) and key.startswith("[")


def _as_written(document: YamlDocument, at: KeyPath) -> KeyPath:
    """The place in the words of the file: a single value written short has no list ``values``."""
    for i in range(len(at) - 1):
        if at[i : i + 2] == ("values", 0) and at[: i + 1] not in document.origins:
            return _as_written(document, (*at[:i], *at[i + 2 :]))
    return at


def _value(found: Any) -> str:
    if isinstance(found, str):
        return f"'{short(visible(found, one_line=True))}' (text)"
    return _kind(found) if found is None or isinstance(found, dict | tuple | list) else short(f"{found}")


def _kind(found: Any) -> str:
    if isinstance(found, dict):
        return "keys with values"
    if isinstance(found, tuple | list):
        return "a list"
    return "nothing" if found is None else f"'{short(visible(str(found), one_line=True))}'"


def _keys_allowed(model: type[BaseModel], at: KeyPath) -> list[str]:
    """Keys that the model allows at a place, found by walking its annotations; empty when any key may stand there."""
    current: Any = model
    for key in at:
        current = _step(current, key)
    inner = _models_in(current)
    return [field.alias or name for name, field in inner[0].model_fields.items()] if inner else []


def _step(annotation: Any, key: str | int) -> Any:
    if _is_tag(key):
        return next((a for a in typing.get_args(annotation) if any(getattr(m, "tag", None) == key for m in typing.get_args(a)[1:])), None)
    for inner in _models_in(annotation):
        if key in inner.model_fields:
            return inner.model_fields[str(key)].annotation
    for part in (annotation, *typing.get_args(annotation)):
        origin, args = typing.get_origin(part), typing.get_args(part)
        if isinstance(origin, type) and issubclass(origin, Mapping) and len(args) == 2:
            return args[1]
        if isinstance(origin, type) and issubclass(origin, tuple | list) and args:
            return args[0]
    return None


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and not typing.get_args(annotation):
        return [annotation] if issubclass(annotation, BaseModel) else []
    if typing.get_origin(annotation) in (typing.Union, types.UnionType, typing.Annotated):
        return [m for part in typing.get_args(annotation) for m in _models_in(part)]
    return []
