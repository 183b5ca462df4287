"""The command from end to end with a made-up study and small notebooks; wrong requests end with 2 and write nothing."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from actuarial import cli
from actuarial.basis.errors import InputError
from actuarial.reporting.language import language
from actuarial.reporting.manifest import verify
from actuarial.reporting.provenance import read_provenance
from tests.reporting.synthetic import synthetic_study
from tests.reporting.test_papermill_run import write_notebook

REPOSITORY = Path(__file__).resolve().parent.parent
WRITE = """
for name in ("report.html", "report.pdf", "report.docx"):
    Path(out_dir, name).write_text(Path(results_dir, "study.json").read_text())
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small repository: the real region and scenarios, notebooks that only copy, an engine that answers at once."""
    root = tmp_path / "clone"
    (root / "data").mkdir(parents=True)
    shutil.copy(REPOSITORY / "data" / "region.yaml", root / "data")
    shutil.copytree(REPOSITORY / "scenarios", root / "scenarios")
    names = 'results_dir: str = "results"\nout_dir: str = "."\nlanguage: str = "en"\n'
    write_notebook(
        root / "notebooks" / "country.ipynb", "from pathlib import Path", WRITE, parameters=f'{names}country = "X"'
    )
    write_notebook(root / "notebooks" / "region.ipynb", "from pathlib import Path", WRITE, parameters=names)
    monkeypatch.setattr(cli, "ROOT", root)
    monkeypatch.setattr("actuarial.commands.template.ROOT", root)
    monkeypatch.setenv("ACTUARIAL_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    answer(monkeypatch, lambda: synthetic_study())
    return root


def answer(monkeypatch: pytest.MonkeyPatch, study: Callable[[], Any]) -> None:
    def run_study(data: Path, scenario: Any, instrument: Any, progress: Callable[[str, float], None]) -> Any:
        progress("population", 0.5)
        return study()

    monkeypatch.setattr("actuarial.feasibility.study.run_study", run_study)


def names(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def test_one_country(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["reports", "--country", "RWA", "--out", "runs/one"]) == 0
    out = tmp_path / "runs" / "one"
    assert [n for n in names(out) if not n.startswith("results/")] == [
        "RWA/report.docx",
        "RWA/report.html",
        "RWA/report.ipynb",
        "RWA/report.pdf",
        "RWA/report.xlsx",
        "SHA256SUMS",
        "inputs.zip",
        "manifest.json",
    ]
    assert "results/RWA.yearly.csv" in names(out) and "results/KEN.yearly.csv" in names(out)
    shown = capsys.readouterr()
    assert shown.out == "runs/one\n"
    assert "population" in shown.err and "report RWA (1 of 1)" in shown.err


def test_the_manifest_says_what_the_run_was_made_from(root: Path, tmp_path: Path) -> None:
    assert cli.main(["reports", "--country", "RWA", "--country", "BDI", "--out", "one", "--jobs", "1"]) == 0
    manifest = json.loads((tmp_path / "one" / "manifest.json").read_text())
    assert manifest["parts"] == ["BDI", "RWA"]
    expected = {"scenario": "base", "instrument": "eac-directive", "countries": ["RWA", "BDI"], "language": "en", "jobs": 1}
    assert manifest["parameters"] == expected
    for name in ("data/region.yaml", "scenarios/base.yaml", "notebooks/country.ipynb"):
        assert len(manifest["inputs"][name]) == 64
    assert manifest["environment"]["packages"]["numpy"]
    assert manifest["checks"] == {"made": 3, "failed": []}
    record = read_provenance(tmp_path / "one" / "results")
    assert record is not None and record.identity == manifest["identity"]
    assert str(tmp_path) not in json.dumps(manifest)
    assert verify(tmp_path / "one") == ()


def test_all_countries_and_the_region_by_default(root: Path) -> None:
    assert cli.main(["reports"]) == 0
    out = root / "reports" / "base-eac-directive"
    folders = sorted(p.name for p in out.iterdir() if p.is_dir())
    assert folders == ["BDI", "COD", "KEN", "RWA", "SOM", "SSD", "TZA", "UGA", "region", "results"]
    assert all((out / f / "report.xlsx").is_file() for f in folders if f != "results")


def test_another_language_has_its_own_folder_and_the_same_study(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cli.main(["reports", "--country", "RWA", "--jobs", "1"]) == 0
    assert cli.main(["reports", "--country", "RWA", "--jobs", "1", "--language", "fr"]) == 0
    here, there = (json.loads((root / "reports" / f"base-eac-directive{end}" / "manifest.json").read_text()) for end in ("", "-fr"))
    assert (here["parameters"]["language"], there["parameters"]["language"]) == ("en", "fr")
    assert there["study_cache"] == {"key": here["study_cache"]["key"], "read": True}
    assert here["identity"] == there["identity"]
    executed = json.loads((root / "reports" / "base-eac-directive-fr" / "RWA" / "report.ipynb").read_text())
    assert executed["metadata"]["papermill"]["parameters"]["language"] == "fr"
    assert language() == "en"


def test_two_runs_of_one_input_give_the_same_bytes_but_for_the_manifest(root: Path, tmp_path: Path) -> None:
    sums = []
    for out in ("one", "two"):
        assert cli.main(["reports", "--country", "RWA", "--out", out]) == 0
        lines = (tmp_path / out / "SHA256SUMS").read_text().splitlines()
        sums.append([line for line in lines if not line.endswith("manifest.json")])
    assert sums[0] == sums[1]


def test_the_same_inputs_are_computed_once(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    computed: list[int] = []

    def counted() -> Any:
        computed.append(1)
        return synthetic_study()

    def run(out: str, *options: str) -> tuple[int, bool, list[str]]:
        assert cli.main(["reports", "--country", "RWA", "--jobs", "1", "--out", out, *options]) == 0
        manifest = json.loads((tmp_path / out / "manifest.json").read_text())
        lines = (tmp_path / out / "SHA256SUMS").read_text().splitlines()
        return len(computed), manifest["study_cache"]["read"], [line for line in lines if not line.endswith("manifest.json")]

    answer(monkeypatch, counted)
    monkeypatch.setattr("actuarial.reporting.produce.write_reports", lambda *_: None)
    first, second = run("one"), run("two")
    assert first[:2] == (1, False) and second[:2] == (1, True) and first[2] == second[2]
    assert "--no-cache computes it again" in capsys.readouterr().err
    assert run("three", "--no-cache")[:2] == (2, False)
    (entry,) = (tmp_path / "cache" / "studies").iterdir()
    (entry / "study.json").write_text("{}")
    assert run("two")[:2] == (3, False)
    (root / "scenarios" / "other.yaml").write_text("name: other\n")
    assert run("two")[:2] == (3, True)
    (root / "data" / "more.csv").write_text("1\n")
    assert run("two")[:2] == (4, False)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--language", "pt"], "unknown language 'pt'"),
        (["--country", "RWN"], "did you mean 'RWA'"),
        (["--country", "KE"], "unknown country 'KE'"),
        (["--scenario", "bse"], "did you mean 'base'"),
        (["--instrument", "eac-directiv"], "did you mean 'eac-directive'"),
        (["--scenario", "nowhere/mine.yaml"], "no such scenario file"),
        (["--jobs", "0"], "--jobs 0: allowed 1 to 1024"),
        (["--out", "full"], "no finished run"),
        (["--ensemble", "full"], "--ensemble full: nothing that a finished command wrote"),
        (["--sensitivity", "nowhere"], "--sensitivity nowhere: there is no such folder"),
        (["--contry", "RWA"], "unknown option --contry; did you mean --country?"),
        (["--count", "RWA"], "unknown option --count; did you mean --country?"),
        (["--jobs", "two"], "--jobs two: expected a whole number, allowed 1 to 1024"),
    ],
)
def test_a_wrong_request_ends_with_2_and_writes_nothing(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], message: str
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.docx").write_text("years of work")
    before = names(tmp_path)
    assert cli.main(["reports", *options]) == 2
    assert message in capsys.readouterr().err
    assert names(tmp_path) == before
    assert not (root / "reports").exists()


def test_wrong_content_of_a_scenario_ends_with_2(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "scenarios" / "mine.yaml").write_text(
        "name: mine\ntitle: t\ndescription: d\nextends: base\nmigration:\n  outflow_multipler: 2\n"
    )
    assert cli.main(["reports", "--scenario", "mine"]) == 2
    assert "outflow_multiplier" in capsys.readouterr().err
    assert not (root / "reports").exists()


def test_wrong_input_found_by_the_engine_ends_with_2(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def wrong() -> Any:
        raise InputError("data/economy/prices.csv, line 7: negative rate")

    answer(monkeypatch, wrong)
    assert cli.main(["reports"]) == 2
    assert "data/economy/prices.csv, line 7: negative rate" in capsys.readouterr().err
    assert not (root / "reports").exists()


def test_a_notebook_with_other_parameters_is_refused_before_computing(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_notebook(
        root / "notebooks" / "country.ipynb", parameters='results_folder = "r"\nout_dir = "."\ncountry = "X"'
    )

    def never() -> Any:
        raise AssertionError

    answer(monkeypatch, never)
    assert cli.main(["reports", "--country", "RWA"]) == 2
    assert "unknown parameter 'results_dir'; did you mean 'results_folder'" in capsys.readouterr().err


def test_a_failing_report_leaves_the_earlier_run(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["reports", "--country", "RWA", "--out", "one"]) == 0
    names_ = 'results_dir = "results"\nout_dir = "."\nlanguage = "en"\ncountry = "X"'
    write_notebook(root / "notebooks" / "country.ipynb", "raise RuntimeError('no chart')", parameters=names_)
    assert cli.main(["reports", "--country", "RWA", "--out", "one"]) == 1
    assert "RuntimeError: no chart" in capsys.readouterr().err
    assert verify(tmp_path / "one") == ()
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def test_inputs_edited_while_the_study_runs_stop_it(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def edit() -> Any:
        path = root / "data" / "region.yaml"
        path.write_text(path.read_text() + "# later\n")
        return synthetic_study()

    answer(monkeypatch, edit)
    assert cli.main(["reports"]) == 2
    assert "data/region.yaml" in capsys.readouterr().err
    assert not (root / "reports").exists()


def test_bench_without_scripts_says_so(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["bench"]) == 2
    assert "no benchmark" in capsys.readouterr().err


def test_bench_runs_scripts_by_name(root: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (root / "benchmarks").mkdir()
    (root / "benchmarks" / "speed.py").write_text("print('fast')")
    assert cli.main(["bench", "speed"]) == 0
    assert "fast" in capfd.readouterr().out
    assert cli.main(["bench", "sped"]) == 2
    assert "did you mean 'speed'" in capfd.readouterr().err


def test_test_and_lab_pass_their_options_on(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[str]] = []
    monkeypatch.setattr(cli, "_run", lambda command, environment=None: seen.append(command) or 0)
    assert cli.main(["test", "-q", "-k", "a b", "tests/x.py", "--help"]) == 0
    assert cli.main(["lab", "--no-browser"]) == 0
    assert cli.main(["test", "-n0"]) == 0
    assert seen[2][1:] == ["-m", "pytest", "-n0"]
    assert seen[0][1:3] == ["-m", "pytest"] and "-n" in seen[0]
    assert seen[0][-5:] == ["-q", "-k", "a b", "tests/x.py", "--help"]
    assert seen[1][-1] == "--no-browser" and "jupyterlab" in seen[1]


def test_check_finds_outputs_in_notebooks(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli, "_run", lambda command, environment=None: 0)
    assert cli.main(["check"]) == 0
    path = root / "notebooks" / "region.ipynb"
    content = json.loads(path.read_text())
    content["cells"][1]["execution_count"] = 1
    path.write_text(json.dumps(content))
    assert cli.main(["check"]) == 1
    assert "notebooks/region.ipynb: cell 2 holds outputs" in capsys.readouterr().err


def test_the_scenario_of_the_readme_is_read(root: Path) -> None:
    from actuarial.basis.scenario import load_scenario

    text = (REPOSITORY / "README.md").read_text(encoding="utf-8").split("```yaml\n")[1].split("```")[0]
    (root / "scenarios" / "my-scenario.yaml").write_text(text)
    assert load_scenario("my-scenario", root / "scenarios").migration.outflow_multiplier == 0.5
