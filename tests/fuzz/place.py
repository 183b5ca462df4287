"""Where a worker tries files: copies of what is shipped, a folder for the file of the moment, and what a refused file must leave as it is."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCENARIOS = ROOT / "scenarios"
WORKBOOK_COUNTRIES = ("SOM", "KEN", "RWA")
Snapshot = dict[str, tuple[int, int]]


@dataclass(frozen=True)
class Place:
    """Folders below ``root``: ``data`` (a copy), ``work`` (emptied for each file), ``out`` (an earlier run), ``cwd`` and ``tmp``."""

    root: Path

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def work(self) -> Path:
        return self.root / "work"

    @property
    def out(self) -> Path:
        return self.root / "out"

    @property
    def cwd(self) -> Path:
        """Deep enough that a relative name that climbs stays below ``root``."""
        return self.root / "c" / "w" / "d" / "cwd"

    @property
    def tmp(self) -> Path:
        return self.root / "tmp"

    @classmethod
    def made(cls, root: Path) -> Place:
        place = cls(root)
        shutil.copytree(ROOT / "data", place.data, ignore=shutil.ignore_patterns("derive", "__pycache__", ".*"))
        for folder in (place.work, place.out, place.cwd, place.tmp):
            folder.mkdir(parents=True)
        (place.out / "manifest.json").write_text("{}")
        (place.out / "report.pdf").write_bytes(b"an earlier report")
        os.chdir(place.cwd)
        os.environ["TMPDIR"] = str(place.tmp)
        tempfile.tempdir = str(place.tmp)
        return place

    @cached_property
    def members(self) -> tuple[str, ...]:
        from actuarial.basis.region import load_region

        return load_region(self.data).members

    def workbook(self, country: str) -> bytes:
        """An untouched workbook, written once."""
        from actuarial.input_workbook.layout import template
        from actuarial.input_workbook.write import write_template

        path = self.root / "books" / f"{country}.xlsx"
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            write_template(template(self.data, country), path)
        return path.read_bytes()

    def clear(self) -> None:
        """Empty what a file was tried in."""
        for folder in (self.work, self.tmp, self.cwd):
            for path in folder.iterdir():
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path)
                else:
                    path.unlink()

    def snapshot(self) -> Snapshot:
        """Every file that no refused input may touch, with size and time of change."""
        found = {}
        for folder in (self.out, self.root / "c", self.tmp):
            for path in folder.rglob("*"):
                at = path.lstat()
                found[str(path.relative_to(self.root))] = (at.st_size, at.st_mtime_ns if not path.is_dir() else 0)
        return found
