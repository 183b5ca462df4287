"""``python -m actuarial`` is the command ``actuarial``.

1. Names of files are read as UTF-8 in any locale.
2. Matrix products run on one thread. Countries and corridors are computed in threads of their own; a library of matrix products with threads too
   only takes their processors, and one that uses the threads that are free adds up in an order that depends on the load of the machine.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from actuarial.execution.threads import ONE_THREAD


def wants_utf8(encoding: str, environment: Mapping[str, str]) -> bool:
    """Whether names of files would be read in another encoding than UTF-8 (an old locale, ``PYTHONUTF8=0``), and nothing was done about it yet."""
    return encoding.lower().replace("-", "") != "utf8" and environment.get("PYTHONUTF8") != "1"


def one_thread() -> dict[str, str]:
    """What to put into the environment before a numerical library is loaded. Compiled kernels give the same bits for any number of threads."""
    return {name: number for name, number in ONE_THREAD.items() if not name.startswith("NUMBA")}


if __name__ == "__main__":
    os.environ.update(one_thread())
    if wants_utf8(sys.getfilesystemencoding(), os.environ):  # never on Windows
        os.environ["PYTHONUTF8"] = "1"  # for the processes started from here too
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])
    from actuarial.cli import main

    raise SystemExit(main())
