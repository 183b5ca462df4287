"""The lattice against simulated persons: the same aggregates from both, with the standard error of the simulation.

1. ``z`` is (simulated - lattice) / standard error. Persons are independent draws, so standard errors are those of totals and of ratios (by
   linearisation) in a simple random sample. ``persons`` is the number of simulated persons behind a row (for totals the effective number,
   (sum x)^2 / sum x^2); below :data:`FEW` the normal limits say little and the row is shown, not judged.
2. Amounts are present values at the valuation date at the scheme's own return, so that no single late year dominates.
3. chi-square: people by age, home service and host service at 1 January, neighbouring cells pooled until :data:`POOL` simulated persons are
   expected in each. Its row gives the degrees of freedom as the lattice's value.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import chdtrc

from actuarial.basis.dimensions import FIRST_YEAR, HISTORY_FIRST_YEAR, Array, year_index
from actuarial.careers.lattice import LatticeState, advance
from actuarial.careers.movers import CorridorRun, move_rates, run_corridor, starting_stock
from actuarial.feasibility.corridor import SideCost, side_costs
from actuarial.feasibility.microsimulation import START, Careers
from actuarial.feasibility.microsimulation_kernel import Short
from actuarial.feasibility.microsimulation_outcomes import CASES, SIDES, CorridorCase, Outcomes, outcomes

YEARS = (2010, FIRST_YEAR, 2050, 2075, 2100)
"""1 Januaries at which people are compared."""
BALANCE_YEARS = (FIRST_YEAR, 2050)
FEW = 30
POOL = 10.0
COLUMNS = ["name", "lattice", "simulated", "standard_error", "z", "persons"]
_AMOUNTS = (
    ("pension_awarded", "pension"), ("lump_sums", "lump_sum"), ("commutations", "commutation"), ("payouts", "payout"),
)  # fmt: skip


@dataclass(frozen=True)
class _Row:
    name: str
    lattice: float
    simulated: float
    standard_error: float
    persons: int

    @property
    def z(self) -> float:
        gap = self.simulated - self.lattice
        if self.standard_error > 0.0:
            return gap / self.standard_error
        return 0.0 if abs(gap) <= 1e-9 * max(1.0, abs(self.lattice)) else math.inf if self.persons else math.nan


def compare(case: CorridorCase, persons: int, seed: int, workers: int = 2) -> pd.DataFrame:
    """Aggregates of one corridor and sex: columns ``name, lattice, simulated, standard_error, z, persons``.

    Rows that are zero in both are left out. Raises ``ValueError`` when neither country has a collecting scheme.
    """
    careers = case.simulate(persons, seed, workers=workers)
    return compare_careers(case, careers, outcomes(case, careers))


def compare_careers(case: CorridorCase, careers: Careers, paid: Outcomes) -> pd.DataFrame:
    """The table of :func:`compare` for persons simulated already."""
    run = run_corridor(case.inputs)
    assert run is not None
    rows = _head_counts(run, careers)
    costs = side_costs(run, *case.countries, case.sex, case.instrument, case.factors, case.settlement_claims)
    for i in (0, 1):
        if case.countries[i].law.collecting:
            rows += _service(run, careers, i) + _money(case, careers, paid, costs[i], i)
    rows.append(_chi_square_row(case, careers))
    rows = [r for r in rows if r.lattice != 0.0 or r.simulated != 0.0]
    return pd.DataFrame([(r.name, r.lattice, r.simulated, r.standard_error, r.z, r.persons) for r in rows], columns=COLUMNS)


def disagreements(table: pd.DataFrame, limit: float = 3.0) -> pd.DataFrame:
    """Rows of :func:`compare` that rest on enough persons and lie more than ``limit`` standard errors apart."""
    judged = (table["persons"] >= FEW) | (table["persons"] == 0)
    return table[judged & ~(table["z"].abs() < limit)]


def _total_row(name: str, lattice: float, simulated: tuple[float, float], careers: Careers) -> _Row:
    total, error = simulated
    squares = error**2 + total**2 / careers.persons
    return _Row(name, lattice, total, error, round(total**2 / squares) if squares > 0.0 else 0)


def _head_counts(run: CorridorRun, careers: Careers) -> list[_Row]:
    rows = []
    for year in YEARS:
        t = year_index(year)
        out, at = (run.history, t) if t < START else (run.without, t - START)
        for name, lattice, simulated in (("people", out.people, careers.present), ("covered", out.covered, careers.covered)):
            for i, side in enumerate(SIDES):
                rows.append(_total_row(f"{name} {side} {year}", float(lattice[i, at].sum()), _pair(simulated[i, t]), careers))
    for i, side in enumerate(SIDES):
        covered = run.without.covered[i]
        # Half a year for each end of a year at which somebody is covered.
        exposure = float(0.5 * (covered[:-1].sum() + covered[1:].sum()))
        rows.append(_total_row(f"person-years insured {side}", exposure, careers.total(0.5 * careers.records.insured[:, i]), careers))
    return rows


def _service(run: CorridorRun, careers: Careers, i: int) -> list[_Row]:
    """People awarded by a scheme, and mean, variance and covariance of their half-years at home and in the host country."""
    records, side = careers.records, SIDES[i]
    awarded = records.award_year[:, i] >= START
    count = int(awarded.sum())
    rows = []
    for c, case in enumerate(CASES):
        out = (run.without, run.with_instrument)[c]
        cells = out.award_people[i].sum(axis=(0, 1))
        if c == 0:
            rows.append(_total_row(f"award people {side}", float(cells.sum()), careers.total(awarded), careers))
        h, k = records.award_service[:, c, i, 0].astype(float), records.award_service[:, c, i, 1].astype(float)
        lattice = _moments(cells, np.arange(cells.shape[0])[:, None], np.arange(cells.shape[1])[None, :])
        simulated = _moments(careers.person_weight * awarded, h, k)
        own = 0 if i == 0 else 1
        keep = {"mean own service": own, "mean other service": 1 - own, "variance of own service": 2 + own, "covariance of services": 4}
        for name, m in keep.items():
            rows.append(_Row(f"{name} {side} {case}", lattice[m][0], *simulated[m], count))
    return rows


def _moments(weight: Array, h: Array, k: Array) -> list[tuple[float, float]]:
    """(value, standard error) of means and variances of h and k, and their covariance, in weighted persons or cells."""
    total = weight.sum()
    if total == 0.0:
        return [(0.0, 0.0)] * 5

    def mean(x: Array) -> float:
        return float((weight * x).sum() / total)

    mh, mk = mean(h), mean(k)
    values = (h, k, (h - mh) ** 2, (k - mk) ** 2, (h - mh) * (k - mk))
    return [(mean(x), float(np.sqrt(((weight * (x - mean(x))) ** 2).sum()) / total)) for x in values]


def _money(case: CorridorCase, careers: Careers, paid: Outcomes, cost: SideCost, i: int) -> list[_Row]:
    """Pensions, lump sums, refunds and balances of one scheme in both cases."""
    records, side, v = careers.records, SIDES[i], case.discount[i]
    kind = case.countries[i].law.kind
    award_value = _at(v, records.award_year[:, i])
    rows = []
    for c, label in enumerate(CASES):
        flows = (cost.without, cost.with_instrument)[c]

        def add(name: str, lattice: Array, value: npt.ArrayLike, label: str = label) -> None:
            rows.append(_total_row(f"{name} {side} {label}", float(np.sum(lattice)), careers.total(value), careers))

        if kind == "defined_benefit":
            add("new pensions", flows["new_pensions"], paid.entitled[c, i])
            add("by totalisation", flows["by_totalisation"], paid.by_totalisation[c, i])
        for flow, name in _AMOUNTS:
            add(flow.replace("_", " "), flows[flow] * v, getattr(paid, name)[c, i] * award_value)
        add("death payouts", flows["death_payouts"] * v, paid.death_payout[c, i] * _at(v, records.death_year))
        add("refund people", flows["refund_people"], records.refunds[:, c, i])
        add("refunds", flows["refunds"] * v, records.refund[:, c, i])
        add("withdrawals", flows["withdrawals"] * v, records.withdrawn[:, c, i])
        if kind == "account":
            for year in BALANCE_YEARS:
                balance = float(cost.balances[label][year - FIRST_YEAR])
                rows.append(_total_row(f"balances {year} {side} {label}", balance, _pair(careers.held[c, i, year_index(year)]), careers))
    return rows


def _pair(estimate: Array) -> tuple[float, float]:
    return float(estimate[0]), float(estimate[1])


def _at(series: Array, year: Short) -> Array:
    """Values of a projection series in each person's year; 0 for years before the projection."""
    inside = year >= START
    result: Array = np.where(inside, series[np.where(inside, year - START, 0)], 0.0)
    return result


def lattice_state(case: CorridorCase, year: int) -> LatticeState:
    """The lattice's people at 1 January of a year, case without; changes of the stock of past movers by a scenario are not in it.

    Raises ``ValueError`` for a year outside history and projection.
    """
    t = year_index(year)
    inputs = case.inputs
    rows = max(inputs.home_side.award_row, inputs.host_side.award_row) + 1
    state = starting_stock(inputs, rows)
    advance(state, inputs.home_side, inputs.host_side, move_rates(inputs, rows), 0, t)
    return state


def chi_square(expected: Array, snapshot: Short, weight: float, persons: int) -> tuple[float, int]:
    """Statistic and degrees of freedom of simulated persons [person, (row, status, home, host service)] against expected people [same axes].

    Cells are age x home service x host service; those who are not there that day are one more cell.
    """
    cells = expected.sum(axis=1)
    there = snapshot[:, 0] >= 0
    place = np.ravel_multi_index(tuple(snapshot[there][:, [0, 2, 3]].astype(np.int64).T), cells.shape)
    observed = np.bincount(place, minlength=cells.size).astype(float)
    wanted = cells.ravel() / weight
    if np.any(observed[wanted <= 0.0] > 0.0):
        return math.inf, 1
    group = np.floor(np.cumsum(wanted) / POOL + 1e-9).astype(np.int64)
    o, e = np.bincount(group, observed), np.bincount(group, wanted)
    o, e = o[e > 0.0], e[e > 0.0]
    if e.size > 1 and e[-1] < POOL:
        o, e = np.append(o[:-2], o[-2:].sum()), np.append(e[:-2], e[-2:].sum())
    o, e = np.append(o, persons - o.sum()), np.append(e, persons - e.sum())
    return float(((o - e) ** 2 / e).sum()), o.size - 1


def chi_square_probability(statistic: float, freedom: int) -> float:
    """Probability of a larger statistic if both agree."""
    return float(chdtrc(freedom, statistic))


def _chi_square_row(case: CorridorCase, careers: Careers) -> _Row:
    year = HISTORY_FIRST_YEAR + careers.snapshot_year
    name = f"chi-square of age x service {year}"
    # With weights that differ between persons the statistic has another distribution.
    if not np.allclose(careers.tables.stock_factor, 1.0, rtol=0.0, atol=1e-6):
        return _Row(name, 0.0, 0.0, 0.0, 0)
    statistic, freedom = chi_square(lattice_state(case, year).people, careers.records.snapshot, careers.weight, careers.persons)
    return _Row(name, float(freedom), statistic, math.sqrt(2.0 * freedom), int((careers.records.snapshot[:, 0] >= 0).sum()))
