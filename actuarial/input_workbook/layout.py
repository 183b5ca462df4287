"""The sheets of a country's input workbook, from the data files themselves: a new country or a new rule in a scheme file needs no code."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from actuarial.basis.dimensions import VALUATION_YEAR
from actuarial.basis.errors import raise_problems
from actuarial.basis.region import load_region
from actuarial.basis.scheme import check_scheme, load_scheme
from actuarial.basis.yaml_file import read_yaml
from actuarial.input_workbook.model import VERSION, Agreement, Column, Row, Sheet, Shown, Template
from actuarial.input_workbook.people_sheets import People
from actuarial.input_workbook.scheme_rows import SchemeRows
from actuarial.input_workbook.table_sheets import Tables
from actuarial.reporting.language import _, data_text, in_context, language, phrase

READ_ME: Final = "readme"
_BRANCHES: Final = ("invalidity", "survivors", "employment_injury", "maternity", "sickness", "health", "family", "unemployment")


def template(data: Path, country: str) -> Template:
    """Everything the input workbook of ``country`` holds, in the active language.

    Raises :class:`InputError` for an unknown country and for data files that cannot be used.
    """
    region = load_region(data)
    scheme_id = region.scheme_ids[region.index(country)]
    file = f"schemes/{scheme_id}/params.yaml"
    document = read_yaml(data / file)
    model, problems = check_scheme(document, scheme_id)
    raise_problems(problems)
    assert model is not None
    scheme = load_scheme(data / "schemes" / scheme_id)
    rows, tables = SchemeRows(document.data, model, file), Tables(data, region, country)
    title = data_text(scheme.title)
    sheets = [_base(rows, tables, title)]
    agreements: tuple[Agreement, ...] = ()
    left_out = [_("Population, mortality and fertility (World Population Prospects; folder data/population).")]
    people = People(data, scheme, region.members)
    if scheme.collecting and scheme.starts is None:
        sheets.append(people.members_sheet())
        agreements = people.agreements()
        if scheme.kind == "defined_benefit":
            sheets.append(people.pensioners_sheet())
        else:
            left_out.append(_("Pensioners by age and sex: the scheme keeps accounts and pays no pensions."))
    else:
        left_out.append(_("Members and pensioners by age and sex: nobody is insured at the valuation date."))
    sheets += [*_rules(rows, title), *_branches(rows), _economy(tables), tables.past_years(), tables.work(), tables.corridors(), tables.stocks()]
    left_out.append(_("What is assumed for the whole region: shapes of careers, families, random processes (folders data/labour, data/uncertainty)."))
    left_out.append(_("Rules in words, and facts of the scheme file kept for reference only."))
    facts: dict[str, str | int] = {
        "template_kind": "actuarial input workbook",
        "template_version": VERSION,
        "template_country": country,
        "template_currency": region.currencies[region.index(country)],
        "template_valuation_year": VALUATION_YEAR,
        "template_language": language(),
        "template_shape": _digest([(s.key, s.header_row, s.has_units, [c.key for c in s.columns]) for s in sheets]),
        "template_words": _digest([_words(sheet) for sheet in sheets]),
        "template_basis": _digest([(s.key, str(cell.target), repr(cell.value)) for s in sheets for _r, _c, cell in s.inputs()]),
    }
    name = data_text(region.name_of(country))
    return Template(country, name, str(facts["template_currency"]), tuple(sheets), facts, agreements, tuple(left_out))


def _list_columns() -> tuple[Column, ...]:
    return (
        Column("reference", _("Reference"), "", 27),
        Column("input", _("Input"), "", 36),
        Column("from", _("Holds from"), "", 11),
        Column("value", _("Value"), "", 18),
        Column("unit", _("Unit"), "", 26),
        Column("confidence", _("Confidence"), "", 13),
        Column("source", _("Source"), "", 40),
        Column("reason", _("Note"), "", 48),
    )


def _list(key: str, tab: str, heading: str, intro: tuple[str, ...], rows: list[Row]) -> Sheet:
    return Sheet(key, tab, heading, intro, _list_columns(), tuple(rows), frozen=2)


def _base(rows: SchemeRows, tables: Tables, title: str) -> Sheet:
    intro = (
        phrase("Where the projection of {scheme} starts: members, pay, money and pensions of the base year.", scheme=title),
        _("Below them: how much of what is due is paid, what running the scheme costs, and how cover differs between men and women."),
        _("Flows are of the calendar year, stocks of its 31 December."),
    )
    found = rows.of("calibration", "beginning", "collection", "administration")
    found += [Row("cover", heading=_("Cover of men and women")), *tables.employees()]
    return _list("base", in_context("sheet", "Base year"), phrase("Base year {year}", year=str(VALUATION_YEAR)), intro, found)


def _rules(rows: SchemeRows, title: str) -> list[Sheet]:
    found = rows.of("contributions", "old_age", "account", "lump_sum", "pensions_in_payment", "leaving")
    intro = (
        phrase("The law of {scheme} as the projection applies it: contribution rates, limits of insured pay, ages, formulas.", scheme=title),
        _("A value holds from its date until the next one, without a date always. The last amount then follows the index given."),
        _("A contribution rate is that of the base year too: pay is brought to where rate times pay gives the contributions of that year."),
    )
    return [_list("rules", in_context("sheet", "Rules"), _("Contributions and old-age rules"), intro, found)] if found else []


def _branches(rows: SchemeRows) -> list[Sheet]:
    found = rows.of(*(f"branches.{name}" for name in _BRANCHES))
    intro = (_("Contributions and benefits of the branches beside old age."),)
    return [_list("branches", in_context("sheet", "Other branches"), _("Other branches"), intro, found)] if found else []


def _economy(tables: Tables) -> Sheet:
    intro = (
        _("Paths of prices, wages and returns. Each goes from the rate of the base year to the long-run rate, which it reaches in 2035."),
        _("The distance to the long run shrinks by 30 per cent a year. Exchange rates follow prices here and in the United States."),
    )
    found = [Row("paths", heading=_("Paths")), *tables.long_run(), Row("levels", heading=_("Levels")), *tables.levels()]
    return _list("economy", in_context("sheet", "Economy"), _("Economy"), intro, found)


def _words(sheet: Sheet) -> list[object]:
    """Words of a sheet that reading checks, in the active language."""
    columns = [(column.header, column.unit) for column in sheet.columns]
    return [*columns, sheet.total, *(cell.value for row in sheet.rows for cell in row.cells if isinstance(cell, Shown) and cell.checked)]


def _digest(what: Sequence[object]) -> str:
    return hashlib.sha256(repr(what).encode("utf-8")).hexdigest()[:16]
