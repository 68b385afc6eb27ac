"""Campaigns are folded with what each member added; a turned opinion never is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner

from consult.cli.main import main
from consult.core.text import fold
from consult.summaries.engine.duplicates import Difference, Member, groups
from consult.summaries.engine.wordings import Text
from tests.support.campaigns import KINDS, VARIANTS, planted

BASE = (
    "Tôi đồng ý với Điều 5 của dự thảo về nhà ở xã hội. Mức hỗ trợ 30 % tiền thuê nhà giúp tăng "
    "thu nhập cho công nhân, đề nghị cho phép áp dụng ngay."
)


def how(other: str, *, base: str = BASE) -> str:
    """Return how a text was found beside ``base``: "exact", "near" or "apart"."""
    first, *rest = groups([Text(1, base), Text(2, other)])
    return "apart" if rest else first.members[0].how


@pytest.mark.parametrize(
    "other",
    [
        BASE,
        BASE.upper(),
        BASE.lower(),
        fold(BASE),
        BASE.replace("Điều 5", "Điều 05"),
        BASE.replace("30 %", "30%"),
        BASE.replace("30 %", "ba mươi phần trăm"),
        BASE.replace("30 %", "30,0 %"),
        BASE.replace(". ", ";\n\n  – "),
        f"Kính gửi Ban soạn thảo,\n{BASE}\nTrân trọng.\nNguyễn Văn A\nHà Nội",
        f"{BASE} Xin chân thành cảm ơn, Trần Thị Bình.",
        f"{BASE}\nTP. Huế, ngày 3 tháng 5 năm 2026\nLê Thị Dung",
        f"{BASE}\nngười gửi: bùi văn dũng, 0912 345 678",
        f"Kính gửi: Bộ Nội vụ, Ban soạn thảo,\n{BASE}\nNguyễn Thị Hoa",
        f"Kính thưa các đồng chí, {BASE}\nTrân trọng,\nLê A, tổ 5 phường Bến Nghé",
        f"{BASE}\nXin cảm ơn!\nHoàng Thu Hà\nCần Thơ",
        f"KÍNH THƯA QUÝ CƠ QUAN!\n{BASE.upper()}\nTRÂN TRỌNG\nTRẦN VĂN DŨNG",
    ],
)
def test_the_same_words_in_another_dress_are_exact(other: str) -> None:
    assert how(other) == "exact"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("đồng ý", "không đồng ý"),
        ("đồng ý", "không hoàn toàn đồng ý"),
        ("đồng ý", "phản đối"),
        ("đồng ý", "chưa thể đồng ý"),
        ("đồng ý", "lưỡng lự"),
        ("Tôi đồng ý", "Tôi rất tiếc phải phản đối"),
        ("tăng", "giảm"),
        ("cho phép", "cấm"),
        ("cho phép", "không cho phép"),
        ("cho phép", "ngăn chặn"),
        ("giúp", "chẳng giúp"),
        ("áp dụng ngay", "bãi bỏ ngay"),
        ("áp dụng ngay", "áp dụng ngay là sai lầm"),
        ("áp dụng ngay.", "áp dụng ngay? Không."),
        ("áp dụng ngay.", "áp dụng ngay. Nói vậy chứ tôi không đồng ý."),
        ("áp dụng ngay.", "áp dụng ngay. Mức hỗ trợ nên là 50 %."),
        ("áp dụng ngay.", "áp dụng ngay. Nên sửa cả Điều 6 nữa."),
        ("áp dụng ngay.", "áp dụng ngay, trừ trường hợp công nhân chưa có hợp đồng."),
        ("Điều 5", "Điều 6"),
        ("Điều 5", "Điều 5a"),
        ("Điều 5", "khoản 2 Điều 5"),
        ("Điều 5", "Chương 5"),
        ("30 %", "50 %"),
        ("30 %", "3,0 %"),
        ("30 %", "30 triệu đồng"),
        ("30 %", "ba mươi lăm phần trăm"),
        ("30 %", "dưới 30 %"),
        ("công nhân", "nông dân"),
        ("công nhân", "công nhân nước ngoài"),
    ],
)
@pytest.mark.parametrize("dress", ["typed", "bare", "signed", "capitals"])
def test_a_turned_opinion_stays_apart(old: str, new: str, dress: str) -> None:
    assert old in BASE
    turned = BASE.replace(old, new)
    worn = {
        "typed": turned,
        "bare": fold(turned),
        "signed": f"Kính gửi Quốc hội!\n{turned}\nTrân trọng,\nNguyễn Văn A",
        "capitals": turned.upper(),
    }
    assert how(worn[dress]) == "apart"
    assert how(fold(BASE), base=worn[dress]) == "apart"


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("Mức chi là 2 tỷ đồng cho mỗi xã.", "Mức chi là 2.000 triệu đồng cho mỗi xã.", "exact"),
        ("Mức chi là 2 tỷ đồng cho mỗi xã.", "Mức chi là 2 triệu đồng cho mỗi xã.", "apart"),
        ("Mức chi là 2 tỷ đồng cho mỗi xã.", "Mức chi là 2,5 tỷ đồng cho mỗi xã.", "apart"),
        ("Phạt 1.500 đồng.", "Phạt 1,500 đồng.", "apart"),
        ("Nhiệt độ là -5 độ.", "Nhiệt độ là 5 độ.", "apart"),
        ("Nộp trước ngày 12/5/2026.", "Nộp trước ngày 12.5.2026.", "exact"),
        ("Nộp trước ngày 12/5/2026.", "Nộp trước ngày 1/25/2026.", "apart"),
        ("Đề nghị bỏ quy định này.", "Đề nghị bộ quy định này.", "apart"),
        ("Chưa nên làm.", "Chua nen lam.", "exact"),
        ("Nói vậy là đúng rồi.", "Nói vậy là đừng rồi.", "apart"),
        ("Nên huỷ bỏ phí này.", "Nên hủy bỏ phí này.", "exact"),
        ("Đồng ý.", "Không đồng ý.", "apart"),
        ("Trân trọng.", "Xin cảm ơn.", "apart"),
        ("!!!", "???", "apart"),
        ("Kính gửi Bộ, đề nghị tăng.\nMong vậy.", "Kính gửi Bộ, đề nghị giảm.\nMong vậy.", "apart"),
        ("Kính gửi Bộ cho tăng.\nMong vậy.", "Kính gửi Bộ cho giảm.\nMong vậy.", "apart"),
        ("Tôi nghĩ kỹ rồi. Kỳ thi tốt.", "Tôi nghĩ kỹ rồi. Kỳ thi kém.", "apart"),
        ("Nên xem.\nTrân trọng.\nMức 30 triệu", "Nên xem.\nTrân trọng.\nMức 50 triệu", "apart"),
        ("Nên xem.\nCảm ơn vì đã tăng.", "Nên xem.\nCảm ơn vì đã giảm.", "apart"),
        ("Nên xem.\nCảm ơn.\nTăng học phí", "Nên xem.\nCảm ơn.\nGiảm học phí", "apart"),
        ("Nên xem thuế. Cao Quá Mức", "Nên xem thuế. Cao Vừa Phải", "apart"),
        ("Trân trọng phản đối.\nNguyễn Văn A", "Trân trọng.\nNguyễn Văn A", "apart"),
    ],
)
def test_short_texts(one: str, other: str, found: str) -> None:
    assert how(other, base=one) == found


def test_an_addition_is_kept_word_for_word() -> None:
    own = "Gia đình tôi có 3 con nhỏ,\nchưa có nhà."
    written = f"Là người dân ở Huế. {BASE} {own}\nTrân trọng,\nTrần Thị B"
    (group,) = groups([Text(7, BASE, "a"), Text(9, written, "b"), Text(8, BASE, "a")])
    near = Member(
        9,
        "near",
        added=(Difference(0, 19, "Là người dân ở Huế."), place(written, own)),
    )
    assert (group.leader, group.members, group.authors) == (7, (Member(8, "exact"), near), 2)


def place(text: str, part: str) -> Difference:
    start = text.index(part)
    return Difference(start, start + len(part), part)


def test_the_leader_has_the_most_frequent_wording_and_what_lacks_is_said() -> None:
    longer = BASE + " Mong được sớm ban hành."
    (group,) = groups([Text(1, BASE), Text(2, longer), Text(3, longer)])
    assert group.leader == 2
    assert group.members[0] == Member(
        1, "near", missing=(place(longer, "Mong được sớm ban hành."),)
    )
    assert group.authors == group.size == 3


def test_what_lacks_is_at_its_place_in_the_leaders_own_text() -> None:
    longer = BASE + " Mong được sớm ban hành."
    bare = "Kinh gui Ban soan thao,\n" + fold(longer)
    (group,) = groups([Text(1, bare), Text(2, longer), Text(3, longer), Text(4, BASE)])
    assert group.leader == 1
    assert group.members[-1].missing == (place(bare, "mong duoc som ban hanh."),)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("đề nghị", "đề nghịj"),
        ("Tôi", "Em xin rất"),
        ("áp dụng ngay.", "áp dụng ngay vì gia đình tôi khó khăn."),
    ],
)
def test_slips_politeness_and_reasons_are_near_with_the_sentence_kept(old: str, new: str) -> None:
    written = BASE.replace(old, new)
    (group,) = groups([Text(1, BASE), Text(2, written)])
    (member,) = group.members
    assert member.how == "near"
    assert [new in difference.text for difference in member.added] == [True]
    assert [difference.text in BASE for difference in member.missing] == [True]


def test_one_addition_denied_and_not_is_not_in_one_group() -> None:
    texts = [
        BASE,
        BASE,
        BASE,
        BASE + " Quê tôi có điện lưới.",
        BASE + " Quê tôi chưa có điện lưới.",
    ]
    found = groups(Text(n, text) for n, text in enumerate(texts))
    assert [group.size for group in found] == [4, 1]


def test_an_id_comes_once() -> None:
    with pytest.raises(ValueError, match="same id"):
        groups([Text(1, "Một"), Text(1, "Hai")])


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.slow
def test_planted_campaigns_are_found_among_ten_thousand(seed: int) -> None:
    texts = planted(10_000, seed=seed)
    started = time.process_time()
    found = groups(Text(text.id, text.text) for text in texts)
    seconds = time.process_time() - started
    inside = [[group.leader, *(member.id for member in group.members)] for group in found]
    place = {number: n for n, ids in enumerate(inside) for number in ids}
    assert sorted(place) == sorted(text.id for text in texts)
    joined, seen = Counter[str](), Counter[str]()
    homes: dict[int, Counter[int]] = {}
    for text in texts:
        if text.kind == "exact" and text.campaign is not None:
            homes.setdefault(text.campaign, Counter())[place[text.id]] += 1
    for text in texts:
        if text.campaign is not None:
            seen[text.kind] += 1
            home = homes[text.campaign].most_common(1)[0][0]
            joined[text.kind] += place[text.id] == home
    share = {kind: joined[kind] / seen[kind] for kind in KINDS}
    voices = {text.id: text.voice for text in texts}
    folded = [ids for ids in inside if len(ids) > 1]
    pure = sum(Counter(voices[i] for i in ids).most_common(1)[0][1] for ids in folded)
    purity = pure / sum(map(len, folded))
    sys.stdout.write(f"\n{seconds:.1f} s of CPU, purity {purity:.4f}, joined {share}\n")
    assert all(share[kind] >= 0.98 for kind in VARIANTS)
    assert share["addition"] >= 0.80
    assert share["flipped"] <= 0.005
    assert purity >= 0.99
    assert seconds < 20  # several times the target: other work may share the machine


def test_every_process_prints_the_same(tmp_path: Path) -> None:
    texts = planted(300, seed=3, campaigns=4)
    outputs: set[bytes] = set()
    for seed, order in (("0", 1), ("1", -1)):
        file = tmp_path / f"{seed}.jsonl"
        lines = (json.dumps({"id": t.id, "text": t.text, "author": seed}) for t in texts[::order])
        file.write_text("\n".join(lines), "utf-8")
        command = ["-m", "consult.cli", "summaries", "duplicates", "--texts", str(file), "--json"]
        done = subprocess.run(
            [sys.executable, *command],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        )
        outputs.add(done.stdout)
    (output,) = outputs
    printed = json.loads(output)
    assert printed["texts"] == 300
    folded = [group for group in printed["groups"] if group["size"] > 3]
    assert len(folded) == 4
    assert {group["authors"] for group in folded} == {1}
    assert len(printed["alone"]) + sum(group["size"] for group in printed["groups"]) == 300


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("[]", "line 2"),
        ('{"id": "1", "text": "a"}', "line 2"),
        ('{"id": true, "text": "a"}', "line 2"),
        ('{"id": 1}', "line 2"),
        ('{"id": 2, "text": 5}', "line 2"),
        ("{", "line 2"),
        ('{"id": 5, "text": "a"}', "same id"),
    ],
)
def test_a_line_that_is_no_text_is_named(tmp_path: Path, line: str, problem: str) -> None:
    file = tmp_path / "texts.jsonl"
    file.write_text('{"id": 5, "text": "Đồng ý."}\n' + line, "utf-8")
    done = CliRunner().invoke(main, ["summaries", "duplicates", "--texts", str(file)])
    assert done.exit_code == 1
    assert problem in done.stderr


def test_the_list_for_reading(tmp_path: Path) -> None:
    file = tmp_path / "texts.jsonl"
    texts = [BASE, "Việc khác.", BASE + " Nhà tôi ở xa."]
    rows = [json.dumps({"id": n, "text": text}) for n, text in enumerate(texts, 1)]
    file.write_text("\n".join(rows) + "\n", "utf-8")
    done = CliRunner().invoke(main, ["summaries", "duplicates", "--texts", str(file)])
    assert done.output.splitlines() == [
        "1: 2 texts of 2 authors",
        "    3 (near)",
        "        + Nhà tôi ở xa.",
        "",
        "1 texts are like no other.",
    ]
