"""Who gains from the instrument: the distribution over persons, and the long run of the microsimulation.

1. Gain = present value with minus without of everything paid to a person by both schemes of the corridor, in US dollars of the valuation date.
   Contributions are the same in both cases.
2. Counted are people in working age at the valuation date, and later movers, of the generations that pass the last pension age within the horizon.
   Younger ones would show what they lose early (refunds) and not what they win late (pensions).
3. Age at migration is age at the end of the year of the first move; people who were abroad when history starts are ``unknown``. Years abroad count
   half a year for each end of a year, up to the award, death or the last year.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from actuarial.basis.dimensions import SEXES, WORK_AGE_FIRST, Array, IntArray
from actuarial.basis.instrument import Instrument
from actuarial.feasibility.engine import PreparedRegion
from actuarial.feasibility.microsimulation import START, Careers
from actuarial.feasibility.microsimulation_compare import compare_careers
from actuarial.feasibility.microsimulation_kernel import FIRST_MOVE, STOCK
from actuarial.feasibility.microsimulation_outcomes import CorridorCase, Outcomes, corridor_case, outcomes

AGE_LIMITS = (WORK_AGE_FIRST + 1, 25, 35, 45)
AGE_BANDS = ("unknown", "by 15", "16-24", "25-34", "35-44", "45+")
YEAR_LIMITS = (2.0, 5.0, 10.0, 20.0)
YEAR_BANDS = ("under 2", "2-4", "5-9", "10-19", "20+")
NOTICED = 1.0
"""US dollars of present value below which nobody counts as a winner or loser."""
GROUPS = ("sex", "age_at_migration", "years_abroad")


def person_gains(case: CorridorCase, careers: Careers, paid: Outcomes) -> pd.DataFrame:
    """One row per counted person: corridor, sex, age at migration and years abroad in bands, insured, weight and, in USD, without, with and gain.

    ``insured`` says whether somebody was insured after the valuation date or is paid anything by either scheme.
    """
    records, counted = careers.records, _counted(careers)
    value = (paid.value / case.exchange_rate[None, :, None]).sum(axis=1)[:, counted]
    row = records.migration_row[counted]
    age = np.where(row < 0, 0, 1 + np.searchsorted(AGE_LIMITS, row + WORK_AGE_FIRST, side="right"))
    years = np.searchsorted(YEAR_LIMITS, 0.5 * records.years_abroad[counted], side="right")
    return pd.DataFrame(
        {
            "corridor": case.corridor,
            "sex": SEXES[case.sex],
            "age_at_migration": _bands(age, AGE_BANDS),
            "years_abroad": _bands(years, YEAR_BANDS),
            "insured": (records.insured[counted].sum(axis=1) > 0) | (value.sum(axis=0) > 0.0),
            "weight": careers.person_weight[counted],
            "without": value[0],
            "with": value[1],
            "gain": value[1] - value[0],
        }
    )


def _bands(code: IntArray, names: tuple[str, ...]) -> pd.Categorical[str]:
    return pd.Categorical.from_codes(code, categories=pd.Index(names), ordered=True)


def _counted(careers: Careers) -> IntArray:
    """Positions of the persons of rule 2."""
    tables, records = careers.tables, careers.records
    kind = tables.entry_kind[records.entry]
    first = tables.entry_year[records.entry] + (kind != STOCK)
    row = tables.entry_row[records.entry] + (kind == FIRST_MOVE)
    years, rows = tables.death.shape[1:]
    inside = (records.stock_row >= 0) | (first > START)
    found: IntArray = np.flatnonzero(inside & (first + (rows - 1 - row) < years))
    return found


def distribution(persons: pd.DataFrame, by: Sequence[str] = GROUPS) -> pd.DataFrame:
    """Gains of groups of :func:`person_gains`.

    Columns: the groups, ``people`` (they stand for), ``simulated``, ``winners``, ``losers`` (shares), ``mean_without``, ``mean_gain`` with its
    ``standard_error``, ``p10``, ``median``, ``p90``; amounts in USD per person.
    """
    rows = []
    for key, group in persons.groupby(list(by), observed=True):
        weight, gain = group["weight"].to_numpy(), group["gain"].to_numpy()
        total = weight.sum()
        mean = float((weight * gain).sum() / total)
        rows.append(
            {
                **dict(zip(by, key, strict=True)),
                "people": total,
                "simulated": len(group),
                "winners": weight[gain > NOTICED].sum() / total,
                "losers": weight[gain < -NOTICED].sum() / total,
                "mean_without": float((weight * group["without"].to_numpy()).sum() / total),
                "mean_gain": mean,
                "standard_error": float(np.sqrt(((weight * (gain - mean)) ** 2).sum()) / total),
                **dict(zip(("p10", "median", "p90"), _quantiles(gain, weight, (0.1, 0.5, 0.9)), strict=True)),
            }
        )
    return pd.DataFrame(rows)


def _quantiles(value: Array, weight: Array, shares: tuple[float, ...]) -> list[float]:
    """Smallest values that at least the given shares of weight do not exceed."""
    order = np.argsort(value, kind="stable")
    reached = np.cumsum(weight[order])
    at = np.searchsorted(reached, np.array(shares) * reached[-1])
    return [float(v) for v in value[order][np.minimum(at, value.size - 1)]]


def microsimulate(
    prepared: PreparedRegion, instrument: Instrument, persons: int, seed: int, corridors: Sequence[int] | None = None, workers: int = 2,
    progress: Callable[[str, float], None] | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:  # fmt: skip
    """The long run: ``persons`` shared out evenly over corridors and sexes with a collecting scheme.

    ``corridors`` are positions among the region's corridors, all if left out; ``progress`` is told the corridor and the share done.
    Returns (comparison with the lattice, with a first column ``corridor`` that names the sex too; one row per counted person as of
    :func:`person_gains`, for :func:`distribution`).

    Raises ``ValueError`` when there are fewer persons than corridors and sexes.
    """
    wanted = range(len(prepared.demography.corridors)) if corridors is None else corridors
    jobs = [(k, sex) for k in wanted if any(prepared.countries[int(c)].law.collecting for c in prepared.demography.corridors[k]) for sex in (0, 1)]
    each = persons // max(len(jobs), 1)
    if each < 1:
        raise ValueError(f"{persons} persons cannot be shared out over {len(jobs)} corridors and sexes")
    tables, gains = [], []
    for number, job in enumerate(jobs):
        case = corridor_case(prepared, instrument, *job)
        if progress is not None:
            progress(case.name, number / len(jobs))
        careers = case.simulate(each, seed, workers=workers)
        paid = outcomes(case, careers)
        table = compare_careers(case, careers, paid)
        table.insert(0, "corridor", case.name)
        tables.append(table)
        gains.append(person_gains(case, careers, paid))
    return pd.concat(tables, ignore_index=True), pd.concat(gains, ignore_index=True)
