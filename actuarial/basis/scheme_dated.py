"""Dated values of a scheme file on a day.

1. A value is in force on a day when its date is not later; a calendar year is computed with what is in force on 1 July.
2. Before its first dated value a rate, age or number of months is taken to have been the same; an amount is carried
   back with its declared index. History before the first source is not known; this is the convention, and the register
   lists the dates.
3. After ``indexed_after`` an amount follows its declared index: amount(t) = last amount x index(t) /
   index(indexed_after), with the index of the calendar year.
"""

from __future__ import annotations

from datetime import date

from actuarial.basis.scheme_law import Indices
from actuarial.basis.scheme_values import Amount, NoAmount, Series


def value_on(series: Series | None, day: date, none: float = 0.0) -> float:
    """Value in force on ``day``; the first one before any was in force; ``none`` where the law has no such value."""
    if series is None:
        return none
    in_force = [item.value for item in series.values if item.start <= day]
    return in_force[-1] if in_force else series.values[0].value


def whole_on(series: Series | None, day: date) -> int:
    """Whole number (age, months, days) in force on ``day``; 0 where the law has no such value."""
    return round(value_on(series, day))


def amount_on(amount: Amount | NoAmount | None, day: date, indices: Indices, none: float = 0.0) -> float:
    """Amount per year (a grant: the sum) on ``day``; ``none`` where the law sets no limit."""
    if amount is None or isinstance(amount, NoAmount):
        return none
    value = value_on(amount, day) * amount.per_year
    first = amount.values[0].start
    if day.year > amount.indexed_after:
        return value * indices.at(amount.indexation, day.year) / indices.at(amount.indexation, amount.indexed_after)
    if first.year > 1900 and day < first:
        return value * indices.at(amount.indexation, day.year) / indices.at(amount.indexation, first.year)
    return value
