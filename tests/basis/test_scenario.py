"""Scenarios: what is shipped, inheritance, and wrong input told in one message."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actuarial.basis.errors import InputError
from actuarial.basis.region import load_region
from actuarial.basis.scenario import Scenario, SexPath, factors, load_scenario, progress, scenario_files, scenario_names

ROOT = Path(__file__).parents[2]
SCENARIOS = ROOT / "scenarios"
MEMBERS = load_region(ROOT / "data").members
HEAD = "name: mine\ntitle: t\ndescription: d\nextends: base\n"


def load(folder: Path, text: str, name: str = "mine.yaml") -> Scenario:
    (folder / name).write_text(text, encoding="utf-8")
    return load_scenario(folder / name, SCENARIOS, MEMBERS)


def refused(folder: Path, text: str) -> str:
    with pytest.raises(InputError) as caught:
        load(folder, text)
    return str(caught.value)


def test_shipped_scenarios() -> None:
    shipped = {name: load_scenario(name, SCENARIOS, MEMBERS) for name in scenario_names(SCENARIOS)}
    assert set(shipped) == {
        "base", "high-mobility", "low-mobility", "crisis-return", "feminisation", "migrant-formalisation", "south-sudan-collects",
        "burundi-does-not-pay", "refugees-work",
    }  # fmt: skip
    base = shipped["base"]
    assert base.migration.outflow_multiplier == base.migration.return_multiplier == base.migration.stock_multiplier == 1
    assert base.migration.shock is None
    assert not base.migration.corridors
    assert set(base.economy.model_dump().values()) == {0.0}
    assert base.migration.outflow_by_sex is base.migration.migrant_coverage_path is base.migration.refugees_join is None
    assert not base.schemes
    assert base.collection.model_dump() == {"density_factor": {}, "compliance_factor": {}}
    assert base.payment.model_dump() == {"non_payment": {}, "take_up_factor": 1.0, "processing_lag_years": 0.0, "exchange_rate_add": {}}
    assert (
        shipped["high-mobility"].migration.outflow_multiplier > 1 > shipped["low-mobility"].migration.outflow_multiplier
    )
    shock = shipped["crisis-return"].migration.shock
    assert shock is not None
    assert 0 < shock.return_share < 1
    for name, scenario in shipped.items():
        assert scenario.economy == base.economy, f"{name}: mobility scenarios leave the economy alone"
        assert scenario.extends == (None if name == "base" else "base")


def test_each_scenario_of_its_own_kind_moves_one_lever_only() -> None:
    base = load_scenario("base", SCENARIOS).model_dump()
    moved = {
        "feminisation": ("migration", "outflow_by_sex"),
        "migrant-formalisation": ("migration", "migrant_coverage_path"),
        "refugees-work": ("migration", "refugees_join"),
        "south-sudan-collects": ("schemes", "SSD"),
        "burundi-does-not-pay": ("payment", "non_payment"),
    }
    for name, (section, lever) in moved.items():
        found = load_scenario(name, SCENARIOS, MEMBERS).model_dump()
        changed = [(s, k) for s in ("migration", "economy", "schemes", "collection", "payment") for k in {*base[s], *found[s]}
                   if found[s].get(k) != base[s].get(k)]  # fmt: skip
        assert changed == [(section, lever)], name


def test_levers_by_country_and_paths_are_checked(tmp_path: Path) -> None:
    message = refused(
        tmp_path,
        HEAD
        + "migration:\n  outflow_by_sex: {male: 1.0, female: -1, women_towards_men: 2, first_year: 2027, full_by: 2030}\n"
        + "  refugees_join: {share: 0.2, first_year: 2030, full_by: 2029}\n"
        + "  migrant_coverage_path: {male: 1.0, female: 1.0, first_year: 2020, full_by: 2030}\n"
        + "schemes: {SSD: KEN-nssf, KNE: KNE-nssf}\n"
        + "collection: {density_factor: {KEN: 90}, compliance_factor: {XYZ: 0.9}}\n"
        + "payment:\n  non_payment: {BDI: 100, bdi: 1.0}\n  processing_lag_years: 3\n  exchange_rate_add: {KEN: 2}\n  takeup: 1\n",
    )
    for words in [
        "line 6, migration.outflow_by_sex.female: a factor is a plain number and not negative; found -1",
        "line 6, migration.outflow_by_sex.women_towards_men: a share is a fraction of a whole; found 2, allowed 0 to 1",
        "line 7, migration.refugees_join: full_by 2029 lies before first_year 2030",
        "line 8, migration.migrant_coverage_path.first_year: the year lies outside the projection; found 2020",
        "line 9, schemes.SSD: found 'KEN-nssf'; a scheme of SSD has a name that begins with 'SSD-'",
        "line 9, schemes.KNE: unknown country 'KNE'; did you mean 'KEN'?",
        "line 10, collection.density_factor.KEN: a factor is a plain number and not negative; found 90",
        "line 10, collection.compliance_factor.XYZ: unknown country 'XYZ'",
        "line 12, payment.non_payment.BDI: a share is a fraction of a whole; found 100, allowed 0 to 1; for 100 % write 1",
        "line 12, payment.non_payment.bdi: found 'bdi' (text); it must be three capital letters, such as XYZ",
        "line 13, payment.processing_lag_years: a delay is in years; found 3, allowed 0 to 1",
        "line 14, payment.exchange_rate_add.KEN: a change of a yearly rate is a fraction; found 2",
        "line 15, payment.takeup: unknown key; did you mean 'take_up_factor'?",
        "13 problems",
    ]:
        assert words in message


@given(first=st.integers(2026, 2100), length=st.integers(0, 74), male=st.floats(0, 20), female=st.floats(0, 20))
def test_a_path_is_neutral_before_and_whole_after_its_years(first: int, length: int, male: float, female: float) -> None:
    full = min(first + length, 2100)
    path = SexPath(male=male, female=female, first_year=first, full_by=full)
    part, by_sex = progress(path), factors(path)
    assert part.shape == (75,) and by_sex.shape == (2, 75)
    assert not part[: first - 2026].any()
    assert (part[full - 2026 :] == 1.0).all()
    np.testing.assert_allclose(np.diff(part[first - 2026 : full - 2026 + 1]), 1.0 / (full - first + 1), atol=1e-12)
    np.testing.assert_allclose(by_sex[:, -1], [male, female], atol=1e-12)
    assert (by_sex[:, : first - 2026] == 1.0).all()


def test_without_a_path_nothing_changes() -> None:
    assert not progress(None).any()
    assert (factors(None) == 1.0).all()


def test_only_differences_are_stated(tmp_path: Path) -> None:
    text = (
        HEAD + "migration:\n  corridors:\n    UGA-KEN: {outflow_multiplier: 1.5}\neconomy: {real_return_add: -1e-2}\n"
    )
    scenario = load(tmp_path, text)
    assert scenario.migration.corridors["UGA-KEN"].outflow_multiplier == 1.5
    assert scenario.migration.corridors["UGA-KEN"].return_multiplier == 1
    assert scenario.economy.real_return_add == -0.01
    base = load_scenario("base", SCENARIOS)
    assert scenario.migration.model_copy(update={"corridors": {}}) == base.migration
    assert [f.name for f in scenario_files(tmp_path / "mine.yaml", SCENARIOS)] == ["mine.yaml", "base.yaml"]


def test_a_chain_of_three_and_null_shock(tmp_path: Path) -> None:
    (tmp_path / "half.yaml").write_text(
        "name: half\ntitle: t\ndescription: d\nextends: crisis-return\nmigration: {stock_multiplier: 0.5}\n"
    )
    scenario = load(tmp_path, HEAD.replace("base", "half.yaml") + "migration: {shock: null}\n")
    assert scenario.migration.stock_multiplier == 0.5
    assert scenario.migration.shock is None
    assert scenario.title == "t"


def test_every_problem_in_one_message(tmp_path: Path) -> None:
    message = refused(
        tmp_path,
        HEAD
        + "migration:\n  outflow_multipler: 2\n  return_multiplier: 150\n  stock_multiplier: -1\n"
        + "  corridors: {UGA-KNE: {outflow_multiplier: 2}, KEN-KEN: {}, uga: {}}\n"
        + "  shock: {year: 2020, return_share: 30, outflow_multiplier: 1}\n"
        + "economy:\n  inflation_add: 2\n  real_return_add: '0.1'\nextra: 1\n",
    )
    for words in [
        "11 problems",
        "line 6, migration.outflow_multipler: unknown key; did you mean 'outflow_multiplier'?",
        "line 7, migration.return_multiplier: a factor is a plain number and not negative; found 150",
        "for 150 % write 1.5",
        "line 8, migration.stock_multiplier: a factor is a plain number and not negative; found -1",
        "line 9, migration.corridors.UGA-KNE: unknown country 'KNE'; did you mean 'KEN'? Allowed: BDI, COD",
        "line 9, migration.corridors.KEN-KEN: origin and host are the same country",
        "line 9, migration.corridors.uga: found 'uga' (text); it must be two codes of three capital letters",
        "line 10, migration.shock.year: the year lies outside the projection; found 2020, allowed 2026 to 2100",
        "line 10, migration.shock.return_share: a share is a fraction of a whole; found 30, allowed 0 to 1; for 30 % "
        "write 0.3",
        "line 12, economy.inflation_add: a change of a yearly rate is a fraction; found 2",
        "line 13, economy.real_return_add: must be a number; found '0.1' (text)",
        "line 14, extra: unknown key",
    ]:
        assert words in message


def test_problems_are_told_in_the_file_they_stand_in(tmp_path: Path) -> None:
    (tmp_path / "low.yaml").write_text(
        "name: low\ntitle: t\ndescription: d\nextends: base\nmigration: {stock_multiplier: -1}\n"
    )
    message = refused(tmp_path, HEAD.replace("base", "low.yaml") + "economy:\n  inflation_add: 3\n")
    assert "low.yaml, line 5, migration.stock_multiplier" in message
    assert "mine.yaml, line 6, economy.inflation_add" in message


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("high-mobilty", ["unknown scenario 'high-mobilty'", "did you mean 'high-mobility'?", "base, burundi-does-not-pay, crisis-return"]),
        ("nowhere/none.yaml", ["no such scenario file", "none.yaml"]),
    ],
)
def test_unknown_scenario(name: str, words: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        load_scenario(name, SCENARIOS)
    assert all(w in str(caught.value) for w in words)


def test_unknown_parent_and_circles(tmp_path: Path) -> None:
    assert "extends: unknown scenario 'bsae'; did you mean 'base'?" in refused(tmp_path, HEAD.replace("base", "bsae"))
    assert "comes back to itself: mine -> mine" in refused(tmp_path, HEAD.replace("base", "mine.yaml"))
    (tmp_path / "other.yaml").write_text(HEAD.replace("base", "mine.yaml").replace("name: mine", "name: other"))
    assert "mine -> other -> mine" in refused(tmp_path, HEAD.replace("base", "other.yaml"))
    assert "extends: found ('base',)" in refused(tmp_path, HEAD.replace("base", "[base]"))


def test_a_scenario_that_extends_nothing_must_state_everything(tmp_path: Path) -> None:
    message = refused(tmp_path, "name: mine\ntitle: t\ndescription: d\nmigration: {outflow_multiplier: 1.0}\n")
    assert "economy: this key is missing" in message
    assert "migration.shock: this key is missing" in message


def test_own_keys_are_not_inherited(tmp_path: Path) -> None:
    assert "title: this key is missing" in refused(tmp_path, "name: mine\ndescription: d\nextends: base\n")
    assert "must be the name of the file, 'mine'" in refused(tmp_path, HEAD.replace("name: mine", "name: yours"))


@given(factor=st.floats(0, 20), add=st.floats(-0.2, 0.2), share=st.floats(0, 1), year=st.integers(2026, 2100))
def test_every_allowed_figure_arrives_unchanged(
    tmp_path_factory: pytest.TempPathFactory, factor: float, add: float, share: float, year: int
) -> None:
    shock = f"{{year: {year}, return_share: {share!r}, outflow_multiplier: {factor!r}}}"
    text = (
        HEAD + f"migration: {{outflow_multiplier: {factor!r}, shock: {shock}}}\neconomy: {{inflation_add: {add!r}}}\n"
    )
    scenario = load(tmp_path_factory.mktemp("s"), text)
    assert scenario.migration.outflow_multiplier == factor
    assert scenario.economy.inflation_add == add
    assert scenario.migration.shock is not None
    assert (scenario.migration.shock.year, scenario.migration.shock.return_share) == (year, share)
