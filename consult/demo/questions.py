"""The demonstration's questions of a round, and what people answer by choosing."""

from __future__ import annotations

from typing import Any

from consult.consultations.commands import Asked
from consult.consultations.models import Consultation, QuestionKind
from consult.core import clock
from consult.core.db import db
from consult.submissions import services as submissions
from consult.submissions.answers import services as answering
from consult.submissions.answers.services import Answer
from consult.submissions.commands import SendBasket
from consult.submissions.models import Identity


def asked(question: str | dict[str, Any]) -> Asked:
    """Return a question of the demonstration; one of words alone is answered in words."""
    if isinstance(question, str):
        return Asked(question)
    known: dict[str, Any] = dict(question)
    known["kind"] = QuestionKind(known["kind"])
    known["options"] = tuple(known.get("options", ()))
    return Asked(**known)


def answer_questions(
    sheet: dict[str, Any], round_id: int, *, author_id: int, club_id: int | None
) -> None:
    """Send one person's choices as a contribution of their own, now."""
    consultation = db.session.get_one(Consultation, round_id)
    chosen = {int(number): numbers for number, numbers in sheet["chosen"].items()}
    key = f"demo-{sheet['author']}"
    told = answering.answer(Answer(consultation, author_id, chosen, key, clock.now()))
    submissions.send_basket(
        SendBasket(
            consultation=consultation,
            author_id=author_id,
            reference=told.reference,
            identity=Identity(sheet["identity"]),
            received_at=clock.now(),
            organisation_id=club_id,
        )
    )
