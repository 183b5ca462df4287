"""The identity of its inputs that a report carries inside itself, read back from the file.

1. PDF: the record ``made_from.json`` attached to it; HTML: a ``<meta>`` of its head; DOCX: identifier among the core properties; XLSX: a property.
2. The files are not trusted: nothing is executed, no XML is parsed, of archives one part of limited size is read.
"""

from __future__ import annotations

import json
import logging
import re
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Final

from actuarial.reporting.provenance import RECORD

_DIGITS: Final = "([0-9a-f]{64})"
_HTML: Final = re.compile(f'<meta name="inputs-sha256" content="{_DIGITS}">')
_DOCX: Final = re.compile(f"<dc:identifier>inputs-sha256:{_DIGITS}</dc:identifier>")
_XLSX: Final = re.compile(f'name="Inputs SHA-256"><vt:lpwstr>{_DIGITS}</vt:lpwstr>')
_HEAD: Final = 1 << 16
_PART: Final = 1 << 20
_PDF: Final = 256 << 20
"""Bytes read at most: of a page, of one part of an office file, of a PDF."""


class Unreadable(Exception):
    """What a file carries cannot be read; the message says why."""


def carried_identity(path: Path) -> str | None:
    """Identity that a report carries; ``None`` when it carries none, or is of another kind. Raises :class:`Unreadable` for a spoilt file."""
    read = _READERS.get(path.suffix)
    return None if read is None else read(path)


def attached_record(path: Path) -> str | None:
    """Text of the record attached to a PDF; ``None`` when there is none. Raises :class:`Unreadable`."""
    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it would tell what it makes of a spoilt file, line by line
    try:
        if path.stat().st_size > _PDF:
            raise Unreadable(f"larger than {_PDF >> 20} MB")
        found = [a.content for a in PdfReader(path).attachment_list if a.name == RECORD]
        return found[0].decode("utf-8") if found else None
    except Unreadable:
        raise
    except Exception as error:  # pypdf raises errors of many kinds for spoilt files
        raise Unreadable(f"not a PDF that can be read ({' '.join(str(error).split())[:200]})") from None


def _of_pdf(path: Path) -> str | None:
    record = attached_record(path)
    if record is None:
        return None
    try:
        identity = json.loads(record)["identity"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Unreadable(f"the record attached to it ({RECORD}) cannot be read") from None
    return str(identity)


def _of_html(path: Path) -> str | None:
    with path.open("rb") as file:
        return _found(_HTML, file.read(_HEAD))


def _of_docx(path: Path) -> str | None:
    return _found(_DOCX, _part(path, "docProps/core.xml"))


def _of_xlsx(path: Path) -> str | None:
    return _found(_XLSX, _part(path, "docProps/custom.xml"))


def _part(path: Path, name: str) -> bytes:
    try:
        with zipfile.ZipFile(path) as archive, archive.open(name) as part:
            return part.read(_PART)
    except KeyError:
        return b""
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise Unreadable(f"not an office file that can be read ({' '.join(str(error).split())[:200]})") from None


def _found(pattern: re.Pattern[str], content: bytes) -> str | None:
    hit = pattern.search(content.decode("utf-8", errors="replace"))
    return hit[1] if hit else None


_READERS: Final[dict[str, Callable[[Path], str | None]]] = {".pdf": _of_pdf, ".html": _of_html, ".docx": _of_docx, ".xlsx": _of_xlsx}
REPORTS: Final = tuple(f"report{suffix}" for suffix in _READERS)
"""Files of a part of a run that carry the identity."""
