"""Progress: lines in a log, a bar on a terminal."""

from __future__ import annotations

import io

from actuarial.execution.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_lines_now_and_then_with_the_time_left_where_there_is_no_terminal() -> None:
    stream, now = io.StringIO(), [100.0]
    progress = Progress("paths", stream, lambda: now[0], every=10.0)
    progress.begin(10, 2)
    for second, done in ((104.0, 3), (112.0, 4), (113.0, 5), (130.0, 6)):
        now[0] = second
        progress.advance(done)
    progress.close()
    # Two chunks in 12 s leave six for 36 s; four in 30 s leave four for 30 s. What was there at the start took no time now.
    assert stream.getvalue().splitlines() == ["paths: 2 of 10", "paths: 4 of 10, 36 s left", "paths: 6 of 10, 30 s left"]


def test_a_bar_with_the_time_left_on_a_terminal() -> None:
    stream = Terminal()
    progress = Progress("paths", stream)
    progress.begin(4, 0)
    progress.advance(2)
    progress.say("a worker was lost")
    progress.close()
    told = stream.getvalue()
    assert "paths" in told and "2/4" in told and "<" in told and "a worker was lost\n" in told
