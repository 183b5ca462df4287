"""Notebooks of the lab: both forms hold the same cells and no outputs; the method holds its assertions; Kenya runs where its study is kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from actuarial.lab.kept import Inputs
from actuarial.reporting.study_cache import cache_folder

ROOT = Path(__file__).parents[2]
NOTEBOOKS = ROOT / "notebooks"
NAMES = ("start", "explore", "method", "kenya")
LONGEST = 16
"""Lines of a cell that one can still learn from."""


def cells(name: str) -> list[tuple[str, str]]:
    """Kind and text of the cells of a notebook."""
    return [(c["cell_type"], "".join(c["source"])) for c in json.loads((NOTEBOOKS / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]]


@pytest.mark.parametrize("name", NAMES)
def test_both_forms_hold_the_same_cells_and_no_outputs(name: str) -> None:
    import jupytext

    paired = jupytext.read(NOTEBOOKS / f"{name}.py")["cells"]
    assert [(c["cell_type"], c["source"]) for c in paired] == cells(name)
    for cell in json.loads((NOTEBOOKS / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]:
        assert not cell.get("outputs") and cell.get("execution_count") is None


@pytest.mark.parametrize("name", NAMES)
def test_cells_are_short(name: str) -> None:
    assert max(len(text.splitlines()) for kind, text in cells(name) if kind == "code") <= LONGEST


def test_links_of_the_start_page_lead_somewhere() -> None:
    import re

    links = re.findall(r"\]\(([^)]+)\)", "\n".join(text for _, text in cells("start")))
    assert set(links) >= {"explore.ipynb", "method.ipynb", "kenya.ipynb"}
    assert all((NOTEBOOKS / link).is_file() for link in links)


def run(name: str, folder: Path, **parameters: str) -> str:
    """Execute a notebook and return all that it wrote."""
    import papermill

    options = {"cwd": str(NOTEBOOKS), "progress_bar": False, "log_output": False}
    done = papermill.execute_notebook(NOTEBOOKS / f"{name}.ipynb", folder / f"{name}.ipynb", parameters, **options)
    return "".join(o.get("text", "") for cell in done.cells for o in cell.get("outputs", ()))


@pytest.mark.filterwarnings("default")
def test_the_method_holds_its_closed_forms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    assert "the instrument costs" in run("method", tmp_path)


@pytest.mark.filterwarnings("default")
def test_kenya_runs_from_figures_to_verdict(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not (cache_folder() / Inputs.read(ROOT, "base", "eac-directive").key).is_dir():
        pytest.skip("the base study is not kept yet in this session, and computing it takes two minutes")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    assert "net cost of pensions" in run("kenya", tmp_path)
