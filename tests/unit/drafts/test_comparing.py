"""What becomes of provisions: each kind of change, and the cases that mislead."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from consult.drafts.comparison import Change, Comparison, Unit, compare, word_diffs
from consult.drafts.parsing import ParsedDocument, parse_text
from tests.support.edited_drafts import SPARE

TOPICS = (
    "cấp giấy phép khai thác nước dưới đất cho hộ gia đình ở vùng núi",
    "thu phí sử dụng kết cấu hạ tầng tại cửa khẩu đường bộ của tỉnh",
    "hỗ trợ sinh viên sư phạm trở về công tác tại trường ở xã biên giới",
    "đấu giá quyền sử dụng đất ở khu dân cư mới sau khi có quy hoạch",
    "bảo tồn giống cây bản địa trong vườn quốc gia và vùng đệm",
    "tiếp nhận phản ánh về tiếng ồn của cơ sở sản xuất trong đêm",
    "quản lý xe buýt chạy điện trên các tuyến nội đô giờ tan tầm",
    "khám sức khỏe định kỳ cho người cao tuổi sống một mình",
    "trích lập quỹ phòng chống thiên tai từ ngân sách cấp huyện cũ",
    "công nhận nghề truyền thống có từ trước năm một nghìn chín trăm",
    "cho thuê mặt bằng chợ nông thôn theo phương thức đấu thầu rộng rãi",
    "giám định chất lượng công trình thủy lợi trước mùa mưa lũ",
)


def parsed(*lines: str) -> ParsedDocument:
    return parse_text("\n".join(lines))


def law(articles: list[str], *, chapters: dict[int, str] | None = None) -> ParsedDocument:
    """A law of articles, each two clauses on its topic; chapters begin before an article."""
    lines: list[str] = []
    for at, topic in enumerate(articles):
        if chapters and at in chapters:
            lines.append(f"Chương {'I II III IV V'.split()[list(chapters).index(at)]}")
            lines.append(chapters[at])
        lines += [
            f"Điều {at + 1}. Về việc {topic[:24].strip()}",
            f"1. Cơ quan có thẩm quyền {topic}.",
            f"2. Tổ chức, cá nhân liên quan đến việc {topic} có trách nhiệm báo cáo.",
        ]
    return parsed(*lines)


def compared(old: ParsedDocument, new: ParsedDocument) -> Comparison:
    return compare(old.provisions, new.provisions)


def told(comparison: Comparison) -> list[str]:
    """The changes but the unchanged ones: "kind old→new", a star for changed wording."""
    return [
        f"{c.kind}{'*' if c.wording_changed and c.kind not in ('added', 'deleted') else ''} "
        f"{'+'.join(c.old)}→{'+'.join(c.new)}"
        for c in comparison.changes
        if c.kind != "unchanged"
    ]


def of(comparison: Comparison, key: str) -> Change:
    return next(c for c in comparison.changes if key in c.old)


def reworded(text: str, share: float, seed: int = 1) -> str:
    """The text with that share of its syllables replaced."""
    chance = random.Random(seed)
    words = text.split(" ")
    for at in chance.sample(range(len(words)), round(share * len(words))):
        words[at] = chance.choice(SPARE)
    return " ".join(words)


def test_the_same_draft_is_unchanged() -> None:
    assert told(compared(law(list(TOPICS)), law(list(TOPICS)))) == []


def test_an_empty_version_has_only_additions() -> None:
    new = parsed("Điều 1. Một", "Điều 2. Hai")
    assert Counter(c.kind for c in compare([], new.provisions).changes) == {"added": 2}
    assert Counter(c.kind for c in compare(new.provisions, []).changes) == {"deleted": 2}
    assert compare([], []).changes == ()


def test_two_articles_in_front_renumber_all_others_and_move_none() -> None:
    new = law(["mở cổng dữ liệu cho mọi người", "lưu bản sao của bảng tính", *TOPICS])
    counts = compared(law(list(TOPICS)), new).counts
    assert counts["renumbered"] == len(TOPICS)
    assert (counts["added"], counts["unchanged"]) == (6, 2 * len(TOPICS))


def test_a_deleted_article_stands_at_its_old_place() -> None:
    old = law(list(TOPICS[:5]))
    changes = told(compared(old, law([*TOPICS[:2], *TOPICS[3:5]])))
    assert changes == [
        "deleted d3→", "deleted d3.k1→", "deleted d3.k2→", "renumbered d4→d3", "renumbered d5→d4",
    ]  # fmt: skip


def test_one_article_moved_to_the_front() -> None:
    topics = list(TOPICS)
    comparison = compared(law(topics), law([topics[6], *topics[:6], *topics[7:]]))
    assert told(comparison) == [
        "moved d7→d1", *(f"renumbered d{n}→d{n + 1}" for n in range(1, 7)),
    ]  # fmt: skip


def test_an_article_goes_to_another_chapter_and_its_clauses_with_it() -> None:
    chapters = {0: "QUY ĐỊNH CHUNG", 4: "TỔ CHỨC", 8: "ĐIỀU KHOẢN THI HÀNH"}
    topics = list(TOPICS)
    old = law(topics, chapters=chapters)
    new = law(
        [*topics[:2], *topics[3:8], topics[2], *topics[8:]],
        chapters={0: "QUY ĐỊNH CHUNG", 3: "TỔ CHỨC", 8: "ĐIỀU KHOẢN THI HÀNH"},
    )
    moved = [c for c in compared(old, new).changes if c.kind == "moved"]
    assert [(c.old, c.new, c.wording_changed) for c in moved] == [(("d3",), ("d8",), False)]


def test_two_chapters_become_one() -> None:
    old = law(list(TOPICS), chapters={0: "QUY ĐỊNH CHUNG", 4: "TỔ CHỨC", 8: "KIỂM TRA"})
    new = law(list(TOPICS), chapters={0: "QUY ĐỊNH CHUNG", 4: "TỔ CHỨC VÀ KIỂM TRA"})
    assert told(compared(old, new)) == ["merged* c2+c3→c2"]
    assert told(compared(new, old)) == ["split* c2→c2+c3"]


def test_sections_put_into_a_chapter_move_nothing() -> None:
    lines = [f"Điều {n}. Việc {topic}" for n, topic in enumerate(TOPICS, 1)]
    old = parsed("Chương I", "QUY ĐỊNH CHUNG", *lines)
    new = parsed("Chương I", "QUY ĐỊNH CHUNG", "Mục 1. VỀ ĐẤT", *lines[:5], "Mục 2. VỀ NƯỚC",
                 *lines[5:])  # fmt: skip
    assert told(compared(old, new)) == ["added →c1.m1", "added →c1.m2"]
    assert told(compared(new, old)) == ["deleted c1.m1→", "deleted c1.m2→"]


def test_identical_short_provisions_follow_their_articles() -> None:
    def repeal(*topics: str) -> ParsedDocument:
        lines: list[str] = []
        for n, topic in enumerate(topics, 1):
            lines += [f"Điều {n}. Nghị quyết {topic}", "1. Bãi bỏ.", "2. Giao sở tổ chức."]
        return parsed(*lines)

    comparison = compared(repeal(*TOPICS), repeal(*TOPICS[:3], "về cầu mới", *TOPICS[3:]))
    for n in range(1, len(TOPICS) + 1):
        there = n if n < 4 else n + 1
        assert of(comparison, f"d{n}.k1").new == (f"d{there}.k1",)
        assert of(comparison, f"d{n}.k1").kind == "unchanged"
    assert [c.new[0] for c in comparison.changes if c.kind == "added"] == ["d4", "d4.k1", "d4.k2"]


def test_reordered_bullets_move_as_few_as_possible() -> None:
    lines = [f"- Việc {topic};" for topic in TOPICS]
    old = parsed("I. NHIỆM VỤ", *lines)
    new = parsed("I. NHIỆM VỤ", *lines[:2], lines[9], *lines[2:9], *lines[10:])
    [moved] = [c for c in compared(old, new).changes if c.kind != "unchanged"]
    assert moved.kind == "moved"
    assert moved.old[0].startswith("r1.b10-")
    assert moved.new[0].startswith("r1.b3-")


def test_a_bullet_has_a_place_but_no_number() -> None:
    lines = [f"- Việc {topic};" for topic in TOPICS]
    new = parsed("I. NHIỆM VỤ", "- Việc hoàn toàn mới chưa ai nghĩ ra;", *lines)
    assert [c.split()[0] for c in told(compared(parsed("I. NHIỆM VỤ", *lines), new))] == ["added"]


@pytest.mark.parametrize("share", [0.01, 0.1, 0.2, 0.3, 0.4])
def test_a_decree_reworded_throughout_keeps_its_mapping(share: float) -> None:
    old = law(list(TOPICS))
    new = law(["lưu trữ bản đồ số", *(reworded(t, share, n) for n, t in enumerate(TOPICS))])
    comparison = compared(old, new)
    for n in range(1, len(TOPICS) + 1):
        for part in ("", ".k1", ".k2"):
            assert of(comparison, f"d{n}{part}").new == (f"d{n + 1}{part}",)


def test_a_clause_cut_in_two_and_put_together_again() -> None:
    first, second = f"Cơ quan {TOPICS[0]}", f"tổ chức {TOPICS[1]}"
    head = "Điều 1. Trách nhiệm"
    whole = parsed(head, "1. Mở đầu việc này.", f"2. {first}; {second}.", "3. Kết thúc việc này.")
    cut = parsed(head, "1. Mở đầu việc này.", f"2. {first}.", f"3. T{second[1:]}.",
                 "4. Kết thúc việc này.")  # fmt: skip
    assert told(compared(whole, cut)) == ["split d1.k2→d1.k2+d1.k3", "renumbered d1.k3→d1.k4"]
    assert told(compared(cut, whole)) == ["merged d1.k2+d1.k3→d1.k2", "renumbered d1.k4→d1.k3"]


def test_a_clause_divided_among_points_of_its_own() -> None:
    whole = f"1. Ủy ban nhân dân {TOPICS[0]}; {TOPICS[1]}; {TOPICS[2]}."
    old = parsed("Điều 1. Trách nhiệm", whole, "2. Hết.")
    new = parsed("Điều 1. Trách nhiệm", "1. Ủy ban nhân dân:", f"a) {TOPICS[0]};",
                 f"b) {TOPICS[1]};", f"c) {TOPICS[2]}.", "2. Hết.")  # fmt: skip
    assert told(compared(old, new)) == ["split d1.k1→d1.k1+d1.k1.a+d1.k1.b+d1.k1.c"]


def test_what_does_not_count_as_wording() -> None:
    old = parsed("Chương I", "Quy định chung", "Điều 1. Hoà giải", "1. Uỷ ban – kĩ thuật “số”.")
    new = parsed("Chương I", "QUY ĐỊNH CHUNG", "Điều 1. Hòa  giải", '1. Ủy ban - kỹ thuật "số".')
    assert told(compared(old, new)) == []


def test_letter_case_of_the_text_counts() -> None:
    old = parsed("Điều 1. Một", "1. Quyền của nhà nước về đất.")
    new = parsed("Điều 1. Một", "1. Quyền của Nhà nước về đất.")
    assert told(compared(old, new)) == ["changed* d1.k1→d1.k1"]


def test_a_number_that_repeats_its_parents_is_carried_along() -> None:
    def plan(first: int) -> list[Unit]:
        added = Unit("x", "main", "numeral", "1", "Việc mới chưa từng có trong kế hoạch", "", None)
        units = [added] if first == 2 else []
        key = f"r1.{first}"
        units.append(Unit(key, "main", "numeral", f"{first}", "Phát triển hạ tầng", "", None))
        for n in (1, 2):
            number = f"{first}.{n}"
            units.append(Unit(f"{key}.{n}", "main", "decimal", number, "", TOPICS[n], key))
        return units

    assert told(compare(plan(1), plan(2))) == ["added →x", "renumbered r1.1→r1.2"]


def test_blocks_of_a_plan_exchanged() -> None:
    def block(n: int, at: int) -> list[str]:
        return [f"{n}. Nhóm việc {TOPICS[at][:20]}", *(f"- Thứ {w} {TOPICS[at]}" for w in "abc")]

    old = parsed("I. MỤC TIÊU", *block(1, 0), "II. NHIỆM VỤ", *block(1, 1), *block(2, 2))
    new = parsed("I. MỤC TIÊU", *block(1, 0), "II. NHIỆM VỤ", *block(1, 2), *block(2, 1))
    changes = compared(old, new).changes
    assert Counter(c.kind for c in changes) == {"unchanged": 12, "moved": 1, "renumbered": 1}


def test_a_moved_and_reworded_clause() -> None:
    old = law(list(TOPICS))
    lines = old.text.split("\n")
    at = lines.index(f"2. Tổ chức, cá nhân liên quan đến việc {TOPICS[3]} có trách nhiệm báo cáo.")
    clause = lines.pop(at)
    place = next(n for n, line in enumerate(lines) if line.startswith("Điều 10."))
    lines.insert(place, "3. " + reworded(clause[3:], 0.2))
    change = of(compared(old, parsed(*lines)), "d4.k2")
    assert (change.kind, change.wording_changed, change.new) == ("moved", True, ("d9.k3",))


def test_an_appendix_is_added_and_the_main_text_stays() -> None:
    old = law(list(TOPICS[:4]))
    new = parsed(old.text, "PHỤ LỤC I", "DANH MỤC BIỂU MẪU", "1. Biểu mẫu thứ nhất.", "2. Hai.")
    assert {c.kind for c in compared(old, new).changes} == {"unchanged", "added"}


def test_attached_documents_keep_theirs_apart() -> None:
    def decision(*parts: str) -> list[Unit]:
        units: list[Unit] = []
        for at, words in enumerate(parts):
            part = "main" if at == 0 else f"qd{at}"
            prefix = "" if at == 0 else f"{part}."
            for n in (1, 2, 3):
                text = f"Điều này của văn bản {words} nói về điều thứ {n}."
                units.append(Unit(f"{prefix}d{n}", part, "article", str(n), "Chung", text, None))
        return units

    old, new = decision("gốc", "quy chế nội bộ"), decision("gốc", "điều lệ mẫu", "quy chế nội bộ")
    comparison = compare(old, new)
    assert [of(comparison, f"qd1.d{n}").new for n in (1, 2, 3)] == [
        ("qd2.d1",), ("qd2.d2",), ("qd2.d3",),
    ]  # fmt: skip
    assert comparison.counts == {**dict.fromkeys(comparison.counts, 0), "unchanged": 6, "added": 3}


def test_a_table_changed_as_a_whole_is_still_the_table() -> None:
    def table(cells: str) -> list[Unit]:
        head = Unit("d1", "main", "article", "1", "Mức thu phí", "", None)
        after = Unit("d2", "main", "article", "2", "Hiệu lực", "Từ ngày ký ban hành.", None)
        text = f"STT | Loại xe | Mức thu\n{cells}"
        return [head, Unit("d1.bang1", "main", "table", "1", "", text, "d1"), after]

    old = table("1 | Xe con | 10.000\n2 | Xe tải | 20.000\n3 | Xe khách | 15.000")
    new = table("1 | Xe máy điện | 5.500\n2 | Ô tô điện | 7.250\n3 | Tàu thủy | 99.000")
    change = of(compare(old, new), "d1.bang1")
    assert (change.kind, change.new, change.doubtful) == ("changed", ("d1.bang1",), True)


def test_a_rival_nearly_as_good_is_doubtful() -> None:
    old = parsed("Điều 1. Một", f"1. Cơ quan {TOPICS[0]} hằng năm.")
    near = [f"{n}. Cơ quan {TOPICS[0]} {when}." for n, when in ((1, "hằng quý"), (2, "hằng tuần"))]
    change = of(compared(old, parsed("Điều 1. Một", *near)), "d1.k1")
    assert change.doubtful
    assert not of(compared(old, parsed("Điều 1. Một", near[0])), "d1.k1").doubtful


def test_words_that_went_to_another_provision_are_marked() -> None:
    kept, other = "Sở Tài chính theo dõi việc này", "Các xã tự lo phần của mình cho kịp mùa vụ"
    went = "và gửi báo cáo bằng văn bản giấy trước ngày 05 hằng tháng"
    old = parsed("Điều 1. Một", f"1. {kept} {went}.", f"2. {other}.")
    new = parsed("Điều 1. Một", f"1. {kept}.", f"2. {other} {went}.")
    comparison = compared(old, new)
    changes = [c for c in comparison.changes if c.kind == "changed"]
    diffs = word_diffs(old.provisions, new.provisions, changes)
    moved = [[s for s in segments if s.move] for segments in diffs]
    assert [[(s.op, s.move, s.text.strip()) for s in part] for part in moved] == [
        [("deleted", 1, went)],
        [("inserted", 1, went)],
    ]


GENERAL = "Chính phủ quy định chi tiết Điều này."


@pytest.mark.parametrize("where", ["everywhere", "only there"])
def test_a_new_article_is_not_a_deleted_one_for_what_laws_always_say(where: str) -> None:
    def draft(*articles: tuple[str, str, str]) -> ParsedDocument:
        lines: list[str] = []
        for number, title, words in articles:
            lines += [f"Điều {number}. {title}", f"1. Nội dung về {words}."]
            if where == "everywhere" or number in ("6", "2a"):
                lines.append(f"2. {GENERAL}")
        return parsed(*lines)

    kept = [(str(n), f"Việc {t[:20]}", t) for n, t in enumerate(TOPICS[:8], 1)]
    new = ("2a", "Điều hoàn toàn mới", "cơ sở dữ liệu kết nối với cổng quốc gia")
    comparison = compared(draft(*kept), draft(*kept[:2], new, *kept[2:5], *kept[6:]))
    assert told(comparison) == [
        "added →d2a", "added →d2a.k1", "added →d2a.k2", "deleted d6→", "deleted d6.k1→",
        "deleted d6.k2→",
    ]  # fmt: skip


def test_what_laws_always_say_does_not_go_from_article_to_article() -> None:
    old, new = law(list(TOPICS[:6])), law(list(TOPICS[6:]))
    before = old.text.replace("\n2. ", f"\n2. {GENERAL}\n3. ")
    after = new.text.replace("\n2. ", f"\n2. {GENERAL}\n3. ")
    changes = compared(parsed(before), parsed(after)).changes
    assert [c for c in changes if c.old and c.new and not c.doubtful] == []


def test_a_heading_kept_for_its_children_alone_is_doubtful() -> None:
    clauses = [f"{n}. Cơ quan có thẩm quyền {topic}." for n, topic in enumerate(TOPICS[:4], 1)]
    old = parsed("Điều 1. Trách nhiệm phối hợp", *clauses)
    new = parsed("Điều 1. Nội dung quản lý", *clauses)
    change = of(compared(old, new), "d1")
    assert (change.new, change.doubtful) == (("d1",), True)
    given = compare(old.provisions, new.provisions, same=[("d1", "d1")])
    assert not of(given, "d1").doubtful


def test_the_numbers_of_points_written_into_their_clause_stay() -> None:
    points = [
        f"{letter}) {topic.capitalize()};" for letter, topic in zip("abcd", TOPICS, strict=False)
    ]
    head = "1. Tổ chức hoạt động có nghĩa vụ cung cấp thông tin sau đây:"
    old = parsed("Điều 1. Nghĩa vụ", head, *points)
    whole = Unit("d1.k1", "main", "clause", "1", "", " ".join([head[3:], *points]), "d1")
    new = [old.provisions[0], whole]
    comparison = compare(old.provisions, new)
    assert told(comparison) == ["merged d1.k1+d1.k1.a+d1.k1.b+d1.k1.c+d1.k1.d→d1.k1"]
    [merged] = [c for c in comparison.changes if c.kind == "merged"]
    [segments] = word_diffs(old.provisions, new, [merged])
    assert [s for s in segments if s.op != "equal" and not s.minor] == []
    back = compare(new, old.provisions).changes[1]
    assert (back.kind, back.wording_changed) == ("split", False)


def test_a_provision_does_not_become_a_part_of_the_document() -> None:
    last = "Quyền và nghĩa vụ của các bên"
    old = [
        Unit("a", "pl", "article", "1", "", "", None),
        Unit("b", "pl", "article", "1", "", "", "a"),
        Unit("c", "pl", "article", "1", last, "", "b"),
    ]
    new = [
        Unit("x", "main", "article", "1", "Chung", "", None),
        Unit("y", "pl", "article", "1", last, "", None),
    ]
    assert {key for change in compare(old, new).changes for key in change.old} == {"a", "b", "c"}


def test_nothing_is_certain_between_drafts_with_next_to_nothing_in_common() -> None:
    last = ("Điều 7. Hiệu lực thi hành", "1. Luật này có hiệu lực thi hành từ ngày 01/01/2026.")
    old = parsed(law(list(TOPICS[:6])).text, *last)
    new = parsed(law(list(TOPICS[6:])).text, *last)
    kept = [c for c in compared(old, new).changes if c.old and c.new]
    assert {c.old[0] for c in kept} >= {"d7", "d7.k1"}
    assert all(c.doubtful for c in kept)
    given = compare(old.provisions, new.provisions, same=[("d7", "d7")])
    assert not of(given, "d7").doubtful


def test_a_formula_goes_along_with_the_clause_before_it() -> None:
    def article(number: int, title: str, topics: tuple[str, ...]) -> list[str]:
        clauses = [f"Cơ quan có thẩm quyền {topic}." for topic in topics]
        lines = [f"{at}. {words}" for at, words in enumerate([*clauses, GENERAL], 1)]
        return [f"Điều {number}. {title}", *lines]

    old = parsed(*article(1, "Cấp phép", TOPICS[:3]), *article(2, "Kiểm tra", TOPICS[3:6]))
    first, second = article(1, "Cấp phép", TOPICS[:3]), article(2, "Kiểm tra", TOPICS[3:6])
    moved = [f"{at}. {line[3:]}" for at, line in enumerate(second[1:], 5)]
    comparison = compared(old, parsed(*first, *moved))
    change = of(comparison, "d2.k4")
    assert (change.new, change.wording_changed, change.doubtful) == (("d1.k8",), False, False)


def test_a_clause_written_anew_at_its_place_is_a_question() -> None:
    topics = list(TOPICS[:6])
    old = law(topics)
    words = next(p.text for p in old.provisions if p.key == "d3.k2")
    new = parsed(old.text.replace(words, reworded(words, 0.65)))
    change = of(compared(old, new), "d3.k2")
    assert (change.new, change.kind, change.doubtful) == (("d3.k2",), "changed", True)


def test_three_articles_become_one() -> None:
    def article(number: int, title: str, start: int, topics: tuple[str, ...]) -> list[str]:
        clauses = [f"{at}. Cơ quan {topic}." for at, topic in enumerate(topics, start)]
        return [f"Điều {number}. {title}", *clauses]

    titles = ("Cấp giấy phép khai thác", "Thu hồi tài sản công", "Giám sát cộng đồng", "Bảo tồn")
    old = parsed(
        *(line for n, title in enumerate(titles)
          for line in article(n + 1, title, 1, TOPICS[3 * n : 3 * n + 3]))
    )  # fmt: skip
    new = parsed(*article(1, titles[0], 1, TOPICS[:9]), *article(2, titles[3], 1, TOPICS[9:]))
    [merged] = [c for c in compared(old, new).changes if c.kind == "merged"]
    assert (merged.old, merged.new) == (("d1", "d2", "d3"), ("d1",))


def test_no_unchanged_provision_is_doubted_for_what_others_became() -> None:
    old = law(list(TOPICS))
    new = law([*TOPICS[:4], *TOPICS[5:]])
    assert [c for c in compared(old, new).changes if c.doubtful] == []
