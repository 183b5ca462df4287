"""Who claims and where pensions are paid, by branch and year, with and without an instrument."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actuarial.basis.dimensions import FIRST_YEAR, HORIZON
from actuarial.basis.instrument import PROVISIONS, Instrument
from actuarial.basis.instrument_provisions import BranchCover, BranchName
from actuarial.careers.country import CountryCareers
from actuarial.feasibility.engine import PreparedRegion
from actuarial.feasibility.terms import Terms, instrument_terms, national_terms, take_up

BRANCHES: tuple[BranchName, ...] = ("old_age", "invalidity", "survivors")
ENTRY = 2028 - FIRST_YEAR
sides = st.sampled_from([0, 1])
shares = st.floats(0.0, 1.0, allow_subnormal=False)


@pytest.fixture(scope="module")
def country(prepared: PreparedRegion) -> CountryCareers:
    """A pension scheme that pays nobody abroad but in one partner state."""
    found = prepared.countries[prepared.basis.countries.index("BDI")]
    assert found.law.export_partners == ("RWA",) and not found.law.export_without_instrument
    return found


def under(country: CountryCareers, **law: Any) -> CountryCareers:
    """The country with another law in all years."""
    return replace(country, laws=tuple(replace(each, **law) for each in country.laws))


def covering(instrument: Instrument, **branches: BranchCover) -> Instrument:
    return instrument.model_copy(update={"scope": instrument.scope.model_copy(update={"branches": branches})})


def same(one: Terms, other: Terms) -> None:
    for name in ("rights", "claimed", "own", "coordinated"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)


@given(side=sides, share=shares)
def test_national_law_pays_at_home_and_abroad_only_where_it_says_so(country: CountryCareers, side: int, share: float) -> None:
    country = under(country, foreigners_rights_share=share)
    for partner, abroad in (("TZA", 0.0), ("RWA", 1.0)):
        terms = national_terms(country, side, partner)
        assert np.all(terms.own[side] == 1.0) and np.all(terms.own[1 - side] == abroad)
        assert np.all(terms.claimed == 0.0)
        # Only people from the other country are foreigners here.
        assert np.all(terms.rights == (share if side == 1 else 1.0))
    assert np.all(national_terms(under(country, export_without_instrument=True), side, "TZA").own == 1.0)


def test_law_is_asked_year_by_year(country: CountryCareers) -> None:
    laws = tuple(replace(law, export_without_instrument=law.year >= 2040, foreigners_rights_share=float(law.year >= 2050)) for law in country.laws)
    terms = national_terms(replace(country, laws=laws), 1, "TZA")
    years = np.arange(FIRST_YEAR, FIRST_YEAR + HORIZON)
    np.testing.assert_array_equal(terms.own[0], years >= 2040)
    np.testing.assert_array_equal(terms.rights, years >= 2050)


@given(side=sides, branch=st.sampled_from(BRANCHES), factor=st.floats(0.0, 3.0, allow_subnormal=False), unpaid=shares, rights=shares)
def test_without_any_provision_the_terms_are_those_of_national_law(
    country: CountryCareers, instrument: Instrument, side: int, branch: BranchName, factor: float, unpaid: float, rights: float
) -> None:
    country = under(country, foreigners_rights_share=rights)
    national = national_terms(country, side, "TZA")
    found = instrument_terms(country, side, "TZA", instrument.without(*PROVISIONS), factor, unpaid, branch)
    for name in ("rights", "claimed", "own"):
        np.testing.assert_array_equal(getattr(found, name), getattr(national, name))
    assert not found.coordinated.any()


@given(factor=st.floats(0.0, 10.0, allow_subnormal=False))
def test_take_up_follows_the_curve_times_its_factor_and_never_exceeds_everybody(instrument: Instrument, factor: float) -> None:
    found, curve = take_up(instrument, factor), take_up(instrument)
    assert not curve[:ENTRY].any() and curve[ENTRY] == 0.25 and np.all(curve[ENTRY + 15 :] == 0.85)
    assert curve[ENTRY + 1] == pytest.approx(0.25 + 0.35 / 5)
    np.testing.assert_array_equal(found, np.minimum(curve * factor, 1.0))
    assert found.max() <= 1.0 and np.all(np.diff(found) >= 0.0)


@given(
    side=sides, branch=st.sampled_from(BRANCHES), factor=st.floats(0.0, 10.0), unpaid=shares, rights=shares, partner=st.sampled_from(["TZA", "RWA"])
)  # fmt: skip
def test_terms_of_the_instrument_one_by_one(
    country: CountryCareers, instrument: Instrument, side: int, branch: BranchName, factor: float, unpaid: float, rights: float, partner: str
) -> None:
    country = under(country, foreigners_rights_share=rights)
    share, in_force = take_up(instrument, factor), np.arange(HORIZON) >= ENTRY
    found = instrument_terms(country, side, partner, instrument, factor, unpaid, branch)
    abroad, national = 1 - side, float(partner == "RWA")
    np.testing.assert_array_equal(found.claimed, share * in_force)
    np.testing.assert_allclose(found.rights, (1.0 if side == 0 else rights) + share * (1.0 - rights if side == 1 else 0.0), atol=1e-15)
    # At home everything is paid; abroad what national law pays, and of the rest the share that claims, unless the scheme does not pay it.
    assert np.all(found.own[side] == 1.0)
    np.testing.assert_allclose(found.own[abroad], national + (1.0 - national) * share * (1.0 - unpaid), atol=1e-15)
    np.testing.assert_array_equal(found.coordinated[side], in_force)
    np.testing.assert_allclose(found.coordinated[abroad], in_force * (1.0 - unpaid), atol=1e-15)
    for array in (found.rights, found.claimed, found.own, found.coordinated):
        assert array.min() >= 0.0 and array.max() <= 1.0 + 1e-15


@pytest.mark.parametrize("branch", BRANCHES)
def test_each_provision_moves_its_own_term_alone(country: CountryCareers, instrument: Instrument, branch: BranchName) -> None:
    country = under(country, foreigners_rights_share=0.4)
    every, national = instrument_terms(country, 1, "TZA", instrument, branch=branch), national_terms(country, 1, "TZA")
    for name, changed in (("equality_of_treatment", {"rights": national.rights}), ("amount", {"claimed": national.claimed})):
        same(instrument_terms(country, 1, "TZA", instrument.without(name), branch=branch), replace(every, **changed))
    silent = replace(every, own=national.own, coordinated=every.coordinated * np.array([[0.0], [1.0]]))
    same(instrument_terms(country, 1, "TZA", instrument.without("export"), branch=branch), silent)
    apart = replace(every, claimed=national.claimed, coordinated=np.zeros((2, HORIZON)))
    same(instrument_terms(country, 1, "TZA", instrument.without("totalisation"), branch=branch), apart)


def test_branches_come_under_the_instrument_from_their_own_year(country: CountryCareers, instrument: Instrument) -> None:
    later = covering(
        instrument, old_age=BranchCover(from_year=2028), invalidity=BranchCover(from_year=2035, export=False),
        survivors=BranchCover(from_year=2040, totalisation=False),
    )  # fmt: skip
    share, years = take_up(later), np.arange(FIRST_YEAR, FIRST_YEAR + HORIZON)
    old_age, invalidity, survivors = (instrument_terms(country, 0, "TZA", later, branch=branch) for branch in BRANCHES)
    np.testing.assert_array_equal(old_age.claimed, share)
    np.testing.assert_array_equal(invalidity.claimed, share * (years >= 2035))
    assert not invalidity.own[1].any() and not invalidity.coordinated[1].any()
    np.testing.assert_array_equal(invalidity.coordinated[0], years >= 2035)
    assert not survivors.claimed.any() and not survivors.coordinated.any()
    np.testing.assert_array_equal(survivors.own[1], share * (years >= 2040))


def test_an_instrument_that_names_no_branch_is_one_on_old_age(country: CountryCareers, instrument: Instrument) -> None:
    bare, country = covering(instrument), under(country, foreigners_rights_share=0.4)
    same(instrument_terms(country, 1, "TZA", bare), instrument_terms(country, 1, "TZA", instrument))
    for branch in BRANCHES[1:]:
        found, national = instrument_terms(country, 1, "TZA", bare, branch=branch), national_terms(country, 1, "TZA")
        np.testing.assert_array_equal(found.rights, national.rights)
        np.testing.assert_array_equal(found.own, national.own)
        assert not found.claimed.any() and not found.coordinated.any()
