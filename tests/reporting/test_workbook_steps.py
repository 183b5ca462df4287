"""Sheets on what the net cost consists of and on what movers gain: live sums against the study, and what they notice."""

import math
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from actuarial.feasibility.result import LADDER_YEARS, SchemeResult, StudyResult
from actuarial.reporting import frames
from actuarial.reporting.workbook import write_country_workbook
from actuarial.reporting.workbook_region import write_region_workbook
from tests.reporting.synthetic import synthetic_study
from tests.reporting.test_workbook import TOLERANCE, assert_caches_hold, load, sheet_number
from tests.reporting.test_workbook_look import scaled, too_wide

RETURN = 0.09
"""Of the made-up study."""
DISCOUNT = 1 / ((1 + RETURN) ** np.arange(75) * np.sqrt(1 + RETURN))
YEARS = np.arange(2026, 2101)
RUNGS = {
    "equality": 0.0,
    "export": 0.7,
    "totalisation": 0.35,
    "amount": -0.15,
    "legislation": 0.06,
    "administration": 0.04,
}
"""Share of every step in the net cost of pensions."""
PARTS = {
    ("old_age", "exported"): 0.5,
    ("old_age", "newly_vested"): 0.4,
    ("old_age", "lump_sums_not_paid"): -0.1,
    ("old_age", "topped_up"): 0.0,
    ("invalidity", "exported"): 0.15,
    ("survivors", "exported"): 0.05,
}
PENSIONS = {"pv_exported": 0.5, "pv_pensions_by_totalisation": 0.3, "pv_topped_up": 0.1, "pv_resumed": 0.06, "pv_sums_with_pensions": 0.04}


def with_posting(yearly: pd.DataFrame) -> pd.DataFrame:
    """Contributions and earnings a little lower with the instrument, as where posted workers stay insured at home; invalids and survivors."""
    frames = []
    for case, rows in yearly.groupby("case", sort=False):
        frame = rows.sort_values("year").reset_index(drop=True)
        lost = 1 - (case == "with") * 3e-5 * np.clip((YEARS - 2026) / 25, 0, 1)
        frame[["contributions", "insurable_earnings"]] = frame[["contributions", "insurable_earnings"]].mul(lost, axis=0)
        outgo = (frame["benefits"] + frame["administration"]).to_numpy(float)
        net = frame["contributions"].to_numpy(float) - outgo
        opening = float(frame["reserve"].iloc[0] - frame["investment_income"].iloc[0]) - float(rows["contributions"].iloc[0] - outgo[0])
        for t in range(len(frame)):
            frame.loc[t, "reserve_ratio"] = opening / outgo[t] if outgo[t] else 0.0
            income = RETURN * opening + net[t] * (math.sqrt(1 + RETURN) - 1)
            opening += income + net[t]
            frame.loc[t, ["investment_income", "reserve"]] = [income, opening]
        earnings = frame["insurable_earnings"].to_numpy(float)
        frame["payg_cost_rate"] = np.divide(outgo, earnings, out=np.zeros(len(outgo)), where=earnings > 0)
        frames.append(frame.assign(invalids=0.05 * frame["pensioners"], survivors=0.2 * frame["pensioners"],
                                   invalidity_pensions=0.04 * frame["pensions"], survivors_pensions=0.1 * frame["pensions"]))  # fmt: skip
    return pd.concat(frames, ignore_index=True)


def extended(study: StudyResult, hostile: str = "") -> StudyResult:
    """The made-up study with every table a real one has; ``hostile`` stands where data could bring text."""
    schemes = {c: extended_scheme(s, list(study.schemes), hostile) for c, s in study.schemes.items()}
    pairs = [(o, h, s) for o in study.schemes for h in study.schemes if o != h for s in ("male", "female")]
    adequacy = pd.DataFrame(
        [
            {"origin": o, "host": h, "sex": s, "person": person, "people": 12.5 + n % 7, "pv_contributions": 900.0 + n, "pv_benefits_without": 610.0,
             "pv_benefits_with": 610.0 + 3 * (n % 5), "irr_without": math.nan if n % 11 == 0 else 0.021, "irr_note_without": hostile or "no root",
             "replacement_without": 0.08, "irr_with": 0.022, "irr_note_with": math.nan, "replacement_with": 0.081}
            for n, (o, h, s) in enumerate(pairs)
            for person in ("mover", "stayer_origin", "stayer_host")
        ]
    )  # fmt: skip
    rights = pd.DataFrame(
        [
            {"origin": o, "host": h, "sex": s, "role": role, "kind": study.schemes[c].kind, "own": 20.0 + n, "payable_without": 5.0,
             "payable_with": 7.0, "suspended_without": 1.0, "suspended_with": 0.5, "opened_with": 1.0, "lost_without": 14.0 + n,
             "lost_with": 12.5 + n, "kept": 1.5, "payable_amount_without": 4e6, "payable_amount_with": 6e6, "kept_amount": 1e6 if n % 3 else -3e-9}
            for n, (o, h, s) in enumerate(pairs)
            for role, c in (("origin", o), ("host", h))
            if study.schemes[c].kind in ("defined_benefit", "account")
        ]
    )  # fmt: skip
    factors = pd.Series(DISCOUNT, YEARS)
    values = study.transfers.assign(v=study.transfers["year"].map(factors))
    values = values.assign(pv_usd=values["amount_usd"] * values["v"], pensions_pv_usd=values["pensions_usd"] * values["v"])
    transfers = values.groupby(["payer", "residence", "case"], sort=False)[["pv_usd", "pensions_pv_usd"]].sum().reset_index()
    return replace(study, schemes=schemes, adequacy=adequacy, rights=rights, transfers_pv=transfers)


def extended_scheme(scheme: SchemeResult, countries: list[str], hostile: str) -> SchemeResult:
    if scheme.kind not in ("defined_benefit", "account"):
        return scheme
    yearly = with_posting(scheme.yearly)
    case = {c: f.set_index("year") for c, f in yearly.groupby("case")}
    without, with_ = case["without"], case["with"]
    outgo = without["benefits"] + without["administration"]
    net = (with_["benefits"] + with_["administration"] - with_["contributions"]) - (outgo - without["contributions"])
    pv = float((net * DISCOUNT).sum())
    pv_admin = float(((with_["administration"] - without["administration"]) * DISCOUNT).sum())
    indicators = scheme.indicators.copy()
    for name, value in (("pv_net_cost", pv), ("pv_coordination_administration", pv_admin)):
        indicators.loc[indicators["indicator"] == name, ["with", "difference"]] = value
    opening = float(without["reserve"].iloc[0] - without["investment_income"].iloc[0] - without["contributions"].iloc[0] + outgo.iloc[0])
    premium = {
        c: float((((f["benefits"] + f["administration"]) * DISCOUNT).sum() - opening) / (f["insurable_earnings"] * DISCOUNT).sum())
        for c, f in case.items()
    }
    values = [premium["without"], premium["with"], premium["with"] - premium["without"]]
    indicators.loc[indicators["indicator"] == "gap_75", ["without", "with", "difference"]] = values
    injury = 1e-4 * without["contributions"] * np.clip((YEARS - 2026) / 25, 0, 1)
    pv_injury = float((injury * DISCOUNT).sum())
    base = float((without["insurable_earnings"] * DISCOUNT).sum())
    prices = {name: share * net for name, share in RUNGS.items()} | {"short_term": injury}
    ladder = pd.DataFrame(
        [
            {"rung": name, "title": f"{hostile}Step {name}", "pv": (price * DISCOUNT).sum(), "share_of_earnings": (price * DISCOUNT).sum() / base,
             **{f"payg_{y}": price[y] / without["insurable_earnings"][y] for y in LADDER_YEARS}}
            for name, price in prices.items()
        ]
    )  # fmt: skip
    shift = np.array([0.0, 0.02, -0.05, 0.03, 0.0, 0.0, 0.0]) * pv
    ladder = ladder.assign(shapley_pv=ladder["pv"] + shift, shapley_share=(ladder["pv"] + shift) / base)
    sides = scheme.corridors[["origin", "host", "role", "sex"]]
    part = 1 / len(sides)
    by_corridor = pd.concat([sides.assign(rung=row["rung"], pv=part * row["pv"]) for _, row in ladder.iterrows()], ignore_index=True)
    admin = with_["administration"] - without["administration"]
    pieces = [
        pd.DataFrame({"year": YEARS, "sex": sex, "branch": branch, "cause": cause, "amount": (share * weight * (net - admin)).to_numpy()})
        for (branch, cause), share in PARTS.items()
        for sex, weight in (("male", 0.6), ("female", 0.4))
    ]
    pieces.append(pd.DataFrame({"year": YEARS, "sex": np.nan, "branch": "administration", "cause": "administration", "amount": admin.to_numpy()}))
    sign = np.where(np.arange(len(sides)) % 2, 3.0, -1.0)
    past = sides.assign(pv_past=0.1 * part * (pv - pv_admin), pv_future=0.9 * part * (pv - pv_admin))
    past["pv_past"] += (sign - sign.mean()) * part * abs(pv)
    corridors = scheme.corridors.assign(pv_administration=part * pv_admin, pv_contributions_moved=part * 0.2 * (pv - pv_admin),
                                        pv_lump_sums_not_paid=-part * 0.1 * pv, pv_refunds_not_paid=part * 0.1 * pv, pv_extra_payouts=0.0,
                                        pv_extra_pensions=part * 0.8 * (pv - pv_admin), pv_net_cost=part * pv)  # fmt: skip
    corridors = corridors.assign(**{n: share * corridors["pv_extra_pensions"] for n, share in PENSIONS.items()})
    benefits = 0.02 * without["contributions"]
    branches = pd.concat(
        [
            pd.DataFrame({"year": YEARS, "branch": branch, "payer": payer, "insured": without["contributors"].to_numpy(), "cases": 120.0,
                          "levy": (1.5 * benefits).to_numpy(), "benefits_without": benefits.to_numpy(),
                          "benefits_with": (benefits + (injury if branch == "employment_injury" else 0.0)).to_numpy(),
                          "earnings": without["insurable_earnings"].to_numpy()})
            for branch, payer in (("employment_injury", "scheme"), ("maternity", "employer"))
        ],
        ignore_index=True,
    )  # fmt: skip
    partner = next(c for c in countries if c != scheme.country)
    rows = [("employment_injury", "scheme", hostile or partner, "host", cause, share * pv_injury)
            for cause, share in (("pensions_exported", 0.75), ("survivors_abroad", 0.25))]  # fmt: skip
    return replace(
        scheme, yearly=yearly, indicators=indicators, corridors=corridors, ladder=ladder, ladder_corridors=by_corridor,
        causes=pd.concat(pieces, ignore_index=True), past=past, branches=branches,
        branch_causes=pd.DataFrame(rows, columns=["branch", "payer", "partner", "role", "cause", "pv"]),
        branches_missing={"family": hostile or "No family benefit found."},
    )  # fmt: skip


@pytest.fixture(scope="module")
def study() -> StudyResult:
    return extended(synthetic_study())


@pytest.fixture(scope="module")
def region(study: StudyResult, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("steps") / "region.xlsx"
    write_region_workbook(study, path)
    return path


@pytest.fixture(scope="module")
def kenya(study: StudyResult, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("steps") / "KEN.xlsx"
    write_country_workbook(study, "KEN", path)
    return path


def failing(path: Path) -> list[str]:
    """Checks that fail when an independent engine recalculates the book."""
    model = load(path)
    sheet = sheet_number(model, "Checks")
    lines = [(str(model.get_cell_value(sheet, row, 1)), model.get_cell_value(sheet, row, 5)) for row in range(5, 60)]
    return [text for text, state in lines if state and state not in ("holds", "In words")]


@pytest.mark.parametrize("country", ["RWA", "KEN", "SOM"])
def test_an_independent_engine_recomputes_every_formula(study: StudyResult, tmp_path: Path, country: str) -> None:
    write_country_workbook(study, country, tmp_path / "book.xlsx")
    assert_caches_hold(tmp_path / "book.xlsx", 3500)
    assert failing(tmp_path / "book.xlsx") == []
    assert too_wide(tmp_path / "book.xlsx") == []


def test_an_independent_engine_recomputes_the_region(region: Path) -> None:
    assert_caches_hold(region, 1500)
    assert failing(region) == []
    assert too_wide(region) == []


def test_no_number_is_wider_than_its_column_in_a_currency_of_small_units(study: StudyResult, tmp_path: Path) -> None:
    large = scaled(study, 3e16)
    rwa = large.schemes["RWA"]
    factor = float(rwa.yearly["benefits"].max() / study.schemes["RWA"].yearly["benefits"].max())
    ladder, past, causes = rwa.ladder.copy(), rwa.past.copy(), rwa.causes.copy()
    ladder[["pv", "shapley_pv"]] *= factor
    past[["pv_past", "pv_future"]] *= factor
    causes["amount"] *= factor
    branches, branch_causes, sides = rwa.branches.copy(), rwa.branch_causes.copy(), rwa.ladder_corridors.copy()
    branches[["levy", "benefits_without", "benefits_with", "earnings"]] *= factor
    branch_causes["pv"] *= factor
    sides["pv"] *= factor
    scheme = replace(rwa, ladder=ladder, past=past, causes=causes, branches=branches, branch_causes=branch_causes, ladder_corridors=sides)
    write_country_workbook(replace(large, schemes={**large.schemes, "RWA": scheme}), "RWA", tmp_path / "book.xlsx")
    assert too_wide(tmp_path / "book.xlsx") == []


def moved(table: str, column: str, rows: Callable[[pd.DataFrame], pd.Series]) -> Callable[[SchemeResult], SchemeResult]:
    """A change that adds a thousandth of the scheme's yearly outgo to one amount of a table."""

    def change(scheme: SchemeResult) -> SchemeResult:
        frame = getattr(scheme, table).copy()
        where = frame.index[rows(frame)][0]
        frame.loc[where, column] += 1e-3 * float(scheme.yearly["benefits"].max())
        return replace(scheme, **{table: frame})

    return change


@pytest.mark.parametrize(
    ("change", "noticed"),
    [
        (moved("ladder", "pv", lambda f: f["rung"] == "export"), ["The steps sum to", "The corridors of every step"]),
        (moved("ladder", "shapley_pv", lambda f: f["rung"] == "export"), ["Shapley values"]),
        (moved("ladder", "payg_2050", lambda f: f["rung"] == "amount"), ["The steps of the years"]),
        (moved("ladder_corridors", "pv", lambda f: f["rung"] == "amount"), ["The corridors of every step"]),
        (moved("causes", "amount", lambda f: (f["cause"] == "exported") & (f["year"] == 2060)), ["The causes sum", "The causes of every year"]),
        (moved("past", "pv_past", lambda f: f["sex"] == "female"), ["Past and future"]),
        (moved("corridors", "pv_topped_up", lambda f: f["sex"] == "male"), ["The parts of all corridors"]),
        (moved("corridors", "pv_contributions_moved", lambda f: f["sex"] == "male"), ["The parts of all corridors"]),
        (moved("branch_causes", "pv", lambda f: f["cause"] == "survivors_abroad"), ["The net cost of every branch"]),
        (moved("branches", "benefits_with", lambda f: (f["branch"] == "employment_injury") & (f["year"] == 2040)),
         ["The steps sum to", "Shapley values", "The net cost of every branch"]),
    ],
)  # fmt: skip
def test_a_part_that_does_not_add_up_is_noticed(
    study: StudyResult, tmp_path: Path, change: Callable[[SchemeResult], SchemeResult], noticed: list[str]
) -> None:
    wrong = replace(study, schemes={**study.schemes, "RWA": change(study.schemes["RWA"])})
    write_country_workbook(wrong, "RWA", tmp_path / "book.xlsx")
    found = failing(tmp_path / "book.xlsx")
    assert len(found) == len(noticed)
    assert all(any(f"This book: {words}" in text for text in found) for words in noticed)


def test_no_book_says_that_accounts_have_a_net_cost(study: StudyResult, kenya: Path, region: Path) -> None:
    book = openpyxl.load_workbook(kenya, data_only=True)
    own = ("Indicators", "Ladder", "LadderCorridors", "Causes", "CausesByYear", "PastFuture", "CorridorCosts")
    said = [str(c.value).casefold() for name in own for row in book[name].iter_rows() for c in row if isinstance(c.value, str)]
    assert not [text for text in said if "net cost" in text and "no net cost but administration" not in text]
    line = next(row for row in book["Indicators"].iter_rows(values_only=True) if row[0] == "Payouts put off and administration")
    assert line[4] == pytest.approx(frames.indicator(study.schemes["KEN"], "pv_net_cost", "difference"))
    assert "Premiums" not in book.sheetnames
    ladder = openpyxl.load_workbook(region, data_only=True)["Ladder"]
    lines = [[c.value for c in row] for row in ladder.iter_rows()]
    top = next(i for i, line in enumerate(lines) if str(line[0]).startswith("Accounts: payouts put off"))
    assert {line[0] for line in lines[:top]} & {"RWA", "KEN"} == {"RWA"}
    assert {line[0] for line in lines[top:]} >= {"KEN", "UGA"}
    total = next(line for line in lines if line[0] == "Total")
    schemes = [s for s in study.schemes.values() if s.kind == frames.DEFINED_BENEFIT]
    assert total[-2] == pytest.approx(sum(s.ladder["pv"].sum() / s.exchange_rate_usd for s in schemes))


def test_a_wrong_step_is_noticed_in_the_region(study: StudyResult, tmp_path: Path) -> None:
    change = moved("ladder", "pv", lambda f: f["rung"] == "export")
    wrong = replace(study, schemes={**study.schemes, "TZA": change(study.schemes["TZA"])})
    write_region_workbook(wrong, tmp_path / "region.xlsx")
    assert [text for text in failing(tmp_path / "region.xlsx") if "The steps of every scheme" in text]


def test_rights_kept_that_differ_from_the_study_are_noticed(study: StudyResult, tmp_path: Path) -> None:
    wrong = replace(study, rights=study.rights.assign(kept=study.rights["kept"] * 1.0001))
    write_country_workbook(wrong, "RWA", tmp_path / "book.xlsx")
    assert [text[:40] for text in failing(tmp_path / "book.xlsx")] == ["This book: People who keep rights are th"]


def test_the_net_cost_counts_contributions_that_differ(study: StudyResult, tmp_path: Path) -> None:
    """With minus without of expenditure less contributions, discounted by the sheet's own factors."""
    write_country_workbook(study, "RWA", tmp_path / "book.xlsx")
    model = load(tmp_path / "book.xlsx")
    sheet = sheet_number(model, "CausesByYear")
    last = next(row for row in range(80, 90) if model.get_cell_value(sheet, row, 1) == "Present value")
    case = {c: f.set_index("year") for c, f in study.schemes["RWA"].yearly.groupby("case")}
    assert not np.allclose(case["with"]["contributions"], case["without"]["contributions"], rtol=1e-8)
    net = {c: f["benefits"] + f["administration"] - f["contributions"] for c, f in case.items()}
    expected = float(((net["with"] - net["without"]) * DISCOUNT).sum())
    assert model.get_cell_value(sheet, last, 5) == pytest.approx(expected, rel=1e-8)
    np.testing.assert_allclose([model.get_cell_value(sheet, 7 + t, 3) for t in range(75)], DISCOUNT, rtol=TOLERANCE)


def test_causes_follow_the_year(study: StudyResult, tmp_path: Path) -> None:
    write_country_workbook(study, "RWA", tmp_path / "book.xlsx")
    model = load(tmp_path / "book.xlsx")
    sheet = sheet_number(model, "Causes")
    model.set_user_input(sheet, 4, 2, "2071")
    model.evaluate()
    causes = study.schemes["RWA"].causes
    of_year = causes[causes["year"] == 2071]
    total = next(row for row in range(7, 40) if model.get_cell_value(sheet, row, 1) == "Net cost")
    assert model.get_cell_value(sheet, total, 11) == pytest.approx(float(of_year["amount"].sum()), rel=TOLERANCE)
    assert model.get_cell_value(sheet, total, 9) == pytest.approx(float(of_year.loc[of_year["sex"] == "female", "amount"].sum()), rel=TOLERANCE)
    words = [model.get_cell_value(sheet, row, 2) for row in range(8, total)]
    assert "Pensions on own periods, paid abroad or kept" in words
    assert "Amounts changed by adding periods" not in words, "a cause that does not occur is left out"


@pytest.mark.parametrize("name", ["Transfers", "TransferValues"])
def test_own_residents_stand_apart_from_payments_abroad(study: StudyResult, region: Path, name: str) -> None:
    sheet = openpyxl.load_workbook(region, data_only=True)[name]
    rows = study.transfers[study.transfers["year"] == 2050].rename(columns={"amount_usd": "paid"})
    rows = rows if name == "Transfers" else study.transfers_pv.rename(columns={"pv_usd": "paid"})
    rows = rows[rows["case"] == "with"]
    top = next(r for r in range(1, 40) if re.match(r"(Everything paid, with|With) the instrument", str(sheet.cell(r, 1).value)))
    heads = {str(sheet.cell(top + 1, c).value): c for c in range(1, 20)}
    for r in range(top + 3, top + 11):
        payer = str(sheet.cell(r, 1).value)
        own = rows["residence"] == payer
        paid = rows["payer"] == payer
        assert sheet.cell(r, heads["Paid abroad"]).value == pytest.approx(rows.loc[paid & ~own, "paid"].sum(), rel=TOLERANCE)
        assert sheet.cell(r, heads["Own residents"]).value == pytest.approx(rows.loc[paid & own, "paid"].sum(), rel=TOLERANCE)
        assert sheet.cell(r, heads["All residents"]).value == pytest.approx(rows.loc[paid, "paid"].sum(), rel=TOLERANCE)
        assert sheet.cell(r, heads[payer]).value == "own"
    received = rows[(rows["residence"] == "KEN") & (rows["payer"] != "KEN")]["paid"].sum()
    paid_abroad = rows[(rows["payer"] == "KEN") & (rows["residence"] != "KEN")]["paid"].sum()
    assert sheet.cell(top + 11, heads["KEN"]).value == pytest.approx(received, rel=TOLERANCE)
    assert sheet.cell(top + 12, heads["KEN"]).value == pytest.approx(received - paid_abroad, rel=TOLERANCE)


def test_a_country_sees_its_corridors_and_its_own_scheme(kenya: Path) -> None:
    book = openpyxl.load_workbook(kenya, data_only=True)
    lines = [[c.value for c in row] for row in book["Adequacy"].iter_rows(min_row=6)]
    assert len(lines) == 7 * 2 * 2 * 3
    assert all("Kenya" in line[:2] for line in lines)
    missing = [line for line in lines if line[11] == "no root"]
    assert missing
    assert all(not line[13] for line in missing), "no change of a return that is missing"
    rights = [[c.value for c in row] for row in book["Rights"].iter_rows(min_row=6) if row[2].value in ("origin", "host")]
    assert len(rights) == 7 * 2 * 2
    assert all(line[["origin", "host"].index(str(line[2]))] == "Kenya" for line in rights)
    assert {0.0, 1e6} == {line[17] for line in rights}, "rounding of the computer is no amount"


@pytest.mark.parametrize(("text", "region"), [('=HYPERLINK("http://evil.example","x")', False), ("{=1+1}", True)])
def test_hostile_text_stays_text(tmp_path: Path, text: str, region: bool) -> None:
    hostile = extended(synthetic_study(), text)
    path = tmp_path / "book.xlsx"
    if region:
        write_region_workbook(hostile, path)
    else:
        write_country_workbook(hostile, "RWA", path)
    held = {
        sheet.title: {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None and text in str(cell.value)}
        for sheet in openpyxl.load_workbook(path).worksheets
    }
    found = {title for title, types in held.items() if types}
    assert found >= ({"Ladder", "Adequacy"} if region else {"Ladder", "LadderCorridors", "BranchCauses", "Branches", "Adequacy"})
    assert all(types <= {"s"} for types in held.values())


def test_a_branch_account_with_a_gap_is_refused(study: StudyResult, tmp_path: Path) -> None:
    scheme = study.schemes["RWA"]
    wrong = replace(scheme, branches=scheme.branches.drop(index=scheme.branches.index[10]))
    with pytest.raises(ValueError, match="RWA: every branch account must hold every year once"):
        write_country_workbook(replace(study, schemes={**study.schemes, "RWA": wrong}), "RWA", tmp_path / "book.xlsx")


@pytest.mark.parametrize("country", ["RWA", "SOM"])
def test_every_sheet_of_the_cover_is_there_and_prints_with_its_headings(study: StudyResult, tmp_path: Path, country: str) -> None:
    write_country_workbook(study, country, tmp_path / "book.xlsx")
    book = openpyxl.load_workbook(tmp_path / "book.xlsx")
    listed = [row[0].value for row in book["Cover"].iter_rows(min_col=1, max_col=1, min_row=16) if row[0].value in book.sheetnames]
    assert listed == book.sheetnames[1:]
    new = ("Ladder", "LadderCorridors", "Causes", "CausesByYear", "PastFuture", "CorridorCosts", "Branches", "BranchYears", "Adequacy", "Rights")
    for name in new:
        sheet = book[name]
        assert sheet.freeze_panes, name
        assert sheet.print_title_rows, name
        assert sheet["A1"].value or sheet["B1"].value, name
    empty = [name for name in book.sheetnames if any("has no figures here" in str(c.value) for row in book[name].iter_rows() for c in row)]
    assert bool(empty) == (country == "SOM")
