"""Totalisation over states: worked examples, each overlap rule, and properties against a day-by-day count.

Ids are those of the worked examples of the coordination rules: H03 Regulation (EC) 883/2004 Article 57 (derived), H05 Regulation (EC) 987/2009
Article 12 (derived), P02 Oireachtas answer 2020, P04 CLEISS-type, S15, S18, S19, S21-S24, S31 secondary sources named there.
"""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, get_args

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from actuarial.provisions.overlaps import COMPULSORY_OVERLAPS, CompulsoryOverlap, PeriodRules, Totals, totalise, unity_of_career
from actuarial.provisions.period_ledger import RANK
from actuarial.provisions.period_units import FIVE_DAY_WEEK, SEVEN_DAY_WEEK, YearCredit, convert, round_units
from actuarial.provisions.periods import PERIOD_TYPES, Period, PeriodError, PeriodType, check_periods, counted, dated, month_point

POLICIES = st.sampled_from(get_args(CompulsoryOverlap))
RULES = st.builds(PeriodRules, compulsory_overlap=POLICIES, rounding=st.sampled_from(["up", "none"]))


def owns(result: Totals) -> dict[str, Fraction]:
    return {state: item.own for state, item in result.states.items()}


# worked examples ------------------------------------------------------------------------------------------------------------------------


def test_h05_voluntary_beside_compulsory_is_paid_outside() -> None:
    result = totalise([dated("A", "2010-01", "2014-12"), dated("B", "2014-01", "2015-12", "voluntary")])
    assert result.own("A") == 60
    assert result.own("B") == 12
    assert result.states["B"].outside == 12
    assert result.total == 72
    (line,) = [line for line in result.explanation if line.startswith("12 months of voluntary insurance in B (2014-01-01 to 2014-12-31)")]
    assert "without pro rata" in line


def test_h03_short_periods_stay_in_the_total() -> None:
    result = totalise([counted("A", 8, "months"), counted("B", 120, "months"), counted("C", 232, "months")])
    assert (result.total, result.own("A")) == (360, 8)
    denominator = result.total - result.own("A")
    assert (result.own("B") / denominator, result.own("C") / denominator) == (Fraction(120, 352), Fraction(232, 352))


def test_h21_the_other_state_keeps_its_months_after_a_refund() -> None:
    result = totalise([counted("A", 60, "months", refunded=date(2020, 1, 1)), counted("B", 120, "months")])
    assert (result.total, result.own("A"), result.states["A"].extinguished) == (120, 0, 60)
    assert "Refunded periods: 1 extinguished, 0 standing" in result.explanation[0]


def test_s17_weeks_of_two_states() -> None:
    result = totalise([counted("IT", 449, "weeks"), counted("DE", 599, "weeks")])
    assert convert(result.total, "months", "weeks") == 1048
    assert result.total >= 20 * 12
    assert (result.total_rounded, result.states["IT"].own_rounded + result.states["DE"].own_rounded) == (242, 243)


def test_s24_belgian_unity_of_career() -> None:
    result = totalise([counted("BE", 45, "years"), counted("X", 8, "years")])
    assert convert(result.total, "months", "years") == 53
    assert unity_of_career(45, 8, 45) == 37
    assert unity_of_career(20, 8, 45) == 20
    assert unity_of_career(20, 50, 45) == 0


def test_s28_saint_lucia_months_of_a_year_from_dated_periods() -> None:
    result = totalise([dated("LCA", "2000-01", "2000-03"), dated("LCA", "2001-01", "2001-02")])
    assert result.states["LCA"].by_year == {2000: 3, 2001: 2}
    assert YearCredit(3).years(result.states["LCA"].by_year) == 1


@pytest.mark.parametrize(
    ("years", "needed", "total"),
    [
        ({"UK": 7, "EEA": 16}, 10, 23),  # S15
        ({"IT": 15, "DE": 10}, 20, 25),  # S18
        ({"FR": 14, "ES": 25}, Fraction(153, 4), 39),  # S21: 38 years and 3 months
        ({"PL": 17, "XX": 13}, 25, 30),  # S23
        ({"AT": 12, "AU": 5}, 15, 17),  # S31
    ],
)
def test_s15_s18_s21_s23_s31_totals_open_the_right(years: dict[str, int], needed: Fraction, total: int) -> None:
    result = totalise([counted(state, n, "years") for state, n in years.items()])
    assert convert(result.total, "months", "years") == total >= needed


@pytest.mark.parametrize("years", [[20, 15, 5], [16, 10], [14, 25], [8, 12]])
def test_s16_s19_s21_s22_shares(years: list[int]) -> None:
    result = totalise([counted(f"S{i}", n, "years") for i, n in enumerate(years)])
    assert [result.own(f"S{i}") / result.total for i in range(len(years))] == [Fraction(n, sum(years)) for n in years]


def test_p02_credits_can_be_left_out_of_the_numerator() -> None:
    result = totalise([counted("IE", 389, "weeks"), counted("IE", 36, "weeks", "assimilated"), counted("XX", 1784, "weeks")])
    assert convert(result.total, "months", "weeks") == 2209
    assert round(float(100 * result.states["IE"].by_type["compulsory"] / result.total), 2) == 17.61


def test_p04_forty_years_are_160_quarters() -> None:
    result = totalise([counted(state, years, "years") for state, years in (("FR", 21), ("GB", 15), ("DE", 4))])
    assert convert(result.total, "months", "quarters") == 160


# one rule at a time ----------------------------------------------------------------------------------------------------------------------


def test_real_beats_assimilated_also_inside_one_state() -> None:
    credits = [dated("A", "2010-07", "2011-06", "assimilated"), dated("B", "2010-10", "2011-03", "assimilated")]
    result = totalise([dated("A", "2010-01", "2010-12"), *credits])
    assert owns(result) == {"A": 18, "B": 0}
    assert result.states["B"].yielded == 6
    assert result.total == 18


def test_voluntary_beside_assimilated_counts() -> None:
    result = totalise([dated("A", "2010-01", "2010-12", "voluntary"), dated("B", "2010-01", "2010-12", "assimilated")])
    assert owns(result) == {"A": 12, "B": 0}


def test_insurance_beats_residence() -> None:
    result = totalise([dated("A", "2010-01", "2019-12", "residence"), dated("B", "2010-01", "2010-12", "voluntary")])
    assert owns(result) == {"A": 108, "B": 12}


@pytest.mark.parametrize(
    ("compulsory", "winner"),
    [
        ([dated("A", "2005-01", "2009-12"), dated("B", "2000-01", "2004-12")], "A"),
        ([dated("A", "2000-01", "2004-12"), dated("B", "2005-01", "2009-12")], "B"),
        ([dated("A", "2012-01", "2012-12"), dated("B", "2011-01", "2011-12")], "B"),  # none before: the next after
        ([dated("A", "2012-01", "2012-12"), dated("B", "2005-01", "2005-12")], "B"),  # before goes before after
    ],
)
def test_assimilated_in_two_states_follows_the_last_compulsory_insurance(compulsory: list[Period], winner: str) -> None:
    result = totalise([*compulsory, dated("A", "2010-01", "2010-12", "assimilated"), dated("B", "2010-01", "2010-12", "assimilated")])
    loser = "B" if winner == "A" else "A"
    assert result.states[winner].by_type["assimilated"] == 12
    assert result.states[loser].yielded == 12
    assert any(f"they count in {winner}, the state of the nearest compulsory insurance" in line for line in result.explanation)


def test_assimilated_in_two_states_without_compulsory_insurance_falls_to_the_policy() -> None:
    twice = [dated("A", "2010-01", "2010-12", "assimilated"), dated("B", "2010-01", "2010-12", "assimilated")]
    assert owns(totalise(twice, PeriodRules("split"))) == {"A": 6, "B": 6}
    assert owns(totalise(twice, PeriodRules("first_insured"))) == {"A": 6, "B": 6}


TWICE = [dated("A", "2010-01", "2014-12"), dated("B", "2014-01", "2015-12")]


@pytest.mark.parametrize(
    ("policy", "own", "total"),
    [
        ("count_once", {"A": 60, "B": 24}, 72),
        ("split", {"A": 54, "B": 18}, 72),
        ("first_insured", {"A": 60, "B": 12}, 72),
        ("each_pays_own", {"A": 60, "B": 24}, 84),
    ],
)
def test_double_insurance_by_policy(policy: CompulsoryOverlap, own: dict[str, int], total: int) -> None:
    result = totalise(TWICE, PeriodRules(policy))
    assert (owns(result), result.total, result.union) == (own, total, 72)
    assert any(f"policy '{policy}'" in line for line in result.explanation)


def test_untimed_periods_do_not_overlap() -> None:
    result = totalise([dated("A", "2010-01", "2014-12"), counted("B", 24, "months"), counted("A", 6, "months", "voluntary")])
    assert (result.total, owns(result)) == (90, {"A": 66, "B": 24})
    assert "Counted periods without a year in A, B are assumed not to overlap with anything." in result.explanation


def test_periods_of_a_known_year_overlap_only_where_the_year_is_full() -> None:
    half = dated("A", "2010-01", "2010-06")
    assert totalise([half, counted("B", 6, "months", year=2010)]).total == 12
    crowded = totalise([half, counted("B", 8, "months", year=2010)])
    assert (crowded.total, owns(crowded)) == (12, {"A": 6, "B": 8})
    shared = totalise([half, counted("B", 8, "months", year=2010)], PeriodRules("split"))
    assert (shared.total, owns(shared)) == (12, {"A": 5, "B": 7})
    voluntary = totalise([half, counted("B", 8, "months", "voluntary", year=2010)])
    assert (voluntary.own("B"), voluntary.states["B"].outside) == (6, 2)
    assert any("in 2010, dates not known" in line for line in voluntary.explanation)


def test_calendar_year_cap_for_weeks_and_days() -> None:
    result = totalise([counted("A", 53, "weeks", year=2010)])
    assert (result.total, result.states["A"].capped, result.states["A"].gross) == (12, Fraction(3, 13), Fraction(159, 13))
    assert any("calendar-year cap" in line for line in result.explanation)
    mixed = totalise([dated("A", "2010-01", "2010-06"), counted("A", 30, "weeks", year=2010)])
    assert (mixed.total, mixed.states["A"].capped) == (12, 30 * Fraction(3, 13) - 6)


def test_days_by_the_table_of_their_state() -> None:
    rules = PeriodRules(unit_tables={"A": FIVE_DAY_WEEK, "B": SEVEN_DAY_WEEK})
    result = totalise([counted(state, 660, "days") for state in "ABC"], rules)
    assert owns(result) == {"A": 30, "B": 22, "C": Fraction(660, 26)}
    line = "A: 660 days = 30 months, converted once on the aggregate (5-day week, 22 days a month; Regulation 987/2009, Article 13)."
    assert line in result.explanation


def test_month_credit_comes_first() -> None:
    rules = PeriodRules(month_credit={"BEN": 18})
    benin = [dated("BEN", "2010-01-01", "2010-01-18"), dated("BEN", "2010-02-01", "2010-02-17")]
    result = totalise([*benin, dated("TGO", "2010-01-20", "2010-01-31")], rules)
    assert owns(result) == {"BEN": 1, "TGO": Fraction(12, 31)}
    assert result.total == 1
    slips = [counted("BEN", days, "days", year=2010, month=month) for month, days in ((1, 18), (2, 17), (3, 26))]
    assert totalise(slips, rules).own("BEN") == 2
    assert "BEN: 2 calendar months of compulsory insurance credited with at least 18 days, 1 not credited" in totalise(slips, rules).explanation[0]


def test_two_spells_of_one_month_are_added_before_the_credit() -> None:
    rules = PeriodRules(month_credit={"BEN": 18})
    assert totalise([dated("BEN", "2010-01-01", "2010-01-09"), dated("BEN", "2010-01-15", "2010-01-23")], rules).own("BEN") == 1


@pytest.mark.parametrize(("rule", "own"), [("counts", {"A": 120, "B": 0}), ("assimilated", {"A": 120, "B": 0}), ("ignored", {"A": 0, "B": 24})])
def test_residence_rules(rule: Any, own: dict[str, int]) -> None:
    periods = [dated("A", "2010-01", "2019-12", "residence"), dated("B", "2010-01", "2011-12", "assimilated")]
    if rule == "assimilated":
        periods.insert(0, dated("A", "2009-01", "2009-12"))
        own = {"A": own["A"] + 12, "B": own["B"]}
    assert owns(totalise(periods, PeriodRules(residence=rule))) == own


def test_no_retroactive_periods() -> None:
    result = totalise([dated("A", "2020-01", "2029-12"), dated("B", "2020-01", "2024-12")], PeriodRules(count_from=date(2028, 1, 1)))
    assert owns(result) == {"A": 24, "B": 0}


def test_schemes_of_one_state_are_told_apart() -> None:
    result = totalise([dated("TZA", "2010-01", "2012-12", scheme="NSSF"), dated("TZA", "2013-01", "2013-12", scheme="PSSSF")])
    assert result.states["TZA"].by_scheme == {"NSSF": 36, "PSSSF": 12}


def test_by_year_cuts_at_new_year() -> None:
    result = totalise([dated("A", "2010-07", "2012-06"), dated("B", "2011-07", "2012-06")], PeriodRules("split"))
    assert result.states["A"].by_year == {2010: 6, 2011: 9, 2012: 3}
    assert result.states["B"].by_year == {2011: 3, 2012: 3}


def test_impossible_periods_are_refused_before_anything() -> None:
    with pytest.raises(PeriodError, match=r"periods\[1\].start"):
        totalise([dated("A", "2010-01", "2010-12"), dated("A", "2010-06", "2011-12")])
    with pytest.raises(ValueError, match="compulsory_overlap: unknown policy 'count_twice'"):
        PeriodRules(compulsory_overlap="count_twice")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="residence: unknown rule"):
        PeriodRules(residence="maybe")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="month_credit.BEN: 0 days"):
        PeriodRules(month_credit={"BEN": 0})


def test_no_periods_no_months() -> None:
    result = totalise([])
    assert (result.total, result.union, result.states) == (0, 0, {})
    assert result.explanation == ("Own months: none. Total: 0 months, 0 after rounding up once on the aggregate.",)


# properties ------------------------------------------------------------------------------------------------------------------------------


@st.composite
def careers(draw: st.DrawFn, kinds: tuple[str, ...] = PERIOD_TYPES) -> list[Period]:
    """Dated periods without the same type twice in one state, counted ones of a year without more than twelve months, and untimed ones."""
    periods: list[Period] = []
    for state in draw(st.lists(st.sampled_from("ABCD"), unique=True, max_size=4)):
        for kind in draw(st.lists(st.sampled_from(kinds), unique=True, min_size=1, max_size=3)):
            days = sorted(draw(st.lists(st.integers(0, 2500), unique=True, max_size=6)))
            if len(days) % 2:
                days.pop()
            for first, last in zip(days[::2], days[1::2], strict=True):
                start = date(2005, 1, 1) + timedelta(days=first)
                periods.append(dated(state, start, date(2005, 1, 1) + timedelta(days=last - 1), _type(kind)))
            if draw(st.booleans()):
                periods.append(counted(state, draw(st.integers(0, 12)), "months", _type(kind), year=draw(st.integers(2010, 2013))))
            if draw(st.booleans()):
                periods.append(counted(state, draw(st.integers(0, 400)), draw(st.sampled_from(["days", "weeks", "months", "quarters"])), _type(kind)))
    assume(not check_periods(periods))
    return periods


def _type(kind: str) -> PeriodType:
    return kind  # type: ignore[return-value]


def gross(periods: list[Period], state: str) -> Fraction:
    """Months of a state counted period by period."""
    return sum((_months(p) for p in periods if p.state == state), Fraction(0))


def _months(period: Period) -> Fraction:
    if period.amount is not None and period.unit is not None:
        return convert(period.amount, period.unit, "months")
    start, end = period.span
    return end - start


@given(careers(), RULES)
def test_months_in_are_months_counted(periods: list[Period], rules: PeriodRules) -> None:
    result = totalise(periods, rules)
    for state, item in result.states.items():
        assert item.gross == gross(periods, state)
        assert item.own == sum(item.by_type.values()) == sum(item.by_scheme.values())
        assert min(item.own, item.outside, item.yielded, item.capped) >= 0
        assert item.own_rounded == round_units(item.own, rules.rounding)


@given(careers(("compulsory",)).map(lambda c: [replace(p, state="A") for p in c if p.state == "A"]), RULES)
def test_one_state_without_overlap_counts_everything(periods: list[Period], rules: PeriodRules) -> None:
    result = totalise(periods, rules)
    assert result.total == result.union == gross(periods, "A")


@given(careers(), RULES, st.randoms())
def test_order_of_periods_and_states_is_irrelevant(periods: list[Period], rules: PeriodRules, dice: random.Random) -> None:
    shuffled = dice.sample(periods, len(periods))
    assert totalise(shuffled, rules) == totalise(periods, rules)


@given(careers(), RULES)
def test_names_of_states_are_irrelevant_for_dated_and_untimed_periods(periods: list[Period], rules: PeriodRules) -> None:
    names = dict(zip("ABCD", "DACB", strict=True))
    plain = [p for p in periods if p.year is None]
    renamed = totalise([replace(p, state=names[p.state]) for p in plain], rules)
    result = totalise(plain, rules)
    assert (renamed.total, renamed.union) == (result.total, result.union)
    assert {state: (renamed.own(names[state]), renamed.states[names[state]].outside) for state in result.states} == {
        state: (item.own, item.outside) for state, item in result.states.items()
    }


@given(careers())
def test_policies_against_the_union(periods: list[Period]) -> None:
    results = {policy: totalise(periods, PeriodRules(policy)) for policy in get_args(CompulsoryOverlap)}
    union = results["count_once"].union
    assert all(r.union == union for r in results.values())
    assert results["count_once"].total == union <= sum(owns(results["count_once"]).values())
    for policy in ("split", "first_insured"):
        assert results[policy].total == union == sum(owns(results[policy]).values())
    assert results["each_pays_own"].total == sum(owns(results["each_pays_own"]).values()) >= union
    for state in results["split"].states:
        assert results["split"].own(state) <= results["count_once"].own(state) == results["each_pays_own"].own(state)
        assert results["count_once"].states[state].outside == results["first_insured"].states[state].outside


@settings(max_examples=40)
@given(careers())
def test_against_a_count_day_by_day(periods: list[Period]) -> None:
    """Every day goes to the strongest type; union, own and outside months added up from 1/d of a month."""
    timed = [p for p in periods if p.is_dated]
    union = Fraction(0)
    outside = dict.fromkeys("ABCD", Fraction(0))
    day = date(2005, 1, 1)
    while day < date(2012, 6, 1):
        here = [p for p in timed if p.start is not None and p.end is not None and p.start <= day <= p.end]
        step = month_point(day + timedelta(days=1)) - month_point(day)
        union += step if here else 0
        if any(p.type == "compulsory" for p in here):
            for p in here:
                outside[p.state] += step if p.type == "voluntary" else 0
        day += timedelta(days=1)
    result = totalise(timed)
    assert result.total == union
    assert {s: item.outside for s, item in result.states.items()} == {s: outside[s] for s in result.states}


@given(careers(), RULES)
def test_calendar_cap_holds(periods: list[Period], rules: PeriodRules) -> None:
    result = totalise(periods, rules)
    for item in result.states.values():
        assert all(0 < months <= 12 for months in item.by_year.values())
        untimed = gross([p for p in periods if not p.is_dated and p.year is None], item.state)
        assert sum(item.by_year.values()) + untimed == item.own


@given(careers(), RULES)
def test_refund_then_repayment_is_never_refunded(periods: list[Period], rules: PeriodRules) -> None:
    repaid = [replace(p, refunded=date(2020, 1, 1), repaid=date(2021, 1, 1)) for p in periods]
    again, never = totalise(repaid, rules), totalise(periods, rules)
    assert replace(again, explanation=()) == replace(never, explanation=())


@given(careers(), careers(), RULES)
def test_more_periods_never_shorten_the_union(first: list[Period], second: list[Period], rules: PeriodRules) -> None:
    foreign = [replace(p, state=p.state + "2") for p in second]
    assert totalise([*first, *foreign], rules).union >= totalise(first, rules).union


@given(careers(), RULES)
def test_rounding_once_on_the_aggregate(periods: list[Period], rules: PeriodRules) -> None:
    result = totalise(periods, replace(rules, rounding="up"))
    assert 0 <= result.total_rounded - result.total < 1
    if rules.compulsory_overlap != "count_once":  # own months add up to the total
        floors = [round_units(own, "down") for own in owns(result).values()]
        assert sum(floors) <= result.total_rounded <= sum(item.own_rounded for item in result.states.values())


def test_every_type_has_a_rank_and_every_policy_a_line() -> None:
    assert set(RANK) == set(PERIOD_TYPES)
    assert set(COMPULSORY_OVERLAPS) == set(get_args(CompulsoryOverlap))
