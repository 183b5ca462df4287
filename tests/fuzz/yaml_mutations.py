"""YAML files changed as trees, so that they stay well formed and reach the checks behind the parser; and bombs."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any, Final

import yaml

from actuarial.basis.yaml_nodes import load
from tests.fuzz import hostile, text_mutations

Path = tuple[Any, ...]


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, tuple) else value


def _places(tree: Any, at: Path = ()) -> list[Path]:
    inner = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return [(*at, key) for key, _ in inner] + [place for key, value in inner for place in _places(value, (*at, key))]


def _holder(tree: Any, place: Path) -> Any:
    for key in place[:-1]:
        tree = tree[key]
    return tree


def _near(rng: Random, old: Any) -> Any:
    """A value of the same kind that may not fit."""
    if isinstance(old, bool):
        return not old
    if isinstance(old, int):
        return rng.choice((old + 1, old - 1, -old, old * 100, 0, old + 1000, old * 10**20))
    if isinstance(old, float):
        return rng.choice((-old, old * 100, old / 100, old * 1e300, 0.0, 1.0, float("nan"), old + 1))
    if isinstance(old, str):
        return rng.choice((hostile.lookalike(rng, old), old.upper(), old + " ", hostile.text(rng), old[::-1], ""))
    if isinstance(old, list):
        return rng.choice((old[::-1], old + old, [], old[:1], old * 300))
    if isinstance(old, dict):
        return rng.choice(({}, list(old.values()), {hostile.lookalike(rng, str(key)): value for key, value in old.items()}))
    return hostile.value(rng)


def tree(rng: Random, data: bytes) -> bytes:
    """One to three places of the document changed."""
    root = _plain(load(data.decode())[0])
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        place = rng.choice(_places(root) or [()])
        if not place:
            break
        holder, key = _holder(root, place), place[-1]
        match rng.randrange(9):
            case 0:
                del holder[key]
            case 1 | 2 | 3:
                holder[key] = _near(rng, holder[key])
            case 4 | 5:
                holder[key] = hostile.value(rng)
            case 6 if isinstance(holder, dict):
                holder[rng.choice((hostile.lookalike(rng, str(key)), hostile.text(rng), 2030, True, "value", "extends"))] = holder.pop(key)
            case 7:
                other = rng.choice(_places(root))
                holder[key] = _plain_copy(_holder(root, other)[other[-1]])
            case _:
                deep: Any = holder[key]
                for _level in range(rng.choice((1, 3, 30, 90))):
                    deep = {key: deep} if rng.random() < 0.5 else [deep]
                holder[key] = deep
    written: str = yaml.dump(
        root,
        Dumper=getattr(yaml, "CSafeDumper", yaml.SafeDumper),
        allow_unicode=True,
        sort_keys=False,
        width=rng.choice((80, 10_000)),
        default_flow_style=rng.choice((None, False, True)),
    )
    return written.encode("utf-8", "replace")


def _plain_copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain_copy(inner) for key, inner in value.items()}
    return [_plain_copy(inner) for inner in value] if isinstance(value, list) else value


def laughs(levels: int = 9, width: int = 9, merge: bool = False) -> str:
    """Billion laughs: every level names the one below ``width`` times; as values, or merged into mappings."""
    if merge:
        first = "a0: &a0 {k0: 1, k1: 2}\n"
        return first + "".join(f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * width)}], x{n}: 1}}\n" for n in range(1, levels + 1))
    return "a0: &a0 [lol, lol]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * width)}]\n" for n in range(1, levels + 1))


BOMBS: Final[dict[str, Callable[[], str]]] = {
    "billion laughs": laughs,
    "billion merges": lambda: laughs(merge=True),
    "an alias in its own anchor": lambda: "a: &a [*a]\nb: &b {c: *b}\n",
    "merged into itself": lambda: "a: &a\n  <<: *a\n  b: 1\n",
    "brackets": lambda: "a: " + "[" * 20_000,
    "braces": lambda: "a: " + "{a: " * 20_000,
    "closed brackets": lambda: "a: " + "[" * 500 + "]" * 500,
    "steps": lambda: "\n".join(" " * n + "a:" for n in range(1_000)),
    "dashes": lambda: "a:\n  " + "- " * 5_000 + "x",
    "question marks": lambda: "? " * 3_000 + "x",
    "many keys": lambda: "".join(f"k{n}: 1\n" for n in range(6_000)),
    "colliding keys": lambda: "".join(f"{n * (2**61 - 1)}: 1\n" for n in range(1, 3_000)),
    "many values": lambda: "a: [" + "1," * 30_000 + "1]\n",
    "many anchors": lambda: "".join(f"k{n}: &a{n} 1\n" for n in range(3_000)),
    "merges": lambda: (
        "".join(f"b{n}: &b{n} {{k{n}: {n}}}\n" for n in range(1_500)) + "c: {<<: [" + ", ".join(f"*b{n}" for n in range(1_500)) + "]}\n"
    ),
    "one long text": lambda: "title: " + "x" * 990_000,
    "one long key": lambda: "x" * 900_000 + ": 1",
    "one long quoted key": lambda: '"' + "x" * 900 + '": 1',
    "many quotes": lambda: "title: '" + "''" * 400_000 + "'",
    "many comments": lambda: "# x\n" * 24_000,
    "many documents": lambda: "---\na: 1\n" * 5_000,
    "digits": lambda: "entry_into_force: " + "9" * 100_000,
    "hexadecimal digits": lambda: "entry_into_force: 0x" + "f" * 100_000,
    "a huge exponent": lambda: "entry_into_force: 1e999999999",
    "a class": lambda: "title: !!python/object/apply:os.system ['touch hacked']\n",
    "a name": lambda: "title: !!python/name:os.system\n",
    "a set and a binary": lambda: "a: !!set {x, y}\nb: !!binary aGVsbG8=\nc: !!omap [a: 1]\n",
    "an escaped zero byte": lambda: 'title: "a\\0b\\e[31m\\u202e"\n',
    "a surrogate": lambda: 'title: "\\ud800"\n',
    "beyond Unicode": lambda: 'title: "\\U00110000"\n',
    "too large": lambda: "a: 1\n" * 250_000,
    "directives": lambda: "%YAML 9.9\n%TAG ! tag:x,2000:\n---\na: !b 1\n",
    "a date that is none": lambda: "a: 0000-00-00\n",
}


def mutated(rng: Random, data: bytes) -> tuple[bytes, str]:
    """The document changed as a tree, as text, or with a bomb in it."""
    kind = rng.random()
    if kind < 0.55:
        return tree(rng, data), "tree"
    if kind < 0.62:
        name = rng.choice(sorted(BOMBS))
        bomb = BOMBS[name]().encode("utf-8", "surrogatepass")
        return rng.choice((bomb, bomb, data + b"\n" + bomb, bomb + b"\n" + data)), f"bomb: {name}"
    return text_mutations.mutated(rng, data)
