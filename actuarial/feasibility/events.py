"""Invalidity and death before pension age: which functionals of the lattice price them, and what the functionals found.

1. One functional per part of :class:`actuarial.provisions.event_awards.EventShares`, by scheme, event and rules of an instrument. For invalidity
   there are two of each, for people insured in the scheme at the event and for those insured elsewhere.
2. Amounts are linear in reference earnings. Minimum pensions lift them by the factor that they lift the mean pension of the country's own
   insured of the sex, age band and year (:class:`Lifts`); coordinated ones by the same factor, so that the lift is shared pro rata too.
3. Service in whole half-years is read as at the award of old age: the mean of half a step below and above.
4. A sum in lieu is the law's number of months times the functional, which counts one month of pay for twelve of insurance.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from operator import attrgetter
from typing import Any, Final

import numpy as np

from actuarial.basis.dimensions import FIRST_YEAR, HORIZON, Array, IntArray, year_index
from actuarial.basis.scheme_law import SchemeLaw
from actuarial.careers.country import CountryCareers
from actuarial.careers.events import DEATH, INVALIDITY, EventOutput, EventTables, age_bands, stayer_events
from actuarial.careers.lattice import HOME_COVERED, HOST_COVERED
from actuarial.careers.stayers import StayerOutput
from actuarial.feasibility.award_cells import HALF_STEPS
from actuarial.feasibility.pension_factors import BAND_AGE, BANDS
from actuarial.provisions.coordination import NATIONAL_LAW, AwardRules
from actuarial.provisions.earnings import expected_above_floor
from actuarial.provisions.event_awards import EventShares, death_shares, has_pensions, invalidity_shares

START = year_index(FIRST_YEAR)
Counting = tuple[AwardRules, bool]
"""Rules of an instrument, and whether the other scheme's periods count under it."""
_INVALIDITY_PARTS: Final = ("own", "vested", "topped")
_DEATH_PARTS: Final = ("own", "vested", "topped", "lump_own", "lump_left")


@dataclass(frozen=True)
class EventAwards:
    """Awards on one event [band, residence, year]; amounts are pensions per year before any minimum, or sums for the two lumps.

    people, own, vested_people, vested, topped, lump_own, lump_left   see :class:`actuarial.provisions.event_awards.EventShares`
    """

    people: Array
    own: Array
    vested_people: Array
    vested: Array
    topped: Array
    lump_own: Array
    lump_left: Array


@dataclass(frozen=True)
class Lifts:
    """Factor of minimum pensions on pensions of each event [band, year]."""

    invalidity: Array
    death: Array


@dataclass(frozen=True)
class _Functional:
    side: int
    event: int
    part: str
    here: bool
    counting: Counting | None
    people: bool


class CorridorEvents:
    """Functionals of one corridor and sex for a set of rules, and what a run of the lattice gives for them."""

    def __init__(self, countries: tuple[CountryCareers, CountryCareers], sex: int, rules: tuple[Sequence[Counting], Sequence[Counting]]) -> None:
        """``rules`` are those of the instruments to be priced, for the origin's scheme and for the host's."""
        self._countries, self._sex = countries, sex
        self._index: dict[tuple[Any, ...], int] = {}
        sizes = [country.service_size(sex) for country in countries]
        eligible: list[Array] = []
        share: list[Array] = []
        versions: list[IntArray] = []
        sides: list[int] = []
        events: list[int] = []
        for side, country in enumerate(countries):
            laws, months = country.laws[START:], [c.months_per_credit(sex)[START:] for c in countries]
            versions_of_law = _versions(laws, months[side], months[1 - side])
            for event, kind in ((INVALIDITY, "invalidity"), (DEATH, "death")):
                if not has_pensions(laws[0], kind):
                    continue
                _check_linear(laws)
                for here in (True, False) if event == INVALIDITY else (True,):
                    for counting in (None, *dict.fromkeys(rules[side])):
                        tables = _tables(event, here, counting, versions_of_law, sizes, side)
                        for part, people, amount in _parts(event, counting is None):
                            self._index[side, event, here, counting, part] = len(eligible)
                            eligible.append(tables[people] if people else np.zeros_like(tables["own"]))
                            share.append(tables[amount])
                            versions.append(versions_of_law.of_year)
                            sides.append(side)
                            events.append(event)
        self.tables: EventTables | None = None
        if eligible:
            deepest = max(len(table) for table in eligible)
            counted, worth = (np.stack([_padded(t, deepest) for t in group]) for group in (eligible, share))
            keys = (np.stack(versions), np.array(sides, np.int64), np.array(events, np.int64), age_bands())
            self.tables = EventTables(counted, worth, np.zeros_like(worth), *keys)

    def awards(self, found: EventOutput, side: int, event: int, counting: Counting | None) -> EventAwards:
        """Awards of a scheme under rules, or by national law alone; zeros where the scheme pays no pensions on the event."""
        nothing = np.zeros((BANDS, 2, HORIZON))
        if (side, event, True, None, "own") not in self._index:
            return EventAwards(*(nothing,) * 7)
        k = np.array([law.lump_sum_months_per_year for law in self._countries[side].laws[START:]])

        def read(part: str, rules: Counting | None, people: bool = False) -> Array:
            if rules is None and part in ("vested", "topped"):
                return nothing
            values = found.people if people else found.amount
            return _by_place(lambda here: values[self._index[side, event, here, rules, part]], side, event)

        own = read("own", None)
        lump = read("lump_own", None) * k if event == DEATH else nothing
        left = lump if counting is None or event != DEATH else read("lump_left", counting) * k
        return EventAwards(
            read("own", None, True), own, read("vested", counting, True), read("vested", counting), read("topped", counting), lump, left
        )


def _parts(event: int, national: bool) -> list[tuple[str, str, str]]:
    """(part, table of people, table of amounts) to be evaluated."""
    own = [("own", "own_people", "own")] + ([("lump_own", "", "lump_own")] if event == DEATH else [])
    added = [("vested", "vested_people", "vested"), ("topped", "", "topped")] + ([("lump_left", "", "lump_left")] if event == DEATH else [])
    return own if national else added


@dataclass(frozen=True)
class _Versions:
    """What the shares of a scheme rest on, by version: a law and months per half-year here and elsewhere; ``of_year`` the version of each year."""

    distinct: tuple[tuple[SchemeLaw, float, float], ...]
    of_year: IntArray


def _versions(laws: Sequence[SchemeLaw], own_months: Array, other_months: Array) -> _Versions:
    keys = [(_of_service(law), float(own), float(other)) for law, own, other in zip(laws, own_months, other_months, strict=True)]
    found = {key: n for n, key in enumerate(dict.fromkeys(keys))}
    distinct = []
    for of_law, own, other in found:
        unit = SchemeLaw(laws[0].scheme_id, 0, laws[0].kind, lump_sum_months_per_year=1.0, **dict(zip(_OF_SERVICE, of_law, strict=True)))
        distinct.append((unit, own, other))
    return _Versions(tuple(distinct), np.array([found[key] for key in keys], np.int64))


def _tables(event: int, here: bool, counting: Counting | None, versions: _Versions, sizes: Sequence[int], side: int) -> dict[str, Array]:
    """Tables [version, home service, host service] by part."""
    rules, counts = counting or (NATIONAL_LAW, False)
    found = [_shares(law, event, here, rules, own, other * counts, sizes[0], sizes[1], side) for law, own, other in versions.distinct]
    return {name: np.stack([getattr(shares, name) for shares in found]) for name in EventShares.__dataclass_fields__}


@lru_cache(maxsize=256)
def _shares(
    law: SchemeLaw, event: int, here: bool, rules: AwardRules, own_months: float, other_months: float, home_size: int, host_size: int, side: int
) -> EventShares:
    """Shares per head [home service, host service], worked out once for all corridors and years alike in what they rest on."""
    if event == INVALIDITY and law.invalidity is not None and law.invalidity.projected_share > 0.0:
        raise ValueError(f"{law.scheme_id}: service projected to an age at invalidity is not in the projection")
    home, host = np.indices((home_size, host_size)).astype(float)
    own, other = (home, host) if side == 0 else (host, home)
    at = []
    for shift in HALF_STEPS:
        served = np.where(own > 0.0, (own + shift) * own_months, 0.0)
        if event == INVALIDITY:
            at.append(invalidity_shares(law, served, other * other_months, float(BAND_AGE[-1]), rules, insured_here=here))
        else:
            at.append(death_shares(law, served, other * other_months, rules))
    return EventShares(*(0.5 * (getattr(at[0], f.name) + getattr(at[1], f.name)) for f in fields(EventShares)))


def _check_linear(laws: Sequence[SchemeLaw]) -> None:
    """Raises ``ValueError`` for laws whose pensions on events are not a share of earnings."""
    for law in laws:
        if law.flat_amount > 0.0 or np.isfinite(law.maximum_pension):
            raise ValueError(f"{law.scheme_id} {law.year}: flat or maximum pensions on invalidity and death are not in the projection")


_OF_SERVICE: Final = (
    "first_months", "first_share", "accrual_per_month", "bands", "steps", "maximum_share", "qualifying_months", "lump_sum_minimum_months",
    "invalidity", "survivors",
)  # fmt: skip
_of_service = attrgetter(*_OF_SERVICE)
"""What of a law the shares depend on."""


def _padded(table: Array, depth: int) -> Array:
    return table if len(table) == depth else np.concatenate([table, np.repeat(table[-1:], depth - len(table), axis=0)])


def _by_place(values: Callable[[bool], Array], side: int, event: int) -> Array:
    """[year, band, status] to [band, residence, year]; only the covered become invalid, and where they are covered they live."""
    if event == DEATH:
        by_status = values(True)
        return np.moveaxis(np.stack([by_status[..., 0] + by_status[..., 1], by_status[..., 2] + by_status[..., 3]]), (0, 2), (1, 0))
    places = [values(side == place)[..., status] for place, status in enumerate((HOME_COVERED, HOST_COVERED))]
    return np.moveaxis(np.stack(places), (0, 2), (1, 0))


def stayer_awards_on_events(country: CountryCareers, sex: int, stayers: StayerOutput | None = None) -> dict[int, EventAwards]:
    """Awards of a scheme's own insured who never moved, by event, with one residence; of all of them or of ``stayers``."""
    result: dict[int, EventAwards] = {}
    laws, out = country.laws[START:], stayers or country.stayers[sex]
    side = country.side(sex, out.people.shape[1], len(country.laws), nationals=True)
    versions = _versions(laws, *[country.months_per_credit(sex)[START:]] * 2)
    for event, kind in ((INVALIDITY, "invalidity"), (DEATH, "death")):
        nothing = np.zeros((BANDS, 1, HORIZON))
        if not has_pensions(laws[0], kind):
            result[event] = EventAwards(*(nothing,) * 7)
            continue
        tables = _tables(event, True, None, versions, [country.service_size(sex), 1], 0)
        parts = _parts(event, True)
        eligible = np.stack([tables[people][..., 0] if people else np.zeros_like(tables["own"][..., 0]) for _, people, _ in parts])
        share = np.stack([tables[amount][..., 0] for *_, amount in parts])
        keys = np.zeros(len(parts), np.int64)
        years = np.stack([versions.of_year] * len(parts))
        found = stayer_events(out, side, EventTables(eligible, share, np.zeros_like(share), years, keys, keys + event, age_bands()), START)
        k = np.array([law.lump_sum_months_per_year for law in laws])

        def total(values: Array) -> Array:
            by_band: Array = values.sum(axis=2).T[:, None, :]
            return by_band

        lump = total(found.amount[1]) * k if event == DEATH else nothing
        result[event] = EventAwards(total(found.people[0]), total(found.amount[0]), nothing, nothing, nothing, lump, lump)
    return result


def lifts(country: CountryCareers, stayers: dict[int, EventAwards]) -> Lifts:
    """Minimum pensions over the mean pensions of the country's own insured; 1 where there are none."""
    minimum = np.array([law.minimum_pension for law in country.laws[START:]])

    def factor(awards: EventAwards) -> Array:
        people, amount = awards.people[:, 0], awards.own[:, 0]
        mean = np.divide(amount, people, out=np.zeros_like(amount), where=people > 0.0)
        lifted = expected_above_floor(mean, country.inputs.earnings_cv, np.broadcast_to(minimum, mean.shape))
        result: Array = np.divide(lifted, mean, out=np.ones_like(mean), where=mean > 0.0)
        return result

    return Lifts(factor(stayers[INVALIDITY]), factor(stayers[DEATH]))
