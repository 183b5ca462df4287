"""Stayers: residents who never moved along a modelled corridor, by age, cover and credited service in their own scheme.

1. Cell ``[row, cover, service]`` for one country and sex: cover 0 = covered, 1 = not covered; service in half-years; row = age - 15.
2. Same year and same credits as the movers' lattice: half a year for the cover at each end of the year, awards at mid-year in the row before
   the pension age, moves at the end of the year.
3. Stayers leave by death, by a first move along a corridor and, in proportion, with the rest of the world; people who come from the rest of
   the world join uncovered and without service. So stayers and movers together are exactly the projected population.
4. Covered people become invalid as among the movers (rules 7 and 8 of the lattice): at mid-year they pass into a pool counted by row, without
   service, which is part of the total and of the people that the coverage target is a share of. The pool dies as others do and loses the same
   share to the rest of the world, but makes no first move; the steady state that a run starts from has its pool.
5. Each year the rate of entry into cover is solved from the coverage target of the next 1 January. Where even no entry leaves more covered
   than the target, the exit rate is raised instead; both are recorded, nothing is clipped silently.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from actuarial.basis.dimensions import Array
from actuarial.careers.lattice import SideRates, own_invalidity

COVERED, OUT = 0, 1


@dataclass(frozen=True)
class StayerInputs:
    """Rates for one country and sex. ``year`` counts from the first year of history.

    total           [year + 1, row] stayers at 1 January
    survival        [year, row]
    first_movers    [year, row] who leave along corridors, counted at the end of the year
    cover_target    [year + 1, row] share of stayers covered at 1 January
    exit_rate       [row] or [year, row] probability of leaving cover within a year, given survival
    side            what the scheme does to amounts
    service_size    number of half-year values (1 where there is no collecting scheme)
    amount_factor   [year] factor on all amounts at 1 January (calibration; 1 elsewhere)
    emigrant_cover  chance of moving of somebody covered relative to somebody not covered
    opening         (people, amount) [row, 2, service] at the first 1 January; ``None``: the steady state of the first year
    entry_rate      [year, row] probability of entering cover within a year, given survival; ``None``: solved from the target
    entrants        [year, row] people who come from outside and enter cover at mid-year, counted at its end and part of ``total``; ``None``: nobody
    invalidity      [year, row] dependent probability that somebody covered becomes invalid, 0 from the award row on; ``None``: nobody does
    leavers         [year, row] people not covered and without service who are counted among movers from the end of the year on; ``None``: nobody
    """

    total: Array
    survival: Array
    first_movers: Array
    cover_target: Array
    exit_rate: Array
    side: SideRates
    service_size: int
    amount_factor: Array
    emigrant_cover: float = 1.0
    opening: tuple[Array, Array] | None = None
    entry_rate: Array | None = None
    entrants: Array | None = None
    leavers: Array | None = None
    invalidity: Array | None = None


@dataclass(frozen=True)
class StayerOutput:
    """The run over all years.

    people, amount       [year + 1, row, 2, service] at 1 January; the invalid are in no cell
    disabled             [year + 1, row] the pool of the invalid at 1 January
    death                [year, row, 2] probability to die in the year without being invalid before
    invalidity           [year, row] probability that somebody covered becomes invalid in the year (dependent)
    entry, exit          [year, row] cover transition rates used, given survival and staying
    raised_exit          [year] people moved out of cover beyond the assumed exit rate
    unmet                [year] covered people short of the target although everybody uncovered entered
    award_people, award_amount  [year, service] alive and not invalid at mid-year of the award
    death_amount         [year] amounts of members who died before their award
    invalidity_amount    [year] amounts of members who became invalid, at mid-year
    residual             [year, row] net joiners from the rest of the world (negative: leavers)
    residual_amount      [year] amounts that left with them
    residual_people      [year, service] those who left for the rest of the world by the service they take along, the invalid apart
    """

    people: Array
    amount: Array
    disabled: Array
    death: Array
    invalidity: Array
    entry: Array
    exit: Array
    raised_exit: Array
    unmet: Array
    award_people: Array
    award_amount: Array
    death_amount: Array
    invalidity_amount: Array
    residual: Array
    residual_amount: Array
    residual_people: Array

    @property
    def invalid_people(self) -> Array:
        """New invalids [year, row, service], alive at mid-year, with half a year of service for their cover at 1 January."""
        return _half_year_on(self.people[:-1, :, COVERED] * self.invalidity[:, :, None])

    def invalid_amount(self, side: SideRates) -> Array:
        """Amounts of the new invalids at mid-year [year, row, service], under the scheme's rates ``side``."""
        rows = self.invalidity.shape[1]
        keep, add = (array[:, :rows, 1, None] for array in (side.keep_mid, side.add_mid))
        mid = self.amount[:-1, :, COVERED] * keep + self.people[:-1, :, COVERED] * add
        return _half_year_on(mid * self.invalidity[:, :, None])


def run_stayers(inputs: StayerInputs) -> StayerOutput:
    """Project the stayers of one country and sex over all years.

    Unless the opening is given, the first 1 January is filled by letting every cohort live under the first year's cover pattern (a career in
    a steady state), because the joint distribution of that date is unknown.

    Raises ``ArithmeticError`` naming the year index when more people move away than are there, ``ValueError`` for invalidity at pension age.
    """
    years, rows = inputs.survival.shape
    size = inputs.service_size
    death, invalidity, own = _decrements(inputs)
    disabled = np.zeros((years + 1, rows))
    invalidity_amount, residual_people = np.zeros(years), np.zeros((years, size))
    people = np.zeros((years + 1, rows, 2, size))
    amount = np.zeros_like(people)
    entry = np.zeros((years, rows))
    exit_ = np.zeros((years, rows))
    raised, unmet = np.zeros(years), np.zeros(years)
    award_people = np.zeros((years, size))
    award_amount = np.zeros((years, size))
    death_amount = np.zeros(years)
    residual = np.zeros((years, rows))
    residual_amount = np.zeros(years)
    if inputs.opening is None:
        people[0], amount[0], disabled[0] = _steady_state(inputs, own[0])
    else:
        people[0], amount[0] = inputs.opening
    entrants = np.zeros((years, rows)) if inputs.entrants is None else inputs.entrants
    exit_rate = np.broadcast_to(inputs.exit_rate, (years, rows))
    award = inputs.side.award_row
    for t in range(years):
        amount[t] *= inputs.amount_factor[t]
        n, m = people[t], amount[t]
        survival = inputs.survival[t]
        q = 1.0 - survival
        side = inputs.side
        mid = np.stack([m[:, c] * side.keep_mid[t, :, 1 - c, None] + n[:, c] * side.add_mid[t, :, 1 - c, None] for c in (0, 1)], axis=1)
        before_award = np.where(np.arange(rows) == award, 0.5, 1.0)
        insured = mid[:, COVERED].sum(axis=1)
        # Whoever dies after becoming invalid in the same year has left the scheme's members before.
        death_amount[t] = float((mid.sum(axis=(1, 2)) * q * before_award).sum()) - float((insured * (q - death[t, :, COVERED])).sum())
        invalidity_amount[t] = float((insured * invalidity[t]).sum())
        alive = 1.0 - 0.5 * q[award]
        if size > 1:
            award_people[t, 1:] += n[award, COVERED, :-1] * alive
            award_amount[t, 1:] += mid[award, COVERED, :-1] * alive
        award_people[t] += n[award, OUT] * alive
        award_amount[t] += mid[award, OUT] * alive

        sick = (disabled[t] + n[:, COVERED].sum(axis=1) * own[t])[:-1]
        n, m = _not_invalid(n[:-1], own[t, :-1]), _not_invalid(m[:-1], own[t, :-1])
        present = n.sum(axis=2)
        alive_end = (present.sum(axis=1) + sick) * survival[:-1]
        staying = alive_end - inputs.first_movers[t, :-1]
        if np.any(staying < -1e-6 * np.maximum(alive_end, 1.0)):
            worst = int(np.argmin(staying))
            raise ArithmeticError(f"stayers: year index {t}, age {worst + 15}: {-staying[worst]:.3g} more people move than are alive")
        target_total = inputs.total[t + 1, 1:] - entrants[t, :-1]
        if inputs.leavers is not None:
            target_total = target_total + inputs.leavers[t, :-1]
        residual[t, 1:] = target_total - staying
        kept = np.minimum(np.maximum(staying, 0.0), target_total)
        after_moves = survival[:-1, None] - _moving_share(present, inputs.first_movers[t, :-1], inputs.emigrant_cover)
        if np.any(after_moves < -1e-9):
            raise ArithmeticError(f"stayers: year index {t}: more covered or uncovered people of some age move than are alive")
        remain = np.divide(kept, staying, out=np.zeros_like(kept), where=staying > 0.0)
        factor = after_moves * remain[:, None]
        joiners = target_total - kept

        inside, outside = present[:, COVERED] * factor[:, COVERED], present[:, OUT] * factor[:, OUT]
        if inputs.entry_rate is None:
            target = inputs.cover_target[t + 1, 1:] * inputs.total[t + 1, 1:] - entrants[t, :-1]
            w, e, moved, short = solve_cover(inside, outside, target, exit_rate[t, :-1])
        else:
            w, e, moved, short = exit_rate[t, :-1], inputs.entry_rate[t, :-1], 0.0, 0.0
        entry[t, :-1], exit_[t, :-1], raised[t], unmet[t] = e, w, moved, short
        next_n, next_m = _move(n, m, factor, w, e, side.keep[t, :-1], side.add[t, :-1])
        people[t + 1, 1:], amount[t + 1, 1:] = next_n, next_m
        people[t + 1, 1:, OUT, 0] += joiners
        if inputs.leavers is not None:
            people[t + 1, 1:, OUT, 0] = _take_leavers(people[t + 1, 1:, OUT, 0], inputs.leavers[t, :-1], t)
        people[t + 1, 0, OUT, 0] = inputs.total[t + 1, 0]
        disabled[t + 1, 1:] = sick * survival[:-1] * remain
        if inputs.entrants is not None:
            came, brought = _enter(entrants[t, :-1], side.keep[t, :-1], side.add[t, :-1], size)
            people[t + 1, 1:] += came
            amount[t + 1, 1:] += brought
        gone = after_moves * (1.0 - remain[:, None])
        residual_amount[t] = _amount_of_leavers(n, m, gone, side.keep[t, :-1], side.add[t, :-1])
        residual_people[t] = _half_year_on(gone[:, COVERED] @ n[:, COVERED]) + gone[:, OUT] @ n[:, OUT]
    return StayerOutput(
        people=people, amount=amount, disabled=disabled, death=death, invalidity=invalidity, entry=entry, exit=exit_, raised_exit=raised,
        unmet=unmet, award_people=award_people, award_amount=award_amount, death_amount=death_amount, invalidity_amount=invalidity_amount,
        residual=residual, residual_amount=residual_amount, residual_people=residual_people,
    )  # fmt: skip


def _decrements(inputs: StayerInputs) -> tuple[Array, Array, Array]:
    """Deaths of people not invalid [year, row, 2], dependent invalidity and that of its own table [year, row] (rule 8 of the lattice)."""
    q = 1.0 - inputs.survival
    invalidity = np.zeros_like(q) if inputs.invalidity is None else inputs.invalidity
    if inputs.side.award_row >= 0 and invalidity[:, inputs.side.award_row :].any():
        raise ValueError("stayers: nobody becomes invalid from the year before the pension age on; the rates must be 0 there")
    own = own_invalidity(invalidity, q)
    return np.stack([q - 0.5 * q * own, q], axis=2), invalidity, own


def _not_invalid(cells: Array, own: Array) -> Array:
    """Cells [row, cover, service] without the share ``own`` [row] of the covered."""
    rest = cells.copy()
    rest[:, COVERED] *= 1.0 - own[:, None]
    return rest


def _half_year_on(cells: Array) -> Array:
    """Cells [..., service] with half a year more, as at mid-year of people covered at 1 January."""
    if cells.shape[-1] == 1:
        return cells
    moved = np.zeros_like(cells)
    moved[..., 1:] = cells[..., :-1]
    return moved


def _take_leavers(outside: Array, leavers: Array, t: int) -> Array:
    """People not covered and without service [row] after ``leavers`` [row] became movers."""
    rest = outside - leavers
    short = float(-rest.min())
    if short > 1e-6 * max(1.0, float(outside.max())):
        raise ArithmeticError(f"stayers: year index {t}: {short:.3g} more people without service become movers than there are")
    return np.maximum(rest, 0.0)


def solve_cover(inside: Array, outside: Array, target: Array, exit_rate: Array) -> tuple[Array, Array, float, float]:
    """Exit and entry rates that lead to ``target`` covered people next year, target = covered share x stayers.

    ``inside`` and ``outside`` are covered and uncovered survivors [row]. Returns (exit, entry, people moved out beyond ``exit_rate``,
    people short of the target).
    Entry solves ``target = inside * (1 - exit) + outside * entry``. If that would be negative, entry is 0 and exit is raised; if it would
    exceed 1, everybody enters and exit is lowered.
    """
    need = target - inside * (1.0 - exit_rate)
    entry = np.divide(need, outside, out=np.zeros_like(need), where=outside > 0.0)
    entry = np.clip(entry, 0.0, 1.0)
    rest = target - outside * entry
    stay = np.divide(rest, inside, out=1.0 - exit_rate, where=inside > 0.0)
    stay = np.clip(stay, 0.0, 1.0)
    solved = np.where((need < 0.0) | (need > outside), 1.0 - stay, exit_rate)
    moved = float(np.maximum(inside * (solved - exit_rate), 0.0).sum())
    short = float(np.maximum(target - inside * (1.0 - solved) - outside * entry, 0.0).sum())
    return solved, entry, moved, short


def _move(n: Array, m: Array, factor: Array, w: Array, e: Array, keep: Array, add: Array) -> tuple[Array, Array]:
    """Next year's cells of those who stay, ``factor`` [row, (covered, not)]: rows shift by the caller; service grows by the credits."""
    next_n = np.zeros_like(n)
    next_m = np.zeros_like(m)
    for source, to, rate in ((0, 0, 1.0 - w), (0, 1, w), (1, 0, e), (1, 1, 1.0 - e)):
        credit = (source == COVERED) + (to == COVERED)
        p = (factor[:, source] * rate)[:, None]
        people = n[:, source] * p
        amount = m[:, source] * p * keep[:, credit, None] + people * add[:, credit, None]
        _shift_add(next_n[:, to], people, credit)
        _shift_add(next_m[:, to], amount, credit)
    return next_n, next_m


def _enter(entrants: Array, keep: Array, add: Array, size: int) -> tuple[Array, Array]:
    """Cells at the end of the year of people who entered cover within it without earlier service."""
    rows = len(entrants)
    n = np.zeros((rows, 2, size))
    n[:, OUT, 0] = entrants
    return _move(n, np.zeros_like(n), np.ones((rows, 2)), np.zeros(rows), np.ones(rows), keep, add)


def _moving_share(present: Array, movers: Array, emigrant_cover: float) -> Array:
    """Share of the people at 1 January [row, (covered, not)] who move: ``movers`` [row] split by cover with the relative chance given."""
    weight = np.array([emigrant_cover, 1.0])
    pool = (present * weight).sum(axis=1)
    share = np.divide(movers, pool, out=np.zeros_like(movers), where=pool > 0.0)
    result: Array = share[:, None] * weight
    return result


def _amount_of_leavers(n: Array, m: Array, share: Array, keep: Array, add: Array) -> float:
    """Amounts at the end of the year of those who leave, ``share`` [row, (covered, not)]: credited half a year where covered at 1 January."""
    amounts = [m[:, c].sum(axis=1) * keep[:, 1 - c] + n[:, c].sum(axis=1) * add[:, 1 - c] for c in (COVERED, OUT)]
    return float(sum((share[:, c] * amounts[c]).sum() for c in (COVERED, OUT)))


def _shift_add(into: Array, values: Array, credit: int) -> None:
    size = into.shape[1]
    if size == 1 or credit == 0:
        into += values
    else:
        into[:, credit:] += values[:, : size - credit]
        lost = values[:, size - credit :].sum()
        if lost > 1e-9 * max(1.0, float(values.sum())):
            raise ArithmeticError(f"stayers: {lost:.3g} people would pass the longest service of {size - 1} half-years")


def _steady_state(inputs: StayerInputs, own: Array) -> tuple[Array, Array, Array]:
    rows, size = inputs.survival.shape[1], inputs.service_size
    people = np.zeros((rows, 2, size))
    amount = np.zeros((rows, 2, size))
    disabled = np.zeros(rows)
    people[0, OUT, 0] = 1.0
    side = inputs.side
    exit_rate = np.broadcast_to(inputs.exit_rate, inputs.survival.shape)[0]
    for a in range(rows - 1):
        one = _not_invalid(people[a : a + 1], own[a : a + 1])
        disabled[a + 1] = disabled[a] + people[a, COVERED].sum() * own[a]
        inside, outside = one[:, COVERED].sum(axis=1), one[:, OUT].sum(axis=1)
        w, e, _, _ = solve_cover(inside, outside, inputs.cover_target[0, a + 1 : a + 2], exit_rate[a : a + 1])
        held = _not_invalid(amount[a : a + 1], own[a : a + 1])
        n, m = _move(one, held, np.ones((1, 2)), w, e, side.keep[0, a : a + 1], side.add[0, a : a + 1])
        people[a + 1], amount[a + 1] = n[0], m[0]
    total = inputs.total[0][:, None, None]
    return people * total, amount * total, disabled * inputs.total[0]
