"""Files and folders that appear whole or not at all.

1. Everything is written into a hidden place beside the final one (same disk), flushed to the disk, and renamed when complete. Whatever fails or is
   killed before that, what was there is intact.
2. A folder takes the place of an earlier one in one step (:mod:`actuarial.execution.swap`). Where the system has no such step (Windows), the earlier
   one is renamed first; killed between the two renames, it lies whole beside its place, and the next writer puts it back before anything else.
3. One process at a time writes to a place (:mod:`actuarial.execution.lock`); a second one is refused. What lies half written beside a place that one
   holds was left by a killed process, so it is deleted.
4. Nothing here reads the clock.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final

from actuarial.execution.errors import ExecutionError
from actuarial.execution.lock import only_one
from actuarial.execution.swap import swap

_WRITING, _BEFORE = "writing", "before"
_TOKEN: Final = "[0-9a-f]{12}"
_LONGEST: Final = 200
"""Bytes of a name that a hidden name beside it still has room for (255 are allowed almost everywhere)."""


@contextmanager
def whole_file(target: Path) -> Iterator[Path]:
    """Give a path to write a file to; when the block ends without an error the file becomes ``target``.

    Raises :class:`~actuarial.execution.lock.Busy` when another process writes ``target``, and ``OSError``; ``target`` is then as it was.
    """
    target = _placed(target)
    with _held(target):
        stage = _beside(target, _WRITING)
        try:
            yield stage
            _flush_file(stage)
            stage.replace(target)
        except BaseException:
            _delete(stage)
            raise
        _keep_names(target.parent)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all in a folder that this process holds (see :func:`sweep` for what killed ones left). Raises ``OSError``."""
    stage = _beside(path, _WRITING)
    try:
        stage.write_bytes(content)
        _flush_file(stage)
        stage.replace(path)
    except BaseException:
        _delete(stage)
        raise


@contextmanager
def whole_folder(target: Path, check: Callable[[Path], None] | None = None) -> Iterator[Path]:
    """Give an empty folder to write into; when the block ends without an error it becomes ``target``, in the place of what was there.

    ``check`` is called with ``target`` when nobody else can change it any more, and raises what forbids to replace it. Missing parents are made.
    Raises :class:`~actuarial.execution.lock.Busy` when another process writes ``target``, :class:`ExecutionError` when programs keep an earlier
    folder open, and ``OSError``. After an error nothing is left and ``target`` is as it was.
    """
    target = _placed(target)
    with _parents(target.parent), _held(target):
        _put_back(target)
        if check is not None:
            check(target)
        stage = _beside(target, _WRITING)
        stage.mkdir()
        try:
            yield stage
            _flush_tree(stage)
            _exchange(stage, target)
        except BaseException:
            _delete(stage)
            raise


def sweep(folder: Path) -> list[Path]:
    """Delete what killed processes left half written in a folder that this process holds; return what else is in it."""
    others = []
    for path in sorted(folder.iterdir()):
        if re.fullmatch(rf"\..+\.{_WRITING}-{_TOKEN}", path.name):
            _delete(path)
        else:
            others.append(path)
    return others


def lock_of(target: Path) -> Path:
    """The hidden file beside ``target`` whose lock says who writes there."""
    return target.with_name(f".{_short(target.name)}.lock")


def _placed(target: Path) -> Path:
    """Absolute, with the last part a name."""
    return target.resolve() if target.name in ("", "..") else target.parent.resolve() / target.name


@contextmanager
def _held(target: Path) -> Iterator[None]:
    """Hold ``target`` and delete what killed processes left beside it."""
    with only_one(lock_of(target), f"{target.as_posix()}: another command is writing there; wait until it has ended, or name another place") as held:
        if held:
            for path in _found(target, _WRITING):
                _delete(path)
        yield


@contextmanager
def _parents(folder: Path) -> Iterator[None]:
    """Create missing parents; after an error take away those created."""
    missing = [f for f in (folder, *folder.parents) if not f.exists()]
    with ExitStack() as undo:
        for parent in reversed(missing):
            parent.mkdir(exist_ok=True)
            undo.callback(_delete_empty, parent)
        yield
        undo.pop_all()


def _delete_empty(folder: Path) -> None:
    with suppress(OSError):
        folder.rmdir()


def _exchange(stage: Path, target: Path) -> None:
    """Put ``stage`` in the place of ``target``; on failure ``target`` is as it was."""
    if not target.exists():
        stage.rename(target)
    elif swap(stage, target):
        _delete(stage)  # it holds what was there before
    else:
        _exchange_in_two(stage, target)
    _keep_names(target.parent)


def _exchange_in_two(stage: Path, target: Path) -> None:
    """As :func:`_exchange`, with two renames."""
    aside = _beside(target, _BEFORE)
    try:
        target.rename(aside)
    except PermissionError as error:
        why = f"what is there cannot be replaced ({error.strerror}); close the files opened from it and start again"
        raise ExecutionError(f"{target.as_posix()}: {why}") from error
    try:
        stage.rename(target)
    except BaseException:
        aside.rename(target)
        raise
    with suppress(OSError):
        aside.rename(stage)  # from here on it is not the one to put back
        _delete(stage)


def _put_back(target: Path) -> None:
    """Undo a replacement that was killed between its two renames."""
    for aside in _found(target, _BEFORE):
        if target.exists():
            _delete(aside)
        else:
            aside.rename(target)


def _beside(target: Path, kind: str) -> Path:
    return target.with_name(f".{_short(target.name)}.{kind}-{uuid.uuid4().hex[:12]}")


def _found(target: Path, kind: str) -> list[Path]:
    """Hidden places of one kind beside ``target``; none where the folder may be written but not listed."""
    own = re.compile(rf"\.{re.escape(_short(target.name))}\.{kind}-{_TOKEN}")
    try:
        return sorted(path for path in target.parent.iterdir() if own.fullmatch(path.name))
    except PermissionError:
        return []


def _short(name: str) -> str:
    return name if len(os.fsencode(name)) <= _LONGEST else hashlib.sha256(os.fsencode(name)).hexdigest()[:32]


def _delete(path: Path) -> None:
    """Delete a file or folder as far as that can be; what cannot stays hidden for the next sweep."""
    with suppress(OSError):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink()


def _flush_tree(stage: Path) -> None:
    """Have the system write every file and folder below ``stage`` to disk."""
    below = sorted(stage.rglob("*"))
    for path in below:
        if path.is_file():
            _flush_file(path)
    for folder in (*(p for p in below if p.is_dir()), stage):
        _flush_folder(folder)


def _flush_file(path: Path) -> None:
    with path.open("r+b") as handle:
        os.fsync(handle.fileno())


def _flush_folder(folder: Path) -> None:
    """Flush a folder's list of names; systems that cannot open folders (Windows) do it themselves."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _keep_names(folder: Path) -> None:
    """Flush the folder that a finished output stands in. The output is whole and in its place: a disk that cannot do this is no reason to fail."""
    with suppress(OSError):
        _flush_folder(folder)
