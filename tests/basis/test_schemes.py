"""Scheme folders: what they hold, the law by year, and one clear message for every wrong file."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import numpy as np
import pytest

from actuarial.basis.errors import InputError
from actuarial.basis.region import load_region
from actuarial.basis.scheme import Indices, Scheme, load_scheme, load_schemes
from actuarial.basis.scheme_file import BRANCHES

DATA = Path(__file__).parents[2] / "data"
REGION = load_region(DATA)
YEARS = 111
FLAT = Indices.from_growth(np.zeros(YEARS), np.zeros(YEARS))
GROWING = Indices.from_growth(np.full(YEARS, 0.10), np.full(YEARS, 0.04))
MONTH = 12.0


@pytest.fixture(scope="module")
def schemes() -> dict[str, Scheme]:
    return {scheme.country: scheme for scheme in load_schemes(DATA, REGION.scheme_ids)}


def test_every_member_has_a_scheme_of_the_expected_kind(schemes: dict[str, Scheme]) -> None:
    kinds = {country: scheme.kind for country, scheme in schemes.items()}
    assert kinds == {
        **dict.fromkeys(("BDI", "COD", "RWA", "TZA"), "defined_benefit"),
        **dict.fromkeys(("KEN", "UGA"), "account"),
        "SSD": "not_collecting",
        "SOM": "none",
    }
    assert tuple(schemes) == REGION.members


@pytest.mark.parametrize("country", REGION.members)
def test_every_branch_says_something(schemes: dict[str, Scheme], country: str) -> None:
    scheme = schemes[country]
    assert tuple(scheme.branches) == BRANCHES
    for branch in scheme.branches.values():
        assert branch.summary.endswith(".")
        assert not (branch.modelled and branch.status == "none")


def cited_in_prose(scheme: Scheme) -> set[int]:
    """Numbers of the sources that law.md cites."""
    prose = (scheme.folder / "law.md").read_text(encoding="utf-8").partition("## Sources")[0]
    return {int(number) for group in re.findall(r"\[([\d, ]+)\]", prose) for number in group.split(",")}


@pytest.mark.parametrize("country", REGION.members)
def test_law_and_parameters_have_the_same_numbered_sources(schemes: dict[str, Scheme], country: str) -> None:
    scheme = schemes[country]
    listed = (scheme.folder / "law.md").read_text(encoding="utf-8").partition("## Sources")[2]
    numbered = {
        int(number): " ".join(text.split())
        for number, text in re.findall(r"^(\d+)\. (.*?)(?=^\d+\. |\Z)", listed, re.M | re.S)
    }
    assert numbered == scheme.file.sources
    assert cited_in_prose(scheme) <= set(numbered)


@pytest.mark.parametrize("country", REGION.members)
def test_register_lines_are_complete_and_explained(schemes: dict[str, Scheme], country: str) -> None:
    lines = list(schemes[country].figures())
    paths = [path for path, _ in lines]
    assert len(paths) == len(set(paths))
    for path, figure in lines:
        assert figure.unit and figure.source and figure.year, path
        assert figure.reason or figure.confidence in ("verified", "partial"), path
        assert figure.source != "own assumption" or figure.confidence in ("recalled", "derived", "assumed"), path


def test_register_names_what_a_ceiling_follows(schemes: dict[str, Scheme]) -> None:
    choice = dict(schemes["BDI"].figures())["contributions.ceiling.indexation"]
    assert (choice.value, choice.year, choice.confidence) == ("wages", "2026", "assumed")
    assert "frozen" in choice.reason


def test_every_source_is_used(schemes: dict[str, Scheme]) -> None:
    for scheme in schemes.values():
        texts = " ".join(figure.source for _, figure in scheme.figures())
        prose = (scheme.folder / "law.md").read_text(encoding="utf-8").partition("## Sources")[0]
        cited = {int(number) for group in re.findall(r"\[([\d, ]+)\]", prose) for number in group.split(",")}
        unused = [
            number for number, source in scheme.file.sources.items() if source not in texts and number not in cited
        ]
        assert not unused, scheme.id


@pytest.mark.parametrize("country", ["BDI", "COD", "KEN", "RWA", "TZA", "UGA"])
def test_targets_agree_with_each_other(schemes: dict[str, Scheme], country: str) -> None:
    """Contributors x average insurable earnings (a month) x 12 x contribution rate = contributions."""
    scheme = schemes[country]
    target = {name: item.value for name, item in scheme.calibration.items()}
    rate = scheme.law(2025, FLAT).contribution_rate
    expected = target["active_contributors"] * MONTH * target["average_insurable_earnings"] * rate
    assert target["contributions"] == pytest.approx(expected, rel=0.005)
    assert target.get("pension_payroll", 0.0) <= target["benefits"] <= target["reserve"]
    assert MONTH * target["average_insurable_earnings"] <= scheme.law(2025, FLAT).ceiling


def test_schemes_that_do_not_collect_ask_and_pay_nothing(schemes: dict[str, Scheme]) -> None:
    for country in ("SSD", "SOM"):
        law = schemes[country].law(2040, GROWING)
        assert not law.collecting
        assert not schemes[country].calibration
        assert (law.contribution_rate, law.maximum_share, law.minimum_pension, law.refund_take_up) == (
            0.0,
            0.0,
            0.0,
            0.0,
        )


class TestDatedLaw:
    """A value is in force in a calendar year when it is in force on 1 July."""

    def test_rwandan_rates_step_up_to_twenty_per_cent(self, schemes: dict[str, Scheme]) -> None:
        rates = {year: schemes["RWA"].law(year, FLAT).contribution_rate for year in range(2024, 2033)}
        expected = [0.06, 0.12, 0.12, 0.14, 0.16, 0.18, 0.20, 0.20, 0.20]
        assert list(rates.values()) == pytest.approx(expected, rel=1e-12)

    def test_kenyan_limits(self, schemes: dict[str, Scheme]) -> None:
        upper = [schemes["KEN"].law(year, FLAT).ceiling / MONTH for year in range(2023, 2029)]
        assert upper == pytest.approx([18_000, 36_000, 72_000, 108_000, 144_000, 144_000])
        lower = [schemes["KEN"].law(year, FLAT).tier_one_limit / MONTH for year in range(2023, 2027)]
        assert lower == pytest.approx([6_000, 7_000, 8_000, 9_000])

    def test_tanzanian_commutation_changes_in_the_middle_of_a_year(self, schemes: dict[str, Scheme]) -> None:
        shares = [schemes["TZA"].law(year, FLAT).commutation_share for year in (2021, 2022, 2023, 2024, 2050)]
        assert shares == [0.25, 0.33, 0.33, 0.35, 0.35]

    def test_congolese_reform_of_2018(self, schemes: dict[str, Scheme]) -> None:
        before, after = (schemes["COD"].law(year, FLAT) for year in (2018, 2019))
        assert (before.pension_age, after.pension_age) == ((65, 60), (60, 60))
        assert (before.qualifying_months, after.qualifying_months) == (60, 180)
        assert (before.contribution_rate, after.contribution_rate) == (0.07, 0.10)

    def test_before_the_first_date_the_first_value_holds(self, schemes: dict[str, Scheme]) -> None:
        assert schemes["TZA"].law(1990, FLAT).commutation_share == 0.25
        assert schemes["BDI"].law(1990, FLAT).ceiling == 150_000 * MONTH


class TestIndexation:
    def test_ceiling_of_burundi_is_frozen_to_2026_and_then_follows_wages(self, schemes: dict[str, Scheme]) -> None:
        ceilings = [schemes["BDI"].law(year, GROWING).ceiling / MONTH for year in (2011, 2025, 2026, 2027, 2036)]
        assert ceilings == pytest.approx([450_000, 450_000, 450_000, 450_000 * 1.1, 450_000 * 1.1**10])

    def test_kenyan_ceiling_follows_wages_after_the_last_known_limit(self, schemes: dict[str, Scheme]) -> None:
        assert schemes["KEN"].law(2030, GROWING).ceiling / MONTH == pytest.approx(144_000 * 1.1**3)

    def test_rwandan_minimum_follows_prices_and_is_carried_back_with_them(self, schemes: dict[str, Scheme]) -> None:
        law = schemes["RWA"].law
        assert law(2035, GROWING).minimum_pension == pytest.approx(33_710 * MONTH * 1.04**10)
        assert law(2018, GROWING).minimum_pension == pytest.approx(13_000 * MONTH * 1.0)
        assert law(2008, GROWING).minimum_pension == pytest.approx(13_000 * MONTH / 1.04**10)

    def test_minimum_wage_share(self, schemes: dict[str, Scheme]) -> None:
        assert schemes["COD"].law(2026, FLAT).minimum_pension == pytest.approx(0.5 * 559_000 * MONTH)

    def test_indices_are_one_in_the_base_year_and_end_with_the_series(self) -> None:
        assert GROWING.at("wages", 2025) == GROWING.at("prices", 2025) == GROWING.at("none", 2300) == 1.0
        assert GROWING.at("wages", 2024) == pytest.approx(1 / 1.1)
        with pytest.raises(ValueError, match="1990..2100"):
            GROWING.at("prices", 2101)


def test_coordination_facts_of_the_laws(schemes: dict[str, Scheme]) -> None:
    """law.md, sections on leaving the country."""
    laws = {country: scheme.law(2025, FLAT) for country, scheme in schemes.items()}
    assert {c for c, law in laws.items() if law.refund_on_leaving} == {"TZA", "KEN", "UGA"}
    assert {c for c, law in laws.items() if law.refund_bars_if_instrument} == {"TZA"}
    assert {c for c, law in laws.items() if law.qualifying_months == 180} == {"BDI", "COD", "RWA", "TZA"}
    assert {c for c, law in laws.items() if law.export_without_instrument} == {"TZA", "KEN", "UGA"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of a good folder to spoil."""
    copy = tmp_path / "schemes" / "BDI-inss"
    shutil.copytree(DATA / "schemes" / "BDI-inss", copy)
    return copy


def spoil(folder: Path, old: str, new: str) -> str:
    """Change one passage of params.yaml and return the message of the error."""
    path = folder / "params.yaml"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1, old
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_scheme(folder)
    message = str(caught.value)
    assert "params.yaml" in message
    return message


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ("value: 0.04", "value: 4", ["contributions.employee", "line", "for 4 per cent write 0.04"]),
        ("value: 0.80", "value: 1.2", ["old_age.formula.maximum_share", "fraction from 0 to 1"]),
        ("value: 450000, source: 4", "value: 4000, source: 4", ["floor", "above ceiling"]),
        ("currency: BIF", "currency: KES", ["BIF", "the scheme's currency is KES"]),
        ("unit: BIF per month", "unit: BIF per week", ["contributions.ceiling", "'XXX per month'"]),
        ("qualifying_months:", "qualifing_months:", ["qualifing_months", "did you mean 'qualifying_months'?"]),
        ("confidence: verified", "confidence: certain", ["certain", "verified, partial, recalled, derived, assumed"]),
        ("source: [1, 4]", "source: [1, 99]", ["contributions.employee", "source 99 is not in the list"]),
        ("indexation: wages", "indexation: wage", ["contributions.ceiling", "did you mean 'wages'?"]),
        ("from: 2011, value: 450000", "from: 2001, value: 450000", ["contributions.ceiling", "dates must ascend"]),
        ("value: 180, unit: months", "value: 180.5, unit: months", ["whole months"]),
        ("id: BDI-inss", "id: BDI-onpr", ["id", "the folder's name 'BDI-inss'"]),
        ("country: BDI", "country: RWA", ["country", "another country"]),
        ("  sickness:", "  sikness:", ["branches.sikness", "did you mean 'sickness'?"]),
        ("kind: defined_benefit", "kind: account", ["kind 'account' needs account"]),
        ("indexed_after: 2026", "indexed_after: 2010", ["indexed_after 2010 lies before"]),
        ("take: last, months: 36", "take: best, months: 36", ["within_months"]),
        ("value: -5", "value: -5", []),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else None,
)
def test_wrong_file_gives_one_clear_message(folder: Path, old: str, new: str, parts: list[str]) -> None:
    if not parts:
        old, new, parts = "value: 450000, source: 4", "value: -5, source: 4", ["cannot be negative"]
    message = spoil(folder, old, new)
    for part in parts:
        assert part in message


def test_ages_out_of_order(folder: Path) -> None:
    own = "unit: x, year: 2025, confidence: assumed, reason: test"
    early = f"early: {{age: {{value: 61, {own}}}, reduction_per_year: {{value: 0, {own}}}}}"
    message = spoil(folder, "  qualifying_months:", f"  {early}\n  qualifying_months:")
    assert "ages out of order: early pension at 61, normal pension at 60" in message


def test_assumption_without_reason(folder: Path) -> None:
    message = spoil(
        folder, "confidence: assumed, reason: no rounding rule is stated in the sources", "confidence: assumed"
    )
    assert "confidence 'assumed' needs a reason" in message


def test_missing_file_and_unknown_folder(folder: Path) -> None:
    (folder / "law.md").unlink()
    with pytest.raises(InputError, match="law.md is missing"):
        load_scheme(folder)
    with pytest.raises(InputError, match="did you mean 'BDI-inss'"):
        load_scheme(folder.parent / "BDI-ins")


def test_currency_of_another_country(tmp_path: Path) -> None:
    shutil.copytree(DATA / "schemes", tmp_path / "schemes")
    region = (DATA / "region.yaml").read_text(encoding="utf-8").replace("currency: BIF", "currency: KES")
    (tmp_path / "region.yaml").write_text(region, encoding="utf-8")
    with pytest.raises(InputError, match="found BIF, but the currency of BDI is KES"):
        load_schemes(tmp_path, ["BDI-inss"])


def test_several_problems_come_in_one_message(folder: Path) -> None:
    path = folder / "params.yaml"
    text = path.read_text(encoding="utf-8").replace("value: 0.04", "value: 4", 1).replace("value: 0.06", "value: 6", 1)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_scheme(folder)
    assert "for 4 per cent write 0.04" in str(caught.value) and "for 6 per cent write 0.06" in str(caught.value)
