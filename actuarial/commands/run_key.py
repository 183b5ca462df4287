"""What results of a long run depend on: as a key for its checkpoints, and as a record beside its tables."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from actuarial.basis.instrument import Instrument
from actuarial.basis.scenario import Scenario
from actuarial.reporting.manifest import code_version, environment, hash_file, hash_tree, write_sums
from actuarial.reporting.run_folder import MANIFEST

ROOT = Path(__file__).resolve().parents[2]


def depends_on(scenario: Scenario, instrument: Instrument, data: Path = ROOT / "data") -> dict[str, str]:
    """Hashes of scenario, instrument, data and code."""

    def digest(folder: Path) -> str:
        return hashlib.sha256(repr(sorted(hash_tree(folder, folder.parent).items())).encode()).hexdigest()

    return {
        "scenario": hashlib.sha256(scenario.model_dump_json().encode()).hexdigest(),
        "instrument": hashlib.sha256(instrument.model_dump_json().encode()).hexdigest(),
        "data": digest(data),
        "code": digest(ROOT / "actuarial"),
    }


def write_record(
    folder: Path, kind: str, scenario: Scenario, instrument: Instrument, more: Mapping[str, Any], data: Path = ROOT / "data"
) -> None:
    """``manifest.json`` and ``SHA256SUMS`` of a folder whose tables are all written; ``data`` is the folder they were made from."""
    record = {
        "kind": kind,
        **more,
        "scenario": scenario.model_dump(mode="json"),
        "instrument": instrument.model_dump(mode="json", exclude={"figures"}),
        "inputs": hash_tree(data, data.parent) | hash_tree(ROOT / "scenarios", ROOT),
        "code": code_version(ROOT),
        "environment": environment(),
        "outputs": {path.name: hash_file(path) for path in sorted(folder.iterdir())},
    }
    text = json.dumps(record, indent=1, ensure_ascii=False, sort_keys=True)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8", newline="\n")
    write_sums(folder)
