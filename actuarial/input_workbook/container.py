"""Opens a workbook file without trusting it: what it claims to be, how large it is unpacked, what is inside.

1. Sizes are checked before anything is parsed: of the file, of each part and of all parts unpacked; parts are unpacked with that limit, whatever
   the directory of the archive says.
2. No part may declare entities or a document type, and no sheet may hold more rows or cells than any template could.
3. Every part that is XML is walked once, whatever it is called: depth and elements have limits, and an area that the reader would fill cell by cell
   (merged cells, links) counts with its cells, so that one short line cannot stand for a billion of them.
4. Nothing is evaluated: formulas are text, macros and links to other files are never followed; parts are never written to disk.
"""

from __future__ import annotations

import re
import warnings
import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final
from xml.parsers import expat
from zipfile import BadZipFile

from actuarial.basis.errors import InputError, shown
from actuarial.basis.plain_files import read_plain
from actuarial.basis.plain_text import short, visible

if TYPE_CHECKING:
    from openpyxl import Workbook

LARGEST_FILE: Final = 8_000_000
"""Bytes of the file; the largest template has about 150,000."""
LARGEST_PART: Final = 8_000_000
LARGEST_WHOLE: Final = 32_000_000
"""Bytes of a part and of all parts unpacked; those of the largest template come to two millions."""
MOST_PARTS: Final = 300
MOST_CELLS: Final = 40_000
"""Cells of a part; the largest sheet of a template has a few thousand."""
MOST_ROWS: Final = 5_000
MOST_AREAS: Final = 1_000
"""Merged areas and links of a part."""
MOST_AREA_CELLS: Final = 100_000
"""Cells below all merged areas and links of a part: the reader makes each of them."""
MOST_ELEMENTS: Final = 400_000
"""Elements of a part; a cell has two or three."""
DEEPEST: Final = 100
"""Levels of elements in each other; those of Excel have about twenty. The reader calls itself for every level."""
_OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_COUNTED: Final = {
    "c": ("cells", MOST_CELLS), "row": ("rows", MOST_ROWS), "mergeCell": ("merged areas", MOST_AREAS), "hyperlink": ("links", MOST_AREAS),
}  # fmt: skip
_DECLARED: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_PLACE: Final = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})", re.ASCII)


@dataclass(frozen=True)
class Opened:
    """A workbook twice: with the values saved in it, and with its formulas. ``content`` are its bytes."""

    values: Workbook
    formulas: Workbook
    content: bytes


def open_workbook(path: Path) -> Opened:
    """Open a workbook saved by Excel or LibreOffice. Raises :class:`InputError` that says what the file is instead, or what is too large."""
    content = _content(path)
    _check_archive(path, content)
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():  # of what the reader leaves out, and nobody reads here
            warnings.simplefilter("ignore")
            values = load_workbook(BytesIO(content), data_only=True, keep_links=False)
            formulas = load_workbook(BytesIO(content), data_only=False, keep_links=False)
    except Exception as error:  # noqa: BLE001  # the parser raises whatever a broken part leads to
        raise _error(path, f"cannot be read as a workbook ({type(error).__name__}); open it in Excel or LibreOffice and save it as .xlsx") from None
    return Opened(values, formulas, content)


def _content(path: Path) -> bytes:
    content = read_plain(path, LARGEST_FILE)
    if content.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise _error(path, "is protected by a password; save it without one (File, Info, Protect Workbook)")
        raise _error(path, "is an .xls file of Excel 97 to 2003; open it and save it as .xlsx")
    if not content.startswith(b"PK"):
        what = "is empty" if not content else "is not a workbook"
        raise _error(path, f"{what}; allowed is an .xlsx file as `python run.py template` writes it")
    return content


def _check_archive(path: Path, content: bytes) -> None:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
            if any(part.flag_bits & 1 for part in parts):
                raise _error(path, "holds parts locked by a password; save it without one")
            names = {part.filename for part in parts}
            for name in names:
                if ".." in PurePosixPath(name).parts or name.startswith(("/", "\\")) or re.match(r"[A-Za-z]:", name):
                    raise _error(path, f"its part '{_named(name)}' has a name that leads out of the file")
            if "mimetype" in names and b"opendocument" in _unpacked(archive, "mimetype", 200):
                raise _error(path, "is an OpenDocument file (.ods); open it and save it as .xlsx")
            if "xl/workbook.xml" not in names:
                raise _error(path, "is not an Excel workbook (.xlsx)")
            if len(names) != len(parts):
                raise _error(path, "holds two parts of the same name")
            _check_sizes(path, parts)
            total = 0
            for part in parts:
                data = _unpacked(archive, part.filename, min(LARGEST_PART, LARGEST_WHOLE - total))
                total += len(data)
                if len(data) > LARGEST_PART or total > LARGEST_WHOLE:
                    raise _error(path, "unpacks to more than the archive says")
                _check_part(path, part.filename, data)
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError, RuntimeError) as error:
        raise _error(path, f"is damaged ({' '.join(str(error).split()) or type(error).__name__}); save it again as .xlsx") from None


def _check_sizes(path: Path, parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > MOST_PARTS:
        raise _error(path, f"holds {len(parts):,} parts; allowed are {MOST_PARTS}")
    largest = max(parts, key=lambda part: part.file_size)
    if largest.file_size > LARGEST_PART:
        raise _error(path, f"its part {_named(largest.filename)} unpacks to {largest.file_size:,} bytes; allowed are {LARGEST_PART:,}")
    whole = sum(part.file_size for part in parts)
    if whole > LARGEST_WHOLE:
        raise _error(path, f"unpacks to {whole:,} bytes; allowed are {LARGEST_WHOLE:,}")


def _unpacked(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    with archive.open(name) as part:
        return part.read(most + 1)


def _check_part(path: Path, name: str, data: bytes) -> None:
    if not (name.endswith((".xml", ".rels", ".vml")) or data[:200].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")):
        return
    if b"\0" in data[:200] or _DECLARED.search(data):
        raise _error(path, f"its part {_named(name)} is not plain XML as Excel and LibreOffice write it")
    walk = _Walk()
    try:
        walk.over(data)
    except _TooMuch as much:
        raise _error(path, f"its part {_named(name)} holds {much}; delete what lies outside the template") from None
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise _error(path, f"its part {_named(name)} cannot be read as a workbook ({error}); open it in Excel or LibreOffice and save it") from None


class _TooMuch(Exception):
    """A limit that a part passes; the text says which."""


class _Walk:
    """Counts what one part holds while it is parsed, so that it stops at the first limit."""

    def __init__(self) -> None:
        self.depth = self.elements = self.area = 0
        self.counts = dict.fromkeys(_COUNTED, 0)

    def over(self, data: bytes) -> None:
        """Raises :class:`_TooMuch`, and what the parser raises for text that is no XML."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.Parse(data, True)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        self.elements += 1
        if self.depth > DEEPEST:
            raise _TooMuch(f"elements more than {DEEPEST} levels deep; allowed are {DEEPEST}")
        if self.elements > MOST_ELEMENTS:
            raise _TooMuch(f"more than {MOST_ELEMENTS:,} elements; allowed are {MOST_ELEMENTS:,}")
        local = name.rpartition(":")[2]
        if local in _COUNTED:
            what, most = _COUNTED[local]
            self.counts[local] += 1
            if self.counts[local] > most:
                raise _TooMuch(f"more than {most:,} {what}; allowed are {most:,}")
            if local in ("mergeCell", "hyperlink"):
                self.area += _cells_of(attributes.get("ref", ""))
                if self.area > MOST_AREA_CELLS:
                    raise _TooMuch(f"{what} over {self.area:,} cells; allowed are {MOST_AREA_CELLS:,}")

    def _end(self, _name: str) -> None:
        self.depth -= 1


def _cells_of(area: str) -> int:
    """Number of cells of an area ``A1:B3``; more than allowed for what does not say where it ends.

    >>> _cells_of("A1:B3"), _cells_of("C5"), _cells_of("A:A") > MOST_AREA_CELLS
    (6, 1, True)
    """
    ends = [_PLACE.fullmatch(end) for end in area.upper().split(":")]
    if not 1 <= len(ends) <= 2 or not all(ends):
        return MOST_AREA_CELLS + 1
    columns = [_column(end.group(1)) for end in ends if end]
    rows = [int(end.group(2)) for end in ends if end]
    return (max(columns) - min(columns) + 1) * (max(rows) - min(rows) + 1)


def _column(letters: str) -> int:
    """Number of a column, ``A`` is 1."""
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number


def _named(name: str) -> str:
    return short(visible(name, one_line=True), 80)


def _error(path: Path, text: str) -> InputError:
    return InputError(f"{shown(path)}: {text}")
