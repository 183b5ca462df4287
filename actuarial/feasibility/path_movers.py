"""Flows of movers on a path: responses times factors, then wages, indexation, mortality, cover and take-up of the path.

Old-age pensions of movers are weighted by year of award as awards of movers in the case are, and last as those of stayers do; those that the
instrument adds by the awards that it adds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from actuarial.basis.dimensions import HORIZON, Array
from actuarial.feasibility.path_people import PathPeople
from actuarial.feasibility.path_rates import PathRates, SchemePaths
from actuarial.feasibility.responses import ITEMS, MOVER_ITEMS, SchemeResponse
from actuarial.feasibility.scheme_basis import SchemeBasis

SUMS = ("settlements", "commutations", "refunds", "grants")
ELASTIC = (
    "pensions_without", "pensions_more", "pensions_added", "pensions_resumed",
    *(f"{name}_{case}" for name in SUMS for case in ("without", "more")),
)  # fmt: skip


@dataclass(frozen=True)
class Served:
    """Per cent that a flow moves for one per cent more service behind it [year].

    awards, sums   of stayers by award year;  other  their survivors' and invalidity pensions by year of payment;  items  :data:`ELASTIC`
    """

    awards: Array
    sums: Array
    other: Array
    items: Mapping[str, Array]

    @classmethod
    def none(cls) -> Served:
        """Service changes nothing."""
        return cls(np.zeros(HORIZON), np.zeros(HORIZON), np.zeros(HORIZON), {name: np.zeros(HORIZON) for name in ELASTIC})


@dataclass(frozen=True)
class Elasticities:
    """What was measured of one scheme (:mod:`actuarial.feasibility.measured_responses`).

    cover, density           by service
    other_new, other_stock   log change of survivors' and invalidity pensions per unit of the mean mortality index so far [year]
    take_up                  part of each flow that is in proportion to take-up [year]
    """

    cover: Served
    density: Served
    other_new: Array
    other_stock: Array
    take_up: Mapping[str, Array]

    @classmethod
    def none(cls) -> Elasticities:
        """Nothing is measured: cover acts on contributions alone, take-up on nothing."""
        return cls(Served.none(), Served.none(), np.zeros(HORIZON), np.zeros(HORIZON), {name: np.zeros(HORIZON) for name in ELASTIC})


def elastic_items(items: Mapping[str, Array]) -> dict[str, Array]:
    """The flows that elasticities are about, from :data:`ITEMS`: those of the case without, and what the instrument makes of them."""
    result = {
        "pensions_without": items["pensions_without"],
        "pensions_more": items["pensions_own"] - items["pensions_without"],
        "pensions_added": items["pensions_added"],
        "pensions_resumed": items["pensions_resumed"],
    }
    for name in SUMS:
        result[f"{name}_without"] = items[f"{name}_without"]
        result[f"{name}_more"] = items[f"{name}_with"] - items[f"{name}_without"]
    return result


@dataclass(frozen=True)
class Vintages:
    """Weights of pensions of movers paid in a year by the year of their award [award year, year], columns that sum to 1 or 0."""

    own: Array
    more: Array

    @classmethod
    def of(cls, basis: SchemeBasis, response: SchemeResponse) -> Vintages:
        """From awards in both cases, and from how long pensions of stayers last."""
        s = basis.stayers
        lasting = np.zeros((HORIZON, HORIZON))
        awarded = s.awarded.sum(axis=0)
        for sex, age in enumerate(s.award_age):
            for t in range(HORIZON):
                ages = np.minimum(age + np.arange(HORIZON - t), s.new_pensions.shape[1] - 1)
                lasting[t, t:] += s.new_pensions[sex, ages, np.arange(t, HORIZON)]
        per_award = np.divide(lasting, awarded[:, None], out=np.zeros_like(lasting), where=awarded[:, None] > 0.0)
        without, with_ = response.awarded
        return cls(_shares(without[:, None] * per_award), _shares(np.maximum(with_ - without, 0.0)[:, None] * per_award))

    def served(self, career: Array) -> dict[str, Array]:
        """Share of service earned in each year of the projection [year of payment, year], behind each elastic item."""
        pensions = {"pensions_without": self.own.T @ career, "pensions_more": self.more.T @ career, "pensions_added": self.more.T @ career}
        return {name: pensions.get(name, career) for name in ELASTIC}


def _shares(weights: Array) -> Array:
    total = weights.sum(axis=0)
    shares: Array = np.divide(weights, total, out=np.zeros_like(weights), where=total > 0.0)
    return shares


@dataclass(frozen=True)
class PathMovers:
    """Arrays [path, year] in money of the path unless said otherwise.

    earnings, posted   at the wages of the base, leavers missing at home included in the first
    pensions, sums     [without, with]: pensions; lump sums, sums with pensions, refunds and grants
    lost_pensions, lost_sums   what leavers would have had at home (negative), in money of the base
    account            from accounts without the instrument, in the base economy;  put_off: refunds of it that the instrument puts off;  later: what
                       is paid out of those put off
    extra              pensions and sums with them that are paid thanks to the instrument
    """

    earnings: Array
    posted: Array
    pensions: tuple[Array, Array]
    sums: tuple[Array, Array]
    lost_pensions: Array
    lost_sums: Array
    account: Array
    put_off: Array
    later: Array
    extra: Array


def path_movers(
    basis: SchemeBasis, response: SchemeResponse, elasticities: Elasticities, paths: SchemePaths, rates: PathRates, people: PathPeople
) -> PathMovers:
    """Movers of one scheme on every path."""
    values = response.at(paths.factors)
    # Those who leave in the base are missing in the base of stayers already.
    values[:, MOVER_ITEMS:] -= response.flows[MOVER_ITEMS:].sum(axis=1)
    base = {name: values[:, i] for i, name in enumerate(ITEMS)}
    item = elastic_items(base)
    vintages = Vintages.of(basis, response)
    kernels = vintages.served(basis.career)
    cover, density = np.log(paths.coverage), np.log(paths.density)
    claims = _weighted(paths.take_up, vintages.more)
    for name, kernel in kernels.items():
        served = _cover(elasticities.cover.items[name], cover @ kernel.T, paths.cover_elsewhere @ kernel.T)
        served = served * _cover(elasticities.density.items[name], density @ kernel.T, paths.density_elsewhere @ kernel.T)
        claimed = (claims if name.startswith("pensions") and name != "pensions_resumed" else paths.take_up) - 1.0
        item[name] = item[name] * served * (1.0 + elasticities.take_up[name] * claimed)
    own, more = (
        rates.pensions * _weighted(rates.awards[name] / rates.pensions, weights) * people.pensioners
        for name, weights in (("own", vintages.own), ("more", vintages.more))
    )
    worth = rates.awards["stayers"] * people.awarded
    without = item["pensions_without"] * own
    extra = (item["pensions_more"] + item["pensions_added"]) * more + item["pensions_resumed"] * rates.pensions * people.old_pensioners
    sums = [np.sum([item[f"{name}_{part}"] for name in SUMS], axis=0) * worth for part in ("without", "more")]
    put_off = base["refunds_without"] - base["refunds_with"]
    return PathMovers(
        earnings=(base["earnings"] + base["stay_earnings"]) * people.earners,
        posted=base["posted_earnings"] * people.earners,
        pensions=(without, without + extra),
        sums=(sums[0], sums[0] + sums[1]),
        lost_pensions=base["stay_pensions"],
        lost_sums=base["stay_sums"],
        account=base["account_without"] + base["stay_account"],
        put_off=put_off,
        later=base["account_with"] - base["account_without"] + put_off,
        extra=extra + item["commutations_more"] * worth,
    )


def _cover(elasticity: Array, own: Array, elsewhere: Array) -> Array:
    """Factor of cover: amounts follow own service in proportion at most, what goes beyond comes from periods added, which are served elsewhere."""
    direct = np.minimum(elasticity, 1.0)
    factor: Array = np.exp(direct * own + (elasticity - direct) * elsewhere)
    return factor


def _weighted(values: Array, weights: Array) -> Array:
    """Mean of ``values`` [path, award year] by year of payment, 1 where nothing is paid."""
    paid = weights.sum(axis=0) > 0.0
    return np.where(paid, values @ weights, 1.0)
