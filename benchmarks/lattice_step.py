"""The half-year lattice against a monthly one: what the rule of crediting does to rights and pensions.

1. One continuous-time chain with constant hazards within each year is looked at once a year, once a quarter and once a month. Transition
   probabilities of a step are the exponential of the generator times the step, so every row of a table lives under the same chain; only the counting
   of service differs: ``start`` credits the whole step to the status at its start, ``half`` half a step to the status at each end (the rule of the
   toolkit, which steps by the year).
2. Hazards from yearly probabilities. Two-way changes with yearly probabilities u and d (entry into cover and exit; moving on and return):
   total hazard -ln(1 - u - d), shared out as u and d are; so the yearly matrix of the pair is met exactly. One-way changes (death, first move):
   -ln(1 - p). In the constant case the generator is the logarithm of the yearly matrix.
3. Case 1: the three states and rates of COORD-LATTICE-ANNUAL (40 years, 15 needed), whose published vesting by yearly credits is reproduced.
4. Case 2: one generation of one corridor from age 15 to mid-year before the pension age under the shipped rates. Statuses: never moved, at home, in
   the host country, each covered or not. Invalidity and refunds are left out. The last half-year has the hazards of the year before it.
   Everybody has the scheme's mean insurable earnings of the award year, so that pensions differ by service alone; awards by the shipped instrument.
   ``own rates`` repeats the yearly rule under the toolkit's own yearly matrix, which lets one change a year happen: what rule 2 itself changes.
5. ``ties shared``: the yearly half rule, with half of those whose service is exactly at a limit passing it. Awards at mid-year put service that still
   runs on whole years, where the limits stand, while true service is spread around them.

The lattice is written here from its rules; it shares no code with ``actuarial/careers/lattice.py``.

``actuarial bench lattice_step``, or ``python benchmarks/lattice_step.py [ORIGIN-HOST] [male|female]`` (default: BDI-TZA male).
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numba
import numpy as np
import numpy.typing as npt
from scipy.linalg import expm, logm

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

Array = npt.NDArray[np.float64]
HOME, HOST, NOWHERE = range(3)
RULES = ("start", "half")
SHARED, OWN = "ties shared", "own rates"
STEPS = (1, 4, 12)
PUBLISHED = 0.77387931
"""P_H_alone of COORD-LATTICE-ANNUAL: yearly credits to the status at the start."""
CONSTANT = np.array([[0.92, 0.03, 0.05], [0.04, 0.88, 0.08], [0.10, 0.05, 0.85]])
ACCRUAL = 0.02


@numba.njit(cache=True)  # type: ignore[untyped-decorator, unused-ignore]
def _step(cells: Any, after: Any, p: Any, credit_from: Any, credit_to: Any, top: int) -> None:
    """One step: ``cells`` [status, home, host] of service in half-steps become ``after``; credits [status, scheme] of the status left and entered."""
    statuses, size = cells.shape[0], cells.shape[1]
    for s in range(statuses):
        for h in range(min(top + 3, size)):
            for k in range(min(top + 3 - h, size)):
                after[s, h, k] = 0.0
    for s in range(statuses):
        for to in range(statuses):
            x = p[s, to]
            if x == 0.0:
                continue
            dh, dk = credit_from[s, 0] + credit_to[to, 0], credit_from[s, 1] + credit_to[to, 1]
            for h in range(top + 1):
                for k in range(top + 1 - h):
                    n = cells[s, h, k]
                    if n != 0.0:
                        after[to, h + dh, k + dk] += n * x


def service(start: Array, transitions: Sequence[Array], place: Sequence[int], rule: str) -> Array:
    """People [status, home half-steps, host half-steps] after the steps of ``transitions`` from people ``start`` [status].

    ``place`` [status] is the scheme that a status is covered in: HOME, HOST or NOWHERE.
    """
    inside = np.array([[int(p == scheme) for scheme in (HOME, HOST)] for p in place])
    credit_from, credit_to = (2 * inside, 0 * inside) if rule == "start" else (inside, inside)
    size = 2 * len(transitions) + 3
    cells, after = np.zeros((len(start), size, size)), np.zeros((len(start), size, size))
    cells[:, 0, 0] = start
    for n, p in enumerate(transitions):
        _step(cells, after, np.ascontiguousarray(p), credit_from, credit_to, 2 * n)
        cells, after = after, cells
    return cells


@dataclass(frozen=True)
class Line:
    """One row of a table: how service was counted, and the results by name."""

    steps: int
    rule: str
    values: dict[str, float]


def bias(lines: Sequence[Line], line: Line, name: str) -> float:
    """Relative difference to the finest lattice: monthly steps, half credits."""
    finest = next(x for x in lines if x.steps == max(STEPS) and x.rule == "half")
    return line.values[name] / finest.values[name] - 1.0 if finest.values[name] != 0.0 else 0.0


# --- constant rates ---------------------------------------------------------------------------------------------------------------------------


def constant_case(steps: Sequence[int] = STEPS, years: int = 40, needed: int = 15) -> list[Line]:
    """Rights of one insured person after ``years`` from the status covered at home; pensions are accrual x years x earnings of 1."""
    generator = np.real(logm(CONSTANT))
    off = generator - np.diag(np.diag(generator))
    if off.min() < 0.0 or not np.allclose(generator.sum(axis=1), 0.0, atol=1e-12):
        raise ArithmeticError("the yearly matrix has no generator")
    lines = []
    for per_year in steps:
        p = expm(generator / per_year)
        for rule in RULES:
            cells = service(np.array([1.0, 0.0, 0.0]), [p] * (per_year * years), (HOME, HOST, NOWHERE), rule).sum(axis=0)
            n, m = (x / (2.0 * per_year) for x in np.indices(cells.shape))
            alone, together = n >= needed - 1e-9, n + m >= needed - 1e-9
            opened = ~alone & together & (n > 0)
            lines.append(
                Line(per_year, rule, {
                    "years at home": float((cells * n).sum()),
                    "vested alone": float(cells[alone].sum()),
                    "by totalisation": float(cells[opened].sum()),
                    "pension alone": float(ACCRUAL * (cells * n)[alone].sum()),
                    "pension by totalisation": float(ACCRUAL * (cells * n)[opened].sum()),
                })
            )  # fmt: skip
    return lines


# --- one generation of a corridor ---------------------------------------------------------------------------------------------------------------

NEVER_IN, NEVER_OUT, HOME_IN, HOME_OUT, HOST_IN, HOST_OUT = range(6)
PLACES = (HOME, NOWHERE, HOME, NOWHERE, HOST, NOWHERE)


@dataclass(frozen=True)
class YearRates:
    """Yearly probabilities of one age.

    exit, entry, arrival  change of cover, and cover of arrivals (at home, in the host country);  survival  (at home, in the host country)
    first  first move of the covered, of the not covered;  back  return;  again  moving on
    """

    exit: tuple[float, float]
    entry: tuple[float, float]
    arrival: tuple[float, float]
    first: tuple[float, float]
    back: float
    again: float
    survival: tuple[float, float]


def pair(up: float, down: float) -> tuple[float, float]:
    """Hazards of a two-way change from its yearly probabilities. Raises ``ArithmeticError`` where no constant hazards give them."""
    total = up + down
    if total == 0.0:
        return 0.0, 0.0
    if total >= 1.0:
        raise ArithmeticError(f"yearly probabilities {up} and {down} come from no constant hazards")
    scale = -np.log1p(-total) / total
    return float(up * scale), float(down * scale)


def generator(r: YearRates) -> Array:
    """Hazards between the six statuses; the diagonal holds what leaves, deaths included."""
    q = np.zeros((6, 6))
    enter_home, exit_home = pair(r.entry[0], r.exit[0])
    enter_host, exit_host = pair(r.entry[1], r.exit[1])
    again, back = pair(r.again, r.back)
    for inside, out, up, down in ((NEVER_IN, NEVER_OUT, enter_home, exit_home), (HOME_IN, HOME_OUT, enter_home, exit_home),
                                  (HOST_IN, HOST_OUT, enter_host, exit_host)):  # fmt: skip
        q[out, inside], q[inside, out] = up, down
    first = [-np.log1p(-f) for f in r.first]
    for source, hazard, to, cover in ((NEVER_IN, first[0], HOST_IN, r.arrival[1]), (NEVER_OUT, first[1], HOST_IN, r.arrival[1]),
                                      (HOME_IN, again, HOST_IN, r.arrival[1]), (HOME_OUT, again, HOST_IN, r.arrival[1]),
                                      (HOST_IN, back, HOME_IN, r.arrival[0]), (HOST_OUT, back, HOME_IN, r.arrival[0])):  # fmt: skip
        q[source, to] += hazard * cover
        q[source, to + 1] += hazard * (1.0 - cover)
    death = -np.log(np.repeat([r.survival[0], r.survival[0], r.survival[1]], 2))
    return q - np.diag(q.sum(axis=1) + death)


def yearly(r: YearRates) -> Array:
    """The toolkit's own matrix: one move or one change of cover in a year."""
    p = np.zeros((6, 6))
    for place, inside, out in ((0, NEVER_IN, NEVER_OUT), (0, HOME_IN, HOME_OUT), (1, HOST_IN, HOST_OUT)):
        for status, covered in ((inside, 1.0 - r.exit[place]), (out, r.entry[place])):
            leave = r.first[int(status == NEVER_OUT)] if inside == NEVER_IN else r.again if inside == HOME_IN else r.back
            there = HOME_IN if place == 1 else HOST_IN
            p[status, inside] += (1.0 - leave) * covered
            p[status, out] += (1.0 - leave) * (1.0 - covered)
            p[status, there] += leave * r.arrival[1 - place]
            p[status, there + 1] += leave * (1.0 - r.arrival[1 - place])
            p[status] *= r.survival[place]
    return p


def transitions(rates: Sequence[YearRates], per_year: int) -> list[Array]:
    """Steps of the whole years from age 15 on; the half-year up to the award is left to :func:`_to_award`."""
    steps: list[Array] = []
    for r in rates:
        steps += [expm(generator(r) / per_year)] * per_year
    return steps


def corridor_rates(name: str, sex: int) -> tuple[list[YearRates], Any]:
    """Rates of the generation that is 15 at the valuation date, by age, and the corridor's case."""
    from actuarial.basis.instrument import load_instrument
    from actuarial.basis.scenario import load_scenario
    from actuarial.feasibility.engine import prepare_region
    from actuarial.feasibility.inputs import load_basis
    from actuarial.feasibility.microsimulation import START
    from actuarial.feasibility.microsimulation_outcomes import corridor_case
    from actuarial.feasibility.microsimulation_region import corridor_names

    scenarios = ROOT / "scenarios"
    scenario = load_scenario("base", scenarios)
    basis = load_basis(ROOT / "data", scenario)
    prepared = prepare_region(basis, scenario)
    case = corridor_case(prepared, load_instrument("eac-directive", scenarios, basis.countries), corridor_names(prepared).index(name), sex)
    c, last = case.inputs, case.inputs.home_side.award_row
    if last != c.host_side.award_row or not all(country.law.kind == "defined_benefit" for country in case.countries):
        raise SystemExit(f"{name}: needed are two pension schemes with one pension age")
    rates = []
    for row in range(last):
        t = START + row
        factor = float(np.broadcast_to(c.coverage_factor, c.return_rate.shape[:1])[t])
        stayers = c.origin.people[t, row].sum(axis=1)
        weight = np.array([c.emigrant_cover, 1.0])
        move = c.first_movers[t, row] / (c.origin.survival[t, row] * float(stayers @ weight))
        covered_next = (c.origin.target[t + 1, row + 1], c.host.target[t + 1, row + 1])
        rates.append(YearRates(
            exit=(float(c.origin.exit[t, row]), float(c.host.exit[t, row])),
            entry=(float(c.origin.entry[t, row]), min(factor * float(c.host.entry[t, row]), 1.0)),
            arrival=(float(covered_next[0]), min(factor * float(covered_next[1]), 1.0)),
            first=(float(move * c.emigrant_cover), float(move)), back=float(c.return_rate[t, row]), again=float(c.remigration_rate[t, row]),
            survival=(float(c.origin.survival[t, row]), float(c.host.survival[t, row])),
        ))  # fmt: skip
    return rates, case


def cohort_line(cells: Array, case: Any, per_year: int, rule: str, shift: float = 0.0) -> Line:
    """Awards of both schemes to the generation's movers, per thousand who reach the pension age.

    With a ``shift`` in months, the mean of the awards on own periods longer and shorter by it: half of those exactly at a limit pass it.
    """
    from actuarial.feasibility.awards import rules_of
    from actuarial.feasibility.microsimulation import START
    from actuarial.provisions.coordination import NATIONAL_LAW, award

    movers = cells[2:].sum(axis=0)
    values = {"years at home": 0.0, "years abroad": 0.0}
    months = [x * 6.0 / per_year for x in np.indices(movers.shape)]
    used = movers > 0.0
    n = movers[used] * 1000.0 / movers.sum()
    values["years at home"], values["years abroad"] = (float(n @ m[used]) / 12000.0 for m in months)
    for i, country, sign in ((i, c, sign) for i, c in enumerate(case.countries) for sign in ((1.0, -1.0) if shift else (0.0,))):
        row = case.inputs.home_side.award_row
        t = START + row
        own, other = (np.round(months[j][used], 9) for j in (i, 1 - i))
        own = np.where(own > 0.0, own + sign * shift, 0.0)
        heads = 0.5 * n if shift else n
        reference = np.full_like(own, country.insurable[case.sex, t, row])
        law, cv = country.laws[t], country.inputs.earnings_cv
        alone = award(law, own, other, reference, cv=cv, rules=NATIONAL_LAW)
        added = award(law, own, other, reference, cv=cv, rules=rules_of(case.instrument))
        opened = added.by_totalisation > 0.0
        found = {
            "vested alone": alone.entitled, "by totalisation": opened, "pension alone": alone.pension,
            "pension by totalisation": np.where(opened, added.pension, 0.0),
        }  # fmt: skip
        for name, value in found.items():
            key = f"{country.inputs.scheme.country} {name}"
            values[key] = values.get(key, 0.0) + float(heads @ value)
    return Line(per_year, rule, values)


def corridor_case_lines(name: str, sex: int, steps: Sequence[int] = STEPS) -> list[Line]:
    """The generation's results by step and rule; the last line is the yearly rule under the toolkit's own matrix."""
    rates, case = corridor_rates(name, sex)
    start = np.zeros(6)
    start[NEVER_OUT] = 1.0
    lines = []
    for per_year in steps:
        for rule in RULES:
            cells = _to_award(service(start, transitions(rates, per_year), PLACES, rule), rates[-1], per_year, rule)
            lines.append(cohort_line(cells, case, per_year, rule))
            if per_year == 1 and rule == "half":
                lines.append(cohort_line(cells, case, per_year, SHARED, 0.5))
    own = _to_award(service(start, [yearly(r) for r in rates], PLACES, "half"), rates[-1], 1, "half")
    return [*lines, cohort_line(own, case, 1, OWN), cohort_line(own, case, 1, f"{OWN}, {SHARED}", 0.5)]


def _to_award(cells: Array, last: YearRates, per_year: int, rule: str) -> Array:
    """The half-year up to the award: counted in steps where there are some, else half a year for the status of 1 January."""
    if per_year > 1:
        size = cells.shape[1]
        steps = per_year // 2
        p = expm(generator(last) / per_year)
        inside = np.array([[int(place == scheme) for scheme in (HOME, HOST)] for place in PLACES])
        credit_from, credit_to = (2 * inside, 0 * inside) if rule == "start" else (inside, inside)
        wide = np.pad(cells, ((0, 0), (0, 2 * steps), (0, 2 * steps)))
        after = np.zeros_like(wide)
        for n in range(steps):
            _step(wide, after, p, credit_from, credit_to, size - 3 + 2 * n)
            wide, after = after, wide
        return wide
    alive = np.repeat([last.survival[0], last.survival[0], last.survival[1]], 2)
    result = np.pad(cells, ((0, 0), (0, 1), (0, 1)))
    for s, place in enumerate(PLACES):
        moved = np.zeros_like(result[s])
        dh, dk = int(place == HOME), int(place == HOST)
        moved[dh:, dk:] = result[s, : moved.shape[0] - dh, : moved.shape[1] - dk]
        result[s] = moved * (0.5 + 0.5 * alive[s])
    return result


def table(title: str, lines: Sequence[Line]) -> str:
    """Quantities by how service was counted; in brackets the difference to the finest lattice in per cent."""
    words = {1: "yearly", 4: "quarterly", 12: "monthly"}
    heads = [f"{words[line.steps]}, {line.rule}" for line in lines]
    out = [title, f"{'':<30}" + "".join(f"{h:>26}" for h in heads)]
    for name in lines[0].values:
        cells = [f"{line.values[name]:,.5g} ({100 * bias(lines, line, name):+.2f} %)" for line in lines]
        out.append(f"{name:<30}" + "".join(f"{c:>26}" for c in cells))
    return "\n".join(out)


def main(arguments: list[str]) -> int:
    """Print both tables; 1 when the published case is not reproduced."""
    name = arguments[0] if arguments else "BDI-TZA"
    sex = {"male": 0, "female": 1}[arguments[1] if len(arguments) > 1 else "male"]
    begun = time.perf_counter()
    constant = constant_case()
    published = abs(constant[0].values["vested alone"] - PUBLISHED) < 1e-8
    sys.stdout.write(table("Constant rates, 40 years, 15 needed (COORD-LATTICE-ANNUAL); in brackets: against monthly, half", constant) + "\n")
    sys.stdout.write(f"published vesting by yearly credits reproduced: {'yes' if published else 'NO'}\n\n")
    lines = corridor_case_lines(name, sex)
    sys.stdout.write(table(f"{name} {'female' if sex else 'male'}: generation aged 15 at the valuation date, per 1,000 movers", lines) + "\n")
    sys.stdout.write(f"time taken: {time.perf_counter() - begun:.0f} s\n")
    return 0 if published else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
