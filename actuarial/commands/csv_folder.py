"""The folder of ``--csv``: held before anything is computed, whole or absent at the end."""

from __future__ import annotations

import argparse
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path


def csv_folder(options: argparse.Namespace) -> AbstractContextManager[Path | None]:
    """Folder that the tables are written into; it becomes that of the option when the block ends without an error. ``None`` without the option.

    Whoever writes tables ends with a ``manifest.json``, which lets the next run replace them. Raises as
    :func:`~actuarial.reporting.run_folder.run_folder`.
    """
    if options.csv is None:
        return nullcontext()
    from actuarial.reporting.run_folder import run_folder

    return run_folder(options.csv, "--csv")
