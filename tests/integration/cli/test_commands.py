"""The operators' commands, run in this process on both engines."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from docx import Document
from flask import Flask

from config import Settings
from consult.accounts.models import RoleGrant, User
from consult.cli import main as tree
from consult.cli.main import main
from consult.consultations.models import Stage
from consult.core.db import transaction
from consult.search.tasks import rebuild
from consult.submissions.models import Authorship, Identity, Point, Stance, Submission
from tests.support import factories

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command with the environment of the test's installation."""
    environment = environment_of(app)
    for name in ("DATABASE_URL", "CONSULT_LOCALE", "CONSULT_BASE_URL"):
        monkeypatch.delenv(name, raising=False)

    def invoke(*arguments: Any, given: str | None = None) -> Result:
        result = CliRunner().invoke(main, [str(a) for a in arguments], input=given, env=environment)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return invoke


def environment_of(app: Flask) -> dict[str, str]:
    settings: Settings = app.extensions["consult_settings"]
    return {
        "CONSULT_DATA_DIR": str(settings.data_dir),
        "CONSULT_SECRET_KEY": settings.secret_key,
        "DATABASE_URL": settings.database_url,
    }


@pytest.fixture
def round_id(app: Flask) -> int:
    with app.app_context():
        agency = factories.organisation()
        factories.user("Lê Văn Chính", roles=(("official", agency),), email="chinh@example.org")
        return factories.consultation(agency, factories.version(agency))


def all_commands(command: click.Command, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = [path]
    if isinstance(command, click.Group):
        for name, child in command.commands.items():
            found += all_commands(child, (*path, name))
    return found


@pytest.mark.parametrize("path", all_commands(tree.main), ids=" ".join)
def test_every_command_explains_itself(path: tuple[str, ...]) -> None:
    result = CliRunner().invoke(main, [*path, "--help"])
    assert result.exit_code == 0
    assert "Usage:" in result.output
    command: click.Command = main
    for name in path:
        command = command.commands[name]  # type: ignore[attr-defined]
    assert command.help
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help or parameter.name == "page", parameter.name


def test_the_commands_that_are_promised() -> None:
    paths = {" ".join(path) for path in all_commands(tree.main)}
    assert paths >= {
        "serve",
        "scheduler",
        "drafts parse",
        "drafts compare",
        "rounds list",
        "submissions import",
        "search",
        "summaries show",
        "export",
        "index rebuild",
        "backup",
        "restore",
        "demo load",
        "db upgrade",
        "db revision",
        "admin create",
    }


def test_rounds_list(run: Run, round_id: int) -> None:
    [row] = json.loads(run("rounds", "list", "--json").stdout)
    assert (row["id"], row["stage"], row["points"]) == (round_id, "open", 0)
    assert "Lấy ý kiến dự thảo" in run("rounds", "list").output


def test_parse_a_text(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "du-thao.txt"
    file.write_text("NGHỊ ĐỊNH\n\nĐiều 1. Phạm vi\n1. Một\n2. Hai\nĐiều 2. Đối tượng\nMọi người.\n")
    parsed = json.loads(run("drafts", "parse", file, "--json").stdout)
    assert {"parts", "provisions", "warnings", "remainder"} <= set(parsed)
    assert [p["citation"] for p in parsed["provisions"] if p["kind"] == "article"] == [
        "Điều 1",
        "Điều 2",
    ]
    assert "khoản 2 Điều 1" in run("drafts", "parse", file).output


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.txt", b"", "Tệp"),
        ("a.odt", b"x", "odt"),
        ("a.docx", b"PK\x03\x04 broken", "Tệp"),
        (None, b"", "There is no file"),
    ],
)
def test_parse_says_why_not(
    run: Run, tmp_path: Path, name: str | None, content: bytes, sentence: str
) -> None:
    file = tmp_path / (name or "missing.txt")
    if name:
        file.write_bytes(content)
    result = run("drafts", "parse", file, "--json")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert sentence in result.stderr


def test_search_as_anybody_and_as_somebody(app: Flask, run: Run, round_id: int) -> None:
    assert run("search", "tri thuc").exit_code == 1  # no index yet: a sentence
    with app.app_context():
        author = factories.user("Phạm Ánh", verified=True, email="anh@example.org")
        factories.point(round_id, author, argument="Về trí thức trẻ.", identity=Identity.SEALED)
        rebuild()
    found = json.loads(run("search", "tri thuc tre", "--json").stdout)
    assert found["hits"][0]["kind"] == "point"
    assert found["hits"][0]["text"] == "Về trí thức trẻ."
    assert found["hits"][0]["author"] is None
    person = json.loads(run("search", "trí thức", "--as", "anh@example.org", "--json").stdout)
    assert person["as"] == "anh@example.org"
    assert run("search", "x", "--as", "nobody@example.org").exit_code == 1
    assert "Về trí thức trẻ." in run("search", "tri thuc tre").output


def test_index_rebuild(run: Run, round_id: int) -> None:
    assert run("index", "rebuild").exit_code == 0
    assert json.loads(run("search", "dieu 2", "--json").stdout)["total"] > 0


def test_export(app: Flask, run: Run, round_id: int, tmp_path: Path) -> None:
    with app.app_context():
        sealed = factories.user("Đặng Quốc Khuyến", verified=True)
        factories.point(round_id, sealed, identity=Identity.SEALED)
    file = tmp_path / "mau10.docx"
    result = run("export", round_id, "--kind", "mau10", "--format", "docx", "-o", file)
    assert result.exit_code == 0
    words = "".join(cell.text for t in Document(str(file)).tables for cell in t._cells)
    assert "Tôi đồng ý với quy định này" in words
    assert "Khuyến" not in words
    assert run("export", round_id, "--kind", "mau10", "--format", "csv", "-o", file).exit_code == 1
    assert run("export", 999, "-o", file).exit_code == 1
    assert run("export", round_id, "-o", tmp_path / "no" / "x.docx").exit_code == 1


def test_a_summary_that_is_not_there(run: Run, round_id: int) -> None:
    result = run("summaries", "show", round_id, "--json")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "No summary" in result.stderr


# --- importing

HEAD = "Người góp ý,Đơn vị,Điều khoản,Lập trường,Nội dung góp ý,Đề xuất sửa đổi\n"
GOOD = HEAD + (
    "Lê An,,Điều 1,đồng ý,Phù hợp thực tiễn,\n"
    "Lê An,,khoản 2 Điều 2,không đồng ý,Mức quá thấp,5 triệu đồng\n"
    ",Hội Khoa học,,,Cần rà soát chung,\n"
)


def test_import(app: Flask, run: Run, round_id: int, tmp_path: Path) -> None:
    file = tmp_path / "y-kien.csv"
    file.write_text(GOOD, "utf-8")
    preview = run("submissions", "import", round_id, file)
    assert preview.exit_code == 0
    assert "Nothing was written" in preview.output
    assert "khoản 2 Điều 2" in preview.output
    with app.app_context():
        assert factories.count(Point) == 0
    done = json.loads(run("submissions", "import", round_id, file, "--yes", "--json").stdout)
    assert (done["written"], done["points"], done["submissions"]) == (True, 3, 2)
    again = run("submissions", "import", round_id, file, "--yes")
    assert "received before" in again.output
    with app.app_context():
        assert factories.count(Submission) == 2
        with transaction(write=False) as session:
            points = session.query(Point).order_by(Point.id).all()
            assert [p.stance for p in points] == [Stance.AGREE, Stance.DISAGREE, Stance.NONE]
            assert points[1].provision.key == "d2.k2"
            assert points[1].proposed_wording == "5 triệu đồng"
            assert points[2].provision is None
            people = session.query(Authorship).order_by(Authorship.submission_id).all()
            assert [(a.name, a.organisation_name, a.user_id) for a in people] == [
                ("Lê An", "", None),
                ("", "Hội Khoa học", None),
            ]
            assert {s.channel for s in session.query(Submission)} == {"import"}


def test_import_is_all_or_nothing(app: Flask, run: Run, round_id: int, tmp_path: Path) -> None:
    file = tmp_path / "sai.csv"
    file.write_text(GOOD + "X,,Điều 99,có lẽ,abc,\n,,,,abc,\n", "utf-8")
    result = run("submissions", "import", round_id, file, "--yes")
    assert result.exit_code == 1
    assert "Row 5, provision: Dự thảo không có điều khoản “Điều 99”." in result.output
    assert "Row 5, stance" in result.output
    assert "Row 6, author: Chưa ghi người góp ý hoặc đơn vị." in result.output
    report = run("submissions", "import", round_id, file, "--yes", "--json")
    assert report.exit_code == 1
    assert [e["row"] for e in json.loads(report.stdout)["errors"]] == [5, 5, 6]
    with app.app_context():
        assert factories.count(Submission) == 0


@pytest.mark.parametrize("stage", [Stage.PREPARING, Stage.CANCELLED, Stage.ANSWERED])
def test_import_into_a_round_that_takes_nothing(
    app: Flask, run: Run, tmp_path: Path, stage: Stage
) -> None:
    with app.app_context():
        agency = factories.organisation()
        round_id = factories.consultation(agency, factories.version(agency), stage=stage)
    file = tmp_path / "a.csv"
    file.write_text(GOOD, "utf-8")
    result = run("submissions", "import", round_id, file, "--yes")
    assert result.exit_code == 1
    assert "open or closed" in result.output


def test_import_of_what_is_no_table(run: Run, round_id: int, tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    file.write_bytes(b"nothing")
    assert "Tệp bị hỏng" in run("submissions", "import", round_id, file).output
    assert run("submissions", "import", round_id, tmp_path / "no.csv").exit_code == 1
    assert run("submissions", "import", 999, file).exit_code == 1


def test_import_of_a_workbook(app: Flask, run: Run, round_id: int, tmp_path: Path) -> None:
    from openpyxl import Workbook

    book, out = Workbook(), io.BytesIO()
    for row in (["author", "provision", "content"], ["Lê An", "Điều 3", "Được"]):
        book.active.append(row)  # type: ignore[union-attr]
    book.save(out)
    file = tmp_path / "a.xlsx"
    file.write_bytes(out.getvalue())
    assert run("submissions", "import", round_id, file, "--yes").exit_code == 0
    with app.app_context():
        assert factories.count(Point) == 1


# --- administration


def test_admin_create(app: Flask, run: Run) -> None:
    secret = "một câu dài khó đoán"
    result = run(
        "admin", "create", "Quan.Tri@Example.org", "--name", "Ngô Triết", given=f"{secret}\n" * 2
    )
    assert result.exit_code == 0, result.output
    assert secret not in result.output
    assert run("admin", "create", "quan.tri@example.org").exit_code == 0  # has it already
    with app.app_context(), transaction(write=False) as session:
        user = session.query(User).one()
        assert (user.email, user.full_name) == ("quan.tri@example.org", "Ngô Triết")
        assert [g.role for g in user.roles] == ["admin"]
        assert user.email_confirmed_at


@pytest.mark.parametrize("password", ["ngắn", "1234567890"])
def test_admin_create_refuses_easy_passwords(app: Flask, run: Run, password: str) -> None:
    result = run("admin", "create", "a@example.org", "--name", "A", given=f"{password}\n" * 2)
    assert result.exit_code == 1
    with app.app_context():
        assert factories.count(RoleGrant) == 0


def test_admin_create_wants_an_address(run: Run) -> None:
    assert "not an e-mail address" in run("admin", "create", "abc").output


def test_db_commands(run: Run) -> None:
    assert run("db", "upgrade").exit_code == 0
    assert json.loads(run("db", "revision", "--json").stdout)["current"] is True


def test_the_demonstration_stays_out_of_real_data(run: Run, round_id: int) -> None:
    result = run("demo", "load")
    assert result.exit_code == 1
    assert "known password" in result.output


def test_a_wrong_setting_is_a_sentence(tmp_path: Path) -> None:
    for environment, words in (
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL must begin"),
        ({"DATABASE_URL": "postgresql://u@127.0.0.1:1/none"}, "The database cannot be used"),
        ({"DATABASE_URL": ""}, "no tables yet"),
    ):
        result = CliRunner().invoke(
            main, ["rounds", "list"], env={"CONSULT_DATA_DIR": str(tmp_path)} | environment
        )
        assert result.exit_code == 1
        assert words in result.output
        assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("arguments", "fact"),
    [
        (("export", "{round}", "--kind", "points", "-o", "{folder}/p.csv"), "bytes"),
        (("index", "rebuild"), "rebuilt"),
        (("backup", "{folder}/b.tar.gz"), "rows"),
        (("demo", "load", "--anyway"), "loaded"),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else value,
)
def test_commands_that_write_say_so_in_json(
    run: Run, round_id: int, tmp_path: Path, arguments: tuple[str, ...], fact: str
) -> None:
    given = [part.format(round=round_id, folder=tmp_path) for part in arguments]
    result = run(*given, "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)[fact]
