"""The chapter on an ensemble: how far results lie apart over many paths, and what that does and does not mean."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from actuarial.reporting import numbers
from actuarial.reporting.blocks import Block, Bullets, Column, Heading, Paragraph, Ref, Row, Strong, Table, say
from actuarial.reporting.fan_charts import BANDS, exhaustion_chart, fan_chart
from actuarial.reporting.language import _, data_text, marked, phrase
from actuarial.reporting.pictures import picture
from actuarial.reporting.tables import left
from actuarial.reporting.uncertainty import ENSEMBLE_REGION, Uncertainty

SOURCE: Final = marked("ensemble of this model; processes, parameters and their confidence in data/uncertainty")
YEARS: Final = (2035, 2050, 2075, 2100)
FIGURES: Final = (
    ("net_cost_share_75", "difference", marked("Net cost over 75 years, % of earnings")),
    ("gap_75", "without", marked("GAP without, %")),
    ("gap_75", "with", marked("GAP with, %")),
    ("gap_75", "difference", marked("GAP, with minus without, percentage points")),
)
_SHOWS: Final = marked("Bands of 50, 80 and 95 of 100 paths by year, the median of the paths and the base scenario.")
CAPTIONS: Final = {
    "payg": marked("PAYG cost rate over the paths"),
    "reserve_ratio": marked("Opening reserve over the paths"),
    "net_cost_share": marked("Net cost of each year over the paths, share of insurable earnings"),
    "net_cost_usd": marked("Net cost of each year over the paths, pension schemes together"),
}
"""Captions of the fan charts by measure, in their order."""
DRAWN: Final = {
    "flows": marked("flows"),
    "stock": marked("past movers"),
    "mortality": marked("mortality"),
    "inflation": marked("inflation"),
    "real_wage": marked("real wages"),
    "real_return": marked("real returns"),
    "coverage": marked("cover"),
    "density": marked("density of contributions"),
    "compliance": marked("collection of contributions"),
    "take_up": marked("take-up"),
    "shock": marked("shocks"),
}
"""What can be drawn, by the names of :mod:`actuarial.feasibility.processes`."""
READING: Final = (
    (
        marked("A band is no forecast."),
        marked(
            "It holds the stated share of the paths that were drawn, each year by itself. It is as wide as the processes that were drawn and their "
            "parameters, most of which are judgements. Not drawn: how much less migrants are covered than others, how often they return or take "
            "refunds, their pay, invalidity and fertility; sensitivities show what these are worth."
        ),
    ),
    (
        marked("The median of paths is no path."),
        marked("It is the middle of the paths of each year. The base scenario is one path, drawn as a line of its own."),
    ),
    (
        marked("Both cases share each path."),
        marked("Without and with the instrument see the same people, prices and wages, so differences are surer than levels."),
    ),
)


def uncertainty_chapters(uncertainty: Uncertainty | None, name: str, sensitivity: str, ensemble: str) -> list[Block]:
    """Chapters on sensitivities and on the ensemble for which there are results; ``sensitivity`` and ``ensemble`` are codes in their tables."""
    if uncertainty is None:
        return []
    blocks: list[Block] = []
    if uncertainty.sensitivity is not None:
        from actuarial.reporting.sensitivity_view import sensitivity_blocks  # brings the engine with it

        blocks += sensitivity_blocks(uncertainty.sensitivity, sensitivity, name)
    return [*blocks, *ensemble_blocks(uncertainty, ensemble, name)]


def ensemble_blocks(uncertainty: Uncertainty, country: str, name: str) -> list[Block]:
    """Chapter on one country, or on the region (:data:`ENSEMBLE_REGION`); empty when there are no paths of it. ``name`` is in words."""
    tables = uncertainty.ensemble
    if not tables or country not in set(tables["quantiles"]["country"]):
        return []
    measures = [m for m in CAPTIONS if _has(tables["quantiles"], country, m)]
    blocks: list[Block] = [Heading(_("How sure the results are")), _drawn(uncertainty), Bullets(tuple(_reading()))]
    for measure in measures:
        drawing = fan_chart(tables["quantiles"], tables["base"], country, measure, name)
        blocks.append(picture(f"fig-fan-{measure.replace('_', '-')}", drawing, _(CAPTIONS[measure]), _(_SHOWS), _(SOURCE)))
    if country == ENSEMBLE_REGION:
        return [*blocks, *_thresholds(tables["threshold"])]
    blocks += [_figures(tables["indicators"], country)]
    drawing = exhaustion_chart(tables["exhaustion"], country, name)
    shows = _("Lines for without and with the instrument, rising with every path whose reserve has been used up.")
    blocks.append(picture("fig-exhaustion", drawing, _("Paths in which the reserve has been used up"), shows, _(SOURCE)))
    blocks.append(_exhaustion(tables["exhaustion"], country))
    return [*blocks, *_thresholds(tables["threshold"], country)]


def _has(quantiles: pd.DataFrame, country: str, measure: str) -> bool:
    return bool(((quantiles["country"] == country) & (quantiles["measure"] == measure)).any())


def _reading() -> list[tuple[Strong | str, ...]]:
    return [(Strong(_(head)), f" {_(text)}") for head, text in READING]


def _drawn(uncertainty: Uncertainty) -> Paragraph:
    run = uncertainty.run
    sentences = (
        _what(run),
        _("Parameters of the processes were drawn too, once for each path.")
        if run.get("parameter_uncertainty", True)
        else _("Parameters of the processes were held at their central values."),
        _("Tables give the standard error that comes from the number of paths."),
    )
    return Paragraph((" ".join(sentences),))


def _what(run: Mapping[str, Any]) -> str:
    """How many paths, and what differs between them."""
    paths, seed = numbers.exact(float(run["paths"])), str(run["seed"])
    only, shocks = run.get("only"), bool(run.get("shocks"))
    if only:
        drawn = ", ".join(_(DRAWN[name]) if name in DRAWN else data_text(name.replace("_", " ")) for name in only)
        if shocks:
            return phrase(
                "{paths} paths around the base scenario were drawn (seed {seed}): only {drawn}, with displacement and closed borders laid over the "
                "flows.",
                paths=paths, seed=seed, drawn=drawn,
            )  # fmt: skip
        return phrase("{paths} paths around the base scenario were drawn (seed {seed}): only {drawn}.", paths=paths, seed=seed, drawn=drawn)
    if shocks:
        return phrase(
            "{paths} paths around the base scenario were drawn (seed {seed}): flows, past movers, mortality, prices, wages, returns, cover, "
            "collection and take-up, with displacement and closed borders laid over the flows.",
            paths=paths, seed=seed,
        )  # fmt: skip
    return phrase(
        "{paths} paths around the base scenario were drawn (seed {seed}): flows, past movers, mortality, prices, wages, returns, cover, collection "
        "and take-up.",
        paths=paths, seed=seed,
    )  # fmt: skip


def _figures(indicators: pd.DataFrame, country: str) -> Table:
    own = indicators[indicators["country"] == country]
    levels = sorted({level for low, high, *_ in BANDS for level in (low, high)} | {0.5})
    rows = []
    for measure, case, title in FIGURES:
        part = own[(own["measure"] == measure) & (own["case"] == case)].set_index("quantile")
        if part.empty or part["value"].isna().all():
            continue
        values = [float(part["base"].iloc[0]), *(float(part["value"].loc[level]) for level in levels)]
        digits = _digits(values)
        error = float(part["monte_carlo_error"].loc[0.5])
        rows.append(Row((_(title), *(_percent(v, digits) for v in values), _percent(error, digits + 1))))
    heads = (_("Base scenario"), *(_("Median") if level == 0.5 else _level(level) for level in levels), _("Error of the median"))
    return Table(
        "tab-ensemble", _("Figures over 75 years: base scenario and quantiles of the paths, per cent or points of insurable earnings"),
        (left(_("Figure"), 2.6), *(Column(head, weight=1.0) for head in heads)), tuple(rows), _(SOURCE), dense=True,
    )  # fmt: skip


def _level(level: float) -> str:
    """A quantile as the head of a column."""
    return numbers.rate(level, 0 if (100 * level).is_integer() else 1)


def _digits(values: list[float]) -> int:
    """Decimals of per cent at which the values of a row differ."""
    spread = 100.0 * (max(values) - min(values))
    return 2 if spread <= 0 else min(max(2, 1 - math.floor(math.log10(spread))), 6)


def _percent(value: float, digits: int) -> str:
    return numbers.decimal(100.0 * value, digits)


def _exhaustion(exhaustion: pd.DataFrame, country: str) -> Table:
    own = exhaustion[exhaustion["country"] == country].set_index(["case", "year"])
    rows = tuple(
        Row((str(year), *(_probability(own, (case, year)) for case in ("without", "with"))))
        for year in YEARS
        if ("with", year) in own.index
    )  # fmt: skip
    return Table(
        "tab-exhaustion", _("Share of paths in which the reserve has been used up by the end of the year, with its standard error"),
        (left(_("Year")), Column(_("Without")), Column(_("With"))), rows, _(SOURCE),
    )  # fmt: skip


def _probability(own: pd.DataFrame, key: tuple[str, int]) -> str:
    p, error = (float(own[column].loc[key]) for column in ("probability", "monte_carlo_error"))
    return f"{numbers.rate(p, 1)} ± {numbers.rate(error, 1)}"


def _thresholds(threshold: pd.DataFrame, country: str | None = None) -> list[Block]:
    """Probability that the instrument costs more than shares of earnings: one country, or every scheme beside the others."""
    own = threshold if country is None else threshold[threshold["country"] == country]
    if own.empty:
        return []
    countries = list(dict.fromkeys(own["country"]))
    by = own.set_index(["country", "share_of_payroll"])
    shares = sorted(set(own["share_of_payroll"]))
    rows = tuple(
        Row(
            (
                phrase("more than {share}", share=numbers.small_rate(share)) if share else _("more than nothing"),
                *(_probability(by, (c, share)) for c in countries),
            )
        )
        for share in shares
    )
    heads = (_("Share of paths"),) if country is not None else tuple(countries)
    return [
        Paragraph(say("{table} says how often the instrument costs more than a share of payroll.", table=Ref("tab-threshold"))),
        Table(
            "tab-threshold",
            _("Share of paths in which the present value of the net cost exceeds a share of that of insurable earnings, with its standard error"),
            (left(_("Net cost")), *(Column(head) for head in heads)), rows, _(SOURCE),
        ),
    ]  # fmt: skip
