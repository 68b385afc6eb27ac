"""What an attacker would try at the doors: addresses, headers, letters, uploads, downloads."""

from __future__ import annotations

import io
import re
import socket
import stat
import threading
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import EnvironBuilder, run_wsgi_app

from config import Settings
from consult.accounts.models import User
from consult.accounts.services import SignIn, authenticate
from consult.core.db import transaction
from consult.core.web import row_ids, safe_next
from consult.drafts.models import DraftVersion
from consult.jobs.models import Job
from consult.jobs.runner import run_due
from consult.notifications.models import OutgoingEmail
from consult.notifications.services import post as post_letter
from tests.support import factories as make
from tests.support.browsing import post, signed_in, token
from tests.support.inside import Inside

# --- where the browser is sent -------------------------------------------------------------------

ELSEWHERE = [
    "//evil.example",
    "https://evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "/\t\\evil.example",
    "/\n\\evil.example",
    "\t//evil.example",
    " //evil.example",
    "javascript:alert(1)",
    "evil.example",
    "",
    "/\x00",
]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_no_target_leads_to_another_site(target: str) -> None:
    assert safe_next(target) is None


@pytest.mark.parametrize("target", ["/", "/rounds?q=%C4%91i%E1%BB%83m&page=2", "/rounds/1/write"])
def test_a_path_of_this_site_is_a_target(target: str) -> None:
    assert safe_next(target) == target


@pytest.mark.parametrize("name", ["next", "kept_url"])
@pytest.mark.parametrize("target", ELSEWHERE)
def test_signing_in_leads_to_no_other_site(sqlite_app: Flask, name: str, target: str) -> None:
    with sqlite_app.app_context():
        make.user(email="an@example.org")
    client = sqlite_app.test_client()
    page = client.get("/sign-in", query_string={name: target}).text
    assert "evil" not in page.replace("evil.example", "evil") or f'value="{target}"' not in page
    answer = client.post(
        "/sign-in",
        data={
            "csrf_token": token(client),
            "email": "an@example.org",
            "password": make.PASSWORD,
            name: target,
        },
    )
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/desk"


def test_a_strangers_page_cannot_have_words_kept_and_sent(sqlite_app: Flask) -> None:
    """The page that sends again what was typed never shows what another site posted."""
    with sqlite_app.app_context():
        official = make.user(roles=(("official", make.organisation()),))
    client = signed_in(sqlite_app, official)
    for headers in (
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ):
        answer = client.post("/account/name", data={"full_name": "Kẻ Gian"}, headers=headers)
        assert answer.status_code == 400
        assert "Kẻ Gian" not in answer.text
        answer = client.post("/language", data={"locale": "en"}, headers=headers)
        assert answer.status_code == 400


# --- addresses that no page has ------------------------------------------------------------------

HUGE = ["2147483648", "9223372036854775808", "99999999999999999999"]


@pytest.mark.parametrize("number", HUGE)
def test_a_number_that_no_row_has_is_not_found(sqlite_app: Flask, number: str) -> None:
    with sqlite_app.app_context():
        agency = make.organisation()
        round_id = make.consultation(agency, make.version(agency))
        official = make.user(roles=(("official", agency),))
    client = signed_in(sqlite_app, official)
    for path in ("/points/{}", "/rounds/{}", "/clubs/{}", "/summaries/{}", "/office/rounds/{}"):
        assert client.get(path.format(number)).status_code == 404
    for query in (f"point={number}", f"response={number}"):
        answer = client.get(f"/office/rounds/{round_id}/answer?{query}")
        assert answer.status_code == 303
    answer = post(client, f"/office/rounds/{round_id}/answers/publish", {"point": number})
    assert answer.status_code == 200


def test_row_ids_are_what_a_row_can_have() -> None:
    assert row_ids(["1", "x", "", "-1", "²", "٣", "2147483647", "2147483648", "1" * 5000]) == [
        1,
        2147483647,
    ]


@pytest.mark.parametrize("path", ["/receipts/a%00b", "/rounds?q=a%00b", "/search?q=%00"])
def test_a_nul_in_an_address_is_refused(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 400


# --- headers -------------------------------------------------------------------------------------


def test_headers_of_pages(sqlite_app: Flask) -> None:
    with sqlite_app.app_context():
        person = make.user()
    for client in (sqlite_app.test_client(), signed_in(sqlite_app, person)):
        for path in ("/", "/search?q=x", "/sign-in", "/nowhere", "/account"):
            headers = client.get(path).headers
            policy = headers["Content-Security-Policy"]
            assert "unsafe" not in policy
            assert "default-src 'none'" in policy
            assert "frame-ancestors 'none'" in policy
            assert "form-action 'self'" in policy
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["X-Frame-Options"] == "DENY"
            assert headers["Referrer-Policy"] == "same-origin"
            assert "public" not in headers["Cache-Control"]
    assert signed_in(sqlite_app, person).get("/account").headers["Cache-Control"] == "no-store"


def test_a_proxys_words_count_for_nothing_unless_set(sqlite_app: Flask) -> None:
    with sqlite_app.app_context():
        make.user(email="an@example.org")
    lying = {
        "X-Forwarded-For": "10.0.0.1",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
        "Forwarded": "host=evil.example",
        "Host": "evil.example",
    }
    client = sqlite_app.test_client()
    page = client.get("/password/forgot", headers=lying).text
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found
    assert "evil.example" not in page
    answer = client.post(
        "/password/forgot",
        data={"csrf_token": found[1], "email": "an@example.org"},
        headers=lying,
    )
    assert answer.headers["Location"].startswith("/")
    with sqlite_app.app_context():
        run_due()
        letters = list((settings(sqlite_app).data_dir / "mail").glob("*.eml"))
    assert letters
    assert not any(b"evil.example" in path.read_bytes() for path in letters)


def settings(app: Flask) -> Settings:
    return cast("Settings", app.extensions["consult_settings"])


@pytest.mark.parametrize("base_url", ["http://127.0.0.1:8000", "https://gopy.example.vn"])
def test_cookies_are_secure_where_the_portal_is(tmp_path: Path, base_url: str) -> None:
    from consult.app import create_app

    made = Settings.from_environment(
        {"CONSULT_DATA_DIR": str(tmp_path / "data"), "CONSULT_BASE_URL": base_url}
    )
    app = create_app(made)
    secure = base_url.startswith("https")
    assert app.config["SESSION_COOKIE_SECURE"] is secure
    assert app.config["SESSION_COOKIE_HTTPONLY"]
    assert app.config["SESSION_COOKIE_SAMESITE"] == "Lax"
    assert not app.debug


def test_the_data_directory_is_nobody_elses(tmp_path: Path) -> None:
    made = Settings.from_environment({"CONSULT_DATA_DIR": str(tmp_path / "new")})
    assert stat.S_IMODE(made.data_dir.stat().st_mode) == 0o700
    assert stat.S_IMODE((made.data_dir / "secret.key").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "path",
    ["/static/", "/static/css/", "/assets/", "/static/..%2f..%2fconfig.py", "/static/../wsgi.py"],
)
def test_static_files_are_not_listed_and_lead_nowhere_else(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_an_error_page_tells_nothing_of_the_inside(sqlite_app: Flask) -> None:
    """A fault of ours answers with a page of ours: no trace, no paths, no statement."""
    view = sqlite_app.view_functions["reading.home"]

    def broken(**_: Any) -> Any:
        raise RuntimeError("bí mật bên trong /srv/consult")

    broken.consult_permission = "site.read"  # type: ignore[attr-defined]
    sqlite_app.view_functions["reading.home"] = broken
    sqlite_app.testing = False
    try:
        answer = sqlite_app.test_client().get("/")
    finally:
        sqlite_app.view_functions["reading.home"] = view
        sqlite_app.testing = True
    assert answer.status_code == 500
    for inside in ("Traceback", "RuntimeError", "bí mật", "/srv", ".py"):
        assert inside not in answer.text


# --- letters -------------------------------------------------------------------------------------


def test_a_stranger_cannot_have_his_words_sent_to_somebody(sqlite_app: Flask) -> None:
    """A name typed at registration goes into no letter to an address that is not confirmed."""
    client = sqlite_app.test_client()
    bait = "Trúng thưởng http://evil.example"
    answer = post(
        client,
        "/register",
        {
            "full_name": bait,
            "email": "nan-nhan@example.org",
            "password": "một mật khẩu dài khó đoán",
            "consent": "y",
        },
    )
    assert answer.status_code == 200
    post(client, "/password/forgot", {"email": "nan-nhan@example.org"})
    with sqlite_app.app_context():
        run_due(lane="quick")
        with transaction(write=False) as session:
            letters = session.scalars(select(OutgoingEmail)).all()
            assert len(letters) == 2
            for letter in letters:
                assert "evil.example" not in letter.body + letter.subject
                assert "/confirm/" in letter.body or "/password/reset/" in letter.body


class Refusing:
    """An SMTP server that knows nobody and says whom it does not know."""

    async def handle_RCPT(  # noqa: N802
        self, _server: Any, _session: Any, _envelope: Any, address: str, _options: Any
    ) -> str:
        return f"550 5.1.1 <{address.upper()}>: no mailbox {address}"


@pytest.fixture
def refusing(sqlite_app: Flask) -> Iterator[Flask]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Controller(Refusing(), hostname="127.0.0.1", port=port)
    server.start()
    kept = settings(sqlite_app)
    url = f"smtp://127.0.0.1:{server.port}"
    sqlite_app.extensions["consult_settings"] = replace(kept, mail_url=url)
    yield sqlite_app
    sqlite_app.extensions["consult_settings"] = kept
    server.stop()


def test_a_refused_letter_tells_nobodys_address(
    refusing: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither the log nor the administrator's page: beside the instant it would tell enough."""
    with refusing.app_context():
        with transaction():
            post_letter("canh-cut@example.org", "Biên nhận", "Lời thư", dedupe="submission:x:1")
        run_due()
        with transaction(write=False) as session:
            error = session.scalars(
                select(Job.last_error).where(Job.name == "notifications.send")
            ).one()
    assert "550" in error
    assert "no mailbox" in error
    assert "canh-cut" not in error.lower()
    assert "notifications.send" in caplog.text
    assert "canh-cut" not in caplog.text.lower()


# --- uploads -------------------------------------------------------------------------------------


@pytest.fixture
def official(sqlite_app: Flask) -> FlaskClient:
    with sqlite_app.app_context():
        agency = make.organisation()
        return signed_in(sqlite_app, make.user(roles=(("official", agency),)))


def docx(document: bytes, **members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"<Types/>")
        archive.writestr("word/document.xml", document)
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def laughs() -> bytes:
    entities = b'<!ENTITY a "ha">' + b"".join(
        b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
    )
    return docx(b"<?xml version='1.0'?><!DOCTYPE d [" + entities + b"]><d>&j;</d>")


def external() -> bytes:
    return docx(
        b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;</d>'
    )


def pdf_bomb() -> bytes:
    """A page whose content unpacks, stream in stream, to a gigabyte."""
    stream = zlib.compress(zlib.compress(b"0 " * 50_000_000, 9), 9)
    head = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>endobj\n"
    )
    length = b"4 0 obj<</Filter[/FlateDecode/FlateDecode]/Length %d>>stream\n" % len(stream)
    return head + length + stream + b"\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


HOSTILE: dict[str, Callable[[], bytes]] = {
    "nothing.docx": lambda: b"",
    "program.docx": lambda: b"MZ\x90\x00" + b"\x00" * 5000,
    "program.exe": lambda: b"MZ\x90\x00" + b"\x00" * 5000,
    "bomb.docx": lambda: docx(b"<w/>" + b" " * 90_000_000),
    "many.docx": lambda: docx(b"<w/>", **{f"m{n}": b"" for n in range(4000)}),
    "laughs.docx": laughs,
    "external.docx": external,
    "broken.docx": lambda: docx(b"<w:document")[:-30],
    "bomb.pdf": pdf_bomb,
    "loop.pdf": lambda: (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 1 0 R/Kids[1 0 R]/Count 9>>endobj\n"
        b"trailer<</Root 1 0 R>>\n%%EOF"
    ),
    "../../../etc/passwd.docx": lambda: b"PK\x03\x04 rubbish",
    "zeros.txt": lambda: b"\x00" * 100_000,
}


def read_scan(client: FlaskClient, page: str) -> str:
    """Read the scan that the page shows to its end and return the page."""
    with client.application.app_context():
        while run_due():
            pass
    return client.get(page).text


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_a_hostile_file_gets_a_sentence_and_the_title_stays(
    official: FlaskClient, name: str
) -> None:
    page = official.get("/office/drafts/upload").text
    agency = re.search(r'name="agency" value="(\d+)"', page)
    assert agency
    answer = official.post(
        "/office/drafts/upload",
        data={
            "csrf_token": token(official),
            "title": "Tên đã gõ",
            "agency": agency[1],
            "file": (io.BytesIO(HOSTILE[name]()), name),
        },
    )
    if answer.status_code == 303:  # taken for a scan where scans can be read: refused later
        page = read_scan(official, answer.location)
        assert "Tên đã gõ" in page
        sentence = re.search(r"<h2>[^<]+</h2>\s*<p>([^<]+)</p>", page)
    else:
        assert answer.status_code == 422
        assert "Tên đã gõ" in answer.text
        sentence = re.search(r'class="field-error"[^>]*>\s*<p>([^<]+)</p>', answer.text)
    assert sentence
    assert len(sentence[1]) > 20
    assert "root:" not in answer.text
    with official.application.app_context():
        assert make.count(DraftVersion) == 0


def test_html_in_titles_texts_and_file_names_stays_text(official: FlaskClient) -> None:
    attack = "\"'><img src=x onerror=alert(1)><script>alert(2)</script>"
    page = official.get("/office/drafts/upload").text
    agency = re.search(r'name="agency" value="(\d+)"', page)
    assert agency
    text = f"Điều 1. Phạm vi {attack}\n1. Một việc {attack}\n2. Hai việc\nĐiều 2. Áp dụng\n"
    answer = official.post(
        "/office/drafts/upload",
        data={
            "csrf_token": token(official),
            "title": f"Dự thảo {attack}",
            "agency": agency[1],
            "file": (io.BytesIO(text.encode()), "<img src=x onerror=alert(1)>.txt"),
        },
        follow_redirects=True,
    )
    assert answer.status_code == 200
    assert "&lt;img src=x" in answer.text
    assert "<img src=x" not in answer.text
    assert "<script>alert" not in answer.text
    file = official.get(answer.request.path + "/file")
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert file.mimetype == "application/octet-stream"


def test_only_who_signed_in_may_send_more_than_the_limit(
    sqlite_app: Flask, official: FlaskClient
) -> None:
    """What is too large is refused by its length alone, before it fills the disk."""
    large = settings(sqlite_app).max_upload_bytes * 2

    def status(client: FlaskClient, path: str) -> int:
        body = {
            "CONTENT_LENGTH": str(large),
            "CONTENT_TYPE": "multipart/form-data; boundary=x",
            "wsgi.input": io.BytesIO(b"--x--"),
        }
        return client.post(path, environ_overrides=body).status_code

    assert status(sqlite_app.test_client(), "/office/drafts/upload") == 413
    assert status(official, "/office/drafts/upload") != 413
    assert status(official, "/profile") == 413


class SlowBody(io.RawIOBase):
    """A body whose end comes only after somebody else has written."""

    def __init__(self, content: bytes, before_the_end: threading.Event) -> None:
        self.content, self.wait = io.BytesIO(content), before_the_end
        self.asked = threading.Event()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.asked.set()
        self.wait.wait(10)
        return self.content.readinto(buffer)


def test_a_slow_sender_keeps_nobody_from_writing(sqlite_app: Flask) -> None:
    """While a body arrives its request holds no lock of the database."""
    with sqlite_app.app_context():
        person = make.user()
    client = signed_in(sqlite_app, person)
    form = f"csrf_token={token(client)}&full_name=Nguyen+Cham".encode()
    go_on = threading.Event()
    body = SlowBody(form, go_on)
    status: list[str] = []
    cookie = client.get_cookie("consult_session")
    assert cookie

    def send() -> None:
        environ = EnvironBuilder(path="/account/name", method="POST").get_environ() | {
            "wsgi.input": io.BufferedReader(body),
            "CONTENT_LENGTH": str(len(form)),
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "HTTP_COOKIE": f"consult_session={cookie.value}",
        }
        status.append(run_wsgi_app(sqlite_app, environ)[1])

    sender = threading.Thread(target=send)
    sender.start()
    try:
        assert body.asked.wait(5)
        outside = Inside(sqlite_app, make)
        writer = threading.Thread(target=outside.user, args=("Người Khác",), daemon=True)
        writer.start()
        writer.join(5)
        assert not writer.is_alive(), "the write waits for the slow sender"
    finally:
        go_on.set()
        sender.join(10)
    assert status == ["303 SEE OTHER"]


# --- passwords -----------------------------------------------------------------------------------


def test_an_unknown_address_costs_as_much_as_a_known_one(
    sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same verification runs in both cases; counted, because a clock would be noisy."""
    from consult.accounts import passwords, services

    asked: list[str] = []
    verify = passwords.verify

    def counting(known: str, password: str) -> bool:
        asked.append(known)
        return verify(known, password)

    monkeypatch.setattr(passwords, "verify", counting)
    with sqlite_app.app_context():
        make.user(email="an@example.org")
        for address in ("an@example.org", "khong-ai@example.org"):
            with transaction(), pytest.raises(services.WrongCredentials):
                authenticate(SignIn(address, "sai hoàn toàn", "here"))
        with transaction(write=False) as session:
            assert session.scalars(select(User.email)).all() == ["an@example.org"]
    assert len(asked) == 2
