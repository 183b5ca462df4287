"""A figure as somebody names it on the command line: looked up, and every part of it checked."""

from __future__ import annotations

from collections.abc import Mapping

from actuarial.audit.trace_figures import CASES, REGION, Figures, Place
from actuarial.audit.trace_quantities import Graph, Quantity
from actuarial.basis.errors import InputError, unknown_name


def chosen_figure(
    figures: Figures, country: str, name: str, year: int | None, case: str | None, keys: Mapping[str, str]
) -> tuple[Quantity, Place]:
    """The figure and its place. Raises :class:`InputError` with the nearest valid name for each part that is not one."""
    countries = (*figures.study.schemes, REGION)
    if country not in countries:
        raise InputError(unknown_name("country", country, countries))
    quantity, case = _named(figures.graph, country, name, year, case, keys)
    place = Place(country, _case(quantity, case)).at(**keys)
    for key, value in keys.items():
        if key not in quantity.keys or key in ("case", "year"):
            own = [k for k in quantity.keys if k not in ("case", "year")]
            raise InputError(f"--at {key}={value}: {unknown_name(f'key of {quantity.name}', key, own)}")
        if not figures.graph.tables[quantity.table].derived:
            known = sorted(figures.frame(quantity.table, country)[key].dropna().astype(str).unique())
            if value not in known:
                raise InputError(f"--at {key}={value}: {unknown_name(key, value, known)}")
    if "year" in quantity.keys:
        first, last = int(figures.years[0]), int(figures.years[-1])
        if year is None:
            raise InputError(f"{quantity.name} needs a year: {first} to {last}")
        if not first <= year <= last:
            raise InputError(f"year {year}: the study has {first} to {last}")
        return quantity, place.at(year=str(year))
    if year is not None:
        raise InputError(f"{quantity.name} has no year; leave {year} out")
    return quantity, place


def _named(graph: Graph, country: str, name: str, year: int | None, case: str | None, keys: Mapping[str, str]) -> tuple[Quantity, str | None]:
    """The column meant by ``table.column`` or by a name alone, and the case that a name such as ``benefits_with`` says."""
    of_country = [q for q in graph.figures() if bool(graph.tables[q.table].country) != (country == REGION)]
    if country == REGION:
        of_country += [q for q in graph.figures() if q.table in ("transfers", "transfers_pv")]
    for ending in ("", "_without", "_with"):
        short = name.removesuffix(ending)
        if ending and not name.endswith(ending):
            continue
        fitting = [q for q in of_country if short in (q.name, q.column) and (not ending or q.case in ("suffix", "with"))]
        if fitting:
            if ending and case not in (None, ending[1:]):
                raise InputError(f"{name} is the case {ending[1:]}; found --case {case}")
            return _best(fitting, year, keys), ending[1:] or case
    allowed = list(dict.fromkeys(n for q in of_country for n in (q.column, q.name)))
    text = unknown_name("figure", name, allowed).partition(" Allowed: ")[0]
    raise InputError(f"{text} `actuarial trace --list` lists them all")


def _best(fitting: list[Quantity], year: int | None, keys: Mapping[str, str]) -> Quantity:
    """Of columns of one name, the first that has the keys given and a year when one is given."""
    by_keys = [q for q in fitting if set(keys) <= set(q.keys)] or fitting
    by_year = [q for q in by_keys if ("year" in q.keys) == (year is not None)] or by_keys
    return by_year[0]


def _case(quantity: Quantity, case: str | None) -> str:
    allowed: tuple[str, ...] = {"none": (), "difference": ("difference",), "with": ("with",)}.get(quantity.case, CASES)
    if case is None:
        return "" if not allowed else "with" if "with" in allowed else allowed[0]
    if case not in allowed:
        said = f"has only the case {allowed[0]}" if allowed else "is the same in every case"
        raise InputError(f"--case {case}: {quantity.name} {said}")
    return case
