"""Scans: their words recognised where tesseract is installed, refused in a sentence elsewhere."""

from __future__ import annotations

import io
from pathlib import Path

import pypdfium2
import pytest

from consult.drafts.parsing import (
    Limits,
    ParsedDocument,
    UnreadableDocument,
    helpers,
    ocr,
    parse_untrusted,
)
from consult.drafts.parsing.helpers import Helpers
from consult.drafts.parsing.readers import pdf
from tests.unit.drafts.files import DATA, scanned
from tests.unit.drafts.test_real_documents import assert_sound


@pytest.fixture(scope="module")
def scan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first pages of a decree as pictures, without text."""
    path = tmp_path_factory.mktemp("scan") / "quet.pdf"
    path.write_bytes(scanned("ND-293-2025-luong-toi-thieu.pdf", pages=2))
    return path


def installed() -> Helpers:
    if not helpers.found().ocr:
        pytest.skip("tesseract with Vietnamese is not installed")
    return helpers.found()


def refused(path: Path, **options: object) -> UnreadableDocument:
    with pytest.raises(UnreadableDocument) as refusal:
        parse_untrusted(path, filename="quet.pdf", **options)  # type: ignore[arg-type]
    return refusal.value


def test_a_scan_is_refused_where_nothing_recognises_words(scan: Path) -> None:
    refusal = refused(scan, installed=Helpers(), scans=True)
    assert (refusal.reason, refusal.params) == ("scan_without_text", {"pages": 2})


def test_a_scan_is_not_read_unless_asked_for(scan: Path) -> None:
    refusal = refused(scan, installed=Helpers(ocr="/usr/bin/tesseract"))
    assert (refusal.reason, refusal.params) == ("scan_takes_long", {"pages": 2})


def test_long_scans_are_refused_at_once(scan: Path) -> None:
    for scans in (True, False):
        refusal = refused(
            scan, installed=Helpers(ocr="/usr/bin/tesseract"), scans=scans,
            limits=Limits(max_scanned=1),
        )  # fmt: skip
        assert (refusal.reason, refusal.params) == ("scan_too_long", {"pages": 2, "limit": 1})


def test_the_words_of_a_scan_are_recognised(tmp_path: Path) -> None:
    have = installed()
    path = tmp_path / "quet.pdf"
    path.write_bytes(scanned("ND-293-2025-luong-toi-thieu.pdf", pages=1))
    document = parse_untrusted(path, filename="quet.pdf", installed=have, scans=True)
    assert_sound(document)
    assert document.reading == "ocr"
    assert "ocr" in [w.code for w in document.warnings]
    assert document.reading_sample
    assert all(before == "" and after for before, after in document.reading_sample)
    assert [p.number for p in document.provisions if p.kind == "article"][:1] == ["1"]
    assert "Phạm vi điều chỉnh" in document.text
    assert ParsedDocument.from_json(document.to_json()) == document


def test_time_is_limited(scan: Path, tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument, match="too_slow"):
        ocr.recognise(scan, 2, tmp_path, Limits(scan_seconds=0.05), installed())


def test_pictures_without_words_say_so(tmp_path: Path) -> None:
    document = pypdfium2.PdfDocument.new()
    document.new_page(595, 842)
    target = io.BytesIO()
    document.save(target)
    path = tmp_path / "trang.pdf"
    path.write_bytes(target.getvalue())
    with pytest.raises(UnreadableDocument, match="scan_unreadable"):
        parse_untrusted(path, filename=path.name, installed=installed(), scans=True)


def test_a_page_of_any_size_is_a_picture_of_bounded_size(tmp_path: Path) -> None:
    document = pypdfium2.PdfDocument.new()
    document.new_page(14_000, 9_000)
    target = io.BytesIO()
    document.save(target)
    path = tmp_path / "to.pdf"
    path.write_bytes(target.getvalue())
    picture = pdf.picture(path, 0)
    assert picture.startswith(b"P5 5000 3215 255\n")
    assert len(picture) == 17 + 5000 * 3215


def test_a_drawing_child_without_memory_is_told(scan: Path, tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument) as refusal:
        ocr.recognise(scan, 2, tmp_path, Limits(memory=60_000_000), Helpers(ocr="/bin/true"))
    assert refusal.value.reason in {"bomb", "broken"}


def test_the_text_layer_of_a_good_pdf_is_never_recognised() -> None:
    name = "ND-293-2025-luong-toi-thieu.pdf"
    document = parse_untrusted(DATA / name, filename=name, scans=True)
    assert document.reading == ""
