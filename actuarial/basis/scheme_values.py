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

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Discriminator, Field, Tag, field_validator, model_validator

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


def _fraction_of_one(value: float) -> float:
    if not 0.0 <= value <= 1.0:
        hint = f"; for {value:g} per cent write {value / 100:g}" if 1.0 < value <= 100.0 else ""
        raise ValueError(f"found {value:g}, a rate is a fraction from 0 to 1{hint}")
    return value


def _whole(what: str, low: int, high: int) -> AfterValidator:
    def check(value: float) -> float:
        if not low <= value <= high or value != int(value):
            raise ValueError(f"found {value:g}, allowed are whole {what} from {low} to {high}")
        return value

    return AfterValidator(check)


def _not_negative(value: float) -> float:
    if value < 0:
        raise ValueError(f"found {value:g}, allowed is 0 or more")
    return value


def _amount(value: float) -> float:
    if value < 0:
        raise ValueError(f"found {value:g}; an amount cannot be negative")
    return value


class _RateValue(DatedValue):
    value: Annotated[Number, AfterValidator(_fraction_of_one)]


class _MonthsValue(DatedValue):
    value: Annotated[Number, _whole("months", 0, 720)]


class _AgeValue(DatedValue):
    value: Annotated[Number, _whole("ages", 40, 75)]


class _FactorValue(DatedValue):
    value: Annotated[Number, AfterValidator(_not_negative)]


class _YoungValue(DatedValue):
    value: Annotated[Number, _whole("ages", 0, 30)]


class _DaysValue(DatedValue):
    value: Annotated[Number, _whole("days", 0, 3653)]


class _AmountValue(DatedValue):
    value: Annotated[Number, AfterValidator(_amount)]


class Rate(Series):
    """A share or rate as a fraction of one."""

    values: tuple[_RateValue, ...] = Field(min_length=1)


class Months(Series):
    """A number of months, 0 to 720."""

    values: tuple[_MonthsValue, ...] = Field(min_length=1)


class Age(Series):
    """An age in completed years, 40 to 75."""

    values: tuple[_AgeValue, ...] = Field(min_length=1)


class Factor(Series):
    """A non-negative number that is not a share (years' purchase, months of pay)."""

    values: tuple[_FactorValue, ...] = Field(min_length=1)


class YearsOfAge(Series):
    """An age of a child or young person in completed years, 0 to 30."""

    values: tuple[_YoungValue, ...] = Field(min_length=1)


class Days(Series):
    """A number of days, 0 to 3,653 (ten years)."""

    values: tuple[_DaysValue, ...] = Field(min_length=1)


class Amount(Series):
    """Money per period, stepped by law up to the last dated value and then moved by an index.

    indexation: what the amount follows after ``indexed_after`` (a calendar year not earlier than the last dated value).
    """

    values: tuple[_AmountValue, ...] = Field(min_length=1)
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


def _which(value: Any) -> str:
    return "[none]" if isinstance(value, NoAmount) or (isinstance(value, dict) and "none" in value) else "[amount]"


Limit = Annotated[Annotated[Amount, Tag("[amount]")] | Annotated[NoAmount, Tag("[none]")], Discriminator(_which)]
"""A limit in money, or that there is none; which of the two is known by its key ``none``, so that a mistake is told once."""

Figures = dict[str, Annotated[tuple[Figure, ...], BeforeValidator(_as_tuple)]]
