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
from dataclasses import dataclass
from typing import Final

from actuarial.feasibility.result import SchemeResult
from actuarial.reporting import frames, numbers
from actuarial.reporting.blocks import Row, Strong, Table, Text, say
from actuarial.reporting.tables import MODEL, left, money_scale, right, scaled

EXPORT_INPUT: Final = "leaving.export_without_instrument"
"""Name of the input that says whether the law pays pensions abroad by itself."""

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


def own_pensions_in_words(scheme: SchemeResult) -> str:
    """Why pensions on own periods are added."""
    if pays_abroad(scheme):
        return "for months kept instead of refunded (the law already pays pensions abroad)"
    return "by payment abroad, which the law does not provide without an instrument"


def composition(scheme: SchemeResult) -> Text:
    """Sentence that tells export, totalisation, refunds and administration apart."""
    parts = cost_parts(scheme)

    def amount(value: float) -> str:
        return numbers.money(value, scheme.currency)

    taken = [
        f"{label} {'fall' if value < 0 else 'rise'} by {amount(abs(value))}"
        for label, value in (("lump sums", parts.lump_sums), ("refunds", parts.refunds))
        if not numbers.is_zero(value)
    ]
    against = f"{' and '.join(taken)}. " if taken else ""
    if parts.contributions:
        against += f"Contributions of posted workers: {amount(abs(parts.contributions))} {'lost' if parts.contributions > 0 else 'gained'}. "
    resumed = f", and {amount(parts.resumed)} by pensions suspended today that are paid again" if parts.resumed else ""
    return say(
        "{head} at present value, pensions added (old age, invalidity and survivors) are {pensions}: {own} on own periods, {words}; "
        "{totalisation} by adding periods of several states (totalisation){resumed}. {against}Administration: {administration}.",
        head=Strong("What it is made of:"),
        pensions=amount(parts.pensions),
        own=Strong(amount(parts.exported)),
        totalisation=Strong(amount(parts.totalisation + parts.topped_up)),
        words=own_pensions_in_words(scheme),
        resumed=resumed,
        against=against[:1].upper() + against[1:],
        administration=amount(parts.administration),
    )


def loss_of_leavers(scheme: SchemeResult, year: int) -> Text | None:
    """What people who leave lose by refunds that are no longer paid, and what they get later; ``None`` where no refund falls away."""
    parts = cost_parts(scheme)
    if parts.refunds >= 0:
        return None
    people = scheme.gains.groupby("year")["refunds_not_paid"].sum()
    later = parts.pensions + parts.lump_sums
    opening = "the saving of the scheme is what these people lose. " if parts.benefits < 0 else ""
    return say(
        "{head} {opening}In {year}, {people} who leave no longer get their contributions back ({all} up to {last}), a "
        "present value of {lost}. What the instrument adds later for all movers, as pensions and lump sums, is worth "
        "{later} at the same date, so together they {balance}.",
        head=Strong("Who loses:"),
        opening=opening,
        year=str(year),
        people=Strong(numbers.heads(float(people[year]))),
        all=numbers.persons(float(people.sum())),
        last=str(int(people.index[-1])),
        lost=Strong(numbers.money(-parts.refunds, scheme.currency)),
        later=numbers.money(later, scheme.currency),
        balance=(
            f"are {numbers.money(-parts.benefits, scheme.currency)} worse off"
            if parts.benefits < 0
            else f"are {numbers.money(parts.benefits, scheme.currency)} better off, if not the same persons"
        ),
    )


def cost_table(scheme: SchemeResult) -> Table:
    """Parts of the cost of a defined-benefit scheme, as present values and as shares of insurable earnings."""
    parts = cost_parts(scheme)
    lines = (
        ("Pensions on own periods, " + own_pensions_in_words(scheme), parts.exported, "body"),
        ("Pensions opened by adding periods (totalisation)", parts.totalisation, "body"),
        ("Higher or lower amounts of pensions on own periods, by adding periods", parts.topped_up, "body"),
        ("Pensions suspended at the valuation date that are paid again", parts.resumed, "body"),
        ("Lump sums, sums paid with a pension and death grants", parts.lump_sums, "body"),
        ("Refunds on leaving", parts.refunds, "body"),
        ("Benefits together", parts.benefits, "total"),
        ("Contributions of posted workers lost (gained: negative)", parts.contributions, "body"),
        ("Administration of the instrument (assumed)", parts.administration, "body"),
        ("Net cost", parts.total, "total"),
    )
    word, scale = money_scale(max(abs(value) for _, value, _ in lines))
    rows = [
        Row((label, scaled(value, scale), scaled(value / scheme.exchange_rate_usd, 1e6), numbers.points(parts.rate(value))), kind)  # type: ignore[arg-type]
        for label, value, kind in lines
    ]
    heads = (f"{word} {scheme.currency}".strip(), "million USD", "of insurable earnings")
    caption = "What the instrument adds to the cost of pensions and takes from it, present values over the horizon at the valuation date"
    return Table("tab-parts", caption, (left("Part", 3.2), *right(*heads)), tuple(rows), MODEL)


def account_table(scheme: SchemeResult) -> Table:
    """What the instrument changes in an account scheme; no sum, because a payment put off is not a saving."""
    parts = cost_parts(scheme)
    lines = (
        ("Balances not paid out on leaving: kept in the fund", -parts.refunds, "put off, with the interest credited"),
        ("Paid later to the same members or their families", parts.payouts, "within the horizon"),
        (
            "Difference",
            -parts.refunds - parts.payouts,
            "timing (balances still held at the end) and the margin between the return of the fund and the interest credited; no saving",
        ),
        ("Administration of the instrument", parts.administration, "an assumption; the only cost"),
    )
    word, scale = money_scale(max(abs(value) for _, value, _ in lines))
    rows = [Row((label, scaled(value, scale), scaled(value / scheme.exchange_rate_usd, 1e6), note)) for label, value, note in lines]
    columns = (left("Item", 2.4), *right(f"{word} {scheme.currency}".strip(), "million USD"), left("Remark", 2.4))
    caption = "What the instrument changes: present values over the horizon at the valuation date, at the return of the fund"
    return Table("tab-deferred", caption, columns, tuple(rows), MODEL)
