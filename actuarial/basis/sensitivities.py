"""The list of one-at-a-time sensitivities, read from ``data/uncertainty/sensitivities.yaml``.

1. A row names one lever and up to three settings of it: ``low``, ``middle`` and ``high`` in the order of the lever, not of the result. A setting that
   is left out is not asked for, or does not exist; ``reason`` says which.
2. Rates are fractions: 0.01 with the unit *percentage points* is one point. Factors are plain: 0.9 is ten per cent less.
3. What a lever does is in :mod:`actuarial.feasibility.levers`; here it has a name and the unit of its settings.
4. ``combined`` names rows that are set together. Which way each goes is found from its own effect, not written here.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal, get_args

from pydantic import Field, ValidationError

from actuarial.basis.errors import InputError, Problem, raise_problems, unknown_name
from actuarial.basis.figure import Confidence
from actuarial.basis.scheme_values import Index
from actuarial.basis.yaml_file import StrictModel, YamlDocument, check, read_yaml

FILE: Final = "uncertainty/sensitivities.yaml"
COMBINED: Final = "combined"
"""Key of the row in which many change together."""

Unit = Literal["percentage points", "factor", "share", "years", "index"]
Side = Literal["low", "middle", "high"]
SIDES: Final[tuple[Side, ...]] = get_args(Side)
Setting = float | str

LEVERS: Final[Mapping[str, Unit]] = {
    "real_return": "percentage points",
    "real_wage": "percentage points",
    "inflation": "percentage points",
    "exchange_rate": "factor",
    "mortality": "factor",
    "fertility": "factor",
    "outflow": "factor",
    "stock": "factor",
    "returns": "factor",
    "migrant_cover": "percentage points",
    "resident_cover": "percentage points",
    "density": "factor",
    "compliance": "factor",
    "exits": "factor",
    "mover_pay": "factor",
    "emigrant_cover": "factor",
    "invalidity": "factor",
    "marriage": "factor",
    "qualifying_period": "years",
    "ceiling": "index",
    "refunds": "share",
    "take_up": "share",
    "administration": "factor",
}
"""Unit of the settings of each lever."""

_BOUNDS: Final = {"percentage points": (-0.2, 0.2), "factor": (0.0, 20.0), "share": (0.0, 1.0), "years": (-15.0, 15.0)}


class _Row(StrictModel):
    key: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    title: Annotated[str, Field(min_length=1)]
    group: Annotated[str, Field(min_length=1)]
    lever: str
    unit: Unit
    low: float | str | None = None
    middle: float | str | None = None
    high: float | str | None = None
    source: Annotated[str, Field(min_length=1)]
    confidence: Confidence
    reason: Annotated[str, Field(min_length=1)]


class _Combined(StrictModel):
    title: Annotated[str, Field(min_length=1)]
    group: Annotated[str, Field(min_length=1)]
    members: Annotated[tuple[str, ...], Field(min_length=2)]
    source: Annotated[str, Field(min_length=1)]
    confidence: Confidence
    reason: Annotated[str, Field(min_length=1)]


class _File(StrictModel):
    sensitivities: Annotated[tuple[_Row, ...], Field(min_length=1)]
    combined: _Combined


@dataclass(frozen=True)
class Sensitivity:
    """One row: a lever, its settings by side, and why these."""

    key: str
    title: str
    group: str
    lever: str
    unit: Unit
    settings: Mapping[Side, Setting]
    source: str
    confidence: str
    reason: str


@dataclass(frozen=True)
class Combination:
    """Rows that are set together, each towards a higher and towards a lower net cost."""

    title: str
    group: str
    members: tuple[str, ...]
    source: str
    confidence: str
    reason: str


@dataclass(frozen=True)
class Sensitivities:
    """The whole list, in the order of the file."""

    rows: tuple[Sensitivity, ...]
    combined: Combination

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys of the rows, and that of the combination last."""
        return (*(row.key for row in self.rows), COMBINED)

    def row(self, key: str) -> Sensitivity:
        """One row. Raises :class:`InputError` for an unknown key, with the nearest."""
        for row in self.rows:
            if row.key == key:
                return row
        raise InputError(unknown_name("sensitivity", key, self.keys))


def load_sensitivities(data_dir: Path) -> Sensitivities:
    """Read the list. Raises one :class:`InputError` that lists every problem of the file."""
    document = read_yaml(data_dir / FILE)
    file, problems = check(document, _File)
    problems += _problems(document, *_readable(document, file))
    raise_problems(problems)
    assert file is not None
    c = file.combined
    return Sensitivities(
        tuple(
            Sensitivity(row.key, row.title, row.group, row.lever, row.unit, _settings(row), row.source, row.confidence, row.reason)
            for row in file.sensitivities
        ),
        Combination(c.title, c.group, c.members, c.source, c.confidence, c.reason),
    )


def setting_label(unit: Unit, value: Setting) -> str:
    """A setting in words, as charts and tables show it.

    >>> [setting_label("percentage points", -0.01), setting_label("factor", 1.25), setting_label("factor", 2.0), setting_label("share", 0.75)]
    ['−1 pp', '+25%', '×2', '75%']
    """
    if isinstance(value, str):
        return value
    if unit == "percentage points":
        return _signed(f"{100.0 * value:+g} pp")
    if unit == "factor":
        return _signed(f"{100.0 * (value - 1.0):+.6g}%") if 0.6 < value < 1.6 else f"×{value:g}"
    return f"{100.0 * value:g}%" if unit == "share" else _signed(f"{value:+g} {unit}")


def _signed(text: str) -> str:
    return text.replace("-", "−")


def _settings(row: _Row) -> dict[Side, Setting]:
    found: dict[Side, Setting] = {}
    for side in SIDES:
        value: Setting | None = getattr(row, side)
        if value is not None:
            found[side] = value
    return found


def _readable(document: YamlDocument, file: _File | None) -> tuple[dict[int, _Row], tuple[str, ...]]:
    """Rows by position and the members of the combination; of a file that has not the right form those that have."""
    if file is not None:
        return dict(enumerate(file.sensitivities)), file.combined.members
    written = document.data.get("sensitivities")
    rows: dict[int, _Row] = {}
    for n, row in enumerate(written if isinstance(written, tuple) else ()):
        with suppress(ValidationError):  # told where the whole file is checked
            rows[n] = _Row.model_validate(row)
    return rows, ()


def _problems(document: YamlDocument, rows: Mapping[int, _Row], members: tuple[str, ...]) -> list[Problem]:
    """Unknown levers and members, wrong units, settings out of bounds, keys given twice."""
    problems: list[Problem] = []
    keys = [row.key for row in rows.values()]
    for place, (n, row) in enumerate(rows.items()):
        at = ("sensitivities", n)
        if row.key == COMBINED or row.key in keys[:place]:
            problems.append(document.problem((*at, "key"), f"'{row.key}' is given twice" if row.key != COMBINED else f"'{COMBINED}' is taken"))
        if row.lever not in LEVERS:
            problems.append(document.problem((*at, "lever"), unknown_name("lever", row.lever, tuple(LEVERS))))
            continue
        if row.unit != LEVERS[row.lever]:
            problems.append(document.problem((*at, "unit"), f"found '{row.unit}'; settings of '{row.lever}' are in '{LEVERS[row.lever]}'"))
            continue
        settings = _settings(row)
        if not settings:
            problems.append(document.problem(at, "no setting; give 'low', 'middle' or 'high'"))
        problems += [document.problem((*at, side), text) for side, value in settings.items() if (text := _out_of_bounds(row.unit, value))]
    for i, member in enumerate(members):
        if member not in keys or member in members[:i]:
            text = f"'{member}' is given twice" if member in keys else unknown_name("sensitivity", member, keys)
            problems.append(document.problem(("combined", "members", i), text))
    return problems


def _out_of_bounds(unit: Unit, value: Setting) -> str | None:
    if unit == "index":
        return None if value in get_args(Index) else f"found {value!r}, allowed: {', '.join(get_args(Index))}"
    low, high = _BOUNDS[unit]
    if isinstance(value, str) or not low <= value <= high:
        return f"found {value!r}, allowed {low:g} to {high:g} ({unit})"
    return None
