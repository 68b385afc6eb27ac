"""Corrections of a tree by hand: what each operation makes of the units, what is refused."""

from __future__ import annotations

import pytest

from consult.drafts.corrections import (
    Conflict,
    Correction,
    Refused,
    Tree,
    apply,
    document,
    replay,
    rules,
)
from consult.drafts.corrections.places import document_name, find, places, propose
from consult.drafts.parsing import ParsedDocument, ParsedProvision, parse_text

TEXT = """Chương I
QUY ĐỊNH CHUNG
Điều 1. Phạm vi điều chỉnh
Luật này quy định về trí thức.
Điều 2. Giải thích từ ngữ
1. Trí thức là người có trình độ.
Chương II Hỗ trợ trí thức ở xã
2. Tổ chức là hội.
a) Hội cấp tỉnh;
b) Hội cấp xã.
Điều 3. Hiệu lực
1. Từ ngày ký. 2. Thay thế Quyết định số 5.
"""


@pytest.fixture
def guess() -> ParsedDocument:
    return parse_text(TEXT)


def at(words: str) -> int:
    assert TEXT.count(words) == 1
    return TEXT.index(words)


def unit(words: str) -> str:
    return str(at(words))


def what(kind: str, number: str = "", title: str = "") -> dict[str, str]:
    return {"kind": kind, "number": number, "title": title}


def mark_chapter() -> Correction:
    params = what("chapter", "II", "Hỗ trợ trí thức ở xã") | {"at": at("Chương II")}
    return Correction("mark", params)


def outcome(guess: ParsedDocument, *corrections: Correction) -> dict[str, ParsedProvision]:
    return {p.key: p for p in document(replay(guess, corrections)).provisions}


def refusal(guess: ParsedDocument, operation: str, **params: object) -> Refused:
    with pytest.raises(Refused) as raised:
        apply(Tree.of(guess), Correction(operation, params))
    return raised.value


def test_a_missed_chapter_takes_the_articles_that_follow(guess: ParsedDocument) -> None:
    before = {p.key: p for p in guess.provisions}
    assert before["d3"].parent == "c1"
    assert "Hỗ trợ" in before["d2.k1"].text
    after = outcome(guess, mark_chapter())
    assert after["c2"].title == "Hỗ trợ trí thức ở xã"
    assert after["c2"].parent is None
    assert after["d3"].parent == "c2"
    assert after["d2"].parent == "c1"
    assert after["c2.k2"].citation == "khoản 2 Chương II"
    assert after["c2.k2.a"].parent == "c2.k2"
    assert after["d2.k1"].text == "Trí thức là người có trình độ."


def test_splitting_makes_a_sibling_or_a_child(guess: ParsedDocument) -> None:
    split = {"unit": unit("1. Từ ngày ký"), "at": at("2. Thay thế"), **what("clause", "2")}
    after = outcome(guess, Correction("split", split | {"under": "sibling"}))
    assert after["d3.k1"].text == "Từ ngày ký."
    assert after["d3.k2"].text == "Thay thế Quyết định số 5."
    assert after["d3.k2"].citation == "khoản 2 Điều 3"
    assert after["d3.k2"].parent == "d3"
    child = {"unit": unit("Điều 1. Phạm vi"), "at": at("Luật này"), **what("paragraph")}
    after = outcome(guess, Correction("split", child | {"under": "child"}))
    assert after["d1"].text == ""
    assert after["d1.p1"].text == "Luật này quy định về trí thức."


def test_merging_joins_neighbours_and_moves_children_up(guess: ParsedDocument) -> None:
    merge = Correction("merge", {"unit": unit("2. Tổ chức"), "into": unit("1. Trí thức")})
    after = outcome(guess, merge)
    assert after["d2.k1"].text.endswith("2. Tổ chức là hội.")
    assert after["d2.k1.a"].text == "Hội cấp tỉnh;"
    assert "d2.k2" not in after


DECISION = """QUYẾT ĐỊNH
Điều 1. Ban hành
1. Ban hành văn bản này. 2. Có phụ lục.
Quy chế làm việc
Điều 2. Thẩm quyền
Hội đồng quyết định.
Điều 3. Trách nhiệm
a) Lập dự toán;
PHỤ LỤC I
BIỂU MẪU
"""


def attach(text: str, words: str, name: str = "Quy chế kèm theo") -> Correction:
    return Correction("attach", {"at": text.index(words), "name": name})


def test_an_attached_document_begins_in_a_text() -> None:
    guess = parse_text(DECISION)
    assert [part.key for part in guess.parts] == ["main", "pl1"]
    made = document(replay(guess, [attach(DECISION, "Quy chế làm")]))
    assert [(p.key, p.title) for p in made.parts] == [
        ("main", guess.parts[0].title),
        ("p2", "Quy chế làm việc"),
        ("pl1", guess.parts[1].title),
    ]
    named = {p.key: p for p in made.provisions}
    assert named["p2.d2"].citation == "Điều 2 Quy chế kèm theo"
    assert named["p2.d3.a"].citation == "điểm a Điều 3 Quy chế kèm theo"
    assert named["d1.k1"].part == "main"
    assert "d2" not in named
    assert made.parts[1].start == DECISION.index("Quy chế làm")
    assert made.parts[1].end == made.parts[2].start - 1


def test_an_attached_document_begins_with_a_unit_and_gives_it_up_again() -> None:
    guess = parse_text(DECISION)
    begin = attach(DECISION, "Điều 3. Trách", "Nội quy kèm theo")
    tree = replay(guess, [begin])
    named = {p.key: p for p in document(tree).provisions}
    assert named["p2.d3"].citation == "Điều 3 Nội quy kèm theo"
    assert named["d2"].part == "main"
    again = Correction("unmark", {"unit": begin_of("Điều 3. Tr"), "into": begin_of("Điều 2. Th")})
    joined = document(replay(guess, [begin, again]))
    assert [p.key for p in joined.parts] == ["main", "pl1"]
    assert "p2.d3.a" not in {p.key for p in joined.provisions}


def begin_of(words: str) -> str:
    return str(DECISION.index(words))


def test_unassigned_text_begins_an_attached_document() -> None:
    text = "Tin nổi bật\nLời dẫn\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐiều 1. Một\n1. A."
    guess = parse_text(text)
    assert guess.remainder.startswith("Tin")
    with pytest.raises(Refused, match="first_attached"):
        apply(Tree.of(guess), Correction("attach", {"at": 0, "name": "Quy chế"}))


@pytest.mark.parametrize(
    ("words", "name", "reason"),
    [
        ("QUYẾT ĐỊNH", "Quy chế", "first_attached"),
        ("PHỤ LỤC I", "Quy chế", "part_already"),
        ("Quy chế làm", "", "name_missing"),
        ("Quy chế làm", "x" * 81, "name_too_long"),
        ("iều 2. Thẩm", "Quy chế", "not_its_text"),
    ],
)
def test_where_no_attached_document_begins(words: str, name: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        apply(Tree.of(parse_text(DECISION)), attach(DECISION, words, name))


def test_what_citations_call_an_attached_document() -> None:
    assert document_name("QUY CHẾ LÀM VIỆC") == "Quy chế kèm theo"
    assert document_name("Quy định về hỗ trợ") == "Quy định kèm theo"
    assert document_name("Quy địnhs") == "Văn bản kèm theo"


def test_a_number_that_was_accepted_once_stays(guess: ParsedDocument) -> None:
    invented = what("clause", "7") | {"at": at("Tổ chức là hội"), "under": "sibling"}
    split = Correction("split", {"unit": unit("2. Tổ chức"), **invented})
    mark = Correction("mark", {"at": at("Luật này quy"), **what("chapter", "IX")})
    for stored in (mark, Correction("retype", {"unit": unit("a) Hội"), **what("letter", "z")})):
        with pytest.raises(Refused, match="number_not_first"):
            apply(Tree.of(guess), stored)
        tree = replay(guess, [stored])
        assert {"IX", "z"} & {p.number for p in document(tree).provisions}
        with pytest.raises(Refused, match="number_not_first"):
            apply(tree, split if stored is mark else mark)


def test_articles_without_marks_are_no_doubt_once_one_is_marked() -> None:
    text = "Dieu 1. Pham vi\nLuat nay quy dinh. Điều 2. Hiệu lực\n"
    guess = parse_text(text)
    assert "no_marks" in [w.code for w in guess.warnings]
    mark = Correction("mark", {"at": text.index("Điều 2"), **what("article", "2")})
    assert "no_marks" not in [w.code for w in document(replay(guess, [mark])).warnings]


def test_what_is_no_heading_becomes_text_of_what_precedes(guess: ParsedDocument) -> None:
    unmark = Correction("unmark", {"unit": unit("Điều 2. Giải"), "into": unit("Điều 1. Phạm vi")})
    after = outcome(guess, unmark)
    assert after["d1"].text.endswith("Điều 2. Giải thích từ ngữ")
    assert after["d1.k1"].text.startswith("Trí thức")
    assert [w.code for w in document(replay(guess, [unmark])).warnings] == ["number_gap"]


def test_the_title_is_the_first_words(guess: ParsedDocument) -> None:
    article = unit("Điều 1. Phạm vi")
    after = outcome(guess, Correction("retitle", {"unit": article, "title": "Phạm vi"}))
    assert (after["d1"].title, after["d1"].text[:10]) == ("Phạm vi", "điều chỉnh")
    after = outcome(guess, Correction("retitle", {"unit": article, "title": ""}))
    assert (after["d1"].title, after["d1"].text[:7]) == ("", "Phạm vi")
    clause = unit("1. Từ ngày ký")
    after = outcome(guess, Correction("retitle", {"unit": clause, "title": "Từ ngày  ký"}))
    assert after["d3.k1"].title == "Từ ngày ký.", "the stop behind is no text of its own"
    for wrong in ("điều chỉnh", "Phạm vi điều chỉn", "Phạm v"):
        assert refusal(guess, "retitle", unit=article, title=wrong).reason == "title_not_first"


def test_a_kind_brings_its_place_with_it(guess: ParsedDocument) -> None:
    retype = Correction("retype", {"unit": unit("2. Tổ chức"), **what("article", "2")})
    after = outcome(guess, retype)
    assert after["d2-2"].parent == "c1"
    assert after["d2-2"].text == "Tổ chức là hội."
    assert after["d2-2.a"].parent == "d2-2"
    codes = [w.code for w in document(replay(guess, [retype])).warnings]
    assert codes == ["duplicate_number"]


def test_a_number_is_the_one_in_the_text(guess: ParsedDocument) -> None:
    clause = unit("2. Tổ chức")
    for kind, number in (("clause", "3"), ("article", "22"), ("appendix", "I")):
        assert refusal(guess, "retype", unit=clause, **what(kind, number)).reason == (
            "number_not_first"
        )
    split = {"unit": unit("1. Từ ngày ký"), "at": at("Thay thế"), "under": "sibling"}
    assert refusal(guess, "split", **split, **what("clause", "2")).reason == "number_not_first"


@pytest.mark.parametrize(
    ("line", "kind", "number"),
    [
        ("Ðiều 4. Chữ Eth", "article", "4"),
        ("Điều thứ nhất. Tên", "article", "1"),
        ("Điều 4. Thật ra là khoản", "clause", "4"),
        ("CHƯƠNG Il", "chapter", "II"),
        ("Phụ lục số 2", "appendix", "2"),
        ("Mẫu số 01. Đơn", "appendix", "Mẫu số 01"),
        ("(a) điểm", "letter", "a"),
    ],
)
def test_a_number_is_known_however_it_is_written(line: str, kind: str, number: str) -> None:
    assert rules.number_end(line, 0, len(line), kind, number) > 0
    assert rules.number_end(line, 0, len(line), kind, number + "9") == 0


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Điều 5a. Phạm vi\nHai", "5a"),
        ("Ðiều 4 chữ thường", "4"),
        ("1a. khoản chèn.", "1a"),
        ("chèn 1a. khoản chèn.", ""),
        ("- gạch", ""),
    ],
)
def test_a_text_shows_its_number(text: str, number: str) -> None:
    assert rules.number_shown(text) == number


@pytest.mark.parametrize("kind", ["quote", "table", "bullet", "signature"])
def test_what_has_neither_number_nor_title_takes_none(guess: ParsedDocument, kind: str) -> None:
    params = what(kind, "3", "Hiệu lực") | {"unit": unit("Điều 3. Hiệu")}
    made = document(replay(guess, [Correction("retype", params)]))
    now = next(p for p in made.provisions if p.start == at("Điều 3. Hiệu"))
    assert (now.kind, now.title) == (kind, "")
    assert now.text == "Điều 3. Hiệu lực"
    tree = replay(guess, [Correction("retype", params)])
    with pytest.raises(Refused) as raised:
        apply(tree, Correction("retitle", {"unit": params["unit"], "title": "Điều"}))
    assert raised.value.reason == "title_none"


def test_a_unit_moves_under_what_is_open(guess: ParsedDocument) -> None:
    letter = unit("b) Hội")
    move = Correction("reparent", {"unit": letter, "parent": unit("Điều 2. Giải")})
    assert outcome(guess, move)["d2.b"].citation == "điểm b Điều 2"
    clause, chapter = unit("2. Tổ chức"), unit("Chương I\n")
    assert refusal(guess, "reparent", unit=clause, parent=unit("Điều 3")).reason == "not_open"
    assert refusal(guess, "reparent", unit=clause, parent=letter).reason == "not_open"
    assert refusal(guess, "reparent", unit=clause, parent="7777").reason == "gone"
    article = unit("Điều 3. Hiệu")
    deep = refusal(guess, "reparent", unit=article, parent=letter)
    assert deep.reason == "cannot_hold"
    assert "Điều 3" in deep.params["unit"]
    assert refusal(guess, "reparent", unit=article, parent=chapter).reason == "same_place"


def test_an_appendix_begins_a_part_and_gives_it_back() -> None:
    guess = parse_text("Điều 1. Một\nNội dung.\nPhụ lục đính kèm\nĐiều 2. Hai\n1. Khoản.")
    text = guess.text
    mark = Correction("mark", {"at": text.index("Phụ lục"), **what("appendix")})
    made = document(replay(guess, [mark]))
    assert [part.key for part in made.parts] == ["main", "pl"]
    assert {p.key: p.citation for p in made.provisions}["pl.d2.k1"] == "khoản 1 Điều 2 Phụ lục"
    start = str(text.index("Phụ lục"))
    merge = Correction("merge", {"unit": start, "into": str(text.index("Điều 1"))})
    assert [part.key for part in document(replay(guess, [mark, merge])).parts] == ["main"]


def test_unassigned_text_can_be_marked() -> None:
    text = "Tin nổi bật\nLời dẫn\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐiều 1. Một\n1. A."
    guess = parse_text(text)
    assert guess.remainder == "Tin nổi bật\nLời dẫn"
    place = guess.text.index("Lời dẫn")
    mark = Correction("mark", {"at": place, **what("paragraph", "", "Lời dẫn")})
    made = document(replay(guess, [mark]))
    assert made.remainder == "Tin nổi bật"
    assert made.provisions[0].title == "Lời dẫn"
    left = [w.params["excerpt"] for w in made.warnings if w.code == "unassigned_text"]
    assert left == ["Tin nổi bật"]
    with pytest.raises(Conflict) as conflict:
        replay(guess, [mark, Correction("mark", {"at": place + 4, **what("paragraph")})])
    assert conflict.value.reason.reason == "not_its_text"


@pytest.mark.parametrize(
    ("reason", "operation", "params"),
    [
        ("kind_unknown", "retype", what("law", "1")),
        ("number_missing", "retype", what("clause")),
        ("number_too_long", "retype", what("clause", "1" * 21)),
        ("first_appendix", "retype", what("appendix", "I")),
        ("first_unit", "merge", {"into": "0"}),
        ("same_kind", "retype", what("chapter", "I", "QUY ĐỊNH CHUNG")),
        ("not_its_text", "split", what("clause", "2") | {"at": 3, "under": "child"}),
    ],
)
def test_what_cannot_be_is_refused(
    guess: ParsedDocument, reason: str, operation: str, params: dict[str, object]
) -> None:
    assert refusal(guess, operation, unit="0", **params).reason == reason


def test_only_neighbours_are_merged(guess: ParsedDocument) -> None:
    apart = refusal(guess, "merge", unit=unit("Điều 3. Hiệu"), into=unit("Điều 2. Giải"))
    assert apart.reason == "not_adjacent"
    assert apart.params["other"].startswith("b) Hội")


def test_undoing_one_leaves_the_rest_or_names_what_builds_on_it(guess: ParsedDocument) -> None:
    title = Correction("retitle", {"unit": unit("Điều 1. Phạm vi"), "title": ""})
    inside = Correction("retitle", {"unit": unit("Chương II"), "title": "Hỗ trợ"})
    assert outcome(guess, mark_chapter(), inside)["c2"].title == "Hỗ trợ"
    assert outcome(guess, mark_chapter())["d1"].title
    assert not outcome(guess, title)["d1"].title
    with pytest.raises(Conflict) as conflict:
        replay(guess, [title, inside])
    assert conflict.value.index == 1
    assert document(replay(guess, [])) == guess


def test_places_are_lines_and_sentences() -> None:
    text = "1. Từ ngày ký. Thay thế số 40.924 cũ; b) riêng.\n\n  Dòng hai"
    found = places(text, 3, len(text))
    assert [text[p.at :][:6] for p in found] == ["Từ ngà", "Thay t", "b) riê", "Dòng h"]
    assert [p.line for p in found] == [True, False, False, True]


def test_words_are_found_whatever_the_white_space() -> None:
    text = "a b  c\nd a b e"
    assert find(text, 0, len(text), "c d") == 5
    assert find(text, 0, len(text), "a b e") == 9
    for words, reason in (("x", "words_missing"), ("a b", "words_repeated")):
        with pytest.raises(Refused) as raised:
            find(text, 0, len(text), words)
        assert raised.value.reason == reason


@pytest.mark.parametrize(
    ("line", "proposal"),
    [
        ("Điều 5a. Phạm vi", ("article", "5a", "Phạm vi")),
        ("Chương II", ("chapter", "II", "")),
        ("Phụ lục I", ("appendix", "I", "")),
        ("II. MỤC TIÊU", ("roman", "II", "MỤC TIÊU")),
        ("2. Một câu.", ("numeral", "2", "")),
        ("đ) điểm;", ("letter", "đ", "")),
        ("- gạch", ("bullet", "", "")),
        ("Một câu thường.", ("paragraph", "", "")),
    ],
)
def test_a_line_proposes_what_it_looks_like(line: str, proposal: tuple[str, str, str]) -> None:
    assert propose(line) == proposal


def test_a_number_inside_an_article_is_a_clause() -> None:
    assert propose("2. Mục tiêu", in_article=True) == ("clause", "2", "")
    assert propose("2. Mục tiêu") == ("numeral", "2", "Mục tiêu")
