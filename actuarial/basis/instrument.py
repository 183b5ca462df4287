"""Coordination instruments: which provisions come into force when, and how each works.

1. An instrument is a folder below ``scenarios/instruments``: ``instrument.yaml``, and ``law.md`` with the same in
   prose.
2. In the file every parameter is a figure with unit, source, year, confidence and reason; here they are plain values,
   and :attr:`Instrument.figures` keeps the provenance for the assumption register.
3. Switching off every provision gives exactly the world without the instrument: take-up needs something to take up,
   and administration is a provision of its own.

Provisions:

- equality_of_treatment: nationals of other members have the rights of nationals
- export: a pension is paid to a beneficiary who lives in another member state
- totalisation: periods in other members open the right; an own period below ``min_own_months`` is not paid by itself
- amount: ``none``; ``pro_rata`` (theoretical amount x own / denominator); ``separate_first`` (independent where the own
  period suffices, else pro rata); ``higher_of`` (independent or pro rata); ``direct`` (formula on own periods only)
- refunds: contributions are no longer paid back on leaving
- account_schemes: ``count_periods``: months in an account scheme count elsewhere; ``keep_balances``: balances stay
  until pension age
- retroactive_periods: periods before entry into force count
- retroactive_claims: cases decided before entry into force are reopened, paid from entry on
- administration: liaison bodies and case handling, as a cost
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, Field, model_validator

from actuarial.basis.errors import InputError, raise_problems, shown, unknown_name
from actuarial.basis.figure import Figure, take_figures
from actuarial.basis.quantities import Amount, ProjectionYear, Share
from actuarial.basis.region import CountryCode
from actuarial.basis.yaml_file import KeyPath, StrictModel, check, dotted, read_yaml

AmountMethod = Literal["none", "pro_rata", "separate_first", "higher_of", "direct"]
Denominator = Literal["total", "max_period"]

PROVISIONS: Final = (
    "equality_of_treatment",
    "export",
    "totalisation",
    "amount",
    "refunds",
    "account_schemes",
    "retroactive_periods",
    "retroactive_claims",
    "administration",
)
"""What :meth:`Instrument.without` can switch off."""

_FILE: Final = "instrument.yaml"
_FIGURES_BELOW: Final = ("entry_into_force", "provisions", "take_up", "administration")


def _unit(unit: str) -> Any:
    """Field whose figure must be in this unit."""
    return Field(json_schema_extra={"unit": unit})


class Totalisation(StrictModel):
    """Adding up periods to open a right."""

    enabled: bool
    min_own_months: Annotated[int, Field(ge=0, le=180, json_schema_extra={"unit": "months"})]
    """Shortest own period for which a scheme pays by itself when the right is opened by totalisation."""


class AmountRule(StrictModel):
    """How a coordinated pension is calculated."""

    method: AmountMethod
    denominator: Denominator
    """``total``: all periods; ``max_period``: at most the period that gives the maximum pension."""


class Refunds(StrictModel):
    """Contributions paid back on leaving."""

    blocked_after_entry: bool


class AccountSchemes(StrictModel):
    """Provident funds and other account schemes."""

    count_periods: bool
    keep_balances: bool


class Provisions(StrictModel):
    """The legal steps of an instrument."""

    equality_of_treatment: bool
    export: bool
    totalisation: Totalisation
    amount: AmountRule
    refunds: Refunds
    account_schemes: AccountSchemes
    retroactive_periods: bool
    retroactive_claims: bool


class TakeUp(StrictModel):
    """A point of the take-up curve."""

    years_since_entry: Annotated[int, Field(ge=0, le=75)]
    share: Share


class Administration(StrictModel):
    """Cost of coordination, borne by each scheme that has a coordinated case."""

    fixed_usd_per_year_per_scheme: Annotated[Amount, _unit("USD of 2025 per year and scheme")]
    share_of_coordinated_benefits: Annotated[Share, _unit("share of coordinated benefits")]


class Instrument(StrictModel):
    """An instrument with plain values, ready for the engine."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    title: Annotated[str, Field(min_length=1)]
    note: Annotated[str, Field(min_length=1)]
    """What a reader of any report must know of the instrument, above all what of it is assumed."""
    members: Annotated[tuple[CountryCode, ...], Field(min_length=2)]
    entry_into_force: Annotated[ProjectionYear, _unit("1 January of the year")]
    provisions: Provisions
    take_up: Annotated[tuple[TakeUp, ...], Field(min_length=1)]
    administration: Administration
    figures: tuple[tuple[str, Figure], ...] = ()
    """Provenance of every parameter, by dotted name."""

    @model_validator(mode="after")
    def _take_up_is_a_curve(self) -> Instrument:
        years = [point.years_since_entry for point in self.take_up]
        if years[0] != 0 or any(b <= a for a, b in zip(years, years[1:], strict=False)):
            raise ValueError(f"take_up: years_since_entry must start at 0 and rise; found {', '.join(map(str, years))}")
        return self

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
            "equality_of_treatment": False,
            "export": False,
            "totalisation": p.totalisation.model_copy(update={"enabled": False}),
            "amount": p.amount.model_copy(update={"method": "none"}),
            "refunds": Refunds(blocked_after_entry=False),
            "account_schemes": AccountSchemes(count_periods=False, keep_balances=False),
            "retroactive_periods": False,
            "retroactive_claims": False,
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
    raw = read_yaml(path)
    document, figures, problems = take_figures(raw, required_below=_FIGURES_BELOW)
    instrument, found = check(document, Instrument)
    problems += found
    if "figures" in raw.data:
        problems.append(document.problem(("figures",), "unknown key; figures are written at their parameter"))
    for at, figure in figures.items():
        wanted = _unit_of(Instrument, at)
        if wanted is not None and figure.unit != wanted:
            problems.append(document.problem(at, f"unit is '{figure.unit}'; it must be '{wanted}'"))
    if (name := raw.data.get("id")) != (folder := path.resolve().parent.name):
        problems.append(document.problem(("id",), f"found '{name}'; it must be the name of the folder, '{folder}'"))
    if instrument is not None and members is not None:
        for i, member in enumerate(instrument.members):
            if member not in members:
                problems.append(document.problem(("members", i), unknown_name("country", member, members)))
    raise_problems(problems)
    assert instrument is not None
    return instrument.model_copy(update={"figures": tuple((dotted(at), figure) for at, figure in figures.items())})


def instrument_file(path_or_name: str | Path, scenarios_dir: Path) -> Path:
    """File of an instrument. Raises :class:`InputError` for an unknown name, with the nearest one."""
    text, folder = str(path_or_name), scenarios_dir / "instruments"
    if "/" not in text and "\\" not in text and not text.endswith(".yaml"):
        names = tuple(sorted(p.parent.name for p in folder.glob(f"*/{_FILE}")))
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
        inner = field.annotation
        return _unit_of(inner, at[1:]) if isinstance(inner, type) and issubclass(inner, BaseModel) else None
    for extra in (field.json_schema_extra, *(getattr(m, "json_schema_extra", None) for m in field.metadata)):
        if isinstance(extra, dict) and "unit" in extra:
            return str(extra["unit"])
    return None
