"""The secretariat checks each fact; titles and doctorates need a second person."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consult.accounts.models import User
from consult.core.audit import AuditEntry
from consult.core.db import db, transaction
from consult.jobs.models import Job
from consult.people.models import Profile
from tests.support import factories as make
from tests.support.browsing import post, signed_in

SECRETARIAT = (("secretariat", None),)


class Office:
    """Somebody who waits for verification, and two people of the secretariat."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.person = make.user("Lê Thị Ánh")
        first, second = make.user(roles=SECRETARIAT), make.user(roles=SECRETARIAT)
        self.ids = [first, second]
        self.client = signed_in(app, self.person)
        self.first, self.second = signed_in(app, first), signed_in(app, second)
        self.url = f"/secretariat/profiles/{self.person}"

    def waits(self, **facts: str) -> None:
        values = {"degree": "TS", "academic_title": "", "field_code": "402"}
        values |= {"organisation_name": "Trường Đại học Đồng Nai", "locality": "Biên Hòa"}
        values |= {"gender": "", "residence": "", "ask": "1"}
        assert post(self.client, "/profile", values | facts).status_code == 200

    def finds(self, client: FlaskClient, status: int = 200, seen: str = "", **findings: str) -> str:
        answer = post(client, f"{self.url}/verify", {"seen": seen or self.seen(client)} | findings)
        assert answer.status_code == status
        return answer.text

    def confirms(self, client: FlaskClient, seen: str = "") -> Any:
        return post(client, f"{self.url}/confirm", {"seen": seen or self.seen(client)})

    def seen(self, client: FlaskClient) -> str:
        page = client.get(self.url).text
        return page.split('name="seen" value="')[1].split('"')[0] if 'name="seen"' in page else ""

    def row(self) -> Profile:
        with self.app.app_context(), transaction(write=False) as session:
            found = session.get_one(Profile, self.person)
            session.expunge_all()
            return found

    def verified(self) -> bool:
        with self.app.app_context(), transaction(write=False) as session:
            return session.get_one(User, self.person).verified_at is not None

    def told(self) -> list[tuple[str, list[int]]]:
        with self.app.app_context(), transaction(write=False):
            jobs = db.session.query(Job).filter_by(name="notifications.tell").order_by(Job.id)
            return [(job.payload["kind"], job.payload["user_ids"]) for job in jobs]


@pytest.fixture
def office(app: Flask) -> Office:
    with app.app_context():
        return Office(app)


def test_a_title_needs_two_different_people(office: Office) -> None:
    office.waits(academic_title="PGS")
    both = {"verdict_degree": "confirmed", "verdict_academic_title": "confirmed"}
    office.finds(office.first, **both)
    assert (office.row().state, office.verified()) == ("checked", False)
    assert "một cán bộ khác của thường trực sẽ xác nhận" in office.first.get(office.url).text
    seen = office.seen(office.second)
    assert office.confirms(office.first, seen).status_code == 403
    assert not office.verified()
    assert office.confirms(office.second, seen).status_code == 200
    assert (office.row().state, office.verified()) == ("verified", True)
    assert office.row().verified_facts == {"degree": "TS", "academic_title": "PGS"}
    told = dict(office.told())
    assert told["profile.checked"] == [office.ids[1]]
    assert told["profile.halfway"] == told["profile.verified"] == [office.person]
    with office.app.app_context(), transaction(write=False) as session:
        (entry,) = session.query(AuditEntry).filter_by(action="profile.verified")
        assert (entry.actor_id, entry.details) == (office.ids[1], {"checked_by": office.ids[0]})


@pytest.mark.parametrize(
    ("facts", "twice"),
    [
        ({"degree": "ThS"}, False),
        ({"degree": "TS"}, True),
        ({"degree": "TSKH"}, True),
        ({"degree": "ThS", "academic_title": "PGS"}, True),
    ],
    ids=["master", "doctor", "doctor of science", "title"],
)
def test_which_facts_need_the_second_person(
    office: Office, facts: dict[str, str], twice: bool
) -> None:
    office.waits(**facts)
    verdicts = {f"verdict_{name}": "confirmed" for name in ("degree", "academic_title")}
    office.finds(office.first, **verdicts)
    assert office.verified() is not twice


def test_one_person_is_enough_where_that_is_set(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = replace(office.app.extensions["consult_settings"], second_verifier=False)
    monkeypatch.setitem(office.app.extensions, "consult_settings", settings)
    office.waits(degree="TS")
    office.finds(office.first, verdict_degree="confirmed")
    assert office.verified()


@pytest.mark.parametrize("verdict", ["refused", "more"])
def test_what_is_not_confirmed_goes_back_with_its_reason(office: Office, verdict: str) -> None:
    office.waits(academic_title="PGS")
    typed = {"verdict_degree": "confirmed", "verdict_academic_title": verdict}
    page = " ".join(office.finds(office.first, 422, **typed).split())
    assert f'value="{verdict}" checked' in page
    office.finds(office.first, 422, verdict_degree="confirmed")
    assert office.row().state == "pending"
    reason = "Thiếu quyết định bổ nhiệm."
    office.finds(office.first, **typed, reason_academic_title=reason)
    assert (office.row().state, office.verified()) == ("returned", False)
    assert reason in office.client.get("/profile").text
    assert office.told()[-1] == ("profile.returned", [office.person])


def test_a_change_after_the_check_begins_it_anew(office: Office) -> None:
    office.waits(degree="TS")
    office.finds(office.first, verdict_degree="confirmed")
    seen = office.seen(office.second)
    office.waits(degree="TSKH")
    assert office.row().state == "pending"
    office.confirms(office.second, seen)
    assert not office.verified()
    assert office.finds(office.first, 409, seen=seen, verdict_degree="confirmed")


def test_the_second_person_may_give_it_back(office: Office) -> None:
    office.waits(degree="TS")
    office.finds(office.first, verdict_degree="confirmed")
    post(office.second, f"{office.url}/return", {"note": "Bằng chưa rõ."})
    assert (office.row().state, office.row().checks) == ("returned", {})
    assert "Bằng chưa rõ." in office.client.get("/profile").text


def test_nobody_verifies_himself(app: Flask, office: Office) -> None:
    own = f"/secretariat/profiles/{office.ids[0]}"
    with app.app_context(), transaction() as session:
        session.add(Profile(user_id=office.ids[0], degree="TS", state="pending"))
    assert office.first.get(own).status_code == 403
    assert post(office.first, f"{own}/verify", {"verdict_degree": "confirmed"}).status_code == 403
    with app.app_context(), transaction() as session:
        row = session.get_one(Profile, office.ids[0])
        row.state, row.checked_by = "checked", office.ids[1]
    assert post(office.first, f"{own}/confirm", {"seen": "x"}).status_code == 403


def test_a_later_title_is_verified_anew_while_the_old_one_counts(office: Office) -> None:
    office.waits(degree="ThS")
    office.finds(office.first, verdict_degree="confirmed")
    assert office.verified()
    office.waits(degree="TS")
    assert office.row().state == "pending"
    assert office.row().verified_facts["degree"] == "ThS"
    office.finds(office.first, verdict_degree="confirmed")
    assert office.row().verified_facts["degree"] == "ThS"
    office.confirms(office.second)
    assert office.row().verified_facts["degree"] == "TS"
