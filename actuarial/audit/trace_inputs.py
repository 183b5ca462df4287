"""An input as somebody names it: the lines of the register or the rows of a table that are meant, and the leaves of the graph they belong to.

| form | meaning |
|---|---|
| ``KEN:contributions.employee`` | a line of a country's register; its beginning stands for all lines below it; short names: ``inputs.yaml`` |
| ``instrument: take_up`` | a line that every country shares |
| ``data/economy/prices.csv:inflation`` | a column of a table (none: all its numbers); with ``:country=KEN`` only these rows |
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from actuarial.audit.trace_lines import place_of
from actuarial.audit.trace_reach import matches
from actuarial.audit.trace_walk import Line, Walk
from actuarial.basis.errors import InputError, unknown_name

_COUNTRY: Final = re.compile(r"([A-Z]{3}):\s*(.+)")
_ENDS: Final = ("country", "origin", "host")
FOLDERS: Final = ("data/", "scenarios/")


@dataclass(frozen=True)
class TableRows:
    """Rows of a table (all of them where ``lines`` is empty) and the column that is meant (none: every number)."""

    file: str
    column: str = ""
    lines: tuple[int, ...] = ()


@dataclass(frozen=True)
class Chosen:
    """What an input means: ``lines`` of the register, or rows of a ``table``, and its leaves of the graph as (input, country)."""

    said: str
    lines: tuple[Line, ...]
    table: TableRows | None
    leaves: frozenset[tuple[str, str]]


def chosen_input(walk: Walk, spec: str) -> Chosen:
    """Look an input up. Raises :class:`InputError` with the nearest valid name."""
    if spec.startswith(FOLDERS):
        return _table(walk, spec)
    reach, figures = walk.reach, walk.figures
    own = _COUNTRY.fullmatch(spec)
    countries = tuple(reach.kinds)
    if own is not None and own[1] not in countries:
        raise InputError(f"--input {spec}: {unknown_name('country', own[1], countries)}")
    name, chosen = (own[2], (own[1],)) if own is not None else (spec, countries)
    registers = {c: figures.frame("assumptions", c) for c in chosen}
    known = list(dict.fromkeys(n for frame in registers.values() for n in frame["name"]))
    wanted = _names(name, known, reach.graph.short_names)
    if not wanted:
        allowed = [*reach.graph.short_names, *known]
        said = unknown_name("input", name, allowed).partition(" Allowed: ")[0]
        raise InputError(f"--input {spec}: {said} Names are those of the register of inputs")
    lines, leaves = [], set()
    for country, frame in registers.items():
        for record in frame[frame["name"].isin(wanted)].to_dict("records"):
            line = walk.line({str(k): v for k, v in record.items()}, country)
            lines.append(line)
            if not reach.of_another(line.name, country):
                leaves |= {(leaf, country) for leaf in reach.inputs_of_line(line.name)}
    if own is not None:
        leaves |= _shared(walk, lines)
    return Chosen(spec, _distinct(lines), None, frozenset(leaves))


def _shared(walk: Walk, lines: list[Line]) -> set[tuple[str, str]]:
    """The same lines in the registers of the other countries: an input that countries share moves all of them."""
    found = set()
    for country in walk.reach.kinds:
        frame = walk.figures.frame("assumptions", country)
        both = set(zip(frame["name"], frame["file"], strict=True))
        for line in lines:
            same = not line.at.file.endswith(("levels.csv", "long_run.csv")) or country == line.country
            if same and (line.name, line.at.file) in both and not walk.reach.of_another(line.name, country):
                found |= {(leaf, country) for leaf in walk.reach.inputs_of_line(line.name)}
    return found


def _names(name: str, known: list[str], short: Mapping[str, tuple[str, ...]]) -> set[str]:
    """Lines of the register that a name means: itself, those below it, or those of a short name."""
    for candidate in (name, *short.get(name, ())):
        found = {n for n in known if n == candidate or n.partition(": ")[2] == candidate}
        found |= {n for n in known if n.startswith((f"{candidate}.", f"{candidate}["))} if not found else set()
        if found and candidate == name:
            return found
    return {n for c in short.get(name, ()) for n in known if n == c or n.startswith(f"{c}[") or n.partition(": ")[2] == c}


def _distinct(lines: list[Line]) -> tuple[Line, ...]:
    """Each place once: a line that countries share stands in the register of each."""
    return tuple({(line.at, line.name): line for line in reversed(lines)}.values())[::-1]


def _table(walk: Walk, spec: str) -> Chosen:
    graph = walk.reach.graph
    file, _, rest = spec.partition(":")
    column, _, keys = rest.partition(":")
    if "=" in column:
        column, keys = "", column
    files = _files(walk.root)
    if file not in files:
        raise InputError(f"--input {spec}: {unknown_name('file', file, files).partition(' Allowed: ')[0]} Tables lie below data/")
    registered = matches(file, graph.registered)
    leaves = {i.name for i in graph.inputs.values() if matches(file, i.files)}
    if not leaves and not registered:
        return Chosen(spec, (), TableRows(file, column), frozenset())
    if not file.endswith(".csv"):
        return _whole_file(walk, spec, file)
    frame = pd.read_csv(walk.root / file, dtype=str, keep_default_na=False, encoding="utf-8")
    if column and column not in frame.columns:
        raise InputError(f"--input {spec}: {unknown_name('column', column, list(map(str, frame.columns)))}")
    chosen = _rows(frame, keys, spec)
    ends = [name for name in _ENDS if name in frame.columns]
    countries = {c for name in ends for c in chosen[name]} & set(walk.reach.kinds) or set(walk.reach.kinds)
    if column in walk.reach.kinds:
        countries = {column}
    numbers = tuple(int(str(n)) + 2 for n in chosen.index)
    lines = _registered(walk, file, column, set(numbers), countries) if registered else []
    found = {(leaf, c) for leaf in leaves for c in countries} | {
        (leaf, line.country) for line in lines for leaf in walk.reach.inputs_of_line(line.name)
    }
    return Chosen(spec, _distinct(lines), TableRows(file, column, numbers if keys else ()), frozenset(found))


def _whole_file(walk: Walk, spec: str, file: str) -> Chosen:
    reach = walk.reach
    lines = [line for c in reach.kinds for line in _registered(walk, file, "", set(), {c})]
    leaves = {(n, line.country) for line in lines for n in reach.inputs_of_line(line.name) if not reach.of_another(line.name, line.country)}
    leaves |= {(i.name, c) for i in reach.graph.inputs.values() if matches(file, i.files) for c in reach.kinds}
    return Chosen(spec, _distinct(lines), None, frozenset(leaves))


def _registered(walk: Walk, file: str, column: str, numbers: set[int], countries: set[str]) -> list[Line]:
    """Lines of the registers that stand in the rows of a file."""
    found = []
    for country in sorted(countries):
        frame = walk.figures.frame("assumptions", country)
        for record in frame[frame["file"] == file].to_dict("records"):
            at = place_of(walk.root, file, str(record["name"]), country)
            if (not numbers or at.line in numbers) and (not column or at.column in ("", column)):
                found.append(walk.line({str(k): v for k, v in record.items()}, country))
    return found


def _rows(frame: pd.DataFrame, keys: str, spec: str) -> pd.DataFrame:
    for part in filter(None, keys.split(",")):
        key, sign, value = part.partition("=")
        if not sign or key not in frame.columns:
            raise InputError(f"--input {spec}: {unknown_name('column', key, list(map(str, frame.columns)))}")
        if value not in set(frame[key]):
            raise InputError(f"--input {spec}: {unknown_name(key, value, sorted(set(frame[key])))}")
        frame = frame[frame[key] == value]
    if frame.empty:
        raise InputError(f"--input {spec}: no row has all of {keys}")
    return frame


def _files(root: Path) -> list[str]:
    folder = root / "data"
    return sorted(p.relative_to(root).as_posix() for p in folder.rglob("*") if p.suffix in (".csv", ".yaml"))
