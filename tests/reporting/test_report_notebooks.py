"""The report notebooks: they run on results of a study, they agree with their paired text, they hold no outputs."""

from __future__ import annotations

import ast
from pathlib import Path

import jupytext
import nbformat
import pytest

from tests.reporting.synthetic import write_synthetic

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


def source(name: str) -> list[tuple[str, str, tuple[str, ...]]]:
    notebook = jupytext.read(NOTEBOOKS / name)
    return [(c.cell_type, c.source, tuple(c.metadata.get("tags", ()))) for c in notebook.cells]


@pytest.mark.parametrize("name", ["country", "region"])
def test_notebook_and_paired_text_agree(name: str) -> None:
    assert source(f"{name}.ipynb") == source(f"{name}.py")


@pytest.mark.parametrize("name", ["country", "region"])
def test_notebook_is_committed_without_outputs(name: str) -> None:
    notebook = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)
    assert notebook.metadata.kernelspec.language == "python"
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.outputs == [] and cell.execution_count is None


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("country", ["results_dir", "country", "out_dir", "language"]), ("region", ["results_dir", "out_dir", "language"])],
)
def test_parameters(name: str, wanted: list[str]) -> None:
    (cell,) = [text for kind, text, tags in source(f"{name}.py") if "parameters" in tags]
    assert [node.target.id for node in ast.parse(cell).body if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)] == wanted


@pytest.mark.slow
@pytest.mark.parametrize(("name", "extra"), [("country", {"country": "SOM"}), ("region", {})])
def test_notebook_writes_its_report(name: str, extra: dict[str, str], tmp_path: Path) -> None:
    from actuarial.reporting.papermill_run import NotebookJob, run_notebooks

    write_synthetic(tmp_path / "results")
    (tmp_path / "out").mkdir()
    job = NotebookJob(
        title=name,
        notebook=NOTEBOOKS / f"{name}.ipynb",
        parameters={"results_dir": "results", "out_dir": "out", **extra},
        folder=tmp_path,
        output=tmp_path / "out" / "report.ipynb",
    )
    run_notebooks([job], 1)
    assert (tmp_path / "out" / "report.docx").read_bytes().startswith(b"PK")
    assert (tmp_path / "out" / "report.pdf").read_bytes().startswith(b"%PDF-")
    assert (tmp_path / "out" / "report.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    executed = nbformat.read(tmp_path / "out" / "report.ipynb", as_version=4)
    shown = [o.get("data", {}).get("text/html", "") for c in executed.cells if c.cell_type == "code" for o in c.outputs]
    assert any('<img src="data:image/svg+xml' in html for html in shown)
