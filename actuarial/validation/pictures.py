"""Tables and drawings of a run of all checks, for the notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from actuarial.feasibility.microsimulation_compare import judged
from actuarial.reporting.validation_record import SUBJECTS
from actuarial.validation.plan import Run

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from actuarial.feasibility.microsimulation_check import Check as Simulated

LEAST = 1e-18
"""Differences below it, zero included, are drawn here."""


def figures(run: Run) -> pd.DataFrame:
    """Every figure: id, subject, what, expected, found, difference, tolerance, measure, passed, source, reason, seconds, date."""
    columns = ("id", "subject", "what", "expected", "found", "difference", "tolerance", "measure", "passed", "source", "reason", "seconds", "date")
    return pd.DataFrame([[getattr(check, name) for name in columns] for check in run.checks], columns=list(columns))


def subjects(run: Run) -> pd.DataFrame:
    """One row for each subject: cases, figures, passed, failed, not run, seconds."""
    missing = [m.subject for m in run.not_run]
    rows = []
    for subject in SUBJECTS:
        own = run.of(subject)
        passed = sum(check.passed for check in own)
        seconds = sum(check.seconds for check in own)
        rows.append((subject, len({check.case for check in own}), len(own), passed, len(own) - passed, missing.count(subject), round(seconds, 1)))
    return pd.DataFrame(rows, columns=["subject", "cases", "figures", "passed", "failed", "not run", "seconds"]).set_index("subject")


def draw_gaps(axes: Axes, run: Run) -> None:
    """Difference against tolerance of every figure on logarithmic scales; what lies on or below the line passes."""
    for subject in SUBJECTS:
        own = [check for check in run.of(subject) if check.tolerance > 0.0]
        if own:
            axes.scatter([c.tolerance for c in own], [max(abs(c.difference), LEAST) for c in own], s=14, alpha=0.7, label=subject)
    ends = np.array([1e-13, 10.0])
    axes.plot(ends, ends, color="black", linewidth=1)
    axes.set(xscale="log", yscale="log", xlabel="tolerance", ylabel=f"difference (below {LEAST:g}: drawn there)")
    axes.legend(fontsize="x-small", ncols=2, loc="upper left")


def population_gaps(run: Run) -> pd.DataFrame:
    """Largest gaps to the published population in per cent, a row for each state, and the tolerances in the first row."""
    own = run.of("population")
    state = [check.case.removeprefix("WPP-") for check in own]
    measure = [check.id.split("/")[1] for check in own]
    table = pd.DataFrame({"state": state, "measure": measure, "gap": [100.0 * c.difference for c in own]})
    wide = table.pivot_table(index="state", columns="measure", values="gap")[list(dict.fromkeys(measure))]
    allowed = pd.DataFrame([{name: 100.0 * check.tolerance for name, check in zip(measure, own, strict=True)}], index=["allowed"])
    return pd.concat([allowed, wide])


def draw_population(axes: Axes, run: Run) -> None:
    """Gaps of each state as a share of what is allowed."""
    table = population_gaps(run)
    shares = 100.0 * table.iloc[1:].abs() / table.iloc[0]
    shares.plot.bar(ax=axes, width=0.8)
    axes.axhline(100.0, color="black", linewidth=1)
    axes.set(xlabel="", ylabel="largest gap, per cent of the tolerance")
    axes.legend(fontsize="x-small", ncols=4, loc="upper left")


def draw_z(axes: Axes, simulated: Simulated) -> None:
    """Distances of the simulated persons from the expected numbers, in standard errors, over the normal curve."""
    z = judged(simulated.comparison)["z"].to_numpy(float)
    edges = np.linspace(-4.5, 4.5, 37)
    axes.hist(z, bins=edges.tolist(), density=True, alpha=0.6)
    at = np.linspace(-4.5, 4.5, 181)
    axes.plot(at, np.exp(-0.5 * at**2) / np.sqrt(2.0 * np.pi), color="black", linewidth=1)
    axes.set(xlabel="standard errors", ylabel="density")
