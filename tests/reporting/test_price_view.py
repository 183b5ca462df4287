"""The text and the files of the command ``price``."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from actuarial.basis.instrument import load_instrument
from actuarial.feasibility.break_even import BreakEven
from actuarial.feasibility.compare import REGION
from actuarial.feasibility.pricing import STEP_COLUMNS, Pricing
from actuarial.reporting.price_view import as_text, write_csv

SCENARIOS = Path(__file__).parents[2] / "scenarios"


@pytest.fixture
def pricing() -> Pricing:
    steps = [(c, r, r.title(), 1e6 * n, 0.001 * n, 2e6, 0.002) for c in ("AAA", REGION) for n, r in enumerate(("export", "administration"), start=1)]
    rows = [
        {"group": g, "variant": v, "title": v, "reference": v == "x", "country": c, "net_cost_usd": 3e6 + d, "net_cost_share": 0.003,
         "administration_usd": 2e6, "payg_2050": 0.1, "extra_pensioners_2050": 50.0, "newly_vested_2050": 5.0, "net_cost_usd_difference": d,
         "net_cost_share_difference": d / 1e9, "payg_2050_difference": 0.0, "extra_pensioners_2050_difference": 0.0,
         "newly_vested_2050_difference": 0.0}
        for c in ("AAA", REGION) for g, v, d in (("instrument", "x", 0.0), ("amount rule", "other", 5e5), ("amount rule", "equal", 0.0))
    ]  # fmt: skip
    answer = BreakEven("AAA", "mobility", None, 0.0, 1.0, 1.0, 2.0, 3.0, "Aland: it costs something at any level.")
    instrument = load_instrument("eac-directive", SCENARIOS)
    return Pricing("base", instrument, "The Region", {"AAA": "Aland"}, ("Beland",), pd.DataFrame(steps, columns=STEP_COLUMNS), pd.DataFrame(rows),
                   pd.DataFrame([("AAA-BBB", 10.0)], columns=["pair", "movers"]), (answer,))  # fmt: skip


def test_steps_are_summed_and_variants_without_a_difference_are_named_once(pricing: Pricing) -> None:
    text = as_text(pricing, seconds=12.4)
    assert "eac-directive" in text and "No scheme to price in: Beland" in text and "Time taken: 12 s" in text
    [total] = [line.split() for line in text.split("Aland: the instrument")[0].splitlines() if line.strip().startswith("Net cost")]
    assert total[2:] == ["3.00", "0.3000", "4.00", "0.4000"]
    assert "amount rule (the same: equal)" in text and "other" in text and "AAA-BBB 10" in text
    assert text.count("Aland: it costs something at any level.") == 1


def test_one_country_leaves_the_others_and_the_region_out(pricing: Pricing) -> None:
    assert "The Region: price" in as_text(pricing)
    assert "The Region: price" not in as_text(pricing, ["AAA"])
    assert "Aland" not in as_text(pricing, ["BBB"])


def test_files_hold_the_tables_that_were_asked_for(pricing: Pricing, tmp_path: Path) -> None:
    (tmp_path / "alone").mkdir()
    files = write_csv(pricing, tmp_path)
    assert [f.name for f in files] == ["steps.csv", "comparison.csv", "pairs.csv", "break-even.csv"]
    assert pd.read_csv(files[0])["pv_usd"].sum() == pytest.approx(6e6)
    alone = Pricing(pricing.scenario, pricing.instrument, pricing.region, pricing.names, (), pricing.steps)
    assert [f.name for f in write_csv(alone, tmp_path / "alone")] == ["steps.csv"]
