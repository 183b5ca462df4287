"""Comparisons on made-up studies: identities, zero for the same study, words for every provision and lever, no untranslated text, workbook."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from shutil import copytree
from typing import Any, get_args

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook
from pydantic import BaseModel

from actuarial.basis.errors import InputError
from actuarial.basis.instrument import Instrument, load_instrument
from actuarial.basis.instrument_provisions import BRANCH_NAMES
from actuarial.basis.scenario import Scenario, load_scenario
from actuarial.feasibility.result import SchemeResult, StudyResult, write_study
from actuarial.reporting import compare_run, frames
from actuarial.reporting.blocks import Bullets, Figure, Heading, KeyFigures, Note, Paragraph, Report, Table, plain
from actuarial.reporting.compare_figures import MEASURES, REGION, SAME_WITHOUT, checks, figures, parts_of, tidy
from actuarial.reporting.compare_ranking import Ends, ends
from actuarial.reporting.compare_report import comparison_report
from actuarial.reporting.compare_rules import differing
from actuarial.reporting.compare_run import CompareRequest, default_name, produce_comparison
from actuarial.reporting.compare_set import Combination, Comparison, described, folder_of, read_comparison, write_record
from actuarial.reporting.compare_tables import usd_million
from actuarial.reporting.compare_workbook import write_comparison_workbook
from actuarial.reporting.html_page import html
from actuarial.reporting.language import use_language
from actuarial.reporting.manifest import verify
from actuarial.reporting.rule_words import CHOICES, INSTRUMENT, SCENARIO, TABLES, instrument_lines, scenario_lines
from tests.reporting.synthetic import NAMES, synthetic_study
from tests.reporting.test_workbook import assert_caches_hold

ROOT = Path(__file__).resolve().parents[2]
SCENARIOS = ROOT / "scenarios"


def entry(scenario: str, instrument: str) -> dict[str, Any]:
    return described(load_scenario(scenario, SCENARIOS), load_instrument(instrument, SCENARIOS), "12" * 32)


def combination(letter: str, scenario: str, instrument: str, study: StudyResult) -> Combination:
    record = entry(scenario, instrument)
    return Combination(letter, record["scenario"], record["instrument"], record["key"], study)


@cache
def study() -> StudyResult:
    return synthetic_study()


@cache
def nothing() -> StudyResult:
    return synthetic_study(no_effect=True)


@cache
def two() -> Comparison:
    """A study and one in which the instrument does nothing, called by other names."""
    return Comparison((combination("A", "base", "eac-directive", study()), combination("B", "base", "pro-rata-only", nothing())))


@cache
def four() -> Comparison:
    """Two scenarios with two instruments; the last combination is the same study as the first."""
    return Comparison(
        (
            *two().combinations,
            combination("C", "high-mobility", "eac-directive", study()),
            combination("D", "high-mobility", "pro-rata-only", study()),
        )
    )


def texts(report: Report) -> Iterator[str]:
    """Every text of a report that readers see, drawings left out."""
    yield report.title
    yield from (text for fact in report.meta.facts for text in fact)
    yield from (report.meta.subtitle, report.meta.status)
    for b in report.blocks:
        if isinstance(b, Heading):
            yield b.text
        elif isinstance(b, Paragraph | Note):
            yield plain(b.text)
        elif isinstance(b, Bullets):
            yield from map(plain, b.items)
        elif isinstance(b, KeyFigures):
            yield from (text for item in b.items for text in (item.label, item.value, item.detail))
        elif isinstance(b, Figure):
            yield from (b.caption, b.alt, b.source)
        elif isinstance(b, Table):
            yield from (b.caption, b.source, *(c.head for c in b.columns))
            yield from (plain(cell) for row in b.rows for cell in row.cells)


def test_the_same_study_differs_by_exactly_nothing() -> None:
    table, parts = figures(four()), parts_of(four())
    for by_country in table.values():
        for row in by_country.values():
            assert row["C"] == row["D"] == row["A"] or all(math.isnan(row[x]) for x in "ACD")
    assert all(row["A"] == row["D"] for by_part in parts.values() for row in by_part.values())


def test_an_instrument_that_does_nothing_costs_nothing() -> None:
    for measure, by_country in figures(two()).items():
        for code, row in by_country.items():
            assert math.isnan(row["B"]) or row["B"] == pytest.approx(0.0, abs=1e-6), (measure, code)


def test_states_add_up_to_the_region_and_transfers_to_zero() -> None:
    table = figures(four())
    for measure in MEASURES:
        if not measure.adds:
            assert REGION not in table[measure.name]
            continue
        for letter in "ABCD":
            states = [row[letter] for code, row in table[measure.name].items() if code != REGION and math.isfinite(row[letter])]
            assert table[measure.name][REGION][letter] == pytest.approx(math.fsum(states), rel=1e-12)
    paid, received = (table[name][REGION]["A"] for name in ("paid_abroad_usd", "received_usd"))
    assert paid == pytest.approx(received, rel=1e-12)
    assert paid > 0


def test_figures_are_those_of_the_study() -> None:
    scheme = study().schemes["RWA"]
    table = figures(four())
    assert table["net_cost_usd"]["RWA"]["A"] == frames.indicator(scheme, "pv_net_cost", "difference") / scheme.exchange_rate_usd
    assert table["gap_75"]["RWA"]["A"] == frames.indicator(scheme, "gap_75", "difference")
    assert math.isnan(table["gap_75"]["KEN"]["A"])
    steps = scheme.ladder.set_index("rung")["pv"]
    assert table["branches_usd"]["RWA"]["A"] == pytest.approx(float(steps["short_term"]) / scheme.exchange_rate_usd)
    assert table["administration_usd"]["KEN"]["A"] > 0
    assert list(tidy(table).columns) == ["A", "B", "C", "D"]


def test_parts_sum_to_the_net_cost_and_a_spoilt_part_fails_the_check() -> None:
    assert all(c.holds for c in checks(four()))
    spoilt = study().schemes["RWA"]
    wrong = spoilt.corridors.assign(pv_exported=spoilt.corridors["pv_exported"] * 1.5)
    other = replace(study(), schemes={**study().schemes, "RWA": replace(spoilt, corridors=wrong)})
    made = checks(Comparison((*two().combinations[:1], combination("B", "base", "phased", other))))
    assert [c.letter for c in made if not c.holds] == ["B"]
    text = "\n".join(texts(comparison_report(Comparison((*two().combinations[:1], combination("B", "base", "phased", other))))))
    assert "These figures must not be used" in text
    assert "FAILS" in text


def test_another_world_without_the_instrument_is_found() -> None:
    scheme = study().schemes["BDI"]
    shifted = scheme.yearly.assign(contributors=scheme.yearly["contributors"] * 1.001)
    other = replace(study(), schemes={**study().schemes, "BDI": replace(scheme, yearly=shifted)})
    made = checks(Comparison((*two().combinations[:1], combination("B", "base", "phased", other))))
    assert [c.name for c in made if not c.holds] == [SAME_WITHOUT]


def test_first_page_names_cheapest_and_dearest_with_their_costs() -> None:
    brief = "\n".join(plain(item) for b in comparison_report(two()).blocks if isinstance(b, Bullets) for item in b.items)
    rwanda = next(line for line in brief.splitlines() if line.startswith("Rwanda:"))
    assert "cheapest is B (base, pro-rata-only), USD\u00a00" in rwanda
    assert "dearest is A (base, eac-directive)" in rwanda
    tanzania = next(line for line in brief.splitlines() if line.startswith("United Republic of Tanzania:"))
    cost = figures(two())["net_cost_usd"]["TZA"]
    assert f"cheapest is {'A' if cost['A'] < cost['B'] else 'B'}" in tanzania


def with_cost(factor: float, added: float = 0.0) -> StudyResult:
    """The study with the parts of Rwanda's net cost times ``factor``, and ``added`` francs of pensions that refunds take back."""
    scheme = study().schemes["RWA"]
    corridors = scheme.corridors.copy()
    present = [c for c in corridors if str(c).startswith("pv_")]
    corridors[present] *= factor
    extra = np.full(len(corridors), added / len(corridors))
    corridors = corridors.assign(**{n: corridors[n] + extra for n in ("pv_exported", "pv_extra_pensions", "pv_refunds_not_paid")})
    indicators = scheme.indicators.copy()
    rows = indicators["indicator"] == "pv_net_cost"
    indicators.loc[rows, ["with", "difference"]] *= factor
    return replace(study(), schemes={**study().schemes, "RWA": replace(scheme, corridors=corridors, indicators=indicators)})


def rwanda_of(comparison: Comparison) -> str:
    blocks = comparison_report(comparison, ("RWA",)).blocks
    return next(plain(item) for b in blocks if isinstance(b, Bullets) for item in b.items if plain(item).startswith("Rwanda:"))


def test_instruments_are_ranked_within_a_scenario_and_the_scenario_apart() -> None:
    cells = (("A", "base", "eac-directive", 1.0), ("B", "base", "phased", 0.8), ("C", "high-mobility", "eac-directive", 9.0),
             ("D", "high-mobility", "phased", 0.1))  # fmt: skip
    said = rwanda_of(Comparison(tuple(combination(letter, s, i, with_cost(f)) for letter, s, i, f in cells)))
    assert "cheapest is B (base, phased)" in said and "dearest is A (base, eac-directive)" in said
    assert "cheapest and dearest in every other scenario as well" in said
    costs = figures(Comparison(tuple(combination(letter, s, i, with_cost(f)) for letter, s, i, f in cells)))["net_cost_usd"]["RWA"]
    assert costs["D"] < costs["B"] < costs["A"] < costs["C"], "the scenario moves more than the instrument and is not ranked"
    assert "moves it with eac-directive from" in said and said.endswith("(high-mobility).")
    turned = (*cells[:2], ("C", "high-mobility", "eac-directive", 0.5), cells[3][:3] + (0.9,))
    said = rwanda_of(Comparison(tuple(combination(letter, s, i, with_cost(f)) for letter, s, i, f in turned)))
    assert "In other scenarios this differs" in said


@pytest.mark.parametrize(("factor", "material"), [(0.999, False), (0.8, True)])
def test_differences_that_assumptions_swallow_are_not_ranked(factor: float, material: bool) -> None:
    pair = (combination("A", "base", "eac-directive", study()), combination("B", "base", "phased", with_cost(factor)))
    assert ("no material difference between the instruments" in rwanda_of(Comparison(pair))) is not material


@pytest.mark.parametrize(
    ("cheap", "dear", "material"),
    [(0.0, 99_999.0, False), (0.0, 100_001.0, True), (99e6, 99.9e6, False), (98e6, 99.9e6, True), (-99.9e6, -99e6, False), (-1e6, 1e6, True)],
)
def test_material_is_more_than_a_sum_and_a_share(cheap: float, dear: float, material: bool) -> None:
    assert ends({"A": dear, "B": cheap}) == Ends("B", "A", cheap, dear)
    assert Ends("B", "A", cheap, dear).material is material


def test_a_part_larger_than_the_whole_difference_names_what_offsets_it() -> None:
    pair = (combination("A", "base", "eac-directive", with_cost(0.8)), combination("B", "base", "phased", with_cost(1.0, 1e12)))
    said = rwanda_of(Comparison(pair))
    assert "more than the whole difference; most against it: refunds on leaving, USD\u00a0−695" in said
    assert "more than the whole difference" not in rwanda_of(two())


def test_inputs_that_all_states_share_are_counted_once() -> None:
    def with_shared(country: str, year: str | float) -> SchemeResult:
        scheme = study().schemes[country]
        shared = scheme.assumptions.iloc[:1].assign(name="instrument: export", year=year, used="yes", file="instrument.yaml")
        return replace(scheme, assumptions=pd.concat([scheme.assumptions, shared.assign(value="yes", source="one", reason="same")]))

    def counted(schemes: dict[str, SchemeResult]) -> int:
        other = replace(study(), schemes={**study().schemes, **schemes})
        report = comparison_report(Comparison((combination("A", "base", "eac-directive", other), two().combinations[1])), ("RWA",))
        said = next(b for b in report.blocks if isinstance(b, KeyFigures)).items[-1].detail
        return int(said.split()[1])

    without = counted({})
    assert counted({"RWA": with_shared("RWA", "2004"), "BDI": with_shared("BDI", 2004.0)}) == without + 1


def test_report_has_a_section_for_each_state_asked_for_and_refuses_others() -> None:
    def sections(countries: tuple[str, ...]) -> list[str]:
        return [b.id for b in comparison_report(two(), countries).blocks if isinstance(b, Table) and b.id.startswith("tab-of-")]

    assert sections(()) == [f"tab-of-{code}" for code in NAMES]
    assert sections(("RWA", "KEN")) == ["tab-of-KEN", "tab-of-RWA"]
    with pytest.raises(KeyError, match="XXX"):
        comparison_report(two(), ("XXX",))


def test_every_text_is_marked_for_translation() -> None:
    with use_language("qps"):
        report = comparison_report(four())
    names = {n for c in four().combinations for n in (c.scenario_name, c.instrument_name)}
    sources = {str(f["source"]) for c in four().combinations for f in c.instrument["figures"].values()}
    unmarked = set()
    for text in texts(report):
        if text in names | sources or text.startswith("actuarial "):
            continue
        bare, before = text, ""
        while bare != before:
            bare, before = re.sub("⟦[^⟦⟧]*⟧", "", bare), bare
        for name in names:
            bare = bare.replace(name, "")
        if re.search(r"[A-Za-z]{2}", bare) and not re.fullmatch(r"\d+\s[A-Z][a-z]+\s\d{4}", bare):
            unmarked.add(text)
    assert unmarked == set()


def test_html_holds_hostile_texts_as_text() -> None:
    hostile = '"><script>alert(1)</script> =1+1'
    first = combination("A", "base", "eac-directive", synthetic_study(hostile=hostile))
    bad = replace(first, instrument={**first.instrument, "title": hostile, "note": hostile})
    page = html(comparison_report(Comparison((bad, two().combinations[1])), ("RWA",)))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_only_what_differs_is_listed() -> None:
    found = differing([c.instrument for c in two().combinations], instrument_lines)
    assert list(found) == ["provisions.amount.method"]
    assert found["provisions.amount.method"] == ("Rule on amounts", ["the higher of independent and pro rata", "always pro rata"])
    scenarios = [load_scenario(n, SCENARIOS).model_dump(mode="json") for n in ("base", "crisis-return", "burundi-does-not-pay")]
    levers = differing(scenarios, scenario_lines)
    assert levers["migration.shock.year"] == ("Year of a crisis", [None, "2030", None])
    assert levers["payment.non_payment.BDI"][1] == [None, None, "100%"]
    assert differing(scenarios[:1] * 2, scenario_lines) == {}


def leaves(model: type[BaseModel], at: str = "") -> Iterator[tuple[str, Any]]:
    """Dotted names of the parameters of a model and their types, without branches and tables by country."""
    for name, field in model.model_fields.items():
        inner = [m for m in (field.annotation, *get_args(field.annotation)) if isinstance(m, type) and issubclass(m, BaseModel)]
        if inner and not isinstance(field.annotation, Mapping) and get_args(field.annotation)[:1] != (str,):
            yield from leaves(inner[0], f"{at}{name}.")
        else:
            yield f"{at}{name}", field.annotation


def test_every_parameter_of_the_law_and_every_choice_has_its_words() -> None:
    own = ("id", "title", "note", "figures")
    found = {at: kind for at, kind in leaves(Instrument) if at not in own and not at.startswith(("take_up", "scope.branches"))}
    assert set(found) == set(INSTRUMENT)
    for at, kind in found.items():
        choices = {str(a) for a in get_args(kind) if isinstance(a, str)}
        assert choices == set(CHOICES.get(at, {})), at
    directive = load_instrument("eac-directive", SCENARIOS).model_dump(mode="json", exclude={"figures"})
    for branch in BRANCH_NAMES:
        cover = {"from_year": 2030, "totalisation": True, "export": False}
        lines = instrument_lines({**directive, "scope": {**directive["scope"], "branches": {branch: cover}}})
        assert lines[f"scope.branches.{branch}.from_year"][1] == "2030"
        assert lines[f"scope.branches.{branch}.export"][1] == "no"


def test_every_lever_has_its_words() -> None:
    own = ("name", "title", "description", "extends")
    found = {at for at, _ in leaves(Scenario) if at not in own and at not in TABLES}
    assert found | {t for t in TABLES if t != "migration.corridors"} | {
        "migration.corridors.outflow_multiplier",
        "migration.corridors.return_multiplier",
    } == set(SCENARIO)
    for path in sorted(SCENARIOS.glob("*.yaml")):
        assert scenario_lines(load_scenario(path.stem, SCENARIOS).model_dump(mode="json"))


def test_a_scheme_that_collects_in_one_scenario_only_has_figures_there_alone() -> None:
    scheme = replace(study().schemes["RWA"], kind="not_collecting")
    other = replace(study(), schemes={**study().schemes, "RWA": scheme})
    comparison = Comparison((combination("A", "base", "eac-directive", other), combination("B", "high-mobility", "eac-directive", study())))
    row = figures(comparison)["net_cost_usd"]["RWA"]
    assert math.isnan(row["A"])
    assert row["B"] > 0
    assert all(c.holds for c in checks(comparison))
    assert comparison_report(comparison, ("RWA",)).title


def test_small_amounts_are_never_shown_as_nothing() -> None:
    assert [usd_million(v) for v in (0.0, 12_340_000.0, -1234.0, 0.5)] == ["0", "12.34", "−0.0012", "0.00000050"]
    assert usd_million(math.nan) == "–"
    assert usd_million(5e6, sign=True) == "+5.00"


def test_record_is_read_back_in_order(tmp_path: Path) -> None:
    entries = [entry("high-mobility", "phased"), entry("base", "eac-directive")]
    write_study(study(), tmp_path / entries[0]["folder"])
    copytree(tmp_path / entries[0]["folder"], tmp_path / entries[1]["folder"])
    write_record(tmp_path, entries)
    read = read_comparison(tmp_path)
    assert [(c.letter, c.scenario_name, c.instrument_name) for c in read.combinations] == [
        ("A", "high-mobility", "phased"),
        ("B", "base", "eac-directive"),
    ]
    assert figures(read)["net_cost_usd"]["RWA"] == pytest.approx(dict.fromkeys("AB", figures(two())["net_cost_usd"]["RWA"]["A"]))
    assert folder_of("base", "eac-directive") == "base_eac-directive"


def test_workbook_differences_are_formulas_and_its_checks_hold(tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    write_comparison_workbook(four(), book)
    live, cached = load_workbook(book)["Comparison"], load_workbook(book, data_only=True)["Comparison"]
    rows = {(live.cell(r, 1).value, live.cell(r, 2).value): r for r in range(5, live.max_row + 1)}
    row = rows["Net cost of pensions and administration, present value", "Rwanda"]
    costs = figures(four())["net_cost_usd"]["RWA"]
    assert [cached.cell(row, 4 + i).value for i in range(4)] == pytest.approx([costs[x] for x in "ABCD"])
    assert [live.cell(row, 8 + i).value for i in range(3)] == [f"={x}{row}-D{row}" for x in "EFG"]
    assert [cached.cell(row, 8 + i).value for i in range(3)] == pytest.approx([costs[x] - costs["A"] for x in "BCD"])
    total = rows["Net cost of pensions and administration, present value", "All states"]
    assert live.cell(total, 4).value == f"=SUM(D5:D{total - 1})"
    made = load_workbook(book, data_only=True)["Checks"]
    assert made.cell(made.max_row, 4).value == 0
    assert set(load_workbook(book).sheetnames) >= {"Cover", "CostParts", "CostRates", "Provisions", "Levers"}


def test_an_independent_engine_recomputes_every_formula(tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    write_comparison_workbook(two(), book)
    assert_caches_hold(book, 400)


def request(tmp_path: Path, **more: Any) -> CompareRequest:
    return CompareRequest(root=ROOT, out=tmp_path / "run", **more)


def test_whole_run_takes_studies_once_and_can_be_verified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[tuple[str, str]] = []
    monkeypatch.setenv("ACTUARIAL_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(compare_run, "_prepare", lambda data, scenario, tell: scenario.name)

    def fake(prepared: str, instrument: Instrument, tell: Any) -> StudyResult:
        made.append((prepared, instrument.id))
        return study()

    monkeypatch.setattr(compare_run, "_study", fake)
    monkeypatch.setattr(compare_run, "_write", lambda request, folder: (folder / "comparison").mkdir())
    asked = request(tmp_path, scenarios=("base", "high-mobility"), instruments=("eac-directive",))
    steps: list[tuple[str, float]] = []
    folder = produce_comparison(asked, lambda what, share: steps.append((what, share)))
    assert made == [("base", "eac-directive"), ("high-mobility", "eac-directive")]
    assert verify(folder) == ()
    assert [share for _, share in steps] == sorted(share for _, share in steps)
    produce_comparison(asked, lambda what, share: None)
    assert len(made) == 2
    assert [c.letter for c in read_comparison(folder / "results").combinations] == ["A", "B"]


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"scenarios": ("base",), "instruments": ("eac-directive",)}, "make 1 combination"),
        ({"scenarios": ("base", "base")}, "--scenario: base is named twice"),
        ({"scenarios": ("bse",)}, "did you mean 'base'"),
        ({"instruments": ("eac-directive", "transfer-model")}, "transfer-model cannot be projected"),
        ({"countries": ("XXX",)}, "XXX"),
        ({"language": "xx"}, "xx"),
    ],
)
def test_wrong_requests_are_refused_before_anything_is_written(tmp_path: Path, more: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        produce_comparison(request(tmp_path, **more), lambda what, share: None)
    assert list(tmp_path.iterdir()) == []


def test_without_instruments_all_that_can_be_projected_are_taken() -> None:
    found = [i.id for i in compare_run._instruments(CompareRequest(root=ROOT), load_instrument("eac-directive", SCENARIOS).members)]
    assert found[0] == "eac-directive"
    assert "pro-rata-only" in found
    assert "transfer-model" not in found


def test_default_names_are_short_and_differ() -> None:
    long = [default_name(["base", "high-mobility", name], ["eac-directive", "pro-rata-only"]) for name in ("crisis-return", "low-mobility")]
    assert all(len(n) <= 69 for n in long)
    assert len(set(long)) == 2
