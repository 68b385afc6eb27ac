"""Word 97–2003 files: read here alone; helpers for what is older or of another kind."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from consult.drafts.parsing import (
    Limits,
    ParsedDocument,
    UnreadableDocument,
    confined,
    helpers,
    office,
    parse_file,
    parse_untrusted,
)
from consult.drafts.parsing.helpers import Helpers
from consult.drafts.parsing.readers import doc_styles
from tests.unit.drafts.files import DATA
from tests.unit.drafts.test_real_documents import assert_sound

DECISION = "QD-07-2025-UBND-Thai-Nguyen.doc"
LISTS = "danh-sach-tu-dong.doc"
NONE = Helpers()


def articles(document: ParsedDocument, part: str) -> list[str]:
    return [p.number for p in document.provisions if p.kind == "article" and p.part == part]


def need(program: str) -> Helpers:
    installed = helpers.found()
    if not getattr(installed, program):
        pytest.skip(f"{program} is not installed")
    return installed


def test_a_decision_and_its_regulation_are_read_without_any_helper() -> None:
    document = parse_untrusted(DATA / DECISION, filename=DECISION, installed=NONE)
    assert_sound(document)
    assert articles(document, "main") == ["1", "2", "3"]
    assert articles(document, "p2") == [str(number) for number in range(1, 15)]
    assert [p.number for p in document.provisions if p.kind == "chapter"] == ["I", "II", "III"]
    tables = [p for p in document.provisions if p.kind == "table"]
    assert [p.part for p in tables] == ["pl1", "pl2"]
    assert "22\tDịch vụ ra, vào bến xe ô tô\tỦy ban nhân dân tỉnh" in tables[1].text
    assert not document.warnings


def test_numbers_changes_fields_and_nested_tables_are_as_word_shows_them() -> None:
    document = parse_file(DATA / LISTS, filename=LISTS)
    assert_sound(document)
    assert document.text.split("\n") == [
        "Chương I QUY ĐỊNH CHUNG", "Điều 1. Phạm vi", "Quy định này về mẫu.", "Điều 2. Đối tượng",
        "1. Cơ quan.", "2. Tổ chức, gồm:", "a) Hội;", "b) Viện.", "- Gạch", "5. Tiếp theo năm",
        "Chương II CHƯƠNG HAI", "Điều 1. Điều khoản", "1. khoản một",
        "Nội dung đã thêm thấy dòng", "mới", "1. Mục số theo kiểu", "2. Mục số hai",
        "ô0 hai\tô1 hai", "ô2 hai\tô3 hai trong cùng", "Liên kết chữ hiện",
        "Điều 1. Phạm vi điều chỉnh",
    ]  # fmt: skip
    assert {"tracked_changes", "hidden_text", "tcvn3"} <= {w.code for w in document.warnings}


def test_text_is_limited() -> None:
    with pytest.raises(UnreadableDocument, match="too_much_text"):
        parse_file(DATA / DECISION, filename=DECISION, limits=Limits(max_text=10_000))


def test_a_cut_property_ends_the_list() -> None:
    assert doc_styles.properties(b"\x35\x08\x01\x4f\x4a\x05") == {0x0835: b"\x01", 0x4A4F: b"\x05"}
    assert doc_styles.properties(b"\x15\xc6\xff\x01\x35\x08\x01") == {}


def test_what_needs_a_program_names_it(tmp_path: Path) -> None:
    given = tmp_path / "a.odt"
    given.write_bytes((DATA / "danh-sach-tu-dong.odt").read_bytes())
    with pytest.raises(UnreadableDocument, match="needs_office") as refusal:
        parse_untrusted(given, filename="a.odt", installed=NONE)
    assert refusal.value.params == {"extension": ".odt"}
    with pytest.raises(UnreadableDocument, match="old_word"):
        office.old_word(given, tmp_path, Limits(), NONE)


def test_antiword_gives_the_words_of_older_files(tmp_path: Path) -> None:
    only = Helpers(antiword=need("antiword").antiword)
    made, name = office.old_word(DATA / DECISION, tmp_path, Limits(), only)
    document = parse_file(made, filename=name)
    assert articles(document, "p2")[-1] == "14"
    (tmp_path / "x.doc").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5000))
    with pytest.raises(UnreadableDocument, match="broken"):
        office.old_word(tmp_path / "x.doc", tmp_path, Limits(), only)


def test_libreoffice_reads_opendocument_and_old_word(tmp_path: Path) -> None:
    installed = need("office")
    name = "danh-sach-tu-dong.odt"
    document = parse_untrusted(DATA / name, filename=name, installed=installed)
    assert articles(document, "main")[:2] == ["1", "2"]
    made, _ = office.old_word(DATA / LISTS, tmp_path, Limits(), installed)
    assert "Chương II CHƯƠNG HAI" in parse_file(made, filename="a.docx").text
    rtf = tmp_path / "a.rtf"
    rtf.write_text(r"{\rtf1\ansi \u272?i\u7873?u 1. M\u7897?t\par N\u7897?i dung.\par}")
    assert parse_untrusted(rtf, filename="a.rtf", installed=installed).provisions[0].key == "d1"


def test_a_helper_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    begin = time.monotonic()
    with pytest.raises(UnreadableDocument, match="too_slow"):
        program(["/bin/sleep", "60"], tmp_path, seconds=0.5)
    assert time.monotonic() - begin < 5


def program(command: list[str], directory: Path, seconds: float = 20) -> confined.Answer:
    return confined.program(
        command, directory=directory, limits=Limits(), seconds=seconds, most=100_000
    )


def test_a_helper_gets_little_memory_and_says_little(tmp_path: Path) -> None:
    assert program([sys.executable, "-c", "print(1)"], tmp_path).output == b"1\n"
    hungry = program([sys.executable, "-c", "print(len(bytes(10**9)))"], tmp_path)
    assert hungry.output == b""
    assert hungry.code != 0
    with pytest.raises(UnreadableDocument, match="bomb"):
        program(["/usr/bin/head", "-c", "200000", "/dev/zero"], tmp_path)


def test_a_helper_knows_nothing_of_the_portal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    said = program(["/usr/bin/env"], tmp_path).output.decode()
    assert "secret" not in said
    assert f"HOME={tmp_path}\n" in said


def test_a_helper_has_no_network_where_the_system_can_take_it_away(tmp_path: Path) -> None:
    if subprocess.run(["unshare", "-Urn", "true"], capture_output=True, check=False).returncode:
        pytest.skip("name spaces are not allowed here")
    with socket.create_server(("127.0.0.1", 0)) as server:
        code = f"import socket; socket.create_connection(('127.0.0.1', {server.getsockname()[1]}))"
        assert program([sys.executable, "-c", code], tmp_path).code != 0


def test_what_a_helper_leaves_running_is_ended(tmp_path: Path) -> None:
    mark = tmp_path / "alive"
    program(["/bin/sh", "-c", f"(sleep 1; touch {mark}) >/dev/null 2>&1 &"], tmp_path)
    time.sleep(1.5)
    assert not mark.exists()
