"""Table of the 56 corridors in docs/migration.md.

1. Stocks are those of 1 July of the last matrix year; flows are first moves, returns and repeated moves of the last
   year before the projection.
2. ``python -m actuarial.demography.corridor_table`` writes the table between the two markers of the page; everything
   else on the page is written by hand.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from actuarial.basis.dimensions import VALUATION_YEAR, year_index
from actuarial.basis.errors import InputError, shown
from actuarial.basis.migration import MigrationBasis, MigrationLevers, load_migration
from actuarial.basis.population import load_population
from actuarial.basis.region import load_region
from actuarial.demography.corridors import DemographicProjection, project_region

BEGIN = "<!-- corridors: begin -->"
END = "<!-- corridors: end -->"
HEADER = (
    "origin → host",
    "stock 2024",
    "labour share",
    "labour stock",
    "others",
    "moves/yr",
    "returns/yr",
    "again/yr",
    "stay (yr)",
    "largest extra return",
    "stock",
    "labour share is",
)


def corridor_rows(basis: MigrationBasis, projection: DemographicProjection) -> list[list[str]]:
    """One row per corridor, largest labour stock first, and the sum of the region; columns as in ``HEADER``."""
    origin, host = projection.corridors.T
    t, last = year_index(VALUATION_YEAR), year_index(basis.matrix_years[-1])
    labour = 0.5 * projection.movers_abroad[..., last : last + 2].sum(axis=(1, 2, 3))
    others = projection.refugees[..., last].sum(axis=(1, 2))
    moves = projection.labour_outflow[..., t].sum(axis=(1, 2))
    abroad, home = projection.movers_abroad[..., t], projection.movers_home[..., t]
    returns = (abroad * projection.survival[host, ..., t] * projection.return_rate[..., t]).sum(axis=(1, 2))
    again = (home * projection.survival[origin, ..., t] * projection.remigration_rate[..., t]).sum(axis=(1, 2))
    extra = projection.estimate.extra_return.max(axis=(1, 2))
    reported = np.isfinite(basis.stocks[:, :, -1].sum(axis=1))
    rows = [
        [
            " → ".join(basis.corridors[k]),
            _persons(labour[k] + others[k]),
            f"{labour[k] / (labour[k] + others[k]):.2f}",
            *(_persons(figures[k]) for figures in (labour, others, moves, returns, again)),
            f"{basis.mean_stay[k]:g}",
            f"{extra[k]:.2f}" if extra[k] > 0.005 else "",
            "reported" if reported[k] else "imputed",
            basis.confidence[k],
        ]
        for k in np.argsort(-labour, kind="stable").tolist()
    ]
    sums = [figures.sum() for figures in (labour, others, moves, returns, again)]
    share = f"{sums[0] / (sums[0] + sums[1]):.2f}"
    rows.append(["region", _persons(sums[0] + sums[1]), share, *map(_persons, sums), "", "", "", ""])
    return rows


def _persons(value: float) -> str:
    """Persons rounded to tens, ties to even tens; the last digits of a floating sum do not decide a tie.

    >>> _persons(274655.0), _persons(26345.0 + 1e-10)
    ('274,660', '26,340')
    """
    return f"{10 * round(round(value / 10, 6)):,}"


def with_table(page: str, rows: Sequence[Sequence[str]], name: str) -> str:
    """Page text with the table between the markers renewed. Raises ``InputError`` when a marker is missing."""
    if page.count(BEGIN) != 1 or page.count(END) != 1 or page.index(BEGIN) > page.index(END):
        raise InputError(f"{name}: the markers {BEGIN} and {END} must stand there once each, in this order")
    line = "| --- |" + " ---: |" * 9 + " --- | --- |"
    table = ["| " + " | ".join(HEADER) + " |", line, *("| " + " | ".join(row) + " |" for row in rows)]
    return page[: page.index(BEGIN) + len(BEGIN)] + "\n" + "\n".join(table) + "\n" + page[page.index(END) :]


def main(arguments: Sequence[str]) -> None:
    """Renew the table; the only argument, the repository folder, is the working directory when left out."""
    root = Path(arguments[0]) if arguments else Path.cwd()
    members = load_region(root / "data").members
    basis = load_migration(root / "data", members)
    neutral = MigrationLevers.neutral(len(basis.corridors))
    projection = project_region(load_population(root / "data", members), basis, neutral)
    page = root / "docs" / "migration.md"
    if not page.exists():
        raise InputError(f"{shown(page)}: the page is missing; its text is written by hand")
    text = with_table(page.read_text(encoding="utf-8"), corridor_rows(basis, projection), shown(page))
    page.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
