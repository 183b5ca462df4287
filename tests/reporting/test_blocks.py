"""The block model refuses what a renderer could not make accessible, and never parses text."""

import pytest
from matplotlib.figure import Figure as Drawing

from actuarial.reporting.blocks import Column, Figure, Heading, Meta, Paragraph, Ref, Report, Row, Strong, Table, plain, say
from actuarial.reporting.document import document

META = Meta(subtitle="s", running_head="r", facts=(), date="2025-12-31", status="x")


def test_say_puts_spans_in_named_places_and_parses_nothing_in_them() -> None:
    text = say("a {x} b {y}", x=Strong("{y} **"), y=Ref("t"))
    assert text == ("a ", Strong("{y} **"), " b ", Ref("t"))
    assert plain(text) == "a {y} ** b "


def test_say_refuses_missing_and_superfluous_values() -> None:
    with pytest.raises(KeyError):
        say("a {x}")
    with pytest.raises(ValueError, match="no place"):
        say("a", x="1")


@pytest.mark.parametrize("empty", ["caption", "alt", "source"])
def test_figure_needs_caption_alternative_and_source(empty: str) -> None:
    values = {"caption": "c", "alt": "a", "source": "s"} | {empty: " "}
    with pytest.raises(ValueError, match=empty):
        Figure("f", Drawing(), **values)


def test_table_rows_must_fit_its_columns() -> None:
    with pytest.raises(ValueError, match="2 cells under 1 columns"):
        Table("t", "c", (Column("a"),), (Row(("1", "2")),), "s")


def test_references_need_a_target_and_ids_are_unique() -> None:
    table = Table("t", "c", (Column("a"),), (Row(("1",)),), "s")
    with pytest.raises(ValueError, match="without a target"):
        Report("r", META, (Paragraph(say("{t}", t=Ref("nowhere"))),))
    with pytest.raises(ValueError, match="used twice"):
        Report("r", META, (table, table))
    with pytest.raises(ValueError, match="used twice"):
        Report("r", META, (table, Heading("h", id="t")))
    with pytest.raises(ValueError, match="without a target"):
        Report("r", META, (Table("t", "c", (Column("a"),), (Row((say("{x}", x=Ref("nowhere")),)),), "s"),))


def test_references_are_named_by_what_they_point_to() -> None:
    cell = say("{a}, {b}, {c}, {d}", a=Ref("part"), b=Ref("section"), c=Ref("t"), d=Ref("end"))
    table = Table("t", "c", (Column("a"), Column("b")), (Row(("1", cell)),), "s")
    headings = (Heading("A"), Heading("B", id="part"), Heading("C", 2), Heading("D", 2, id="section"), Heading("E", numbered=False, id="end"))
    data = document(Report("r", META, (*headings, table)))
    spans = data["blocks"][-1]["rows"][0]["cells"][1]
    assert [s["text"] for s in spans if s["kind"] == "ref"] == ["Section\u00a02", "Section\u00a02.2", "Table\u00a01", "E"]
    assert {s["target"] for s in spans if s["kind"] == "ref"} <= {b["id"] for b in data["blocks"]}
