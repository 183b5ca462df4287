"""Numbers that cannot be right stop the run where they first appear, and say where that is.

1. Every stage of a run hands its arrays to :func:`guard` before the next stage sees them. No NaN, no infinity and no number out of its bounds passes.
2. The failure named is the first in time: the earliest year, within it the youngest age, then the order of the remaining axes.
3. A bound has room for rounding: ``1e-9`` of the largest absolute figure of the array, as everywhere in the code base.
4. Two passes over an array without a copy are all that a sound array costs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from actuarial.basis.dimensions import Array
from actuarial.basis.errors import NumericalFailure

ROOM: Final = 1e-9
"""Room for rounding, as a share of the largest absolute figure."""
_FIRST_AXES: Final = ("year", "age")
"""Axes by which the first failure is found; the others follow in their order."""

Labels = Sequence[str | int]
Axes = Mapping[str, Labels | int]
"""Axes of an array in order: the labels of each, or its first label where they count up by one."""


def guard(
    stage: str, what: str, values: Array, axes: Axes, least: float = -np.inf, most: float = np.inf, country: str = ""
) -> None:
    """Raise :class:`NumericalFailure` unless all ``values`` are finite and lie between ``least`` and ``most``.

    ``axes`` names the axes of ``values`` in order (``country``, ``corridor``, ``sex``, ``age``, ``year``, ...): the labels of each, or its first
    label where they count up by one. ``country`` is named where no axis tells it. Raises ``ValueError`` when axes and shape do not fit.
    """
    if len(axes) != values.ndim:
        raise ValueError(f"{stage}, {what}: {len(axes)} axes are named for shape {values.shape}")
    if values.size == 0:
        return
    low, high = float(values.min()), float(values.max())
    room = ROOM * max(abs(low), abs(high))
    # Comparisons with NaN are false, so that it fails here too.
    if np.isfinite(low) and np.isfinite(high) and low >= least - room and high <= most + room:
        return
    finite = np.isfinite(values)
    room = ROOM * float(np.abs(values[finite]).max(initial=0.0))
    wrong = ~(finite & (values >= least - room) & (values <= most + room))
    if wrong.any():  # beside an infinity the room of the quick look is not a number
        raise NumericalFailure(_message(stage, what, values, wrong, axes, least, most, country))


def guard_conserved(stage: str, what: str, before: Array, after: Array, axes: Axes, country: str = "") -> None:
    """Raise :class:`NumericalFailure` unless ``after`` equals ``before`` to 1e-9 of the larger (at least 1); axes as for :func:`guard`."""
    scale = np.maximum(np.maximum(np.abs(before), np.abs(after)), 1.0)
    wrong = ~(np.abs(after - before) <= ROOM * scale)
    if wrong.any():
        at = _first(wrong, tuple(axes))
        place = _place(at, axes, country)
        gap = float(after[at] - before[at])
        raise NumericalFailure(f"{stage}: {what} not conserved{place}: {gap:+.6g} of {float(before[at]):.6g}, allowed {ROOM:g} of it")


def _message(
    stage: str, what: str, values: Array, wrong: np.ndarray, axes: Axes, least: float, most: float, country: str
) -> str:
    at = _first(wrong, tuple(axes))
    bounds = [text for text, bound in ((f"at least {least:g}", least), (f"at most {most:g}", most)) if np.isfinite(bound)]
    more = int(wrong.sum()) - 1
    others = f" ({more:,} more cells)" if more else ""
    return f"{stage}: {what}{_place(at, axes, country)} is {float(values[at]):g}; allowed is {' and '.join(['a finite number', *bounds])}{others}"


def _first(wrong: np.ndarray, names: tuple[str, ...]) -> tuple[int, ...]:
    """Position of the first failure: axes ``year``, then ``age``, then the others."""
    order = [names.index(name) for name in _FIRST_AXES if name in names]
    order += [k for k in range(len(names)) if k not in order]
    found = np.argwhere(np.moveaxis(wrong, order, range(len(order))))[0]
    at = dict(zip(order, found.tolist(), strict=True))
    return tuple(at[k] for k in range(len(names)))


def _place(at: tuple[int, ...], axes: Axes, country: str) -> str:
    """Words for a position, e.g. ``, AAA, male, year 2050, age 60``."""
    words = {name: labels + k if isinstance(labels, int) else labels[k] for k, (name, labels) in zip(at, axes.items(), strict=True)}
    first = [str(words.pop(name)) for name in ("country", "corridor", "sex") if name in words]
    shown = ([country] if country else []) + first + [f"{name} {words.pop(name)}" for name in _FIRST_AXES if name in words]
    return "".join(f", {text}" for text in [*shown, *(f"{name} {value}" for name, value in words.items())])
