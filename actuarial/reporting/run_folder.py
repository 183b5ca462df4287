"""The folder of a run: it appears whole or not at all (:mod:`actuarial.execution.whole`), and only a finished run or an empty folder is replaced."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from actuarial.basis.errors import InputError, shown
from actuarial.execution.whole import whole_folder

MANIFEST: Final = "manifest.json"
OUT: Final = "--out"


def check_target(target: Path, option: str = OUT) -> None:
    """Refuse a place that a run must not replace; ``option`` is where it was named.

    Raises :class:`InputError` when ``target`` is a file, a link, the root of a disk, the working folder or one above it, or a folder with something
    in it that is not a finished run.
    """
    where = f"{option} {shown(target)}"
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise InputError(f"{where}: not a folder")
    if not target.is_dir():
        return
    if os.path.ismount(target):
        raise InputError(f"{where}: is the root of a disk, which cannot be replaced as a whole; name a folder in it")
    if Path.cwd().resolve().is_relative_to(target.resolve()):
        raise InputError(f"{where}: is the folder you are in, or one above it; name another one")
    if any(target.iterdir()) and not (target / MANIFEST).is_file():
        raise InputError(f"{where}: the folder holds files but no finished run ({MANIFEST}); name a new folder, an empty one or an earlier run")


@contextmanager
def run_folder(target: Path, option: str = OUT) -> Iterator[Path]:
    """Give an empty folder to write into; when the block ends without an error it becomes ``target``.

    Raises :class:`InputError` as :func:`check_target` does, before anything is written, and what
    :func:`~actuarial.execution.whole.whole_folder` raises: a second run into the same place at the same time is refused. After an error in the block
    nothing is left and an earlier run is as it was.
    """
    with whole_folder(target, lambda place: check_target(place, option)) as folder:
        yield folder
