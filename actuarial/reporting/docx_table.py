"""Tables of a Word document.

1. The head row is marked as such and repeated on every page; no row is divided between pages; a short table stays on one page with its source.
2. Widths are settled here, from the lengths of words: programs differ in how they would choose them. Lengths are in twentieths of a point.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from actuarial.reporting.docx_parts import Element, clean, element, paragraph, run

TEXT_WIDTH: Final = 9354
"""Width of the text on the page: 16.5 cm."""
SHORT: Final = 14
"""A table with at most this many rows is kept on one page."""
_EM: Final = {False: 160, True: 140}
"""Size of the type, by whether the table is dense; the styles ``Table Text`` say the same."""
_PER_EM: Final = 0.56
"""Mean width of a character of the typeface, with something to spare."""
_PADDING: Final = 160
_LONGEST_WORD: Final = 22
"""Characters of a word that a column makes room for; longer ones (addresses) may be divided."""
_WIDEST_HEAD_COLUMN: Final = 0.38
"""Share of the width that the column of row heads may take when the others share the rest."""

Data = dict[str, Any]
Spans = Callable[[list[Data]], list[Element]]


def table(data: Data, spans: Spans) -> Element:
    """A table of :func:`~actuarial.reporting.document.document`; ``spans`` turns text into runs."""
    dense = "Dense" if data["dense"] else ""
    widths = column_widths(data["columns"], _texts(data), dense=data["dense"])
    properties = element(
        "tblPr",
        element("tblStyle", val="ReportTable"),
        element("tblW", w=str(sum(widths)), type="dxa"),
        element("tblLayout", type="fixed"),
        element("tblLook", val="04A0", firstRow="1", lastRow="0", firstColumn="1", lastColumn="0", noHBand="1", noVBand="1"),
        element("tblCaption", val=clean(f"{data['label']} {data['caption']}")),
    )
    made = element("tbl", properties, element("tblGrid", *(element("gridCol", w=str(w)) for w in widths)))
    heads = [("TableHead" if c["align"] == "left" else "TableHeadNumber") + dense for c in data["columns"]]
    cells = [_cell(width, paragraph(style, run(c["head"]))) for width, style, c in zip(widths, heads, data["columns"], strict=True)]
    made.append(element("tr", element("trPr", element("cantSplit"), element("tblHeader")), *cells))
    together = len(data["rows"]) <= SHORT
    for place, row in enumerate(data["rows"]):
        keep = together or place == len(data["rows"]) - 1  # the last row stays with the source below it
        made.append(_row(row, data["columns"], widths, dense, spans, keep=keep))
    return made


def _row(row: Data, columns: Sequence[Data], widths: Sequence[int], dense: str, spans: Spans, *, keep: bool) -> Element:
    made = element("tr", element("trPr", element("cantSplit")))
    if row["kind"] == "section":
        shade = element("shd", val="clear", color="auto", fill="EEF4F8")
        span = element("gridSpan", val=str(len(columns)))
        made.append(_cell(sum(widths), paragraph("TableSection" + dense, *spans(row["cells"][0])), span, shade))
        return made
    total = row["kind"] == "total"
    for width, column, cell in zip(widths, columns, row["cells"], strict=True):
        style = ("TableText" if column["align"] == "left" else "TableNumber") + dense
        words = [{**s, "kind": "strong"} if total and s["kind"] == "text" else s for s in cell]
        rule = [element("tcBorders", element("top", val="single", sz="8", space="0", color="1A2530"))] if total else []
        made.append(_cell(width, paragraph(style, *spans(words), keepNext=keep), *rule))
    return made


def _cell(width: int, content: Element, *properties: Element) -> Element:
    return element("tc", element("tcPr", element("tcW", w=str(width), type="dxa"), *properties), content)


def _texts(data: Data) -> list[list[str]]:
    rows = [["".join(s["text"] for s in cell) for cell in row["cells"]] for row in data["rows"] if row["kind"] != "section"]
    return [[c["head"] for c in data["columns"]], *rows]


def column_widths(columns: Sequence[Data], texts: Sequence[Sequence[str]], *, dense: bool) -> list[int]:
    """Widths that add up to :data:`TEXT_WIDTH`; ``texts`` are the cells of all rows, heads first.

    A column with a weight takes that share of what the others leave; without weights the first column takes what it needs and the others share the
    rest. No column is narrower than its longest word as long as there is room.
    """
    each = _EM[dense] * _PER_EM
    cells = list(zip(*texts, strict=True))
    full = [_PADDING + each * max(map(len, column)) for column in cells]
    least = [_PADDING + each * min(_LONGEST_WORD, max(len(w) for text in column for w in (text.split(" ") or [""]))) for column in cells]
    weights = [float(c["weight"]) for c in columns]
    if not any(weights):
        own = [min(full[0], max(least[0], _WIDEST_HEAD_COLUMN * TEXT_WIDTH)), *([0.0] * (len(columns) - 1))]
        weights = [0.0, *([1.0] * (len(columns) - 1))] if len(columns) > 1 else [1.0]
    else:
        own = [0.0 if weight else min(full[i], max(least[i], 0.3 * TEXT_WIDTH)) for i, weight in enumerate(weights)]
    return _shared(own, least, weights)


def _shared(own: Sequence[float], least: Sequence[float], weights: Sequence[float]) -> list[int]:
    """Divide the width: ``own`` for columns without weight, the rest by weight, none below ``least`` while that is possible."""
    width = [w if not weights[i] else 0.0 for i, w in enumerate(own)]
    open_ = {i for i, weight in enumerate(weights) if weight}
    while open_:
        rest = TEXT_WIDTH - sum(width[i] for i in range(len(width)) if i not in open_)
        total = sum(weights[i] for i in open_)
        short = {i for i in open_ if rest * weights[i] / total < least[i]}
        if not short or short == open_:
            for i in open_:
                width[i] = max(rest, 0.0) * weights[i] / total
            break
        for i in short:
            width[i] = least[i]
        open_ -= short
    scale = TEXT_WIDTH / sum(width)
    rounded = [int(w * scale) for w in width]
    rounded[-1] += TEXT_WIDTH - sum(rounded)
    return rounded
