"""What the instrument's cost to a scheme consists of, so that export, adding up of periods, refunds and administration are told apart.

1. Pensions of every type (old age, invalidity, survivors) are added for four reasons: payment abroad of pensions on own periods, which are kept
   instead of refunded where refunds end; adding periods of several states (totalisation), which opens a pension or raises it; pensions
   suspended before the instrument that are paid again.
2. Administration of the instrument is an assumption, so benefits and administration are always printed apart.
3. A refund that is no longer paid is a saving of the scheme and a loss of the person who leaves.
4. Contributions of posted workers stay with the scheme of the sending state: no benefit, but part of the net cost.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from actuarial.feasibility.result import SchemeResult
from actuarial.reporting import frames, numbers
from actuarial.reporting.blocks import Row, Strong, Table, Text, say
from actuarial.reporting.language import _, phrase
from actuarial.reporting.tables import MODEL, left, money_scale, right, scaled
from actuarial.reporting.words import amount_unit

EXPORT_INPUT: Final = "leaving.export_without_instrument"
"""Name of the input that says whether the law pays pensions abroad by itself."""

RowKind = Literal["body", "total"]

PARTNERS_INPUT: Final = "leaving.export_partners"
"""Name of the input that lists the states paid under a standing agreement; absent where there is none."""


@dataclass(frozen=True)
class CostParts:
    """Present values at the valuation date, national currency, with minus without, all corridors of a scheme."""

    exported: float
    """Pensions on own periods, paid abroad or kept instead of refunded."""
    totalisation: float
    """Pensions opened by adding periods."""
    topped_up: float
    """What adding periods changes in pensions on own periods."""
    resumed: float
    """Pensions awarded and suspended before the valuation date that are paid again."""
    payouts: float
    """Account payouts added."""
    lump_sums: float
    """Lump sums, sums paid with a pension and death grants added; negative where pensions replace them."""
    refunds: float
    """Refunds added; negative where they are no longer paid."""
    contributions: float
    """Contributions lost by posting; negative where they are gained."""
    administration: float
    earnings: float
    """Insurable earnings over the horizon; NaN when the instrument changes nothing."""

    @property
    def pensions(self) -> float:
        """All pensions added."""
        return self.exported + self.totalisation + self.topped_up + self.resumed

    @property
    def benefits(self) -> float:
        """What is paid to people: all but contributions and administration."""
        return self.pensions + self.payouts + self.lump_sums + self.refunds

    @property
    def total(self) -> float:
        """The net cost: benefits, contributions lost and administration."""
        return self.benefits + self.contributions + self.administration

    def with_movers(self, times: float) -> float:
        """Net cost with ``times`` as many movers of the past and to come: at fixed rates all but administration is in proportion to them.

        Administration is kept as it is, most of which is a fixed sum.
        """
        return times * (self.total - self.administration) + self.administration

    def rate(self, value: float) -> float:
        """A part as a share of insurable earnings over the horizon; zero when there is nothing to share."""
        return value / self.earnings if math.isfinite(self.earnings) else 0.0


def cost_parts(scheme: SchemeResult) -> CostParts:
    """Parts of the cost, summed over the corridors of the scheme."""
    sums = {name: float(scheme.corridors[name].sum()) for name in frames.CORRIDOR_SUMS}
    value, share = (frames.indicator(scheme, name, "difference") for name in ("pv_net_cost", "pv_net_cost_share_of_earnings"))
    nothing = 1e-12 * sum(abs(v) for name, v in sums.items() if name.startswith("pv_"))
    sums = {name: v if abs(v) > nothing else 0.0 for name, v in sums.items()}  # what rounding leaves of an effect that is none
    return CostParts(
        exported=sums["pv_exported"],
        totalisation=sums["pv_pensions_by_totalisation"],
        topped_up=sums["pv_topped_up"],
        resumed=sums["pv_resumed"],
        payouts=sums["pv_extra_payouts"],
        lump_sums=sums["pv_sums_with_pensions"] - sums["pv_lump_sums_not_paid"],
        refunds=-sums["pv_refunds_not_paid"],
        contributions=sums["pv_contributions_moved"],
        administration=frames.indicator(scheme, "pv_coordination_administration", "difference"),
        earnings=value / share if share else math.nan,
    )


def pays_abroad(scheme: SchemeResult) -> bool:
    """Whether the national law pays pensions abroad without the instrument, as the study reads it."""
    return frames.input_line(scheme, EXPORT_INPUT)["value"] == "yes"


def export_partners(scheme: SchemeResult) -> list[str]:
    """Codes of the states to which pensions are paid under an agreement that stands already."""
    values = scheme.assumptions.loc[scheme.assumptions["name"] == PARTNERS_INPUT, "value"]
    return [code for value in values for code in re.findall(r"[A-Z]{3}", str(value))]


def composition(scheme: SchemeResult) -> Text:
    """What tells export, totalisation, refunds and administration apart: one sentence for pensions, one for each other part."""
    parts = cost_parts(scheme)

    def amount(value: float) -> str:
        return numbers.money(value, scheme.currency)

    pensions: dict[str, str | Strong] = {
        "head": Strong(_("What it is made of:")),
        "pensions": amount(parts.pensions),
        "own": Strong(amount(parts.exported)),
        "totalisation": Strong(amount(parts.totalisation + parts.topped_up)),
    }
    if parts.resumed:
        pensions["resumed"] = amount(parts.resumed)
    others = [*_payments(parts, amount), phrase("Administration: {amount}.", amount=amount(parts.administration))]
    return (*_pensions(pays_abroad(scheme), pensions), "".join(f" {sentence}" for sentence in others))


def _pensions(law_exports: bool, values: dict[str, str | Strong]) -> Text:
    """The sentence on pensions: whether the law pays abroad by itself, and whether suspended pensions are paid again."""
    if law_exports and "resumed" in values:
        return say(
            "{head} at present value, pensions added (old age, invalidity and survivors) are {pensions}: {own} on own periods, for months kept "
            "instead of refunded (the law already pays pensions abroad); {totalisation} by adding periods of several states (totalisation), and "
            "{resumed} by pensions suspended today that are paid again.",
            **values,
        )
    if law_exports:
        return say(
            "{head} at present value, pensions added (old age, invalidity and survivors) are {pensions}: {own} on own periods, for months kept "
            "instead of refunded (the law already pays pensions abroad); {totalisation} by adding periods of several states (totalisation).",
            **values,
        )
    if "resumed" in values:
        return say(
            "{head} at present value, pensions added (old age, invalidity and survivors) are {pensions}: {own} on own periods, by payment abroad, "
            "which the law does not provide without an instrument; {totalisation} by adding periods of several states (totalisation), and {resumed} "
            "by pensions suspended today that are paid again.",
            **values,
        )
    return say(
        "{head} at present value, pensions added (old age, invalidity and survivors) are {pensions}: {own} on own periods, by payment abroad, "
        "which the law does not provide without an instrument; {totalisation} by adding periods of several states (totalisation).",
        **values,
    )


def _payments(parts: CostParts, amount: Callable[[float], str]) -> list[str]:
    """Sentences on lump sums and refunds, and on contributions of posted workers, where the instrument changes them."""
    sums, refunds = (0.0 if numbers.is_zero(value) else value for value in (parts.lump_sums, parts.refunds))
    found = []
    if sums and refunds:
        found.append(_both(sums, refunds, sums=amount(abs(sums)), refunds=amount(abs(refunds))))
    elif sums < 0:
        found.append(phrase("Lump sums fall by {amount}.", amount=amount(-sums)))
    elif sums > 0:
        found.append(phrase("Lump sums rise by {amount}.", amount=amount(sums)))
    elif refunds < 0:
        found.append(phrase("Refunds fall by {amount}.", amount=amount(-refunds)))
    elif refunds > 0:
        found.append(phrase("Refunds rise by {amount}.", amount=amount(refunds)))
    if parts.contributions > 0:
        found.append(phrase("Contributions of posted workers: {amount} lost.", amount=amount(parts.contributions)))
    elif parts.contributions < 0:
        found.append(phrase("Contributions of posted workers: {amount} gained.", amount=amount(-parts.contributions)))
    return found


def _both(lump_sums: float, paid_back: float, **amounts: str) -> str:
    if lump_sums < 0 and paid_back < 0:
        return phrase("Lump sums fall by {sums} and refunds fall by {refunds}.", **amounts)
    if lump_sums < 0:
        return phrase("Lump sums fall by {sums} and refunds rise by {refunds}.", **amounts)
    if paid_back < 0:
        return phrase("Lump sums rise by {sums} and refunds fall by {refunds}.", **amounts)
    return phrase("Lump sums rise by {sums} and refunds rise by {refunds}.", **amounts)


def loss_of_leavers(scheme: SchemeResult, year: int) -> Text | None:
    """What people who leave lose by refunds that are no longer paid, and what they get later; ``None`` where no refund falls away."""
    parts = cost_parts(scheme)
    if parts.refunds >= 0:
        return None
    people = scheme.gains.groupby("year")["refunds_not_paid"].sum()
    values: dict[str, str | Strong] = {
        "head": Strong(_("Who loses:")),
        "year": str(year),
        "people": Strong(numbers.heads(float(people[year]))),
        "all": numbers.persons(float(people.sum())),
        "last": str(int(people.index[-1])),
        "lost": Strong(numbers.money(-parts.refunds, scheme.currency)),
        "later": numbers.money(parts.pensions + parts.lump_sums, scheme.currency),
        "balance": numbers.money(abs(parts.benefits), scheme.currency),
    }
    if parts.benefits < 0:
        return say(
            "{head} the saving of the scheme is what these people lose. In {year}, {people} who leave no longer get their contributions back ({all} "
            "up to {last}), a present value of {lost}. What the instrument adds later for all movers, as pensions and lump sums, is worth {later} at "
            "the same date, so together they are {balance} worse off.",
            **values,
        )
    return say(
        "{head} In {year}, {people} who leave no longer get their contributions back ({all} up to {last}), a present value of {lost}. What the "
        "instrument adds later for all movers, as pensions and lump sums, is worth {later} at the same date, so together they are {balance} better "
        "off, if not the same persons.",
        **values,
    )


def cost_table(scheme: SchemeResult) -> Table:
    """Parts of the cost of a defined-benefit scheme, as present values and as shares of insurable earnings."""
    parts = cost_parts(scheme)
    lines: tuple[tuple[str, float, RowKind], ...] = (
        (_own_pensions(scheme), parts.exported, "body"),
        (_("Pensions opened by adding periods (totalisation)"), parts.totalisation, "body"),
        (_("Higher or lower amounts of pensions on own periods, by adding periods"), parts.topped_up, "body"),
        (_("Pensions suspended at the valuation date that are paid again"), parts.resumed, "body"),
        (_("Lump sums, sums paid with a pension and death grants"), parts.lump_sums, "body"),
        (_("Refunds on leaving"), parts.refunds, "body"),
        (_("Benefits together"), parts.benefits, "total"),
        (_("Contributions of posted workers lost (gained: negative)"), parts.contributions, "body"),
        (_("Administration of the instrument (assumed)"), parts.administration, "body"),
        (_("Net cost"), parts.total, "total"),
    )
    scale = money_scale(max(abs(value) for _label, value, _kind in lines))
    rows = [
        Row((label, scaled(value, scale), scaled(value / scheme.exchange_rate_usd, 1e6), numbers.points(parts.rate(value))), kind)
        for label, value, kind in lines
    ]
    heads = (amount_unit(scale, scheme.currency), _("million USD"), _("of insurable earnings"))
    caption = _("What the instrument adds to the cost of pensions and takes from it, present values over the horizon at the valuation date")
    return Table("tab-parts", caption, (left(_("Part"), 3.2), *right(*heads)), tuple(rows), _(MODEL))


def _own_pensions(scheme: SchemeResult) -> str:
    """Pensions on own periods, and why they are added."""
    if pays_abroad(scheme):
        return _("Pensions on own periods, for months kept instead of refunded (the law already pays pensions abroad)")
    return _("Pensions on own periods, by payment abroad, which the law does not provide without an instrument")


def account_table(scheme: SchemeResult) -> Table:
    """What the instrument changes in an account scheme; no sum, because a payment put off is not a saving."""
    parts = cost_parts(scheme)
    lines = (
        (_("Balances not paid out on leaving: kept in the fund"), -parts.refunds, _("put off, with the interest credited")),
        (_("Paid later to the same members or their families"), parts.payouts, _("within the horizon")),
        (
            _("Difference"),
            -parts.refunds - parts.payouts,
            _("timing (balances still held at the end) and the margin between the return of the fund and the interest credited; no saving"),
        ),
        (_("Administration of the instrument"), parts.administration, _("an assumption; the only cost")),
    )
    scale = money_scale(max(abs(value) for _label, value, _note in lines))
    rows = [Row((label, scaled(value, scale), scaled(value / scheme.exchange_rate_usd, 1e6), note)) for label, value, note in lines]
    columns = (left(_("Item"), 2.4), *right(amount_unit(scale, scheme.currency), _("million USD")), left(_("Remark"), 2.4))
    caption = _("What the instrument changes: present values over the horizon at the valuation date, at the return of the fund")
    return Table("tab-deferred", caption, columns, tuple(rows), _(MODEL))
