"""Coordinated old-age awards as the projection asks for them: properties of every amount method, and published and hand-derived cases.

Names S.. and H.. are the cases' own: S06 is Holzmann (2016), IZA Journal of European Labor Studies, table 7; S16 shares of a leaflet on Malta;
H.. are derived by hand, with hypothetical parameters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actuarial.basis.dimensions import Array
from actuarial.basis.scheme_law import SchemeLaw
from actuarial.provisions.coordination import NATIONAL_LAW, Award, AwardRules, award
from tests.provisions.test_rules import PENSIONS, laws

METHODS = ("pro_rata", "separate_first", "higher_of", "direct")
OWN: Array = np.arange(0.0, 546.0, 6.0)[:, None]
OTHER: Array = np.arange(0.0, 546.0, 6.0)[None, :]
ALL_ON = AwardRules(equal_treatment=True, export=True, totalise=True, min_own_months=0, method="higher_of")
some_law = laws() | st.sampled_from(PENSIONS)
spread = st.sampled_from([0.0, 0.6])
flags = st.booleans()


def grid(law: SchemeLaw, rules: AwardRules, cv: float = 0.0, **who: bool) -> Award:
    """Awards for every pair of own and other half-years, with reference earnings of 1000."""
    return award(law, OWN, OTHER, np.full((), 1000.0), cv=cv, rules=rules, **who)


def years(law: SchemeLaw, own: float, other: float, method: str, base: float = 1000.0, **more: Any) -> float:
    """Pension of one person with whole years of service."""
    rules = replace(ALL_ON, method=method, **more)
    return float(award(law, np.array(12.0 * own), np.array(12.0 * other), np.array(base), cv=0.0, rules=rules).pension)


def pension_law(*, rate: float = 0.0, flat: float = 0.0, flat_years: float = 0.0, minimum_years: float, maximum: float = 10.0) -> SchemeLaw:
    """``flat`` for the first ``flat_years``, then ``rate`` per year."""
    return SchemeLaw("XXX-case", 2025, "defined_benefit", qualifying_months=round(12 * minimum_years), first_months=round(12 * flat_years),
                     first_share=flat, accrual_per_month=rate / 12.0, maximum_share=maximum)  # fmt: skip


# Properties.


@given(law=some_law, cv=spread, denominator=st.sampled_from(["total", "max_period"]))
@settings(max_examples=40, deadline=None)
def test_higher_of_is_never_below_pro_rata_nor_below_the_own_pension(law: SchemeLaw, cv: float, denominator: Any) -> None:
    rules = replace(ALL_ON, denominator=denominator)
    best = grid(law, rules, cv).pension
    assert np.all(best >= grid(law, replace(rules, method="pro_rata"), cv).pension)
    assert np.all(best >= grid(law, replace(rules, method="separate_first"), cv).pension)
    assert np.all(best >= grid(law, NATIONAL_LAW, cv).pension)


@given(rate=st.floats(0.001, 0.03, allow_subnormal=False), qualifying=st.integers(1, 30))
@settings(max_examples=40, deadline=None)
def test_in_a_linear_scheme_all_methods_agree(rate: float, qualifying: int) -> None:
    """f(N) n / N = f(n) when every year earns the same and no maximum or minimum binds."""
    law = pension_law(rate=rate, minimum_years=qualifying)
    separate = grid(law, replace(ALL_ON, method="separate_first"))
    for method in METHODS:
        found = grid(law, replace(ALL_ON, method=method))  # type: ignore[arg-type]
        np.testing.assert_allclose(found.pension, separate.pension, rtol=1e-12, atol=1e-12)
        np.testing.assert_array_equal(found.entitled, separate.entitled)
    entitled = (OWN > 0) & (12.0 * qualifying <= OWN + OTHER)
    np.testing.assert_allclose(separate.pension, np.where(entitled, rate / 12.0 * OWN * 1000.0, 0.0), rtol=1e-12)


@given(law=some_law, method=st.sampled_from(METHODS), cv=spread, foreigner=flags, export=flags)
@settings(max_examples=40, deadline=None)
def test_without_foreign_months_the_national_law_remains(law: SchemeLaw, method: Any, cv: float, foreigner: bool, export: bool) -> None:
    """Even where export and equal treatment hold for everybody, totalising nothing adds and removes nothing."""
    national = award(law, OWN, np.zeros(()), np.array(1000.0), cv=cv, rules=replace(NATIONAL_LAW, export=export), foreigner=foreigner)
    rules = AwardRules(equal_treatment=False, export=export, totalise=True, min_own_months=0, method=method)
    found = award(law, OWN, np.zeros(()), np.array(1000.0), cv=cv, rules=rules, foreigner=foreigner)
    for name in ("pension", "entitled", "by_totalisation", "lump_sum"):
        np.testing.assert_allclose(getattr(found, name), getattr(national, name), rtol=1e-12, atol=1e-12)


@given(law=some_law, method=st.sampled_from(METHODS), minimum=st.integers(0, 180), abroad=flags, foreigner=flags, export=flags, equal=flags)
@settings(max_examples=60, deadline=None)
def test_totalisation_never_removes_a_right(
    law: SchemeLaw, method: Any, minimum: int, abroad: bool, foreigner: bool, export: bool, equal: bool
) -> None:
    rules = AwardRules(equal_treatment=equal, export=export, totalise=True, min_own_months=minimum, method=method)
    who = {"abroad": abroad, "foreigner": foreigner}
    found, alone = grid(law, rules, **who), grid(law, replace(rules, totalise=False), **who)
    assert np.all(found.entitled >= alone.entitled)
    np.testing.assert_allclose(found.entitled - alone.entitled, found.by_totalisation, atol=1e-15)
    # More foreign months never close a right that fewer opened (the amount may fall, case H26).
    assert np.all(np.diff(found.entitled, axis=1) >= 0.0)


@given(law=some_law, cv=spread, abroad=flags, foreigner=flags, export=flags, equal=flags)
@settings(max_examples=40, deadline=None)
def test_method_none_and_totalisation_off_are_national_law(
    law: SchemeLaw, cv: float, abroad: bool, foreigner: bool, export: bool, equal: bool
) -> None:
    who = {"abroad": abroad, "foreigner": foreigner}
    national = grid(law, AwardRules(equal_treatment=equal, export=export), cv, **who)
    for rules in (
        AwardRules(equal_treatment=equal, export=export, totalise=True, method="none"),
        AwardRules(equal_treatment=equal, export=export, totalise=False, method="higher_of"),
    ):
        found = grid(law, rules, cv, **who)
        for name in ("pension", "entitled", "by_totalisation", "lump_sum"):
            np.testing.assert_array_equal(getattr(found, name), getattr(national, name))


@given(law=some_law, method=st.sampled_from(["none", *METHODS]), minimum=st.integers(0, 60), abroad=flags, foreigner=flags)
@settings(max_examples=60, deadline=None)
def test_nobody_gets_a_pension_and_a_lump_sum_for_the_same_months(law: SchemeLaw, method: Any, minimum: int, abroad: bool, foreigner: bool) -> None:
    rules = AwardRules(export=True, totalise=True, min_own_months=minimum, method=method)
    found = grid(law, rules, abroad=abroad, foreigner=foreigner)
    assert not np.any((found.entitled > 0.0) & (found.lump_sum > 0.0))
    assert not np.any((found.entitled == 0.0) & (found.pension > 0.0))
    for name in ("pension", "entitled", "by_totalisation", "lump_sum"):
        assert np.all(np.isfinite(getattr(found, name))) and np.all(getattr(found, name) >= 0.0)
    assert np.all(found.pension[0] == 0.0) and np.all(found.lump_sum[0] == 0.0)  # no own month, no right


@pytest.mark.parametrize("law", PENSIONS, ids=lambda law: law.scheme_id)
def test_a_short_own_period_opens_no_right_by_totalisation(law: SchemeLaw) -> None:
    own, other = np.array([6.0, 11.0, 12.0, 60.0]), np.array(240.0)
    rules = replace(ALL_ON, min_own_months=12)
    found = award(law, own, other, np.array(1000.0), cv=0.0, rules=rules)
    assert found.by_totalisation.tolist() == [0.0, 0.0, 1.0, 1.0]
    assert np.all(found.pension[:2] == 0.0) and np.all(found.pension[2:] > 0.0)
    settled = award(law, own, other, np.array(1000.0), cv=0.0, rules=NATIONAL_LAW).lump_sum
    np.testing.assert_array_equal(found.lump_sum, [*settled[:2], 0.0, 0.0])


@pytest.mark.parametrize("law", PENSIONS, ids=lambda law: law.scheme_id)
def test_a_pension_that_may_not_be_paid_abroad_is_suspended_not_commuted(law: SchemeLaw) -> None:
    closed = replace(law, export_without_instrument=False)
    own, other = np.array([60.0, 240.0]), np.array(180.0)
    for rules in (NATIONAL_LAW, replace(ALL_ON, export=False)):
        away = award(closed, own, other, np.array(1000.0), cv=0.0, rules=rules, abroad=True)
        assert away.pension[1] == away.entitled[1] == away.lump_sum[1] == 0.0
    at_home = award(closed, own, other, np.array(1000.0), cv=0.0, rules=ALL_ON)
    exported = award(closed, own, other, np.array(1000.0), cv=0.0, rules=ALL_ON, abroad=True)
    np.testing.assert_array_equal(exported.pension, at_home.pension)
    opened = award(replace(law, export_without_instrument=True), own, other, np.array(1000.0), cv=0.0, rules=NATIONAL_LAW, abroad=True)
    assert opened.pension[1] > 0.0
    # A settlement is paid wherever the person lives.
    assert award(closed, own, other, np.array(1000.0), cv=0.0, rules=NATIONAL_LAW, abroad=True).lump_sum[0] > 0.0


@given(law=some_law, share=st.floats(0.0, 1.0, allow_subnormal=False), method=st.sampled_from(METHODS))
@settings(max_examples=30, deadline=None)
def test_foreigners_have_their_share_of_rights_until_equal_treatment(law: SchemeLaw, share: float, method: Any) -> None:
    law = replace(law, foreigners_rights_share=share)
    rules = replace(ALL_ON, equal_treatment=False, method=method)
    national, foreign = grid(law, rules), grid(law, rules, foreigner=True)
    equal = grid(law, replace(rules, equal_treatment=True), foreigner=True)
    for name in ("pension", "entitled", "by_totalisation", "lump_sum"):
        np.testing.assert_allclose(getattr(foreign, name), share * getattr(national, name), rtol=1e-12, atol=1e-300)
        np.testing.assert_array_equal(getattr(equal, name), getattr(national, name))


@given(law=some_law, factor=st.floats(0.1, 10.0, allow_subnormal=False), method=st.sampled_from(METHODS))
@settings(max_examples=30, deadline=None)
def test_amounts_follow_the_currency_unit(law: SchemeLaw, factor: float, method: Any) -> None:
    rules = replace(ALL_ON, method=method)
    scaled = replace(law, minimum_pension=law.minimum_pension * factor)
    one = award(law, OWN, OTHER, np.array(1000.0), cv=0.6, rules=rules)
    other = award(scaled, OWN, OTHER, np.array(1000.0 * factor), cv=0.6, rules=rules)
    np.testing.assert_allclose(other.pension, factor * one.pension, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(other.lump_sum, factor * one.lump_sum, rtol=1e-9, atol=1e-12)


@given(law=some_law, method=st.sampled_from(METHODS), cv=spread, minimum=st.integers(0, 60), abroad=flags, foreigner=flags, export=flags, equal=flags)
@settings(max_examples=60, deadline=None)
def test_the_independent_pension_is_that_of_national_law_whatever_the_method(
    law: SchemeLaw, method: Any, cv: float, minimum: int, abroad: bool, foreigner: bool, export: bool, equal: bool
) -> None:
    """It is paid where and to whom the coordinated pension is; what a method adds to it never opens a right."""
    rules = AwardRules(equal_treatment=equal, export=export, totalise=True, min_own_months=minimum, method=method)
    who = {"abroad": abroad, "foreigner": foreigner}
    found, national = grid(law, rules, cv, **who), grid(law, AwardRules(equal_treatment=equal, export=export), cv, **who)
    np.testing.assert_array_equal(found.independent, national.pension)
    np.testing.assert_array_equal(national.independent, national.pension)
    newly = found.by_totalisation > 0.0
    assert not found.independent[newly].any()
    if method == "separate_first":
        np.testing.assert_array_equal(found.pension[~newly], found.independent[~newly])
    if method == "higher_of":
        assert np.all(found.pension >= found.independent)


def test_own_shares_of_all_states_add_up_to_one_theoretical_amount() -> None:
    law = pension_law(rate=0.02, flat=0.3, flat_years=15, minimum_years=15)
    service = (10.0, 12.0, 8.0)
    parts = [years(law, own, sum(service) - own, "pro_rata") for own in service]
    assert sum(parts) == pytest.approx(1000.0 * (0.3 + 15 * 0.02), rel=1e-12)


@pytest.mark.parametrize(("own", "other"), [(-1.0, 0.0), (0.0, -1.0)])
def test_negative_months_are_refused(own: float, other: float) -> None:
    with pytest.raises(ValueError, match="cannot be negative"):
        award(PENSIONS[0], np.array(own), np.array(other), np.array(1.0), cv=0.0, rules=ALL_ON)


# Cases.


def check(found: Sequence[float], expected: Sequence[float], within: float) -> None:
    assert found == pytest.approx(expected, abs=within)


def test_h01_linear_scheme_pays_new_money_only_where_the_own_period_is_short() -> None:
    a, b = pension_law(rate=0.02, minimum_years=15), pension_law(rate=0.015, minimum_years=15)
    check([years(a, 10, 20, "none"), years(a, 10, 20, "higher_of")], [0, 200], 0.005)
    check([years(b, 20, 10, "none", 2000), years(b, 20, 10, "pro_rata", 2000)], [600, 600], 0.005)
    assert years(a, 10, 20, "higher_of") + years(b, 20, 10, "higher_of", 2000) == pytest.approx(800)


def test_h04_maximum_period_in_the_denominator() -> None:
    law = pension_law(rate=0.02, minimum_years=15, maximum=0.8)
    check([years(law, 25, 20, "pro_rata", denominator="max_period"), years(law, 25, 20, "pro_rata")], [500.0, 444.4444], 0.001)
    # A career beyond the maximum in one state alone keeps its own pension: the denominator is never below the own period.
    assert years(law, 45, 20, "pro_rata", denominator="max_period") == pytest.approx(800.0)


@pytest.mark.parametrize(("method", "expected"), [("none", 350), ("pro_rata", 500), ("higher_of", 550), ("direct", 550)])
def test_h08_methods_compared(method: str, expected: float) -> None:
    a = pension_law(rate=0.02, minimum_years=15)
    b = pension_law(rate=0.01, flat=0.3, flat_years=15, minimum_years=15)
    assert years(a, 10, 20, method) + years(b, 20, 10, method) == pytest.approx(expected, abs=0.005)


def test_h10_concave_scheme_with_a_short_own_period() -> None:
    law = pension_law(rate=0.01125, flat=0.375, flat_years=15, minimum_years=15)
    check([years(law, 10, 10, "pro_rata", 1.0), years(law, 10, 10, "direct", 1.0)], [0.215625, 0.25], 1e-9)


def test_h12_a_formula_in_two_pieces_that_is_linear() -> None:
    law = pension_law(rate=0.02, flat=0.3, flat_years=15, minimum_years=15)
    check([years(law, 10, 10, method, 1.0) for method in METHODS], [0.2] * 4, 1e-9)


def test_h26_one_more_partner_can_lower_a_leg() -> None:
    law = pension_law(rate=0.01125, flat=0.375, flat_years=15, minimum_years=15, maximum=0.6)
    check([years(law, 10, other, "pro_rata", 1.0) for other in (10, 20)], [0.215625, 0.18125], 1e-9)


def test_s06_holzmann_direct_calculation() -> None:
    a = pension_law(rate=0.02, minimum_years=20)
    # 50 % for 30 years in proportion and 1 % for each year: 0.8 x years / 30 up to 30 years.
    b = pension_law(flat=0.8, flat_years=30, minimum_years=25)
    parts = [years(a, 18, 24, "direct", 800), years(b, 24, 18, "direct")]
    check([*parts, sum(parts)], [288.0, 640.0, 928.0], 0.005)


def test_s16_shares_of_three_states() -> None:
    law = pension_law(rate=0.02, flat=0.3, flat_years=15, minimum_years=1)
    theoretical = years(law, 40, 0, "pro_rata")
    check([years(law, own, 40 - own, "pro_rata") / theoretical for own in (20, 15, 5)], [0.5, 0.375, 0.125], 1e-12)
