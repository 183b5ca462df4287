"""Counts of a scheme's own people by age and sex, where the institution has given them.

1. Two tables may stand in a scheme folder. ``members.csv``: contributors at the valuation date and their average insured pay a month, by sex and
   single age from 15 without a gap. ``pensioners.csv``: pensions in payment at the valuation date and their average a month, by sex and single age
   from 40 to 100 (100 and over).
2. They say how the totals of the base year spread over age and sex; the totals themselves stand in ``params.yaml``, and the level of pay follows from
   the contributions. Without a table the spread is the model's own, from the labour force and the population above pension age.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from actuarial.basis.dimensions import AGE_COUNT, OPEN_AGE, SEXES, WORK_AGE_FIRST, WORK_AGE_LAST, Array
from actuarial.basis.errors import Gathered, Problem, shown
from actuarial.basis.plausible import bounds
from actuarial.basis.table import POSITIVE, Column, to_array
from actuarial.basis.table_keys import Axes, checked_table, key_problems

MEMBERS: Final = "members.csv"
PENSIONERS: Final = "pensioners.csv"
FIRST_PENSION_AGE: Final = 40
"""Youngest age of pensions in payment that a table may give."""


@dataclass(frozen=True)
class SchemePeople:
    """How a scheme's people spread over [sex, age]; ``None`` where there is no table.

    contributors   persons;  earnings   pay relative to the mean of all contributors, edges held
    pensioners     share of the pensions in payment;  pensions   share of their amount
    """

    contributors: Array | None = None
    earnings: Array | None = None
    pensioners: Array | None = None
    pensions: Array | None = None


def load_people(folder: Path) -> SchemePeople:
    """Read what tables there are in a scheme folder. Raises :class:`InputError` for gaps, negative figures and tables without anybody."""
    gathered = Gathered()
    members = gathered.read(_members, folder / MEMBERS) if (folder / MEMBERS).is_file() else (None, None)
    pensioners = gathered.read(_pensioners, folder / PENSIONERS) if (folder / PENSIONERS).is_file() else (None, None)
    gathered.check()
    return SchemePeople(*members, *pensioners)


def _members(path: Path) -> tuple[Array, Array]:
    age = Column("integer", WORK_AGE_FIRST, WORK_AGE_LAST)
    columns = {"sex": Column("text", allowed=SEXES), "age": age, "contributors": POSITIVE, "earnings": POSITIVE}

    def axes(table: pd.DataFrame) -> Axes:
        known = table["age"][table["age"].between(WORK_AGE_FIRST, WORK_AGE_LAST)]
        return {"sex": SEXES, "age": range(WORK_AGE_FIRST, int(known.max()) + 1 if len(known) else WORK_AGE_FIRST + 1)}

    def anybody(table: pd.DataFrame) -> Iterator[Problem]:
        yield from bounds(table[table["earnings"] == 0], path, "earnings", 0.0, above=True)
        if not (table["contributors"] > 0).any():
            yield Problem(shown(path), 0, "contributors", "must not be 0 at every age")

    table = checked_table(path, columns, lambda t: key_problems(t, axes(t), path, "contributors"), anybody)
    ages = axes(table)["age"]
    assert isinstance(ages, range)
    people, pay = np.zeros((len(SEXES), AGE_COUNT)), np.zeros((len(SEXES), AGE_COUNT))
    people[:, ages.start : ages.stop] = to_array(table, "contributors", axes(table), path)
    pay[:, ages.start : ages.stop] = to_array(table, "earnings", axes(table), path)
    pay[:, : ages.start], pay[:, ages.stop :] = pay[:, [ages.start]], pay[:, [ages.stop - 1]]
    return people, pay / float((people * pay).sum() / people.sum())


def _pensioners(path: Path) -> tuple[Array, Array]:
    age = Column("integer", FIRST_PENSION_AGE, OPEN_AGE)
    columns = {"sex": Column("text", allowed=SEXES), "age": age, "pensioners": POSITIVE, "average_pension": POSITIVE}
    axes = {"sex": SEXES, "age": range(FIRST_PENSION_AGE, OPEN_AGE + 1)}

    def anybody(table: pd.DataFrame) -> Iterator[Problem]:
        if not (table["pensioners"] * table["average_pension"] > 0).any():
            yield Problem(shown(path), 0, "average_pension", "there must be a pensioner with a pension at some age")

    table = checked_table(path, columns, lambda t: key_problems(t, axes, path, "pensioners"), anybody)
    people, pay = np.zeros((len(SEXES), AGE_COUNT)), np.zeros((len(SEXES), AGE_COUNT))
    people[:, FIRST_PENSION_AGE:] = to_array(table, "pensioners", axes, path)
    pay[:, FIRST_PENSION_AGE:] = to_array(table, "average_pension", axes, path)
    amount = people * pay
    return people / people.sum(), amount / amount.sum()
