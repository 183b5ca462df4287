"""Progress for people at a notebook or a terminal: a bar that comes only when there is something to wait for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

Progress = Callable[[str, float], None]
"""Told what is being done and the share of it that is done, 0 to 1."""
DELAY = 1.5
"""Seconds before a bar appears."""


@contextmanager
def shown(progress: Progress | bool) -> Iterator[Progress]:
    """``True``: a bar; ``False``: nothing; a function is told."""
    if callable(progress):
        yield progress
        return
    if not progress:
        yield lambda _what, _share: None
        return
    from tqdm.auto import tqdm

    bar: Any = tqdm(total=100, leave=False, delay=DELAY, bar_format="{desc} {bar} {n:.0f} %")

    def tell(what: str, share: float) -> None:
        bar.set_description_str(what, refresh=False)
        bar.update(max(0.0, round(100 * share, 1) - bar.n))

    try:
        yield tell
    finally:
        bar.close()
