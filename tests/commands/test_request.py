"""Help and complaints load nothing heavy, so that they come at once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = ("pandas", "scipy", "numba", "matplotlib", "papermill", "IPython", "typst", "xlsxwriter", "pyarrow", "distributed")
PROGRAM = f"""
import sys
from actuarial.cli import main
try:
    code = main(sys.argv[1:])
except SystemExit as stop:
    code = stop.code
print(code, [name for name in {HEAVY!r} if name in sys.modules])
"""


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("--help", 0),
        ("reports --help", 0),
        ("reports --country XXX", 2),
        ("reports --scenario bse", 2),
        ("reports --instrument eac", 2),
        ("reports --out actuarial", 2),
        ("reports --country RWA --workbook nothere.xlsx", 2),
        ("reports --ensemble nothere --previous actuarial", 2),
        ("entitlement nobody", 2),
        ("price --country XXX", 2),
        ("price --scenario bse", 2),
        ("microsimulate --persons 0", 2),
        ("microsimulate --instrument eac", 2),
        ("sensitivity --scenario bse", 2),
        ("ensemble --instrument eac", 2),
        ("ensemble --country XXX", 2),
        ("check actuarial", 2),
    ],
)
def test_nothing_heavy_is_loaded(command: str, code: int) -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM, *command.split()], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == f"{code} []"
