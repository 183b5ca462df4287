"""Coordination instruments: which provisions come into force when, and how each works.

1. An instrument is a folder below ``scenarios/instruments``: ``instrument.yaml``, and ``law.md`` with the same in
   prose.
2. In the file every parameter is a figure with unit, source, year, confidence and reason; here they are plain values,
   and :attr:`Instrument.figures` keeps the provenance for the assumption register.
3. Switching off every provision gives exactly the world without the instrument: take-up needs something to take up,
   and administration is a provision of its own.
4. ``extends`` names an instrument on which a file builds; then it says only what differs, and keeps the provenance of the rest.
5. The choices behind each provision are in :mod:`actuarial.basis.instrument_provisions`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Final, get_args

from pydantic import AfterValidator, BaseModel, Field, model_validator

from actuarial.basis.errors import InputError, Problem, raise_problems, shown, unknown_name
from actuarial.basis.figure import Figure, take_figures
from actuarial.basis.instrument_provisions import (
    OFF,
    Administration,
    AmountMethod,
    BranchName,
    Denominator,
    Provisions,
    Scope,
    TakeUp,
)
from actuarial.basis.plausible_instrument import senseless
from actuarial.basis.quantities import ProjectionYear
from actuarial.basis.region import CountryCode
from actuarial.basis.yaml_file import KeyPath, StrictModel, YamlDocument, check, dotted, lay_over, read_yaml

__all__ = ["PROVISIONS", "Administration", "AmountMethod", "Denominator", "Instrument", "Provisions", "load_instrument"]

PROVISIONS: Final = (
    "equality_of_treatment",
    "export",
    "totalisation",
    "amount",
    "refunds",
    "account_schemes",
    "retroactive_periods",
    "retroactive_claims",
    "minimum_pension",
    "applicable_legislation",
    "invalidity",
    "survivors",
    "occupational_disease",
    "health",
    "family",
    "unemployment",
    "funeral",
    "currency",
    "administration",
)
"""What :meth:`Instrument.without` can switch off."""

_FILE: Final = "instrument.yaml"
_FIGURES_BELOW: Final = ("entry_into_force", "scope", "provisions", "take_up", "administration")


def _once(members: tuple[str, ...]) -> tuple[str, ...]:
    twice = sorted({member for member in members if members.count(member) > 1})
    if twice:
        raise ValueError(f"each member stands once; found twice: {', '.join(twice)}")
    return members


def _curve(points: tuple[TakeUp, ...]) -> tuple[TakeUp, ...]:
    years = [point.years_since_entry for point in points]
    if years[0] != 0 or any(b <= a for a, b in zip(years, years[1:], strict=False)):
        raise ValueError(f"take_up: years_since_entry must start at 0 and rise; found {', '.join(map(str, years))}")
    return points


class Instrument(StrictModel):
    """An instrument with plain values, ready for the engine."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    title: Annotated[str, Field(min_length=1)]
    note: Annotated[str, Field(min_length=1)]
    """What a reader of any report must know of the instrument, above all what of it is assumed."""
    members: Annotated[tuple[CountryCode, ...], Field(min_length=2), AfterValidator(_once)]
    entry_into_force: Annotated[ProjectionYear, Field(json_schema_extra={"unit": "1 January of the year"})]
    scope: Scope = Scope()
    provisions: Provisions
    take_up: Annotated[tuple[TakeUp, ...], Field(min_length=1), AfterValidator(_curve)]
    administration: Administration
    figures: tuple[tuple[str, Figure], ...] = ()
    """Provenance of every parameter, by dotted name."""

    @model_validator(mode="after")
    def _scope_fits(self) -> Instrument:
        for name, cover in self.scope.branches.items():
            if cover.from_year < self.entry_into_force:
                raise ValueError(f"scope.branches.{name}: from_year {cover.from_year} lies before entry into force, {self.entry_into_force}")
        for state in self.scope.suspended:
            if state not in self.members:
                raise ValueError(f"scope.suspended: {unknown_name('member', state, self.members)}")
        return self

    @property
    def active_members(self) -> tuple[str, ...]:
        """Members that take part: all but the suspended ones."""
        return tuple(m for m in self.members if m not in self.scope.suspended)

    def covers(self, branch: BranchName, year: int) -> bool:
        """Whether the instrument applies to a branch in a calendar year."""
        if not self.scope.branches:
            return branch == "old_age" and year >= self.entry_into_force
        return branch in self.scope.branches and year >= self.scope.branches[branch].from_year

    def totalises(self, branch: BranchName, year: int) -> bool:
        """Whether periods are added up for a branch."""
        cover = self.scope.branches.get(branch)
        return self.provisions.totalisation.enabled and self.covers(branch, year) and (cover is None or cover.totalisation)

    def exports(self, branch: BranchName, year: int) -> bool:
        """Whether benefits of a branch are paid in other member states."""
        cover = self.scope.branches.get(branch)
        return self.provisions.export and self.covers(branch, year) and (cover is None or cover.export)

    def take_up_share(self, year: int) -> float:
        """Share of those with a coordinated right who claim it in a calendar year.

        0 before entry into force, linear between the points of the curve, the last point afterwards.
        """
        since = year - self.entry_into_force
        if since < 0:
            return 0.0
        for left, right in zip(self.take_up, self.take_up[1:], strict=False):
            if since <= right.years_since_entry:
                step = (since - left.years_since_entry) / (right.years_since_entry - left.years_since_entry)
                return left.share + step * (right.share - left.share)
        return self.take_up[-1].share

    def without(self, *names: str) -> Instrument:
        """Return the instrument with the named provisions switched off (:data:`PROVISIONS`).

        Raises :class:`InputError` for an unknown name.
        """
        for name in names:
            if name not in PROVISIONS:
                raise InputError(unknown_name("provision", name, PROVISIONS))
        p, administration = self.provisions, self.administration
        off: dict[str, Any] = {
            **OFF,
            "totalisation": p.totalisation.model_copy(update={"enabled": False, "third_states": False}),
            "amount": p.amount.model_copy(update={"method": "none"}),
        }
        if "administration" in names:
            administration = Administration(fixed_usd_per_year_per_scheme=0.0, share_of_coordinated_benefits=0.0)
        provisions = p.model_copy(update={name: off[name] for name in names if name in off})
        return self.model_copy(update={"provisions": provisions, "administration": administration})


def load_instrument(path_or_name: str | Path, scenarios_dir: Path, members: Sequence[str] | None = None) -> Instrument:
    """Read an instrument by name (folder below ``scenarios_dir/instruments``) or by path (folder or file).

    With ``members`` (of the region) the instrument's members must be among them. Raises one :class:`InputError` that
    lists every problem.
    """
    path = instrument_file(path_or_name, scenarios_dir)
    raw, document, figures, problems = _with_extended(path, scenarios_dir, ())
    instrument, found = check(document, Instrument)
    if instrument is None and (of_scope := _scope_problems(document)):  # at their lines, and all of them; the model tells the first alone
        found = [*(problem for problem in found if problem.field or not problem.text.startswith("scope.")), *of_scope]
    problems += found
    if "figures" in raw.data:
        problems.append(document.problem(("figures",), "unknown key; figures are written at their parameter"))
    for at, figure in figures.items():
        wanted = _unit_of(Instrument, at)
        if wanted is not None and figure.unit != wanted:
            problems.append(document.problem(at, f"unit is '{figure.unit}'; it must be '{wanted}'"))
    if (name := raw.data.get("id")) != (folder := path.resolve().parent.name):
        problems.append(document.problem(("id",), f"found '{name}'; it must be the name of the folder, '{folder}'"))
    named = document.data.get("members")
    if members is not None and isinstance(named, tuple):
        for i, member in enumerate(named):
            if isinstance(member, str) and member not in members:
                problems.append(document.problem(("members", i), unknown_name("country", member, members)))
    problems += senseless(document)
    raise_problems(problems)
    assert instrument is not None
    return instrument.model_copy(update={"figures": tuple((dotted(at), figure) for at, figure in figures.items())})


def _scope_problems(document: YamlDocument) -> list[Problem]:
    """What the scope of an instrument that has not the right form says against its entry and members."""
    scope, entry, members = (document.data.get(key) for key in ("scope", "entry_into_force", "members"))
    if not isinstance(scope, dict):
        return []
    problems: list[Problem] = []
    branches, suspended = scope.get("branches"), scope.get("suspended")
    for name, cover in branches.items() if isinstance(branches, dict) else ():
        first = cover.get("from_year") if isinstance(cover, dict) else None
        if isinstance(first, int) and isinstance(entry, int) and first < entry:
            problems.append(document.problem(("scope", "branches", name, "from_year"), f"{first} lies before entry into force, {entry}"))
    if isinstance(suspended, tuple) and isinstance(members, tuple):
        named = [str(member) for member in members]
        strange = [(i, state) for i, state in enumerate(suspended) if isinstance(state, str) and state not in named]
        problems += [document.problem(("scope", "suspended", i), unknown_name("member", state, named)) for i, state in strange]
    return problems


def _with_extended(
    path: Path, scenarios_dir: Path, below: tuple[Path, ...]
) -> tuple[YamlDocument, YamlDocument, dict[KeyPath, Figure], list[Problem]]:
    """The file as written; the plain document and the figures with those of the instrument it extends laid under."""
    raw = read_yaml(path)
    plain, figures, problems = take_figures(raw, required_below=_FIGURES_BELOW)
    if "extends" not in raw.data:
        return raw, plain, figures, problems
    other = instrument_file(str(raw.data["extends"]), scenarios_dir)
    if other in (path, *below):
        raise InputError(f"{shown(path)}, line {raw.where(('extends',)).line}, extends: '{raw.data['extends']}' extends itself")
    _, base, inherited, found = _with_extended(other, scenarios_dir, (path, *below))
    over = YamlDocument(path, {k: v for k, v in plain.data.items() if k != "extends"}, plain.origins)
    kept = {at: figure for at, figure in inherited.items() if at not in figures}
    return raw, lay_over(base, over), kept | figures, [*found, *problems]


def instrument_names(scenarios_dir: Path) -> tuple[str, ...]:
    """Names of the instruments in a folder of scenarios, sorted; hidden folders are half written ones."""
    found = (path.parent.name for path in (scenarios_dir / "instruments").glob(f"*/{_FILE}"))
    return tuple(sorted(name for name in found if not name.startswith(".")))


def instrument_file(path_or_name: str | Path, scenarios_dir: Path) -> Path:
    """File of an instrument. Raises :class:`InputError` for an unknown name, with the nearest one."""
    text, folder = str(path_or_name), scenarios_dir / "instruments"
    if "/" not in text and "\\" not in text and not text.endswith(".yaml"):
        names = instrument_names(scenarios_dir)
        if text not in names:
            raise InputError(unknown_name("instrument", text, names))
        return folder / text / _FILE
    path = Path(path_or_name)
    path = path / _FILE if path.is_dir() else path
    if not path.is_file():
        raise InputError(f"no such instrument file: {shown(path)}")
    return path


def _unit_of(model: type[BaseModel], at: KeyPath) -> str | None:
    """Unit that the model declares for the parameter at a place."""
    field = model.model_fields.get(str(at[0]))
    if field is None:
        return None
    if len(at) > 1:
        inner = [m for m in (field.annotation, *get_args(field.annotation)) if isinstance(m, type) and issubclass(m, BaseModel)]
        return _unit_of(inner[0], at[1:]) if inner else None
    for extra in (field.json_schema_extra, *(getattr(m, "json_schema_extra", None) for m in field.metadata)):
        if isinstance(extra, dict) and "unit" in extra:
            return str(extra["unit"])
    return None
