"""Arguments of the command line: every mistake of one command told in one message, with the nearest valid name.

1. A value that an option cannot take becomes :class:`Refused` while the line is read, so that the reading goes on; unknown options are kept as well.
2. :func:`parsed` raises one :class:`~actuarial.basis.errors.InputError` with all of them, and with the names (scenario, instrument, country,
   language) that do not exist. ``--help`` ends with 0, as always.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn

from actuarial.basis.errors import Gathered, InputError, nearest, shown, unknown_name
from actuarial.basis.plain_text import short, visible

LARGEST: Final = 2**31 - 1
"""Largest whole number of an option, unless it says another: seeds and counts are 32 bits wide in kernels."""
MOST_PROCESSES: Final = 1024


class Parser(argparse.ArgumentParser):
    """A parser that raises :class:`InputError` for what it cannot read, without printing how the verb is used."""

    def error(self, message: str) -> NoReturn:
        """Raise the message of the library, and where help is."""
        raise InputError(f"{message}; `{self.prog} --help` lists what there is")


@dataclass(frozen=True)
class Refused:
    """In place of the value of an option: what was found and what is allowed."""

    text: str


def whole(least: int = 1, most: int = LARGEST) -> Callable[[str], int | Refused]:
    """Type of an option that takes a whole number, also written ``1e6``.

    >>> whole(1)("1e6"), whole(1)("0")
    (1000000, Refused(text='0: allowed 1 to 2147483647'))
    """

    def read(text: str) -> int | Refused:
        value = _number(text)
        if math.isnan(value) or not value.is_integer():
            return Refused(f"{_quoted(text)}: expected a whole number, allowed {least} to {most}")
        return int(value) if least <= value <= most else Refused(f"{_quoted(text)}: allowed {least} to {most}")

    return read


def number(least: float, most: float) -> Callable[[str], float | Refused]:
    """Type of an option that takes a number."""

    def read(text: str) -> float | Refused:
        value = _number(text)
        if math.isnan(value):
            return Refused(f"{_quoted(text)}: expected a number, allowed {least:g} to {most:g}")
        return value if least <= value <= most else Refused(f"{_quoted(text)}: allowed {least:g} to {most:g}")

    return read


def one_of(allowed: Sequence[str]) -> Callable[[str], str | Refused]:
    """Type of an option that takes one of some words; unlike ``choices`` of the library it lets the rest of the line be read.

    >>> one_of(["with", "without"])("withuot")
    Refused(text="withuot: did you mean 'without'? Allowed: with, without")
    """

    def read(text: str) -> str | Refused:
        if text in allowed:
            return text
        near = nearest(text, allowed)
        hint = f"did you mean '{near}'? Allowed:" if near else "allowed"
        return Refused(f"{_quoted(text)}: {hint} {', '.join(allowed)}")

    return read


def folder(text: str) -> Path | Refused:
    """Type of an option that names a folder to write tables into: one that is there, or one that can be made."""
    path = Path(text)
    try:
        stands = next(place for place in (path, *path.absolute().parents) if place.exists())
    except (OSError, ValueError):
        return Refused(f"{_quoted(text)}: not the name of a folder")
    if not stands.is_dir():
        return Refused(f"{shown(path)}: {'there is a file of that name' if stands == path else f'{shown(stands)} is a file'}; name a folder")
    return path


def parsed(parser: argparse.ArgumentParser, given: Sequence[str], names: Callable[[argparse.Namespace], None]) -> argparse.Namespace:
    """What a command line says. Raises one :class:`InputError` that lists everything wrong with it.

    ``names`` raises one for names that do not exist; it is asked only where something else is wrong, for a verb looks them up itself.
    """
    verbs = _verbs(parser)
    if given and not given[0].startswith("-") and given[0] not in verbs:
        raise InputError(unknown_name("verb", given[0], sorted(verbs)))
    if not given:
        raise InputError(f"a verb is missing. Allowed: {', '.join(sorted(verbs))}")
    options, extras = parser.parse_known_args(list(given))
    gathered = Gathered()
    verb = next((verbs[word] for word in given if word in verbs), parser)  # an option may stand before it
    for text in [*_refused(options), *_unknown(verb, extras)]:
        gathered.refuse(text)
    if not gathered.clean:
        gathered.read(names, options)
    gathered.check()
    return options


def _refused(options: argparse.Namespace) -> Iterator[str]:
    for name, value in vars(options).items():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, Refused):
                yield f"--{name.replace('_', '-')} {one.text}"


def _unknown(verb: argparse.ArgumentParser, extras: Sequence[str]) -> Iterator[str]:
    """Options that a verb does not have, and arguments that belong to none."""
    allowed = [option for action in verb._actions for option in action.option_strings if option.startswith("--")]
    before = False
    for extra in extras:
        if extra.startswith("-"):
            name = extra.partition("=")[0]
            near = nearest(name, allowed)
            hint = f"; did you mean {near}?" if near else "."
            yield f"unknown option {_quoted(name)}{hint} Allowed: {', '.join(allowed)}"
        elif not before:
            yield f"unexpected argument '{_quoted(extra)}'"
        before = extra.startswith("-") and "=" not in extra


def _verbs(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    return next(dict(action.choices) for action in parser._actions if isinstance(action, argparse._SubParsersAction))


def _number(text: str) -> float:
    """A finite number in plain digits, else NaN."""
    try:
        value = float(text) if text.isascii() and "_" not in text else math.nan
    except ValueError:
        return math.nan
    return value if math.isfinite(value) else math.nan


def _quoted(text: str) -> str:
    return short(visible(text, one_line=True))
