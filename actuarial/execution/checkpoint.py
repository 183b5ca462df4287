"""Finished chunks on disk, so that a long run can go on where it stopped.

1. A checkpoint is a folder with ``inputs.json`` and one file ``chunk-000012.npz`` for each finished chunk. Every file appears whole or not at all
   (:mod:`actuarial.execution.whole`). One run at a time works with a checkpoint.
2. ``inputs.json`` holds the caller's key: what the results depend on, each under a name (an option's value, a file's hash, a seed). A run with
   another key is refused and told which names differ. Workers and cluster are not part of it: results do not depend on them.
3. A chunk's result is a mapping of names to arrays. It is written without pickling, so reading a checkpoint runs no foreign code, and read back
   with the same bits, types and shapes.
4. A file that is cut short, altered or from another run or chunk is noticed by the checksum it ends with; its chunk is computed again.
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from actuarial.execution.errors import ExecutionInputError
from actuarial.execution.lock import Busy, only_one
from actuarial.execution.whole import lock_of, sweep, write_whole

if TYPE_CHECKING:
    from numpy.typing import NDArray

INPUTS: Final = "inputs.json"
_SCHEMA: Final = 1
_SEAL: Final = hashlib.sha256().digest_size


@dataclass(frozen=True)
class Checkpoint:
    """Where finished chunks are kept, and what they depend on."""

    folder: Path
    key: Mapping[str, str]
    """What the results depend on: name and value, or hash of a file."""
    resume: bool = False
    """Go on with what the folder holds; otherwise a folder in use is refused."""
    command: str = "the same command with --resume"
    """What to type to go on after an interruption."""

    @contextmanager
    def open(self, chunks: int) -> Iterator[OpenCheckpoint]:
        """Make the folder, or take up the one that is there; hold it while the block runs.

        Raises :class:`ExecutionInputError` when the folder holds another run, or one and ``resume`` was not asked for, or something else,
        :class:`~actuarial.execution.lock.Busy` when another run works with it, and ``OSError``.
        """
        if self.folder.exists() and not self.folder.is_dir():
            raise ExecutionInputError(f"--checkpoint {self.folder}: there is a file of that name; name a folder")
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        with self._held():
            yield self._opened(chunks)

    def _held(self) -> AbstractContextManager[bool]:
        busy = "another run works with it; wait until that has ended, or name another folder"
        return only_one(lock_of(self.folder.absolute()), f"--checkpoint {self.folder}: {busy}")

    def _opened(self, chunks: int) -> OpenCheckpoint:
        wanted = {"schema": str(_SCHEMA), "chunks": str(chunks), **{f"input {name}": value for name, value in self.key.items()}}
        header = self.folder / INPUTS
        self.folder.mkdir(exist_ok=True)
        others = sweep(self.folder)
        if header.exists():
            self._take_up(header, wanted)
        elif others:
            raise ExecutionInputError(f"--checkpoint {self.folder}: holds other files; name a new or empty folder")
        else:
            write_whole(header, (json.dumps(wanted, indent=1, ensure_ascii=False) + "\n").encode())
        return OpenCheckpoint(self.folder, _digest(wanted))

    def _take_up(self, header: Path, wanted: dict[str, str]) -> None:
        try:
            found = dict(json.loads(header.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise ExecutionInputError(f"{header} cannot be read ({error}); delete the folder {self.folder} and start anew") from error
        differing = [name for name in (*wanted, *(n for n in found if n not in wanted)) if wanted.get(name) != found.get(name)]
        if differing:
            lines = [f"  {name}: there {found.get(name, 'absent')}, now {wanted.get(name, 'absent')}" for name in differing]
            raise ExecutionInputError(
                "\n".join([f"--checkpoint {self.folder} was made with other inputs; name another folder or delete it:", *lines])
            )
        if not self.resume:
            raise ExecutionInputError(f"--checkpoint {self.folder} holds a run of the same inputs; add --resume to go on with it, or delete it")

    def discard(self) -> None:
        """Delete the folder: the results are safe elsewhere. What cannot be deleted, or is in use, stays; a later run finds it finished."""
        with suppress(OSError, Busy):
            if (self.folder / INPUTS).is_file():
                with self._held():
                    shutil.rmtree(self.folder)


@dataclass(frozen=True)
class OpenCheckpoint:
    """A checkpoint folder that belongs to this run."""

    folder: Path
    digest: str

    def read(self, index: int) -> dict[str, NDArray[Any]] | None:
        """Result of a finished chunk, or ``None`` when there is no sound file of it."""
        import numpy as np

        path = self._path(index)
        if not path.exists():
            return None
        content = path.read_bytes()
        archive, seal = content[:-_SEAL], content[-_SEAL:]
        if seal != self._seal(index, archive):
            return None
        with np.load(io.BytesIO(archive), allow_pickle=False) as file:
            names = json.loads(str(file["arr_0"]))
            return {name: file[f"arr_{number}"] for number, name in enumerate(names, 1)}

    def has_file(self, index: int) -> bool:
        """Whether there is a file of this chunk, sound or not."""
        return self._path(index).exists()

    def write(self, index: int, result: object) -> None:
        """Keep the result of a chunk. Raises :class:`TypeError` when it is not a mapping of names to arrays without objects."""
        import numpy as np

        if not isinstance(result, Mapping) or not all(isinstance(a, np.ndarray) and not a.dtype.hasobject for a in result.values()):
            raise TypeError("only mappings of names to arrays without Python objects can be kept in a checkpoint")
        buffer = io.BytesIO()
        np.savez(buffer, np.array(json.dumps([*result])), *result.values(), allow_pickle=False)  # any name will do this way
        archive = buffer.getvalue()
        write_whole(self._path(index), archive + self._seal(index, archive))

    def _path(self, index: int) -> Path:
        return self.folder / f"chunk-{index:06d}.npz"

    def _seal(self, index: int, archive: bytes) -> bytes:
        """SHA-256 of run, chunk and content: the end of a chunk's file."""
        return hashlib.sha256(f"{self.digest} {index} ".encode() + archive).digest()


def _digest(wanted: Mapping[str, str]) -> str:
    return hashlib.sha256(json.dumps(wanted, sort_keys=True).encode()).hexdigest()
