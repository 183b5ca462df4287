"""Shipped files spoilt in one, two or three places: one message names every place, what was found, what is allowed and the nearest name."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from actuarial.basis.branch_costs import load_branch_costs
from actuarial.basis.careers import load_careers
from actuarial.basis.case import load_case
from actuarial.basis.contingencies import load_contingencies
from actuarial.basis.economy import load_economy
from actuarial.basis.errors import InputError, shown
from actuarial.basis.families import load_families
from actuarial.basis.instrument import load_instrument
from actuarial.basis.labour import load_labour
from actuarial.basis.migration import load_migration
from actuarial.basis.population import load_population
from actuarial.basis.region import load_region
from actuarial.basis.scenario import load_scenario
from actuarial.basis.scheme import load_scheme, load_schemes
from actuarial.basis.sensitivities import load_sensitivities
from actuarial.basis.uncertainty import load_uncertainty
from actuarial.feasibility.inputs import load_basis

ROOT = Path(__file__).parents[2]
MEMBERS = load_region(ROOT / "data").members
SCHEMES = sorted(path.name for path in (ROOT / "data" / "schemes").iterdir() if path.is_dir())


@dataclass(frozen=True)
class Spoil:
    """The first ``old`` of a file becomes ``new``; the message then has the line, ``field`` and every part of ``told``."""

    file: str
    old: str
    new: str
    field: str
    told: tuple[str, ...]
    line: int | None = None
    """Line told, where it is not that of ``old``; 0 where the whole file is meant."""


def s(file: str, old: str, new: str, field: str, *told: str, line: int | None = None) -> Spoil:
    """Short for a :class:`Spoil`."""
    return Spoil(file, old, new, field, told, line)


LOADERS: dict[str, Callable[[Path], object]] = {
    "region.yaml": lambda root: load_region(root / "data"),
    "economy": lambda root: load_economy(root / "data", MEMBERS),
    "labour": lambda root: load_labour(root / "data", MEMBERS),
    "migration": lambda root: load_migration(root / "data", MEMBERS),
    "population": lambda root: load_population(root / "data", ["KEN"]),
    "careers": lambda root: load_careers(root / "data"),
    "contingencies": lambda root: load_contingencies(root / "data"),
    "families": lambda root: load_families(root / "data"),
    "branch_costs": lambda root: load_branch_costs(root / "data"),
    "sensitivities": lambda root: load_sensitivities(root / "data"),
    "uncertainty": lambda root: load_uncertainty(root / "data", MEMBERS),
    "refugees-work": lambda root: load_scenario("refugees-work", root / "scenarios", MEMBERS, SCHEMES),
    "south-sudan-collects": lambda root: load_scenario("south-sudan-collects", root / "scenarios", MEMBERS, SCHEMES),
    "base": lambda root: load_scenario("base", root / "scenarios", MEMBERS, SCHEMES),
    "phased": lambda root: load_instrument("phased", root / "scenarios", MEMBERS),
    "eac-directive": lambda root: load_instrument("eac-directive", root / "scenarios", MEMBERS),
    "case": lambda root: load_case(root / "scenarios" / "cases" / "kenya-rwanda.yaml", root / "scenarios"),
    "together": lambda root: load_basis(root / "data", load_scenario("base", root / "scenarios", MEMBERS, SCHEMES)),
    "all schemes": lambda root: load_schemes(root / "data", load_region(root / "data").scheme_ids),
}
RWA, KEN, TZA = (f"data/schemes/{name}/params.yaml" for name in ("RWA-rssb", "KEN-nssf", "TZA-nssf"))
PRICES, OUTPUT, LONG, LEVELS, AGES = (f"data/economy/{name}.csv" for name in ("prices", "output", "long_run", "levels", "working_age"))
DEATHS, BIRTHS, RATIO = (f"data/population/{name}.csv" for name in ("death_rates_male", "fertility", "sex_ratio"))
CORRIDORS, STOCKS = "data/migration/corridors.csv", "data/migration/stocks.csv"
CASE, BASE, REFUGEES = "scenarios/cases/kenya-rwanda.yaml", "scenarios/base.yaml", "scenarios/refugees-work.yaml"
DIRECTIVE, PHASED = (f"scenarios/instruments/{name}/instrument.yaml" for name in ("eac-directive", "phased"))
SENS, COSTS = "data/uncertainty/sensitivities.yaml", "data/labour/branch_costs.yaml"

CASES: list[tuple[str, list[Spoil]]] = [
    ("region.yaml", [s("data/region.yaml", "{iso3: COD, name", "{iso3: BDI, name", "members[1].iso3", "BDI is listed twice")]),
    ("region.yaml", [
        s("data/region.yaml", "currency: KES", "currency: Ksh", "members[2].currency", "'Ksh'", "three capital letters"),
        s("data/region.yaml", "scheme: RWA-rssb", "scheme: UGA-rssb", "members[3].scheme", "must start with 'RWA-'"),
        s("data/region.yaml", "name: Uganda,", "nmae: Uganda,", "members[7].nmae", "did you mean 'name'?"),
    ]),
    ("economy", [s(PRICES, "KEN,KES,2025,0.060806", "KEN,KES,2025,6.0806", "inflation", "for 6.0806 % write 0.060806")]),
    ("economy", [s(PRICES, "KEN,KES,2020,0.054052", "KEN,KES,2020,5.4052", "inflation", "prices of KEN would rise by 540.52 %")]),
    ("economy", [s(OUTPUT, "129.3,0.0231648", "129.3,2.31648", "growth_per_worker", "allowed -0.9 to 1", "write 0.0231648")]),
    ("economy", [s(LONG, "KEN,real_return,0.04,0.04", "KEN,real_return,0.04,0.016", "long_run", "real return of 0.016 for KEN at or below")]),
    ("economy", [s(LONG, "KEN,real_wage_growth,0.016,0.016", "KEN,real_wage_growth,0.016,1.6", "long_run", "for 1.6 % write 0.016")]),
    ("economy", [s(LEVELS, "KEN,minimum_wage,193365", "KEN,minimum_wage,1933650", "value", "above its average wage of 505,000")]),
    ("economy", [s(LEVELS, "KES per year,2024", "UGX per year,2024", "unit", "found 'UGX per year'; it must be 'KES per year'")]),
    ("economy", [s(AGES, "34934453", "34934", "KEN", "a change of 25% a year", "persons")]),
    ("economy", [
        s(PRICES, "KEN,KES,2020", "KEN,UGX,2020", "currency", "KEN is in UGX; its currency is KES"),
        s(OUTPUT, "KEN,KES,2020,", "KEN,KES,2019,", "", "country KEN, year 2019 stands twice"),
        s(OUTPUT, "UGA,UGX,2025", "UGA,UGX,2125", "year", "found 2125; allowed 1990 to 2025"),
    ]),
    ("economy", [
        s(PRICES, "KEN,KES,2021,", "KEN,KES,2o21,", "year", "found '2o21'; expected a number"),
        s(PRICES, "UGA,UGX,2021,", "UGB,UGX,2021,", "country", "did you mean 'UGA'?"),
        s(PRICES, "RWA,RWF,1995,", "RWA,RWF,1996,", "", "no inflation for country RWA, year 1995", line=0),
    ]),
    ("economy", [
        s(OUTPUT, "KEN,KES,1991,224230,27.5079", "KEN,KES,1991,224230,27507900", "exchange_rate", "a factor of 100 a year"),
        s(LONG, "KEN,real_wage_growth,0.016,", "KEN,real_wage_growth,-0.5,", "start", "found -0.5; allowed -0.3 to 0.4"),
        s(LONG, "KEN,real_return,0.04,0.04", "KEN,real_return,0.04,0.18", "long_run", "found 0.18; allowed -0.1 to 0.15"),
        s(LONG, "USD,inflation,0.027,0.022", "USD,inflation,0.027,0.4", "long_run", "found 0.4", "0.3 (inflation of the dollar)"),
    ]),
    ("labour", [s("data/labour/shapes.csv", "\n40,1.000000,1.020177", "\n40,1.000000,1020.177", "earnings_male", "0.05 to 20", line=42)]),
    ("migration", [s("data/migration/assumptions.csv", "hazard,0.03", "hazard,0.95", "value", "found 0.95; allowed 0 to 0.5")]),
    ("population", [
        s("data/population/population.csv", "KEN,male,80,4781.5,5016.2", "KEN,male,80,4781.5,250810", "1991", "found 250,810 persons of 80")
    ]),
    ("together", [
        s(STOCKS, "UGA,KEN,2024,131317", "UGA,KEN,2024,90000000", "male", "found 90,000,000 of UGA in KEN in 2024", "the origin UGA", line=0),
        s("data/labour/employees.csv", "KEN,male,2023,0.426060", "KEN,male,2023,0", "employee_share", "nobody is an employee in KEN", line=0),
        s("data/labour/employees.csv", "KEN,female,2023,0.256140", "KEN,female,2023,0", "employee_share", "KEN-nssf has", line=0),
    ]),
    ("labour", [s("data/labour/participation.csv", "BDI,male,15,0.246641", "BDI,male,15,24.6641", "participation", "write 0.246641")]),
    ("labour", [
        s("data/labour/participation.csv", "BDI,male,16", "BDI,male,161", "age", "found 161; allowed 15 to 100"),
        s("data/labour/employees.csv", "KEN,male,2023,0.426060", "KEN,male,2023,42.606", "employee_share", "for 42.606 % write 0.42606"),
        s("data/labour/constants.csv", "earnings_cv,0.8", "earnings_vc,0.8", "name", "found 'earnings_vc'; allowed: earnings_cv"),
    ]),
    ("migration", [s(CORRIDORS, "UGA,KEN,0.9", "UGA,KEN,90", "labour_share", "allowed 0 to 1; for 90 % write 0.9")]),
    ("migration", [
        s(STOCKS, "UGA,KEN,2024,131317", "UGA,KEN,2024,-131317", "male", "found -131317; allowed 0 or more"),
        s(STOCKS, "BDI,COD,1995,63743", "BDI,COD,1996,63743", "year", "found 1996; allowed 1990 to 2024"),
        s("data/migration/age_factors.csv", "\n14,0.8,", "\n0,0.8,", "age", "must rise from 0 to 100", line=3),
    ]),
    ("migration", [
        s("data/migration/assumptions.csv", "remigration_hazard,0.03", "remigration_hazard,3", "value", "for 3 % write 0.03"),
        s("data/migration/stock_age.csv", "BDI,male,1990,0.0131328", "BDI,male,1990,0.9131328", "0", "the shares of this line add up to 1.9"),
        s(CORRIDORS, "BDI,COD,0.2,propensity", "BDI,COD,0.2,propencity", "history", "did you mean 'propensity'?"),
    ]),
    ("population", [
        s(DEATHS, "KEN,37,7.5578", "KEN,37,0.0075578", "1990", "per thousand after", "Are both per thousand?"),
        s(BIRTHS, "KEN,25,0.301147", "KEN,25,301.147", "1990", "for 301.147 per thousand write 0.301147"),
        s(RATIO, "KEN,1.016", "KEN,101.6", "1990", "for 101.6 boys per 100 girls write 1.016"),
    ]),
    ("population", [
        s(DEATHS, "KEN,0,76.386", "KEN,0,2500", "1990", "everybody dies within the year"),
        s("data/population/population.csv", "KEN,male,0,", "KEN,male,0,-", "1990", "0 or more"),
        s("data/population/net_migration_male.csv", "KEN,41,", "KEN,410,", "age", "found 410; allowed 0 to 100"),
        s("data/population/death_rates_female.csv", "KEN,50,", "KEN,50,x", "1990", "is not a number"),
    ]),
    ("careers", [
        s("data/labour/careers.yaml", "{age: 15, rate: 0.25}", "{age: 15, rate: 25}", "exit_rate[0].rate", "for 25 % write 0.25"),
        s("data/labour/careers.yaml", "migrant_coverage:", "migrant_coverag:", "migrant_coverag", "did you mean 'migrant_coverage'?", line=18),
    ]),
    ("careers", [
        s("data/labour/careers.yaml", "age: 35, rate: 0.09", "age: 20, rate: 0.09", "exit_rate", "must rise; found 15, 25, 20", line=4)
    ]),
    ("contingencies", [
        s("data/labour/contingencies.yaml", "age: 30, rate: 0.0005", "age: 30, rate: 5", "invalidity_incidence[2].rate", "write 0.05")
    ]),
    ("families", [s("data/labour/families.yaml", "age: 20, share: 0.12", "age: 20, share: 12", "married_men[1].share", "for 12 % write 0.12")]),
    ("branch_costs", [s(COSTS, "{days: 5, share: 0.40}", "{days: 5, share: 0.50}", "injury.duration", "sum to 1; found 1.1", line=27)]),
    ("branch_costs", [s(COSTS, "      value: 0.008\n", "      value: 8\n", "injury.accident_frequency.default", "for 8 % write 0.08")]),
    ("sensitivities", [
        s(SENS, "lever: real_return", "lever: real_retrun", "sensitivities[0].lever", "did you mean 'real_return'?"),
        s(SENS, "    low: -0.01\n    high: 0.01\n    source: customary in actuarial reviews of social security schemes\n    confidence: recalled\n"
          "    reason: One point either way is the usual test. Ceilings",
          "    low: -1\n    high: 0.01\n    source: customary in actuarial reviews of social security schemes\n    confidence: recalled\n"
          "    reason: One point either way is the usual test. Ceilings", "sensitivities[1].low", "allowed -0.2 to 0.2"),
        s(SENS, "key: inflation", "kay: inflation", "sensitivities[2].kay", "did you mean 'key'?"),
    ]),
    ("uncertainty", [
        s("data/uncertainty/flows.yaml", "value: 0.85", "value: 85", "persistence", "0.995"),
        s("data/uncertainty/economy.yaml", "KEN: 1.0", "KNE: 1.0", "country_scale.KNE", "did you mean 'KEN'?"),
        s("data/uncertainty/mortality_pattern.csv", "\n50,", "\n150,", "age", "found 150; allowed 0 to 100", line=52),
    ]),
    ("refugees-work", [
        s(REFUGEES, "share: 0.2", "share: 20", "migration.refugees_join.share", "for 20 % write 0.2"),
        s(REFUGEES, "first_year: 2027", "first_year: 2017", "migration.refugees_join.first_year", "allowed 2026 to 2100"),
    ]),
    ("refugees-work", [s(REFUGEES, "full_by: 2036", "full_by: 2026", "migration.refugees_join", "lies before first_year 2027")]),
    ("refugees-work", [s(REFUGEES, "  refugees_join:", "  refugees_joins:", "migration.refugees_joins", "mean 'refugees_join'?")]),
    ("base", [
        s(BASE, "inflation_add: 0.0", "inflation_add: 2", "economy.inflation_add", "for 2 % write 0.02"),
        s(BASE, "corridors: {}", "corridors: {UGA-KNE: {outflow_multiplier: 2}}", "migration.corridors.UGA-KNE", "did you mean 'KEN'?"),
        s(BASE, "non_payment: {}", "non_payment: {BDI: 100}", "payment.non_payment.BDI", "for 100 % write 1"),
    ]),
    ("base", [s(BASE, "outflow_multiplier: 1.0", "outflow_multiplier: 150", "migration.outflow_multiplier", "for 150 % write 1.5")]),
    ("base", [s(BASE, "density_factor: {}", "density_factor: {KEN: -1}", "collection.density_factor.KEN", "0 to 20")]),
    ("south-sudan-collects", [
        s("scenarios/south-sudan-collects.yaml", "SSD: SSD-nsif-coll", "SSD: SSD-nsif-col", "schemes.SSD", "did you mean 'SSD-nsif-collecting'?")
    ]),
    ("eac-directive", [
        s(DIRECTIVE, "value: 2028", "value: 2020", "entry_into_force", "allowed 2026 to 2100"),
        s(DIRECTIVE, "members: [BDI", "members: [BRI", "members[0]", "did you mean 'BDI'?"),
    ]),
    ("eac-directive", [s(DIRECTIVE, "members: [BDI, COD", "members: [BDI, BDI", "members", "found twice: BDI")]),
    ("eac-directive", [
        s(DIRECTIVE, "value: 2028", "value: 2099", "entry_into_force", "found 2099; allowed 2026 to 2055"),
        s(DIRECTIVE, "entry: 5, share: 0.60", "entry: 5, share: 0.10", "take_up[1].share", "found 0.1 after 0.25"),
        s(DIRECTIVE, "value: 60000\n", "value: 6000000000000\n", "administration.fixed_usd_per_year_per_scheme", "at", "1,000,000,000 USD"),
        s(DIRECTIVE, "value: 0.03\n", "value: 0.99\n", "administration.share_of_coordinated_benefits", "found 0.99; allowed is 0 to 0.5"),
        s(DIRECTIVE, "value: []", "value: [BDI, COD, KEN, RWA, SOM, SSD, TZA, UGA]", "scope.suspended", "found all 8 members"),
    ]),
    ("eac-directive", [
        s(DIRECTIVE, "      old_age: {from_year: 2028}\n      inval", "      inval", "scope.branches.survivors", "without old_age", line=27)
    ]),
    ("phased", [s(PHASED, "old_age: {from_year: 2028}", "old_age: {from_year: 2026}", "scope.branches.old_age.from_year", "2026 lies before entry")]),
    ("phased", [
        s(PHASED, "maternity: {from_year: 2032}", "maternitee: {from_year: 2032}", "scope.branches.maternitee", "mean 'maternity'?"),
        s(PHASED, "id: phased", "id: fased", "id", "the name of the folder, 'phased'"),
    ]),
    ("case", [
        s(CASE, "nationality: KEN", "nationality: Kenya", "person.nationality", "'Kenya'"),
        s(CASE, "contingency: old_age", "contingency: oldage", "contingency", "did you mean 'old_age'?"),
        s(CASE, "instrument: eac-directive", "instrument: eac-directve", "instrument", "did you mean 'eac-directive'?"),
    ]),
    ("case", [
        s(CASE, "balance: 650000", "balance: -650000", "states.KEN.balance", "0 or more"),
        s(CASE, "KES: 130", "KES: 0", "exchange_rates.KES", "greater than 0"),
    ]),
    ("case", [
        s(CASE, "balance: 650000", "balance: 1.0e30", "states.KEN.balance", "at most 1,000,000,000,000"),
        s(CASE, "from: 2001-01, to: 2008-12", "from: 2001-01, to: 2045-12", "states.KEN.periods[0].to", "2045-12, after the day of the claim"),
        s(CASE, "from: 2009-01", "from: 1850-01", "states.RWA.periods[0].from", "found a period of 1850; allowed from 1900"),
    ]),
    ("case", [
        s(CASE, "residence: KEN}", "residence: KEN, born: 1975-06-01, sex: male}\nnote_: x", "note_", "unknown key", line=6),
        s(CASE, "from: 2001-01", "from: 1971-01", "states.KEN.periods[0].from", "before birth on 1975-06-01", line=12),
    ]),
    ("RWA-rssb", [s(RWA, "from: 2030, value: 0.10", "from: 2030, value: 10", "contributions.employee.values[5].value", "for 10 per cent write 0.1")]),
    ("RWA-rssb", [s(RWA, "value: 1/600", "value: 2", "old_age.formula.accrual_per_month.values[1].value", "for 2 per cent write 0.02")]),
    ("RWA-rssb", [s(RWA, "value: 1/600", "value: 0.02", "old_age.formula.accrual_per_month", "for 0.02 a year write 0.02/12", line=89)]),
    ("RWA-rssb", [s(RWA, "value: 0.30, unit", "value: 0.90, unit", "old_age.formula.first_share", "found 0.9, above maximum_share 0.8")]),
    ("RWA-rssb", [s(RWA, "value: 33710", "value: 3371000", "old_age.minimum_pension", "above the average insured pay of the base year", line=110)]),
    ("RWA-rssb", [s(RWA, "from: 2027, value: 0.07", "from: 2027, value: 0.90", "contributions", "of earnings together from 2027-01-01", line=49)]),
    ("RWA-rssb", [s(RWA, "value: 13000", "value: 1300000", "old_age.minimum_pension", "of the base year", "from 2018-04-16", line=110)]),
    ("RWA-rssb", [s(RWA, "male: {value: 60", "male: {value: 75", "old_age.pension_age.male", "insured careers end at 69")]),
    ("RWA-rssb", [s(RWA, "wage_share: {value: 0,", "wage_share: {value: 0.5,", "pensions_in_payment", "add up to 1.25", line=131)]),
    ("RWA-rssb", [
        s(RWA, "contributions: {value: 314700000000,", "contributions: {value: 314700,", "calibration.contributions", "Thousands or millions?")
    ]),
    ("RWA-rssb", [s(RWA, "value: 470000, unit: RWF per month", "value: 470000, unit: RWF per year", "calibration.average_insurable_earnings.unit",
                    "it must be 'RWF per month'")]),
    ("RWA-rssb", [s(RWA, "pension_payroll: {value: 52300000000", "pension_payroll: {value: 523000000000", "calibration.pension_payroll",
                    "above all benefits, 57,000,000,000")]),
    ("RWA-rssb", [
        s(RWA, "from: 2029, value: 0.09", "from: 2029, value: 9", "contributions.employee.values[4].value", "for 9 per cent write 0.09"),
        s(RWA, "source: [1, 2],\n", "source: [1, 77],\n", "identity.scheme_type.source", "source 77 is not in the list 'sources'"),
        s(RWA, "unit: RWF per month\n", "unit: KES per month\n", "contributions.minimum_wage.unit", "the scheme's currency is RWF"),
    ]),
    ("RWA-rssb", [s(RWA, "currency: RWF", "currency: KES", "currency", "amounts are in RWF: the scheme's currency is KES here only")]),
    ("RWA-rssb", [
        s(RWA, "ceiling: {none: true, source: 3", "ceiling: {none: true, sorce: 3", "contributions.ceiling.sorce", "did you mean 'source'?")
    ]),
    ("KEN-nssf", [s(KEN, "indexation: wages", "indexation: wage", "contributions.ceiling.indexation", "did you mean 'wages'?")]),
    ("KEN-nssf", [s(KEN, "early_age: {value: 50", "early_age: {value: 65", "account", "out of order: early payout at 65, payout at 60", line=72)]),
    ("KEN-nssf", [s(KEN, "cash_share: {value: 0.2", "cash_share: {value: 20", "account.cash_share.value", "for 20 per cent write 0.2")]),
    ("TZA-nssf", [
        s(TZA, "kind: defined_benefit", "kind: defined_benefits", "kind", "did you mean 'defined_benefit'?"),
        s(TZA, "pension_age:", "pension_ages:", "old_age.pension_ages", "did you mean 'pension_age'?"),
    ]),
    ("all schemes", [
        s(RWA, "male: {value: 60", "male: {value: 600", "old_age.pension_age.male.value", "whole ages from 40 to 75"),
        s(KEN, "id: KEN-nssf", "id: KEN-nsf", "id", "the folder's name 'KEN-nssf'"),
        s(TZA, "country: TZA", "country: TZB", "country", "begins with another country"),
    ]),
]  # fmt: skip


@pytest.fixture(scope="session")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One copy of the shipped inputs; every test puts back what it spoils."""
    root = tmp_path_factory.mktemp("inputs")
    shutil.copytree(ROOT / "data", root / "data", ignore=shutil.ignore_patterns("derive", "__pycache__", "datapackage.json"))
    shutil.copytree(ROOT / "scenarios", root / "scenarios")
    return root


def complaint(root: Path, loader: str, spoils: list[Spoil]) -> tuple[str, dict[Spoil, int]]:
    """The message of an input spoilt in these places, and the line of each."""
    lines: dict[Spoil, int] = {}
    kept: dict[Path, str] = {}
    load = LOADERS.get(loader, lambda root: load_scheme(root / "data" / "schemes" / loader))
    try:
        for spoil in spoils:
            path = root / spoil.file
            text = path.read_text(encoding="utf-8")
            assert spoil.old in text, spoil.old
            kept.setdefault(path, text)
            lines[spoil] = text[: text.index(spoil.old)].count("\n") + 1 if spoil.line is None else spoil.line
            path.write_text(text.replace(spoil.old, spoil.new, 1), encoding="utf-8", newline="\n")
        with pytest.raises(InputError) as caught:
            load(root)
    finally:
        for path, text in kept.items():
            path.write_text(text, encoding="utf-8", newline="\n")
    return str(caught.value), lines


@pytest.mark.parametrize(("loader", "spoils"), CASES, ids=[f"{loader}: {', '.join(x.new[:30] for x in spoils)}" for loader, spoils in CASES])
def test_what_cannot_be_is_told_whole(clean: Path, loader: str, spoils: list[Spoil]) -> None:
    message, lines = complaint(clean, loader, spoils)
    told = message.splitlines()
    for spoil, line in lines.items():
        assert shown(clean / spoil.file) in message
        place = ", ".join([*([f"line {line}"] if line else []), *([spoil.field] if spoil.field else [])])
        own = [one for one in told if (f"{place}:" in one if place else True) and all(part in one for part in spoil.told)]
        assert own, f"{place}: {spoil.told} is not in\n{message}"


def test_there_are_enough_of_them() -> None:
    assert len(CASES) >= 55 and sum(len(spoils) for _, spoils in CASES) >= 90
    assert {loader for loader, _ in CASES} >= set(LOADERS)
