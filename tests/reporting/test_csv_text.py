"""No text of a CSV file for people is a formula to a spreadsheet."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actuarial.reporting.csv_text import LIVE, neutral, neutral_texts


@given(st.sampled_from(LIVE), st.text(max_size=20))
def test_a_text_that_begins_like_a_formula_is_not_one(first: str, rest: str) -> None:
    found = neutral(first + rest)
    try:
        float(first + rest)
    except ValueError:
        assert found == f"'{first}{rest}"
    else:
        assert found == first + rest or found == f"'{first}{rest}"


@given(st.one_of(st.floats(allow_nan=False), st.integers(), st.text().filter(lambda text: not text.startswith(LIVE))))
def test_anything_else_stays_as_it_is(value: object) -> None:
    assert neutral(value) == value


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "+cmd", "-x", "\t=1"])
def test_a_file_holds_figures_as_figures_and_texts_as_texts(tmp_path: Path, text: str) -> None:
    table = pd.DataFrame({"title": [text, "Export"], "figure": [-1.5, 2.0], "holds": [True, False]})
    neutral_texts(table).to_csv(tmp_path / "t.csv", index=False)
    back = pd.read_csv(tmp_path / "t.csv")
    assert back["title"].tolist() == [f"'{text}", "Export"]
    assert back["figure"].tolist() == [-1.5, 2.0] and back["holds"].tolist() == [True, False]
