"""The parsing process: the same answer, within limits, without doors."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from consult.drafts.parsing import (
    Limits,
    UnreadableDocument,
    helpers,
    parse_file,
    parse_untrusted,
)
from tests.unit.drafts.files import DATA

ROOT = Path(__file__).resolve().parents[3]
NAME = "TT-13-2026-BQP.docx"


@pytest.mark.parametrize(
    "name", [NAME, "ND-293-2025-luong-toi-thieu.pdf", "chuong-trinh-hanh-dong-NQ45-Binh-Phuoc.txt"]
)
def test_the_process_answers_as_the_parser_does(name: str) -> None:
    assert parse_untrusted(DATA / name, filename=name) == parse_file(DATA / name, filename=name)


def test_the_largest_documents_fit_the_memory() -> None:
    name = "BLLD-45-2019-QH14.pdf"
    document = parse_untrusted(DATA / name, filename=name, limits=Limits(memory=400_000_000))
    assert len(document.provisions) > 1000


def refuse(path: Path, filename: str, limits: Limits) -> UnreadableDocument:
    with pytest.raises(UnreadableDocument) as refusal:
        parse_untrusted(path, filename=filename, limits=limits)
    return refusal.value


def test_wall_time_is_limited() -> None:
    begin = time.monotonic()
    refusal = refuse(DATA / NAME, NAME, Limits(seconds=0.01))
    assert refusal.reason == "too_slow"
    assert time.monotonic() - begin < 30  # on a busy machine, starting a process takes seconds


def test_memory_is_limited() -> None:
    name = "BLLD-45-2019-QH14.pdf"
    assert refuse(DATA / name, name, Limits(memory=40_000_000)).reason in {"bomb", "broken"}


WORD_97 = "QD-07-2025-UBND-Thai-Nguyen.doc"


@pytest.mark.parametrize("name", [WORD_97, "danh-sach-tu-dong.doc", NAME])
def test_every_reader_keeps_to_its_memory(name: str) -> None:
    assert refuse(DATA / name, name, Limits(memory=30_000_000)).reason in {"bomb", "broken"}


@pytest.mark.parametrize("name", [WORD_97, "danh-sach-tu-dong.odt", "LBH-2025.txt"])
def test_every_reader_keeps_to_its_time(name: str) -> None:
    if name.endswith(".odt") and not helpers.found().office:
        pytest.skip("LibreOffice is not installed")
    begin = time.monotonic()
    assert refuse(DATA / name, name, Limits(seconds=0.05)).reason == "too_slow"
    assert time.monotonic() - begin < 5


def test_members_are_counted_in_every_archive() -> None:
    name = "danh-sach-tu-dong.odt"
    assert refuse(DATA / name, name, Limits(max_members=3)).reason == "bomb"
    assert refuse(DATA / name, name, Limits(max_unpacked=10_000)).reason == "bomb"


@pytest.mark.parametrize("name", [WORD_97, "danh-sach-tu-dong.odt", NAME])
def test_size_is_limited_before_anything_is_read(name: str) -> None:
    assert refuse(DATA / name, name, Limits(max_bytes=1000)).reason == "too_large"


def test_provisions_are_limited() -> None:
    refusal = refuse(DATA / NAME, NAME, Limits(max_provisions=20))
    assert (refusal.reason, refusal.params) == ("too_many_provisions", {"limit": 20})


def test_no_process_and_no_directory_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    refuse(DATA / NAME, NAME, Limits(seconds=0.01))
    parse_untrusted(DATA / NAME, filename=NAME)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


CONFINED = """
import sys
sys.path.insert(0, sys.argv[1])
from consult.drafts.parsing import Limits
from consult.drafts.parsing.child import close_doors
import socket, subprocess, os
close_doors(Limits())
{attempt}
"""


@pytest.mark.parametrize(
    "attempt",
    [
        "socket.create_connection(('127.0.0.1', 9))",
        "socket.socket(socket.AF_UNIX)",
        "subprocess.run(['true'])",
        "os.system('true')",
        "os.fork()",
        "open(sys.argv[2], 'w')",
        "os.open(sys.argv[2], os.O_WRONLY | os.O_CREAT)",
        "os.remove(sys.argv[0])",
    ],
)
def test_the_process_has_no_doors(attempt: str, tmp_path: Path) -> None:
    target = tmp_path / "written"
    done = subprocess.run(
        [sys.executable, "-c", CONFINED.format(attempt=attempt), str(ROOT), str(target)],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 1
    assert "PermissionError" in done.stderr
    assert not target.exists()


def test_the_process_gets_no_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    # A module of this name on PYTHONPATH would break the parser if the path were handed on.
    (tmp_path / "json.py").write_text("raise SystemExit(9)")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert parse_untrusted(DATA / NAME, filename=NAME).provisions
