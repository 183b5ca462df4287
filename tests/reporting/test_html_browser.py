"""The HTML report in a browser: no violation of accessibility rules, nothing asked of a network, no overflow on a telephone, complete on paper."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, sync_playwright
from pypdf import PdfReader

from actuarial.reporting.blocks import Column, Contents, Figure, Heading, Meta, Report, Row, Table
from actuarial.reporting.country_report import country_report
from actuarial.reporting.html_page import html
from tests.reporting.plain_pictures import with_plain_pictures
from tests.reporting.synthetic import synthetic_study

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WIDE, TELEPHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser of the system, else the one that playwright installed."""
    with sync_playwright() as play:
        found = next((path for name in PROGRAMS if (path := shutil.which(name))), None) or play.chromium.executable_path
        if not Path(found).exists():
            pytest.skip(f"no browser: none of {', '.join(PROGRAMS)} is installed, nor playwright's own (playwright install chromium)")
        options = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []  # the sandbox refuses the superuser of a container
        made = play.chromium.launch(executable_path=found, args=options)
        yield made
        made.close()


@pytest.fixture(scope="module")
def report() -> Report:
    return with_plain_pictures(country_report(synthetic_study(), "RWA"))


@pytest.fixture(scope="module")
def file(report: Report, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("html") / "report.html"
    path.write_text(html(report), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def page(browser: Browser, file: Path) -> Iterator[Any]:
    """The report opened, with everything that it asked for and complained of."""
    opened: Any = browser.new_page(viewport=WIDE)
    opened.asked, opened.complaints = [], []
    opened.on("request", lambda request: opened.asked.append(request.url))
    opened.on("pageerror", lambda error: opened.complaints.append(str(error)))
    opened.on("console", lambda message: opened.complaints.append(message.text))
    opened.goto(file.as_uri())
    yield opened
    opened.close()


def test_it_asks_for_nothing_but_itself(page: Any, file: Path) -> None:
    assert [url for url in page.asked if not url.startswith("data:")] == [file.as_uri()]
    assert page.complaints == []


@pytest.mark.parametrize("viewport", [WIDE, TELEPHONE], ids=["wide", "telephone"])
def test_no_violation_of_accessibility_rules(page: Any, viewport: dict[str, int]) -> None:
    page.set_viewport_size(viewport)
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    assert page.evaluate("document.querySelectorAll('details[open]').length") == 2
    found = Axe().run(page).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"][:150]) for v in found] == []


def test_it_fits_a_telephone(page: Any) -> None:
    page.set_viewport_size(TELEPHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= TELEPHONE["width"]
    beyond = "[...document.querySelectorAll('main *')].filter(e => !e.closest('.scroll') && e.getBoundingClientRect().right > innerWidth + 1)"
    assert page.evaluate(f"{beyond}.map(e => e.outerHTML.slice(0, 90))") == []


def test_contents_lead_to_every_chapter_figure_and_table(page: Any, report: Report) -> None:
    targets = page.evaluate("[...document.querySelectorAll('nav a')].map(a => a.getAttribute('href').slice(1))")
    listed = [b for b in report.blocks if isinstance(b, Figure | Table) or (isinstance(b, Heading) and b.level < 3)]
    assert len(targets) == len(set(targets)) == len(listed)
    assert page.evaluate("ids => ids.filter(id => !document.getElementById(id))", targets) == []


def test_on_paper_it_has_pages_a_head_and_every_list(browser: Browser, tmp_path: Path) -> None:
    table = Table("t", "Long table", (Column("Head of names"), Column("Head of figures")), (Row(("name", "1")),) * 120, "source")
    meta = Meta("Subtitle", 'Running "head" }</style>', (), "2025-12-31", "Status")
    (tmp_path / "paper.html").write_text(html(Report("Title", meta, (Contents(), Heading("Chapter"), table))), encoding="utf-8")
    opened = browser.new_page()
    opened.goto((tmp_path / "paper.html").as_uri())
    reader = PdfReader(BytesIO(opened.pdf(prefer_css_page_size=True)))
    opened.close()
    cover, contents, *others = [re.sub(r"\s+", " ", normalize("NFKC", sheet.extract_text())) for sheet in reader.pages]
    last = len(reader.pages)
    assert "Title" in cover and "Page" not in cover and "Running" not in cover
    assert f"Page 2 of {last}" in contents and "1 Chapter" in contents and "Table 1 Long table" in contents
    assert len(others) > 2 and f"Page {last} of {last}" in others[-1] and meta.running_head in others[-1]
    assert all("Head of names Head of figures" in text for text in others if "name 1" in text)
    assert sum(text.count("name 1") for text in others) == 120
