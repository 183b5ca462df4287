"""What a run was made from and what it made: ``manifest.json`` and ``SHA256SUMS``.

1. Paths in a manifest are relative with forward slashes (inputs to the repository, outputs to the run folder); it
   names no machine.
2. ``SHA256SUMS`` covers every file of the run except itself, the manifest included; ``sha256sum -c SHA256SUMS``
   checks it,
   and so does :func:`verify` on systems without that command.
3. Of two runs of one input on one machine only the manifest differs (times, whether the study was read from the cache), and with it ``SHA256SUMS``.
"""

from __future__ import annotations

import hashlib
import json
import platform
import re
import subprocess
import sys
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Any, Final

from actuarial.basis.errors import InputError, shown
from actuarial.basis.plain_files import LARGEST_RECORD, is_file, read_plain_text
from actuarial.basis.plain_text import short, visible
from actuarial.reporting.run_folder import MANIFEST

SUMS: Final = "SHA256SUMS"
SCHEMA: Final = 2
_DIGEST: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
DISTRIBUTION: Final = "portable-social-security"
PACKAGE: Final = "actuarial"


def hash_file(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def hash_tree(folder: Path, root: Path) -> dict[str, str]:
    """SHA-256 of every file below ``folder`` by its path relative to ``root``, without hidden and compiled files."""
    return {relative: hash_file(root / relative) for relative in _files(folder, root)}


def _files(folder: Path, root: Path) -> list[str]:
    found = []
    for path in folder.rglob("*"):
        parts = path.relative_to(folder).parts
        if path.is_file() and "__pycache__" not in parts and not any(p.startswith(".") for p in parts):
            found.append(path.relative_to(root).as_posix())
    return sorted(found)


def code_version(root: Path) -> dict[str, Any]:
    """Version of the package and state of its repository: commit and whether files differ from it.

    ``code_sha256`` is that of the package itself, all its files, whatever git says. ``modified``: whether the package or what it is installed with
    differs from the commit (data and scenarios are hashed apart). ``commit`` and ``modified`` are ``None`` when ``root`` is not the top of a git
    repository or git is absent (a downloaded archive).
    """
    commit, modified = None, None
    top = _git(root, "rev-parse", "--show-toplevel")
    if top is not None and Path(top).resolve() == root.resolve():
        commit = _git(root, "rev-parse", "HEAD")
        changes = _git(root, "status", "--porcelain", "--", PACKAGE, "pyproject.toml", "requirements.lock")
        modified = None if changes is None else bool(changes)
    lock = root / "requirements.lock"
    return {
        "distribution": DISTRIBUTION,
        "version": package_version(),
        "commit": commit,
        "modified": modified,
        "code_sha256": code_hash(root / PACKAGE),
        "lock_sha256": hash_file(lock) if lock.is_file() else None,
    }


def code_hash(package: Path) -> str | None:
    """SHA-256 of the names and hashes of all files of a package; ``None`` when there is no such folder."""
    if not package.is_dir():
        return None
    lines = "".join(f"{digest}  {name}\n" for name, digest in hash_tree(package, package).items())
    return hashlib.sha256(lines.encode("utf-8")).hexdigest()


def package_version() -> str | None:
    """Version the package was installed with, or ``None`` when it is only on the path (conda, PYTHONPATH)."""
    try:
        return metadata.version(DISTRIBUTION)
    except metadata.PackageNotFoundError:
        return None


def _git(root: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, text=True, check=False)
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def environment() -> dict[str, Any]:
    """Python, system and the version of every installed package."""
    said = (distribution.metadata for distribution in metadata.distributions())  # parsed at every look
    packages = {own["Name"]: own["Version"] for own in said if own["Name"]}
    return {
        "python": platform.python_version(),
        "implementation": sys.implementation.name,
        "system": platform.system(),
        "machine": platform.machine(),
        "packages": dict(sorted(packages.items(), key=lambda item: item[0].casefold())),
    }


def write_manifest(folder: Path, head: Mapping[str, Any]) -> None:
    """Hash every file in ``folder`` and write ``manifest.json`` (``head`` plus ``outputs``) and ``SHA256SUMS``."""
    outputs = {
        name: {"sha256": digest, "bytes": (folder / name).stat().st_size}
        for name, digest in hash_tree(folder, folder).items()
        if name not in (MANIFEST, SUMS)
    }
    text = json.dumps({"schema": SCHEMA, **head, "outputs": outputs}, indent=1, ensure_ascii=False, allow_nan=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8", newline="\n")
    _write_sums(folder, {**{name: str(entry["sha256"]) for name, entry in outputs.items()}, MANIFEST: hash_file(folder / MANIFEST)})


def write_sums(folder: Path) -> None:
    """Write ``SHA256SUMS`` of the files in ``folder``, in the form :func:`verify` reads."""
    _write_sums(folder, {name: digest for name, digest in hash_tree(folder, folder).items() if name != SUMS})


def _write_sums(folder: Path, sums: Mapping[str, str]) -> None:
    lines = [f"{digest}  {name}\n" for name, digest in sorted(sums.items())]
    (folder / SUMS).write_text("".join(lines), encoding="utf-8", newline="\n")


def read_sums(folder: Path) -> dict[str, str]:
    """SHA-256 by relative path as ``SHA256SUMS`` states them.

    Raises :class:`InputError` when there is no such file or it is spoilt.
    """
    path = folder / SUMS
    if not is_file(path):
        raise InputError(f"{shown(folder)} is not a finished run: it has no {SUMS}")
    sums: dict[str, str] = {}
    lines = read_plain_text(path, LARGEST_RECORD).split("\n")
    for number, line in enumerate(lines[:-1] if not lines[-1] else lines, 1):
        digest, separator, name = line.removesuffix("\r").partition("  ")
        if not separator or not _DIGEST.fullmatch(digest) or not name or name in sums:
            expected = "expected a SHA-256, two blanks and a file name, each name once"
            raise InputError(f"{shown(path)}, line {number}: {expected}")
        sums[name] = digest
    return sums


def verify(folder: Path) -> tuple[str, ...]:
    """What differs between a run folder and its ``SHA256SUMS``; empty when nothing does.

    Each sentence names one file that is missing, changed, cannot be read or was not part of the run. Raises :class:`InputError` for
    no run. Only files found below the folder are opened, whatever names the sums hold; a link counts as what it leads to.
    """
    stated = read_sums(folder)
    present = set(_files(folder, folder)) - {SUMS}
    problems = [f"{_name(name)}: missing" for name in sorted(set(stated) - present)]
    problems += [f"{_name(name)}: not part of the run" for name in sorted(present - set(stated))]
    for name in sorted(present & set(stated)):
        try:
            changed = hash_file(folder / name) != stated[name]
        except OSError as error:
            problems.append(f"{_name(name)}: cannot be read ({error.strerror})")
            continue
        problems += [f"{_name(name)}: changed since the run"] if changed else []
    return tuple(problems)


def _name(name: str) -> str:
    """A file name as messages show it: whoever made the file chose it."""
    return short(visible(name, one_line=True), 1_000)


def check_unchanged(before: Mapping[str, str], after: Mapping[str, str]) -> None:
    """Refuse a run whose inputs were edited while it was computed. Raises :class:`InputError` naming the files."""
    changed = sorted(n for n in {*before, *after} if before.get(n) != after.get(n))
    if changed:
        raise InputError(f"changed while the study was computed, so the run was dropped: {', '.join(changed)}")
