"""Invariants of the parser: generated documents in several garbs, damaged files, any text."""

from __future__ import annotations

import re
import tempfile
import textwrap
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consult.drafts.parsing import (
    REASONS,
    ParsedDocument,
    UnreadableDocument,
    parse_file,
    parse_text,
)
from tests.support.untraced import untraced
from tests.unit.drafts.files import DATA, docx, numbering, paragraph, squeeze
from tests.unit.drafts.test_real_documents import assert_sound

WORDS = (
    "cơ quan tổ chức cá nhân có trách nhiệm thực hiện quy định của pháp luật về bảo vệ môi trường "
    "đội ngũ trí thức tỉnh xây dựng kế hoạch hằng năm báo cáo Ủy ban nhân dân theo Điều 46 của "
    "Luật này, khoản 2 Điều 5, điểm a khoản 1; giai đoạn 2021 - 2030 (sau đây gọi là "
    "“Chương trình”) khoa học, công nghệ 40.924 người 15% phản biện, giám định xã hội đúng thời hạn"
).split()
LETTERS = "a b c d đ e g h i k l m n o p q".split()
QUICK = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@dataclass
class Unit:
    kind: str
    number: str
    head: str
    text: str

    @property
    def line(self) -> str:
        return f"{self.head}{self.text}"


@st.composite
def sentences(draw: st.DrawFn, longest: int = 40) -> str:
    length = draw(st.integers(3, longest))
    start = draw(st.integers(0, len(WORDS) - 1))
    step = draw(st.sampled_from([1, 7, 11]))
    words = [WORDS[(start + step * at) % len(WORDS)] for at in range(length)]
    text = "Việc " + " ".join(words).rstrip(",;:(“ ")
    return text + draw(st.sampled_from([".", ".", ";"]))


@st.composite
def titles(draw: st.DrawFn) -> str:
    # No title ends in a word that a reference must follow ("… tại khoản").
    return f"{draw(sentences(9)).rstrip('.;,”')} chung"


@st.composite
def laws(draw: st.DrawFn) -> list[Unit]:
    """Chapters, articles, clauses and points in order, as they are written."""
    units: list[Unit] = []
    article = 0
    for chapter in range(draw(st.integers(1, 3))):
        roman = ["I", "II", "III"][chapter]
        units.append(Unit("chapter", roman, f"Chương {roman}\n", "QUY ĐỊNH CHUNG"))
        for _ in range(draw(st.integers(1, 4))):
            article += 1
            units.append(Unit("article", str(article), f"Điều {article}. ", draw(titles())))
            clauses = draw(st.integers(1, 4))
            for clause in range(1, clauses + 1):
                units.append(Unit("clause", str(clause), f"{clause}. ", draw(sentences())))
                for letter in LETTERS[: draw(st.sampled_from([0, 0, 2, 7]))]:
                    units.append(Unit("letter", letter, f"{letter}) ", draw(sentences())))
    return units


def outline(document: ParsedDocument) -> list[tuple[str, str, str]]:
    return [(p.kind, p.number, squeeze(p.title + p.text)) for p in document.provisions]


def expected(units: list[Unit]) -> list[tuple[str, str, str]]:
    return [(unit.kind, unit.number, squeeze(unit.text)) for unit in units]


@QUICK
@given(laws())
def test_a_law_as_plain_paragraphs(units: list[Unit]) -> None:
    document = parse_text("\n".join(unit.line for unit in units))
    assert_sound(document)
    assert outline(document) == expected(units)
    assert not document.warnings


@QUICK
@given(laws(), st.integers(60, 95))
def test_a_law_wrapped_at_a_margin_keeps_its_headings(units: list[Unit], width: int) -> None:
    lines: list[str] = []
    for unit in units:
        for line in unit.line.split("\n"):
            lines += textwrap.wrap(line, width, break_on_hyphens=False)
    pages = ["\n".join(lines[at : at + 40]) for at in range(0, len(lines), 40)]
    document = parse_text("\f".join(pages))
    assert_sound(document)
    found = [(p.kind, p.number) for p in document.provisions if p.kind in {"chapter", "article"}]
    assert found == [(u.kind, u.number) for u in units if u.kind in {"chapter", "article"}]


@QUICK
@given(laws(), st.booleans())
def test_a_law_in_word_typed_or_numbered_by_word(units: list[Unit], automatic: bool) -> None:
    levels = [
        ("upperRoman", "Chương %1"), ("decimal", "Điều %2."), ("decimal", "%3."),
        ("lowerLetter", "%4)"),
    ]  # fmt: skip
    depth = {"chapter": 0, "article": 1, "clause": 2, "letter": 3}
    definition = numbering(levels).replace(
        '<w:lvlText w:val="Điều %2."/>', '<w:lvlText w:val="Điều %2."/><w:lvlRestart w:val="0"/>'
    )
    if automatic:
        # Word's own alphabet has no đ, so the points end before it would come.
        units = [u for u in units if u.kind != "letter" or u.number in "abcd"]
        body = "".join(paragraph(unit.text, level=(1, depth[unit.kind])) for unit in units)
    else:
        body = "".join(paragraph(unit.line) for unit in units)
    document = parse_bytes(docx(body, numbering=definition), "mau.docx")
    assert_sound(document)
    assert outline(document) == expected(units)


@st.composite
def outlines(draw: st.DrawFn) -> list[Unit]:
    """I. → 1. → 1.1. → bullets, as plans and programmes are written."""
    units: list[Unit] = []
    for roman in ["I", "II", "III"][: draw(st.integers(1, 3))]:
        units.append(Unit("roman", roman, f"{roman}. ", draw(titles()).upper()))
        for number in range(1, draw(st.integers(1, 3)) + 1):
            units.append(Unit("numeral", str(number), f"{number}. ", draw(titles())))
            for sub in range(1, draw(st.sampled_from([0, 2, 3])) + 1):
                label = f"{number}.{sub}"
                units.append(Unit("decimal", label, f"{label}. ", draw(titles())))
                for bullet in range(1, draw(st.integers(0, 4)) + 1):
                    units.append(Unit("bullet", str(bullet), "- ", draw(sentences())))
    return units


@QUICK
@given(outlines(), st.booleans())
def test_an_outline_is_found_again(units: list[Unit], blank: bool) -> None:
    text = ("\n\n" if blank else "\n").join(unit.line for unit in units)
    document = parse_text(text)
    assert_sound(document)
    assert outline(document) == expected(units)


@QUICK
@given(outlines(), st.integers(0, 10_000))
def test_keys_do_not_depend_on_what_comes_later(units: list[Unit], cut: int) -> None:
    whole = parse_text("\n".join(unit.line for unit in units))
    half = units[: 1 + cut % len(units)]
    part = parse_text("\n".join(unit.line for unit in half))
    assert [p.key for p in part.provisions] == [p.key for p in whole.provisions][: len(half)]


MARKS = st.sampled_from(
    ["Điều 1. ", "Điều 2", "Điều 3. A", "Điều\n4", "Chương I", "CHƯƠNG II\nHAI", "Mục 1. X", "I. ",
     "1. ", "1.1. ", "a) ", "đ) ", "- ", "+ ", "• ", "“", "”", "”.", '"', "PHỤ LỤC", "PHỤ LỤC II",
     "Mẫu số 01", "Nơi nhận:", "TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "Nguyễn Văn An", "QUYẾT ĐỊNH:",
     "QUY ĐỊNH", "(Kèm theo Quyết định)", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "MỤC LỤC",
     "Một ........ 3", "như sau:", "\f", "\n", "\n\n", " ", "\t", "   ", "Trên đây là", "MỞ ĐẦU",
     "nội dung.", "Nội dung", "2030", "IV.", "B. ", "(i) ", "3a. ", "Phần thứ nhất", "\u00a0"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(MARKS | st.text(max_size=12), max_size=60))
def test_nothing_is_lost_in_any_text(pieces: list[str]) -> None:
    text = "".join(pieces)
    if is_empty(text):
        with pytest.raises(UnreadableDocument, match="empty"):
            parse_text(text)
    else:
        assert_sound(parse_text(text))


def parse_bytes(data: bytes, filename: str) -> ParsedDocument:
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        return parse_file(Path(file.name), filename=filename)


def assert_read_or_refused(data: bytes, filename: str) -> None:
    """No crash but the refusal, with a reason that has a sentence."""
    reasons = []
    try:
        assert_sound(parse_bytes(data, filename))
    except UnreadableDocument as refusal:
        reasons.append(refusal.reason)
    assert set(reasons) <= set(REASONS)


def is_empty(text: str) -> bool:
    """Whether nothing is left once control characters and white space are gone."""
    return not squeeze(re.sub(r"[\x00-\x1f\x7f]", "", text))


SOURCES = [
    "TT-13-2026-BQP.docx", "ND-293-2025-luong-toi-thieu.pdf", "LBH-2025.txt",
    "danh-sach-tu-dong.doc",
]  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(SOURCES), st.data())
def test_damaged_files_are_read_or_refused(name: str, data: st.DataObject) -> None:
    content = bytearray((DATA / name).read_bytes())
    if data.draw(st.booleans()):
        del content[data.draw(st.integers(0, len(content))) :]
    for _ in range(data.draw(st.integers(0, 8))):
        if content:
            content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    assert_read_or_refused(bytes(content), name)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["a.docx", "a.pdf", "a.txt", "a.doc", "a"]))
def test_random_bytes_are_read_or_refused(content: bytes, name: str) -> None:
    assert_read_or_refused(content, name)


MOST_TIMES, TRIES = 3.3, 4


@pytest.mark.parametrize(
    "line",
    ["“Điều 1. ", "Điều 1. Một\n", "1. " * 50 + "\n", "- a\n", "Nơi nhận:\n", "PHỤ LỤC\n",
     "a" * 400, "........", "CHỦ TỊCH\n", "MỤC LỤC\n", "Điều\n", "(Kèm theo\n", "I.I.I.I",
     "QUY ĐỊNH\n",
     "“như sau:\n", "A\t\tB\n", "Nguyễn ", "\n \n", "Mẫu số 1\n", "1.1.1.1.1 ", "\f1\n",
     "Trên đây là\n", "I. A\nTrên đây là\n", "PHỤ LỤC\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n",
     "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n", "A. a\n"],
)  # fmt: skip
def test_time_is_linear_in_hostile_texts(line: str) -> None:
    """Twice the text takes about twice the time, however slow or busy the machine: the least
    of a few tries counts, and what is quadratic fails them all."""

    def seconds(length: int) -> float:
        text = line * (length // len(line))
        begin = time.process_time()
        with untraced(), suppress(UnreadableDocument):
            parse_text(text)
        return time.process_time() - begin

    ratios: list[float] = []
    while len(ratios) < TRIES and min(ratios, default=9) >= MOST_TIMES:
        ratios.append(seconds(60_000) / max(seconds(30_000), 0.25))
    assert min(ratios) < MOST_TIMES
