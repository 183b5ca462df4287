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
from actuarial.reporting.indicator_words import definition, indicator_name
from actuarial.reporting.language import _, marked, phrase, plural
from actuarial.reporting.words import amount_unit

MODEL: Final = marked("this model; years and inputs as stated in the chapter on assumptions")
"""Source of tables of results; translated where it is shown."""
PERPETUAL: Final = "gap_perpetual"
NO_FINITE_VALUE: Final = marked("no finite value")

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
        _("Population by age group, million persons"),
        (left(_("Year")), *right(_("All ages"), "0–14", "15–59", "60+", _("Share 15–59"), _("Share 60+"))),
        tuple(rows),
        _("UN World Population Prospects 2024, medium variant, projected by this model with the migration of the scenario"),
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
    heads = [_("Contributors"), _("of whom movers")]
    if pensions:
        heads += [
            _("Pensioners, without"),
            _("Pensioners, with"),
            _("Per 100 contributors, without"),
            _("Per 100 contributors, with"),
        ]
    caption = _("Contributors and pensioners, persons") if pensions else _("Contributors, persons")
    return Table("tab-members", caption, (left(_("Year")), *right(*heads)), tuple(rows), _(MODEL))


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
        _("Legal rate"),
        _("Contributions"),
        _("Expenditure, without"),
        _("Expenditure, with"),
        _("Difference"),
        _("Reserve ratio, without"),
        _("Reserve ratio, with"),
    )
    return Table(
        "tab-shares",
        _(
            "Income, expenditure (benefits and administration) and opening reserve: shares of insurable earnings; reserve ratio in years of "
            "expenditure"
        ),
        (left(_("Year")), *right(*heads)),
        tuple(rows),
        _(MODEL),
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
        _("Contributions"),
        _("Payouts, without"),
        _("Payouts, with"),
        _("To leavers, without"),
        _("To leavers, with"),
        _("Balances, without"),
        _("Balances, with"),
    )
    return Table(
        "tab-balances",
        _("Contributions, payouts and members' balances at year end, shares of insurable earnings"),
        (left(_("Year")), *right(*heads)),
        tuple(rows),
        _(MODEL),
    )


def first_decade(scheme: SchemeResult) -> Table:
    """Nominal income and outgo of the first ten years with the instrument."""
    frame = frames.case(scheme, "with").iloc[:10]
    columns = [("contributions", _("Contributions")), ("investment_income", _("Investment income"))]
    columns += [(n, _(label)) for n, label in frames.OUTGO_PARTS if float(frame[n].abs().max()) > 0]
    columns.append(("member_balances", _("Members' balances")) if scheme.kind == frames.ACCOUNT else ("reserve", _("Reserve at year end")))
    names = [name for name, _label in columns]
    scale = money_scale(float(frame[names].abs().to_numpy().max()))
    rows = [Row((str(year), *(scaled(float(row[n]), scale) for n in names))) for year, row in frame.iterrows()]
    return Table(
        "tab-decade",
        phrase("Income, outgo and funds of the first ten years with the instrument, nominal, {unit}", unit=amount_unit(scale, scheme.currency)),
        (left(_("Year")), *right(*(label for _name, label in columns))),
        tuple(rows),
        _(MODEL),
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
            rows.append(Row((indicator_name(name), *[_(NO_FINITE_VALUE)] * 2, numbers.DASH, definition(str(record["definition"])))))
            continue
        if unit != "year" and none:
            continue
        rows.append(
            Row(
                (
                    indicator_name(name),
                    *indicator_cells(name, unit, values, scheme.currency),
                    definition(str(record["definition"])),
                )
            )
        )
    return Table(
        "tab-indicators",
        _("Financial indicators"),
        (
            left(_("Indicator"), 2.1),
            *(Column(h, weight=1.5) for h in (_("Without"), _("With"), _("Difference"))),
            left(_("Definition"), 2.6),
        ),
        tuple(rows),
        _(MODEL),
        dense=True,
    )


def indicator_cells(name: str, unit: str, values: Sequence[float], currency: str) -> tuple[str, str, str]:
    """Without, with and difference of one indicator, written as its unit asks."""
    without, with_, difference = values
    if unit == "year":
        return numbers.year(without), numbers.year(with_), _change_of_year(without, with_)
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


def _change_of_year(without: float, with_: float) -> str:
    """What becomes of a date; NaN is a date that does not occur within the horizon."""
    if math.isnan(without) and math.isnan(with_) or with_ == without:
        return numbers.active().no_change
    if math.isnan(without):
        return _("brought within the horizon")
    if math.isnan(with_):
        return _("moved beyond the horizon")
    moved = numbers.signed(with_ - without, digits=0)
    return plural("{n} year", "{n} years", with_ - without, n=moved)


def _enough(without: float, with_: float) -> str:
    """A rate with three decimals, or more when these would hide that it is not zero while the other is."""
    return numbers.rate(with_, 3) if without != 0 or with_ == 0 or abs(with_) >= 5e-6 else numbers.small_rate(with_)


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
            people, amount = sum(p for p, _a in known), sum(p * a for p, a in known)
            cells.append(numbers.rate(amount / people / float(average[year]), 1) if known else numbers.DASH)
        rows.append(Row(tuple(cells)))
    caption = _("People whose rights the instrument changes, persons")
    heads = [_("Balances kept on leaving, men"), _("Balances kept on leaving, women")]
    if pensions:
        caption = _("People whose rights the instrument changes, persons (new pensions: old age; pensioners: every type)")
        heads = [_("New pensions, men"), _("New pensions, women"), _("New, by adding periods"), _("Pensioners, men"), _("Pensioners, women")]
        heads += [_("Refunds not paid, men"), _("Refunds not paid, women")] if left_out else []
        heads.append(_("Pension, share of average earnings"))
    return Table("tab-gains", caption, (left(_("Year")), *right(*heads)), tuple(rows), _(MODEL))


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


def money_scale(largest: float) -> float:
    """Divisor for a column of amounts, so that the largest has at most five digits before the point; :func:`~.words.amount_unit` says it."""
    for scale in (1e12, 1e9, 1e6):
        if largest >= 10 * scale:
            return scale
    return 1e6 if largest >= 1e5 else 1.0


def scaled(value: float, scale: float) -> str:
    """An amount in its scale: two decimals, more when these would show nothing, a dash for zero."""
    scaled = value / scale
    if scaled == 0:
        return numbers.DASH
    digits = 0 if abs(scaled) >= 9999.5 else 1 if abs(scaled) >= 99.95 else 2
    if abs(scaled) < 0.005:
        return too_small(scaled, 2)
    return numbers.decimal(scaled, digits)


def too_small(value: float, digits: int) -> str:
    r"""A figure that ``digits`` decimals would show as zero.

    >>> too_small(0.001, 2), too_small(-0.00001, 4)
    ('<\xa00.01', '>\xa0−0.0001')
    """
    bound = numbers.decimal(math.copysign(10.0**-digits, value), digits)
    return f"<{numbers.NBSP}{bound}" if value > 0 else f">{numbers.NBSP}{bound}"
