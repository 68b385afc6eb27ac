"""Pages of the review: the material, writing one's own, all of them after the opening."""

from __future__ import annotations

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue

from consult.core.i18n import _
from consult.core.web import route
from consult.critiques import queries, review_services, stages
from consult.critiques.blueprint import room
from consult.critiques.document_queries import compared, review_sheet
from consult.critiques.models import Commission, CommissionStage, PanelRole
from consult.critiques.pages import back, me, stays
from consult.critiques.review_forms import ReviewForm
from consult.critiques.review_models import Review
from consult.critiques.spread import SCALE
from consult.drafts import queries as drafts


@route(
    room,
    "/critiques/<int:commission_id>/text",
    permission="commission.material",
    load=queries.commission,
)
def text(commission: Commission) -> ResponseReturnValue:
    """The text under critique, for the panel: it may not be public yet."""
    lines = drafts.provisions(commission.version_id)
    return render_template("critiques/text.html", commission=commission, lines=lines)


@route(
    room,
    "/critiques/<int:commission_id>/review",
    permission="review.write",
    load=queries.commission,
    methods=("GET", "POST"),
)
def review(commission: Commission) -> ResponseReturnValue:
    """One's own review: writing, saving and sending it, then reading it."""
    lines = drafts.provisions(commission.version_id)
    form = ReviewForm()
    if form.validate_on_submit():
        words = form.words({line.key: line.citation for line in lines})
        done = _keep(commission, form, words, request.form.get("action", "save"))
        if done is not None:
            return done
    seat = commission.seat_of(me())
    own = queries.own_reviews(seat.id) if seat else []
    number = review_services.writable(commission, own)
    if request.method == "GET":
        form.fill(commission.criteria, _begun(own, number))
    form.offer(lines)
    sent = [one for one in own if one.sent_at is not None]
    page = render_template(
        "critiques/review.html",
        commission=commission,
        seat=seat,
        form=form,
        criteria={str(one.id): one for one in commission.criteria},
        number=number,
        saved=next((one for one in own if one.number == number), None),
        sheets=[review_sheet(commission, one) for one in sent],
    )
    return page, 422 if request.method == "POST" else 200


def _begun(own: list[Review], number: int | None) -> Review | None:
    """Return what the form shows: the draft, or the review that a revision begins with."""
    return next((one for one in reversed(own) if number is not None and one.number <= number), None)


def _keep(
    commission: Commission, form: ReviewForm, words: review_services.ReviewWords, action: str
) -> ResponseReturnValue | None:
    """Save or send; None when the form is to be shown again with what was typed."""
    try:
        if action == "send":
            review_services.send(commission.id, me(), words)
            flash(_("Your review is sent."), "success")
            return back("commission", commission)
        review_services.save(commission.id, me(), words)
        if action == "autosave":
            return "", 204
        flash(_("Your review is saved. Nobody else sees it before you send it."), "success")
        return back("review", commission)
    except review_services.Unfinished as missing:
        review_services.save(commission.id, me(), words)
        form.refuse(missing.codes, commission.criteria)
        flash(_("Your words are saved, but the review is not sent yet."), "warning")
    except review_services.AlreadySent:
        flash(_("Your review has been sent already; it cannot be changed now."), "danger")
    except review_services.SignedOff:
        flash(_("The chair has signed the report: reviews can no longer be changed."), "danger")
    except (review_services.NotAMember, stages.NotAllowed):
        flash(_("The commission's stage no longer takes reviews."), "danger")
    return None


@route(
    room,
    "/critiques/<int:commission_id>/open",
    permission="reviews.open",
    load=queries.commission,
    methods=("POST",),
)
def open_reviews(commission: Commission) -> ResponseReturnValue:
    """Open the reviews before all have been sent."""
    try:
        review_services.open_by_chair(commission.id, me())
    except review_services.NotChair:
        flash(_("Please send your own review first; then you can open the others."), "warning")
        return back("commission", commission)
    except (review_services.NotAMember, stages.NotAllowed):
        return stays(commission)
    flash(_("The reviews are open to the panel."), "success")
    return back("reviews", commission)


@route(
    room,
    "/critiques/<int:commission_id>/reviews",
    permission="reviews.read",
    load=queries.commission,
)
def reviews(commission: Commission) -> ResponseReturnValue:
    """All reviews side by side, and whose rating moved by how much."""
    sheet = compared(commission)
    seats = {seat.id: seat for seat in commission.seats}
    seat = commission.seat_of(me())
    return render_template(
        "critiques/reviews.html",
        commission=commission,
        sheet=sheet,
        seats=seats,
        criteria={line.criterion.id: line.criterion for line in sheet.lines},
        scale=SCALE,
        meets=commission.stage is CommissionStage.REVIEWING
        and seat is not None
        and seat.role in (PanelRole.CHAIR, PanelRole.SECRETARY),
    )
