"""Headline results of a scenario, kept beside it as ``X.expected.csv`` so that a change in results shows in review.

``python -m actuarial.feasibility.expected scenarios/base.yaml ...`` runs each scenario with the shipped instrument and writes its file anew.
A test compares what the engine gives now with what stands there; whoever moves a number writes the reason into the changelog.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from actuarial.basis.instrument import load_instrument
from actuarial.basis.scenario import load_scenario
from actuarial.feasibility.result import SchemeResult, StudyResult
from actuarial.feasibility.study import run_study

INSTRUMENT: Final = "eac-directive"
TOLERANCE: Final = 1e-6
"""Relative. The difference of the two cases may be off by a hundred-thousandth of that share of the cases themselves."""
INDICATORS: Final = ("payg_2026", "payg_2050", "payg_2100", "gap_75", "exhaustion_year", "pv_net_cost_share_of_earnings")
COLUMNS: Final = ["country", "result", "unit", "without", "with", "difference"]
_VALUES: Final = ("without", "with", "difference")
_EXTRA_YEAR: Final = 2050


def expected_file(scenario_file: Path) -> Path:
    """File beside a scenario that holds its headline results."""
    return scenario_file.with_name(f"{scenario_file.stem}.expected.csv")


def headline_results(study: StudyResult) -> pd.DataFrame:
    """Headline results of every country: :data:`INDICATORS`, pensioners of 2050 and movers of 2026, one row per country and result."""
    return pd.DataFrame([row for country, scheme in study.schemes.items() for row in _headlines(country, scheme)], columns=COLUMNS)


def _headlines(country: str, scheme: SchemeResult) -> list[list[object]]:
    indicators = scheme.indicators.set_index("indicator").to_dict("index")
    rows: list[list[object]] = [[country, name, *(indicators[name][column] for column in ("unit", *_VALUES))] for name in INDICATORS]
    year = scheme.yearly[scheme.yearly["year"] == _EXTRA_YEAR].set_index("case")["pensioners"]
    without, with_ = float(year["without"]), float(year["with"])
    rows.append([country, f"pensioners_{_EXTRA_YEAR}", "persons", without, with_, with_ - without])
    for role, name in (("origin", "movers_abroad_2026"), ("host", "movers_hosted_2026")):
        movers = float(scheme.corridors.loc[scheme.corridors["role"] == role, "movers_2026"].sum())
        rows.append([country, name, "persons", movers, movers, 0.0])
    return rows


def write_expected(results: pd.DataFrame, path: Path) -> None:
    """Write headline results, twelve significant digits, nothing where there is no value."""
    results.to_csv(path, index=False, float_format="%.12g", lineterminator="\n", encoding="utf-8")


def read_expected(path: Path) -> pd.DataFrame:
    """Read what :func:`write_expected` wrote. Raises ``FileNotFoundError``."""
    return pd.read_csv(path, keep_default_na=False, na_values=[""], encoding="utf-8")


def moved(expected: pd.DataFrame, found: pd.DataFrame) -> list[str]:
    """One sentence for every headline result that differs by more than :data:`TOLERANCE`, or stands on one side only."""
    left = expected.set_index(["country", "result"])
    right = found.set_index(["country", "result"])
    sentences = [f"{' '.join(key)}: only in the expected results" for key in left.index.difference(right.index)]
    sentences += [f"{' '.join(key)}: not in the expected results" for key in right.index.difference(left.index)]
    for key in left.index.intersection(right.index):
        scale = max((abs(float(right.loc[key, v])) for v in ("without", "with") if not math.isnan(float(right.loc[key, v]))), default=0.0)
        for value in _VALUES:
            a, b = float(left.loc[key, value]), float(right.loc[key, value])
            room = TOLERANCE * max(abs(a), abs(b)) + (TOLERANCE * 1e-5 * scale if value == "difference" else 0.0)
            if not (math.isnan(a) and math.isnan(b)) and not abs(a - b) <= room:
                sentences.append(f"{' '.join(key)} {value}: expected {a:.10g}, found {b:.10g}")
    return sentences


def main(arguments: Sequence[str]) -> None:
    """Run the scenarios named by their files, with the data beside their folder, and write the expected results of each."""
    for name in arguments:
        path = Path(name)
        folder = path.resolve().parent
        study = run_study(folder.parent / "data", load_scenario(path.stem, folder), load_instrument(INSTRUMENT, folder), steps=False)
        write_expected(headline_results(study), expected_file(path))
        sys.stdout.write(f"{expected_file(path).as_posix()}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
