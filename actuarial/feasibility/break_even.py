"""Break-even: how far one thing would have to change for an instrument to cost a scheme nothing.

1. The cost is the present value of the net cost over 75 years, as in :mod:`actuarial.feasibility.compare`, in US dollars of the valuation date.
2. Mobility: one factor on flows and stocks of movers alike. Everything but the fixed cost of liaison is proportional to movers, so the cost is
   F + k L and vanishes at k = -F / L. Residents who never moved are taken as they are.
3. Take-up: a factor f on the instrument's curve, whose shares are at most 1. As long as nobody is capped every flow is a polynomial of the second
   degree in f (linear where foreigners have a national's rights), known from the costs at f = 0, 1/2 and 1. Beyond the cap the cost is evaluated at
   factors up to the one at which everybody claims from the first day, and taken as straight between them.
4. Contribution rate: the fund after 75 years is linear in a level addition to the rate, so two evaluations give the addition that leaves it where
   it would be without the instrument. Collected on insurable earnings with the scheme's compliance; in an account scheme a levy, not credited.
5. Cover of movers: a factor on the share of movers who are insured, from the first projection year on. Shares are at most 1, so there is no closed
   form: the movers are projected again (secant with a bracket, the same projections for all schemes).
6. Where the cost keeps its sign over the range searched there is no break-even; the answer says so and gives the cost at both ends.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
import pandas as pd

from actuarial.basis.dimensions import FIRST_YEAR, HORIZON, Array
from actuarial.basis.instrument import Instrument
from actuarial.basis.instrument_provisions import TakeUp
from actuarial.feasibility.cashflow import coordination_cost_parts, extra_pensions
from actuarial.feasibility.compare import SchemeBase, scheme_price
from actuarial.feasibility.engine import PreparedRegion, RegionRun, evaluate
from actuarial.finance.premiums import solve_linear_rate
from actuarial.finance.reserve import roll_forward

Lever = Literal["mobility", "take_up", "contribution_rate", "coverage"]
Progress = Callable[[str, float], None]

NODES: Final = (0.0, 0.5)
"""Factors on take-up that are evaluated besides 1."""
BEYOND: Final = 4
"""Factors on take-up that are evaluated beyond the cap."""
LARGEST: Final = 10.0
"""Largest factor on take-up where some share of the curve is 0 in force, so that no factor makes everybody claim."""
COVERAGE: Final = (0.25, 4.0)
CLOSE: Final = 0.005
"""A break-even cover is found when the cost there is within this share of the largest cost at the ends."""
ROUNDS: Final = 8


@dataclass(frozen=True)
class BreakEven:
    """One scheme and one lever.

    value      where the cost vanishes (a factor, or an addition to the contribution rate), ``None`` if it keeps its sign over the range
    low, high  ends of the range searched, ``inf`` where there is none;  cost_low, cost_high  the cost there
    cost       of the instrument as it is, in US dollars
    sentence   the answer in words
    """

    country: str
    lever: Lever
    value: float | None
    low: float
    high: float
    cost_low: float
    cost: float
    cost_high: float
    sentence: str


def as_table(found: Sequence[BreakEven]) -> pd.DataFrame:
    """One row per scheme and lever; costs in US dollars, a value that does not exist is missing."""
    columns = list(BreakEven.__dataclass_fields__)
    table = pd.DataFrame([[getattr(b, name) for name in columns] for b in found], columns=columns)
    return table.astype({"value": float})


def break_even(reference: RegionRun, bases: Sequence[SchemeBase], others: Mapping[float, RegionRun]) -> tuple[BreakEven, ...]:
    """Mobility, take-up and contribution rate for every scheme; ``others`` are runs with :func:`with_factor` at :func:`take_up_factors`."""
    return tuple(
        answer for base in bases for answer in (mobility(reference, base), take_up(base, reference, others), contribution_rate(reference, base))
    )


def mobility(run: RegionRun, base: SchemeBase) -> BreakEven:
    """The factor on flows and stock of movers at which the sign changes (convention 2)."""
    cost = base.value(scheme_price(run, base.country).net)
    fixed = base.value(coordination_cost_parts(run, base.country)[1])
    moving = cost - fixed
    value = -fixed / moving if fixed > 0.0 and moving < 0.0 else None
    name = run.basis.region.names[base.country]
    if value is not None:
        words = (
            f"{name}: the instrument saves the scheme money once movers are more than {_percent(value)} of those projected; with fewer, the liaison "
            f"desk ({_usd(fixed)}) costs more than coordination saves."
        )
    elif moving > 0.0:
        words = (
            f"{name}: the instrument costs the scheme something at any level of mobility, {_usd(moving)} for the movers projected and in proportion "
            f"for more or fewer" + (f", besides {_usd(fixed)} for the liaison desk however few move." if fixed > 0.0 else ".")
        )
    else:
        words = f"{name}: the instrument " + ("saves the scheme money" if moving < 0.0 else "costs the scheme nothing") + " at any level of mobility."
    high = math.copysign(math.inf, moving) if moving != 0.0 else fixed
    return BreakEven(_code(run, base), "mobility", value, 0.0, math.inf, fixed, cost, high, words)


def with_factor(instrument: Instrument, factor: float) -> Instrument:
    """The instrument with its take-up curve times a factor, at most everybody, in every year."""
    entry = instrument.entry_into_force
    years = range(FIRST_YEAR + HORIZON - entry)
    points = tuple(TakeUp(years_since_entry=y, share=min(1.0, factor * instrument.take_up_share(entry + y))) for y in years)
    return instrument.model_copy(update={"take_up": points})


def take_up_limits(instrument: Instrument, lever: float = 1.0) -> tuple[float, float]:
    """Factor up to which nobody is capped, and the one at which everybody claims from the first day; ``lever`` is the scenario's own factor."""
    shares = [instrument.take_up_share(year) for year in range(instrument.entry_into_force, FIRST_YEAR + HORIZON)]
    most, least = max(shares, default=0.0), min(shares, default=0.0)
    cap = 1.0 / (most * max(lever, 1.0)) if most > 0.0 else LARGEST
    return cap, max(cap, 1.0 / least if least > 0.0 else LARGEST)


def take_up_factors(instrument: Instrument, lever: float = 1.0) -> tuple[float, ...]:
    """Factors that :func:`take_up` wants evaluated besides the instrument itself."""
    cap, full = take_up_limits(instrument, lever)
    if full <= cap:
        return NODES
    return (*NODES, *(cap * (full / cap) ** (n / BEYOND) for n in range(1, BEYOND + 1)))


@dataclass(frozen=True)
class TakeUpCost:
    """Cost of one scheme as a function of the factor on take-up, exact up to ``cap``.

    net, extra   [degree, year] coefficients of the net cost without administration by share, and of the pensions that it is a share of
    rate         of those pensions;  fixed [year]
    factors, costs   evaluated beyond the cap, the cap itself first
    """

    base: SchemeBase
    net: Array
    extra: Array
    rate: float
    fixed: Array
    cap: float
    factors: Array
    costs: Array

    def __call__(self, factor: float) -> float:
        """Cost in US dollars."""
        if factor > self.cap:
            return float(np.interp(factor, self.factors, self.costs))
        return self.exact(factor)

    def exact(self, factor: float) -> float:
        """The polynomial; only up to the cap."""
        powers = factor ** np.arange(len(self.net))
        return self.base.value(powers @ self.net + self.rate * np.maximum(powers @ self.extra, 0.0) + self.fixed)


def take_up_cost(base: SchemeBase, reference: RegionRun, others: Mapping[float, RegionRun]) -> TakeUpCost:
    """Cost by take-up of one scheme from runs with :func:`with_factor` at :func:`take_up_factors`, ``reference`` at 1."""
    runs = {1.0: reference, **{f: others[f] for f in NODES}}
    c, rate = base.country, reference.instrument.administration.share_of_coordinated_benefits
    nodes = np.array(sorted(runs))
    plain, extra = [], []
    for f in nodes:
        price = scheme_price(runs[float(f)], c)
        plain.append(price.net - price.administration)
        extra.append(extra_pensions(runs[float(f)], c))
    inverse = np.linalg.inv(np.vander(nodes, increasing=True))
    fixed = coordination_cost_parts(reference, c)[1]
    cap, _ = take_up_limits(reference.instrument, reference.scenario.payment.take_up_factor)
    found = TakeUpCost(base, inverse @ np.array(plain), inverse @ np.array(extra), rate, fixed, cap, np.array([cap]), np.zeros(1))
    beyond = sorted(f for f in others if f > cap)
    costs = [found.exact(cap), *(base.value(scheme_price(others[f], c).net) for f in beyond)]
    return replace(found, factors=np.array([cap, *beyond]), costs=np.array(costs))


def take_up(base: SchemeBase, reference: RegionRun, others: Mapping[float, RegionRun]) -> BreakEven:
    """The factor on take-up at which the sign changes (convention 3)."""
    cost = take_up_cost(base, reference, others)
    full = float(cost.factors[-1])
    value = _root(cost, np.concatenate([np.linspace(0.0, cost.cap, 201), cost.factors[1:]]))
    low, now, high = cost(0.0), cost(1.0), cost(full)
    name, last = reference.basis.region.names[base.country], reference.instrument.take_up[-1].share
    if value is not None:
        side = "saves money while fewer" if low < 0.0 else "saves money once more"
        words = (
            f"{name}: the scheme {side} than {min(value * last, 1.0):.1%} of those entitled claim in the end ({value:.2f} times the assumed "
            f"take-up); it {'costs' if low < 0.0 else 'saves'} {_usd(abs(high))} if everybody claims from the first day."
        )
    else:
        verb = "saves the scheme money" if now < 0.0 else "costs the scheme something"
        words = (
            f"{name}: the instrument {verb} whatever the take-up: {_usd(abs(low))} if nobody claims, {_usd(abs(now))} as assumed, "
            f"{_usd(abs(high))} if everybody claims from the first day."
        )
    return BreakEven(_code(reference, base), "take_up", value, 0.0, full, low, now, high, words)


def _root(cost: Callable[[float], float], points: Array) -> float | None:
    """Where a continuous function first changes its sign between the points, to rounding; ``None`` where it never does."""
    values = [cost(float(x)) for x in points]
    for left, right, at_left, at_right in zip(points, points[1:], values, values[1:], strict=False):
        if at_left != 0.0 and at_left * at_right <= 0.0:
            low, high = float(left), float(right)
            for _ in range(60):
                middle = 0.5 * (low + high)
                low, high = (middle, high) if (cost(middle) < 0.0) == (at_left < 0.0) else (low, middle)
            return 0.5 * (low + high)
    return None


def contribution_rate(run: RegionRun, base: SchemeBase) -> BreakEven:
    """The level addition to the contribution rate that pays for the instrument over 75 years (convention 4)."""
    price = scheme_price(run, base.country)
    earned = price.net - price.spent
    without = roll_forward(base.opening, base.contributions, base.expenditure, base.rates).closing[-1]

    def fund(rate: float) -> float:
        income = base.contributions - earned + rate * (base.collected + _collected(run, base, price.insured))
        return float(roll_forward(base.opening, income, base.expenditure + price.spent, base.rates).closing[-1])

    value = solve_linear_rate(fund, float(without))
    name, cost = run.basis.region.names[base.country], base.value(price.net)
    monthly = value * float(base.earnings[0]) / float(base.contributors) / 12.0 * base.usd
    words = (
        f"{name}: a contribution rate {'higher' if value > 0.0 else 'lower'} by {abs(value):.3%} of insurable earnings from {FIRST_YEAR} on "
        f"{'would pay for the instrument' if value > 0.0 else 'would give back what the instrument saves'}: {abs(monthly):.2f} dollars a month for "
        f"an average contributor of {FIRST_YEAR}, employer's share included."
    )
    return BreakEven(_code(run, base), "contribution_rate", value, -math.inf, math.inf, math.nan, cost, math.nan, words)


def _collected(run: RegionRun, base: SchemeBase, earnings: Array) -> Array:
    """What of insurable earnings contributions are collected on."""
    compliance: Array = run.countries[base.country].compliance[-HORIZON:]
    return compliance * earnings


def with_coverage(prepared: PreparedRegion, factor: float) -> PreparedRegion:
    """The same people with the cover of movers times a factor from the first projection year on; nothing before it changes."""
    migration = prepared.scenario.migration
    levers = migration.model_copy(update={"migrant_coverage_factor": migration.migrant_coverage_factor * factor})
    return replace(prepared, scenario=prepared.scenario.model_copy(update={"migration": levers}))


def coverage(
    prepared: PreparedRegion, reference: RegionRun, bases: Sequence[SchemeBase], progress: Progress | None = None
) -> tuple[BreakEven, ...]:
    """The factor on the cover of movers at which the sign changes, for every scheme; projects the movers two times or more (convention 5)."""
    tell = progress or (lambda _step, _share: None)
    known: dict[float, tuple[float, ...]] = {1.0: tuple(base.value(scheme_price(reference, base.country).net) for base in bases)}

    def costs(factor: float) -> None:
        tell(f"cover of movers x {factor:.3g}", min(len(known) / (ROUNDS + 2.0), 0.95))
        [run] = evaluate(with_coverage(prepared, factor), [reference.instrument])
        known[factor] = tuple(base.value(scheme_price(run, base.country).net) for base in bases)

    for factor in COVERAGE:
        costs(factor)
    for n in range(len(bases)):
        for _ in range(ROUNDS):
            bracket = _bracket(known, n)
            if bracket is None or _closest(known, n)[1] <= CLOSE:
                break
            costs(_next(*((x, known[x][n]) for x in bracket)))
    return tuple(_coverage_answer(reference, base, known, n) for n, base in enumerate(bases))


def _bracket(known: Mapping[float, tuple[float, ...]], n: int) -> tuple[float, float] | None:
    """The first two neighbouring factors between which the cost of scheme ``n`` changes its sign."""
    points = sorted(known)
    for left, right in zip(points, points[1:], strict=False):
        if known[left][n] * known[right][n] < 0.0:
            return left, right
    return None


def _closest(known: Mapping[float, tuple[float, ...]], n: int) -> tuple[float, float]:
    """The factor with the smallest cost of scheme ``n``, and that cost over the largest."""
    factor = min(known, key=lambda x: abs(known[x][n]))
    largest = max(abs(values[n]) for values in known.values())
    return factor, abs(known[factor][n]) / largest if largest > 0.0 else 0.0


def _next(left: tuple[float, float], right: tuple[float, float]) -> float:
    """The secant through both ends of a bracket, kept off the ends by a tenth of it so that a bent curve cannot stall it."""
    (a, at_a), (b, at_b) = left, right
    share = min(max(at_a / (at_a - at_b), 0.1), 0.9)
    return a + share * (b - a)


def _coverage_answer(run: RegionRun, base: SchemeBase, known: Mapping[float, tuple[float, ...]], n: int) -> BreakEven:
    low, high = (known[x][n] for x in COVERAGE)
    value = None
    if (bracket := _bracket(known, n)) is not None:
        close, off = _closest(known, n)
        ends = tuple((x, known[x][n]) for x in bracket)
        value = close if off <= CLOSE else ends[0][0] + ends[0][1] / (ends[0][1] - ends[1][1]) * (ends[1][0] - ends[0][0])
    name = run.basis.region.names[base.country]
    if value is not None:
        words = (
            f"{name}: the cost changes its sign when movers are insured {value:.2f} times as often as assumed ({_usd(low)} at a quarter, "
            f"{_usd(high)} at four times)."
        )
    else:
        words = (
            f"{name}: no sign change between a quarter of the assumed cover of movers ({_usd(low)}) and four times it ({_usd(high)}); the instrument "
            f"{'costs' if low > 0.0 else 'saves'} something at any of them."
        )
    return BreakEven(_code(run, base), "coverage", value, *COVERAGE, low, known[1.0][n], high, words)


def _code(run: RegionRun, base: SchemeBase) -> str:
    return run.basis.countries[base.country]


def _usd(amount: float) -> str:
    sign, size = ("-" if amount < 0.0 else ""), abs(amount)
    if size >= 1e9:
        return f"{sign}{size / 1e9:,.2f} billion dollars"
    return f"{sign}{size / 1e6:,.1f} million dollars" if size >= 1e5 else f"{sign}{size:,.0f} dollars"


def _percent(share: float) -> str:
    return f"{share:.2g}" if share >= 10.0 else f"{share:.1%}"
