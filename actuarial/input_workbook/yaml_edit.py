"""Changes single values of a YAML file and leaves every other byte as it was, comments included.

A value is found by the keys that lead to it and replaced where it stands; a key that a mapping lacks is put into it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import yaml

Path = tuple[str | int, ...]


def edited_yaml(text: str, changes: Mapping[Path, str]) -> str:
    """The document with the values at these paths replaced; the mappings that hold them must exist. New values are given as YAML (:func:`scalar`)."""
    root = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    edits = [_edit(text, root, path, value) for path, value in changes.items()]
    for start, end, new in sorted(edits, key=lambda edit: edit[:2], reverse=True):
        text = text[:start] + new + text[end:]
    return text


def scalar(value: str) -> str:
    """A text as a YAML scalar between double quotes, on one line."""
    return json.dumps(value, ensure_ascii=False)


def _edit(text: str, root: Any, path: Path, value: str) -> tuple[int, int, str]:
    """First and last position to replace, and with what."""
    *above, last = path
    node = root
    for key in above:
        node = node.value[key] if isinstance(node, yaml.SequenceNode) else _child(node, key)
        if node is None:
            raise KeyError(path)
    child = _child(node, last)
    if child is not None:
        end = child.end_mark.index
        while text[end - 1] in " \n":  # a block ends at the next key
            end -= 1
        return child.start_mark.index, end, value
    if node.flow_style:
        end = node.end_mark.index - 1
        return end, end, f"{', ' if node.value else ''}{last}: {value}"
    start = node.start_mark.index
    return start, start, f"{last}: {value}\n{' ' * node.start_mark.column}"


def _child(node: Any, key: str | int) -> Any:
    return next((value for name, value in node.value if name.value == str(key)), None)
