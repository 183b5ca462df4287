"""Opens a workbook file without trusting it: what it claims to be, how large it is unpacked, what is inside.

1. Sizes are checked before anything is parsed: of the file, of each part and of all parts unpacked; parts are unpacked with that limit, whatever
   the directory of the archive says.
2. No part may declare entities or a document type, and no sheet may hold more rows or cells than any template could.
3. Nothing is evaluated: formulas are text, macros and links to other files are never followed.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zipfile import BadZipFile

from actuarial.basis.errors import InputError, shown

if TYPE_CHECKING:
    from openpyxl import Workbook

LARGEST_FILE: Final = 8_000_000
LARGEST_PART: Final = 8_000_000
LARGEST_WHOLE: Final = 32_000_000
MOST_PARTS: Final = 300
MOST_CELLS: Final = 40_000
MOST_ROWS: Final = 5_000
MOST_MERGED: Final = 1_000
_OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_SHEET: Final = re.compile(r"xl/worksheets/[^/]+\.xml")
_CELL: Final = re.compile(rb"<(?:\w+:)?c[\s/>]")
_ROW: Final = re.compile(rb"<(?:\w+:)?row[\s/>]")
_MERGED: Final = re.compile(rb"<(?:\w+:)?mergeCell[\s/>]")
_DECLARED: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


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
        values = load_workbook(BytesIO(content), data_only=True, keep_links=False)
        formulas = load_workbook(BytesIO(content), data_only=False, keep_links=False)
    except Exception as error:  # noqa: BLE001  # the parser raises whatever a broken part leads to
        raise _error(path, f"cannot be read as a workbook ({type(error).__name__}); open it in Excel or LibreOffice and save it as .xlsx") from None
    return Opened(values, formulas, content)


def _content(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise InputError(f"{shown(path)}: {'is a folder, not a workbook' if path.is_dir() else 'no such file'}")
        if path.stat().st_size > LARGEST_FILE:
            raise _error(path, f"the file has {path.stat().st_size:,} bytes; allowed are {LARGEST_FILE:,}")
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise _error(path, f"cannot be read ({error.strerror})") from None
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
            if "mimetype" in names and b"opendocument" in _unpacked(archive, "mimetype", 200):
                raise _error(path, "is an OpenDocument file (.ods); open it and save it as .xlsx")
            if "xl/workbook.xml" not in names:
                raise _error(path, "is not an Excel workbook (.xlsx)")
            if len(names) != len(parts):
                raise _error(path, "holds two parts of the same name")
            _check_sizes(path, parts)
            total = 0
            for part in parts:
                data = _unpacked(archive, part.filename, LARGEST_PART)
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
        raise _error(path, f"its part {largest.filename[:80]} unpacks to {largest.file_size:,} bytes; allowed are {LARGEST_PART:,}")
    whole = sum(part.file_size for part in parts)
    if whole > LARGEST_WHOLE:
        raise _error(path, f"unpacks to {whole:,} bytes; allowed are {LARGEST_WHOLE:,}")


def _unpacked(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    with archive.open(name) as part:
        return part.read(most + 1)


def _check_part(path: Path, name: str, data: bytes) -> None:
    if not name.endswith((".xml", ".rels", ".vml")):
        return
    if b"\0" in data[:200] or _DECLARED.search(data):
        raise _error(path, f"its part {name[:80]} is not plain XML as Excel and LibreOffice write it")
    if _SHEET.fullmatch(name):
        for what, pattern, most in (("cells", _CELL, MOST_CELLS), ("rows", _ROW, MOST_ROWS), ("merged areas", _MERGED, MOST_MERGED)):
            found = sum(1 for _match in pattern.finditer(data))
            if found > most:
                raise _error(path, f"its part {name} holds {found:,} {what}; allowed are {most:,}; delete what lies outside the template")


def _error(path: Path, text: str) -> InputError:
    return InputError(f"{shown(path)}: {text}")
