"""Demographic measures and life tables: what the functions of demography find for the published cases."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from actuarial.basis.dimensions import Array
from actuarial.demography.decrements import lifetime_decrement
from actuarial.demography.graduation import ABRIDGED_AGES
from actuarial.demography.indicators import gross_reproduction_rate, intrinsic_growth_rate, mean_age_at_first_marriage, net_reproduction_rate
from actuarial.demography.life_table import life_table, life_table_from_probabilities
from actuarial.validation.case import Figure, largest


def intrinsic_growth(lived: Sequence[float], maternity: Sequence[float], first_age: float) -> dict[str, Figure]:
    """Growth of a stable population with daughters and person-years of 5-year groups; net reproduction."""
    ages: Array = first_age + 5.0 * np.arange(float(len(lived)))
    return {
        "growth": float(intrinsic_growth_rate(np.array(maternity), np.array(lived), ages)),
        "net reproduction": float(net_reproduction_rate(np.array(maternity), np.array(lived))),
    }


def reproduction(births: Sequence[float], women: Sequence[float], lived: Sequence[float]) -> dict[str, Figure]:
    """Gross and net reproduction from births of girls, women, and person-years of 100,000."""
    rates = np.array(births) / np.array(women)
    return {
        "gross reproduction": float(gross_reproduction_rate(rates, 5.0)),
        "net reproduction": float(net_reproduction_rate(rates, np.array(lived) / 100000.0)),
    }


def lifetime_deaths(survivors: Sequence[float], q: Sequence[float], deaths: Sequence[float], cause: Sequence[float]) -> dict[str, Figure]:
    """Deaths of one cause in a lifetime."""
    return {"deaths": float(lifetime_decrement(*(np.array(column, dtype=np.float64) for column in (survivors, q, deaths, cause))))}


def age_at_marriage(men: Sequence[float], single: Sequence[float]) -> dict[str, Figure]:
    """Singulate mean age at marriage."""
    return {"age": float(mean_age_at_first_marriage(np.array(men), np.array(single)))}


def life_table_identities(seed: int) -> dict[str, Figure]:
    """Largest relative gaps of the identities, on three abridged tables of random rates."""
    rates = np.random.default_rng(seed).uniform(1e-5, 0.3, (3, ABRIDGED_AGES.size))
    gaps = identity_gaps(rates)
    return {name: largest(np.abs(gap)) for name, gap in gaps.items()}


def identity_gaps(rates: Array) -> dict[str, Array]:
    """Relative gaps of the identities of abridged life tables by name; ``rates`` are death rates [table, group]."""
    widths = np.diff(ABRIDGED_AGES)
    a = np.broadcast_to(widths / 2.0, (len(rates), widths.size))
    table = life_table(rates, a, widths, radix=100000.0)
    closed = slice(None, -1)
    m = rates[:, closed]
    return {
        "q from m": table.q[:, closed] / (widths * m / (1.0 + (widths - a) * m)) - 1.0,
        "person-years": table.L[:, closed] / (widths * table.l[:, 1:] + a * table.d[:, closed]) - 1.0,
        "open age": table.L[:, -1] / (table.l[:, -1] / rates[:, -1]) - 1.0,
        "sum of person-years": table.T[:, 0] / table.L.sum(axis=1) - 1.0,
        "expectation": table.e[:, 0] * table.l[:, 0] / table.T[:, 0] - 1.0,
        "deaths": table.d.sum(axis=1) / 100000.0 - 1.0,
        "stationary birth rate": table.l[:, 0] / table.L.sum(axis=1) * table.e[:, 0] - 1.0,
    }


def prost_table(q: Sequence[float], last_rate: float, radix: float) -> dict[str, Figure]:
    """Survivors, stationary population and expectation of life of a table of three ages."""
    table = life_table_from_probabilities(np.array(q), np.array([last_rate]), np.full(len(q), 0.5), np.ones(len(q)), radix=radix)
    return {"survivors": tuple(table.l.tolist()), "person-years": tuple(table.L.tolist()), "expectation": float(table.e[0])}
