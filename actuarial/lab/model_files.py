"""An explorer's model as two files: ``model.json`` with its structure, ``arrays.npz`` with its numbers. Data only: reading one runs no foreign code.

A dataclass is an object with its name under ``$type``, an array its position in ``arrays.npz`` under ``$array``, a tuple a list under ``$tuple``.
"""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from actuarial.basis.dimensions import Array
from actuarial.feasibility.pay_response import PayResponse
from actuarial.feasibility.scheme_basis import MostOf, SchemeBasis
from actuarial.feasibility.stayer_ages import StayerAges
from actuarial.lab.model import ExplorerModel, SchemeModel
from actuarial.lab.units import Units

TYPES: Final = {t.__name__: t for t in (ExplorerModel, SchemeModel, Units, SchemeBasis, StayerAges, PayResponse, MostOf)}
STRUCTURE: Final = "model.json"
ARRAYS: Final = "arrays.npz"


def write_model(model: ExplorerModel, folder: Path) -> None:
    """Write a model into the new folder ``folder``."""
    folder.mkdir(parents=True)
    arrays: list[Array] = []
    structure = _plain(model, arrays)
    (folder / STRUCTURE).write_text(json.dumps(structure), encoding="utf-8")
    named: dict[str, Any] = {f"a{n}": array for n, array in enumerate(arrays)}
    np.savez(folder / ARRAYS, **named)


def read_model(folder: Path) -> ExplorerModel:
    """Read what :func:`write_model` wrote, the same to the last bit. Raises ``FileNotFoundError`` and ``ValueError`` for anything else."""
    structure = json.loads((folder / STRUCTURE).read_text(encoding="utf-8"))
    with np.load(folder / ARRAYS, allow_pickle=False) as arrays:
        found = _made(structure, [arrays[f"a{n}"] for n in range(len(arrays.files))])
    if not isinstance(found, ExplorerModel):
        raise ValueError(f"{folder.name} holds no model of an explorer")
    return found


def _plain(value: Any, arrays: list[Array]) -> Any:
    if is_dataclass(value):
        return {"$type": type(value).__name__} | {f.name: _plain(getattr(value, f.name), arrays) for f in fields(value)}
    if isinstance(value, np.ndarray):
        arrays.append(value)
        return {"$array": len(arrays) - 1}
    if isinstance(value, tuple):
        return {"$tuple": [_plain(v, arrays) for v in value]}
    if isinstance(value, dict):
        return {str(k): _plain(v, arrays) for k, v in value.items()}
    if isinstance(value, np.generic):
        return value.item()
    return value


def _made(value: Any, arrays: list[Array]) -> Any:
    if not isinstance(value, dict):
        return value
    if "$array" in value:
        return arrays[value["$array"]]
    if "$tuple" in value:
        return tuple(_made(v, arrays) for v in value["$tuple"])
    inner = {k: _made(v, arrays) for k, v in value.items() if k != "$type"}
    if "$type" not in value:
        return inner
    if value["$type"] not in TYPES:
        raise ValueError(f"a model has no part of type {value['$type']!r}")
    return TYPES[value["$type"]](**inner)
