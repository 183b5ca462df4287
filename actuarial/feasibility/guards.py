"""What every stage of a study hands to the next must be numbers that can be right (:mod:`actuarial.basis.guard`).

Stages in order: economy, population and migration, insured at home, movers, payments to movers, cash flows, tables; and the
paths of an ensemble. Each function raises
:class:`~actuarial.basis.errors.NumericalFailure` naming stage, country, year and age of the first figure that cannot be right. They look; they change
nothing.
"""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from actuarial.basis.dimensions import FIRST_YEAR, HISTORY_FIRST_YEAR, SEXES, WORK_AGE_FIRST, Array
from actuarial.basis.economy import EconomyBasis
from actuarial.basis.errors import NumericalFailure
from actuarial.basis.guard import Axes, guard, guard_conserved
from actuarial.careers.country import CountryCareers
from actuarial.careers.lattice import LatticeOutput
from actuarial.demography.corridors import DemographicProjection

if TYPE_CHECKING:
    from actuarial.feasibility.cashflow import CaseFlows
    from actuarial.feasibility.corridor import SideCost
    from actuarial.feasibility.ensemble_paths import SchemeFlows
    from actuarial.feasibility.result import SchemeResult

_SIDES: Final = ("origin", "host")
_SIGNED: Final = frozenset({"other_benefits", "administration", "residence", "residence_pensions"})
"""Flows that levers may make smaller than nothing: they hold corrections."""
_MAY_BE_UNKNOWN: Final[dict[str, frozenset[str]]] = {
    "yearly": frozenset({"reserve_ratio"}),
    "indicators": frozenset({"without", "with", "difference"}),
    "gains": frozenset({"average_extra_pension"}),
    "calibration": frozenset({"published", "target", "modelled", "ratio", "factor"}),
}
"""Columns of figures that can be undefined: a ratio to nothing, a year that never comes, a mean of nobody, a figure nobody published."""


def guard_economy(economy: EconomyBasis) -> None:
    """Growth rates above -100 %, and wage, price and exchange levels that stay finite over history and horizon."""
    axes: Axes = {"country": economy.countries, "year": economy.first_year}
    for name in ("wage_growth", "inflation", "investment_return"):
        growth: Array = getattr(economy, name)
        guard("economy", name.replace("_", " "), growth, axes, least=-1.0)
        with np.errstate(over="ignore"):
            level = np.asarray(np.cumprod(1.0 + growth, axis=1), dtype=np.float64)
        guard("economy", f"level that {name.replace('_', ' ')} leads to", level, axes, least=0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        exchange = np.log(economy.exchange_rate)  # amounts are divided by it: above 0, and no currency worth nothing
    guard("economy", "logarithm of the exchange rate", exchange, axes)


def guard_demography(d: DemographicProjection) -> None:
    """No negative people, probabilities within 0 and 1, and residents conserved every year: births, deaths and moves explain every change."""
    stage, year = "population and migration", d.first_year
    by_country: Axes = {"country": d.countries, "sex": SEXES, "age": 0, "year": year}
    by_corridor: Axes = {"corridor": corridor_names(d), "sex": SEXES, "age": 0, "year": year}
    guard(stage, "population", d.population, by_country, least=0.0)
    guard(stage, "probability of survival", d.survival, by_country, 0.0, 1.0)
    for name in ("movers_abroad", "movers_home", "refugees", "labour_outflow", "joined_abroad"):
        guard(stage, name.replace("_", " "), getattr(d, name), by_corridor, least=0.0)
    for name in ("return_rate", "remigration_rate"):
        guard(stage, name.replace("_", " "), getattr(d, name), by_corridor, 0.0, 1.0)
    moved = d.intra_regional.sum(axis=2) + d.rest_of_world.sum(axis=2) + d.rest_of_world_newborn
    explained = d.population[..., :-1].sum(axis=2) + d.births - d.deaths + moved
    guard_conserved(stage, "residents", explained, d.population[..., 1:].sum(axis=2), {"country": d.countries, "sex": SEXES, "year": year})


def guard_insured(code: str, country: CountryCareers) -> None:
    """No negative people or amounts among those insured at home, and everybody of ``residents`` in exactly one place."""
    stage, first = "insured at home", HISTORY_FIRST_YEAR
    guard(stage, "insurable earnings", country.insurable, {"sex": SEXES, "year": first, "age": WORK_AGE_FIRST}, least=0.0, country=code)
    for sex, out in zip(SEXES, country.stayers, strict=True):
        where = f"{code}, {sex}"
        cells: Axes = {"year": first, "age": WORK_AGE_FIRST, "cover": ("covered", "not covered"), "half-years of service": 0}
        guard(stage, "people", out.people, cells, least=0.0, country=where)
        guard(stage, "amount", out.amount, cells, least=0.0, country=where)
        for name in ("entry", "exit"):
            guard(stage, f"probability of {name}", getattr(out, name), {"year": first, "age": WORK_AGE_FIRST}, 0.0, 1.0, country=where)
        placed = out.people.sum(axis=(2, 3)) + out.disabled
        residents = country.inputs.residents[SEXES.index(sex), WORK_AGE_FIRST : WORK_AGE_FIRST + placed.shape[1]].T
        guard_conserved(stage, "people aged 15 and over", residents, placed, {"year": first, "age": WORK_AGE_FIRST}, country=where)


def guard_movers(name: str, out: LatticeOutput, first: int = FIRST_YEAR) -> None:
    """No negative people or amounts among the movers of a corridor and sex; ``first`` is the calendar year in which the run begins."""
    stage = "movers"
    rows: Axes = {"residence": _SIDES, "year": first, "age": WORK_AGE_FIRST}
    awards: Axes = {"scheme": _SIDES, "year": first, "residence": _SIDES, "half-years at home": 0, "half-years in the host country": 0}
    schemes: Axes = {"scheme": _SIDES, "year": first}
    for field in ("people", "covered", "disabled", "invalids"):
        guard(stage, field, getattr(out, field), rows, least=0.0, country=name)
    for field in ("award_people", "award_amount"):
        guard(stage, field.replace("_", " "), getattr(out, field), awards, least=0.0, country=name)
    for field in ("refund_amount", "refund_people", "death_amount", "invalidity_amount", "amount"):
        guard(stage, field.replace("_", " "), getattr(out, field), schemes, least=0.0, country=name)


def guard_payments(code: str, corridor: str, cost: SideCost) -> None:
    """What a scheme pays to the movers of a corridor is a number, what it receives from them not less than nothing.

    Parts of a payment may be: a top-up taken away is one. Their sums are looked at with the cash flows.
    """
    for case, flows in (("without", cost.without), ("with", cost.with_instrument)):
        for name, values in flows.items():
            axes: Axes = {"residence": _SIDES, "year": FIRST_YEAR} if values.ndim == 2 else {"year": FIRST_YEAR}
            guard("payments to movers", f"{name.replace('_', ' ')} {case} the instrument", values, axes, country=f"{code}, {corridor}")
    for name in ("exposure", "earnings", "contributions"):
        guard("payments to movers", name, getattr(cost, name), {"year": FIRST_YEAR}, least=0.0, country=f"{code}, {corridor}")


def guard_flows(code: str, case: str, flows: CaseFlows, countries: tuple[str, ...]) -> None:
    """Every flow of a scheme is finite, and those of people and benefits are not negative; a reserve may be."""
    for field in fields(flows):
        values = getattr(flows, field.name)
        if not isinstance(values, np.ndarray):
            continue
        axes: Axes = {"residence": countries, "year": FIRST_YEAR} if values.ndim == 2 else {"year": FIRST_YEAR}
        least = -np.inf if field.name in _SIGNED else 0.0
        guard("cash flows", f"{field.name.replace('_', ' ')} {case} the instrument", values, axes, least=least, country=code)
    for name in ("opening", "investment_income", "closing"):
        what = f"reserve, {name.replace('_', ' ')}, {case} the instrument"
        guard("cash flows", what, getattr(flows.reserve, name), {"year": FIRST_YEAR}, country=code)


def guard_paths(code: str, flows: SchemeFlows, first_path: int) -> None:
    """Every flow, reserve and discount factor of a scheme is a finite number on every path, so that no quantile leaves a path out unseen."""
    axes: Axes = {"path": first_path, "year": FIRST_YEAR}
    for field in fields(flows):
        values = getattr(flows, field.name)
        for case, array in zip(("without", "with"), values, strict=True) if isinstance(values, tuple) else (("", values),):
            guard("ensemble", f"{field.name.replace('_', ' ')} {case}".strip(), array, axes, country=code)


def guard_tables(result: SchemeResult) -> None:
    """No figure of a scheme's tables is NaN or infinite but where it may be undefined."""
    for field in fields(result):
        table = getattr(result, field.name)
        if not isinstance(table, pd.DataFrame) or table.empty:
            continue
        allowed = _MAY_BE_UNKNOWN.get(field.name, frozenset())
        for column in table.select_dtypes("number"):
            values: Array = table[column].to_numpy(dtype=np.float64)
            wrong = np.isinf(values) if column in allowed else ~np.isfinite(values)
            if wrong.any():
                row = {str(k): v for k, v in table.iloc[int(np.argmax(wrong))].items()}
                keys = ", ".join(f"{k} {row[k]}" for k in ("case", "year", "sex", "age", "indicator", "name", "item") if k in row)
                raise NumericalFailure(f"tables: {result.country}, {field.name}, column {column}{f', {keys}' if keys else ''} is {row[str(column)]}")


def corridor_names(d: DemographicProjection) -> list[str]:
    """Corridors as people write them, origin first."""
    return [f"{d.countries[int(o)]}-{d.countries[int(h)]}" for o, h in d.corridors]
