"""Survivors' pensions by reversion factors: what one death costs in every later year.

1. Deaths fall at mid-year. x is the age of the deceased at 1 January of the year of death d; the spouse is aged x - gap (of a man) or x + gap.
2. In the year of death half a year is paid, to a spouse alive at mid-year; later ``1 - w/2`` of the year to those in payment at 1 January, with w
   the chance to die or, where the law says so, to marry again. As for pensions (:mod:`actuarial.finance.pensions`).
3. The spouse's share is paid once. Several wives have equal parts of it; the part of a wife who dies or marries again is gone. They count as so
   many survivors, and for the family's maximum as one spouse.
4. Children are those of :mod:`actuarial.demography.children`, all entitled below the age limit, a share of them from there to the limit for
   students. Their birthdays are at mid-year. Whether a child's other parent is alive follows that parent's survival since the birth,
   independently of the child and of the marriage at death; without one the child is a full orphan.
5. The family's maximum M is applied to each possible family, not to the average one: the number of children N is taken as Poisson with its
   mean, independent of the spouse's being in payment, so the family receives ``E min(M, s I + a N)`` with a the mean share of a child. What
   exceeds the uncapped spouse's part is booked as the children's.
6. Paid is relative to the deceased's pension in the year of death, as if paid at a full year's rate; it rises at each 1 January by the scheme's
   indexation.
7. Left out: parents' pensions, disabled children beyond the age limits, children born after the father's death, lump sums and death grants.

| symbol | meaning |
|---|---|
| s | spouse's share, at most M |
| I | 1 while the spouse is in payment, mean m at the death |
| m | probability that the deceased leaves a spouse |
| h, f | shares of a half and of a full orphan, of each child or of all together |
| k | years since the death, u - d |

The factored form costs a few MB for a scheme, residence and sex, a cube [x, d, u] four times as much: keep the first, sum with :func:`reversion`.
Source of the formulas: Bowers et al. (1997), Actuarial Mathematics, chapter 9 (reversionary annuity).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numba
import numpy as np

from actuarial.basis.dimensions import AGE_COUNT, FEMALE, MALE, OPEN_AGE, Array
from actuarial.basis.families import FamilyBasis
from actuarial.basis.scheme_branch_law import SharesLaw
from actuarial.demography.children import Children

FIRST_DEATH_AGE = 15
"""Youngest age at death that can leave survivors' pensions."""
NEGLIGIBLE = 1e-20
"""Probability of a number of children below which larger numbers are left out of a mean."""


@dataclass(frozen=True)
class SurvivorStreams:
    """Streams of one law, sex of the deceased and residence of the survivors; ages x from ``first_age`` to 100, Y years.

    gap            age of the spouse less age of the deceased
    spouse_share   [d] share of the pension while a spouse is in payment
    left           [x] probability that a spouse is left
    wives          [x] spouses left, where one is
    until_end      [spouse's age, d] from mid-year to 31 December: probability that a spouse stays in payment
    kept           [spouse's age, u] the same from 1 January to the next
    children_paid  [x, d, k] paid to children in year d + k, and of it nothing of the spouse's uncapped part, before indexation
    orphans        [x, d, k] children in payment at 31 December of year d + k
    level          [u] pensions in payment relative to the first year, by indexation
    """

    first_age: int
    gap: int
    spouse_share: Array
    left: Array
    wives: Array
    until_end: Array
    kept: Array
    children_paid: Array
    orphans: Array
    level: Array

    def cube(self) -> tuple[Array, Array, Array]:
        """Paid in year u per unit of pension lost in d, and spouses and orphans in payment at 31 December of u per death: three [x, d, u]."""
        count, years = self.left.size, self.level.size
        result = (np.zeros((count, years, years)), np.zeros((count, years, years)), np.zeros((count, years, years)))
        _fill(*result, self.first_age, self.gap, self.spouse_share, self.left, self.wives, self.until_end, self.kept, self.children_paid,
              self.orphans, self.level)  # fmt: skip
        return result


@dataclass(frozen=True)
class Reversion:
    """Survivors' pensions; [award year, payment year], or [payment year] for deaths by age.

    paid     amount paid in the year
    spouses  widows and widowers in payment at 31 December
    orphans  children in payment at 31 December
    """

    paid: Array
    spouses: Array
    orphans: Array


def survivor_streams(
    shares: SharesLaw | Sequence[SharesLaw],
    survival: Array,
    children: Children,
    families: FamilyBasis,
    indexation: Array,
    sex: int,
    first_age: int = FIRST_DEATH_AGE,
) -> SurvivorStreams:
    """Streams after the death of somebody of ``sex``, for deaths in each year of ``indexation`` [Y].

    ``shares``: the law for deaths of each year, or one for all. ``survival`` [2, age, H + Y] of the country where the survivors live: to the next
    1 January, H years of history before the first death (for other parents and children born then); ``children`` on the same years.
    Raises ``ValueError`` for axes that do not fit, too little history, or laws that differ in whether remarriage ends a pension.
    """
    years, history = indexation.size, survival.shape[-1] - indexation.size
    laws = (shares,) * years if isinstance(shares, SharesLaw) else tuple(shares)
    if len(laws) != years or len({law.spouse_until_remarriage for law in laws}) != 1:
        raise ValueError("one law for each year of death is needed, all of them alike in whether remarriage ends the pension")
    entitled = _entitled(laws, families.student_share)
    limit = entitled.shape[1] - 1
    if children.births.shape[-1] != history + years or not 0 <= limit <= min(history, children.ages - 1):
        raise ValueError(f"children until {limit}: needs as many years of history and ages of children; found {history} and {children.ages}")
    spouse_sex = MALE if sex == FEMALE else FEMALE
    alive = survival[spouse_sex, :, history:]
    again = families.remarriage[spouse_sex][:, None] * float(laws[0].spouse_until_remarriage)
    gap = families.age_gap if sex == FEMALE else -families.age_gap
    ages = np.arange(first_age, AGE_COUNT)
    kept = alive * (1.0 - again)
    left, maximum = families.married[sex, ages], np.array([law.family_maximum for law in laws])
    spouse = np.minimum([law.spouse for law in laws], maximum)
    wives = families.wives[ages] if sex == MALE else np.ones(ages.size)
    until_end = 2.0 * alive / (1.0 + alive) * (1.0 - 0.5 * again)
    paid, orphans = np.zeros((ages.size, years, limit + 1)), np.zeros((ages.size, years, limit + 1))
    _children(
        paid, orphans, first_age, gap, history, left, spouse, maximum, np.array([law.half_orphan for law in laws]),
        np.array([law.half_orphan if law.children_shared else law.full_orphan for law in laws]), np.array([law.children_shared for law in laws]),
        entitled, until_end, kept, np.ascontiguousarray(survival[spouse_sex]), children.births[sex], children.first_half[sex], children.alive,
    )  # fmt: skip
    level = np.cumprod(np.concatenate([[1.0], 1.0 + indexation[1:]]))
    return SurvivorStreams(first_age, gap, spouse, left, wives, until_end, kept, paid, orphans, level)


def reversion(deaths: Array, first_age: int, streams: SurvivorStreams, amounts: Array | None = None) -> Reversion:
    """Survivors' pensions after deaths of pensioners, by the year of the award.

    ``deaths`` [t, d]: persons awarded in t who die in d, aged ``first_age`` at 1 January of t (100 holds all older); ``amounts`` [t, d]: their
    pensions per year, of the year of death (default: one unit each in that year). Linear in both. Raises ``ValueError`` for deaths before the award
    or ages below those of the streams.
    """
    lost = deaths if amounts is None else amounts
    if np.tril(deaths, -1).any() or np.tril(lost, -1).any() or first_age < streams.first_age:
        raise ValueError("deaths before the award, or at ages below the streams'")
    paid, spouses, orphans = np.zeros(deaths.shape), np.zeros(deaths.shape), np.zeros(deaths.shape)
    s = streams
    _sum_awards(paid, spouses, orphans, deaths, lost, first_age, s.first_age, s.gap, s.spouse_share, s.left, s.wives, s.until_end, s.kept,
                s.children_paid, s.orphans, s.level)  # fmt: skip
    return Reversion(paid, spouses, orphans)


def reversion_by_age(deaths: Array, streams: SurvivorStreams, amounts: Array | None = None) -> Reversion:
    """Survivors' pensions after deaths by age at 1 January and year, ``deaths`` [101, d]; ``amounts`` as for :func:`reversion`; arrays [u].

    Raises ``ValueError`` for deaths at ages below those of the streams.
    """
    lost = deaths if amounts is None else amounts
    if deaths[: streams.first_age].any() or lost[: streams.first_age].any():
        raise ValueError("deaths at ages below the streams'")
    years = streams.level.size
    paid, spouses, orphans = np.zeros(years), np.zeros(years), np.zeros(years)
    s = streams
    _sum_ages(paid, spouses, orphans, deaths, lost, s.first_age, s.gap, s.spouse_share, s.left, s.wives, s.until_end, s.kept, s.children_paid,
              s.orphans, s.level)  # fmt: skip
    return Reversion(paid, spouses, orphans)


def _entitled(laws: Sequence[SharesLaw], student_share: float) -> Array:
    """Share of children entitled at each completed age [d, limit + 1]; nobody at the last, the highest limit of all laws."""
    tops = [max(law.child_age, law.student_age if student_share > 0.0 else 0) for law in laws]
    ages = np.arange(max(tops) + 1)
    return np.stack([np.where(ages < law.child_age, 1.0, np.where(ages < law.student_age, student_share, 0.0)) for law in laws])


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator, unused-ignore]
def _capped(cap, base, each, mean, shared):  # type: ignore[no-untyped-def]
    """E min(cap, base + each N) for N Poisson with ``mean``; ``shared``: each is the share of all children together. base is at most cap."""
    if mean <= 0.0 or each <= 0.0:
        return base
    none = np.exp(-mean)
    if shared:
        return none * base + (1.0 - none) * min(cap, base + each)
    if np.isinf(cap):
        return base + each * mean
    short, chance, n = 0.0, none, 0
    # Past twice the mean the chances at least halve: the rest is nothing. A tiny share needs this end, it never reaches the maximum.
    while base + each * n < cap and (n <= 2.0 * mean or chance > NEGLIGIBLE):
        short += (cap - base - each * n) * chance
        n += 1
        chance *= mean / n
    return max(cap - short, base)


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator, unused-ignore]
def _children(  # type: ignore[no-untyped-def]
        paid, orphans, first_age, gap, history, left, spouse, maximum, half, full, shared, entitled, until_end, kept, other, births, first_half,
        alive):  # fmt: skip
    """Fill ``paid`` and ``orphans`` [x, d, k]; births, first_half, alive and other (survival of the other parent) with history."""
    years, limit = paid.shape[1], entitled.shape[1] - 1
    oldest = other.shape[0] - 1
    with_parent = np.zeros(limit + 1)
    for i in range(paid.shape[0]):
        x = first_age + i
        for d in range(years):
            died = history + d
            # By birth year died - back: other parent alive at 1 January of the year in hand, given alive at the birth.
            for back in range(limit + 1):
                with_parent[back] = 1.0
                if back >= 2:
                    age = min(max(x + gap - back + 1, 0), oldest)
                    with_parent[back] = with_parent[back - 1] * other[age, died - back + 1]
            in_payment = left[i]
            for k in range(min(limit + 1, years - d)):
                u = d + k
                spouse_age = min(max(x + gap + k, 0), oldest)
                union = in_payment if k == 0 else in_payment * 0.5 * (1.0 + kept[spouse_age, u])
                in_payment *= until_end[spouse_age, u] if k == 0 else kept[spouse_age, u]
                lives = other[spouse_age, history + u]
                mean, without, number = 0.0, 0.0, 0.0
                for back in range(limit - k + 1):
                    born, turned = died - back, back + k
                    if x - back < 0:
                        break
                    parent = 1.0 if turned == 0 else 0.5 * (1.0 + lives)
                    rate = first_half[x, born] if back == 0 else births[x - back, born]
                    if rate > 0.0:
                        part = entitled[d, turned] if k == 0 else 0.5 * (entitled[d, turned - 1] + entitled[d, turned])
                        children = rate * 0.5 * (alive[born, turned] + alive[born, turned + 1]) * part
                        mean += children
                        without += children * (1.0 - with_parent[back] * parent)
                        number += rate * alive[born, turned + 1] * entitled[d, turned]
                    if turned > 0:
                        with_parent[back] *= lives
                orphans[i, d, k] = number
                if mean > 0.0:
                    each = half[d] + (full[d] - half[d]) * without / mean
                    couple = _capped(maximum[d], spouse[d], each, mean, shared[d]) - spouse[d]
                    alone = _capped(maximum[d], 0.0, each, mean, shared[d])
                    paid[i, d, k] = (0.5 if k == 0 else 1.0) * (union * couple + (1.0 - union) * alone)


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator, unused-ignore]
def _add(  # type: ignore[no-untyped-def]
        paid, spouses, orphans, x, d, persons, amount, first_age, gap, share, left, wives, until_end, kept, children_paid, orphan_count,
        level):  # fmt: skip
    """Add to ``paid``, ``spouses`` and ``orphans`` [u] what ``persons`` aged x who die in d, with pensions ``amount``, leave."""
    i = min(x, OPEN_AGE) - first_age
    oldest = kept.shape[0] - 1
    lags = children_paid.shape[2]
    age = min(x, OPEN_AGE) + gap
    in_payment = left[i]
    for u in range(d, paid.size):
        at = min(max(age + u - d, 0), oldest)
        if u == d:
            total = 0.5 * in_payment * share[d]
            in_payment *= until_end[at, u]
        else:
            total = in_payment * 0.5 * (1.0 + kept[at, u]) * share[d]
            in_payment *= kept[at, u]
        spouses[u] += persons * in_payment * wives[i]
        if u - d < lags:
            total += children_paid[i, d, u - d]
            orphans[u] += persons * orphan_count[i, d, u - d]
        paid[u] += amount * total * (level[u] / level[d])


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator, unused-ignore]
def _sum_awards(  # type: ignore[no-untyped-def]
        paid, spouses, orphans, deaths, lost, award_age, first_age, gap, share, left, wives, until_end, kept, children_paid, orphan_count,
        level):  # fmt: skip
    for t in range(deaths.shape[0]):
        for d in range(t, deaths.shape[1]):
            if deaths[t, d] != 0.0 or lost[t, d] != 0.0:
                _add(paid[t], spouses[t], orphans[t], award_age + d - t, d, deaths[t, d], lost[t, d], first_age, gap, share, left, wives, until_end,
                     kept, children_paid, orphan_count, level)  # fmt: skip


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator, unused-ignore]
def _sum_ages(  # type: ignore[no-untyped-def]
        paid, spouses, orphans, deaths, lost, first_age, gap, share, left, wives, until_end, kept, children_paid, orphan_count, level):  # fmt: skip
    for x in range(first_age, deaths.shape[0]):
        for d in range(deaths.shape[1]):
            if deaths[x, d] != 0.0 or lost[x, d] != 0.0:
                _add(paid, spouses, orphans, x, d, deaths[x, d], lost[x, d], first_age, gap, share, left, wives, until_end, kept, children_paid,
                     orphan_count, level)  # fmt: skip


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator, unused-ignore]
def _fill(  # type: ignore[no-untyped-def]
        paid, spouses, orphans, first_age, gap, share, left, wives, until_end, kept, children_paid, orphan_count, level):  # fmt: skip
    for i in range(paid.shape[0]):
        for d in range(paid.shape[1]):
            _add(paid[i, d], spouses[i, d], orphans[i, d], first_age + i, d, 1.0, 1.0, first_age, gap, share, left, wives, until_end, kept,
                 children_paid, orphan_count, level)  # fmt: skip
