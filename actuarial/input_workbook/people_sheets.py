"""Sheets of members and pensioners by age and sex, prefilled with the spread that the model uses.

1. Contributors: pattern of cover of the labour basis times the population of 1 January after the valuation date, cut at pension age, brought to the
   number of contributors of the base year and rounded to persons by largest remainders.
2. Pay: the earnings profile times the average insured earnings of the base year. Only its shape counts.
3. Pensioners: the population above pension age, sexes in proportion to contributors, brought to the number of pensioners; each with the average.
4. An untouched sheet changes nothing. A changed one becomes a table of the scheme's own (:mod:`actuarial.basis.scheme_people`), all of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np

from actuarial.basis.dimensions import AGE_COUNT, FIRST_YEAR, LAST_YEAR, OPEN_AGE, SEXES, WORK_AGE_FIRST, Array
from actuarial.basis.labour import load_labour
from actuarial.basis.scheme import Indices, Scheme
from actuarial.basis.scheme_people import FIRST_PENSION_AGE, MEMBERS, PENSIONERS
from actuarial.input_workbook.csv_file import read_csv
from actuarial.input_workbook.model import Agreement, Cell, Column, Input, Limits, Row, Sheet, Target
from actuarial.reporting.language import _, in_context, phrase

AMOUNT: Final = Limits(least=0.0)


@dataclass(frozen=True)
class People:
    """Members and pensioners of one scheme, which collects contributions and has a base year."""

    data: Path
    scheme: Scheme
    members: tuple[str, ...]
    """Member states, as :func:`load_labour` wants them."""

    @property
    def _folder(self) -> str:
        return f"schemes/{self.scheme.id}"

    def _target(self, name: str) -> float:
        return float(self.scheme.calibration[name].value)

    @cached_property
    def _population(self) -> Array:
        """Residents [sex, age] at 1 January after the valuation date."""
        people = np.zeros((len(SEXES), AGE_COUNT))
        for row in read_csv(self.data / "population" / "population.csv").where(country=self.scheme.country):
            people[SEXES.index(row["sex"]), int(row["age"])] = float(row[str(FIRST_YEAR)])
        return people

    @cached_property
    def _pension_age(self) -> tuple[int, int]:
        flat = np.zeros(LAST_YEAR + 1 - 1900)
        return self.scheme.law_on(date(FIRST_YEAR, 7, 1), Indices.from_growth(flat, flat, 1900)).pension_age

    @cached_property
    def _contributors(self) -> tuple[Array, Array]:
        """Contributors and relative pay [sex, age]."""
        labour = load_labour(self.data, self.members)
        c = labour.index(self.scheme.country)
        pattern = labour.participation[c] * labour.employment_ratio[c] * labour.covered_share_by_sex[c][:, None] * labour.coverage_shape[None, :]
        people = pattern * self._population
        people[:, :WORK_AGE_FIRST] = 0.0
        for sex, age in enumerate(self._pension_age):
            people[sex, age:] = 0.0
        return rounded(people, self._target("active_contributors")), labour.earnings_profile

    def members_sheet(self) -> Sheet:
        """Contributors and their pay by age and sex."""
        own = self.scheme.people
        people, pay = self._contributors
        if own.contributors is not None and own.earnings is not None:
            people, pay = own.contributors, own.earnings
        average = self._target("average_insurable_earnings")
        pay = np.round(pay * average / (float((people * pay).sum()) / float(people.sum())), 2 if average < 1000 else 0)
        rows = []
        for age in range(WORK_AGE_FIRST, max(self._pension_age)):
            cells: list[Cell] = []
            for column, values in (("contributors", people), ("earnings", pay)):
                for sex, name in enumerate(SEXES):
                    closed = column == "contributors" and age >= self._pension_age[sex]
                    most = 0.0 if closed else float(np.floor(self._population[sex, age])) if column == "contributors" else np.inf
                    limits = replace(AMOUNT, most=most, least=0.0 if column == "contributors" else 0.01)
                    cells.append(Input(self._place(MEMBERS, name, age, column), float(values[sex, age]), limits))
            rows.append(Row(age, tuple(cells)))
        per_month = phrase("{currency} per month", currency=self.scheme.currency)
        columns = (
            Column("age", _("Age"), _("years"), 10),
            Column("contributors_male", _("Men who contribute"), _("persons"), 18, total=True),
            Column("contributors_female", _("Women who contribute"), _("persons"), 18, total=True),
            Column("earnings_male", _("Average insured pay, men"), per_month, 18),
            Column("earnings_female", _("Average insured pay, women"), per_month, 18),
        )
        intro = (
            _("Active contributors at the valuation date by age last birthday, and their average insured pay."),
            _("Prefilled with the model's own spread (confidence: assumed): labour force, shape of cover, earnings profile."),
            _("Replace it by the register. Untouched, the sheet changes nothing; changed, its total must be the contributors of the base year."),
            _("Of pay only the shape counts: its level follows from the contributions of the base year."),
        )
        return Sheet(
            "members", in_context("sheet", "Members"), _("Members by age and sex"), intro, columns, tuple(rows), total=_("Total")
        )

    def pensioners_sheet(self) -> Sheet:
        """Pensions in payment by age and sex."""
        contributors, _pay = self._contributors
        spread = np.zeros((len(SEXES), AGE_COUNT))
        for sex, age in enumerate(self._pension_age):
            old = self._population[sex, age:]
            spread[sex, age:] = old / old.sum() * contributors[sex].sum()
        number, payroll = self._target("pensioners"), self._target("pension_payroll")
        people = rounded(spread, number)
        average = np.full_like(people, round(payroll / 12.0 / number, 2))
        own = self.scheme.people
        if own.pensioners is not None and own.pensions is not None:
            people = own.pensioners * number
            average = np.divide(own.pensions * payroll / 12.0, people, out=np.zeros_like(people), where=people > 0.0)
        rows = []
        for age in range(FIRST_PENSION_AGE, OPEN_AGE + 1):
            cells: list[Cell] = []
            for column, values in (("pensioners", people), ("average_pension", average)):
                for sex, name in enumerate(SEXES):
                    most = float(np.floor(self._population[sex, age])) if column == "pensioners" else np.inf
                    most = max(most, float(values[sex, age]))
                    cells.append(Input(self._place(PENSIONERS, name, age, column), float(values[sex, age]), replace(AMOUNT, most=most)))
            rows.append(Row(age, tuple(cells)))
        per_month = phrase("{currency} per month", currency=self.scheme.currency)
        columns = (
            Column("age", _("Age"), _("years"), 10),
            Column("pensioners_male", _("Men in receipt of a pension"), _("persons"), 18, total=True),
            Column("pensioners_female", _("Women in receipt of a pension"), _("persons"), 18, total=True),
            Column("average_pension_male", _("Average pension, men"), per_month, 18),
            Column("average_pension_female", _("Average pension, women"), per_month, 18),
        )
        intro = (
            _("Pensions in payment at the valuation date by age last birthday (last row: 100 and over), and their average."),
            _("Prefilled with the model's own spread (confidence: assumed): the population above pension age, everybody with the average pension."),
            _("Untouched, the sheet changes nothing; changed, its total must be the pensioners of the base year."),
            _("Number times average times 12 must then be the yearly amount of pensions in payment of the base year."),
        )
        heading = _("Pensioners by age and sex")
        return Sheet("pensioners", in_context("sheet", "Pensioners"), heading, intro, columns, tuple(rows), total=_("Total"))

    def agreements(self) -> tuple[Agreement, ...]:
        """Totals of the two sheets and the figures of the base year that they must meet."""
        heads, none = ("contributors_male", "contributors_female"), ()
        file = f"{self._folder}/params.yaml"
        found = [Agreement("members", heads, none, 1.0, Target(file, ("calibration", "active_contributors"), "value"), "contributors", 1e-3)]
        if self.scheme.kind == "defined_benefit":
            heads, pay = ("pensioners_male", "pensioners_female"), ("average_pension_male", "average_pension_female")
            number, payroll = (Target(file, ("calibration", name), "value") for name in ("pensioners", "pension_payroll"))
            found.append(Agreement("pensioners", heads, none, 1.0, number, "pensioners", 1e-3))
            found.append(Agreement("pensioners", heads, pay, 12.0, payroll, "pensions of a year", 1e-2))
        return tuple(found)

    def _place(self, table: str, sex: str, age: int, column: str) -> Target:
        return Target(f"{self._folder}/{table}", (("sex", sex), ("age", str(age))), column)


def rounded(spread: Array, total: float) -> Array:
    """``spread`` brought to ``total`` and rounded to whole numbers that add up to the rounded total, by largest remainders.

    >>> rounded(np.array([1.0, 1.0, 1.0]), 100.0)
    array([34., 33., 33.])
    """
    exact = spread * (total / float(spread.sum()))
    whole: Array = np.floor(exact)
    missing = round(round(total) - float(whole.sum()))
    for at in np.argsort(-(exact - whole).ravel(), kind="stable")[:missing]:
        whole.ravel()[at] += 1.0
    return whole
