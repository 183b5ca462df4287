"""Properties of the rules of the branches, on the national laws and on random ones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actuarial.basis.scheme import Indices, SchemeLaw, load_scheme
from actuarial.basis.scheme_branch_law import QualifyingRule, SharesLaw
from actuarial.provisions import (
    account,
    employment_injury,
    family,
    funeral,
    health,
    indexation,
    invalidity,
    maternity,
    old_age,
    sickness,
    survivors,
    unemployment,
)
from actuarial.provisions.qualifying import meets, meets_any, months_within

SCHEMES = Path(__file__).parents[2] / "data" / "schemes"
FLAT = Indices.from_growth(np.zeros(111), np.zeros(111))
LAWS = [load_scheme(path).law(2025, FLAT) for path in sorted(SCHEMES.iterdir()) if path.is_dir()]
INVALIDITY = [law for law in LAWS if law.invalidity is not None and law.invalidity.amount == "formula"]
SHARES = [law.survivors.shares for law in LAWS if law.survivors is not None and law.survivors.shares is not None]
SHARES += [law.employment_injury.survivors for law in LAWS if law.employment_injury is not None]
INJURY = [law for law in LAWS if law.employment_injury is not None]
LIABLE = [law for law in LAWS if law.injury_liability is not None]
NAMED = {"ids": lambda law: law.scheme_id}

share = st.floats(0.0, 1.0, allow_subnormal=False)
counts = st.integers(0, 8)
money = st.floats(0.0, 1e8, allow_subnormal=False)


@st.composite
def families(draw: st.DrawFn) -> survivors.Family:
    return survivors.Family(draw(counts), draw(counts), draw(counts), draw(counts))


@st.composite
def any_shares(draw: st.DrawFn) -> SharesLaw:
    return SharesLaw(
        spouse=draw(share),
        spouse_until_remarriage=draw(st.booleans()),
        children_shared=draw(st.booleans()),
        half_orphan=draw(share),
        full_orphan=draw(share),
        parent=draw(share),
        parents_shared=draw(st.booleans()),
        parents_only_alone=draw(st.booleans()),
        family_maximum=draw(share),
        child_age=18,
        student_age=draw(st.integers(18, 25)),
        disabled_child_without_limit=draw(st.booleans()),
    )


shares_of_law = st.one_of(any_shares(), st.sampled_from(SHARES))


class TestFamily:
    @given(shares_of_law, families())
    def test_maximum_of_the_family_is_never_exceeded(self, shares: SharesLaw, who: survivors.Family) -> None:
        found = survivors.family_shares(shares, who)
        assert 0.0 <= found.total <= shares.family_maximum * (1 + 1e-12) + 1e-300

    @given(shares_of_law, families())
    def test_heads_sum_to_the_kind_and_kinds_to_the_family(self, shares: SharesLaw, who: survivors.Family) -> None:
        found = survivors.family_shares(shares, who)
        parts = (found.spouses, found.half_orphans, found.full_orphans, found.parents)
        heads = [survivors.per_head(part, n) for part, n in zip(parts, who.counts(), strict=True)]
        assert sum(h * n for h, n in zip(heads, who.counts(), strict=True)) == pytest.approx(found.total, abs=1e-12)

    @given(shares_of_law, families())
    def test_cap_cuts_all_in_one_proportion(self, shares: SharesLaw, who: survivors.Family) -> None:
        raw, found = survivors.uncapped_shares(shares, who), survivors.family_shares(shares, who)
        if raw.total > 0.0:
            factor = float(found.total / raw.total)
            assert found.spouses == pytest.approx(float(raw.spouses) * factor, abs=1e-12)
            assert found.half_orphans == pytest.approx(float(raw.half_orphans) * factor, abs=1e-12)

    @given(shares_of_law, st.integers(1, 6), counts)
    def test_more_widows_of_one_man_cost_no_more(self, shares: SharesLaw, widows: int, children: int) -> None:
        one = survivors.family_shares(shares, survivors.Family(1, children))
        many = survivors.family_shares(shares, survivors.Family(widows, children))
        assert many.total == pytest.approx(float(one.total), abs=1e-12)
        assert survivors.per_head(many.spouses, widows) * widows == pytest.approx(float(one.spouses), abs=1e-12)

    @given(shares_of_law, families())
    def test_another_child_never_lowers_the_family_total(self, shares: SharesLaw, who: survivors.Family) -> None:
        more = replace(who, half_orphans=who.half_orphans + 1)  # type: ignore[operator]
        if shares.parents_only_alone or (shares.children_shared and who.full_orphans):
            return
        before, after = survivors.family_shares(shares, who).total, survivors.family_shares(shares, more).total
        assert after >= before - 1e-12

    @given(shares_of_law)
    def test_nobody_left_nothing_paid(self, shares: SharesLaw) -> None:
        assert survivors.family_shares(shares, survivors.Family()).total == 0.0

    def test_parents_only_when_alone(self) -> None:
        alone = [s for s in SHARES if s.parents_only_alone]
        assert alone
        for shares in alone:
            found = survivors.family_shares(shares, survivors.Family(np.array([0, 1, 0]), np.array([0, 0, 1]), 0, 2))
            assert found.parents[0] > 0.0 and not found.parents[1:].any()

    def test_sourced_splits(self) -> None:
        """worked-examples SN1 (half the pension among four widows) and H23 (40 and 60 %)."""
        base = replace(SHARES[0], spouse=0.5)
        found = survivors.family_shares(base, survivors.Family(spouses=4))
        assert 80000 * found.spouses == 40000
        assert 80000 * survivors.per_head(found.spouses, 4) == 10000
        split = replace(base, spouse=0.4, children_shared=True, half_orphan=0.6)
        found = survivors.family_shares(split, survivors.Family(1, 3))
        assert (1000 * found.spouses, 1000 * found.half_orphans) == (400.0, pytest.approx(600.0))

    def test_children_by_age(self) -> None:
        for shares in SHARES:
            ages = np.arange(0, 40)
            assert survivors.child_entitled(shares, ages).sum() == shares.child_age
            assert survivors.child_entitled(shares, ages, student=True).sum() == shares.student_age
            if shares.disabled_child_without_limit:
                assert survivors.child_entitled(shares, ages, disabled=True).all()

    def test_right_of_a_spouse_ends_on_remarriage_where_the_law_says_so(self) -> None:
        ends = replace(SHARES[0], spouse_until_remarriage=True)
        assert survivors.spouse_entitled(ends, [False, True]).tolist() == [True, False]
        assert survivors.spouse_entitled(replace(ends, spouse_until_remarriage=False), [False, True]).all()

    def test_negative_numbers_are_refused(self) -> None:
        with pytest.raises(ValueError, match="cannot be negative"):
            survivors.family_shares(SHARES[0], survivors.Family(spouses=-1))


@pytest.mark.parametrize("law", INVALIDITY, **NAMED)
def test_survivors_have_pensions_or_a_lump_sum_never_both(law: SchemeLaw) -> None:
    months = np.arange(0, 400)
    single = survivors.lump_sum_in_lieu(law, months, 1e6, survivors.Family(1, 2))
    due = survivors.qualifies(law, months)
    assert not np.any(due & (single > 0.0))
    first = max(law.lump_sum_minimum_months, 1)
    assert np.all(single[first : law.survivors.minimum_months] > 0.0) and not single[:first].any()  # type: ignore[union-attr]
    assert survivors.qualifies(law, 1, pensioner=True)


class TestInvalidity:
    @pytest.mark.parametrize("law", INVALIDITY, **NAMED)
    def test_pension_never_falls_with_service_and_keeps_its_limits(self, law: SchemeLaw) -> None:
        pension = invalidity.annual_pension(law, np.arange(1, 700), 5e6, 480)
        assert np.all(np.diff(pension) >= 0.0)
        assert np.all(pension >= law.minimum_pension)
        assert pension[-1] <= max(law.maximum_share * 5e6, law.minimum_pension)

    @pytest.mark.parametrize("law", INVALIDITY, **NAMED)
    def test_zero_service_gives_nothing(self, law: SchemeLaw) -> None:
        assert invalidity.annual_pension(law, 0, 5e6, 480) == 0.0
        assert not invalidity.qualifies(law, np.zeros(120))

    @given(st.sampled_from(INVALIDITY), st.integers(1, 480), money, st.integers(240, 719))
    def test_projected_service_only_adds_and_fades_with_age(self, law: SchemeLaw, months: int, reference: float, age: int) -> None:
        branch = law.invalidity
        assert branch is not None
        projecting = replace(law, invalidity=replace(branch, projected_until_age=60, projected_share=0.5))
        plain = invalidity.annual_pension(law, months, reference, age)
        with_projection = invalidity.annual_pension(projecting, months, reference, age)
        assert with_projection >= plain
        assert invalidity.annual_pension(projecting, months, reference, age + 1) <= with_projection
        assert invalidity.annual_pension(projecting, months, reference, 720) == plain

    @pytest.mark.parametrize("law", INVALIDITY, **NAMED)
    def test_never_less_than_old_age_for_the_same_service(self, law: SchemeLaw) -> None:
        months = np.arange(law.qualifying_months, 600)
        assert np.all(invalidity.annual_pension(law, months, 5e6, 480) >= old_age.annual_pension(law, months, 5e6))

    def test_account_pays_a_balance_and_a_pension_scheme_does_not(self) -> None:
        for law in LAWS:
            if law.invalidity is None:
                with pytest.raises(ValueError, match="no rules of invalidity"):
                    invalidity.is_invalid(law, 1.0)
            elif law.invalidity.amount == "balance":
                with pytest.raises(ValueError, match="pays the balance"):
                    invalidity.annual_pension(law, 100, 1e6, 480)
            else:
                with pytest.raises(ValueError, match="pays a pension"):
                    invalidity.balance(law, 100.0, np.ones(60))


class TestRecency:
    @given(st.lists(st.integers(0, 1), min_size=1, max_size=200), st.integers(0, 250))
    def test_window_counts_the_last_months(self, record: list[int], window: int) -> None:
        assert months_within(record, window) == (sum(record[-window:]) if window else 0)

    @given(st.lists(st.integers(0, 1), min_size=60, max_size=200))
    def test_a_gap_before_the_contingency_never_opens_a_right(self, record: list[int]) -> None:
        rules = [QualifyingRule(36, 6, 12)]
        assert meets_any(rules, [*record, 1]) >= meets_any(rules, [*record, 0])

    def test_recency_must_be_given(self) -> None:
        with pytest.raises(ValueError, match="within the last 12"):
            meets(QualifyingRule(36, 6, 12), 40)
        assert meets(QualifyingRule(36), 36)

    def test_persons_side_by_side(self) -> None:
        records = np.zeros((3, 60))
        records[0, :36], records[1, -36:] = 1.0, 1.0
        assert meets_any([QualifyingRule(36, 6, 12)], records).tolist() == [False, True, False]
        assert meets_any([], records).all()

    @given(st.floats(0, 400, allow_subnormal=False), st.integers(0, 300))
    def test_zero_requirement_is_always_met(self, months: float, needed: int) -> None:
        assert meets(QualifyingRule(), months)
        assert bool(meets(QualifyingRule(needed), months)) == (months >= needed)


class TestInjury:
    @given(st.sampled_from(INJURY), money, st.floats(0.0, 1.0, allow_subnormal=False))
    def test_pension_or_lump_sum_never_both(self, law: SchemeLaw, earnings: float, degree: float) -> None:
        pension = employment_injury.permanent_pension(law, earnings, degree)
        single = employment_injury.permanent_lump_sum(law, earnings, degree)
        assert not (pension > 0.0 and single > 0.0)
        if degree >= 0.01 and earnings > 1.0:
            assert pension > 0.0 or single > 0.0

    @pytest.mark.parametrize("law", INJURY, **NAMED)
    def test_threshold_is_where_the_law_puts_it_and_the_formula_runs_through_it(self, law: SchemeLaw) -> None:
        rule = law.employment_injury.permanent  # type: ignore[union-attr]
        at, above = rule.pension_degree, np.nextafter(rule.pension_degree, 1.0)
        assert bool(employment_injury.pensionable(law, at)) is not rule.strictly_above
        assert employment_injury.pensionable(law, above)
        below, there = employment_injury.degree_pension(law, 1e6, [np.nextafter(at, 0.0), at])
        assert below == pytest.approx(there, rel=1e-12)

    @given(st.sampled_from(INJURY), st.floats(0.0, 1.0, allow_subnormal=False), st.floats(0.0, 1.0, allow_subnormal=False))
    def test_pension_never_falls_with_the_degree(self, law: SchemeLaw, one: float, other: float) -> None:
        low, high = employment_injury.permanent_pension(law, 5e6, sorted((one, other)))
        assert low <= high

    @pytest.mark.parametrize("law", INJURY + LIABLE, **NAMED)
    def test_temporary_benefit_stops_at_its_limit_and_waits(self, law: SchemeLaw) -> None:
        rule = employment_injury.temporary_law(law)
        days = employment_injury.days_paid(law, np.arange(0, 4000))
        assert days.max() == rule.maximum_days and np.all(np.diff(days) >= 0.0)
        assert not days[: rule.waiting_days + 1].any()
        pay = employment_injury.employer_waiting_pay(law, 100.0, 1000)
        assert pay == pytest.approx(rule.rate * 100.0 * rule.waiting_days * rule.employer_pays_waiting)

    @given(st.sampled_from(LIABLE), st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.floats(1.0, 1e7))
    def test_liability_never_falls_with_the_degree(self, law: SchemeLaw, one: float, other: float, pay: float) -> None:
        low, high = employment_injury.liability_permanent(law, pay, sorted((one, other)))
        assert 0.0 <= low <= high <= law.injury_liability.permanent_total_months * pay  # type: ignore[union-attr]
        assert employment_injury.liability_permanent(law, pay, 0.0) == 0.0

    @given(st.sampled_from(LIABLE), money, money)
    def test_sum_on_death_is_never_negative(self, law: SchemeLaw, monthly: float, paid: float) -> None:
        assert 0.0 <= employment_injury.liability_death(law, monthly, paid) <= employment_injury.liability_death(law, monthly)

    def test_degrees_outside_zero_to_one_are_refused(self) -> None:
        with pytest.raises(ValueError, match="between 0 and 1"):
            employment_injury.permanent_pension(INJURY[0], 1e6, 15)

    def test_survivors_of_a_fatal_accident_stay_within_the_maximum(self) -> None:
        for law in INJURY:
            many = survivors.Family(2, np.arange(6)[:, None], np.arange(4), 2)
            rule = law.employment_injury
            assert rule is not None
            base = 1e6 * (1.0 if rule.survivors_share_of == "earnings" else rule.permanent.total_rate)
            found = employment_injury.survivors_pension(law, 1e6, many)
            assert np.all(found.total <= rule.survivors.family_maximum * base * (1 + 1e-12))


class TestTopUp:
    KENYA = next(law for law in LAWS if law.survivors is not None and law.survivors.top_up is not None)

    @given(st.floats(0, 600, allow_subnormal=False), st.floats(-60, 500, allow_subnormal=False), st.floats(0, 5000, allow_subnormal=False))
    def test_half_of_the_months_at_most_ninety(self, months: float, left: float, last: float) -> None:
        found = float(survivors.tier_one_top_up(self.KENYA, months, left, last))
        expected = min(0.5 * max(left, 0.0), 90.0) * last if months >= 36 else 0.0
        assert found == pytest.approx(expected, rel=1e-12)

    def test_continuous_at_the_cap_and_nothing_at_pension_age(self) -> None:
        below, at, above = survivors.tier_one_top_up(self.KENYA, 40, [180 - 1e-9, 180, 400], 960.0)
        assert below == pytest.approx(at) and at == above
        assert survivors.tier_one_top_up(self.KENYA, 40, 0, 960.0) == 0.0

    def test_a_scheme_without_it_pays_none(self) -> None:
        law = next(law for law in LAWS if law.survivors is not None and law.survivors.top_up is None)
        assert not survivors.tier_one_top_up(law, [40, 400], 100, 960.0).any()


class TestShortTerm:
    MATERNITY = [law for law in LAWS if law.maternity is not None]

    @pytest.mark.parametrize("law", MATERNITY, **NAMED)
    @given(monthly=money)
    def test_maternity_parts_sum_to_the_whole(self, law: SchemeLaw, monthly: float) -> None:
        parts = maternity.scheme_part(law, monthly) + maternity.employer_part(law, monthly)
        assert parts == pytest.approx(float(maternity.cash_benefit(law, monthly)), rel=1e-12)
        assert maternity.birth_grant(law, 2) == 2 * maternity.birth_grant(law)

    def test_sickness_stops_at_its_limit(self) -> None:
        law = next(law for law in LAWS if law.sickness is not None)
        paid = sickness.cash_benefit(law, 900.0, np.arange(0, 100))
        assert paid[0] == 0.0 and np.all(np.diff(paid) >= 0.0) and paid.max() == paid[-1]
        assert sickness.qualifies(law, np.zeros(3))

    def test_unemployment_is_benefit_or_refund(self) -> None:
        law = next(law for law in LAWS if law.unemployment is not None)
        months = np.arange(0, 60)
        back = unemployment.refund(law, months, 1000.0)
        assert np.all((back > 0.0) != unemployment.qualifies(law, months))
        assert unemployment.may_claim(law, 40) and not unemployment.may_claim(law, 40, citizen=False)
        spell = unemployment.benefit(law, 100.0, np.arange(0, 24))
        assert np.all(np.diff(spell) >= 0.0) and spell[-1] == spell[6]

    @given(st.integers(0, 10), st.integers(0, 10))
    def test_children_abroad_count_only_without_a_residence_condition(self, here: int, abroad: int) -> None:
        law = next(law for law in LAWS if law.family is not None)
        assert law.family is not None
        free = replace(law, family=replace(law.family, child_resident=False, worker_resident=False))
        assert family.children_counted(law, here, abroad) == here
        assert family.children_counted(free, here, abroad) == here + abroad
        assert family.qualifies(free, 60, worker_resident=False) and not family.qualifies(law, 60, worker_resident=False)
        assert family.allowance(law, 0) == 0.0

    def test_health_levies_and_cost(self) -> None:
        for law in (law for law in LAWS if law.health is not None):
            assert law.health is not None
            for levy in law.health.levies:
                assert health.contribution(levy, 0.0) == 0.0
                paid = health.contribution(levy, np.linspace(1.0, 1e7, 50))
                assert np.all(np.diff(paid) >= 0.0) and np.all(paid >= levy.minimum)
            assert health.cost_by_person_months(law, 12.0 * law.health.members_per_contributor) == pytest.approx(float(health.cost_of_care(law, 1.0)))
        with pytest.raises(ValueError, match="no health levy 'NHIS'"):
            health.levy_named(next(law for law in LAWS if law.health is not None), "NHIS")

    def test_a_state_without_the_branch_says_so(self) -> None:
        bare = next(law for law in LAWS if law.kind == "none")
        for function in (
            lambda: maternity.cash_benefit(bare, 1.0),
            lambda: sickness.cash_benefit(bare, 1.0, 1),
            lambda: unemployment.benefit(bare, 1.0, 1),
            lambda: family.allowance(bare, 1),
            lambda: health.cost_of_care(bare, 1),
            lambda: survivors.death_grant(bare, 1.0),
            lambda: employment_injury.permanent_pension(bare, 1.0, 1.0),
            lambda: employment_injury.liability_death(bare, 1.0),
        ):
            with pytest.raises(ValueError, match=f"{bare.scheme_id} 2025: no rules"):
                function()
        assert funeral.funeral_grant(bare) == funeral.funeral_grant(bare, employment_injury=True) == 0.0


class TestAccounts:
    @given(st.sampled_from([law for law in LAWS if law.kind == "account"]), money)
    def test_tiers_sum_to_the_whole_contribution(self, law: SchemeLaw, pay: float) -> None:
        first, second = account.tier_contributions(law, pay)
        assert first + second == pytest.approx(law.contribution_rate * pay, rel=1e-12, abs=1e-9)
        if law.tier_one_limit:
            assert first <= law.contribution_rate * law.tier_one_limit * (1 + 1e-12)

    @given(st.sampled_from([law for law in LAWS if law.kind == "account"]), money, money)
    def test_cash_and_annuity_sum_to_the_balances(self, law: SchemeLaw, first: float, second: float) -> None:
        cash, price = account.payout_by_tier(law, first, second)
        assert cash + price == pytest.approx(first + second, rel=1e-12, abs=1e-9)
        assert cash >= 0.0 and price >= -1e-9
        assert account.purchased_annuity(price, 12.0, loading=0.1) == pytest.approx(0.9 * price / 12.0)

    def test_contracting_out_only_where_the_law_has_it(self) -> None:
        law = next(law for law in LAWS if law.kind == "account" and not law.contracting_out)
        with pytest.raises(ValueError, match="no contracting out"):
            account.tier_contributions(law, 1e6, contracted_out=True)
        with pytest.raises(ValueError, match="annuity factor is positive"):
            account.purchased_annuity(1.0, 0.0)


@given(st.sampled_from([law for law in LAWS if law.kind == "defined_benefit"]), st.lists(st.floats(0, 0.3), min_size=1, max_size=20))
def test_pensions_in_payment_follow_the_law_of_their_award(law: SchemeLaw, inflation: list[float]) -> None:
    path = indexation.pension_in_payment(law, 1000.0, inflation, np.zeros(len(inflation)))
    expected = 1000.0
    for now, rate in zip(path, inflation, strict=True):
        expected *= 1.0 + law.price_share * rate
        assert now == pytest.approx(expected, rel=1e-12)
