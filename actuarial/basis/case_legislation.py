"""A case that asks whose law applies to work across borders: ``contingency: applicable_legislation``.

1. ``from`` and ``until`` (both inclusive) are the time asked about; ``work`` says what the person does in it, a posting included.
2. Every state that may insure the person stands under ``states``, with a scheme of ``data/schemes`` or a levy written here, and says whether its law
   alone levies on work on its territory and on workers that its employers send abroad. Neither is guessed.
3. The wage is monthly, in ``currency``; limits of schemes in other currencies need ``exchange_rates``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from actuarial.basis.case import Exact, Person, instrument_of
from actuarial.basis.errors import InputError, raise_problems, unknown_name
from actuarial.basis.instrument import Instrument
from actuarial.basis.quantities import Amount, Share
from actuarial.basis.region import CountryCode
from actuarial.basis.yaml_file import KeyPath, StrictModel, YamlDocument, check, read_yaml


class PostingPart(StrictModel):
    """Work abroad for an employer of the sending state; its length as ``until`` (inclusive) or as ``expected_months``."""

    sending: CountryCode
    host: CountryCode
    start: date = Field(alias="from")
    until: date | None = None
    expected_months: Annotated[int, Field(ge=1, le=600)] | None = None
    extension_months: Annotated[int, Field(ge=0, le=120)] = 0
    """Agreed between the states."""
    replaces_posted: bool = False

    @model_validator(mode="after")
    def _one_length(self) -> PostingPart:
        if (self.until is None) == (self.expected_months is None):
            raise ValueError("give either 'until' or 'expected_months'")
        return self


class WorkPart(StrictModel):
    """What the person does; see :class:`actuarial.provisions.legislation.Situation` for each fact."""

    shares: dict[CountryCode, Exact] = {}
    """Share of the work in each state, adding up to one; none for somebody who does not work."""
    employer_seats: tuple[CountryCode, ...] = ()
    self_employed: bool = False
    centre_of_interests: CountryCode | None = None
    civil_service: CountryCode | None = None
    flag: CountryCode | None = None
    paid_from_shore: CountryCode | None = None
    home_base: CountryCode | None = None
    agreed_state: CountryCode | None = None
    posting: PostingPart | None = None

    @property
    def states(self) -> tuple[tuple[KeyPath, str], ...]:
        """Every state named, with the place that names it."""
        found: list[tuple[KeyPath, str]] = [(("shares", state), state) for state in self.shares]
        found += [(("employer_seats", i), state) for i, state in enumerate(self.employer_seats)]
        for name in ("centre_of_interests", "civil_service", "flag", "paid_from_shore", "home_base", "agreed_state"):
            if (state := getattr(self, name)) is not None:
                found.append(((name,), state))
        if self.posting is not None:
            found += [(("posting", "sending"), self.posting.sending), (("posting", "host"), self.posting.host)]
        return tuple(found)


class LevyPart(StrictModel):
    """Contributions written into the case, in the case's currency; ``ceiling`` per month."""

    worker_rate: Share
    employer_rate: Share
    ceiling: Annotated[float, Field(gt=0)] | None = None


class LevyingState(StrictModel):
    """A state that may insure the person."""

    scheme: str | None = None
    levy: LevyPart | None = None
    levies_on_territory: bool
    levies_on_posted: bool

    @model_validator(mode="after")
    def _one_law(self) -> LevyingState:
        if (self.scheme is None) == (self.levy is None):
            raise ValueError("give either 'scheme' (a name) or 'levy' (rates written here)")
        return self


class LegislationCase(StrictModel):
    """The case as written."""

    title: Annotated[str, Field(min_length=1)]
    note: str = ""
    source: str = ""
    contingency: Literal["applicable_legislation"]
    person: Person
    start: date = Field(alias="from")
    until: date
    work: WorkPart
    wage: Amount
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    states: Annotated[dict[CountryCode, LevyingState], Field(min_length=1)]
    instrument: str | dict[str, object]
    exchange_rates: dict[str, Annotated[float, Field(gt=0)]] = {}
    expected: dict[str, float | bool | str] = {}
    tolerance: Annotated[float, Field(ge=0)] = 0.005


@dataclass(frozen=True)
class LoadedLegislation:
    """A case with its instrument (``None`` for none), and the document for messages about its lines."""

    case: LegislationCase
    instrument: Instrument | None
    document: YamlDocument

    def error(self, at: KeyPath, text: str) -> InputError:
        """One message about a place in the file."""
        return self.document.error(at, text)


def load_legislation(path: Path, scenarios_dir: Path) -> LoadedLegislation:
    """Read a case. Raises one :class:`InputError` that lists every problem of the file."""
    document = read_yaml(path)
    case, problems = check(document, LegislationCase)
    instrument, found = instrument_of(document, scenarios_dir)
    problems += found
    if case is not None:
        problems += [document.problem(at, text) for at, text in _missing(case)]
    raise_problems(problems)
    assert case is not None
    return LoadedLegislation(case, instrument, document)


def _missing(case: LegislationCase) -> list[tuple[KeyPath, str]]:
    """What the case's facts need of each other."""
    found: list[tuple[KeyPath, str]] = []
    if case.until < case.start:
        found.append((("until",), f"{case.until} lies before from {case.start}"))
    if case.person.residence is None:
        found.append((("person",), "residence is missing; the applicable legislation may turn on it"))
    named: list[tuple[KeyPath, str]] = [(("person", "residence"), case.person.residence)] if case.person.residence is not None else []
    for at, state in [*named, *((("work", *field), s) for field, s in case.work.states)]:
        if state not in case.states:
            found.append((at, f"{unknown_name('state of the case', state, tuple(case.states))}; every state named stands under states"))
    return found
