"""Words of the workbooks' cells for what tables name by identifiers: cases, sexes, branches, causes and the like.

A table maps identifiers to marked words, translated when shown (:func:`word`). An identifier that no table knows, such as a branch of a new scheme,
is shown as it stands, with spaces.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from actuarial.reporting.language import _, data_text, marked

Words = Mapping[str, str]

ACCOUNT_SUM: Final = marked("Payouts put off and administration")
"""What stands for the net cost in the books of account schemes, which have none but administration."""
ACCOUNT_NOTE: Final = marked(
    "Accounts have no net cost but administration: payouts put off are negative, timing and the margin of return over interest; no saving"
)

CASE_WORDS: Final = {"without": marked("without"), "with": marked("with"), "difference": marked("difference")}
SEXES: Final = {"male": marked("men"), "female": marked("women")}
CAUSE_SEXES: Final = {**SEXES, "": marked("not by sex")}
"""Of causes; administration has no sex."""
ROLES: Final = {"origin": marked("origin"), "host": marked("host")}
PAYERS: Final = {"scheme": marked("scheme"), "employer": marked("employer")}
CONFIDENCE: Final = {
    "verified": marked("verified"),
    "partial": marked("partial"),
    "derived": marked("derived"),
    "recalled": marked("recalled"),
    "assumed": marked("assumed"),
}
KINDS: Final = {"defined_benefit": marked("pensions"), "account": marked("accounts")}
PERSONS: Final = {
    "mover": marked("Movers"),
    "stayer_origin": marked("The same, staying in the origin"),
    "stayer_host": marked("Residents of the host"),
}
BRANCHES: Final = {
    "old_age": marked("Old age"),
    "invalidity": marked("Invalidity"),
    "survivors": marked("Survivors"),
    "administration": marked("Administration"),
}
CAUSES: Final = {
    "exported": marked("Pensions on own periods, paid abroad or kept"),
    "newly_vested": marked("Pensions opened by adding periods"),
    "topped_up": marked("Amounts changed by adding periods"),
    "resumed": marked("Suspended pensions resumed"),
    "sums_with_pensions": marked("Sums paid with pensions"),
    "death_grants": marked("Death grants"),
    "lump_sums_not_paid": marked("Lump sums instead of pensions"),
    "refunds_not_paid": marked("Refunds on leaving"),
    "account_payouts": marked("Account balances paid out"),
    "contributions_moved": marked("Contributions lost by posting"),
    "administration": marked("Administration of the instrument"),
}
OTHER_BRANCHES: Final = {
    "employment_injury": marked("Employment injury"),
    "family": marked("Family"),
    "funeral": marked("Funeral"),
    "health": marked("Health"),
    "maternity": marked("Maternity"),
    "sickness": marked("Sickness"),
    "unemployment": marked("Unemployment"),
}
"""Branches beside pensions."""
CALIBRATED: Final = {
    "active_contributors": marked("Active contributors"),
    "average_insurable_earnings": marked("Average insurable earnings"),
    "benefits": marked("Benefits"),
    "contributions": marked("Contributions"),
    "pension_payroll": marked("Pension payroll"),
    "pensioners": marked("Pensioners"),
    "reserve": marked("Reserve"),
}
MEASURES: Final = {
    "payg": marked("PAYG cost rate"),
    **{f"payg_{year}": text for year, text in (
        (2026, marked("PAYG cost rate 2026")), (2050, marked("PAYG cost rate 2050")),
        (2075, marked("PAYG cost rate 2075")), (2100, marked("PAYG cost rate 2100")),
    )},
    "reserve_ratio": marked("Reserve ratio"),
    "gap_75": marked("General average premium, 75 years"),
    "exhaustion_year": marked("Reserve used up"),
    "pv_net_cost": marked("Net cost, present value"),
    "pv_net_cost_usd": marked("Net cost, present value in USD"),
    "pv_net_cost_share_of_earnings": marked("Net cost, share of insurable earnings"),
    "net_cost_share": marked("Net cost, share of insurable earnings"),
    "net_cost_share_75": marked("Net cost over 75 years, share of insurable earnings"),
    "net_cost_usd": marked("Net cost in USD"),
}  # fmt: skip
"""Of sensitivities and ensembles."""
ACCOUNT_MEASURES: Final = {
    **MEASURES,
    "pv_net_cost": marked("Payouts put off and administration, present value"),
    "pv_net_cost_usd": marked("Payouts put off and administration, present value in USD"),
    "pv_net_cost_share_of_earnings": marked("Payouts put off and administration, share of insurable earnings"),
    "net_cost_share": marked("Payouts put off and administration, share of insurable earnings"),
    "net_cost_share_75": marked("Payouts put off and administration over 75 years, share of insurable earnings"),
    "net_cost_usd": marked("Payouts put off and administration in USD"),
}
"""The same of account schemes."""
AGES: Final = {
    ("male", "0-14"): marked("Men 0–14"),
    ("male", "15-59"): marked("Men 15–59"),
    ("male", "60+"): marked("Men 60+"),
    ("female", "0-14"): marked("Women 0–14"),
    ("female", "15-59"): marked("Women 15–59"),
    ("female", "60+"): marked("Women 60+"),
}


def word(words: Words, name: str) -> str:
    """An identifier as readers know it.

    >>> word(SEXES, "male"), word(OTHER_BRANCHES, "death_in_service")
    ('men', 'Death in service')
    """
    return _(words[name]) if name in words else data_text(name.replace("_", " ").capitalize())
