"""Scenarios: what may happen to mobility and to the economy, as levers on the basis.

1. A file extends another and states only what differs. The one at the end of the chain states everything: there are no
   hidden defaults.
2. ``extends`` is the name of a shipped scenario, or a path ending in ``.yaml`` relative to the file that says it.
3. Name, title and description belong to the file itself and are never inherited.
4. Levers act from the first projection year on. What lies before the valuation date is changed by ``stock_multiplier``
   only.
5. In a corridor the levers multiply: general multiplier x corridor multiplier x shock multiplier x factor of the sex.
6. A path is 1 (or nothing) before its first year, moves in a straight line, and is whole from ``full_by`` on (:func:`progress`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Final

import numpy as np
from pydantic import Field, model_validator

from actuarial.basis.dimensions import FIRST_YEAR, HORIZON, Array
from actuarial.basis.errors import InputError, Problem, nearest, raise_problems, shown, unknown_name
from actuarial.basis.quantities import Multiplier, PartOfYear, ProjectionYear, RateChange, Share
from actuarial.basis.yaml_file import StrictModel, YamlDocument, check, lay_over, read_yaml

_OWN_KEYS: Final = ("name", "title", "description")

Corridor = Annotated[str, Field(pattern=r"^[A-Z]{3}-[A-Z]{3}$")]
"""Origin and host, ``UGA-KEN`` for movers from Uganda to Kenya."""

Country = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
"""ISO 3166 alpha-3 code of a member."""


class CorridorLevers(StrictModel):
    """Levers of one corridor, on top of the general ones; what is not named stays as it is."""

    outflow_multiplier: Multiplier = 1.0
    return_multiplier: Multiplier = 1.0


class Shock(StrictModel):
    """A single year in which many go home and few leave."""

    year: ProjectionYear
    return_share: Share
    """Share of the movers abroad who return in that year, on top of the usual returns."""
    outflow_multiplier: Multiplier
    """Factor on the outflow of that year."""


class YearPath(StrictModel):
    """A change that comes in over some years."""

    first_year: ProjectionYear
    """Year at whose end the first part of the change is there."""
    full_by: ProjectionYear
    """Year at whose end all of it is there, for good."""

    @model_validator(mode="after")
    def _in_order(self) -> YearPath:
        if self.full_by < self.first_year:
            raise ValueError(f"full_by {self.full_by} lies before first_year {self.first_year}")
        return self


class SexPath(YearPath):
    """Factors by sex that come in over some years; 1 = unchanged."""

    male: Multiplier
    female: Multiplier


class OutflowBySex(SexPath):
    """Factors on outflow by sex, and women's way to the level of men."""

    women_towards_men: Share
    """Share of the distance to men's propensity to move that women go, in corridors where they move less; before their factor."""


class RefugeesJoin(YearPath):
    """Refugees and other displaced of working age who take up work that can be insured, and are movers from then on."""

    share: Share
    """Share of them in the end, at every age from 15 to 59."""


class MigrationLevers(StrictModel):
    """Levers on mobility between the members."""

    outflow_multiplier: Multiplier
    """Factor on the rate at which residents leave for another member state."""
    return_multiplier: Multiplier
    """Factor on the rate at which movers go home."""
    stock_multiplier: Multiplier
    """Factor on the movers abroad at the valuation date."""
    corridors: Mapping[Corridor, CorridorLevers]
    shock: Shock | None
    migrant_coverage_factor: Multiplier
    """Factor on the share of movers in covered employment, relative to nationals of the host."""
    outflow_by_sex: OutflowBySex | None
    migrant_coverage_path: SexPath | None
    """Factor on the covered share of movers that comes in over years, on top of ``migrant_coverage_factor``."""
    refugees_join: RefugeesJoin | None


class EconomyLevers(StrictModel):
    """Additions to the yearly rates of the economic basis, as fractions (0.01 = one percentage point)."""

    inflation_add: RateChange
    real_wage_growth_add: RateChange
    real_return_add: RateChange


class CollectionLevers(StrictModel):
    """Levers on what members pay, by country, from the first projection year on; a country that is not named stays as it is."""

    density_factor: Mapping[Country, Multiplier]
    """Factor on the share of the year paid by somebody insured: it lowers credits, pay and contributions."""
    compliance_factor: Mapping[Country, Multiplier]
    """Factor on contributions collected over contributions due: it lowers what comes in, not what is owed to members."""


class PaymentLevers(StrictModel):
    """Levers on how an instrument is carried out."""

    non_payment: Mapping[Country, Share]
    """Share of what a country's scheme owes abroad only under the instrument that it does not pay."""
    take_up_factor: Multiplier
    """Factor on the instrument's share of claims taken up."""
    processing_lag_years: PartOfYear
    """Time between the claim and the first payment of a pension under the instrument."""
    exchange_rate_add: Mapping[Country, RateChange]
    """Extra loss of value of a currency against the dollar per year, on top of relative inflation. Amounts in national currency stay."""


class Scenario(StrictModel):
    """A complete scenario."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    title: Annotated[str, Field(min_length=1)]
    description: Annotated[str, Field(min_length=1)]
    extends: str | None = None
    migration: MigrationLevers
    economy: EconomyLevers
    schemes: Mapping[Country, str]
    """Another scheme folder below ``data/schemes`` in place of the region's, by country."""
    collection: CollectionLevers
    payment: PaymentLevers


def progress(path: YearPath | None) -> Array:
    """Part of a change that is there at the end of each projection year [75]: 0 before ``first_year``, 1 from ``full_by`` on.

    In year t of the path, ``(t - first_year + 1) / (full_by - first_year + 1)``. Without a path nothing ever changes.
    """
    if path is None:
        return np.zeros(HORIZON)
    years = np.arange(FIRST_YEAR, FIRST_YEAR + HORIZON)
    part: Array = np.clip((years - path.first_year + 1) / (path.full_by - path.first_year + 1), 0.0, 1.0)
    return part


def factors(path: SexPath | None) -> Array:
    """Factors [2, 75] of men and women along a path; 1 without one.

    >>> factors(SexPath(male=1.0, female=2.0, first_year=2027, full_by=2028))[1, :4].tolist()
    [1.0, 1.5, 2.0, 2.0]
    """
    full = np.array([1.0, 1.0] if path is None else [path.male, path.female])
    return np.asarray(1.0 + (full[:, np.newaxis] - 1.0) * progress(path), dtype=np.float64)


def load_scenario(
    path_or_name: str | Path, scenarios_dir: Path, members: Sequence[str] | None = None, scheme_ids: Sequence[str] | None = None
) -> Scenario:
    """Read a scenario by name (``base``) or by path (ending in ``.yaml``).

    With ``members`` the corridors must run between members, with ``scheme_ids`` the schemes it chooses must be among them. Raises one
    :class:`InputError` that lists every problem of every file in the chain.
    """
    chain = [read_yaml(path) for path in scenario_files(path_or_name, scenarios_dir)]
    merged = chain[-1]
    for document in reversed(chain[:-1]):
        merged = lay_over(_without_own_keys(merged), document)
    scenario, problems = check(merged, Scenario)
    name, stem = chain[0].data.get("name"), chain[0].path.stem
    if isinstance(name, str) and name != stem:
        problems.append(merged.problem(("name",), f"found '{name}'; it must be the name of the file, '{stem}'"))
    if members is not None:
        problems += _corridors_outside(merged, members) + _countries_outside(merged, members)
    if scheme_ids is not None:
        problems += _schemes_outside(merged, scheme_ids)
    raise_problems(problems)
    assert scenario is not None
    return scenario


def _schemes_outside(document: YamlDocument, scheme_ids: Sequence[str]) -> list[Problem]:
    """Problems of schemes that have no folder."""
    chosen = document.data.get("schemes")
    return [
        document.problem(("schemes", country), unknown_name("scheme", scheme, scheme_ids))
        for country, scheme in (chosen.items() if isinstance(chosen, dict) else ())
        if isinstance(scheme, str) and scheme not in scheme_ids
    ]


def _corridors_outside(document: YamlDocument, members: Sequence[str]) -> list[Problem]:
    """Problems of corridors that do not run between two different members."""
    problems: list[Problem] = []
    migration = document.data.get("migration")
    corridors = migration.get("corridors") if isinstance(migration, dict) else None
    for corridor in corridors if isinstance(corridors, dict) else ():
        at = ("migration", "corridors", corridor)
        ends = str(corridor).split("-")
        if len(ends) != 2:
            continue
        problems += [document.problem(at, unknown_name("country", e, members)) for e in ends if e not in members]
        if ends[0] == ends[1]:
            problems.append(document.problem(at, "origin and host are the same country"))
    return problems


_BY_COUNTRY: Final = (
    ("schemes",), ("collection", "density_factor"), ("collection", "compliance_factor"), ("payment", "non_payment"), ("payment", "exchange_rate_add"),
)  # fmt: skip


def _countries_outside(document: YamlDocument, members: Sequence[str]) -> list[Problem]:
    """Problems of levers of countries that are no members, and of a scheme that is another country's."""
    problems: list[Problem] = []
    for at in _BY_COUNTRY:
        part: object = document.data
        for key in at:
            part = part.get(key) if isinstance(part, dict) else None
        for country, value in part.items() if isinstance(part, dict) else ():
            code = str(country)
            if len(code) == 3 and code.isupper() and code not in members:
                problems.append(document.problem((*at, country), unknown_name("country", code, members)))
            elif at == ("schemes",) and isinstance(value, str) and not value.startswith(f"{code}-"):
                problems.append(document.problem((*at, country), f"found '{value}'; a scheme of {code} has a name that begins with '{code}-'"))
    return problems


def scenario_files(path_or_name: str | Path, scenarios_dir: Path) -> tuple[Path, ...]:
    """Files a scenario is made of: itself, what it extends, and so on.

    Raises :class:`InputError` for an unknown name (with the nearest) and for a chain that comes back to itself.
    """
    path = _locate(str(path_or_name), scenarios_dir, Path())
    files = [path]
    while (parent := read_yaml(path).data.get("extends")) is not None:
        if not isinstance(parent, str):
            raise InputError(f"{shown(path)}, extends: found {parent!r}; expected the name of a scenario")
        path = _locate(parent, scenarios_dir, path.parent, said_by=path)
        if path.resolve() in [f.resolve() for f in files]:
            circle = " -> ".join(f.stem for f in [*files, path])
            raise InputError(f"{shown(files[0])}, extends: the chain comes back to itself: {circle}")
        files.append(path)
    return tuple(files)


def scenario_names(scenarios_dir: Path) -> tuple[str, ...]:
    """Names of the scenarios in a folder, sorted."""
    return tuple(sorted(p.stem for p in scenarios_dir.glob("*.yaml")))


def _locate(name: str, scenarios_dir: Path, folder: Path, said_by: Path | None = None) -> Path:
    place = f"{shown(said_by)}, extends: " if said_by else ""
    if name.endswith((".yaml", ".yml")):
        path = folder / name
        if not path.is_file():
            near = nearest(path.stem, scenario_names(path.parent)) if path.parent.is_dir() else None
            hint = f"; did you mean '{near}.yaml'?" if near else ""
            raise InputError(f"{place}no such scenario file: {shown(path)}{hint}")
        return path
    names = scenario_names(scenarios_dir)
    if name not in names:
        raise InputError(place + unknown_name("scenario", name, names))
    return scenarios_dir / f"{name}.yaml"


def _without_own_keys(document: YamlDocument) -> YamlDocument:
    own = {k: v for k, v in document.data.items() if k not in _OWN_KEYS}
    origins = {k: o for k, o in document.origins.items() if not k or k[0] not in _OWN_KEYS}
    return YamlDocument(document.path, own, origins)
