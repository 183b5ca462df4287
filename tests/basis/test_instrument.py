"""Instruments: the shipped one, switching provisions off, take-up, and wrong input."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actuarial.basis.errors import InputError
from actuarial.basis.instrument import PROVISIONS, Instrument, instrument_file, load_instrument
from actuarial.basis.instrument_provisions import AccountSchemes, MinimumPension, Refunds
from actuarial.basis.region import load_region

ROOT = Path(__file__).parents[2]
SCENARIOS = ROOT / "scenarios"
MEMBERS = load_region(ROOT / "data").members
EAC = load_instrument("eac-directive", SCENARIOS, MEMBERS)
TEXT = instrument_file("eac-directive", SCENARIOS).read_text(encoding="utf-8")


def changed(folder: Path, *replacements: tuple[str, str]) -> Path:
    text = TEXT
    for old, new in replacements:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path = folder / "eac-directive" / "instrument.yaml"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    return path


def refused(folder: Path, *replacements: tuple[str, str]) -> str:
    with pytest.raises(InputError) as caught:
        load_instrument(changed(folder, *replacements), SCENARIOS, MEMBERS)
    return str(caught.value)


def test_the_shipped_instrument_says_that_it_is_assumed() -> None:
    assert EAC.members == MEMBERS
    assert "not been published" in EAC.note
    assert "assum" in EAC.note
    figures = dict(EAC.figures)
    assert len(figures) == 35
    assert all(f.confidence in {"assumed", "partial"} for f in figures.values())
    assert all(f.reason for f in figures.values())
    assert figures["provisions.totalisation.min_own_months"].unit == "months"


def test_law_and_parameters_agree() -> None:
    law = (SCENARIOS / "instruments" / "eac-directive" / "law.md").read_text(encoding="utf-8")
    assert f"1 January {EAC.entry_into_force}" in law
    assert f"less than {EAC.provisions.totalisation.min_own_months} months" in law
    assert "not public" in law


def test_every_provision_can_be_switched_off() -> None:
    off = EAC.without(*PROVISIONS)
    p = off.provisions
    assert not any([p.equality_of_treatment, p.export, p.totalisation.enabled, p.refunds.blocked_after_entry])
    assert not any(
        [p.account_schemes.count_periods, p.account_schemes.keep_balances, p.retroactive_periods, p.retroactive_claims]
    )
    assert p.amount.method == "none"
    assert off.administration.fixed_usd_per_year_per_scheme == off.administration.share_of_coordinated_benefits == 0
    assert off.take_up == EAC.take_up
    assert EAC.provisions.totalisation.enabled, "the original is unchanged"


@given(st.lists(st.sampled_from(PROVISIONS)), st.lists(st.sampled_from(PROVISIONS)))
def test_order_of_switching_off_does_not_matter(first: list[str], second: list[str]) -> None:
    assert EAC.without(*first).without(*second) == EAC.without(*second, *first)
    assert EAC.without() == EAC


def test_unknown_provision() -> None:
    with pytest.raises(InputError, match="unknown provision 'totalization'; did you mean 'totalisation'"):
        EAC.without("totalization")


def test_take_up_curve() -> None:
    start = EAC.entry_into_force
    assert EAC.take_up_share(start - 1) == 0
    assert EAC.take_up_share(start) == 0.25
    assert EAC.take_up_share(start + 5) == 0.60
    assert EAC.take_up_share(start + 10) == pytest.approx((0.60 + 0.85) / 2)
    assert EAC.take_up_share(start + 60) == 0.85


@given(st.integers(1990, 2100))
def test_take_up_is_a_share_that_never_falls(year: int) -> None:
    assert 0 <= EAC.take_up_share(year) <= EAC.take_up_share(year + 1) <= 1


def test_every_problem_in_one_message(tmp_path: Path) -> None:
    message = refused(
        tmp_path,
        ("      value: higher_of", "      value: highest_of"),
        ("  export:\n", "  exprot:\n"),
        ("share: 0.60}", "share: 60}"),
        ("    value: 60000\n    unit: USD of 2025", "    value: -60000\n    unit: EUR of 2025"),
        ("      value: 12\n      unit: months", "      value: 12\n      unit: years"),
        ("members: [BDI,", "members: [BRU,"),
    )
    for words in [
        "found 'highest_of' (text); did you mean 'higher_of'? Allowed: none, pro_rata",
        "provisions.exprot: unknown key; did you mean 'export'?",
        "provisions.export: this key is missing",
        "take_up[1].share: a share is a fraction of a whole; found 60",
        "fixed_usd_per_year_per_scheme: an amount cannot be negative",
        "unit is 'EUR of 2025 per year and scheme'; it must be 'USD of 2025 per year and scheme'",
        "unit is 'years'; it must be 'months'",
    ]:
        assert words in message


def test_unknown_member_and_late_entry(tmp_path: Path) -> None:
    message = refused(tmp_path, ("members: [BDI,", "members: [BRU,"))
    assert "members[0]: unknown country 'BRU'" in message


def test_a_branch_before_entry_is_told_once(tmp_path: Path) -> None:
    message = refused(tmp_path, ("entry_into_force:\n  value: 2028", "entry_into_force:\n  value: 2099"))
    assert message.count("scope.branches.old_age") == 1


def test_bare_values_and_unexplained_figures_are_refused(tmp_path: Path) -> None:
    message = refused(
        tmp_path,
        ("entry_into_force:\n  value: 2028\n", "entry_into_force:\n  value: 2020\n"),
        ("  reason: Not adopted by November 2026;", "  # reason: Not adopted by November 2026;"),
    )
    assert "must give its 'reason'" in message
    assert "found 2020, allowed 2026 to 2100" in message


def test_take_up_must_start_at_entry_and_rise(tmp_path: Path) -> None:
    message = refused(tmp_path, ("years_since_entry: 15", "years_since_entry: 5"))
    assert "must start at 0 and rise; found 0, 5, 5" in message


def test_unknown_instrument_and_wrong_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="unknown instrument 'eac-directve'; did you mean 'eac-directive'"):
        load_instrument("eac-directve", SCENARIOS)
    with pytest.raises(InputError, match="no such instrument file"):
        load_instrument(tmp_path / "none.yaml", SCENARIOS)
    path = changed(tmp_path)
    copy = path.parent.rename(tmp_path / "other")
    with pytest.raises(InputError, match="must be the name of the folder, 'other'"):
        load_instrument(copy, SCENARIOS)


def test_policies_follow_from_the_older_flags_and_may_not_contradict_them() -> None:
    assert Refunds.model_validate({"blocked_after_entry": True}).policy == "blocked"
    assert Refunds.model_validate({"policy": "repay_to_restore"}).blocked_after_entry
    assert AccountSchemes.model_validate({"count_periods": True, "keep_balances": False}).policy == "count"
    assert AccountSchemes.model_validate({"policy": "annuitise"}).keep_balances
    with pytest.raises(ValueError, match="contradicts count_periods"):
        AccountSchemes.model_validate({"count_periods": False, "keep_balances": False, "policy": "count"})
    with pytest.raises(ValueError, match="needs a top_up"):
        MinimumPension(policy="after")


def test_an_instrument_that_extends_itself_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "instruments" / "mine"
    folder.mkdir(parents=True)
    (folder / "instrument.yaml").write_text("extends: mine\nid: mine\n", encoding="utf-8")
    with pytest.raises(InputError, match="extends itself"):
        load_instrument("mine", tmp_path)


def test_what_an_instrument_extends_keeps_its_provenance() -> None:
    direct = load_instrument("direct-method", SCENARIOS, MEMBERS)
    mine, theirs = dict(direct.figures), dict(EAC.figures)
    assert direct.provisions.amount.method == "direct"
    assert mine["provisions.export"] == theirs["provisions.export"]
    assert mine["provisions.amount.method"] != theirs["provisions.amount.method"]


def test_an_instrument_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        EAC.entry_into_force = 2030  # type: ignore[misc]
    assert isinstance(EAC, Instrument)
