"""Facts of a case that hold with and without an instrument: periods as written, schemes in their law of the year, earnings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

import numpy as np

from actuarial.basis.case import LoadedCase, PeriodPart, StatePart
from actuarial.basis.case_scheme import scheme_of_case
from actuarial.basis.dimensions import HISTORY_FIRST_YEAR, LAST_YEAR, VALUATION_YEAR
from actuarial.basis.economy import load_economy
from actuarial.basis.errors import Gathered, InputError, Problem, raise_problems
from actuarial.basis.plain_text import short
from actuarial.basis.region import Region, load_region
from actuarial.basis.scheme import Scheme, load_scheme
from actuarial.basis.scheme_law import Indices, SchemeLaw
from actuarial.provisions.earnings import reference_earnings
from actuarial.provisions.periods import Period, PeriodError, counted, dated, require_valid

FIELDS = {"start": "from", "end": "to"}
"""Names of a period's fields in a case file, where they differ."""


@dataclass(frozen=True)
class Facts:
    """What is the same with and without the instrument.

    schemes  by state: scheme and law of the year of the claim; ``None`` where the case gives amounts
    """

    loaded: LoadedCase
    periods: tuple[Period, ...]
    schemes: dict[str, tuple[Scheme, SchemeLaw, Indices] | None]


def read_facts(loaded: LoadedCase, data_dir: Path) -> Facts:
    """Periods and schemes of a case. Raises one :class:`InputError` that names the place in the file."""
    gathered = Gathered()
    periods = gathered.read(_periods, loaded)
    schemes = {state: gathered.read(_scheme, loaded, state, part, data_dir) for state, part in loaded.case.states.items()}
    gathered.add(_currencies(loaded, data_dir))
    gathered.check()
    return Facts(loaded, periods, schemes)


def _currencies(loaded: LoadedCase, data_dir: Path) -> Iterator[Problem]:
    """Amounts of a member of the region in another currency than the country's."""
    region = load_region(data_dir)
    for state, part in loaded.case.states.items():
        if state not in region.members:
            continue
        wanted = region.currencies[region.index(state)]
        written = {"amounts": None if part.amounts is None else part.amounts.currency, "own_scheme": (part.own_scheme or {}).get("currency")}
        for name, found in written.items():
            if isinstance(found, str) and found != wanted:
                yield loaded.document.problem(("states", state, name, "currency"), f"found {short(found)}, but the currency of {state} is {wanted}")


def _periods(loaded: LoadedCase) -> tuple[Period, ...]:
    found: list[Period] = []
    places: list[tuple[str, int]] = []
    problems: list[Problem] = []
    for state, part in loaded.case.states.items():
        for i, written in enumerate(part.periods):
            try:
                found.append(_period(state, written))
            except PeriodError as error:
                problems.append(loaded.document.problem(("states", state, "periods", i, FIELDS.get(error.field, error.field)), error.text))
                continue
            places.append((state, i))
    raise_problems(problems)
    try:
        require_valid(found)
    except PeriodError as error:
        state, i = places[error.index or 0]
        text = error.text
        for n, (s, j) in reversed(list(enumerate(places))):
            text = text.replace(f"periods[{n}]", f"states.{s}.periods[{j}]")
        raise loaded.error(("states", state, "periods", i, FIELDS.get(error.field, error.field)), text) from None
    return tuple(found)


def _period(state: str, written: PeriodPart) -> Period:
    if written.amount is not None and written.start is None and written.end is None:
        if written.unit is None:
            raise PeriodError("unit", "is missing; allowed: days, weeks, months, quarters, years")
        return counted(
            state, written.amount, written.unit, written.type,
            year=written.year, month=written.month, refunded=written.refunded, repaid=written.repaid,
        )  # fmt: skip
    if written.start is None or written.end is None:
        missing = "start" if written.start is None else "end"
        raise PeriodError(missing, "is missing; a period is dated (from, to) or counted (amount, unit)")
    if written.amount is not None or written.unit is not None:
        raise PeriodError("amount", "stands beside from and to; a period is dated or counted, not both")
    return dated(state, written.start, written.end, written.type, refunded=written.refunded, repaid=written.repaid)


def reference_of(facts: Facts, state: str, part: StatePart, law: SchemeLaw, indices: Indices, *, revalued: bool) -> float | None:
    """Reference earnings per year: given, or the law's average of the yearly record, revalued as the law says to the year of the claim."""
    if part.earnings is None:
        return None
    if part.earnings.reference is not None:
        return part.earnings.reference
    years = sorted(part.earnings.by_year)
    late = [y for y in years if not HISTORY_FIRST_YEAR <= y <= LAST_YEAR]
    if late:
        raise facts.loaded.error(("states", state, "earnings", "by_year", late[0]), f"found {late[0]}, allowed {HISTORY_FIRST_YEAR} to {LAST_YEAR}")
    now = min(facts.loaded.years, LAST_YEAR)
    factors = [indices.at(law.reference_revaluation, now) / indices.at(law.reference_revaluation, y) if revalued else 1.0 for y in years]
    record = np.array([part.earnings.by_year[y] * f for y, f in zip(years, factors, strict=True)])
    return float(reference_earnings(law.reference_periods, record))


def last_earnings(facts: Facts, state: str, part: StatePart) -> float:
    """Earnings of the last year of the record."""
    if part.earnings is not None and part.earnings.last is not None:
        return part.earnings.last
    if part.earnings is not None and part.earnings.by_year:
        return part.earnings.by_year[max(part.earnings.by_year)]
    raise facts.loaded.error(("states", state, "earnings"), "amount.earnings_basis 'own_last' needs earnings.last or earnings.by_year; found neither")


def order_of(facts: Facts, state: str, part: StatePart) -> Fraction:
    """Place in time of the last insurance: ``last_insured``, periods with a date or year, else the place in the file (before every dated one)."""
    if part.last_insured is not None:
        return Fraction(part.last_insured * 12)
    known = [p.span[1] for p in facts.periods if p.state == state and (p.is_dated or p.year is not None)]
    return max(known) if known else Fraction(list(facts.loaded.case.states).index(state), 1000)


def _scheme(loaded: LoadedCase, state: str, part: StatePart, data_dir: Path) -> tuple[Scheme, SchemeLaw, Indices] | None:
    if part.amounts is not None:
        return None
    if not HISTORY_FIRST_YEAR <= loaded.years <= LAST_YEAR:
        raise loaded.error(("date",), f"found {loaded.case.date}; the law of a scheme is known for {HISTORY_FIRST_YEAR} to {LAST_YEAR}")
    if part.scheme is not None:
        try:
            scheme = load_scheme(data_dir / "schemes" / part.scheme)
        except InputError as error:
            raise loaded.error(("states", state, "scheme"), str(error)) from None
        if scheme.country != state:
            raise loaded.error(("states", state, "scheme"), f"'{part.scheme}' is a scheme of {scheme.country}, not of {state}")
        indices = indices_of(data_dir, state)
        return scheme, scheme.law(loaded.years, indices), indices
    assert part.own_scheme is not None
    found, problems = scheme_of_case(loaded.document, state, part.own_scheme)
    raise_problems(problems)
    assert found is not None
    flat = np.zeros(LAST_YEAR + 1 - HISTORY_FIRST_YEAR)
    indices = Indices.from_growth(flat, flat, HISTORY_FIRST_YEAR, VALUATION_YEAR)
    return found, found.law(loaded.years, indices), indices


@lru_cache(maxsize=8)
def _economy(data_dir: Path) -> tuple[Region, dict[str, Indices]]:
    region = load_region(data_dir)
    economy = load_economy(data_dir, region.members)
    levels = {c: Indices.from_growth(economy.wage_growth[i], economy.inflation[i]) for i, c in enumerate(region.members)}
    return region, levels


def indices_of(data_dir: Path, state: str) -> Indices:
    """Wage and price levels of a state of the region. Raises :class:`InputError` for another state."""
    region, levels = _economy(data_dir)
    region.index(state)
    return levels[state]
