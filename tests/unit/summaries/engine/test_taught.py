"""Decided themes teach: new texts join the right one, strangers do not, decisions stay."""

from __future__ import annotations

import random
from typing import Any

from consult.summaries.engine.build import build

SUBJECTS = {
    "houses": (
        "Giáo viên cần nhà ở công vụ gần trường.", "Tiền thuê nhà quá cao so với lương.",
        "Đề nghị xây thêm nhà ở xã hội cho công nhân.", "Ký túc xá xuống cấp, phòng ở chật chội.",
        "Nên hỗ trợ tiền thuê nhà trong ba năm đầu.", "Chưa có quỹ đất cho nhà ở công vụ.",
    ),
    "papers": (
        "Thủ tục rườm rà, phải nộp nhiều bản sao hồ sơ.", "Thời hạn xét hồ sơ quá dài.",
        "Đề nghị cho nộp hồ sơ qua cổng dịch vụ công.", "Cần công khai kết quả xét duyệt hồ sơ.",
        "Bỏ yêu cầu công chứng bản sao giấy tờ.", "Nên có một đầu mối tiếp nhận hồ sơ.",
    ),
    "council": (
        "Thành phần hội đồng xét chọn thiếu chuyên gia.", "Cần bỏ phiếu kín khi xét chọn.",
        "Hội đồng nên có người ngoài cơ quan nhà nước.", "Đề nghị công khai danh sách hội đồng.",
        "Thành viên hội đồng không được có lợi ích liên quan.",
        "Hội đồng phải giải thích lý do khi không chọn.",
    ),
}  # fmt: skip
STRANGERS = (
    "Trạm y tế xã thiếu bác sĩ và thuốc men.", "Đường vào bản bị sạt lở mỗi mùa mưa.",
    "Trẻ em vùng cao thiếu sách giáo khoa.", "Rác thải làng nghề gây ô nhiễm kênh mương.",
)  # fmt: skip
ENDS = ("", " Tôi mong được xem xét.", " Ở Đồng Phú cũng vậy.")


def planted(seed: int) -> tuple[list[dict[str, Any]], dict[int, str | None]]:
    """Return a quarter of them decided, and what each text is about (None: a stranger)."""
    chance = random.Random(seed)
    truth: dict[int, str | None] = {}
    records: list[dict[str, Any]] = []
    for name, sentences in [*SUBJECTS.items(), (None, STRANGERS)]:
        for _ in range(60):
            words = " ".join(chance.sample(sentences, chance.choice((1, 2, 2))))
            id_ = len(records) + 1
            truth[id_] = name
            decided = name if chance.random() < 0.25 else None
            text = words + chance.choice(ENDS)
            records.append({"id": id_, "text": text, "author": str(id_), "theme": decided})
    return records, truth


def test_new_texts_join_the_theme_that_speaks_of_the_same() -> None:
    right = wrong = wanted = 0
    for seed in range(3):
        records, truth = planted(seed)
        (group,) = build(records, 100)["groups"]
        decided = {record["id"] for record in records if record["theme"]}
        wanted += sum(name is not None for id_, name in truth.items() if id_ not in decided)
        for theme in group["themes"]:
            placed = [id_ for id_ in theme["texts"] if id_ not in decided and "known" in theme]
            right += sum(truth[id_] == theme["known"] for id_ in placed)
            wrong += sum(truth[id_] != theme["known"] for id_ in placed)
    assert right >= 0.93 * wanted
    assert wrong <= 0.02 * (right + wrong)


def test_decisions_stay_even_odd_ones() -> None:
    records, _truth = planted(9)
    for record in records[:5]:
        record["theme"] = "odd"  # what speaks of houses
    for record in records[5:8]:
        record["theme"], record["alone"] = None, True
    (group,) = build(records, 100)["groups"]
    place = {id_: theme.get("known") for theme in group["themes"] for id_ in theme["texts"]}
    for record in records:
        if record["theme"]:
            assert place[record["id"]] == record["theme"]
    folded = {member["id"] for each in group["duplicates"] for member in each["members"]}
    leaders = {each["leader"] for each in group["duplicates"]}
    assert not {6, 7, 8} & (folded | leaders)


def test_a_folded_text_may_be_decided_elsewhere() -> None:
    same = "Đề nghị xây thêm nhà ở xã hội cho công nhân ở Đồng Phú."
    records = [{"id": n, "text": same} for n in range(1, 4)]
    records[2]["theme"] = "mine"
    (group,) = build(records, 50)["groups"]
    assert [(t.get("known"), t["texts"]) for t in group["themes"]] == [("mine", [1, 2, 3])]
    records[0]["theme"] = "other"
    (group,) = build(records, 50)["groups"]
    assert {(t.get("known"), *t["texts"]) for t in group["themes"]} == {
        ("other", 1, 2),
        ("mine", 3),
    }


def test_one_in_a_hundred_who_dissents_is_quoted_in_every_provision() -> None:
    chance = random.Random(1)
    records: list[dict[str, Any]] = []
    for provision in range(6):
        for n in range(100):
            words = " ".join(chance.sample(SUBJECTS["houses"], 2))
            stance, text = ("agree", words) if n else ("disagree", f"Tôi phản đối. {words}")
            id_ = len(records) + 1
            records.append({"id": id_, "group": f"d{provision}", "text": text, "stance": stance})
    groups = build(records, 60)["groups"]
    assert len(groups) == 6
    for group in groups:
        assert {line["stance"] for line in group["lines"]} == {"agree", "disagree"}
