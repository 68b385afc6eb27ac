"""The command that compares two files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from consult.cli.main import main
from tests.unit.drafts.files import docx

OLD = """NGHỊ ĐỊNH

Điều 1. Phạm vi
1. Nghị định này quy định về bảo vệ môi trường đất, nước, không khí trên địa bàn tỉnh.
2. Việc hoà giải ở cơ sở theo luật riêng.
Điều 2. Đối tượng
Người tạm trú từ sáu tháng trở lên được tham gia góp ý như mọi người dân khác của tỉnh.
"""
NEW = """NGHỊ ĐỊNH

Điều 1. Phạm vi
1. Nghị định này quy định về bảo vệ môi trường đất, nước, không khí trên địa bàn xã.
2. Việc hòa giải ở cơ sở theo luật riêng.
Điều 2. Nguyên tắc
Công khai, minh bạch, đúng thời hạn.
Điều 3. Đối tượng
Người tạm trú từ sáu tháng trở lên được tham gia góp ý như mọi người dân khác của tỉnh.
"""


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(main, ["drafts", *map(str, arguments)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    old, new = tmp_path / "cu.txt", tmp_path / "moi.docx"
    old.write_text(OLD, "utf-8")
    new.write_bytes(docx([line for line in NEW.split("\n") if line]))
    return old, new


def compared(*arguments: object) -> dict[str, Any]:
    result = run("compare", *arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_two_files_as_json(files: tuple[Path, Path]) -> None:
    found = compared(*files)
    assert found["old"] == {"file": "cu.txt", "provisions": 5}
    assert found["new"] == {"file": "moi.docx", "provisions": 6}
    assert found["counts"] == {
        "unchanged": 3, "changed": 1, "moved": 0, "renumbered": 1, "split": 0, "merged": 0,
        "added": 1, "deleted": 0,
    }  # fmt: skip
    changed, added, renumbered = (c for c in found["changes"] if c["kind"] != "unchanged")
    assert (changed["old"], changed["new"]) == (["d1.k1"], ["d1.k1"])
    assert changed["wording_changed"] is True
    assert changed["diff"][-3:] == [["deleted", "tỉnh"], ["inserted", "xã"], ["equal", "."]]
    assert (added["old"], added["new"], added["old_citation"]) == ([], ["d2"], None)
    assert renumbered["wording_changed"] is False
    assert (renumbered["old_citation"], renumbered["new_citation"]) == ("Điều 2", "Điều 3")
    assert {tuple(change) for change in found["changes"]} == {
        ("kind", "wording_changed", "old", "new", "similarity", "doubtful", "old_citation",
         "new_citation", "diff", "moves")
    }  # fmt: skip


def test_what_parse_printed_is_compared_as_the_files_are(files: tuple[Path, Path]) -> None:
    saved: list[Path] = []
    for file in files:
        saved.append(file.with_suffix(".json"))
        saved[-1].write_text(run("parse", file, "--json").stdout, "utf-8")
    assert compared(*saved)["changes"] == compared(*files)["changes"]


def test_the_list_is_for_reading(files: tuple[Path, Path]) -> None:
    lines = run("compare", *files).output.splitlines()
    assert "khoản 1 Điều 1: changed" in lines
    assert any(line.endswith("trên địa bàn [-tỉnh-]{+xã+}.") for line in lines)
    assert "Điều 2 → Điều 3: renumbered" in lines
    assert lines[-1] == "3 unchanged, 1 changed, 1 renumbered, 1 added."


def test_words_that_moved_carry_a_number(tmp_path: Path) -> None:
    went = "và gửi báo cáo bằng văn bản giấy trước ngày 05 hằng tháng"
    old, new = tmp_path / "a.txt", tmp_path / "b.txt"
    head = "Điều 1. Một\n1. Sở Tài chính chủ trì theo dõi tiến độ giải ngân của các chủ đầu tư"
    other = "\n2. Các xã tự lo phần vốn đối ứng của mình cho kịp mùa vụ đông xuân"
    old.write_text(f"{head} {went}.{other}.", "utf-8")
    new.write_text(f"{head}.{other} {went}.", "utf-8")
    moved = {
        change["diff"][at][0]: (number, change["diff"][at][1].strip())
        for change in compared(old, new)["changes"]
        for at, number in change["moves"]
    }
    assert moved == {"deleted": (1, went), "inserted": (1, went)}
    assert f"[> {went}>]" in run("compare", old, new).output


@pytest.mark.parametrize("content", ["{}", "[]", "null", "{", '{"text": 1, "parts": 2}'])
def test_other_json_is_refused_with_a_sentence(
    files: tuple[Path, Path], tmp_path: Path, content: str
) -> None:
    wrong = tmp_path / "khac.json"
    wrong.write_text(content, "utf-8")
    result = run("compare", files[0], wrong)
    assert result.exit_code == 1
    assert "khac.json is not what" in result.stderr
    assert "Traceback" not in result.output


def test_a_missing_file_is_named(files: tuple[Path, Path], tmp_path: Path) -> None:
    result = run("compare", files[0], tmp_path / "khong-co.docx", "--json")
    assert result.exit_code == 1
    assert "There is no file" in result.stderr
    assert result.stdout == ""
