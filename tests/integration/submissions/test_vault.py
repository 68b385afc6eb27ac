"""Sealed identities: what the tables hold, what the author still finds, who may open them."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import func, select, text

from consult.cli.ledger import sources
from consult.cli.main import main
from consult.consultations.models import Consultation
from consult.core import clock
from consult.core.audit import AuditEntry
from consult.core.db import Base, db, transaction
from consult.jobs.models import Job
from consult.jobs.runner import tick
from consult.jobs.services import enqueue
from consult.ledger import auditing, keys
from consult.ledger.models import Leaf
from consult.notifications.models import Notification, OutgoingEmail
from consult.submissions import queries, services, vault
from consult.submissions.commands import NewPoint, SavePoint, SendBasket, SubmitPoints
from consult.submissions.identity import services as vault_services
from consult.submissions.identity.models import Ground, Phase, RequestState, UnsealingRequest
from consult.submissions.models import (
    Authorship,
    Identity,
    SealedIdentity,
    Stance,
    Submission,
    SubmissionState,
)
from tests.integration.ledger import test_insider as insider
from tests.support import factories as make
from tests.support.browsing import post, signed_in
from tests.support.said import said
from tests.support.statements import counted
from tests.support.tampering import unnamed

NAME = "Đặng Thị Sơn Ca Ẩn"


@dataclass
class Case:
    """A round, an author, and the staff who may open an identity."""

    app: Flask
    round: int
    author: int
    asker: int
    second: int
    admin: int
    official: int
    club: int

    def send(
        self, key: str = "k", identity: Identity = Identity.SEALED, **values: Any
    ) -> Submission:
        with transaction() as session:
            outcome = services.submit(
                SubmitPoints(
                    session.get_one(Consultation, self.round),
                    values.pop("author_id", self.author),
                    [NewPoint("d1.k1", Stance.DISAGREE, f"Ý kiến {key}.", f"form {key}")],
                    identity,
                    key,
                    clock.now(),
                    **values,
                )
            )
        return self.submission(outcome.reference)

    def submission(self, reference: str) -> Submission:
        with transaction(write=False) as session:
            row = session.scalars(select(Submission).where(Submission.reference == reference)).one()
            assert row.authorship
            _ = row.authorship.sealed
            assert row.points
            session.expunge_all()
            return row


@pytest.fixture
def case(app: Flask) -> Case:
    with app.app_context():
        agency, union = make.organisation(), make.organisation("union")
        club = make.organisation("club", "Hội Im Lặng")
        case = Case(
            app,
            make.consultation(agency, make.version(agency)),
            make.user(NAME, verified=True),
            make.user("Người Đề Nghị", roles=(("secretariat", union),)),
            make.user("Người Thứ Hai", roles=(("secretariat", union),)),
            make.user("Quản Trị", roles=(("admin", None),)),
            make.user("Chuyên Viên", roles=(("official", agency),)),
            club,
        )
        make.member(case.author, club)
    return case


def tables(app: Flask) -> dict[str, list[dict[str, Any]]]:
    with app.app_context(), transaction(write=False) as session:
        return {
            table.name: [dict(row) for row in session.execute(select(table)).mappings()]
            for table in Base.metadata.sorted_tables
        }


# --- what the tables hold ------------------------------------------------------------------------


def test_no_table_ties_the_author_to_what_was_sealed(case: Case) -> None:
    with case.app.app_context():
        sent = case.send(organisation_id=case.club)
        tick()
    found = tables(case.app)
    [authorship] = found["authorships"]
    assert (authorship["user_id"], authorship["organisation_id"]) == (None, None)
    assert (authorship["name"], authorship["organisation_name"]) == ("", "")
    assert found["submissions"][0]["draft_of"] is None
    # Where the account is named, neither the receipt nor the submission nor its instant is.
    person = {"notifications": "user_id", "audit_entries": "actor_id"}
    for table, column in person.items():
        for row in found[table]:
            if row[column] == case.author:
                rest = json.dumps({k: v for k, v in row.items() if k != column}, default=str)
                assert sent.reference not in rest
                assert row.get("subject_kind") != "submission"
                assert sent.received_at
                assert sent.received_at.strftime("%H:%M:%S") not in str(row.get("params"))
    letters = found["outgoing_emails"]
    assert len(letters) == 1
    for row in letters:
        assert sent.reference not in f"{row['body']}{row['subject']}{row['dedupe_key']}"
        assert "Lấy ý kiến" not in row["body"]
    for row in found["jobs"]:
        payload = json.dumps(row["payload"])
        assert "user_id" not in payload
        assert sent.reference not in payload
    # Nobody who has the tables without the key can make tag or mark.
    assert authorship["tag"] not in json.dumps(found["users"], default=str)


def test_the_tag_is_of_one_round_only(case: Case) -> None:
    with case.app.app_context():
        first = case.send("a").authorship.tag
        again = case.send("b").authorship.tag
        other_round = make.consultation(1, make.version(1))
        case.round = other_round
        elsewhere = case.send("c").authorship.tag
    assert first == again != elsewhere


def test_a_row_of_another_shape_is_refused_by_the_database(case: Case) -> None:
    with case.app.app_context():
        sent = case.send()
        with pytest.raises(Exception, match="sealed_is_empty"), transaction() as session:
            session.execute(
                text("UPDATE authorships SET user_id = :u WHERE submission_id = :s"),
                {"u": case.author, "s": sent.id},
            )


def test_a_basket_names_nobody_either_and_sending_openly_does(case: Case) -> None:
    point = NewPoint("d1.k1", Stance.AGREE, "Chưa gửi.", "basket form")
    with case.app.app_context():
        with transaction() as session:
            round_ = session.get_one(Consultation, case.round)
            kept = services.save_point(SavePoint(round_, case.author, point))
        found = case.submission(kept.reference)
        assert found.authorship.user_id is None
        assert found.draft_of == found.authorship.tag
        with transaction() as session:
            round_ = session.get_one(Consultation, case.round)
            services.send_basket(
                SendBasket(round_, case.author, kept.reference, Identity.PUBLIC, clock.now())
            )
        sent = case.submission(kept.reference)
        assert (sent.authorship.user_id, sent.authorship.tag) == (case.author, None)
        assert make.count(SealedIdentity) == 0
        with transaction(write=False):
            assert audit_lines() == []


@pytest.mark.parametrize("identity", list(Identity))
def test_a_basket_is_sent_once_under_any_identity(case: Case, identity: Identity) -> None:
    point = NewPoint("d1.k1", Stance.AGREE, "Chưa gửi.", "basket form")
    references: set[str] = set()
    with case.app.app_context():
        for _ in range(2):
            with transaction() as session:
                round_ = session.get_one(Consultation, case.round)
                kept = services.save_point(SavePoint(round_, case.author, point))
                command = SendBasket(
                    round_, case.author, kept.reference, identity, clock.now(), case.club
                )
                references.add(services.send_basket(command).reference)
        assert len(references) == make.count(Submission) == make.count(Leaf) == 1
        with transaction(write=False):
            assert audit_lines() == []


def test_a_repeat_is_recognised_under_seal(case: Case) -> None:
    with case.app.app_context():
        first, again = case.send("same"), case.send("same")
        openly = case.send("same", Identity.PUBLIC)
        assert first.reference == again.reference == openly.reference
        other = make.user("Người Khác", verified=True)
        assert case.send("same", author_id=other).reference != first.reference
        assert make.count(Submission) == 2


def test_sealed_people_are_counted_once_each(case: Case) -> None:
    with case.app.app_context():
        case.send("a")
        case.send("b")
        other = make.user("Người Khác", verified=True)
        case.send("c", author_id=other)
        case.send("d", author_id=None, name="Trên Giấy", channel="import")
        case.send("e", author_id=None, name="Trên Giấy", channel="import")
        with transaction(write=False):
            counts = queries.people_counts(case.round)
    assert (counts.submissions, counts.people) == (5, 3)


# --- what the author still finds -----------------------------------------------------------------


def test_the_author_finds_reads_and_withdraws(case: Case) -> None:
    with case.app.app_context():
        sent = case.send(organisation_id=case.club)
    client = signed_in(case.app, case.author)
    mine = client.get("/my/contributions").text
    assert sent.reference in mine
    receipt = client.get(f"/receipts/{sent.reference}").text
    assert 'class="alert alert-danger"' not in receipt
    assert "Hội Im Lặng" in receipt
    file = client.get(f"/receipts/{sent.reference}.txt").text
    assert NAME not in file
    assert '"withheld"' in file
    point = sent.points[0].id
    assert sent.reference in client.get(f"/points/{point}").text
    assert post(client, f"/receipts/{sent.reference}/withdraw").status_code == 200
    with case.app.app_context():
        assert case.submission(sent.reference).state is SubmissionState.WITHDRAWN
    other = signed_in(case.app, case.asker)
    assert other.get(f"/receipts/{sent.reference}").status_code == 404
    assert sent.reference not in other.get("/my/contributions").text


def test_the_author_is_told_without_a_word_on_what(case: Case) -> None:
    with case.app.app_context():
        case.send("a")
        case.send("b")
        tick()
        with transaction(write=False) as session:
            notices = session.scalars(
                select(Notification).where(Notification.user_id == case.author)
            ).all()
            assert [n.kind for n in notices] == ["submission.kept"] * 2
            assert {json.dumps(n.params) for n in notices} == {"{}"}
            assert {n.url for n in notices} == {"/my/contributions"}
            assert len({n.dedupe_key for n in notices}) == 2
        with transaction() as session:  # a job that is run again tells nothing twice
            session.execute(text("UPDATE jobs SET state = 'ready', finished_at = NULL"))
        tick()
        assert make.count(Notification) == 2
        assert make.count(OutgoingEmail) == 2


def test_own_pages_cost_few_statements(case: Case) -> None:
    with case.app.app_context():
        for number in range(6):
            case.send(str(number), organisation_id=case.club)
    client = signed_in(case.app, case.author)
    for page in ("/my/contributions", "/desk", f"/rounds/{case.round}"):
        client.get(page)
        with counted(case.app) as statements:
            client.get(page)
        assert len(statements) <= 12, (page, statements)


# --- the key -------------------------------------------------------------------------------------


def audit_lines() -> list[str]:
    report = auditing.audit(sources(), [keys.signer().verifier])
    return [f"{f.problem} {f.table} {f.row}" for f in report.findings]


def key_file(app: Flask) -> Path:
    return app.extensions["consult_settings"].vault_key


@pytest.fixture
def run(case: Case, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    settings = case.app.extensions["consult_settings"]
    environment = {
        "CONSULT_DATA_DIR": str(settings.data_dir),
        "CONSULT_SECRET_KEY": settings.secret_key,
        "DATABASE_URL": settings.database_url,
    }
    monkeypatch.delenv("CONSULT_BASE_URL", raising=False)
    return lambda *words: CliRunner().invoke(main, list(words), env=environment)


def test_a_new_key_keeps_everything_as_it_was(case: Case, run: Callable[..., Result]) -> None:
    with case.app.app_context():
        sent = case.send()
        before = key_file(case.app).read_text()
    assert run("vault", "rotate").exit_code == 0
    assert key_file(case.app).read_text() != before
    assert run("vault", "check").stdout.startswith("1 of 1 ")
    with case.app.app_context():
        assert case.submission(sent.reference).authorship.tag == sent.authorship.tag
        with transaction(write=False):
            assert vault.accounts_behind([sent.id]) == {sent.id: case.author}
            assert audit_lines() == []
    assert run("vault", "rotate").exit_code == 0
    old = {line for line in before.splitlines() if line.startswith("key")}
    assert not old & set(key_file(case.app).read_text().splitlines())
    assert run("vault", "check").exit_code == 0


def test_without_the_key_the_portal_reads_on_and_nothing_is_lost(
    case: Case, run: Callable[..., Result]
) -> None:
    with case.app.app_context():
        sent = case.send()
    kept = key_file(case.app).rename(key_file(case.app).with_suffix(".away"))
    client = signed_in(case.app, case.author)
    for page in (f"/points/{sent.points[0].id}", f"/rounds/{case.round}", "/my/contributions"):
        assert client.get(page).status_code == 200, page
    form = {"stance": "agree", "argument": "Đừng mất nhé.", "form_key": "x", "action": "save"}
    case.app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = post(client, f"/rounds/{case.round}/write", form)
    assert answer.status_code == 503
    assert "Đừng mất nhé." in answer.text
    assert not key_file(case.app).exists(), "no new key in place of a lost one"
    check = run("vault", "check")
    assert check.exit_code == 1
    assert "is missing" in check.stderr
    with case.app.app_context(), transaction(write=False):
        assert audit_lines() == []  # what the log covers of it can be told without the key
    kept.rename(key_file(case.app))
    assert sent.reference in client.get("/my/contributions").text
    assert "There is a key" in run("vault", "new").stderr


def test_a_lost_key_is_given_up_only_on_purpose(case: Case, run: Callable[..., Result]) -> None:
    with case.app.app_context():
        case.send()
    key_file(case.app).unlink()
    assert run("vault", "new").exit_code == 0
    check = run("vault", "check")
    assert (check.exit_code, check.stdout) == (1, "0 of 1 sealed identities open.\n")
    with case.app.app_context():
        case.send("after")
    assert run("vault", "check").stdout.startswith("1 of 2 ")


# --- opening an identity -------------------------------------------------------------------------


def ask(case: Case, sent: Submission) -> int:
    client = signed_in(case.app, case.asker)
    point = sent.points[0].id
    url = f"/points/{point}/identity"
    assert url in client.get(f"/points/{point}").text
    answer = post(client, url, {"ground": "court", "reason": "Công văn số 5/TA."})
    assert answer.status_code == 200
    with case.app.app_context(), transaction(write=False) as session:
        return session.scalars(select(func.max(UnsealingRequest.id))).one()


def decide(case: Case, who: int, request: int, decision: str = "approve") -> int:
    client = signed_in(case.app, who)
    url = f"/secretariat/identities/{request}/decide"
    return post(client, url, {"decision": decision}).status_code


def see(case: Case, who: int, request: int) -> Any:
    return post(signed_in(case.app, who), f"/secretariat/identities/{request}/see")


def test_two_people_open_an_identity_and_the_author_is_told(case: Case) -> None:
    with case.app.app_context():
        sent = case.send(organisation_id=case.club)
    request = ask(case, sent)
    page = f"/secretariat/identities/{request}"
    for who in (case.asker, case.second):
        assert see(case, who, request).status_code == 403
    assert decide(case, case.asker, request) == 403
    assert decide(case, case.official, request) == 403
    assert decide(case, case.second, request) == 200
    assert NAME not in signed_in(case.app, case.asker).get(page).text
    for who in (case.asker, case.second):
        shown = see(case, who, request)
        assert NAME in shown.text
        assert "Hội Im Lặng" in shown.text
        assert shown.headers["Cache-Control"] == "no-store"
    assert see(case, case.admin, request).status_code == 403
    with case.app.app_context():
        tick()
        with transaction(write=False) as session:
            acts = session.scalars(
                select(AuditEntry)
                .where(AuditEntry.action.startswith("identity."))
                .order_by(AuditEntry.id)
            ).all()
            assert [(a.action, a.actor_id) for a in acts] == [
                ("identity.requested", case.asker),
                ("identity.approved", case.second),
                ("identity.seen", case.asker),
                ("identity.seen", case.second),
            ]
            assert all(NAME not in str(a.details) for a in acts)
            assert all(str(case.author) not in str(a.details.get("user")) for a in acts)
            told = session.scalars(
                select(Notification).where(Notification.kind == "contribution.opened")
            ).all()
            assert [n.user_id for n in told] == [case.author]
            letters = session.scalars(select(OutgoingEmail.to_address)).all()
            assert len(letters) >= 2
            assert audit_lines() == []
    author = signed_in(case.app, case.author)
    for place in ("/my/contributions", f"/receipts/{sent.reference}"):
        own = author.get(place).text
        assert "Người Đề Nghị" in own
        assert "Người Thứ Hai" in own
        assert "Công văn số 5/TA." in own


def test_the_identity_closes_after_a_day(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    with case.app.app_context():
        sent = case.send()
    request = ask(case, sent)
    decide(case, case.admin, request)
    later = clock.now() + timedelta(hours=24, seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert see(case, case.asker, request).status_code == 403
    assert ask(case, sent) != request, "it can be asked for again"


def test_a_request_lapses_after_seven_days(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    with case.app.app_context():
        sent = case.send()
    request = ask(case, sent)
    later = clock.now() + timedelta(days=7, seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    page = signed_in(case.app, case.second).get("/secretariat/identities").text
    assert said(case.app, "Lapsed undecided") in page
    decide(case, case.second, request)
    with case.app.app_context(), transaction(write=False) as session:
        row = session.get_one(UnsealingRequest, request)
        assert (row.state, row.phase(later)) == (RequestState.WAITING, Phase.LAPSED)


def test_a_decision_stands(case: Case) -> None:
    with case.app.app_context():
        sent = case.send()
    request = ask(case, sent)
    assert ask(case, sent) == request, "asking twice leads to the first request"
    decide(case, case.second, request, "refuse")
    assert decide(case, case.admin, request) == 200
    with case.app.app_context():
        with transaction(write=False) as session:
            row = session.get_one(UnsealingRequest, request)
            assert (row.state, row.decided_by) == (RequestState.REFUSED, case.second)
        tick()
        with transaction(write=False) as session:
            kinds = session.scalars(select(Notification.kind)).all()
            assert "contribution.opened" not in kinds
            assert kinds.count("identity.refused") == 1
            assert session.scalar(select(func.count()).where(Leaf.kind == "unsealing")) == 0


def test_approving_twice_opens_once(case: Case) -> None:
    with case.app.app_context():
        sent = case.send()
    request = ask(case, sent)
    decide(case, case.second, request)
    decide(case, case.admin, request)
    with case.app.app_context():
        with transaction(write=False) as session:
            assert session.get_one(UnsealingRequest, request).decided_by == case.second
        assert db.session.scalar(select(func.count()).where(Leaf.kind == "unsealing")) == 1


def test_what_is_not_sealed_is_not_asked_for(case: Case) -> None:
    with case.app.app_context():
        sent = case.send("open", Identity.PUBLIC)
        with pytest.raises(vault_services.NotSealed), transaction() as session:
            vault_services.ask(
                vault_services.AskToOpen(
                    session.get_one(Submission, sent.id), Ground.COURT, "x", case.asker
                )
            )
    client = signed_in(case.app, case.asker)
    assert client.get(f"/points/{sent.points[0].id}/identity").status_code == 404


def test_a_request_without_a_reason_is_shown_again(case: Case) -> None:
    with case.app.app_context():
        sent = case.send()
    client = signed_in(case.app, case.asker)
    url = f"/points/{sent.points[0].id}/identity"
    answer = post(client, url, {"ground": "court", "reason": " "})
    assert answer.status_code == 422
    assert (
        said(case.app, "Please give the reason: the author reads it word for word.") in answer.text
    )
    assert post(client, url, {"reason": "Vì lý do này."}).status_code == 422
    with case.app.app_context():
        assert make.count(UnsealingRequest) == 0


def test_an_altered_opening_is_named(case: Case) -> None:
    with case.app.app_context():
        sent = case.send()
    request = ask(case, sent)
    decide(case, case.second, request)
    edits = {
        "UPDATE unsealing_requests SET reason = 'x'": "altered unsealing_requests 1",
        "UPDATE unsealing_requests SET requested_by = decided_by": "altered unsealing_requests 1",
        "UPDATE unsealing_requests SET state = 'refused'": "deleted unsealing_requests 1",
        "DELETE FROM unsealing_requests": "deleted unsealing_requests 1",
    }
    for statement, expected in edits.items():
        assert expected in after(case.app, statement), statement
    with case.app.app_context():
        assert unnamed(insider.after, "unsealing") == []


def test_a_name_taken_from_another_submission_is_named(case: Case) -> None:
    with case.app.app_context():
        one = case.send("a").id
        case.send("b")
    columns = ("key_id", "wrapped", "nonce", "ciphertext")
    swapped = ", ".join(
        f"{c} = (SELECT other.{c} FROM sealed_identities other"
        " WHERE other.submission_id <> sealed_identities.submission_id)"
        for c in columns
    )
    lines = after(case.app, f"UPDATE sealed_identities SET {swapped}")
    assert f"altered submissions {one}" in lines
    assert f"altered sealed_identities {one}" in lines


class Undo(Exception):
    """Ends a transaction without a trace."""


def after(app: Flask, statement: str) -> list[str]:
    """Return what the audit says after the statement, which is then undone."""
    lines: list[str] = []
    with app.app_context(), suppress(Undo), transaction() as session:
        session.execute(text(statement))
        db.session.expire_all()
        lines = audit_lines()
        raise Undo
    return lines


def test_an_authorship_has_no_account_beside_a_tag(case: Case) -> None:
    with case.app.app_context():
        case.send("a")
        case.send("b", Identity.PUBLIC)
        with transaction(write=False) as session:
            for row in session.scalars(select(Authorship)):
                assert (row.tag is None) is (row.user_id is not None)


def test_a_change_of_the_round_reaches_sealed_authors_without_their_names(case: Case) -> None:
    with case.app.app_context():
        case.send("a")
        params = {"round": "Đợt", "closes": "hôm nay", "reason": ""}
        with transaction():
            message = {"kind": "round.extended", "params": params, "url": "/", "dedupe": "fact"}
            enqueue(
                "submissions.tell_authors",
                message | {"user_ids": [case.official], "consultation_id": case.round},
            )
        tick()
        with transaction(write=False) as session:
            told = session.execute(
                select(Notification.user_id, Notification.kind).order_by(Notification.id)
            ).all()
            assert (case.author, "contribution.news") in [tuple(row) for row in told]
            payloads = session.scalars(select(Job.payload)).all()
            named = [set(payload["user_ids"]) for payload in payloads if "user_ids" in payload]
            assert named == [{case.official}] * 2
