"""``python -m actuarial`` is the command ``actuarial``."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping


def wants_utf8(encoding: str, environment: Mapping[str, str]) -> bool:
    """Whether names of files would be read in another encoding than UTF-8 (an old locale, ``PYTHONUTF8=0``), and nothing was done about it yet."""
    return encoding.lower().replace("-", "") != "utf8" and environment.get("PYTHONUTF8") != "1"


if __name__ == "__main__":
    if wants_utf8(sys.getfilesystemencoding(), os.environ):  # never on Windows
        os.environ["PYTHONUTF8"] = "1"  # for the processes started from here too
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])
    from actuarial.cli import main

    raise SystemExit(main())
