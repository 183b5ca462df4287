"""A setting of the lab: which legal steps are on, and where the levers stand, each with what is known of its exactness.

A lever is *exact* when the answer is the one that a projection gives, up to rounding; the tests hold it to that. The others are approximations that
come from measured responses. How far they are from projecting the whole region anew is measured by ``benchmarks/explore.py`` on the base scenario.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from actuarial.basis.errors import InputError, unknown_name
from actuarial.feasibility.ladder import LADDER, NAMES

TITLES: Final = {rung.name: rung.title for rung in LADDER}


@dataclass(frozen=True)
class Lever:
    """A number that can be moved.

    base     value at which nothing is changed
    exact    what is exact about it, and what is not
    """

    name: str
    title: str
    unit: str
    low: float
    high: float
    step: float
    base: float
    exact: str


LEVERS: Final = (
    Lever(
        "take_up", "Take-up of claims", "times the instrument's curve", 0.0, 2.0, 0.05, 1.0,
        "Exact, up to the point where everybody claims in some year; the slider ends there.",
    ),
    Lever(
        "flows", "People who will move", "times first moves from 2026 on", 0.0, 3.0, 0.1, 1.0,
        "Exact for movers at the rates of the base. A projection anew also changes who is left to move: at half or one and a half times the net "
        "costs differ by less than 0.1 %, cost rates by less than 0.3 %.",
    ),
    Lever(
        "stock", "People who have moved", "times movers abroad at the start", 0.0, 3.0, 0.1, 1.0,
        "Exact for movers at the rates of the base. A projection anew takes them out of the residents: at one and a half times the net costs differ "
        "by less than 0.5 %, cost rates by less than 2 %.",
    ),
    Lever(
        "real_wage", "Growth of real wages", "percentage points a year, added", -0.02, 0.02, 0.0025, 0.0,
        "Approximate: how awards, ceilings and minimum pensions follow wages is measured once. For one point a year the net costs differ from a "
        "projection anew by up to 12 %, cost rates by less than 3 %.",
    ),
    Lever(
        "real_return", "Real return of the fund", "percentage points a year, added", -0.03, 0.03, 0.0025, 0.0,
        "Exact for pension schemes: reserve and discounting are computed anew. Approximate for accounts, whose balances earn it: for one point the "
        "net costs differ from a projection anew by up to 10 %, cost rates by less than 3 %.",
    ),
)  # fmt: skip
"""What the sliders move. ``real_wage`` and ``real_return`` are fractions: 0.01 is one percentage point."""
BY_NAME: Final = {lever.name: lever for lever in LEVERS}


@dataclass(frozen=True)
class Setting:
    """Where everything stands; the default is the base: the scenario and the instrument as they are.

    rungs      names of the legal steps that are on (:data:`~actuarial.feasibility.ladder.NAMES`)
    take_up    factor on the instrument's take-up curve;  flows, stock: on first moves from 2026 on, on movers abroad at the valuation date
    corridors  factors on first moves of single corridors, ``{"UGA-KEN": 1.5}``, on top of ``flows``
    real_wage, real_return   added to the yearly real rates from 2026 on, as fractions

    Raises :class:`~actuarial.basis.errors.InputError` for an unknown step and for a value that is not a number or makes no sense.
    """

    rungs: tuple[str, ...] = NAMES
    take_up: float = 1.0
    flows: float = 1.0
    stock: float = 1.0
    real_wage: float = 0.0
    real_return: float = 0.0
    corridors: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in self.rungs:
            if name not in NAMES:
                raise InputError(unknown_name("legal step", name, NAMES))
        for name in ("take_up", "flows", "stock"):
            _within(name, getattr(self, name), 0.0, 10.0)
        for name in ("real_wage", "real_return"):
            _within(name, getattr(self, name), -0.1, 0.1)
        for corridor, factor in self.corridors.items():
            _within(f"corridor {corridor}", factor, 0.0, 10.0)
        object.__setattr__(self, "rungs", tuple(name for name in NAMES if name in self.rungs))

    @property
    def off(self) -> tuple[str, ...]:
        """Names of the legal steps that are switched off, in the order of the ladder."""
        return tuple(name for name in NAMES if name not in self.rungs)

    def moved(self) -> tuple[str, ...]:
        """Names of the levers that do not stand at their base, corridors last."""
        return tuple(lever.name for lever in LEVERS if getattr(self, lever.name) != lever.base) + (("corridors",) if self.corridors else ())


def _within(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise InputError(f"{name}: found {value!r}; allowed is {low:g} to {high:g}")
