"""Sheets and rows of the CSV tables: economy, labour force, migration. Rows are found by the country's code, limits in ``datapackage.json``."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from actuarial.basis.dimensions import SEXES, VALUATION_YEAR
from actuarial.basis.region import Region
from actuarial.input_workbook.csv_file import CsvFile, read_csv
from actuarial.input_workbook.evidence import evidence_cells, shown_evidence
from actuarial.input_workbook.model import Cell, Column, Input, Limits, Row, Sheet, Shown, Target
from actuarial.reporting.language import _, data_text, in_context, phrase

LEVELS: Final = "economy/levels.csv"
LONG_RUN: Final = "economy/long_run.csv"
PRICES: Final = "economy/prices.csv"
OUTPUT: Final = "economy/output.csv"
PARTICIPATION: Final = "labour/participation.csv"
EMPLOYEES: Final = "labour/employees.csv"
CORRIDORS: Final = "migration/corridors.csv"
STOCKS: Final = "migration/stocks.csv"
_RATE: Final = Limits(least=-0.5, most=1.0, percent=True)
"""Yearly rates of the projection."""
_PAST_RATE: Final = Limits(least=-0.99, most=10_000.0)
"""Yearly rates of the past: prices have risen by more than 100 per cent in a year."""


class Tables:
    """The tables of one country below the folder ``data``."""

    def __init__(self, data: Path, region: Region, country: str) -> None:
        self._data, self._region, self.country = data, region, country
        self.currency = region.currencies[region.index(country)]

    @cached_property
    def _package(self) -> dict[str, Any]:
        package = json.loads((self._data / "datapackage.json").read_text(encoding="utf-8"))
        return {resource["path"]: resource for resource in package["resources"]}

    def read(self, file: str) -> CsvFile:
        """A table by its path below ``data``."""
        return read_csv(self._data / file)

    def limits(self, file: str, column: str, *, optional: bool = False) -> Limits:
        """Limits of a column as the descriptor of the tables gives them."""
        field = next(f for f in self._package[file]["schema"]["fields"] if f["name"] == column)
        given = field.get("constraints", {})
        low, high = given.get("minimum", -math.inf), given.get("maximum", math.inf)
        percent = field.get("unit", "").startswith(("fraction", "share"))
        return Limits("whole" if field["type"] == "integer" else "number", low, high, percent=percent, optional=optional)

    def source(self, file: str) -> str:
        """Publications behind a table."""
        return "; ".join(source["title"] for source in self._package[file]["sources"])

    def confidence(self, file: str) -> str | None:
        """Evidence mark of a whole table; ``None`` where its figures differ."""
        mark = self._package[file].get("confidence")
        return None if mark == "mixed" else mark

    def levels(self) -> list[Row]:
        """Wages and exchange rate of the base year, rows of a list."""
        labels = {
            "average_wage": _("average insured wage (a start: the level is calibrated to contributions)"),
            "minimum_wage": _("minimum wage"),
            "exchange_rate": _("exchange rate of the base year"),
        }
        rows = []
        for row in self.read(LEVELS).where(country=self.country):
            level = row["level"]
            key = (("country", self.country), ("level", level))
            past = (("country", self.country), ("year", str(VALUATION_YEAR)))
            also = (Target(OUTPUT, past, "exchange_rate"),) if level == "exchange_rate" else ()
            cell = Input(Target(LEVELS, key, "value"), float(row["value"]), self.limits(LEVELS, "value"), key, also)
            evidence = evidence_cells(LEVELS, key, {part: row[part] for part in ("confidence", "source", "reason")})
            rows.append(Row(f"levels.{level}", (Shown(labels[level]), Shown(row["year"], True), cell, Shown(row["unit"], True), *evidence)))
        return rows

    def long_run(self) -> list[Row]:
        """Paths of prices, wages and returns: rate of the base year and rate in the long run."""
        labels = {
            "inflation": _("inflation"),
            "real_wage_growth": _("growth of wages above prices"),
            "real_return": _("return on assets above prices"),
        }
        rows = []
        for row in self.read(LONG_RUN).where(country=self.country):
            rate = row["rate"]
            key = (("country", self.country), ("rate", rate))
            for column, since in (("start", str(VALUATION_YEAR)), ("long_run", "2035")):
                least = 1e-6 if (rate, column) == ("real_return", "long_run") else _RATE.least
                limits = replace(_RATE, least=least)
                cell = Input(Target(LONG_RUN, key, column), float(row[column]), limits, key)
                given = {part: row[part] for part in ("confidence", "reason")}
                evidence = evidence_cells(LONG_RUN, key, given) if column == "start" else shown_evidence(None, "", "")
                start = Shown(since, True)
                rows.append(Row(f"{rate}.{column}", (Shown(labels[rate]), start, cell, Shown(_("share per year"), True), *evidence)))
        return rows

    def employees(self) -> list[Row]:
        """Share of employees among the employed, by sex: the relative cover of the sexes."""
        rows = []
        for row in self.read(EMPLOYEES).where(country=self.country):
            key = (("country", self.country), ("sex", row["sex"]))
            cell = Input(Target(EMPLOYEES, key, "employee_share"), float(row["employee_share"]), self.limits(EMPLOYEES, "employee_share"))
            label = _("employees among the employed, men") if row["sex"] == "male" else _("employees among the employed, women")
            note = _("Relative cover of the sexes; its level is calibrated to the number of contributors.")
            evidence = shown_evidence(self.confidence(EMPLOYEES), self.source(EMPLOYEES), note)
            unit = Shown(_("share of employment"), True)
            rows.append(Row(f"employees.{row['sex']}", (Shown(label), Shown(row["year"], True), cell, unit, *evidence)))
        return rows

    def past_years(self) -> Sheet:
        """Prices, output and exchange rate of the past."""
        inflation = {row["year"]: row for row in self.read(PRICES).where(country=self.country)}
        rows = []
        for row in self.read(OUTPUT).where(country=self.country):
            key = (("country", self.country), ("year", row["year"]))
            cells: list[Cell] = [Input(Target(PRICES, key, "inflation"), float(inflation[row["year"]]["inflation"]), _PAST_RATE, key)]
            for column in ("growth_per_worker", "gdp", "exchange_rate"):
                limits = _PAST_RATE if column == "growth_per_worker" else self.limits(OUTPUT, column)
                last = column == "exchange_rate" and row["year"] == str(VALUATION_YEAR)
                target = Target(OUTPUT, key, column)
                cells.append(Shown(_("see Economy")) if last else Input(target, float(row[column]), limits))
            rows.append(Row(int(row["year"]), tuple(cells)))
        columns = (
            Column("year", _("Year"), _("calendar year"), 12),
            Column("inflation", _("Inflation"), _("share per year"), 16),
            Column("growth_per_worker", _("Growth of output per worker above prices"), _("share per year"), 20),
            Column("gdp", _("Gross domestic product"), phrase("million {currency}", currency=self.currency), 20),
            Column("exchange_rate", _("Exchange rate"), phrase("{currency} per USD", currency=self.currency), 18),
        )
        intro = (
            _("Past prices, wages and output. The careers of today's members are built with them, and pensions follow past earnings."),
            phrase("Sources: {prices}.", prices=self.source(PRICES)),
            _("Shares are fractions: 0.05 is 5 per cent."),
        )
        return Sheet("years", in_context("sheet", "Past years"), _("Past years"), intro, columns, tuple(rows))

    def work(self) -> Sheet:
        """Participation and employment by age and sex."""
        table = self.read(PARTICIPATION)
        found = {(row["sex"], row["age"]): row for row in table.where(country=self.country)}
        rows = []
        for age in sorted({int(age) for _sex, age in found}):
            cells: list[Cell] = []
            for column in ("participation", "employment_ratio"):
                for sex in SEXES:
                    key = (("country", self.country), ("sex", sex), ("age", str(age)))
                    target = Target(PARTICIPATION, key, column)
                    cells.append(Input(target, float(found[sex, str(age)][column]), self.limits(PARTICIPATION, column)))
            rows.append(Row(age, tuple(cells)))
        columns = (
            Column("age", _("Age"), _("years"), 10),
            Column("participation_male", _("Men in the labour force"), _("share of the population"), 20),
            Column("participation_female", _("Women in the labour force"), _("share of the population"), 20),
            Column("employment_male", _("Men employed"), _("share of the labour force"), 20),
            Column("employment_female", _("Women employed"), _("share of the labour force"), 20),
        )
        intro = (
            _("Who works. Used to say who can be insured; the level of cover follows from the number of contributors."),
            phrase("Sources: {sources}.", sources=self.source(PARTICIPATION)),
        )
        return Sheet("work", in_context("sheet", "Work"), _("Labour force by age and sex"), intro, columns, tuple(rows))

    def _pairs(self, file: str) -> list[dict[str, str]]:
        return [row for row in self.read(file).rows if self.country in (row["origin"], row["host"])]

    def _corridor(self, row: dict[str, str]) -> str:
        names = {c: data_text(self._region.name_of(c)) for c in (row["origin"], row["host"])}
        return phrase("{origin} to {host}", origin=names[row["origin"]], host=names[row["host"]])

    def corridors(self) -> Sheet:
        """What is assumed of labour migration between this country and every other."""
        history = (("matrix", _("as the stocks")), ("propensity", _("as the populations")))
        rows = []
        for row in self._pairs(CORRIDORS):
            key = (("origin", row["origin"]), ("host", row["host"]))
            cells: list[Cell] = [Shown(self._corridor(row))]
            for column in ("labour_share", "mean_stay_years", "gravity_factor"):
                limits = self.limits(CORRIDORS, column)
                most = {"mean_stay_years": 100.0, "gravity_factor": 10.0}.get(column, limits.most)
                cells.append(Input(Target(CORRIDORS, key, column), float(row[column]), replace(limits, most=most), key))
            cells.append(Input(Target(CORRIDORS, key, "history"), row["history"], Limits("choice", choices=history), key))
            mark, _source, reason = evidence_cells(CORRIDORS, key, {part: row[part] for part in ("confidence", "reason")})
            rows.append(Row(f"{row['origin']}-{row['host']}", (*cells, mark, reason)))
        columns = (
            Column("corridor", _("Reference"), "", 12),
            Column("name", _("Corridor"), "", 28),
            Column("labour_share", _("Labour movers in the migrant stock"), _("share of the stock of 2024"), 18),
            Column("mean_stay_years", _("Mean stay abroad"), _("years"), 14),
            Column("gravity_factor", _("Factor where no stock is known"), _("times the region's median"), 18),
            Column("history", _("Labour stocks of before"), _("how they moved"), 20),
            Column("confidence", _("Confidence"), "", 13),
            Column("reason", _("Note"), "", 70),
        )
        intro = (
            _("Who moves for work between the country and each member state, and for how long."),
            _("The rest of a stock are refugees and people born abroad. Flows follow from the stocks (next sheet), these shares and these stays."),
        )
        return Sheet("corridors", in_context("sheet", "Corridors"), _("Migration by corridor"), intro, columns, tuple(rows), frozen=2)

    def stocks(self) -> Sheet:
        """Migrant stocks between this country and every other."""
        found = self._pairs(STOCKS)
        years = sorted({row["year"] for row in found})
        rows = []
        for corridor in self._pairs(CORRIDORS):
            own = {row["year"]: row for row in found if (row["origin"], row["host"]) == (corridor["origin"], corridor["host"])}
            cells: list[Cell] = [Shown(self._corridor(corridor))]
            for year in years:
                key = (("origin", corridor["origin"]), ("host", corridor["host"]), ("year", year))
                for sex in SEXES:
                    known = own[year]["status"] == "reported"
                    value = float(own[year][sex]) if known else None
                    limits = self.limits(STOCKS, sex, optional=not known)
                    cells.append(Input(Target(STOCKS, key, sex), value, limits))
            rows.append(Row(f"{corridor['origin']}-{corridor['host']}", tuple(cells)))
        columns = [Column("corridor", _("Reference"), "", 12), Column("name", _("Corridor"), "", 28)]
        for year in years:
            columns.append(Column(f"male_{year}", phrase("Men, {year}", year=year), _("persons"), 12, total=True))
            columns.append(Column(f"female_{year}", phrase("Women, {year}", year=year), _("persons"), 12, total=True))
        intro = (
            phrase("People born in one state who live in the other, at 1 July. The projection starts from those of {year}.", year=years[-1]),
            phrase("Sources: {sources}.", sources=self.source(STOCKS)),
            _("An empty cell: nothing usable was published. Fill in both sexes of a year, or neither."),
        )
        return Sheet(
            "stocks", in_context("sheet", "Migrants"), _("Migrant stocks by corridor"), intro, tuple(columns), tuple(rows), total=_("Total"), frozen=2
        )
