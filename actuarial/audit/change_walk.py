"""Analysis of change: from the results of one run to those of another, one class of changes after the other.

    previous   the earlier run as it was printed
    method     its inputs under the present code, less previous; zero when both runs were made by the same code
    data, assumptions, law   the later run's in place of the earlier one's, one class after the other in this order (or another that is asked for),
               each with the classes before it replaced already
    residual   present less all of these: what the steps do not explain
    present    the later run as it was printed

1. Effects depend on the order, their sum does not. The order is stated with the results.
2. A class in which nothing differs that a study reads has no effect and is not computed.
3. When the later run was made by the present code, the last step is that run, and the residual is rounding. Otherwise the residual holds what
   separates its code from the present one.
4. Inputs that cannot be read half replaced: a file whose entries belong to two classes is replaced whole with the later of them, and if that does
   not help the step goes into the next one. Both are said.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from actuarial.audit.change_classes import PARTS, Part
from actuarial.audit.change_entries import Change, both_said
from actuarial.audit.change_inputs import Inputs, Sides, changes_between, check_loads, state
from actuarial.basis.errors import InputError
from actuarial.execution.temporary import temporary_folder
from actuarial.reporting.change_record import COLUMNS, DATE, EFFECTS, INDEX, LISTED, AnalysisOfChange, How

Figures = Callable[[Inputs], pd.DataFrame]
"""Figures of a study of some inputs under the present code, as :func:`actuarial.audit.change_figures.figures` gives them."""
MOST_LISTED = 12
"""Entries of one file and class that are listed one by one."""


@dataclass(frozen=True)
class Printed:
    """A run as it was printed."""

    inputs: Inputs
    figures: pd.DataFrame
    present_code: bool
    """Whether the present code would make it again."""
    identity: str = ""


def analyse(
    previous: Printed, present: Printed, compute: Figures, *, same_code: bool, order: Sequence[Part] = PARTS,
    loads: Callable[[Inputs], None] = check_loads,
) -> AnalysisOfChange:  # fmt: skip
    """Analyse the change from ``previous`` to ``present``.

    ``compute`` gives the figures of inputs under the present code and is called for nothing that is known already; ``same_code`` says whether both
    runs were made by the same code and packages; ``loads`` raises :class:`InputError` for inputs that a study cannot read. Raises
    :class:`InputError` for an order that is none, and for a difference whose class is not declared.
    """
    if sorted(order) != sorted(PARTS):
        raise InputError(f"--order: found {','.join(order)}; it takes each of {', '.join(PARTS)} once")
    sides = Sides(previous.inputs, present.inputs, changes_between(previous.inputs, present.inputs), tuple(order))
    with temporary_folder("change") as temporary:
        sides, states, notes = _states(sides, temporary, loads)
        first = _first(previous, present, bool(states), compute, same_code=same_code)
        after: dict[str, pd.DataFrame] = {}
        for part, inputs in states.items():
            known = present if inputs is present.inputs and present.present_code else None
            after[part] = known.figures if known is not None else compute(inputs)
    how = How(tuple(order), tuple(states), not same_code, present.present_code, notes, previous.identity, present.identity)
    effects = _effects(previous.figures, first, after, present.figures, order, same_code=same_code)
    return AnalysisOfChange(effects, listed(sides), how)


def _first(previous: Printed, present: Printed, needed: bool, compute: Figures, *, same_code: bool) -> pd.DataFrame:
    """Figures of the earlier inputs under the present code; those printed where they are the same or nothing is measured from there."""
    if previous.present_code or (same_code and not needed):
        return previous.figures
    return present.figures if present.present_code and not needed else compute(previous.inputs)


def _states(sides: Sides, folder: Path, loads: Callable[[Inputs], None]) -> tuple[Sides, dict[Part, Inputs], tuple[str, ...]]:
    """Inputs after each class that moves something, and what had to be replaced together."""
    notes: list[str] = []
    states: dict[Part, Inputs] = {}
    for part in sides.order:
        if part not in sides.moving():
            continue
        done = sides.order[: sides.order.index(part) + 1]
        for number, candidate in enumerate(_ways(sides, part)):
            try:
                place = folder / f"{part}-{number}"
                place.mkdir()
                inputs = state(candidate, done, place)
                if inputs is not sides.new and part in candidate.moving():
                    loads(inputs)
            except InputError as error:
                problem = error
                continue
            notes += _said(sides, candidate, part)
            sides = candidate
            if part in sides.moving():
                states[part] = inputs
            break
        else:
            raise problem
    return sides, states, tuple(notes)


def _ways(sides: Sides, part: Part) -> list[Sides]:
    """Ways of replacing a class: as declared; one mixed file whole, and all of them; all of it with the next class."""
    done = sides.order[: sides.order.index(part) + 1]
    mixed = {name: sides.last_of(name) for name in sides.mixed(done)}
    ways = [{}, *({name: late} for name, late in mixed.items()), mixed]
    following = [later for later in sides.moving() if later not in done]
    if following:
        ways.append({change.file: following[0] for change in sides.changes if sides.step(change) == part})
    return [replace(sides, late={**sides.late, **way}) for way in ways]


def _said(before: Sides, after: Sides, part: Part) -> list[str]:
    moved = {name: late for name, late in after.late.items() if before.late.get(name) != late}
    return [f"{name}: replaced whole with the {late}, because a study cannot be read with only the {part} replaced" for name, late in moved.items()]


def _effects(
    previous: pd.DataFrame, first: pd.DataFrame, after: dict[str, pd.DataFrame], present: pd.DataFrame, order: Sequence[str], *, same_code: bool
) -> pd.DataFrame:
    """One row per figure that either run has, with what each step does to it."""
    index = previous.index.union(present.index, sort=False)
    kinds = present["kind"].reindex(index).fillna(previous["kind"].reindex(index))
    dates = kinds == DATE
    value = {name: table["value"].reindex(index) for name, table in (("previous", previous), ("first", first), ("present", present))}
    table = pd.DataFrame({"kind": kinds, "previous": value["previous"], "present": value["present"]}, index=index)
    table["method"] = (value["first"] - value["previous"]).where(~dates, value["first"]) if not same_code else _nothing(value["previous"], dates)
    last = value["first"]
    for part in order:
        now = after[part]["value"].reindex(index) if part in after else last
        table[part] = (now - last if part in after else _nothing(value["previous"], dates)).where(~dates, now)
        last = now
    explained = table[[name for name in EFFECTS if name != "residual"]].sum(axis=1, skipna=False)
    table["residual"] = (table["present"] - table["previous"] - explained).where(~dates)
    kept = table[["previous", "present"]].notna().any(axis=1) | dates
    table = table[kept]
    return table.reset_index(names=list(INDEX))[list(COLUMNS)]


def _nothing(previous: pd.Series, dates: pd.Series) -> pd.Series:
    """No effect: zero for figures that add up, the date as it was for dates."""
    return (previous * 0.0).fillna(0.0).where(~dates, previous)


def listed(sides: Sides) -> pd.DataFrame:
    """What was changed, as :data:`~actuarial.reporting.change_record.LISTED`: figures first, then counts of what moves nothing."""
    rows: list[tuple[object, ...]] = []
    groups: dict[tuple[str, str], list[Change]] = {}
    for change in sides.changes:
        if change.effective:
            groups.setdefault((change.belongs.part, change.file), []).append(change)
    for (part, file), own in sorted(groups.items(), key=lambda item: (PARTS.index(item[0][0]), item[0][1])):
        if len(own) > MOST_LISTED:
            example = own[0]
            rows.append((file, example.place, *both_said(example.old, example.new), part, sides.step(example), example.source, len(own)))
        else:
            rows += [(file, c.place, *both_said(c.old, c.new), part, sides.step(c), c.source, 1) for c in own]
    quiet = [change for change in sides.changes if not change.effective]
    for file in dict.fromkeys(change.file for change in quiet):
        own = [change for change in quiet if change.file == file]
        rows.append((file, own[0].place, *both_said(own[0].old, own[0].new), "none", "none", "", len(own)))
    return pd.DataFrame(rows, columns=list(LISTED))


def every_entry(changes: Sequence[Change]) -> pd.DataFrame:
    """All entries one by one, with the reason of their class, for a table to keep."""
    rows = [(c.file, c.place, *both_said(c.old, c.new), c.belongs.part, c.belongs.reason, c.effective, c.source) for c in changes]
    return pd.DataFrame(rows, columns=["file", "place", "old", "new", "class", "why", "moves_figures", "source"])
