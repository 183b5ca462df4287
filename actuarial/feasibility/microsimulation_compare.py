"""The lattice against simulated persons: the same aggregates from both, with the standard error of the simulation.

1. ``z`` is (simulated - lattice) / standard error. Persons are independent draws, so standard errors are those of totals and of ratios (by
   linearisation) in a simple random sample. They are those to expect if the lattice is right, as those found err with the aggregate where few persons
   make it up: of moments of service, from the lattice's own distribution; of a total, the variance found times lattice / simulated (a total of
   rare events has a variance proportional to its mean).
2. ``persons`` is the number of simulated persons behind the standard error, (sum u^2)^2 / sum u^4 of the deviations u that make it up. Below
   :data:`FEW` the normal limits say little and the row is shown, not judged. A total that the lattice says is nil is judged however few there are.
3. Amounts are present values at the valuation date at the scheme's own return, so that no single late year dominates.
4. chi-square: people by age, home service and host service at 1 January, neighbouring cells pooled until :data:`POOL` simulated persons are
   expected in each. Its row gives the degrees of freedom as the lattice's value.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import chdtrc

from actuarial.basis.dimensions import FIRST_YEAR, HISTORY_FIRST_YEAR, HORIZON, Array, year_index
from actuarial.careers.events import DEATH, INVALIDITY, EventTables, age_bands
from actuarial.careers.lattice import LatticeOutput, LatticeState, advance
from actuarial.careers.movers import CorridorInputs, CorridorRun, CorridorStart, start_corridor
from actuarial.feasibility.awards import coordinated_awards, own_awards, rules_of
from actuarial.feasibility.corridor import SideCost
from actuarial.feasibility.engine import evaluate_corridor
from actuarial.feasibility.microsimulation import START, Careers
from actuarial.feasibility.microsimulation_kernel import Short
from actuarial.feasibility.microsimulation_outcomes import CASES, SIDES, CorridorCase, Outcomes, outcomes

YEARS = (2010, FIRST_YEAR, 2050, 2075, 2100)
"""1 Januaries at which people are compared."""
BALANCE_YEARS = (FIRST_YEAR, 2050)
FEW = 50
POOL = 10.0
LONG, LONGEST = 10, 60
"""Half-years of service from which the dead and the invalid are counted, and at which all of their amount is."""
MAIN = (
    "people home 2050", "people host 2050", "covered home 2050", "covered host 2050", "person-years insured home", "person-years insured host",
    "mean own service home with", "mean own service host with", "covariance of services host with", "new pensions home with",
    "by totalisation home with", "pension awarded home with", "payouts home with", "new pensions host with", "by totalisation host with",
    "pension awarded host with", "payouts host with", "refund people host without", "chi-square of age x service 2050",
)  # fmt: skip
"""Aggregates shown first."""
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
    start = start_corridor(case.inputs)
    assert start is not None
    run, costs = _priced(case, start)
    rows = _head_counts(run, careers)
    for i in (0, 1):
        if case.countries[i].law.collecting:
            rows += _service(run, careers, i) + _money(case, run, careers, paid, costs[i], i)
    rows.append(_chi_square_row(case, careers, start))
    rows = [r for r in rows if r.lattice != 0.0 or r.simulated != 0.0]
    return pd.DataFrame([(r.name, r.lattice, r.simulated, r.standard_error, r.z, r.persons) for r in rows], columns=COLUMNS)


def _priced(case: CorridorCase, start: CorridorStart) -> tuple[CorridorRun, tuple[SideCost, SideCost]]:
    """The lattice in both cases, and what the engine makes of it for both schemes."""
    inputs = case.inputs
    functionals = _functionals(inputs)
    sides = (inputs.home_side, inputs.host_side), (inputs.blocked_home_side, inputs.blocked_host_side)
    without, blocked = (advance(start.state.copy(), *pair, start.moves, START, START + HORIZON, functionals) for pair in sides)
    (result,) = evaluate_corridor(case.prepared, [case.instrument], case.position, case.sex, inputs)
    return CorridorRun(start.history, without, blocked), result.sides


def _settlements(case: CorridorCase, out: LatticeOutput, i: int, c: int) -> Array:
    """Lump sums instead of old-age pensions [residence, year]: the engine's flow holds those of survivors too."""
    country, law = case.countries[i], case.countries[i].laws[START:]
    people, amount = (x[i] if i == 0 else x[i].swapaxes(2, 3) for x in (out.award_people, out.award_amount))
    months, terms = (case.months(i), case.months(1 - i)), case.terms[i][c]
    lump = own_awards(law, people, amount, country.inputs.earnings_cv, months).lump_sum
    if terms.claimed.any():
        rules = replace(rules_of(case.instrument), equal_treatment=False, export=False)
        claimed = coordinated_awards(law, people, amount, country.inputs.earnings_cv, rules, case.counts(i), months).lump_sum
        lump = lump + terms.claimed * (claimed - lump)
    result: Array = case.payments[i].settlement_claims * terms.rights * lump
    return result


def _functionals(inputs: CorridorInputs) -> EventTables:
    """The dead and the invalid with five years in a scheme, and a share of their amounts that grows with them: position 2 x event + scheme."""
    own = np.indices((inputs.home_size, inputs.host_size)).astype(float)
    eligible = np.stack([own[i] >= LONG for _ in (INVALIDITY, DEATH) for i in (0, 1)])[:, None].astype(float)
    share = eligible * np.stack([np.minimum(own[i] / LONGEST, 1.0) for _ in (INVALIDITY, DEATH) for i in (0, 1)])[:, None]
    version = np.zeros((4, HORIZON), np.int64)
    return EventTables(eligible, share, 0.0 * share, version, np.array([0, 1, 0, 1]), np.array([INVALIDITY, INVALIDITY, DEATH, DEATH]), age_bands())


def disagreements(table: pd.DataFrame, limit: float = 3.0) -> pd.DataFrame:
    """Rows of :func:`compare` that rest on enough persons and lie more than ``limit`` standard errors apart."""
    rows: pd.DataFrame = judged(table)
    return rows[~(rows["z"].abs() < limit)]


def judged(table: pd.DataFrame) -> pd.DataFrame:
    """Rows of :func:`compare` that rest on enough persons, or on persons whom the lattice does not have at all."""
    rows: pd.DataFrame = table[(table["persons"] >= FEW) | np.isinf(table["z"])]
    return rows


def _total_row(name: str, lattice: float, value: npt.ArrayLike, careers: Careers, people: bool = False) -> _Row:
    """Row of a sum of ``value`` per person, from the valuation date on; ``people`` says that it counts them."""
    x = careers.person_weight * np.asarray(value, dtype=np.float64)
    squares, fourths = float((x**2).sum()), float((x**4).sum())
    behind = squares**2 / fourths if fourths > 0.0 else 0.0
    return _sum_row(name, lattice, careers.total(value), behind, careers, people)


def _pair_row(name: str, lattice: float, estimate: Array, careers: Careers, people: bool = False) -> _Row:
    """Row of an (estimate, standard error) made while persons were simulated."""
    total, error = float(estimate[0]), float(estimate[1])
    squares = error**2 + total**2 / careers.persons
    return _sum_row(name, lattice, (total, error), total**2 / squares if squares > 0.0 else 0.0, careers, people)


def _sum_row(name: str, lattice: float, simulated: tuple[float, float], behind: float, careers: Careers, people: bool) -> _Row:
    total, error = simulated
    if total > 0.0:
        error *= math.sqrt(max(lattice, 0.0) / total)
    elif people:
        # Nobody drawn: the number is Poisson with the lattice's mean.
        error, behind = math.sqrt(lattice * careers.weight), lattice / careers.weight
    return _Row(name, lattice, total, error, round(behind))


def _head_counts(run: CorridorRun, careers: Careers) -> list[_Row]:
    rows = []
    for year in YEARS:
        t = year_index(year)
        out, at = (run.history, t) if t < START else (run.without, t - START)
        for name, lattice, simulated in (("people", out.people, careers.present), ("covered", out.covered, careers.covered)):
            for i, side in enumerate(SIDES):
                rows.append(_pair_row(f"{name} {side} {year}", float(lattice[i, at].sum()), simulated[i, t], careers, people=True))
    for i, side in enumerate(SIDES):
        covered = run.without.covered[i]
        # Half a year for each end of a year at which somebody is covered.
        exposure = float(0.5 * (covered[:-1].sum() + covered[1:].sum()))
        rows.append(_total_row(f"person-years insured {side}", exposure, 0.5 * careers.records.insured[:, i], careers))
        invalid = (careers.records.invalid_year >= START) & (careers.records.invalid_place == i)
        rows.append(_total_row(f"new invalids {side}", float(run.without.invalids[i].sum()), invalid, careers, people=True))
    return rows


def _service(run: CorridorRun, careers: Careers, i: int) -> list[_Row]:
    """People awarded by a scheme, and mean, variance and covariance of their half-years at home and in the host country."""
    records, side = careers.records, SIDES[i]
    awarded = records.award_year[:, i] >= START
    rows = []
    for c, case in enumerate(CASES):
        out = _output(run, c)
        cells = out.award_people[i].sum(axis=(0, 1))
        if c == 0:
            rows.append(_total_row(f"award people {side}", float(cells.sum()), awarded, careers, people=True))
        h, k = records.award_service[:, c, i, 0].astype(float), records.award_service[:, c, i, 1].astype(float)
        lattice = _moments(cells, np.arange(cells.shape[0])[:, None], np.arange(cells.shape[1])[None, :])
        weight = careers.person_weight * awarded
        simulated, squares = _moments(weight, h, k), float((weight**2).sum())
        number = float(weight.sum()) ** 2 / squares if squares > 0.0 else 0.0
        own = 0 if i == 0 else 1
        keep = {"mean own service": own, "mean other service": 1 - own, "variance of own service": 2 + own, "covariance of services": 4}
        for name, m in keep.items():
            error = math.sqrt(lattice[m].spread / number) if number > 0.0 else 0.0
            rows.append(_Row(f"{name} {side} {case}", lattice[m].value, simulated[m].value, error, round(number / lattice[m].kurtosis)))
    return rows


def _output(run: CorridorRun, case: int) -> LatticeOutput:
    return run.with_instrument if case else run.without


@dataclass(frozen=True)
class _Moment:
    """A mean, variance or covariance; the variance of what one person adds to it, and the fourth moment over the squared variance."""

    value: float
    spread: float
    kurtosis: float


def _moments(weight: Array, h: Array, k: Array) -> list[_Moment]:
    """Means and variances of h and k, and their covariance, in weighted persons or cells."""
    total = weight.sum()
    if total == 0.0:
        return [_Moment(0.0, 0.0, 1.0)] * 5

    def mean(x: Array) -> float:
        return float((weight * x).sum() / total)

    def moment(x: Array) -> _Moment:
        value = mean(x)
        spread = mean((x - value) ** 2)
        return _Moment(value, spread, mean((x - value) ** 4) / spread**2 if spread > 0.0 else 1.0)

    mh, mk = mean(h), mean(k)
    return [moment(x) for x in (h + 0.0 * k, k + 0.0 * h, (h - mh) ** 2 + 0.0 * k, (k - mk) ** 2 + 0.0 * h, (h - mh) * (k - mk))]


def _money(case: CorridorCase, run: CorridorRun, careers: Careers, paid: Outcomes, cost: SideCost, i: int) -> list[_Row]:
    """Pensions, lump sums, refunds and balances of one scheme in both cases."""
    records, side, v = careers.records, SIDES[i], case.discount[i]
    kind = case.countries[i].law.kind
    award_value = _at(v, records.award_year[:, i])
    rows = []
    for c, label in enumerate(CASES):
        flows, out = (cost.without, cost.with_instrument)[c], _output(run, c)

        def add(name: str, lattice: Array, value: npt.ArrayLike, label: str = label) -> None:
            rows.append(_total_row(f"{name} {side} {label}", float(np.sum(lattice)), value, careers))

        if kind == "defined_benefit":
            add("new pensions", flows["new_pensions"], paid.entitled[c, i])
            add("by totalisation", flows["by_totalisation"], paid.by_totalisation[c, i])
        for flow, name in _AMOUNTS:
            lattice = _settlements(case, out, i, c) if flow == "lump_sums" and kind == "defined_benefit" else flows[flow]
            add(flow.replace("_", " "), lattice * v, getattr(paid, name)[c, i] * award_value)
        death, invalid = _at(v, records.death_year), _at(v, records.invalid_year)
        add("death payouts", flows["death_payouts"] * v, paid.death_payout[c, i] * death)
        add("invalidity payouts", flows["invalidity_payouts"] * v, paid.invalidity_payout[c, i] * invalid)
        add("amounts of the dead", out.death_amount[i] * v, records.death_amount[:, c, i] * death)
        add("amounts of new invalids", out.invalidity_amount[i] * v, records.invalid_amount[:, c, i] * invalid)
        for event, name, when, left in (
            (DEATH, "dead", records.death_year, records.death_amount), (INVALIDITY, "invalid", records.invalid_year, records.invalid_amount),
        ):  # fmt: skip
            assert out.events is not None
            own = records.end_service[:, c, i].astype(float)
            inside = (own >= LONG) & (left[:, c, i] > 0.0) & (when >= START)
            share = inside * np.minimum(own / LONGEST, 1.0)
            add(f"{name} with five years", out.events.people[2 * event + i], inside)
            add(f"{name}, amounts by service", out.events.amount[2 * event + i].sum(axis=(1, 2)) * v, share * left[:, c, i] * _at(v, when))
        add("refund people", flows["refund_people"], records.refunds[:, c, i])
        add("refunds", flows["refunds"] * v, records.refund[:, c, i])
        add("withdrawals", flows["withdrawals"] * v, records.withdrawn[:, c, i])
        if kind == "account":
            for year in BALANCE_YEARS:
                balance = float(cost.balances[label][year - FIRST_YEAR])
                rows.append(_pair_row(f"balances {year} {side} {label}", balance, careers.held[c, i, year_index(year)], careers))
    return rows


def _at(series: Array, year: Short) -> Array:
    """Values of a projection series in each person's year; 0 for years before the projection."""
    inside = year >= START
    result: Array = np.where(inside, series[np.where(inside, year - START, 0)], 0.0)
    return result


def lattice_state(case: CorridorCase, start: CorridorStart, year: int) -> LatticeState:
    """The lattice's people at 1 January of a year of the projection, case without."""
    state = start.state.copy()
    advance(state, case.inputs.home_side, case.inputs.host_side, start.moves, START, year_index(year))
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


def _chi_square_row(case: CorridorCase, careers: Careers, start: CorridorStart) -> _Row:
    year = HISTORY_FIRST_YEAR + careers.snapshot_year
    name = f"chi-square of age x service {year}"
    # With weights that differ between persons the statistic has another distribution.
    if not np.allclose(careers.tables.stock_factor, 1.0, rtol=0.0, atol=1e-6):
        return _Row(name, 0.0, 0.0, 0.0, 0)
    statistic, freedom = chi_square(lattice_state(case, start, year).people, careers.records.snapshot, careers.weight, careers.persons)
    return _Row(name, float(freedom), statistic, math.sqrt(2.0 * freedom), int((careers.records.snapshot[:, 0] >= 0).sum()))
