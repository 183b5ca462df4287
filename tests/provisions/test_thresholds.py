"""Rules exactly where they turn: on the age, month, earnings or day that the law names, one step before and one after; and accounts by hand."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from actuarial.basis.scheme import load_scheme
from actuarial.basis.scheme_law import Indices, SchemeLaw
from actuarial.provisions import account, maternity, residence
from actuarial.provisions.claim import Claim, Combined, count, money, of
from actuarial.provisions.coordination import AwardRules, award, national_pension, opened
from actuarial.provisions.coordination_branches import fixed_amount
from actuarial.provisions.double_contributions import Levy, home_affiliation
from actuarial.provisions.event_awards import has_pensions
from actuarial.provisions.overlaps import PeriodRules, totalise
from actuarial.provisions.period_units import FIVE_DAY_WEEK, UNITS, days_from_hours, full_year, month_is_credited, round_units
from actuarial.provisions.periods import MOST_PER_MONTH, MOST_PER_YEAR, PeriodError, counted, dated, extinguished_periods, standing_periods
from tests.provisions.test_coordination_case import claim, linear, provisions

ROOT = Path(__file__).parents[2]
FUND = SchemeLaw(
    "fund", 2030, "account", contribution_rate=0.12, tier_one_limit=1000.0, tier_two_cash_share=1 / 3, cash_share=0.25, payout="annuity",
    contracting_out=True, midterm_share=0.2, midterm_age=45, midterm_months=120, disability_access_share=0.5, disability_access_age=50,
    disability_access_months=60, former_fund_age=60, former_fund_early_age=50, refund_on_leaving=True,
)  # fmt: skip


def test_tiers_of_contributions_meet_at_the_limit() -> None:
    first, second = account.tier_contributions(FUND, [0.0, 999.0, 1000.0, 1001.0, 3000.0])
    np.testing.assert_allclose(first, [0.0, 119.88, 120.0, 120.0, 120.0])
    np.testing.assert_allclose(second, [0.0, 0.0, 0.0, 0.12, 240.0], atol=1e-12)
    first, second = account.tier_contributions(FUND, [3000.0, 3000.0], contracted_out=[True, False])
    np.testing.assert_allclose(second, [0.0, 240.0])
    first, second = account.tier_contributions(replace(FUND, tier_one_limit=0.0), [0.5, 3000.0])
    np.testing.assert_allclose(first, [0.06, 360.0])
    assert not second.any()
    with pytest.raises(ValueError, match="fund: the law has no contracting out"):
        account.tier_contributions(replace(FUND, contracting_out=False), 1.0, contracted_out=[False, True])


def test_payout_by_tier_and_as_a_whole() -> None:
    np.testing.assert_allclose(account.payout_by_tier(FUND, 600.0, 300.0), (100.0, 800.0))
    np.testing.assert_allclose(account.payout_by_tier(replace(FUND, payout="lump_sum"), 600.0, 300.0), (900.0, 0.0))
    np.testing.assert_allclose(account.payout(FUND, 1000.0), (250.0, 750.0))
    np.testing.assert_allclose(account.payout(replace(FUND, payout="lump_sum"), 1000.0), (1000.0, 0.0))
    assert account.refund(FUND, 70.0) == 70.0
    assert account.refund(replace(FUND, refund_on_leaving=False), 70.0) == 0.0
    assert account.accumulate(100.0, 10.0, 0.21) == pytest.approx(121.0 + 11.0)


def test_a_price_buys_an_annuity() -> None:
    assert account.purchased_annuity(1000.0, 12.5) == 80.0
    np.testing.assert_allclose(account.purchased_annuity([1000.0, 500.0], 10.0, loading=0.05), [95.0, 47.5])
    for factor, loading in ((0.0, 0.0), (-1.0, 0.0), (10.0, 1.0), (10.0, -0.01)):
        with pytest.raises(ValueError, match="an annuity factor is positive"):
            account.purchased_annuity(1000.0, [10.0, factor], loading=loading)
    assert account.purchased_annuity(1000.0, 0.5, loading=0.0) == 2000.0


def test_early_access_on_the_age_and_with_the_months_of_the_law() -> None:
    ages, months = [44, 45, 45, 45, 46], [120, 119, 120, 121, 120]
    np.testing.assert_allclose(account.midterm_payout(FUND, 1000.0, ages, months), [0.0, 0.0, 200.0, 200.0, 0.0])
    assert account.midterm_payout(replace(FUND, midterm_age=0), 1000.0, 0, 500) == 0.0
    ages, months = [49, 50, 50, 51], [60, 59, 60, 600]
    np.testing.assert_allclose(account.disability_payout(FUND, 1000.0, ages, months), [0.0, 0.0, 500.0, 500.0])
    assert account.disability_payout(replace(FUND, disability_access_age=0), 1000.0, 60, 600) == 0.0


def test_former_fund_at_its_age_or_earlier_when_retired() -> None:
    ages = [49, 50, 59, 60, 61]
    np.testing.assert_array_equal(account.former_fund_payable(FUND, ages), [False, False, False, True, True])
    np.testing.assert_array_equal(account.former_fund_payable(FUND, ages, retired=True), [False, True, True, True, True])
    assert not account.former_fund_payable(replace(FUND, former_fund_age=0), 70, retired=True)
    assert account.former_fund_payable(replace(FUND, former_fund_age=1, former_fund_early_age=1), 1)


def test_a_right_opens_on_the_month() -> None:
    rules = AwardRules(totalise=True, min_own_months=12, method="pro_rata")
    alone, together = opened([180, 179, 12, 11, 12, 0, 179], [180, 180, 180, 180, 179, 500, 179], 180, rules)
    np.testing.assert_array_equal(alone, [True, False, False, False, False, False, False])
    np.testing.assert_array_equal(together, [False, True, True, False, False, False, False])
    for off in (AwardRules(), AwardRules(totalise=True), AwardRules(method="pro_rata")):
        assert not opened(100, 500, 180, off)[1]


def test_flat_amounts_and_the_ceiling_of_the_pension() -> None:
    law = SchemeLaw("flat", 2030, "defined_benefit", qualifying_months=120, flat_amount=600.0, first_months=120, first_share=0.2,
                    accrual_per_month=0.001, maximum_share=0.5)  # fmt: skip
    plain = replace(law, flat_amount=0.0)
    for months in (120.0, 240.0):
        both, share = (float(national_pension(x, np.array(months), np.array(1000.0), 0.0)) for x in (law, plain))
        assert both > share > 0.0
        capped = float(national_pension(replace(law, maximum_pension=both - 1.0), np.array(months), np.array(1000.0), 0.0))
        assert capped == pytest.approx(both - 1.0)
        lifted = replace(law, minimum_pension=both + 1.0)
        assert float(national_pension(lifted, np.array(months), np.array(1000.0), 0.0)) == pytest.approx(both + 1.0)
        assert float(national_pension(lifted, np.array(months), np.array(1000.0), 0.0, minimum=False)) == pytest.approx(both)
    whole = award(law, [240], [0], [1000.0], cv=0.0, rules=AwardRules())
    assert whole.pension[0] == pytest.approx(float(national_pension(law, np.array(240.0), np.array(1000.0), 0.0)))


def test_words_of_months_money_and_ratios() -> None:
    assert [count(Fraction(n)) for n in (0, 1, 2)] == ["0 months", "1 month", "2 months"]
    assert count(Fraction(3, 2)) == "1.50 months"
    assert (money(1234.5), money(1234.5, "EUR")) == ("1,234.50", "1,234.50 EUR")
    assert of(Fraction(1, 2), Fraction(60), Fraction(120)) == "60/120"
    assert of(Fraction(1, 2), Fraction(3, 2), Fraction(3)) == "1/2"


def test_amounts_in_other_currencies() -> None:
    person = replace(claim([("AAA", linear(), 1, 1.0)], provisions()), rates={"KES": 129.0, "RWF": 1450.0})
    assert person.converted(129.0, "KES", "RWF") == pytest.approx(1450.0)
    assert person.converted(7.0, "USD", "USD") == 7.0
    for pair in (("KES", "USD"), ("USD", "KES")):
        with pytest.raises(ValueError, match="exchange_rates: USD is missing"):
            person.converted(1.0, *pair)
    assert person.leg("AAA") is person.legs[0] and person.leg("ZZZ") is None


def test_own_months_of_a_scheme_without_periods_are_nought() -> None:
    empty = Claim((claim([("AAA", linear(), 1, 1.0)], provisions()).legs), lambda states: Combined({}, Fraction(0), Fraction(0)), provisions(), True)
    assert empty.own(empty.legs[0]) == 0


def test_residence_shares() -> None:
    share = residence.residence_share
    assert [share(m, 240, 120) for m in (119, 120, 240, 241)] == [0, Fraction(1, 2), 1, 1]
    assert (share(0, 1), share(1, 1), share(Fraction(1, 2), 1)) == (0, 1, Fraction(1, 2))
    for months, of_months in ((-1, 240), (10, 0), (10, -5)):
        with pytest.raises(ValueError, match="months cannot be negative and the denominator is more than zero"):
            share(months, of_months)
    assert residence.assessed_foreign_pension(300.0, Fraction(1, 3), proportional=True) == 100.0
    assert residence.assessed_foreign_pension(300.0, Fraction(1, 3), proportional=False) == 300.0
    assert residence.rate_in_steps(9, [(10, 5.0)]) == 0.0
    assert residence.rate_in_steps(10, [(10, 5.0), (5, 9.0)]) == 5.0


@pytest.mark.parametrize(
    ("policy", "refunded", "repaid", "stands"),
    [
        ("allowed", None, None, True), ("allowed", "2020-01-01", None, False), ("allowed", "2020-01-01", "2021-01-01", False),
        ("repay_to_restore", "2020-01-01", None, False), ("repay_to_restore", "2020-01-01", "2020-01-01", True),
        ("blocked", "2024-12-31", None, False), ("blocked", "2024-12-31", "2026-01-01", True), ("blocked", "2025-01-01", None, True),
    ],
)  # fmt: skip
def test_refunds_by_policy(policy: str, refunded: str | None, repaid: str | None, stands: bool) -> None:
    days = (date.fromisoformat(day) if day else None for day in (refunded, repaid))
    period = dated("AAA", "2010-01", "2012-12", refunded=next(days), repaid=next(days))
    entry = date(2025, 1, 1)
    kept = standing_periods([period], policy, entry)  # type: ignore[arg-type]
    assert kept == ((replace(period, refunded=None, repaid=None),) if stands else ())
    assert extinguished_periods([period], policy, entry) == (() if stands else (period,))  # type: ignore[arg-type]


def test_refunds_that_contradict_the_policy_are_refused() -> None:
    period = dated("AAA", "2010-01", "2012-12", refunded=date(2020, 1, 1))
    with pytest.raises(PeriodError, match="the refund policy is 'none'"):
        standing_periods([dated("AAA", "2013-01", "2013-12"), period], "none")
    with pytest.raises(ValueError, match="needs the day of entry into force"):
        standing_periods([period], "blocked")
    with pytest.raises(ValueError, match="refund policy"):
        standing_periods([period], "never")  # type: ignore[arg-type]
    assert standing_periods([period]) == ()
    assert extinguished_periods([period]) == (period,)


def test_periods_that_cannot_be_are_refused_by_field() -> None:
    day = date(2020, 1, 1)
    wrong = {
        "state": lambda: dated("", "2010-01", "2010-12"),
        "type": lambda: dated("AAA", "2010-01", "2010-12", "forced"),  # type: ignore[arg-type]
        "activity": lambda: dated("AAA", "2010-01", "2010-12", activity="idle"),  # type: ignore[arg-type]
        "end": lambda: dated("AAA", "2010-02", "2010-01"),
        "repaid": lambda: dated("AAA", "2010-01", "2010-12", repaid=day),
        "unit": lambda: counted("AAA", 3, "fortnights"),  # type: ignore[arg-type]
        "amount": lambda: counted("AAA", -1, "months"),
        "year": lambda: counted("AAA", 1, "months", month=3),
        "month": lambda: counted("AAA", 1, "months", year=2010, month=13),
    }
    for field, make in wrong.items():
        with pytest.raises(PeriodError) as caught:
            make()
        assert caught.value.field == field
    with pytest.raises(PeriodError, match="lies before the refund"):
        dated("AAA", "2010-01", "2010-12", refunded=day, repaid=date(2019, 12, 31))
    for unit in UNITS:
        assert counted("AAA", MOST_PER_YEAR[unit], unit, year=2010).amount == MOST_PER_YEAR[unit]
    for amount, unit, parts in ((MOST_PER_MONTH["months"] + 1, "months", {"month": 1}), *((MOST_PER_YEAR[unit] + 1, unit, {}) for unit in UNITS)):
        with pytest.raises(PeriodError) as caught:
            counted("AAA", amount, unit, year=2010, **parts)  # type: ignore[arg-type]
        assert caught.value.field == "amount"
    assert counted("AAA", 12, "months", year=2010).span == (Fraction(2010 * 12), Fraction(2011 * 12))
    assert counted("AAA", 1, "months", year=2010, month=12).span == (Fraction(2010 * 12 + 11), Fraction(2011 * 12))


def test_units() -> None:
    assert (full_year("days", FIVE_DAY_WEEK), full_year("weeks"), full_year("months"), full_year("years")) == (264, 52, 12, 1)
    assert [round_units(Fraction(5, 2), how) for how in ("up", "down", "nearest", "none")] == [3, 2, 3, Fraction(5, 2)]  # type: ignore[arg-type]
    assert [month_is_credited(days, 18) for days in (17, 18, 19)] == [False, True, True]
    assert days_from_hours(0, FIVE_DAY_WEEK) == 0
    assert days_from_hours(FIVE_DAY_WEEK.hours_per_day, FIVE_DAY_WEEK) == 1
    with pytest.raises(ValueError, match="hours: -1 is negative"):
        days_from_hours(-1, FIVE_DAY_WEEK)
    with pytest.raises(ValueError, match="unit"):
        full_year("fortnights")
    with pytest.raises(ValueError, match="rounding"):
        round_units(1, "sideways")  # type: ignore[arg-type]


def test_levies_stop_at_the_ceiling_and_refuse_what_is_negative() -> None:
    levy = Levy("K", "KEN", 0.05, 0.07, on_territory=True, on_posted=True, ceiling=700.0)
    for wage, paid in ((0.0, 0.0), (699.0, 699.0), (700.0, 700.0), (701.0, 700.0)):
        found = levy.monthly(wage)
        assert (found.worker, found.employer) == pytest.approx((0.05 * paid, 0.07 * paid))
    for name in ("worker_rate", "employer_rate", "ceiling"):
        assert replace(levy, **{name: 0.0})
        with pytest.raises(ValueError, match=f"{name}: -0.1 of K"):
            replace(levy, **{name: -0.1})
    with pytest.raises(ValueError, match="wage: -1.0"):
        levy.monthly(-1.0)
    rates = {"home_worker_rate": 0.08, "home_employer_rate": 0.15, "host_employer_rate": 0.12}
    for name in rates:
        assert home_affiliation(0.0, **{**rates, name: 0.0}).employer == 0.0
        with pytest.raises(ValueError, match=f"{name}: -0.1"):
            home_affiliation(100.0, **{**rates, name: -0.1})
    with pytest.raises(ValueError, match="wage: -1.0"):
        home_affiliation(-1.0, **rates)


def test_pensions_on_an_event_are_those_of_its_own_branch() -> None:
    bare = SchemeLaw("bare", 2030, "defined_benefit")
    assert not has_pensions(bare, "invalidity") and not has_pensions(bare, "death")
    flat = Indices.from_growth(np.zeros(111), np.zeros(111))
    law = load_scheme(ROOT / "data" / "schemes" / "RWA-rssb").law(2030, flat)
    assert law.invalidity is not None and law.survivors is not None
    assert has_pensions(law, "invalidity") and has_pensions(law, "death")
    assert not has_pensions(replace(law, survivors=None), "death") and has_pensions(replace(law, survivors=None), "invalidity")
    assert not has_pensions(replace(law, invalidity=None), "invalidity") and has_pensions(replace(law, invalidity=None), "death")


def test_fixed_amounts_of_care_and_the_grant_at_birth() -> None:
    assert fixed_amount(1200.0, 24.0, 0.2) == pytest.approx(1920.0)
    flat = Indices.from_growth(np.zeros(111), np.zeros(111))
    laws = [load_scheme(path).law(2030, flat) for path in sorted((ROOT / "data" / "schemes").iterdir()) if path.is_dir()]
    paying = [law for law in laws if law.maternity is not None]
    assert paying
    for law in paying:
        one, three = float(maternity.birth_grant(law)), float(maternity.birth_grant(law, 3))
        assert three == pytest.approx(3 * one) and one == float(maternity.birth_grant(law, 1))


def test_months_elsewhere_are_all_but_the_own() -> None:
    totals = totalise([counted("AAA", 60, "months"), counted("BBB", 25, "months")], PeriodRules())
    assert (totals.other("AAA"), totals.other("BBB"), totals.total) == (25, 60, 85)
    assert PeriodRules(month_credit={"AAA": 31})
    for days in (0, 32):
        with pytest.raises(ValueError, match="month_credit"):
            PeriodRules(month_credit={"AAA": days})
