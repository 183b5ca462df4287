"""Results that say how sure a study is, computed beforehand by ``actuarial sensitivity`` and ``actuarial ensemble``, beside its tables.

1. They belong to the study only when scenario, instrument and every file of the data are the same; a complaint names what differs.
2. A run keeps the tables that its reports show below ``results/sensitivity`` and ``results/ensemble``, with the record of how they were made.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from actuarial.basis.errors import InputError, shown
from actuarial.basis.plain_files import LARGEST_RECORD, is_file, read_plain_text
from actuarial.basis.plain_text import short
from actuarial.reporting.manifest import hash_file
from actuarial.reporting.run_folder import MANIFEST

if TYPE_CHECKING:
    import pandas as pd

    from actuarial.basis.instrument import Instrument
    from actuarial.basis.scenario import Scenario

SENSITIVITY: Final = "sensitivity"
ENSEMBLE: Final = "ensemble"
TABLES: Final = {SENSITIVITY: ("sensitivity",), ENSEMBLE: ("quantiles", "indicators", "exhaustion", "threshold", "base")}
"""Tables that reports show, by kind of result."""
ENSEMBLE_REGION: Final = "REGION"
SENSITIVITY_REGION: Final = "region"
"""The region among the countries of the tables."""


MOST_ROWS: Final = 10_000_000
"""Rows of a table: a few bytes may stand for many more, and all are read at once."""


@dataclass(frozen=True)
class Uncertainty:
    """What is known of how sure a study is; nothing where nothing was computed."""

    sensitivity: pd.DataFrame | None = None
    """Table of :class:`actuarial.feasibility.sensitivity.SensitivityResult`."""
    ensemble: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    """Tables of :mod:`actuarial.feasibility.ensemble_tables` by name, without the paths themselves."""
    run: Mapping[str, Any] = field(default_factory=dict)
    """What was drawn: seed, paths, only, shocks, parameter_uncertainty."""


def check_results(folder: Path, kind: str, scenario: Scenario, instrument: Instrument, inputs: Mapping[str, str]) -> None:
    """Refuse results that are not whole or not of this study.

    ``inputs`` are the hashes of the files that the study reads, by name; those below ``data/`` must agree. Raises :class:`InputError`.
    """
    option = f"--{kind} {shown(folder)}"
    try:
        record = json.loads(read_plain_text(folder / MANIFEST, LARGEST_RECORD))
        outputs = dict(record["outputs"])
        found = {"kind": record["kind"], "scenario": record["scenario"], "instrument": record["instrument"]}
        read = {name: digest for name, digest in record["inputs"].items() if name.startswith("data/")}
    except (InputError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise InputError(f"{option}: no results of `actuarial {kind}` (its --out writes a folder with {MANIFEST})") from None
    if found["kind"] != kind:
        raise InputError(f"{option}: holds results of `actuarial {short(str(found['kind']))}`, not of `actuarial {kind}`")
    for name in (f"{table}.parquet" for table in TABLES[kind]):
        if name not in outputs or not is_file(folder / name) or hash_file(folder / name) != outputs[name]:
            raise InputError(f"{option}: {name} is missing or not as it was written")
    _check_tables(folder, kind, option)
    data = {name: digest for name, digest in inputs.items() if name.startswith("data/")}
    differing = _differences("scenario", found["scenario"], scenario.model_dump(mode="json"))
    differing += _differences("instrument", found["instrument"], instrument.model_dump(mode="json", exclude={"figures"}))
    differing += sorted(name for name in {*read, *data} if read.get(name) != data.get(name))
    if differing:
        head = f"{option} was computed from other inputs than these reports; compute it again. Different:"
        raise InputError("\n".join([head, *(f"  {line}" for line in differing)]))


def _check_tables(folder: Path, kind: str, option: str) -> None:
    """Refuse tables that are none, though their hashes are those of the record: whoever wrote them wrote it too."""
    from pyarrow import ArrowException
    from pyarrow.parquet import ParquetFile

    for table in TABLES[kind]:
        try:
            with ParquetFile(folder / f"{table}.parquet") as file:
                rows = file.metadata.num_rows
        except (OSError, ArrowException, ValueError) as error:
            raise InputError(f"{option}: {table}.parquet is not a table ({' '.join(str(error).split())})") from None
        if rows > MOST_ROWS:
            raise InputError(f"{option}: {table}.parquet has {rows:,} rows; allowed are {MOST_ROWS:,}")


def _differences(at: str, found: object, wanted: object) -> list[str]:
    """Dotted names of what differs between two trees of plain values."""
    if isinstance(found, dict) and isinstance(wanted, dict):
        return [line for key in sorted({*found, *wanted}, key=str) for line in _differences(f"{at}.{key}", found.get(key), wanted.get(key))]
    return [] if found == wanted else [f"{at}: there {short(str(found))}, here {short(str(wanted))}"]


def attach(folder: Path, kind: str, results: Path) -> None:
    """Copy the tables that reports show, and how they were made, beside the tables of the study."""
    place = results / kind
    place.mkdir()
    for table in TABLES[kind]:
        shutil.copyfile(folder / f"{table}.parquet", place / f"{table}.parquet")
    shutil.copyfile(folder / MANIFEST, place / "record.json")


def read_uncertainty(results: Path) -> Uncertainty:
    """What :func:`attach` put beside the study in ``results``."""
    import pandas as pd

    found: dict[str, dict[str, pd.DataFrame]] = {}
    for kind, names in TABLES.items():
        if (results / kind).is_dir():
            found[kind] = {name: pd.read_parquet(results / kind / f"{name}.parquet") for name in names}
    run = json.loads((results / ENSEMBLE / "record.json").read_text(encoding="utf-8")).get("run", {}) if ENSEMBLE in found else {}
    return Uncertainty(found.get(SENSITIVITY, {}).get("sensitivity"), found.get(ENSEMBLE, {}), run)
