"""Assumptions on contingencies: what the file says, what it may not say, and the handle that scales it."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree

import numpy as np
import pytest

from actuarial.basis.contingencies import FILE, load_contingencies
from actuarial.basis.dimensions import FEMALE, MALE, WORK_AGE_COUNT
from actuarial.basis.errors import InputError

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    copytree(DATA / "labour", tmp_path / "labour")
    return tmp_path


def edit(data: Path, old: str, new: str) -> None:
    text = (data / FILE).read_text(encoding="utf-8")
    assert old in text
    (data / FILE).write_text(text.replace(old, new, 1), encoding="utf-8")


def test_points_are_kept_and_joined_by_straight_lines() -> None:
    rate = load_contingencies(DATA).invalidity
    assert rate.shape == (2, WORK_AGE_COUNT)
    np.testing.assert_allclose(rate[MALE, [5, 15, 20, 43, 54]], [0.0002, 0.0005, (0.0005 + 0.0012) / 2, 0.0050, 0.0050], rtol=1e-12)
    assert (np.diff(rate, axis=1) >= 0.0).all() and (rate > 0.0).all()
    np.testing.assert_allclose(rate[FEMALE], 0.9 * rate[MALE], rtol=1e-12)


def test_the_level_moves_every_age_and_nought_leaves_invalidity_out(data: Path) -> None:
    before = load_contingencies(data).invalidity
    edit(data, "invalidity_level:\n  value: 1.0", "invalidity_level:\n  value: 2.5")
    np.testing.assert_allclose(load_contingencies(data).invalidity, 2.5 * before, rtol=1e-12)
    edit(data, "invalidity_level:\n  value: 2.5", "invalidity_level:\n  value: 0")
    assert not load_contingencies(data).invalidity.any()


def test_every_figure_says_that_it_is_assumed_and_why() -> None:
    figures = dict(load_contingencies(DATA).figures)
    assert {"invalidity_incidence", "invalidity_sex_factor", "invalidity_level"} <= set(figures)
    assert all(f.reason for f in figures.values())
    assert figures["invalidity_incidence"].confidence == "assumed"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("value: independent", "value: dependent", "invalidity_table"),
        ("{age: 30, rate: 0.0005}", "{age: 10, rate: 0.0005}", "age"),
        ("{age: 30, rate: 0.0005}", "{age: 45, rate: 0.0005}", "ages must rise"),
        ("{age: 30, rate: 0.0005}", "{age: 30, rate: -0.0005}", "-0.0005"),
        ("{age: 30, rate: 0.0005}", "{age: 30, rate: 0.05}\n    - {age: 31, rate: 0.9}", r"times its factors passes 1"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(data: Path, old: str, new: str, message: str) -> None:
    edit(data, old, new)
    if "0.9}" in new:
        edit(data, "{male: 1.0", "{male: 2.0")
    with pytest.raises(InputError, match=message):
        load_contingencies(data)
