"""Footnotes of printed pages, told from the text by the size of their letters."""

from __future__ import annotations

from consult.drafts.parsing import ParsedDocument
from consult.drafts.parsing.assemble import assemble
from consult.drafts.parsing.lines import RawLine, blocks
from consult.drafts.parsing.notes import set_apart
from consult.drafts.parsing.source import Source
from tests.unit.drafts.test_real_documents import assert_sound

TEXT, SMALL = 14.0, 11.0
Page = list[tuple[str, float]]


def apart(*pages: Page) -> tuple[list[list[str]], list[list[str]]]:
    texts = [[line for line, _ in page] for page in pages]
    return set_apart(texts, [[height for _, height in page] for page in pages])


BODY: Page = [(f"Dòng {number} của phần nội dung", TEXT) for number in range(12)]


def test_small_numbered_lines_at_the_foot_are_footnotes() -> None:
    texts, notes = apart([*BODY, ("1 Luật số 5.", SMALL), ("2 Luật số 6", SMALL), ("2", TEXT)])
    assert notes == [["1 Luật số 5.", "2 Luật số 6"]]
    assert texts[0][-1] == "2"
    assert len(texts[0]) == len(BODY) + 1


def test_a_footnote_goes_on_overleaf() -> None:
    first: Page = [*BODY, ("1 Điều này được bổ sung theo Luật số 5, có", SMALL)]
    second: Page = [*BODY, ("hiệu lực từ ngày 01.", SMALL), ("2 Khoản này.", SMALL)]
    texts, notes = apart(first, second)
    assert notes == [
        ["1 Điều này được bổ sung theo Luật số 5, có hiệu lực từ ngày 01."],
        ["2 Khoản này."],
    ]
    assert [len(page) for page in texts] == [len(BODY), len(BODY)]


def test_a_footnote_may_fill_whole_pages() -> None:
    quoted: Page = [(f"{number}. Câu trích dẫn.", SMALL) for number in range(1, 14)]
    _, notes = apart([*BODY, ("1 Điều 2 quy định: “Điều 2.", SMALL)], quoted, [*BODY, *quoted[:1]])
    assert [len(page) for page in notes] == [1, 0, 0]
    assert notes[0][0].count("Câu trích dẫn") == 14


def test_a_quotation_left_open_goes_on_over_a_page_of_small_letters() -> None:
    for mark in ('"', "“"):
        quoted: Page = [(f"Điều {number}. Câu trích dẫn.", SMALL) for number in range(11, 24)]
        first: Page = [*BODY, ("1 Luật quy định như sau:", SMALL), (f"{mark}Điều 10. Cũ.", SMALL)]
        texts, notes = apart(first, quoted, [*BODY])
        assert [len(page) for page in notes] == [1, 0, 0]
        assert texts[1] == []


def test_small_letters_alone_make_no_footnote() -> None:
    table: Page = [("Số thứ tự", SMALL), ("Tên gọi", SMALL)]
    texts, notes = apart([*BODY, *table])
    assert notes == [[]]
    assert texts[0][-1] == "Tên gọi"


def test_without_heights_everything_is_text() -> None:
    texts, notes = set_apart([["Một", "1 Hai"]], [[]])
    assert (texts, notes) == ([["Một", "1 Hai"]], [[]])


def printed(pages: list[list[str]], feet: list[list[str]]) -> ParsedDocument:
    lines: list[RawLine] = []
    for page, foot in zip(pages, feet, strict=True):
        lines += [RawLine(t, 0, len(t), page_start=not at) for at, t in enumerate(page)]
        lines += [RawLine(note, note=True) for note in foot]
    return assemble(Source(blocks(lines)))


def test_a_footnote_stands_after_the_paragraph_of_its_page() -> None:
    wide = "cơ quan có trách nhiệm thực hiện quy định của pháp luật về bảo vệ môi trường và"
    pages = [
        ["Điều 1. Một", *[f"{n}. {wide[:70]}." for n in range(1, 9)], f"9. {wide}"],
        ["khoa học công nghệ.", "Điều 2. Hai", "Hết."],
    ]
    document = printed(pages, [["1 Luật số 5 quy định: “Điều 2. Cũ", ], []])  # fmt: skip
    assert_sound(document)
    assert [p.number for p in document.provisions if p.kind == "article"] == ["1", "2"]
    ninth = next(p for p in document.provisions if p.key == "d1.k9")
    assert ninth.text.endswith("và khoa học công nghệ.")
    note = next(p for p in document.provisions if p.citation.startswith("chú thích"))
    assert note.text == "1 Luật số 5 quy định: “Điều 2. Cũ"
    assert note.parent == ninth.key
