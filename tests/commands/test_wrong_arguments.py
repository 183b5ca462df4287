"""Wrong words on the command line: every mistake in one message, exit code 2, nothing written."""

from __future__ import annotations

from pathlib import Path

import pytest

from actuarial import cli


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("", ["a verb is missing. Allowed: ", "reports"]),
        ("reprots", ["unknown verb 'reprots'; did you mean 'reports'?"]),
        ("reports --contry=KEN --jobs none", ["unknown option --contry; did you mean --country?", "--jobs none: expected a whole number"]),
        (
            "reports --jobs 0 --country KEM --country RWB --scenario bse --language frr --out OUT",
            ["--jobs 0: allowed 1 to 1024", "did you mean 'KEN'?", "did you mean 'RWA'?", "did you mean 'base'?", "unknown language 'frr'"],
        ),
        (
            "microsimulate --persons 1.5 --seed -1 --third-factor x --corridor RWA-UGX --csv FILE",
            ["--persons 1.5: expected a", "--seed -1: allowed 0", "--third-factor x: expected a number", "'RWA-UGA'", "there is a file of that name"],
        ),
        ("ensemble --paths 99 --check x --workers 0 --sed 1", ["--paths 99: allowed 100", "--check x", "--workers 0: allowed", "mean --seed?"]),
        ("ensemble --only flow --only mortalty", ["unknown process 'flow'; did you mean 'flows'?", "did you mean 'mortality'?"]),
        ("sensitivity --only real-retrun --country XXX --out FULL", ["'real-return'", "unknown country 'XXX'", "holds files but no finished run"]),
        ("compare --scenario base --scenario hi-mobility --instrument eac-directiv", ["mean 'high-mobility'?", "mean 'eac-directive'?"]),
        ("template KEM --out OUT.csv --language e", ["did you mean 'KEN'?", "a workbook ends with .xlsx", "unknown language 'e'"]),
        ("price --csv FILE --compar", ["unknown option --compar; did you mean --compare?", "there is a file of that name; name a folder"]),
        (
            "reports --jobs 1000000 --out BELOW --workbook NONE --sensitivity FULL --ensemble NONE --previous FULL --order law,law,data",
            ["--jobs 1000000: allowed", "--out ", "a part of the path is a file", "--workbook ", "no such file", "--sensitivity ", "--ensemble ",
             "there is no such folder", "--previous ", "--order law,law,data"],
        ),
        ("reports --workbook NONE --order law", ["no such file", "--order law: takes each"]),
        ("diff NONE NONE --csv BELOW", ["--csv ", "a part of the path is a file"]),
        ("trace KEN --depth -7 --case witout --by 1", ["--depth -7: allowed -1", "did you mean 'without'?", "name a figure", "--by 1: allowed"]),
        ("fuzz --files -1 --kind casse", ["--files -1: allowed 1", "--kind casse: did you mean 'case'?"]),
        ("interrupt --times 0 --only report", ["--times 0: allowed 1", "--only report: did you mean 'reports'?"]),
        ("template", ["the following arguments are required: ISO3", "--help"]),
        ("price --csv", ["argument --csv: expected one argument"]),
    ],
)
def test_every_mistake_is_told_at_once(words: str, told: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine", encoding="utf-8")
    places = {"OUT": tmp_path / "out", "OUT.csv": tmp_path / "out.csv", "FILE": tmp_path / "file.txt", "FULL": tmp_path / "full"}
    places |= {"BELOW": tmp_path / "file.txt" / "run", "NONE": tmp_path / "none"}
    before = sorted(tmp_path.rglob("*"))
    assert cli.main([str(places.get(word, word)) for word in words.split()]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    for part in told:
        assert part in shown.err
    assert sorted(tmp_path.rglob("*")) == before


def test_spoilt_files_end_with_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = (cli.ROOT / "scenarios" / "cases" / "kenya-rwanda.yaml").read_text(encoding="utf-8")
    wrong = case.replace("to: 2008-12", "to: 1998-12").replace("scheme: KEN-nssf", "scheme: KEN-nsf").replace("to: 2025-12", "to: 2005-12")
    (tmp_path / "case.yaml").write_text(wrong, encoding="utf-8")
    assert cli.main(["entitlement", str(tmp_path / "case.yaml")]) == 2
    told = capsys.readouterr().err
    for part in ("states.KEN.periods[0]", "did you mean 'KEN-nssf'?", "states.RWA.periods[0]"):
        assert part in told
    (tmp_path / "mine.yaml").write_text(
        "name: mine\ntitle: t\ndescription: d\nextends: base\neconomy: {inflation_add: 5}\nschemes: {KEN: KEN-nsf}\nmigration: {shokc: null}\n",
        encoding="utf-8",
    )
    assert cli.main(["price", "--scenario", str(tmp_path / "mine.yaml"), "--country", "KNE"]) == 2
    told = capsys.readouterr().err
    for part in ("line 5, economy.inflation_add", "for 5 % write 0.05", "did you mean 'KEN-nssf'?", "did you mean 'shock'?", "did you mean 'KEN'?"):
        assert part in told
