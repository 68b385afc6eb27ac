"""The demonstration shows what the portal can do, and its rows are those that the log covers."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from consult.accounts.models import User
from consult.core import clock
from consult.core.db import transaction
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
from tests.integration.ledger.test_insider import audit
from tests.support.browsing import signed_in


def test_the_demonstration_shows_clubs_moderation_and_sealed_identities(sqlite_app: Flask) -> None:
    with sqlite_app.app_context():
        try:
            loader.load()
        finally:
            clock.reset()
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
            member = session.scalars(select(User.id).where(User.email == "yen@demo.example")).one()
        with transaction(write=False):
            assert audit().findings == []
    reader = sqlite_app.test_client()
    assert dissenting in reader.get(f"/points/{point_id}").text
    assert "0900 000 000" not in reader.get(f"/points/{hidden_id}").text
    assert dissenting in signed_in(sqlite_app, member).get("/joint/1").text
