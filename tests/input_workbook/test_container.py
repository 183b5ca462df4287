"""Files that are no workbooks, or too much of one, are refused before anything in them is parsed."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from actuarial.basis.errors import InputError
from actuarial.input_workbook import container
from actuarial.input_workbook.apply import data_with
from tests.input_workbook.books import DATA, complaints, edited, laid_out, read, written


def refused(path: Path) -> str:
    with pytest.raises(InputError) as error, data_with(DATA, [path]):
        pass
    return str(error.value)


def repacked(target: Path, change: Callable[[str, bytes], bytes | None], more: dict[str, bytes] | None = None) -> Path:
    with zipfile.ZipFile(written("SOM")) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for part in source.namelist():
            data = change(part, source.read(part))
            if data is not None:
                out.writestr(part, data)
        for name, data in (more or {}).items():
            out.writestr(name, data)
    return target


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"country,value\nKEN,1\n", "is not a workbook"),
        (b"%PDF-1.7", "is not a workbook"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "is an .xls file of Excel 97 to 2003"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"), "is protected by a password"),
        (b"PK\x03\x04 and nothing else", "is damaged"),
    ],
)
def test_other_files(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "given.xlsx"
    path.write_bytes(content)
    assert words in refused(path)


def test_no_file_and_a_folder(tmp_path: Path) -> None:
    assert "no such file" in refused(tmp_path / "none.xlsx")
    assert "is a folder" in refused(tmp_path)


def test_other_archives(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    assert "OpenDocument file (.ods)" in refused(tmp_path / "a.ods")
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
    assert "is not an Excel workbook" in refused(tmp_path / "a.docx")


def test_a_workbook_of_something_else(tmp_path: Path) -> None:
    book = Workbook()
    book.save(tmp_path / "other.xlsx")
    assert "is not an input workbook; `python run.py template COUNTRY` writes one" in refused(tmp_path / "other.xlsx")


def test_an_older_template_and_an_unknown_country(tmp_path: Path) -> None:
    def fact(old: str | int, new: str | int) -> Callable[[Workbook], None]:
        def change(book: Workbook) -> None:
            page = book["Read me"]
            cell = next(c for row in page.iter_rows() for c in row if c.value == old and c.column == 2)
            cell.value = new

        return change

    assert "is a template of version 0; this toolkit reads version 1" in refused(edited("SOM", tmp_path / "old.xlsx", fact(1, 0)))
    shape, words = laid_out("SOM").facts["template_shape"], laid_out("SOM").facts["template_words"]
    assert "is a template of another layout" in refused(edited("SOM", tmp_path / "shape.xlsx", fact(shape, "0")))
    reworded = read(edited("SOM", tmp_path / "words.xlsx", fact(words, "0")))
    assert (reworded.findings.complaints, reworded.changes) == ([], ())
    assert len(reworded.findings.remarks) == 1
    assert "unknown country 'SMO'; did you mean 'SOM'?" in refused(edited("SOM", tmp_path / "smo.xlsx", fact("SOM", "SMO")))
    assert "another layout than that of SSD" in refused(edited("SOM", tmp_path / "ssd.xlsx", fact("SOM", "SSD")))
    found = complaints(read(edited("BDI", tmp_path / "cod.xlsx", fact("BDI", "COD"))))
    assert any("the currency 'BIF'; amounts of DR Congo (COD) are in CDF" in text for text in found.values())
    assert any(place.startswith("Migrants!A") for place in found)


def test_bombs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def keep(_part: str, data: bytes) -> bytes:
        return data

    bomb = repacked(tmp_path / "bomb.xlsx", keep, {"xl/media/x.bin": b"\0" * (container.LARGEST_PART + 1)})
    assert "unpacks to 8,000,001 bytes" in refused(bomb)
    many = repacked(tmp_path / "many.xlsx", keep, {f"x/{n}": b"" for n in range(container.MOST_PARTS)})
    assert "parts; allowed are 300" in refused(many)
    cells = b"<row>" + b"<c/>" * (container.MOST_CELLS + 1) + b"</row></sheetData>"

    def fill(part: str, data: bytes) -> bytes:
        return data.replace(b"</sheetData>", cells) if part == "xl/worksheets/sheet3.xml" else data

    assert "cells; allowed are 40,000" in refused(repacked(tmp_path / "cells.xlsx", fill))
    declared = b'<!DOCTYPE a [<!ENTITY b "c">]>'

    def declare(part: str, data: bytes) -> bytes:
        return data.replace(b"<workbook", declared + b"<workbook", 1) if part == "xl/workbook.xml" else data

    assert "is not plain XML" in refused(repacked(tmp_path / "entity.xlsx", declare))
    monkeypatch.setattr(container, "LARGEST_FILE", 100)
    assert "allowed are 100" in refused(written("SOM"))


def test_broken_parts(tmp_path: Path) -> None:
    def cut(part: str, data: bytes) -> bytes:
        return data[: len(data) // 2] if part == "xl/worksheets/sheet2.xml" else data

    assert "cannot be read as a workbook" in refused(repacked(tmp_path / "cut.xlsx", cut))

    def lose(part: str, data: bytes) -> bytes | None:
        return None if part == "xl/worksheets/sheet2.xml" else data

    assert "cut" not in refused(repacked(tmp_path / "lost.xlsx", lose))


def test_damaged_anywhere(tmp_path: Path) -> None:
    """Bytes changed here and there: a complaint or the workbook unchanged, never anything else."""
    content = written("SOM").read_bytes()
    for at in range(40, len(content), len(content) // 7):
        path = tmp_path / "damaged.xlsx"
        path.write_bytes(content[:at] + bytes([content[at] ^ 0x55]) + content[at + 1 :])
        try:
            with data_with(DATA, [path]) as given:
                assert given.record[0]["changes"] == []
        except InputError as error:
            assert "damaged.xlsx" in str(error)
