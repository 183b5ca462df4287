"""Numbers that cannot be right are found, and the place named is the first in time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actuarial.basis.errors import NumericalFailure
from actuarial.basis.guard import Axes, guard, guard_conserved

AXES: Axes = {"country": ("AAA", "BBB"), "sex": ("male", "female"), "age": 15, "year": 2026}
SHAPE = (2, 2, 5, 6)
WRONG = (np.nan, np.inf, -np.inf, -1.0, 2.0)


@given(st.tuples(*(st.integers(0, n - 1) for n in SHAPE)), st.sampled_from(WRONG))
def test_any_single_wrong_cell_is_named(at: tuple[int, int, int, int], value: float) -> None:
    values = np.full(SHAPE, 0.5)
    values[at] = value
    with pytest.raises(NumericalFailure) as failure:
        guard("stage", "what", values, AXES, 0.0, 1.0)
    country, sex, age, year = at
    place = f"{('AAA', 'BBB')[country]}, {('male', 'female')[sex]}, year {2026 + year}, age {15 + age}"
    assert str(failure.value).startswith(f"stage: what, {place} is ")


@given(st.lists(st.tuples(*(st.integers(0, n - 1) for n in SHAPE)), min_size=1, max_size=6, unique=True))
def test_the_first_failure_is_the_earliest_then_the_youngest(cells: list[tuple[int, int, int, int]]) -> None:
    values = np.zeros(SHAPE)
    for cell in cells:
        values[cell] = np.nan
    country, sex, age, year = min(cells, key=lambda c: (c[3], c[2], c[0], c[1]))
    place = f"{('AAA', 'BBB')[country]}, {('male', 'female')[sex]}, year {2026 + year}, age {15 + age}"
    with pytest.raises(NumericalFailure, match=f"{place} is nan") as failure:
        guard("stage", "what", values, AXES)
    assert (f"({len(cells) - 1} more cells)" in str(failure.value)) == (len(cells) > 1)


@given(st.floats(0.0, 1e300, allow_subnormal=False), st.floats(1e-3, 1.0))
def test_rounding_passes_and_more_does_not(size: float, share: float) -> None:
    size = max(size, 1e-290)
    guard("stage", "what", np.array([size, -size * 0.9e-9 * share]), {"year": 2026}, least=0.0)
    with pytest.raises(NumericalFailure, match="year 2027"):
        guard("stage", "what", np.array([size, -size * 1.1e-9 / share]), {"year": 2026}, least=0.0)


def test_a_sound_cell_beside_an_infinite_one_is_not_blamed() -> None:
    with pytest.raises(NumericalFailure, match="year 2028 is inf") as failure:
        guard("stage", "what", np.array([1.0, -1e-12, np.inf]), {"year": 2026}, least=0.0)
    assert "more cells" not in str(failure.value)


def test_conservation_names_the_gap() -> None:
    before, after = np.full((2, 3), 1e6), np.full((2, 3), 1e6)
    guard_conserved("stage", "people", before, after * (1 + 5e-10), {"country": ("AAA", "BBB"), "year": 2026})
    after[1, 2] += 1.0
    with pytest.raises(NumericalFailure, match=r"people not conserved, BBB, year 2028: \+1 of 1e\+06"):
        guard_conserved("stage", "people", before, after, {"country": ("AAA", "BBB"), "year": 2026})
    after[0, 0] = np.nan
    with pytest.raises(NumericalFailure, match="AAA, year 2026"):
        guard_conserved("stage", "people", before, after, {"country": ("AAA", "BBB"), "year": 2026})


def test_axes_must_fit() -> None:
    with pytest.raises(ValueError, match="1 axes are named"):
        guard("stage", "what", np.zeros((2, 2)), {"year": 2026})
    guard("stage", "what", np.zeros((0, 2)), {"age": 0, "year": 2026})
