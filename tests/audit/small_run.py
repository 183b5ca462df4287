"""A small repository whose runs take a second: real region and scenarios, a made-up study, a notebook whose reports carry what real ones carry."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from actuarial.reporting.produce import Request, produce
from tests.reporting.synthetic import synthetic_study
from tests.reporting.test_papermill_run import write_notebook

REPOSITORY = Path(__file__).resolve().parents[2]
WRITE = """
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile, ZipInfo
from pypdf import PdfWriter
from actuarial.reporting.provenance import read_provenance
made_from = read_provenance(Path(results_dir))
place = Path(out_dir)
(place / "report.html").write_text(f'<meta name="inputs-sha256" content="{made_from.identity}">')
with ZipFile(place / "report.docx", "w") as docx:
    docx.writestr(ZipInfo("docProps/core.xml"), f"<dc:identifier>inputs-sha256:{made_from.identity}</dc:identifier>")
writer = PdfWriter()
writer.add_blank_page(100, 100)
writer.add_attachment("made_from.json", made_from.record.encode())
writer.write(place / "report.pdf")
"""


def small_repository(root: Path) -> Path:
    """The repository, at ``root``."""
    (root / "data").mkdir(parents=True)
    shutil.copy(REPOSITORY / "data" / "region.yaml", root / "data")
    shutil.copytree(REPOSITORY / "scenarios", root / "scenarios", ignore=shutil.ignore_patterns("*.expected.csv", "cases"))
    names = 'results_dir: str = "results"\nout_dir: str = "."\nlanguage: str = "en"\n'
    write_notebook(root / "notebooks" / "country.ipynb", WRITE, parameters=f'{names}country = "X"')
    write_notebook(root / "notebooks" / "region.ipynb", WRITE, parameters=names)
    return root


def answer(monkeypatch: pytest.MonkeyPatch, study: Callable[[], Any] = synthetic_study) -> None:
    """Let the engine answer with a made-up study; everything else of a run is real."""
    monkeypatch.setattr("actuarial.feasibility.study.run_study", lambda data, scenario, instrument, progress: study())


def small_run(root: Path, out: Path, **more: Any) -> Path:
    """A run of one country in ``out``."""
    return produce(Request(root=root, countries=("RWA",), out=out, at_once=1, cached=False, **more), lambda what, share: None)
