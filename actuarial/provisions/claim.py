"""What coordination has to know of one person's case, and what it answers.

1. A :class:`Leg` is one scheme's part of the career; amounts are in its own currency and per the period the case uses (a year where a scheme's
   law computes them).
2. Months are exact fractions; a ratio is a ``Fraction``. Money is a float and is rounded only at the very end, if the instrument rounds.
3. How periods of several states add up (overlaps, refunds, units) is decided elsewhere: a claim carries a function that answers for any set of
   states (:attr:`Claim.combine`).

| symbol | identifier | meaning |
|---|---|---|
| n | own_months | months of the scheme itself |
| N | total_months | months of all schemes that count for it |
| q | needed | qualifying months |
| I | independent | pension of the national law on own months, 0 where they do not suffice |
| T | theoretical | pension as if all months had been completed here |
| n / D | ratio | own months over those that bear the theoretical amount |
| P | pro_rata | T n / D, under a direct method the amount on own months |
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, Protocol

from actuarial.basis.instrument_provisions import Provisions

Kind = Literal["pension", "account", "none"]


class Formula(Protocol):
    """National formula of one scheme for one person: money for months."""

    @property
    def needed(self) -> int:
        """Qualifying months."""

    @property
    def longest(self) -> Fraction | None:
        """Months that earn the maximum pension; ``None`` when there is no such period."""

    @property
    def floor(self) -> float:
        """Minimum pension of the scheme, 0 where it has none."""

    def independent(self, months: Fraction) -> float:
        """Pension by national law alone for somebody who qualifies, minimum included."""

    def theoretical(self, months: Fraction, *, minimum: bool) -> float:
        """Pension as if ``months`` had been completed here, by the instrument's rule on earnings."""

    def settlement(self, months: Fraction) -> float:
        """Single payment to somebody who does not qualify."""


@dataclass(frozen=True)
class Leg:
    """One scheme's part of a career.

    order            place of the scheme in time by last insurance; the highest is the last state
    counts           its months count in the other schemes
    member           the instrument applies to this scheme and this person
    exportable       pensions of this scheme are paid where the person lives (always true for residents of the state)
    rights           share of a national's rights that the person has without equality of treatment
    balance          of an account;  annuity_factor: years' purchase that turns a sum into a yearly pension
    transfer_value   sum that another scheme would receive for these months
    conditions_own, conditions_foreign  further conditions (recency, insurance at the event) met by own facts, by facts anywhere
    waived           the pro rata amount is never higher here, so it is not computed (waiver)
    choice           the claimant's choice where the instrument leaves one; empty: the higher amount
    not_yet          why nothing is due yet (pension age not reached); empty: it is
    missing          why there is no formula where the law has no rules of the branch: a refusal, if this scheme has to pay
    """

    state: str
    scheme: str
    kind: Kind
    currency: str
    formula: Formula | None = None
    order: Fraction = Fraction(0)
    counts: bool = True
    member: bool = True
    exportable: bool = True
    rights: float = 1.0
    balance: float = 0.0
    annuity_factor: float | None = None
    transfer_value: float | None = None
    conditions_own: bool = True
    conditions_foreign: bool = True
    waived: bool = False
    choice: Literal["", "independent", "pro_rata"] = ""
    not_yet: str = ""
    missing: str = ""


@dataclass(frozen=True)
class Combined:
    """Periods of a set of states added up.

    own      months by state (what its share is measured by)
    total    the months that the shares are measured against
    right    months that test a qualifying period (calendar months covered at least once)
    outside  voluntary months by state that compulsory ones elsewhere overlap: paid beside the coordinated pension, not pro rata
    """

    own: dict[str, Fraction]
    total: Fraction
    right: Fraction
    outside: dict[str, Fraction] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """One step of the reasoning: what was found, and the rule it rests on."""

    text: str
    rule: str = ""


@dataclass(frozen=True)
class Claim:
    """A case ready to be decided.

    legs       in the order of the file;  combine(states): their periods added up
    provisions the instrument's, or all off;  totalise: periods are added for this branch;  applies: the instrument applies to the case
    residence, home  states, empty where not given
    rates      currency units per common unit, for sums over currencies (empty: only one currency)
    """

    legs: tuple[Leg, ...]
    combine: Callable[[frozenset[str]], Combined]
    provisions: Provisions
    totalise: bool
    applies: bool = True
    residence: str = ""
    home: str = ""
    rates: dict[str, float] = field(default_factory=dict)

    def leg(self, state: str) -> Leg | None:
        """The leg of a state."""
        return next((leg for leg in self.legs if leg.state == state), None)

    def own(self, leg: Leg) -> Fraction:
        """Months of one scheme by itself."""
        return self.combine(frozenset([leg.state])).own.get(leg.state, Fraction(0))

    def converted(self, amount: float, currency: str, to: str) -> float:
        """Amount in another currency. Raises ``ValueError`` when a rate is missing."""
        if currency == to:
            return amount
        for name in (currency, to):
            if name not in self.rates:
                raise ValueError(f"exchange_rates: {name} is missing; the case adds amounts in {currency} and {to}")
        return amount / self.rates[currency] * self.rates[to]


@dataclass(frozen=True)
class StateAmount:
    """What one scheme answers. ``None`` stands for "does not arise": no ratio without a theoretical amount, for example.

    borne  what the payment costs this scheme after refunds between schemes (cost sharing)
    """

    state: str
    scheme: str
    currency: str
    own_months: Fraction
    total_months: Fraction
    eligible_alone: bool
    eligible_by_totalisation: bool
    independent: float | None
    theoretical: float | None
    ratio: Fraction | None
    pro_rata: float | None
    payable: float
    lump_sum: float
    reason: str
    steps: tuple[Step, ...] = ()
    borne: float = 0.0


class Trail:
    """Collects the steps of one scheme's reasoning in order."""

    def __init__(self) -> None:
        self.steps: list[Step] = []

    def say(self, text: str, rule: str = "") -> None:
        """Add a step."""
        self.steps.append(Step(text, rule))


def count(months: Fraction) -> str:
    """Months in words.

    >>> count(Fraction(60)), count(Fraction(5, 2))
    ('60 months', '2.50 months')
    """
    number = str(months.numerator) if months.denominator == 1 else f"{float(months):.2f}"
    return f"{number} month{'' if months == 1 else 's'}"


def money(amount: float, currency: str = "") -> str:
    """Amount with two decimals and its currency."""
    return f"{amount:,.2f} {currency}".strip()


def of(ratio: Fraction, own: Fraction, whole: Fraction) -> str:
    """Ratio as it was measured: own over whole months, unreduced where both are whole numbers."""
    if own.denominator == whole.denominator == 1:
        return f"{own.numerator}/{whole.numerator}"
    return f"{ratio.numerator}/{ratio.denominator}"
