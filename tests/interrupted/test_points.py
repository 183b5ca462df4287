"""Whenever a writer is killed or the system refuses a call, there is the old output or the new one, and the next run ends well."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.skipif(sys.platform == "win32", reason="processes cannot be forked there")
def test_no_moment_and_no_error_leaves_half_an_output(tmp_path: Path) -> None:
    command = [sys.executable, "-W", "ignore", "-m", "tests.interrupted.points", str(tmp_path / "größe 東")]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode in (0, 1), done.stderr
    answer = json.loads(done.stdout)
    assert answer["problems"] == []
    for name, found in answer["found"].items():
        assert found["kills"] > found["calls"] and found["errors"] >= 4 * found["calls"] // 3, name
        assert found["old"] and found["new"] and found["left"], f"{name}: the kills did not come before, in and after the writing"
