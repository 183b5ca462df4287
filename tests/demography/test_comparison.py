"""The projection against World Population Prospects 2024, with the tolerances the project sets itself."""

from pathlib import Path

import numpy as np
import pytest

from actuarial.basis.population import PopulationBasis, load_reference_population
from actuarial.demography.comparison import (
    GROUP_MEDIAN_TOLERANCE,
    GROUP_TOLERANCE,
    OVER_60_TOLERANCE,
    OVER_80_TOLERANCE,
    TOTAL_TOLERANCE,
    TOTAL_TOLERANCE_TO_2050,
    Comparison,
    compare,
    comparison_page,
    five_year_groups,
    main,
)
from actuarial.demography.population import PopulationProjection
from tests.demography.conftest import DATA


@pytest.fixture(scope="module")
def comparison(population_projection: PopulationProjection) -> Comparison:
    return compare(population_projection, load_reference_population(DATA, population_projection.countries))


def test_every_fifth_year_is_compared(comparison: Comparison) -> None:
    assert comparison.years == tuple(range(2030, 2101, 5))


def test_tolerances(comparison: Comparison) -> None:
    to_2050 = [i for i, year in enumerate(comparison.years) if year <= 2050]
    assert np.abs(comparison.total[:, to_2050]).max() < TOTAL_TOLERANCE_TO_2050 == 0.003
    assert np.abs(comparison.total).max() < TOTAL_TOLERANCE == 0.005
    assert np.abs(comparison.over_60).max() < OVER_60_TOLERANCE == 0.01
    assert np.abs(comparison.over_80).max() < OVER_80_TOLERANCE == 0.03
    assert np.abs(comparison.groups).max() < GROUP_TOLERANCE == 0.02
    assert np.median(np.abs(comparison.groups), axis=(1, 2, 3)).max() < GROUP_MEDIAN_TOLERANCE == 0.003


def test_start_keeps_the_published_groups(population_basis: PopulationBasis) -> None:
    """History meets the published groups at 1 July 2025: mean of the stocks of 1 January before and after."""
    reference = load_reference_population(DATA, population_basis.countries)
    middle = 0.5 * (population_basis.population_history[..., 35] + population_basis.population_history[..., 36])
    published = reference.persons[..., reference.years.index(2025)]
    groups = five_year_groups(middle[..., None])[..., 0]
    np.testing.assert_allclose(groups.sum(axis=(1, 2)), published.sum(axis=(1, 2)), rtol=0.003)
    np.testing.assert_allclose(groups[:, :, :16], published[:, :, :16], rtol=0.02)


def test_page_in_docs_is_current(comparison: Comparison, tmp_path: Path) -> None:
    page = tmp_path / "wpp-comparison.md"
    main([str(DATA), str(page)])
    text = page.read_text(encoding="utf-8")
    assert text == comparison_page(comparison)
    assert text == (DATA.parent / "docs" / "wpp-comparison.md").read_text(encoding="utf-8")
