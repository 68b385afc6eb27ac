"""What the answer's form is about: the chosen points, the answer that they have in common."""

from __future__ import annotations

from flask import request

from consult.consultations.models import Consultation
from consult.core.web import row_ids
from consult.responses import expert_queries, queries, table_views
from consult.responses.expert_forms import take_over
from consult.responses.expert_models import DraftState
from consult.responses.forms import AnswerForm
from consult.responses.models import Response
from consult.submissions.models import Point
from consult.summaries.queries import points_by_id


def chosen(consultation: Consultation) -> list[Point] | None:
    """Return the standing points that the request names, by themselves or by their answer.

    None for a filter that finds more than are answered at once.
    """
    ids: list[int] | None = row_ids(request.values.getlist("point"))
    if not ids and request.args.get("every"):
        ids = table_views.every(consultation)
        if ids is None:
            return None
    response_ids = row_ids(request.args.getlist("response")[:1])
    if not ids and response_ids:
        ids = queries.points_of(response_ids[0])
    # A request names at most a page of points; an answer may have many more.
    points = points_by_id(consultation.id, list(dict.fromkeys(ids)))
    return [point for point in points if point.withdrawn_at is None]


def shared_answer(points: list[Point], current: dict[int, Response]) -> Response | None:
    """Return the answer that all these points have in common."""
    responses = {response.id: response for response in current.values()}
    if len(responses) == 1 and len(current) == len(points):
        return next(iter(responses.values()))
    return None


def with_draft(points: list[Point], draft_id: int) -> AnswerForm:
    """Return the form as it was typed, with the draft reply that an expert sent on the points."""
    form, sent = AnswerForm(), expert_queries.on_points([point.id for point in points])
    for one in sent:
        if one.row.id == draft_id and one.row.state is DraftState.SENT:
            return take_over(form, one.row)
    return form
