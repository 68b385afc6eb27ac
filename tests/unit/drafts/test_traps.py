"""Traps of Vietnamese drafts, each in a few lines."""

from __future__ import annotations

import textwrap
import unicodedata

from consult.drafts.parsing import ParsedDocument, parse_text
from tests.unit.drafts.test_real_documents import assert_sound


def parse(text: str) -> ParsedDocument:
    document = parse_text(text)
    assert_sound(document)
    return document


def keys(document: ParsedDocument) -> list[str]:
    return [p.key for p in document.provisions]


def kinds(document: ParsedDocument, kind: str, part: str = "main") -> list[str]:
    return [p.number for p in document.provisions if p.kind == kind and p.part == part]


def codes(document: ParsedDocument) -> list[str]:
    return [w.code for w in document.warnings]


LAW = """LUẬT
MẪU
Chương I
QUY ĐỊNH CHUNG
Điều 1. Phạm vi
Luật này quy định về mẫu.
Điều 2. Đối tượng
1. Cơ quan.
2. Tổ chức, gồm:
a) Hội;
b) Câu lạc bộ.
"""


def test_a_small_law() -> None:
    document = parse(LAW)
    assert keys(document) == ["mo-dau", "c1", "d1", "d2", "d2.k1", "d2.k2", "d2.k2.a", "d2.k2.b"]
    assert document.provisions[-1].citation == "điểm b khoản 2 Điều 2"
    assert not document.warnings


def test_eth_is_read_as_d_with_stroke() -> None:
    document = parse(LAW.replace("Điều", "Ðiều"))
    assert kinds(document, "article") == ["1", "2"]
    assert "Ð" not in document.text


def test_decomposed_letters_are_composed() -> None:
    assert keys(parse(unicodedata.normalize("NFD", LAW))) == keys(parse(LAW))


def test_headings_broken_over_lines() -> None:
    document = parse(
        LAW.replace("Chương I\n", "Chương\nI\n").replace("Điều 2. Đối", "Điều\n2. Đối")
    )
    assert keys(document) == keys(parse(LAW))


def test_a_reference_at_a_lines_start_is_no_heading() -> None:
    text = (
        LAW + "Điều 3. Xử lý\n1. Người nào vi phạm quy định tại\nĐiều 4 của Luật này thì bị phạt.\n"
    )
    text += "2. Việc khiếu nại theo\nĐiều 4.\nĐiều 4. Thi hành\nLuật này có hiệu lực.\n"
    document = parse(text)
    assert kinds(document, "article") == ["1", "2", "3", "4"]
    assert document.provisions[-1].title == "Thi hành"


def test_a_reference_that_ends_a_sentence_is_no_heading() -> None:
    document = parse(LAW + "c) Người theo quy định tại khoản 2\nĐiều 3.\nĐiều 3. Sau\nHết.\n")
    assert [p.title for p in document.provisions if p.kind == "article"][2:] == ["Sau"]


def test_inserted_units() -> None:
    text = LAW + "Điều 2a. Bổ sung\n1. Một.\n1a. Một a.\n2. Hai.\nĐiều 3. Sau\nHết.\n"
    document = parse(text)
    assert kinds(document, "article") == ["1", "2", "2a", "3"]
    assert [key for key in keys(document) if key.startswith("d2a")] == [
        "d2a", "d2a.k1", "d2a.k1a", "d2a.k2",
    ]  # fmt: skip
    assert not document.warnings


def test_a_repeated_number_is_warned_about_and_kept() -> None:
    text = LAW + "Điều 3. Ba\nMột.\nĐiều 3. Lại ba\nHai.\nĐiều 4. Bốn\nBa.\n"
    document = parse(text)
    assert kinds(document, "article") == ["1", "2", "3", "3", "4"]
    assert "d3-2" in keys(document)
    assert codes(document) == ["duplicate_number"]


def test_a_missing_number_is_warned_about() -> None:
    document = parse(LAW + "Điều 4. Bốn\nMột.\nĐiều 5. Năm\nHai.\n")
    assert kinds(document, "article") == ["1", "2", "4", "5"]
    assert codes(document) == ["number_gap"]
    assert document.warnings[0].message == (
        "“Điều 4” does not follow “Điều 2”: a number is missing between."
    )


def test_an_unclosed_quotation_ends_before_the_next_article() -> None:
    text = LAW + (
        "Điều 3. Sửa đổi Luật A\n1. Sửa đổi Điều 9 như sau:\n“Điều 9. Mới\nNội dung mới.\n"
        "Điều 4. Hiệu lực\nLuật này có hiệu lực.\n"
    )
    document = parse(text)
    assert kinds(document, "article") == ["1", "2", "3", "4"]
    assert codes(document) == ["unclosed_quote"]


def test_new_wording_without_quotation_marks_is_no_article() -> None:
    text = LAW + "Điều 3. Sửa đổi Luật A\nSửa đổi Điều 4 như sau:\nĐiều 4. Mới\nNội dung.\n"
    text += "Điều 4. Hiệu lực\nLuật này có hiệu lực.\n"
    assert [p.title for p in parse(text).provisions if p.kind == "article"][-1] == "Hiệu lực"


def test_a_decision_with_an_attached_regulation_is_two_parts() -> None:
    text = """ỦY BAN NHÂN DÂN TỈNH
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
QUYẾT ĐỊNH
Ban hành Quy định mẫu
Điều 1. Ban hành kèm theo Quyết định này Quy định mẫu.
Điều 2. Quyết định này có hiệu lực từ ngày ký.
Nơi nhận:
- Như Điều 2;
- Lưu: VT.
TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH
Nguyễn Văn An
QUY ĐỊNH
Về việc mẫu
(Ban hành kèm theo Quyết định số 1/2026/QĐ-UBND)
Chương I
QUY ĐỊNH CHUNG
Điều 1. Phạm vi
Quy định này về mẫu.
Điều 2. Đối tượng
Mọi người.
PHỤ LỤC I
DANH MỤC
1. Một.
2. Hai.
"""
    document = parse(text)
    assert [(p.key, p.title) for p in document.parts] == [
        ("main", "QUYẾT ĐỊNH Ban hành Quy định mẫu"),
        ("p2", "QUY ĐỊNH Về việc mẫu"),
        ("pl1", "DANH MỤC"),
    ]
    assert kinds(document, "article") == ["1", "2"]
    assert kinds(document, "article", "p2") == ["1", "2"]
    assert {"p2.c1", "p2.d2", "pl1.1", "pl1.2", "noi-nhan", "chu-ky"} <= set(keys(document))
    assert document.provisions[-1].citation == "khoản 2 Phụ lục I"


def test_an_appendix_named_in_the_text_opens_none() -> None:
    text = LAW + "3. Danh mục theo\nPhụ lục I\nban hành kèm theo Luật này.\nĐiều 3. Cuối\nHết.\n"
    document = parse(text)
    assert [p.key for p in document.parts] == ["main"]
    assert kinds(document, "article") == ["1", "2", "3"]


def test_articles_of_sample_documents_are_text() -> None:
    text = LAW + (
        "PHỤ LỤC\nMẪU BIỂU\nMẫu số 01. Quyết định\nQUYẾT ĐỊNH:\nĐiều 1. Phê duyệt.\n"
        "Điều 2. Thi hành.\nMẫu số 02. Tờ khai\n1. Họ tên:\n"
    )
    document = parse(text)
    assert not kinds(document, "article", "pl")
    assert [p.key for p in document.provisions if p.kind == "appendix"] == [
        "pl.tieu-de", "pl.mau-so-01", "pl.mau-so-02",
    ]  # fmt: skip


def test_an_outline_nests_by_its_numbers() -> None:
    text = """KẾ HOẠCH
Mẫu
I. MỤC TIÊU
1. Chung
1.1. Tổng quát
- Một:
+ Một một.
+ Một hai.
- Hai.
1.2. Cụ thể
a) Đến năm 2030 đạt 40.924 người.
b) Đến năm 2045.
2. Riêng
II. TỔ CHỨC
1. Sở A làm.
"""
    document = parse(text)
    tree = [(p.kind, p.number, p.depth) for p in document.provisions[1:]]
    assert tree == [
        ("roman", "I", 0), ("numeral", "1", 1), ("decimal", "1.1", 2), ("bullet", "1", 3),
        ("bullet", "1", 4), ("bullet", "2", 4), ("bullet", "2", 3), ("decimal", "1.2", 2),
        ("letter", "a", 3), ("letter", "b", 3), ("numeral", "2", 1), ("roman", "II", 0),
        ("numeral", "1", 1),
    ]  # fmt: skip
    assert (
        document.provisions[5].citation
        == "ý thứ nhất (dấu cộng) gạch đầu dòng thứ nhất điểm 1.1 mục I"
    )
    assert next(p for p in document.provisions if p.number == "a").citation == (
        "tiết a điểm 1.2 mục I"
    )


def test_a_bullets_key_tells_its_words() -> None:
    base = "I. MỤC TIÊU\n1. Chung\n- Phát triển đội ngũ.\n- Tôn vinh.\n"
    first, second = (p.key for p in parse(base).provisions if p.kind == "bullet")
    again = [p.key for p in parse(base.replace("Tôn vinh", "Tôn  vinh")).provisions]
    assert second in again
    assert first.startswith("r1.1.b1-")
    assert second.startswith("r1.1.b2-")
    assert first[-4:] != second[-4:]


def test_thousands_ranges_and_dates_are_no_numbers_of_units() -> None:
    text = LAW + (
        "c) Số người là\n40.924 người, giai đoạn 2021\n- 2030 tăng thêm;\n"
        "d) Trước ngày\n12. 5 năm nay.\n"
    )
    document = parse(text)
    assert kinds(document, "letter") == ["a", "b", "c", "d"]
    assert kinds(document, "clause") == ["1", "2"]
    assert not kinds(document, "bullet")


def test_wrapped_lines_are_joined_and_page_numbers_left_out() -> None:
    words = (
        "Cơ quan, tổ chức, cá nhân có trách nhiệm thực hiện quy định của Luật này và các văn bản "
        "hướng dẫn; báo cáo kết quả theo quy định tại Điều 1 của Luật này trước ngày 15 hằng tháng"
    )
    pages = []
    for page in range(3):
        lines = [f"{page + 1}"] if page else []
        for number in range(page * 3 + 1, page * 3 + 4):
            sentence = f"{words} của năm {number}"
            lines += [f"Điều {number}. Trách nhiệm", *textwrap.wrap(f"1. {sentence}.", 70)]
            lines += textwrap.wrap(f"2. {sentence} của cơ quan.", 70)
        pages.append("\n".join(lines))
    document = parse("\f".join(pages))
    assert kinds(document, "article") == [str(n) for n in range(1, 10)]
    assert kinds(document, "clause") == ["1", "2"] * 9
    assert all(p.text.startswith(words) for p in document.provisions if p.kind == "clause")
    assert codes(document) == ["page_furniture"]
    assert document.warnings[0].params == {"count": 2, "excerpt": "“2” – “3” (2×)", "lines": "2\n3"}


def test_the_running_headers_left_out_are_told() -> None:
    body = "Điều {0}. Trách nhiệm\nCơ quan thực hiện quy định số {0} của Luật này."
    pages = [f"BỘ TƯ PHÁP\n{body.format(page + 1)}\nBản {page}.0" for page in range(12)]
    furniture = parse("\f".join(pages)).warnings[0]
    assert furniture.params["excerpt"] == "“BỘ TƯ PHÁP” (12×); “Bản 0.0” – “Bản 11.0” (12×)"
    lines = str(furniture.params["lines"]).split("\n")
    assert lines == ["BỘ TƯ PHÁP (12×)", *(f"Bản {page}.0" for page in range(12))]


def test_a_table_of_contents_is_no_outline() -> None:
    text = "BÁO CÁO\nMẫu\nMỤC LỤC\n" + "".join(
        f"{number}. Phần {number} ................ {number}\n" for number in range(1, 5)
    )
    text += "".join(f"{number}. Phần {number}\nNội dung {number}.\n" for number in range(1, 5))
    document = parse(text)
    assert kinds(document, "numeral") == ["1", "2", "3", "4"]
    assert document.provisions[1].text == "Nội dung 1."


def test_text_without_numbers_becomes_paragraphs() -> None:
    document = parse("Kính gửi: Sở Nội vụ\nĐề nghị Sở xem xét.\n- Một việc.\nXin cảm ơn.\n")
    assert [p.kind for p in document.provisions] == [
        "paragraph", "paragraph", "bullet", "paragraph",
    ]  # fmt: skip
    assert codes(document) == ["no_structure"]


def test_vietnamese_alphabet_of_points() -> None:
    letters = "a b c d đ e g h i k l m n o p q r s t u v x y".split()
    text = LAW.split("a) Hội")[0] + "".join(f"{letter}) Nội dung;\n" for letter in letters)
    document = parse(text)
    assert kinds(document, "letter") == letters
    assert not document.warnings


def test_parts_chapters_and_sections() -> None:
    text = """BỘ LUẬT
Phần thứ nhất
NHỮNG QUY ĐỊNH CHUNG
Chương I
MỘT
Điều 1. Một
Nội dung.
Phần thứ hai
QUY ĐỊNH KHÁC
Chương I
HAI
Mục 1. MỤC MỘT
Tiểu mục 1. TIỂU MỤC
Điều 2. Hai
Nội dung.
Mục 2
MỤC HAI
Điều 3. Ba
Nội dung.
"""
    document = parse(text)
    assert keys(document) == [
        "mo-dau", "ph1", "ph1.c1", "d1", "ph2", "ph2.c1", "ph2.c1.m1", "ph2.c1.m1.t1", "d2",
        "ph2.c1.m2", "d3",
    ]  # fmt: skip
    assert [p.citation for p in document.provisions[4:9]] == [
        "Phần thứ hai", "Chương I Phần thứ hai", "Mục 1 Chương I Phần thứ hai",
        "Tiểu mục 1 Mục 1 Chương I Phần thứ hai", "Điều 2",
    ]  # fmt: skip
    assert not document.warnings


def test_doubts_tell_where_they_stand() -> None:
    document = parse(LAW + "Điều 3. Ba\n1. Một.\n2. Hai.\n2. Hai nữa.\n4. Bốn.\n99. Chín.\n")
    assert [w.params["label"] for w in document.warnings] == [
        "khoản 2 Điều 3", "khoản 4 Điều 3", "99. (khoản 4 Điều 3)"
    ]  # fmt: skip


def test_articles_without_marks_are_told() -> None:
    document = parse("QUYET DINH\nDieu 1. Pham vi dieu chinh\nNoi dung.\nDieu 2. Hieu luc\n")
    told = [w for w in document.warnings if w.code == "no_marks"]
    assert [(w.line, w.params["excerpt"]) for w in told] == [(2, "Dieu 1. Pham vi dieu chinh")]
    assert "no_marks" not in codes(parse(LAW + "Dieu 9. Pham vi\n"))
