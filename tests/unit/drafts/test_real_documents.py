"""Real published documents: exact headings, order, keys, citations, and nothing lost.

CONSULT_REAL_DRAFTS may name a folder with further files of the same names.
"""

from __future__ import annotations

import itertools
import os
import re
from pathlib import Path

import pytest

from consult.drafts.parsing import ParsedDocument, ParsedProvision, parse_file
from tests.unit.drafts.files import DATA, squeeze

# name: (Chương, Mục, last Điều) of the main part, counted by hand.
TRUTH = {
    "Luat-Hoa-chat-69-2025-QH15.docx": (7, 3, 48),
    "ND-35-2023-sua-cac-ND-BXD.docx": (0, 0, 17),
    "TT-13-2026-BQP.docx": (4, 0, 11),
    "QD-uy-quyen-VLNCN-du-thao.docx": (0, 0, 4),
    "ke-hoach-thuc-hien-de-an-08.docx": (0, 0, 0),
    "KH-UBND-trien-khai-Chi-thi-11-CT-TU-QLNN-khoang-san.docx": (0, 0, 0),
    "KH-3898_30.6.2026_Huan-luyen-nguoi-quan-ly.docx": (0, 0, 0),
    "BLLD-45-2019-QH14.pdf": (17, 24, 220),
    "ND-293-2025-luong-toi-thieu.pdf": (0, 0, 5),
    "LBH-2025.txt": (9, 4, 72),
    "chuong-trinh-hanh-dong-NQ45-Binh-Phuoc.txt": (0, 0, 0),
}
FOLDER = Path(os.environ.get("CONSULT_REAL_DRAFTS") or DATA)
_parsed: dict[str, ParsedDocument] = {}


def read(name: str) -> ParsedDocument:
    if name not in _parsed:
        _parsed[name] = parse_file(DATA / name, filename=name)
    return _parsed[name]


def main_part(document: ParsedDocument, kind: str) -> list[ParsedProvision]:
    return [p for p in document.provisions if p.kind == kind and p.part == "main"]


def by_key(document: ParsedDocument, key: str) -> ParsedProvision:
    return next(p for p in document.provisions if p.key == key)


@pytest.mark.parametrize("name", sorted(TRUTH))
def test_headings_of_the_main_part_are_exact(name: str) -> None:
    chapters, sections, articles = TRUTH[name]
    document = read(name)
    assert len(main_part(document, "chapter")) == chapters
    assert len(main_part(document, "section")) == sections
    assert [p.number for p in main_part(document, "article")] == [
        str(number) for number in range(1, articles + 1)
    ]


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.*")), ids=lambda path: path.name)
def test_nothing_is_lost_and_every_key_is_an_anchor(path: Path) -> None:
    if path.suffix not in {".docx", ".pdf", ".txt"} or "scan" in path.name.lower():
        return
    if path.name.startswith("QD-2336"):  # a scan, refused elsewhere
        return
    document = read(path.name) if path.parent == DATA else parse_file(path, filename=path.name)
    assert_sound(document)


def assert_sound(document: ParsedDocument) -> None:
    spans = [(p.start, p.end) for p in document.provisions]
    assert spans == sorted(spans)
    assert all(end <= start for (_, end), (start, _) in itertools.pairwise(spans))
    kept = "".join(document.text[start:end] for start, end in spans) + document.remainder
    assert sorted(squeeze(kept)) == sorted(squeeze(document.text))
    keys = [p.key for p in document.provisions]
    assert len(set(keys)) == len(keys)
    assert all(re.fullmatch(r"[a-z][a-z0-9.-]{0,119}", key) for key in keys)
    seen: set[str] = set()
    for p in document.provisions:
        assert p.parent is None or p.parent in seen
        seen.add(p.key)
        assert squeeze(document.text[p.start : p.end]).endswith(squeeze(p.text))
        assert squeeze(p.title) in squeeze(document.text[p.start : p.end])
        assert p.citation
    assert ParsedDocument.from_json(document.to_json()) == document


def test_the_programme_has_its_outline() -> None:
    document = read("chuong-trinh-hanh-dong-NQ45-Binh-Phuoc.txt")
    assert [p.title for p in main_part(document, "roman")] == [
        "TÌNH HÌNH",
        "MỤC TIÊU, NHIỆM VỤ VÀ GIẢI PHÁP",
        "TỔ CHỨC THỰC HIỆN",
    ]
    assert [p.number for p in main_part(document, "decimal")] == [
        "1.1", "1.2", "2.1", "2.2", "2.3", "2.4", "2.5",
    ]  # fmt: skip
    point = by_key(document, "r2.2.2-3")
    assert point.citation == "điểm 2.3 mục II"
    bullets = [p for p in document.provisions if p.parent == "r2.2.2-3"]
    assert [p.number for p in bullets] == ["1", "2", "3", "4", "5", "6"]
    assert bullets[5].citation == "gạch đầu dòng thứ sáu điểm 2.3 mục II"
    assert bullets[5].text.startswith("Xây dựng cơ sở dữ liệu về đội ngũ trí thức")
    assert [p.number for p in document.provisions if p.parent == "r3"] == list("1234567")
    assert not document.warnings
    assert not document.remainder


def test_paragraphs_broken_by_a_page_are_joined_and_typing_faults_kept() -> None:
    document = read("chuong-trinh-hanh-dong-NQ45-Binh-Phuoc.txt")
    assert "quản lý, đánh giá, sử dụng trí thức có mặt còn hạn ché. Việc" in document.text
    assert "chuyển giao các lĩnh vực khoa học nền tảng" in document.text
    assert "Phần đầu đến năm 2045" in document.text


def test_recipients_and_signature_are_set_apart() -> None:
    document = read("chuong-trinh-hanh-dong-NQ45-Binh-Phuoc.txt")
    recipients, signature = document.provisions[-2:]
    assert (recipients.kind, recipients.citation) == ("recipients", "Nơi nhận")
    assert recipients.text.endswith("- Lưu Văn phòng Tỉnh ủy.")
    assert signature.kind == "signature"
    assert signature.text == "T/M TỈNH ỦY\nPHÓ BÍ THƯ THƯỜNG TRỰC\nHuỳnh Thị Hằng"


def test_a_law_has_clauses_points_and_citations() -> None:
    document = read("TT-13-2026-BQP.docx")
    point = by_key(document, "d3.k2.dd")
    assert (point.kind, point.number, point.depth) == ("letter", "đ", 3)
    assert point.citation == "điểm đ khoản 2 Điều 3"
    assert point.text.startswith("Thông tin về sự cố, thất thoát")
    assert by_key(document, "d3").title == "Quy định về lập sổ theo dõi hóa chất cấm"
    assert by_key(document, "c2").title.startswith("QUY ĐỊNH CHI TIẾT SỔ THEO DÕI")
    assert document.parts[0].title.startswith("THÔNG TƯ QUY ĐỊNH CHI TIẾT")
    assert [part.key for part in document.parts] == ["main", "pl"]


def test_web_text_around_the_law_is_the_remainder() -> None:
    document = read("LBH-2025.txt")
    assert document.remainder.startswith("Hướng dẫn thực hiện chính sách")
    assert "Góp ý qua Zalo" in document.remainder
    assert [w.code for w in document.warnings] == ["unassigned_text"] * 2
    assert by_key(document, "d47").title.startswith("Xây dựng, ban hành thông tư của Viện trưởng")
    assert by_key(document, "d63").title == "Kiểm tra, xử lý văn bản quy phạm pháp luật"


def test_quoted_articles_are_quotations() -> None:
    document = read("ND-35-2023-sua-cac-ND-BXD.docx")
    quote = by_key(document, "d4.k3.q1")
    assert quote.kind == "quote"
    assert quote.text.startswith("“Điều 3a. Chương trình phát triển đô thị")
    assert quote.text.endswith("”.")
    assert len(document.parts) == 8
    assert not [p for p in document.provisions if p.kind == "article" and p.part != "main"]
    labour = read("BLLD-45-2019-QH14.pdf")
    quotes = [p for p in labour.provisions if p.kind == "quote"]
    assert [p.text[:9] for p in quotes] == ["“Điều 54.", "“Điều 55.", "“1. Người", "“Điều 32."]


def test_a_footnote_stands_by_its_paragraph() -> None:
    document = read("KH-UBND-trien-khai-Chi-thi-11-CT-TU-QLNN-khoang-san.docx")
    notes = [p for p in document.provisions if p.citation.startswith("chú thích 1")]
    assert len(notes) == 1
    assert notes[0].text.startswith("[1] ")
    assert [w.code for w in document.warnings] == ["footnotes"]
