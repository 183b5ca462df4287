"""The folder of a run: it appears whole or not at all (:mod:`actuarial.execution.whole`), and only a finished run or an empty folder is replaced."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from actuarial.basis.errors import InputError, shown
from actuarial.basis.plain_files import is_file, is_folder
from actuarial.execution.whole import whole_folder

MANIFEST: Final = "manifest.json"
OUT: Final = "--out"
_NO_PLACE: Final = {errno.ENOENT, errno.ENOTDIR, errno.EOPNOTSUPP}
"""What systems answer where no file can be made, such as ``/proc``."""


def check_target(target: Path, option: str = OUT) -> None:
    """Refuse a place that a run must not replace; ``option`` is where it was named.

    Raises :class:`InputError` when a part of the path is a file, when no file can be made there (``/proc``), and
    when ``target`` is a file, a link, the root of a disk, the working folder or one above it, or a folder with something
    in it that is not a finished run.
    """
    where = f"{option} {shown(target)}"
    _check_place(target, where)
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


def check_written(folder: Path, option: str) -> None:
    """Refuse a folder that no finished command wrote: it is not there, or has no manifest. Raises :class:`InputError`."""
    if not is_folder(folder):
        raise InputError(f"{option} {shown(folder)}: there is no such folder")
    if not is_file(folder / MANIFEST):
        raise InputError(f"{option} {shown(folder)}: nothing that a finished command wrote (there is no {MANIFEST} in it)")


def _check_place(target: Path, where: str) -> None:
    """Refuse a place below a file, or on a disk that takes no files of ours. Raises :class:`InputError`; leaves nothing behind."""
    try:
        whole = target.absolute()
        stands = next((place for place in whole.parents if os.path.lexists(place)), None)
        if stands is None:
            return  # the root of a disk, refused below
        if not is_folder(stands):
            raise InputError(f"{where}: a part of the path is a file ({shown(stands)}); name another place")
        with tempfile.TemporaryFile(dir=stands):
            pass
    except ValueError:
        raise InputError(f"{where}: not the name of a folder") from None
    except OSError as error:
        if error.errno in _NO_PLACE:
            raise InputError(f"{where}: no folder can be made there; name another place") from None
        # missing rights and a full disk are told by whoever writes


@contextmanager
def run_folder(target: Path, option: str = OUT) -> Iterator[Path]:
    """Give an empty folder to write into; when the block ends without an error it becomes ``target``.

    Raises :class:`InputError` as :func:`check_target` does, before anything is written, and what
    :func:`~actuarial.execution.whole.whole_folder` raises: a second run into the same place at the same time is refused. After an error in the block
    nothing is left and an earlier run is as it was.
    """
    check_target(target, option)  # a place where not even the lock can be made is a wrong option, no failure of the machine
    with whole_folder(target, lambda place: check_target(place, option)) as folder:
        yield folder
