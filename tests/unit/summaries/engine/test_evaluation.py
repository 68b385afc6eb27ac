"""ROUGE by hand, and the command that measures the lines."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from consult.cli.main import main
from consult.summaries.engine.rouge import rouge
from consult.summaries.engine.terms import Terms, keys, pairs, parts, singles

NEWS = [
    "Mưa lớn làm ngập nhiều tuyến đường ở thành phố. Học sinh được nghỉ học. Trời rất lạnh.",
    "Mưa lớn làm ngập nhiều tuyến đường ở trung tâm. Chợ vẫn mở. Người dân đi lại khó khăn.",
    "Sau mưa lớn, nhiều tuyến đường ở thành phố bị ngập. Học sinh được nghỉ học hôm nay.",
]
SUMMARY = "Mưa lớn làm ngập nhiều tuyến đường ở thành phố; học sinh được nghỉ học."


def written(path: Path, *rows: object) -> str:
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    return str(path)


def test_rouge_counts_a_gram_as_often_as_both_have_it() -> None:
    score = rouge("Nhà nhà, nhà ở", "nhà ở xã hội nhà", 1)
    assert (score.recall, score.precision) == (3 / 5, 3 / 4)
    assert rouge("Nhà nhà, nhà ở", "nhà ở xã hội nhà", 2).recall == 1 / 4
    assert score.f1 == pytest.approx(2 / 3)
    assert rouge("", "nhà", 1).f1 == rouge("nhà", "", 2).f1 == 0


def test_syllables_are_the_same_wherever_the_tone_mark_stands() -> None:
    assert keys("Hòa thúy 40.924 3,5%") == keys("HOÀ Thuý 40.924 3,5")
    assert keys("má") != keys("mà") != keys("ma")


def test_pairs_leave_out_neighbours_that_only_join() -> None:
    terms = Terms()
    numbers = terms.read("của các nhà của")
    stops = terms.stops()
    found = [tuple(map(terms.key, parts(int(code)))) for code in pairs(numbers, stops)]
    assert found == [tuple(keys("các nhà")), tuple(keys("nhà của"))]
    assert [terms.key(int(number)) for number in singles(numbers, stops)] == keys("nhà")


def test_the_command_measures_beside_the_baselines(tmp_path: Path) -> None:
    rows = [{"id": i, "group": "g", "text": text} for i, text in enumerate(NEWS)]
    file = written(tmp_path / "t.jsonl", {**rows[0], "references": [SUMMARY, NEWS[2]]}, *rows[1:])
    arguments = ["summaries", "evaluate", "--texts", file, "--budget", "18"]
    ran = CliRunner().invoke(main, [*arguments, "--json"])
    assert ran.exit_code == 0, ran.output
    found = json.loads(ran.output)
    assert set(found["rouge"]) == {"engine", "lexrank", "mmr", "random", "people"}
    assert found["rouge"]["engine"]["rouge1"] > found["rouge"]["random"]["rouge1"]
    (group,) = found["groups"]
    assert group["syllables"] <= 18
    assert all(line["text"] in NEWS[line["id"]] for line in group["lines"])
    told = CliRunner().invoke(main, arguments).output
    assert group["lines"][0]["text"] in told
    assert f"LexRank                    {found['rouge']['lexrank']['rouge1']:.3f}" in told


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{}\n", "record 1 needs an id and a text."),
        ('{"id": 1, "text": "a"}\n[1', "line 2: not an object in JSON."),
        ('{"id": 1, "text": "a", "reference": 5}', "a reference of the text 1 is no text."),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(tmp_path: Path, content: str, says: str) -> None:
    file = tmp_path / "t.jsonl"
    file.write_text(content, "utf-8")
    ran = CliRunner().invoke(main, ["summaries", "evaluate", "--texts", str(file)])
    assert ran.exit_code == 1
    assert says in ran.output
