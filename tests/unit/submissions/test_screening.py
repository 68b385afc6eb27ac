"""Files that may be attached, and hostile ones, each refused for its own reason."""

from __future__ import annotations

import io
import socket
import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from consult.submissions.attachments.clamd import NoAnswer, scan
from consult.submissions.attachments.labels import REASONS
from consult.submissions.attachments.screening import Refused, Screened, clean_name, screen
from tests.support import attachable
from tests.support.attachable import (
    EICAR,
    MAKER,
    docx,
    holds,
    jpg,
    pdf,
    png,
    relation,
    xlsx,
    zipped,
)

MOST = 10 << 20


def screened(data: bytes, name: str) -> Screened:
    return screen(data, name, most=MOST)


def refusal(data: bytes, name: str) -> str:
    with pytest.raises(Refused) as caught:
        screened(data, name)
    assert caught.value.reason in REASONS
    assert REASONS[caught.value.reason] % caught.value.params
    return caught.value.reason


GOOD = {"a.png": png(), "a.jpg": jpg(), "a.jpeg": jpg(), "a.pdf": pdf(), "a.docx": docx(),
        "a.xlsx": xlsx()}  # fmt: skip


@pytest.mark.parametrize("name", GOOD)
def test_a_harmless_file_is_taken_without_its_makers_name(name: str) -> None:
    assert holds(GOOD[name]), "the file must name its maker to begin with"
    kept = screened(GOOD[name], name)
    assert kept.kind.value == name.rpartition(".")[2].replace("jpeg", "jpg")
    assert not holds(kept.data)
    again = screened(kept.data, name)
    assert not holds(again.data)


def test_a_true_workbook_is_taken() -> None:
    book, out = Workbook(), io.BytesIO()
    book.active.append(["Điều 5", 12])
    book.properties.creator = MAKER
    book.save(out)
    assert not holds(screened(out.getvalue(), "so-lieu.xlsx").data)


def test_a_file_without_ending_gets_one() -> None:
    assert screened(png(), "anh chup").name == "anh chup.png"


# "/JS" inside an object stream, as a program that packs objects writes it.
_PACKED = zlib.compress(b"7 0 <</S/JavaScript/JS(app.alert(1))>>")
OBJECT_STREAM = (
    b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n%s\nendstream"
    % (len(_PACKED), _PACKED)
)
SHEET_LINK = "<externalLink><ddeLink ddeService='cmd' ddeTopic='/c calc'/></externalLink>"
FIELD = "<w:p xmlns:w='x'><w:instrText>DDE</w:instrText><w:instrText>AUTO c:\\a</w:instrText></w:p>"
LAUGHS = "<!DOCTYPE a [<!ENTITY a 'ha'>]><a>&a;</a>"
RELS = "word/_rels/document.xml.rels"

HOSTILE: list[tuple[str, str, bytes]] = [
    ("empty", "a.pdf", b""),
    ("too_large", "a.png", png() + bytes(MOST)),
    ("not_allowed", "a.exe", b"MZ" + bytes(200)),
    ("not_allowed", "a.txt", b"plain words"),
    ("not_allowed", "a.pdf", b"<html><script>alert(1)</script></html>"),
    ("not_allowed", "a.zip", zipped({"a.txt": "a"})),
    ("not_allowed", "a.docx", zipped({"a.txt": "a"})),
    ("mislabelled", "a.docx", pdf()),
    ("mislabelled", "a.pdf", png()),
    ("mislabelled", "a.png", jpg()),
    ("mislabelled", "a.xlsx", docx()),
    ("mislabelled", "a.exe", png()),
    ("virus", "a.txt", EICAR),
    ("virus", "a.docx", docx(more={"word/media/a.txt": EICAR})),
    ("broken", "a.pdf", pdf()[:60]),
    ("broken", "a.docx", docx()[:300]),
    ("broken", "a.png", png()[:40]),
    ("broken", "a.jpg", jpg()[:-2]),
    ("encrypted", "a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
     + "EncryptedPackage".encode("utf-16-le") + bytes(600)),
    ("encrypted", "a.pdf", pdf(b"<</Filter/Standard/V 1/R 2/O(%s)/U(%s)/P -4>>" % (b"a", b"b"))
     .replace(b"/Info 4 0 R", b"/Info 4 0 R/Encrypt 5 0 R/ID[<00><00>]")),
    ("macros", "a.docm", docx()),
    ("macros", "a.docx", docx(more={"word/vbaProject.bin": b"x"})),
    ("macros", "a.xlsx", xlsx({"xl/macrosheets/sheet1.xml": "<a/>"})),
    ("macros", "a.docx", docx(more={"[Content_Types].xml": "<T t='macroEnabled.main+xml'/>"})),
    ("embedded", "a.docx", docx(more={"word/embeddings/oleObject1.bin": b"x"})),
    ("embedded", "a.docx", docx(more={"word/media/image1.png": b"MZ" + bytes(99)})),
    ("embedded", "a.xlsx", xlsx({"xl/activeX/activeX1.xml": "<a/>"})),
    ("embedded", "a.docx", docx(more={RELS: relation("aFChunk", "a.mht", outside=False)})),
    ("macros", "a.docx", docx(more={"word/embeddings/a.xlsx": xlsx({"xl/vbaProject.bin": b"x"})})),
    ("external", "a.docx", docx(more={RELS: relation("attachedTemplate", "https://example.org/a")})),
    ("external", "a.docx", docx(more={RELS: relation("image", "https://example.org/a.png")})),
    ("external", "a.xlsx", xlsx({"xl/connections.xml": "<connections/>"})),
    ("active", "a.docx", docx(more={RELS: relation("hyperlink", "ms-msdt:/id")})),
    ("active", "a.docx", docx(more={"word/footer1.xml": FIELD})),
    ("active", "a.xlsx", xlsx({"xl/externalLinks/externalLink1.xml": SHEET_LINK})),
    ("entities", "a.docx", docx(more={"word/styles.xml": LAUGHS})),
    ("active", "a.pdf", pdf(catalog=b"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>")),
    ("active", "a.pdf", pdf(catalog=b"/OpenAction<</S/Java#53cript/J#53(app.alert)>>")),
    ("active", "a.pdf", pdf(page=b"/AA<</O<</S/Launch/F(calc.exe)>>>>")),
    ("active", "a.pdf", pdf(OBJECT_STREAM)),
    ("embedded", "a.pdf", pdf(catalog=b"/Names<</EmbeddedFiles<</Names[(a)5 0 R]>>>>")),
    ("polyglot", "a.pdf", pdf() + zipped({"a.txt": "a"})),
    ("polyglot", "a.pdf", b"GIF89a" + pdf()),
    ("polyglot", "a.docx", zipped({"word/document.xml": "<a/>"}, comment=b"%PDF-1.7")),
    ("polyglot", "a.png", png() + zipped({"a.txt": "a"})),
    ("polyglot", "a.jpg", jpg() + b"<?php system('id');"),
    ("polyglot", "a.jpg", jpg() + b"MZ" + bytes(99)),
    ("bomb", "a.docx", docx(more={"word/media/a.xml": b"<a>" + b" " * 60_000_000 + b"</a>"})),
    ("bomb", "a.png", png(8, 8, points=bytes(40_000_000))),
    ("bomb", "a.pdf", pdf(b"<</Type/ObjStm/N 1/First 4/Length 1>>stream\n%s\nendstream"
                          % zlib.compress(bytes(70_000_000)))),
    ("too_many_pixels", "a.png", png(30_000, 30_000, points=b"\0" * 1000)),
    ("too_many_pixels", "a.jpg", jpg(60_000, 60_000)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("reason", "name", "data"), HOSTILE, ids=[f"{n}-{row[0]}" for n, row in enumerate(HOSTILE)]
)
def test_a_hostile_file_is_refused(reason: str, name: str, data: bytes) -> None:
    assert refusal(data, name) == reason


def test_every_reason_is_tried() -> None:
    # Those that need other files, a scanner or thousands of pages are tried elsewhere.
    elsewhere = {"too_many", "too_much", "twice", "sent", "unchecked", "too_many_pages"}
    assert {row[0] for row in HOSTILE} == set(REASONS) - elsewhere


def test_what_a_camera_adds_behind_a_picture_is_left_out() -> None:
    kept = screened(jpg() + b"SEFT" + bytes(64) + MAKER.encode(), "a.jpg").data
    assert kept.endswith(b"\xff\xd9")


def test_a_chart_keeps_its_figures_and_a_link_its_target() -> None:
    parts = {
        "word/embeddings/Microsoft_Excel_Sheet.xlsx": xlsx(),
        RELS: relation("hyperlink", "https://example.org/luat"),
    }
    kept = screened(docx(more=parts), "a.docx").data
    assert b"Microsoft_Excel_Sheet" in kept
    assert not holds(kept)


NAMES = st.text(st.characters(codec="utf-8", categories=("L", "N")), min_size=3, max_size=20)


@settings(max_examples=15, deadline=None)
@given(NAMES.filter(lambda name: not any(name.encode() in data for data in GOOD.values())))
def test_no_planted_name_is_left(name: str) -> None:
    people = (
        f"<w:comments xmlns:w='x'><w:comment w:author='{name}' w:initials='{name}'/></w:comments>"
    )
    properties = f"<p><creator>{name}</creator></p>"
    given = docx(more={"word/comments.xml": people, "docProps/core.xml": properties})
    assert holds(given, name)
    kept = screened(given, "a.docx").data
    with attachable.zipfile.ZipFile(io.BytesIO(kept)) as archive:
        left = b"".join(archive.read(part) for part in archive.namelist())
    assert b'author="' + name.encode() not in left
    assert b"creator>" not in left


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\Users\\canaria\\gop-y.docx", "gop-y.docx"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("a\u202egnp.exe", "a gnp.exe"),
        ("Gop y\u0301.pdf", "Gop ý.pdf"),
        ("", "file"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
        ('a"b\r\n.png', "a b.png"),
    ],
)
def test_names_are_cleaned(given: str, kept: str) -> None:
    assert clean_name(given) == kept


# --- the virus scanner's protocol ----------------------------------------------------------------


@contextmanager
def scanner(line: socket.socket, taken: list[bytes]) -> Iterator[None]:
    """A peer that speaks clamd's protocol: calls what holds EICAR a virus."""

    def serve() -> None:
        while True:
            try:
                peer, _ = line.accept()
            except OSError:
                return
            with peer, peer.makefile("rb") as told:
                assert told.read(10) == b"zINSTREAM\0"
                data = b""
                while size := struct.unpack(">I", told.read(4))[0]:
                    data += told.read(size)
                taken.append(data)
                if data == b"?":
                    peer.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                else:
                    found = b"Eicar-Signature FOUND" if EICAR in data else b"OK"
                    peer.sendall(b"stream: " + found + b"\0")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield
    finally:
        line.shutdown(socket.SHUT_RDWR)
        line.close()
        thread.join(5)


def test_a_scanner_is_asked(tmp_path: Path) -> None:
    taken: list[bytes] = []
    port = socket.create_server(("127.0.0.1", 0))
    path = tmp_path / "clamd.sock"
    local = socket.socket(socket.AF_UNIX)
    local.bind(str(path))
    local.listen()
    with scanner(port, taken), scanner(local, taken):
        for address in (f"127.0.0.1:{port.getsockname()[1]}", str(path)):
            large = bytes(200_000)
            assert scan(large, address) == ""
            assert taken[-1] == large
            assert scan(EICAR, address) == "Eicar-Signature"
            with pytest.raises(NoAnswer, match="size limit"):
                scan(b"?", address)
            assert screen(png(), "a.png", most=MOST, clamd=address)
            with pytest.raises(Refused, match="virus"):
                screen(EICAR[:40] + b" " + EICAR, "a.png", most=MOST, clamd=address)


def test_without_the_scanners_word_nothing_is_taken(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="unchecked"):
        screen(png(), "a.png", most=MOST, clamd=str(tmp_path / "nobody"))
