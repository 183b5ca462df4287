"""Workbooks changed inside their parts, and archives that are not what they say."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Callable
from random import Random
from typing import Final
from xml.sax.saxutils import escape

from tests.fuzz import hostile, text_mutations

Parts = dict[str, bytes]


def unpacked(data: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: Parts, level: int = 1) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _sheet(rng: Random, parts: Parts) -> str:
    return rng.choice([name for name in parts if name.startswith("xl/worksheets/sheet")] or list(parts))


def _xml(text: str) -> bytes:
    return escape(text.replace("\0", "").replace("\ufffe", ""), {'"': "&quot;"}).encode("utf-8", "replace")


def _replaced(rng: Random, data: bytes, pattern: bytes, new: Callable[[re.Match[bytes]], bytes]) -> bytes:
    """One place that fits the pattern replaced."""
    found = list(re.finditer(pattern, data))
    if not found:
        return data
    match = rng.choice(found)
    return data[: match.start()] + new(match) + data[match.end() :]


def cell_value(rng: Random, parts: Parts) -> None:
    name = _sheet(rng, parts)
    parts[name] = _replaced(rng, parts[name], rb"<v>[^<]*</v>", lambda _m: b"<v>" + _xml(hostile.number(rng)) + b"</v>")


def cell_kind(rng: Random, parts: Parts) -> None:
    kind = rng.choice((b't="s"', b't="str"', b't="b"', b't="e"', b't="d"', b't="inlineStr"', b't="n"', b't="zzz"', b""))
    name = _sheet(rng, parts)
    parts[name] = _replaced(rng, parts[name], rb' t="[^"]*"', lambda _m: b" " + kind)


def cell_formula(rng: Random, parts: Parts) -> None:
    name, formula = (
        _sheet(rng, parts),
        rng.choice((b"1+1", b"cmd|' /C calc'!A0", b"[1]Sheet1!A1", b"SUM(A:XFD)", b"WEBSERVICE(&quot;http://e.x&quot;)")),
    )
    shape = rng.choice(
        (
            b"<f>%b</f>",
            b'<f t="shared" ref="A1:XFD1048576" si="0">%b</f>',
            b'<f t="array" ref="A1:XFD9">%b</f>',
            b'<f t="dataTable" ref="A1" r1="B1"/>',
        )
    )
    written = shape % formula if b"%b" in shape else shape
    parts[name] = _replaced(rng, parts[name], rb"<v>[^<]*</v>", lambda m: written + rng.choice((m.group(), b"")))


def cell_text(rng: Random, parts: Parts) -> None:
    name = rng.choice([n for n in parts if n in ("xl/sharedStrings.xml", "docProps/core.xml", "xl/workbook.xml")] or list(parts))
    pattern = rb"(?<=>)[^<>]+(?=<)" if not name.endswith("workbook.xml") else rb'(?<=")[^"<>]+(?=")'
    parts[name] = _replaced(rng, parts[name], pattern, lambda _m: _xml(hostile.text(rng)))


def place(rng: Random, parts: Parts) -> None:
    where = rng.choice((b"XFD1048576", b"A1048576", b"A9999999", b"ZZZ1", b"A0", b"A-1", b"1A", b"", b"A1:B2", b"AAAA1"))
    name = _sheet(rng, parts)
    pattern = rng.choice((rb'<c r="[^"]*"', rb'<row r="[^"]*"'))
    number = rng.choice((b"1048576", b"999999999", b"0", b"-5", b"x", b"1e9"))
    parts[name] = _replaced(
        rng, parts[name], pattern, lambda m: m.group()[: m.group().index(b'"')] + b'"' + (number if b"<row" in m.group() else where) + b'"'
    )


def area(rng: Random, parts: Parts) -> None:
    name = _sheet(rng, parts)
    ref = rng.choice((b"A1:XFD1048576", b"A1:A1048576", b"A:A", b"1:1", b"A1:B2", b"B2:A1", b"", b"A1:ZZZ9999999"))
    what = rng.choice(
        (
            b'<mergeCells count="1"><mergeCell ref="%b"/></mergeCells>',
            b'<hyperlinks><hyperlink ref="%b" location="x"/></hyperlinks>',
            b'<dataValidations count="1"><dataValidation type="list" sqref="%b"><formula1>1</formula1></dataValidation></dataValidations>',
            b'<conditionalFormatting sqref="%b"><cfRule type="expression" priority="1"><formula>1</formula></cfRule></conditionalFormatting>',
            b'<autoFilter ref="%b"/>',
            b'<protectedRanges><protectedRange sqref="%b" name="a"/></protectedRanges>',
            b'<ignoredErrors><ignoredError sqref="%b"/></ignoredErrors>',
        )
    )
    parts[name] = parts[name].replace(b"</sheetData>", b"</sheetData>" + what % ref, 1)
    parts[name] = re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="' + ref + b'"', parts[name], count=1)


def columns(rng: Random, parts: Parts) -> None:
    name = _sheet(rng, parts)
    new = rng.choice((b'min="1" max="16384"', b'min="1" max="999999999"', b'min="0" max="0"', b'min="5" max="1"', b'min="x" max="2"'))
    parts[name] = _replaced(rng, parts[name], rb'min="[^"]*" max="[^"]*"', lambda _m: new + rng.choice((b"", b' hidden="1"', b' outlineLevel="7"')))


def defined_name(rng: Random, parts: Parts) -> None:
    to = rng.choice(
        (
            b"'Read me'!$A:$A",
            b"'Read me'!$1:$1",
            b"'Read me'!$XFD$1048576",
            b"#REF!",
            b"=1+1",
            b"[1]x!$A$1",
            b"",
            b"'Read me'!$A$1:$XFD$1048576",
            b"A1",
            b"'x'!",
        )
    )
    parts["xl/workbook.xml"] = _replaced(
        rng, parts.get("xl/workbook.xml", b""), rb"(<definedName [^>]*>)[^<]*", lambda m: m.group(1) + to.replace(b"'", b"&apos;")
    )


def part(rng: Random, parts: Parts) -> None:
    """A part lost, emptied, renamed, exchanged with another, or damaged."""
    name = rng.choice(list(parts))
    match rng.randrange(6):
        case 0:
            del parts[name]
        case 1:
            parts[name] = b""
        case 2:
            parts[rng.choice(("../../x", "/abs", "C:\\x", "xl\\workbook.xml", "con", "a" * 300, "x\ny", "xl/./workbook.xml", "a" + chr(0x202E)))] = (
                parts.pop(name)
            )
        case 3:
            parts[name] = parts[rng.choice(list(parts))]
        case _:
            parts[name], _ = text_mutations.mutated(rng, parts[name])


def xml_bomb(rng: Random, parts: Parts) -> None:
    name = rng.choice([n for n in parts if n.endswith((".xml", ".rels"))])
    laughs = b"".join(b'<!ENTITY a%d "%b">' % (n, b"&a%d;" % (n - 1) * 9) for n in range(1, 9))
    head = rng.choice(
        (
            b'<!DOCTYPE x [<!ENTITY a0 "ha">' + laughs + b"]>",
            b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
            b'<!DOCTYPE x SYSTEM "http://e.x/y.dtd">',
            b'<?xml-stylesheet href="http://e.x"?>',
            b"<a>" * 50_000,
            b"<!--" + b"-" * 5,
            b"<x " + b" ".join(b'a%d="1"' % n for n in range(5_000)) + b"/>",
        )
    )
    start = parts[name].find(b"?>") + 2 if b"?>" in parts[name][:200] else 0
    parts[name] = parts[name][:start] + head + parts[name][start:]


def many(rng: Random, parts: Parts) -> None:
    name = _sheet(rng, parts)
    more = rng.choice(
        (
            b"<row>" + b"<c/>" * 60_000 + b"</row>",
            b"<row/>" * 8_000,
            b"<c><v>1</v></c>" * 3_000,
            b'<row r="9"><c r="A9" t="inlineStr"><is><t>' + b"x" * 2_000_000 + b"</t></is></c></row>",
        )
    )
    parts[name] = parts[name].replace(b"</sheetData>", more + b"</sheetData>", 1)


def external(rng: Random, parts: Parts) -> None:
    name = rng.choice([n for n in parts if n.endswith(".rels")])
    link = (
        b'<Relationship Id="rIdX" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%b" Target="%b" TargetMode="External"/>'
    )
    kind = rng.choice((b"externalLink", b"image", b"hyperlink", b"oleObject", b"worksheet", b"styles", b"sharedStrings"))
    parts[name] = parts[name].replace(
        b"</Relationships>", link % (kind, rng.choice((b"file:///etc/passwd", b"http://e.x/", b"../../../x", b"//h/s"))) + b"</Relationships>"
    )
    parts[name] = _replaced(rng, parts[name], rb'Target="[^"]*"', lambda m: m.group() if rng.random() < 0.5 else b'Target="../../etc/passwd"')


def zip_bomb(rng: Random, parts: Parts) -> None:
    name = rng.choice(("xl/media/image1.bin", "xl/worksheets/sheet2.xml", "xl/sharedStrings.xml", "x.zip"))
    size = rng.choice((7_900_000, 8_000_001, 40_000_000))
    inner = rng.choice((b"\0", b" ", b"<a/>")) * (size // 4)
    parts[name] = packed({"a": inner}) if name == "x.zip" else inner
    if rng.random() < 0.3:
        parts.update({f"xl/media/i{n}.bin": b"\0" * 7_000_000 for n in range(6)})


INSIDE: Final[tuple[Callable[[Random, Parts], None], ...]] = (
    cell_value,
    cell_value,
    cell_value,
    cell_value,
    cell_kind,
    cell_formula,
    cell_text,
    cell_text,
    place,
    area,
    columns,
    defined_name,
    part,
    part,
    xml_bomb,
    many,
    external,
    zip_bomb,
)


def archive(rng: Random, data: bytes) -> bytes:
    """The archive itself: sizes that lie, flags of encryption, parts twice, other formats."""
    at = data.rfind(b"PK\x01\x02")
    match rng.randrange(8):
        case 0:
            return data[: at + 24] + struct.pack("<I", rng.choice((0, 1, 2**31, 2**32 - 1))) + data[at + 28 :]
        case 1:
            return data[: at + 8] + b"\x01\0" + data[at + 10 :]
        case 2:
            out = io.BytesIO(data)
            with zipfile.ZipFile(out, "a") as file:
                file.writestr("xl/workbook2.xml", b"x")
                file.filelist.append(file.filelist[0])
            return out.getvalue()
        case 3:
            return rng.choice(
                (bytes.fromhex("d0cf11e0a1b11ae1") + rng.randbytes(2_000), b"%PDF-1.7", b"", b"PK", b"PK\x05\x06" + b"\0" * 18, b"GIF89a", b"<html>")
            )
        case 4:
            return b"x" * rng.choice((1, 1000)) + data
        case 5:
            return data + rng.randbytes(rng.choice((1, 70_000)))
        case 6:
            return data[: at + 10] + struct.pack("<H", rng.choice((1, 9, 12, 14, 99))) + data[at + 12 :]
        case _:
            return packed({f"x/{n}": b"" for n in range(2_000)}) + data


def mutated(rng: Random, data: bytes) -> tuple[bytes, str]:
    """The workbook changed inside, as an archive, or as bytes."""
    kind = rng.random()
    if kind < 0.8:
        parts, done = unpacked(data), []
        for _ in range(rng.choice((1, 1, 1, 2, 4))):
            change = rng.choice(INSIDE)
            change(rng, parts)
            done.append(change.__name__)
        return packed(parts), "+".join(done)
    if kind < 0.92:
        return archive(rng, data), "archive"
    return text_mutations.mutated(rng, data)
