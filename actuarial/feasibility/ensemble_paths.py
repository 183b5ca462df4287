"""Cash flows of one scheme on many paths of flows, mortality, economy, cover and collection, with and without the instrument.

1. Flows of movers are responses times the path's factors: exact at fixed rates (:mod:`actuarial.feasibility.responses`).
2. Money is kept apart from people. A pension awarded in year t pays, in year u, a_t J_u / J_t times the base: J is the path's level of pensions in
   payment over the base's, a_t what wages and prices up to t make of awards (:mod:`actuarial.feasibility.pay_response`). Balances move with
   contributions and interest of the path.
3. Mortality moves workers and pensioners of a cohort alike (:mod:`actuarial.feasibility.path_people`); how survivors' and invalidity pensions answer
   is measured.
4. Cover and density act at once on contributions, and on awards by the share of the service earned in each year; take-up acts on the part of each
   flow that depends on it: measured too (:mod:`actuarial.feasibility.measured_responses`). Compliance acts on what is collected, and on balances.
5. Effects are multiplied; where they meet the result is an approximation, and :mod:`actuarial.feasibility.ensemble_check` says how good it is by
   projecting whole paths anew. On the base path every flow is that of the projection.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from actuarial.basis.dimensions import HORIZON, Array
from actuarial.feasibility.path_movers import Elasticities, PathMovers, path_movers
from actuarial.feasibility.path_people import PathPeople, path_people, ratio
from actuarial.feasibility.path_rates import PathRates, SchemePaths, path_rates
from actuarial.feasibility.responses import SchemeResponse
from actuarial.feasibility.scheme_basis import SchemeBasis


@dataclass(frozen=True)
class SchemeFlows:
    """Cash flows [path, year] of both cases, (without, with), in national currency of the path.

    opening, closing   the reserve;  discount   factor from mid-year to the valuation date;  prices   level over the base's
    """

    earnings: tuple[Array, Array]
    contributions: tuple[Array, Array]
    expenditure: tuple[Array, Array]
    opening: tuple[Array, Array]
    closing: tuple[Array, Array]
    discount: Array
    prices: Array


def scheme_flows(basis: SchemeBasis, response: SchemeResponse, elasticities: Elasticities, paths: SchemePaths) -> SchemeFlows:
    """Both cases of one scheme on every path."""
    rates = path_rates(basis, paths)
    insured = paths.coverage * paths.density
    logs = [(elasticities.cover, np.log(paths.coverage) @ basis.career.T), (elasticities.density, np.log(paths.density) @ basis.career.T)]
    awards, sums, others = (np.exp(np.sum([getattr(e, kind) * log for e, log in logs], axis=0)) for kind in ("awards", "sums", "other"))
    people = path_people(basis, paths, rates, awards, sums)
    index = np.cumsum(paths.mortality, axis=1) / np.arange(1, HORIZON + 1)
    other = [np.exp(elasticities.other_new * index) * others, np.exp(elasticities.other_stock * index)]
    movers = path_movers(basis, response, elasticities, paths, rates, people)
    worth = rates.pay * insured
    own_earnings = worth * (people.earnings + movers.earnings)
    earnings = own_earnings, own_earnings + worth * movers.posted
    if basis.kind == "account":
        level = _balance_level(basis, rates, worth * paths.compliance * people.earners)
        without = (basis.stayers.account.sum(axis=(0, 1)) + movers.account) * level
        later = movers.later * _put_off_level(basis, rates, movers, level)
        paid = without, without - movers.put_off * level + later
        own = basis.account_administration * level
    else:
        paid = _pensions(basis, people, movers, rates, other, 0), _pensions(basis, people, movers, rates, other, 1)
        own = basis.other_share * own_earnings
    collected = basis.collected * paths.compliance
    own = own + basis.administration * collected * own_earnings
    # Without any mover there is no case and no cost.
    cases = (paths.factors[:, response.corridor, response.part] > 0.0).any(axis=1, keepdims=True)
    coordination = basis.variable_share * np.maximum(movers.extra, 0.0) + basis.fixed_cost * rates.prices * cases
    expenditure = paid[0] + own, paid[1] + own + coordination
    contributions = collected * earnings[0], collected * earnings[1]
    funds = [_roll(basis.opening_reserve, c - x, rates.investment_return) for c, x in zip(contributions, expenditure, strict=True)]
    discount = np.sqrt(1.0 + rates.investment_return) / np.cumprod(1.0 + rates.investment_return, axis=1)
    return SchemeFlows(earnings, contributions, expenditure, (funds[0][0], funds[1][0]), (funds[0][1], funds[1][1]), discount, rates.prices)


def _pensions(basis: SchemeBasis, people: PathPeople, movers: PathMovers, rates: PathRates, other: list[Array], case: int) -> Array:
    """Everything that a scheme with pensions pays to persons, other benefits apart; ``other``: survivors and invalids over the base, new and old."""
    s = basis.stayers
    stock = people.stock + s.other_stock * other[1] * rates.pensions
    pensions = people.new_pensions + s.other_new * other[0] * people.worth + stock
    base = s.new_pensions.sum(axis=(0, 1)) + s.stock.sum(axis=(0, 1)) + s.other_new + s.other_stock
    missing = movers.lost_pensions * ratio(pensions, base) + movers.lost_sums * ratio(people.sums, s.sums.sum(axis=0))
    paid: Array = pensions + people.sums + s.other_sums * rates.awards["stayers"] + missing + movers.pensions[case] + movers.sums[case]
    return paid


def _balance_level(basis: SchemeBasis, rates: PathRates, contributions: Array) -> Array:
    """Balances of stayers at 1 January over those of the base [path, year], ``contributions`` those of the path over those of the base.

    B' = B (1 + i) + (C - P) (1 + i)^(1/2): C of the base is what its balances and payments imply; payments keep their share of balances.
    """
    balances, paid = basis.stayers.balances, basis.stayers.account.sum(axis=(0, 1))
    interest = np.maximum(basis.investment_return - basis.spread, 0.0)
    credited = (balances[1:] - balances[:-1] * (1.0 + interest)) / np.sqrt(1.0 + interest) + paid
    level = np.ones((len(contributions), HORIZON + 1))
    for t in range(HORIZON):
        growth = 1.0 + rates.interest[:, t]
        held = level[:, t] * balances[t] * growth + (credited[t] * contributions[:, t] - paid[t] * level[:, t]) * np.sqrt(growth)
        level[:, t + 1] = held / balances[t + 1] if balances[t + 1] > 0.0 else 1.0
    return level[:, :-1]


def _put_off_level(basis: SchemeBasis, rates: PathRates, movers: PathMovers, level: Array) -> Array:
    """Balances kept thanks to the instrument over those of the base at mid-year [path, year].

    They take in refunds put off, as balances of the year are worth (``level``), earn the path's interest, and pay out the share of themselves that
    they pay in the base.
    """
    interest = np.maximum(basis.investment_return - basis.spread, 0.0)
    found = np.ones_like(level)
    base, path = np.zeros(len(level)), np.zeros(len(level))
    for t in range(HORIZON):
        # At mid-year, before anything is paid out of them.
        base = base * np.sqrt(1.0 + interest[t]) + movers.put_off[:, t]
        path = path * np.sqrt(1.0 + rates.interest[:, t]) + movers.put_off[:, t] * level[:, t]
        known = base > 0.0
        found[:, t] = np.divide(path, base, out=np.ones_like(base), where=known)
        base = (base - movers.later[:, t]) * np.sqrt(1.0 + interest[t])
        path = (path - movers.later[:, t] * found[:, t]) * np.sqrt(1.0 + rates.interest[:, t])
    return found


def _roll(initial: float, net: Array, investment_return: Array) -> tuple[Array, Array]:
    """Opening and closing fund [path, year] with flows at mid-year (:mod:`actuarial.finance.reserve`, debt mode)."""
    opening, closing = np.zeros_like(net), np.zeros_like(net)
    fund = np.full(len(net), initial)
    for t in range(net.shape[1]):
        growth = 1.0 + investment_return[:, t]
        opening[:, t] = fund
        fund = fund * growth + net[:, t] * np.sqrt(growth)
        closing[:, t] = fund
    return opening, closing
