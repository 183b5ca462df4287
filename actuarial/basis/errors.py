"""The one error for wrong input, and the words it is told with.

1. Whoever reads a file checks it completely and raises one :class:`InputError` that lists every problem found.
2. A problem names file, line or field, what was found and what is allowed, and the nearest valid name where a name was
   misspelt.
3. Inputs that are right and a computation that is not end in :class:`NumericalFailure` (:mod:`actuarial.basis.guard`).
4. The command line prints the message and ends with the error's ``exit_code``; nothing has been written by then.
5. What reads several files keeps the errors of each (:class:`Gathered`) and raises them together: nobody repairs one file to hear of the next.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final, ParamSpec, TypeVar, cast

from actuarial.basis.plain_text import message, short, visible

P = ParamSpec("P")
T = TypeVar("T")

AFTER_ALL: Final = 10**9
"""Line of a remark that stands below all problems of a file ("and 12 more")."""


class InputError(Exception):
    """Something a person wrote (file, option, cell) cannot be used; the message says how to put it right.

    The message may quote what was found: it is kept safe for a terminal, and of a readable length (:mod:`actuarial.basis.plain_text`).
    ``problems`` are what it lists, where it was made of single problems (:func:`problems_error`); else empty.
    """

    exit_code: ClassVar[int] = 2

    def __init__(self, text: str = "", problems: Sequence[Problem] = ()) -> None:
        super().__init__(message(text))
        self.problems = tuple(problems)

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows: the message, without the lines of the program that found the mistake."""
        return [f"Wrong input: {self}"]


class NumericalFailure(ArithmeticError):
    """A stage of the computation gave a number that cannot be right; nothing is handed on and nothing is written."""

    exit_code: ClassVar[int] = 1


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong in one file."""

    file: str
    line: int
    """Line, counted from 1; 0 when the problem belongs to the whole file."""
    field: str
    """Dotted name of the field, column or cell; empty when the whole file is meant."""
    text: str

    def __str__(self) -> str:
        """Place and text, without the file."""
        place = [f"line {self.line}"] if 0 < self.line < AFTER_ALL else []
        place += [self.field] if self.field else []
        return f"{', '.join(place)}: {self.text}" if place else self.text


_LONGEST_NAME = 200
"""Longer than any name; comparing takes time that grows with the square of the length."""


def nearest(name: str, allowed: Iterable[str]) -> str | None:
    """Return the allowed name most like ``name``, or ``None`` when none shares about six in ten of its letters in order.

    >>> nearest("outflow_multipler", ["outflow_multiplier", "return_multiplier"])
    'outflow_multiplier'
    """
    if len(name) > _LONGEST_NAME:
        return None
    candidates = sorted(allowed)
    folded = {c.casefold(): c for c in reversed(candidates)}
    hits = difflib.get_close_matches(name.casefold(), folded, n=1, cutoff=0.6)
    return folded[hits[0]] if hits else None


def unknown_name(what: str, name: str, allowed: Sequence[str]) -> str:
    """Sentence for a name that is not among the allowed ones.

    >>> unknown_name("country", "ACB", ["ABC", "XYZ"])
    "unknown country 'ACB'; did you mean 'ABC'? Allowed: ABC, XYZ"
    """
    near = nearest(name, allowed)
    hint = f"; did you mean '{near}'?" if near else "."
    return f"unknown {what} '{short(visible(name, one_line=True))}'{hint} Allowed: {', '.join(allowed) if allowed else 'none'}"


def shown(path: Path) -> str:
    """Path as messages show it: relative to the working directory when it lies below it, with forward slashes, on one line."""
    try:
        text = path.resolve().relative_to(Path.cwd().resolve()).as_posix()
    except (ValueError, OSError, RuntimeError):  # elsewhere; no name of a file; a circle of links
        text = path.as_posix()
    return short(visible(text, one_line=True), 1_000)


def raise_problems(problems: Iterable[Problem]) -> None:
    """Raise one :class:`InputError` that lists all problems by file and line; return when there are none."""
    found = list(problems)
    if found:
        raise problems_error(found)


def problems_error(problems: Iterable[Problem]) -> InputError:
    """The error that lists all problems by file and line."""
    ordered = sorted(set(problems))
    blocks = []
    for file in dict.fromkeys(p.file for p in ordered):
        own = [str(p) for p in ordered if p.file == file]
        if len(own) == 1:
            placed = own[0] != next(p.text for p in ordered if p.file == file)
            blocks.append(own[0] if own[0].startswith(file) else f"{file}, {own[0]}" if placed else f"{file}: {own[0]}")
        else:
            blocks.append("\n".join([f"{file}: {len(own)} problems", *(f"  {text}" for text in own)]))
    return InputError("\n".join(blocks), ordered)


class Gathered:
    """What is wrong with several inputs, raised as one error by :meth:`check`.

    >>> gathered = Gathered()
    >>> gathered.add([Problem("a.csv", 2, "year", "found '20O5'; expected a number")])
    >>> def read() -> int:
    ...     raise InputError("b.csv: this table is missing")
    >>> number = gathered.read(read)
    >>> gathered.check()
    Traceback (most recent call last):
    ...
    actuarial.basis.errors.InputError: a.csv, line 2, year: found '20O5'; expected a number
    b.csv: this table is missing
    """

    def __init__(self) -> None:
        self._errors: list[InputError] = []

    def read(self, reader: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What ``reader`` returns. Where it raises :class:`InputError` the error is kept and the value must not be used before :meth:`check`."""
        try:
            return reader(*args, **kwargs)
        except InputError as error:
            self._errors.append(error)
            return cast(T, None)

    def add(self, problems: Iterable[Problem]) -> None:
        """Keep problems found elsewhere."""
        found = list(problems)
        if found:
            self._errors.append(problems_error(found))

    def refuse(self, text: str) -> None:
        """Keep something wrong that belongs to no place in a file."""
        self._errors.append(InputError(text))

    @property
    def clean(self) -> bool:
        """Whether nothing wrong was found so far, so that everything read may be used."""
        return not self._errors

    def check(self) -> None:
        """Raise one :class:`InputError` with everything kept; return when there is nothing."""
        if not self._errors:
            return
        problems = [problem for error in self._errors for problem in error.problems]
        texts = [str(error) for error in self._errors if not error.problems]
        listed = [str(problems_error(problems))] if problems else []
        raise InputError("\n".join(dict.fromkeys([*listed, *texts])), problems)
