"""A region of two countries, one scheme of pensions and one of accounts: a study of it takes seconds, and its inputs are the real ones."""

from __future__ import annotations

import re
from pathlib import Path

from actuarial.audit.trace_move import copied
from actuarial.audit.trace_project import Read, read_inputs

REPOSITORY = Path(__file__).resolve().parents[2]
COUNTRIES = ("RWA", "UGA")


def two_countries(root: Path) -> Path:
    """The data and scenarios of the repository, at ``root``, with two members only."""
    root.mkdir()
    copied(REPOSITORY, root)
    region = root / "data" / "region.yaml"
    kept = [line for line in region.read_text(encoding="utf-8").splitlines() if "iso3:" not in line or any(c in line for c in COUNTRIES)]
    region.write_text("\n".join(kept) + "\n", encoding="utf-8")
    instrument = root / "scenarios" / "instruments" / "eac-directive" / "instrument.yaml"
    text = re.sub(r"(?m)^members: \[.*\]$", f"members: [{', '.join(COUNTRIES)}]", instrument.read_text(encoding="utf-8"))
    instrument.write_text(text, encoding="utf-8")
    return root


def inputs_of(root: Path) -> Read:
    """What a study of the two reads."""
    return read_inputs(root, "base", "eac-directive")
