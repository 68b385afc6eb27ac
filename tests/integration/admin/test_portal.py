"""The administrator's settings, periods, audit log, jobs and letters."""

from __future__ import annotations

import ast
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from msgspec.structs import fields
from sqlalchemy import select

from config import ROOT
from consult.admin import labels
from consult.admin.forms import SettingsForm
from consult.admin.sentences import ACTS, SUBJECTS
from consult.consultations.models import Consultation, Holiday, PeriodRule
from consult.consultations.stages import TRANSITIONS
from consult.core import audit, clock
from consult.core.audit import AuditEntry
from consult.core.db import transaction
from consult.core.portal import Portal, portal
from consult.jobs.models import Job
from consult.notifications.models import OutgoingEmail
from tests.support import factories
from tests.support.browsing import post, signed_in

RULE = {"name": "Quyết định", "days": "20", "unit": "calendar", "legal_basis": "Luật 64/2025/QH15"}


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    with app.app_context():
        admin = factories.user("Phạm Quản Trị", roles=(("admin", None),))
    return signed_in(app, admin)


def settings_typed(**changes: str) -> dict[str, str]:
    return {field.name: str(field.default) for field in fields(Portal)} | changes


def entries(app: Flask) -> list[tuple[str, dict[str, object]]]:
    with app.app_context(), transaction(write=False) as session:
        rows = session.execute(
            select(AuditEntry.action, AuditEntry.details).order_by(AuditEntry.id)
        )
        return [(row[0], row[1]) for row in rows]


# --- settings ------------------------------------------------------------------------------------


def test_every_setting_has_a_field_a_label_and_a_hint(app: Flask) -> None:
    names = {field.name for field in fields(Portal)}
    assert set(labels.SETTINGS) == names
    with app.test_request_context():
        assert names <= {field.name for field in SettingsForm()}


def test_settings_are_saved_shown_and_audited(app: Flask, browser: FlaskClient) -> None:
    typed = settings_typed(name="Cổng trí thức Đồng Nai", notice="Bảo trì tối nay.")
    page = post(browser, "/admin/settings", typed)
    assert "Đã lưu thiết lập." in page.text
    assert "Bảo trì tối nay." in page.text
    with app.app_context(), transaction(write=False):
        assert portal().name == "Cổng trí thức Đồng Nai"
    ((action, details),) = entries(app)
    assert action == "settings.changed"
    assert details == {
        "changed": {
            "name": [Portal().name, "Cổng trí thức Đồng Nai"],
            "notice": ["", "Bảo trì tối nay."],
        }
    }
    assert "Thay đổi thiết lập: Tên cổng, Thông báo trên mọi trang" in (
        browser.get("/admin/audit").text
    )
    assert "Không có gì thay đổi." in post(browser, "/admin/settings", typed).text
    assert len(entries(app)) == 1


@pytest.mark.parametrize(
    "changes", [{"name": ""}, {"contact_email": "nobody"}, {"notice": "a" * 501}]
)
def test_wrong_settings_are_refused_and_kept(
    app: Flask, browser: FlaskClient, changes: dict[str, str]
) -> None:
    page = post(browser, "/admin/settings", settings_typed(province="Tỉnh thử") | changes)
    assert page.status_code == 422
    assert "Tỉnh thử" in page.text
    assert entries(app) == []


def test_a_setting_is_text_and_never_markup(browser: FlaskClient) -> None:
    page = post(browser, "/admin/settings", settings_typed(notice="<script>alert(1)</script>"))
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;" in page.text


# --- periods -------------------------------------------------------------------------------------


def rules(app: Flask) -> list[PeriodRule]:
    with app.app_context(), transaction(write=False) as session:
        found = session.scalars(select(PeriodRule)).all()
        session.expunge_all()
    return list(found)


def test_a_rule_is_added_and_removed(app: Flask, browser: FlaskClient) -> None:
    page = post(browser, "/admin/periods/rules", RULE)
    assert "20 ngày theo lịch" in page.text
    assert "Luật 64/2025/QH15" in page.text
    (rule,) = rules(app)
    post(browser, f"/admin/periods/rules/{rule.id}/remove")
    assert rules(app) == []
    assert [action for action, _details in entries(app)] == ["period.added", "period.removed"]


def test_a_rule_that_a_round_follows_stays(app: Flask, browser: FlaskClient) -> None:
    post(browser, "/admin/periods/rules", RULE)
    (rule,) = rules(app)
    with app.app_context():
        agency = factories.organisation()
        round_id = factories.consultation(agency, factories.version(agency))
        with transaction() as session:
            session.get_one(Consultation, round_id).period_rule_id = rule.id
    page = post(browser, f"/admin/periods/rules/{rule.id}/remove")
    assert "Chưa thể xóa: có 1 đợt lấy ý kiến đang áp dụng quy định này." in page.text
    assert len(rules(app)) == 1


@pytest.mark.parametrize(
    "changes",
    [{"days": "0"}, {"days": "367"}, {"days": "²"}, {"days": "-3"}, {"days": "9" * 30},
     {"unit": "lunar"}, {"name": ""}],
)  # fmt: skip
def test_a_wrong_rule_is_refused_and_kept(
    app: Flask, browser: FlaskClient, changes: dict[str, str]
) -> None:
    page = post(browser, "/admin/periods/rules", RULE | changes)
    assert page.status_code == 422
    assert "Luật 64/2025/QH15" in page.text
    assert rules(app) == []


def test_holidays(app: Flask, browser: FlaskClient) -> None:
    typed = {"day": "2026-09-02", "label": "Quốc khánh"}
    assert "02/09/2026" in post(browser, "/admin/periods/holidays", typed).text
    again = post(browser, "/admin/periods/holidays", typed | {"day": "02/09/2026"})
    assert again.status_code == 422
    assert "Ngày này đã có trong danh sách ngày nghỉ." in again.text
    wrong = post(browser, "/admin/periods/holidays", typed | {"day": "hôm qua"})
    assert "Xin ghi ngày theo dạng ngày/tháng/năm" in wrong.text
    assert 'value="hôm qua"' in wrong.text
    with app.app_context(), transaction(write=False) as session:
        assert session.scalars(select(Holiday.day)).all() == [date(2026, 9, 2)]
    post(browser, "/admin/periods/holidays/2026-09-02/remove")
    with app.app_context(), transaction(write=False) as session:
        assert session.scalars(select(Holiday.day)).all() == []
    assert post(browser, "/admin/periods/holidays/soon/remove").status_code == 404


# --- the audit log -------------------------------------------------------------------------------


def recorded_actions() -> set[str]:
    """Every action that the code records by a literal name."""
    found: set[str] = set()
    for path in (ROOT / "consult").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "record"
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                found.add(str(node.args[0].value))
    return found


def test_every_recorded_act_has_words() -> None:
    transitions = {f"round.{name}" for name in TRANSITIONS}
    known = recorded_actions()
    assert len(known) > 10
    assert (known | transitions) - set(ACTS) == set()


def record(app: Flask, action: str, kind: str, subject_id: int | None, **details: object) -> None:
    with app.app_context(), transaction():
        audit.record(action, actor_id=None, subject=(kind, subject_id), details=details)


def test_an_entry_reads_as_a_sentence(app: Flask, browser: FlaskClient) -> None:
    with app.app_context():
        agency = factories.organisation(short_name="Sở Y tế")
        person = factories.user("Đỗ Thị Ngọc Ánh")
    post(browser, f"/admin/users/{person}/roles", {"role": "official", "organisation": agency})
    record(app, "submission.received", "submission", 7, points=1234)
    record(app, "round.cancel", "round", 8, reason="")
    record(app, "club.accepted", "organisation", agency, user_id=person)
    record(app, "something.new", "thing", 9)
    record(app, "role.granted", "user", person)
    page = browser.get("/admin/audit").text
    assert "Giao vai trò: Cán bộ cơ quan chủ trì soạn thảo (Sở Y tế)" in page
    assert "Phạm Quản Trị</a>" in page
    assert "Gửi bản góp ý: 1.234 ý kiến" in page
    assert "Hủy đợt lấy ý kiến<" in " ".join(page.split()).replace(" <", "<")
    assert "Chấp nhận thành viên: Đỗ Thị Ngọc Ánh" in page
    assert "something.new" in page


def test_the_log_is_filtered(app: Flask, browser: FlaskClient) -> None:
    with app.app_context():
        person = factories.user("Đỗ Thị Ngọc Ánh")
        round_owner = factories.user("Lê Văn Minh")
        with transaction():
            for actor, act, kind in (
                (person, "account.renamed", "user"),
                (round_owner, "round.edited", "round"),
            ):
                audit.record(act, actor_id=actor, subject=(kind, 5))
        clock.move_to(datetime(2030, 5, 1, 18, 0, tzinfo=UTC))  # 01:00 of 2 May in the portal
        with transaction():
            audit.record("job.retried", actor_id=None, subject=("job", 6), details={"name": "x"})
    clock.reset()

    def shown(query: str) -> set[str]:
        page = browser.get(f"/admin/audit?{query}")
        assert page.status_code == 200
        body = page.text.split("<tbody>")[-1] if "<tbody>" in page.text else ""
        words = {"renamed": "Đổi tên", "edited": "Sửa đợt", "retried": "Cho chạy lại tác vụ"}
        return {name for name, text in words.items() if text in body}

    assert shown("") == {"renamed", "edited", "retried"}
    assert shown("action=round.edited") == {"edited"}
    assert shown("actor=ngoc anh") == {"renamed"}
    assert shown("subject_kind=round") == {"edited"}
    assert shown("subject_id=5") == {"renamed", "edited"}
    assert shown("subject_id=6&subject_kind=job") == {"retried"}
    assert shown("since=2030-05-02&until=2030-05-02") == {"retried"}
    assert shown("since=2030-05-01&until=2030-05-01") == set()
    assert shown("until=01/01/2030") == {"renamed", "edited"}


@pytest.mark.parametrize(
    "query",
    ["since=gestern", "since=2026-02-02&until=2026-02-01", "action=no.such", "subject_id=x",
     "subject_id=99999999999999999999", "subject_kind=thing"],
)  # fmt: skip
def test_a_wrong_filter_is_explained(browser: FlaskClient, query: str) -> None:
    page = browser.get(f"/admin/audit?{query}")
    assert page.status_code == 422
    assert 'id="problems"' in page.text


def test_the_log_has_pages(app: Flask, browser: FlaskClient) -> None:
    with app.app_context(), transaction():
        for number in range(60):
            audit.record("account.confirmed", actor_id=None, subject=("user", number))
    first = browser.get("/admin/audit?action=account.confirmed").text
    second = browser.get("/admin/audit?action=account.confirmed&page=2").text
    assert (first.count("<tr>"), second.count("<tr>")) == (51, 11)
    assert "action=account.confirmed" in first.split('rel="next"')[1][:200]


def test_kinds_of_subjects_have_names() -> None:
    assert {"user", "round", "submission", "organisation", "portal", "job"} <= set(SUBJECTS)


# --- jobs and letters ----------------------------------------------------------------------------


def add_job(app: Flask, state: str, **values: object) -> int:
    now = clock.now()
    with app.app_context(), transaction() as session:
        row = Job(name="notifications.send", payload={"email_id": 4711}, state=state, run_at=now,
                  created_at=now, **values)  # fmt: skip
        session.add(row)
        session.flush()
        return row.id


def test_parked_jobs_are_shown_and_tried_again(app: Flask, browser: FlaskClient) -> None:
    parked = add_job(app, "parked", attempts=8, last_error="OSError: <no route>")
    add_job(app, "ready", attempts=2, last_error="SMTPDataError: 451")
    add_job(app, "done")
    page = browser.get("/admin/jobs").text
    assert "OSError: &lt;no route&gt;" in page
    assert "SMTPDataError: 451" in page
    assert "4711" not in page, "what a job carries is not shown"
    page = post(browser, f"/admin/jobs/{parked}/retry").text
    assert "Tác vụ này sẽ được chạy lại ngay." in page
    assert "OSError" not in page
    with app.app_context(), transaction(write=False) as session:
        assert session.get_one(Job, parked).state == "ready"
    again = post(browser, f"/admin/jobs/{parked}/retry").text
    assert "Tác vụ này không còn bị dừng." in again
    assert [action for action, _details in entries(app)] == ["job.retried"]
    assert post(browser, "/admin/jobs/999999/retry").status_code == 404


def test_the_outbox_tells_little(app: Flask, browser: FlaskClient) -> None:
    now = clock.now()
    with app.app_context(), transaction() as session:
        for number, sent in enumerate((now, None)):
            session.add(
                OutgoingEmail(
                    dedupe_key=f"k{number}",
                    to_address=f"nguyen.van.an{number}@example.org",
                    subject=f"Đã nhận bản góp ý K7M2-XW9Q-4TR{number}",
                    body="Nội dung kín",
                    created_at=now - timedelta(hours=1),
                    sent_at=sent,
                )
            )
    page = browser.get("/admin/mail").text
    assert page.count("ng…@example.org") == 2
    assert "nguyen.van" not in page
    assert "Đã nhận bản góp ý …" in page
    assert "K7M2" not in page
    assert "Nội dung kín" not in page
    assert browser.get("/admin/mail?state=sent").text.count("ng…@") == 1
    assert browser.get("/admin/mail?state=waiting").text.count("ng…@") == 1
