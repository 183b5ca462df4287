"""Parameters of instruments and levers of scenarios in words, for tables that set several side by side.

1. Instrument and scenario come as the plain values of their files (``model_dump``); :func:`instrument_lines` and :func:`scenario_lines` flatten them
   to one line per parameter, in the order of the file.
2. Every parameter and every choice has its words here; a test holds the tables against the models, so that a new one cannot be forgotten.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from actuarial.reporting import numbers
from actuarial.reporting.language import _, data_text, marked, phrase

INSTRUMENT: Final[dict[str, str]] = {
    "entry_into_force": marked("Entry into force, 1 January"),
    "members": marked("Members"),
    "scope.persons": marked("Persons covered"),
    "scope.suspended": marked("Members that neither pay nor are paid"),
    "provisions.equality_of_treatment": marked("Equality of treatment"),
    "provisions.export": marked("Export of benefits"),
    "provisions.totalisation.enabled": marked("Totalisation"),
    "provisions.totalisation.min_own_months": marked("Shortest own period for a pension, months"),
    "provisions.totalisation.short_periods": marked("Who pays for shorter periods"),
    "provisions.totalisation.all_short": marked("Who pays when all periods are shorter"),
    "provisions.totalisation.third_states": marked("Periods in other states count"),
    "provisions.totalisation.structure": marked("Structure"),
    "provisions.totalisation.foreign_facts": marked("Facts abroad count as facts at home"),
    "provisions.amount.method": marked("Rule on amounts"),
    "provisions.amount.denominator": marked("Denominator of the pro rata share"),
    "provisions.amount.earnings_basis": marked("Earnings of foreign periods"),
    "provisions.amount.cost_sharing": marked("The other states share the cost of the paying one"),
    "provisions.refunds.blocked_after_entry": marked("Refunds blocked after entry"),
    "provisions.refunds.policy": marked("Refunds on leaving"),
    "provisions.account_schemes.count_periods": marked("Months in accounts count elsewhere"),
    "provisions.account_schemes.keep_balances": marked("Balances stay until pension age"),
    "provisions.account_schemes.policy": marked("Account schemes"),
    "provisions.retroactive_periods": marked("Periods before entry count"),
    "provisions.retroactive_claims": marked("Settled claims are reopened"),
    "provisions.minimum_pension.policy": marked("Minimum pension in coordinated amounts"),
    "provisions.minimum_pension.top_up": marked("Supplement to the minimum, paid by"),
    "provisions.periods.overlaps": marked("Overlapping periods"),
    "provisions.periods.days_per_week": marked("Days per week in the conversion of periods"),
    "provisions.applicable_legislation.posting_months": marked("Posting, months"),
    "provisions.applicable_legislation.posting_extension_months": marked("Posting by agreement, further months"),
    "provisions.invalidity.type": marked("Invalidity pensions"),
    "provisions.survivors.on_deceased_periods": marked("Survivors' rights follow the periods of the deceased"),
    "provisions.occupational_disease.payer": marked("Occupational disease, paid by"),
    "provisions.health.reimbursement": marked("Health care, reimbursement between states"),
    "provisions.health.abatement": marked("Health care, reduction of fixed amounts"),
    "provisions.family.priority": marked("Family benefits, paid first by the state of"),
    "provisions.family.supplement": marked("Family benefits, difference paid by the other state"),
    "provisions.unemployment.export_months": marked("Unemployment benefit paid abroad, months"),
    "provisions.funeral.payer": marked("Funeral grant, paid by"),
    "provisions.currency.policy": marked("Currency of payment"),
    "provisions.currency.spread": marked("Exchange loss borne by the beneficiary"),
    "provisions.rounding.mode": marked("Rounding of the amount payable"),
    "provisions.rounding.step": marked("Rounding to"),
    "administration.fixed_usd_per_year_per_scheme": marked("Administration, US dollars of 2025 a year and scheme"),
    "administration.share_of_coordinated_benefits": marked("Administration, share of coordinated benefits"),
}
"""Parameters of an instrument by their dotted names. Branches and take-up have lines of their own (:func:`instrument_lines`)."""

CHOICES: Final[dict[str, dict[str, str]]] = {
    "scope.persons": {
        "nationals": marked("nationals of the members"),
        "refugees": marked("nationals and refugees"),
        "residents": marked("residents of the members"),
        "all_insured": marked("everybody who was insured"),
    },
    "provisions.totalisation.short_periods": {
        "unpaid": marked("nobody"),
        "paid_by_others": marked("the other states"),
        "not_counted": marked("they do not count at all"),
    },
    "provisions.totalisation.all_short": {"nobody": marked("nobody"), "last_state": marked("the last state")},
    "provisions.totalisation.structure": {
        "multilateral": marked("one multilateral instrument"),
        "bilateral_web": marked("a web of bilateral treaties"),
    },
    "provisions.amount.method": {
        "none": marked("own law on own periods"),
        "pro_rata": marked("always pro rata"),
        "separate_first": marked("independent where own periods suffice, else pro rata"),
        "higher_of": marked("the higher of independent and pro rata"),
        "option": marked("the claimant chooses"),
        "direct": marked("direct: periods abroad open the right, own periods are paid"),
        "integration_residence": marked("the state of residence pays for all periods"),
        "integration_last": marked("the last state pays for all periods"),
        "transfer": marked("transfer to the last scheme"),
        "home": marked("insured at home wherever the work is"),
        "balance": marked("what own periods built up"),
    },
    "provisions.amount.denominator": {"total": marked("all periods"), "max_period": marked("at most the period that earns the maximum")},
    "provisions.amount.earnings_basis": {
        "own_average": marked("average of own earnings"),
        "own_last": marked("own earnings of the last year"),
        "revalued": marked("average of own earnings, revalued to the award"),
    },
    "provisions.refunds.policy": {
        "none": marked("as national law has them"),
        "allowed": marked("paid to movers too"),
        "blocked": marked("no longer paid"),
        "repay_to_restore": marked("no longer paid; earlier ones may be paid back"),
    },
    "provisions.account_schemes.policy": {
        "cash": marked("balance in cash, months do not count elsewhere"),
        "count": marked("balance in cash, months count elsewhere"),
        "annuitise": marked("balance paid as a pension"),
        "transfer": marked("balance buys months elsewhere"),
        "balance": marked("balance kept until pension age, months count elsewhere"),
    },
    "provisions.minimum_pension.policy": {
        "before": marked("in the theoretical amount"),
        "after": marked("by a supplement to what is paid"),
        "none": marked("none"),
    },
    "provisions.minimum_pension.top_up": {
        "nobody": marked("nobody"),
        "paying_state": marked("each paying state"),
        "residence_state": marked("the state of residence"),
    },
    "provisions.periods.overlaps": {
        "count_once": marked("count once"),
        "split": marked("are split"),
        "first_insured": marked("count where insured first"),
        "each_pays_own": marked("each state pays its own"),
    },
    "provisions.invalidity.type": {
        "A": marked("the state of onset pays all"),
        "B": marked("each state pays by its periods"),
    },
    "provisions.occupational_disease.payer": {
        "last_exposure": marked("the state of last exposure"),
        "shared": marked("all states, by length of exposure"),
    },
    "provisions.health.reimbursement": {
        "none": marked("none"),
        "actual": marked("actual cost"),
        "fixed": marked("fixed amounts"),
    },
    "provisions.family.priority": {"employment": marked("employment"), "residence": marked("residence")},
    "provisions.funeral.payer": {"residence": marked("the state of residence"), "last_state": marked("the last state")},
    "provisions.currency.policy": {"own": marked("the scheme's own"), "residence": marked("that of the state of residence")},
    "provisions.rounding.mode": {
        "none": marked("none"),
        "half_up": marked("to the nearest"),
        "down": marked("down"),
        "up": marked("up"),
    },
}
SHARES: Final = (
    "provisions.health.abatement", "provisions.currency.spread", "administration.share_of_coordinated_benefits",
)  # fmt: skip
YEARS: Final = ("entry_into_force",)
COVER: Final[dict[str, str]] = {
    "from_year": marked("{branch}: covered from"),
    "totalisation": marked("{branch}: periods are added up"),
    "export": marked("{branch}: paid in other member states"),
}
BRANCHES: Final[dict[str, str]] = {
    "old_age": marked("Old age"),
    "invalidity": marked("Invalidity"),
    "survivors": marked("Survivors"),
    "employment_injury": marked("Employment injury"),
    "maternity": marked("Maternity"),
    "sickness": marked("Sickness"),
    "health": marked("Health"),
    "family": marked("Family benefits"),
    "unemployment": marked("Unemployment"),
    "funeral": marked("Funeral grant"),
}
SCENARIO: Final[dict[str, str]] = {
    "migration.outflow_multiplier": marked("Factor on the rate of leaving for a partner state"),
    "migration.return_multiplier": marked("Factor on the rate of going home"),
    "migration.stock_multiplier": marked("Factor on the movers abroad at the valuation date"),
    "migration.corridors.outflow_multiplier": marked("Factor on the rate of leaving, in one corridor"),
    "migration.corridors.return_multiplier": marked("Factor on the rate of going home, in one corridor"),
    "migration.shock.year": marked("Year of a crisis"),
    "migration.shock.return_share": marked("Crisis: share of movers who go home"),
    "migration.shock.outflow_multiplier": marked("Crisis: factor on leaving in that year"),
    "migration.migrant_coverage_factor": marked("Factor on the insured share of movers"),
    "migration.outflow_by_sex.male": marked("Leaving by sex: factor for men"),
    "migration.outflow_by_sex.female": marked("Leaving by sex: factor for women"),
    "migration.outflow_by_sex.women_towards_men": marked("Leaving by sex: women's way to the level of men"),
    "migration.outflow_by_sex.first_year": marked("Leaving by sex: from"),
    "migration.outflow_by_sex.full_by": marked("Leaving by sex: in full by"),
    "migration.migrant_coverage_path.male": marked("Insured movers: factor for men"),
    "migration.migrant_coverage_path.female": marked("Insured movers: factor for women"),
    "migration.migrant_coverage_path.first_year": marked("Insured movers: from"),
    "migration.migrant_coverage_path.full_by": marked("Insured movers: in full by"),
    "migration.refugees_join.share": marked("Refugees who take up insurable work, share"),
    "migration.refugees_join.first_year": marked("Refugees: from"),
    "migration.refugees_join.full_by": marked("Refugees: in full by"),
    "economy.inflation_add": marked("Added to inflation every year"),
    "economy.real_wage_growth_add": marked("Added to real wage growth every year"),
    "economy.real_return_add": marked("Added to the real return every year"),
    "schemes": marked("Another scheme in place of the region's"),
    "collection.density_factor": marked("Factor on the share of the year paid"),
    "collection.compliance_factor": marked("Factor on contributions collected over due"),
    "payment.non_payment": marked("Share of what is owed abroad that is not paid"),
    "payment.take_up_factor": marked("Factor on take-up"),
    "payment.processing_lag_years": marked("From claim to first payment, years"),
    "payment.exchange_rate_add": marked("Extra yearly loss of value of a currency"),
}
"""Levers of a scenario; a lever by country or corridor has the name of its table."""
TABLES: Final = (
    "migration.corridors", "schemes", "collection.density_factor", "collection.compliance_factor", "payment.non_payment", "payment.exchange_rate_add",
)  # fmt: skip
"""Levers whose next name is a country or corridor."""
_POINTS: Final = ("economy.inflation_add", "economy.real_wage_growth_add", "economy.real_return_add", "payment.exchange_rate_add")
_SCENARIO_SHARES: Final = (
    "migration.shock.return_share", "migration.outflow_by_sex.women_towards_men", "migration.refugees_join.share", "payment.non_payment",
)  # fmt: skip
_SCENARIO_YEARS: Final = ("first_year", "full_by", "migration.shock.year")


def instrument_lines(instrument: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Name and value in words of every parameter of an instrument that it has, by dotted name."""
    lines: dict[str, tuple[str, str]] = {}
    for at, value in _leaves({k: instrument[k] for k in ("entry_into_force", "members", "scope", "provisions", "administration")}):
        if at.startswith("scope.branches."):
            branch, item = at.split(".")[2:4]
            said = numbers.year(value) if item == "from_year" else _yes(value)
            lines[at] = (phrase(COVER[item], branch=_(BRANCHES[branch])), said)
        else:
            lines[at] = (_(INSTRUMENT[at]), _instrument_value(at, value))
    for point in instrument["take_up"]:
        name = phrase("Share of claims taken up {years} years after entry", years=numbers.exact(point["years_since_entry"]))
        lines[f"take_up.{point['years_since_entry']}"] = (name, numbers.rate(point["share"], 0))
    return lines


def scenario_lines(scenario: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Name and value in words of every lever of a scenario that it sets, by dotted name."""
    lines: dict[str, tuple[str, str]] = {}
    for at, value in _leaves({k: scenario[k] for k in ("migration", "economy", "schemes", "collection", "payment")}):
        table = next((t for t in TABLES if at.startswith(f"{t}.")), None)
        if table is None:
            lines[at] = (_(SCENARIO[at]), _scenario_value(at, value))
            continue
        place, _dot, item = at.removeprefix(f"{table}.").partition(".")
        name = f"{table}.{item}" if item else table
        lines[at] = (phrase("{lever}: {place}", lever=_(SCENARIO[name]), place=place), _scenario_value(name, value))
    return lines


def _leaves(node: Mapping[str, Any], at: str = "") -> Iterator[tuple[str, Any]]:
    """Values by dotted name; parts that are not there and empty tables give nothing."""
    for name, value in node.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{at}{name}.")
        elif value is not None:
            yield f"{at}{name}", value


def _instrument_value(at: str, value: Any) -> str:
    if at in CHOICES:
        return _(CHOICES[at][str(value)])
    if isinstance(value, bool):
        return _yes(value)
    if isinstance(value, list | tuple):
        return ", ".join(str(v) for v in value) or _("none")
    if at in YEARS:
        return numbers.year(value)
    return numbers.rate(value, 1) if at in SHARES else numbers.exact(value)


def _scenario_value(at: str, value: Any) -> str:
    if isinstance(value, str):
        return data_text(value)
    if at in _POINTS:
        return numbers.points(value)
    if at in _SCENARIO_SHARES:
        return numbers.rate(value, 0)
    if at.endswith(_SCENARIO_YEARS):
        return numbers.year(value)
    return numbers.exact(value)


def _yes(value: bool) -> str:
    return _("yes") if value else _("no")
