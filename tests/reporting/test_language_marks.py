"""No text of a report is left unmarked: reports are written in a language that puts every translated text between brackets, and what stands outside
them must be a number, a code, an identifier or a citation.

The brackets are set around each part of a template by itself, so that what is filled in is seen to be translated too. A text with brackets inside
brackets was translated twice.
"""

from __future__ import annotations

import re
from calendar import month_abbr, month_name
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from functools import cache
from string import Formatter

import matplotlib.text
import pytest
from matplotlib.figure import Figure as Drawing

from actuarial.feasibility.result import StudyResult
from actuarial.reporting import language, numbers
from actuarial.reporting.blocks import Report
from actuarial.reporting.country_report import country_report
from actuarial.reporting.language import PSEUDO, use_language
from actuarial.reporting.region_report import region_report
from actuarial.reporting.uncertainty import Uncertainty
from tests.feasibility.sensitivity_values import hand_made
from tests.reporting.synthetic import CURRENCY, NAMES, synthetic_study
from tests.reporting.uncertain import synthetic_ensemble

OPEN, CLOSE = "⟦", "⟧"
NO_TEXT = {"id", "kind", "align", "target", "date", "language", "svg", "level"}
"""Fields of blocks that no reader sees."""
CODES = {*CURRENCY, *CURRENCY.values(), "USD"}
"""Countries (ISO 3166) and currencies (ISO 4217)."""
DATE = re.compile(rf"\d{{1,2}}\s(?:{'|'.join(month_name[1:])})\s\d{{4}}|(?:{'|'.join(month_abbr[1:])}) \d{{4}}")
"""Dates are written by the locale, not by a catalogue."""
IDENTIFIER = re.compile(
    r"[\w.-]+(?:/[\w.-]+)+|[\w-]+\.(?:json|yaml|csv|parquet|md)|[A-Z]{3}-[a-z]+|\b[0-9a-f]{16,64}\b|\bR\d\d\b|\{\w+\}|actuarial [a-z]+ [A-Z]{3} \w+"
)
"""Files, folders of schemes, commands, hashes, items of the list of contents, places that renderers fill."""
POWER = re.compile(r"\d(?:\.\d+)?e[−+]?\d+")
"""A number with its power of ten."""
WORD = re.compile(r"[^\W\d_]+")


def in_parts(text: str) -> str:
    """Brackets around each part of a template that stands between its places."""
    return "".join(
        (f"{OPEN}{literal}{CLOSE}" if literal.strip() else literal) + ("" if name is None else f"{{{name}}}")
        for literal, name, _spec, _conversion in Formatter().parse(text)
    )


@pytest.fixture(autouse=True)
def brackets_around_parts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(language, "_bracketed", in_parts)
    numbers._style.cache_clear()
    yield
    numbers._style.cache_clear()


def texts(node: object, place: str = "") -> Iterator[tuple[str, str]]:
    """Every text that a reader sees below a node, with the block it stands in."""
    if isinstance(node, str):
        yield place, node
    elif isinstance(node, Drawing):
        for axes in node.axes:
            for axis in (axes.xaxis, axes.yaxis):
                axis.get_ticklabels()  # writes them
        yield from ((f"{place} chart", text.get_text()) for text in node.findobj(matplotlib.text.Text) if text.get_text())
    elif isinstance(node, tuple | list):
        for part in node:
            yield from texts(part, place)
    elif is_dataclass(node) and not isinstance(node, type):
        name = getattr(node, "id", "") or f"{place} {type(node).__name__}".strip()
        for field in fields(node):
            if field.name not in NO_TEXT:
                yield from texts(getattr(node, field.name), f"{name}" if field.name == "blocks" else f"{name}.{field.name}")


def known(study: StudyResult) -> list[re.Pattern[str]]:
    """What may stand without brackets, in the order in which it is taken out: citations, codes and numbers with letters, names of the run."""
    sources = {str(s) for scheme in study.schemes.values() for t in (scheme.assumptions, scheme.calibration) if len(t) for s in t["source"]}
    named = {str(study.meta[key]) for key in ("scenario", "instrument", "package_version")} | {"actuarial"}
    return [*_whole(sources), DATE, IDENTIFIER, POWER, *_whole(named)]


def _whole(texts: set[str]) -> list[re.Pattern[str]]:
    return [re.compile(rf"(?<!\w){re.escape(text)}(?!\w)") for text in sorted(texts, key=len, reverse=True) if text]


def unmarked(report: Report, study: StudyResult) -> list[str]:
    """Block and text of everything that was not translated, or was translated twice."""
    found = []
    allowed = known(study)
    for place, text in texts(report):
        if re.search(f"{OPEN}[^{CLOSE}]*{OPEN}", text):
            found.append(f"{place}: twice: {text!r}")
            continue
        rest = re.sub(f"{OPEN}[^{CLOSE}]*{CLOSE}", " ", text, flags=re.DOTALL)
        for pattern in allowed:
            rest = pattern.sub(" ", rest)
        if words := [word for word in WORD.findall(rest) if word not in CODES]:
            found.append(f"{place}: {' '.join(words)!r} in {text!r}")
    return list(dict.fromkeys(found))


@cache
def uncertain() -> Uncertainty:
    table = hand_made().table
    return replace(synthetic_ensemble(), sensitivity=table.assign(country=table["country"].replace({"AAA": "RWA"})))


def test_the_brackets_show_what_was_not_marked() -> None:
    assert in_parts("The cost is {cost} of earnings.") == f"{OPEN}The cost is {CLOSE}{{cost}}{OPEN} of earnings.{CLOSE}"
    with use_language(PSEUDO):
        assert language.phrase("Scheme of {country}", country="Kenya") == f"{OPEN}Scheme of {CLOSE}Kenya"
        assert numbers.money(1.2e9, "KES") == f"KES\u00a01.20{OPEN}\u00a0billion{CLOSE}"


@pytest.mark.parametrize("country", ["RWA", "KEN", "SOM", "SSD"])
def test_every_text_of_a_country_report_is_marked(country: str) -> None:
    study = synthetic_study()
    with use_language(PSEUDO):
        found = unmarked(country_report(study, country, uncertain()), study)
    assert not found, "\n".join(found)


def test_every_text_of_a_region_report_is_marked() -> None:
    study = synthetic_study()
    with use_language(PSEUDO):
        found = unmarked(region_report(study, uncertain()), study)
    assert not found, "\n".join(found)


def test_every_text_is_marked_where_the_instrument_changes_nothing() -> None:
    study = synthetic_study(no_effect=True)
    with use_language(PSEUDO):
        found = unmarked(country_report(study, "RWA"), study)
    assert not found, "\n".join(found)


def test_names_of_the_made_up_study_are_no_codes() -> None:
    assert not CODES & set(NAMES.values())
