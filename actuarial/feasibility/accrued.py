"""Rights accrued to date: what a scheme owes for periods before the projection, to pensioners and to the insured.

1. Service is frozen: everybody lives on, but nobody is insured after the valuation date. What the same projection then pays, discounted, is the value
   of the periods before it, on earnings revalued as the law revalues those of leavers (wage basis ``frozen``). Rights that need coming periods to be
   opened count nothing, which is the attribution rule of this definition.
2. Movers' past periods are those of :mod:`actuarial.feasibility.past_periods`; they are what the instrument changes on the day it enters into force.
3. For account schemes the accrued right is the balance, which stands in the results.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

import numpy as np

from actuarial.basis.dimensions import FIRST_YEAR, Array, year_index
from actuarial.careers.country import run_country
from actuarial.feasibility.calibration import base_year_awards
from actuarial.feasibility.cashflow import StayerFlows, flows_of, sides_of, stayer_flows, stock_flows
from actuarial.feasibility.corridor import outgo
from actuarial.feasibility.engine import RegionRun, insured_events
from actuarial.finance.indicators import present_value
from actuarial.finance.liabilities import AccruedLiability

START = year_index(FIRST_YEAR)
T = TypeVar("T")


def accrued_liabilities(run: RegionRun, past: RegionRun, c: int) -> tuple[AccruedLiability, AccruedLiability] | None:
    """Rights accrued to date without and with the instrument; ``None`` for a scheme without pensions by formula.

    ``past`` is :func:`actuarial.feasibility.engine.evaluate_past` of the same people and instrument.
    """
    if run.stocks[c] is None:
        return None
    rates = run.countries[c].inputs.investment_return[START:]
    pensioners = present_value(_paid(stock_flows(run, c)), rates)
    stayers = present_value(_paid(stayer_flows(_frozen(run, c), c)), rates) - pensioners

    def movers(case: str) -> float:
        return sum(present_value(outgo(flows_of(cost, case)).sum(axis=0), rates) for _, cost, *_ in sides_of(past, c))

    without, with_ = (AccruedLiability(pensioners, stayers + movers(case), "frozen") for case in ("without", "with"))
    return without, with_


def _frozen(run: RegionRun, c: int) -> RegionRun:
    """The run with the country's stayers out of cover from the first projection year on."""
    country = run.countries[c]
    share = country.inputs.coverage.share.copy()
    share[..., START + 1 :] = 0.0
    inputs = replace(country.inputs, coverage=replace(country.inputs.coverage, share=share))
    frozen = run_country(inputs, run.scale[c], country.calibration)
    events = (insured_events(frozen, run.demography, c, 0, run.streams), insured_events(frozen, run.demography, c, 1, run.streams))

    return replace(
        run,
        countries=_with(run.countries, c, frozen),
        awards=_with(run.awards, c, base_year_awards(frozen)),
        insured=_with(run.insured, c, events),
    )


def _with(values: tuple[T, ...], c: int, value: T) -> tuple[T, ...]:
    return tuple(value if i == c else old for i, old in enumerate(values))


def _paid(flows: StayerFlows) -> Array:
    total: Array = np.sum([flows.pensions, flows.invalidity_pensions, flows.survivors_pensions, flows.lump_sums], axis=0)
    return total
