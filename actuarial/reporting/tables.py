"""Tables of the country report as blocks. Every table says where its figures come from.

1. Decades of amounts are shares of insurable earnings; nominal amounts are printed for the first ten years only.
2. Present values are money of the valuation date.
3. A total is the sum of the rows printed above it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import pandas as pd

from actuarial.feasibility.result import SchemeResult
from actuarial.reporting import frames, numbers
from actuarial.reporting.blocks import Column, Row, Table

MODEL: Final = "this model; years and inputs as stated in the chapter on assumptions"
INDICATOR_NAMES: Final = {
    "first_deficit_year": "Expenditure first exceeds contributions",
    "deficit_years": "Years with expenditure above contributions",
    "lowest_reserve_ratio": "Lowest reserve ratio",
    "lowest_reserve_ratio_year": "Year of the lowest reserve ratio",
    "first_reserve_fall_year": "Reserve first falls",
    "exhaustion_year": "Reserve used up",
    "gap_perpetual": "General average premium without end",
    "actuarial_balance_75": "Actuarial balance, 75 years",
    "open_group_obligation": "Open-group obligation not covered by the reserve",
    "scaled_premium_15": "Scaled premium, first 15 years",
    "pv_net_cost": "Present value of the instrument's net cost",
    "pv_coordination_administration": "Present value of administering the instrument",
    "pv_net_cost_share_of_earnings": "The same, share of insurable earnings",
    "pv_net_cost_share_of_gdp": "The same, share of gross domestic product",
}

PERPETUAL: Final = "gap_perpetual"
NO_FINITE_VALUE: Final = "no finite value"

GAIN_COUNTS: Final = ("extra_new_pensions", "new_by_totalisation", "extra_pensioners", "refunds_not_paid")


def left(head: str, weight: float = 0.0) -> Column:
    """A column of text."""
    return Column(head, "left", weight)


def right(*heads: str) -> tuple[Column, ...]:
    """Columns of figures."""
    return tuple(Column(h) for h in heads)


def population(scheme: SchemeResult) -> Table:
    """People by broad age group, every tenth year."""
    years = sorted(int(y) for y in scheme.population["year"].unique())
    rows = []
    for year in (y for y in years if y == years[0] or y % 10 == 0):
        count = frames.population(scheme, year, frames.BROAD_GROUPS).sum(axis=1)
        total = float(count.sum())
        parts = [numbers.decimal(float(count[g]) / 1e6, 2) for g in frames.BROAD_GROUPS]
        shares = [numbers.rate(float(count[g]) / total, 1) for g in ("15-59", "60+")]
        rows.append(Row((str(year), numbers.decimal(total / 1e6, 2), *parts, *shares)))
    return Table(
        "tab-population",
        "Population by age group, million persons",
        (left("Year"), *right("All ages", "0–14", "15–59", "60+", "Share 15–59", "Share 60+")),
        tuple(rows),
        "UN World Population Prospects 2024, medium variant, projected by this model with the migration of the scenario",
    )


def members(scheme: SchemeResult) -> Table:
    """Contributors and pensioners, movers among them, and the dependency ratio."""
    without, with_ = frames.case(scheme, "without"), frames.case(scheme, "with")
    pensions = scheme.kind == frames.DEFINED_BENEFIT
    rows = []
    for year in frames.table_years(scheme):
        a, b = without.loc[year], with_.loc[year]
        cells = [str(year), *(numbers.count(frames.number(a[n])) for n in ("contributors", "contributors_movers"))]
        if pensions:
            cells += [numbers.count(frames.number(f["pensioners"])) for f in (a, b)]
            cells += [numbers.decimal(100 * frames.number(f["pensioners"] / f["contributors"]), 2) for f in (a, b)]
        rows.append(Row(tuple(cells)))
    heads = ["Contributors", "of whom movers"]
    if pensions:
        heads += [
            "Pensioners, without",
            "Pensioners, with",
            "Per 100 contributors, without",
            "Per 100 contributors, with",
        ]
    caption = "Contributors and pensioners" if pensions else "Contributors"
    return Table("tab-members", f"{caption}, persons", (left("Year"), *right(*heads)), tuple(rows), MODEL)


def shares_of_earnings(scheme: SchemeResult) -> Table:
    """Income, outgo and reserve with and without, relative to insurable earnings."""
    without, with_ = frames.case(scheme, "without"), frames.case(scheme, "with")
    income, outgo = frames.share(without, "contributions"), frames.share(without, "expenditure")
    outgo_with = frames.share(with_, "expenditure")
    rows = []
    for y in frames.table_years(scheme):
        row = [str(y), numbers.rate(float(without["legal_rate"][y])), numbers.rate(float(income[y]))]
        row += [
            numbers.rate(float(outgo[y]), 3),
            numbers.rate(float(outgo_with[y]), 3),
            numbers.points(float(outgo_with[y] - outgo[y])),
        ]
        row += [numbers.decimal(float(f["reserve_ratio"][y]), 2) for f in (without, with_)]
        rows.append(Row(tuple(row)))
    heads = (
        "Legal rate",
        "Contributions",
        "Expenditure, without",
        "Expenditure, with",
        "Difference",
        "Reserve ratio, without",
        "Reserve ratio, with",
    )
    return Table(
        "tab-shares",
        "Income, expenditure (benefits and administration) and opening reserve: shares of insurable earnings; reserve ratio in years of expenditure",
        (left("Year"), *right(*heads)),
        tuple(rows),
        MODEL,
    )


def balances(scheme: SchemeResult) -> Table:
    """Contributions, payouts and balances of an account scheme relative to insurable earnings."""
    without, with_ = frames.case(scheme, "without"), frames.case(scheme, "with")
    rows = []
    for y in frames.table_years(scheme):
        cells = [str(y), numbers.rate(float(frames.share(without, "contributions")[y]))]
        for name in ("account_payouts", "refunds"):
            cells += [numbers.rate(float(frames.share(f, name)[y]), 3) for f in (without, with_)]
        cells += [numbers.rate(float(frames.share(f, "member_balances")[y]), 1) for f in (without, with_)]
        rows.append(Row(tuple(cells)))
    heads = (
        "Contributions",
        "Payouts, without",
        "Payouts, with",
        "To leavers, without",
        "To leavers, with",
        "Balances, without",
        "Balances, with",
    )
    return Table(
        "tab-balances",
        "Contributions, payouts and members' balances at year end, shares of insurable earnings",
        (left("Year"), *right(*heads)),
        tuple(rows),
        MODEL,
    )


def first_decade(scheme: SchemeResult) -> Table:
    """Nominal income and outgo of the first ten years with the instrument."""
    frame = frames.case(scheme, "with").iloc[:10]
    columns = [("contributions", "Contributions"), ("investment_income", "Investment income")]
    columns += [(n, label) for n, label in frames.OUTGO_PARTS if float(frame[n].abs().max()) > 0]
    stock = ("member_balances", "Members' balances") if scheme.kind == frames.ACCOUNT else ("reserve", "Reserve at year end")
    columns.append(stock)
    word, scale = money_scale(float(frame[[n for n, _ in columns]].abs().to_numpy().max()))
    rows = [Row((str(year), *(scaled(float(row[n]), scale) for n, _ in columns))) for year, row in frame.iterrows()]
    return Table(
        "tab-decade",
        f"Income, outgo and funds of the first ten years with the instrument, nominal, {' '.join(t for t in (word, scheme.currency) if t)}",
        (left("Year"), *right(*(label for _, label in columns))),
        tuple(rows),
        MODEL,
    )


def indicators(scheme: SchemeResult) -> Table:
    """Every indicator that applies to the scheme, with and without the instrument, and its definition.

    An indicator without a value in either case does not apply, unless it is a date that does not occur or a sum without end.
    """
    rows = []
    for record in scheme.indicators.to_dict("records"):
        name, unit = str(record["indicator"]), str(record["unit"])
        values = [frames.number(record[c]) for c in ("without", "with", "difference")]
        none = all(math.isnan(v) for v in values)
        if none and name == PERPETUAL:
            rows.append(Row((indicator_name(name), *[NO_FINITE_VALUE] * 2, numbers.DASH, str(record["definition"]))))
            continue
        if unit != "year" and none:
            continue
        rows.append(
            Row(
                (
                    indicator_name(name),
                    *indicator_cells(name, unit, values, scheme.currency),
                    str(record["definition"]),
                )
            )
        )
    return Table(
        "tab-indicators",
        "Financial indicators",
        (
            left("Indicator", 2.1),
            *(Column(h, weight=1.5) for h in ("Without", "With", "Difference")),
            left("Definition", 2.6),
        ),
        tuple(rows),
        MODEL,
        dense=True,
    )


def indicator_cells(name: str, unit: str, values: Sequence[float], currency: str) -> tuple[str, str, str]:
    """Without, with and difference of one indicator, written as its unit asks."""
    without, with_, difference = values
    if unit == "year":
        if math.isnan(without) and math.isnan(with_):
            change = numbers.active().no_change
        elif math.isnan(without) or math.isnan(with_):
            change = "brought within the horizon" if math.isnan(without) else "moved beyond the horizon"
        else:
            change = "no change" if difference == 0 else f"{numbers.signed(difference, digits=0)} years"
        return numbers.year(without), numbers.year(with_), change
    if name == "pv_net_cost" or unit.startswith((currency, "USD")):
        code = "USD" if unit.startswith("USD") else currency
        without, with_, difference = (0.0 if abs(v) < 1e-9 * max(abs(x) for x in values) else v for v in values)
        change = numbers.active().no_change if difference == 0 else numbers.money(difference, code, sign=True)
        return numbers.money(without, code), numbers.money(with_, code), change
    if unit in ("rate", "share", "fraction", "%") or unit.startswith("share of") or name.startswith(("payg", "gap")):
        return numbers.rate(without, 3), _enough(without, with_), numbers.points(difference)
    digits = 0 if name.endswith("_years") else 2
    change = numbers.active().no_change if difference == 0 else numbers.signed(difference, digits=digits)
    return numbers.decimal(without, digits), numbers.decimal(with_, digits), change


def _enough(without: float, with_: float) -> str:
    """A rate with three decimals, or more when these would hide that it is not zero while the other is."""
    return numbers.rate(with_, 3) if without != 0 or with_ == 0 or abs(with_) >= 5e-6 else numbers.small_rate(with_)


def indicator_name(name: str) -> str:
    """An indicator as readers know it, from its short name."""
    if name in INDICATOR_NAMES:
        return INDICATOR_NAMES[name]
    stem, _, tail = name.rpartition("_")
    named = {
        "payg": "PAYG cost rate {}",
        "gap": "General average premium, {} years",
        "reserve_ratio": "Reserve ratio after {} years",
    }
    return named[stem].format(tail) if stem in named else name.replace("_", " ").capitalize()


def gains(scheme: SchemeResult) -> Table:
    """Awards, pensioners, the size of what they gain, and refunds no longer paid, by sex; accounts: balances kept."""
    by_sex = {sex: scheme.gains[scheme.gains["sex"] == sex].set_index("year") for sex in ("male", "female")}
    average = _average_earnings(scheme)
    pensions = scheme.kind == frames.DEFINED_BENEFIT
    left_out = not pensions or bool(scheme.gains["refunds_not_paid"].any())
    rows = []
    for year in (y for y in frames.table_years(scheme) if y % 5 == 0 or y == 2027):
        counts = {name: [float(frame[name][year]) for frame in by_sex.values()] for name in GAIN_COUNTS}
        cells = [str(year)]
        if pensions:
            cells += [numbers.count(v) for v in counts["extra_new_pensions"]]
            cells.append(numbers.count(sum(counts["new_by_totalisation"])))
            cells += [numbers.count(v) for v in counts["extra_pensioners"]]
        cells += [numbers.count(v) for v in counts["refunds_not_paid"]] if left_out else []
        if pensions:
            pairs = zip(counts["extra_pensioners"], [float(f["average_extra_pension"][year]) for f in by_sex.values()], strict=True)
            known = [(people, amount) for people, amount in pairs if people > 0 and math.isfinite(amount)]
            people, amount = sum(p for p, _ in known), sum(p * a for p, a in known)
            cells.append(numbers.rate(amount / people / float(average[year]), 1) if known else numbers.DASH)
        rows.append(Row(tuple(cells)))
    heads = ["New pensions, men", "New pensions, women", "New, by adding periods", "Pensioners, men", "Pensioners, women"] if pensions else []
    leavers = "Refunds not paid" if pensions else "Balances kept on leaving"
    heads += [f"{leavers}, men", f"{leavers}, women"] if left_out else []
    if pensions:
        heads.append("Pension, share of average earnings")
    caption = "People whose rights the instrument changes, persons" + (" (new pensions: old age; pensioners: every type)" if pensions else "")
    return Table("tab-gains", caption, (left("Year"), *right(*heads)), tuple(rows), MODEL)


def _average_earnings(scheme: SchemeResult) -> pd.Series[float]:
    frame = frames.case(scheme, "with")
    return frame["insurable_earnings"] / frame["contributors"].where(frame["contributors"] > 0)


def cell(value: object) -> str:
    """A value of a text column as it is read: nothing for a missing one, whole years without decimals."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float) and value == round(value) and abs(value) < 1e15:
        return f"{value:.0f}"
    return str(value)


def money_scale(largest: float) -> tuple[str, float]:
    """Word and divisor for a column of amounts, so that the largest has at most five digits before the point."""
    for scale, word in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")):
        if largest >= 10 * scale:
            return word, scale
    return ("million", 1e6) if largest >= 1e5 else ("", 1.0)


def scaled(value: float, scale: float) -> str:
    """An amount in its scale: two decimals, more when these would show nothing, a dash for zero."""
    scaled = value / scale
    if scaled == 0:
        return numbers.DASH
    digits = 0 if abs(scaled) >= 9999.5 else 1 if abs(scaled) >= 99.95 else 2
    if abs(scaled) < 0.005:
        return f"<{numbers.NBSP}0.01" if scaled > 0 else f">{numbers.NBSP}{numbers.MINUS}0.01"
    return numbers.decimal(scaled, digits)
