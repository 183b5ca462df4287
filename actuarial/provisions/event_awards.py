"""What a pension scheme owes on invalidity and on death before pension age, per unit of reference earnings, with periods at home and abroad.

Notation: n own months, m months elsewhere that count, N = n + m, q the qualifying period of the branch, s the branch's share of reference earnings.

| amount method | own period suffices | it does not, but N does |
|---|---|---|
| ``none`` | s(n) | nothing |
| ``direct``, ``balance`` | s(n) | s(q) n / q |
| others | as in :mod:`actuarial.provisions.coordination`, of s(n) and s(N) n / D | s(N) n / D |

1. Invalidity: conditions of recent insurance are taken as met by somebody insured at the event. Who is insured elsewhere at the event meets them only
   under an instrument (facts abroad count as facts at home), so that the table's right column applies, with n / D where n alone suffices too;
   without one only rules that ask for nothing recent are left.
2. Death: survivors' pensions are shares of the old-age pension that the deceased's months give; this is that pension, the family's shares come later.
   Where the months do not suffice and the law pays a sum in lieu, ``lump_own`` and ``lump_left`` are the old-age sums it is a share of.
3. Every amount is linear in reference earnings: minimum pensions are left to the caller.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from actuarial.basis.dimensions import Array
from actuarial.basis.scheme_law import SchemeLaw
from actuarial.provisions import invalidity
from actuarial.provisions.coordination import AwardRules, denominator, opened, payable
from actuarial.provisions.lump_sum import lump_sum_amount
from actuarial.provisions.old_age import maximum_period_months, replacement_share

NEVER = 10**6
"""Months that nobody has: a qualifying period that cannot be met."""


@dataclass(frozen=True)
class EventShares:
    """Per head; arrays of one shape.

    own_people, own         1 where own periods open a pension; its share of reference earnings
    vested_people, vested   the same where only periods or facts elsewhere open it
    topped                  what coordination adds to a pension on own periods
    lump_own, lump_left     sums in lieu by national law alone, and what of them remains under the rules
    """

    own_people: Array
    own: Array
    vested_people: Array
    vested: Array
    topped: Array
    lump_own: Array
    lump_left: Array


def has_pensions(law: SchemeLaw, event: str) -> bool:
    """Whether the law pays pensions by formula on the event (``invalidity`` or ``death``)."""
    if event == "invalidity":
        return law.invalidity is not None and law.invalidity.amount == "formula"
    return law.survivors is not None and law.survivors.amount == "pension"


def invalidity_shares(law: SchemeLaw, own: npt.ArrayLike, other: npt.ArrayLike, age: float, rules: AwardRules, *, insured_here: bool) -> EventShares:
    """Shares on invalidity at ``age`` for months ``own`` here and ``other`` elsewhere that count; shapes broadcast.

    ``insured_here``: the person is insured in this scheme at the event, else in the other one. Raises ``ValueError`` for a law without such pensions.
    """
    n, m = np.broadcast_arrays(np.asarray(own, float), np.asarray(other, float))
    tests = invalidity.invalidity_law(law).qualifying
    anyone = min((rule.minimum_months for rule in tests if rule.recent_months == 0), default=NEVER)
    insured = min((max(rule.minimum_months, rule.recent_months) for rule in tests), default=NEVER)

    def share(months: Array) -> Array:
        return invalidity.credited_share(law, months, 12.0 * age)

    return _shares(law, n, m, insured if insured_here else anyone, insured, rules, share, lump=False)


def death_shares(law: SchemeLaw, own: npt.ArrayLike, other: npt.ArrayLike, rules: AwardRules) -> EventShares:
    """Shares on death before pension age; as :func:`invalidity_shares`, wherever the deceased was insured last."""
    n, m = np.broadcast_arrays(np.asarray(own, float), np.asarray(other, float))
    branch = law.survivors
    if branch is None or branch.amount != "pension":
        raise ValueError(f"{law.scheme_id} {law.year}: no survivors' pensions by formula")
    needed = branch.minimum_months
    return _shares(law, n, m, needed, needed, rules, lambda months: replacement_share(law, months), lump=branch.lump_sum_in_lieu)


def _shares(
    law: SchemeLaw, n: Array, m: Array, needed: int, coordinated: int, rules: AwardRules, share: Callable[[Array], Array], *, lump: bool
) -> EventShares:
    """``needed`` own months by national law alone, ``coordinated`` months in all under the rules."""
    alone, _ = opened(n, n, needed, AwardRules())
    independent = share(n)
    own = np.where(alone, independent, 0.0)
    sums = np.where(alone | (n < law.lump_sum_minimum_months), 0.0, lump_sum_amount(law, n, 1.0)) if lump else np.zeros_like(own)
    nothing = np.zeros_like(own)
    if not rules.totalise or rules.method == "none":
        return EventShares(alone.astype(float), own, nothing, nothing, nothing, sums, sums)
    counted = np.where(m < rules.min_own_months, 0.0, m) if rules.short_periods == "not_counted" else m
    total = n + counted
    shared = np.where(m < rules.min_own_months, n, total) if rules.short_periods == "paid_by_others" else total
    enough, together = opened(n, total, coordinated, rules)
    if rules.method in ("direct", "balance"):
        qualifying = np.maximum(n, float(min(coordinated, NEVER)))
        amount = share(qualifying) * np.divide(n, qualifying, out=np.zeros_like(n), where=qualifying > 0)
    else:
        below = denominator(n, shared, maximum_period_months(law), rules.denominator)
        amount = share(total) * np.divide(n, below, out=np.zeros_like(n), where=below > 0)
    # Where facts elsewhere are needed no amount rests on the national law alone, however long the own period is.
    vested = (enough | together) & ~alone
    found = payable(rules.method, alone, vested, independent, amount)
    left = np.where(vested, 0.0, sums)
    return EventShares(
        alone.astype(float), own, vested.astype(float), np.where(vested, found, 0.0), np.where(alone, found - own, 0.0), sums, left
    )
