"""The reading list of a round: read, rate, note and place its points, one after another."""

from __future__ import annotations

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from msgspec import Struct

from consult.consultations.models import Consultation
from consult.consultations.queries import consultation as load_round
from consult.core.i18n import _
from consult.core.permissions import actor
from consult.core.web import route, row_ids
from consult.drafts.queries import WHOLE_DRAFT
from consult.submissions.models import Stance, code_of
from consult.submissions.queries import contributor
from consult.summaries import reading_queries as queries
from consult.summaries import reading_services as services
from consult.summaries import theme_queries, theme_services
from consult.summaries.blueprint import room
from consult.summaries.decision_forms import REASONS
from consult.summaries.matrix import Line, with_parts
from consult.summaries.models import Summary
from consult.summaries.queries import Cell, newest, provision_lines
from consult.summaries.reading_forms import IMPORTANCE, LONGEST, NoteForm
from consult.summaries.sections import codes
from consult.summaries.theme_forms import NEW, ThemeForm, title
from consult.summaries.theme_models import Theme, ThemePoint

# What can be asked for in the address, and what only says where in the list one is.
FILTERS = ("show", "provision", "stance", "theme", "importance", "noted", "quoted")
_PLACE = ("after", "before")


class Tried(Struct, frozen=True):
    """What was posted for one point and not accepted; the page shows it again."""

    point_id: int
    note: NoteForm | None = None
    theme: ThemeForm | None = None


@route(
    room,
    "/front/rounds/<int:round_id>/reading",
    permission="summary.work",
    load=load_round,
    methods=("GET", "POST"),
)
def reading(consultation: Consultation) -> ResponseReturnValue:
    """Show the received points that the address asks for; do what the pressed button says."""
    tried = None
    if request.method == "POST":
        answer = _act(consultation)
        if not isinstance(answer, Tried):
            return answer
        tried = answer
    lines = provision_lines(consultation.version_id)
    summary = newest(consultation.id) if request.args.get("quoted") == "no" else None
    wanted = _wanted(consultation, lines, summary, tried)
    rows = queries.page(wanted, after=_number("after"), before=_number("before"))
    themes = theme_queries.themes_of(consultation.id)
    page = render_template(
        "summaries/reading.html",
        consultation=consultation,
        wanted=wanted,
        rows=rows,
        progress=queries.progress(wanted, rows),
        places=queries.places(consultation.id, lines),
        notes=queries.notes([row.point.id for row in rows]),
        themes=themes,
        themes_by_id={theme.id: theme for theme in themes},
        filters=_asked(*FILTERS),
        here=_here(consultation),
        done=_done(),
        tried=tried,
        stances=list(Stance),
        importance=IMPORTANCE,
        reasons=REASONS,
        code_of=code_of,
        codes_of=codes,
        longest=LONGEST,
        contributor=contributor,
        title=title,
        new=NEW,
    )
    return page, 422 if tried else 200


# --- what the address asks for -------------------------------------------------------------------


def _wanted(
    consultation: Consultation, lines: list[Line], summary: Summary | None, tried: Tried | None
) -> queries.Wanted:
    key, stance = request.args.get("provision", ""), request.args.get("stance")
    line = next((line for line in lines if line.key == key), None)
    if key and key != WHOLE_DRAFT and line is None:
        abort(404)
    cell = Cell(
        consultation.id,
        provision_ids=None if line is None else tuple(with_parts(lines, line.id)),
        on_whole_draft=key == WHOLE_DRAFT,
        stance=Stance(stance) if stance in list(Stance) else None,
        not_quoted_in=summary.id if summary else None,
    )
    importance = request.args.get("importance", "")
    kept = [tried.point_id] if tried else row_ids(request.args.getlist("on"))
    return queries.Wanted(
        cell,
        _who(),
        show=request.args.get("show", ""),
        theme_id=_number("theme") or None,
        importance=int(importance) if importance in ("0", "1", "2", "3") else None,
        noted=request.args.get("noted") == "1",
        kept=tuple(kept[: queries.SIZE]),
    )


def _who() -> int:
    user_id = actor().user_id
    assert user_id is not None  # the policy lets only staff in
    return user_id


def _number(name: str) -> int:
    return next(iter(row_ids([request.args.get(name, "")])), 0)


def _asked(*names: str) -> dict[str, str]:
    return {name: request.args[name] for name in names if request.args.get(name)}


def _here(consultation: Consultation, **more: Any) -> str:
    asked = _asked(*FILTERS, *_PLACE)
    return url_for("summaries.reading", round_id=consultation.id, **asked, **more)


def _done() -> dict[str, Any]:
    """Return what the address says was just done, for the sentence and for undoing it."""
    return {
        "what": request.args.get("done", ""),
        "points": row_ids(request.args.getlist("on"))[: queries.SIZE],
        "level": request.args.get("level", "0"),
        "note": _number("note"),
        "change": _number("change"),
    }


# --- what is done --------------------------------------------------------------------------------


def _act(consultation: Consultation) -> ResponseReturnValue | Tried:
    acts = {
        "read": _mark,
        "unread": _mark,
        "rate": _rate,
        "note": _note,
        "remove": _remove,
        "restore": _remove,
        "theme": _theme,
    }
    action = request.form.get("action", "")
    if action not in acts:
        abort(400)
    try:
        return acts[action](consultation, action)
    except services.NotInThisRound:
        abort(404)


def _point() -> int:
    return next(iter(row_ids(request.form.getlist("point"))), 0)


def _kept(consultation: Consultation, done: str, *points: int, **more: int) -> ResponseReturnValue:
    """Lead back to the point in the list, saying what was done."""
    more["on"] = points  # type: ignore[assignment]
    anchor = f"point-{points[0]}" if points else None
    return redirect(_here(consultation, done=done, **more, _anchor=anchor), 303)


def _mark(consultation: Consultation, action: str) -> ResponseReturnValue:
    chosen = row_ids(request.form.getlist("point"))[: queries.SIZE]
    changed = services.mark(consultation.id, chosen, read=action == "read", user_id=_who())
    return _kept(consultation, action if changed else "", *(changed or chosen))


def _rate(consultation: Consultation, _action: str) -> ResponseReturnValue:
    level = request.form.get("level", "")
    if level not in ("0", "1", "2", "3"):
        abort(400)
    before = services.rate(consultation.id, _point(), int(level), actor_id=_who())
    return _kept(consultation, "rated", _point(), level=before)


def _note(consultation: Consultation, _action: str) -> ResponseReturnValue | Tried:
    form = NoteForm()
    if not form.validate():
        return Tried(_point(), note=form)
    command = services.WriteNote(consultation.id, _point(), form.text.data or "", _who())
    return _kept(consultation, "noted", _point(), note=services.write_note(command))


def _remove(consultation: Consultation, action: str) -> ResponseReturnValue:
    note_id = next(iter(row_ids(request.form.getlist("note"))), 0)
    undo = action == "restore"
    point_id = services.remove_note(consultation.id, note_id, actor_id=_who(), undo=undo)
    done = "noted" if undo else "removed"
    return _kept(consultation, done, point_id, note=note_id)


def _theme(consultation: Consultation, _action: str) -> ResponseReturnValue | Tried:
    """Move the point to a theme of its provision, or to a new one."""
    point_id = _point()
    found = theme_queries.places(consultation.id, [point_id])
    form = ThemeForm()
    form.offer(_others(consultation, found[0]) if found else [], "move", 1)
    if found and not form.validate():
        return Tried(point_id, theme=form)
    into, name = form.move_into.data, form.new_name.data or ""
    target = None if into == NEW else next(iter(row_ids([into or ""])), 0)
    move = theme_services.Move(consultation.id, frozenset([point_id]), _who(), target, name)
    try:
        theme_services.move(move)
    except theme_services.NotInThisRound:
        form.form_errors = [_("Points or themes have changed meanwhile. Please look again.")]
        return Tried(point_id, theme=form)
    change = theme_queries.changes(consultation.id)[0]
    return _kept(consultation, "moved", point_id, change=change.id)


def _others(consultation: Consultation, place: ThemePoint) -> list[Theme]:
    themes = theme_queries.themes_on(consultation.id, place.point.provision_id)
    return [theme for theme in themes if theme.id != place.theme_id]
