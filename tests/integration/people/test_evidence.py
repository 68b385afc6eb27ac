"""Evidence of degree and title: given, cleaned, seen by the secretariat only, then deleted."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from consult.core import clock
from consult.core.audit import AuditEntry
from consult.core.db import transaction
from consult.core.files import StoredFile
from consult.people import evidence
from consult.people.evidence_models import Evidence
from consult.people.models import Profile
from tests.support import attachable
from tests.support import factories as make
from tests.support.browsing import post, signed_in

PAGE = "/profile/evidence"


@pytest.fixture
def person(app: Flask) -> int:
    with app.app_context():
        user_id = make.user("Lê Thị Ánh")
        with transaction() as session:
            session.add(Profile(user_id=user_id, degree="TS", state="draft"))
    return user_id


@pytest.fixture
def client(app: Flask, person: int) -> FlaskClient:
    return signed_in(app, person)


@pytest.fixture
def secretary(app: Flask) -> FlaskClient:
    with app.app_context():
        return signed_in(app, make.user("Bùi Văn Tường", roles=(("secretariat", None),)))


def give(client: FlaskClient, data: bytes, name: str = "bằng.png", **more: Any) -> TestResponse:
    sent = {"fact": "degree", "file": (io.BytesIO(data), name)} | more
    return post(client, PAGE, sent, content_type="multipart/form-data")


def kept(app: Flask) -> list[int]:
    with app.app_context(), transaction(write=False) as session:
        return [row.id for row in session.query(Evidence).order_by(Evidence.id)]


def change(app: Flask, person: int, **values: Any) -> None:
    with app.app_context(), transaction() as session:
        row = session.get_one(Profile, person)
        for name, value in values.items():
            setattr(row, name, value)


@pytest.mark.parametrize("make_file", [attachable.png, attachable.jpg, attachable.pdf])
def test_a_file_is_kept_by_its_content_and_without_its_maker(
    app: Flask, client: FlaskClient, secretary: FlaskClient, make_file: Any
) -> None:
    data = make_file()
    assert attachable.holds(data)
    answer = give(client, data, "ảnh.docx")
    assert answer.status_code == 200
    assert "ảnh" in answer.text
    (number,) = kept(app)
    for reader in (client, secretary):
        file = reader.get(f"/evidence/{number}")
        assert file.status_code == 200
        assert not attachable.holds(file.data)
        assert file.headers["Cache-Control"] == "private, no-store"
        assert file.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "Tệp trống"),
        (b"MZ\x90\x00 not a picture", "Chỉ nhận tệp PDF, JPG và PNG"),
        (b"%PDF-1.7\nnothing", "Không mở được tệp"),
        (b"\x89PNG\r\n\x1a\n" + bytes(evidence.LIMIT), "lớn hơn 10 MB"),
    ],
    ids=["empty", "program", "broken", "large"],
)
def test_what_cannot_be_taken_is_told_beside_the_field(
    app: Flask, client: FlaskClient, data: bytes, sentence: str
) -> None:
    answer = give(client, data)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert kept(app) == []


def test_a_form_without_a_file_says_so(app: Flask, client: FlaskClient) -> None:
    assert post(client, PAGE, {"fact": "degree"}).status_code == 422
    assert kept(app) == []


def test_the_same_file_and_too_many_are_refused(app: Flask, client: FlaskClient) -> None:
    for width in range(1, evidence.MOST_FILES + 1):
        assert give(client, attachable.png(width)).status_code == 200
        assert give(client, attachable.png(width)).status_code == 422
    assert give(client, attachable.png(50)).status_code == 422
    assert len(kept(app)) == evidence.MOST_FILES


def test_only_the_person_and_the_secretariat_have_the_file(
    app: Flask, client: FlaskClient, secretary: FlaskClient
) -> None:
    give(client, attachable.png())
    (number,) = kept(app)
    with app.app_context():
        agency = make.organisation()
        others = [
            make.user(verified=True),
            make.user(roles=(("official", agency),)),
            make.user(roles=(("admin", None),)),
            make.user(roles=(("front", None),)),
        ]
    for other in others:
        reader = signed_in(app, other)
        assert reader.get(f"/evidence/{number}").status_code == 404
        assert post(reader, f"{PAGE}/{number}/remove").status_code == 404
    assert app.test_client().get(f"/evidence/{number}").status_code in (302, 303, 404)
    assert post(secretary, f"{PAGE}/{number}/remove").status_code == 404
    assert kept(app) == [number]


def test_the_person_may_delete_it_unless_it_is_being_decided_on(
    app: Flask, client: FlaskClient, person: int
) -> None:
    give(client, attachable.png())
    (number,) = kept(app)
    change(app, person, state="checked")
    assert "không thể thay đổi" in post(client, f"{PAGE}/{number}/remove").text
    assert give(client, attachable.png(9)).status_code == 422
    assert kept(app) == [number]
    change(app, person, state="pending")
    assert post(client, f"{PAGE}/{number}/remove").status_code == 200
    assert kept(app) == []
    with app.app_context():
        assert make.count(StoredFile) == 0
    assert client.get(f"/evidence/{number}").status_code == 404


def test_evidence_is_forgotten_so_long_after_the_decision(
    app: Flask, client: FlaskClient, person: int
) -> None:
    give(client, attachable.png(1))
    give(client, attachable.png(2))
    first, waiting = kept(app)
    months = app.extensions["consult_settings"].evidence_months
    with app.app_context():
        with transaction() as session:
            session.get_one(Evidence, first).decided_at = clock.now()
        clock.shift(timedelta(days=30.44 * months - 1))
        with transaction():
            assert evidence.forget() == 0
        clock.shift(timedelta(days=2))
        with transaction():
            assert evidence.forget() == 1
        with transaction(write=False) as session:
            (entry,) = session.query(AuditEntry).filter_by(action="evidence.deleted")
            assert str(entry.subject_id) == str(person)
    assert kept(app) == [waiting]
