"""Headings in the garbs that offices give them, and in documents of several parts."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from consult.drafts.parsing import ParsedDocument, parse_text
from consult.drafts.parsing.assemble import assemble
from consult.drafts.parsing.source import Block, Source
from tests.unit.drafts.test_real_documents import assert_sound

LAW = """LUẬT
MẪU
Quốc hội ban hành Luật mẫu,
Chương I
QUY ĐỊNH CHUNG
Điều 1. Phạm vi điều chỉnh
Luật này quy định về mẫu.
Điều 2. Đối tượng áp dụng
1. Cơ quan.
2. Tổ chức.
Chương II
QUY ĐỊNH KHÁC
Điều 3. Điều kiện
Đủ điều kiện theo Điều 2 Luật này.
Điều 4. Quy định chuyển tiếp
Không có.
Chương III
ĐIỀU KHOẢN THI HÀNH
Điều 5. Hiệu lực
Luật này có hiệu lực từ ngày ký.
"""


def joined(text: str) -> str:
    """Return ``text`` with the chapters' titles on their headings' lines."""
    return re.sub(r"(?m)^(Chương \w+)\n", r"\1. ", text)


def with_contents(text: str, dots: str) -> str:
    """Return ``text`` with its headings listed before it, each led to a page or bare."""
    heads = re.findall(r"(?m)^(?:Chương|Điều) .*", text)
    pages = (f"{head}{dots}{at + 2 if dots else ''}" for at, head in enumerate(heads))
    return "\n".join(["MỤC LỤC", *pages, text])


GARBS: dict[str, Callable[[str], str]] = {
    "capitals": lambda t: re.sub(r"(?m)^(Điều|Chương)", lambda m: m[1].upper(), t),
    "colon": lambda t: re.sub(r"(?m)^(Điều \d)\.", r"\1:", t),
    "dash": lambda t: re.sub(r"(?m)^(Điều \d)\.", r"\1 -", t),
    "no dot": lambda t: re.sub(r"(?m)^(Điều \d)\.", r"\1", t),
    "no space": lambda t: re.sub(r"(?m)^(Điều \d\.) ", r"\1", t),
    "fixed space": lambda t: re.sub(r"(?m)^(Điều|Chương) ", "\\1\u00a0", t),
    "ordinal": lambda t: re.sub(r"(?m)^Điều (\d)", r"Điều thứ \1", t),
    "title below": lambda t: re.sub(r"(?m)^(Điều \d)\. ", r"\1\n", t),
    "in two lines": lambda t: re.sub(r"(?m)^(Chương|Điều) ", r"\1\n", t),
    "one line": joined,
    "arabic": lambda t: re.sub(r"(?m)^Chương (I+)", lambda m: f"Chương {len(m[1])}.", t),
    "spelt": lambda t: re.sub(
        r"(?m)^Chương (I+)", lambda m: f"CHƯƠNG {['MỘT', 'HAI', 'BA'][len(m[1]) - 1]}", t
    ),
    "small l": lambda t: re.sub(r"(?m)^Chương (I+)", lambda m: f"Chương {'l' * len(m[1])}", t),
    "marks": lambda t: re.sub(r"(?m)^(Điều \d\.|Chương I+)", r"\1[3]", t),
    "marks before the dot": lambda t: re.sub(r"(?m)^(Điều \d)\.", r"\1[3].", t),
    "contents": lambda t: with_contents(t, " ......... "),
    "contents without pages": lambda t: with_contents(t, ""),
    "contents without title": lambda t: with_contents(t, " ......... ").replace("MỤC LỤC\n", ""),
}


def as_text(text: str) -> ParsedDocument:
    return parse_text(text)


def as_paragraphs(text: str) -> ParsedDocument:
    """Return what is parsed when the file itself tells where paragraphs end."""
    blocks = [Block(" ".join(line.split()), definite=True) for line in text.splitlines()]
    return assemble(Source(blocks, definite=True))


@pytest.mark.parametrize("garb", sorted(GARBS))
@pytest.mark.parametrize("parse", [as_text, as_paragraphs])
def test_headings_in_every_garb(parse: Callable[[str], ParsedDocument], garb: str) -> None:
    document = parse(GARBS[garb](LAW))
    assert_sound(document)
    found = [p.key for p in document.provisions if p.kind in {"chapter", "article"}]
    assert found == ["c1", "d1", "d2", "c2", "d3", "d4", "c3", "d5"]
    titles = {p.key: p.title for p in document.provisions}
    assert titles["d4"].removeprefix("[3] ") == "Quy định chuyển tiếp"


def test_an_article_cited_without_its_dot_is_no_heading() -> None:
    text = LAW.replace("Đủ điều kiện", "Đủ điều kiện sau đây;\nĐiều 4 Luật Đất đai;\nđủ điều kiện")
    document = parse_text(text)
    assert [p.title for p in document.provisions if p.key == "d4"] == ["Quy định chuyển tiếp"]
    assert not [w for w in document.warnings if w.code == "duplicate_number"]


def test_a_repealed_chapter_keeps_its_place() -> None:
    text = LAW.replace("Chương II\nQUY ĐỊNH KHÁC\n", "Chương II2 (được bãi bỏ)\n")
    chapters = [(p.number, p.title) for p in parse_text(text).provisions if p.kind == "chapter"]
    assert chapters[1] == ("II", "(được bãi bỏ)")


def test_a_sentence_about_recipients_ends_no_document() -> None:
    text = LAW.replace("2. Tổ chức.\n", "2. Tổ chức.\nNơi nhận hồ sơ là trung tâm một cửa.\n")
    document = parse_text(text)
    assert [p.number for p in document.provisions if p.kind == "article"] == list("12345")
    assert not document.remainder


CLOSED = """CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
QUYẾT ĐỊNH
Điều 1. Ban hành kèm theo Quyết định này mẫu giấy phép.
Điều 2. Quyết định này có hiệu lực từ ngày ký.
Nơi nhận:
- Lưu: VT.
CHỦ TỊCH
Nguyễn Văn An
Tải tệp đính kèm tại đây
CHÍNH PHỦ
_________
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
GIẤY PHÉP
Điều 1. Cho phép đơn vị hoạt động.
"""


def test_a_further_letterhead_is_counted_once() -> None:
    document = parse_text(CLOSED)
    assert_sound(document)
    assert document.remainder == "Tải tệp đính kèm tại đây"
    assert [p.number for p in document.provisions if p.part == "main" and p.kind == "article"] == [
        "1", "2",
    ]  # fmt: skip


FORMS = """
PHỤ LỤC
Mẫu số 01
1. Tên đơn vị:
1. Địa chỉ:
4. Nội dung:
Điều 7. Điều khoản chung
Điều 7. Điều khoản riêng
II. KẾT LUẬN
"""


def test_the_numbers_of_forms_raise_no_doubts() -> None:
    assert not parse_text(LAW + FORMS).warnings


def test_a_mark_that_closes_late_swallows_no_article() -> None:
    """A forgotten mark is balanced by a stray one pages later: the articles between are kept."""
    text = LAW.replace("2. Tổ chức.\n", "2. Tổ chức.\n“Tổ chức là hội.\n")
    text = text.replace("Không có.", "Không có.”\nHết.")
    document = parse_text(text)
    assert_sound(document)
    found = [p.key for p in document.provisions if p.kind in {"chapter", "article"}]
    assert found == ["c1", "d1", "d2", "c2", "d3", "d4", "c3", "d5"]
    assert [w.code for w in document.warnings] == ["unclosed_quote"]


def swapped(*order: int) -> str:
    return "LUẬT\nTHỬ\n" + "".join(
        f"Điều {n}. Điều số {n}\n1. Nội dung {n} theo Điều 2 Luật này.\n2. Khác.\n" for n in order
    )


@pytest.mark.parametrize("parse", [as_text, as_paragraphs])
@pytest.mark.parametrize(
    ("order", "told"),
    [((1, 2, 4, 3, 5), ["Điều 4"]), ((1, 2, 4, 5, 6, 7, 3, 8), ["Điều 4", "Điều 3"]),
     ((1, 4, 3, 2, 5), ["Điều 4", "Điều 3"])],
)  # fmt: skip
def test_an_article_out_of_order_keeps_its_clauses(
    parse: Callable[[str], ParsedDocument], order: tuple[int, ...], told: list[str]
) -> None:
    document = parse(swapped(*order))
    assert_sound(document)
    assert [p.number for p in document.provisions if p.kind == "article"] == [*map(str, order)]
    clauses = [p.citation for p in document.provisions if p.number == "2" and p.kind == "clause"]
    assert clauses == [f"khoản 2 Điều {number}" for number in order]
    assert [w.params["label"] for w in document.warnings] == told


def test_references_at_the_beginning_of_lines_are_no_articles() -> None:
    quoted = "Sửa đổi Điều 9 như sau:\nĐiều 9. Quyền của hội\n1. Quyền một.\n"
    cited = "Áp dụng quy định sau đây:\nĐiều 6. Quyền của hội\n1. Quyền một.\n"
    later = "Căn cứ quy định tại\nĐiều 4 của Bộ luật này và\nĐiều 6. Quy định về mẫu\n"
    for words in (quoted, cited, later):
        text = LAW.replace("Đủ điều kiện theo", f"{words}Đủ điều kiện theo")
        found = [p for p in parse_text(text).provisions if p.kind == "article"]
        assert [p.number for p in found] == list("12345")


def test_a_footnote_s_mark_stuck_to_a_repealed_division_s_number_is_none_of_it() -> None:
    lines = ["Chương 1", "HỒ SƠ", "Mục 12 (được bãi bỏ)", "Mục 23 (được bãi bỏ)",
             "Mục 3. BỆNH BINH", "Điều 1. Hồ sơ", "Gồm đơn.", "Chương 215 (được bãi bỏ)",
             "Chương 3", "THI HÀNH", "Điều 2. Hiệu lực", "Từ ngày ký."]  # fmt: skip
    document = parse_text("\n\n".join(lines))
    divisions = [p.number for p in document.provisions if p.kind in {"chapter", "section"}]
    assert divisions == ["1", "1", "2", "3", "2", "3"]
    assert not document.warnings
