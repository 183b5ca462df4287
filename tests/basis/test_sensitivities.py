"""The list of sensitivities: what is written wrongly is told with its line, all of it at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from actuarial.basis.errors import InputError
from actuarial.basis.sensitivities import FILE, load_sensitivities, setting_label

DATA = Path(__file__).parents[2] / "data"
HEAD = "source: own assumption, confidence: assumed, reason: because"
COMBINED = f"combined: {{title: All, group: all, members: [a, b], {HEAD}}}\n"
GOOD = f"""sensitivities:
  - {{key: a, title: A, group: g, lever: real_return, unit: percentage points, low: -0.01, high: 0.01, {HEAD}}}
  - {{key: b, title: B, group: g, lever: take_up, unit: share, low: 0.5, middle: 0.75, high: 1.0, {HEAD}}}
{COMBINED}"""


def read(folder: Path, text: str) -> object:
    (folder / FILE).parent.mkdir(parents=True)
    (folder / FILE).write_text(text, encoding="utf-8")
    return load_sensitivities(folder)


def test_the_shipped_list() -> None:
    found = load_sensitivities(DATA)
    assert found.keys[-1] == "combined"
    assert len(set(found.keys)) == len(found.keys)
    assert {"flows", "stock"} <= set(found.keys), "past movers and flows are separate rows"
    for row in found.rows:
        assert len({setting_label(row.unit, value) for value in row.settings.values()}) == len(row.settings)
    with pytest.raises(InputError, match="unknown sensitivity 'flow'; did you mean 'flows'"):
        found.row("flow")


def test_a_good_list_is_read(tmp_path: Path) -> None:
    found = load_sensitivities(tmp_path) if read(tmp_path, GOOD) else None
    assert found is not None
    assert found.row("b").settings == {"low": 0.5, "middle": 0.75, "high": 1.0}
    assert found.combined.members == ("a", "b")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("lever: real_return", "lever: real_retun", r"line 2, sensitivities\[0\].lever: unknown lever 'real_retun'; did you mean 'real_return'"),
        ("low: -0.01", "low: -1.0", r"line 2, sensitivities\[0\].low: found -1.0, allowed -0.2 to 0.2"),
        ("low: -0.01, high: 0.01, ", "", r"line 2, sensitivities\[0\]: no setting"),
        ("unit: share", "unit: factor", r"line 3, sensitivities\[1\].unit: found 'factor'; settings of 'take_up' are in 'share'"),
        ("key: b", "key: a", "'a' is given twice"),
        ("key: b", "key: combined", "'combined' is taken"),
        ("members: [a, b]", "members: [a, c]", r"combined.members\[1\]: unknown sensitivity 'c'"),
        ("members: [a, b]", "members: [a, a]", "'a' is given twice"),
        ("title: A", "titel: A", "did you mean 'title'"),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, old: str, new: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        read(tmp_path, GOOD.replace(old, new, 1))


def test_an_index_must_be_one(tmp_path: Path) -> None:
    row = f"  - {{key: c, title: C, group: g, lever: ceiling, unit: index, low: gold, {HEAD}}}\n"
    with pytest.raises(InputError, match="'gold', allowed: wages, prices, none"):
        read(tmp_path, GOOD.replace("combined:", row + "combined:", 1))
