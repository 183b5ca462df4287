"""The first sheet: what the workbook is, how it is filled in and given back, and what identifies it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from actuarial.basis.figure import CONFIDENCES
from actuarial.input_workbook.model import Template
from actuarial.reporting.language import _, marked, phrase
from actuarial.reporting.words import confidence

READ_ME_WIDTHS: Final = (26, 62, 16)
_MEANINGS: Final = {
    "verified": marked("read in an official text, or in sources that agree"),
    "partial": marked("read in one secondary or old source"),
    "recalled": marked("professional memory, to be checked before publication"),
    "derived": marked("computed from other figures; the note says how"),
    "assumed": marked("chosen because nothing was found; the note says why"),
}
_FACTS: Final = {
    "template_kind": marked("Kind of file"),
    "template_version": marked("Version of the template"),
    "template_country": marked("Country"),
    "template_currency": marked("Currency of every amount"),
    "template_valuation_year": marked("Base year"),
    "template_language": marked("Language"),
    "template_shape": marked("Mark of the layout"),
    "template_words": marked("Mark of the words"),
    "template_basis": marked("Mark of the prefilled figures"),
}


@dataclass(frozen=True)
class Line:
    """A row of the sheet: texts of its cells, style of the first and of the others, name of its second cell."""

    texts: tuple[str | int, ...] = ()
    style: str = "wrap"
    others: str = "wrap"
    fact: str = ""


def read_me(template: Template) -> list[Line]:
    """Rows of the read-me sheet from its third row on, in the active language."""
    heading = "heading"
    command = f"python run.py reports --country {template.country} --workbook FILE.xlsx"
    lines = [
        Line((_("The figures that the projection of this country starts from, to be checked and replaced by the institution's own."),)),
        Line((_("An untouched workbook changes nothing: the results are those of the toolkit's own figures."),)),
        Line(),
        Line((_("How to fill it in"),), heading),
        Line((_("1. Change yellow cells only. Every other cell is locked (no password), because it says what the figure beside it means."),)),
        Line((_("2. Write numbers as numbers, with the decimal sign of your Excel or LibreOffice: 1234.5 or 1234,5. No spaces, no units."),)),
        Line((_("3. A cell shown in per cent takes 14 % or 0.14 for fourteen per cent; fractions elsewhere are written 0.14."),)),
        Line((_("4. Amounts are in units of the currency (not thousands or millions) for the period named beside them."),)),
        Line((_("5. Beside a changed figure set confidence, source and note. Left alone, they become: assumed, this file."),)),
        Line((_("6. Insert, delete, hide or merge nothing, and keep all sheets. Tabs may be renamed."),)),
        Line((_("7. Save as .xlsx, without a password."),)),
        Line(),
        Line((_("How to use it"),), heading),
        Line((phrase("Give it to the command: {command}", command=command),)),
        Line((_("What cannot be used is listed with sheet and cell, all at once, and nothing is computed. The run lists every changed figure."),)),
        Line(),
        Line((_("Sheets"), "", _("Inputs")), "header", "header"),
    ]
    lines += [Line((sheet.tab, sheet.heading, sum(1 for _input in sheet.inputs())), "label") for sheet in template.sheets]
    lines += [Line(), Line((_("Confidence"), _("Meaning"), ""), "header", "header")]
    lines += [Line((confidence(mark), _(_MEANINGS[mark])), "label") for mark in CONFIDENCES]
    lines += [Line(), Line((_("Not in this workbook"),), heading)]
    lines += [Line((text,)) for text in template.left_out]
    lines += [Line(), Line((_("This workbook"),), heading)]
    lines += [Line((_(_FACTS[name]), value), "label", "fact", name) for name, value in template.facts.items()]
    return lines
