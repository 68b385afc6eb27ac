"""Correcting the tree: one provision with its forms, what they send, undoing and redoing."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.core.i18n import _
from consult.core.permissions import actor
from consult.core.web import route
from consult.drafts import (
    correcting,
    correction_labels,
    correction_queries,
    originals,
    queries,
)
from consult.drafts.blueprint import room
from consult.drafts.correction_forms import FORMS, Begin, CorrectionForm, Describe, Divide, Move
from consult.drafts.correction_queries import State
from consult.drafts.corrections import Correction, Refused, Unit, named
from consult.drafts.models import DraftVersion
from consult.drafts.tree_page import Text

# The forms of text that stands in no provision.
_OF_TEXT = ("divide", "begin")
_REFUSALS = (Refused, correcting.Frozen, correcting.Stale, correcting.Needed)


class _Desk:
    """A version's tree as it stands and the names of its units, for one request."""

    def __init__(self, version: DraftVersion) -> None:
        self.version = version
        self.state: State = correction_queries.state(version)
        self.tree = self.state.tree()
        _parts, provisions = named(self.tree)
        self.names = {u.id: p for u, p in zip(self.tree.units, provisions, strict=True)}
        self.text = Text(version.text)

    def unit(self, unit_id: str | None) -> Unit | None:
        """Return the unit of that id, or None."""
        return next((unit for unit in self.tree.units if unit.id == unit_id), None)

    def run(self, line: int) -> tuple[int, int] | None:
        """Return the run of unassigned text on that line or after it, else the first."""
        runs = self.tree.unassigned()
        later = [run for run in runs if self.text.line(run[1] - 1) >= line]
        return next(iter(later or runs), None)

    def form(
        self, name: str, unit: Unit | None, line: int = 1, *, fresh: bool = False
    ) -> CorrectionForm:
        """Return a form with its choices: as it was sent or, when ``fresh``, as things are."""
        prefix = f"{name}-"
        form = FORMS[name](formdata=None, prefix=prefix) if fresh else FORMS[name](prefix=prefix)
        if isinstance(form, Divide):
            start, end = (unit.body, unit.end) if unit else self.run(line) or (0, 0)
            form.offer(self.tree, start, end, first=unit is None or unit.body > unit.start)
        if isinstance(form, Begin):
            form.offer(self.tree, *((unit.start, unit.end) if unit else self.run(line) or (0, 0)))
        if isinstance(form, Move) and unit is not None:
            form.offer(self.tree, unit, {k: p.citation for k, p in self.names.items()})
        if fresh:
            form.seen.data = self.state.step
            if isinstance(form, (Describe, Move)) and unit is not None:
                form.fill(unit)
        return form


@route(
    room,
    "/office/versions/<int:version_id>/provisions/<key>",
    permission="draft.prepare",
    load=correction_queries.version_with_text,
)
def provision(version: DraftVersion, key: str) -> ResponseReturnValue:
    """One provision: its own text, and the forms that correct it."""
    desk = _Desk(version)
    unit = next((u for u in desk.tree.units if desk.names[u.id].key == key), None)
    if unit is None:
        return render_template("errors/404.html"), 404
    return _provision_page(desk, unit, {})


@route(
    room,
    "/office/versions/<int:version_id>/unassigned",
    permission="draft.prepare",
    load=correction_queries.version_with_text,
)
def unassigned(version: DraftVersion) -> ResponseReturnValue:
    """A run of unassigned text, named by its line, and the form that makes a provision of it."""
    desk, line = _Desk(version), request.args.get("line", 1, int)
    return _unassigned_page(desk, line, {})


@route(
    room,
    "/office/versions/<int:version_id>/corrections",
    permission="draft.prepare",
    load=correction_queries.version_with_text,
    methods=("POST",),
)
def amend(version: DraftVersion) -> ResponseReturnValue:
    """Make the correction that a provision's forms ask for."""
    desk = _Desk(version)
    unit = desk.unit(request.form.get("unit"))
    name = request.form.get("form", "")
    if name not in FORMS:
        return _merge(desk, unit)
    if unit is None and (name not in _OF_TEXT or request.form.get("unit")):
        return _lost(version)
    line = request.form.get("line", 1, int)
    form = desk.form(name, unit, line)
    if form.validate_on_submit():
        try:
            done = _correct(version, form.correction(desk.tree, unit), form.seen.data)
            return _done(version, done)
        except _REFUSALS as error:
            form.refuse(error)
    if form.seen.data != desk.state.step:
        form.seen.data, form.seen.raw_data = desk.state.step, None
    if unit is None:
        return _unassigned_page(desk, line, {name: form})
    return _provision_page(desk, unit, {name: form})


@route(
    room,
    "/office/versions/<int:version_id>/corrections/<int:ordinal>/undo",
    permission="draft.prepare",
    load=queries.version,
    methods=("POST",),
)
def undo(version: DraftVersion, ordinal: int) -> ResponseReturnValue:
    """Undo one correction."""
    return _revert(version, ordinal, correcting.undo, _("The correction was undone."))


@route(
    room,
    "/office/versions/<int:version_id>/corrections/<int:ordinal>/redo",
    permission="draft.prepare",
    load=queries.version,
    methods=("POST",),
)
def redo(version: DraftVersion, ordinal: int) -> ResponseReturnValue:
    """Make an undone correction again."""
    return _revert(version, ordinal, correcting.redo, _("The correction was made again."))


def _revert(
    version: DraftVersion,
    ordinal: int,
    act: Callable[[correcting.Revert], correcting.Done],
    sentence: str,
) -> ResponseReturnValue:
    seen = request.form.get("seen", -1, int)
    try:
        done = act(correcting.Revert(version.id, ordinal, actor().user_id, seen))
    except (*_REFUSALS, correcting.NotUndoable) as error:
        flash(correction_labels.refusal(error), "warning")
        return redirect(url_for(".corrections", version_id=version.id), 303)
    flash(sentence, "success")
    return redirect(_tree_at(version, done.key), 303)


def _correct(version: DraftVersion, correction: Correction, seen: int | None) -> correcting.Done:
    seen = -1 if seen is None else seen
    return correcting.correct(correcting.Correct(version.id, correction, actor().user_id, seen))


def _merge(desk: _Desk, unit: Unit | None) -> ResponseReturnValue:
    """Join the unit to what precedes it; nothing is typed, so a refusal is told on the page."""
    into, merged = request.form.get("into", ""), request.form.get("merge", "")
    operation = "unmark" if request.form.get("form") == "unmark" else "merge"
    correction = Correction(operation, {"unit": merged, "into": into})
    try:
        done = _correct(desk.version, correction, request.form.get("seen", -1, int))
    except _REFUSALS as error:
        flash(correction_labels.refusal(error), "warning")
        key = desk.names[unit.id].key if unit else None
        return redirect(_tree_at(desk.version, key), 303)
    return _done(desk.version, done)


def _done(version: DraftVersion, done: correcting.Done) -> ResponseReturnValue:
    flash(_("The correction was made. It can be undone at the head of the tree."), "success")
    return redirect(_tree_at(version, done.key), 303)


def _tree_at(version: DraftVersion, key: str | None) -> str:
    """Return the address of the tree at a provision, with beside it what stood there before."""
    beside = "pages" if request.form.get("beside") == "pages" else None
    return url_for(".version", version_id=version.id, beside=beside, _anchor=key)


def _provision_page(
    desk: _Desk, unit: Unit, typed: dict[str, CorrectionForm]
) -> ResponseReturnValue:
    before, after = desk.tree.before(unit), desk.tree.after(unit)
    forms = {name: typed.get(name) or desk.form(name, unit, fresh=True) for name in FORMS}
    page = render_template(
        "drafts/_provision.html" if _is_fragment() else "drafts/provision.html",
        version=desk.version,
        provision=desk.names[unit.id],
        unit=unit,
        own=desk.tree.own(unit),
        first=desk.text.line(unit.start),
        last=desk.text.line(max(unit.start, unit.end - 1)),
        forms=forms,
        before=desk.names[before.id] if before else None,
        before_id=before.id if before else "",
        after=desk.names[after.id] if after else None,
        after_id=after.id if after else "",
        step=desk.state.step,
        kinds=correction_labels.KINDS,
        has_pages=originals.has_pages(desk.version),
    )
    return page, 422 if any(form.errors for form in forms.values()) else 200


def _unassigned_page(
    desk: _Desk, line: int, typed: dict[str, CorrectionForm]
) -> ResponseReturnValue:
    run = desk.run(line)
    forms = {name: typed.get(name) or desk.form(name, None, line, fresh=True) for name in _OF_TEXT}
    page = render_template(
        "drafts/_unassigned.html" if _is_fragment() else "drafts/unassigned.html",
        version=desk.version,
        run=desk.version.text[run[0] : run[1]] if run else "",
        line=desk.text.line(run[0]) if run else line,
        forms=forms,
    )
    return page, 422 if any(form.errors for form in forms.values()) else 200


def _lost(version: DraftVersion) -> ResponseReturnValue:
    """The provision is gone from the tree: say so, and show what was typed."""
    typed = [
        value
        for name, value in request.form.items()
        if name.endswith(("-number", "-title", "-words")) and value.strip()
    ]
    reason = correction_labels.refusal(Refused("gone"))
    return render_template("drafts/gone.html", version=version, reason=reason, typed=typed), 422


def _is_fragment() -> bool:
    return request.headers.get("HX-Request") == "true"
