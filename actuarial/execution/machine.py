"""What a failing machine means to a person: one sentence about what happened, one about what to do."""

from __future__ import annotations

import errno
import os
import sys
import tempfile
from contextlib import suppress
from typing import Final

_SPACE: Final = "free some space there or name a place on another disk"
_MEANT: Final[dict[int, tuple[str, str]]] = {
    errno.ENOSPC: ("the disk is full", _SPACE),
    errno.EDQUOT: ("your share of the disk is used up", _SPACE),
    errno.EFBIG: ("the file is larger than the system allows", "raise the limit (ulimit -f) or name a place on another disk"),
    errno.EROFS: ("the disk can only be read", "name a place on another disk"),
    errno.EACCES: ("no permission", "name a place that you may write to; close programs that hold files there open"),
    errno.EPERM: ("no permission", "name a place that you may write to"),
    errno.ENAMETOOLONG: ("the path is too long", "name a shorter place"),
    errno.EMFILE: ("too many files are open", "raise the limit (ulimit -n) or compute with fewer processes"),
    errno.ENFILE: ("too many files are open on this machine", "close other programs"),
    errno.EIO: ("the disk reports an error", "check the disk or name a place on another one"),
    errno.ENOENT: ("is not there", "it may have been deleted, or its disk taken away, while the command ran"),
    errno.ENOTDIR: ("a part of the path is a file", "name another place"),
    errno.EISDIR: ("is a folder, not a file", "name another place"),
    errno.ENOTCONN: ("the network disk does not answer", "connect it anew or name a place on another disk"),
    errno.ETIMEDOUT: ("the network disk does not answer", "connect it anew or name a place on another disk"),
}
_WINDOWS: Final[dict[int, tuple[str, str]]] = {
    32: ("another program has it open", "close that program"),
    33: ("another program has it locked", "close that program"),
    206: _MEANT[errno.ENAMETOOLONG],
}
_MEMORY: Final = "the memory is used up: close other programs, or compute with fewer processes (--workers, --jobs)"


def explained(error: OSError | MemoryError) -> str:
    """What happened to which file, what to do, and that nothing is half written.

    >>> explained(OSError(errno.ENOSPC, "No space left on device", "reports/base/report.pdf")).splitlines()[0]
    'reports/base/report.pdf: the disk is full; free some space there or name a place on another disk, and start again.'
    """
    if isinstance(error, MemoryError) or error.errno == errno.ENOMEM:
        return f"{_MEMORY}, and start again.\n{_INTACT}"
    meant = _WINDOWS.get(getattr(error, "winerror", None) or 0) or _MEANT.get(error.errno or 0)
    files = [os.fsdecode(name) for name in (error.filename2, error.filename) if isinstance(name, str | bytes)]
    if meant is None:
        return f"{': '.join([*files[:1], error.strerror or str(error) or type(error).__name__])}.\n{_INTACT}"
    what, remedy = meant
    where = files[0] if files else _somewhere(error)
    return f"{where}: {what}; {remedy}, and start again.\n{_INTACT}"


def standard_output_works() -> bool:
    """Whether what was printed can be written; if not, it is dropped, so that the interpreter does not try again when it ends."""
    try:
        sys.stdout.flush()
    except OSError:
        with suppress(OSError, ValueError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, sys.stdout.fileno())
            os.close(nowhere)
        return False
    return True


def _somewhere(error: OSError) -> str:
    """A write that failed does not say to which file it went; most often the disk of the output or of temporary files is meant."""
    return f"the disk of the output, or of temporary files ({_temporary()})" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "a file"


def _temporary() -> str:
    try:
        return tempfile.gettempdir()
    except OSError:
        return "TMPDIR"


_INTACT: Final = "Nothing is half written: each output is complete or as it was before."
