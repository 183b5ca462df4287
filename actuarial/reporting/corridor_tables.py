"""Tables of corridors, of benefits across borders, and of the calibration."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from actuarial.feasibility.result import SchemeResult, StudyResult
from actuarial.reporting import cautions, frames, numbers
from actuarial.reporting.blocks import Column, Row, Table
from actuarial.reporting.language import _, data_text, phrase
from actuarial.reporting.naming import country as country_name
from actuarial.reporting.register_words import calibration_note, period, source_words
from actuarial.reporting.tables import MODEL, cell, left, money_scale, right, scaled
from actuarial.reporting.words import amount_unit, confidence


def corridors(scheme: SchemeResult, names: dict[str, str]) -> Table:
    """Every corridor the country takes part in: people, and present values of what the instrument changes.

    Defined benefits: the columns of amounts add up to the net cost. Accounts: payments put off, payments made later and administration, without
    a sum.
    """
    table = frames.corridors(scheme)
    table["own_periods"] = table["pv_exported"] + table["pv_resumed"]
    table["added_periods"] = table["pv_pensions_by_totalisation"] + table["pv_topped_up"]
    table["sums"] = table["pv_sums_with_pensions"] - table["pv_lump_sums_not_paid"]
    table["refunds"] = -table["pv_refunds_not_paid"]
    derived = ["own_periods", "added_periods", "sums", "refunds", "pv_contributions_moved"]
    small = 1e-9 * table["pv_net_cost"].abs()
    table[derived] = table[derived].where(table[derived].abs().gt(small, axis=0), 0.0)
    money = frames.collects(scheme)
    pensions = scheme.kind == frames.DEFINED_BENEFIT
    amounts = [
        ("own_periods", _("Pensions, own periods"), pensions),
        ("added_periods", _("Pensions, added periods"), pensions),
        ("sums", _("Lump sums"), pensions),
        ("refunds", _("Refunds"), pensions),
        ("pv_contributions_moved", _("Contributions lost"), pensions),
        ("pv_refunds_not_paid", _("Balances kept on leaving"), money and not pensions),
        ("pv_extra_payouts", _("Paid later"), money and not pensions),
        ("pv_administration", _("Administration"), money),
        ("pv_net_cost", _("Net cost"), pensions),
    ]
    shown = [(n, label) for n, label, wanted in amounts if wanted]
    columns = [n for n, _label in shown]
    scale = money_scale(float(table[columns].abs().to_numpy().max())) if shown else 1.0
    people = ["movers_2026", "covered_2026", "extra_pensioners_2050"] if pensions else ["movers_2026", "flow_2026", "covered_2026"]

    def cells(row: pd.Series[Any]) -> list[str]:
        counts = [numbers.count(frames.number(row[n])) for n in people]
        return counts + [scaled(frames.number(row[n]), scale) for n in columns]

    rows = []
    for role, title in (
        ("origin", phrase("From {country}", country=country_name(scheme))),
        ("host", phrase("To {country}", country=country_name(scheme))),
    ):
        part = table[table["role"] == role]
        if part.empty:
            continue
        rows.append(Row((title,), "section"))
        for _at, row in part.iterrows():
            partner = row["host"] if role == "origin" else row["origin"]
            rows.append(Row((names[str(partner)], *cells(row), confidence(str(row["confidence"])))))
        rows.append(Row((_("Together"), *cells(part[[*people, *columns]].sum()), ""), "total"))
    names_of_people = {
        "movers_2026": _("Movers 2026"),
        "flow_2026": _("Moving in 2026"),
        "covered_2026": _("In covered work"),
        "extra_pensioners_2050": _("Pensioners thanks to it 2050"),
    }
    heads = [names_of_people[name] for name in people]
    caption = _("Corridors: persons")
    if shown:
        caption = phrase("Corridors: persons, and present values at the valuation date in {unit}", unit=amount_unit(scale, scheme.currency))
    return Table(
        "tab-corridors",
        caption,
        (
            left(_("Partner state"), 1.8),
            *(Column(h, weight=1) for h in (*heads, *(label for _name, label in shown))),
            left(_("Confidence"), 1.25),
        ),
        tuple(rows),
        _("UN International Migrant Stock 2024, accounted forward by this model; confidence as given in the migration tables"),
        dense=True,
    )


def transfer_balance(study: StudyResult, country: str, year: int, names: dict[str, str]) -> Table:
    """What this scheme pays to residents of each partner, and what residents here receive from its scheme.

    Pensions come first; lump sums, refunds and account balances, mostly members' own money, stand apart.
    """
    parts: list[tuple[str, frames.Amounts]] = [
        (_("Pensions"), "pensions"),
        (_("Lump sums, refunds and account balances (mostly members' own money)"), "other"),
    ]
    found = {what: {case: frames.transfers(study, year, case, what) for case in ("without", "with")} for _title, what in parts}
    scale = money_scale(max(_largest_across(m, country) for by_case in found.values() for m in by_case.values()))
    rows = []
    for title, what in parts:
        matrices, sums = found[what], [0.0] * 4
        rows.append(Row((title,), "section"))
        for partner in (c for c in matrices["with"].columns if c not in (country, "other")):
            values = [frames.number(matrices[c].loc[country, partner]) for c in ("without", "with")]
            values += [frames.number(matrices[c].loc[partner, country]) for c in ("without", "with")]
            sums = [s + v for s, v in zip(sums, values, strict=True)]
            rows.append(Row((names[partner], *(scaled(v, scale) for v in values))))
        rows.append(Row((_("Together"), *(scaled(v, scale) for v in sums)), "total"))
    heads = (
        _("Paid to residents there, without"),
        _("Paid to residents there, with"),
        _("Received from its scheme, without"),
        _("Received from its scheme, with"),
    )
    return Table(
        "tab-transfers",
        _payments_caption(str(year), scale),
        (left(_("Partner state")), *right(*heads)),
        tuple(rows),
        _(MODEL),
    )


def _payments_caption(year: str, scale: float) -> str:
    if scale == 1e12:
        return phrase("Payments across borders in {year}, trillion US dollars of that year", year=year)
    if scale == 1e9:
        return phrase("Payments across borders in {year}, billion US dollars of that year", year=year)
    if scale == 1e6:
        return phrase("Payments across borders in {year}, million US dollars of that year", year=year)
    return phrase("Payments across borders in {year}, US dollars of that year", year=year)


def _largest_across(matrix: pd.DataFrame, country: str) -> float:
    paid = matrix.loc[[country]].drop(columns=country).to_numpy()
    received = matrix[[country]].drop(index=country).to_numpy()
    return max(float(abs(values).max()) for values in (paid, received))


def calibration(scheme: SchemeResult) -> Table:
    """Published figures, what they become in the base year, and the modelled figures beside them."""
    rows = []
    for r in scheme.calibration.to_dict("records"):
        published, target, modelled = (_figure(frames.number(r[c]), str(r["unit"])) for c in ("published", "target", "modelled"))
        when = cell(r["date"])
        cells = (
            cautions.item_name(str(r["item"])),
            f"{published} ({period(when)})" if when and published != numbers.DASH else published,
            target,
            modelled,
            cautions.ratio_cell(frames.number(r["ratio"])),
            numbers.decimal(frames.number(r["factor"]), 3),
            confidence(str(r["confidence"])),
            _grounds(r),
        )
        rows.append(Row(cells))
    columns = (
        left(_("Item"), 1.4),
        Column(_("Published (date)"), weight=1.45),
        Column(_("Base year"), weight=1.4),
        Column(_("Modelled"), weight=1.4),
        Column(_("Ratio"), weight=0.75),
        Column(_("Factor"), weight=0.75),
        left(_("Confidence"), 1.2),
        left(_("Source, or basis of judgement; note"), 3.4),
    )
    caption = _("Base year: published figure, its value brought to the base year, the model, and model over base year")
    return Table("tab-calibration", caption, columns, tuple(rows), _("as named in each row"), dense=True)


def _grounds(row: Mapping[Hashable, Any]) -> str:
    """Source and note of a calibration row; what is assumed or derived has a basis of judgement, not a source."""
    source, note = source_words(cell(row["source"])), calibration_note(cell(row["note"]))
    if not source:
        return note
    judged = row["confidence"] in cautions.JUDGED
    named = phrase("Basis of judgement: {source}", source=source) if judged else phrase("Source: {source}", source=source)
    return f"{named}; {note}" if note else named


def _figure(value: float, unit: str) -> str:
    """A count, an amount in a currency (unit ``KES per month`` or ``KES/year``), or a number with its unit."""
    if not math.isfinite(value):
        return numbers.DASH
    if unit == "persons":
        return numbers.count(value)
    code, gap, rest = unit.partition(" ")
    if len(code) == 3 and code.isupper():
        return f"{_money(value, code)}{gap}{data_text(rest)}"
    code, _stroke, rest = unit.partition("/")
    if len(code) == 3 and code.isupper():
        return f"{_money(value, code)} / {data_text(rest)}"
    return f"{numbers.compact(value)} {data_text(unit)}".strip()


def _money(value: float, currency: str) -> str:
    """An amount that may break over two lines of a narrow column."""
    return numbers.money(value, currency).replace(numbers.NBSP, " ")
