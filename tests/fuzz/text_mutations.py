"""Damage to a file as bytes and as lines, whatever its format."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random
from typing import Final

from tests.fuzz import hostile

_TOKEN: Final = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?|[A-Za-z_][A-Za-z_-]*")


def flip(rng: Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 3, 20))):
        if changed:
            changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def cut(rng: Random, data: bytes) -> bytes:
    start, end = sorted((rng.randrange(len(data) + 1), rng.randrange(len(data) + 1)))
    return rng.choice((data[:start], data[end:], data[:start] + data[end:], b""))


def insert(rng: Random, data: bytes) -> bytes:
    at = rng.randrange(len(data) + 1)
    what = rng.choice(
        (
            b"\0",
            b"\xff",
            b"\xc3",
            b"\xed\xa0\x80",
            b"\xef\xbb\xbf",
            b"\x1b[2J",
            b"\r",
            b"\n\n",
            b"\t",
            b"\xe2\x80\xae",
            rng.randbytes(rng.randrange(1, 40)),
        )
    )
    return data[:at] + what * rng.choice((1, 1, 100)) + data[at:]


def recode(rng: Random, data: bytes) -> bytes:
    text = data.decode("utf-8", "replace")
    how = rng.randrange(6)
    if how < 3:
        return text.encode(("utf-16", "utf-32", "utf-16-le")[how], "replace")
    return (b"\xef\xbb\xbf" + data, data.replace(b"\n", b"\r\n"), text.encode("latin-1", "replace") + "é".encode("latin-1"))[how - 3]


def repeat(rng: Random, data: bytes) -> bytes:
    start, end = sorted((rng.randrange(len(data) + 1), rng.randrange(len(data) + 1)))
    piece = data[start : min(end, start + 200)]
    return data[:start] + piece * rng.choice((2, 10, 500)) + data[end:]


def lines(rng: Random, data: bytes) -> bytes:
    given = data.split(b"\n")
    at, other = rng.randrange(len(given)), rng.randrange(len(given))
    match rng.randrange(7):
        case 0:
            del given[at]
        case 1:
            given.insert(other, given[at])
        case 2:
            given[at], given[other] = given[other], given[at]
        case 3:
            given[at] = b" " * rng.choice((1, 2, 3, 400)) + given[at]
        case 4:
            given[at] = given[at].strip()
        case 5:
            given[at] += b" " + hostile.text(rng).encode("utf-8", "replace")
        case _:
            given[at:at] = [given[at]] * rng.choice((3, 1000))
    return b"\n".join(given)


def token(rng: Random, data: bytes) -> bytes:
    """A number becomes a number of another kind, a word another word: the file stays well formed more often than not."""
    text = data.decode("utf-8", "replace")
    found = [match.span() for match in _TOKEN.finditer(text)]
    for _ in range(rng.choice((1, 1, 1, 3))):
        if not found:
            break
        start, end = rng.choice(found)
        old = text[start:end]
        if old[0] in "-0123456789":
            new = hostile.number(rng)
        else:
            other = rng.choice(found)
            new = rng.choice((hostile.lookalike(rng, old), text[slice(*other)], old.upper(), old + old[-1:], hostile.text(rng), old[:-1]))
        text = text[:start] + new + text[end:]
        found = [span for span in found if span[1] <= start]
    return text.encode("utf-8", "replace")


ANY: Final[tuple[Callable[[Random, bytes], bytes], ...]] = (flip, cut, insert, recode, repeat, lines, lines, token, token, token, token)


def mutated(rng: Random, data: bytes) -> tuple[bytes, str]:
    """The file after one to three kinds of damage, and which."""
    chosen = [rng.choice(ANY) for _ in range(rng.choice((1, 1, 2, 3)))]
    for damage in chosen:
        data = damage(rng, data)[:3_000_000]
    return data, "+".join(damage.__name__ for damage in chosen)
