"""What a case cannot say though each of its values is of the right kind.

1. Rules look at the document as written and leave alone what has not the right form: that is told elsewhere, in the same message.

| rule | why |
|---|---|
| pay, balances and pensions of one person at most 1e12 in any currency | hundreds of millions of dollars; more is a slip of digits |
| nobody is insured before 1900 | no law of the region is as old |
| born not after the claim; no period before birth | the person was not there; a slip in a year |
| no period begins after the day of the claim, or ends after its month | what is not yet completed opens no right |
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from actuarial.basis.errors import Problem
from actuarial.basis.yaml_file import KeyPath, YamlDocument

HIGHEST_AMOUNT: Final = 1e12
FIRST_INSURANCE: Final = 1900
_AMOUNTS: Final[tuple[KeyPath, ...]] = (
    ("balance",), ("transfer_value",), ("earnings", "reference"), ("earnings", "last"), ("amounts", "independent"), ("amounts", "theoretical"),
    ("amounts", "minimum"), ("amounts", "settlement"),
)  # fmt: skip


def senseless(document: YamlDocument) -> Iterator[Problem]:
    """Problems of a case that no single value shows."""
    claimed, born = _day(document.data.get("date")), _day(_at(document.data, ("person", "born")))
    if born is not None and claimed is not None and born > claimed:
        yield document.problem(("person", "born"), f"found {born}, after the day of the claim, {claimed}")
        born = None
    states = document.data.get("states")
    for state, part in states.items() if isinstance(states, dict) else ():
        years = _at(part, ("earnings", "by_year"))
        places = [*_AMOUNTS, *(("earnings", "by_year", year) for year in (years if isinstance(years, dict) else ()))]
        for place in places:
            amount = _at(part, place)
            if isinstance(amount, int | float) and amount > HIGHEST_AMOUNT:
                text = f"found {float(amount):,.6g}; allowed is at most {HIGHEST_AMOUNT:,.0f} for one person"
                yield document.problem(("states", state, *place), text)
        periods = _at(part, ("periods",))
        for i, period in enumerate(periods if isinstance(periods, tuple | list) else ()):
            for name, text in _period(period, born, claimed):
                yield document.problem(("states", state, "periods", i, name), text)


def _period(period: Any, born: date | None, claimed: date | None) -> Iterator[tuple[str, str]]:
    """Field and what is wrong with it, at most one of a period."""
    first, last, year = _day(_at(period, ("from",))), _day(_at(period, ("to",))), _at(period, ("year",))
    if isinstance(year, int) and not isinstance(year, bool) and 1 <= year < 9999:
        name, first, last, whole = "year", date(year, 12, 31), date(year, 1, 1), True
    else:
        name, whole = "from", False
    if first is not None and first.year < FIRST_INSURANCE:
        yield name, f"found a period of {first.year}; allowed from {FIRST_INSURANCE}"
    elif first is not None and born is not None and (first.year, first.month) < (born.year, born.month):
        yield name, f"found a period of {first:%Y-%m}, before birth on {born}"
    elif claimed is not None and last is not None and (last.year, last.month) > (claimed.year, claimed.month):
        yield name if whole else "to", f"found a period up to {last:%Y-%m}, after the day of the claim, {claimed}"


def _at(node: Any, path: KeyPath) -> Any:
    for key in path:
        if not isinstance(node, dict) or key not in node:
            return None
        node = node[key]
    return node


def _day(written: Any) -> date | None:
    """A day, or the first of a month; ``None`` for what is neither."""
    if isinstance(written, date):
        return written
    if not isinstance(written, str):
        return None
    try:
        return date.fromisoformat(f"{written}-01" if len(written) == len("2026-01") else written)
    except ValueError:
        return None
