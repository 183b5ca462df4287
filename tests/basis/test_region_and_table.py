"""Region file and strict tables."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actuarial.basis.errors import InputError
from actuarial.basis.region import load_region
from actuarial.basis.table import FRACTION, INTEGER, NOTE, NUMBER, TEXT, Column, read_table, to_array

DATA = Path(__file__).parents[2] / "data"


def test_region_of_eight() -> None:
    region = load_region(DATA)
    assert region.members == ("BDI", "COD", "KEN", "RWA", "SOM", "SSD", "TZA", "UGA")
    assert len(set(region.currencies)) == 8
    assert len(region.corridors) == 56
    assert region.corridors[0] == ("BDI", "COD")
    assert region.select(["UGA", "KEN"]) == ("KEN", "UGA")
    assert region.name_of("COD") == "DR Congo"
    with pytest.raises(InputError, match="unknown country 'KNE'; did you mean 'KEN'"):
        region.index("KNE")
    for scheme in region.scheme_ids:
        assert (DATA / "schemes" / scheme / "params.yaml").is_file()


def test_region_problems(tmp_path: Path) -> None:
    (tmp_path / "region.yaml").write_text(
        "id: x\nname: X\nmembers:\n  - {iso3: KEN, name: K, currency: KES, scheme: KEN-a}\n"
        "  - {iso3: KEN, name: K, currency: KES, scheme: UGA-a}\n"
    )
    with pytest.raises(InputError) as caught:
        load_region(tmp_path)
    assert "line 5, members[1].iso3: KEN is listed twice" in str(caught.value)
    assert "'UGA-a' must start with 'KEN-'" in str(caught.value)


def table(folder: Path, text: str) -> Path:
    path = folder / "t.csv"
    path.write_text(text, encoding="utf-8")
    return path


COLUMNS = {"country": Column("text", allowed=("KEN", "UGA")), "year": INTEGER, "rate": FRACTION, "note": NOTE}


def test_cells_that_do_not_fit(tmp_path: Path) -> None:
    path = table(tmp_path, "country,year,rate,note\nKEN,2020,0.5,\nKNE,2020.5,50,\nUGA,x,-1,n\nUGA,2021,,n\n")
    with pytest.raises(InputError) as caught:
        read_table(path, COLUMNS)
    message = str(caught.value)
    for words in [
        "line 3, country: found 'KNE'; allowed: KEN, UGA",
        "line 3, rate: found 50; allowed 0 to 1",
        "line 4, rate: found -1; allowed 0 to 1",
        "line 4, year: found 'x'; expected a number",
        "line 5, rate: found ''; expected a number",
        "line 3, year: found 2020.5; expected a whole number",
    ]:
        assert words in message


def test_missing_table_column_and_many_problems(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="this table is missing"):
        read_table(tmp_path / "none.csv", COLUMNS)
    with pytest.raises(InputError, match=r"rate: this column is missing; is it 'rates'\?"):
        read_table(table(tmp_path, "country,year,rates,note\n"), COLUMNS)
    with pytest.raises(InputError, match="and 10 more"):
        read_table(table(tmp_path, "rate\n" + "2\n" * 30), {"rate": FRACTION})
    with pytest.raises(InputError, match="not a CSV table"):
        read_table(table(tmp_path, ""), COLUMNS)


def test_no_fill_value_for_what_is_missing(tmp_path: Path) -> None:
    path = table(tmp_path, "country,year,rate\nKEN,2020,0.5\nKEN,2021,0.6\nUGA,2020,0.7\n")
    read = read_table(path, {"country": TEXT, "year": INTEGER, "rate": NUMBER})
    axes = {"country": ["UGA", "KEN"], "year": [2020]}
    np.testing.assert_array_equal(to_array(read, "rate", axes, path), [[0.7], [0.5]])
    with pytest.raises(InputError, match="no rate for country UGA, year 2021"):
        to_array(read, "rate", {"country": ["KEN", "UGA"], "year": [2020, 2021]}, path)
    path = table(tmp_path, "country,rate\nKEN,0.5\nKEN,0.6\n")
    with pytest.raises(InputError, match="country KEN stands twice"):
        to_array(read_table(path, {"country": TEXT, "rate": NUMBER}), "rate", {"country": ["KEN"]}, path)


@given(st.lists(st.floats(0, 1, allow_subnormal=False), min_size=1, max_size=8))
def test_figures_are_read_as_written(tmp_path_factory: pytest.TempPathFactory, values: list[float]) -> None:
    folder = tmp_path_factory.mktemp("t")
    path = table(folder, "year,rate\n" + "".join(f"{i},{v!r}\n" for i, v in enumerate(values)))
    read = to_array(read_table(path, {"year": INTEGER, "rate": FRACTION}), "rate", {"year": range(len(values))}, path)
    np.testing.assert_array_equal(read, values)
