"""Variants change one thing and nothing else, and change nothing at a neutral size."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
import pytest
from pydantic import BaseModel

from actuarial.basis.dimensions import AGE_COUNT, FIRST_YEAR, HORIZON, year_index
from actuarial.basis.errors import InputError
from actuarial.basis.scenario import Scenario
from actuarial.demography.corridors import DemographicProjection
from actuarial.feasibility import variants
from actuarial.feasibility.engine import country_inputs
from actuarial.feasibility.inputs import StudyBasis, migrant_coverage

START = year_index(FIRST_YEAR)


def changed(before: Any, after: Any, place: str = "") -> set[str]:
    """Places that differ between two bases, by value; arrays of no and of neutral factors are told apart on purpose."""
    if before is after:
        return set()
    if is_dataclass(before) and type(before) is type(after):
        return set().union(*(changed(getattr(before, f.name), getattr(after, f.name), f"{place}.{f.name}".lstrip(".")) for f in fields(before)))
    if isinstance(before, BaseModel) and type(before) is type(after):
        return set().union(*(changed(getattr(before, n), getattr(after, n), f"{place}.{n}".lstrip(".")) for n in type(before).model_fields))
    if isinstance(before, tuple) and isinstance(after, tuple) and len(before) == len(after):
        return set().union(set(), *(changed(a, b, f"{place}[{i}]") for i, (a, b) in enumerate(zip(before, after, strict=True))))
    if isinstance(before, np.ndarray) or isinstance(after, np.ndarray):
        same = isinstance(before, np.ndarray) and isinstance(after, np.ndarray) and np.array_equal(before, after, equal_nan=True)
        return set() if same else {place}
    return set() if before == after else {place}


def size(basis: StudyBasis) -> int:
    return len(basis.countries)


def test_mortality_changes_death_rates_of_the_future_only(basis: StudyBasis) -> None:
    log = np.zeros((size(basis), AGE_COUNT, HORIZON))
    log[2, 60:, 4:] = np.log(1.1)
    other = variants.with_mortality(basis, log)
    assert changed(basis, other) == {"population.death_rates"}
    ratio = other.population.death_rates / basis.population.death_rates
    assert (ratio[..., : START + 4] == 1.0).all() and (np.delete(ratio, 2, axis=0) == 1.0).all() and (ratio[:, :, :60] == 1.0).all()
    np.testing.assert_allclose(ratio[2, :, 60:, START + 4 :], 1.1, rtol=1e-12)
    assert not changed(basis, variants.with_mortality(basis, 0.0 * log))


def test_mortality_may_differ_by_sex(basis: StudyBasis) -> None:
    log = np.zeros((1, 2, 1, 1))
    log[0, 1] = np.log(0.9)
    ratio = variants.with_mortality(basis, log).population.death_rates / basis.population.death_rates
    assert (ratio[:, 0] == 1.0).all()
    np.testing.assert_allclose(ratio[:, 1, :, START:], 0.9, rtol=1e-12)


@pytest.mark.parametrize("shape", [(75,), (3, AGE_COUNT, HORIZON), (1, AGE_COUNT, 74)])
def test_a_factor_of_another_shape_is_refused(basis: StudyBasis, shape: tuple[int, ...]) -> None:
    with pytest.raises(InputError, match="shape"):
        variants.with_mortality(basis, np.zeros(shape))


def test_a_factor_must_be_a_number_and_not_negative(basis: StudyBasis) -> None:
    with pytest.raises(InputError, match="finite"):
        variants.with_mortality(basis, np.full((1, 1, 1), np.nan))
    with pytest.raises(InputError, match="-0.5, allowed is 0 or more"):
        variants.with_coverage(basis, np.full((1, 1), -0.5))


def test_cover_of_residents_from_the_first_year_end_on(basis: StudyBasis, scenario: Scenario, whole_demography: DemographicProjection) -> None:
    factor = np.ones((size(basis), HORIZON))
    c = basis.countries.index("KEN")
    factor[c, :] = 1.2
    other = variants.with_coverage(basis, factor)
    assert changed(basis, other) == {"labour.cover_factor"}
    before, after = (country_inputs(b, whole_demography, c, scenario).coverage for b in (basis, other))
    # Published contributors stand at 1 January of the first projection year; the first factor acts a year later.
    assert (after.share[..., : START + 1] == before.share[..., : START + 1]).all()
    np.testing.assert_allclose(after.share[..., START + 1 :], 1.2 * before.share[..., START + 1 :], rtol=1e-12)
    np.testing.assert_allclose(after.level[START + 1 :], 1.2 * before.level[START + 1 :], rtol=1e-12)
    twice = variants.with_coverage(other, factor).labour.cover_factor
    assert twice is not None and np.allclose(twice[c], 1.44)
    rest = basis.countries.index("TZA")
    elsewhere = [country_inputs(b, whole_demography, rest, scenario).coverage.share for b in (basis, other)]
    assert (elsewhere[0] == elsewhere[1]).all()
    neutral = country_inputs(variants.with_coverage(basis, np.ones((1, 1))), whole_demography, c, scenario).coverage
    assert (neutral.share == before.share).all()


def test_more_than_everybody_cannot_be_covered(basis: StudyBasis, scenario: Scenario, whole_demography: DemographicProjection) -> None:
    with pytest.raises(InputError, match="KEN, allowed 0 to 1"):
        country_inputs(variants.with_coverage(basis, np.full((1, 1), 10.0)), whole_demography, basis.countries.index("KEN"), scenario)


def test_cover_of_migrants_by_host(basis: StudyBasis, scenario: Scenario) -> None:
    host = basis.countries.index("KEN")
    factor = np.ones((size(basis), HORIZON))
    factor[host, 1:] = 0.8
    other = variants.with_migrant_coverage(basis, factor)
    assert changed(basis, other) == {"careers.migrant_cover_factor"}
    base = migrant_coverage(basis, scenario, 0, host)
    assert (migrant_coverage(other, scenario, 0, host)[START + 1 :] == 0.8 * base[START + 1 :]).all()
    assert (migrant_coverage(other, scenario, 0, host)[: START + 1] == base[: START + 1]).all()
    assert (migrant_coverage(other, scenario, 0, 0) == migrant_coverage(basis, scenario, 0, 0)).all()
