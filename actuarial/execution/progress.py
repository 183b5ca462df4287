"""How far a long run is and how long it will take yet.

On a terminal a bar with the time left, elsewhere (logs, batch jobs) a line now and then. Everything goes to standard error.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, TextIO

if TYPE_CHECKING:
    from tqdm import tqdm

SECONDS_BETWEEN_LINES: Final = 10.0


class Silent:
    """Progress nobody looks at; what must be said is said all the same by :meth:`say`."""

    def begin(self, total: int, done: int) -> None:
        """``done`` of ``total`` chunks are there already."""

    def advance(self, done: int) -> None:
        """``done`` chunks are finished now (also called from time to time while none is)."""

    def say(self, line: str) -> None:
        """Tell something that matters: lost workers, how to go on."""
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()

    def close(self) -> None:
        """No more chunks."""


class Progress(Silent):
    """Progress of chunks as a bar or as lines."""

    def __init__(
        self,
        label: str,
        stream: TextIO | None = None,
        clock: Callable[[], float] = time.monotonic,
        every: float = SECONDS_BETWEEN_LINES,
    ) -> None:
        """``label`` names the work, ``stream`` is standard error unless given, ``every`` the seconds between lines where there is no terminal."""
        self._label, self._stream, self._clock, self._every = label, stream or sys.stderr, clock, every
        self._bar: tqdm[Any] | None = None
        self._total = self._first = 0
        self._start = self._told = 0.0

    def begin(self, total: int, done: int) -> None:
        """Show the bar or the first line."""
        self._total, self._first = total, done
        self._start = self._told = self._clock()
        if self._stream.isatty():
            from tqdm import tqdm

            shape = "{l_bar}{bar}| {n_fmt}/{total_fmt} {elapsed}<{remaining}"
            self._bar = tqdm(total=total, initial=done, desc=self._label, file=self._stream, bar_format=shape, leave=False, smoothing=0)
        else:
            self._line(done)

    def advance(self, done: int) -> None:
        """Move the bar, or write a line when the last one is some seconds old."""
        if self._bar is not None:
            self._bar.n = done
            self._bar.refresh()
        elif self._clock() - self._told >= self._every:
            self._line(done)

    def say(self, line: str) -> None:
        """A line above the bar."""
        if self._bar is not None:
            self._bar.clear()
        self._stream.write(f"{line}\n")
        self._stream.flush()

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def _line(self, done: int) -> None:
        self._told = self._clock()
        new = done - self._first
        left = f", {spoken((self._told - self._start) / new * (self._total - done))} left" if new > 0 and done < self._total else ""
        self.say(f"{self._label}: {done} of {self._total}{left}")


def spoken(seconds: float) -> str:
    """Time in words, two units at most.

    >>> spoken(42.4), spoken(200), spoken(7500)
    ('42 s', '3 min 20 s', '2 h 5 min')
    """
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
