"""What the instrument means to the people who move: replacement, return, present value beside people who stay; rights lost and kept.

1. The cohort is everybody aged 18 to 29 who moves in the first projection year, followed to the end of life.
2. Amounts per head are US dollars of the valuation date. Benefits are those of both schemes of the corridor together.
3. Stayers are the same in both cases; they are compared, not changed.
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from actuarial.feasibility.result import SchemeResult, StudyResult
from actuarial.reporting import frames, numbers, split_careers_view
from actuarial.reporting.blocks import Block, Column, Heading, Note, Paragraph, Ref, Row, Strong, Table, Text, say
from actuarial.reporting.chart_parts import legend_below
from actuarial.reporting.language import _, data_text, phrase, plural
from actuarial.reporting.naming import country as country_name
from actuarial.reporting.pictures import picture
from actuarial.reporting.style import SERIES, WITH, WITHOUT, chart_style, figure, set_message, set_unit, tick
from actuarial.reporting.tables import MODEL, left

SHOWN: Final = 4
"""Corridors of a scheme with figures of their own: those with most movers in the cohort."""
IN_CHART: Final = 8
SEXES: Final = ("male", "female")
PERSONS: Final = ("mover", "stayer_origin", "stayer_host")


def adequacy(study: StudyResult, scheme: SchemeResult, names: dict[str, str]) -> list[Block]:
    """Chapter of a country report; empty when the study has no cohorts of this country."""
    table = _of_country(study.adequacy, scheme.country)
    if table.empty or table[table["person"] == "mover"].empty:
        return []
    movers = table[table["person"] == "mover"]
    pairs = _largest(movers)
    blocks: list[Block] = [
        Heading(_("What it means for those who move")),
        Paragraph(
            say(
                "This chapter follows young people aged 18 to 29 who move in {year} and compares them with people who stay. Only insured work "
                "counts, so most careers are short and pensions are low. The replacement rate is the first pension over average "
                "insured earnings of everybody in the cohort who was ever insured, also of those who get nothing: it is low where many "
                "miss a pension. The real return is the yearly interest, above inflation, that contributions of worker and employer earn in "
                "benefits; below zero, people get back less than was paid in. {figure} and {table} show the main corridors.",
                year=str(study.meta["first_year"]),
                figure=Ref("fig-adequacy"),
                table=Ref("tab-adequacy"),
            )
        ),
        picture(
            "fig-adequacy",
            replacement_chart(study, scheme.country),
            _("Replacement rates of movers and of people who stay, by corridor"),
            _("Dots by corridor: movers without and with the instrument, people who stay in either country."),
        ),
        _on_average(movers),
        *_losers(movers, names),
        _table(table, pairs, names),
    ]
    return blocks + _rights(study, scheme, names, pairs) + split_careers_view.split_careers(study, _largest(movers, len(movers)), names)


def _of_country(table: pd.DataFrame, country: str) -> pd.DataFrame:
    return table[(table["origin"] == country) | (table["host"] == country)] if len(table) else table


def _largest(movers: pd.DataFrame, count: int = SHOWN) -> list[tuple[str, str]]:
    people = movers.groupby(["origin", "host"])["people"].sum().sort_values(ascending=False, kind="stable")
    return [(str(o), str(h)) for o, h in people.index.to_list()[:count]]


def _mean(rows: pd.DataFrame, column: str) -> float:
    """Mean of a column over both sexes, weighted by people; NaN without rows."""
    people = float(rows["people"].sum())
    return float((rows[column] * rows["people"]).sum()) / people if people else math.nan


def _chart(movers: pd.DataFrame, table: pd.DataFrame, pairs: list[tuple[str, str]]) -> Figure:
    shown = pairs[::-1]
    with chart_style():
        drawing = figure(1.1 + 0.24 * len(shown))
        axes = drawing.subplots()
        series = (
            ("mover", "replacement_without", _("movers, without"), "o", WITHOUT),
            ("mover", "replacement_with", _("movers, with"), "D", WITH),
            ("stayer_origin", "replacement_with", _("who stay in the country of origin"), "|", SERIES[1]),
            ("stayer_host", "replacement_with", _("residents of the host country"), "x", SERIES[2]),
        )
        places = np.arange(len(shown))
        for person, column, label, marker, colour in series:
            rows = table[table["person"] == person]
            values = [100 * _mean(rows[(rows["origin"] == o) & (rows["host"] == h)], column) for o, h in shown]
            axes.plot(values, places, marker, color=colour, ms=9 if marker == "|" else 5, mew=1.6 if marker in "|x" else 0.5, label=label, ls="")
        axes.set_yticks(places, [f"{o} → {h}" for o, h in shown])
        axes.set_ylim(-0.6, len(shown) - 0.4)
        axes.set_xlim(0, None)
        legend_below(axes, 2)
        axes.xaxis.set_major_formatter(FuncFormatter(tick))
        set_unit(axes, "", _("replacement rate, % of average insured earnings, men and women together"))
        set_message(drawing, _replacement_message(*(_mean(movers, f"replacement_{case}") for case in ("without", "with"))))
    return drawing


def _replacement_message(before: float, after: float) -> str:
    values = {"before": numbers.rate(before, 1), "after": numbers.rate(after, 1)}
    if after > before:
        return phrase("For movers of all corridors together the replacement rate rises from {before} to {after} with the instrument", **values)
    if after < before:
        return phrase("For movers of all corridors together the replacement rate falls from {before} to {after} with the instrument", **values)
    return phrase("For movers of all corridors together the replacement rate stays at {after} with the instrument", after=values["after"])


def replacement_chart(study: StudyResult, country: str) -> Figure:
    """Replacement rates in the largest corridors of a country, movers beside people who stay."""
    table = _of_country(study.adequacy, country)
    movers = table[table["person"] == "mover"]
    return _chart(movers, table, _largest(movers, IN_CHART))


def _change(movers: pd.DataFrame) -> pd.Series[float]:
    return movers["pv_benefits_with"] - movers["pv_benefits_without"]


def _loses(movers: pd.DataFrame) -> pd.Series[bool]:
    """Whether benefits are worth at least a hundredth less with the instrument than without."""
    return _change(movers) < -0.01 * movers["pv_benefits_without"].abs()


def losing_share(study: StudyResult, country: str) -> float:
    """Share of the movers followed, to and from a country, in groups by corridor and sex that lose a hundredth or more; NaN without movers."""
    table = _of_country(study.adequacy, country)
    movers = table[table["person"] == "mover"] if len(table) else table
    people = float(movers["people"].sum()) if len(movers) else 0.0
    return float(movers.loc[_loses(movers), "people"].sum()) / people if people > 0 else math.nan


def _on_average(movers: pd.DataFrame) -> Paragraph:
    """What the instrument means to the average mover, in one sentence."""
    paid, before, after = (_mean(movers, n) for n in ("pv_contributions", "pv_benefits_without", "pv_benefits_with"))
    change = after / before - 1.0
    values: dict[str, str | Strong] = {
        "paid": numbers.decimal(paid, 0), "before": numbers.decimal(before, 0), "after": numbers.decimal(after, 0)
    }  # fmt: skip
    if abs(change) < 0.0005:
        return Paragraph(
            say(
                "Over all these corridors a mover and the employers pay in USD {paid} at present value. Benefits are worth USD {before} without and "
                "USD {after} with the instrument: {as_much}.",
                as_much=Strong(_("as much")),
                **values,
            )
        )
    values["change"] = Strong(numbers.rate(abs(change), 1))
    if change > 0:
        return Paragraph(
            say(
                "Over all these corridors a mover and the employers pay in USD {paid} at present value. Benefits are worth USD {before} without and "
                "USD {after} with the instrument: {change} more.",
                **values,
            )
        )
    return Paragraph(
        say(
            "Over all these corridors a mover and the employers pay in USD {paid} at present value. Benefits are worth USD {before} without and USD "
            "{after} with the instrument: {change} less.",
            **values,
        )
    )


def _losers(movers: pd.DataFrame, names: dict[str, str]) -> list[Block]:
    """A remark when the present value of benefits falls for movers of some corridor and sex."""
    worse = movers[_loses(movers)]
    if worse.empty:
        return []
    worse = worse.assign(part=_change(worse) / worse["pv_benefits_without"])
    share = float(worse["people"].sum()) / float(movers["people"].sum())
    deepest = worse.iloc[int(worse["part"].to_numpy().argmin())]
    return [
        Note(
            _("Some movers lose in present value"),
            (
                *_how_many(len(worse), len(movers), share),
                " ",
                *_deepest(str(deepest["sex"]), names[str(deepest["origin"])], names[str(deepest["host"])], float(deepest["part"])),
                " ",
                *say(
                    "The reason is money that is paid later: refunds and account balances that are not paid on leaving stay in the scheme until "
                    "pension age, where they earn less than the return at which present values are taken. Where refunds simply end, whoever never "
                    "reaches a pension may get nothing for them. More pensions can go with less present value."
                ),
            ),
            "warning",
        )
    ]


def _how_many(worse: int, groups: int, share: float) -> Text:
    return say(
        "In {count} of {all} groups by corridor and sex, with {share} of these movers, benefits are worth at least 1% less with the instrument than "
        "without.",
        count=str(worse),
        all=str(groups),
        share=Strong(numbers.rate(share, 0)),
    )


def _deepest(sex: str, origin: str, host: str, fall: float) -> Text:
    """The group that loses most."""
    values: dict[str, str | Strong] = {"origin": origin, "host": host, "fall": Strong(numbers.rate(fall, 1))}
    if sex == "male":
        return say("The deepest fall is that of men from {origin} to {host}: {fall}.", **values)
    return say("The deepest fall is that of women from {origin} to {host}: {fall}.", **values)


def _table(table: pd.DataFrame, pairs: list[tuple[str, str]], names: dict[str, str]) -> Table:
    rows: list[Row] = []
    for origin, host in pairs:
        part = table[(table["origin"] == origin) & (table["host"] == host)]
        rows.append(Row((f"{names[origin]} → {names[host]}",), "section"))
        for person in PERSONS:
            for sex in SEXES:
                line = part[(part["person"] == person) & (part["sex"] == sex)]
                if len(line):
                    rows.append(Row((_person(person, sex, names[origin], names[host]), *_cells(line.iloc[0]))))
    heads = (
        _("People"),
        _("Paid in, USD"),
        _("Benefits, without, USD"),
        _("Benefits, with, USD"),
        _("Real return, without"),
        _("Real return, with"),
        _("Replacement, without"),
        _("Replacement, with"),
    )
    columns = (left(_("Corridor and person"), 2.7), *(Column(h, weight=1.05) for h in heads))
    caption = plural(
        "Movers of {n} main corridor beside people who stay: present values per head, real internal rate of return a year, "
        "replacement rate (for those who stay both cases are the same)",
        "Movers of {n} main corridors beside people who stay: present values per head, real internal rate of return a year, "
        "replacement rate (for those who stay both cases are the same)",
        len(pairs),
        n=str(len(pairs)),
    )
    return Table("tab-adequacy", caption, columns, tuple(rows), _(MODEL), dense=True)


def _person(person: str, sex: str, origin: str, host: str) -> str:
    """Who stands in a row, by sex."""
    male = sex == "male"
    if person == "mover":
        return _("Movers, men") if male else _("Movers, women")
    if person == "stayer_origin":
        return phrase("Who stay in {country}, men", country=origin) if male else phrase("Who stay in {country}, women", country=origin)
    return phrase("Residents of {country}, men", country=host) if male else phrase("Residents of {country}, women", country=host)


def _cells(r: pd.Series[Any]) -> tuple[str, ...]:
    stays = r["person"] != "mover"

    def both(without: str, with_: str) -> tuple[str, str]:
        return (without, _("same")) if stays else (without, with_)

    amounts = [numbers.decimal(frames.number(r[f"pv_benefits_{c}"]), 0) for c in ("without", "with")]
    rates = [numbers.rate(frames.number(r[f"irr_{c}"]), 1) for c in ("without", "with")]
    replaced = [numbers.rate(frames.number(r[f"replacement_{c}"]), 1) for c in ("without", "with")]
    paid = numbers.decimal(frames.number(r["pv_contributions"]), 0)
    return numbers.count(frames.number(r["people"])), paid, *both(*amounts), *both(*rates), *both(*replaced)


def _rights(study: StudyResult, scheme: SchemeResult, names: dict[str, str], pairs: list[tuple[str, str]]) -> list[Block]:
    """Rights of the same cohort in this scheme; of a country without a scheme, in the schemes of the partners."""
    table = study.rights
    if table.empty:
        return []
    own = frames.collects(scheme)
    mine = np.where(table["role"] == "origin", table["origin"], table["host"]) == scheme.country
    chosen = table[mine] if own else table[(table["origin"] == scheme.country) & (table["role"] == "host")]
    if chosen.empty:
        return []
    columns = ["own", "payable_without", "payable_with", "suspended_without", "suspended_with", "lost_without", "lost_with", "kept"]
    sums = chosen.groupby(["origin", "host"])[columns].sum()
    order = [p for p in _by_size(sums) if p in pairs] + [p for p in _by_size(sums) if p not in pairs]
    shown = order[:IN_CHART]
    away = scheme.kind != frames.ACCOUNT
    rows = [Row((f"{names[o]} → {names[h]}", *_right_cells(sums.loc[[(o, h)]].sum(), away))) for o, h in shown]
    rest = order[IN_CHART:]
    if rest:
        others = plural("{n} other corridor", "{n} other corridors", len(rest), n=str(len(rest)))
        rows.append(Row((others, *_right_cells(sums.loc[rest].sum(), away))))
    total = sums.sum()
    rows.append(Row((_("Together"), *_right_cells(total, away)), "total"))
    heads = [_("With own periods"), _("Lost without"), _("Lost with"), _("Kept by it")]
    if away:
        heads += [_("Suspended without"), _("Suspended with"), _("Paid without"), _("Paid with")]
    else:
        heads += [_("Balance paid, without"), _("Balance paid, with")]
    caption = _("Rights of the cohort in the schemes of the partner states at pension age, persons")
    if own:
        caption = phrase("Rights of the cohort in {scheme} at pension age, persons", scheme=data_text(scheme.scheme_title))
    return [
        Heading(_("Rights lost and kept"), 2),
        Paragraph(_rights_text(scheme, total)),
        Table("tab-rights", caption, (left(_("Corridor"), 2.6), *(Column(h, weight=1) for h in heads)), tuple(rows), _(MODEL)),
    ]


def _by_size(sums: pd.DataFrame) -> list[tuple[str, str]]:
    order = sums["own"].sort_values(ascending=False, kind="stable").index
    return [(str(o), str(h)) for o, h in order.to_list()]


def _right_cells(r: pd.Series[float], away: bool) -> list[str]:
    """Cells of one corridor; ``away`` adds the rights that are suspended abroad, which accounts do not know."""
    suspended = ["suspended_without", "suspended_with"] if away else []
    names = ["own", "lost_without", "lost_with", "kept", *suspended, "payable_without", "payable_with"]
    return [_people(float(r[n])) for n in names]


def _people(value: float) -> str:
    """Persons of a cohort; what rounds to none is a dash."""
    return numbers.DASH if abs(value) < 0.05 else numbers.decimal(value, 1) if abs(value) < 100 else numbers.decimal(value, 0)


def _rights_text(scheme: SchemeResult, total: pd.Series[float]) -> Text:
    """What is lost without the instrument, what it keeps, and, where pensions are paid, what is suspended."""
    text = (*_lost(scheme, total), " ", *_kept(total))
    if scheme.kind != frames.ACCOUNT:
        suspended = say(
            "Apart from these, rights may exist and not be paid because of the place of residence (suspended): for {before} of the cohort without "
            "the instrument and {after} with it.",
            before=numbers.persons(float(total["suspended_without"])),
            after=numbers.persons(float(total["suspended_with"])),
        )
        text = (*text, " ", *suspended)
    return (*text, " ", *say("{table} gives the figures.", table=Ref("tab-rights")))


def _lost(scheme: SchemeResult, total: pd.Series[float]) -> Text:
    own, before = float(total["own"]), float(total["lost_without"])
    people = phrase("{people} ({share})", people=numbers.persons(before), share=numbers.rate(before / own, 0)) if own else _("none")
    values: dict[str, str | Strong] = {"own": numbers.persons(own), "before": Strong(people)}
    if not frames.collects(scheme):
        return say(
            "Of {own} people of the cohort who reach pension age with periods in the schemes of the partner states, {before} have neither a right to "
            "a pension nor a balance any more without the instrument.",
            **values,
        )
    values["scheme"] = data_text(scheme.scheme_title)
    if scheme.kind == frames.ACCOUNT:
        return say(
            "Of {own} people of the cohort who reach pension age with periods in {scheme}, {before} have no balance any more without the instrument.",
            **values,
        )
    return say(
        "Of {own} people of the cohort who reach pension age with periods in {scheme}, {before} have no right to a pension: a refund, a single sum, "
        "or nothing without the instrument.",
        **values,
    )


def _kept(total: pd.Series[float]) -> Text:
    before, kept = float(total["lost_without"]), float(total["kept"])
    share = numbers.rate(kept / before, 1) if before else numbers.DASH
    return say("It keeps the rights of {kept} of them ({share}).", kept=Strong(numbers.persons(kept)), share=share)


def region_adequacy(study: StudyResult) -> list[Block]:
    """Chapter of the regional report: by country of origin, who gains and who loses, and rights kept."""
    table = study.adequacy
    if table.empty:
        return []
    movers = table[table["person"] == "mover"]
    names = {c: country_name(s) for c, s in study.schemes.items()} | {c: c for c in study.meta["members"] if c not in study.schemes}
    rows = [Row((names[c], *_origin_cells(study, movers[movers["origin"] == c], c))) for c in study.meta["members"] if (movers["origin"] == c).any()]
    rows.append(Row((_("Together"), *_origin_cells(study, movers, None)), "total"))
    heads = (
        _("Movers followed"),
        _("Benefits, without, USD"),
        _("Benefits, with, USD"),
        _("Replacement, without"),
        _("Replacement, with"),
        _("In groups that lose value"),
        _("Rights lost without"),
        _("Rights kept by it"),
    )
    return [
        Heading(_("What it means for those who move")),
        Paragraph(
            say(
                "{figure} and {table} follow young people aged 18 to 29 who move in {year}. Benefits are present values per head over both "
                "schemes of the corridor. A group is a corridor and sex; in some of them benefits are worth less with the instrument than without, "
                "because refunds and balances are paid later or not at all. Rights are counted at pension age, in every scheme.",
                figure=Ref("fig-adequacy"),
                table=Ref("tab-adequacy"),
                year=str(study.meta["first_year"]),
            )
        ),
        picture(
            "fig-adequacy",
            _chart(movers, table, _largest(movers, 12)),
            _("Replacement rates of movers and of people who stay, largest corridors"),
            _("Dots by corridor: movers without and with the instrument, people who stay in either country."),
        ),
        _on_average(movers),
        *_losers(movers, names),
        Table(
            "tab-adequacy",
            _("Young movers by country of origin: worth of benefits, replacement rate, and rights"),
            (left(_("From"), 1.8), *(Column(h, weight=1.1) for h in heads)),
            tuple(rows),
            _(MODEL),
        ),
    ]


def _origin_cells(study: StudyResult, movers: pd.DataFrame, origin: str | None) -> list[str]:
    worse = float(movers.loc[_loses(movers), "people"].sum()) / float(movers["people"].sum())
    rights = study.rights
    if len(rights) and origin is not None:
        rights = rights[rights["origin"] == origin]
    lost, kept = (float(rights[n].sum()) if len(rights) else math.nan for n in ("lost_without", "kept"))
    return [
        numbers.count(float(movers["people"].sum())),
        *(numbers.decimal(_mean(movers, f"pv_benefits_{c}"), 0) for c in ("without", "with")),
        *(numbers.rate(_mean(movers, f"replacement_{c}"), 1) for c in ("without", "with")),
        numbers.rate(worse, 0),
        *(_people(v) if math.isfinite(v) else numbers.DASH for v in (lost, kept)),
    ]
