"""The register of inputs in words: names, values and notes are split where their parts mean something, and nothing of them is lost."""

from __future__ import annotations

import ast
import gettext
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import actuarial
from actuarial.reporting import catalogue_data, indicator_words, language
from actuarial.reporting.catalogue_data import data_texts
from actuarial.reporting.language import PSEUDO, hearing, use_language
from actuarial.reporting.register_words import (
    NOTES,
    calibration_note,
    input_name,
    input_value,
    period,
    source_words,
    unit_words,
    value_words,
)

ENGINE = Path(actuarial.__file__).parent / "feasibility"
PART = st.from_regex(r"[a-z][a-z_]{0,12}[a-z]", fullmatch=True)
INDEX = st.sampled_from(["", "[2025-01-01]", "[FY2017/18]", "[Jun 2020]", "[3]", "[year to Feb 2025]"])


@given(st.lists(st.tuples(PART, INDEX), min_size=1, max_size=4), st.sampled_from(["", "careers: ", "branch costs: ", "migration BDI-COD: "]))
def test_a_name_in_english_is_the_name_with_spaces(parts: list[tuple[str, str]], group: str) -> None:
    name = group + ".".join(f"{part}{index}" for part, index in parts)
    assert input_name(name) == name.replace("_", " ").replace(".", " · ")


@given(st.lists(PART, min_size=1, max_size=4))
def test_every_part_of_a_name_is_translated_and_codes_are_not(parts: list[str]) -> None:
    with use_language(PSEUDO):
        assert input_name(".".join(["KEN-nssf", *parts, "12"])) == " · ".join(["KEN-nssf", *(f"⟦{p.replace('_', ' ')}⟧" for p in parts), "12"])


def test_both_sides_of_a_corridor_are_translated_and_its_codes_are_not() -> None:
    with use_language(PSEUDO):
        assert input_name("migration BDI-COD: mean stay abroad") == "⟦⟦migration⟧ BDI-COD: ⟦mean stay abroad⟧⟧"


def test_figures_dates_and_codes_follow_the_language_and_words_are_translated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "_catalogue", lambda _code, _domain: gettext.NullTranslations())
    with use_language("fr"):
        assert value_words("0.05 (2025: 0.07)") == "0,05 (2025: 0,07)"
        assert value_words("15: 0.0; 20: 0.12") == "15: 0,0; 20: 0,12"
        assert value_words("17 October 2023") == "17 octobre 2023"
        assert period("year to Feb 2025") == "year to févr. 2025"
        assert input_value("2028", "1 January of the year") == "1er janvier 2028"
    with use_language(PSEUDO):
        assert value_words("BDI") == "BDI" and value_words("old_age (from_year 2028)") == "⟦old age⟧ (⟦from year⟧ 2028)"
        assert unit_words("KES per month") == "KES ⟦per month⟧" and unit_words("USD") == "USD"
        assert input_value("Law 1/011 of 29 Nov 2002", "rule", "identity.legal_basis") == "Law 1/011 of 29 Nov 2002"
        assert input_value("no allowance is paid", "rule", "family.allowance") == "⟦no allowance is paid⟧"
        assert source_words("ILO C157 Article 8") == "ILO C157 Article 8" and source_words("own definition") == "⟦own definition⟧"


@given(st.sampled_from(NOTES), st.integers(min_value=0, max_value=10**9), st.sampled_from(["", "kept for 2025", "moved; twice"]))
def test_what_the_engine_adds_to_a_method_is_told_from_it(note: str, figure: int, method: str) -> None:
    added = re.sub(r"\{\w+\}", f"{figure:,}", note)
    text = f"{method}; {added}" if method else added
    assert calibration_note(text) == text
    with use_language(PSEUDO), hearing() as heard:
        calibration_note(text)
    assert heard == ({method} if method else set())


def test_notes_checks_and_definitions_are_those_of_the_engine() -> None:
    source = {name: (ENGINE / f"{name}.py").read_text(encoding="utf-8") for name in ("register", "checks", "tables", "step_tables")}
    joined = re.sub(r'"\s*\n\s*f?"', "", source["register"])
    for note in NOTES:
        for part in re.split(r"\{\w+\}", note):
            assert all(piece in joined for piece in part.split("movers estimated from the next year; ")), part
    assert set(re.findall(r'\("([^"]+)", _\w+_gap\(', source["checks"])) == set(catalogue_data.CHECKS)
    written = [
        node.args[2].value
        for node in ast.walk(ast.parse(source["tables"]))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "add" and isinstance(node.args[2], ast.Constant)
    ]
    assert len(written) > 10 and set(written) <= set(indicator_words.DEFINITIONS)
    whole = re.sub(r'"\s*\n\s*"', "", source["tables"] + source["step_tables"])
    for definition in indicator_words.DEFINITIONS:
        assert definition.removesuffix(", over that of the same years' base") in whole, definition


def test_the_catalogue_of_data_holds_words_and_no_citations() -> None:
    texts = data_texts()
    assert {"Export", "East African Community", "mean stay abroad", "own assumption", "share of earnings", "per month"} <= texts
    assert all(re.search(r"[^\W\d_]", text) for text in texts)
    assert not [text for text in texts if "http" in text or re.fullmatch(r"[A-Z]{3}(-\w+)?", text)]
    assert not any("_" in text and " " not in text for text in texts)
