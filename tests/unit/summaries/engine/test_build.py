"""What the engine proposes for a round: every text in its place, every stance heard."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from consult.summaries.engine.build import build, to_json
from consult.summaries.engine.child import EngineRefused, ask
from consult.summaries.engine.coverage import echoed
from consult.summaries.engine.texts import BadInput
from tests.support.campaigns import planted

HOUSING = "Đề nghị xây thêm nhà ở xã hội cho công nhân khu công nghiệp {}."
BUSES = "Nên mở tuyến xe buýt từ trung tâm về các xã miền núi {}."


def record(id_: int, text: str, **more: Any) -> dict[str, Any]:
    return {"id": id_, "group": "d1", "text": text, **more}


def round_of(size: int) -> list[dict[str, Any]]:
    stances = ("agree", "agree", "agree_with_changes", "none")
    return [
        record(
            each.id,
            each.text,
            group=f"d{each.id % 3}",
            author=f"a{each.id % (size // 2)}",
            stance=stances[each.id % 4],
        )
        for each in planted(size, seed=7, campaigns=4)
    ]


def test_two_subjects_are_two_themes_with_their_words() -> None:
    places = "Biên Hoà, Long Khánh, Xuân Lộc, Trảng Bom, Bình Long, Phước Long".split(", ")
    texts = [HOUSING.format(place) for place in places] + [BUSES.format(p) for p in places]
    (group,) = build([record(*each) for each in enumerate(texts)], 60)["groups"]
    themes = [theme["texts"] for theme in group["themes"]]
    assert themes == [[0, 1, 2, 3, 4, 5], [6, 7, 8, 9, 10, 11]]
    assert all(label in " ".join(texts[:6]) for label in group["themes"][0]["labels"])
    assert all(label in " ".join(texts[6:]) for label in group["themes"][1]["labels"])
    assert {line["theme"] for line in group["lines"]} == {0, 1}
    assert group["syllables"] <= 60


def test_a_text_unlike_all_others_is_listed() -> None:
    texts = [HOUSING.format(place) for place in "abcdef"] + ["Zebra quagga okapi!", "!!", " "]
    (group,) = build([record(*each) for each in enumerate(texts)], 60)["groups"]
    assert group["singletons"] == [6, 7, 8]
    assert group["coverage"]["assigned"] == group["coverage"]["texts"] == 9


def test_a_rare_stance_is_quoted_even_without_room() -> None:
    texts = [record(i, HOUSING.format(i), stance="agree", author=f"a{i}") for i in range(60)]
    texts.append(record(60, "Không nên!", stance="disagree", author="a1"))
    (group,) = build(texts, 1)["groups"]
    assert [line["stance"] for line in group["lines"]] == ["agree", "disagree"]


def test_an_author_has_one_line_in_a_theme_unless_a_stance_would_be_silent() -> None:
    texts = [record(i, f"{HOUSING} {BUSES}".format(i, i), author="a") for i in range(4)]
    assert len(build(texts, 500)["groups"][0]["lines"]) == 1
    texts.append(record(9, "Tôi không đồng ý.", author="a", stance="disagree"))
    lines = build(texts, 500)["groups"][0]["lines"]
    assert sorted(line["stance"] or "" for line in lines) == ["", "disagree"]


def test_half_of_the_pairs_in_a_line_of_the_same_stance_are_an_echo() -> None:
    line = np.array([1, 2, 3, 4])
    own = [line, np.array([1, 2, 8, 9]), np.array([1, 7, 8, 9]), line, line]
    stances = ["agree", "agree", "agree", "disagree", None]
    assert echoed(own, stances, [(0, line)]) == {0, 1}


def test_copies_are_folded_and_echoed_with_their_leader() -> None:
    same = HOUSING.format("Biên Hoà")
    texts = [record(1, same), record(2, same.upper()), record(3, BUSES.format("Bù Đăng"))]
    (group,) = build(texts, 100)["groups"]
    assert [(d["leader"], [m["id"] for m in d["members"]]) for d in group["duplicates"]] == [
        (1, [2])
    ]
    assert group["distinct"] == 2
    assert group["coverage"]["not_echoed"] == []
    assert sorted(line["id"] for line in group["lines"]) == [1, 3]


@pytest.mark.parametrize(
    ("texts", "says"),
    [
        ([{"id": 1}], "record 1 needs an id and a text"),
        ([{"id": True, "text": "a"}], "record 1 needs an id and a text"),
        ([record(1, "a"), record(1, "b")], "the id 1 is given twice"),
    ],
)
def test_a_wrong_record_is_refused(texts: list[dict[str, Any]], says: str) -> None:
    with pytest.raises(BadInput, match=says):
        build(texts, 10)


def test_another_process_says_what_is_wrong() -> None:
    with pytest.raises(EngineRefused, match="given twice"):
        ask("build", [record(1, "a"), record(1, "b")], 10)


def test_who_waits_hears_how_far_it_is_and_may_stop_it() -> None:
    texts = [{**each, "group": f"d{each['id'] % 30}"} for each in round_of(1_500)]
    heard: list[tuple[int, int]] = []

    class Enough(Exception):
        pass

    def watch(done: int, total: int) -> None:
        heard.append((done, total))
        if done:
            raise Enough

    with pytest.raises(Enough):
        ask("build", texts, 50, watch)
    assert heard[-1][1] == len(texts)
    assert 0 < heard[-1][0] < len(texts)


def test_any_order_and_any_process_give_the_same_bytes() -> None:
    texts = round_of(120)
    expected = to_json(build(texts, 100)).encode()
    for seed, order in (("0", texts[::-1]), ("7", texts[60:] + texts[:60])):
        request = json.dumps({"task": "build", "budget": 100, "texts": order})
        done = subprocess.run(
            [sys.executable, "-m", "consult.summaries.engine"],
            input=request.encode(),
            capture_output=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
        )
        assert done.stdout == expected


@pytest.mark.slow
@pytest.mark.parametrize(("size", "seconds"), [(1_000, 3), (10_000, 15)])
def test_many_texts_take_seconds(
    size: int, seconds: int, record_property: Callable[[str, object], None]
) -> None:
    script = (
        "import sys, time; from consult.summaries.engine.__main__ import main; main();"
        "sys.stderr.write(str(time.process_time()))"
    )
    request = json.dumps({"task": "build", "budget": 230, "texts": round_of(size)})
    done = subprocess.run(
        [sys.executable, "-c", script], input=request.encode(), capture_output=True, check=True
    )
    spent = float(done.stderr.splitlines()[-1])  # after the progress
    record_property("cpu_seconds", spent)
    # Twice the aim: a busy machine makes every instruction slower.
    assert spent < 2 * seconds
