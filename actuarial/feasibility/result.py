"""Results of a study: what the engine hands to reports, notebooks and workbooks, as labelled tables.

1. Everything is per case: ``without`` the instrument, ``with`` it. Differences are with minus without.
2. Amounts are nominal national currency per year unless the column ends in ``_usd`` or ``_real``; stocks stand at 31 December.
3. Tables are tidy: one row per year (and case, corridor, sex ...), one column per quantity.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final

import pandas as pd

from actuarial.basis.plain_text import quoted_cell, unquoted_cell

CASES: Final = ("without", "with")
LADDER_YEARS: Final = (2026, 2030, 2050, 2075, 2100)
LADDER_COLUMNS: Final = ["rung", "title", "pv", "share_of_earnings", *(f"payg_{year}" for year in LADDER_YEARS), "shapley_pv", "shapley_share"]
LADDER_CORRIDOR_COLUMNS: Final = ["rung", "origin", "host", "role", "sex", "pv"]
CAUSE_COLUMNS: Final = ["year", "sex", "branch", "cause", "amount"]
BRANCH_COLUMNS: Final = ["year", "branch", "payer", "insured", "cases", "levy", "benefits_without", "benefits_with", "earnings"]
BRANCH_CAUSE_COLUMNS: Final = ["branch", "payer", "partner", "role", "cause", "pv"]
CLAIM_FLOWS: Final = ("pensioners", "pensions", "lump_sums", "refunds", "account_payouts", "other_benefits")
CLAIM_COLUMNS: Final = ["year", *CLAIM_FLOWS, "coordinated", "coordinated_claims", "handling"]
PAST_COLUMNS: Final = ["origin", "host", "role", "sex", "pv_past", "pv_future"]
TRANSFER_VALUE_COLUMNS: Final = ["payer", "residence", "case", "pv_usd", "pensions_pv_usd"]


@dataclass(frozen=True)
class SchemeResult:
    """One country and its scheme.

    yearly        one row per case and year 2026..2100. Columns: case, year, contributors, contributors_movers, pensioners (of every type),
                  pensioners_movers, invalids and survivors (of them; new survivors as persons), new_pensions (old age), new_pensions_movers,
                  new_invalidity, deaths_with_right (deaths before pension age that open survivors' pensions), insurable_earnings, contributions,
                  pensions (of every type), invalidity_pensions and survivors_pensions (of them), lump_sums (with sums in lieu and death grants),
                  refunds, account_payouts, other_benefits, administration, investment_income, benefits (sum of the outgo items except
                  administration), reserve (31 December), member_balances (accounts; 0 otherwise), payg_cost_rate ((benefits + administration) /
                  insurable_earnings), reserve_ratio (opening reserve / expenditure of the year), legal_rate (contribution rate in force). For a
                  country without a collecting scheme every amount is 0.
    population    year, sex, age_group (0-14, 15-59, 60+ and 5-year groups at 2026, 2050, 2075, 2100), persons
    indicators    indicator, unit, without, with, difference, definition (payg_2026 ... payg_2100, gap_75, first_deficit_year, deficit_years,
                  first_reserve_fall_year, exhaustion_year, lowest_reserve_ratio, lowest_reserve_ratio_year, reserve_ratio_10/25/50,
                  pv_coordination_administration, pv_net_cost, pv_net_cost_share_of_earnings and _of_gdp); a date that does not occur within the
                  horizon is missing (NaN)
    corridors     one row per ordered pair this country takes part in and sex: origin, host, role (this scheme is origin or host), sex,
                  movers_2026, flow_2026, movers_ever (alive in 2026 or leaving until 2100), covered_2026,
                  extra_pensioners_2050 (people of every type with a pension only thanks to the instrument),
                  new_by_totalisation_2050 (old-age awards of that year), pv_extra_pensions, of it pv_exported, pv_pensions_by_totalisation,
                  pv_topped_up, pv_resumed and pv_sums_with_pensions; pv_extra_payouts (accounts), pv_lump_sums_not_paid, pv_refunds_not_paid,
                  pv_contributions_moved (lost by posting; gained: negative), pv_administration, pv_net_cost, confidence
    gains         year, sex, extra_new_pensions (awards only with the instrument), new_by_totalisation (those opened by adding periods),
                  extra_invalidity, extra_deaths_with_right, extra_pensioners (in payment, every type), average_extra_pension,
                  refunds_not_paid (persons)
    ladder        rung, title, pv, share_of_earnings, payg_2026 ... payg_2100 (share of the year's insurable earnings), shapley_pv, shapley_share:
                  the price of every legal step; the rungs sum to the net cost with that of the branches beside pensions
    ladder_corridors  rung, origin, host, role, sex, pv
    causes        year, sex, branch (old_age, invalidity, survivors, administration), cause, amount: the net cost, costs positive
    past          origin, host, role, sex, pv_past (periods before the projection), pv_future; without administration
    branches      year, branch, payer (scheme or employer), insured, cases, levy, benefits_without, benefits_with, earnings: branches beside pensions
    branch_causes branch, payer, partner, role, cause, pv
    claims        year, and of pensioners and benefits by kind the part of with minus without that is in proportion to take-up; coordinated (pensions
                  and sums with them paid only thanks to the instrument), coordinated_claims (of them in proportion to take-up), handling
                  (administration per unit of the coordinated, where positive): see :mod:`actuarial.feasibility.claims`. Empty where flows are
                  not linear in take-up
    residence     year, case, residence (country where the person lives or goes to), amount paid by this scheme, pensions in it
    calibration   item, unit, published, date, target (the published figure brought to the base year), modelled, ratio (to the target), factor,
                  source, confidence, note
    assumptions   name, value, unit, source, year, confidence, reason, file, used (yes: the projection reads it; no: on record only)
    """

    country: str
    country_name: str
    scheme_id: str
    scheme_title: str
    kind: str
    currency: str
    exchange_rate_usd: float
    """National currency per US dollar at the valuation date."""
    yearly: pd.DataFrame
    population: pd.DataFrame
    indicators: pd.DataFrame
    corridors: pd.DataFrame
    gains: pd.DataFrame
    residence: pd.DataFrame
    calibration: pd.DataFrame
    assumptions: pd.DataFrame
    ladder: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=LADDER_COLUMNS))
    ladder_corridors: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=LADDER_CORRIDOR_COLUMNS))
    causes: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=CAUSE_COLUMNS))
    past: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=PAST_COLUMNS))
    branches: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=BRANCH_COLUMNS))
    branch_causes: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=BRANCH_CAUSE_COLUMNS))
    claims: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=CLAIM_COLUMNS))
    branches_missing: dict[str, str] = field(default_factory=dict)
    """Branches that are not computed, and why."""


@dataclass(frozen=True)
class StudyResult:
    """All countries of a region under one scenario and one instrument.

    transfers   payer (country of the paying scheme), residence, case, year, amount_usd, pensions_usd (in it)
    transfers_pv  payer, residence, case, pv_usd, pensions_pv_usd: the same in present value
    adequacy    origin, host, sex, person (mover, stayer_origin, stayer_host): see :mod:`actuarial.feasibility.cohort_tables`
    rights      origin, host, sex, role, kind: rights of the same cohort lost and kept, see there
    split_careers  origin, host, years, home_years and replacement rates of standard careers: see :mod:`actuarial.feasibility.cohort_careers`
    checks      name, value, tolerance, passed: identities the engine asserted in this run
    meta        scenario, scenario_title, instrument, instrument_title, region, members, valuation_date, first_year, last_year, entry_into_force,
                package_version, instrument_note (what is assumed of the instrument), region_name, instrument_members; take_up_limit (factor on
                take-up up to which nobody is capped)
    """

    schemes: dict[str, SchemeResult]
    transfers: pd.DataFrame
    checks: pd.DataFrame
    meta: dict[str, Any]
    transfers_pv: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=TRANSFER_VALUE_COLUMNS))
    adequacy: pd.DataFrame = field(default_factory=pd.DataFrame)
    rights: pd.DataFrame = field(default_factory=pd.DataFrame)
    split_careers: pd.DataFrame = field(default_factory=pd.DataFrame)


_TABLES: Final = (
    "yearly", "population", "indicators", "corridors", "gains", "residence", "calibration", "assumptions", "ladder", "ladder_corridors",
    "causes", "past", "branches", "branch_causes", "claims",
)  # fmt: skip
_LATER: Final = ("claims",)
"""Tables that results of earlier versions lack."""
_REGION_TABLES: Final = ("transfers", "checks", "transfers_pv", "adequacy", "rights", "split_careers")


def write_study(result: StudyResult, folder: Path) -> None:
    """Write a study as CSV tables and ``study.json`` below ``folder``, exactly readable by :func:`read_study`."""
    folder.mkdir(parents=True, exist_ok=True)
    heads: dict[str, dict[str, Any]] = {}
    for country, scheme in result.schemes.items():
        heads[country] = {f.name: getattr(scheme, f.name) for f in fields(scheme) if f.name not in _TABLES}
        for name in _TABLES:
            _write_table(getattr(scheme, name), folder / f"{country}.{name}.csv")
    for name in _REGION_TABLES:
        _write_table(getattr(result, name), folder / f"{name}.csv")
    text = json.dumps({"meta": result.meta, "schemes": heads}, indent=1, ensure_ascii=False, sort_keys=True)
    (folder / "study.json").write_text(text + "\n", encoding="utf-8", newline="\n")


def read_study(folder: Path) -> StudyResult:
    """Read what :func:`write_study` wrote. Raises ``FileNotFoundError`` when a table is missing."""
    head = json.loads((folder / "study.json").read_text(encoding="utf-8"))
    schemes: dict[str, SchemeResult] = {}
    for country, values in head["schemes"].items():
        tables: dict[str, Any] = {
            name: _read_table(place)
            for name in _TABLES
            if (place := folder / f"{country}.{name}.csv").exists() or name not in _LATER
        }
        schemes[country] = SchemeResult(**values, **tables)
    order = [c for c in head["meta"]["members"] if c in schemes]
    region = {name: _read_table(folder / f"{name}.csv") for name in _REGION_TABLES}
    return StudyResult(schemes={c: schemes[c] for c in order}, meta=head["meta"], **region)


def _write_table(frame: pd.DataFrame, path: Path) -> None:
    quoted = _with_texts(frame, quoted_cell)  # for whoever opens it in a spreadsheet
    quoted.to_csv(path, index=False, float_format="%.17g", lineterminator="\n", encoding="utf-8")


def _read_table(path: Path) -> pd.DataFrame:
    if not path.read_text(encoding="utf-8").strip():
        return pd.DataFrame()
    return _with_texts(pd.read_csv(path, keep_default_na=False, na_values=[""], encoding="utf-8"), unquoted_cell)


def _with_texts(frame: pd.DataFrame, change: Callable[[str], str]) -> pd.DataFrame:
    """The frame with every text changed; a frame that stays as it is is given back itself."""
    changed = {}
    for name in frame.columns:
        if pd.api.types.is_numeric_dtype(frame[name]) or pd.api.types.is_bool_dtype(frame[name]):
            continue
        found = {cell: change(cell) for cell in frame[name].dropna().unique() if isinstance(cell, str)}
        if moved := {cell: new for cell, new in found.items() if cell != new}:
            changed[name] = frame[name].replace(moved)
    return frame.assign(**changed) if changed else frame
