"""Two names exchanged in one step, where the system can: Linux (``renameat2``) and macOS (``renamex_np``).

Python has no function for it. Elsewhere, and on file systems that do not know it, the caller renames twice.
"""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from pathlib import Path
from typing import Final

_EXCHANGE: Final = 2
"""RENAME_EXCHANGE of linux/fs.h and RENAME_SWAP of macOS sys/stdio.h."""
_HERE: Final = -100
"""AT_FDCWD of Linux: relative paths start at the working directory."""
_CANNOT: Final = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP}


def swap(one: Path, other: Path) -> bool:
    """Exchange two existing files or folders of one disk; ``False``, and nothing done, where that cannot be. Raises ``OSError``."""
    first, second = os.fsencode(one), os.fsencode(other)
    try:
        if sys.platform == "linux":
            failed = ctypes.CDLL(None, use_errno=True).renameat2(_HERE, first, _HERE, second, ctypes.c_uint(_EXCHANGE))
        elif sys.platform == "darwin":
            failed = ctypes.CDLL(None, use_errno=True).renamex_np(first, second, ctypes.c_uint(_EXCHANGE))
        else:
            return False
    except (AttributeError, OSError):  # a C library without it, or none that can be opened
        return False
    if not failed:
        return True
    code = ctypes.get_errno()
    if code in _CANNOT:
        return False
    raise OSError(code, os.strerror(code), str(one), None, str(other))
