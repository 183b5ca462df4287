"""One person's case, as a caseworker writes it: person, states with periods and scheme, instrument, contingency.

1. A state's scheme is given in one of three ways: ``scheme`` (folder below ``data/schemes``), ``own_scheme`` (the same schema written into the case;
   what it does not write it does not have), or ``amounts`` (an independent and a theoretical amount as numbers).
2. The instrument is a name, ``none``, or written into the case; there it may start from a shipped one (``extends``), and a provision that is not
   written is not in it, except that past periods count.
3. Facts that a method needs and the case does not give are refused by name when the method asks for them, never guessed.
4. ``expected`` holds results somebody worked out by hand; ``actuarial entitlement`` says where it disagrees with them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Final, Literal, get_args

from pydantic import BeforeValidator, Field, model_validator

from actuarial.basis.dimensions import FIRST_YEAR, LAST_YEAR
from actuarial.basis.errors import InputError, Problem, nearest, raise_problems, shown, unknown_name
from actuarial.basis.figure import take_figures
from actuarial.basis.instrument import Instrument, load_instrument
from actuarial.basis.instrument_provisions import BranchName
from actuarial.basis.plausible_case import senseless
from actuarial.basis.quantities import Amount, Share
from actuarial.basis.region import CountryCode
from actuarial.basis.yaml_file import KeyPath, StrictModel, YamlDocument, check, read_yaml

Contingency = Literal[
    "old_age", "invalidity", "survivors", "employment_injury", "occupational_disease", "maternity", "sickness", "health", "family",
    "unemployment", "funeral",
]  # fmt: skip
LEGISLATION: Final = "applicable_legislation"
"""The contingency that asks whose law applies, not for a benefit; :mod:`actuarial.basis.case_legislation` reads it."""
AmountPeriod = Literal["year", "month", "week"]
BRANCH_OF: Final[Mapping[Contingency, BranchName]] = {"occupational_disease": "employment_injury"}
"""Contingencies that belong to a branch of another name."""
REPLACED: Final = ("refunds", "account_schemes", "minimum_pension")
"""Provisions whose parts hang together: written anew they replace those of the instrument extended."""


def branch_of(contingency: Contingency) -> BranchName:
    """Branch that a contingency belongs to."""
    return BRANCH_OF.get(contingency) or contingency  # type: ignore[return-value]


def _exact(value: Any) -> Any:
    """Numbers and fractions in words (``60/26``) as exact fractions; anything else is left for the message."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return Fraction(str(value))
    try:
        return Fraction(value) if isinstance(value, str) else value
    except (ValueError, ZeroDivisionError):
        return value


Exact = Annotated[Fraction, BeforeValidator(_exact)]


class FamilyPart(StrictModel):
    """Survivors by kind."""

    spouses: Annotated[int, Field(ge=0)] = 0
    half_orphans: Annotated[int, Field(ge=0)] = 0
    full_orphans: Annotated[int, Field(ge=0)] = 0
    parents: Annotated[int, Field(ge=0)] = 0


class Person(StrictModel):
    """Facts that decide on personal scope, equality of treatment and export; what is not given is not tested.

    home: state whose scheme insures under the method ``home``; the nationality where it is not given.
    born, sex: with both, the pension age of each scheme is tested. family: survivors, where the person is the deceased.
    """

    nationality: CountryCode | None = None
    residence: CountryCode | None = None
    home: CountryCode | None = None
    refugee: bool = False
    born: date | None = None
    sex: Literal["male", "female"] | None = None
    family: FamilyPart | None = None


class PeriodPart(StrictModel):
    """A period: dated (``from``, ``to``, both inclusive, ``YYYY-MM-DD`` or ``YYYY-MM``) or counted (``amount``, ``unit``, if known ``year``)."""

    start: date | str | None = Field(default=None, alias="from")
    end: date | str | None = Field(default=None, alias="to")
    amount: Exact | None = None
    unit: Literal["days", "weeks", "months", "quarters", "years"] | None = None
    year: int | None = None
    month: int | None = None
    type: Literal["compulsory", "voluntary", "assimilated", "residence"] = "compulsory"
    refunded: date | None = None
    repaid: date | None = None


class Earnings(StrictModel):
    """Earnings in the scheme's currency per year: the reference itself, or by calendar year; ``last`` is the last year's."""

    reference: Amount | None = None
    by_year: dict[int, Amount] = {}
    last: Amount | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Earnings:
        if (self.reference is None) == (not self.by_year):
            raise ValueError("give either 'reference' or 'by_year'")
        return self


class Amounts(StrictModel):
    """What the national law gives, worked out elsewhere. ``independent`` on own periods, ``theoretical`` as if all were completed here."""

    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    qualifying_months: Annotated[int, Field(ge=0, le=720)]
    independent: Amount | None = None
    theoretical: Amount | None = None
    minimum: Amount = 0.0
    longest_months: Annotated[int, Field(gt=0)] | None = None
    settlement: Amount = 0.0
    export: bool = True


class Conditions(StrictModel):
    """Conditions of the national law other than length (recency, insurance at the event): met by facts in the state, by facts in any state."""

    text: Annotated[str, Field(min_length=1)]
    own: bool
    anywhere: bool


class StatePart(StrictModel):
    """What a state holds of the person.

    last_insured orders states whose periods have no dates (the latest is the last state). choice: the claimant's, under the method ``option``.
    exposure_months: work at the risk of an occupational disease. credits_in_share: assimilated months count in the state's own share, not only in the
    total.
    """

    scheme: str | None = None
    own_scheme: dict[str, Any] | None = None
    amounts: Amounts | None = None
    periods: tuple[PeriodPart, ...] = ()
    days_per_week: Literal[5, 6, 7] | None = None
    month_credit_days: Annotated[int, Field(ge=1, le=31)] | None = None
    earnings: Earnings | None = None
    balance: Amount = 0.0
    annuity_factor: Annotated[float, Field(gt=0)] | None = None
    transfer_value: Amount | None = None
    last_insured: int | None = None
    conditions: Conditions | None = None
    waived: bool = False
    choice: Literal["independent", "pro_rata"] | None = None
    invalidity_type: Literal["A", "B"] | None = None
    exposure_months: Annotated[int, Field(ge=0)] = 0
    credits_in_share: bool = True

    @model_validator(mode="after")
    def _one_scheme(self) -> StatePart:
        given = [n for n in ("scheme", "own_scheme", "amounts") if getattr(self, n) is not None]
        if len(given) != 1:
            raise ValueError(f"give one of scheme (a name), own_scheme (written here) or amounts (numbers); found {', '.join(given) or 'none'}")
        return self


class EventPart(StrictModel):
    """Facts of the event, for branches computed from a scheme's law (:mod:`actuarial.provisions.event_formula`).

    days off work; degree of disablement; in_hospital without dependants; attendance: constant help is needed; contributions: sum paid in, of which
    a part may go back; months_abroad: of those out of work, spent seeking work in another member state; children by state of residence;
    person_months of care.
    """

    days: Annotated[int, Field(ge=0)] | None = None
    degree: Share | None = None
    fatal: bool = False
    in_hospital: bool = False
    attendance: bool = False
    months_out_of_work: Annotated[float, Field(ge=0)] | None = None
    months_abroad: Annotated[float, Field(ge=0)] = 0.0
    resigned: bool = False
    contributions: Amount | None = None
    children: dict[CountryCode, Annotated[int, Field(ge=0)]] | None = None
    person_months: Annotated[float, Field(ge=0)] | None = None


class Case(StrictModel):
    """A case as written; :func:`load_case` adds the instrument."""

    title: Annotated[str, Field(min_length=1)]
    note: str = ""
    source: str = ""
    person: Person = Person()
    contingency: Contingency
    date: date
    """Day from which the benefit is claimed; the law of its year applies."""
    event: EventPart = EventPart()
    amounts_per: AmountPeriod = "year"
    states: Annotated[dict[CountryCode, StatePart], Field(min_length=1)]
    instrument: str | dict[str, Any]
    exchange_rates: dict[str, Annotated[float, Field(gt=0)]] = {}
    """Units of each currency per unit of a common one, e.g. per US dollar."""
    expected: dict[str, dict[str, float | bool | str]] = {}
    tolerance: Annotated[float, Field(ge=0)] = 0.005

    @model_validator(mode="after")
    def _law_is_yearly(self) -> Case:
        if self.amounts_per != "year" and any(part.amounts is None for part in self.states.values()):
            raise ValueError(f"amounts_per is '{self.amounts_per}', but a scheme's law computes amounts per year; write year")
        for name in self.expected:
            if name not in (*self.states, "total"):
                raise ValueError(f"expected: {unknown_name('state', name, (*self.states, 'total'))}")
        return self


@dataclass(frozen=True)
class LoadedCase:
    """A case with its instrument (``None`` for none), and the document for messages about its lines."""

    case: Case
    instrument: Instrument | None
    document: YamlDocument

    def error(self, at: KeyPath, text: str) -> InputError:
        """One message about a place in the file."""
        return self.document.error(at, text)

    @property
    def years(self) -> int:
        """Year of the law that applies."""
        return self.case.date.year


def load_case(path: Path, scenarios_dir: Path) -> LoadedCase:
    """Read a case. Raises one :class:`InputError` that lists every problem of the file."""
    document = read_yaml(path)
    case, problems = check(document, Case)
    instrument, found = instrument_of(document, scenarios_dir)
    raise_problems([*problems, *senseless(document), *found])
    assert case is not None
    return LoadedCase(case, instrument, document)


def readable_part(path: Path) -> LoadedCase | None:
    """Of a case that :func:`load_case` refuses, the states that are written correctly, for what else can be said about them; ``None`` where none is.

    The rest is the plainest case (old age, no instrument), so nothing must be computed with it. Raises :class:`InputError` for a file that cannot
    be read at all.
    """
    document = read_yaml(path)
    written, day = document.data.get("states"), document.data.get("date")
    if not isinstance(written, dict):
        return None
    states = {}
    for state, part in written.items():
        if check(YamlDocument(path, {"states": {state: part}}, document.origins), _States)[0] is not None:
            states[state] = part
    plainest = {"title": "-", "contingency": "old_age", "instrument": "none", "states": states}
    dated = isinstance(day, date) and FIRST_YEAR <= day.year <= LAST_YEAR
    case, _ = check(YamlDocument(path, plainest | {"date": day if dated else date(FIRST_YEAR, 1, 1)}, document.origins), Case)
    return None if case is None else LoadedCase(case, None, document)


class _States(StrictModel):
    states: dict[CountryCode, StatePart]


def instrument_of(document: YamlDocument, scenarios_dir: Path) -> tuple[Instrument | None, list[Problem]]:
    """Instrument that a case names or writes (``None`` for none), and the problems of it."""
    named = document.data.get("instrument")
    if isinstance(named, str) and named != "none":
        try:
            return load_instrument(named, scenarios_dir), []
        except InputError as error:
            return None, [document.problem(("instrument",), str(error))]
    return _written(document, named, scenarios_dir) if isinstance(named, dict) else (None, [])


class _Holder(StrictModel):
    """Gives messages about an inline instrument its place in the file."""

    instrument: Instrument


def _written(document: YamlDocument, named: dict[str, Any], scenarios_dir: Path) -> tuple[Instrument | None, list[Problem]]:
    """Instrument written into the case, on top of the one it extends or of one without provisions."""
    plain, _, problems = take_figures(document)
    written = plain.data["instrument"]
    if not isinstance(written, dict):
        return None, [*problems, document.problem(("instrument",), "found one figure; expected the name of an instrument, or the keys of one")]
    given = dict(written)
    states = tuple(document.data["states"]) if isinstance(document.data.get("states"), dict) else ()
    base: dict[str, Any] = NO_PROVISIONS | {"members": (*states, *_PARTNERS)[: max(2, len(states))]}
    figures: tuple[Any, ...] = ()
    if "extends" in given:
        try:
            extended = load_instrument(str(given.pop("extends")), scenarios_dir)
        except InputError as error:
            return None, [*problems, document.problem(("instrument", "extends"), str(error))]
        base, figures = extended.model_dump(exclude={"figures"}), extended.figures
    whole = YamlDocument(document.path, {"instrument": _merge(base, given)}, plain.origins)
    holder, found = check(whole, _Holder)
    if holder is None:
        return None, [*problems, *found]
    kept = tuple((name, figure) for name, figure in figures if not _overwritten(name, given))
    return holder.instrument.model_copy(update={"figures": kept}), problems


def _merge(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in over.items():
        below = merged.get(key)
        merged[key] = _merge(below, value) if isinstance(value, dict) and isinstance(below, dict) and key not in REPLACED else value
    return merged


def _overwritten(name: str, given: Mapping[str, Any]) -> bool:
    node: Any = given
    for part in name.split("."):
        if not isinstance(node, dict) or part not in node:
            return False
        node = node[part]
    return True


_PARTNERS: Final = ("ZZY", "ZZZ")
"""An instrument has at least two members; these user-assigned codes stand in for those that a case does not name."""
NO_PROVISIONS: Final[dict[str, Any]] = {
    "id": "case",
    "title": "Instrument written in the case",
    "note": "Hypothetical: the provisions are those of the case.",
    "entry_into_force": 2026,
    "scope": {},
    "provisions": {
        "equality_of_treatment": False,
        "export": False,
        "totalisation": {"enabled": False, "min_own_months": 0},
        "amount": {"method": "none", "denominator": "total"},
        "refunds": {"policy": "none"},
        "account_schemes": {"policy": "cash"},
        "retroactive_periods": True,
        "retroactive_claims": False,
    },
    "take_up": ({"years_since_entry": 0, "share": 1.0},),
    "administration": {"fixed_usd_per_year_per_scheme": 0.0, "share_of_coordinated_benefits": 0.0},
}
"""Where an instrument written in a case starts: no provision at all, but past periods count once they are added up."""


def is_legislation(path: Path) -> bool:
    """Whether a case asks whose law applies (:mod:`actuarial.basis.case_legislation`), not for a benefit; a misspelling of it is refused."""
    document = read_yaml(path)
    found = document.data.get("contingency")
    known = (*get_args(Contingency), LEGISLATION)
    if isinstance(found, str) and found not in known and nearest(found, known) == LEGISLATION:
        raise_problems([document.problem(("contingency",), unknown_name("contingency", found, known))])
    return found == LEGISLATION


def case_file(name: str | Path, scenarios_dir: Path) -> Path:
    """File of a case: a path, or the name of one below ``scenarios_dir/cases``. Raises :class:`InputError` with the nearest name."""
    path = Path(name)
    if path.suffix in (".yaml", ".yml") or path.is_file():
        if not path.is_file():
            raise InputError(f"{shown(path)}: no such file")
        return path
    names = tuple(sorted(p.stem for p in (scenarios_dir / "cases").glob("*.yaml")))
    if str(name) not in names:
        raise InputError(unknown_name("case", str(name), names))
    return scenarios_dir / "cases" / f"{name}.yaml"


__all__ = ["LEGISLATION", "Case", "LoadedCase", "Share", "StatePart", "branch_of", "case_file", "instrument_of", "is_legislation", "load_case"]
