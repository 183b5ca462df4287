"""The inputs of a run, kept inside it: ``inputs.zip``, so that it can be made again, traced and compared when the project's files have moved on.

1. The archive holds exactly the files that the manifest lists under ``inputs``, by the same names: ``data/`` (with the figures of input workbooks,
   where there are any), ``scenarios/``, the report templates below ``notebooks/``, what was given by path below ``given/``, and input workbooks below
   ``workbooks/``. It names no machine.
2. The same inputs give the same bytes: names sorted, one date, one permission, one compression.
3. Opening trusts nothing: only the names of the manifest, no path that leaves the folder, no links, no encryption, limits on number and size, and
   every file must have the SHA-256 that the manifest states.
4. A scenario given by path is kept with the files it extends by relative paths. One that extends an absolute path is not made whole by this.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

from actuarial.basis.errors import InputError, shown
from actuarial.basis.plain_files import LARGEST_RECORD, read_plain_text
from actuarial.execution.temporary import temporary_folder
from actuarial.reporting.manifest import hash_tree
from actuarial.reporting.run_folder import MANIFEST

INPUTS: Final = "inputs.zip"
TEMPLATES: Final = ("country.ipynb", "region.ipynb")
"""Notebooks that ``actuarial reports`` executes."""
GIVEN: Final = "given"
WORKBOOKS: Final = "workbooks"
MOST_FILES: Final = 20_000
MOST_BYTES: Final = 512 * 1024**2
"""Of all files together, unpacked. A study reads some four megabytes."""
_DATE: Final = (1980, 1, 1, 0, 0, 0)
_BESIDE_AN_INSTRUMENT: Final = (".yaml", ".md")
_RESERVED: Final = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))})
_CHUNK: Final = 1 << 20


@dataclass(frozen=True)
class KeptInputs:
    """Unpacked inputs of a run: a folder that stands in for the repository as far as a study reads it.

    ``manifest`` is that of the run; ``scenario`` and ``instrument`` are what ``load_scenario`` and ``load_instrument`` take beside ``scenarios``.
    """

    root: Path
    manifest: Mapping[str, Any]

    @property
    def data(self) -> Path:
        """Data folder, with what input workbooks changed."""
        return self.root / "data"

    @property
    def scenarios(self) -> Path:
        """Folder of scenarios and instruments."""
        return self.root / "scenarios"

    @property
    def scenario(self) -> str:
        """Name of the scenario, or path of the kept file."""
        return self._asked("scenario")

    @property
    def instrument(self) -> str:
        """Name of the instrument, or path of the kept file."""
        return self._asked("instrument")

    @property
    def workbooks(self) -> tuple[Path, ...]:
        """Input workbooks, in the order in which they were given."""
        names = [n for n in self.manifest["inputs"] if n.startswith(f"{WORKBOOKS}/")]
        return tuple(self.root / name for name in sorted(names, key=lambda name: int(name.split("/")[1])))

    def _asked(self, what: str) -> str:
        name = str(self.manifest["parameters"].get(what))
        if name in self.manifest["inputs"]:
            return str(self.root / name)
        if "/" in name or "\\" in name or name.endswith((".yaml", ".yml")):
            raise InputError(f"{MANIFEST}, {what}: {name} is not among the inputs that the run keeps")
        return name


def input_files(
    root: Path,
    scenarios: Sequence[str],
    instruments: Sequence[str],
    *,
    data: Path | None = None,
    workbooks: Sequence[Path] = (),
    templates: Iterable[str] = TEMPLATES,
) -> dict[str, Path]:
    """Everything a run may read, by the name under which it is kept.

    ``root`` is the folder with ``data``, ``scenarios`` and ``notebooks``; ``data`` another data folder; scenarios and instruments are names or
    paths, as typed. Raises :class:`InputError` for names that are not there.
    """
    from actuarial.basis.instrument import instrument_file
    from actuarial.basis.scenario import scenario_files

    shipped = root / "scenarios"
    found: dict[str, Path] = {}
    for folder, name in ((data or root / "data", "data"), (shipped, "scenarios")):
        found |= {f"{name}/{relative}": folder / relative for relative in hash_tree(folder, folder)}
    found |= {f"notebooks/{name}": root / "notebooks" / name for name in templates if (root / "notebooks" / name).is_file()}
    for scenario in scenarios:
        own = [path.resolve() for path in scenario_files(scenario, shipped) if not _below(path, shipped)]
        if own:
            top = Path(os.path.commonpath([path.parent for path in own]))
            found |= {f"{GIVEN}/scenario/{path.relative_to(top).as_posix()}": path for path in own}
    for instrument in instruments:
        file = instrument_file(instrument, shipped).resolve()
        if not _below(file, shipped):
            beside = [p for p in sorted(file.parent.iterdir()) if p.is_file() and p.suffix in _BESIDE_AN_INSTRUMENT and not p.name.startswith(".")]
            found |= {f"{GIVEN}/instrument/{file.parent.name}/{path.name}": path for path in beside}
    found |= {f"{WORKBOOKS}/{number}/{path.name}": path for number, path in enumerate(workbooks, 1)}
    return dict(sorted(found.items()))


def kept_as(name: str, files: Mapping[str, Path]) -> str:
    """How a manifest names a scenario or instrument: a name as it is; a path as the place of the file among the inputs."""
    path = Path(name)
    path = path / "instrument.yaml" if path.is_dir() else path
    if not path.is_file():
        return name
    return next((kept for kept, file in files.items() if file.resolve() == path.resolve()), name)


def keep_inputs(folder: Path, files: Mapping[str, Path], hashes: Mapping[str, str]) -> None:
    """Write ``inputs.zip`` into the folder of a run: the ``files`` by name, which must still have the ``hashes`` the run states.

    Raises :class:`InputError` naming files that were changed meanwhile, and for more or larger files than :func:`opened_inputs` takes.
    """
    changed, total = sorted({*files} ^ {*hashes}), 0
    with zipfile.ZipFile(folder / INPUTS, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, path in sorted(files.items()):
            _check_name(name, shown(path))
            content = path.read_bytes()
            total += len(content)
            if hashlib.sha256(content).hexdigest() != hashes.get(name):
                changed.append(name)
            entry = zipfile.ZipInfo(name, _DATE)
            entry.create_system, entry.external_attr, entry.compress_type = 3, (stat.S_IFREG | 0o644) << 16, zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    if changed:
        raise InputError(f"changed while the study was computed, so the run was dropped: {', '.join(sorted(set(changed)))}")
    if len(files) > MOST_FILES or total > MOST_BYTES:
        limits = f"a run keeps at most {MOST_FILES} files of {MOST_BYTES // 1024**2} MB together"
        raise InputError(f"the inputs are {len(files)} files of {total // 1024**2} MB; {limits}")


@contextmanager
def opened_inputs(run: Path) -> Iterator[KeptInputs]:
    """The kept inputs of a run, unpacked into a folder that exists while the block runs, each file checked against the manifest.

    Raises :class:`InputError` for a run without them (an earlier version's), and for an archive that is not the one the manifest describes.
    """
    manifest = read_manifest(run)
    stated = manifest.get("inputs")
    if not isinstance(stated, dict) or not isinstance(manifest.get("parameters"), dict):
        raise InputError(f"{shown(run / MANIFEST)}: does not say what the run was made from")
    place = run / INPUTS
    if not place.is_file():
        raise InputError(f"{shown(run)}: keeps no inputs ({INPUTS}); it was made by an earlier version, or they were taken away")
    with temporary_folder("inputs") as root:
        try:
            with zipfile.ZipFile(place) as archive:
                _unpack(archive, stated, root, shown(place))
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
            raise InputError(f"{shown(place)}: cannot be unpacked ({' '.join(str(error).split())})") from None
        yield KeptInputs(root, manifest)


def check_kept(run: Path) -> tuple[str, ...]:
    """What differs between the kept inputs of a run and its manifest; empty when nothing does. Never raises for spoilt content."""
    try:
        with opened_inputs(run):
            return ()
    except InputError as error:
        return (str(error),)


def read_manifest(run: Path) -> dict[str, Any]:
    """``manifest.json`` of a run. Raises :class:`InputError` when there is none or it cannot be read."""
    path = run / MANIFEST
    if not path.is_file():
        raise InputError(f"{shown(run)} is not a finished run: it has no {MANIFEST}")
    try:
        manifest = json.loads(read_plain_text(path, LARGEST_RECORD))
    except (ValueError, RecursionError) as error:
        raise InputError(f"{shown(path)}: cannot be read ({' '.join(str(error).split())})") from None
    if not isinstance(manifest, dict):
        raise InputError(f"{shown(path)}: found {type(manifest).__name__}; expected an object")
    return manifest


def _unpack(archive: zipfile.ZipFile, stated: Mapping[str, Any], root: Path, said: str) -> None:
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if len(entries) > MOST_FILES or sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise InputError(f"{said}: larger than the inputs of any run ({len(entries)} entries)")
    if len({name.casefold() for name in names}) != len(names):
        raise InputError(f"{said}: a name stands twice in it")
    problems = [f"{name}: is in the manifest, not in the archive" for name in sorted({*stated} - {*names})]
    problems += [f"{name}: is in the archive, not in the manifest" for name in sorted({*names} - {*stated})]
    for entry in entries:
        if entry.filename in stated:
            _check_name(entry.filename, said)
            plain = stat.S_IFMT(entry.external_attr >> 16) in (0, stat.S_IFREG) and not entry.flag_bits & 1
            if not plain or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise InputError(f"{said}, {entry.filename}: is no plain file")
            if _unpack_one(archive, entry, root) != stated[entry.filename]:
                problems.append(f"{entry.filename}: changed since the run")
    if problems:
        raise InputError("\n".join([f"{said} is not as the run wrote it:", *(f"  {line}" for line in problems)]))


def _unpack_one(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, root: Path) -> str:
    """Write one file below ``root`` and return its SHA-256. No more is read than the size that the archive states."""
    path = root.joinpath(*PurePosixPath(entry.filename).parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    digest, left = hashlib.sha256(), entry.file_size
    with archive.open(entry) as source, path.open("xb") as target:
        while block := source.read(min(_CHUNK, left + 1)):
            left -= len(block)
            if left < 0:
                raise InputError(f"{entry.filename}: holds more than it states")
            digest.update(block)
            target.write(block)
    return digest.hexdigest()


def _check_name(name: str, said: str) -> None:
    """Refuse a name that could leave the folder, or that is another file's on some system."""
    parts = name.split("/")
    strange = any(c in '\\:*?"<>|' or ord(c) < 32 for c in name)
    special = any(part in ("", ".", "..") or part != part.rstrip(". ") or part.split(".")[0].casefold() in _RESERVED for part in parts)
    if strange or special:
        raise InputError(f"{said}: {name!r} is no name of an input that every system can keep")


def _below(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())
