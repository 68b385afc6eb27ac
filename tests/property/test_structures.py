"""Generated documents of several parts and amending decrees: their own headings come out."""

from __future__ import annotations

import textwrap

from hypothesis import given, settings
from hypothesis import strategies as st

from consult.drafts.parsing import ParsedDocument, parse_text
from tests.property.test_parsing import sentences, titles
from tests.unit.drafts.test_real_documents import assert_sound

QUICK = settings(max_examples=40, deadline=None)
MARKS = [("“", "”"), ("“", "”."), ('"', '"'), ("«", "»"), ("“", '"'), ("‟", "”;")]
FRAME = """CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
NGHỊ ĐỊNH
Sửa đổi, bổ sung một số điều của Nghị định mẫu
Chính phủ ban hành Nghị định mẫu,
"""
CLOSING = """Nơi nhận:
- Các bộ;
- Lưu: VT.
TM. CHÍNH PHỦ
THỦ TƯỚNG
Nguyễn Văn An
"""


def headings(document: ParsedDocument, part: str) -> list[tuple[str, str]]:
    kinds = {"part", "chapter", "section", "article"}
    return [(p.kind, p.number) for p in document.provisions if p.part == part and p.kind in kinds]


@st.composite
def quotations(draw: st.DrawFn) -> str:
    """New wording of one or more articles of another document, in quotation marks."""
    first = draw(st.integers(1, 60))
    lines: list[str] = []
    for number in range(first, first + draw(st.integers(1, 3))):
        suffix = draw(st.sampled_from(["", "", "a", "b"]))
        lines.append(f"Điều {number}{suffix}. {draw(titles())}")
        lines += [f"{at}. {draw(sentences())}" for at in range(1, draw(st.integers(1, 3)) + 1)]
    opening, close = draw(st.sampled_from(MARKS))
    # Sentences may be cut within a quotation of their own.
    words = "\n".join(lines).replace("“", "").replace("”", "")
    return f"{opening}{words}{close}"


@st.composite
def amendments(draw: st.DrawFn) -> tuple[int, str]:
    """An amending decree: how many articles it has, and its text."""
    articles = draw(st.integers(2, 6))
    out = [FRAME.rstrip()]
    for article in range(1, articles):
        out.append(f"Điều {article}. Sửa đổi, bổ sung một số điều của Nghị định số {article}")
        for clause in range(1, draw(st.integers(1, 3)) + 1):
            out.append(f"{clause}. Sửa đổi, bổ sung Điều {draw(st.integers(1, 60))} như sau:")
            out.append(draw(quotations()))
    out += [f"Điều {articles}. Hiệu lực thi hành", "Nghị định này có hiệu lực từ ngày ký."]
    return articles, "\n".join([*out, CLOSING])


@QUICK
@given(amendments())
def test_an_amending_decree_has_its_own_articles_only(decree: tuple[int, str]) -> None:
    articles, text = decree
    document = parse_text(text)
    assert_sound(document)
    wanted = [("article", str(number)) for number in range(1, articles + 1)]
    assert headings(document, "main") == wanted
    assert not [w for w in document.warnings if w.code == "unclosed_quote"]


@st.composite
def regulations(draw: st.DrawFn) -> tuple[list[tuple[str, str]], str]:
    """A regulation with parts, chapters, sections and articles: its headings and its text."""
    found: list[tuple[str, str]] = []
    lines: list[str] = []
    article = 0

    def head(kind: str, number: str, line: str) -> None:
        found.append((kind, number))
        lines.extend([line, "QUY ĐỊNH CHUNG"])

    parts = ["nhất", "hai"][: draw(st.sampled_from([0, 0, 2]))]
    chapter = 0
    for part in parts or [""]:
        if part:
            head("part", part, f"Phần thứ {part}")
        for _ in range(draw(st.integers(1, 3))):
            chapter += 1
            roman = ["I", "II", "III", "IV", "V", "VI"][chapter - 1]
            head("chapter", roman, f"Chương {roman}")
            sections = draw(st.sampled_from([0, 0, 1, 2]))
            for section in range(1, sections + 1) if sections else [0]:
                if section:
                    head("section", str(section), f"Mục {section}")
                for _ in range(draw(st.integers(1, 3))):
                    article += 1
                    found.append(("article", str(article)))
                    lines.append(f"Điều {article}. {draw(titles())}")
                    lines += [f"{at}. {draw(sentences())}" for at in range(1, 3)]
    return found, "\n".join(lines)


@QUICK
@given(regulations(), regulations(), st.booleans(), st.booleans())
def test_a_decision_its_regulation_and_its_appendix(
    attached: tuple[list[tuple[str, str]], str],
    sample: tuple[list[tuple[str, str]], str],
    lettered: bool,
    closed: bool,
) -> None:
    decision = (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nQUYẾT ĐỊNH\nBan hành Quy định mẫu\n"
        "Điều 1. Ban hành kèm theo Quyết định này Quy định mẫu.\n"
        "Điều 2. Quyết định này có hiệu lực từ ngày ký.\n" + CLOSING
    )
    head = "ỦY BAN NHÂN DÂN TỈNH\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n" if lettered else ""
    text = f"{decision}{head}QUY ĐỊNH\nVề việc mẫu\n(Kèm theo Quyết định số 1)\n{attached[1]}\n"
    text += CLOSING if closed else ""
    text += f"PHỤ LỤC I\nMẪU QUYẾT ĐỊNH\nMẫu số 01\n{sample[1]}\n"
    document = parse_text(text)
    assert_sound(document)
    assert headings(document, "main") == [("article", "1"), ("article", "2")]
    assert [part.key for part in document.parts] == ["main", "p2", "pl1"]
    assert headings(document, "p2") == attached[0]
    assert headings(document, "pl1") == []


@QUICK
@given(regulations(), st.integers(66, 96))
def test_wrapped_and_paged_headings_come_out_in_order(
    regulation: tuple[list[tuple[str, str]], str], width: int
) -> None:
    found, text = regulation
    lines = [piece for line in text.split("\n") for piece in textwrap.wrap(line, width)]
    pages = [lines[at : at + 38] for at in range(0, len(lines), 38)]
    numbered = (
        "\n".join([f"CÔNG BÁO/Số 12 + 13/Ngày 05-3-2026 {at}", *page])
        for at, page in enumerate(pages, 41)
    )
    document = parse_text("\f".join(numbered))
    assert_sound(document)
    assert headings(document, "main") == found
    assert len(pages) == 1 or "CÔNG BÁO" not in document.text
