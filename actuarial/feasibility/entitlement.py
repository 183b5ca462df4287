"""One person's case: what each scheme owes with the instrument, and without it.

>>> from pathlib import Path
>>> root = Path(__file__).parents[2]
>>> answer = entitlement(root / "scenarios/cases/five-five-five.yaml", root)
>>> [amount.eligible_alone for amount in answer.with_instrument], [amount.eligible_by_totalisation for amount in answer.with_instrument]
([False, False, False], [True, True, True])
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from actuarial.basis.case import LoadedCase, load_case, readable_part
from actuarial.basis.errors import Gathered, InputError
from actuarial.basis.instrument import load_instrument
from actuarial.basis.plain_text import short
from actuarial.feasibility.case_branches import divided
from actuarial.feasibility.case_claim import Built, build
from actuarial.feasibility.case_facts import Facts, read_facts
from actuarial.provisions.claim import Claim, StateAmount, Step
from actuarial.provisions.coordination_branches import decide_contingency


@dataclass(frozen=True)
class Total:
    """Sum over the schemes, in ``currency``; amounts are ``None`` where currencies differ and the case gives no exchange rates."""

    currency: str
    own_months: Fraction
    total_months: Fraction
    eligible_alone: bool
    eligible_by_totalisation: bool
    independent: float | None
    theoretical: float | None
    ratio: Fraction | None
    pro_rata: float | None
    payable: float | None
    lump_sum: float | None
    reason: str


@dataclass(frozen=True)
class Entitlement:
    """The answer to a case."""

    loaded: LoadedCase
    with_instrument: tuple[StateAmount, ...]
    without_instrument: tuple[StateAmount, ...]
    total_with: Total
    total_without: Total
    general: tuple[Step, ...]
    """Steps about the case as a whole: does the instrument apply, how do the periods add up."""
    disagreements: tuple[str, ...]
    """Where the results differ from what the case expects."""

    def of(self, state: str) -> StateAmount:
        """The answer of one state with the instrument."""
        return next(a for a in self.with_instrument if a.state == state)


def entitlement(path: Path, root: Path) -> Entitlement:
    """Answer the case in a file; ``root`` holds ``data`` and ``scenarios``. Raises :class:`InputError` for anything wrong in the file."""
    gathered = Gathered()
    loaded = gathered.read(load_case, path, root / "scenarios")
    if not gathered.clean and (part := gathered.read(readable_part, path)) is not None:
        gathered.read(read_facts, part, root / "data")  # unknown schemes, periods and currencies are told together with the rest
    gathered.check()
    return entitlement_of(loaded, root / "data")


def entitlement_of(loaded: LoadedCase, data_dir: Path) -> Entitlement:
    """Answer a case that is already read."""
    facts = read_facts(loaded, data_dir)
    built, plain = build(facts, loaded.instrument), build(facts, None)
    with_, without = _decided(facts, built), _decided(facts, plain)
    total = total_of(loaded, built.claim, with_)
    answer = Entitlement(loaded, with_, without, total, total_of(loaded, plain.claim, without), _general(loaded, built), ())
    return Entitlement(**{**answer.__dict__, "disagreements": tuple(_disagreements(answer))})


def compare_instruments(path: Path, names: Sequence[str], root: Path) -> dict[str, Entitlement]:
    """The same person under several instruments by name, in the order given. Raises :class:`InputError` for an unknown name."""
    loaded = load_case(path, root / "scenarios")
    case = loaded.case.model_copy(update={"expected": {}})
    answers = {}
    for name in names:
        instrument = load_instrument(name, root / "scenarios")
        answers[name] = entitlement_of(replace(loaded, case=case, instrument=instrument), root / "data")
    return answers


def _decided(facts: Facts, built: Built) -> tuple[StateAmount, ...]:
    loaded = facts.loaded
    try:
        answers = decide_contingency(built.claim, loaded.case.contingency, built.details)
        return tuple(divided(facts, replace(a, steps=tuple(_sourced(step, loaded) for step in a.steps))) for a in answers)
    except InputError:
        raise
    except ValueError as error:
        place, _, text = str(error).partition(" ")
        keys = tuple(place.rstrip(":").split("."))
        known = keys[0] in ("states", "exchange_rates", "person", "event")
        raise loaded.error(keys if known else ("states",), text if known else str(error)) from None


def _sourced(step: Step, loaded: LoadedCase) -> Step:
    """The step with the source of the provision it rests on, as the instrument's file gives it."""
    if loaded.instrument is None:
        return step
    sources = {name.removeprefix("provisions."): figure for name, figure in loaded.instrument.figures}
    used = [(name, f) for name, f in sources.items() if name in step.rule]
    if not used:
        return step
    name, figure = max(used, key=lambda item: len(item[0]))
    return Step(step.text, f"{step.rule}; {figure.source} ({figure.confidence})")


def total_of(loaded: LoadedCase, claim: Claim, amounts: tuple[StateAmount, ...]) -> Total:
    """Sum of the schemes' answers in the currency of residence, else in the only one."""
    currencies = sorted({a.currency for a in amounts if a.currency})
    residence = claim.leg(claim.residence)
    wanted = residence.currency if residence is not None and residence.currency else currencies[0] if currencies else ""
    summable = len(currencies) <= 1 or all(c in claim.rates for c in currencies)

    def add(values: list[tuple[float | None, str]]) -> float | None:
        if not summable:
            return None
        return sum(claim.converted(v, c, wanted) for v, c in values if v is not None)

    shares = [a.ratio for a in amounts if a.ratio is not None]
    people = [a for a in amounts if a.payable or a.lump_sum]
    states = frozenset(loaded.case.states)
    whole = claim.combine(states)
    if summable:
        reason = f"{len(people)} of {len(amounts)} schemes pay." if people else "No scheme pays."
    else:
        reason = f"Amounts in {', '.join(currencies)} are not added up: the case gives no exchange_rates."
    spread = claim.provisions.currency
    payable = add([(a.payable, a.currency) for a in amounts])
    if payable is not None and spread is not None and spread.policy == "residence" and spread.spread:
        cost = sum(claim.converted(a.payable, a.currency, wanted) * spread.spread for a in amounts if a.currency != wanted)
        payable -= cost
        reason += f" Conversion costs {cost:,.2f} {wanted}."
    return Total(
        currency=wanted if summable else "",
        own_months=sum((a.own_months for a in amounts), Fraction(0)),
        total_months=whole.right,
        eligible_alone=any(a.eligible_alone for a in amounts),
        eligible_by_totalisation=any(a.eligible_by_totalisation for a in amounts),
        independent=add([(a.independent, a.currency) for a in amounts]),
        theoretical=None,
        ratio=sum(shares, Fraction(0)) if shares else None,
        pro_rata=add([(a.pro_rata, a.currency) for a in amounts]) if any(a.pro_rata is not None for a in amounts) else None,
        payable=payable,
        lump_sum=add([(a.lump_sum, a.currency) for a in amounts]),
        reason=reason,
    )  # fmt: skip


def _general(loaded: LoadedCase, built: Built) -> tuple[Step, ...]:
    case, instrument = loaded.case, loaded.instrument
    steps = [Step(f"Claim for {case.contingency.replace('_', ' ')} on {case.date}; the law of that year applies.", "law at the date of the award")]
    if instrument is None:
        steps.append(Step("No instrument: each scheme decides by its national law.", "national law"))
    elif not built.applies:
        steps.append(Step(f"The instrument '{instrument.title}' does not apply. {built.why_not}", "scope and entry into force"))
    else:
        steps.append(Step(f"The instrument '{instrument.title}' applies. {instrument.note}", "scope and entry into force"))
        sources = dict(instrument.figures)
        for name in ("provisions.totalisation.enabled", "provisions.amount.method"):
            figure = sources.get(name)
            if figure is not None:
                year = f", {figure.year}" if figure.year else ""
                steps.append(Step(f"{name.removeprefix('provisions.')}: {figure.value}.", f"{figure.source}{year} ({figure.confidence})"))
    if case.person.residence is None:
        steps.append(Step("The case names no residence, so payment abroad is not tested.", "facts not given are not tested"))
    steps += [Step(line, "periods") for line in built.totals.explanation]
    return tuple(steps)


def _disagreements(answer: Entitlement) -> list[str]:
    case = answer.loaded.case
    found = []
    for name, wanted in case.expected.items():
        part: StateAmount | Total = answer.total_with if name == "total" else answer.of(name)
        for key, value in wanted.items():
            if not hasattr(part, key):
                raise answer.loaded.error(("expected", name, key), f"unknown key; allowed: {', '.join(Total.__dataclass_fields__)}")
            got = getattr(part, key)
            try:
                as_expected = agrees(got, value, case.tolerance)
            except (ValueError, ZeroDivisionError):
                text = f"found '{short(str(value))}'; expected a ratio such as 1/3"
                raise answer.loaded.error(("expected", name, key), text) from None
            if not as_expected:
                found.append(f"{name}.{key}: expected {value}, computed {got}")
    return found


def agrees(got: object, wanted: float | bool | str, tolerance: float) -> bool:
    """Whether a result is what a case expects: ratios and truths exactly, numbers within the tolerance.

    >>> agrees(Fraction(1, 3), "60/180", 0.005), agrees(2.0001, 2.0, 0.005), agrees(None, 0.0, 0.005)
    (True, True, False)
    """
    if isinstance(wanted, bool) or isinstance(got, bool):
        return got is wanted
    if isinstance(wanted, str):
        return got == (Fraction(wanted) if isinstance(got, Fraction) else wanted)
    return isinstance(got, int | float | Fraction) and abs(float(got) - wanted) <= tolerance
