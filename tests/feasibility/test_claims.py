"""What follows take-up, read off two runs, against runs at take-up that they have not seen."""

from __future__ import annotations

import numpy as np
import pytest

from actuarial.basis.instrument import Instrument
from actuarial.feasibility.break_even import with_factor
from actuarial.feasibility.cashflow import case_flows
from actuarial.feasibility.claims import claim_limit, claim_table
from actuarial.feasibility.compare import with_take_up
from actuarial.feasibility.engine import RegionRun, evaluate
from actuarial.feasibility.result import CLAIM_COLUMNS, CLAIM_FLOWS

FACTOR = 0.4


def test_flows_at_another_take_up_are_those_of_a_run_with_it(run: RegionRun, instrument: Instrument) -> None:
    nobody, fewer = evaluate(run, [with_take_up(instrument, 0.0), with_factor(instrument, FACTOR)])
    seen = 0
    for c in range(len(run.countries)):
        without, with_ = case_flows(run, c)
        table = claim_table(run, nobody, c, with_)
        if not run.countries[c].law.collecting:
            assert table.empty and list(table) == CLAIM_COLUMNS
            continue
        there = case_flows(fewer, c)[1]
        scale = 1e-9 * without.expenditure.max()
        for name in CLAIM_FLOWS:
            found = getattr(with_, name) + (FACTOR - 1.0) * table[name].to_numpy()
            np.testing.assert_allclose(found, getattr(there, name), rtol=1e-9, atol=scale)
        handled = [np.maximum(table["coordinated"] + (f - 1.0) * table["coordinated_claims"], 0.0) for f in (1.0, FACTOR)]
        found = with_.administration + table["handling"] * (handled[1] - handled[0])
        np.testing.assert_allclose(found, there.administration, rtol=1e-9)
        seen += bool(table["pensions"].abs().max() > 0.0)
    assert seen >= 3


def test_nobody_is_capped_below_the_limit(run: RegionRun) -> None:
    assert claim_limit(run) == pytest.approx(1.0 / 0.85)
