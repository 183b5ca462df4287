"""Variants of one instrument side by side, on the same people, and a web of bilateral treaties in its place.

1. A variant changes one provision, or take-up, and leaves the rest of the instrument as it is. Not every rule on amounts can be projected; the
   variants are those that can (:data:`~actuarial.provisions.coordination.SCHEME_BY_SCHEME`). ``option`` is left out: whoever chooses well takes the
   higher amount.
2. Net cost of a year: benefits and administration less contributions, with minus without, of old age, invalidity and survivors; branches beside
   pensions are the same under every variant and are left out. Present values are over 75 years at the return on each scheme's own reserve, in US
   dollars at the exchange rate of the valuation date; PAYG of the region takes the exchange rates of its year.
3. A treaty between two states does for their two corridors what the instrument does, and nothing elsewhere. A career in two states is treated alike
   by both, so the projection, in which everybody has one partner state, prices a web exactly. What a web misses are careers in three states, whose
   periods no treaty adds up: only the microsimulation has them.
4. Every treaty costs each of its two schemes the fixed amount that the instrument would cost it (assumed: forms, liaison and accounts of its own).
   The share of coordinated benefits is the same.
5. Treaties are concluded in the order of movers of 15 and over at the valuation date, both directions together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from actuarial.basis.dimensions import FIRST_YEAR, HORIZON, Array, year_index
from actuarial.basis.instrument import Instrument
from actuarial.basis.instrument_provisions import AccountPolicy, AccountSchemes, AmountMethod, Denominator, MinimumPension, Refunds, TakeUp
from actuarial.feasibility.cashflow import case_flows, coordination_cost_parts, extra_pensions_of_side, net_cost_of_side, sides_of
from actuarial.feasibility.engine import RegionRun
from actuarial.finance.indicators import present_value

START = year_index(FIRST_YEAR)
YEAR: Final = 2050
REGION: Final = "region"
WEBS: Final = (1, 3, 6, 10)
"""Treaties in force in the webs that are compared, besides one between all pairs."""
AMOUNTS: Final[tuple[tuple[AmountMethod, str], ...]] = (
    ("none", "no coordinated amounts: export, equality and the rule on refunds alone"),
    ("pro_rata", "pro rata always, even where own periods suffice"),
    ("separate_first", "independent pension where own periods suffice, else pro rata"),
    ("higher_of", "the higher of independent and pro rata pension"),
    ("direct", "periods elsewhere open the right, own periods are paid"),
    ("balance", "what own periods built up; in a pension scheme the same as direct"),
)
DENOMINATORS: Final[tuple[tuple[Denominator, str], ...]] = (
    ("total", "own periods over all periods"),
    ("max_period", "own periods over at most the period that earns the maximum"),
)
ACCOUNTS: Final[tuple[tuple[AccountPolicy, str], ...]] = (
    ("cash", "accounts paid out on leaving, their months do not count elsewhere"),
    ("count", "accounts paid out on leaving, their months count elsewhere"),
    ("balance", "accounts kept until pension age, their months count elsewhere"),
)
TAKE_UP: Final = (0.5, 0.75, 1.0)
FIGURES: Final = ("net_cost_usd", "net_cost_share", "payg_2050", "extra_pensioners_2050", "newly_vested_2050")
Treaty = frozenset[int]
"""Two countries, by their place on the country axis."""


@dataclass(frozen=True)
class Variant:
    """One variant: the group it is compared in, its short name, what it says, and the instrument with it."""

    group: str
    name: str
    title: str
    instrument: Instrument


@dataclass(frozen=True)
class Price:
    """What one scheme pays more with an instrument than without, in its own currency, and to whom; arrays [year].

    net             with administration, less contributions gained;  administration: the part that is
    spent, insured  benefits and administration; insurable earnings
    extra           pensioners, invalids and survivors paid at 31 December, with minus without
    vested          old-age pensions awarded in the year that own periods alone would not open
    """

    net: Array
    administration: Array
    spent: Array
    insured: Array
    extra: Array
    vested: Array


@dataclass(frozen=True)
class SchemeBase:
    """What a scheme's prices are measured against: the case without the instrument, the same under every variant; arrays [year].

    rates   return on the reserve;  usd   US dollars per unit of currency at the valuation date;  usd_then   in :data:`YEAR`
    collected   insurable earnings on which contributions are collected;  contributors   at the end of the first year
    """

    country: int
    rates: Array
    usd: float
    usd_then: float
    earnings: Array
    collected: Array
    contributions: Array
    expenditure: Array
    opening: float
    contributors: float

    def value(self, flow: Array) -> float:
        """Present value of a flow in national currency, in US dollars of the valuation date."""
        return present_value(flow, self.rates) * self.usd


def variants(instrument: Instrument) -> tuple[Variant, ...]:
    """The variants of an instrument, those that are the instrument itself included."""
    p = instrument.provisions

    def provision(group: str, name: str, title: str, **changed: Any) -> Variant:
        return Variant(group, name, title, instrument.model_copy(update={"provisions": p.model_copy(update=changed)}))

    def months(least: int) -> Any:
        return p.totalisation.model_copy(update={"min_own_months": least})

    return (
        *(provision("amount rule", m, text, amount=p.amount.model_copy(update={"method": m})) for m, text in AMOUNTS),
        *(provision("denominator", d, text, amount=p.amount.model_copy(update={"denominator": d})) for d, text in DENOMINATORS),
        *(provision("account schemes", a, text, account_schemes=AccountSchemes.model_validate({"policy": a})) for a, text in ACCOUNTS),
        provision("refunds", "blocked", "no refund after entry into force", refunds=Refunds.model_validate({"policy": "blocked"})),
        provision("refunds", "open", "refunds as national law has them", refunds=Refunds.model_validate({"policy": "allowed"})),
        provision("minimum pension", "before", "the theoretical amount contains the minimum", minimum_pension=MinimumPension(policy="before")),
        provision("minimum pension", "none", "no minimum in coordinated amounts", minimum_pension=MinimumPension(policy="none")),
        provision("minimum pension", "after", "each scheme lifts what it pays to its own minimum",
                  minimum_pension=MinimumPension(policy="after", top_up="paying_state")),  # fmt: skip
        provision("shortest own period", "0", "any own period is paid", totalisation=months(0)),
        provision("shortest own period", "12", "twelve own months at least", totalisation=months(12)),
        provision("shortest own period", "24", "twenty-four own months at least", totalisation=months(24)),
        *(
            Variant("take-up", f"{share:.0%}", f"{share:.0%} of those entitled claim, from the first day", with_take_up(instrument, share))
            for share in TAKE_UP
        ),
    )


def with_take_up(instrument: Instrument, share: float) -> Instrument:
    """The instrument with the same share of claims in every year from entry into force on."""
    return instrument.model_copy(update={"take_up": (TakeUp(years_since_entry=0, share=share),)})


def is_reference(variant: Variant, instrument: Instrument) -> bool:
    """Whether a variant is the instrument itself."""
    return variant.instrument.provisions == instrument.provisions and variant.instrument.take_up == instrument.take_up


def to_evaluate(found: Sequence[Variant], instrument: Instrument) -> tuple[Instrument, ...]:
    """The instruments of the variants that are not the reference, in their order."""
    return tuple(v.instrument for v in found if not is_reference(v, instrument))


def scheme_price(run: RegionRun, c: int, treaties: Collection[Treaty] | None = None) -> Price:
    """Price of the run's instrument for one scheme; with ``treaties``, of these in its place (convention 4)."""
    taken = [(cost, frozenset((o, d))) for _, cost, o, d, _ in sides_of(run, c)]
    sides = [cost for cost, pair in taken if treaties is None or pair in treaties]
    zero = np.zeros(HORIZON)
    variable, fixed = coordination_cost_parts(run, c)
    if treaties is not None:
        extra = sum((extra_pensions_of_side(cost) for cost in sides), zero)
        variable = run.instrument.administration.share_of_coordinated_benefits * np.maximum(extra, 0.0)
        fixed = fixed * sum(((_movers(run, pair) > 0.0).astype(float) for pair in treaties if c in pair), zero)
    net = sum((net_cost_of_side(cost) for cost in sides), zero) + variable + fixed
    contributions = sum((cost.posted_contributions for cost in sides), zero)
    earnings = sum((cost.posted_earnings for cost in sides), zero)
    people = sum(
        ((cost.with_instrument[n] - cost.without[n]).sum(axis=0) for cost in sides for n in ("pensioners", "invalids", "survivors")), zero
    )
    vested = sum((cost.with_instrument["by_totalisation"].sum(axis=0) for cost in sides), zero)
    return Price(net, variable + fixed, net + contributions, earnings, people, vested)


def _movers(run: RegionRun, pair: Treaty) -> Array:
    """Movers in the corridors of a pair [year]."""
    found = [r.people[:, 1:].sum(axis=(0, 2)) for r in run.corridors if frozenset((r.origin, r.host)) == pair]
    total: Array = np.sum(found, axis=0) if found else np.zeros(HORIZON)
    return total


def scheme_bases(run: RegionRun) -> tuple[SchemeBase, ...]:
    """What every scheme's prices are measured against; only schemes that insure somebody within the projection."""
    exchange = run.basis.economy.exchange_rate
    found = []
    for c, country in enumerate(run.countries):
        without, _ = case_flows(run, c)
        if not without.insurable_earnings.any():
            continue
        earnings = without.insurable_earnings
        found.append(
            SchemeBase(
                c, country.inputs.investment_return[START:], 1.0 / float(exchange[c, START - 1]), 1.0 / float(exchange[c, year_index(YEAR)]),
                earnings, country.compliance[START:] * earnings, without.contributions, without.expenditure, float(without.reserve.opening[0]),
                float(without.contributors[0]),
            )
        )  # fmt: skip
    return tuple(found)


def pairs_by_movers(run: RegionRun) -> tuple[tuple[Treaty, float], ...]:
    """Pairs of active members with their movers of 15 and over at the valuation date, both directions, most first."""
    demography, countries = run.demography, run.basis.countries
    active = set(run.instrument.active_members)
    total: dict[Treaty, float] = {}
    for k, (o, d) in enumerate(demography.corridors):
        if {countries[int(o)], countries[int(d)]} <= active:
            pair = frozenset((int(o), int(d)))
            total[pair] = total.get(pair, 0.0) + float(demography.movers_abroad[k, :, 15:, START].sum())
    return tuple(sorted(total.items(), key=lambda item: (-item[1], sorted(item[0]))))


def webs(run: RegionRun) -> tuple[tuple[Variant, frozenset[Treaty]], ...]:
    """Webs of treaties between the pairs with the most movers: (its description, its treaties)."""
    ranked = [pair for pair, _ in pairs_by_movers(run)]
    found = []
    for count in (*(n for n in WEBS if n < len(ranked)), len(ranked)):
        name = f"{count} treaty" if count == 1 else f"{count} treaties"
        first, last = _pair_name(run, ranked[0]), _pair_name(run, ranked[count - 1])
        title = "between all pairs" if count == len(ranked) else first if count == 1 else f"pairs with most movers, {first} to {last}"
        found.append((Variant("bilateral web", name, title, run.instrument), frozenset(ranked[:count])))
    return tuple(found)


def _pair_name(run: RegionRun, pair: Treaty) -> str:
    return "-".join(run.basis.countries[c] for c in sorted(pair))


def comparison(
    reference: RegionRun, found: Sequence[Variant], runs: Sequence[RegionRun], bases: Sequence[SchemeBase] | None = None
) -> pd.DataFrame:
    """Variants and webs by scheme and for the region: one row per variant and country, the instrument itself first.

    ``runs`` are those of :func:`to_evaluate`. Columns: group, variant, title, reference, country, then :data:`FIGURES`, administration_usd (part of
    the net cost), and for every figure ``..._difference`` to the reference. Shares are of the present value of insurable earnings.
    """
    bases = scheme_bases(reference) if bases is None else bases
    own = [(base, scheme_price(reference, base.country)) for base in bases]
    zero_line = {row["country"]: row for row in _rows(reference, own)}
    rest = iter(runs)
    tables: list[tuple[Variant, bool, Iterable[dict[str, Any]]]] = [
        (Variant("instrument", reference.instrument.id, reference.instrument.title, reference.instrument), True, zero_line.values())
    ]
    for variant in found:
        same = is_reference(variant, reference.instrument)
        priced = own if same else _priced(next(rest), bases)
        tables.append((variant, same, _rows(reference, priced)))
    for variant, treaties in webs(reference):
        tables.append((variant, False, _rows(reference, [(base, scheme_price(reference, base.country, treaties)) for base in bases])))
    rows = []
    for variant, same, lines in tables:
        for line in lines:
            away = {f"{name}_difference": line[name] - zero_line[line["country"]][name] for name in FIGURES}
            rows.append({"group": variant.group, "variant": variant.name, "title": variant.title, "reference": same, **line, **away})
    return pd.DataFrame(rows)


def _priced(run: RegionRun, bases: Sequence[SchemeBase]) -> list[tuple[SchemeBase, Price]]:
    return [(base, scheme_price(run, base.country)) for base in bases]


def _rows(run: RegionRun, priced: Sequence[tuple[SchemeBase, Price]]) -> list[dict[str, Any]]:
    """Figures of every scheme, then of the region."""
    t = YEAR - FIRST_YEAR
    rows, whole = [], np.zeros(7)
    for base, price in priced:
        parts = np.array([
            base.value(price.net), base.value(price.administration), base.value(base.earnings),
            (base.expenditure + price.spent)[t] * base.usd_then, (base.earnings + price.insured)[t] * base.usd_then, price.extra[t], price.vested[t],
        ])  # fmt: skip
        whole += parts
        rows.append(_row(run.basis.countries[base.country], parts))
    return [*rows, _row(REGION, whole)]


def _row(country: str, parts: Array) -> dict[str, Any]:
    net, administration, earnings, spent, base, extra, vested = (float(x) for x in parts)
    return {
        "country": country, "net_cost_usd": net, "net_cost_share": net / earnings, "administration_usd": administration,
        "payg_2050": spent / base, "extra_pensioners_2050": extra, "newly_vested_2050": vested,
    }  # fmt: skip
