"""What reports of a run were made from: a record known before any of them exists, and one identity that all of them carry.

1. The record is ``results/made_from.json``: hashes of the inputs, scenario and instrument as they were read (``settings``), what the study says about
   itself, hashes of the records of sensitivity and ensemble, versions of code and packages, what the last validation found.
   It holds no times of the run and no choice of countries or language: every report of one study has the same.
2. The identity is the SHA-256 of the canonical JSON (keys sorted, no blanks, UTF-8) of ``settings``, ``study``, ``uncertainty`` and ``inputs``. It is
   the same on every machine. Of ``inputs`` only those below ``data/`` count when the settings are there: another scenario saved beside the one
   that was read, a notebook, or a workbook whose figures are in the data, changes nothing.
3. PDF: attached file and keyword; HTML: ``<meta name="inputs-sha256">``; DOCX: identifier among the core properties; workbooks: :func:`properties`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

RECORD: Final = "made_from.json"
SCHEMA: Final = 1
_IDENTIFYING: Final = ("settings", "study", "uncertainty")
_BESIDE: Final = ("scenarios/", "notebooks/", "given/", "workbooks/")
_SHOWN: Final = 16


@dataclass(frozen=True)
class Provenance:
    """The record as text of a JSON file, and the identity of the inputs (64 hexadecimal digits)."""

    identity: str
    record: str

    @property
    def short(self) -> str:
        """The first digits of the identity, in groups, as a cover shows them."""
        return " ".join(self.identity[i : i + 4] for i in range(0, _SHOWN, 4))


def provenance(head: Mapping[str, Any]) -> Provenance:
    """The record of a run from the head of its manifest. Raises ``KeyError`` when the head lacks an entry the record needs."""
    said = {name: head[name] for name in ("inputs", "study", "uncertainty", "code", "environment")}
    said |= {name: head[name] for name in ("settings", "validation", "workbooks") if name in head}
    identity = _identity(said)
    text = json.dumps({"schema": SCHEMA, "identity": identity, **said}, indent=1, ensure_ascii=False, sort_keys=True, allow_nan=False)
    return Provenance(identity, text + "\n")


def write_provenance(results: Path, made_from: Provenance) -> None:
    """Keep the record beside the tables of the study."""
    (results / RECORD).write_text(made_from.record, encoding="utf-8", newline="\n")


def read_provenance(results: Path) -> Provenance | None:
    """The record kept beside the tables of a study; ``None`` when there is none (tables written without a run).

    Raises ``ValueError`` when the record was changed: its identity is not that of its entries.
    """
    path = results / RECORD
    if not path.is_file():
        return None
    text = path.read_text(encoding="utf-8")
    said = json.loads(text)
    if said.get("identity") != _identity(said):
        raise ValueError(f"{path.name}: the identity is not that of the inputs it names")
    return Provenance(said["identity"], text)


def properties(made_from: Provenance) -> dict[str, str]:
    """Names and values for files that carry properties of their own, such as workbooks."""
    study = json.loads(made_from.record)["study"]
    names = {"Scenario": "scenario", "Instrument": "instrument", "Valuation date": "valuation_date", "Software": "package_version"}
    return {"Inputs SHA-256": made_from.identity, **{name: str(study[key]) for name, key in names.items() if key in study}}


def _identity(said: Mapping[str, Any]) -> str:
    counted = {name: digest for name, digest in said["inputs"].items() if not (said.get("settings") and name.startswith(_BESIDE))}
    what = {"inputs": counted, **{name: said.get(name) for name in _IDENTIFYING}}
    canonical = json.dumps(what, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()
