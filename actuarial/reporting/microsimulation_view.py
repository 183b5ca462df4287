"""The answer of the command ``microsimulate`` as text, JSON and CSV.

The text shows the aggregates of :data:`~actuarial.feasibility.microsimulation_compare.MAIN` for every corridor and sex, or all if asked; JSON and
CSV hold all.
"""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from actuarial.feasibility.microsimulation_check import BEYOND, Check
from actuarial.feasibility.microsimulation_compare import FEW, MAIN, judged
from actuarial.feasibility.microsimulation_third import ThirdStates
from actuarial.reporting.csv_text import neutral_texts

_HEADS = {
    "insured": "insured", "corridor": "corridor", "sex": "sex", "age_at_migration": "age moved", "years_abroad": "years abroad",
    "people": "people", "winners": "gain %", "losers": "lose %", "mean_without": "without USD", "mean_gain": "gain USD",
    "standard_error": "s.e.", "p10": "p10", "median": "median", "p90": "p90",
}  # fmt: skip


def as_text(check: Check, *, every: bool = False, seconds: float | None = None) -> str:
    """Tables for a terminal; ``every`` shows all aggregates, ``seconds`` is the time that simulating and comparing took."""
    parts = [_title(check)]
    for corridor, table in check.comparison.groupby("corridor", sort=False):
        parts.append(_comparison(str(corridor), table if every else table[table["name"].isin(MAIN)]))
    parts.append(_verdict(check, seconds))
    for name, table in check.gains.items():
        parts.append(_gains(name, table))
    return "\n\n".join(parts) + "\n"


def _title(check: Check) -> str:
    return (
        f"Microsimulation against the lattice: {check.persons:,} persons, seed {check.seed}, scenario {check.scenario}, "
        f"instrument {check.instrument}\ncorridors: {', '.join(check.corridors)}"
    )


def _comparison(corridor: str, table: pd.DataFrame) -> str:
    solid = set(judged(table).index)
    lines = [f"{corridor:<44}{'lattice':>14}{'persons':>14}{'s.e.':>12}{'z':>8}"]
    for row in table.itertuples():
        mark = "" if row.Index in solid else "  few persons"
        lines.append(
            f"  {row.name:<42}{_figure(row.lattice):>14}{_figure(row.simulated):>14}{_figure(row.standard_error):>12}{_z(row.z):>8}{mark}"
        )
    return "\n".join(lines)


def _figure(value: Any) -> str:
    """At most five digits before an exponent is used."""
    x = float(value)
    if x == 0.0:
        return "0"
    return f"{x:,.0f}" if 1e3 <= abs(x) < 1e9 else f"{x:.4g}"


def _z(value: Any) -> str:
    return "" if math.isnan(value) else f"{value:+.2f}"


def _verdict(check: Check, seconds: float | None) -> str:
    v = check.verdict
    time = f"Time taken: {seconds:.1f} s.\n" if seconds is not None else ""
    beyond = check.comparison.loc[judged(check.comparison).index]
    beyond = beyond[beyond["z"].abs() >= BEYOND]
    rows = "".join(f"\n    {r.corridor}: {r.name}, z {r.z:+.2f}" for r in beyond.itertuples())
    return (
        f"{time}{v.rows} aggregates rest on {FEW} persons or more. Beyond {BEYOND:g} standard errors: {v.beyond} ({v.beyond / v.rows:.2%}); "
        f"chance expects {v.expected:.1f} ({v.expected / v.rows:.2%}).{rows}\n"
        f"Corridors and sexes with one of them: {v.groups_beyond} of {v.groups}; chance makes up to {v.groups_expected:.1f} "
        f"(probability of so many or more: {v.probability:.2g}).\n"
        f"Largest |z|: {v.largest:.2f}, allowed {v.limit:.2f}. {'The lattice and the persons agree.' if v.agrees else 'THEY DISAGREE.'}"
    )


def _gains(name: str, table: pd.DataFrame) -> str:
    keys = [column for column in table.columns if column in ("insured", "corridor", "sex", "age_at_migration", "years_abroad")]
    who = "everybody" if name == "insured" else "insured people"
    title = f"Gain per person, {who} by {name.replace('_', ' ')} (present value in US dollars of the valuation date, with minus without)"
    widths = [max(18 if key == "corridor" else 12, len(_HEADS[key]) + 2) for key in keys]
    figures = ["people", "winners", "losers", "mean_without", "mean_gain", "standard_error", "p10", "median", "p90"]
    lines = [title, "  " + "".join(f"{_HEADS[k]:<{w}}" for k, w in zip(keys, widths, strict=True)) + "".join(f"{_HEADS[f]:>13}" for f in figures)]
    for row in table.to_dict("records"):
        cells = [f"{row[f]:.1%}" if f in ("winners", "losers") else f"{row[f]:,.1f}" if f != "people" else f"{row[f]:,.0f}" for f in figures]
        lines.append("  " + "".join(f"{row[k]!s:<{w}}" for k, w in zip(keys, widths, strict=True)) + "".join(f"{c:>13}" for c in cells))
    return "\n".join(lines)


def as_json(check: Check, seconds: float | None = None) -> str:
    """The whole answer as a JSON document; what is no number is ``null``."""
    return json.dumps(
        {
            "scenario": check.scenario,
            "instrument": check.instrument,
            "persons": check.persons,
            "seed": check.seed,
            "corridors": list(check.corridors),
            "seconds": seconds,
            "agrees": check.verdict.agrees,
            "verdict": dataclasses.asdict(check.verdict),
            "comparison": _records(check.comparison),
            "gains": {name: _records(table) for name, table in check.gains.items()},
        },
        indent=1,
        ensure_ascii=False,
    )


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    rows = table.astype(object).to_dict("records")
    return [{str(k): None if isinstance(v, float) and not math.isfinite(v) else v for k, v in row.items()} for row in rows]


def write_csv(check: Check, folder: Path) -> list[Path]:
    """Write into ``folder`` ``comparison.csv`` and one ``gains-by-...csv`` per grouping; returns the files."""
    tables = {"comparison": check.comparison}
    tables |= {f"gains-by-{name.replace(' and ', '-').replace('_', '-')}": table for name, table in check.gains.items()}
    files = []
    for name, table in tables.items():
        files.append(folder / f"{name}.csv")
        neutral_texts(table).to_csv(files[-1], index=False, lineterminator="\n")
    return files


def third_text(found: Sequence[ThirdStates], factor: float, seconds: float) -> str:
    """What the treatment of one corridor at a time misses, by origin and sex."""
    heads = ("awarded", "2+ hosts", "national", "one corridor", "all partners", "gain right", "cost, one", "cost, all", "gap", "s.e.", "2+ hosts %")
    lines = [
        f"Careers in three or more states (factor on the chance of such a move: {factor:g}).",
        "Costs: present values in US dollars, with minus without.",
    ]
    for r in found:
        lived, two, three, several = (
            x / total if total else 0.0 for x, total in ((r.lived, r.movers), (r.two, r.reached), (r.three, r.reached), (r.several, r.reached))
        )
        lines.append(
            f"\n{r.origin} {r.sex}: {r.persons:,} persons stand for {r.movers:,.0f} movers; {lived:.2%} of them live in three or more states.\n"
            f"Of {r.reached:,.0f} who reach the last pension age with periods, {two:.2%} have them in two states, {three:.4%} in three or more;\n"
            f"{several:.4%} in two or more hosts, which one corridor cannot hold."
        )
        lines.append(f"  {'scheme':<8}" + "".join(f"{h:>14}" for h in heads))
        for e in r.schemes:
            share = e.cost_several[1] / e.cost[1] if e.cost[1] else 0.0
            figures = [f"{x:,.0f}" for x in (e.awarded, e.several, *e.pensions, e.gainers, *e.cost, e.cost[1] - e.cost[0], e.error)]
            lines.append(f"  {e.country:<8}" + "".join(f"{x:>14}" for x in (*figures, f"{share:.3%}")))
    return "\n".join(lines) + f"\n\nTime taken: {seconds:.1f} s.\n"


def third_json(found: Sequence[ThirdStates], factor: float, seconds: float) -> str:
    """The same as a JSON document."""
    return json.dumps({"factor": factor, "seconds": seconds, "origins": [dataclasses.asdict(r) for r in found]}, indent=1)
