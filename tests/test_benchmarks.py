"""Benchmarks run, and what they compare agrees; no time is asserted."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from scipy.linalg import expm

from actuarial.careers.service_chain import service_distribution

FOLDER = Path(__file__).parents[1] / "benchmarks"


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"benchmark_{name}", FOLDER / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
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


def test_the_step_of_the_lattice_against_the_published_case_and_the_toolkit() -> None:
    step = load("lattice_step")
    yearly, half = step.constant_case(steps=(1,))
    assert yearly.values["vested alone"] == pytest.approx(step.PUBLISHED, abs=1e-8)
    # The toolkit's chain with half credits, in half-years.
    cells = service_distribution(step.CONSTANT, 40, "half")
    h, k = (x / 2 for x in np.indices(cells.shape))
    assert half.values["vested alone"] == pytest.approx(cells[h >= 15].sum(), abs=1e-12)
    assert half.values["by totalisation"] == pytest.approx(cells[(h < 15) & (h > 0) & (h + k >= 15)].sum(), abs=1e-12)
    quarterly = step.constant_case(steps=(4,), years=10, needed=5)
    assert quarterly[0].values["years at home"] > quarterly[1].values["years at home"]


def test_hazards_give_back_the_yearly_probabilities() -> None:
    step = load("lattice_step")
    up, down = step.pair(0.2, 0.1)
    np.testing.assert_allclose(expm(np.array([[-up, up], [down, -down]])), [[0.8, 0.2], [0.1, 0.9]], atol=1e-12)
    assert step.pair(0.0, 0.0) == (0.0, 0.0)
    with pytest.raises(ArithmeticError, match="no constant hazards"):
        step.pair(0.6, 0.4)
    rates = step.YearRates((0.1, 0.2), (0.05, 0.02), (0.3, 0.1), (0.01, 0.02), 0.08, 0.03, (0.99, 0.98))
    quarter = expm(step.generator(rates) / 4)
    alive = np.linalg.matrix_power(quarter, 4).sum(axis=1)
    # Nobody dies faster than where mortality is higher, nor slower than where it is lower.
    assert ((alive > 0.98 - 1e-12) & (alive < 0.99 + 1e-12)).all()
    np.testing.assert_allclose(step.yearly(rates).sum(axis=1), [0.99, 0.99, 0.99, 0.99, 0.98, 0.98])
