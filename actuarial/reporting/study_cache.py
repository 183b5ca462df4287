"""Computed studies kept in the user's cache folder, so that a run whose inputs have not changed does not compute them again.

1. An entry is found by a SHA-256 of everything its tables depend on (:func:`study_key`): data, the scenario and the instrument as read, the source of
   every floor below the reports, Python, the machine's kind and the packages that compute. Any changed byte is another entry. Files in ``scenarios/``
   count by what was read of them, so that a scenario saved beside the others leaves the kept studies as they are.
2. An entry is a folder with the tables of the study as a run keeps them and their ``SHA256SUMS``. It appears whole or not at all
   (:mod:`actuarial.execution.whole`); it holds data only, so reading one runs no foreign code.
3. An entry is copied and the copy held against the sums. A damaged one is deleted and counts as absent. One that is sound and cannot be copied stays:
   the place it is copied to is at fault.
4. A cache that cannot be written is no reason to fail. The latest :data:`KEPT` entries are kept.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import sys
from collections.abc import Mapping
from contextlib import suppress
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Final

from actuarial.basis.errors import InputError
from actuarial.execution.errors import ExecutionError
from actuarial.execution.lock import Busy, only_one
from actuarial.execution.whole import whole_folder
from actuarial.reporting.manifest import SUMS, hash_file, hash_tree, verify, write_sums

if TYPE_CHECKING:
    from actuarial.basis.instrument import Instrument
    from actuarial.basis.scenario import Scenario

FLOORS: Final = ("basis", "demography", "provisions", "careers", "finance", "feasibility", "execution")
"""Parts of the package that a study is computed with; they import nothing of the others."""
PACKAGES: Final = ("numpy", "pandas", "scipy", "numba", "llvmlite", "pydantic", "pyyaml")
KEPT: Final = 12
DATA: Final = "data/"
"""Of the inputs of a run those that count here; scenario and instrument count as they were read."""
FOLDER: Final = "ACTUARIAL_CACHE"
"""Environment variable that names another folder for the cache."""
_SCHEMA: Final = 1
_PACKAGE: Final = Path(__file__).resolve().parents[1]


def cache_folder() -> Path:
    """Folder of kept studies: below :data:`FOLDER` if that is set, else below the cache folder of the user and system."""
    given = os.environ.get(FOLDER)
    if given:
        return Path(given) / "studies"
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "actuarial" / "studies"


def study_key(inputs: Mapping[str, str], scenario: Scenario, instrument: Instrument, package: Path = _PACKAGE) -> str:
    """SHA-256 of what a study depends on; ``inputs`` are the hashes of the files it may read, by name."""
    source = {name: hash_file(package / name) for name in ("__init__.py",)}
    for floor in FLOORS:
        source |= {name: digest for name, digest in hash_tree(package / floor, package).items() if name.endswith(".py")}
    what = {
        "schema": _SCHEMA,
        "inputs": {name: digest for name, digest in inputs.items() if name.startswith(DATA)},
        "scenario": scenario.model_dump(mode="json"),
        "instrument": repr(instrument),
        "source": source,
        "python": [sys.implementation.name, platform.python_version(), platform.system(), platform.machine()],
        "packages": {name: metadata.version(name) for name in PACKAGES},
    }
    return hashlib.sha256(json.dumps(what, sort_keys=True, ensure_ascii=False).encode("utf-8")).hexdigest()


def fetch(key: str, target: Path) -> bool:
    """Copy the study of ``key`` to the new folder ``target``; return whether there was a sound one.

    Raises ``OSError`` when the entry is sound and ``target`` cannot be written.
    """
    failure: OSError | None = None
    try:
        entry = cache_folder() / key
        if not (entry / SUMS).is_file():
            return False
    except (OSError, RuntimeError):  # no right to look there; a user without a home
        return False
    try:
        copy_files(entry, target)
        if not verify(target):
            (target / SUMS).unlink()
            with suppress(OSError):
                os.utime(entry)  # the latest used is kept longest
            return True
    except OSError as error:
        failure = error
    except (ValueError, InputError):  # spoilt sums
        pass
    shutil.rmtree(target, ignore_errors=True)
    if not _sound(entry):
        shutil.rmtree(entry, ignore_errors=True)
    elif failure is not None:
        raise failure
    return False


def _sound(entry: Path) -> bool:
    try:
        return not verify(entry)
    except (OSError, ValueError, InputError):
        return False


def keep(key: str, results: Path) -> bool:
    """Keep the tables in ``results`` as the study of ``key``; return whether that was possible."""
    try:
        folder = cache_folder()
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / key / SUMS).is_file():
            with whole_folder(folder / key) as stage:
                copy_files(results, stage)
                write_sums(stage)
        _thin(folder)
    except (OSError, ExecutionError, RuntimeError):  # no room, no right, another process keeps the same, no home
        return False
    return True


def copy_files(source: Path, target: Path) -> None:
    """Copy the files below a folder, contents only, into another one, which is made where it is missing. Raises the first ``OSError``."""
    target.mkdir(exist_ok=True)
    for path in sorted(source.rglob("*")):
        to = target / path.relative_to(source)
        if path.is_dir():
            to.mkdir()
        else:
            shutil.copyfile(path, to)


def _thin(folder: Path) -> None:
    """Delete all but the entries used last, and what killed processes left: half an entry a day older than the newest, locks that nobody holds."""
    by_age = sorted((p for p in folder.iterdir() if p.is_dir()), key=lambda p: p.stat().st_mtime, reverse=True)
    whole = [p for p in by_age if not p.name.startswith(".")]
    newest = whole[0].stat().st_mtime if whole else 0.0
    for path in [*whole[KEPT:], *(p for p in by_age if p.name.startswith(".") and p.stat().st_mtime < newest - 86400)]:
        shutil.rmtree(path, ignore_errors=True)
    for lock in folder.glob(".*.lock"):
        with suppress(OSError, Busy), only_one(lock, ""):
            pass
