"""Which program a process runs, so that the results of two versions are never mixed."""

from __future__ import annotations

import hashlib
import platform
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import Final

OTHER_PROGRAM: Final = "the cluster's scheduler and workers must run this version of the toolkit: start them from the same state of this folder"
_LIBRARIES: Final = ("numpy", "scipy", "numba")


@lru_cache(maxsize=1)
def fingerprint() -> tuple[str, ...]:
    """What results depend on besides the input: versions of Python and the numerical libraries, hash of this package's source."""
    package = Path(__file__).resolve().parents[1]
    source = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        source.update(path.relative_to(package).as_posix().encode())
        source.update(path.read_bytes().replace(b"\r\n", b"\n"))
    versions = [f"{name} {metadata.version(name)}" for name in _LIBRARIES]
    return (f"Python {'.'.join(platform.python_version_tuple()[:2])}", *versions, f"source {source.hexdigest()[:16]}")
