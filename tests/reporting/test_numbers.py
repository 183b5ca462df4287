"""Figures as readers see them: house rules of :mod:`actuarial.reporting.numbers`."""

import doctest
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actuarial.reporting import blocks, numbers, sizes


@pytest.mark.parametrize("module", [numbers, blocks, sizes])
def test_examples_in_docstrings(module: object) -> None:
    outcome = doctest.testmod(module)  # type: ignore[arg-type]
    assert outcome.attempted > 0
    assert outcome.failed == 0


@given(st.floats(min_value=1.1e-12, max_value=1.0))
def test_a_small_difference_is_never_shown_as_none(value: float) -> None:
    for signed, mark in ((value, "+"), (-value, numbers.MINUS)):
        text = numbers.points(signed)
        assert text.startswith(mark)
        assert any(c in "123456789" for c in text)


@given(st.floats(min_value=-1e17, max_value=1e17))
def test_compact_is_right_to_three_digits(value: float) -> None:
    text = numbers.compact(value).replace(numbers.MINUS, "-").replace(",", "")
    figure, _, word = text.partition(numbers.NBSP)
    scale = dict(zip(("quadrillion", "trillion", "billion", "million"), numbers.SCALES, strict=True)).get(word, 1.0)
    assert float(figure) * scale == pytest.approx(value, rel=5.1e-3, abs=1e-14)


def test_zero_and_missing() -> None:
    assert numbers.points(0.0) == "no change"
    assert numbers.year(math.nan) == "not within the horizon"
    assert numbers.rate(math.nan) == numbers.DASH
    assert numbers.decimal(-0.001, 2) == "0.00"
