"""Values of a scheme file: figures with their evidence, and parameters of the law as dated series.

1. A figure never stands alone: it has a unit, sources (numbers of the list ``sources:`` at the top of the file), the
   year it belongs to, a confidence word, and a reason whenever it was not read in a source.
2. Confidence: ``verified`` an official page or legal text was read, or independent sources agree; ``partial`` one
   secondary or old source, or sources in conflict; ``recalled`` professional memory; ``derived`` computed from other
   figures; ``assumed`` chosen here.
3. Rates and shares are fractions. Amounts say their currency and period (``KES per month``).
4. A parameter of the law is a series of dated values; each holds from its date until the next.
"""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, ConfigDict, Field, field_validator, model_validator

from actuarial.basis.figure import Confidence
from actuarial.basis.yaml_file import StrictModel

Index = Literal["wages", "prices", "none"]
Standing = Literal["current", "past", "future", "proposed", "observation"]

PERIODS_PER_YEAR: Final = {"per month": 12.0, "per year": 1.0}


def _as_tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value if isinstance(value, tuple) else (value,)


def _as_date(value: Any) -> Any:
    return date(value, 1, 1) if isinstance(value, int) and not isinstance(value, bool) else value


def _as_number(value: Any) -> Any:
    if isinstance(value, str) and re.fullmatch(r"\d+/\d+", value):
        return float(Fraction(value))
    return value


Sources = Annotated[tuple[int, ...], BeforeValidator(_as_tuple)]
Start = Annotated[date, BeforeValidator(_as_date)]
Number = Annotated[float, BeforeValidator(_as_number)]


class Item(StrictModel):
    """Base of every part of the file."""

    model_config = ConfigDict(populate_by_name=True)


class Evidence(Item):
    """Where a value comes from and how far to rely on it."""

    source: Sources = ()
    year: int | str
    confidence: Confidence
    reason: str = ""

    @model_validator(mode="after")
    def _explained(self) -> Evidence:
        if self.confidence in ("verified", "partial") and not self.source:
            raise ValueError(f"confidence '{self.confidence}' needs at least one source number")
        if self.confidence in ("recalled", "derived", "assumed") and not self.reason:
            raise ValueError(f"confidence '{self.confidence}' needs a reason")
        return self


class Figure(Evidence):
    """One fact: a number, a yes or no, or a rule in words."""

    value: bool | int | float | str
    unit: str
    standing: Standing = "current"

    @field_validator("value", mode="before")
    @classmethod
    def _fraction(cls, value: Any) -> Any:
        return _as_number(value)


class Flag(Figure):
    """A yes or no."""

    value: bool


class IndexChoice(Figure):
    """Which index something follows."""

    value: Index


class DatedValue(Evidence):
    """A value of the law that holds from a date on."""

    start: Start = Field(alias="from")
    value: Number
    standing: Standing = "current"


class Series(Item):
    """A parameter through time. ``{value, unit, source, year, ...}`` is short for a single value that always held."""

    unit: str
    values: tuple[DatedValue, ...] = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _single_value(cls, data: Any) -> Any:
        if isinstance(data, dict) and "value" in data and "values" not in data:
            own = {
                key: data[key] for key in ("value", "source", "year", "confidence", "reason", "standing") if key in data
            }
            rest = {key: item for key, item in data.items() if key not in own}
            own["from"] = date(1900, 1, 1)
            return {**rest, "values": (own,)}
        return data

    @model_validator(mode="after")
    def _dates_ascend(self) -> Series:
        starts = [value.start for value in self.values]
        if any(later <= earlier for earlier, later in zip(starts, starts[1:], strict=False)):
            raise ValueError(f"dates must ascend, found {', '.join(str(start) for start in starts)}")
        return self


class Rate(Series):
    """A share or rate as a fraction of one."""

    @model_validator(mode="after")
    def _fraction_of_one(self) -> Rate:
        for item in self.values:
            if not 0.0 <= item.value <= 1.0:
                hint = f"; for {item.value:g} per cent write {item.value / 100:g}" if 1.0 < item.value <= 100.0 else ""
                raise ValueError(f"found {item.value:g}, a rate is a fraction from 0 to 1{hint}")
        return self


class Months(Series):
    """A number of months."""

    @model_validator(mode="after")
    def _whole(self) -> Months:
        for item in self.values:
            if item.value < 0 or item.value != int(item.value) or item.value > 720:
                raise ValueError(f"found {item.value:g}, allowed are whole months from 0 to 720")
        return self


class Age(Series):
    """An age in completed years."""

    @model_validator(mode="after")
    def _plausible(self) -> Age:
        for item in self.values:
            if not 40 <= item.value <= 75 or item.value != int(item.value):
                raise ValueError(f"found {item.value:g}, allowed are whole ages from 40 to 75")
        return self


class Factor(Series):
    """A non-negative number that is not a share (years' purchase, months of pay)."""

    @model_validator(mode="after")
    def _not_negative(self) -> Factor:
        for item in self.values:
            if item.value < 0:
                raise ValueError(f"found {item.value:g}, allowed is 0 or more")
        return self


class YearsOfAge(Series):
    """An age of a child or young person in completed years, 0 to 30."""

    @model_validator(mode="after")
    def _plausible(self) -> YearsOfAge:
        for item in self.values:
            if not 0 <= item.value <= 30 or item.value != int(item.value):
                raise ValueError(f"found {item.value:g}, allowed are whole ages from 0 to 30")
        return self


class Days(Series):
    """A number of days, 0 to 3,653 (ten years)."""

    @model_validator(mode="after")
    def _whole(self) -> Days:
        for item in self.values:
            if not 0 <= item.value <= 3653 or item.value != int(item.value):
                raise ValueError(f"found {item.value:g}, allowed are whole days from 0 to 3653")
        return self


class Amount(Series):
    """Money per period, stepped by law up to the last dated value and then moved by an index.

    indexation: what the amount follows after ``indexed_after`` (a calendar year not earlier than the last dated value).
    """

    indexation: Index
    indexed_after: int
    indexation_confidence: Confidence = "assumed"
    indexation_reason: str = Field(min_length=1)

    @model_validator(mode="after")
    def _amount(self) -> Amount:
        period = self.unit[4:]
        if not re.match(r"[A-Z]{3} ", self.unit) or period not in PERIODS_PER_YEAR:
            raise ValueError(
                f"unit '{self.unit}' is not a currency and a period; allowed is 'XXX per month' or 'XXX per year'"
            )
        if any(item.value < 0 for item in self.values):
            raise ValueError("an amount cannot be negative")
        if self.indexed_after < self.values[-1].start.year:
            raise ValueError(
                f"indexed_after {self.indexed_after} lies before the last dated value ({self.values[-1].start.year})"
            )
        return self

    @property
    def per_year(self) -> float:
        """Factor from the written period to a year."""
        return PERIODS_PER_YEAR[self.unit[4:]]


class OneOff(Amount):
    """Money paid once (a grant), moved like an :class:`Amount`. Unit ``XXX``, or ``XXX per`` and what it is paid for."""

    @model_validator(mode="after")
    def _amount(self) -> OneOff:
        if not re.fullmatch(r"[A-Z]{3}( per (birth|death))?", self.unit):
            raise ValueError(f"unit '{self.unit}' is not a sum; allowed is 'XXX', 'XXX per birth' or 'XXX per death'")
        if any(item.value < 0 for item in self.values):
            raise ValueError("an amount cannot be negative")
        if self.indexed_after < self.values[-1].start.year:
            raise ValueError(
                f"indexed_after {self.indexed_after} lies before the last dated value ({self.values[-1].start.year})"
            )
        return self

    @property
    def per_year(self) -> float:
        """A sum has no period."""
        return 1.0


class NoAmount(Evidence):
    """The law sets no such limit (or none is known and none is assumed; the reason says which)."""

    none: Literal[True]


Figures = dict[str, Annotated[tuple[Figure, ...], BeforeValidator(_as_tuple)]]
