"""The page on which an author revises a received point."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField

from consult.core.i18n import _, format_datetime
from consult.core.web import check, received_at, route
from consult.submissions import keeping
from consult.submissions.blueprint import room
from consult.submissions.commands import NewPoint, NotAccepting, UnknownQuestion
from consult.submissions.forms import PointForm, SendForm
from consult.submissions.models import Point
from consult.submissions.pages import (
    ASIDE,
    asks_again,
    author_id,
    form_url,
    keep_key,
    keep_refused,
    place_of,
    redline_of,
    refusal_sentence,
    show_form,
    time_to_ask,
    warn_of_quote,
)
from consult.submissions.revisions import services as revising
from consult.submissions.revisions.pages import history_of
from consult.submissions.revisions.queries import received_point, revisions_of
from consult.submissions.revisions.services import (
    RevisedMeanwhile,
    RevisePoint,
    SignedJointly,
    Withdrawn,
)


class RevisionForm(PointForm):
    """A received point's words; ``base`` is the number of the wording they were written on."""

    base = HiddenField()

    @property
    def number(self) -> int:
        """The number in ``base``; that of what was received first when it is none."""
        text = self.base.data or ""
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0


@route(
    room,
    "/points/<int:point_id>/revise",
    permission="submission.own",
    load=received_point,
    methods=("GET", "POST"),
)
def revise(point: Point) -> ResponseReturnValue:
    """Revise a received point until the round closes."""
    check("point.write", point.submission.consultation)
    form = RevisionForm()
    form.provision.data = point.provision.key if point.provision else ""
    action = request.form.get("action", "")
    if request.method == "GET" and point.withdrawn_at:
        return redirect(url_for("submissions.receipt", reference=point.submission.reference))
    if request.method == "GET":
        form.show(point)
        return _page(point, form)
    if action == "discard":
        keeping.close(author_id(), point.consultation_id, form.form_key.data or "")
        flash(_("Discarded."), "success")
        return redirect(form_url(point.submission.consultation, "", point), 303)
    if action in ASIDE:
        return _page(point, form, action=action)
    if not form.validate():
        return _page(point, form), 422
    words = form.words(point.submission.consultation)
    try:
        return _revise(point, form, words)
    except UnknownQuestion:
        form.question.errors = [_("The consultation has no such question.")]
        return _page(point, form), 422
    except RevisedMeanwhile:
        return _page(point, form, conflict=words), 409
    except Withdrawn:
        refused = _(
            "You have withdrawn this point, so it can no longer be revised. Your words are below."
        )
    except SignedJointly:
        refused = _(
            "The members of the club have signed this text, so it can no longer be revised. Your "
            "words are below."
        )
    except NotAccepting as refusal:
        refused = refusal_sentence(refusal)
    keep_refused(
        point.consultation_id,
        place_of("", point),
        form.form_key.data or "",
        form.kept.data or "",
        request.form,
    )
    return _page(point, form, refused=refused), 409


def _revise(point: Point, form: RevisionForm, words: NewPoint) -> ResponseReturnValue:
    consultation = point.submission.consultation
    if asks_again(consultation, form, words, point) and time_to_ask(consultation):
        return _page(point, form), 422
    changed = revising.revise(
        RevisePoint(
            point=point,
            author_id=author_id(),
            words=words,
            base=form.number,
            received_at=received_at(),
        )
    )
    if form.kept.data:
        keeping.close(author_id(), consultation.id, form.form_key.data or "")
    if changed:
        warn_of_quote(consultation, words.provision, words.quote)
        at = format_datetime(point.revised_at, seconds=True)
        flash(_("Your revision was received at %(at)s. It counts from now on.", at=at), "success")
    else:
        flash(_("Nothing is different, so nothing was sent."), "info")
    saved = keep_key(consultation, place_of("", point))
    return redirect(
        url_for("submissions.receipt", reference=point.submission.reference, saved=saved), 303
    )


def _page(
    point: Point,
    form: RevisionForm,
    *,
    action: str = "",
    refused: str = "",
    conflict: NewPoint | None = None,
) -> str:
    """Return the page; with ``conflict`` (what was typed) beside what the point says by now."""
    revisions = revisions_of([point.id]).get(point.id, [])
    if request.method == "GET" or conflict:
        form.base.data = str(len(revisions))
    return show_form(
        point.submission.consultation,
        form,
        SendForm(),
        point,
        action=action,
        page="submissions/revise.html",
        refused=refused,
        conflict=conflict is not None,
        history=history_of(point, revisions),
        redline_of=redline_of,
    )
