"""Migration basis: migrant stocks by corridor, their age patterns, and what no source gives.

1. A corridor is an ordered pair (origin, host); corridors go origin by origin in member order, [K] = C (C - 1) of
   them.
2. Stocks are persons born in the origin who live in the host at 1 July of a matrix year (UN DESA's definition).
3. The labour share splits a stock into labour movers (with their families) and others: refugees, asylum seekers,
   naturalised refugees and people born in exile. The source has no such numbers; the split is an assumption.
4. Everything is checked here, once: gaps, text, unknown names and impossible figures raise ``InputError``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from actuarial.basis.dimensions import AGE_COUNT, HORIZON, SEXES, Array, IntArray
from actuarial.basis.errors import Gathered, InputError
from actuarial.basis.migration_tables import (
    FOLLOWS_MATRIX,
    MATRIX_YEARS,
    age_factors,
    corridor_table,
    schedules,
    single_figures,
    stock_ages,
    stocks,
)

__all__ = ["MATRIX_YEARS", "MigrationAssumptions", "MigrationBasis", "MigrationLevers", "load_assumptions", "load_migration"]


@dataclass(frozen=True)
class MigrationAssumptions:
    """Single figures that no source gives; meaning and reason stand in ``assumptions.csv``."""

    remigration_hazard: float
    largest_child_share: float
    lowest_gross_share: float
    largest_labour_share: float
    imputed_male_share: float
    past_arrivals_growth: float


@dataclass(frozen=True)
class MigrationBasis:
    """What is known and assumed about movement between the states named in ``countries`` (C); K corridors."""

    countries: tuple[str, ...]
    corridors: tuple[tuple[str, str], ...]
    corridor_index: IntArray
    """Positions of origin and host on the country axis [K, 2]."""
    matrix_years: tuple[int, ...]
    stocks: Array
    """Published stocks at 1 July [K, 2, 8], persons; NaN where not reported or unusable."""
    labour_share: Array
    """Share of labour movers in the stock of the last matrix year [K]."""
    follows_matrix: tuple[bool, ...]
    """Whether earlier labour stocks follow the matrix [K]; else they follow the populations."""
    neighbours: tuple[bool, ...]
    """Whether the two states share a border or a lake [K]."""
    gravity_factor: Array
    """Multiplier of the regional median propensity where a corridor has no figure at all [K]."""
    mean_stay: Array
    """Years: inverse of the return hazard where the age factor is 1 [K]."""
    schedules: Array
    """Rogers-Castro parameters of arrivals by host [C, 2, 7], in the order of ``SCHEDULE_PARAMETERS``; any level."""
    stock_age: Array
    """Age distribution of the published stock at the host, summing to 1 over ages [C, 2, 101, 8]."""
    return_factor: Array
    """Return hazard by age relative to 1 / mean stay [101]."""
    remigration_factor: Array
    """Hazard of going again by age relative to the remigration hazard [101]."""
    assumptions: MigrationAssumptions
    confidence: tuple[str, ...]
    """Confidence in the labour share of a corridor [K]."""
    reasons: tuple[str, ...]
    """Reason of the labour share and of the stay [K]."""

    @property
    def return_rate(self) -> Array:
        """Probability that a surviving mover abroad is back in the origin a year later, no lever [K, 2, 101].

        ``r(x) = 1 - exp(-factor(x) / mean stay)``.
        """
        rate = 1.0 - np.exp(-self.return_factor[np.newaxis, :] / self.mean_stay[:, np.newaxis])
        return np.repeat(rate[:, np.newaxis, :], len(SEXES), axis=1)

    @property
    def remigration_rate(self) -> Array:
        """Probability that a surviving returned mover has gone again a year later [K, 2, 101]."""
        rate = 1.0 - np.exp(-self.remigration_factor * self.assumptions.remigration_hazard)
        return np.broadcast_to(rate, (len(self.corridors), len(SEXES), AGE_COUNT)).copy()


@dataclass(frozen=True)
class MigrationLevers:
    """What a scenario changes in the flows between the states from the first projection year on; plain numbers.

    ``outflow_multiplier``, ``return_multiplier`` (of the hazard) and ``shock_return_share`` are [K, 75];
    ``stock_multiplier`` scales everybody who moved before the valuation date. By year and for all corridors: ``sex_multiplier`` [2, 75] on the
    outflow of men and women, ``women_towards_men`` [75] share of the distance to men's propensity that women go where they move less, and
    ``refugees_joined`` [75] share of refugees of working age who have become movers by the end of the year.
    """

    outflow_multiplier: Array
    return_multiplier: Array
    shock_return_share: Array
    stock_multiplier: float = 1.0
    sex_multiplier: Array = field(default_factory=lambda: np.ones((len(SEXES), HORIZON)))
    women_towards_men: Array = field(default_factory=lambda: np.zeros(HORIZON))
    refugees_joined: Array = field(default_factory=lambda: np.zeros(HORIZON))

    def __post_init__(self) -> None:
        """Refuse negative or endless levers and shares outside 0..1."""
        for name in ("outflow_multiplier", "return_multiplier", "shock_return_share"):
            values = getattr(self, name)
            if values.ndim != 2 or values.shape != self.outflow_multiplier.shape or values.shape[1] != HORIZON:
                raise InputError(f"migration lever {name}: shape {values.shape}, needed (corridors, {HORIZON})")
            if not np.isfinite(values).all() or (values < 0).any():
                raise InputError(
                    f"migration lever {name}: found {np.min(values)}, allowed are finite numbers, 0 or more"
                )
        if (self.shock_return_share > 1).any():
            raise InputError(
                f"migration lever shock_return_share: found {self.shock_return_share.max()}, allowed is 0 to 1"
            )
        for name, shape, most in (
            ("sex_multiplier", (len(SEXES), HORIZON), np.inf), ("women_towards_men", (HORIZON,), 1.0), ("refugees_joined", (HORIZON,), 1.0)
        ):  # fmt: skip
            values = getattr(self, name)
            if values.shape != shape:
                raise InputError(f"migration lever {name}: shape {values.shape}, needed {shape}")
            if not np.isfinite(values).all() or (values < 0).any() or (values > most).any():
                raise InputError(f"migration lever {name}: found {values.min()} to {values.max()}, allowed is 0 to {most:g}")
        if not np.isfinite(self.stock_multiplier) or self.stock_multiplier < 0:
            raise InputError(f"migration lever stock_multiplier: found {self.stock_multiplier}, allowed is 0 or more")

    @classmethod
    def neutral(cls, corridor_count: int) -> MigrationLevers:
        """Levers that change nothing."""
        ones = np.ones((corridor_count, HORIZON))
        return cls(ones, ones.copy(), np.zeros((corridor_count, HORIZON)))


def load_migration(data_dir: Path, countries: Sequence[str]) -> MigrationBasis:
    """Read ``data_dir``/migration for the ``countries`` (ISO 3166 alpha-3, in the order of the country axis).

    Raises one :class:`InputError` with everything wrong in all its tables: file, line and field, what was found and what is allowed.
    """
    folder = data_dir / "migration"
    states = tuple(countries)
    corridors = tuple((o, h) for o in states for h in states if o != h)
    index = np.array([[states.index(o), states.index(h)] for o, h in corridors], dtype=np.int64).reshape(-1, 2)
    gathered = Gathered()
    table = gathered.read(corridor_table, folder / "corridors.csv", corridors)
    leave_again = gathered.read(age_factors, folder / "age_factors.csv")
    published = gathered.read(stocks, folder / "stocks.csv", corridors)
    arrivals = gathered.read(schedules, folder / "age_schedules.csv", states)
    ages = gathered.read(stock_ages, folder / "stock_age.csv", states)
    assumptions = gathered.read(load_assumptions, folder / "assumptions.csv")
    gathered.check()
    return MigrationBasis(
        countries=states,
        corridors=corridors,
        corridor_index=index,
        matrix_years=MATRIX_YEARS,
        stocks=published,
        labour_share=table["labour_share"].to_numpy(np.float64),
        follows_matrix=tuple(word == FOLLOWS_MATRIX for word in table["history"]),
        neighbours=tuple(word == "1" for word in table["neighbours"]),
        gravity_factor=table["gravity_factor"].to_numpy(np.float64),
        mean_stay=table["mean_stay_years"].to_numpy(np.float64),
        schedules=arrivals,
        stock_age=ages,
        return_factor=leave_again[0],
        remigration_factor=leave_again[1],
        assumptions=assumptions,
        confidence=tuple(str(word) for word in table["confidence"]),
        reasons=tuple(str(text) for text in table["reason"]),
    )


def load_assumptions(path: Path) -> MigrationAssumptions:
    """Read the single assumed figures; every name exactly once. Raises ``InputError``."""
    return MigrationAssumptions(**single_figures(path, tuple(MigrationAssumptions.__dataclass_fields__)))
