"""A few hundred damaged files of every kind: each is refused with a message, or accepted; nothing else happens, and nothing is left behind."""

from __future__ import annotations

import pytest

from tests.fuzz.campaign import campaign, schedule
from tests.fuzz.kinds import KINDS, SHARES

FILES = 200
SEED = 2026


def test_no_file_hurts() -> None:
    tally = campaign(list(schedule(FILES)), SEED)
    assert not tally.failures, "\n\n".join(f"{o.kind} {o.number} ({o.what}): {o.text}" for o in tally.failures)
    assert {kind for kind, ends in tally.ends.items() if ends["refused"] and ends.total() > ends["refused"]} >= {*KINDS} - {"workbook"}


def test_every_kind_has_its_share() -> None:
    chosen = [kind for kind, _number in schedule(1000)]
    assert {kind: chosen.count(kind) for kind in KINDS} == pytest.approx(
        {kind: 1000 * share / sum(SHARES.values()) for kind, share in SHARES.items()}, abs=2
    )
    assert list(schedule(3, "case")) == [("case", 0), ("case", 1), ("case", 2)]
