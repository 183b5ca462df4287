"""Languages: catalogues are complete, say what the text says, and numbers follow the locale."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actuarial.basis.errors import InputError
from actuarial.reporting import catalogue, numbers
from actuarial.reporting.catalogue_data import data_messages
from actuarial.reporting.language import PREPARED, RELEASED, SOURCE, catalogue_path, data_path, data_text, language, phrase, plural, use_language

TRANSLATED = [code for code in RELEASED if code != SOURCE]
DOMAINS = {"messages": catalogue.messages, "data": data_messages}


@pytest.fixture(scope="module")
def wanted() -> dict[str, object]:
    return {domain: gather() for domain, gather in DOMAINS.items()}


@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize("code", TRANSLATED)
def test_a_released_language_lacks_no_text(code: str, domain: str, wanted: dict[str, object]) -> None:
    assert catalogue.untranslated(catalogue.read(code, domain), wanted[domain]) == []


@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize("code", [*TRANSLATED, *PREPARED])
def test_a_translation_has_the_places_of_its_text(code: str, domain: str) -> None:
    assert catalogue.unequal_places(catalogue.read(code, domain)) == []


@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize("code", [*TRANSLATED, *PREPARED])
def test_a_catalogue_holds_the_texts_in_use_and_no_others(code: str, domain: str, wanted: dict[str, object]) -> None:
    held = {(m.context, m.id) for m in catalogue.read(code, domain) if m.id}
    assert held == {(m.context, m.id) for m in wanted[domain] if m.id}  # type: ignore[attr-defined]


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_translation_keeps_the_space_at_the_ends_of_its_text(code: str) -> None:
    """A sentence built of two messages would otherwise run together."""
    wrong = [
        m.id
        for domain in DOMAINS
        for m in catalogue.read(code, domain)
        if isinstance(m.id, str) and m.id and m.string and any(m.id[end].isspace() != m.string[end].isspace() for end in (0, -1))
    ]
    assert wrong == []


def test_a_prepared_language_is_not_offered_yet() -> None:
    for code in PREPARED:
        assert catalogue_path(code, "messages").is_file()
        with pytest.raises(InputError, match="Allowed: en, fr, sw"), use_language(code):
            pass


def test_an_unknown_language_is_refused_by_name() -> None:
    with pytest.raises(InputError, match="unknown language 'fra'; did you mean 'fr'"), use_language("fra"):
        pass
    assert language() == SOURCE


def test_a_text_of_a_data_file_without_translation_stays_as_written() -> None:
    with use_language("fr"):
        assert data_text("a rule nobody has translated") == "a rule nobody has translated"
        assert data_path("unheard_of.zebra_rule") == "unheard of · zebra rule"


def test_places_are_filled_and_values_are_never_read_as_places() -> None:
    assert phrase("{a} of {b}", a="{b}", b="{a}") == "{b} of {a}"
    with pytest.raises(KeyError):
        phrase("{a}")
    with pytest.raises(ValueError, match="no place"):
        phrase("a", a="1")


def test_figures_in_french_and_swahili() -> None:
    with use_language("fr"):
        assert numbers.decimal(-1234.5, 1) == "−1\u202f234,5"
        assert numbers.rate(0.12345) == "12,35\u00a0%" or numbers.rate(0.12345) == "12,35\u202f%"
        assert numbers.money(2.789e12, "KES") == "2,79\u00a0billions\u00a0de\u00a0KES"
        assert numbers.money(1.25e9, "USD") == "1,25\u00a0milliard\u00a0de\u00a0USD"
        assert (numbers.day("2025-12-31"), numbers.day("2026-01-01")) == ("31\u00a0décembre\u00a02025", "1er\u00a0janvier\u00a02026")
        assert numbers.heads(1.0) == "1 personne"
        assert numbers.heads(2.0) == "2 personnes"
    with use_language("sw"):
        assert numbers.decimal(-1234.5, 1) == "−1,234.5"
        assert numbers.money(2.79e12, "KES") == "KES\u00a0trilioni\u00a02.79"
        assert numbers.heads(2.0) == "watu 2"


@given(value=st.floats(min_value=1e-3, max_value=1e17), code=st.sampled_from(RELEASED))
def test_a_scaled_number_is_right_to_three_digits_in_every_language(value: float, code: str) -> None:
    """The compact formats of common libraries are wrong by ten in Swahili."""
    words = {
        "en": ("million", "billion", "trillion", "quadrillion"),
        "fr": ("million", "milliard", "billion", "billiard"),
        "sw": ("milioni", "bilioni", "trilioni", "kwadrilioni"),
    }[code]
    with use_language(code):
        text = numbers.compact(value)
    word = re.sub(r"[^a-z]", "", text).removesuffix("s")
    digits = re.sub(r"[a-z\s\u00a0\u202f]", "", text)
    number = float(digits.replace(",", ".") if code == "fr" else digits.replace(",", ""))
    scale = 1000.0 ** (words.index(word) + 2) if word else 1.0
    assert number * scale == pytest.approx(value, rel=0.0051)


@pytest.mark.parametrize("count", [0, 1, 1.5, 2, 5])
def test_plural_forms_by_language(count: float) -> None:
    with use_language("fr"):
        assert plural("{n} person", "{n} people", count, n=str(count)) == f"{count} personne{'s' if count >= 2 else ''}"
