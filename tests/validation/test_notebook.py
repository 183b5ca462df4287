"""The notebook of validation: both forms hold the same cells and no outputs, and its drawings hold every figure. It runs in CI, with the checks."""

from __future__ import annotations

import json
from pathlib import Path

import jupytext
import matplotlib.pyplot as plt

from actuarial.validation import pictures
from actuarial.validation.plan import Run
from actuarial.validation.population import checks_of, compared
from actuarial.validation.published import cases_of, run_case

ROOT = Path(__file__).parents[2]
NOTEBOOK = ROOT / "notebooks" / "validation.ipynb"


def test_both_forms_hold_the_same_cells_and_no_outputs() -> None:
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    paired = jupytext.read(NOTEBOOK.with_suffix(".py"))["cells"]
    assert [(c["cell_type"], "".join(c["source"])) for c in cells] == [(c["cell_type"], c["source"]) for c in paired]
    assert not any(c.get("outputs") or c.get("execution_count") for c in cells)


def test_ci_runs_it() -> None:
    assert "validation.ipynb" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_tables_and_drawings_hold_every_figure() -> None:
    population = checks_of(compared(ROOT / "data"))
    assert [check.id for check in population if not check.passed] == [] and len(population) == 8 * 7
    run = Run((*population, *(check for case in cases_of("series") for check in run_case(case))), (), False, 1.0)
    assert len(pictures.figures(run)) == len(run.checks) and pictures.figures(run)["passed"].all()
    table = pictures.subjects(run)
    assert table["figures"].sum() == len(run.checks) and table.loc["population", "cases"] == 8
    gaps = pictures.population_gaps(run)
    assert gaps.shape == (9, 7) and (gaps.iloc[1:].abs() <= gaps.iloc[0]).all().all()
    drawing, (left, right) = plt.subplots(1, 2)
    pictures.draw_gaps(left, run)
    pictures.draw_population(right, run)
    assert sum(len(dots.get_offsets()) for dots in left.collections) == len(run.checks)
    assert len(right.patches) == 56
    plt.close(drawing)
