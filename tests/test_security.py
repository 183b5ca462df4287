"""What SECURITY.md promises: pinned packages, no network, no code from data."""

from __future__ import annotations

import ast
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted([*(ROOT / "actuarial").rglob("*.py"), ROOT / "run.py"])
RUNS_TEXT = {"eval", "exec", "compile", "__import__"}
UNSAFE = {
    ("os", "system"), ("os", "popen"), ("pickle", "load"), ("pickle", "loads"), ("marshal", "loads"), ("yaml", "load"), ("yaml", "unsafe_load"),
    ("yaml", "full_load"), ("pd", "read_pickle"), ("pd", "eval"), ("shelve", "open"), ("np", "load"),
}  # fmt: skip
ALLOWED = {
    "actuarial/execution/processes.py": {("pickle", "load")},  # a value this run wrote for its own workers, in a folder only this user can enter
    "actuarial/execution/cluster.py": {("pickle", "loads")},  # the same, sent to the workers of the user's own cluster
    "actuarial/lab/model_files.py": {("np", "load")},  # allow_pickle=False, see the test below
    "actuarial/execution/checkpoint.py": {("np", "load")},
}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_source_runs_text_or_unpickles_files(path: Path) -> None:
    allowed = ALLOWED.get(path.relative_to(ROOT).as_posix(), set())
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        where = f"{path.name}, line {node.lineno}"
        if isinstance(node.func, ast.Name):
            assert node.func.id not in RUNS_TEXT, where
        if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
            call = (node.func.value.id, node.func.attr)
            assert call not in UNSAFE - allowed, where
            if call == ("np", "load"):
                assert any(k.arg == "allow_pickle" and isinstance(k.value, ast.Constant) and k.value.value is False for k in node.keywords), where
        for keyword in node.keywords:
            assert not (keyword.arg == "shell" and not (isinstance(keyword.value, ast.Constant) and keyword.value.value is False)), where


def test_every_package_of_the_lock_is_pinned_by_version_and_hash() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8").replace("\\\n", " ")
    packages = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    assert len(packages) > 100
    for line in packages:
        assert re.match(r"^[a-z0-9._-]+==[^\s;]+( ;[^#]*?)?\s+--hash=sha256:[0-9a-f]{64}", line, re.IGNORECASE), line[:100]
        assert "://" not in line and "@ " not in line, line[:100]


@pytest.mark.parametrize("address", ["192.0.2.1", "2001:db8::1"])
def test_nothing_leaves_the_machine_while_tests_run(address: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as connection, pytest.raises(RuntimeError, match="works without a network"):
        connection.connect((address, 80))
    with pytest.raises(RuntimeError, match="works without a network"):
        socket.getaddrinfo("example.org", 443)


def test_a_python_started_by_a_test_refuses_the_network_too() -> None:
    code = "import socket; socket.getaddrinfo('localhost', 80); socket.create_connection(('example.org', 443))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode != 0 and "works without a network" in done.stderr
