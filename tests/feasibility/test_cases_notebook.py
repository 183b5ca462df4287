"""The notebook of three cases runs, is committed without outputs, and its two forms hold the same cells."""

import contextlib
import io
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOTEBOOK = ROOT / "notebooks" / "cases.ipynb"


def test_both_forms_hold_the_same_cells_and_no_outputs() -> None:
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    script = NOTEBOOK.with_suffix(".py").read_text(encoding="utf-8")
    for cell in cells:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == []
            assert cell["execution_count"] is None
        for line in "".join(cell["source"]).splitlines():
            assert line in script


def test_it_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(NOTEBOOK.parent)
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    names: dict[str, object] = {}
    heard = io.StringIO()
    with contextlib.redirect_stdout(heard):
        for cell in cells:
            if cell["cell_type"] == "code":
                exec(compile("".join(cell["source"]), "cases.ipynb", "exec"), names)
    assert "360,000.00 BIF" in heard.getvalue()
    assert "pro-rata-only" in heard.getvalue()
