"""Analysis of change between run folders, and between an earlier run and the one that is being made.

1. The inputs of a run are those it keeps (:mod:`actuarial.reporting.kept_inputs`), its results those it printed. A run that is not as it was written
   is refused.
2. A run was made by the present code when its study has the key that the present code, packages and machine would give it
   (:func:`~actuarial.reporting.study_cache.study_key`). Two runs that are both older are by the same code when their manifests say so.
3. Studies of the steps are read from the cache, and kept there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pandas as pd

from actuarial.audit.change_classes import PARTS, Part
from actuarial.audit.change_entries import Change
from actuarial.audit.change_figures import figures
from actuarial.audit.change_inputs import Inputs, changes_between, read_inputs
from actuarial.audit.change_walk import Printed, analyse
from actuarial.basis.errors import InputError, shown, unknown_name
from actuarial.execution.temporary import temporary_folder
from actuarial.feasibility.result import StudyResult, read_study, write_study
from actuarial.reporting.change_record import AnalysisOfChange, attach_change
from actuarial.reporting.kept_inputs import opened_inputs, read_manifest
from actuarial.reporting.manifest import verify
from actuarial.reporting.produce import RESULTS, Progress, Request
from actuarial.reporting.study_cache import PACKAGES, fetch, keep, study_key

_MACHINE: Final = ("python", "implementation", "system", "machine")
_SHOWN: Final = 5


@contextmanager
def opened_run(run: Path) -> Iterator[tuple[Printed, Mapping[str, Any]]]:
    """A finished run as it was printed, and its manifest; its inputs stand in a folder while the block runs.

    Raises :class:`InputError` for a folder that is no run, is not as it was written, or keeps no inputs.
    """
    if problems := verify(run):
        more = [f"and {len(problems) - _SHOWN} more"] if len(problems) > _SHOWN else []
        raise InputError("\n".join([f"{shown(run)} is not as it was written:", *(f"  {line}" for line in (*problems[:_SHOWN], *more))]))
    if "kind" in read_manifest(run):
        raise InputError(f"{shown(run)}: holds results of `actuarial {read_manifest(run)['kind']}`; only runs of `actuarial reports` are compared")
    with opened_inputs(run) as kept:
        inputs = read_inputs(kept.data, kept.scenarios, kept.scenario, kept.instrument)
        own = kept.manifest.get("study_cache", {}).get("key") == _key(inputs)
        yield Printed(inputs, figures(_study(run)), own, str(kept.manifest.get("identity", ""))), kept.manifest


def _study(run: Path) -> StudyResult:
    """Results of a run. Raises :class:`InputError` when another version wrote them in another form."""
    try:
        return read_study(run / RESULTS)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{shown(run / RESULTS)}: cannot be read by this version ({' '.join(str(error).split())})") from None


def _key(inputs: Inputs) -> str:
    return study_key(inputs.hashes(), inputs.scenario, inputs.instrument)


def same_code(previous: Mapping[str, Any], present: Mapping[str, Any]) -> bool:
    """Whether the manifests of two runs name the same code, packages that compute, and kind of machine."""
    return _code(previous) is not None and _code(previous) == _code(present)


def _code(manifest: Mapping[str, Any]) -> tuple[object, ...] | None:
    code, machine = manifest.get("code", {}), manifest.get("environment", {})
    state = code.get("code_sha256") or (code.get("commit") if code.get("modified") is False else None)
    packages = {str(name).casefold(): version for name, version in machine.get("packages", {}).items()}
    return None if state is None else (state, *(packages.get(name) for name in PACKAGES), *(machine.get(name) for name in _MACHINE))


@dataclass
class Studies:
    """Figures of studies under the present code; ``cached``: from the cache where they are there, kept there otherwise."""

    progress: Progress
    cached: bool = True
    computed: int = field(default=0, init=False)
    """How many had to be computed."""

    def __call__(self, inputs: Inputs) -> pd.DataFrame:
        """Figures of one study."""
        from actuarial.feasibility.study import run_study

        key = _key(inputs)
        with temporary_folder("study") as temporary:
            results = temporary / RESULTS
            if not (self.cached and fetch(key, results)):
                self.computed += 1
                write_study(run_study(inputs.data, inputs.scenario, inputs.instrument, self.progress), results)
                if self.cached:
                    keep(key, results)
            return figures(read_study(results))


def parsed_order(text: str) -> tuple[Part, ...]:
    """The order of the classes as an option gives it. Raises :class:`InputError`."""
    words = tuple(word.strip() for word in text.split(","))
    if sorted(words) != sorted(PARTS):
        raise InputError(f"--order {text}: takes each of {', '.join(PARTS)} once, with commas between them")
    return tuple(part for word in words for part in PARTS if part == word)


@dataclass(frozen=True)
class Difference:
    """Two runs compared: the analysis, and every entry that differs."""

    analysis: AnalysisOfChange
    changes: tuple[Change, ...]
    names: Mapping[str, str]
    """Countries of either run by code, in English."""
    currencies: Mapping[str, str]


def difference(previous: Path, present: Path, order: Sequence[Part], progress: Progress, countries: Sequence[str] = ()) -> Difference:
    """Analyse the change from one finished run to another; ``countries`` must be in one of them. Raises :class:`InputError`."""
    with opened_run(previous) as (one, first), opened_run(present) as (two, second):
        members = tuple(dict.fromkeys([*first["study"]["members"], *second["study"]["members"]]))
        for country in countries:
            if country not in members:
                raise InputError(unknown_name("country", country, members))
        same = (one.present_code and two.present_code) or (one.present_code == two.present_code and same_code(first, second))
        analysis = analyse(one, two, Studies(progress), same_code=same, order=order)
        schemes = {c: s for run in (previous, present) for c, s in _study(run).schemes.items()}
        names, currencies = {c: s.country_name for c, s in schemes.items()}, {c: s.currency for c, s in schemes.items()}
        return Difference(analysis, changes_between(one.inputs, two.inputs), names, currencies)


@dataclass(frozen=True)
class SincePrevious:
    """The analysis of change from an earlier run, for a run that is being made (:class:`~actuarial.reporting.produce.Beside`)."""

    previous: Path
    order: tuple[Part, ...] = PARTS

    def check(self) -> None:
        """Refuse an earlier run that cannot be compared with. Raises :class:`InputError`."""
        with opened_run(self.previous):
            pass

    def attach(self, request: Request, results: Path, progress: Progress) -> None:
        """Write the analysis beside the tables of the study in ``results``. Raises :class:`InputError`."""
        inputs = read_inputs(request.data or request.root / "data", request.root / "scenarios", request.scenario, request.instrument)
        present = Printed(inputs, figures(read_study(results)), True)
        with opened_run(self.previous) as (previous, _manifest):
            analysis = analyse(previous, present, Studies(progress, request.cached), same_code=previous.present_code, order=self.order)
        attach_change(analysis, results)
