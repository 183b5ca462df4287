"""Reports on a made-up study: content, special kinds of schemes, determinism, no markup from data."""

from __future__ import annotations

import math
from base64 import b64decode
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from actuarial.feasibility.result import StudyResult, read_study, write_study
from actuarial.reporting import chapters, cost_parts, frames, style, tables
from actuarial.reporting.blocks import Bullets, Figure, KeyFigures, Note, Paragraph, Report, Table, plain
from actuarial.reporting.country_report import country_report
from actuarial.reporting.html_page import html
from actuarial.reporting.region_report import region_report
from actuarial.reporting.register_words import input_value
from actuarial.reporting.typst_pdf import pages, pdf
from tests.reporting.synthetic import KINDS, NAMES, synthetic_study

HOSTILE = (
    '"><script>alert(1)</script> #panic("x") $x^2$ *b* @fig:a `c` {{ 7*7 }} [link](http://e.x) =1+1 \\u{0} </style> "onmouseover="alert(1) '
    "{% raw %} ]]> javascript:alert(1) &lt;b&gt; #read(\"/etc/passwd\") \u200f\u05d0 " + "W" * 300
)
"""Text that would act in one of the outputs; what no input may hold (control characters, overrides of direction) is refused where it is read."""


@cache
def study() -> StudyResult:
    return synthetic_study()


@cache
def report_of(part: str) -> Report:
    return region_report(study()) if part == "region" else country_report(study(), part)


def words(report: Report) -> str:
    """Everything a reader can read in a report, figures left out."""
    parts = [report.title]
    for b in report.blocks:
        if isinstance(b, Paragraph | Note):
            parts.append(plain(b.text))
        elif isinstance(b, Bullets):
            parts += [plain(item) for item in b.items]
        elif isinstance(b, KeyFigures):
            parts += [f"{k.label} {k.value} {k.detail}" for k in b.items]
        elif isinstance(b, Table):
            parts += [b.caption, *(" ".join(map(plain, row.cells)) for row in b.rows)]
        elif isinstance(b, Figure):
            parts += [b.caption, b.alt]
    return "\n".join(parts)


def leads(report: Report) -> list[str]:
    """The lead of the summary, and that of the findings."""
    return [plain(b.text) for b in report.blocks if isinstance(b, Paragraph) and b.lead]


def pdf_text(data: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages)


class Page(HTMLParser):
    """Collects what accessibility and offline use depend on."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.mark.parametrize("part", [*NAMES, "region"])
def test_every_report_states_what_is_assumed(part: str) -> None:
    text = words(report_of(part))
    assert "not public" in text
    assert "assumed or recalled" in text.lower()
    assert "nan" not in text.lower().replace("finan", "").replace("tenan", "")


@pytest.mark.parametrize("part", [c for c, kind in KINDS.items() if kind == "defined_benefit"])
def test_defined_benefit_reports_answer_the_minister(part: str) -> None:
    ids = {b.id for b in report_of(part).blocks if isinstance(b, Figure | Table)}
    assert ids >= {
        "fig-pyramids", "fig-members", "fig-outgo", "fig-reserve", "fig-payg", "fig-gains", "fig-corridors",
        "tab-shares", "tab-indicators", "tab-gains", "tab-corridors", "tab-transfers", "tab-calibration",
        "tab-unsure", "tab-sure",
    }  # fmt: skip


def test_account_schemes_show_balances_and_no_cost_of_totalisation() -> None:
    report = report_of("KEN")
    ids = {b.id for b in report.blocks if isinstance(b, Figure | Table)}
    assert {"fig-accounts", "tab-balances"} <= ids
    assert not {"fig-payg", "fig-reserve", "tab-shares"} & ids
    assert "no cost of adding up periods" in words(report)


@pytest.mark.parametrize("country", ["SOM", "SSD"])
def test_countries_without_a_collecting_scheme_say_what_the_instrument_means(country: str) -> None:
    report = report_of(country)
    text = words(report)
    ids = {b.id for b in report.blocks if isinstance(b, Figure | Table)}
    assert {"fig-pyramids", "fig-corridors", "tab-transfers"} <= ids
    assert not {"fig-payg", "fig-gains", "tab-indicators", "tab-calibration"} & ids
    assert "costs no national scheme anything" in text
    assert "Not applicable" in text


def test_a_date_beyond_the_horizon_is_said_in_words() -> None:
    assert math.isnan(frames.indicator(study().schemes["RWA"], "exhaustion_year", "with"))
    assert "not within the horizon" in words(report_of("RWA"))
    assert tables.indicator_cells("exhaustion_year", "year", [2080.0, math.nan, math.nan], "RWF") == (
        "2080", "not within the horizon", "moved beyond the horizon",
    )  # fmt: skip


def test_no_effect_is_said_in_words() -> None:
    still = synthetic_study(no_effect=True)
    text = words(country_report(still, "RWA"))
    assert "does nothing to the finances" in text
    assert "nobody gains or loses a right" in text
    assert "no change" in text
    assert "does nothing to the finances" in words(region_report(still))


def test_tiny_effects_keep_their_digits() -> None:
    change = frames.indicator(study().schemes["TZA"], "gap_75", "difference")
    assert 0 < abs(change) < 5e-6
    assert "+0.00022" in words(report_of("TZA"))


@pytest.mark.parametrize("part", ["RWA", "KEN", "SOM", "region"])
def test_tables_of_corridors_add_up(part: str) -> None:
    table = next(b for b in report_of(part).blocks if isinstance(b, Table) and b.id == "tab-transfers")
    if part == "region":
        net = [float(r.cells[-1].replace("−", "-").replace(",", "")) for r in table.rows if r.kind != "section"]
        assert sum(net) == pytest.approx(0.0, abs=0.005 * len(net))
    else:
        assert table.rows[-1].kind == "total"


def test_a_missing_indicator_is_named() -> None:
    scheme = study().schemes["RWA"]
    without = replace(scheme, indicators=scheme.indicators[scheme.indicators["indicator"] != "gap_75"])
    changed = replace(study(), schemes=study().schemes | {"RWA": without})
    with pytest.raises(KeyError, match="RWA: the indicator table has 0 rows named 'gap_75'"):
        country_report(changed, "RWA")


def test_results_read_back_from_files_give_the_same_report(tmp_path: Path) -> None:
    write_study(study(), tmp_path)
    again = read_study(tmp_path)
    for part in ("RWA", "SOM"):
        assert words(country_report(again, part)) == words(report_of(part))
    assert words(region_report(again)) == words(report_of("region"))


def test_no_corridors_at_all() -> None:
    scheme = study().schemes["SOM"]
    alone = replace(scheme, corridors=scheme.corridors.iloc[:0], assumptions=scheme.assumptions.iloc[:0])
    text = words(country_report(replace(study(), schemes=study().schemes | {"SOM": alone}), "SOM"))
    assert "models no corridor" in text


@pytest.mark.parametrize("part", ["RWA", "KEN", "SOM", "region"])
def test_html_is_offline_accessible_and_well_formed(part: str) -> None:
    text = html(report_of(part))
    page = Page(text)
    assert page.all("html")[0]["lang"] == "en"
    assert not page.all("script") and not page.all("link")
    assert all((a["href"] or "").startswith("#") for a in page.all("a"))
    assert all((i["src"] or "").startswith("data:image/svg+xml;base64,") and i["alt"] for i in page.all("img"))
    assert all(t.get("scope") for t in page.all("th"))
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {(a["href"] or "")[1:] for a in page.all("a")} <= set(ids)
    assert len(page.all("h1")) == 1
    assert "http://" not in text.replace("http://www.w3.org", "")


def test_pictures_ask_for_nothing_from_outside() -> None:
    for image in Page(html(report_of("RWA"))).all("img"):
        svg = b64decode((image["src"] or "").partition(",")[2]).decode()
        assert "<script" not in svg and 'href="http' not in svg


@cache
def first_pdf(part: str) -> bytes:
    """A report's PDF, made once for the tests that look at it."""
    return pdf(report_of(part))


@pytest.mark.parametrize("part", ["RWA", "region"])
def test_same_input_same_bytes(part: str) -> None:
    again = region_report(study()) if part == "region" else country_report(study(), part)
    first = report_of(part)
    drawings = [[style.svg(b.drawing) for b in r.blocks if isinstance(b, Figure)] for r in (first, again)]
    assert drawings[0] == drawings[1]
    assert style.svg(next(b for b in first.blocks if isinstance(b, Figure)).drawing) == drawings[0][0]
    assert html(first) == html(again)
    assert first_pdf(part) == pdf(again)


def test_pdf_claims_archive_and_accessibility_standards_and_counts_its_pages() -> None:
    data = first_pdf("RWA")
    reader = PdfReader(BytesIO(data))
    packet = reader.trailer["/Root"]["/Metadata"].get_data().decode()  # type: ignore[index]
    assert "<pdfaid:part>3</pdfaid:part>" in packet
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in packet
    assert "<pdfuaid:part>1</pdfuaid:part>" in packet
    assert reader.metadata is not None and reader.metadata.title == report_of("RWA").title
    last = len(reader.pages) - 1  # the cover is not counted
    assert f"Page {last} of {last}" in reader.pages[-1].extract_text()
    assert "Contents" in pdf_text(data)


def test_text_from_data_is_text_in_every_output() -> None:
    report = country_report(synthetic_study(hostile=HOSTILE), "RWA")
    text = html(report)
    assert "<script" not in text
    assert not Page(text).all("script")
    page = Page(text)
    assert all(words in page.text for words in ("{{ 7*7 }}", "{% raw %}", "]]> javascript:alert(1)", "&lt;b&gt;"))
    assert not any(name.startswith("on") for _tag, attributes in page.tags for name in attributes)
    assert all((a["href"] or "").startswith("#") for a in page.all("a"))
    wanted, found = ['#panic("x")', "*b*", "{{7*7}}", "[link](http", '#read("/etc/passwd")'], ""
    for paper in PdfReader(BytesIO(pdf(report))).pages:  # as far as it takes: reading all pages takes longest by far
        found += paper.extract_text().replace("\n", "").replace("\u200b", "").replace(" ", "")
        if all(words in found for words in wanted):
            return
    raise AssertionError([words for words in wanted if words not in found])


def test_typst_template_compiles_every_kind_of_report() -> None:
    for part in ("UGA", "SSD"):  # the tests above make those of a pension scheme and of the region
        assert len(pages(report_of(part), ppi=20)) > 5


def test_names_of_countries_left_out_of_a_study_keep_their_code() -> None:
    fewer = replace(study(), schemes={c: s for c, s in study().schemes.items() if c in ("RWA", "KEN")})
    assert chapters.names_of(fewer)["UGA"] == "UGA"
    country_report(fewer, "RWA")


def test_export_and_totalisation_are_told_apart_and_add_up() -> None:
    parts = cost_parts.cost_parts(study().schemes["RWA"])
    assert 0 < parts.resumed < parts.totalisation < parts.exported
    assert parts.total == pytest.approx(frames.indicator(study().schemes["RWA"], "pv_net_cost", "difference"))
    assert parts.rate(parts.total) == pytest.approx(frames.indicator(study().schemes["RWA"], "gap_75", "difference"), rel=1e-6)
    text = words(report_of("RWA"))
    assert "by adding periods of several states (totalisation)" in text
    assert "does not pay pensions abroad without an instrument, except to Burundi" in text
    table = next(b for b in report_of("RWA").blocks if isinstance(b, Table) and b.id == "tab-parts")
    assert [r.kind for r in table.rows].count("total") == 2


def test_benefits_and_administration_are_named_apart() -> None:
    lead = leads(report_of("BDI"))[1]
    assert "in benefits" in lead and "Administering it is assumed to cost" in lead


def test_account_schemes_have_no_net_cost_and_no_indicators() -> None:
    report = report_of("UGA")
    found = {b.id: b for b in report.blocks if isinstance(b, Table)}
    assert "tab-indicators" not in found and "tab-deferred" in found
    assert "Net cost" not in [c.head for c in found["tab-corridors"].columns]
    assert all("months" not in lead for lead in leads(report)) and "of pensions" in leads(report)[1]
    region = next(b for b in report_of("region").blocks if isinstance(b, Table) and b.id == "tab-corridors")
    between = [r.cells for r in region.rows if {r.cells[0], r.cells[1]} <= {"Kenya", "Uganda"}]
    assert all(cells[4:6] == ("–", "–") for cells in between)


def test_a_saving_from_refunds_is_called_a_loss_of_those_who_leave() -> None:
    scheme = study().schemes["TZA"]
    refunds, cost = scheme.corridors["pv_refunds_not_paid"], scheme.corridors["pv_net_cost"]
    saved = scheme.corridors.assign(pv_refunds_not_paid=refunds + 1e9, pv_net_cost=cost - 1e9)
    loss = cost_parts.loss_of_leavers(replace(scheme, corridors=saved), 2050)
    assert loss is not None and "the saving of the scheme is what these people lose" in plain(loss) and "worse off" in plain(loss)


def test_only_inputs_that_the_projection_reads_are_counted() -> None:
    table = study().schemes["RWA"].assumptions
    assert len(frames.used(table)) < len(table)
    assert f"of {len(frames.used(table))} inputs that the projection reads" in words(report_of("RWA"))
    with pytest.raises(ValueError, match="allowed: yes, no"):
        frames.used(table.assign(used="perhaps"))


def test_levels_come_with_a_caution_and_missed_targets_with_a_flag() -> None:
    text = words(report_of("RWA"))
    assert "Published valuations may say otherwise, and the base year rests on assumed figures (benefits paid)." in text
    assert "0.600 *" in text and "misses its target by more than 5% for benefits paid (0.600)" in text
    assert "Basis of judgement: Central bank bulletin" in text and "Source: Press, January 2026" in text


def test_deficit_periods_are_printed_from_to_with_the_lowest_reserve() -> None:
    scheme = study().schemes["BDI"]
    periods = frames.deficit_periods(scheme, "with")
    assert sum(b - a + 1 for a, b in periods) == frames.indicator(scheme, "deficit_years", "with")
    text = words(report_of("BDI"))
    assert f"{periods[0][0]}–{periods[0][1]}" in text and "Lowest reserve, in years of expenditure" in text


def test_pensions_and_own_money_add_up_to_everything() -> None:
    for case in ("without", "with", None):
        parts = [frames.transfers(study(), 2050, case, what) for what in ("pensions", "other", "all")]
        assert (parts[0] + parts[1] - parts[2]).abs().to_numpy().max() == pytest.approx(0.0, abs=1e-3)


def test_inputs_are_written_for_people() -> None:
    assert input_value("1130000000000", "TZS") == "1.13\u00a0trillion TZS"
    assert input_value("0.00001", "share") == "0.00001 share"
    assert input_value("2028", "1 January of the year") == "1 January 2028"
    assert input_value("1971", "year") == "1971"
    for part in ("RWA", "KEN", "region"):
        assert "e+1" not in words(report_of(part)) and "Pv " not in words(report_of(part))
