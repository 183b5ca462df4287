"""Commands worth killing: what each writes, and what of it may differ between two runs of the same inputs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

Content = dict[str, bytes]
_TIMES = ("started", "ended", "read_from_cache")


@dataclass(frozen=True)
class Job:
    """One command; its words hold ``{out}`` for the output and ``{kept}`` for a folder that lives from start to start."""

    name: str
    words: tuple[str, ...]
    out: str
    """Name of the output: long, with blanks and letters that are not ASCII."""
    what: str


JOBS = {
    job.name: job
    for job in (
        Job("template", ("template", "KEN", "--replace", "--out", "{out}"), "Angaben Größe 東 KEN.xlsx", "a file"),
        Job("reports", ("reports", "--country", "RWA", "--out", "{out}"), f"rapport été {'x' * 60}", "reports of one country from the kept study"),
        Job("compare", ("compare", "--instrument", "eac-directive", "--instrument", "pro-rata-only", "--country", "RWA", "--out", "{out}"),
            "comparaison été", "a comparison from kept studies"),
        Job("price", ("price", "--csv", "{out}"), "Preise ä", "tables beside a printed answer"),
        Job("ensemble", ("ensemble", "--paths", "100", "--workers", "2", "--checkpoint", "{kept}", "--resume", "--out", "{out}"), "Fächer",
            "tables from a run that goes on where it was killed"),
    )
}  # fmt: skip
DEFAULT = ("template", "reports", "compare", "price")


def content(path: Path) -> Content:
    """The files of an output by name, without what may differ: times in manifests, and with them the sum of the manifest."""
    if path.is_file():
        return {path.name: path.read_bytes()}
    names = (file for file in sorted(path.rglob("*")) if file.is_file())
    return {name: _without_times(name, file.read_bytes()) for file in names for name in [file.relative_to(path).as_posix()]}


def _without_times(name: str, file: bytes) -> bytes:
    if name == "SHA256SUMS":
        return b"".join(line for line in file.splitlines(keepends=True) if not line.endswith(b"  manifest.json\n"))
    if name != "manifest.json":
        return file
    try:
        manifest = json.loads(file)
    except ValueError:
        return file
    manifest = {key: value for key, value in manifest.items() if key not in _TIMES}
    manifest.get("study_cache", {}).pop("read", None)
    return json.dumps(manifest, sort_keys=True).encode()


def spoilt_copy(whole: Path, place: Path) -> None:
    """An earlier output: the files of a whole one, each with a line more, so that old and new can be told apart."""
    if whole.is_file():
        place.write_bytes(whole.read_bytes() + b"earlier")
        return
    for path in sorted(whole.rglob("*")):
        to = place / path.relative_to(whole)
        to.parent.mkdir(parents=True, exist_ok=True)
        if path.is_file():
            to.write_bytes(path.read_bytes() + b"earlier")
