"""The folder of a run: it appears whole or not at all.

1. Everything is written into a hidden folder beside the final place (same disk), flushed, and renamed when complete.
2. An earlier run in the final place is moved aside only then and deleted last. Whatever fails or is killed before,
   the earlier run is intact.
3. Killed between the two renames (an instant), the earlier run is still whole beside its place; the next run puts it
   back first.
4. Only a folder that holds a manifest, or an empty one, is ever replaced.
"""

from __future__ import annotations

import os
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from glob import escape
from pathlib import Path
from typing import Final

from actuarial.basis.errors import InputError, shown

MANIFEST: Final = "manifest.json"
_LEFTOVER_SECONDS: Final = 24 * 3600.0
"""Age after which what a killed run left behind is deleted; no run takes this long."""


def check_target(target: Path) -> None:
    """Refuse a place that a run must not replace.

    Raises :class:`InputError` when ``target`` is a file, a link, or a folder with something in it that is not a
    finished run.
    """
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise InputError(f"--out {shown(target)}: not a folder")
    if target.is_dir() and any(target.iterdir()) and not (target / MANIFEST).is_file():
        raise InputError(
            f"--out {shown(target)}: the folder holds files but no finished run ({MANIFEST}); "
            "name a new folder, an empty one or an earlier run"
        )


@contextmanager
def run_folder(target: Path) -> Iterator[Path]:
    """Give an empty folder to write into; when the block ends without an error it becomes ``target``.

    Raises :class:`InputError` as :func:`check_target` does, before anything is written. After an error in the block
    nothing is left.
    """
    target = target.absolute()
    _put_back(target)
    check_target(target)
    made = _make_parents(target.parent)
    _sweep(target)
    stage = target.parent / f".{target.name}.writing-{uuid.uuid4().hex[:12]}"
    stage.mkdir()
    try:
        yield stage
        _flush(stage)
        _exchange(stage, target)
    except BaseException:
        shutil.rmtree(stage, ignore_errors=True)
        with suppress(OSError):
            for folder in made:
                folder.rmdir()
        raise


def _exchange(stage: Path, target: Path) -> None:
    """Rename ``stage`` to ``target``, moving an earlier run aside; on failure the earlier run is back in its place."""
    aside = target.parent / f".{target.name}.before-{uuid.uuid4().hex[:12]}"
    if target.exists():
        try:
            target.rename(aside)
        except OSError as error:
            reason = f"the earlier run cannot be replaced ({error.strerror}); close the files opened from it"
            raise InputError(f"--out {shown(target)}: {reason}") from error
    try:
        stage.rename(target)
    except BaseException:
        if aside.exists():
            aside.rename(target)
        raise
    _flush_folder(target.parent)
    shutil.rmtree(aside, ignore_errors=True)


def _put_back(target: Path) -> None:
    """Undo a replacement that was killed between its two renames."""
    asides = sorted(target.parent.glob(f".{escape(target.name)}.before-*"), key=lambda p: p.stat().st_mtime)
    if asides and not target.exists():
        asides.pop().rename(target)
    for folder in asides:
        shutil.rmtree(folder, ignore_errors=True)


def _sweep(target: Path) -> None:
    """Delete what runs killed long ago left beside ``target``."""
    for folder in target.parent.glob(f".{escape(target.name)}.writing-*"):
        if time.time() - folder.stat().st_mtime > _LEFTOVER_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)


def _make_parents(folder: Path) -> list[Path]:
    """Create missing parents; return those created, deepest first."""
    missing = [f for f in (folder, *folder.parents) if not f.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return missing


def _flush(stage: Path) -> None:
    """Have the system write every file and folder below ``stage`` to disk."""
    for path in sorted(stage.rglob("*")):
        if path.is_file():
            with path.open("r+b") as handle:
                os.fsync(handle.fileno())
    for path in (*(p for p in stage.rglob("*") if p.is_dir()), stage):
        _flush_folder(path)


def _flush_folder(folder: Path) -> None:
    """Flush a folder's list of names; systems that cannot open folders (Windows) do it themselves."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
