"""The kinds of files that a person can touch: how one is made, and how the toolkit reads it.

1. A :data:`Maker` writes one damaged file into ``place.work`` (or over the copy of the data) and returns what was done to it and how it is read.
2. Reading returns whether the file was accepted, or raises :class:`InputError`; anything else is a failure of the toolkit.
3. One file in sixteen is not damaged but replaced by something else: a pipe, a device, a folder, a circle of links (:mod:`tests.fuzz.file_tricks`).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from random import Random
from typing import Final

from tests.fuzz import commands, file_tricks, table_mutations, text_mutations, workbook_mutations, yaml_mutations
from tests.fuzz.place import ROOT, SCENARIOS, WORKBOOK_COUNTRIES, Place
from tests.fuzz.through import through_command

Mutator = Callable[[Random, bytes], tuple[bytes, str]]
TRICKED: Final = 1 / 16


@dataclass(frozen=True)
class Trial:
    """A file ready to be read: what was done to it, where it lies, how it is read, and what puts things back."""

    what: str
    file: Path | None
    read: Callable[[], bool]
    restore: Callable[[], object] = lambda: None


Maker = Callable[[Random, Place], Trial]


def intact(_rng: Random, data: bytes) -> tuple[bytes, str]:
    """No damage: what is shipped must be accepted."""
    return data, "intact"


def _damaged(rng: Random, path: Path, seed: bytes, mutate: Mutator) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    if mutate is not intact and rng.random() < TRICKED:
        path.write_bytes(seed)
        return f"instead: {file_tricks.replace(rng, path)}"
    data, what = mutate(rng, seed)
    path.write_bytes(data)
    return what


def scenario(rng: Random, place: Place, mutate: Mutator = yaml_mutations.mutated) -> Trial:
    from actuarial.basis.scenario import load_scenario

    seed = rng.choice(sorted(SCENARIOS.glob("*.yaml")))
    path = place.work / seed.name
    what = _damaged(rng, path, seed.read_bytes(), mutate)
    if rng.random() < 0.06:
        return Trial(f"{seed.name}: {what}, by command", path, partial(through_command, ["price", "--scenario", str(path)]))
    return Trial(f"{seed.name}: {what}", path, lambda: bool(load_scenario(str(path), SCENARIOS, place.members)))


def instrument(rng: Random, place: Place, mutate: Mutator = yaml_mutations.mutated) -> Trial:
    from actuarial.basis.instrument import load_instrument
    from actuarial.feasibility.supported import supported

    seed = rng.choice(sorted((SCENARIOS / "instruments").glob("*/instrument.yaml")))
    path = place.work / seed.parent.name / seed.name
    what = _damaged(rng, path, seed.read_bytes(), mutate)
    if rng.random() < 0.06:
        return Trial(f"{seed.parent.name}: {what}, by command", path, partial(through_command, ["price", "--instrument", str(path)]))

    def read() -> bool:
        found = load_instrument(path, SCENARIOS, place.members)
        if mutate is not intact:
            supported(found)
        return True

    return Trial(f"{seed.parent.name}: {what}", path, read)


def scheme(rng: Random, place: Place, mutate: Mutator = yaml_mutations.mutated) -> Trial:
    from actuarial.basis.scheme import load_scheme

    seed = rng.choice(sorted((ROOT / "data" / "schemes").glob("*/params.yaml"))).parent
    folder = place.work / seed.name
    folder.mkdir()
    for name in ("law.md", "cases.yaml", "params.yaml"):
        (folder / name).write_bytes((seed / name).read_bytes())
    if mutate is not intact and rng.random() < 0.25:
        name, content = rng.choice(sorted(_people().items()))
        what = _damaged(rng, folder / name, content, table_mutations.mutated)
    else:
        name = "params.yaml"
        what = _damaged(rng, folder / name, (seed / name).read_bytes(), mutate)

    def read() -> bool:
        found = load_scheme(folder)
        return bool(list(found.figures())) and found.statistics is not None

    return Trial(f"{seed.name}/{name}: {what}", folder / name, read)


@cache
def _people() -> dict[str, bytes]:
    members = [f"{sex},{age},{10 * (70 - age)},{1000 + age}" for sex in ("male", "female") for age in range(15, 70)]
    from actuarial.basis.scheme_people import FIRST_PENSION_AGE

    pensioners = [f"{sex},{age},{101 - age},500" for sex in ("male", "female") for age in range(FIRST_PENSION_AGE, 101)]
    return {
        "members.csv": ("sex,age,contributors,earnings\n" + "\n".join(members) + "\n").encode(),
        "pensioners.csv": ("sex,age,pensioners,average_pension\n" + "\n".join(pensioners) + "\n").encode(),
    }


def case(rng: Random, place: Place, mutate: Mutator = yaml_mutations.mutated) -> Trial:
    seed = rng.choice(sorted((SCENARIOS / "cases").glob("*.yaml")))
    path = place.work / seed.name
    what = _damaged(rng, path, seed.read_bytes(), mutate)
    form = rng.choice(([], ["--json"]))
    return Trial(f"{seed.name}: {what}", path, partial(through_command, ["entitlement", str(path), *form]))


def table(rng: Random, place: Place, mutate: Mutator = table_mutations.mutated) -> Trial:
    from actuarial.basis.economy import load_economy
    from actuarial.basis.labour import load_labour
    from actuarial.basis.migration import load_migration
    from actuarial.basis.population import load_population, load_reference_population
    from actuarial.basis.uncertainty import load_uncertainty

    loaders: dict[str, Callable[[Path, tuple[str, ...]], object]] = {
        "economy": load_economy,
        "labour": load_labour,
        "migration": load_migration,
        "population": load_population,
        "uncertainty": load_uncertainty,
    }
    folder = rng.choice(("economy", "economy", "labour", "labour", "migration", "migration", "uncertainty", "uncertainty", "population"))
    path = rng.choice(sorted((place.data / folder).glob("*.csv")))
    load = load_reference_population if path.stem == "reference_population" else loaders[folder]
    return _in_data(rng, place, path, mutate, lambda: bool(load(place.data, place.members)))


def _in_data(rng: Random, place: Place, path: Path, mutate: Mutator, read: Callable[[], bool]) -> Trial:
    seed = path.read_bytes()

    def restore() -> None:
        if path.is_dir() and not path.is_symlink():
            path.rmdir()
        else:
            path.unlink(missing_ok=True)
        for name in ("other", "whole"):
            path.with_name(name).unlink(missing_ok=True)
        path.write_bytes(seed)

    return Trial(f"{path.relative_to(place.data)}: {_damaged(rng, path, seed, mutate)}", path, read, restore)


def parameters(rng: Random, place: Place, mutate: Mutator = yaml_mutations.mutated) -> Trial:
    from actuarial.basis.branch_costs import load_branch_costs
    from actuarial.basis.careers import load_careers
    from actuarial.basis.contingencies import load_contingencies
    from actuarial.basis.families import load_families
    from actuarial.basis.region import load_region
    from actuarial.basis.sensitivities import load_sensitivities
    from actuarial.basis.uncertainty import load_uncertainty

    if rng.random() < 0.15:
        return _notebook(rng, place, mutate)
    loaders: dict[str, Callable[[Path], object]] = {
        "branch_costs": load_branch_costs,
        "careers": load_careers,
        "contingencies": load_contingencies,
        "families": load_families,
        "region": load_region,
        "sensitivities": load_sensitivities,
    }
    path = rng.choice(sorted([*(place.data / "uncertainty").glob("*.yaml"), *(place.data / "labour").glob("*.yaml"), place.data / "region.yaml"]))
    members = place.members
    loaders |= {
        name: lambda data: load_uncertainty(data, members)
        for name in (p.stem for p in (place.data / "uncertainty").glob("*.yaml"))
        if name not in loaders
    }
    return _in_data(rng, place, path, mutate, lambda: loaders[path.stem](place.data) is not None)


def _notebook(rng: Random, place: Place, mutate: Mutator) -> Trial:
    """A report notebook whose cell of parameters was edited, and values for them."""
    from actuarial.reporting.papermill_run import NotebookJob, check_job

    seed = rng.choice(sorted((ROOT / "notebooks").glob("*.ipynb")))
    path = place.work / seed.name
    given = seed.read_bytes()
    if mutate is not intact and rng.random() < 0.5:
        cells = json.loads(given)
        for cell in cells["cells"]:
            if "parameters" in cell["metadata"].get("tags", ()):
                cell["source"] = text_mutations.mutated(rng, "".join(cell["source"]).encode())[0].decode("utf-8", "replace")
        given, mutate = json.dumps(cells).encode(), intact
    what = _damaged(rng, path, given, mutate if mutate is intact else text_mutations.mutated)

    def read() -> bool:
        check_job(NotebookJob("KEN", path, {}, place.cwd, place.out / "report.ipynb"))
        return True

    return Trial(f"{seed.name}: {what}", path, read)


def workbook(rng: Random, place: Place, mutate: Mutator = workbook_mutations.mutated) -> Trial:
    from actuarial.input_workbook.apply import data_with

    country = rng.choice(WORKBOOK_COUNTRIES)
    path = place.work / f"{country}.xlsx"
    what = _damaged(rng, path, place.workbook(country), mutate)

    def read() -> bool:
        with data_with(place.data, [path]) as given:
            return bool(given.record)

    return Trial(f"{country}.xlsx: {what}", path, read)


def command(rng: Random, place: Place, mutate: Mutator = text_mutations.mutated) -> Trial:
    words, what = commands.command(rng, place, damaged=mutate is not intact)
    return Trial(what, None, partial(through_command, words))


KINDS: Final[dict[str, Callable[..., Trial]]] = {
    "scenario": scenario,
    "instrument": instrument,
    "scheme": scheme,
    "case": case,
    "table": table,
    "workbook": workbook,
    "parameters": parameters,
    "command": command,
}
SHARES: Final = {"scenario": 20, "instrument": 18, "scheme": 16, "case": 14, "table": 7, "workbook": 4, "parameters": 12, "command": 14}
"""Of all kinds together, how many of each: what takes long to read is tried less often."""
