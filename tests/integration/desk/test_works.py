"""Pages of long work: waiting, coming back, cancelling, downloading with the right one has now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, update

from consult.accounts.models import RoleGrant
from consult.consultations.models import Stage
from consult.core import clock, files
from consult.core.db import transaction
from consult.jobs.runner import run_due
from consult.jobs.tasks import forget_works
from consult.jobs.work_models import Work
from tests.support import factories as make
from tests.support.browsing import post, signed_in
from tests.support.statements import counted


@dataclass
class Case:
    """A closed round with one point, and two officials of its agency."""

    app: Flask
    round_id: int
    official: int
    colleague: int

    @property
    def url(self) -> str:
        return f"/rounds/{self.round_id}/export/points.csv"

    def ask(self, client: FlaskClient) -> str:
        """Ask for the file; return the path of the work."""
        answer = post(client, self.url, follow_redirects=False)
        assert answer.status_code == 303
        return answer.location.partition("?")[0]

    def run(self) -> None:
        with self.app.app_context():
            run_due(lane="long")


@pytest.fixture
def case(app: Flask) -> Case:
    with app.app_context():
        agency = make.organisation()
        round_id = make.consultation(
            agency, make.version(agency), stage=Stage.CLOSED, closes=timedelta(days=-1)
        )
        make.point(round_id, make.user("Nguyễn Văn An", verified=True), argument="Ý kiến hay.")
        people = [make.user(name, roles=(("official", agency),)) for name in ("Một", "Hai")]
    return Case(app, round_id, *people)


def test_who_waits_gets_the_file_without_script(case: Case) -> None:
    client = signed_in(case.app, case.official)
    work = case.ask(client)
    page = client.get(f"{work}?wait=1").text
    assert f'content="1;url={work}?wait=1"' in page
    case.run()
    ready = client.get(f"{work}?wait=1")
    assert ready.status_code == 302
    page = client.get(ready.location).text
    assert f'content="0;url={work}/file"' in page
    assert "Ý kiến hay." in client.get(f"{work}/file").text
    # Who comes back later is not given the file again unasked.
    assert 'http-equiv="refresh"' not in client.get(work).text


def test_with_script_the_page_is_sent_on(case: Case) -> None:
    client = signed_in(case.app, case.official)
    work = case.ask(client)
    waiting = client.get(f"{work}?wait=1", headers={"HX-Request": "true"})
    assert "hx-get" in waiting.text
    case.run()
    ready = client.get(f"{work}?wait=1", headers={"HX-Request": "true"})
    assert ready.headers["HX-Redirect"] == f"{work}?now=1"


def test_one_may_leave_and_find_it_on_the_desk(case: Case) -> None:
    client = signed_in(case.app, case.official)
    assert "/works" in client.get("/desk").text
    assert "Bạn chưa có yêu cầu nào." in client.get("/works").text
    work = case.ask(client)
    case.run()
    later = signed_in(case.app, case.official)
    page = later.get("/works").text
    assert work in page
    assert f"{work}/file" in page


def test_two_people_do_not_see_each_others_work(case: Case) -> None:
    one, other = signed_in(case.app, case.official), signed_in(case.app, case.colleague)
    first, second = case.ask(one), case.ask(other)
    assert first != second
    case.run()
    assert one.get(f"{first}/file").status_code == 200
    for path in (first, f"{first}/file"):
        assert other.get(path).status_code == 404
    assert post(other, f"{first}/cancel").status_code == 404
    assert first not in other.get("/works").text


def test_a_right_that_was_lost_is_missed_at_the_download(case: Case) -> None:
    client = signed_in(case.app, case.official)
    work = case.ask(client)
    case.run()
    with case.app.app_context(), transaction() as session:
        session.execute(delete(RoleGrant).where(RoleGrant.user_id == case.official))
    assert client.get(f"{work}/file").status_code == 404
    assert client.get(work).status_code == 200  # what was asked for may be known


def test_a_waiting_work_is_cancelled_and_asked_for_again(case: Case) -> None:
    client = signed_in(case.app, case.official)
    work = case.ask(client)
    assert case.ask(client) == work  # pressing twice asks once
    page = post(client, f"{work}/cancel").text
    assert "Đã hủy." in page
    assert "Việc này đã kết thúc trước đó." in post(client, f"{work}/cancel").text
    case.run()
    assert client.get(f"{work}/file").status_code == 404
    assert case.ask(client) != work


def test_a_failure_is_told_and_may_be_tried_again(case: Case) -> None:
    client = signed_in(case.app, case.official)
    work = case.ask(client)
    gone = {"name": "points.csv", "round_id": 999_999}
    change(case, arguments=gone)
    case.run()
    assert "Đợt lấy ý kiến không còn tồn tại." in client.get(f"{work}?now=1").text
    assert client.get(f"{work}/file").status_code == 404


def change(case: Case, **values: Any) -> None:
    with case.app.app_context(), transaction() as session:
        session.execute(update(Work).values(**values))


def test_files_are_private_and_go_after_the_days_of_the_setting(case: Case) -> None:
    client = signed_in(case.app, case.official)
    work = case.ask(client)
    case.run()
    with case.app.app_context():
        with transaction(write=False) as session:
            digest = session.get_one(Work, int(work.rpartition("/")[2])).file_sha256
            assert digest is not None
            assert files.place(digest).stat().st_mode & 0o077 == 0
            files.sweep()
            assert files.place(digest).exists()
        clock.shift(timedelta(days=8))
        with transaction():
            forget_works([])
    assert client.get(f"{work}/file").status_code == 404


def test_the_addresses_of_files_lead_to_where_they_are_asked_for(case: Case) -> None:
    client = signed_in(case.app, case.official)
    answer = client.get(case.url)
    assert answer.status_code == 302
    assert answer.location == f"/rounds/{case.round_id}/export"
    page = client.get(answer.location).text
    for name in ("mau10.docx", "mau10.pdf", "points.json"):
        assert f"/rounds/{case.round_id}/export/{name}" in page
    assert client.get(f"/rounds/{case.round_id}/export/secrets.txt").status_code == 404


def test_pages_ask_little_of_the_database(case: Case) -> None:
    client = signed_in(case.app, case.official)
    work = case.ask(client)
    for path, most in ((work, 8), ("/works", 8), (f"/rounds/{case.round_id}/export", 8)):
        with counted(case.app) as found:
            assert client.get(path).status_code == 200
        assert len(found) <= most, path
