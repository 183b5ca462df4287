"""Variants of a study that change the law of the schemes or the instrument: one rule at a time, from the first projection year on.

1. The law before the first projection year stays as it was, so the base year and pensions in payment are untouched.
2. Announced values that come into force later are changed in the same way.
3. A neutral size gives back the very same object.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TypeVar

from actuarial.basis.dimensions import FIRST_YEAR, VALUATION_YEAR
from actuarial.basis.errors import InputError
from actuarial.basis.instrument import Instrument
from actuarial.basis.instrument_provisions import TakeUp
from actuarial.basis.scheme import Scheme
from actuarial.basis.scheme_file import SchemeFile
from actuarial.basis.scheme_law import Indices
from actuarial.basis.scheme_values import Amount, DatedValue, Index, NoAmount, Series
from actuarial.feasibility.inputs import StudyBasis

FROM = date(FIRST_YEAR, 1, 1)
LONG_AGO = date(1900, 1, 1)
MONTHS = 12

S = TypeVar("S", bound=Series)


def with_qualifying_years(basis: StudyBasis, years: float) -> StudyBasis:
    """Years added to the qualifying period of the old-age pension of every scheme whose law has one; never below nothing."""
    if years == 0.0:
        return basis

    def change(file: SchemeFile) -> SchemeFile:
        if file.old_age is None or not any(item.value for item in file.old_age.qualifying_months.values):
            return file
        months = changed_from(file.old_age.qualifying_months, lambda old: max(0.0, old + round(MONTHS * years)))
        return file.model_copy(update={"old_age": file.old_age.model_copy(update={"qualifying_months": months})})

    return _with_files(basis, lambda _, file: change(file))


def with_refunds(basis: StudyBasis, share: float) -> StudyBasis:
    """Share of those with a right to a refund on leaving who take it, nationals and foreigners, where the law has refunds."""
    if not 0.0 <= share <= 1.0:
        raise InputError(f"refunds taken: found {share:g}, allowed is a share of 0 to 1")

    def change(file: SchemeFile) -> SchemeFile:
        leaving = file.leaving
        if leaving is None or not leaving.refund.value:
            return file
        nationals = leaving.refund_take_up_nationals or leaving.refund_take_up
        update = {
            "refund_take_up": changed_from(leaving.refund_take_up, lambda _: share),
            "refund_take_up_nationals": changed_from(nationals, lambda _: share),
        }
        return file.model_copy(update={"leaving": leaving.model_copy(update=update)})

    return _with_files(basis, lambda _, file: change(file))


def with_ceiling_index(basis: StudyBasis, index: Index) -> StudyBasis:
    """What the ceiling of insurable earnings follows after its last legislated value, in schemes that have one; the valuation year's stays."""

    def change(c: int, file: SchemeFile) -> SchemeFile:
        part = file.contributions
        if part is None or isinstance(part.ceiling, NoAmount) or part.ceiling.indexation == index:
            return file
        economy = basis.economy
        indices = Indices.from_growth(economy.wage_growth[c], economy.inflation[c])
        return file.model_copy(update={"contributions": part.model_copy(update={"ceiling": _following(part.ceiling, index, indices)})})

    return _with_files(basis, change)


def _following(amount: Amount, index: Index, indices: Indices) -> Amount:
    """The amount with another index from the valuation year, or from its last legislated value where that is later."""
    if amount.indexed_after >= VALUATION_YEAR:
        return amount.model_copy(update={"indexation": index})
    last = amount.values[-1]
    grown = [
        last.model_copy(update={
            "start": date(year, 1, 1),
            "value": last.value * indices.at(amount.indexation, year) / indices.at(amount.indexation, amount.indexed_after),
        })
        for year in range(amount.indexed_after + 1, VALUATION_YEAR + 1)
    ]  # fmt: skip
    return amount.model_copy(update={"values": (*amount.values, *grown), "indexed_after": VALUATION_YEAR, "indexation": index})


def with_take_up(instrument: Instrument, share: float) -> Instrument:
    """The take-up curve scaled so that in the end ``share`` of those with a coordinated right claim it; at most everybody on the way.

    Raises :class:`InputError` for a share outside 0 to 1, and for a curve that ends at nobody.
    """
    last = instrument.take_up[-1].share
    if not 0.0 <= share <= 1.0 or last <= 0.0:
        raise InputError(f"take-up: found {share:g} for a curve that ends at {last:g}, allowed are shares of 0 to 1 and a curve above 0")
    if share == last:
        return instrument
    points = tuple(TakeUp(years_since_entry=p.years_since_entry, share=min(1.0, p.share * share / last)) for p in instrument.take_up)
    return instrument.model_copy(update={"take_up": points})


def with_administration(instrument: Instrument, factor: float) -> Instrument:
    """Cost of carrying out the instrument times a factor: the liaison desks and the share of coordinated benefits."""
    if factor == 1.0:
        return instrument
    a = instrument.administration
    update = {
        "fixed_usd_per_year_per_scheme": factor * a.fixed_usd_per_year_per_scheme,
        "share_of_coordinated_benefits": min(1.0, factor * a.share_of_coordinated_benefits),
    }
    return instrument.model_copy(update={"administration": a.model_copy(update=update)})


def changed_from(series: S, change: Callable[[float], float], day: date = FROM) -> S:
    """The series with ``change`` applied to what is in force on ``day`` and to every later value; what was in force before stays."""
    before = tuple(item for item in series.values if item.start < day)
    if not before:
        # The first value is taken to have been in force before its date (scheme_dated, rule 2); here that becomes a value of its own.
        before = (_dated(series.values[0], LONG_AGO, series.values[0].value),)
    later = tuple(item for item in series.values if item.start >= day)
    if not later or later[0].start > day:
        later = (_dated(before[-1], day, before[-1].value), *later)
    values = (*before, *(_dated(item, item.start, change(item.value)) for item in later))
    if all(a.value == b.value for a, b in zip(values[len(before) :], later, strict=True)):
        return series
    return series.model_copy(update={"values": values})


def _dated(item: DatedValue, start: date, value: float) -> DatedValue:
    return item.model_copy(update={"start": start, "value": value})


def _with_files(basis: StudyBasis, change: Callable[[int, SchemeFile], SchemeFile]) -> StudyBasis:
    """The basis with changed scheme files; the same object where no file changes."""
    schemes: list[Scheme] = []
    for c, scheme in enumerate(basis.schemes):
        file = change(c, scheme.file)
        schemes.append(scheme if file is scheme.file else replace(scheme, file=file))
    same = all(a is b for a, b in zip(schemes, basis.schemes, strict=True))
    return basis if same else replace(basis, schemes=tuple(schemes))
