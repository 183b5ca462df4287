"""Kinds of numbers that people write, with bounds that catch the usual slip: per cent where a fraction is meant.

| kind | meaning | bounds |
|---|---|---|
| Share | part of a whole | 0 to 1 |
| RateChange | addition to a yearly rate | -0.20 to 0.20 |
| YearlyRate | yearly growth, inflation or return | -0.50 to 2.00 |
| Multiplier | factor on a rate or stock, 1 = unchanged | 0 to 20 |
| ProjectionYear | calendar year of the projection | first to last year |
| PartOfYear | delay in years | 0 to 1 |
"""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import AfterValidator

from actuarial.basis.dimensions import FIRST_YEAR, LAST_YEAR

LARGEST_RATE_CHANGE: Final = 0.20
LARGEST_MULTIPLIER: Final = 20.0


def _refuse(what: str, value: float, allowed: str, *, per_cent: bool) -> None:
    slip = f"; for {value:g} % write {value / 100:g}" if per_cent else ""
    raise ValueError(f"{what}; found {value:g}, allowed {allowed}{slip}")


def _share(value: float) -> float:
    if not 0 <= value <= 1:
        _refuse("a share is a fraction of a whole", value, "0 to 1", per_cent=1 < value <= 100)
    return value


def _rate_change(value: float) -> float:
    if abs(value) > LARGEST_RATE_CHANGE:
        allowed = f"{-LARGEST_RATE_CHANGE:g} to {LARGEST_RATE_CHANGE:g}"
        _refuse("a change of a yearly rate is a fraction", value, allowed, per_cent=abs(value) <= 100 * LARGEST_RATE_CHANGE)
    return value


def _yearly_rate(value: float) -> float:
    if not -0.5 <= value <= 2.0:
        _refuse("a yearly rate is a fraction", value, "-0.5 to 2", per_cent=-50 <= value <= 200)
    return value


def _multiplier(value: float) -> float:
    if not 0 <= value <= LARGEST_MULTIPLIER:
        allowed = f"0 to {LARGEST_MULTIPLIER:g} (1 = unchanged)"
        _refuse("a factor is a plain number and not negative", value, allowed, per_cent=0 < value <= 100 * LARGEST_MULTIPLIER)
    return value


def _projection_year(value: int) -> int:
    if not FIRST_YEAR <= value <= LAST_YEAR:
        _refuse("the year lies outside the projection", value, f"{FIRST_YEAR} to {LAST_YEAR}", per_cent=False)
    return value


def _part_of_year(value: float) -> float:
    if not 0 <= value <= 1:
        _refuse("a delay is in years", value, "0 to 1", per_cent=False)
    return value


def _amount(value: float) -> float:
    if value < 0:
        _refuse("an amount cannot be negative", value, "0 or more", per_cent=False)
    return value


Share = Annotated[float, AfterValidator(_share)]
RateChange = Annotated[float, AfterValidator(_rate_change)]
YearlyRate = Annotated[float, AfterValidator(_yearly_rate)]
Multiplier = Annotated[float, AfterValidator(_multiplier)]
ProjectionYear = Annotated[int, AfterValidator(_projection_year)]
PartOfYear = Annotated[float, AfterValidator(_part_of_year)]
Amount = Annotated[float, AfterValidator(_amount)]
