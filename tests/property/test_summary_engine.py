"""Whatever a round holds: verbatim lines, nobody left out, one result in any order."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from consult.summaries.engine.build import build, to_json

SENTENCES = (
    "Tôi đồng ý.", "Không đồng ý!", "Cần 30 % vốn.", "Đề nghị bổ sung nhà ở công vụ cho giáo viên.",
    "TP. Biên Hoà thiếu trường mầm non ở khu công nghiệp.", "1. Bỏ khoản 2\n", "...", " ",
    "Nên mở rộng đối tượng được hỗ trợ học phí.", "Mức hỗ trợ học phí còn thấp so với thực tế.",
    "Giáo viên vùng biên giới cần nhà ở công vụ.", "Tie\u0302\u0301ng Vie\u0323\u0302t.",
)  # fmt: skip
RECORD = st.fixed_dictionaries(
    {
        "group": st.sampled_from(["d1", "d2", ""]),
        "text": st.lists(st.sampled_from(SENTENCES), max_size=4).map(" ".join),
        "author": st.sampled_from([None, "a", "b", "c"]),
        "stance": st.sampled_from([None, "agree", "disagree"]),
    }
)
ROUNDS = st.lists(RECORD, max_size=14).map(
    lambda rows: [row | {"id": id_} for id_, row in enumerate(rows, 1)]
)


@settings(deadline=None, max_examples=60)
@given(ROUNDS, st.integers(1, 80), st.randoms(use_true_random=False))
def test_the_order_makes_no_difference(records: list[dict[str, Any]], budget: int, chance: Any):
    shuffled = list(records)
    chance.shuffle(shuffled)
    assert to_json(build(shuffled, budget)) == to_json(build(records, budget))


@settings(deadline=None, max_examples=60)
@given(ROUNDS, st.integers(1, 80))
def test_guarantees(records: list[dict[str, Any]], budget: int) -> None:
    result = build(records, budget)
    texts = {record["id"]: record for record in records}
    assert [entry["id"] for entry in result["manifest"]] == sorted(texts)
    placed: list[int] = []
    for group in result["groups"]:
        for theme in group["themes"]:
            placed += theme["texts"]
        placed += group["singletons"]
        assert (
            group["coverage"]["echoed"] + len(group["coverage"]["not_echoed"])
            == (group["coverage"]["texts"])
        )
        for line in group["lines"]:
            source = texts[line["id"]]
            assert source["group"] == group["group"]
            assert source["text"][line["start"] : line["end"]] == line["text"] != ""
        quoted = {line["stance"] for line in group["lines"]}
        assert quoted == {
            record["stance"]
            for record in records
            if record["group"] == group["group"] and record["text"].strip()
        }
        chosen = [line for line in group["lines"] if line["reason"] != "stance"]
        authors = [(texts[line["id"]]["author"], line["theme"]) for line in chosen]
        known = [pair for pair in authors if pair[0]]
        assert len(known) == len(set(known))
        assert not chosen or group["syllables"] <= budget
    assert sorted(placed) == sorted(texts)
