"""The branches beside pensions: what they cost, what the instrument changes in them, which are not computed and why."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from actuarial.feasibility.result import SchemeResult, StudyResult
from actuarial.reporting import frames, numbers
from actuarial.reporting.blocks import Block, Bullets, Column, Heading, Paragraph, Ref, Row, Strong, Table, Text, say
from actuarial.reporting.chart_parts import legend_below
from actuarial.reporting.language import _, data_text, marked, phrase
from actuarial.reporting.naming import country as country_name
from actuarial.reporting.pictures import picture
from actuarial.reporting.style import SERIES, TINTS, chart_style, figure, set_message, set_unit, tick
from actuarial.reporting.tables import MODEL, left, money_scale, scaled
from actuarial.reporting.words import amount_unit, in_sentence

YEAR: Final = 2050
NAMES: Final = {
    "employment_injury": marked("Employment injury"),
    "maternity": marked("Maternity"),
    "sickness": marked("Sickness"),
    "health": marked("Health"),
    "family": marked("Family"),
    "unemployment": marked("Unemployment"),
}
PAYERS: Final = {"scheme": marked("social insurance"), "employer": marked("employers")}
CAUSES: Final = {
    "equality_of_treatment": marked("equal treatment"),
    "waiting_period": marked("waiting periods shortened by months elsewhere"),
    "pensions_exported": marked("pensions paid abroad"),
    "survivors_abroad": marked("survivors abroad"),
    "dependants_abroad": marked("dependants abroad"),
    "care_given": marked("care given to insured people of partner states"),
    "care_repaid": marked("care repaid by partner states"),
    "children_abroad": marked("children abroad"),
    "benefit_exported": marked("benefit paid to those who look for work at home"),
}


def branches(scheme: SchemeResult) -> list[Block]:
    """Chapter of a country report; empty when nothing is computed and no reason is listed."""
    if scheme.branches.empty and not scheme.branches_missing:
        return []
    blocks: list[Block] = [Heading(_("Branches beside pensions"))]
    if not scheme.branches.empty:
        blocks += [
            Paragraph(
                say(
                    "Each branch below has an account of its own: what its levy brings and what its benefits cost. Several of them are run by other "
                    "bodies than the pension scheme, or paid by employers. They stand outside the reserve, the cost rate and the "
                    "premium of the other chapters. {effect}",
                    effect=_effect(scheme),
                )
            ),
            picture(
                "fig-branches",
                _chart(scheme),
                phrase("Branches beside pensions, {year}", year=str(YEAR)),
                _("Bars of levy and of benefits by branch."),
            ),
            _table(scheme),
        ]
    if scheme.branches_missing:
        blocks.append(Paragraph(say("Not computed, and why:")))
        blocks.append(Bullets(tuple(_missing(name, why) for name, why in sorted(scheme.branches_missing.items()))))
    return blocks


def _missing(branch: str, why: str) -> Text:
    return Strong(phrase("{branch}:", branch=_name(branch))), " ", data_text(why)


def _name(branch: str) -> str:
    return _(NAMES[branch]) if branch in NAMES else data_text(branch.replace("_", " ").capitalize())


def changed(scheme: SchemeResult) -> pd.Series[float]:
    """Present value of with minus without by branch, those that change alone."""
    return scheme.branch_causes.groupby("branch")["pv"].sum()


def _effect(scheme: SchemeResult) -> Text:
    if scheme.branch_causes.empty:
        return say("Under these assumptions the instrument changes {nothing} in them.", nothing=Strong(_("nothing")))
    by_cause = scheme.branch_causes.groupby(["branch", "cause"])["pv"].sum()
    parts = [_part(str(branch), str(cause), float(v), scheme.currency) for (branch, cause), v in zip(by_cause.index.to_list(), by_cause, strict=True)]
    text = say(
        "At present value the instrument changes them by {total}: {parts}.",
        total=Strong(numbers.money(float(by_cause.sum()), scheme.currency, sign=True)),
        parts="; ".join(parts),
    )
    still = [in_sentence(_name(str(b))) for b in scheme.branches["branch"].unique() if b not in set(scheme.branch_causes["branch"])]
    return (*text, " ", *say("It changes nothing in {branches}.", branches=numbers.joined(still))) if still else text


def _part(branch: str, cause: str, worth: float, currency: str) -> str:
    """What one cause changes in one branch."""
    return phrase(
        "{amount} in {branch} ({cause})",
        amount=numbers.money(worth, currency, sign=True),
        branch=in_sentence(_name(branch)),
        cause=_(CAUSES[cause]) if cause in CAUSES else data_text(cause.replace("_", " ")),
    )


def _of_year(scheme: SchemeResult) -> pd.DataFrame:
    rows = scheme.branches[scheme.branches["year"] == YEAR].set_index("branch")
    return rows.loc[[b for b in NAMES if b in rows.index] + [b for b in rows.index if b not in NAMES]]


def _chart(scheme: SchemeResult) -> Figure:
    rows = _of_year(scheme).iloc[::-1]
    levy, cost = (100 * (rows[n] / rows["earnings"]).to_numpy(dtype=float) for n in ("levy", "benefits_without"))
    with chart_style():
        drawing = figure(0.95 + 0.47 * len(rows))
        axes = drawing.subplots()
        places = np.arange(len(rows))
        axes.barh(places + 0.19, levy, height=0.36, color=TINTS[1], label=_("levy"))
        axes.barh(places - 0.19, cost, height=0.36, color=SERIES[1], label=_("benefits, without the instrument"))
        axes.set_yticks(places, [f"{_name(str(b))}\n({_(PAYERS[str(p)])})" for b, p in zip(rows.index, rows["payer"], strict=True)])
        for offset, values in ((0.19, levy), (-0.19, cost)):
            for place, value in zip(places, values, strict=True):
                text = _("no levy of its own") if value == 0 else numbers.decimal(value, 2)
                axes.annotate(text, (value, place + offset), xytext=(3, 0), textcoords="offset points", va="center", color="#333333")
        axes.set_xlim(0, 1.18 * max(float(levy.max()), float(cost.max()), 1e-9))
        axes.grid(axis="y", visible=False)
        legend_below(axes, 2)
        axes.xaxis.set_major_formatter(FuncFormatter(tick))
        set_unit(axes, "", phrase("% of the earnings that the branch reads, {year}", year=str(YEAR)))
        top = int(np.argmax(cost))
        set_message(
            drawing,
            phrase(
                "The dearest branch beside pensions is {branch}: {rate} of earnings in {year}",
                branch=in_sentence(_name(str(rows.index[top]))),
                rate=numbers.rate(float(cost[top]) / 100),
                year=str(YEAR),
            ),
        )
    return drawing


def _table(scheme: SchemeResult) -> Table:
    rows, change = [], changed(scheme)
    scale = money_scale(float(change.abs().max())) if len(change) else 1.0

    def changes(difference: float, worth: float) -> list[str]:
        if not len(change):
            return []
        points = numbers.DASH if numbers.is_zero(difference) else numbers.points(difference, digits=4)
        return [points, scaled(worth, scale), scaled(worth / scheme.exchange_rate_usd, 1e6)]

    for branch, r in _of_year(scheme).iterrows():
        earnings = frames.number(r["earnings"])
        levy, without, with_ = (frames.number(r[n]) / earnings for n in ("levy", "benefits_without", "benefits_with"))
        difference = with_ - without
        worth = float(change.get(str(branch), 0.0))
        rows.append(
            Row(
                (
                    _name(str(branch)),
                    _(PAYERS[str(r["payer"])]),
                    numbers.count(frames.number(r["insured"])),
                    numbers.rate(levy) if levy else numbers.DASH,
                    numbers.rate(without, 3),
                    *changes(difference, worth),
                )
            )
        )
    year = str(YEAR)
    heads = [phrase("Insured {year}", year=year), phrase("Levy {year}", year=year), phrase("Cost rate {year}", year=year)]
    if len(change):
        heads += [
            _("With minus without"),
            phrase("Change, present value, {unit}", unit=amount_unit(scale, scheme.currency)),
            _("Change, present value, million USD"),
        ]
    columns = (left(_("Branch"), 1.7), left(_("Paid by"), 1.4), *(Column(h, weight=1.15) for h in heads))
    caption = _("Branches beside pensions: levy and benefits as shares of the earnings that the branch reads (–: no levy of its own, no change)")
    return Table("tab-branches", caption, columns, tuple(rows), _(MODEL))


def region_branches(study: StudyResult) -> list[Block]:
    """Chapter of the regional report: cost rates by scheme and branch, what changes, what is not computed."""
    schemes = [s for s in study.schemes.values() if not s.branches.empty]
    if not schemes:
        return []
    rows = []
    for s in schemes:
        of_year = _of_year(s)
        rates = {str(b): frames.number(r["benefits_without"]) / frames.number(r["earnings"]) for b, r in of_year.iterrows()}
        worth = float(changed(s).sum()) / s.exchange_rate_usd
        cells = [numbers.rate(rates[b]) if b in rates else numbers.DASH for b in NAMES]
        rows.append(Row((country_name(s), *cells, scaled(worth, 1e6))))
    last = Column(_("Change by the instrument, million USD"), weight=1.5)
    columns = (left(_("Scheme of"), 1.6), *(Column(_name(b), weight=1.2) for b in NAMES), last)
    return [
        Heading(_("Branches beside pensions")),
        Paragraph(
            say(
                "{table} gives the cost of the branches that could be computed, as shares of the earnings that each reads, and what "
                "the instrument changes in all of them together at present value. A dash marks a branch that is not computed; the "
                "report of the country says why.",
                table=Ref("tab-branches"),
            )
        ),
        Table(
            "tab-branches",
            phrase("Branches beside pensions: cost rate of {year} without the instrument, and the present value of what it changes", year=str(YEAR)),
            columns,
            tuple(rows),
            _(MODEL),
        ),
    ]
