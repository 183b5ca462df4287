"""Notebooks run in processes of their own, with checked parameters, whole or not at all."""

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from actuarial.basis.errors import InputError
from actuarial.reporting.papermill_run import (
    NotebookFailure,
    NotebookJob,
    check_job,
    notebooks_with_outputs,
    run_notebooks,
)


def write_notebook(path: Path, *cells: str, parameters: str = 'country: str = "KEN"\nout_dir: str = "."') -> Path:
    def code(source: str, tags: list[str]) -> dict[str, Any]:
        return {
            "cell_type": "code",
            "execution_count": None,
            "metadata": {"tags": tags},
            "outputs": [],
            "source": source,
        }

    content = {
        "cells": [code(parameters, ["parameters"]), *(code(c, []) for c in cells)],
        "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
        "nbformat": 4,
        "nbformat_minor": 4,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content))
    return path


def job(tmp_path: Path, notebook: Path, **parameters: Any) -> NotebookJob:
    return NotebookJob("RWA", notebook, parameters, tmp_path, tmp_path / "RWA" / "report.ipynb")


def test_an_unknown_parameter_is_refused_with_the_nearest(tmp_path: Path) -> None:
    notebook = write_notebook(tmp_path / "n.ipynb")
    with pytest.raises(InputError, match="unknown parameter 'contry'; did you mean 'country'"):
        check_job(job(tmp_path, notebook, contry="RWA"))
    with pytest.raises(InputError, match="unknown parameter"):
        run_notebooks([job(tmp_path, notebook, contry="RWA")], 1)
    assert not (tmp_path / "RWA").exists()


@pytest.mark.parametrize("value", [np.float64(1.0), np.int64(3), ("a", "b"), Path("x")])
def test_values_that_would_arrive_as_text_are_refused(tmp_path: Path, value: Any) -> None:
    with pytest.raises(TypeError, match="country"):
        check_job(job(tmp_path, write_notebook(tmp_path / "n.ipynb"), country=value))


def test_a_missing_notebook_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"missing notebook: .*gone\.ipynb"):
        check_job(job(tmp_path, tmp_path / "gone.ipynb"))


def test_notebooks_run_in_this_interpreter_and_are_kept_without_machine_paths(tmp_path: Path) -> None:
    import sys

    source = (
        "import sys, json, actuarial\nfrom pathlib import Path\n"
        "Path(out_dir, 'seen.json').write_text(json.dumps([country, sys.executable]))"
    )
    notebook = write_notebook(tmp_path / "n.ipynb", source)
    before = os.environ.get("JUPYTER_PATH")
    done: list[str] = []
    jobs = []
    for country in ("RWA", "TZA"):
        (tmp_path / country).mkdir()
        own: dict[str, Any] = {"country": country, "out_dir": country}
        jobs.append(NotebookJob(country, notebook, own, tmp_path, tmp_path / country / "report.ipynb"))
    run_notebooks(jobs, 2, lambda finished: done.append(finished.title))
    assert sorted(done) == ["RWA", "TZA"]
    assert os.environ.get("JUPYTER_PATH") == before
    for country in ("RWA", "TZA"):
        assert sorted(p.name for p in (tmp_path / country).iterdir()) == ["report.ipynb", "seen.json"]
        assert json.loads((tmp_path / country / "seen.json").read_text()) == [country, sys.executable]
        kept = (tmp_path / country / "report.ipynb").read_text()
        assert json.loads(kept)["metadata"]["papermill"]["parameters"]["country"] == country
        assert str(tmp_path) not in kept


def test_a_failing_notebook_raises_and_leaves_no_file(tmp_path: Path) -> None:
    notebook = write_notebook(tmp_path / "n.ipynb", "1 / 0")
    with pytest.raises(NotebookFailure, match="RWA: .*ZeroDivisionError: division by zero"):
        run_notebooks([job(tmp_path, notebook, country="RWA")], 1)
    assert list((tmp_path / "RWA").iterdir()) == []


def test_notebooks_with_outputs_are_found(tmp_path: Path) -> None:
    write_notebook(tmp_path / "clean.ipynb")
    path = write_notebook(tmp_path / "sub" / "full.ipynb", "1 + 1")
    content = json.loads(path.read_text())
    content["cells"][1]["execution_count"] = 2
    path.write_text(json.dumps(content))
    assert notebooks_with_outputs(tmp_path) == ("sub/full.ipynb: cell 2",)


def test_at_least_one_at_a_time(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least one"):
        run_notebooks([], 0)
