"""Coverage: published counts of contributors are met by the pattern of participation, and nothing is covered that cannot be."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from actuarial.basis.dimensions import VALUATION_YEAR, WORK_AGE_FIRST, YEAR_COUNT, year_index
from actuarial.basis.errors import InputError
from actuarial.basis.region import load_region
from actuarial.basis.scheme import Scheme, Start, load_schemes
from actuarial.careers.coverage import WORK_AGES, coverage, paid_part, published_contributors

DATA = Path(__file__).parents[2] / "data"
SCHEMES = load_schemes(DATA, load_region(DATA).scheme_ids)
COLLECTING = [s for s in SCHEMES if s.collecting]


def case(seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.uniform(0.2, 0.8, (2, 101)), rng.uniform(1e6, 2e6, (2, 101, YEAR_COUNT + 1))


@pytest.mark.parametrize("scheme", COLLECTING, ids=lambda s: s.id)
def test_published_counts_end_with_the_target_and_rise_in_time(scheme: Scheme) -> None:
    counts = published_contributors(scheme)
    assert counts[-1] == (VALUATION_YEAR, scheme.calibration["active_contributors"].value)
    years = [year for year, _ in counts]
    assert years == sorted(set(years))
    assert min(count for _, count in counts) > 0.0


@pytest.mark.parametrize("scheme", COLLECTING, ids=lambda s: s.id)
def test_pattern_times_population_gives_every_published_count(scheme: Scheme) -> None:
    pattern, population = case()
    found = coverage(scheme, pattern, population, (60, 55))
    covered = (found.share * population[:, WORK_AGES]).sum(axis=(0, 1))
    for year, count in published_contributors(scheme):
        assert covered[year_index(year + 1)] == pytest.approx(count, rel=1e-12)
    assert np.all(found.level[year_index(VALUATION_YEAR + 1) :] == found.level[-1])
    # Age and sex keep their relation to each other.
    ratio = found.share[0, 5] / found.share[1, 20]
    np.testing.assert_allclose(ratio, pattern[0, 20] / pattern[1, 35], rtol=1e-12)


def test_nobody_is_covered_from_the_pension_age_on() -> None:
    found = coverage(COLLECTING[0], *case(), (60, 55))
    for sex, age in enumerate((60, 55)):
        assert np.all(found.share[sex, : age - WORK_AGE_FIRST, -1] > 0.0)
        assert np.all(found.share[sex, age - WORK_AGE_FIRST :] == 0.0)


def test_a_scheme_that_does_not_collect_covers_nobody() -> None:
    for scheme in SCHEMES:
        if not scheme.collecting:
            found = coverage(scheme, *case(), (60, 60))
            assert found.share.sum() == found.level.sum() == 0.0


def test_more_contributors_than_people_are_refused() -> None:
    pattern, population = case()
    with pytest.raises(ValueError, match=r"published contributors would need a covered share of \d"):
        coverage(COLLECTING[0], pattern, population * 1e-6, (60, 60))


def test_only_figures_read_in_a_source_are_counts_and_verified_ones_win() -> None:
    scheme = next(s for s in COLLECTING if len(published_contributors(s)) > 1)
    figures = scheme.statistics["active_contributors"]
    target = (VALUATION_YEAR, scheme.calibration["active_contributors"].value)
    guessed = SimpleNamespace(statistics={"active_contributors": [replace(f, confidence="assumed") for f in figures]}, calibration=scheme.calibration)
    assert published_contributors(guessed) == [target]  # type: ignore[arg-type]
    year, count = published_contributors(scheme)[0]
    rival = replace(figures[0], year=str(year), value=count * 2.0, unit="persons", confidence="partial")
    sure = replace(figures[0], year=str(year), value=count, unit="persons", confidence="verified")
    both = SimpleNamespace(statistics={"active_contributors": [sure, rival]}, calibration=scheme.calibration)
    assert published_contributors(both)[0] == (year, count)  # type: ignore[arg-type]


def beginning(first: int = 2030, full: int = 2040, share: float = 0.02) -> SimpleNamespace:
    return SimpleNamespace(id="XXX-new", country="XXX", collecting=True, starts=Start(first, full, share))


@pytest.mark.parametrize(("first", "full"), [(2026, 2026), (2027, 2046), (2040, 2099)])
def test_a_scheme_that_begins_covers_nobody_before_and_its_target_in_the_full_year(first: int, full: int) -> None:
    pattern, population = case()
    found = coverage(beginning(first, full), pattern, population, (60, 55))  # type: ignore[arg-type]
    covered = (found.share * population[:, WORK_AGES]).sum(axis=(0, 1))
    at = year_index(full + 1)
    assert not found.level[: year_index(first) + 1].any()
    assert (found.level[year_index(first + 1) :] > 0.0).all()
    assert covered[at] == pytest.approx(0.02 * population[:, 15:60, at].sum(), rel=1e-12)
    assert (found.level[at:] == found.level[at]).all()
    np.testing.assert_allclose(np.diff(found.level[year_index(first) : at + 1]), found.level[at] / (full - first + 1), rtol=1e-9)


def test_a_beginning_that_needs_more_than_everybody_is_refused() -> None:
    with pytest.raises(ValueError, match="XXX-new: the contributors of its full year would need a covered share of"):
        coverage(beginning(share=1.0), *case(), (60, 55))  # type: ignore[arg-type]


def test_paid_parts_of_the_shipped_schemes_are_whole() -> None:
    for scheme in SCHEMES:
        for part in paid_part(scheme):
            assert (part == 1.0).all()


def test_factors_on_collection_act_from_the_first_projection_year_on() -> None:
    density, compliance = paid_part(COLLECTING[0], 0.9, 0.8)
    start = year_index(VALUATION_YEAR + 1)
    assert (density[:start] == 1.0).all() and (compliance[:start] == 1.0).all()
    assert (density[start:] == 0.9).all() and (compliance[start:] == 0.8).all()
    for wrong, words in (((1.1, 1.0), "density factor of 1.1 leads to 1.10"), ((0.0, 1.0), "density factor of 0 leads to 0.00"),
                         ((1.0, 2.0), "compliance factor of 2 leads to 2.00")):  # fmt: skip
        with pytest.raises(InputError, match=words):
            paid_part(COLLECTING[0], *wrong)
