"""Whether simulated persons and the lattice agree, all rows together, and the whole answer of the command ``microsimulate``.

1. One row in 370 lies beyond 3 standard errors by chance. Rows of one corridor and sex rest on the same persons and move together, so chance is not
   asked row by row: each corridor and sex with n rows has a row beyond with probability n x 0.0027 at most, whatever the dependence, and corridors
   and sexes are independent draws.
2. Two findings say that they disagree, each of which chance alone makes in one run of a thousand at most: more corridors and sexes with a row beyond
   3 standard errors than that allows; a row beyond the limit that the largest of all rows passes so rarely (Bonferroni).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd
from scipy.special import bdtrc, ndtr, ndtri

from actuarial.basis.instrument import Instrument
from actuarial.feasibility.engine import PreparedRegion
from actuarial.feasibility.microsimulation_compare import judged
from actuarial.feasibility.microsimulation_gains import distribution, microsimulate
from actuarial.feasibility.microsimulation_region import corridor_names

BEYOND = 3.0
RARE = 0.001
"""Probability of a false alarm of each of the two findings."""
CHANCE = 2.0 * float(ndtr(-BEYOND))


@dataclass(frozen=True)
class Verdict:
    """Rows beyond 3 standard errors and what chance expects.

    rows, beyond          rows judged, and those of them beyond 3 standard errors;  expected: how many chance puts there
    groups, groups_beyond corridors and sexes, and those with a row beyond;  groups_expected: how many chance makes at most, on average
    probability           of so many groups or more, at most
    largest, limit        largest z in absolute value, and the limit that it may not pass
    """

    rows: int
    beyond: int
    expected: float
    groups: int
    groups_beyond: int
    groups_expected: float
    probability: float
    largest: float
    limit: float

    @property
    def agrees(self) -> bool:
        """Whether neither finding says that lattice and persons disagree."""
        return self.largest <= self.limit and self.probability >= RARE


def verdict(table: pd.DataFrame) -> Verdict:
    """Judge a table of :func:`~actuarial.feasibility.microsimulation_gains.microsimulate`.

    Raises ``ValueError`` when no row rests on enough persons.
    """
    rows = judged(table)
    if rows.empty:
        raise ValueError("no aggregate rests on enough persons to be judged")
    size = rows["z"].abs()
    by_group = rows.assign(beyond=size >= BEYOND).groupby("corridor")["beyond"].agg(["size", "any"])
    groups, found = len(by_group), int(by_group["any"].sum())
    # The chance of the group with most rows, for all of them.
    chance = min(1.0, float(by_group["size"].max()) * CHANCE)
    probability = 1.0 if found == 0 else float(bdtrc(found - 1, groups, chance))
    limit = -float(ndtri(0.5 * RARE / len(rows)))
    return Verdict(
        len(rows), int((size >= BEYOND).sum()), len(rows) * CHANCE, groups, found, groups * chance, probability, float(size.max()), limit
    )


@dataclass(frozen=True)
class Check:
    """The answer of the command: comparison (all rows), what it says, and the distribution of gains.

    Gains are of everybody by whether ever insured, then of the insured by groups.
    ``scenario``, ``instrument``, ``persons`` (simulated), ``seed`` and ``corridors`` say of what.
    """

    scenario: str
    instrument: str
    persons: int
    seed: int
    corridors: tuple[str, ...]
    comparison: pd.DataFrame
    verdict: Verdict
    gains: dict[str, pd.DataFrame]


GROUPINGS: tuple[tuple[str, ...], ...] = (
    ("corridor",), ("sex",), ("age_at_migration",), ("years_abroad",), ("sex", "age_at_migration", "years_abroad"),
)  # fmt: skip


def check(
    prepared: PreparedRegion, instrument: Instrument, persons: int, seed: int, corridors: Sequence[int],
    progress: Callable[[str, float], None] | None = None, workers: int = 2,
) -> Check:  # fmt: skip
    """Simulate ``persons`` over the corridors (positions), compare them with the lattice and say who gains."""
    names = corridor_names(prepared)
    table, gains = microsimulate(prepared, instrument, persons, seed, corridors, workers, progress)
    insured = gains[gains["insured"]]
    groups = {"insured": distribution(gains, ("insured",)), **{" and ".join(by): distribution(insured, by) for by in GROUPINGS}}
    return Check(prepared.scenario.name, instrument.id, persons, seed, tuple(names[k] for k in corridors), table, verdict(table), groups)
