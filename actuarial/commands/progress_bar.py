"""Progress of a long verb: a bar on a terminal, one line per step elsewhere (logs)."""

from __future__ import annotations

import sys


class ProgressBar:
    """Shows steps and the share that is done on standard error while its block runs."""

    def __enter__(self) -> ProgressBar:
        from tqdm import tqdm

        self._step = ""
        self._bar = tqdm(total=100, disable=None, file=sys.stderr, bar_format="{l_bar}{bar}| {elapsed}", leave=False)
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.close()

    def update(self, step: str, share: float) -> None:
        """Show ``step`` and move to ``share`` (0..1)."""
        if not self._bar.disable:
            self._bar.set_description(step[:40].ljust(40), refresh=False)
            self._bar.n = round(100 * share, 1)
            self._bar.refresh()
        elif step != self._step:
            sys.stderr.write(f"{share:4.0%} {step}\n")
            sys.stderr.flush()
        self._step = step
