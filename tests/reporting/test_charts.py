"""Charts of the reports as they are drawn: texts inside the canvas and apart, series told apart in grey, messages that say what is drawn."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import combinations
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ft2font import FT2Font
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from actuarial.feasibility.result import StudyResult
from actuarial.reporting import award_charts, chart_fit, charts, fan_charts, frames, ladder_charts, language, numbers, region_charts
from actuarial.reporting.catalogue import read
from actuarial.reporting.chart_parts import legend_below
from actuarial.reporting.country_report import country_report
from actuarial.reporting.language import use_language
from actuarial.reporting.matrix_charts import corridor_costs
from actuarial.reporting.region_report import region_report
from actuarial.reporting.style import chart_style, figure, message_of, name_line, set_message, set_unit, svg, tick
from actuarial.reporting.tornado import setting_text, tornado
from tests.reporting.chart_checks import alike, confused, legends, meeting, outside, overlap, placed, renderer, texts
from tests.reporting.synthetic import synthetic_study
from tests.reporting.test_sensitivity_view import TABLE
from tests.reporting.uncertain import synthetic_ensemble


@pytest.fixture(scope="module")
def study() -> StudyResult:
    return synthetic_study()


@pytest.fixture(scope="module")
def nothing() -> StudyResult:
    return synthetic_study(no_effect=True)


def _longer(text: str) -> str:
    """A translation that is a third longer, as French is at worst."""
    return f"⟦{text}{' et' * round(len(text) / 9)}⟧"


@pytest.fixture(scope="module")
def drawn(study: StudyResult) -> dict[str, Figure]:
    """Every chart of a country with pensions, of one with accounts, and of the region, in a language a third longer than English."""
    with pytest.MonkeyPatch.context() as patch, use_language("qps"):
        patch.setattr(language, "_bracketed", _longer)
        numbers._style.cache_clear()
        found = {f"{c}/{f.id}": f.drawing for c in ("RWA", "KEN") for f in country_report(study, c).figures()}
        found |= {f"region/{f.id}": f.drawing for f in region_report(study).figures()}
        tables = synthetic_ensemble().ensemble
        for measure in ("payg", "net_cost_share"):
            found[f"fan/{measure}"] = fan_charts.fan_chart(tables["quantiles"], tables["base"], "RWA", measure, "Rwanda")
        found["fan/exhaustion"] = fan_charts.exhaustion_chart(tables["exhaustion"], "RWA", "Rwanda")
        found["tornado"] = tornado(TABLE, "AAA", "Aland")
        for drawing in found.values():
            placed(drawing)
    numbers._style.cache_clear()
    return found


def test_nothing_leaves_the_canvas_in_a_longer_language(drawn: dict[str, Figure]) -> None:
    assert not (found := {name: out for name, drawing in drawn.items() if (out := outside(drawing))}), found


def test_no_two_texts_of_a_chart_meet(drawn: dict[str, Figure]) -> None:
    assert not (found := {name: pairs for name, drawing in drawn.items() if (pairs := meeting(drawing))}), found


def test_series_are_told_apart_in_grey(drawn: dict[str, Figure]) -> None:
    assert sum(len(legend.legend_handles) for drawing in drawn.values() for legend in legends(drawing)) > 40
    assert not (found := {name: pairs for name, drawing in drawn.items() if (pairs := confused(drawing))}), found


def test_two_series_alike_in_grey_are_found() -> None:
    assert alike([Line2D([], [], color="#0072B2"), Line2D([], [], color="#D55E00")])
    assert not alike([Line2D([], [], color="#0072B2"), Line2D([], [], color="#D55E00", ls="--")])
    assert alike([Patch(facecolor="#D55E00"), Patch(facecolor="#009E73")])
    assert not alike([Patch(facecolor="#D55E00"), Patch(facecolor="#009E73", hatch="//")])


def test_every_panel_names_its_unit_and_every_message_is_translated(drawn: dict[str, Figure]) -> None:
    for name, drawing in drawn.items():
        assert message_of(drawing).startswith("⟦"), name
        assert re.search(r"\d", message_of(drawing)), (name, message_of(drawing))
        for axes in drawing.axes:
            assert axes.get_title(loc="left").startswith("⟦") or "→" in axes.get_title(loc="left"), (name, axes.get_title(loc="left"))


def test_labels_of_the_charts_are_marked_for_translation(drawn: dict[str, Figure]) -> None:
    """Apart from figures, codes of countries and age groups nothing stands outside the brackets of the pseudo-language."""
    for name, drawing in drawn.items():
        for text in texts(drawing):
            bare = text.get_text().replace("\n", " ")
            while (less := re.sub(r"⟦[^⟦⟧]*⟧", "", bare)) != bare:
                bare = less
            bare = re.sub(r"[A-Z]{3}( → [A-Z]{3})?|No\. 102|Aland|Rwanda", "", bare)
            assert not re.search(r"[A-Za-z]{2,}", bare), (name, text.get_text())


def test_messages_say_so_when_nothing_changes(nothing: StudyResult) -> None:
    scheme = nothing.schemes["RWA"]
    assert message_of(charts.cost_rate(scheme)) == "The instrument does not change the cost rate in any year"
    assert message_of(charts.contributors_and_pensioners(scheme)).endswith("whether or not the instrument is in force")
    assert message_of(charts.reserve(scheme)).endswith("with and without the instrument")
    assert message_of(ladder_charts.waterfall(scheme)) == "No legal step changes the cost of this scheme"
    assert "needs added periods" in message_of(award_charts.awards_by_reason(scheme))
    assert message_of(region_charts.cost_by_scheme(nothing)) == "The instrument changes no scheme's general average premium"
    assert "moves no pension" in message_of(region_charts.transfer_matrix(nothing, 2050))
    assert "moves no pension" in message_of(region_charts.transfer_value_matrix(nothing))
    assert charts.who_gains(scheme) is None
    assert region_charts.extra_pensioners(nothing) is None
    assert all("no change in any year" in [t.get_text() for t in d.axes[-1].texts] for d in (charts.cost_rate(scheme), charts.reserve(scheme)))


def test_signs_of_messages_follow_the_figures(study: StudyResult) -> None:
    scheme = study.schemes["RWA"]
    saving = replace(scheme, ladder=scheme.ladder.assign(share_of_earnings=-scheme.ladder["share_of_earnings"].abs()))
    top = scheme.ladder["share_of_earnings"].abs().max()
    assert numbers.points(-float(top)) in message_of(ladder_charts.waterfall(saving))
    turned = replace(study, transfers_pv=study.transfers_pv.assign(case=study.transfers_pv["case"].map({"with": "without", "without": "with"})))
    assert "adds USD" in message_of(region_charts.transfer_value_matrix(study))
    assert "takes USD" in message_of(region_charts.transfer_value_matrix(turned))
    cut = scheme.ladder.assign(share_of_earnings=[0.001, -0.001, *[0.0] * (len(scheme.ladder) - 2)])
    assert message_of(ladder_charts.waterfall(replace(scheme, ladder=cut))).endswith("the steps together cancel out")


def test_reasons_of_awards_add_up_to_the_awards_of_movers(study: StudyResult) -> None:
    scheme = study.schemes["RWA"]
    table = award_charts.reasons(scheme)
    extra = scheme.gains.groupby("year")["extra_new_pensions"].sum()
    assert np.allclose(table.sum(axis=1), frames.case(scheme, "without")["new_pensions_movers"] + extra)
    assert (table >= 0).to_numpy().all()
    assert (table["added"] > 0).any()


def test_panels_of_one_measure_share_their_scale(study: StudyResult) -> None:
    for drawing in (region_charts.cost_rates(study), region_charts.reserves(study)):
        assert len({axes.get_ylim() for axes in drawing.axes}) == 1
        top = drawing.axes[0].get_ylim()[1]
        assert all(float(np.max(line.get_ydata())) <= top for axes in drawing.axes for line in axes.get_lines())
    assert len({axes.get_xlim() for axes in charts.population_pyramids(study.schemes["RWA"]).axes}) == 1


def test_corridor_costs_add_up_to_the_net_cost(study: StudyResult) -> None:
    pensions = [s for s in study.schemes.values() if s.kind == frames.DEFINED_BENEFIT]
    total = sum(float(frames.corridors(s)["pv_net_cost"].sum()) / s.exchange_rate_usd for s in pensions)
    assert total != 0.0
    assert np.isclose(corridor_costs(study).to_numpy().sum(), total)


def test_the_same_chart_has_the_same_bytes(study: StudyResult) -> None:
    scheme = study.schemes["RWA"]
    for draw in (charts.contributors_and_pensioners, ladder_charts.waterfall, award_charts.awards_by_reason):
        assert svg(draw(scheme)) == svg(draw(scheme))


def test_ticks_and_settings_follow_the_language() -> None:
    assert (tick(0.30000000000000004), tick(-1250.0), tick(-1e-17)) == ("0.3", "−1,250", "0")
    with use_language("fr"):
        assert tick(-0.25) == "−0,25"
        assert setting_text("×1.5") == "×1,5"


# --- fitting -----------------------------------------------------------------------------------------------------------------------------


@given(
    st.lists(st.tuples(st.floats(0.0, 100.0), st.floats(5.0, 12.0)), min_size=1, max_size=8),
)
def test_labels_are_spread_without_meeting_inside_the_panel(labels: list[tuple[float, float]]) -> None:
    wanted, heights = [w for w, _h in labels], [h for _w, h in labels]
    middles = chart_fit.spread(wanted, heights, 0.0, 100.0)
    order = sorted(range(len(labels)), key=lambda i: (wanted[i], i))
    for a, b in zip(order, order[1:], strict=False):
        assert middles[b] - middles[a] >= (heights[a] + heights[b]) / 2 - 1e-9
    assert min(middles) >= -1e-9
    assert max(middles) <= 100.0 + 1e-9
    apart = all(wanted[b] - wanted[a] >= (heights[a] + heights[b]) / 2 for a, b in zip(order, order[1:], strict=False))
    if apart:
        assert middles == pytest.approx(wanted)


@given(st.lists(st.text("abcdefgh", min_size=1, max_size=9), min_size=1, max_size=20), st.floats(30.0, 200.0))
def test_wrapping_keeps_the_words_and_the_width(words: list[str], width: float) -> None:
    with chart_style():
        lines = chart_fit.wrapped(" ".join(words), width, 8.0).split("\n")
        assert " ".join(lines).split(" ") == words
        assert all(chart_fit.text_width(line, 8.0) <= width + 0.5 or " " not in line for line in lines)
        if chart_fit.text_width(" ".join(words), 8.0) <= width - 0.5:
            assert len(lines) == 1


def test_a_long_message_makes_the_drawing_higher_and_the_panels_stay() -> None:
    heights = {}
    for words in (5, 60):
        with chart_style():
            drawing = figure(2.5)
            axes = drawing.subplots()
            axes.plot([2026, 2100], [0.0, 1.0])
            set_unit(axes, "Panel", "persons")
            set_message(drawing, "message " * words)
        svg(drawing)
        heights[words] = (drawing.get_figheight(), axes.get_position().height * drawing.get_figheight())
    assert heights[60][0] > heights[5][0]
    assert heights[60][1] > 0.75 * heights[5][1]


def test_names_at_meeting_ends_are_moved_apart() -> None:
    with chart_style():
        drawing = figure(2.5)
        axes: Axes = drawing.subplots()
        axes.plot([2026, 2100], [0.0, 1.0])
        for value, name in ((1.0, "one"), (1.0, "two"), (0.99, "three")):
            name_line(axes, value, name, "black")
    svg(drawing)
    with chart_style():
        FigureCanvasAgg(drawing)
        boxes = [t.get_window_extent(renderer(drawing)) for t in axes.texts]
    assert not any(overlap(a, b) for a, b in combinations(boxes, 2))


def test_a_legend_takes_as_many_columns_as_find_room() -> None:
    widths = {}
    for length in (3, 60):
        with chart_style():
            drawing = figure(2.5)
            axes = drawing.subplots()
            for n in range(4):
                axes.plot([0, 1], [n, n], label="n" * length)
            legend_below(axes, 4)
        svg(drawing)
        with chart_style():
            FigureCanvasAgg(drawing)
            widths[length] = drawing.get_tightbbox(renderer(drawing)).width / drawing.get_figwidth()
    assert max(widths.values()) <= 1.0


def test_the_typeface_covers_every_text_of_every_language() -> None:
    with chart_style():
        path = font_manager.findfont(font_manager.FontProperties(family=mpl.rcParams["font.family"]))
    assert "Inter" in path
    known = set(FT2Font(path).get_charmap())
    letters = "àâæçéèêëîïôœùûüÿÀÂÆÇÉÈÊËÎÏÔŒÙÛÜŸ«»’ãõáíóúâêôÃÕÁÍÓÚªºŋŊ'" + "−–—→×…·≥≤±%€\u00a0\u202f“”"
    written = {c for code in ("fr", "sw", "pt") for domain in ("messages", "data") for m in read(code, domain) for c in _strings(m)}
    lacking = {c for c in (written | set(letters)) if c >= " " and ord(c) not in known}
    assert not lacking, {c: hex(ord(c)) for c in lacking}


def _strings(message: Any) -> str:
    parts = message.string if isinstance(message.string, tuple | list) else (message.string,)
    ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
    return "".join((*parts, *ids))
