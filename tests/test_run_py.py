"""run.py with a made-up folder and a stand-in for uv, venv and pip: no network, nothing installed."""

import importlib.util
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture
def run() -> ModuleType:
    spec = importlib.util.spec_from_file_location("run_under_test", REPOSITORY / "run.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "clone"
    folder.mkdir()
    (folder / "requirements.lock").write_text("numpy==2.4.6 --hash=sha256:00\n")
    (folder / "pyproject.toml").write_text('[project]\nname = "x"\nversion = "0.1.0"\n')
    return folder


class Machine:
    """Stands for subprocesses: makes the files that uv and venv would, and can be told to fail at a word."""

    def __init__(self, run: ModuleType, root: Path, failing: str | None = None) -> None:
        self.run, self.root, self.failing = run, root, failing
        self.commands: list[list[str]] = []

    def __call__(self, command: Sequence[str]) -> int:
        self.commands.append(list(command))
        if self.failing in command:
            return 1
        if command[-1] == str(self.root / ".venv"):
            python = self.run.venv_python(self.root / ".venv")
            python.parent.mkdir(parents=True)
            python.write_text("")
            (self.root / ".venv" / "pyvenv.cfg").write_text("")
            self.run.venv_path(self.root / ".venv", "purelib").mkdir(parents=True, exist_ok=True)
        return 0

    def said(self, *words: str) -> bool:
        return any(all(any(w in part for part in c) for w in words) for c in self.commands)


@pytest.fixture
def no_uv(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run.shutil, "which", lambda name: None)


def test_missing_then_ready_then_stale_when_the_lock_changes(run: ModuleType, root: Path, no_uv: None) -> None:
    machine = Machine(run, root)
    assert run.state(root) == "missing"
    run.build(root, machine)
    assert run.state(root) == "ready"
    assert machine.said("--require-hashes", str(root / "requirements.lock"))
    before = len(machine.commands)
    run.build(root, machine)
    assert len(machine.commands) == before
    (root / "requirements.lock").write_text("numpy==2.4.7 --hash=sha256:11\n")
    assert run.state(root) == "stale"
    run.build(root, machine)
    assert run.state(root) == "ready"


def test_stale_when_the_version_changes_the_folder_moves_or_python_is_gone(
    run: ModuleType, root: Path, no_uv: None, tmp_path: Path
) -> None:
    run.build(root, Machine(run, root))
    (root / "pyproject.toml").write_text('[project]\nname = "x"\nversion = "0.2.0"\n')
    assert run.state(root) == "stale"
    run.build(root, Machine(run, root))
    moved = root.rename(tmp_path / "elsewhere")
    assert run.state(moved) == "stale"
    run.venv_python(moved / ".venv").unlink()
    assert run.state(moved) == "missing"


def test_uv_is_used_when_it_works(run: ModuleType, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run.shutil, "which", lambda name: "/bin/uv" if name == "uv" else None)
    machine = Machine(run, root)
    run.build(root, machine)
    assert machine.said("/bin/uv", "--require-hashes", "--compile-bytecode")
    assert not machine.said("-m", "venv")
    assert run.state(root) == "ready"


def test_pip_takes_over_when_uv_fails(run: ModuleType, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run.shutil, "which", lambda name: "/bin/uv")
    machine = Machine(run, root, failing="--compile-bytecode")
    run.build(root, machine)
    assert machine.said("-m", "pip", "--require-hashes")
    assert run.state(root) == "ready"


def test_a_broken_installation_is_not_taken_for_whole(run: ModuleType, root: Path, no_uv: None) -> None:
    with pytest.raises(run.EnvironmentFailure, match="network"):
        run.build(root, Machine(run, root, failing="install"))
    assert run.state(root) == "stale"
    run.build(root, Machine(run, root))
    assert run.state(root) == "ready"


def test_a_folder_that_is_no_environment_is_left_alone(run: ModuleType, root: Path, no_uv: None) -> None:
    (root / ".venv").mkdir()
    (root / ".venv" / "thesis.docx").write_text("years of work")
    with pytest.raises(run.EnvironmentFailure, match="move it away"):
        run.build(root, Machine(run, root))
    assert (root / ".venv" / "thesis.docx").exists()


def test_the_project_becomes_importable_with_name_and_version(run: ModuleType, root: Path, no_uv: None) -> None:
    run.build(root, Machine(run, root))
    site = run.venv_path(root / ".venv", "purelib")
    assert (site / "portable_social_security.pth").read_text().strip() == str(root)
    info = site / "portable_social_security-0.1.0.dist-info"
    assert "Name: portable-social-security\nVersion: 0.1.0" in (info / "METADATA").read_text()
    listed = [line.split(",")[0] for line in (info / "RECORD").read_text().splitlines()]
    assert all((site / name).is_file() for name in listed)
    launcher = run.venv_python(root / ".venv").parent / ("actuarial.cmd" if sys.platform == "win32" else "actuarial")
    assert "-m actuarial" in launcher.read_text()


def test_unknown_verb_and_no_verb_end_with_2_and_make_nothing(
    run: ModuleType, root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run, "ROOT", root)
    assert run.main(["report"]) == 2
    assert run.main([]) == 2
    assert run.main(["--help"]) == 0
    assert ", ".join(run.VERBS) in capsys.readouterr().err
    assert not (root / ".venv").exists()


def test_the_verb_and_its_options_are_handed_over_unchanged(
    run: ModuleType, root: Path, no_uv: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    run.build(root, Machine(run, root))
    handed: list[list[str]] = []

    def hand_over(command: list[str]) -> int:
        handed.append(command)
        return 7

    monkeypatch.setattr(run, "ROOT", root)
    monkeypatch.setattr(run, "hand_over", hand_over)
    assert run.main(["reports", "--country", "RWA", "--out", "a b"]) == 7
    python = str(run.venv_python(root / ".venv"))
    assert handed == [[python, "-m", "actuarial", "reports", "--country", "RWA", "--out", "a b"]]


def test_an_older_python_is_told_so(
    run: ModuleType, root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run, "ROOT", root)
    monkeypatch.setattr(run, "OLDEST", (99, 0))
    assert run.main(["reports"]) == 2
    assert "or newer is needed" in capsys.readouterr().err


def test_the_verbs_of_run_py_are_those_of_the_command(run: ModuleType) -> None:
    from actuarial import cli

    actions = cli._parser()._subparsers
    assert actions is not None
    assert set(actions._group_actions[0].choices or ()) == set(run.VERBS)


def test_the_lock_holds_hashes_and_no_addresses() -> None:
    lock = (REPOSITORY / "requirements.lock").read_text(encoding="utf-8")
    assert "--hash=sha256:" in lock
    assert "://" not in lock and "--index" not in lock and "--find-links" not in lock
    pinned = [line for line in lock.splitlines() if line and not line.startswith((" ", "#"))]
    assert all("==" in line for line in pinned)
