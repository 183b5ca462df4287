"""Random finances of a scheme for the property tests."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

Finances = tuple[np.ndarray, np.ndarray, float, np.ndarray]
"""Expenditure, insurable earnings, initial reserve, investment return."""


def yearly(years: int, low: float, high: float) -> st.SearchStrategy[np.ndarray]:
    return st.lists(st.floats(low, high, allow_subnormal=False), min_size=years, max_size=years).map(np.array)


@st.composite
def finances(draw: st.DrawFn, longest: int = 25, lowest_return: float = -0.05) -> Finances:
    years = draw(st.integers(1, longest))
    return (
        draw(yearly(years, 0.0, 100.0)),
        draw(yearly(years, 1.0, 1000.0)),
        draw(st.floats(-200.0, 500.0, allow_subnormal=False)),
        draw(yearly(years, lowest_return, 0.15)),
    )
