"""What a verb was asked for, checked before anything heavy is imported: a complaint comes at once, and all of them together."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from actuarial.basis.errors import Gathered, InputError, shown, unknown_name

if TYPE_CHECKING:
    from actuarial.basis.instrument import Instrument


def check_request(root: Path, options: argparse.Namespace, *more: Callable[[], object], projected: bool = True) -> None:
    """Read scenarios and instruments, look up countries, corridors and language that ``options`` name, and the places of ``--workbook``, ``--csv``.

    ``more`` are further checks that raise :class:`InputError`; with ``projected`` instruments must be ones that this version projects (asked
    last, for it loads much). Raises one error with everything that cannot be used. To be called first by a verb;
    it takes some hundredths of a second, and the verb reads what it needs again.
    """
    from actuarial.basis.region import load_region
    from actuarial.reporting.language import check_language

    gathered = Gathered()
    region = gathered.read(load_region, root / "data")
    gathered.check()  # nothing can be looked up without it
    gathered.read(region.select, _several(options, "country"))
    instruments = gathered.read(_laws, root, options, region.members)
    corridors = ["-".join(pair) for pair in region.corridors]
    gathered.read(check_names, "corridor", [name for name in getattr(options, "corridor", ()) if name != "all"], corridors)
    gathered.read(check_names, "origin", getattr(options, "third_states", ()), region.members)
    for path in getattr(options, "workbook", ()):
        gathered.read(_check_workbook, path)
    for check in free_target(getattr(options, "csv", None), "--csv"):
        gathered.read(check)
    if hasattr(options, "language"):
        gathered.read(check_language, options.language)
    for check in more:
        gathered.read(check)
    gathered.check()
    if projected:
        _check_projected(instruments)


def free_target(out: object, option: str = "--out") -> list[Callable[[], object]]:
    """The check that a run may be written to the place of an option, for :func:`check_request`; none where it names none (that can be used)."""
    from actuarial.reporting.run_folder import check_target

    return [lambda: check_target(out, option)] if isinstance(out, Path) else []


def check_names(what: str, given: Iterable[str], allowed: Iterable[str]) -> None:
    """Raise one :class:`InputError` for all names that are not among the allowed ones, each with the nearest."""
    known = list(allowed)
    wrong = [name for name in dict.fromkeys(given) if name not in known]
    if wrong:
        raise InputError("\n".join(unknown_name(what, name, known) for name in wrong))


def _check_workbook(path: Path) -> None:
    """Refuse a workbook that is not there, before the packages that read one are loaded."""
    if not path.exists():
        raise InputError(f"--workbook {shown(path)}: no such file")


def _check_projected(instruments: Sequence[Instrument]) -> None:
    from actuarial.feasibility.supported import supported

    gathered = Gathered()
    for instrument in instruments:
        gathered.read(supported, instrument)
    gathered.check()


def _laws(root: Path, options: argparse.Namespace, members: tuple[str, ...]) -> list[Instrument]:
    """Read scenarios and instruments, one of each or several, and return the instruments."""
    from actuarial.basis.instrument import load_instrument
    from actuarial.basis.scenario import load_scenario

    schemes = root / "data" / "schemes"
    ids = sorted(path.name for path in schemes.iterdir() if path.is_dir()) if schemes.is_dir() else None
    gathered = Gathered()
    for name in _several(options, "scenario"):
        gathered.read(load_scenario, name, root / "scenarios", members, ids)
    instruments = [gathered.read(load_instrument, name, root / "scenarios", members) for name in _several(options, "instrument")]
    gathered.check()
    return instruments


def _several(options: argparse.Namespace, name: str) -> list[str]:
    value = getattr(options, name, [])
    return value if isinstance(value, list) else [] if value is None else [value]
