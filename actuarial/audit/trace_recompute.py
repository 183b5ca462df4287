"""Figures computed anew from other figures of the run, by the equations of the declared graph.

1. An equation is an arithmetic expression over names of figures; it is parsed, never executed: only numbers, names, + - * /, one comparison and the
   functions of :data:`FUNCTIONS` are allowed.
2. Figures by year are arrays; the figure asked for is that of its year.
3. Returns, exchange rates and output are those of the economic basis that the run read, so that a reserve is not proved by itself.
4. What is computed agrees when |a - b| <= 1e-9 x max(|a|, |b|, scale), scale the largest term of a sum in the equation, in the unit of the figure.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from actuarial.audit.trace_figures import REGION, Figures, Place, Value
from actuarial.audit.trace_quantities import AMOUNTS, NOTHING, Quantity
from actuarial.basis.dimensions import Array, year_index
from actuarial.finance import indicators as ind
from actuarial.finance.premiums import level_rate_to_reserve_ratio, scaled_premium, steady_state_rate

TOLERANCE: Final = 1e-9
PENSIONS: Final = "defined_benefit"
NONE: Final = ("none", "not_collecting")


class NotKnownError(Exception):
    """A figure that the equation needs is not among the results."""


@dataclass(frozen=True)
class Recomputed:
    """A figure computed anew: its value, the equation with the run's figures in it, and the scale of its rounding.

    The scale is the largest term of a sum, in the unit of the figure: what cancels in a difference leaves rounding of its own size.
    """

    value: float
    shown: str
    scale: float

    def agrees(self, stated: float) -> bool:
        """Whether it is what the run states; missing on both sides agrees."""
        return self.gap(stated) <= TOLERANCE

    def gap(self, stated: float) -> float:
        """Difference relative to the largest of both and of what went in."""
        if math.isnan(self.value) and math.isnan(stated):
            return 0.0
        largest = max(abs(self.value), abs(stated), self.scale)
        gap = abs(self.value - stated) / largest if largest > 0.0 else 0.0
        return math.inf if math.isnan(gap) else gap


def recompute(figures: Figures, quantity: Quantity, place: Place, show: Callable[[float], str] = lambda value: f"{value:.6g}") -> Recomputed | None:
    """Compute a figure from its equation; ``None`` where it has none, the scheme has no such figure, or a parent is not among the results."""
    kind = PENSIONS if place.country == REGION else figures.scheme(place.country).kind
    if not quantity.equation or kind in NONE or quantity.kind not in ("", kind):
        return None
    run = _Run(figures, quantity, place, show)
    tree = ast.parse(quantity.equation, mode="eval").body
    try:
        value = figures.one(run.value(tree), place)
        return Recomputed(value, run.text(tree, NOTHING if quantity.unit in AMOUNTS else 0.0), abs(figures.one(run.scale(tree), place)))
    except NotKnownError:
        return None


@dataclass
class _Run:
    figures: Figures
    quantity: Quantity
    place: Place
    show: Callable[[float], str]

    def scale(self, node: ast.expr) -> Value:
        """Largest term of the sums in an equation, in the unit of its value; arrays by year as the value."""
        if isinstance(node, ast.BinOp):
            left, right, one, other = self.value(node.left), self.value(node.right), self.scale(node.left), self.scale(node.right)
            with np.errstate(divide="ignore", invalid="ignore"):
                if isinstance(node.op, ast.Mult):
                    return np.maximum(one * np.abs(right), np.abs(left) * other)
                if isinstance(node.op, ast.Div):
                    return np.maximum(one / np.abs(right), np.abs(left) * other / np.square(right)) if np.any(right) else 0.0
            return np.maximum(one, other)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            name, args = node.func.id, node.args
            if name == "pv":
                return float(ind.present_value(np.asarray(self.scale(args[0])), self.rates()))
            if name == "at":
                return self.figures.one(self.scale(args[0]), self.place.at(year=ast.unparse(args[1])))
            if name == "beyond":
                one, other = (self.elsewhere(replace(self.place, case=case)).scale(args[0]) for case in ("with", "without"))
                return np.maximum(one, other)
        return np.abs(self.value(node))

    def value(self, node: ast.expr) -> Value:
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
            return float(node.value)
        if isinstance(node, ast.Name | ast.Attribute):
            return self.named(ast.unparse(node))
        if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
            with np.errstate(divide="ignore", invalid="ignore"):
                left, right = self.value(node.left), self.value(node.right)
                return OPERATORS[type(node.op)](np.asarray(left), np.asarray(right)) if _array(left, right) else _plain(node.op, left, right)
        if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in COMPARISONS:
            return COMPARISONS[type(node.ops[0])](self.value(node.left), self.value(node.comparators[0]))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS:
            return FUNCTIONS[node.func.id](self, node.args)
        raise ValueError(f"{self.quantity.name}: not allowed in an equation: {ast.unparse(node)}")

    def named(self, name: str) -> Value:
        graph = self.figures.graph
        quantity = graph.quantities.get(name) if "." in name else graph.quantities.get(f"{self.quantity.table}.{name}") or graph.quantities.get(name)
        if quantity is None:
            raise ValueError(f"{self.quantity.name}: no quantity {name}")
        if quantity.table:
            return self.figures.value(quantity, self.place)
        if not quantity.equation:
            raise NotKnownError(name)
        return _Run(self.figures, quantity, self.place, self.show).value(ast.parse(quantity.equation, mode="eval").body)

    def elsewhere(self, place: Place) -> _Run:
        return replace(self, place=place)

    def text(self, node: ast.expr, nothing: float = 0.0) -> str:
        """The equation with figures in place of names; terms smaller than ``nothing`` are 0."""
        if isinstance(node, ast.BinOp):
            below = nothing if _sum(node) else 0.0
            left, right = self.text(node.left, below), self.text(node.right, below)
            inner = isinstance(node.op, ast.Mult | ast.Div)
            left = f"({left})" if inner and _sum(node.left) else left
            bracketed = right.startswith("-") or (_sum(node.right) and not isinstance(node.op, ast.Add))
            right = f"({right})" if bracketed else right
            return f"{left} {SIGNS[type(node.op)]} {right}"
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "sqrt":
            return f"sqrt({self.text(node.args[0])})"
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "own_administration" and self.figures.scheme(self.place.country).kind == PENSIONS:
            return self.text(node.args[0])
        if isinstance(node, ast.Constant):
            return f"{node.value!s}"
        found = self.value(node)
        one = found if isinstance(found, float) else self.figures.one(found, self.place)
        return self.show(0.0 if abs(one) < nothing else one)

    # what equations can ask for

    def rates(self) -> Array:
        return self.of_economy("investment_return")

    def of_economy(self, name: str) -> Array:
        economy, country = self.figures.economy, self.place.country
        if economy is None or country not in economy.countries:
            raise NotKnownError(name)
        values: Array = getattr(economy, name)[economy.countries.index(country), year_index(int(self.figures.years[0])) :]
        return values

    def opening(self) -> float:
        """The reserve published for the valuation date; 0 for a scheme that begins later."""
        rows = self.figures.frame("calibration", self.place.country)
        return float(rows.loc[rows["item"] == "reserve", "target"].sum())

    def own_administration(self, share_of_contributions: ast.expr) -> Value:
        """Administration without that of the instrument.

        Only a scheme of pensions takes a share of contributions. What others take a share of is not among the results, but the case without the
        instrument states it for the case with.
        """
        if self.figures.scheme(self.place.country).kind == PENSIONS:
            return self.value(share_of_contributions)
        if self.place.case == "without":
            raise NotKnownError("balances of stayers")
        return self.figures.value(self.quantity, replace(self.place, case="without"))

    def coordination_administration(self) -> Array:
        """Administration of the instrument by year, from the table of causes; 0 without the instrument."""
        if self.place.case == "without":
            return np.zeros(len(self.figures.years))
        causes = self.figures.frame("causes", self.place.country)
        if causes.empty:
            raise NotKnownError("causes")
        own: Array = causes[causes["cause"] == "administration"].groupby("year")["amount"].sum().reindex(self.figures.years).to_numpy(np.float64)
        return own

    def series(self, node: ast.expr) -> Array:
        found = self.value(node)
        if isinstance(found, float):
            raise ValueError(f"{self.quantity.name}: {ast.unparse(node)} has no years")
        return found

    def share(self, name: str) -> Array:
        """A share of the law from the register by year: the value in force on 1 July, times the scenario's factor."""
        register = self.figures.frame("assumptions", self.place.country)
        own = register[register["name"].str.fullmatch(rf"{name}(\[.*\])?")]
        if own.empty:
            raise NotKnownError(name)
        starts = [int(text.rpartition("[")[2][:4]) if "[" in text else 0 for text in own["name"]]
        values = [float(v) for v in own["value"]]
        late = [text.rpartition("[")[2][5:7] > "07" if "[" in text else False for text in own["name"]]
        since = [start + after for start, after in zip(starts, late, strict=True)]
        return np.array([values[max((s, n) for n, s in enumerate(since) if s <= year)[1]] for year in self.figures.years])


def _array(*values: Value) -> bool:
    return any(isinstance(v, np.ndarray) for v in values)


def _plain(operator: ast.operator, left: Value, right: Value) -> float:
    if isinstance(operator, ast.Div) and right == 0.0:
        return math.nan
    return float(OPERATORS[type(operator)](left, right))


def _sum(node: ast.expr) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub)


def _over(run: _Run, node: ast.expr, kinds: Callable[[str], bool]) -> Value:
    total: Value = 0.0
    for country, scheme in run.figures.study.schemes.items():
        if kinds(scheme.kind):
            found = run.elsewhere(replace(run.place, country=country)).value(node)
            total = total + (np.nan_to_num(found) if isinstance(found, np.ndarray) else 0.0 if math.isnan(found) else found)
    return total


def _previous(run: _Run, node: ast.expr) -> Array:
    return np.concatenate(([run.opening()], run.series(node)[:-1]))


def _beyond(run: _Run, node: ast.expr) -> Value:
    one, other = (run.elsewhere(replace(run.place, case=case)).value(node) for case in ("with", "without"))
    return one - other


def _safely(compute: Callable[[], float]) -> float:
    """Missing where the premium has no finite value or no rate is steady, as in the results."""
    try:
        return float(compute())
    except ValueError:
        return math.nan


def _premium(run: _Run, args: list[ast.expr]) -> float:
    x, s, v = run.series(args[0]), run.series(args[1]), float(run.value(args[2]))
    growth, j = float(s[-1] / s[-2] - 1.0), run.rates()
    return _safely(lambda: ind.perpetual_average_premium(x, s, v, j, ind.Tail(float(j[-1]), growth, growth)))


def _balance(run: _Run, args: list[ast.expr]) -> float:
    c, x, s = (run.series(a) for a in args[:3])
    opening = float(run.value(args[3]))
    return _safely(lambda: ind.actuarial_balance(c, x, s, opening, run.rates(), float(x[-1] ** 2 / x[-2])).balance)


def _scaled(run: _Run, args: list[ast.expr]) -> float:
    x, s, v = run.series(args[0]), run.series(args[1]), float(run.value(args[2]))
    n = int(run.value(args[3]))
    return _safely(lambda: scaled_premium(x[:n], s[:n], v, run.rates()[:n]).rate)


def _level(run: _Run, args: list[ast.expr]) -> float:
    x, s, v = run.series(args[0]), run.series(args[1]), float(run.value(args[2]))
    ratio = float(run.value(args[3]))
    return _safely(lambda: level_rate_to_reserve_ratio(x, s, v, run.rates(), ratio, float(x[-1] ** 2 / x[-2])))


def _steady(run: _Run, args: list[ast.expr]) -> float:
    x, s, v = run.series(args[0]), run.series(args[1]), float(run.value(args[2]))
    return _safely(lambda: steady_state_rate(x, s, v, run.rates(), review_contributions=np.zeros(0))) if s.min() > 0.0 else math.nan


def _year_of(run: _Run, values: Array, pick: Callable[[Array], int]) -> float:
    return float(run.figures.years[pick(values)]) if np.isfinite(values).any() else math.nan


def _text(node: ast.expr) -> str:
    assert isinstance(node, ast.Constant)
    return str(node.value)


SIGNS: Final[Mapping[type[ast.operator], str]] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "x", ast.Div: "/"}
OPERATORS: Final[Mapping[type[ast.operator], Callable[..., Value]]] = {
    ast.Add: np.add, ast.Sub: np.subtract, ast.Mult: np.multiply, ast.Div: np.divide,
}  # fmt: skip
COMPARISONS: Final[Mapping[type[ast.cmpop], Callable[..., Value]]] = {ast.Gt: np.greater, ast.Lt: np.less}
FUNCTIONS: Final[Mapping[str, Callable[[_Run, list[ast.expr]], Value]]] = {
    "sqrt": lambda run, a: np.sqrt(run.value(a[0])),
    "at": lambda run, a: run.figures.one(run.series(a[0]), run.place.at(year=ast.unparse(a[1]))),
    "pv": lambda run, a: ind.present_value(run.series(a[0]), run.rates()),
    "previous": lambda run, a: _previous(run, a[0]),
    "opening_reserve": lambda run, a: run.opening(),
    "own_administration": lambda run, a: run.own_administration(a[0]),
    "coordination_administration": lambda run, a: run.coordination_administration(),
    "beyond": lambda run, a: _beyond(run, a[0]),
    "without": lambda run, a: run.elsewhere(replace(run.place, case="without")).value(a[0]),
    "with_instrument": lambda run, a: run.elsewhere(replace(run.place, case="with")).value(a[0]),
    "first_year": lambda run, a: ind.first_year(np.asarray(run.value(a[0]), dtype=bool), int(run.figures.years[0])),
    "count": lambda run, a: float(np.sum(run.value(a[0]))),
    "lowest": lambda run, a: float(np.nanmin(run.series(a[0]))),
    "year_of_lowest": lambda run, a: _year_of(run, run.series(a[0]), lambda v: int(np.nanargmin(v))),
    "total": lambda run, a: run.value(a[0]),
    "over_schemes": lambda run, a: _over(run, a[0], lambda kind: kind not in NONE),
    "over_pension_schemes": lambda run, a: _over(run, a[0], lambda kind: kind == PENSIONS),
    "at_home": lambda run, a: run.elsewhere(run.place.at(residence=run.place.country)).value(a[0]),
    "economy": lambda run, a: run.of_economy(ast.unparse(a[0])),
    "dollar": lambda run, a: run.figures.scheme(run.place.country).exchange_rate_usd,
    "register_share": lambda run, a: run.share(_text(a[0])),
    "perpetual_premium": _premium,
    "balance": _balance,
    "scaled_premium": _scaled,
    "level_rate": _level,
    "steady_rate": _steady,
}
"""What equations may call."""
