"""Which corridors of a region to simulate."""

from __future__ import annotations

from collections.abc import Sequence

from actuarial.basis.errors import InputError, unknown_name
from actuarial.feasibility.engine import PreparedRegion
from actuarial.feasibility.microsimulation import START

ALL = "all"


def corridor_names(prepared: PreparedRegion) -> list[str]:
    """``ORIGIN-HOST`` of every corridor, in the region's order."""
    codes = prepared.basis.countries
    return [f"{codes[o]}-{codes[h]}" for o, h in prepared.demography.corridors]


def collecting_corridors(prepared: PreparedRegion) -> list[int]:
    """Positions of the corridors with a collecting scheme at one end."""
    return [k for k, pair in enumerate(prepared.demography.corridors) if any(prepared.countries[int(c)].law.collecting for c in pair)]


def usual_corridors(prepared: PreparedRegion) -> list[int]:
    """Of each pair of kinds of scheme (origin, host) the corridor with most movers abroad at the valuation date: every kind of account is met."""
    stock = prepared.demography.movers_abroad[..., START].sum(axis=(1, 2))
    largest: dict[tuple[str, str], int] = {}
    for k in collecting_corridors(prepared):
        o, h = (prepared.countries[int(c)].law for c in prepared.demography.corridors[k])
        kinds = o.kind if o.collecting else "none", h.kind if h.collecting else "none"
        if kinds not in largest or stock[k] > stock[largest[kinds]]:
            largest[kinds] = k
    return sorted(largest.values())


def chosen_corridors(prepared: PreparedRegion, names: Sequence[str]) -> list[int]:
    """Positions of the corridors named; ``all`` for every one with a collecting scheme, none named for :func:`usual_corridors`.

    Raises :class:`InputError` for a name that is no corridor, and for a corridor without a collecting scheme.
    """
    if not names:
        return usual_corridors(prepared)
    collecting = collecting_corridors(prepared)
    if ALL in names:
        return collecting
    known, chosen = corridor_names(prepared), []
    for name in names:
        if name not in known:
            raise InputError(unknown_name("corridor", name, known))
        if known.index(name) not in collecting:
            raise InputError(f"corridor {name}: neither country has a collecting scheme, nobody is insured")
        chosen.append(known.index(name))
    return sorted(set(chosen))
