"""One mutant in one forked process: the tests that reach its line, the fastest first, until one fails.

1. The parent holds everything imported and collected; a child changes one function's code and runs tests on it. A mutant thus costs little
   more than the test that notices it. Needs ``fork``.
2. A child's verdict is its exit code: killed, survived, stopped (a test took many times its usual time: the mutant hangs, which counts as
   killed) or spent (tests for more than the budget of processor seconds passed: counts as survived).
3. What is computed when a module is imported was computed before the change; such a mutant survives although a fresh process would notice.
"""

from __future__ import annotations
import __future__

import contextlib
import math
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from types import FunctionType
from typing import Any, Final

import pytest
from _pytest.runner import runtestprotocol

from tests.mutation.mutants import Mutant

KILLED: Final = "killed"
SURVIVED: Final = "survived"
HUNG: Final = "timeout"
SPENT: Final = "budget spent"
UNREACHED: Final = "no test reaches it"
_CODES: Final = {1: KILLED, 0: SURVIVED, 3: HUNG, 4: SPENT}


def change(mutant: Mutant) -> None:
    """Put the mutant in the place of the original, for all who hold it."""
    module = sys.modules[mutant.module]
    found: Any = module
    for part in mutant.function.split("."):
        found = vars(found)[part]
    if isinstance(found, property):
        found = found.fget
    original = getattr(found, "__func__", getattr(found, "py_func", found))
    space = dict(vars(module))
    exec(compile(mutant.source, str(module.__file__), "exec", flags=__future__.annotations.compiler_flag, dont_inherit=True), space)
    new = space[mutant.function.rpartition(".")[2]]
    new = getattr(new, "__func__", new)
    assert isinstance(original, FunctionType) and isinstance(new, FunctionType)
    original.__code__ = new.__code__
    original.__defaults__ = new.__defaults__
    original.__kwdefaults__ = new.__kwdefaults__


def verdicts(
    work: Sequence[tuple[Mutant, list[tuple[pytest.Item, float]]]], budget: float, jobs: int, tell: Callable[[int], None], minutes: float = math.inf
) -> Iterator[tuple[Mutant, str, str]]:
    """Verdict of each mutant and the test that spoke last, in the order they end; none begins its life after ``minutes``."""
    last_call = time.monotonic() + 60.0 * minutes
    running: dict[int, tuple[Mutant, int]] = {}
    queue = list(reversed(work))
    done = 0
    while queue or running:
        if time.monotonic() > last_call:
            queue.clear()
        while queue and len(running) < jobs:
            mutant, tests = queue.pop()
            if not tests:
                done += 1
                yield mutant, UNREACHED, ""
                continue
            read, write = os.pipe()
            child = os.fork()
            if child == 0:
                os.close(read)
                os._exit(_live(mutant, tests, budget, write))
            os.close(write)
            running[child] = mutant, read
        if not running:
            continue
        child, status = os.wait()
        mutant, read = running.pop(child)
        with os.fdopen(read, "rb") as pipe:
            last = pipe.read().decode().rpartition("\n")[2]
        done += 1
        tell(done)
        yield mutant, _CODES.get(os.waitstatus_to_exitcode(status), KILLED), last


def _live(mutant: Mutant, tests: list[tuple[pytest.Item, float]], budget: float, pipe: int) -> int:
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    signal.signal(signal.SIGPROF, lambda *_: os._exit(3))
    begun = time.process_time()
    try:
        change(mutant)
        for number, (item, usual) in enumerate(tests):
            if time.process_time() - begun > budget:
                return 4
            os.write(pipe, f"\n{item.nodeid}".encode())
            signal.setitimer(signal.ITIMER_PROF, 3.0 + 10.0 * usual)
            following = tests[number + 1][0] if number + 1 < len(tests) else None
            if any(report.failed for report in runtestprotocol(item, log=False, nextitem=following)):
                return 1
            signal.setitimer(signal.ITIMER_PROF, 0.0)
        return 0
    except BaseException:  # whatever it is, the original does not raise it
        with contextlib.suppress(OSError):
            os.write(pipe, b"\nan error outside tests")
        return 1
