"""Which locked packages known advisories name, read from a file of advisories.

1. The database is a file: the archive of advisories on Python packages in the Open Source Vulnerability format (one JSON document each), fetched by
   somebody with a network and carried here. Nothing is asked of anybody.
2. A package is affected when an advisory names its version, or a range of versions that holds it (``introduced`` up to ``fixed`` or
   ``last_affected``), as the OSV schema 1.6 defines. Withdrawn advisories do not count.
3. An advisory that cannot be read is a complaint, never a package without advisories.
"""

from __future__ import annotations

import json
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from actuarial.basis.errors import InputError, Problem, raise_problems, shown
from actuarial.basis.plain_files import LARGEST_RECORD, read_plain, read_plain_text

ECOSYSTEM: Final = "PyPI"
LARGEST_FILE: Final = 200_000_000
"""Bytes of the archive; the published one has some tens of millions."""
MOST_BYTES: Final = 4 * 1024 * 1024
"""Largest advisory read; those published are below a tenth of it."""
_PINNED: Final = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;\\]+)")


@dataclass(frozen=True, order=True)
class Advisory:
    """An advisory that names a locked package."""

    package: str
    version: str
    id: str
    summary: str
    fixed: str
    """First version without the fault, empty when none is named."""


def locked(lock: Path) -> dict[str, tuple[str, ...]]:
    """Versions of every package of a lock, by normalised name; a package can have one for each version of Python.

    Raises :class:`InputError` when there is no such file, or a line pins no version.
    """
    text = read_plain_text(lock, LARGEST_RECORD)
    found: dict[str, tuple[str, ...]] = {}
    problems = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line or line[0] in " #":
            continue
        pinned = _PINNED.match(line)
        if pinned is None:
            problems.append(Problem(shown(lock), number, "", f"expected NAME==VERSION; found '{line[:80]}'"))
            continue
        name = canonicalize_name(pinned["name"])
        found[name] = (*found.get(name, ()), pinned["version"])
    raise_problems(problems)
    return found


def advisories(database: Path, packages: Mapping[str, tuple[str, ...]]) -> tuple[int, list[Advisory]]:
    """Number of advisories read, and those that name one of ``packages`` (versions by normalised name), by package.

    Raises :class:`InputError` when the file is no such archive, holds no advisory on Python packages, or one that cannot be read.
    """
    count, found = 0, set[Advisory]()
    problems: list[Problem] = []
    for name, document in _documents(database, problems):
        try:
            affected = [a for a in document.get("affected", []) if a.get("package", {}).get("ecosystem") == ECOSYSTEM]
            count += bool(affected)
            if not document.get("withdrawn"):
                found |= set(_naming(document, affected, packages))
        except (AttributeError, KeyError, TypeError, InvalidVersion) as error:
            problems.append(Problem(shown(database), 0, name, f"not an advisory in the OSV format ({type(error).__name__}: {error})"))
    raise_problems(problems)
    if not count:
        raise InputError(f"{shown(database)}: no advisory on packages of {ECOSYSTEM} in it")
    return count, sorted(found)


def _documents(database: Path, problems: list[Problem]) -> Iterator[tuple[str, Any]]:
    try:
        with zipfile.ZipFile(BytesIO(read_plain(database, LARGEST_FILE))) as archive:
            for entry in archive.infolist():
                if not entry.filename.endswith(".json"):
                    continue
                if entry.file_size > MOST_BYTES:
                    problems.append(Problem(shown(database), 0, entry.filename, f"{entry.file_size:,} bytes; allowed are {MOST_BYTES:,}"))
                    continue
                try:
                    with archive.open(entry) as part:
                        text = part.read(MOST_BYTES)
                    yield entry.filename, json.loads(text)
                except (ValueError, RecursionError):
                    problems.append(Problem(shown(database), 0, entry.filename, "not JSON"))
    except (OSError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise InputError(f"{shown(database)}: not an archive of advisories ({error})") from None


def _naming(document: Mapping[str, Any], affected: list[Any], packages: Mapping[str, tuple[str, ...]]) -> Iterator[Advisory]:
    for entry in affected:
        name = canonicalize_name(entry["package"]["name"])
        for version in packages.get(name, ()):
            if version in entry.get("versions", ()) or any(_holds(r, Version(version)) for r in entry.get("ranges", ())):
                fixes = [e["fixed"] for r in entry.get("ranges", ()) if r["type"] == "ECOSYSTEM" for e in r["events"] if "fixed" in e]
                summary = " ".join(str(document.get("summary") or document.get("details") or "").split())[:160]
                yield Advisory(name, version, str(document["id"]), summary, _next(fixes, version))


def _next(fixes: list[str], version: str) -> str:
    later = sorted(Version(fix) for fix in fixes if Version(fix) > Version(version))
    return str(later[0]) if later else ""


def _holds(affected: Mapping[str, Any], version: Version) -> bool:
    """Whether a range of versions holds one: its events are passed in order, the last one at or below the version decides."""
    if affected["type"] != "ECOSYSTEM":
        return False  # commits of a repository say nothing of releases; those stand under "versions"
    inside = False
    for event in sorted((e for e in affected["events"] if "limit" not in e), key=_order):
        if "introduced" in event and _version(event["introduced"]) <= version:
            inside = True
        elif ("fixed" in event and _version(event["fixed"]) <= version) or ("last_affected" in event and _version(event["last_affected"]) < version):
            inside = False
    return inside


def _order(event: Mapping[str, str]) -> tuple[Version, bool]:
    """Events by version; at the same version what is introduced there comes before what is fixed there."""
    kind = next((k for k in ("introduced", "fixed", "last_affected") if k in event), "introduced")  # one without any of them is a KeyError
    return _version(event[kind]), kind != "introduced"


def _version(text: str) -> Version:
    return Version("0.dev0") if text == "0" else Version(text)
