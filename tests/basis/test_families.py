"""Assumptions on families: what the cited sources say must follow from the points, and the refusals.

Sources: World Bank Africa blog (2016), The shock of widowhood; Ntozi (1997), Health Transition Review 7.
"""

import shutil
from pathlib import Path

import numpy as np
import pytest

from actuarial.basis.errors import InputError
from actuarial.basis.families import FamilyBasis, load_families

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture(scope="module")
def families() -> FamilyBasis:
    return load_families(DATA)


def test_marriage_is_what_the_surveys_say(families: FamilyBasis) -> None:
    men, women = families.married
    assert (men[33:82] > 0.80).all()
    assert 28 <= int(np.argmax(women)) <= 32
    assert women[40] > 0.80 > women[42]
    assert 0.40 <= women[65] <= 0.50
    assert women[80] <= 0.20


def test_a_quarter_of_widows_and_over_half_of_widowers_marry_again(families: FamilyBasis) -> None:
    men, women = 1.0 - np.cumprod(1.0 - families.remarriage[:, 35:], axis=1)[:, -1]
    assert women == pytest.approx(0.25, abs=0.03)
    assert men > 0.5


def test_wives_lie_between_the_two_surveys(families: FamilyBasis) -> None:
    """With 2.2 wives each, 5 % (Kenya 2022) to 20 % (Tanzania 2007-08) of men of 45-49 with several wives."""
    assert 1.0 + 0.05 * 1.2 <= families.wives[47] <= 1.0 + 0.20 * 1.2
    assert (families.wives >= 1.0).all()


def test_every_figure_has_its_provenance(families: FamilyBasis) -> None:
    names = {name for name, _ in families.figures}
    assert names == {"married_men", "married_women", "age_gap", "wives", "remarriage_men", "remarriage_women", "student_share", "left_behind"}
    assert all(f.unit and f.source and f.reason for _, f in families.figures)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("{age: 20, share: 0.12}", "{age: 20, share: 12}", r"families\.yaml, line \d+, married_men.*for 12 % write 0\.12"),
        ("{age: 25, share: 0.50}", "{age: 19, share: 0.50}", r"families\.yaml, line \d+, married_men.*ages must rise"),
        ("{age: 22, wives: 1.02}", "{age: 22, wives: 0.5}", r"families\.yaml, line \d+, wives"),
        ("value: 6\n", "value: 60\n", r"families\.yaml, line \d+, age_gap.*60"),
        ("left_behind:", "left_home:", r"left_home.*did you mean 'left_behind'"),
    ],
)
def test_wrong_figures_are_named_with_their_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    (tmp_path / "labour").mkdir()
    path = tmp_path / "labour" / "families.yaml"
    shutil.copy(DATA / "labour" / "families.yaml", path)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError, match=message):
        load_families(tmp_path)
