"""Checks on the projection itself: simulated persons, identities of a study, nobody who moves, the same bytes twice."""

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
from actuarial.validation.case import Check, timed
from actuarial.validation.region import Region

Job = tuple[str, Callable[[], list[Check]]]
CHANCE: Final = "the largest of all aggregates passes it by chance in one run of a thousand"
GROUPS: Final = "so many corridors and sexes, or more, chance makes in one run of a thousand"
ROUNDING: Final = "relative gap in double precision"
EXACT: Final = "nothing may differ"


def simulation_jobs(region: Region) -> list[Job]:
    """Simulated persons against expected numbers."""
    return [("lattice against simulated persons", lambda: timed(lambda: simulation_checks(region.simulated)))]


def simulation_checks(answer: Simulated) -> list[Check]:
    """Largest z of each corridor and sex, and how many of them have one beyond 3."""
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
    what = f"corridors and sexes, of {verdict.groups}, with an aggregate beyond {BEYOND:.0f} standard errors"
    beyond = float(verdict.groups_beyond)
    return [*found, Check("PERSONS/groups beyond 3", "microsimulation", what, "independent implementation", "derived", source, 0.0, beyond, beyond,
                          "absolute", float(most_groups(verdict)), GROUPS)]  # fmt: skip


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
    worst = 0.0
    for c in range(len(run.countries)):
        without, with_ = case_flows(run, c)
        for one, other in ((without.benefits, with_.benefits), (without.contributions, with_.contributions)):
            worst = max(worst, float(np.abs(other - one).max()))
    return worst


def same_bytes(region: Region) -> Check:
    """The study evaluated again and written again: how many of its files differ."""
    with temporary_folder("twice") as folder:
        first, second = folder / "first", folder / "second"
        write_study(study_of(region.run), first)
        write_study(study_of(evaluate(region.prepared, [region.instrument])[0]), second)
        one, other = hash_tree(first, first), hash_tree(second, second)
    differ = float(len({name for name in one | other if one.get(name) != other.get(name)}))
    return _exact("SAME/study", f"files, of {len(one)}, that differ when a study is computed and written twice", differ)


def _exact(check_id: str, what: str, found: float) -> Check:
    return Check(check_id, "identities", what, "identity", "derived", "the study itself", 0.0, found, found, "absolute", 0.0, EXACT)
