"""Pages on which two people of the Front read a sample of points without seeing each other."""

from __future__ import annotations

from collections.abc import Callable

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from msgspec import Struct

from consult.consultations.models import Consultation
from consult.consultations.queries import consultation as load_round
from consult.core.i18n import _, _n, format_number
from consult.core.paging import Page, page_number, paginate
from consult.core.permissions import actor
from consult.core.web import route, row_ids
from consult.summaries import coding_queries as queries
from consult.summaries import coding_services as services
from consult.summaries.blueprint import room
from consult.summaries.coding_forms import CODES, DrawForm, SettleForm
from consult.summaries.coding_models import Code, CodingPoint, CodingSample
from consult.summaries.coding_services import Mine

# So many points are read on one page.
_ON_A_PAGE = 10


@route(
    room,
    "/front/rounds/<int:round_id>/coding",
    permission="summary.work",
    load=load_round,
    methods=("GET", "POST"),
)
def coding(consultation: Consultation) -> ResponseReturnValue:
    """List the round's samples, and draw one."""
    form = DrawForm()
    if form.validate_on_submit():
        try:
            row = services.draw(consultation.id, form.size.data or 0, actor_id=actor().user_id)
            return _to(consultation, row.id)
        except services.TooFewPoints as refusal:
            form.size.errors = [
                _n(
                    "There is only %(count)s point in this round.",
                    "There are only %(count)s points in this round.",
                    refusal.number,
                    count=format_number(refusal.number),
                )
            ]
        except services.DrawnAlready:
            form.size.errors = [_("A sample of that size is being read: it is listed below.")]
    samples = queries.samples(consultation.id)
    page = render_template(
        "summaries/coding.html",
        consultation=consultation,
        form=form,
        samples=samples,
        progress=queries.progress([row.id for row in samples]),
        me=actor().user_id,
    )
    return page, 422 if form.is_submitted() else 200


@route(
    room,
    "/front/rounds/<int:round_id>/coding/sample",
    permission="summary.work",
    load=load_round,
    methods=("GET", "POST"),
)
def coding_sample(consultation: Consultation) -> ResponseReturnValue:
    """Show a sample (?id=): one's own reading of it, or, once both are done, how they agree."""
    ids = row_ids(request.args.getlist("id"))
    shown = queries.sample(consultation.id, ids[0]) if ids else None
    if shown is None:
        abort(404)
    form = SettleForm()
    if request.method == "POST":
        answer = _act(consultation, shown, form)
        if answer is not None:
            return answer
    if shown.is_open:
        return _result(consultation, shown, form)
    return _reading(consultation, shown)


def _to(
    consultation: Consultation, sample_id: int, page: int | None = None, anchor: str | None = None
) -> ResponseReturnValue:
    return redirect(
        url_for(
            "summaries.coding_sample",
            round_id=consultation.id,
            id=sample_id,
            page=page,
            _anchor=anchor,
        ),
        303,
    )


# --- what the buttons do ---------------------------------------------------------------------


class _Act(Struct, frozen=True):
    """What a button does, and what is said when it is done."""

    do: Callable[[Mine], None]
    done: Callable[[], str]


_ACTS = {
    "join": _Act(services.join, lambda: _("You read this sample now.")),
    "finish": _Act(
        services.finish, lambda: _("You are done. Both readings are shown when both are.")
    ),
    "resume": _Act(services.resume, lambda: _("You can change what you have read.")),
    "leave": _Act(services.leave, lambda: _("You have given this sample up.")),
    "drop": _Act(services.drop, lambda: _("The sample is dropped.")),
}


def _act(
    consultation: Consultation, shown: CodingSample, form: SettleForm
) -> ResponseReturnValue | None:
    """Do what the pressed button says; return None where the form has to be shown again."""
    user_id = actor().user_id
    assert user_id is not None  # the policy lets nobody else in
    mine, action = Mine(consultation.id, shown.id, user_id), request.form.get("action", "")
    try:
        if action == "settle":
            return _settle(consultation, mine, form)
        if action in ("keep", "finish"):
            services.keep(mine, _codes())
        if action in _ACTS:
            _ACTS[action].do(mine)
            flash(_ACTS[action].done(), "success")
    except services.Unread as refusal:
        flash(_left(refusal.number), "danger")
        return _to_unread(consultation, mine)
    except services.Refused as refusal:
        flash(_refusal(refusal), "danger")
    if action in ("drop", "leave"):
        return redirect(url_for("summaries.coding", round_id=consultation.id), 303)
    return _to_unread(consultation, mine) if action == "keep" else _to(consultation, shown.id)


def _settle(consultation: Consultation, mine: Mine, form: SettleForm) -> ResponseReturnValue | None:
    ids = row_ids(request.form.getlist("point"))
    if not form.validate() or not ids:
        return None
    services.settle(mine, ids[0], Code(form.code.data))
    return _to(consultation, mine.sample_id, page_number(), f"point-{ids[0]}")


def _codes() -> dict[int, Code]:
    """Return what was ticked for each point."""
    found: dict[int, Code] = {}
    for name, value in request.form.items():
        ids = row_ids([name.removeprefix("code-")]) if name.startswith("code-") else []
        if ids and value in list(Code):
            found[ids[0]] = Code(value)
    return found


def _to_unread(consultation: Consultation, mine: Mine) -> ResponseReturnValue:
    """Go to the first point that the person has not read, else to the end."""
    place = queries.first_unread(mine.sample_id, mine.user_id)
    page = None if place is None else 1 + (place - 1) // _ON_A_PAGE
    return _to(consultation, mine.sample_id, page, "done" if place is None else f"place-{place}")


def _left(number: int) -> str:
    return _n(
        "%(count)s point is still to be read.",
        "%(count)s points are still to be read.",
        number,
        count=format_number(number),
    )


def _refusal(refusal: services.Refused) -> str:
    match refusal:
        case services.Taken():
            return _("Two colleagues read this sample already.")
        case services.Open():
            return _("Both are done: what they have read is shown, and stays.")
        case services.NotReading():
            return _("Not kept: you do not read this sample, or have said that you are done.")
        case _:
            return _("Not kept: the sample has changed meanwhile.")


# --- what is shown ---------------------------------------------------------------------------


def _reading(consultation: Consultation, shown: CodingSample) -> ResponseReturnValue:
    """Show the person's own reading, or who reads; never what somebody else has read."""
    user_id = actor().user_id or 0
    coder = shown.coder(user_id)
    reads = coder is not None and coder.done_at is None
    return render_template(
        "summaries/coding_reading.html",
        consultation=consultation,
        sample=shown,
        coder=coder,
        page=_points(shown) if reads else None,
        own=queries.own(shown.id, user_id) if reads else {},
        progress=queries.progress([shown.id]),
        codes=CODES,
    )


def _points(shown: CodingSample) -> Page[CodingPoint]:
    return paginate(queries.points(shown.id), number=page_number(), size=_ON_A_PAGE)


def _result(
    consultation: Consultation, shown: CodingSample, form: SettleForm
) -> ResponseReturnValue:
    found = queries.result(shown)
    page: Page[CodingPoint] = paginate(found.differing, number=page_number())
    wrong = row_ids(request.form.getlist("point"))
    shown_page = render_template(
        "summaries/coding_result.html",
        consultation=consultation,
        sample=shown,
        result=found,
        page=page,
        both=queries.both_read(shown, [row.point_id for row in page.rows]),
        codes=CODES,
        form=form,
        wrong=wrong[0] if wrong else None,
    )
    return shown_page, 422 if form.is_submitted() else 200
