"""The figures that a comparison sets side by side, each with minus without the instrument, for every state and combination.

1. Net cost and its parts are those of pensions (old age, invalidity, survivors) and of administration, in present value at the valuation date at the
   return on each scheme's own reserve, in US dollars at the exchange rate of that date. The parts sum to it.
2. Cost rates, premium and net cost exist for schemes that promise pensions by formula. Accounts put payments off instead of adding to them; they
   bear administration alone. A figure that has no meaning for a scheme is missing (NaN), which is not zero.
3. Branches beside pensions stand apart: they have accounts of their own and are not in the net cost.
4. Transfers are pensions between residents and schemes of different partner states, in the same present values. What is paid is received, so the
   net change sums to zero over the region.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Final, Literal

import pandas as pd

from actuarial.feasibility.result import SchemeResult, StudyResult
from actuarial.reporting import frames
from actuarial.reporting.compare_set import Combination, Comparison
from actuarial.reporting.cost_parts import CostParts, cost_parts
from actuarial.reporting.language import marked

YEAR: Final = 2050
REGION: Final = "region"
"""Label of the sum over the states."""


@dataclass(frozen=True)
class Measure:
    """One figure of a comparison: its title and a short one for narrow columns; ``form`` says how it is written, ``adds`` whether states sum."""

    name: str
    title: str
    head: str
    form: Literal["usd", "points", "persons"]
    adds: bool


MEASURES: Final = (
    Measure("net_cost_usd", marked("Net cost of pensions and administration, present value"), marked("Net cost"), "usd", True),
    Measure("gap_75", marked("Change of the general average premium over 75 years"), marked("Average premium"), "points", False),
    Measure("payg_2050", marked("Change of the PAYG cost rate in 2050"), marked("PAYG 2050"), "points", False),
    Measure("extra_pensioners_2050", marked("Pensioners thanks to the instrument in 2050"), marked("Pensioners 2050"), "persons", True),
    Measure("administration_usd", marked("Administration of the instrument (assumed), present value"), marked("Administration"), "usd", True),
    Measure("branches_usd", marked("Branches beside pensions (injury, health and others), present value"), marked("Other branches"), "usd", True),
    Measure("paid_abroad_usd", marked("Pensions to residents of partner states, change, present value"), marked("Paid abroad"), "usd", True),
    Measure("received_usd", marked("Pensions from schemes of partner states, change, present value"), marked("Received"), "usd", True),
    Measure("net_received_usd", marked("Received less paid, change, present value"), marked("Received less paid"), "usd", True),
)
PARTS: Final[dict[str, str]] = {
    "exported": marked("pensions on own periods, paid abroad or kept instead of refunded"),
    "totalisation": marked("pensions opened by adding periods"),
    "topped_up": marked("own pensions changed by adding periods"),
    "resumed": marked("suspended pensions that are paid again"),
    "payouts": marked("payouts of accounts"),
    "lump_sums": marked("lump sums and grants"),
    "refunds": marked("refunds on leaving"),
    "contributions": marked("contributions of posted workers"),
    "administration": marked("administration of the instrument (assumed)"),
}
"""Parts of the net cost."""


Row = dict[str, float]
"""Figures by letter of the combination."""
Figures = dict[str, dict[str, Row]]
"""Figures by measure and country (:data:`REGION` last, where sums mean something), then letter. NaN: has no meaning."""
Parts = dict[str, dict[str, Row]]
"""Parts of the net cost in US dollars by country and part, then letter."""


def figures(comparison: Comparison) -> Figures:
    """Every measure for every state and combination."""
    by_letter = {c.letter: _of_study(c.study) for c in comparison.combinations}
    base = by_letter[comparison.base.letter]
    return {m: {code: {letter: found[m][code] for letter, found in by_letter.items()} for code in base[m]} for m in base}


def tidy(found: Figures) -> pd.DataFrame:
    """The same as a table: rows measure and country, one column per letter."""
    rows = {(measure, country): row for measure, by_country in found.items() for country, row in by_country.items()}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis(["measure", "country"])


def known(row: Row) -> Row:
    """The figures of a row that have a meaning."""
    return {letter: value for letter, value in row.items() if math.isfinite(value)}


def _of_study(study: StudyResult) -> dict[str, dict[str, float]]:
    moved = _transfers(study)
    values: dict[str, dict[str, float]] = {}
    for measure in MEASURES:
        column = {code: _value(measure.name, scheme, moved) for code, scheme in study.schemes.items()}
        if measure.adds:
            finite = [v for v in column.values() if math.isfinite(v)]
            column[REGION] = math.fsum(finite) if finite else math.nan
        values[measure.name] = column
    return values


def _transfers(study: StudyResult) -> dict[str, pd.Series[float]]:
    """Pensions paid to and received from partner states by country, with minus without; empty where the study has no present values."""
    if study.transfers_pv.empty:
        return {}
    matrix = frames.transfer_values(study, None, "pensions")
    for code in matrix.index:
        matrix.loc[code, code] = 0.0
    paid, received = matrix.sum(axis=1), matrix.sum(axis=0)
    return {"paid_abroad_usd": paid, "received_usd": received, "net_received_usd": received - paid}


def _value(name: str, scheme: SchemeResult, moved: dict[str, pd.Series[float]]) -> float:
    if name.endswith("received_usd") or name == "paid_abroad_usd":
        payer = name == "received_usd" or frames.collects(scheme) or name == "net_received_usd"
        return float(moved[name].get(scheme.country, 0.0)) if moved and payer else math.nan
    if name == "administration_usd":
        return cost_parts(scheme).administration / scheme.exchange_rate_usd if frames.collects(scheme) else math.nan
    if name == "branches_usd":
        return _branches(scheme)
    if scheme.kind != frames.DEFINED_BENEFIT:
        return math.nan
    if name == "net_cost_usd":
        return frames.indicator(scheme, "pv_net_cost", "difference") / scheme.exchange_rate_usd
    if name == "extra_pensioners_2050":
        return float(scheme.gains.loc[scheme.gains["year"] == YEAR, "extra_pensioners"].sum())
    return frames.indicator(scheme, name, "difference")


def _branches(scheme: SchemeResult) -> float:
    """What the instrument adds in branches beside pensions, borne by the scheme; not in its net cost."""
    if not frames.collects(scheme):
        return math.nan
    table = scheme.branch_causes
    return float(table.loc[table["payer"] == "scheme", "pv"].sum()) / scheme.exchange_rate_usd if len(table) else 0.0


def parts_usd(scheme: SchemeResult) -> dict[str, float]:
    """Parts of the net cost of a scheme in US dollars, named as in :data:`PARTS`."""
    parts = cost_parts(scheme)
    return {f.name: float(getattr(parts, f.name)) / scheme.exchange_rate_usd for f in fields(CostParts) if f.name in PARTS}


def parts_of(comparison: Comparison) -> Parts:
    """Parts of the net cost of every scheme with pensions by formula in a combination; NaN for combinations in which it is none."""
    found = {
        c.letter: {s.country: parts_usd(s) for s in c.study.schemes.values() if s.kind == frames.DEFINED_BENEFIT} for c in comparison.combinations
    }
    codes = [code for code in comparison.base.study.schemes if any(code in column for column in found.values())]
    nothing = dict.fromkeys(PARTS, math.nan)
    return {code: {part: {x: column.get(code, nothing)[part] for x, column in found.items()} for part in PARTS} for code in codes}


@dataclass(frozen=True)
class Checked:
    """One thing that must hold of a comparison: how far it is off, relative, and what is allowed."""

    letter: str
    name: str
    deviation: float
    tolerance: float

    @property
    def holds(self) -> bool:
        """Whether the deviation is allowed."""
        return self.deviation <= self.tolerance


PARTS_SUM: Final = marked("the parts of the net cost sum to it")
PAID_IS_RECEIVED: Final = marked("pensions paid across borders are pensions received")
SAME_WITHOUT: Final = marked("without the instrument, the scenario gives the same figures as with the first instrument it was run with")
ENGINE: Final = marked("checks of the engine that failed")
TOLERANCE: Final = 1e-9


def checks(comparison: Comparison) -> list[Checked]:
    """What must hold within each combination and between those of one scenario."""
    made: list[Checked] = []
    first: dict[str, Combination] = {}
    table, parts = figures(comparison), parts_of(comparison)
    for c in comparison.combinations:
        net = {code: row[c.letter] for code, row in table["net_cost_usd"].items() if code != REGION and math.isfinite(row[c.letter])}
        own = {code: [row[c.letter] for row in parts[code].values()] for code in net}
        off = max((abs(math.fsum(own[code]) - net[code]) for code in net), default=0.0)
        made.append(Checked(c.letter, PARTS_SUM, off / _scale([v for values in own.values() for v in values]), TOLERANCE))
        moved = {code: row[c.letter] for code, row in table["net_received_usd"].items() if math.isfinite(row[c.letter])}
        made.append(Checked(c.letter, PAID_IS_RECEIVED, abs(moved.get(REGION, 0.0)) / _scale(moved.values()), TOLERANCE))
        other = first.setdefault(c.scenario_name, c)
        if other is not c:
            made.append(Checked(c.letter, SAME_WITHOUT, _without_gap(other.study, c.study), TOLERANCE))
        made.append(Checked(c.letter, ENGINE, float((~c.study.checks["passed"].astype(bool)).sum()), 0.0))
    return made


def _scale(values: Iterable[float]) -> float:
    """The largest amount, at least one US dollar."""
    return max((abs(v) for v in values), default=0.0) or 1.0


def _without_gap(one: StudyResult, two: StudyResult) -> float:
    """Largest relative difference of the yearly figures without the instrument, each column against its largest value."""
    worst = 0.0
    for code, scheme in one.schemes.items():
        a, b = (frames.case(s, "without").drop(columns="case").astype(float) for s in (scheme, two.schemes[code]))
        size = a.abs().max().clip(lower=1e-12)
        worst = max(worst, float(((a - b).abs().max() / size).max()))
    return worst
