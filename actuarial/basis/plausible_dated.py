"""Dated values of a scheme file as written, day by day, for the rules that hold parameters against each other.

1. A parameter takes part from its first dated value on; nothing is carried back, and no index is applied (:mod:`actuarial.basis.scheme_dated`
   does both for the engine). Amounts are per year.
"""

from __future__ import annotations

from datetime import date

from actuarial.basis.scheme_values import Amount, NoAmount, Series


def money(amount: Amount | NoAmount | None) -> Amount | None:
    """``None`` where the law sets none."""
    return None if isinstance(amount, NoAmount) else amount


def days(*series: Series | None) -> list[date]:
    """Days from which one of the parameters has a new value."""
    return sorted({item.start for one in series if one is not None for item in one.values})


def on_day(series: Series | None, day: date) -> float | None:
    """Value in force, amounts a year; ``None`` before the first one."""
    in_force = [] if series is None else [item.value for item in series.values if item.start <= day]
    per_year = series.per_year if isinstance(series, Amount) else 1.0
    return in_force[-1] * per_year if in_force else None


def first_above(low: Series | NoAmount | None, high: Series | NoAmount | None) -> tuple[date, float, float] | None:
    """First day on which ``low`` lies above ``high``, with both."""
    if isinstance(low, NoAmount) or isinstance(high, NoAmount):
        return None
    for day in days(low, high):
        a, b = on_day(low, day), on_day(high, day)
        if a is not None and b is not None and a > b:
            return day, a, b
    return None


def highest(series: Series) -> float:
    """Highest of the dated values."""
    return max(item.value for item in series.values)


def since(day: date) -> str:
    """From when; nothing for what always held."""
    return "" if day.year <= 1900 else f" from {day}"
