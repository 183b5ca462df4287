"""Names and definitions of the financial indicators in the active language.

The engine writes definitions in English beside the figures; the same sentences stand here, marked, so that they can be said in other languages. A
definition that is not among them is a text of the study as any other.
"""

from __future__ import annotations

import re
from typing import Final

from actuarial.reporting.language import _, data_text, marked, phrase

NAMES: Final = {
    "first_deficit_year": marked("Expenditure first exceeds contributions"),
    "deficit_years": marked("Years with expenditure above contributions"),
    "lowest_reserve_ratio": marked("Lowest reserve ratio"),
    "lowest_reserve_ratio_year": marked("Year of the lowest reserve ratio"),
    "first_reserve_fall_year": marked("Reserve first falls"),
    "exhaustion_year": marked("Reserve used up"),
    "gap_perpetual": marked("General average premium without end"),
    "actuarial_balance_75": marked("Actuarial balance, 75 years"),
    "open_group_obligation": marked("Open-group obligation not covered by the reserve"),
    "scaled_premium_15": marked("Scaled premium, first 15 years"),
    "level_rate_reserve_2_years": marked("Level rate, two years of reserve at the end"),
    "steady_state_rate": marked("Steady state rate"),
    "accrued_liability": marked("Accrued liability"),
    "accrued_pensioners": marked("Accrued liability to pensioners"),
    "funding_ratio": marked("Funding ratio"),
    "pv_net_cost": marked("Present value of the instrument's net cost"),
    "pv_coordination_administration": marked("Present value of administering the instrument"),
    "pv_net_cost_share_of_earnings": marked("The same, share of insurable earnings"),
    "pv_net_cost_share_of_gdp": marked("The same, share of gross domestic product"),
}
DEFINITIONS: Final = (
    marked("(benefits + administration) / insurable earnings of the year"),
    marked("general average premium: (present value of benefits and administration over 75 years - reserve) / present value of insurable earnings"),
    marked("general average premium without end: both series grow on as earnings in the last year; missing where the return does not exceed that"),
    marked(
        "(reserve + present value of contributions - of benefits and administration - of a last reserve of one year's cost) / that of insurable "
        "earnings (OASDI definition)"
    ),
    marked("present value over 75 years of benefits and administration less contributions, less the reserve"),
    marked("lowest level rate for which the reserve does not fall in the first 15 years (Thullen)"),
    marked("level rate that leaves a reserve of two years of expenditure after 75 years"),
    marked(
        "lowest level rate from the first year on with the same reserve in years of expenditure after 10 and after 60 years; missing where none is"
    ),
    marked("first year in which benefits and administration exceed contributions"),
    marked("first year in which the reserve falls"),
    marked("first year that ends with a negative reserve"),
    marked("number of years within the horizon in which benefits and administration exceed contributions"),
    marked("lowest opening reserve / benefits and administration within the horizon"),
    marked("year of the lowest reserve ratio"),
    marked("the part of the net cost that is administration of the instrument (an assumption)"),
    marked("present value over 75 years at the return on the reserve of benefits and administration less contributions, with - without"),
    marked(
        "present value over 75 years at the return on the reserve of benefits and administration less contributions, with - without, over that of "
        "the same years' base"
    ),
    marked(
        "rights accrued to date: pensions in payment, and what the insured would be paid if nobody were insured after the valuation date; with minus "
        "without is the initial liability of the instrument"
    ),
    marked("the part of pensions in payment"),
    marked("reserve / rights accrued to date"),
)
_OF_YEAR: Final = re.compile(r"opening reserve / benefits and administration of year (\d+) \(OASDI definition\)")


def indicator_name(name: str) -> str:
    """An indicator as readers know it, from its short name.

    >>> indicator_name("payg_2050"), indicator_name("gap_75"), indicator_name("funding_ratio")
    ('PAYG cost rate 2050', 'General average premium, 75 years', 'Funding ratio')
    """
    if name in NAMES:
        return _(NAMES[name])
    stem, _dash, tail = name.rpartition("_")
    if stem == "payg":
        return phrase("PAYG cost rate {year}", year=tail)
    if stem == "gap":
        return phrase("General average premium, {count} years", count=tail)
    if stem == "reserve_ratio":
        return phrase("Reserve ratio after {count} years", count=tail)
    return data_text(name.replace("_", " ").capitalize())


def definition(text: str) -> str:
    """A definition that the engine wrote, in the active language."""
    if found := _OF_YEAR.fullmatch(text):
        return phrase("opening reserve / benefits and administration of year {year} (OASDI definition)", year=found[1])
    return _(text) if text in DEFINITIONS else data_text(text)
