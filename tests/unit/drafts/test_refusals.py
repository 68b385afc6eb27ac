"""Files that cannot be read: each gets its own reason, and each reason its sentences."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from consult.drafts.parsing import (
    REASONS,
    WARNINGS,
    Limits,
    UnreadableDocument,
    parse_file,
    parse_text,
)
from tests.unit.drafts.files import DATA, NS, docx, paragraph

TINY_PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n"
    b"xref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000052 00000 n \n"
    b"0000000101 00000 n \ntrailer<</Size 4/Root 1 0 R>>\nstartxref\n164\n%%EOF\n"
)
LOCKED_PDF = TINY_PDF.replace(
    b"trailer<<",
    b"4 0 obj<</Filter/Standard/V 1/R 2/P -4/O<"
    + b"41" * 32
    + b">/U<"
    + b"42" * 32
    + b">>>endobj\n"
    b"trailer<</Encrypt 4 0 R/ID[<00><00>]",
)


def mapped(letter: str) -> bytes:
    """A PDF of three hundred letters which its font calls ``letter`` (hexadecimal)."""
    codes = f"1 begincodespacerange<00><ff>endcodespacerange 1 beginbfchar<41><{letter}>endbfchar"
    lines = f"0 -20 Td ({'A' * 60}) Tj " * 5
    streams = [f"BT/F 9 Tf 20 700 Td {lines}ET", f"begincmap {codes} endcmap"]
    page = "/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>"
    font = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 6 0 R>>"
    bodies = {4: streams[0], 6: streams[1]}
    parts = [
        f"{number} 0 obj<</Length {len(body)}>>stream\n{body}\nendstream endobj\n"
        for number, body in bodies.items()
    ]
    added = f"{''.join(parts)}5 0 obj{font}endobj\nxref"
    return TINY_PDF.replace(b"/MediaBox", f"{page}/MediaBox".encode()).replace(
        b"xref", added.encode(), 1
    )


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)
GOOD = docx(["Điều 1. Một", "Nội dung."])


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def word(document: bytes) -> bytes:
    return zipped(**{"[Content_Types].xml": b"<Types/>", "word/document.xml": document})


def reason(tmp_path: Path, filename: str, data: bytes, limits: Limits | None = None) -> str:
    path = tmp_path / "upload"
    path.write_bytes(data)
    with pytest.raises(UnreadableDocument) as refusal:
        parse_file(path, filename=filename, limits=limits or Limits())
    assert REASONS[refusal.value.reason] % refusal.value.params
    return refusal.value.reason


LEGACY = (DATA / "danh-sach-tu-dong.doc").read_bytes()
ODF = {
    "mimetype": b"application/vnd.oasis.opendocument.text",
    "content.xml": b"<x/>",
    "META-INF/manifest.xml": b"<x/>",
}
ODT = zipped(**ODF)


def patched(sign: bytes, offset: int, bits: int) -> bytes:
    """The Word 97 file with bits set, or 0 written, at an offset from where ``sign`` stands."""
    data = bytearray(LEGACY)
    at = LEGACY.index(sign) + offset
    data[at] = data[at] | bits if bits else 0
    return bytes(data)


def renamed(old: str, new: str) -> bytes:
    """The Word 97 file with a stream called otherwise."""
    at = LEGACY.index(old.encode("utf-16-le"))
    entry = new.encode("utf-16-le")
    length = (len(entry) + 2).to_bytes(2, "little")
    return LEGACY[:at] + entry.ljust(64, b"\0") + length + LEGACY[at + 66 :]


BOMB = zipped(
    **{"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<a>" + b" " * 30_000_000}
)
ENTITIES = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><x>&b;&b;&b;</x>'
)
DEEP = f"<w:document {NS}><w:body>{'<w:sdt>' * 200}{'</w:sdt>' * 200}</w:body></w:document>"


@pytest.mark.parametrize(
    ("filename", "data", "expected"),
    [
        ("a.docx", b"", "empty"),
        ("a.txt", b" \n\t\r\n", "empty"),
        ("a.txt", b"\xef\xbb\xbf \n", "empty"),
        ("a.docx", docx([""]), "empty"),
        ("a.wps", b"text", "unsupported_type"),
        ("a", b"text", "unsupported_type"),
        ("a.odt", ODT, "needs_office"),
        ("a.rtf", b"{\\rtf1}", "needs_office"),
        ("a.doc", OLE, "broken"),
        ("a.doc", b"\x7fELF" + bytes(100), "mislabelled"),
        ("a.pdf", TINY_PDF, "scan_without_text"),
        ("a.pdf", LOCKED_PDF, "encrypted"),
        ("a.odt", zipped(**{**ODF, "Basic/Standard/a.xml": b"<x/>"}), "macros"),
        ("a.odt", zipped(**{**ODF, "META-INF/manifest.xml": b"encryption-data"}), "encrypted"),
        ("a.odt", ODT[: len(ODT) // 2], "broken"),
        ("a.doc", LEGACY[: len(LEGACY) // 2], "broken"),
        ("a.doc", patched(b"\xec\xa5", 11, 0x01), "encrypted"),
        ("a.doc", patched(b"\xec\xa5", 3, 0), "old_word"),
        ("a.doc", renamed("1Table", "VBA"), "macros"),
        ("a.doc", renamed("WordDocument", "EncryptedPackage"), "encrypted"),
        ("a.docx", OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        ("a.docm", GOOD, "macros"),
        ("a.docx", zipped(**{"word/document.xml": b"<x/>", "word/vbaProject.bin": b"x"}), "macros"),
        ("a.docx", GOOD[: len(GOOD) // 2], "broken"),
        ("a.docx", word(b"<w:document"), "broken"),
        ("a.docx", word(b"<x/>"), "broken"),
        ("a.docx", zipped(**{"[Content_Types].xml": b"<Types/>"}), "broken"),
        ("a.pdf", b"%PDF-1.7\nnothing", "broken"),
        ("a.txt", "Điều".encode("utf-16-be")[1:] + b"\xff\xfe", "mislabelled"),
        ("a.txt", b"abc\x00\x01\x02def", "mislabelled"),
        ("a.txt", "Điều 1".encode("cp1258", "ignore") + b"\xd0\xe9", "bad_encoding"),
        ("a.docx", BOMB, "bomb"),
        ("a.docx", word(ENTITIES), "entities"),
        ("a.docx", word(DEEP.encode()), "bomb"),
        ("a.docx", docx("<w:altChunk/>"), "embedded_text"),
        ("a.docx", docx(f"{paragraph('Điều 1. Một')}<w:altChunk/>"), "embedded_text"),
        ("a.pdf", mapped("04e8"), "garbled_text"),
    ],
)
def test_each_fault_has_its_reason(
    tmp_path: Path, filename: str, data: bytes, expected: str
) -> None:
    assert reason(tmp_path, filename, data) == expected


@pytest.mark.parametrize(
    ("filename", "data", "actual"),
    [
        ("a.docx", b"%PDF-1.4 text", "PDF"),
        ("a.docx", LEGACY, "Word 97–2003 (.doc)"),
        ("a.docx", b"plain text", "TXT"),
        ("a.docx", zipped(**{"xl/workbook.xml": b"<x/>"}), "Excel (.xlsx)"),
        ("a.docx", zipped(**{"anh/1.jpg": b"x"}), "ZIP"),
        ("a.pdf", GOOD, "Word (.docx)"),
        ("a.txt", GOOD, "Word (.docx)"),
        ("a.txt", b"%PDF-1.4", "PDF"),
        ("a.txt", b"{\\rtf1\\ansi Nghi dinh}", "RTF (.rtf)"),
        ("a.odt", GOOD, "Word (.docx)"),
        ("a.doc", GOOD, "Word (.docx)"),
        ("a.doc", ODT, "OpenDocument (.odt)"),
        ("a.doc", b"\xef\xbb\xbf\r\n<!DOCTYPE html><html><body>x</body></html>", "HTML (.html)"),
        ("a.doc", b"<html xmlns:w='urn:x'>x</html>", "HTML (.html)"),
        ("a.doc", b"MIME-Version: 1.0\nContent-Type: multipart/related", "MHTML (.mht)"),
        ("a.doc", b"<?xml version='1.0'?><?mso-application progid=\"Word.Document\"?>", "Word XML"),
        ("a.doc", b"{\\rtf1\\ansi Nghi dinh}", "RTF (.rtf)"),
        ("a.doc", renamed("WordDocument", "Workbook"), "Excel (.xls)"),
        ("a.doc", "Nghị định".encode(), "TXT"),
        ("a.pdf", b"\x89PNG\r\n", "PNG"),
    ],
)
def test_a_wrong_name_is_told_with_the_right_type(
    tmp_path: Path, filename: str, data: bytes, actual: str
) -> None:
    path = tmp_path / "upload"
    path.write_bytes(data)
    with pytest.raises(UnreadableDocument) as refusal:
        parse_file(path, filename=filename)
    readable = actual.startswith(("PDF", "Word (", "Word 97"))
    assert refusal.value.reason == ("misnamed" if readable else "mislabelled_as")
    assert str(refusal.value.params["actual"]).startswith(actual)
    assert filename in REASONS[refusal.value.reason] % refusal.value.params
    assert not readable or refusal.value.params["extension"] in {".docx", ".doc", ".pdf"}


def test_a_pdf_that_names_its_letters_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(mapped("01b0"))
    assert parse_file(path, filename="a.pdf").text.split() == ["ư" * 60] * 5


def test_limits_of_size_pages_and_text(tmp_path: Path) -> None:
    assert reason(tmp_path, "a.txt", b"a" * 101, Limits(max_bytes=100)) == "too_large"
    pdf = (DATA / "ND-293-2025-luong-toi-thieu.pdf").read_bytes()
    assert reason(tmp_path, "a.pdf", pdf, Limits(max_pages=3)) == "too_many_pages"
    assert reason(tmp_path, "a.pdf", pdf, Limits(max_text=3000)) == "too_much_text"
    assert reason(tmp_path, "a.txt", b"a " * 200, Limits(max_text=300)) == "too_much_text"
    members = zipped(**{f"word/{n}.xml": b"x" for n in range(50)})
    assert reason(tmp_path, "a.docx", members, Limits(max_members=40)) == "bomb"


def test_truncated_pdf_is_broken_or_read(tmp_path: Path) -> None:
    data = (DATA / "ND-293-2025-luong-toi-thieu.pdf").read_bytes()
    path = tmp_path / "cut.pdf"
    path.write_bytes(data[: len(data) // 3])
    with pytest.raises(UnreadableDocument) as refusal:
        parse_file(path, filename="cut.pdf")
    assert refusal.value.reason in {"broken", "scan_without_text", "empty"}


def test_a_paragraph_too_deep_is_refused_not_a_crash(tmp_path: Path) -> None:
    body = "<w:p>" + "<w:smartTag>" * 150 + "<w:r/>" + "</w:smartTag>" * 150 + "</w:p>"
    assert reason(tmp_path, "a.docx", docx(body + paragraph("x"))) == "bomb"


def test_utf_16_text_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("Điều 1. Một\nNội dung.\nĐiều 2. Hai\nHết.\n".encode("utf-16"))
    assert [p.key for p in parse_file(path, filename="A.TXT").provisions] == ["d1", "d2"]


def test_pasted_nothing_is_empty() -> None:
    with pytest.raises(UnreadableDocument, match="empty"):
        parse_text(" \n\f\n ")


@pytest.mark.parametrize("message", sorted({*REASONS.values(), *WARNINGS.values()}))
def test_every_sentence_is_translated(message: str) -> None:
    po = Path(__file__).resolve().parents[3] / "consult" / "translations" / "vi" / "parsing.po"
    with po.open("rb") as file:
        found = read_po(file, locale="vi").get(message)
    assert found is not None
    assert re.findall(r"%\(\w+\)s", str(found.string)) == re.findall(r"%\(\w+\)s", message)
