"""The legal steps of a coordination instrument, as they stand in its file.

1. A provision that an instrument does not write is not in it: the default of every optional part is the state of the law without that part.
2. ``provisions`` holds what changes rights; ``scope`` says for whom, in which branches and from when.
3. Article numbers live in the files, with their confidence; here are only the choices a drafter has.

| amount method | pension of one scheme |
|---|---|
| ``none`` | own law on own periods |
| ``pro_rata`` | theoretical amount x own / denominator, always |
| ``separate_first`` | independent amount where own periods suffice, else pro rata |
| ``higher_of`` | the higher of the two |
| ``option`` | the claimant chooses (the higher one is what a well-advised claimant takes) |
| ``direct`` | foreign periods open the right, the amount rests on own periods alone |
| ``integration_residence`` | the scheme of residence pays on all periods, the others nothing (or share the cost) |
| ``integration_last`` | the same, by the scheme of last insurance |
| ``transfer`` | the value of earlier rights is moved to the last scheme and buys months there |
| ``home`` | the home scheme insures wherever the person works, and pays on all periods |
| ``balance`` | every scheme pays what own periods built up (an account its balance); periods count for access |
"""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, get_args

from pydantic import Field, model_validator

from actuarial.basis.quantities import Amount, ProjectionYear, Share
from actuarial.basis.region import CountryCode
from actuarial.basis.yaml_file import StrictModel

AmountMethod = Literal[
    "none", "pro_rata", "separate_first", "higher_of", "option", "direct", "integration_residence", "integration_last",
    "transfer", "home", "balance",
]  # fmt: skip
Denominator = Literal["total", "max_period"]
EarningsBasis = Literal["own_average", "own_last", "revalued"]
BranchName = Literal[
    "old_age", "invalidity", "survivors", "employment_injury", "maternity", "sickness", "health", "family",
    "unemployment", "funeral",
]  # fmt: skip
ShortPeriods = Literal["unpaid", "paid_by_others", "not_counted"]
RefundPolicy = Literal["none", "allowed", "blocked", "repay_to_restore"]
AccountPolicy = Literal["cash", "count", "annuitise", "transfer", "balance"]
OverlapPolicy = Literal["count_once", "split", "first_insured", "each_pays_own"]

AMOUNT_METHODS: Final[tuple[AmountMethod, ...]] = get_args(AmountMethod)
BRANCH_NAMES: Final[tuple[BranchName, ...]] = get_args(BranchName)
LONG_TERM: Final[tuple[BranchName, ...]] = ("old_age", "invalidity", "survivors")


def _unit(unit: str) -> Any:
    """Field whose figure must be in this unit."""
    return Field(json_schema_extra={"unit": unit})


_Months = Annotated[int, Field(ge=0, le=180, json_schema_extra={"unit": "months"})]


class Totalisation(StrictModel):
    """Adding up periods to open a right."""

    enabled: bool
    min_own_months: _Months
    """Shortest own period for which a scheme pays by itself when the right is opened by totalisation."""
    short_periods: ShortPeriods = "unpaid"
    """Who pays for a period below the minimum: ``unpaid`` (it stays in the ratio of the others, so nobody does), ``paid_by_others`` (it counts in
    their theoretical amount, not in their ratio), ``not_counted`` (it is left out altogether)."""
    all_short: Literal["nobody", "last_state"] = "nobody"
    """Who pays when every period is below the minimum: nobody, or the last state whose conditions are met, as if all periods were its own."""
    third_states: bool = False
    """Periods in states outside the instrument count towards the right."""
    structure: Literal["multilateral", "bilateral_web"] = "multilateral"
    """``bilateral_web``: periods of two states at a time are added; each scheme pays the best of its treaties."""
    foreign_facts: bool = True
    """Conditions other than length (recency, being insured at the event) may be met by foreign periods."""


class AmountRule(StrictModel):
    """How a coordinated pension is calculated."""

    method: AmountMethod
    denominator: Denominator
    """``total``: all periods; ``max_period``: at most the period that gives the maximum pension."""
    earnings_basis: EarningsBasis = "own_average"
    """Earnings that stand for foreign periods in the theoretical amount: own average, own last year, or own average revalued to the award."""
    cost_sharing: bool = False
    """Under integration, the other schemes refund the paying one by their share of all periods."""


class Refunds(StrictModel):
    """Contributions paid back on leaving.

    ``none``: the instrument is silent; ``allowed``: they stay possible and extinguish the period; ``blocked``: none after entry into force;
    ``repay_to_restore``: none after entry, and a refund taken before may be paid back, which restores the period.
    """

    blocked_after_entry: bool
    policy: RefundPolicy

    @model_validator(mode="before")
    @classmethod
    def _policy_of_the_flag(cls, data: Any) -> Any:
        if isinstance(data, dict) and "policy" not in data and isinstance(data.get("blocked_after_entry"), bool):
            return {**data, "policy": "blocked" if data["blocked_after_entry"] else "none"}
        if isinstance(data, dict) and "blocked_after_entry" not in data and "policy" in data:
            return {**data, "blocked_after_entry": data["policy"] in ("blocked", "repay_to_restore")}
        return data

    @model_validator(mode="after")
    def _agree(self) -> Refunds:
        if self.blocked_after_entry != (self.policy in ("blocked", "repay_to_restore")):
            raise ValueError(f"refunds: policy '{self.policy}' contradicts blocked_after_entry {str(self.blocked_after_entry).lower()}")
        return self


class AccountSchemes(StrictModel):
    """Provident funds and other account schemes.

    ``cash``: balance in cash, months do not count elsewhere; ``count``: balance in cash, months count; ``balance``: the same, and the balance
    stays until pension age; ``annuitise``: the balance is paid as a pension; ``transfer``: it buys months in a pension scheme.
    """

    count_periods: bool
    keep_balances: bool
    policy: AccountPolicy

    @model_validator(mode="before")
    @classmethod
    def _policy_of_the_flags(cls, data: Any) -> Any:
        if isinstance(data, dict) and "policy" not in data:
            counted = data.get("count_periods")
            return {**data, "policy": ("balance" if data.get("keep_balances") else "count") if counted else "cash"}
        if isinstance(data, dict) and "count_periods" not in data and "keep_balances" not in data:
            policy = data["policy"]
            return {**data, "count_periods": policy != "cash", "keep_balances": policy in ("balance", "annuitise", "transfer")}
        return data

    @model_validator(mode="after")
    def _agree(self) -> AccountSchemes:
        if self.count_periods == (self.policy == "cash"):
            raise ValueError(f"account_schemes: policy '{self.policy}' contradicts count_periods {str(self.count_periods).lower()}")
        if not self.keep_balances and self.policy in ("balance", "annuitise", "transfer"):
            raise ValueError(f"account_schemes: policy '{self.policy}' needs keep_balances true, so that there is a balance at pension age")
        return self


class MinimumPension(StrictModel):
    """Minimum pensions in coordinated amounts. An independent pension always keeps its national minimum.

    policy: ``before``: the theoretical amount is lifted to the minimum, then reduced pro rata; ``after``: the minimum is left out of the theoretical
    amount and what is paid is lifted by ``top_up``; ``none``: no minimum in coordinated amounts.
    top_up: ``nobody``; ``paying_state``: each scheme lifts its own payment to its own minimum pension; ``residence_state``: the scheme of
    residence lifts the sum of all payments to its minimum.
    """

    policy: Literal["before", "after", "none"] = "before"
    top_up: Literal["nobody", "paying_state", "residence_state"] = "nobody"

    @model_validator(mode="after")
    def _agree(self) -> MinimumPension:
        if self.policy == "after" and self.top_up == "nobody":
            raise ValueError("minimum_pension: policy 'after' needs a top_up (paying_state or residence_state); 'none' is the policy without one")
        if self.policy == "none" and self.top_up != "nobody":
            raise ValueError("minimum_pension: policy 'none' has no top_up; use 'before' or 'after'")
        return self


class Periods(StrictModel):
    """Counting of periods."""

    overlaps: OverlapPolicy = "count_once"
    days_per_week: Literal[5, 6, 7] = 6
    """Column of the conversion table by which weeks and days become months."""


class ApplicableLegislation(StrictModel):
    """Posting: months for which the sending state's law goes on, and the extension by agreement."""

    posting_months: Annotated[int, Field(ge=0, le=120, json_schema_extra={"unit": "months"})]
    posting_extension_months: Annotated[int, Field(ge=0, le=120, json_schema_extra={"unit": "months"})] = 0


class Invalidity(StrictModel):
    """``A``: the state of onset pays the whole pension; ``B``: each state pays in proportion to its periods."""

    type: Literal["A", "B"]


class Survivors(StrictModel):
    """Survivors' pensions are derived from the coordinated pension of the deceased."""

    on_deceased_periods: bool


class OccupationalDisease(StrictModel):
    """``last_exposure``: the last state in which the risk existed pays; ``shared``: by length of exposure."""

    payer: Literal["last_exposure", "shared"]


class Health(StrictModel):
    """Reimbursement between states of care given on another's account; ``abatement`` reduces fixed amounts."""

    reimbursement: Literal["none", "actual", "fixed"]
    abatement: Share = 0.0


class Family(StrictModel):
    """``priority``: which state pays first; ``supplement``: the other pays the difference to its own amount."""

    priority: Literal["employment", "residence"]
    supplement: bool


class Unemployment(StrictModel):
    """Months for which an unemployment benefit is paid while work is sought in another member state."""

    export_months: Annotated[int, Field(ge=0, le=60, json_schema_extra={"unit": "months"})]


class Funeral(StrictModel):
    """The one state that pays a funeral grant."""

    payer: Literal["residence", "last_state"]


class Rounding(StrictModel):
    """Rounding of the amount payable; intermediate amounts are never rounded."""

    mode: Literal["none", "half_up", "down", "up"]
    step: Annotated[float, Field(gt=0)] = 0.01


class Currency(StrictModel):
    """``own``: each scheme pays in its currency; ``residence``: converted for the beneficiary, less ``spread``."""

    policy: Literal["own", "residence"]
    spread: Share = 0.0


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
    minimum_pension: MinimumPension = MinimumPension()
    periods: Periods = Periods()
    applicable_legislation: ApplicableLegislation | None = None
    invalidity: Invalidity | None = None
    survivors: Survivors | None = None
    occupational_disease: OccupationalDisease | None = None
    health: Health | None = None
    family: Family | None = None
    unemployment: Unemployment | None = None
    funeral: Funeral | None = None
    currency: Currency | None = None
    rounding: Rounding | None = None


class BranchCover(StrictModel):
    """A branch of the instrument: from which year, and whether its periods are added up and its benefits paid abroad."""

    from_year: ProjectionYear
    totalisation: bool = True
    export: bool = True


class Scope(StrictModel):
    """For whom and for what.

    persons: ``nationals`` of members; ``refugees``: these and refugees; ``residents`` of a member state; ``all_insured``: whoever is or was insured.
    branches: empty means old age alone, from entry into force.
    suspended: members that neither pay under the instrument nor are paid: their periods do not count elsewhere.
    """

    persons: Literal["nationals", "all_insured", "residents", "refugees"] = "all_insured"
    branches: dict[BranchName, BranchCover] = {}
    suspended: tuple[CountryCode, ...] = ()


OFF: Final[dict[str, Any]] = {
    "equality_of_treatment": False,
    "export": False,
    "refunds": Refunds(blocked_after_entry=False, policy="none"),
    "account_schemes": AccountSchemes(count_periods=False, keep_balances=False, policy="cash"),
    "retroactive_periods": False,
    "retroactive_claims": False,
    "minimum_pension": MinimumPension(),
    **dict.fromkeys(
        ("applicable_legislation", "invalidity", "survivors", "occupational_disease", "health", "family", "unemployment", "funeral", "currency")
    ),
}
"""Provisions that are simply replaced when switched off, and by what."""


class TakeUp(StrictModel):
    """A point of the take-up curve."""

    years_since_entry: Annotated[int, Field(ge=0, le=75)]
    share: Share


class Administration(StrictModel):
    """Cost of coordination, borne by each scheme that has a coordinated case."""

    fixed_usd_per_year_per_scheme: Annotated[Amount, _unit("USD of 2025 per year and scheme")]
    share_of_coordinated_benefits: Annotated[Share, _unit("share of coordinated benefits")]
