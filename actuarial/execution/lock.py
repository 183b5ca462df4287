"""A place that one process holds at a time.

1. The lock is the operating system's, on a small hidden file: it is free again as soon as the process that holds it ends, however it ends. A file
   left by a killed process blocks nobody; whoever holds the place next removes it.
2. Nobody waits: who comes second is told so at once (:class:`Busy`).
3. Some network disks have no locks. There the place is not held and the caller is told ``False``.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from actuarial.execution.errors import ExecutionError

_NO_LOCKS: Final = {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP}
_TAKEN: Final = {errno.EACCES, errno.EAGAIN, errno.EDEADLK}


class Busy(ExecutionError):
    """Another process holds the place."""


@contextmanager
def only_one(path: Path, busy: str) -> Iterator[bool]:
    """Hold the lock file ``path`` while the block runs; its folder must exist. Gives whether locks exist on that disk.

    Raises :class:`Busy` with the message ``busy`` when another process (or another block of this one) holds it, ``OSError`` when the file cannot be
    made.
    """
    handle, held = _taken(path, busy)
    try:
        yield held
    finally:
        if sys.platform == "win32":  # an open file cannot be deleted there, nor can one that somebody opened since
            os.close(handle)
            with suppress(OSError):
                path.unlink()
        else:  # deleted while it is held: who opened it meanwhile notices that it is gone
            with suppress(OSError):
                path.unlink()
            os.close(handle)


def _taken(path: Path, busy: str) -> tuple[int, bool]:
    """Open and lock the file; again when its last holder deleted it in between."""
    while True:
        handle = os.open(path, os.O_CREAT | (os.O_RDWR if sys.platform == "win32" else os.O_RDONLY), 0o666)
        try:
            held = _lock(handle, busy)
            if not held or _is(handle, path):
                return handle, held
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)


def _lock(handle: int, busy: str) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _TAKEN:
            raise Busy(busy) from None
        if error.errno in _NO_LOCKS:
            return False
        raise
    return True


def _is(handle: int, path: Path) -> bool:
    """Whether ``path`` is still the file that was opened."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False
