"""Rebuild every table below ``data/`` and the descriptor ``data/datapackage.json``.

    python data/derive SOURCES

SOURCES is the folder with the source extracts (population, migration, economy, labour) in the layout that the
``where`` of each
source in the descriptor explains. The same extracts give the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(DATA), str(DATA.parent)]
# The modules say either ``common`` or ``derive.common``: both must be the same module.
sys.modules["common"] = importlib.import_module("derive.common")

MODULES = ("population", "migration", "economy", "labour", "uncertainty")
LARGEST_FILE = 1_000_000
"""Bytes; larger tables are split or made wide, so that the repository stays easy to read in a browser."""


def derive_all(sources: Path) -> list[Any]:
    """Derive the tables of every module, ordered by path. Raises ``ValueError`` when two have the same path."""
    tables = [t for name in MODULES for t in importlib.import_module(f"derive.{name}").derive(sources)]
    paths = [t.path for t in tables]
    if len(set(paths)) < len(paths):
        raise ValueError(f"two tables have the same path: {sorted(p for p in set(paths) if paths.count(p) > 1)}")
    return sorted(tables, key=lambda t: str(t.path))


def table_bytes(table: Any) -> bytes:
    """CSV of a table: UTF-8, LF. Raises ``ValueError`` when columns differ from the fields or it is too large."""
    declared = [f.name for f in table.fields]
    if list(table.frame.columns) != declared:
        raise ValueError(
            f"{table.path}: columns {list(table.frame.columns)} differ from the declared fields {declared}"
        )
    text = table.frame.to_csv(index=False, float_format=table.float_format, lineterminator="\n")
    content = str(text).encode("utf-8")
    if len(content) > LARGEST_FILE:
        raise ValueError(f"{table.path}: {len(content):,} bytes, more than {LARGEST_FILE:,}")
    return content


def descriptor(tables: Sequence[Any], contents: Sequence[bytes]) -> dict[str, Any]:
    """Frictionless Data Package of all tables."""
    return {
        "profile": "tabular-data-package",
        "name": "eac-social-security-coordination",
        "title": "Population, migration, economy and labour of the East African Community for social security "
        "projections",
        "description": "Derived from published figures by the scripts in data/derive; README.md says what may be done "
        "with them.",
        "licenses": [
            {"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/", "title": "See README.md"}
        ],
        "resources": [_resource(t, c) for t, c in zip(tables, contents, strict=True)],
    }


def _resource(table: Any, content: bytes) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": table.path.removesuffix(".csv").replace("/", "-").replace("_", "-").lower(),
        "path": table.path,
        "title": table.title,
        "description": table.transformation,
        "confidence": table.confidence,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": {"fields": [_field(f) for f in table.fields], "missingValues": [""]},
        "sources": [
            {
                "title": f"{s.title}, {s.edition}",
                "path": s.where,
                "publisher": s.publisher,
                "edition": s.edition,
                "licence": s.licence,
            }
            for s in table.sources
        ],
    }


def _field(field: Any) -> dict[str, Any]:
    result = {"name": field.name, "type": field.type, "unit": field.unit, "description": field.description}
    return result | ({"constraints": field.constraints} if field.constraints else {})


def write_all(tables: Sequence[Any], folder: Path) -> list[Path]:
    """Write all tables and the descriptor below ``folder``; return the files written."""
    contents = [table_bytes(t) for t in tables]
    written = []
    for table, content in zip(tables, contents, strict=True):
        path = folder / table.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        written.append(path)
    text = json.dumps(descriptor(tables, contents), indent=1, ensure_ascii=False) + "\n"
    path = folder / "datapackage.json"
    path.write_bytes(text.encode("utf-8"))
    return [*written, path]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python data/derive", description="Rebuild every table below data/.")
    parser.add_argument("sources", type=Path, help="folder with the source extracts")
    parser.add_argument("--out", type=Path, default=DATA, help="folder to write to (default: data)")
    options = parser.parse_args(arguments)
    if not (options.sources / "eac").is_dir():
        parser.error(f"{options.sources} holds no folder 'eac' with source extracts")
    for path in write_all(derive_all(options.sources), options.out):
        sys.stdout.write(f"{path.relative_to(options.out).as_posix()}  {path.stat().st_size:,} bytes\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
