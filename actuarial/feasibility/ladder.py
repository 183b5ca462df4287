"""The price of each legal step of an instrument: the ladder, and Shapley values as the alternative that no order decides.

1. The ladder switches the instrument's provisions on in a fixed order; the price of a rung is the net cost with it less that without it, on the same
   people. The rungs sum to the total.
2. Adding periods needs a rule on amounts. Until the rung of the amount rule is reached, totalised pensions are ``direct``: periods elsewhere open the
   right, nothing of the amount rests on them. The rung of the amount rule is what the instrument's rule adds to that.
3. Totalisation goes with what preserves its periods (no refunds on leaving, periods in account schemes, periods before entry into force) and with the
   provisions that extend it to invalidity and survivors.
4. Shapley value of a rung: its price averaged over all orders. Four rungs and administration interact and are averaged exactly, over all their
   subsets; the rungs on branches of their own stand beside them and are worth the same in every order.

phi_i = sum over S without i of |S|! (n - |S| - 1)! / n! (v(S + i) - v(S)), v the net cost per year. Source: Shapley (1953).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import factorial
from typing import Any, Final

import numpy as np

from actuarial.basis.dimensions import HORIZON, Array
from actuarial.basis.instrument import Instrument
from actuarial.basis.instrument_provisions import BranchName
from actuarial.feasibility.branch_exposure import scheme_branches
from actuarial.feasibility.cashflow import coordination_cost, net_cost_of_side, side_administration, sides_of
from actuarial.feasibility.engine import PreparedRegion, RegionRun, evaluate, evaluate_with_past

SHORT_TERM: Final[tuple[BranchName, ...]] = ("employment_injury", "maternity", "sickness", "health", "family", "unemployment", "funeral")


@dataclass(frozen=True)
class Rung:
    """One legal step: the provisions and branches that it switches on."""

    name: str
    title: str
    provisions: tuple[str, ...]
    branches: tuple[BranchName, ...] = ()


LADDER: Final = (
    Rung("equality", "Equality of treatment", ("equality_of_treatment",)),
    Rung("export", "Export", ("export", "currency", "retroactive_claims")),
    Rung("totalisation", "Totalisation", ("totalisation", "refunds", "account_schemes", "retroactive_periods", "invalidity", "survivors")),
    Rung("amount", "Amount rule", ("amount", "minimum_pension")),
    Rung("legislation", "Applicable legislation", ("applicable_legislation",)),
    Rung("short_term", "Short-term, health and injury", ("occupational_disease", "health", "family", "unemployment", "funeral"), SHORT_TERM),
    Rung("administration", "Administration", ("administration",)),
)
"""The rungs in their order."""
TOGETHER: Final = ("equality", "export", "totalisation", "amount")
"""Rungs that act on the same awards."""
NAMES: Final = tuple(rung.name for rung in LADDER)


def instrument_at(instrument: Instrument, rungs: Collection[str]) -> Instrument:
    """The instrument with the named rungs alone. Raises ``ValueError`` for an unknown name."""
    if unknown := sorted(set(rungs) - set(NAMES)):
        raise ValueError(f"no rung '{unknown[0]}'; there are: {', '.join(NAMES)}")
    off = [rung for rung in LADDER if rung.name not in rungs]
    result = instrument.without(*(name for rung in off for name in rung.provisions))
    if "amount" not in rungs and "totalisation" in rungs and instrument.provisions.amount.method != "none":
        amount = instrument.provisions.amount.model_copy(update={"method": "direct"})
        result = result.model_copy(update={"provisions": result.provisions.model_copy(update={"amount": amount})})
    dropped = {branch for rung in off for branch in rung.branches}
    kept = {name: cover for name, cover in instrument.scope.branches.items() if name not in dropped}
    if len(kept) < len(instrument.scope.branches):
        result = result.model_copy(update={"scope": instrument.scope.model_copy(update={"branches": kept})})
    return result


@dataclass(frozen=True)
class Ladder:
    """Prices per year of every rung, net cost with minus without, in each scheme's currency.

    steps, shapley   [country, rung, year]
    sides            {country: [side, rung, year]} the steps by corridor, sex and role, in the order of ``sides_of`` on ``run``
    run              the whole instrument;  past  the same for past periods alone, if asked for
    """

    run: RegionRun
    steps: Array
    shapley: Array
    sides: dict[int, Array]
    past: RegionRun | None = None


def price_ladder(
    prepared: PreparedRegion, instrument: Instrument, progress: Callable[[str, float], None] | None = None,
    others: Sequence[Instrument] = (), *, past: bool = False,
) -> tuple[Ladder, tuple[RegionRun, ...]]:  # fmt: skip
    """Price every rung of an instrument on the same lattices, and ``others`` beside it: (ladder, runs of the others).

    ``past``: also price the instrument's past periods alone.
    """
    subsets = [frozenset(s) for n in range(len(TOGETHER) + 1) for s in combinations(TOGETHER, n)]
    beside = [name for name in NAMES if name not in TOGETHER]
    instruments = [*(instrument_at(instrument, [*s, *beside]) for s in subsets), *others]
    before = None
    if past:
        runs, before = evaluate_with_past(prepared, instruments, subsets.index(frozenset(TOGETHER)), progress)
    else:
        runs = evaluate(prepared, instruments, progress)
    priced = dict(zip(subsets, runs, strict=False))
    return replace(ladder_of(instrument, priced), past=before), runs[len(subsets) :]


def ladder_of(instrument: Instrument, priced: Mapping[frozenset[str], RegionRun]) -> Ladder:
    """The ladder from runs of every subset of :data:`TOGETHER`, each with administration and all that stands beside."""
    run = priced[frozenset(TOGETHER)]
    countries = len(run.countries)
    steps, shapley = np.zeros((countries, len(LADDER), HORIZON)), np.zeros((countries, len(LADDER), HORIZON))
    sides: dict[int, Array] = {}
    for c in range(countries):
        own = {s: _side_costs(r, c) for s, r in priced.items()}
        running = {s: coordination_cost(r, c) for s, r in priced.items()}
        worth = {s: values.sum(axis=0) for s, values in own.items()}
        count = len(next(iter(own.values())))
        sides[c] = np.zeros((count, len(LADDER), HORIZON))
        before: frozenset[str] = frozenset()
        for name in TOGETHER:
            after = before | {name}
            steps[c, NAMES.index(name)] = worth[after] - worth[before]
            sides[c][:, NAMES.index(name)] = own[after] - own[before]
            before = after
        steps[c, NAMES.index("administration")] = running[before]
        sides[c][:, NAMES.index("administration")] = side_administration(run, c)
        # What is left without any of the rungs above are contributions of posted workers.
        nothing: frozenset[str] = frozenset()
        steps[c, NAMES.index("legislation")], sides[c][:, NAMES.index("legislation")] = worth[nothing], own[nothing]
        if run.countries[c].law.collecting:
            sides[c][:, NAMES.index("short_term")] = side_branches(run, c)
            steps[c, NAMES.index("short_term")] = sides[c][:, NAMES.index("short_term")].sum(axis=0)
        players = (*TOGETHER, "administration")

        def value(s: frozenset[str], worth: dict[Any, Array] = worth, running: dict[Any, Array] = running) -> Array:
            rungs = s - {"administration"}
            total: Array = worth[rungs] + (running[rungs] if "administration" in s else 0.0)
            return total

        for name, price in shapley_values(players, value).items():
            shapley[c, NAMES.index(name)] = price
        for name in ("legislation", "short_term"):
            shapley[c, NAMES.index(name)] = steps[c, NAMES.index(name)]
    return Ladder(run, steps, shapley, sides)


def shapley_values(players: Sequence[str], value: Callable[[frozenset[str]], Array]) -> dict[str, Array]:
    """Exact Shapley values by all subsets of the players.

    >>> {k: float(v) for k, v in shapley_values(("a", "b"), lambda s: np.array(3.0 if len(s) == 2 else 0.0)).items()}
    {'a': 1.5, 'b': 1.5}
    """
    n = len(players)
    result = {}
    for name in players:
        others = [p for p in players if p != name]
        parts = []
        for size in range(n):
            weight = factorial(size) * factorial(n - size - 1) / factorial(n)
            for subset in combinations(others, size):
                s = frozenset(subset)
                parts.append(weight * (value(s | {name}) - value(s)))
        result[name] = np.sum(parts, axis=0)
    return result


def side_branches(run: RegionRun, c: int) -> Array:
    """Net cost of the branches beside pensions that the scheme bears [side, year]; the sexes share by the insured of the corridor."""
    sides = sides_of(run, c)
    total = np.zeros((len(sides), HORIZON))
    for account in scheme_branches(run, c).accounts:
        if account.payer != "scheme":
            continue
        for difference in account.differences:
            partner = run.basis.countries.index(difference.partner)
            pair = (c, partner) if difference.role == "origin" else (partner, c)
            members = [n for n, (_, _, origin, host, _) in enumerate(sides) if (origin, host) == pair]
            insured = np.array([sides[n][1].exposure.sum() for n in members])
            weight = insured / insured.sum() if insured.sum() > 0.0 else np.full(len(members), 1.0 / len(members))
            total[members] += weight[:, None] * difference.amount
    return total


def _side_costs(run: RegionRun, c: int) -> Array:
    """Net cost of every side of a scheme [side, year], without administration."""
    found = [net_cost_of_side(cost) for _, cost, *_ in sides_of(run, c)]
    return np.stack(found) if found else np.zeros((0, HORIZON))
