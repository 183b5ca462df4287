"""One-at-a-time sensitivities: the headline results of every scheme when one assumption changes.

1. Every row and side is the whole region run again with one change; nothing is approximated. Rows that leave the projection as it is are priced on
   the projection of the base.
2. Each figure is given in the case without the instrument, in the case with it, and with minus without, and compared with the same figure of the
   base. The base never changes.
3. The region is its pension schemes together: present values in US dollars of the valuation date, PAYG at the exchange rates of its year. Payouts of
   account schemes are the members' own money put off and are in no sum.
4. The combination goes, in each of its rows, to the side that alone raises (lowers) the region's net cost most; a row that does neither stays.
5. Work is cut into chunks, one per projection, whose results are arrays: whoever carries them out, in whatever order, the results are the same.

| symbol | here |
|---|---|
| ``values`` | [country, region last; measure; without, with, with - without] of one outcome |
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from actuarial.basis.dimensions import FIRST_YEAR, VALUATION_YEAR, Array, year_index
from actuarial.basis.errors import InputError, unknown_name
from actuarial.basis.instrument import Instrument
from actuarial.basis.scenario import Scenario
from actuarial.basis.sensitivities import COMBINED, SIDES, Sensitivities, Sensitivity, load_sensitivities, setting_label
from actuarial.execution.checkpoint import Checkpoint
from actuarial.execution.chunks import run_chunks
from actuarial.execution.executors import InProcess, Workers
from actuarial.execution.progress import Silent
from actuarial.feasibility.cashflow import CaseFlows, case_flows
from actuarial.feasibility.engine import RegionRun, evaluate, prepare_region
from actuarial.feasibility.inputs import load_basis
from actuarial.feasibility.levers import PRICED, Change, Study, apply, stands_still
from actuarial.feasibility.study import supported
from actuarial.feasibility.tables import indicator_table
from actuarial.finance.indicators import present_value

START = year_index(FIRST_YEAR)
REGION: Final = "region"
YEARS: Final = (2050, 2075, 2100)
SHARE: Final = "share of insurable earnings"
MEASURES: Final[Mapping[str, str]] = {
    **{f"payg_{year}": SHARE for year in YEARS},
    "gap_75": SHARE,
    "exhaustion_year": "year",
    "pv_net_cost": "national currency, present value",
    "pv_net_cost_usd": "US dollars of the valuation date, present value",
    "pv_net_cost_share_of_earnings": SHARE,
}
"""Headline results and their units; definitions as in :func:`actuarial.feasibility.tables.indicator_table`."""
CASES: Final = ("without", "with", "difference")
OPTIMISTIC: Final = "low"
PESSIMISTIC: Final = "high"
"""Sides of the combination."""
COLUMNS: Final = [
    "key", "title", "group", "side", "setting", "changed", "country", "measure", "unit",
    *(f"{of}{case}" for of in ("base_", "", "delta_") for case in CASES),
]  # fmt: skip
_COST: Final = list(MEASURES).index("pv_net_cost_usd")
_EXHAUSTION: Final = list(MEASURES).index("exhaustion_year")


@dataclass(frozen=True)
class Sources:
    """What every chunk of a run starts from; picklable."""

    data_dir: Path
    scenario: Scenario
    instrument: Instrument

    def study(self) -> Study:
        """Read the basis. Raises :class:`InputError`."""
        return Study(load_basis(self.data_dir, self.scenario), self.scenario, self.instrument)


@dataclass(frozen=True)
class Outcome:
    """A row (or the base, with an empty key), its side, and what it changes."""

    key: str
    side: str
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True)
class Chunk:
    """One projection with ``changes``, and the outcomes that are priced on it, each with further changes of :data:`PRICED` levers."""

    changes: tuple[Change, ...]
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True)
class SensitivityResult:
    """The finished table, and which way each member of the combination went.

    table       :data:`COLUMNS`, one row per outcome, country (and :data:`REGION`) and measure; a date that does not occur is missing
    directions  member, title, optimistic, pessimistic (settings in words, empty where it stays); empty without the combination
    """

    table: pd.DataFrame
    directions: pd.DataFrame


def run_sensitivities(
    sources: Sources, keys: Sequence[str] = (), executor: Workers | None = None, checkpoint: Checkpoint | None = None, progress: Silent | None = None,
) -> SensitivityResult:  # fmt: skip
    """Run the rows named by ``keys`` (all of them, the combination included, when none is named).

    The combination needs its members' own effects, so naming it runs them too. ``executor`` carries the chunks out (default: this process). The
    caller discards ``checkpoint`` when the result is safe; the combination's own, beside it, is discarded here.

    Raises :class:`InputError` for an unknown key, with the nearest, and for inputs that are wrong or not supported.
    """
    sensitivities = load_sensitivities(sources.data_dir)
    wanted = chosen(sensitivities, keys)
    supported(sources.instrument)
    study = sources.study()
    for member in sources.instrument.members:
        if member not in study.basis.countries:
            raise InputError(f"instrument {sources.instrument.id}: {unknown_name('country', member, study.basis.countries)}")
    who, tell = executor or InProcess(), progress or Silent()
    outcomes = [outcome for row in sensitivities.rows if row.key in wanted for outcome in outcomes_of(row)]
    still = {(o.key, o.side) for o in outcomes if stands_still(study, o.changes)}
    chunks = chunks_of(o for o in outcomes if (o.key, o.side) not in still)
    values = _carried_out(chunks, run_chunks(run_chunk, chunks, who, checkpoint, tell, shared=sources))
    base = values["", ""]
    values |= dict.fromkeys(still, base)
    directions = pd.DataFrame(columns=["member", "title", "optimistic", "pessimistic"])
    if COMBINED in wanted:
        ways = directions_of(sensitivities, values)
        both = tuple(Chunk(changes, (Outcome(COMBINED, side),)) for side, changes in combined_changes(sensitivities, ways).items())
        beside = None if checkpoint is None else replace(checkpoint, folder=checkpoint.folder.with_name(f"{checkpoint.folder.name}-{COMBINED}"))
        values |= _carried_out(both, run_chunks(run_chunk, both, who, beside, tell, shared=sources))
        if beside is not None:
            beside.discard()
        directions = _directions_table(sensitivities, ways)
    return SensitivityResult(table_of(sensitivities, study.basis.countries, values, still), directions)


def chosen(sensitivities: Sensitivities, keys: Sequence[str]) -> tuple[str, ...]:
    """Keys to run, in the order of the list: all of them when none is named; members too when the combination is."""
    for key in keys:
        if key != COMBINED:
            sensitivities.row(key)
    wanted = set(keys or sensitivities.keys)
    if COMBINED in wanted:
        wanted |= set(sensitivities.combined.members)
    return tuple(key for key in sensitivities.keys if key in wanted)


def outcomes_of(row: Sensitivity) -> tuple[Outcome, ...]:
    """One outcome per setting of a row, low first."""
    return tuple(Outcome(row.key, side, ((row.lever, row.settings[side]),)) for side in SIDES if side in row.settings)


def chunks_of(outcomes: Iterable[Outcome]) -> tuple[Chunk, ...]:
    """The projection of the base with all outcomes that can be priced on it, then one projection for every other outcome."""
    every = tuple(outcomes)
    priced = tuple(o for o in every if all(lever in PRICED for lever, _ in o.changes))
    return (Chunk((), (Outcome("", ""), *priced)), *(Chunk(o.changes, (replace(o, changes=()),)) for o in every if o not in priced))


def run_chunk(sources: Sources, chunk: Chunk) -> dict[str, Array]:
    """Headline results of a chunk: ``values`` [outcome, country and region, measure, case]."""
    study = apply(sources.study(), chunk.changes)
    variants = [apply(study, outcome.changes) for outcome in chunk.outcomes]
    instruments = list({v.instrument.model_dump_json(): v.instrument for v in variants}.values())
    runs = dict(zip((i.model_dump_json() for i in instruments), evaluate(prepare_region(study.basis, study.scenario), instruments), strict=True))
    # What is priced on one projection differs in the instrument, or in exchange rates, which only tables and administration read.
    priced = [replace(runs[v.instrument.model_dump_json()], basis=v.basis) for v in variants]
    return {"values": np.stack([headline(run) for run in priced])}


def headline(run: RegionRun) -> Array:
    """Headline results ``values`` of one run; missing where a scheme has none."""
    flows = [case_flows(run, c) for c in range(len(run.countries))]
    rows = [_of_scheme(run, c, flows[c]) for c in range(len(run.countries))]
    return np.stack([*rows, _of_region(run, flows)])


def _of_scheme(run: RegionRun, c: int, flows: tuple[CaseFlows, CaseFlows]) -> Array:
    table = indicator_table(run, c, flows).set_index("indicator")
    usd = float(run.basis.economy.exchange_rate[c, year_index(VALUATION_YEAR)])
    rows = []
    for measure in MEASURES:
        of, unit = ("pv_net_cost", usd) if measure == "pv_net_cost_usd" else (measure, 1.0)
        rows.append([float(table.loc[of, case]) / unit for case in CASES])  # type: ignore[arg-type]
    return np.array(rows)


def _of_region(run: RegionRun, flows: Sequence[tuple[CaseFlows, CaseFlows]]) -> Array:
    """Pension schemes together (convention 3)."""
    schemes = [c for c, country in enumerate(run.countries) if country.law.kind == "defined_benefit"]
    result = np.full((len(MEASURES), 3), np.nan)
    if not schemes:
        return result
    exchange, at = run.basis.economy.exchange_rate, year_index(VALUATION_YEAR)
    named = list(MEASURES)
    earnings = sum(_value(run, c, flows[c][0].insurable_earnings) for c in schemes)
    for case in (0, 1):
        for year in YEARS:
            t = year - FIRST_YEAR
            spent = sum(float(flows[c][case].expenditure[t]) / exchange[c, START + t] for c in schemes)
            insured = sum(float(flows[c][case].insurable_earnings[t]) / exchange[c, START + t] for c in schemes)
            result[named.index(f"payg_{year}"), case] = spent / insured
        opening = sum(run.countries[c].inputs.scheme.calibration["reserve"].value / exchange[c, at] for c in schemes)
        spent = sum(_value(run, c, flows[c][case].expenditure) for c in schemes)
        result[named.index("gap_75"), case] = (spent - opening) / sum(_value(run, c, flows[c][case].insurable_earnings) for c in schemes)
        more = [
            (flows[c][case].expenditure - flows[c][0].expenditure) - (flows[c][case].contributions - flows[c][0].contributions) for c in schemes
        ]  # fmt: skip
        cost = math.fsum(_value(run, c, values) for c, values in zip(schemes, more, strict=True))
        result[_COST, case] = cost
        result[named.index("pv_net_cost_share_of_earnings"), case] = cost / earnings
    result[:, 2] = result[:, 1] - result[:, 0]
    return result


def _value(run: RegionRun, c: int, flow: Array) -> float:
    """Present value in US dollars of the valuation date at the return of the scheme's reserve."""
    return present_value(flow, run.countries[c].inputs.investment_return[START:]) / float(
        run.basis.economy.exchange_rate[c, year_index(VALUATION_YEAR)]
    )


def directions_of(sensitivities: Sensitivities, values: Mapping[tuple[str, str], Array]) -> dict[str, dict[str, str]]:
    """The side each member of the combination takes, by side of the combination and member; members that stay are left out."""
    base = values["", ""][-1, _COST, 2]
    ways: dict[str, dict[str, str]] = {OPTIMISTIC: {}, PESSIMISTIC: {}}
    for member in sensitivities.combined.members:
        effects = {side: float(values[member, side][-1, _COST, 2] - base) for side in sensitivities.row(member).settings}
        lowest, highest = min(effects, key=lambda s: effects[s]), max(effects, key=lambda s: effects[s])
        if effects[lowest] < 0.0:
            ways[OPTIMISTIC][member] = lowest
        if effects[highest] > 0.0:
            ways[PESSIMISTIC][member] = highest
    return ways


def combined_changes(sensitivities: Sensitivities, ways: Mapping[str, Mapping[str, str]]) -> dict[str, tuple[Change, ...]]:
    """All changes of each side of the combination."""
    return {
        side: tuple((sensitivities.row(member).lever, dict(sensitivities.row(member).settings)[at]) for member, at in members.items())  # type: ignore[index]
        for side, members in ways.items()
    }


def table_of(
    sensitivities: Sensitivities, countries: Sequence[str], values: Mapping[tuple[str, str], Array], still: set[tuple[str, str]]
) -> pd.DataFrame:
    """The labelled table; countries whose schemes have no results are left out."""
    base = values["", ""]
    named = [*countries, REGION]
    shown = [c for c in range(len(named)) if not np.isnan(base[c]).all()]
    rows = []
    for key in sensitivities.keys:
        for side in SIDES:
            if (key, side) not in values:
                continue
            title, group, setting = _words(sensitivities, key, side)
            found = values[key, side]
            delta = found - base
            # A date that occurs in neither has not moved.
            both = np.isnan(base[:, _EXHAUSTION]) & np.isnan(found[:, _EXHAUSTION])
            delta[:, _EXHAUSTION][both] = 0.0
            for c in shown:
                for m, (measure, unit) in enumerate(MEASURES.items()):
                    head = [key, title, group, side, setting, (key, side) not in still, named[c], measure, unit]
                    rows.append([*head, *base[c, m], *found[c, m], *delta[c, m]])
    return pd.DataFrame(rows, columns=COLUMNS)


def _words(sensitivities: Sensitivities, key: str, side: str) -> tuple[str, str, str]:
    if key == COMBINED:
        return sensitivities.combined.title, sensitivities.combined.group, {OPTIMISTIC: "optimistic", PESSIMISTIC: "pessimistic"}[side]
    row = sensitivities.row(key)
    return row.title, row.group, setting_label(row.unit, dict(row.settings)[side])  # type: ignore[index]


def _directions_table(sensitivities: Sensitivities, ways: Mapping[str, Mapping[str, str]]) -> pd.DataFrame:
    rows = []
    for member in sensitivities.combined.members:
        found = [_words(sensitivities, member, ways[side][member])[2] if member in ways[side] else "" for side in (OPTIMISTIC, PESSIMISTIC)]
        rows.append([member, sensitivities.row(member).title, *found])
    return pd.DataFrame(rows, columns=["member", "title", "optimistic", "pessimistic"])


def _carried_out(chunks: Sequence[Chunk], results: Sequence[Mapping[str, Array]]) -> dict[tuple[str, str], Array]:
    """Values by key and side."""
    found: dict[tuple[str, str], Array] = {}
    for chunk, result in zip(chunks, results, strict=True):
        found |= {(o.key, o.side): row for o, row in zip(chunk.outcomes, result["values"], strict=True)}
    return found
