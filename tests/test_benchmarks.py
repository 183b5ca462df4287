"""Benchmarks run, and what they compare agrees; no time is asserted."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

FOLDER = Path(__file__).parents[1] / "benchmarks"


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"benchmark_{name}", FOLDER / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_kernel_agrees_with_the_lattice_in_plain_numpy() -> None:
    assert load("lattice").agreement(4) <= 1e-12


def test_the_benchmark_prints_both_times_and_their_ratio(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    lattice = load("lattice")
    monkeypatch.setattr(lattice, "seconds", lambda work: 2.0 if work() is None else 1.0)
    assert lattice.main(["2"]) == 0
    printed = capsys.readouterr().out
    assert all(word in printed for word in ("largest relative difference", "plain NumPy", "compiled kernel", "ratio"))
    monkeypatch.setattr(lattice, "agreement", lambda _years: 1e-6)
    assert lattice.main(["2"]) == 1
