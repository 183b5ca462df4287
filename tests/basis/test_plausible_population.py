"""Mortality and fertility that pass age by age and cannot be as a whole."""

import numpy as np

from actuarial.basis import plausible_population as plausible

AGES = np.arange(101.0)


def told(found: plausible.Found) -> str:
    return "; ".join(text for _, text in found)


def rates(values: np.ndarray) -> np.ndarray:
    """One country, one year."""
    return np.broadcast_to(values, (101,))[np.newaxis, :, np.newaxis].astype(np.float64)


def test_mortality_that_grows_with_age_passes() -> None:
    assert not told(plausible.death_rates(rates(np.exp(0.07 * AGES) * 0.5)))


def test_mortality_that_falls_with_age_is_refused() -> None:
    assert "mortality must grow between them" in told(plausible.death_rates(rates(20.0 * 0.9 ** np.maximum(AGES - 40.0, 0.0))))


def test_nobody_lives_for_ever_or_dies_in_childhood() -> None:
    assert "expectation of life of 101.4" in told(plausible.death_rates(rates(np.exp(0.01 * AGES) * 0.01)))
    assert "allowed 8 to 95" in told(plausible.death_rates(rates(np.exp(0.001 * AGES) * 300.0)))
    assert "allowed from 0.001" in told(plausible.death_rates(rates(np.full(101, 0.0001))))


def test_fertility_has_a_shape() -> None:
    flat = np.full((1, 35, 1), 0.1)
    assert "the highest must be 2 times the lowest" in told(plausible.fertility(flat))
    assert not told(plausible.fertility(flat * np.linspace(0.2, 1.8, 35)[:, np.newaxis]))
