"""A made-up study with the shape of a real one, for tests of reports: eight countries, deterministic, no engine needed.

The figures are smooth curves chosen by eye, not results. Identities that reports rely on hold: benefits is the sum of
its parts, the reserve rolls forward, rates are quotients of the columns they are named after, the steps of the ladder
and the causes of the net cost sum to it.
"""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import numpy as np
import pandas as pd

from actuarial.feasibility.result import (
    BRANCH_CAUSE_COLUMNS,
    BRANCH_COLUMNS,
    CASES,
    CAUSE_COLUMNS,
    LADDER_COLUMNS,
    LADDER_CORRIDOR_COLUMNS,
    LADDER_YEARS,
    PAST_COLUMNS,
    SchemeResult,
    StudyResult,
    write_study,
)

YEARS = np.arange(2026, 2101)
NAMES = {
    "BDI": "Burundi",
    "COD": "Democratic Republic of the Congo",
    "KEN": "Kenya",
    "RWA": "Rwanda",
    "SOM": "Somalia",
    "SSD": "South Sudan",
    "TZA": "United Republic of Tanzania",
    "UGA": "Uganda",
}
KINDS = {
    "BDI": "defined_benefit",
    "COD": "defined_benefit",
    "KEN": "account",
    "RWA": "defined_benefit",
    "SOM": "none",
    "SSD": "not_collecting",
    "TZA": "defined_benefit",
    "UGA": "account",
}
TITLES = {
    "BDI": "National Social Security Institute (INSS)",
    "COD": "National Social Security Fund (CNSS)",
    "KEN": "National Social Security Fund (NSSF)",
    "RWA": "Rwanda Social Security Board (RSSB)",
    "SOM": "No scheme",
    "SSD": "National Social Insurance Fund (NSIF)",
    "TZA": "National Social Security Fund (NSSF), private sector",
    "UGA": "National Social Security Fund (NSSF)",
}
CURRENCY = {
    "BDI": "BIF",
    "COD": "CDF",
    "KEN": "KES",
    "RWA": "RWF",
    "SOM": "SOS",
    "SSD": "SSP",
    "TZA": "TZS",
    "UGA": "UGX",
}
USD = {
    "BDI": 2950.0,
    "COD": 2300.0,
    "KEN": 129.0,
    "RWA": 1440.0,
    "SOM": 571.0,
    "SSD": 4600.0,
    "TZA": 2480.0,
    "UGA": 3600.0,
}
POPULATION = {
    "BDI": 14.4e6,
    "COD": 112e6,
    "KEN": 57.5e6,
    "RWA": 14.6e6,
    "SOM": 19.6e6,
    "SSD": 12.2e6,
    "TZA": 70.5e6,
    "UGA": 51.4e6,
}
CONTRIBUTORS = {"BDI": 2.1e5, "COD": 7e5, "KEN": 3.1e6, "RWA": 7e5, "SOM": 0.0, "SSD": 0.0, "TZA": 1.6e6, "UGA": 8e5}
WAGE_USD = {
    "BDI": 900.0,
    "COD": 1700.0,
    "KEN": 3600.0,
    "RWA": 1900.0,
    "SOM": 0.0,
    "SSD": 0.0,
    "TZA": 2900.0,
    "UGA": 3100.0,
}
LEGAL_RATE = {"BDI": 0.10, "COD": 0.10, "KEN": 0.12, "RWA": 0.12, "SOM": 0.0, "SSD": 0.0, "TZA": 0.20, "UGA": 0.15}
EFFECT = {"BDI": 1.4e-4, "COD": 2.1e-5, "KEN": 0.0, "RWA": 4.2e-4, "SOM": 0.0, "SSD": 0.0, "TZA": -3.1e-6, "UGA": 0.0}
"""Addition to the cost rate in the long run."""
DISCOUNT = 1.09 ** -(np.arange(75) + 0.5)
TOTALISED = 0.15
"""Share of the pensions added that is opened by adding periods."""
RESUMED = 0.02
"""Share of them that is paid again after a suspension."""
INVALIDITY, SURVIVORS = 0.08, 0.2
"""Shares of pensions and pensioners that are not of old age."""
RUNGS = (
    ("equality", "Equality of treatment", 0.0),
    ("export", "Export", 0.7),
    ("totalisation", "Totalisation", 0.34),
    ("amount", "Amount rule", -0.04),
    ("legislation", "Applicable legislation", 0.0),
)
"""Steps that share the benefits, and their parts."""
INJURY = 1e-6
"""What the instrument adds to employment injury, as a share of insurable earnings."""
STATUS = ("verified", "partial", "recalled", "derived", "assumed")


def synthetic_study(*, no_effect: bool = False, hostile: str | None = None) -> StudyResult:
    """The made-up study; ``no_effect`` makes with equal without, ``hostile`` is put where data could bring text."""
    schemes = {c: _scheme(c, no_effect, hostile) for c in NAMES}
    members = list(NAMES)
    transfers = [
        {
            "payer": payer,
            "residence": residence,
            "case": case,
            "year": int(year),
            "amount_usd": _transfer(payer, residence, case, year, no_effect),
            "pensions_usd": _pensions(payer, residence, case, year, no_effect),
        }
        for payer in members
        for residence in [*members, "ROW"]
        for case in CASES
        for year in YEARS
    ]
    checks = [
        {"name": "people are conserved", "value": 3.1e-15, "tolerance": 1e-9, "passed": True},
        {"name": "intra-regional net migration sums to zero", "value": 2.0e-13, "tolerance": 1e-9, "passed": True},
        {
            "name": "transfers add up to the pensions of each scheme",
            "value": 8.8e-16,
            "tolerance": 1e-9,
            "passed": True,
        },
    ]
    return StudyResult(
        schemes=schemes,
        transfers=pd.DataFrame(transfers),
        checks=pd.DataFrame(checks),
        transfers_pv=_transfer_values(pd.DataFrame(transfers)),
        adequacy=_adequacy(no_effect),
        rights=_rights(no_effect),
        split_careers=_split_careers(no_effect),
        meta={
            "scenario": "base",
            "scenario_title": hostile or "Base: migration and economy as measured",
            "instrument": "eac-directive",
            "instrument_title": hostile or "EAC coordination directive (modelled draft)",
            "region": "eac",
            "region_name": "East African Community",
            "members": members,
            "valuation_date": "2025-12-31",
            "first_year": 2026,
            "last_year": 2100,
            "entry_into_force": 2027,
            "package_version": "0.1.0",
            "instrument_note": hostile
            or "The text of the instrument is not public. Its provisions follow ILO Recommendation R167 and the "
            "European rules; every parameter is an assumption.",
            "inputs": {
                "data/schemes/KEN-nssf/params.yaml": "3f0c" * 16,
                "data/population/start.csv": "a01b" * 16,
                "scenarios/base.yaml": "77de" * 16,
            },
        },
    )


def write_synthetic(folder: Path) -> Path:
    """The made-up study as files, for notebooks."""
    write_study(synthetic_study(), folder)
    return folder


def _scheme(country: str, no_effect: bool, hostile: str | None) -> SchemeResult:
    yearly = pd.concat([_yearly(country, case, no_effect) for case in CASES], ignore_index=True)
    collects = KINDS[country] in ("defined_benefit", "account")
    branches = _branches(country, yearly, no_effect)
    return SchemeResult(
        country=country,
        country_name=NAMES[country],
        scheme_id="SOM-none" if country == "SOM" else f"{country}-{TITLES[country].split('(')[1].split(')')[0].lower()}",
        scheme_title=hostile or TITLES[country],
        kind=KINDS[country],
        currency=CURRENCY[country],
        exchange_rate_usd=USD[country],
        yearly=yearly,
        population=_population(country),
        indicators=_indicators(country, yearly),
        corridors=_corridors(country, yearly),
        gains=_gains(country, no_effect),
        residence=_residence(country, no_effect),
        calibration=_calibration(country, hostile),
        assumptions=_assumptions(country, hostile),
        ladder=_ladder(country, yearly, no_effect),
        ladder_corridors=_ladder_corridors(country, yearly, no_effect),
        causes=_causes(country, yearly),
        past=_past(country, yearly),
        branches=branches,
        branch_causes=_branch_causes(country, yearly, no_effect),
        branches_missing={"family": hostile or "No family benefit found."} if collects else {},
    )


def _yearly(country: str, case: str, no_effect: bool) -> pd.DataFrame:
    k = (YEARS - 2026).astype(float)
    kind = KINDS[country]
    on = 0.0 if no_effect or case == "without" else 1.0
    phase = on * np.clip((YEARS - 2026) / 25, 0, 1)
    contributors = CONTRIBUTORS[country] * 1.031**k / (1 + (k / 90) ** 2)
    movers = 0.03 * contributors * (1 + k / 60)
    wage = WAGE_USD[country] * USD[country] * 1.072**k
    earnings = contributors * wage
    legal = np.full(75, LEGAL_RATE[country])
    if country == "RWA":
        legal = np.interp(YEARS, [2026, 2027, 2028, 2029, 2030], [0.12, 0.14, 0.16, 0.18, 0.20])
    contributions = legal * earnings * 0.94
    cost = 0.022 + 0.17 / (1 + np.exp(-(k - 42) / 11))
    pensions = payouts = lump = refunds = np.zeros(75)
    balances = np.zeros(75)
    if kind == "defined_benefit":
        pensions = earnings * (cost + EFFECT[country] * phase)
        lump = earnings * (0.0030 - 0.1 * abs(EFFECT[country]) * phase)
        refunds = earnings * (0.0010 - 0.05 * abs(EFFECT[country]) * phase)
    if kind == "account":
        payouts = earnings * (0.02 + 0.06 * k / 74)
        refunds = earnings * 0.002 * (1 - 0.8 * phase)
    administration = 0.08 * contributions + (on * 1e5 * USD[country] * 1.05**k if kind in ("defined_benefit", "account") else 0)
    benefits = pensions + lump + refunds + payouts
    reserve, income = np.zeros(75), np.zeros(75)
    opening, balance = 3.0 * contributions[0], 6.0 * contributions[0]
    for t in range(75):
        net = contributions[t] - benefits[t] - administration[t]
        income[t] = 0.09 * opening + net * (1.09**0.5 - 1)
        opening = opening + income[t] + net
        reserve[t] = opening
        if kind == "account":
            balance = balance * 1.085 + contributions[t] - benefits[t]
            balances[t] = balance
    starts = np.concatenate([[3.0 * contributions[0]], reserve[:-1]])
    with np.errstate(divide="ignore", invalid="ignore"):
        payg = np.where(earnings > 0, (benefits + administration) / earnings, 0.0)
        ratio = np.where(benefits + administration > 0, starts / (benefits + administration), 0.0)
    pensioners = contributors * (0.05 + 0.35 / (1 + np.exp(-(k - 40) / 12))) if kind == "defined_benefit" else np.zeros(75)
    extra = (abs(EFFECT[country]) * 40 * pensioners) * phase
    return pd.DataFrame(
        {
            "case": case,
            "year": YEARS,
            "contributors": contributors,
            "contributors_movers": movers,
            "pensioners": pensioners + extra,
            "pensioners_movers": 0.02 * pensioners + extra,
            "invalids": INVALIDITY * (pensioners + extra),
            "survivors": SURVIVORS * (pensioners + extra),
            "new_pensions": 0.07 * pensioners + 0.07 * extra,
            "new_pensions_movers": 0.0014 * pensioners + 0.07 * extra,
            "new_invalidity": 0.006 * (pensioners + extra),
            "deaths_with_right": 0.009 * (pensioners + extra),
            "insurable_earnings": earnings,
            "contributions": contributions,
            "pensions": pensions,
            "invalidity_pensions": INVALIDITY * pensions,
            "survivors_pensions": SURVIVORS * pensions,
            "lump_sums": lump,
            "refunds": refunds,
            "account_payouts": payouts,
            "other_benefits": np.zeros(75),
            "administration": administration,
            "investment_income": income,
            "benefits": benefits,
            "reserve": reserve if kind in ("defined_benefit", "account") else 0.0,
            "member_balances": balances,
            "payg_cost_rate": payg,
            "reserve_ratio": ratio,
            "legal_rate": legal,
        }
    )


def _population(country: str) -> pd.DataFrame:
    rows = []
    for year in range(2026, 2101):
        k = year - 2026
        total = POPULATION[country] * np.exp(0.026 * k - 0.00011 * k**2)
        old = 0.05 + 0.18 * (k / 74) ** 1.6
        young = 0.43 - 0.20 * k / 74
        for sex, share in (("male", 0.497), ("female", 0.503)):
            for group, part in (("0-14", young), ("15-59", 1 - young - old), ("60+", old)):
                rows.append((year, sex, group, total * share * part))
            if year in (2026, 2050, 2075, 2100):
                weight = np.exp(-np.arange(21) * (0.16 - 0.11 * k / 74))
                weight[-4:] *= [0.5, 0.25, 0.1, 0.03]
                weight /= weight.sum()
                groups = [f"{a}-{a + 4}" for a in range(0, 100, 5)] + ["100+"]
                rows.extend((year, sex, g, total * share * w) for g, w in zip(groups, weight, strict=True))
    return pd.DataFrame(rows, columns=["year", "sex", "age_group", "persons"])


def _indicators(country: str, yearly: pd.DataFrame) -> pd.DataFrame:
    columns = ["indicator", "unit", "without", "with", "difference", "definition"]
    if KINDS[country] in ("none", "not_collecting"):
        return pd.DataFrame(columns=columns)
    by_case = {case: frame.set_index("year") for case, frame in yearly.groupby("case")}
    rows: list[tuple[str, str, float, float, str]] = []

    def add(name: str, unit: str, values: dict[str, float], definition: str) -> None:
        rows.append((name, unit, values["without"], values["with"], definition))

    for year in (2026, 2050, 2100):
        add(
            f"payg_{year}",
            "share of insurable earnings",
            {c: f.payg_cost_rate[year] for c, f in by_case.items()},
            "(benefits + administration) / insurable earnings",
        )
    discount = DISCOUNT
    worth = {c: float(((f.benefits + f.administration) * discount).sum()) for c, f in by_case.items()}
    base = float((by_case["without"].insurable_earnings * discount).sum())
    opening = 3.0 * by_case["without"].contributions.iloc[0]
    add(
        "gap_75",
        "share of insurable earnings",
        {c: (w - opening) / base for c, w in worth.items()},
        "level rate that pays for 75 years, given the reserve",
    )
    nothing = dict.fromkeys(CASES, float("nan"))
    add("gap_perpetual", "share of insurable earnings", nothing, "the same without end; missing where the return does not exceed growth")
    paid = {c: float((f.contributions * discount).sum()) for c, f in by_case.items()}
    add("actuarial_balance_75", "share of insurable earnings", {c: (opening + paid[c] - w) / base for c, w in worth.items()}, "balance")
    add("open_group_obligation", f"{CURRENCY[country]}, present value", {c: w - paid[c] - opening for c, w in worth.items()}, "obligation")
    add("scaled_premium_15", "share of insurable earnings", {c: f.payg_cost_rate[2040] for c, f in by_case.items()}, "level rate of 15 years")
    spent = {c: f.benefits + f.administration for c, f in by_case.items()}
    add(
        "first_deficit_year",
        "year",
        {c: _first(f.contributions < spent[c]) for c, f in by_case.items()},
        "expenditure exceeds contributions",
    )
    add("deficit_years", "years", {c: float((f.contributions < spent[c]).sum()) for c, f in by_case.items()}, "years with a deficit")
    add("lowest_reserve_ratio", "years of expenditure", {c: float(f.reserve_ratio.min()) for c, f in by_case.items()}, "lowest within the horizon")
    add("lowest_reserve_ratio_year", "year", {c: float(f.reserve_ratio.idxmin()) for c, f in by_case.items()}, "year of the lowest reserve ratio")
    add(
        "first_reserve_fall_year",
        "year",
        {c: _first(f.contributions + f.investment_income < spent[c]) for c, f in by_case.items()},
        "the reserve falls",
    )
    add("exhaustion_year", "year", {c: _first(f.reserve < 0) for c, f in by_case.items()}, "the reserve is used up")
    for n in (10, 25, 50):
        add(
            f"reserve_ratio_{n}",
            "years of expenditure",
            {c: f.reserve_ratio[2025 + n] for c, f in by_case.items()},
            "opening reserve / expenditure",
        )
    desk = sum(_worth(yearly, "administration").values())
    add("pv_coordination_administration", f"{CURRENCY[country]}, present value", {"without": 0.0, "with": desk}, "administration, an assumption")
    net = {"without": 0.0, "with": worth["with"] - worth["without"]}
    add("pv_net_cost", CURRENCY[country], net, "present value at the valuation date of expenditure with less without")
    add(
        "pv_net_cost_share_of_earnings",
        "rate",
        {c: v / base for c, v in net.items()},
        "the same as a share of insurable earnings",
    )
    frame = pd.DataFrame(rows, columns=["indicator", "unit", "without", "with", "definition"])
    frame["difference"] = frame["with"] - frame["without"]
    return frame[columns]


def _worth(yearly: pd.DataFrame, *columns: str) -> dict[str, float]:
    """Present value of with minus without, column by column."""
    by_case = {case: frame.set_index("year") for case, frame in yearly.groupby("case")}
    return {n: float(((by_case["with"][n] - by_case["without"][n]) * DISCOUNT).sum()) for n in columns}


def _first(condition: pd.Series) -> float:
    years = condition.index[condition]
    return float(years[0]) if len(years) else float("nan")


def _size(origin: str, host: str) -> float:
    """A deterministic size between 300 and 300,000 movers."""
    seed = sum((7 + i) * ord(c) for i, c in enumerate(origin + host))
    return 300.0 * 10 ** (3 * ((seed * 37) % 101) / 100)


def _corridors(country: str, yearly: pd.DataFrame) -> pd.DataFrame:
    """Present values of the yearly table, shared out by the number of movers."""
    worth = _worth(yearly, "pensions", "lump_sums", "refunds", "account_payouts", "administration")
    pairs = [(o, h) for o, h in permutations(NAMES, 2) if country in (o, h)]
    everybody = sum(_size(*pair) for pair in pairs)
    rows = []
    for origin, host in pairs:
        for sex, part in (("male", 0.55), ("female", 0.45)):
            movers = _size(origin, host) * part
            share = movers / everybody
            covered = 0.08 * movers if KINDS[host] in ("defined_benefit", "account") else 0.0
            rows.append(
                {
                    "origin": origin,
                    "host": host,
                    "role": "origin" if origin == country else "host",
                    "sex": sex,
                    "movers_2026": movers,
                    "flow_2026": 0.05 * movers,
                    "covered_2026": covered,
                    "extra_pensioners_2050": 0.004 * movers if worth["pensions"] else 0.0,
                    "new_by_totalisation_2050": 0.00004 * movers if worth["pensions"] else 0.0,
                    "pv_extra_pensions": share * worth["pensions"],
                    "pv_exported": share * (1 - TOTALISED - RESUMED) * worth["pensions"],
                    "pv_pensions_by_totalisation": share * TOTALISED * worth["pensions"],
                    "pv_topped_up": 0.0,
                    "pv_resumed": share * RESUMED * worth["pensions"],
                    "pv_sums_with_pensions": 0.0,
                    "pv_extra_payouts": share * worth["account_payouts"],
                    "pv_lump_sums_not_paid": -share * worth["lump_sums"],
                    "pv_refunds_not_paid": -share * worth["refunds"],
                    "pv_contributions_moved": 0.0,
                    "pv_administration": share * worth["administration"],
                    "pv_net_cost": share * sum(worth.values()),
                    "confidence": STATUS[int(_size(origin, host)) % 5],
                }
            )
    return pd.DataFrame(rows)


def _with_minus_without(yearly: pd.DataFrame, column: str) -> pd.Series:
    by_case = {case: frame.set_index("year")[column] for case, frame in yearly.groupby("case")}
    return by_case["with"] - by_case["without"]


def _ladder(country: str, yearly: pd.DataFrame, no_effect: bool) -> pd.DataFrame:
    """Benefits shared out over the steps; branches beside pensions and administration have one each."""
    if KINDS[country] not in ("defined_benefit", "account"):
        return pd.DataFrame(columns=LADDER_COLUMNS)
    earnings = yearly[yearly["case"] == "without"].set_index("year")["insurable_earnings"]
    base = float((earnings * DISCOUNT).sum())
    benefits, desk = (_with_minus_without(yearly, n) for n in ("benefits", "administration"))
    injury = earnings * (0.0 if no_effect or KINDS[country] == "account" else INJURY)
    steps = [(name, title, part * benefits) for name, title, part in RUNGS]
    steps += [("short_term", "Short-term, health and injury", injury), ("administration", "Administration", desk)]
    even = float((benefits * DISCOUNT).sum()) / len(RUNGS)
    rows = []
    for name, title, amounts in steps:
        pv = float((amounts * DISCOUNT).sum())
        fair = even if name in {r[0] for r in RUNGS} else pv
        rows.append([name, title, pv, pv / base, *(float(amounts[y] / earnings[y]) for y in LADDER_YEARS), fair, fair / base])
    return pd.DataFrame(rows, columns=LADDER_COLUMNS)


def _pairs(country: str) -> list[tuple[str, str]]:
    return [(o, h) for o, h in permutations(NAMES, 2) if country in (o, h)]


def _sides(country: str) -> list[tuple[str, str, str, str, float]]:
    """Corridors by sex with their part of the whole."""
    everybody = sum(_size(*pair) for pair in _pairs(country))
    return [
        (o, h, "origin" if o == country else "host", sex, part * _size(o, h) / everybody)
        for o, h in _pairs(country)
        for sex, part in (("male", 0.55), ("female", 0.45))
    ]


def _ladder_corridors(country: str, yearly: pd.DataFrame, no_effect: bool) -> pd.DataFrame:
    ladder = _ladder(country, yearly, no_effect)
    steps = list(zip(ladder["rung"], ladder["pv"], strict=True))
    rows = [(rung, o, h, role, sex, part * pv) for o, h, role, sex, part in _sides(country) for rung, pv in steps]
    return pd.DataFrame(rows, columns=LADDER_CORRIDOR_COLUMNS)


def _causes(country: str, yearly: pd.DataFrame) -> pd.DataFrame:
    if KINDS[country] not in ("defined_benefit", "account"):
        return pd.DataFrame(columns=CAUSE_COLUMNS)
    change = {n: _with_minus_without(yearly, n) for n in ("pensions", "lump_sums", "refunds", "account_payouts", "administration")}
    types = {"old_age": 1 - INVALIDITY - SURVIVORS, "invalidity": INVALIDITY, "survivors": SURVIVORS}
    found = []
    for sex, part in (("male", 0.55), ("female", 0.45)):
        for branch, weight in types.items():
            found.append((sex, branch, "exported", part * weight * (1 - TOTALISED - RESUMED) * change["pensions"]))
            found.append((sex, branch, "newly_vested", part * weight * TOTALISED * change["pensions"]))
        found.append((sex, "old_age", "resumed", part * RESUMED * change["pensions"]))
        for name, cause in (("lump_sums", "lump_sums_not_paid"), ("refunds", "refunds_not_paid"), ("account_payouts", "account_payouts")):
            found.append((sex, "old_age", cause, part * change[name]))
    found.append(("", "administration", "administration", change["administration"]))
    rows = [
        pd.DataFrame({"year": YEARS, "sex": sex, "branch": branch, "cause": cause, "amount": amounts.to_numpy()})
        for sex, branch, cause, amounts in found
    ]
    return pd.concat(rows, ignore_index=True)[CAUSE_COLUMNS]


def _past(country: str, yearly: pd.DataFrame) -> pd.DataFrame:
    benefits = _worth(yearly, "benefits")["benefits"]
    rows = [(o, h, role, sex, 0.1 * part * benefits, 0.9 * part * benefits) for o, h, role, sex, part in _sides(country)]
    return pd.DataFrame(rows, columns=PAST_COLUMNS)


def _branches(country: str, yearly: pd.DataFrame, no_effect: bool) -> pd.DataFrame:
    """Employment injury of the scheme, maternity paid by employers."""
    if KINDS[country] not in ("defined_benefit", "account"):
        return pd.DataFrame(columns=BRANCH_COLUMNS)
    frame = yearly[yearly["case"] == "without"].set_index("year")
    earnings, people = frame["insurable_earnings"], frame["contributors"]
    more = 0.0 if no_effect or KINDS[country] == "account" else INJURY
    parts = [
        ("employment_injury", "scheme", 0.008 * people, 0.02 * earnings, 0.003 * earnings, (0.003 + more) * earnings),
        ("maternity", "employer", 0.02 * people, 0.0 * earnings, 0.004 * earnings, 0.004 * earnings),
    ]
    tables = [
        pd.DataFrame(dict(zip(BRANCH_COLUMNS, (YEARS, branch, payer, people, cases, levy, before, after, earnings), strict=True)))
        for branch, payer, cases, levy, before, after in parts
    ]
    return pd.concat(tables, ignore_index=True)


def _branch_causes(country: str, yearly: pd.DataFrame, no_effect: bool) -> pd.DataFrame:
    if KINDS[country] != "defined_benefit" or no_effect:
        return pd.DataFrame(columns=BRANCH_CAUSE_COLUMNS)
    ladder = _ladder(country, yearly, no_effect).set_index("rung")
    pv = float(ladder.loc["short_term", "pv"])
    sides = _sides(country)
    rows = [
        ("employment_injury", "scheme", h if role == "origin" else o, role, "pensions_exported", pv * part) for o, h, role, _, part in sides
    ]
    table = pd.DataFrame(rows, columns=BRANCH_CAUSE_COLUMNS)
    return table.groupby(BRANCH_CAUSE_COLUMNS[:-1], as_index=False)["pv"].sum()


def _transfer_values(transfers: pd.DataFrame) -> pd.DataFrame:
    """Present values of the yearly transfers at one rate."""
    factor = transfers["year"].map(dict(zip(YEARS.tolist(), DISCOUNT.tolist(), strict=True)))
    worth = transfers.assign(pv_usd=transfers["amount_usd"] * factor, pensions_pv_usd=transfers["pensions_usd"] * factor)
    return worth.groupby(["payer", "residence", "case"], as_index=False)[["pv_usd", "pensions_pv_usd"]].sum()


def _adequacy(no_effect: bool) -> pd.DataFrame:
    """Movers gain where the host pays pensions by formula and lose a little where it keeps accounts."""
    rows = []
    for origin, host in permutations(NAMES, 2):
        if KINDS[host] not in ("defined_benefit", "account"):
            continue
        gain = 1.0 if no_effect else 1.2 if KINDS[host] == "defined_benefit" else 0.97
        for sex, part in (("male", 0.55), ("female", 0.45)):
            people, paid = 0.05 * part * _size(origin, host), WAGE_USD[host]
            persons = [("mover", 0.6, gain), ("stayer_host", 1.1, 1.0)]
            persons += [("stayer_origin", 0.9, 1.0)] if KINDS[origin] in ("defined_benefit", "account") else []
            for person, worth, factor in persons:
                rows.append(
                    {
                        "origin": origin, "host": host, "sex": sex, "person": person, "people": people, "pv_contributions": paid,
                        "pv_benefits_without": worth * paid, "irr_without": 0.02 * worth, "irr_note_without": None,
                        "replacement_without": 0.1 * worth, "pv_benefits_with": factor * worth * paid, "irr_with": 0.02 * worth * factor,
                        "irr_note_with": None, "replacement_with": 0.1 * worth * max(factor, 1.0),
                    }
                )  # fmt: skip
    return pd.DataFrame(rows)


def _split_careers(no_effect: bool) -> pd.DataFrame:
    """One and a half hundredths of earnings a year, in schemes that ask for fifteen years unless periods are added."""
    rows = []
    for origin, host in permutations([c for c, kind in KINDS.items() if kind in ("defined_benefit", "account")], 2):
        for years in (10, 15, 20, 30, 40):
            for home in range(0, years + 1, 5):
                parts = (home, years - home)
                alone = [0.015 * n if n >= 15 else 0.0 for n in parts]
                joint = alone if no_effect or years < 15 else [0.015 * n for n in parts]
                row: dict[str, object] = {"origin": origin, "host": host, "years": years, "home_years": home}
                for case, shares in (("without", alone), ("with", joint)):
                    total = sum(shares)
                    row |= {f"replacement_{case}": total, f"of_last_earnings_{case}": total, f"home_{case}": shares[0], f"host_{case}": shares[1],
                            f"c102_{case}": total >= 0.4 if years >= 30 else None}  # fmt: skip
                rows.append(row)
    return pd.DataFrame(rows)


def _rights(no_effect: bool) -> pd.DataFrame:
    rows = []
    for origin, host in permutations(NAMES, 2):
        for role, country in (("origin", origin), ("host", host)):
            kind = KINDS[country]
            if kind not in ("defined_benefit", "account"):
                continue
            for sex, part in (("male", 0.55), ("female", 0.45)):
                own = 0.01 * part * _size(origin, host)
                away = 0.1 * own if kind == "defined_benefit" else 0.0
                lost, kept = 0.6 * own, 0.0 if no_effect else 0.1 * own
                after = away if no_effect else 0.2 * away
                rows.append(
                    {
                        "origin": origin, "host": host, "sex": sex, "role": role, "kind": kind, "own": own, "payable_without": own - lost - away,
                        "payable_with": own - lost + kept - after, "suspended_without": away, "suspended_with": after, "opened_with": kept,
                        "lost_without": lost, "lost_with": lost - kept, "kept": kept, "payable_amount_without": 1e6 * own,
                        "payable_amount_with": 1.2e6 * own, "kept_amount": 0.2e6 * own,
                    }
                )  # fmt: skip
    return pd.DataFrame(rows)


def _gains(country: str, no_effect: bool) -> pd.DataFrame:
    pays = KINDS[country] == "defined_benefit" and not no_effect
    refunds = KINDS[country] in ("defined_benefit", "account") and not no_effect
    rows = []
    for year in range(2026, 2101):
        phase = min(max(year - 2026, 0) / 25, 1.0)
        for sex, share in (("male", 0.6), ("female", 0.4)):
            new = 0.0005 * CONTRIBUTORS[country] * share * phase if pays else 0.0
            rows.append(
                {
                    "year": year,
                    "sex": sex,
                    "extra_new_pensions": new,
                    "new_by_totalisation": TOTALISED * new,
                    "extra_invalidity": 0.08 * new,
                    "extra_deaths_with_right": 0.1 * new,
                    "extra_pensioners": 12 * new * phase,
                    "average_extra_pension": 0.12 * WAGE_USD[country] * USD[country] * 1.07 ** (year - 2026) if new else float("nan"),
                    "refunds_not_paid": 0.001 * CONTRIBUTORS[country] * share * phase if refunds else 0.0,
                }
            )
    return pd.DataFrame(rows)


def _transfer(payer: str, residence: str, case: str, year: float, no_effect: bool) -> float:
    if KINDS[payer] != "defined_benefit":
        return 0.0
    total = CONTRIBUTORS[payer] * WAGE_USD[payer] * 0.05 * 1.045 ** (year - 2026)
    if residence == payer:
        return total
    if residence == "ROW":
        return 0.01 * total
    on = 0.1 if case == "without" or no_effect else 1.0
    return on * 2e-8 * _size(residence, payer) * total


def _pensions(payer: str, residence: str, case: str, year: float, no_effect: bool) -> float:
    """Pensions in the amount: all but a tenth."""
    return 0.9 * _transfer(payer, residence, case, year, no_effect)


def _residence(country: str, no_effect: bool) -> pd.DataFrame:
    rows = [
        (int(year), case, residence, *(f(country, residence, case, year, no_effect) * USD[country] for f in (_transfer, _pensions)))
        for year in YEARS
        for case in CASES
        for residence in [*NAMES, "ROW"]
    ]
    return pd.DataFrame(rows, columns=["year", "case", "residence", "amount", "pensions"])


def _calibration(country: str, hostile: str | None) -> pd.DataFrame:
    columns = [
        "item",
        "unit",
        "published",
        "date",
        "target",
        "modelled",
        "ratio",
        "factor",
        "source",
        "confidence",
        "note",
    ]
    if KINDS[country] in ("none", "not_collecting"):
        return pd.DataFrame(columns=columns)
    unit = CURRENCY[country]
    contributors = CONTRIBUTORS[country]
    paid = contributors * WAGE_USD[country] * USD[country]
    rows = [
        (
            "active_contributors",
            "persons",
            contributors,
            "2025-06-30",
            contributors,
            contributors * 1.0004,
            1.0004,
            0.83,
            hostile or "Annual report 2025",
            "partial",
            "",
        ),
        (
            "contributions_collected",
            unit,
            paid * 0.1,
            "2024-12-31",
            paid * 0.107,
            paid * 0.1011,
            1.011,
            1.07,
            "Press, January 2026",
            "verified",
            "brought to 2025 by wages",
        ),
        (
            "benefits_paid",
            unit,
            float("nan"),
            "",
            paid * 0.02,
            paid * 0.012,
            0.6,
            1.0,
            "",
            "assumed",
            "no figure published",
        ),
        (
            "assets",
            unit,
            paid * 0.4,
            "2025-12-31",
            paid * 0.4,
            paid * 0.4,
            1.0,
            1.0,
            "Central bank bulletin",
            "derived",
            "",
        ),
    ]
    return pd.DataFrame(rows, columns=columns)


def _assumptions(country: str, hostile: str | None) -> pd.DataFrame:
    exported = "yes" if country == "TZA" else "no"
    rows = [_input(country, "leaving.export_without_instrument", exported, "partial")]
    if country == "RWA":
        rows.append(_input(country, "leaving.export_partners", "BDI", "verified"))
    subjects = (
        "law.pension_age",
        "law.qualifying_months",
        "statistics.active_contributors",
        "economy.inflation_long_run",
        "migration.return_hazard",
    )
    for i in range(45):
        status = STATUS[(i * 7 + i // 5) % 5]
        number = i != 11
        rows.append(
            {
                "name": f"{subjects[i % 5]}.{i}",
                "value": (f"{0.013 * (i + 1):.4g}" if i % 3 else f"{180 * (i + 1)}") if number else "wages",
                "unit": ("share of earnings", "months", "persons", "per year", "per year")[i % 5] if number else "",
                "source": hostile
                or f"Social Security Programs Throughout the World: Africa, {2010 + i % 12}; https://example.org/a/very/long/path/{i}/document.pdf",
                "year": 2010 + i % 12,
                "confidence": status,
                "reason": (hostile or "No figure is published; taken from the neighbouring scheme and checked against 2024.")
                if status in ("assumed", "recalled", "derived")
                else "",
                "file": f"data/schemes/{country}-x/params.yaml",
                "used": "no" if i % 4 == 3 else "yes",
            }
        )
    return pd.DataFrame(rows)


def _input(country: str, name: str, value: str, confidence: str) -> dict[str, object]:
    file = f"data/schemes/{country}-x/params.yaml"
    return {"name": name, "value": value, "unit": "yes or no", "source": "the law", "year": 2019, "confidence": confidence, "reason": "",
            "file": file, "used": "yes"}  # fmt: skip
