"""A published or derived case, and a check: one figure that was expected and the one that was found.

1. Cases stand in ``cases.yaml``: what is given, what must follow, how closely, and why so closely. Each figure stands there once; tests and the
   notebook ask here.
2. A check is one figure. Of a figure that is a list, the element nearest to its tolerance (or farthest beyond it) is the one that is told.
3. The difference is measured as its ``measure`` says: ``absolute`` (found - expected), ``relative`` (found / expected - 1; of a figure that is
   itself a relative gap, the gap), ``standard errors``, or a count of ``groups`` or ``files`` (found - expected).
   A check passes when the difference without its sign is at most the tolerance; what is not a number does not pass.
4. Dates are UTC. Seconds are those of the whole case, given to the first of its figures.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import ArrayLike
from pydantic import model_validator

from actuarial.basis.yaml_file import StrictModel, read_yaml, validate

Measure = Literal["absolute", "relative", "standard errors", "groups", "files"]
Kind = Literal["published", "derived", "identity", "independent implementation"]
Figure = float | tuple[float, ...]
CASES: Final = Path(__file__).with_name("cases.yaml")


class Case(StrictModel):
    """One case: what is given, and what must follow from it."""

    id: str
    subject: str
    what: str
    function: str
    """Name of the function that computes it, in :mod:`actuarial.validation.published`."""
    kind: Kind
    evidence: Literal["verified", "recalled", "derived"]
    source: str
    given: dict[str, Any] = {}
    expected: dict[str, Figure]
    tolerance: float | dict[str, float]
    """For all figures, or by name."""
    reason: str
    """Why the tolerance is what it is."""

    @model_validator(mode="after")
    def _every_figure_has_a_tolerance(self) -> Case:
        if isinstance(self.tolerance, dict) and set(self.tolerance) != set(self.expected):
            raise ValueError(f"{self.id}: tolerances of {', '.join(sorted(self.tolerance))}, figures {', '.join(sorted(self.expected))}")
        return self

    def within(self, figure: str) -> float:
        """Tolerance of a figure."""
        return self.tolerance[figure] if isinstance(self.tolerance, dict) else self.tolerance


class _Cases(StrictModel):
    cases: tuple[Case, ...]


@dataclass(frozen=True)
class Check:
    """One figure: what was expected, what was found, and whether they are as near as they must be."""

    id: str
    subject: str
    what: str
    kind: Kind
    evidence: str
    source: str
    expected: float
    found: float
    difference: float
    measure: Measure
    tolerance: float
    reason: str
    seconds: float = 0.0
    date: str = ""

    @property
    def passed(self) -> bool:
        """Whether the difference is within the tolerance."""
        return abs(self.difference) <= self.tolerance

    @property
    def case(self) -> str:
        """The case that the figure belongs to."""
        return self.id.split("/")[0]

    @property
    def strain(self) -> float:
        """Difference without sign over tolerance; 0 for an exact figure, infinite for a difference where none is allowed."""
        if self.difference == 0.0:
            return 0.0
        return abs(self.difference) / self.tolerance if self.tolerance > 0.0 and not math.isnan(self.difference) else math.inf


@cache
def load_cases(path: Path = CASES) -> dict[str, Case]:
    """Cases by id, in the order of the file. Raises ``InputError`` for a file that is wrong, ``ValueError`` for an id given twice."""
    cases = validate(read_yaml(path), _Cases).cases
    named = {case.id: case for case in cases}
    if len(named) < len(cases):
        raise ValueError(f"{path.name}: an id stands there twice")
    return named


def difference(expected: float, found: float, measure: Measure) -> float:
    """Difference as a measure has it. Raises ``ValueError`` for a relative one to an expected zero."""
    if measure == "relative":
        if expected == 0.0:
            raise ValueError("a relative difference to zero")
        return found / expected - 1.0
    return found - expected


def largest(values: ArrayLike) -> float:
    """Largest of gaps of any shape; infinite when one is not a number, so that no check passes on it. Raises ``ValueError`` when there are none."""
    highest = float(np.max(np.asarray(values, dtype=np.float64)))
    return math.inf if math.isnan(highest) else highest


def judged(case: Case, found: Mapping[str, Figure]) -> list[Check]:
    """Checks of the figures of a case. Raises ``ValueError`` when those found are others than those expected."""
    if set(found) != set(case.expected):
        raise ValueError(f"{case.id}: found {', '.join(sorted(found))}, expected {', '.join(sorted(case.expected))}")
    return [_worst(case, name, _values(wanted), _values(found[name])) for name, wanted in case.expected.items()]


def _values(figure: Figure) -> tuple[float, ...]:
    return tuple(float(v) for v in figure) if isinstance(figure, Sequence) else (float(figure),)


def _worst(case: Case, name: str, wanted: tuple[float, ...], found: tuple[float, ...]) -> Check:
    if len(wanted) != len(found):
        raise ValueError(f"{case.id}/{name}: {len(found)} values found, {len(wanted)} expected")
    checks = [
        Check(
            f"{case.id}/{name}", case.subject, case.what, case.kind, case.evidence, case.source, e, f, difference(e, f, "absolute"), "absolute",
            case.within(name), case.reason,
        )
        for e, f in zip(wanted, found, strict=True)
    ]  # fmt: skip
    return max(checks, key=lambda check: check.strain)


def timed(compute: Callable[[], list[Check]]) -> list[Check]:
    """What ``compute`` gives, dated, with the seconds it took on its first check."""
    begun = time.perf_counter()
    checks = compute()
    now = datetime.now(UTC).date().isoformat()
    return [replace(check, seconds=(time.perf_counter() - begun) * (n == 0), date=now) for n, check in enumerate(checks)]
