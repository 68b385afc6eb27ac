"""The demonstration shows what the portal can do, and its rows are those that the log covers."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from consult.accounts.models import User
from consult.consultations.models import Consultation, Stage
from consult.core import clock
from consult.core.db import db, transaction
from consult.demo import loader
from consult.responses.commitment_models import Commitment
from consult.responses.reply_models import Inquiry, Objection
from consult.submissions.identity.models import RequestState, UnsealingRequest
from consult.submissions.joint.models import (
    JointSignature,
    JointState,
    JointSubmission,
    JointSuggestion,
    SignatureKind,
    SuggestionState,
)
from consult.submissions.models import Point, PointKind
from consult.summaries import theme_queries
from consult.summaries.figures import figures
from consult.summaries.models import StepKind, Summary
from consult.summaries.objection_models import Objection as SummaryObjection
from consult.summaries.objection_models import Outcome
from consult.summaries.reading_models import PointImportance, PointNote, PointReading
from consult.summaries.theme_models import ThemeBuild
from consult.summaries.typed_figures import doubts
from tests.integration.ledger.test_insider import audit
from tests.support.browsing import signed_in


@pytest.fixture
def demonstration(sqlite_app: Flask) -> Flask:
    """A portal with the demonstration that `./run` loads."""
    with sqlite_app.app_context():
        try:
            loader.load()
        finally:
            clock.reset()
    return sqlite_app


def test_the_demonstration_shows_the_fronts_reading_and_its_summary(demonstration: Flask) -> None:
    with demonstration.app_context(), transaction(write=False) as session:
        opened, closed = _round(Stage.OPEN), _round(Stage.ANSWERED)
        _is_read(opened)
        summary = session.scalars(select(Summary)).one()
        figured = figures(closed)
        assert doubts(summary.introduction, figured.whole) == []
        for section in summary.sections:
            assert doubts(section.narrative, figured.at(section.provision_id)) == []
        assert "{{so_y_kien}} ý kiến trong" in summary.introduction
        objected = session.scalars(select(SummaryObjection)).all()
        assert {row.outcome for row in objected} == set(Outcome)
        approvals = [step.at for step in summary.steps if step.kind is StepKind.APPROVED]
        first, second = approvals
        assert summary.released_at
        for row in objected:
            assert row.answered_at
            assert first < row.made_at < row.answered_at <= second < summary.released_at
        summary_id, count = summary.id, figured.whole.points
        front, author = _user("mattran"), _user("tam")
        own = next(row for row in objected if row.outcome is Outcome.CHANGED)
        words = own.reason, own.answer
    shown = demonstration.test_client().get(f"/summaries/{summary_id}").text
    assert f"{count} ý kiến trong" in shown
    assert "{{" not in shown
    page = signed_in(demonstration, front).get(f"/front/rounds/{opened}/themes").text
    assert "Thời hạn lưu giữ hồ sơ hóa chất" in page
    mine = signed_in(demonstration, author).get(f"/summaries/{summary_id}/own").text
    assert all(said in mine for said in words)


def test_the_demonstration_shows_clubs_moderation_and_sealed_identities(
    demonstration: Flask,
) -> None:
    with demonstration.app_context():
        with transaction(write=False) as session:
            joint = session.scalars(select(JointSubmission)).one()
            kinds = [row.kind for row in session.scalars(select(JointSignature))]
            settled = {row.state for row in session.scalars(select(JointSuggestion))}
            hidden = session.scalars(select(Point).where(Point.hidden_at.is_not(None))).one()
            asked = session.scalars(select(UnsealingRequest)).one()
            questions = session.scalars(select(Point).where(Point.kind == PointKind.QUESTION))
            assert joint.state is JointState.SENT
            assert (kinds.count(SignatureKind.SIGNED), kinds.count(SignatureKind.DISSENT)) == (4, 1)
            assert settled == {SuggestionState.TAKEN, SuggestionState.DECLINED}
            assert hidden.hidden_reason
            assert asked.state is RequestState.WAITING
            assert questions.all()
            objection = session.scalars(select(Objection)).one()
            inquiry = session.scalars(select(Inquiry)).one()
            assert objection.point_id == inquiry.point_id
            promised = session.scalars(select(Commitment).order_by(Commitment.due_at)).all()
            assert [(row.state.value, bool(row.evidence)) for row in promised] == [
                ("done", True), ("open", False),
            ]  # fmt: skip
            assert objection.at < inquiry.asked_at < inquiry.replied_at < clock.now()
            hidden_id, dissenting = hidden.id, "giữ song song hai cách ít nhất hai năm"
            point_id = session.scalars(
                select(Point.id).where(Point.submission_id == joint.submission_id).limit(1)
            ).one()
            member = _user("yen")
        with transaction(write=False):
            assert audit().findings == []
    reader = demonstration.test_client()
    assert dissenting in reader.get(f"/points/{point_id}").text
    assert "0900 000 000" not in reader.get(f"/points/{hidden_id}").text
    assert dissenting in signed_in(demonstration, member).get("/joint/1").text


def _round(stage: Stage) -> int:
    rounds = db.session.scalars(select(Consultation)).all()
    (found,) = (row.id for row in rounds if row.stage is stage)
    return found


def _user(name: str) -> int:
    return db.session.scalars(select(User.id).where(User.email == f"{name}@demo.example")).one()


def _is_read(opened: int) -> None:
    """The Front has built and changed themes of the open round, marked, rated, noted points."""
    session = db.session
    build = session.scalars(select(ThemeBuild)).one()
    assert build.consultation_id == opened
    assert {change.kind for change in theme_queries.changes(opened)} == {"rename", "split"}
    rows = [row for row in theme_queries.rows(opened) if row.theme]
    assert any(row.theme and row.theme.name and row.decided for row in rows)
    assert any(row.numbers.points > 1 and not row.decided for row in rows)
    readers = session.scalars(select(PointReading.user_id).distinct()).all()
    levels = {row.level for row in session.scalars(select(PointImportance))}
    notes = session.scalars(select(PointNote)).all()
    assert (len(readers), levels, len({note.written_by for note in notes})) == (2, {1, 2, 3}, 2)
    assert all(note.written_at < clock.now() for note in notes)
