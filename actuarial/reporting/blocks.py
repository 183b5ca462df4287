"""The content of a report, free of any output format: typed blocks that renderers turn into PDF, HTML and DOCX.

1. Text is a tuple of spans. A plain ``str`` span is text and nothing else: no renderer looks for markup in it, so
   figures, names and remarks that came from data cannot change the layout or become live.
2. Emphasis and cross-references are span types of their own (:class:`Strong`, :class:`Ref`).
3. A sentence is written once as a template with named places (:func:`say`), so that a catalogue of translations can
   replace the template without touching the code that computes the values.
4. A figure must have a caption, a text alternative and a source; a table must have a caption and a source. Their
   constructors refuse less.
5. Words that renderers add (:class:`Labels`) are those of the language that is active when the report is made; a report carries them, so that it is
   rendered in its own language whatever is active then.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from string import Formatter
from typing import Literal, TypeAlias

from matplotlib.figure import Figure as Drawing

from actuarial.reporting.language import UNREVIEWED, _, language
from actuarial.reporting.style import svg


@dataclass(frozen=True)
class Strong:
    """Emphasised text."""

    text: str


@dataclass(frozen=True)
class Ref:
    """Reference to the figure, table or heading with this ``target`` id.

    Rendered as "Figure 3", "Table 2" or "Section 3.2"; a heading without a number is named by its text.
    """

    target: str


Span: TypeAlias = str | Strong | Ref
Text: TypeAlias = tuple[Span, ...]
Cell: TypeAlias = str | Text
"""Content of a table's cell."""


def say(template: str, /, **values: Span | Text) -> Text:
    """Fill the named places of a sentence, in the active language, with spans; neither template nor values are parsed for markup.

    >>> say("The cost is {cost} of earnings.", cost=Strong("4.2%"))
    ('The cost is ', Strong(text='4.2%'), ' of earnings.')

    Raises ``KeyError`` when the template names a place that has no value and ``ValueError`` when a value has no place.
    """
    spans: list[Span] = []
    used: set[str] = set()
    for literal, name, _spec, _conversion in Formatter().parse(_(template)):
        if literal:
            spans.append(literal)
        if name is not None:
            value = values[name]
            spans.extend(value if isinstance(value, tuple) else (value,))
            used.add(name)
    if unused := set(values) - used:
        raise ValueError(f"no place for {sorted(unused)} in {template!r}")
    return tuple(spans)


def plain(text: Text | str) -> str:
    """Text without emphasis; references are left out."""
    if isinstance(text, str):
        return text
    return "".join(s if isinstance(s, str) else s.text for s in text if not isinstance(s, Ref))


def as_text(value: Text | str) -> Text:
    """A plain string as text of one span."""
    return (value,) if isinstance(value, str) else value


@dataclass(frozen=True)
class Heading:
    """Chapter (level 1), section (2) or paragraph heading (3); an unnumbered one still stands in the contents.

    ``id`` makes it a target of :class:`Ref`. ``answers`` names the items of a checklist of reports that the part below answers; nothing shows them.
    """

    text: str
    level: Literal[1, 2, 3] = 1
    numbered: bool = True
    id: str = ""
    answers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Paragraph:
    """Running text; ``lead`` sets it larger, for the verdict on the first page."""

    text: Text
    lead: bool = False


@dataclass(frozen=True)
class Bullets:
    """A list of short texts."""

    items: tuple[Text, ...]


@dataclass(frozen=True)
class KeyFigure:
    """One figure of the summary: what it is, its value, and a line that says more."""

    label: str
    value: str
    detail: str


@dataclass(frozen=True)
class KeyFigures:
    """A row of key figures."""

    items: tuple[KeyFigure, ...]


@dataclass(frozen=True)
class Figure:
    """A drawing with its number, caption, text alternative and source.

    The message of the drawing stands in the drawing itself as its title. Raises ``ValueError`` when ``caption``,
    ``alt`` or ``source`` is empty.
    """

    id: str
    drawing: Drawing
    caption: str
    alt: str
    source: str

    def __post_init__(self) -> None:
        _require(self.id, caption=self.caption, alt=self.alt, source=self.source)

    @cached_property
    def svg(self) -> str:
        """The drawing as SVG, drawn once for all outputs; later changes of ``drawing`` do not show."""
        return svg(self.drawing).decode("utf-8")

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        """What a notebook shows: the picture with its text alternative, which it may show without running anything."""
        data = b64encode(self.svg.encode("utf-8")).decode("ascii")
        picture = f'<img src="data:image/svg+xml;base64,{data}" alt="{escape(self.alt)}" style="max-width: 100%">'
        return {"text/html": picture, "text/plain": f"{self.caption}: {self.alt}"}


@dataclass(frozen=True)
class Column:
    """Head of a table column; ``weight`` is its share of the width (0: as wide as its content)."""

    head: str
    align: Literal["left", "right"] = "right"
    weight: float = 0.0


@dataclass(frozen=True)
class Row:
    """Cells of one row; ``kind`` ``total`` is ruled off, ``section`` is a heading whose first cell spans the table.

    A cell is a plain string, or text with emphasis and references.
    """

    cells: tuple[Cell, ...]
    kind: Literal["body", "total", "section"] = "body"


@dataclass(frozen=True)
class Table:
    """A numbered table. The first cell of each row heads the row.

    Raises ``ValueError`` when caption or source is empty or a row has not one cell per column (one cell for a section).
    """

    id: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    source: str
    dense: bool = False
    """Smaller type, for long tables of text."""

    def __post_init__(self) -> None:
        _require(self.id, caption=self.caption, source=self.source)
        for row in self.rows:
            if len(row.cells) != (1 if row.kind == "section" else len(self.columns)):
                raise ValueError(f"table {self.id}: {len(row.cells)} cells under {len(self.columns)} columns: {row.cells}")


@dataclass(frozen=True)
class Note:
    """A framed remark; ``warning`` for what a reader must not overlook."""

    title: str
    text: Text
    kind: Literal["info", "warning"] = "info"


@dataclass(frozen=True)
class Contents:
    """Place of the table of contents and of the lists of figures and tables."""


@dataclass(frozen=True)
class PageBreak:
    """Start a new page where the output has pages."""


Block: TypeAlias = Heading | Paragraph | Bullets | KeyFigures | Figure | Table | Note | Contents | PageBreak


@dataclass(frozen=True)
class Labels:
    """Words and templates that renderers add by themselves, in the language that is active when they are made."""

    figure: str = field(default_factory=lambda: _("Figure"))
    table: str = field(default_factory=lambda: _("Table"))
    section: str = field(default_factory=lambda: _("Section"))
    contents: str = field(default_factory=lambda: _("Contents"))
    list_of_figures: str = field(default_factory=lambda: _("Figures"))
    list_of_tables: str = field(default_factory=lambda: _("Tables"))
    source: str = field(default_factory=lambda: _("Source: {source}"))
    page: str = field(default_factory=lambda: _("Page {page} of {pages}"))
    identity: str = field(default_factory=lambda: _("Identity of the inputs"))
    record: str = field(default_factory=lambda: _("What this report was made from: hashes of all inputs, versions of software"))
    skip: str = field(default_factory=lambda: _("Skip to the content"))


def _caution() -> str:
    """What the cover warns of: a language whose texts nobody has reviewed."""
    if language() not in UNREVIEWED:
        return ""
    return _("This text was translated by software and has not been reviewed by an actuary who speaks the language.")


@dataclass(frozen=True)
class Meta:
    """What a report says about itself.

    ``facts`` are the lines of the cover (label, value); ``date`` is an ISO date written into the files in place of the
    clock, so that one input gives one output. ``language`` is the code of the language of its texts; ``caution`` is a
    warning on the cover, empty when there is none.
    """

    subtitle: str
    running_head: str
    facts: tuple[tuple[str, str], ...]
    date: str
    status: str
    language: str = field(default_factory=language)
    labels: Labels = field(default_factory=Labels)
    caution: str = field(default_factory=_caution)


@dataclass(frozen=True)
class Report:
    """A report: title, what it says about itself, and its content in order.

    Raises ``ValueError`` when two figures, tables or headings share an id or a reference has no target.
    """

    title: str
    meta: Meta
    blocks: tuple[Block, ...]

    def __post_init__(self) -> None:
        ids = [b.id for b in self.blocks if isinstance(b, Figure | Table | Heading) and b.id]
        if doubles := sorted({i for i in ids if ids.count(i) > 1}):
            raise ValueError(f"ids used twice: {doubles}")
        if missing := sorted({r.target for r in references(self.blocks)} - set(ids)):
            raise ValueError(f"references without a target: {missing}")

    def figures(self, *ids: str) -> tuple[Figure, ...]:
        """The figures with these ids that the report has, in the order asked for; all of them when no id is given."""
        found = {b.id: b for b in self.blocks if isinstance(b, Figure)}
        return tuple(found[i] for i in ids or found if i in found)


def references(blocks: Sequence[Block]) -> Iterator[Ref]:
    """All cross-references in running text and tables."""
    for block in blocks:
        texts: Sequence[Cell] = ()
        if isinstance(block, Paragraph | Note):
            texts = (block.text,)
        elif isinstance(block, Bullets):
            texts = block.items
        elif isinstance(block, Table):
            texts = [cell for row in block.rows for cell in row.cells]
        for text in texts:
            yield from (span for span in text if isinstance(span, Ref))


def _require(name: str, **values: str) -> None:
    if missing := [key for key, value in values.items() if not value.strip()]:
        raise ValueError(f"{name}: {', '.join(missing)} must not be empty")
