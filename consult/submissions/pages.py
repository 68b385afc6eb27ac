"""What the pages of writing share: the form's page, the basket's page, the sentences."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

from flask import abort, current_app, flash, render_template, request, url_for
from msgspec import Struct

from consult.consultations.models import Consultation
from consult.core.i18n import _, format_datetime
from consult.core.permissions import actor
from consult.core.sanitize import markdown_to_html
from consult.core.web import received_at
from consult.drafts.change_queries import LaterWording, later_wording
from consult.drafts.comparison import Segment
from consult.drafts.models import Provision
from consult.people import queries as people
from consult.submissions import keeping, own, services
from consult.submissions.answers.record import in_order
from consult.submissions.attachments import pages as attachment_pages
from consult.submissions.commands import (
    LONGEST,
    LONGEST_QUOTE,
    Cancelled,
    NewPoint,
    NotAccepting,
    TooEarly,
)
from consult.submissions.forms import PointForm, SendForm
from consult.submissions.keeping import KeepWords
from consult.submissions.models import PAPER, KeptWords, Point, Submission
from consult.submissions.redlining import redline

if TYPE_CHECKING:
    from config import Settings


# Nearer to the deadline nobody is asked about words that can be received.
TIME_TO_ANSWER = timedelta(minutes=10)
# What a button of the form can ask besides saving and sending: nothing of it is checked.
ASIDE = ("preview", "start", "discard")


def author_id() -> int:
    """Return who writes; the policy has let in nobody who is not signed in."""
    user_id = actor().user_id
    if user_id is None:
        abort(403)
    return user_id


def asks_again(
    consultation: Consultation, form: PointForm, words: NewPoint, point: Point | None = None
) -> bool:
    """Return whether the author is to be asked: the same words stand on the same place already.

    The question is put beside the argument. It is asked once of the same words: whoever posts
    them again means it.
    """
    if form.again.data == words.form_key:
        return False
    if not own.said_twice(author_id(), consultation.id, words, point and point.id):
        return False
    form.again.data = words.form_key
    form.argument.errors = [
        _(
            "You have written the same words on the same place before. Change them, or press "
            "the button again to have them twice."
        )
    ]
    return True


def time_to_ask(consultation: Consultation) -> bool:
    """Return whether a post that waits for an answer can still come again before the deadline."""
    return consultation.accepts_at(received_at() + TIME_TO_ANSWER)


def warn_of_twice() -> None:
    """Say that the author has said the same there before; it is received all the same."""
    flash(
        _(
            "You have written the same words on the same place before. If once is enough, "
            "delete or withdraw one of the two."
        ),
        "warning",
    )


def warn_of_quote(consultation: Consultation, key: str | None, quote: str) -> None:
    """Say so when the provision does not hold the quoted words; they are kept all the same."""
    if not quote or not key:
        return
    provision = own.provision(consultation.version_id, key)
    if provision is not None and not own.quoted_in(provision, quote):
        flash(
            _(
                "The passage that you quote does not stand word for word in %(citation)s. "
                "It is kept as you gave it.",
                citation=provision.citation,
            ),
            "warning",
        )


def refusal_sentence(refusal: NotAccepting) -> str:
    """Return why the round did not take what arrived now, with the exact instants."""
    arrived = format_datetime(received_at(), seconds=True)
    if isinstance(refusal, Cancelled):
        return _("This consultation has been cancelled. Your words are kept below, not sent.")
    if isinstance(refusal, TooEarly):
        return _(
            "The consultation opens at %(opens)s. Your words are kept below; send them then.",
            opens=format_datetime(refusal.opens_at, seconds=True),
        )
    return _(
        "The consultation closed at %(closes)s; your words arrived at %(arrived)s and could not "
        "be received. They are not lost: they are kept below.",
        closes=format_datetime(refusal.closes_at, seconds=True),
        arrived=arrived,
    )


def not_a_member() -> str:
    """Return the sentence for writing on behalf of a club that has not accepted one."""
    return _("This club has not accepted you as a member, so you cannot write on its behalf.")


def keep_key(consultation: Consultation, place: str) -> str:
    """Return the name under which the browser keeps unsaved words of one form."""
    return f"{author_id()}:{consultation.id}:{place}"


def keep_refused(
    round_id: int, place: str, form_key: str, kept: str, fields: Mapping[str, str]
) -> None:
    """Keep on the server what could not be received: the page that shows it may be closed.

    ``kept`` is the revision of the kept words that the form went on from, "" for none.
    """
    keeping.keep(
        KeepWords(
            round_id=round_id,
            user_id=author_id(),
            place=place,
            form_key=form_key[:32],
            fields=fields,
            base=int(kept) if kept.isascii() and kept.isdecimal() and len(kept) < 9 else 0,
            writer="refused",
            sequence=0,
        )
    )


def place_of(provision: str, point: Point | None) -> str:
    """Return what names the form's place among all of the round's: see `KeptWords`."""
    return f"point:{point.id}" if point else provision


def form_url(consultation: Consultation, provision: str, point: Point | None) -> str:
    """Return the address of the form on its own page."""
    if point and point.received_at:
        return url_for("submissions.revise", point_id=point.id)
    if point:
        return url_for("submissions.edit_point", round_id=consultation.id, point_id=point.id)
    return url_for("submissions.write", round_id=consultation.id, provision=provision)


def current_text(provision: Provision | None) -> str:
    """Return the words that a proposal would replace; the title of a heading without text."""
    return (provision.text or provision.title) if provision else ""


def redline_of(point: Point) -> list[Segment]:
    """Return the point's proposed wording against the text that it is on; see `redline`."""
    return redline(current_text(point.provision), point.quote, point.proposed_wording)


class Opening(Struct, frozen=True):
    """Whether the round takes points now, and the refusal if it does not."""

    now: bool
    refusal: NotAccepting | None = None


def opening(consultation: Consultation) -> Opening:
    """Return whether the round takes what arrives with the present request."""
    try:
        services.check_open(consultation, received_at())
    except NotAccepting as refusal:
        return Opening(False, refusal)
    return Opening(True)


class Preview(Struct, frozen=True):
    """How a point that is being written will look: its argument, and its wording as a redline."""

    argument_html: str
    wording: str
    segments: list[Segment]


def preview_of(form: PointForm, current: str) -> Preview:
    """Return the preview of what is typed; ``current`` is the text that the point is on."""
    wording = (form.proposed_wording.data or "")[:LONGEST]
    segments = redline(current, (form.quote.data or "")[:LONGEST_QUOTE], wording)
    return Preview(markdown_to_html((form.argument.data or "")[:LONGEST]), wording, segments)


def _taken_up(consultation: Consultation, form: PointForm, place: str) -> KeptWords | None:
    """Return the words kept from an earlier time, filled in unless another passage is wanted."""
    kept = keeping.kept(author_id(), consultation.id, place)
    if kept is None:
        return None
    wanted = form.quote.data if request.endpoint == "submissions.write" else ""
    if "fresh" not in request.args and (not wanted or wanted == kept.fields.get("quote")):
        form.take_up(kept)
    return kept


def show_form(
    consultation: Consultation,
    form: PointForm,
    send_form: SendForm,
    point: Point | None = None,
    *,
    action: str = "",
    page: str = "submissions/write.html",
    **more: Any,
) -> str:
    """Return the page of the form, or the form alone when a script asks for it.

    ``action`` is one of ASIDE, or "" for none; the template ``page`` gets ``more``.
    """
    place = place_of(form.provision.data or "", point)
    kept = _taken_up(consultation, form, place) if request.method == "GET" else None
    provision: Provision | None = None
    if form.provision.data:
        provision = own.provision(consultation.version_id, form.provision.data)
        if provision is None and request.method == "GET":
            abort(404)
    current = current_text(provision)
    if "start" in (action, request.args.get("start") and "start"):
        form.begin_from(current)
    # First the files: an unfinished form that has some gives its key to this one.
    target = attachment_pages.holder(consultation, author_id(), form, point)
    files = attachment_pages.shown(form, target, fresh=request.method == "GET" and kept is None)
    form.offer(own.questions(consultation.id))
    send_form.offer(people.accepted_clubs(author_id()))
    inline = request.headers.get("HX-Request") == "true"
    return render_template(
        "submissions/_point_form.html" if inline else page,
        consultation=consultation,
        provision=provision,
        later=_changed_since(provision) if provision else None,
        form=form,
        send_form=send_form,
        point=point,
        opening=opening(consultation),
        inline=inline,
        keep=keep_key(consultation, place),
        kept_place=place,
        kept=kept,
        own_url=form_url(consultation, form.provision.data or "", point),
        current=current,
        preview=preview_of(form, current) if action == "preview" else None,
        **files,
        **more,
    )


def _changed_since(provision: Provision) -> LaterWording | None:
    """Return what became of the provision, if a later public version words it otherwise.

    The narrowest audience of a draft are verified people, and only they write.
    """
    rows = later_wording([provision.id]).get(provision.id, [])
    return rows[0] if any(row.changed for row in rows) else None


def show_basket(consultation: Consultation, form: SendForm) -> str:
    """Return the page of what waits to be sent."""
    form.offer(people.accepted_clubs(author_id()))
    return render_template(
        "submissions/basket.html",
        consultation=consultation,
        submission=own.basket(author_id(), consultation.id),
        redline_of=redline_of,
        in_order=in_order,
        form=form,
        opening=opening(consultation),
    )


def receipt_url(submission: Submission) -> str:
    """Return the full address of the receipt, as printed and as a QR code.

    Of what staff entered that of the round: its contributor has no account to open more with.
    """
    if submission.channel in PAPER:
        return site_url(url_for("reading.round", round_id=submission.consultation_id))
    return site_url(url_for("submissions.receipt", reference=submission.reference))


def site_url(path: str) -> str:
    """Return the full address of a ``path`` of this portal."""
    return cast("Settings", current_app.extensions["consult_settings"]).base_url + path
