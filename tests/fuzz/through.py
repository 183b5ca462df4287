"""Runs a command in this process up to where it would begin to compute, and looks at what it says."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import Any
from unittest.mock import patch

from actuarial.basis.errors import InputError
from actuarial.basis.plain_text import visible


class Reached(BaseException):  # noqa: N818  # no error: the sign that every check was passed
    """The command has checked everything and begins to compute."""


class WrongEnd(Exception):
    """A command ended, or said something, as none may."""


HEAVY = (
    "actuarial.feasibility.engine.prepare_region",
    "actuarial.feasibility.study.run_study",
    "actuarial.feasibility.sensitivity.run_sensitivities",
    "actuarial.reporting.study_cache.fetch",
    "actuarial.commands.execution_options.open_executor",
    "actuarial.cli._run",
)
"""Where computing, other programs and other machines begin."""


def _machine_failed(error: BaseException) -> int:
    """A file or a word that was given, not the machine, is what fails here."""
    raise WrongEnd(f"{type(error).__name__}: {error}") from error


def _reached(*_arguments: Any, **_named: Any) -> None:
    raise Reached


@contextmanager
def nothing_computed() -> Iterator[None]:
    """While the block runs, whatever would compute raises :class:`Reached` instead."""
    from contextlib import ExitStack

    import actuarial.cli  # noqa: F401  # so that its names can be replaced

    with ExitStack() as stack:
        for name in HEAVY:
            stack.enter_context(patch(name, _reached))
        stack.enter_context(patch("actuarial.cli._machine_failed", _machine_failed))
        yield


def through_command(words: Sequence[str]) -> bool:
    """Whether a command accepts what it was given. Raises :class:`InputError` with its message when it ends with 2."""
    from actuarial import cli

    out, told = io.StringIO(), io.StringIO()
    try:
        with nothing_computed(), redirect_stdout(out), redirect_stderr(told):
            code: object = cli.main(list(words))
    except Reached:
        return True
    except SystemExit as end:  # the options themselves were wrong
        code = end.code
    said = out.getvalue() + told.getvalue()
    said = re.sub(r"\r(?=.*(?:it/s|%|█))", "", said)  # progress writes over itself
    if visible(said) != said:
        raise WrongEnd(f"a control character reached the terminal: {visible(said)[:2000]}")
    if "Traceback" in said:
        raise WrongEnd(said[-2000:])
    if code == 2:
        if not told.getvalue().strip():
            raise WrongEnd("ended with 2 and said nothing")
        raise InputError(told.getvalue())
    if code not in (0, 1):
        raise WrongEnd(f"ended with {code}")
    return True
