"""Checks on the projection itself: simulated persons, identities of a study, nobody who moves, the same bytes twice.

1. Of few groups chance alone may put every one beyond 3 standard errors; then how many are beyond says nothing, and is no check.
2. The full run reads, projects and prices everything a second time for the same bytes; the quick run prices the same people twice.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from scipy.special import bdtrc

from actuarial.execution.temporary import temporary_folder
from actuarial.feasibility.cashflow import case_flows
from actuarial.feasibility.engine import RegionRun, evaluate
from actuarial.feasibility.ladder import instrument_at
from actuarial.feasibility.microsimulation_check import BEYOND, RARE, Verdict
from actuarial.feasibility.microsimulation_check import Check as Simulated
from actuarial.feasibility.microsimulation_compare import judged
from actuarial.feasibility.result import write_study
from actuarial.feasibility.study import study_of
from actuarial.reporting.manifest import hash_tree
from actuarial.validation.case import Check, Measure, largest, timed
from actuarial.validation.region import Region

Job = tuple[str, Callable[[], list[Check]]]
CHANCE: Final = "the largest of all aggregates passes it by chance in one run of a thousand"
GROUPS: Final = "so many corridors and sexes, or more, chance makes in one run of a thousand"
ROUNDING: Final = "relative gap in double precision"
EXACT: Final = "nothing may differ"
SAME_STUDY: Final = "a study is read, projected, priced and written twice"
SAME_PEOPLE: Final = "the same people are priced and written twice"


def simulation_jobs(region: Region) -> list[Job]:
    """Simulated persons against expected numbers."""
    return [("lattice against simulated persons", lambda: timed(lambda: simulation_checks(region.simulated)))]


def simulation_checks(answer: Simulated) -> list[Check]:
    """Largest z of each corridor and sex, and how many of them have one beyond 3 where that can fail (module rule 1)."""
    verdict, rows = answer.verdict, judged(answer.comparison)
    source = f"{answer.persons:,} persons simulated one by one, seed {answer.seed}"
    found = [
        Check(
            f"PERSONS-{name}/largest z", "microsimulation", f"{len(own)} aggregates of {name}", "independent implementation", "derived", source, 0.0,
            float(own["z"].iloc[int(own["z"].abs().to_numpy().argmax())]), float(own["z"].iloc[int(own["z"].abs().to_numpy().argmax())]),
            "standard errors", verdict.limit, CHANCE,
        )
        for name, own in rows.groupby("corridor", sort=False)
    ]  # fmt: skip
    most = most_groups(verdict)
    if most >= verdict.groups:
        return found
    what = f"corridors and sexes, of {verdict.groups}, with an aggregate beyond {BEYOND:.0f} standard errors"
    beyond = float(verdict.groups_beyond)
    return [*found, Check("PERSONS/groups beyond 3", "microsimulation", what, "independent implementation", "derived", source, 0.0, beyond, beyond,
                          "groups", float(most), GROUPS)]  # fmt: skip


def most_groups(verdict: Verdict) -> int:
    """Largest number of groups with a row beyond that chance makes at least once in a thousand runs."""
    chance = verdict.groups_expected / verdict.groups
    likely = [k for k in range(1, verdict.groups + 1) if bdtrc(k - 1, verdict.groups, min(1.0, chance)) >= RARE]
    return max(likely, default=0)


def identity_jobs(region: Region) -> list[Job]:
    """What must hold in every study."""
    return [
        ("identities of the study", lambda: timed(lambda: study_checks(region))),
        ("nobody moves", lambda: timed(lambda: [nobody_moves(region)])),
        ("an instrument that does nothing", lambda: timed(lambda: [nothing_changes(region)])),
        ("the same bytes twice", lambda: timed(lambda: [same_bytes(region)])),
    ]


def study_checks(region: Region) -> list[Check]:
    """The identities that the engine asserts: people, moves, reserves, balances, residence, ladder, Shapley values."""
    table = region.study.checks
    return [
        Check(f"STUDY/{name}", "identities", name, "identity", "derived", "the study itself", 0.0, gap, gap, "relative", tolerance, ROUNDING)
        for name, gap, tolerance in zip(table["name"].astype(str), table["value"].to_list(), table["tolerance"].to_list(), strict=True)
    ]


def nobody_moves(region: Region) -> Check:
    """Without movers the instrument costs nothing but what it costs to set up: benefits and contributions are the same."""
    gap = _largest_change(region.without_movers)
    return _exact("ZERO/nobody moves", "benefits and contributions with less without the instrument when nobody moves", gap)


def nothing_changes(region: Region) -> Check:
    """An instrument whose legal steps are all switched off changes nothing."""
    run = evaluate(region.prepared, [instrument_at(region.instrument, ())])[0]
    return _exact("ZERO/no legal step", "benefits and contributions with less without an instrument whose steps are all off", _largest_change(run))


def _largest_change(run: RegionRun) -> float:
    cases = [case_flows(run, c) for c in range(len(run.countries))]
    pairs = [pair for one, other in cases for pair in ((one.benefits, other.benefits), (one.contributions, other.contributions))]
    return largest([largest(np.abs(other - one)) for one, other in pairs])


def same_bytes(region: Region) -> Check:
    """The study computed again and written again: how many of its files differ (module rule 2)."""
    prepared, what = (Region(region.root, full=True).prepared, SAME_STUDY) if region.full else (region.prepared, SAME_PEOPLE)
    with temporary_folder("twice") as folder:
        first, second = folder / "first", folder / "second"
        write_study(study_of(region.run), first)
        write_study(study_of(evaluate(prepared, [region.instrument])[0]), second)
        one, other = hash_tree(first, first), hash_tree(second, second)
    differ = float(len({name for name in one | other if one.get(name) != other.get(name)}))
    return _exact("SAME/study", f"files, of {len(one)}, that differ when {what}", differ, "files")


def _exact(check_id: str, what: str, found: float, measure: Measure = "absolute") -> Check:
    return Check(check_id, "identities", what, "identity", "derived", "the study itself", 0.0, found, found, measure, 0.0, EXACT)
