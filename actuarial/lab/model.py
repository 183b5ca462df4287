"""The model that an explorer recombines: every scheme's units, its basis, and what wages do to awards.

Preparing takes about a minute: the region is projected once, all combinations of legal steps are priced on it, and it is projected twice more at
other wages and prices (:mod:`actuarial.feasibility.pay_response`). Nothing of that is needed again while levers move.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from actuarial.basis.instrument import Instrument
from actuarial.feasibility.break_even import take_up_limits
from actuarial.feasibility.engine import PreparedRegion
from actuarial.feasibility.pay_response import PayResponse, pay_responses
from actuarial.feasibility.scheme_basis import SchemeBasis, scheme_basis
from actuarial.feasibility.stayer_ages import stayer_ages
from actuarial.lab.units import Units, units

Progress = Callable[[str, float], None]
MOST_TAKE_UP: Final = 2.0


@dataclass(frozen=True)
class SchemeModel:
    """One collecting scheme."""

    country: str
    country_name: str
    title: str
    currency: str
    legal_rate: tuple[float, ...]
    basis: SchemeBasis
    units: Units


@dataclass(frozen=True)
class ExplorerModel:
    """All collecting schemes of a region under one scenario and one instrument.

    members        every country of the region;  corridors: names of all corridors, by number
    take_up_limit  factor on take-up up to which nobody is capped, where the model is exact; at least 1, which is priced itself
    """

    scenario: str
    instrument: str
    members: tuple[str, ...]
    corridors: tuple[str, ...]
    take_up_limit: float
    schemes: dict[str, SchemeModel]


def prepare_model(
    prepared: PreparedRegion, instrument: Instrument, progress: Progress | None = None, *, measure_wages: bool = True
) -> ExplorerModel:
    """The model of a prepared region. ``progress`` is told the stage and the share done, 0 to 1.

    ``measure_wages``: measure how awards follow wages (two more projections); otherwise they follow nominal pay of the years of reference.
    """
    tell = progress or (lambda _stage, _share: None)
    collecting = [c for c, country in enumerate(prepared.countries) if country.law.collecting]
    stayers = {c: stayer_ages(prepared, c) for c in collecting}
    found, run = units(prepared, instrument, stayers, lambda stage, share: tell(stage, share * (0.6 if measure_wages else 1.0)))
    pay: tuple[PayResponse | None, ...] = (None,) * len(prepared.countries)
    if measure_wages:
        tell("how awards follow wages and prices", 0.6)
        pay = pay_responses(prepared, instrument, run)
    tell("done", 1.0)
    codes, region = prepared.basis.countries, prepared.basis.region
    schemes = {}
    for c in collecting:
        scheme, basis = prepared.basis.schemes[c], scheme_basis(prepared, instrument, c, pay[c])
        rates = tuple(float(law.contribution_rate) for law in prepared.countries[c].laws[-len(basis.inflation) :])
        schemes[codes[c]] = SchemeModel(codes[c], region.names[c], scheme.title, scheme.currency, rates, basis, found[c])
    limit = take_up_limits(instrument, prepared.scenario.payment.take_up_factor)[0]
    return ExplorerModel(
        scenario=prepared.scenario.name,
        instrument=instrument.id,
        members=tuple(codes),
        corridors=tuple(f"{codes[int(o)]}-{codes[int(d)]}" for o, d in prepared.demography.corridors),
        take_up_limit=float(np.clip(limit, 1.0, MOST_TAKE_UP)),
        schemes=schemes,
    )
