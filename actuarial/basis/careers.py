"""Assumptions on insured careers, read from ``data/labour/careers.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
from pydantic import AfterValidator, Field

from actuarial.basis.dimensions import WORK_AGE_COUNT, WORK_AGE_FIRST, Array
from actuarial.basis.errors import raise_problems
from actuarial.basis.figure import Figure, take_figures
from actuarial.basis.quantities import Multiplier, Share
from actuarial.basis.yaml_file import StrictModel, check, dotted, read_yaml


class _ExitPoint(StrictModel):
    age: Annotated[int, Field(ge=15, le=69)]
    rate: Share


def _ages_rise(points: tuple[_ExitPoint, ...]) -> tuple[_ExitPoint, ...]:
    ages = [point.age for point in points]
    if ages != sorted(set(ages)):
        raise ValueError(f"exit_rate: ages must rise; found {', '.join(map(str, ages))}")
    return points


class _CareersFile(StrictModel):
    exit_rate: Annotated[tuple[_ExitPoint, ...], Field(min_length=1), AfterValidator(_ages_rise)]
    migrant_coverage: Multiplier
    emigrant_cover: Multiplier
    posted_share: Share
    other_pensions_share: Share
    claims_settle_years: Annotated[float, Field(ge=1, le=75)]
    backlog_paid_share: Share


@dataclass(frozen=True)
class CareerBasis:
    """How careers run.

    exit_rate         [row] yearly probability of leaving cover at age 15 + row, given survival
    migrant_coverage  cover of labour migrants relative to residents of the host country
    emigrant_cover    chance that somebody covered emigrates, relative to somebody not covered of the same age and sex
    posted_share      share of labour migrants insured on arrival whom an employer at home has posted
    other_pensions_share  share of survivors' and invalidity pensions in the pensions in payment at the valuation date
    claims_settle_years   years until all account balances due are claimed
    backlog_paid_share    share of unclaimed balances paid out each year
    figures           provenance by name
    migrant_cover_factor  [C, 75] factor on ``migrant_coverage`` by host and projection year; ``None``: 1
    mover_pay         pay of movers abroad relative to residents of the host of the same age and sex, from the first projection year on
    """

    exit_rate: Array
    migrant_coverage: float
    emigrant_cover: float
    posted_share: float
    other_pensions_share: float
    claims_settle_years: float
    backlog_paid_share: float
    figures: tuple[tuple[str, Figure], ...]
    migrant_cover_factor: Array | None = None
    mover_pay: float = 1.0


def load_careers(data_dir: Path) -> CareerBasis:
    """Read the assumptions. Raises :class:`InputError` listing every problem of the file."""
    document, figures, problems = take_figures(
        read_yaml(data_dir / "labour" / "careers.yaml"), tuple(_CareersFile.model_fields)
    )
    file, found = check(document, _CareersFile)
    raise_problems(problems + found)
    assert file is not None
    ages = np.arange(WORK_AGE_FIRST, WORK_AGE_FIRST + WORK_AGE_COUNT)
    rate = np.interp(ages, [p.age for p in file.exit_rate], [p.rate for p in file.exit_rate])
    return CareerBasis(rate, file.migrant_coverage, file.emigrant_cover, file.posted_share, file.other_pensions_share, file.claims_settle_years,
        file.backlog_paid_share, tuple((dotted(at), f) for at, f in figures.items()))
