"""Folders for the time of a block, which do not pile up when processes are killed.

Each is made below the system's folder for temporary files, with a lock beside it that lasts as long as its process. Whoever makes one deletes those
of the same user whose process is gone.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from actuarial.execution.lock import Busy, only_one

_PREFIX: Final = "actuarial"
_LOCK: Final = re.compile(rf"{_PREFIX}-[a-z]+-[0-9a-f]{{32}}\.lock")


@contextmanager
def temporary_folder(kind: str) -> Iterator[Path]:
    """A new folder that only this user can read, deleted when the block ends. ``kind``: small letters, part of its name. Raises ``OSError``."""
    base = Path(tempfile.gettempdir())
    _sweep(base)
    folder = base / f"{_PREFIX}-{kind}-{uuid.uuid4().hex}"
    with only_one(folder.with_suffix(".lock"), f"{folder}: in use"):
        folder.mkdir(0o700)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _sweep(base: Path) -> None:
    """Delete the folders whose process is gone: their lock can be had."""
    with suppress(OSError):
        for lock in [path for path in base.iterdir() if _LOCK.fullmatch(path.name)]:
            with suppress(OSError, Busy):
                if hasattr(os, "getuid") and lock.lstat().st_uid != os.getuid():
                    continue
                with only_one(lock, "") as held:
                    if held:
                        shutil.rmtree(lock.with_suffix(""), ignore_errors=True)
