"""Reversion factors: the reversionary annuity of two lives, the books of orphans, brute force, limits and refusals.

Sources: Bowers et al. (1997), Actuarial Mathematics, chapter 9 (reversionary annuity); mortality of the Standard Ultimate Life Table (Makeham,
Dickson, Hardy and Waters), from :mod:`actuarial.demography.annuity`.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import poisson

from actuarial.basis.dimensions import AGE_COUNT, FEMALE, MALE
from actuarial.basis.families import FamilyBasis
from actuarial.basis.scheme_branch_law import SharesLaw
from actuarial.demography.annuity import annuity_due, makeham_survival, reversionary_annuity
from actuarial.demography.children import Children, children_by_age, derive_children, mean_children
from actuarial.demography.population import advance
from actuarial.finance import survivors
from actuarial.finance.survivors import SurvivorStreams, _capped, reversion, reversion_by_age, survivor_streams
from tests.plain import plain

HISTORY, YEARS = 30, 50
LAW = SharesLaw(
    spouse=0.5, spouse_until_remarriage=True, children_shared=False, half_orphan=0.25, full_orphan=0.4, parent=0.0, parents_shared=False,
    parents_only_alone=False, family_maximum=1.0, child_age=18, student_age=21, disabled_child_without_limit=False,
)  # fmt: skip
NO_INDEX = np.zeros(YEARS)


def world(seed: int = 3, children: bool = True) -> tuple[np.ndarray, Children, np.ndarray]:
    """Survival [2, age, H + Y], children and people [2, age, H + Y + 1] of a closed population, from the projection step."""
    rng = np.random.default_rng(seed)
    total = HISTORY + YEARS
    fertility = np.zeros((AGE_COUNT, total))
    if children:
        fertility[15:50] = rng.uniform(0.05, 0.3, (35, total))
    survival = np.clip(1.0 - 0.0005 * np.exp(0.075 * np.arange(AGE_COUNT))[None, :, None] * rng.uniform(0.8, 1.2, (2, 1, total)), 0.3, 1.0)
    births, ratio = rng.uniform(0.9, 0.99, (2, total)), np.full(total, 1.03)
    people = np.zeros((2, AGE_COUNT, total + 1))
    people[..., 0] = 1000.0 * np.exp(-0.04 * np.arange(AGE_COUNT))
    none = np.zeros((1, 2, AGE_COUNT))
    for t in range(total):
        step = advance(people[None, ..., t], survival[None, ..., t], births[None, :, t], fertility[None, :, t], ratio[None, t], none)
        people[..., t + 1] = step.population[0]
    return survival, derive_children(fertility, people, survival, births, ratio, 6), people


SURVIVAL, CHILDREN, PEOPLE = world()
NO_CHILDREN = world(children=False)[1]


def families(married: float = 0.7, remarriage: float = 0.02, wives: float = 1.2, students: float = 0.25) -> FamilyBasis:
    return FamilyBasis(np.full((2, AGE_COUNT), married), np.full(AGE_COUNT, wives), np.full((2, AGE_COUNT), remarriage), 6, students, 0.5)


def streams(law: SharesLaw = LAW, basis: FamilyBasis | None = None, children: Children = CHILDREN, sex: int = MALE) -> SurvivorStreams:
    return survivor_streams(law, SURVIVAL, children, families() if basis is None else basis, NO_INDEX, sex)


def mid_year(q: np.ndarray) -> np.ndarray:
    """Probabilities of death from mid-year to mid-year, deaths at mid-year: 1 - (1 - q(k)) (1 - q(k+1)/2) / (1 - q(k)/2)."""
    later = np.append(q[1:], q[-1])
    return 1.0 - (1.0 - q) * (1.0 - 0.5 * later) / (1.0 - 0.5 * q)


@pytest.mark.parametrize("interest", [0.0, 0.03, 0.06])
@pytest.mark.parametrize(("sex", "age"), [(MALE, 60), (FEMALE, 55), (MALE, 40)])
def test_discounted_streams_are_the_reversionary_annuity_of_two_lives(interest: float, sex: int, age: int) -> None:
    """Both alive at the start: the sum over the years of death is a(y) - a(xy), each half a year's payment at mid-year."""
    years, gap = 90, 6
    ages = np.arange(AGE_COUNT, dtype=float)
    q = np.stack([1.0 - makeham_survival(ages, np.ones(AGE_COUNT), 0.00022 * up, 2.7e-6 * up, 1.124) for up in (1.3, 1.0)])
    q[:, -1] = 1.0
    other, other_age = 1 - sex, age + (gap if sex == FEMALE else -gap)
    tables = [np.append(q[g, start:], np.ones(years))[:years] for g, start in ((sex, age), (other, other_age))]
    # Whoever dies aged age + k leaves a spouse if the spouse of the start lives at that mid-year.
    alive = [np.append(1.0, np.cumprod(1.0 - table)) for table in tables]
    married = np.zeros((2, AGE_COUNT))
    k = np.arange(AGE_COUNT - age)
    married[sex, age:] = alive[1][k] * (1.0 - 0.5 * tables[1][k])
    basis = FamilyBasis(married, np.ones(AGE_COUNT), np.zeros((2, AGE_COUNT)), gap, 0.0, 0.0)
    law = replace(LAW, spouse=1.0)
    survival = np.repeat((1.0 - q)[..., None], 20 + years, axis=2)
    nobody = Children(np.zeros((2, AGE_COUNT, 20 + years)), np.zeros((2, AGE_COUNT, 20 + years)), np.ones((20 + years, 31)))
    found = survivor_streams(law, survival, nobody, basis, np.zeros(years), sex)
    deaths = np.zeros((years, years))
    deaths[0, k] = alive[0][k] * tables[0][k]
    paid = reversion(deaths, age, found).paid[0]
    value = (paid * (1.0 + interest) ** -(np.arange(years) + 0.5)).sum()
    if interest > 0.0:
        first, second = mid_year(tables[0]), mid_year(tables[1])
        start = [1.0 - 0.5 * t[0] for t in tables]
        single = annuity_due(second, interest)[0]
        joint = single - reversionary_annuity(first, second, interest)[0]
        expected = (1.0 + interest) ** -0.5 * start[1] * (single - start[0] * joint)
    else:
        both = [a[:-1] * (1.0 - 0.5 * t) for a, t in zip(alive, tables, strict=True)]
        expected = (both[1] * (1.0 - both[0])).sum()
    assert value == pytest.approx(expected, rel=1e-9)
    assert value > 0.5


def test_orphans_and_children_with_a_living_mother_are_all_children() -> None:
    """Every mother's death books her children: from 12 years after the first booked death on, no child below 12 is missing."""
    law = replace(LAW, child_age=12, student_age=12)
    found = streams(law, families(students=0.0), sex=FEMALE)
    deaths = PEOPLE[FEMALE, :, HISTORY:-1] * (1.0 - SURVIVAL[FEMALE, :, HISTORY:])
    assert deaths[:15].sum() > 0.0
    deaths[:15] = 0.0
    orphans = reversion_by_age(deaths, found).orphans
    for u in range(12, YEARS):
        year = HISTORY + u + 1
        with_mother = PEOPLE[FEMALE, :, year] @ mean_children(CHILDREN, FEMALE, year, 12)
        everybody = PEOPLE[:, :12, year].sum()
        assert with_mother + orphans[u] == pytest.approx(everybody, rel=1e-9)
        assert orphans[u] > 0.005 * everybody


def held_against_brute_force(sex: int, cells: tuple[tuple[int, int], ...], index: np.ndarray = NO_INDEX, first_age: int = 15) -> None:
    """Brute force from n(x, c), child by child and year by year, of as many years as ``index`` has, for deaths at age x in year d."""
    basis, gap, years = families(), 6 if sex == FEMALE else -6, index.size
    law, axis = replace(LAW, family_maximum=np.inf), HISTORY + index.size
    children = Children(CHILDREN.births[..., :axis], CHILDREN.first_half[..., :axis], CHILDREN.alive[:axis])
    found = survivor_streams(law, SURVIVAL[..., :axis], children, basis, index, sex, first_age)
    paid, spouses, orphans = found.cube()
    level = np.cumprod([1.0, *(1.0 + index[1:])])
    np.testing.assert_allclose(found.level, level, rtol=1e-14)
    other = 1 - sex

    def share_entitled(age: int) -> float:
        return 1.0 if age < 18 else 0.25 if age < 21 else 0.0

    for x, d in cells:
        born_now = CHILDREN.first_half[sex, x, HISTORY + d]
        here = children_by_age(CHILDREN, sex, HISTORY + d, 21)[x]
        wed, left = 0.7, np.append(born_now, here)  # alive at 1 January by age -1 (born in the year of death), 0, 1, ..
        for u in range(d, min(d + 30, years)):
            s = SURVIVAL[other, x + gap + u - d, HISTORY + u] if x + gap + u - d <= 100 else SURVIVAL[other, 100, HISTORY + u]
            if u == d:
                expected, wed = 0.25 * wed, wed * 2.0 * s / (1.0 + s) * 0.99
            else:
                expected, wed = 0.5 * wed * 0.5 * (1.0 + s * 0.98), wed * s * 0.98
            alive_end = np.zeros_like(left)
            for i, number in enumerate(left):
                age = i - 1 + u - d  # at 1 January
                born = HISTORY + d - i
                if number == 0.0 or age + 1 > 21:
                    continue
                after = number * CHILDREN.alive[born, age + 2] / CHILDREN.alive[born, age + 1]
                years_since = range(born + 1, HISTORY + u)
                parent = np.prod([SURVIVAL[other, min(x + gap - (HISTORY + d - v), 100), v] for v in years_since]) if years_since else 1.0
                parent *= 1.0 if born == HISTORY + u else 0.5 * (1.0 + s)
                each = 0.25 * parent + 0.4 * (1.0 - parent)
                part = 0.5 * share_entitled(age + 1) + (0.0 if u == d else 0.5 * share_entitled(age))
                expected += each * part * 0.5 * (number + after)
                alive_end[i] = after
            left = alive_end
            entitled = [n * share_entitled(i + u - d) for i, n in enumerate(left)]
            assert paid[x - first_age, d, u] == pytest.approx(expected * level[u] / level[d], rel=1e-9, abs=1e-12)
            assert orphans[x - first_age, d, u] == pytest.approx(sum(entitled), rel=1e-9, abs=1e-12)
            assert spouses[x - first_age, d, u] == pytest.approx(wed * (1.2 if sex == MALE else 1.0), rel=1e-9)


@pytest.mark.parametrize("sex", [MALE, FEMALE])
def test_without_a_maximum_the_streams_are_the_sum_over_spouse_and_children(sex: int) -> None:
    held_against_brute_force(sex, ((25, 0), (41, 7), (58, 20), (80, 3)))


@pytest.mark.parametrize("sex", [MALE, FEMALE])
def test_the_same_in_plain_python(sex: int) -> None:
    """The compiled functions as written: few years and old parents, so that it is quick."""
    with plain(survivors):
        held_against_brute_force(sex, ((44, 0), (52, 1), (60, 2), (97, 0), (100, 3)), np.array([0.5, 0.1, -0.02, 0.3, 0.05]), 44)


def test_the_family_maximum_and_sums_over_deaths_in_plain_python() -> None:
    """One age and year at a time: E min(M, s I + a N) with I and N independent, by summing over all numbers of children."""
    with plain(survivors):
        for law in (replace(LAW, family_maximum=0.8), replace(LAW, family_maximum=0.6, children_shared=True)):
            found = survivor_streams(law, SURVIVAL[..., : HISTORY + 3], CHILDREN_OF_3, families(), np.zeros(3), MALE, 40)
            free = survivor_streams(replace(law, family_maximum=np.inf, children_shared=False, half_orphan=1.0, full_orphan=1.0),
                                    SURVIVAL[..., : HISTORY + 3], CHILDREN_OF_3, families(), np.zeros(3), MALE, 40)  # fmt: skip
            n, full = np.arange(60), streams_of_full_orphans()
            for x, k in ((42, 0), (47, 1), (50, 2)):
                mean = free.children_paid[x - 40, 0, k] * (2.0 if k == 0 else 1.0)
                without = full.children_paid[x - 40, 0, k] * (2.0 if k == 0 else 1.0)
                each = 0.25 if law.children_shared else 0.25 + 0.15 * without / mean
                each_of = np.minimum(n, 1) if law.children_shared else n
                chance = poisson.pmf(n, mean)
                couple, alone = ((chance * np.minimum(law.family_maximum, base + each * each_of)).sum() for base in (0.5, 0.0))
                union = union_of(x, k)
                expected = (0.5 if k == 0 else 1.0) * (union * (couple - 0.5) + (1.0 - union) * alone)
                assert found.children_paid[x - 40, 0, k] == pytest.approx(expected, rel=1e-9)
            paid, spouses, orphans = found.cube()
            deaths, amounts = np.zeros((3, 3)), np.zeros((3, 3))
            deaths[0, 1], deaths[1, 1], amounts[1, 1], amounts[1, 2] = 2.0, 3.0, 5.0, 7.0
            result = reversion(deaths, 50, found, amounts)
            np.testing.assert_allclose(result.paid, [np.zeros(3), 5.0 * paid[10, 1] + 7.0 * paid[11, 2], np.zeros(3)], rtol=1e-12)
            np.testing.assert_allclose(result.spouses, [2.0 * spouses[11, 1], 3.0 * spouses[10, 1], np.zeros(3)], rtol=1e-12)
            np.testing.assert_allclose(result.orphans, [2.0 * orphans[11, 1], 3.0 * orphans[10, 1], np.zeros(3)], rtol=1e-12)
            by_age, lost = np.zeros((AGE_COUNT, 3)), np.zeros((AGE_COUNT, 3))
            by_age[40, 0], lost[100, 2], lost[40, 1] = 2.0, 3.0, 4.0
            summed = reversion_by_age(by_age, found, lost)
            np.testing.assert_allclose(summed.paid, 3.0 * paid[60, 2] + 4.0 * paid[0, 1], rtol=1e-12)
            np.testing.assert_allclose(summed.spouses, 2.0 * spouses[0, 0], rtol=1e-12)


CHILDREN_OF_3 = Children(CHILDREN.births[..., : HISTORY + 3], CHILDREN.first_half[..., : HISTORY + 3], CHILDREN.alive[: HISTORY + 3])


def streams_of_full_orphans() -> SurvivorStreams:
    """Paid: the number of children in payment without another parent, for nobody who leaves a spouse's pension."""
    law = replace(LAW, spouse=0.0, half_orphan=0.0, full_orphan=1.0, family_maximum=np.inf)
    return survivor_streams(law, SURVIVAL[..., : HISTORY + 3], CHILDREN_OF_3, families(), np.zeros(3), MALE, 40)


def union_of(x: int, k: int) -> float:
    """Mean over year k after a man's death at x in the first year of the chance that his widow, six years younger, is in payment."""
    s = [SURVIVAL[FEMALE, x - 6 + j, HISTORY + j] for j in range(3)]
    start = [0.7, 0.7 * 2.0 * s[0] / (1.0 + s[0]) * 0.99]
    start.append(start[1] * s[1] * 0.98)
    return start[k] if k == 0 else start[k] * 0.5 * (1.0 + s[k] * 0.98)


@settings(max_examples=60)
@given(
    cap=st.floats(0.1, 2.0), base=st.floats(0.0, 1.0), each=st.floats(0.05, 1.0), mean=st.floats(0.0, 12.0), shared=st.booleans()
)  # fmt: skip
def test_the_capped_mean_is_the_sum_over_all_numbers_of_children(cap: float, base: float, each: float, mean: float, shared: bool) -> None:
    base = min(base, cap)
    n = np.arange(200)
    due = np.minimum(cap, base + each * (np.minimum(n, 1) if shared else n))
    for capped in (_capped, _capped.py_func):
        assert capped(cap, base, each, mean, shared) == pytest.approx((poisson.pmf(n, mean) * due).sum(), rel=1e-9, abs=1e-12)


def test_a_tiny_share_of_each_child_never_reaches_the_maximum() -> None:
    for capped in (_capped, _capped.py_func):
        assert capped(1.0, 0.5, 5e-324, 3.0, False) == pytest.approx(0.5, rel=1e-15)
        assert capped(1.0, 0.5, 1e-9, 3.0, False) == pytest.approx(0.5 + 3e-9, rel=1e-14)
        assert capped(0.8, 0.3, 0.0, 3.0, False) == capped(0.8, 0.3, 0.2, 0.0, True) == 0.3
        assert capped(np.inf, 0.3, 0.2, 3.0, False) == pytest.approx(0.9, rel=1e-15)


PART = st.floats(0.0, 1.0, allow_subnormal=False)


@settings(max_examples=25)
@given(spouse=PART, half=PART, more=PART, cap=st.floats(0.2, 2.0), married=PART, students=PART, shared=st.booleans(), sex=st.sampled_from([0, 1]),
       which=st.sampled_from(["spouse", "half_orphan", "full_orphan", "family_maximum", "married", "students"]))  # fmt: skip
def test_streams_are_never_negative_capped_and_rise_with_every_share(
    spouse: float, half: float, more: float, cap: float, married: float, students: float, shared: bool, sex: int, which: str
) -> None:
    law = replace(LAW, spouse=spouse, half_orphan=half, full_orphan=half + more, family_maximum=cap, children_shared=shared)
    paid, spouses, orphans = streams(law, families(married=married, students=students), sex=sex).cube()
    for part in (paid, spouses, orphans):
        assert (part >= 0.0).all() and (part[:, *np.tril_indices(YEARS, -1)] == 0.0).all()
    assert (paid <= cap + 1e-12).all()
    if which == "married":
        other = streams(law, families(married=min(1.0, married + 0.2), students=students), sex=sex)
    elif which == "students":
        other = streams(law, families(married=married, students=min(1.0, max(students, 1e-9) + 0.3)), sex=sex)
    else:
        other = streams(replace(law, **{which: getattr(law, which) + 0.1}), families(married=married, students=students), sex=sex)
    assert (other.cube()[0] >= paid - 1e-12).all()


def test_nobody_left_means_nothing_paid() -> None:
    for part in streams(basis=families(married=0.0), children=NO_CHILDREN).cube():
        assert not part.any()


def test_orphans_stop_at_the_age_limit() -> None:
    """A child born in the year of death is paid for the last time in the year of its birthday: 18 years later, 21 with students."""
    for students, last in ((0.0, 18), (0.25, 21)):
        paid, _, orphans = streams(basis=families(married=0.0, students=students)).cube()
        u = np.arange(YEARS)
        assert paid[25, 0, last] > 0.0 and not paid[:, 0, u > last].any()
        assert orphans[25, 0, last - 1] > 0.0 and not orphans[:, 0, u >= last].any()


def test_a_large_family_receives_the_maximum() -> None:
    """With many children for everybody and no spouse the family has M, half of it in the year of death; with the spouse not more."""
    many = replace_children(CHILDREN, 200.0)
    for married in (0.0, 1.0):
        paid = streams(basis=families(married=married, remarriage=0.0), children=many).cube()[0]
        assert paid[25, 0, 0] == pytest.approx(0.5, rel=1e-6)
        assert paid[25, 0, 5] == pytest.approx(1.0, rel=1e-6)


def replace_children(children: Children, factor: float) -> Children:
    return replace(children, births=children.births * factor, first_half=children.first_half * factor)


def test_wives_share_one_pension() -> None:
    one, three = streams(basis=families(wives=1.0)).cube(), streams(basis=families(wives=3.0)).cube()
    np.testing.assert_array_equal(one[0], three[0])
    np.testing.assert_allclose(3.0 * one[1], three[1], rtol=1e-12)
    widowers = streams(basis=families(wives=3.0), sex=FEMALE).cube()[1]
    np.testing.assert_array_equal(widowers, streams(basis=families(wives=1.0), sex=FEMALE).cube()[1])


def test_remarriage_ends_a_pension_only_where_the_law_says_so() -> None:
    free = replace(LAW, spouse_until_remarriage=False)
    np.testing.assert_array_equal(streams(free).cube()[0], streams(basis=families(remarriage=0.0)).cube()[0])
    assert streams(free).cube()[0][45, 0].sum() > streams().cube()[0][45, 0].sum() * 1.05


def test_full_orphans_have_their_own_share() -> None:
    """Equal shares make the other parent's death irrelevant; a higher one pays more, the more so the older the parents."""
    same = streams(replace(LAW, full_orphan=0.25, family_maximum=np.inf)).children_paid.sum(axis=2)
    more = streams(replace(LAW, full_orphan=0.50, family_maximum=np.inf)).children_paid.sum(axis=2)
    rise = more[10:40, 0] / same[10:40, 0]
    assert (rise > 1.0).all() and (rise < 2.0).all()
    assert rise[-1] > rise[0]


def test_amounts_rise_by_indexation_and_numbers_do_not() -> None:
    index = np.linspace(0.01, 0.08, YEARS)
    plain, raised = streams().cube(), survivor_streams(LAW, SURVIVAL, CHILDREN, families(), index, MALE).cube()
    for d, u in ((0, 0), (3, 4), (10, 40)):
        np.testing.assert_allclose(raised[0][:, d, u], plain[0][:, d, u] * np.prod(1.0 + index[d + 1 : u + 1]), rtol=1e-12)
    np.testing.assert_array_equal(plain[1], raised[1])
    np.testing.assert_array_equal(plain[2], raised[2])


def test_the_law_is_that_of_the_year_of_death() -> None:
    laws = [LAW] * 10 + [replace(LAW, spouse=0.3, half_orphan=0.1, child_age=16, student_age=16)] * (YEARS - 10)
    mixed, old, new = (survivor_streams(law, SURVIVAL, CHILDREN, families(), NO_INDEX, MALE).cube()[0] for law in (laws, LAW, laws[-1]))
    np.testing.assert_allclose(mixed[:, :10], old[:, :10], rtol=1e-12)
    np.testing.assert_allclose(mixed[:, 10:], new[:, 10:], rtol=1e-12)


@settings(max_examples=20)
@given(seed=st.integers(0, 10**6), first_age=st.integers(15, 90), sex=st.sampled_from([0, 1]))
def test_sums_over_deaths_are_the_cube_contracted(seed: int, first_age: int, sex: int) -> None:
    """Cohorts aged first_age + d - t (all beyond 100 in the last age), persons and amounts apart."""
    rng = np.random.default_rng(seed)
    found = streams(sex=sex)
    paid, spouses, orphans = found.cube()
    deaths, amounts = np.triu(rng.uniform(0, 5, (YEARS, YEARS))), np.triu(rng.uniform(0, 1e6, (YEARS, YEARS)))
    result = reversion(deaths, first_age, found, amounts)
    t = int(rng.integers(YEARS))
    rows = [(min(first_age + d - t, 100) - 15, d) for d in range(t, YEARS)]
    np.testing.assert_allclose(result.paid[t], sum(amounts[t, d] * paid[i, d] for i, d in rows), rtol=1e-10)
    np.testing.assert_allclose(result.spouses[t], sum(deaths[t, d] * spouses[i, d] for i, d in rows), rtol=1e-10)
    np.testing.assert_allclose(result.orphans[t], sum(deaths[t, d] * orphans[i, d] for i, d in rows), rtol=1e-10, atol=1e-12)
    twice = reversion(2 * deaths, first_age, found)
    np.testing.assert_allclose(twice.paid, 2 * reversion(deaths, first_age, found).paid, rtol=1e-12)
    by_age = np.zeros((AGE_COUNT, YEARS))
    by_age[50, 4], by_age[70, 9] = 2.0, 3.0
    np.testing.assert_allclose(reversion_by_age(by_age, found).paid, 2 * paid[35, 4] + 3 * paid[55, 9], rtol=1e-12)


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="alike in whether remarriage"):
        survivor_streams([LAW] * 49 + [replace(LAW, spouse_until_remarriage=False)], SURVIVAL, CHILDREN, families(), NO_INDEX, MALE)
    with pytest.raises(ValueError, match="children until 40"):
        streams(replace(LAW, child_age=40, student_age=40))
    with pytest.raises(ValueError, match="years of history"):
        survivor_streams(LAW, SURVIVAL[..., 15:], CHILDREN, families(), NO_INDEX, MALE)
    early = np.zeros((YEARS, YEARS))
    early[3, 1] = 1.0
    with pytest.raises(ValueError, match="before the award"):
        reversion(early, 60, streams())
    with pytest.raises(ValueError, match="ages below"):
        reversion_by_age(np.ones((AGE_COUNT, YEARS)), streams())
