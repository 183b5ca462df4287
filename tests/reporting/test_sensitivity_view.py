"""Sensitivities as a tornado, a table and text, from results written by hand."""

from __future__ import annotations

import pytest
from matplotlib.colors import to_rgba
from matplotlib.patches import Rectangle

from actuarial.reporting.blocks import Table
from actuarial.reporting.sensitivity_view import as_text, sensitivity_blocks
from actuarial.reporting.style import message_of
from actuarial.reporting.tornado import COLOURS, tornado, widths
from tests.feasibility.sensitivity_values import NAMES, hand_made

TABLE = hand_made().table


def test_the_widest_row_comes_first() -> None:
    rows = widths(TABLE, "AAA")
    assert list(rows["size"]) == sorted(rows["size"], reverse=True)
    assert rows.index[0] == "combined"
    assert [rows[f"delta_{side}"]["take-up"] for side in COLOURS] == pytest.approx([-1.4e6, -0.4e6, 0.6e6])
    assert rows.loc["stock", "setting_high"] == "×2"


def test_bars_run_from_the_base_to_each_setting() -> None:
    drawing = tornado(TABLE, "AAA", "Aland")
    axes = drawing.axes[0]
    bars = [p for p in axes.patches if isinstance(p, Rectangle)]
    drawn = {(round(p.get_width(), 6), p.get_facecolor()) for p in bars}
    assert len(bars) == 11, "take-up has three settings, four rows two; the combination is left out, and the return moves 2 dollars"
    assert (2.0, to_rgba(COLOURS["high"])) in drawn, "twice the stock: 2 million dollars more"
    assert (-1.4, to_rgba(COLOURS["low"])) in drawn
    assert axes.get_yticklabels()[0].get_text() == "Stock of past movers"
    assert {"×2", "×0.5", "50% · 75%", "100%"} <= {t.get_text() for t in axes.texts}
    assert all(p.get_x() == 0.0 for p in bars)
    assert message_of(drawing) == "Aland: stock of past movers (×2) moves the net cost of the instrument most, by USD\xa02.00\xa0million up"


def test_nothing_that_moves_is_said() -> None:
    assert "none of the changes moves" in message_of(tornado(TABLE, "BBB", "Bland"))
    with pytest.raises(KeyError, match="CCC"):
        tornado(TABLE, "CCC", "Cland")


def test_a_rate_is_drawn_in_percentage_points() -> None:
    drawing = tornado(TABLE, "AAA", "Aland", "gap_75", "with")
    assert [p.get_width() for p in drawing.axes[0].patches if isinstance(p, Rectangle)] == pytest.approx([1.0, -1.0])
    assert "moves the general average premium over 75 years most, by 1.00%" in message_of(drawing)


def test_the_chapter_has_a_line_per_setting_that_moves_something() -> None:
    blocks = sensitivity_blocks(TABLE, "AAA", "Aland")
    (table,) = (b for b in blocks if isinstance(b, Table))
    names = [row.cells[0] for row in table.rows]
    assert names[0] == "Stock of past movers, ×0.5"
    assert names[-2:] == ["Combined, optimistic and pessimistic, optimistic", "Combined, optimistic and pessimistic, pessimistic"]
    cells = {row.cells[0]: row.cells[1:] for row in table.rows}
    assert cells["Stock of past movers, ×2"][0] == "+2.00"
    assert cells["Real return on reserves, −1\u00a0pp"][-1] == "2060 → 2052"
    assert cells["Real return on reserves, +1\u00a0pp"][-1] == "2060 → after 2100"
    assert cells["Real return on reserves, +1\u00a0pp"][2] == "−1.000"
    assert "Fertility, −10%" not in cells
    assert sensitivity_blocks(TABLE, "CCC", "Cland") == []


def test_the_text_names_what_does_not_move() -> None:
    text = as_text(hand_made(), NAMES, ["AAA", "CCC"], "Title")
    assert text.startswith("Title\n\nAland. Base: net cost USD")
    assert "Bland" not in text
    assert "Region" not in text
    assert "no change: " in text
    assert "Fertility −10%" in text
    assert "Cland: no scheme that collects contributions" in text
    assert "Combined: the way of each member" in text
    whole = as_text(hand_made(), NAMES)
    assert "Region, pension schemes together" in whole
    assert "Bland" in whole
