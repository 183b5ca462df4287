"""Identities of a run, checked on its own figures every time and printed with the results."""

from __future__ import annotations

import numpy as np
import pandas as pd

from actuarial.basis.dimensions import FIRST_YEAR, year_index
from actuarial.feasibility.cashflow import CaseFlows
from actuarial.feasibility.engine import RegionRun
from actuarial.feasibility.ladder import NAMES, Ladder

START = year_index(FIRST_YEAR)
TOLERANCE = 1e-9
"""The one tolerance of the code base: |a - b| <= 1e-9 x max(|a|, |b|, scale)."""


def check_run(run: RegionRun, flows: list[tuple[CaseFlows, CaseFlows]], ladder: Ladder | None = None) -> pd.DataFrame:
    """Table of identities: name, value (largest relative gap), tolerance, passed.

    Raises ``ArithmeticError`` naming the identity when one fails: a result that breaks an identity is never handed out.
    """
    rows = [
        ("movers of every corridor agree with the demographic projection", _lattice_gap(run)),
        ("covered stayers agree with the coverage target", _cover_gap(run)),
        ("stayers and movers add up to the population aged 15 and over, below pension age", _people_gap(run)),
        ("moves between member states sum to zero", _moves_gap(run)),
        ("reserve: change = income - outgo + investment income", _reserve_gap(flows)),
        ("account balances: closing = opening with interest + contributions - payments", _balance_gap(run, flows)),
        ("amounts by residence sum to benefits", _residence_gap(flows)),
    ]
    if ladder is not None:
        rows.append(("the rungs of the ladder sum to with minus without", _ladder_gap(ladder, flows)))
        rows.append(("Shapley values sum to with minus without", _ladder_gap(ladder, flows, shapley=True)))
    table = pd.DataFrame([{"name": n, "value": v, "tolerance": TOLERANCE, "passed": bool(v <= TOLERANCE)} for n, v in rows])
    for failed in table[~table["passed"]].itertuples():
        raise ArithmeticError(f"identity broken: {failed.name} (relative gap {failed.value:.2e}, allowed {TOLERANCE:.0e})")
    return table


def _relative(gap: np.ndarray, scale: np.ndarray | float) -> float:
    return float(np.max(np.abs(gap) / np.maximum(scale, 1.0))) if np.size(gap) else 0.0


def _lattice_gap(run: RegionRun) -> float:
    return max((r.mismatch / max(float(r.people.max()), 1.0) for r in run.corridors), default=0.0)


def _cover_gap(run: RegionRun) -> float:
    """People short of the coverage target, as a share of those covered."""
    worst = 0.0
    for country in run.countries:
        for out in country.stayers:
            covered = out.people[:, :, 0].sum(axis=(1, 2))
            worst = max(worst, _relative(out.unmet[START:], covered[START + 1 :]))
    return worst


def _people_gap(run: RegionRun) -> float:
    worst = 0.0
    for country in run.countries:
        for sex, out in enumerate(country.stayers):
            total = out.people.sum(axis=(2, 3)) + out.disabled
            expected = country.inputs.residents[sex, 15 : 15 + total.shape[1]].T
            worst = max(worst, _relative(total - expected, float(expected.max())))
    return worst


def _moves_gap(run: RegionRun) -> float:
    d = run.demography
    population = d.population[:, :, 1:, START + 1 :]
    survivors = d.survival[:, :, :-1, START:] * d.population[:, :, :-1, START:-1]
    survivors[:, :, -1] += d.survival[:, :, -1, START:] * d.population[:, :, -1, START:-1]
    intra = population - survivors - d.rest_of_world[:, :, :-1, START:]
    intra[:, :, -1] -= d.rest_of_world[:, :, -1, START:]
    return _relative(intra.sum(axis=0), float(population.max()))


def _reserve_gap(flows: list[tuple[CaseFlows, CaseFlows]]) -> float:
    worst = 0.0
    for pair in flows:
        for f in pair:
            gap = f.reserve.closing - f.reserve.opening - f.contributions + f.expenditure - f.reserve.investment_income
            worst = max(worst, _relative(gap, np.abs(f.reserve.opening) + f.contributions + f.expenditure))
    return worst


def _balance_gap(run: RegionRun, flows: list[tuple[CaseFlows, CaseFlows]]) -> float:
    worst = 0.0
    for c, pair in enumerate(flows):
        country = run.countries[c]
        if country.law.kind != "account":
            continue
        growth = 1.0 + country.crediting[START:]
        opening0 = sum(float(out.amount[START].sum()) for out in country.stayers)
        for case, f in zip(("without", "with"), pair, strict=True):
            movers0 = sum(float(cost.balances[case][0]) for r in run.corridors for cost, i in zip(r.sides, (r.origin, r.host), strict=True) if i == c)
            opening = np.concatenate(([opening0 + movers0], f.member_balances[:-1]))
            expected = opening * growth + (f.contributions - f.benefits) * np.sqrt(growth)
            worst = max(worst, _relative(f.member_balances - expected, np.abs(expected)))
    return worst


def _ladder_gap(ladder: Ladder, flows: list[tuple[CaseFlows, CaseFlows]], *, shapley: bool = False) -> float:
    worst = 0.0
    prices = ladder.shapley if shapley else ladder.steps
    branches = NAMES.index("short_term")
    for c, (without, with_) in enumerate(flows):
        total = with_.expenditure - with_.contributions - without.expenditure + without.contributions
        gap = prices[c].sum(axis=0) - prices[c, branches] - total
        worst = max(worst, _relative(gap, without.expenditure))
    return worst


def _residence_gap(flows: list[tuple[CaseFlows, CaseFlows]]) -> float:
    return max(_relative(f.residence.sum(axis=0) - f.benefits, f.benefits) for pair in flows for f in pair)
