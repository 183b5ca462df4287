"""What reports read from the tables of a study, each rule written once.

A value that a report needs and a table lacks raises ``KeyError`` naming both: nothing is replaced by a default.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Final, Literal

import pandas as pd

from actuarial.feasibility.result import CASES, SchemeResult, StudyResult
from actuarial.reporting.language import data_text, marked
from actuarial.reporting.remembered import remembered

DEFINED_BENEFIT: Final = "defined_benefit"
ACCOUNT: Final = "account"
COLLECTING: Final = (DEFINED_BENEFIT, ACCOUNT)
UNSURE: Final = ("assumed", "recalled")
CONFIDENCE_ORDER: Final = ("verified", "partial", "derived", "recalled", "assumed")
"""From best to worst."""

OUTGO_PARTS: Final = (
    ("pensions", marked("Pensions")),
    ("lump_sums", marked("Lump sums")),
    ("refunds", marked("Refunds on leaving")),
    ("account_payouts", marked("Account payouts")),
    ("other_benefits", marked("Other benefits")),
    ("administration", marked("Administration")),
)
"""Columns of the yearly table, and their names, which are translated where they are shown."""


def number(value: object) -> float:
    """A cell of a table as a float. Raises ``TypeError`` or ``ValueError`` for what is no number."""
    return float(value)  # type: ignore[arg-type]


def region_name(study: StudyResult) -> str:
    """Name of the region in words, in the active language."""
    return data_text(str(study.meta["region_name"]))


def collects(scheme: SchemeResult) -> bool:
    """Whether the scheme takes contributions at all."""
    return scheme.kind in COLLECTING


@remembered
def case(scheme: SchemeResult, name: str) -> pd.DataFrame:
    """Yearly table of one case, indexed by year."""
    rows = scheme.yearly[scheme.yearly["case"] == name]
    if rows.empty:
        raise KeyError(f"{scheme.country}: the yearly table has no case {name!r}")
    return rows.set_index("year").sort_index()


def expenditure(frame: pd.DataFrame) -> pd.Series[float]:
    """Benefits and administration of each year."""
    return frame["benefits"] + frame["administration"]


def share(frame: pd.DataFrame, column: str) -> pd.Series[float]:
    """A column as a fraction of insurable earnings; the column ``expenditure`` is benefits and administration."""
    values = expenditure(frame) if column == "expenditure" else frame[column]
    return values / frame["insurable_earnings"]


def has_indicator(scheme: SchemeResult, name: str) -> bool:
    """Whether the indicator table has this row."""
    return bool((scheme.indicators["indicator"] == name).any())


def indicator(scheme: SchemeResult, name: str, column: str) -> float:
    """One value of the indicator table; ``column`` is without, with or difference. A date beyond the horizon is NaN."""
    rows = scheme.indicators[scheme.indicators["indicator"] == name]
    if len(rows) != 1:
        raise KeyError(f"{scheme.country}: the indicator table has {len(rows)} rows named {name!r}, one is needed")
    return float(rows[column].iloc[0])


def population(scheme: SchemeResult, year: int, groups: Sequence[str]) -> pd.DataFrame:
    """Persons by age group (rows, in the order given) and sex (columns) in one year."""
    table = _persons(scheme, year)
    if missing := [g for g in groups if g not in table.index]:
        raise KeyError(f"{scheme.country}: the population table has no {missing} in {year}")
    return table.loc[list(groups), ["male", "female"]]


@remembered
def _persons(scheme: SchemeResult, year: int) -> pd.DataFrame:
    """Persons by age group and sex in one year."""
    rows = scheme.population[scheme.population["year"] == year]
    return rows.pivot_table(index="age_group", columns="sex", values="persons", aggfunc="sum")


BROAD_GROUPS: Final = ("0-14", "15-59", "60+")


def five_year_groups(scheme: SchemeResult, year: int) -> list[str]:
    """Names of the 5-year age groups held for a year, youngest first; the open group last."""
    names = scheme.population.loc[scheme.population["year"] == year, "age_group"].unique().tolist()
    five = [n for n in names if _is_five_year(n)]
    open_group = [n for n in names if n.endswith("+") and n not in BROAD_GROUPS]
    return sorted(five, key=_first_age) + sorted(open_group, key=_first_age)


def _first_age(group: str) -> int:
    return int(group.rstrip("+").split("-")[0])


def _is_five_year(group: str) -> bool:
    low, dash, high = group.partition("-")
    return bool(dash) and int(high) - int(low) == 4


def pyramid_years(scheme: SchemeResult) -> list[int]:
    """Years for which 5-year age groups are held."""
    rows = scheme.population[scheme.population["age_group"].map(_is_five_year)]
    return sorted(int(y) for y in rows["year"].unique())


CORRIDOR_SUMS: Final = (
    "movers_2026",
    "flow_2026",
    "covered_2026",
    "extra_pensioners_2050",
    "pv_extra_pensions",
    "pv_exported",
    "pv_pensions_by_totalisation",
    "pv_topped_up",
    "pv_resumed",
    "pv_sums_with_pensions",
    "pv_extra_payouts",
    "pv_lump_sums_not_paid",
    "pv_refunds_not_paid",
    "pv_contributions_moved",
    "pv_administration",
    "pv_net_cost",
)


@remembered
def corridors(scheme: SchemeResult) -> pd.DataFrame:
    """Corridors of a country, both sexes together, largest first; confidence is the worst of the rows added."""
    keys = ["origin", "host", "role"]
    if scheme.corridors.empty:
        return pd.DataFrame(columns=[*keys, *CORRIDOR_SUMS, "confidence"])
    sums = scheme.corridors.groupby(keys, as_index=False)[list(CORRIDOR_SUMS)].sum()
    worst = scheme.corridors.groupby(keys, as_index=False)["confidence"].agg(worst_confidence)
    table = sums.merge(worst, on=keys, validate="one_to_one")
    return table.sort_values(["movers_2026", "origin", "host"], ascending=[False, True, True], ignore_index=True)


def worst_confidence(values: pd.Series[str]) -> str:
    """The least sure of several evidence marks. Raises ``ValueError`` for a mark that is not known."""
    if unknown := sorted(set(values) - set(CONFIDENCE_ORDER)):
        raise ValueError(f"unknown confidence {unknown}; allowed: {', '.join(CONFIDENCE_ORDER)}")
    return max(values, key=CONFIDENCE_ORDER.index)


def used(assumptions: pd.DataFrame) -> pd.DataFrame:
    """The inputs that the projection reads; figures that are only kept on file are left out.

    Raises ``ValueError`` when the column ``used`` holds anything but yes and no.
    """
    if unknown := sorted({str(v) for v in assumptions["used"]} - {"yes", "no"}):
        raise ValueError(f"column used of the assumption register holds {unknown}; allowed: yes, no")
    return assumptions[assumptions["used"] == "yes"]


def unsure_share(assumptions: pd.DataFrame) -> float:
    """Share of the inputs that the projection reads which are assumed or recalled, by count; NaN when there are none."""
    read = used(assumptions)
    return float(read["confidence"].isin(UNSURE).mean()) if len(read) else math.nan


def distinct_inputs(schemes: Iterable[SchemeResult]) -> pd.DataFrame:
    """The inputs that the projections of several countries read, each once: one that countries share stands in the register of each.

    The rows of :func:`used`, of the first country that has them; the same are those of one name, file, value and unit. Empty for no schemes.
    """
    read = [used(s.assumptions) for s in schemes]
    if not read:
        return pd.DataFrame(columns=["name", "file", "value", "unit", "confidence"])
    table = pd.concat(read, ignore_index=True)
    value = table["value"].map(lambda v: f"{v:g}" if isinstance(v, float) else str(v))  # a register of numbers alone is read as numbers
    return table[~table.assign(value=value).duplicated(["name", "file", "value", "unit"])].reset_index(drop=True)


def input_line(scheme: SchemeResult, name: str) -> dict[str, str]:
    """Value and confidence of one input. Raises ``KeyError`` unless the register has it once."""
    rows = scheme.assumptions[scheme.assumptions["name"] == name]
    if len(rows) != 1:
        raise KeyError(f"{scheme.country}: the assumption register has {len(rows)} rows named {name!r}, one is needed")
    return {column: str(rows[column].iloc[0]) for column in ("value", "confidence")}


def deficit_periods(scheme: SchemeResult, case_name: str) -> list[tuple[int, int]]:
    """First and last year of every unbroken run of years in which expenditure exceeds contributions."""
    frame = case(scheme, case_name)
    return runs([int(y) for y in frame.index[(expenditure(frame) > frame["contributions"]).to_numpy()]])


def runs(years: Sequence[int]) -> list[tuple[int, int]]:
    """Unbroken runs of ascending years.

    >>> runs([2026, 2027, 2030])
    [(2026, 2027), (2030, 2030)]
    """
    found: list[tuple[int, int]] = []
    for year in years:
        if found and found[-1][1] == year - 1:
            found[-1] = (found[-1][0], year)
        else:
            found.append((year, year))
    return found


Amounts = Literal["pensions", "other", "all"]
"""Pensions; single payments (lump sums, refunds, balances of accounts: mostly members' own money); both."""


@remembered
def transfers(study: StudyResult, year: int, case_name: str | None, amounts: Amounts) -> pd.DataFrame:
    """Matrix payer (rows) × residence (columns), US dollars of the year; ``None`` gives with minus without.

    Residences outside the region stand together in the last column ``other``.
    """
    members = list(study.meta["members"])
    table = _transfers(study, year, amounts)
    cases = {name: _columns_of(table, name) for name in CASES}
    matrix = cases["with"].sub(cases["without"], fill_value=0.0) if case_name is None else cases[case_name]
    return matrix.reindex(index=members, columns=[*members, "other"], fill_value=0.0)


@remembered
def _transfers(study: StudyResult, year: int, amounts: Amounts) -> pd.DataFrame:
    """Amounts by payer (rows), case and residence (columns) of one year."""
    rows = study.transfers[study.transfers["year"] == year]
    if rows.empty:
        raise KeyError(f"the transfer table has no year {year}")
    place = rows["residence"].where(rows["residence"].isin(list(study.meta["members"])), "other")
    values = {"pensions": rows["pensions_usd"], "all": rows["amount_usd"], "other": rows["amount_usd"] - rows["pensions_usd"]}[amounts]
    chosen = rows.assign(residence=place, usd=values)
    return chosen.pivot_table(index="payer", columns=["case", "residence"], values="usd", aggfunc="sum", fill_value=0.0)


def transfer_values(study: StudyResult, case_name: str | None, amounts: Amounts) -> pd.DataFrame:
    """Matrix payer (rows) × residence (columns) of the members, present value in US dollars; ``None`` gives with minus without."""
    rows = study.transfers_pv
    members = list(study.meta["members"])
    values = {"pensions": rows["pensions_pv_usd"], "all": rows["pv_usd"], "other": rows["pv_usd"] - rows["pensions_pv_usd"]}[amounts]
    table = rows.assign(usd=values).pivot_table(index="payer", columns=["case", "residence"], values="usd", aggfunc="sum", fill_value=0.0)
    cases = {name: _columns_of(table, name) for name in CASES}
    matrix = cases["with"].sub(cases["without"], fill_value=0.0) if case_name is None else cases[case_name]
    return matrix.reindex(index=members, columns=members, fill_value=0.0)


def _columns_of(table: pd.DataFrame, case_name: str) -> pd.DataFrame:
    part = table.xs(case_name, axis="columns", level="case")
    assert isinstance(part, pd.DataFrame)
    return part


def received(study: StudyResult, country: str, year: int, case_name: str | None, amounts: Amounts) -> float:
    """What residents of a country receive from the partner schemes, US dollars of the year."""
    column = transfers(study, year, case_name, amounts)[country]
    return float(column.drop(country).sum())


def paid_abroad(study: StudyResult, country: str, year: int, case_name: str | None, amounts: Amounts) -> float:
    """What a scheme pays to residents of the other partner states, US dollars of the year."""
    matrix = transfers(study, year, case_name, amounts)
    return float(matrix.drop(columns=[country, "other"]).loc[[country]].to_numpy().sum())


def table_years(scheme: SchemeResult) -> list[int]:
    """The customary years of a projection table: the first ten, then every fifth to the horizon."""
    years = sorted(int(y) for y in scheme.yearly["year"].unique())
    return [y for y in years if y < years[0] + 10 or y % 5 == 0]
