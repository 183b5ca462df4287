"""A made-up study whose registers hold lines with the names that chapters on law, instrument, economy and migration look for."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pandas as pd

from actuarial.feasibility.ladder import LADDER
from actuarial.feasibility.result import StudyResult
from tests.reporting.synthetic import KINDS, synthetic_study

SHORT = {"COD": "DR Congo", "TZA": "Tanzania"}
"""Names of countries as the data of the region have them: the length of a page depends on them."""
LAW = (
    ("contributions.employee[1962-01-01]", "0.03", "share of gross pay", "verified", "Law of 1962"),
    ("contributions.employee[2025-01-01]", "0.06", "share of gross pay", "verified", "Order of 2024"),
    ("contributions.employee[2030-01-01]", "0.1", "share of gross pay", "verified", "Order of 2024"),
    ("old_age.qualifying_months", "180", "months", "verified", "Law of 2015, Article 12"),
    ("leaving.refund", "no", "yes or no", "assumed", "own assumption"),
)
ECONOMY = (
    ("inflation, long run", "0.05 (2025: 0.07)", "fraction per year", "assumed", "own assumption"),
    ("real wage growth, long run", "0.025", "fraction per year", "assumed", "own assumption"),
    ("real return, long run", "0.035", "fraction per year", "assumed", "own assumption"),
)
INSTRUMENT = tuple(
    (
        f"instrument: {'' if name == 'administration' else 'provisions.'}{name}.x", "True", "",
        "partial" if name == "equality_of_treatment" else "assumed", "ILO",
    )
    for rung in LADDER
    for name in rung.provisions
    if rung.name != "short_term"
)  # fmt: skip


@cache
def study_with_law() -> StudyResult:
    """The synthetic study with these lines added to every register that collects, and those of the instrument to all."""
    study = synthetic_study()
    schemes = {}
    for country, scheme in study.schemes.items():
        law = [_line(row, f"data/schemes/{country}-x/params.yaml") for row in LAW if KINDS[country] == "defined_benefit"]
        rest = [_line(row, "data/economy/long_run.csv") for row in ECONOMY]
        rest += [_line(row, "scenarios/instruments/x/instrument.yaml") for row in INSTRUMENT]
        listed = pd.concat([scheme.assumptions, pd.DataFrame([*law, *rest])], ignore_index=True)
        schemes[country] = replace(scheme, assumptions=listed, country_name=SHORT.get(country, scheme.country_name))
    return replace(study, schemes=schemes)


def _line(row: tuple[str, ...], file: str) -> dict[str, object]:
    name, value, unit, confidence, source = row
    return {"name": name, "value": value, "unit": unit, "source": source, "year": 2024, "confidence": confidence, "reason": "", "file": file,
            "used": "yes"}  # fmt: skip
