"""The one-page summary: it fits on its page, its figures are those of the study, and its shares are shares."""

from __future__ import annotations

import math
from dataclasses import replace
from io import BytesIO

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from actuarial.feasibility.result import SchemeResult
from actuarial.reporting import about, adequacy_view, findings, frames, numbers, region_summary, summary
from actuarial.reporting.blocks import Block, Bullets, Contents, Heading, KeyFigures, PageBreak, Paragraph, Report, Strong, plain
from actuarial.reporting.break_even_view import break_even, settings_that_change_the_sign
from actuarial.reporting.cost_parts import cost_parts
from actuarial.reporting.country_report import report_meta
from actuarial.reporting.decisions import administration_of, decisions, dollar_rate, level_cost
from actuarial.reporting.language import RELEASED, use_language
from actuarial.reporting.rests_on import corridors_share, rests_on, steps_share, swings_share
from actuarial.reporting.typst_pdf import pdf
from actuarial.reporting.uncertainty import Uncertainty
from tests.reporting.register import study_with_law
from tests.reporting.uncertain import synthetic_ensemble

STUDY = study_with_law()


def scheme(country: str) -> SchemeResult:
    return STUDY.schemes[country]


def texts(blocks: list[Block]) -> str:
    said = [plain(b.text) for b in blocks if isinstance(b, Paragraph)]
    said += [plain(item) for b in blocks if isinstance(b, Bullets) for item in b.items]
    said += [f"{k.label} {k.value} {k.detail}" for b in blocks if isinstance(b, KeyFigures) for k in b.items]
    return "\n".join(said)


def pages(blocks: list[Block], contents: str) -> list[int]:
    """Places in the PDF, the cover being 0, of pages that begin with the contents."""
    whole = Report("Title", report_meta(STUDY, "Subtitle", "Head"), (*blocks, PageBreak(), Contents(), PageBreak(), Heading("Then")))
    made = pdf(whole)
    return [n for n, page in enumerate(PdfReader(BytesIO(made)).pages) if contents in page.extract_text()[:250]]


@pytest.mark.parametrize(
    ("part", "language"), [*((part, "en") for part in ("RWA", "KEN", "SOM")), *((p, code) for p in ("TZA", "region") for code in RELEASED)]
)
def test_the_summary_fits_on_one_page(part: str, language: str) -> None:
    with use_language(language):
        contents = Report("t", report_meta(STUDY, "s", "h"), ()).meta.labels.contents
        for known in (None, synthetic_ensemble(("RWA", "TZA", "BDI", "COD"))):
            blocks = region_summary.region_summary(STUDY, known) if part == "region" else summary.summary(STUDY, scheme(part), known)
            assert pages(blocks, contents) == [2]


@pytest.mark.parametrize("part", ["RWA", "BDI", "TZA"])
def test_the_three_ways_of_saying_the_cost_agree(part: str) -> None:
    parts = cost_parts(scheme(part))
    payroll = float(frames.case(scheme(part), "without")["insurable_earnings"].iloc[0])
    assert parts.total == pytest.approx(float(scheme(part).corridors["pv_net_cost"].sum()), rel=1e-9)
    assert level_cost(scheme(part), parts.total) == pytest.approx(parts.rate(parts.total) * payroll, rel=1e-12)
    assert parts.rate(parts.total) == pytest.approx(frames.indicator(scheme(part), "pv_net_cost_share_of_earnings", "difference"), rel=1e-9)


def test_a_band_is_printed_only_where_paths_were_drawn() -> None:
    text = texts(summary.summary(STUDY, scheme("RWA")))
    assert "not computed for this report" in text and "95 of 100" not in text
    one_at_a_time = texts(summary.summary(STUDY, scheme("RWA"), sensitivity({"real-return": (-3.0, 1.0)})))
    assert "no probability was computed" in one_at_a_time and "95 of 100" not in one_at_a_time
    sure = texts(summary.summary(STUDY, scheme("RWA"), synthetic_ensemble()))
    assert "in 95 of 100 of the 1,000 paths drawn the net cost lies between 0 and +0.040 percentage points" in sure and "0 to +0.040 pp" in sure
    assert summary.band(scheme("TZA"), synthetic_ensemble()) is None


def test_a_country_without_a_scheme_pays_nothing_and_decides_on_its_own_matters() -> None:
    text = texts(summary.summary(STUDY, scheme("SOM")))
    assert "costs no national scheme anything; the cost of a liaison body is not counted" in text
    assert "Liaison:" in text and "A scheme of its own:" in text
    assert "Start of collection:" in texts(summary.summary(STUDY, scheme("SSD")))


def test_decisions_rest_on_figures() -> None:
    def short(s: SchemeResult) -> str:
        return "\n".join(plain(d.short) for d in decisions(STUDY, s))

    base = scheme("RWA")
    assert "Contributions:" in short(base) if _needs_more(base) else "Contributions:" not in short(base)
    corridors = base.corridors
    none = replace(base, corridors=corridors.assign(pv_refunds_not_paid=0.0))
    some = replace(base, corridors=corridors.assign(pv_refunds_not_paid=1e9))
    assert "Refunds:" not in short(none) and "Refunds:" in short(some)
    known = replace(base, corridors=corridors.assign(confidence="verified"))
    assert "Data:" in short(base) and "Data:" not in short(known)


def _needs_more(s: SchemeResult) -> bool:
    return frames.indicator(s, "gap_75", "without") > float(frames.case(s, "without")["legal_rate"].iloc[-1])


@given(st.lists(st.tuples(st.floats(-1e6, 1e6), st.booleans()), min_size=1, max_size=6))
def test_shares_of_corridors_are_shares(rows: list[tuple[float, bool]]) -> None:
    marks = ["assumed" if unsure else "verified" for _, unsure in rows]
    table = pd.DataFrame({"pv_net_cost": [v for v, _ in rows], "confidence": marks})
    share = corridors_share(replace(scheme("RWA"), corridors=table))
    total, chosen = sum(abs(v) for v, _ in rows), sum(abs(v) for v, unsure in rows if unsure)
    assert math.isnan(share) if total == 0 else share == pytest.approx(chosen / total) and 0.0 <= share <= 1.0


def test_steps_are_unsure_by_their_parameters() -> None:
    ladder = pd.DataFrame({"rung": ["equality", "export"], "pv": [3.0, -1.0]})
    assert steps_share(replace(scheme("RWA"), ladder=ladder)) == pytest.approx(0.25), "equality is partial, export assumed"
    assert math.isnan(steps_share(replace(scheme("RWA"), ladder=ladder.iloc[:0])))


def sensitivity(rows: dict[str, tuple[float, float]]) -> Uncertainty:
    table = pd.DataFrame([
        {"key": key, "title": key, "side": side, "setting": side, "country": "RWA", "measure": "pv_net_cost_usd", "base_difference": 1.0,
         "difference": 1.0 + delta, "delta_difference": delta}
        for key, both in rows.items() for side, delta in zip(("low", "high"), both, strict=True)
    ])  # fmt: skip
    return Uncertainty(table)


def test_swings_count_by_their_widest_effect_and_the_combination_does_not() -> None:
    known = sensitivity({"real-return": (-3.0, 1.0), "mortality": (0.5, -1.0), "combined": (9.0, 9.0)})
    assert swings_share(scheme("RWA"), known) == pytest.approx(0.75), "the return is assumed, mortality is the United Nations'"
    assert math.isnan(swings_share(scheme("RWA"), None)) and math.isnan(swings_share(scheme("KEN"), known))
    assert settings_that_change_the_sign(scheme("RWA"), known) == ["real-return, low"]
    assert "real-return, low" in texts(break_even(scheme("RWA"), known))


def test_what_the_result_rests_on_is_said_with_its_measure() -> None:
    rests = rests_on(scheme("RWA"))
    said = plain(summary.rests_in_words(scheme("RWA"), rests))
    assert "by count" in said and "By weight" in said and "do not add up" in said
    empty = replace(scheme("SOM"), assumptions=scheme("SOM").assumptions.iloc[:0])
    assert "lists no inputs" in plain(summary.rests_in_words(empty, rests_on(empty)))


def test_an_input_that_countries_share_is_counted_once() -> None:
    def register(*rows: tuple[str, object, str]) -> pd.DataFrame:
        table = pd.DataFrame(rows, columns=["name", "value", "file"])
        return table.assign(unit="", source="", year=2024, confidence="assumed", reason="", used="yes")

    shared, own = ("take_up", 0.85, "instrument.yaml"), ("return", 0.03, "a.yaml")
    one = replace(scheme("RWA"), assumptions=register(shared, own))
    others = ("take_up", "0.85", "instrument.yaml"), ("return", "0.03", "b.yaml"), ("return", 0.04, "a.yaml")
    two = replace(scheme("TZA"), assumptions=register(*others))
    assert len(frames.distinct_inputs([one, two])) == 4, "another file or another value is another input"
    assert len(frames.distinct_inputs([one])) == 2 and frames.distinct_inputs([]).empty
    unused = replace(one, assumptions=one.assumptions.assign(used="no"))
    assert frames.distinct_inputs([unused]).empty


def test_administration_is_given_for_its_first_year_and_for_the_year_of_the_findings() -> None:
    base = scheme("RWA")
    yearly = base.yearly.copy()
    later = (yearly["case"] == "with") & (yearly["year"] >= 2031)
    yearly["administration"] = 100.0
    yearly.loc[later, "administration"] = 100.0 + yearly.loc[later, "year"]
    made = administration_of(STUDY, [replace(base, yearly=yearly)])
    assert [(m.year, m.amount) for m in made] == [(2031, 2031.0), (2050, 2050.0)]
    assert all(m.dollars == pytest.approx(m.amount / dollar_rate(STUDY, base, m.year)) for m in made)
    two = administration_of(STUDY, [replace(base, yearly=yearly), base])
    assert two[-1].amount > 2050.0 and two[0].year <= 2031
    assert administration_of(STUDY, [replace(base, yearly=yearly.assign(administration=1.0))]) == []


def test_the_dollar_of_a_year_is_that_of_the_transfers() -> None:
    benefits = frames.number(frames.case(scheme("RWA"), "without").loc[2050, "benefits"])
    paid = STUDY.transfers.assign(amount_usd=benefits / 1700.0 / 9)  # nine places of residence
    assert dollar_rate(replace(STUDY, transfers=paid), scheme("RWA"), 2050) == pytest.approx(1700.0)
    assert math.isnan(dollar_rate(replace(STUDY, transfers=paid.iloc[:0]), scheme("RWA"), 2050))


def with_rates(rates: dict[int, float]) -> SchemeResult:
    base = scheme("RWA")
    return replace(base, yearly=base.yearly.assign(legal_rate=base.yearly["year"].map(lambda y: rates[max(k for k in rates if k <= y)])))


def test_the_legal_rate_is_said_with_its_change() -> None:
    assert findings.legal_rate(with_rates({2026: 0.12})) == "12%"
    assert findings.legal_rate(with_rates({2026: 0.12, 2028: 0.16, 2030: 0.2})) == "12% now, 20% from 2030"
    assert findings.legal_rate(with_rates({2026: 0.125})) == "12.50%"


def test_years_above_the_legal_rate_are_named() -> None:
    assert "in no year, with and without" in plain(findings.above_legal_rate(with_rates({2026: 9.0})))
    assert "2040–2100, with and without" in plain(findings.above_legal_rate(with_rates({2026: 9.0, 2040: 0.0})))


@pytest.mark.parametrize(
    ("without", "with_", "said"),
    [
        (math.nan, math.nan, "not used up by 2100, with or without"),
        (2050.0, 2050.0, "used up in 2050, with and without"),
        (2050.0, 2048.0, "used up in 2050 without and in 2048 with"),
        (math.nan, 2090.0, "used up in 2090 with the instrument, and not by 2100 without it"),
        (2090.0, math.nan, "used up in 2090 without the instrument, and not by 2100 with it"),
    ],
)
def test_the_end_of_the_reserve_is_a_sentence_of_its_own(without: float, with_: float, said: str) -> None:
    table = scheme("RWA").indicators.copy()
    table.loc[table["indicator"] == "exhaustion_year", ["without", "with"]] = [without, with_]
    assert said in plain(findings.reserve_end(replace(scheme("RWA"), indicators=table), Strong("x:")))


def test_a_saving_that_members_lose_is_called_so_in_the_verdict() -> None:
    base = scheme("TZA")
    lost = replace(base, corridors=base.corridors.assign(pv_refunds_not_paid=1e15))
    kept = replace(base, corridors=base.corridors.assign(pv_refunds_not_paid=0.0))
    assert "worse off together" in plain(summary.verdict(STUDY, lost)) and "worse off" not in plain(summary.verdict(STUDY, kept))


def test_account_schemes_say_who_loses() -> None:
    assert "Who loses:" in texts(summary.summary(STUDY, scheme("KEN")))
    share = adequacy_view.losing_share(STUDY, "KEN")
    movers = STUDY.adequacy[STUDY.adequacy["person"] == "mover"]
    worse = replace(STUDY, adequacy=movers.assign(pv_benefits_with=movers["pv_benefits_without"] - movers["pv_benefits_without"].abs()))
    assert 0.0 <= share <= 1.0 and adequacy_view.losing_share(worse, "KEN") == pytest.approx(1.0)
    assert math.isnan(adequacy_view.losing_share(replace(STUDY, adequacy=STUDY.adequacy.iloc[:0]), "KEN"))


def test_no_source_is_dated_after_the_year_that_follows_the_valuation() -> None:
    def register(*years: int) -> pd.DataFrame:
        return pd.DataFrame({"confidence": "verified", "year": years})

    schemes = {"RWA": replace(scheme("RWA"), assumptions=register(2019, 2024, 2030))}
    assert "2024" in about.cut_off(replace(STUDY, schemes=schemes))
    only_law = {"RWA": replace(scheme("RWA"), assumptions=register(2030))}
    assert about.cut_off(replace(STUDY, schemes=only_law)) == "the registers name no years"


@given(st.floats(-1.0, 1.0))
def test_what_a_share_is_of_leaves_out_the_whole(value: float) -> None:
    assert ("corridors" in summary.rests_detail(abs(value))) == (abs(value) < summary.WHOLE)
    text = summary.points_at_least(value)
    assert text == "no change" or any(c in "123456789" for c in text)


def test_the_cover_says_that_uncertainty_was_not_computed() -> None:
    for computed in (True, False):
        facts = dict(report_meta(STUDY, "s", "h", computed=computed).facts)
        assert ("Uncertainty" in facts) is not computed
    assert not summary.computed(None) and not summary.computed(Uncertainty()) and summary.computed(synthetic_ensemble())


@given(times=st.floats(0, 10, allow_subnormal=False))
def test_the_cost_follows_the_number_of_movers_and_administration_does_not(times: float) -> None:
    parts = cost_parts(scheme("RWA"))
    assert parts.with_movers(1.0) == pytest.approx(parts.total)
    assert parts.with_movers(0.0) == parts.administration
    assert parts.with_movers(times) - parts.administration == pytest.approx(
        times * (parts.total - parts.administration), abs=1e-9 * abs(parts.total)
    )


def test_without_an_ensemble_page_one_says_what_half_and_twice_the_movers_do() -> None:
    said = plain(summary.how_sure(scheme("RWA"), None))
    parts = cost_parts(scheme("RWA"))
    for times in (0.5, 2.0):
        assert numbers.points(parts.rate(parts.with_movers(times))) in said
