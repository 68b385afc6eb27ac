"""Files that name their maker do not any more, and still show what they showed."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import Any

import pypdfium2 as pdfium
import pytest
from docx import Document
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment

from consult.drafts.parsing.model import UnreadableDocument
from consult.submissions.attachments.metadata import Kind, strip

MAKER = "Quach Thi Canaria"
PATH = "C:\\Users\\canaria\\Desktop"


def holds(data: bytes) -> bool:
    """Return whether the maker's name is in the bytes, packed or not."""
    parts = [data]
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts += [archive.comment, *(archive.read(name) for name in archive.namelist())]
            parts += [item.comment + item.extra for item in archive.infolist()]
    if data.startswith(b"%PDF"):
        for piece in data.split(b"stream")[1:]:
            try:
                parts.append(zlib.decompressobj().decompress(piece.lstrip(b"\r\n")))
            except zlib.error:
                continue
    name = MAKER.lower()
    forms = (name.encode(), name.encode("utf-16-be"), name.encode("utf-16-le"), b"users\\canaria")
    hexed = name.encode("utf-16-be").hex().encode()
    return any(form in part.lower() for part in parts for form in (*forms, hexed))


# --- pictures ------------------------------------------------------------------------------------


def segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(body) + 2).to_bytes(2, "big") + body


def exif(orientation: int) -> bytes:
    entries = struct.pack("<HHIHH", 0x0112, 3, 1, orientation, 0)
    entries += struct.pack("<HHII", 0x013B, 2, len(MAKER) + 1, 38)
    tiff = b"II*\x00\x08\x00\x00\x00\x02\x00" + entries + bytes(4) + MAKER.encode() + b"\x00"
    return segment(0xE1, b"Exif\x00\x00" + tiff)


def photo(orientation: int = 6) -> bytes:
    """Return a JPEG picture of one grey point, with all that cameras and programs add."""
    body = segment(0xDB, b"\x00" + b"\x01" * 64)
    body += segment(0xC0, bytes.fromhex("080001000101011100"))
    for table in (b"\x00", b"\x10"):
        body += segment(0xC4, table + b"\x01" + bytes(15) + b"\x00")
    body += segment(0xDA, bytes.fromhex("010100003f00")) + b"\x3f\xff\x00\x55"
    jfif = segment(0xE0, b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00")
    xmp = segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00<x>" + MAKER.encode() + b"</x>")
    comment = segment(0xFE, MAKER.encode())
    photoshop = segment(0xED, b"Photoshop 3.0\x00" + MAKER.encode())
    head = b"\xff\xd8" + jfif + exif(orientation) + xmp + comment + photoshop
    return head + body + b"\xff\xd9" + MAKER.encode()


def drawing() -> bytes:
    """Return a true PNG picture of one point, with words about its maker."""

    def chunk(name: bytes, body: bytes) -> bytes:
        crc = zlib.crc32(name + body).to_bytes(4, "big")
        return len(body).to_bytes(4, "big") + name + body + crc

    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
        + chunk(b"tEXt", b"Author\x00" + MAKER.encode())
        + chunk(b"iTXt", b"XML:com.adobe.xmp\x00\x00\x00\x00\x00" + MAKER.encode())
        + chunk(b"eXIf", MAKER.encode())
        + chunk(b"tIME", struct.pack(">HBBBBB", 2026, 1, 1, 1, 1, 1))
        + chunk(b"pHYs", struct.pack(">IIB", 2835, 2835, 1))
        + chunk(b"IDAT", zlib.compress(b"\x00\xff\x00\x00"))
        + chunk(b"IEND", b"")
        + MAKER.encode()
    )


def test_a_photo_loses_everything_but_how_it_is_turned() -> None:
    before, clean = photo(), strip(photo(), "jpg")
    assert holds(before)
    assert not holds(clean)
    assert clean[-2:] == b"\xff\xd9"
    body = before[before.index(b"\xff\xdb") : before.index(b"\xff\xd9") + 2]
    assert clean.endswith(body)
    assert clean.count(b"Exif") == 1
    assert struct.pack(">HHIHH", 0x0112, 3, 1, 6, 0) in clean
    assert b"Exif" not in strip(photo(1), "jpg")
    assert strip(clean, "jpg") == clean


def test_a_drawing_keeps_its_points() -> None:
    clean = strip(drawing(), "png")
    assert not holds(clean)
    names = [clean[i : i + 4] for i in range(len(clean)) if clean[i : i + 4].isalpha()]
    assert {b"IHDR", b"IDAT", b"IEND", b"pHYs"} <= set(names)
    assert not {b"tEXt", b"iTXt", b"eXIf", b"tIME"} & set(names)
    assert zlib.decompress(clean[clean.index(b"IDAT") + 4 : -16]) == b"\x00\xff\x00\x00"


# --- office files --------------------------------------------------------------------------------


def letter() -> bytes:
    """Return a Word file with properties, a comment, a tracked change, marks and pictures."""
    document = Document()
    document.core_properties.author = document.core_properties.last_modified_by = MAKER
    document.core_properties.comments = MAKER
    paragraph = document.add_paragraph("Tôi đề nghị nâng mức hỗ trợ.")
    document.add_comment(paragraph.runs, text="Ghi chú", author=MAKER, initials="QTC")
    document.add_picture(io.BytesIO(drawing()))
    buffer = io.BytesIO()
    document.save(buffer)
    return edited(
        buffer.getvalue(),
        "word/document.xml",
        lambda text: text.replace(
            "<w:sectPr",
            f'<w:p w:rsidR="00AB12CD"><w:ins w:id="9" w:author="{MAKER}"'
            ' w:date="2026-01-01T00:00:00Z"><w:r><w:t>chèn thêm</w:t></w:r></w:ins></w:p><w:sectPr',
            1,
        ),
    )


def edited(data: bytes, part: str, change: Any) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w") as out:
        out.comment = MAKER.encode()
        for name in source.namelist():
            content = source.read(name)
            if name == part:
                content = change(content.decode()).encode()
            out.writestr(name, content)
    return target.getvalue()


def test_a_letter_names_nobody_and_reads_the_same() -> None:
    before, clean = letter(), strip(letter(), "docx")
    assert holds(before)
    assert not holds(clean)
    again = Document(io.BytesIO(clean))
    assert again.paragraphs[0].text == "Tôi đề nghị nâng mức hỗ trợ."
    assert [comment.text for comment in again.comments] == ["Ghi chú"]
    assert [comment.author for comment in again.comments] == ["-"]
    assert len(again.inline_shapes) == 1
    assert again.core_properties.author in ("", "python-docx")  # made anew where there is none
    with zipfile.ZipFile(io.BytesIO(clean)) as archive:
        names = archive.namelist()
        assert not [name for name in names if name.startswith("docProps/")]
        document = archive.read("word/document.xml").decode()
        assert "chèn thêm" in document
        assert "w:date" not in document
        assert "rsid" not in document
        assert b"docProps" not in archive.read("[Content_Types].xml")
        assert b"docProps" not in archive.read("_rels/.rels")
        assert {item.date_time for item in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_table_names_nobody_and_keeps_its_cells() -> None:
    book = Workbook()
    book.properties.creator = book.properties.lastModifiedBy = MAKER
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["B1"] = "Mức hỗ trợ", 40924
    sheet["A1"].comment = Comment("Ghi chú", MAKER)
    buffer = io.BytesIO()
    book.save(buffer)
    before = edited(
        buffer.getvalue(),
        "xl/workbook.xml",
        lambda text: text.replace(
            "<workbookPr", f'<fileSharing userName="{MAKER}"/><workbookPr', 1
        ).replace(
            "<bookViews>",
            '<x:absPath xmlns:x="http://schemas.microsoft.com/office/spreadsheetml/2010/11/ac"'
            f' url="{PATH}"/><bookViews>',
            1,
        ),
    )
    assert holds(before)
    clean = strip(before, "xlsx")
    assert not holds(clean)
    again = load_workbook(io.BytesIO(clean)).active
    assert again is not None
    assert (again["A1"].value, again["B1"].value) == ("Mức hỗ trợ", 40924)
    assert again["A1"].comment is not None
    assert again["A1"].comment.text == "Ghi chú"


def test_slides_name_nobody() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as out:
        out.writestr(
            "[Content_Types].xml",
            '<Types xmlns="ct"><Override PartName="/docProps/app.xml"/></Types>',
        )
        out.writestr("docProps/app.xml", f"<Properties><Manager>{MAKER}</Manager></Properties>")
        out.writestr(
            "ppt/commentAuthors.xml",
            f'<p:l xmlns:p="p"><p:cmAuthor id="0" name="{MAKER}" initials="QTC"/></p:l>',
        )
        out.writestr("ppt/slides/slide1.xml", '<p:sld xmlns:p="p" name="Trang 1">Lời</p:sld>')
    clean = strip(target.getvalue(), "pptx")
    assert not holds(clean)
    with zipfile.ZipFile(io.BytesIO(clean)) as archive:
        assert 'name="Trang 1"' in archive.read("ppt/slides/slide1.xml").decode()
        assert b"QTC" not in archive.read("ppt/commentAuthors.xml")


# --- PDF -----------------------------------------------------------------------------------------


def pdf() -> bytes:
    """Return a PDF of one page with Info, XMP (of document and page), a note, an attachment."""
    xmp = f"<?xpacket?><x>{MAKER}</x>".encode()
    content = b"BT /F1 24 Tf 20 100 Td (Xin chao) Tj ET"
    image = photo()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R/Metadata 6 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Metadata 6 0 R"
        b"/Resources<</Font<</F1 5 0 R>>/XObject<</I 9 0 R>>>>/Annots[7 0 R]>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Type/Metadata/Subtype/XML/Length %d>>stream\n%s\nendstream" % (len(xmp), xmp),
        b"<</Type/Annot/Subtype/Text/Rect[10 10 30 30]/Contents(Ghi chu)/T(%s)>>" % MAKER.encode(),
        b"<</Author(%s)/Creator(%s)>>" % (MAKER.encode(), MAKER.encode()),
        b"<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray"
        b"/BitsPerComponent 8/Filter/DCTDecode/Length %d>>stream\n%s\nendstream"
        % (len(image), image),
    ]
    out, places = io.BytesIO(b""), list[int]()
    out.write(b"%PDF-1.7\n")
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    for place in places:
        out.write(b"%010d 00000 n \n" % place)
    out.write(b"trailer<</Size %d/Root 1 0 R/Info 8 0 R>>\n" % (len(objects) + 1))
    out.write(b"startxref\n%d\n%%%%EOF" % start)
    return out.getvalue()


def test_a_pdf_names_nobody_and_shows_its_page() -> None:
    before = pdf()
    assert holds(before)
    clean = strip(before, "pdf")
    assert not holds(clean)
    again = pdfium.PdfDocument(clean)
    assert len(again) == 1
    assert "Xin chao" in again[0].get_textpage().get_text_range()
    assert again.get_metadata_dict(skip_empty=True).keys() <= {
        "Producer",
        "Creator",
        "CreationDate",
    }


# --- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["jpg", "png", "docx", "xlsx", "pptx", "pdf"])
@pytest.mark.parametrize("data", [b"", b"nonsense", b"PK\x03\x04broken", b"\xff\xd8\xff\xe1"])
def test_what_is_not_of_its_kind_is_refused(kind: Kind, data: bytes) -> None:
    with pytest.raises(UnreadableDocument) as refused:
        strip(data, kind)
    assert refused.value.reason == "broken"


def test_a_bomb_is_refused() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for number in range(4):
            out.writestr(f"word/{number}.xml", bytes(100_000_000))
    with pytest.raises(UnreadableDocument) as refused:
        strip(target.getvalue(), "docx")
    assert refused.value.reason == "bomb"


def test_an_entity_is_not_opened() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as out:
        out.writestr(
            "word/document.xml",
            '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
        )
    with zipfile.ZipFile(io.BytesIO(strip(target.getvalue(), "docx"))) as archive:
        assert b"root:" not in archive.read("word/document.xml")
