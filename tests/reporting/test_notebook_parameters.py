"""Parameters of report notebooks: mistakes are told together, and shown without lines of the program."""

from __future__ import annotations

from pathlib import Path

import pytest

from actuarial.basis.errors import InputError
from actuarial.reporting.notebook_parameters import check_parameters
from tests.reporting.synthetic import write_synthetic


def test_mistakes_are_told_together(tmp_path: Path) -> None:
    write_synthetic(tmp_path / "results")
    results = str(tmp_path / "results")
    check_parameters(results, str(tmp_path), "en", ["RWA"])
    with pytest.raises(InputError) as caught:
        check_parameters(results, str(tmp_path / "nowhere"), "fre", ["RWB", "RWA"])
    told = str(caught.value)
    for part in ("out_dir: there is no folder", "unknown language 'fre'; did you mean 'fr'?", "unknown country 'RWB'; did you mean 'RWA'?"):
        assert part in told
    assert caught.value._render_traceback_() == [f"Wrong input: {told}"]


def test_a_folder_without_results_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"holds no study\.json"):
        check_parameters(str(tmp_path), str(tmp_path), "en", ["XXX"])
    (tmp_path / "study.json").write_text("[]", encoding="utf-8")
    with pytest.raises(InputError, match="is not what a run wrote"):
        check_parameters(str(tmp_path), str(tmp_path), "en")
