"""The price of an instrument from every side asked for: legal steps, variants and break-even, on the same people in one go.

1. Whatever differs in the instrument alone is priced on the same lattices. Only cover of movers needs them anew.
2. Steps are present values over 75 years in US dollars of the valuation date, and as a share of the present value of insurable earnings without
   the instrument. They contain the branches beside pensions (the rung ``short_term``); variants and break-even do not, because those branches are
   the same under every variant.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pandas as pd

from actuarial.basis.instrument import Instrument
from actuarial.feasibility.break_even import BreakEven, break_even, coverage, take_up_factors, with_factor
from actuarial.feasibility.compare import REGION, SchemeBase, comparison, pairs_by_movers, scheme_bases, to_evaluate, variants
from actuarial.feasibility.engine import PreparedRegion, RegionRun
from actuarial.feasibility.ladder import LADDER, Ladder, price_ladder

Progress = Callable[[str, float], None]
STEP_COLUMNS = ["country", "rung", "title", "pv_usd", "share_of_earnings", "shapley_usd", "shapley_share"]


@dataclass(frozen=True)
class Pricing:
    """Everything that was asked for.

    names        of the countries whose scheme is priced, by code, in the region's order;  unpriced  of the others
    steps        one row per scheme (and the region) and rung: :data:`STEP_COLUMNS`; the rungs sum to the net cost
    comparison   see :func:`actuarial.feasibility.compare.comparison`; empty unless asked for
    pairs        pair, movers: pairs of states in the order in which treaties are concluded; empty unless asked for
    break_even   empty unless asked for
    """

    scenario: str
    instrument: Instrument
    region: str
    names: dict[str, str]
    unpriced: tuple[str, ...]
    steps: pd.DataFrame
    comparison: pd.DataFrame = field(default_factory=pd.DataFrame)
    pairs: pd.DataFrame = field(default_factory=pd.DataFrame)
    break_even: tuple[BreakEven, ...] = ()


def price(
    prepared: PreparedRegion, instrument: Instrument, *, compared: bool = False, broken_even: bool = False, covered: bool = False,
    progress: Progress | None = None,
) -> Pricing:  # fmt: skip
    """Price an instrument for a prepared region.

    ``compared`` adds the variants, ``broken_even`` mobility, take-up and contribution rate, ``covered`` the cover of movers, which projects them
    again.
    """
    tell = progress or (lambda _step, _share: None)
    priced_by = 0.4 if covered else 1.0
    found = variants(instrument) if compared else ()
    factors = take_up_factors(instrument, prepared.scenario.payment.take_up_factor) if broken_even else ()
    beside = to_evaluate(found, instrument)
    ladder, runs = price_ladder(
        prepared, instrument, lambda step, share: tell(step, share * priced_by), (*beside, *(with_factor(instrument, f) for f in factors))
    )
    bases = scheme_bases(ladder.run)
    answers: tuple[BreakEven, ...] = ()
    if broken_even:
        answers += break_even(ladder.run, bases, dict(zip(factors, runs[len(beside) :], strict=True)))
    if covered:
        answers += coverage(prepared, ladder.run, bases, lambda step, share: tell(step, priced_by + (1.0 - priced_by) * share))
    codes, names = prepared.basis.countries, prepared.basis.region.names
    priced = [base.country for base in bases]
    return Pricing(
        scenario=prepared.scenario.name,
        instrument=instrument,
        region=prepared.basis.region.name,
        names={codes[c]: names[c] for c in priced},
        unpriced=tuple(names[c] for c in range(len(codes)) if c not in priced),
        steps=steps_table(ladder, bases),
        comparison=comparison(ladder.run, found, runs[: len(beside)], bases) if compared else pd.DataFrame(),
        pairs=_pairs(ladder.run) if compared else pd.DataFrame(),
        break_even=answers,
    )


def steps_table(ladder: Ladder, bases: Sequence[SchemeBase]) -> pd.DataFrame:
    """Prices of the rungs by scheme, then for the region."""
    rows: list[tuple[str, str, str, float, float, float, float]] = []
    whole = sum(base.value(base.earnings) for base in bases)
    for n, rung in enumerate(LADDER):
        total = [0.0, 0.0]
        for base in bases:
            worth = [base.value(values[base.country, n]) for values in (ladder.steps, ladder.shapley)]
            total = [a + b for a, b in zip(total, worth, strict=True)]
            rows.append(_step(ladder.run.basis.countries[base.country], rung.name, rung.title, worth, base.value(base.earnings)))
        rows.append(_step(REGION, rung.name, rung.title, total, whole))
    codes = [*(ladder.run.basis.countries[base.country] for base in bases), REGION]
    order: dict[str, int] = {code: n for n, code in enumerate(codes)}
    rows.sort(key=lambda row: order[row[0]])
    return pd.DataFrame(rows, columns=STEP_COLUMNS)


def _step(country: str, rung: str, title: str, worth: Sequence[float], earnings: float) -> tuple[str, str, str, float, float, float, float]:
    return country, rung, title, worth[0], worth[0] / earnings, worth[1], worth[1] / earnings


def _pairs(run: RegionRun) -> pd.DataFrame:
    names = run.basis.countries
    rows = [("-".join(names[c] for c in sorted(pair)), movers) for pair, movers in pairs_by_movers(run)]
    return pd.DataFrame(rows, columns=["pair", "movers"])
