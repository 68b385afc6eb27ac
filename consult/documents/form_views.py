"""The form of a round: downloaded to be filled in, and read back into its author's basket."""

from __future__ import annotations

from typing import cast

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage

from consult.consultations.models import Consultation
from consult.consultations.queries import consultation as load_round
from consult.core.db import release
from consult.core.forms import Form
from consult.core.i18n import _, _l, _n, format_number
from consult.core.permissions import actor
from consult.core.settings import settings
from consult.core.web import route
from consult.documents import form_reading
from consult.documents.blueprint import room
from consult.documents.download_pages import attachment
from consult.documents.export_list import MEDIA_TYPES
from consult.documents.form_file import render
from consult.documents.form_places import FormOf, divisions, form_of
from consult.drafts import labels
from consult.drafts import queries as drafts
from consult.drafts.parsing import UnreadableDocument, controls
from consult.submissions import own
from consult.submissions.incoming import filling
from consult.submissions.pages import opening

# What the parser of drafts would advise is not true of a form: it is a .docx only.
_ANOTHER_TYPE = frozenset({"unsupported_type", "mislabelled", "mislabelled_as", "misnamed"})


class FormFile(Form):
    """The filled form."""

    file = FileField(_l("The filled form"))


@route(room, "/rounds/<int:round_id>/form.docx", permission="round.read", load=load_round)
def form_docx(consultation: Consultation) -> ResponseReturnValue:
    """Download the round's form, for the division that ``part`` names or the whole draft."""
    key = request.args.get("part", "")
    lines = drafts.provisions(consultation.version_id)
    division = next((line for line in divisions(lines) if line.key == key), None)
    if key and division is None:
        abort(404)
    form = form_of(consultation, lines, own.questions(consultation.id), division)
    data = render(form, _address(consultation.id))
    return attachment(data, f"Phiếu góp ý - {consultation.title}", "docx", MEDIA_TYPES["docx"])


@route(
    room,
    "/rounds/<int:round_id>/form",
    permission="point.write",
    load=load_round,
    methods=("GET", "POST"),
)
def form(consultation: Consultation) -> ResponseReturnValue:
    """Explain the form, and take one that is filled in: its points go into the basket."""
    upload = FormFile()
    if request.method == "GET":
        return _page(consultation, upload)
    try:
        filled = _read(consultation, upload)
    except form_reading.Refused as refusal:
        params = {name: format_number(number) for name, number in refusal.params.items()}
        return _refuse(consultation, upload, _(form_reading.REFUSALS[refusal.reason], **params))
    except UnreadableDocument as error:
        sentence = labels.refusal(error)
        if error.reason in _ANOTHER_TYPE:
            sentence = _("Choose the form as a Word file (.docx): save it as such and try again.")
        return _refuse(consultation, upload, sentence)
    consultation = cast("Consultation", load_round(consultation.id))
    new = filling.keep_points(
        filling.KeepPoints(consultation, cast("int", actor().user_id), filled.points)
    )
    if filled.problems or filled.outside:
        return render_template(
            "documents/form_taken.html",
            consultation=consultation,
            filled=filled,
            new=new,
            sentences=form_reading.PROBLEMS,
        )
    flash(_taken(new, len(filled.points)), "success" if new else "info")
    return redirect(url_for("submissions.basket", round_id=consultation.id), 303)


def _read(consultation: Consultation, upload: FormFile) -> form_reading.Filled:
    """Return what the uploaded form says. Raises Refused and UnreadableDocument."""
    sent: FileStorage | None = upload.file.data
    if not isinstance(sent, FileStorage) or not sent.filename:
        raise form_reading.Refused("no_file")
    if not sent.filename.lower().endswith(".docx"):
        raise UnreadableDocument("unsupported_type")
    data = sent.stream.read(controls.FORM.max_bytes + 1)
    round_id, version_id = consultation.id, consultation.version_id
    release()  # reading takes some tenths of a second, and nothing is written yet
    file = controls.read(data)
    mark = form_reading.mark(file, round_id, version_id)
    lines = drafts.provisions(version_id)
    division = next((line for line in lines if line.id == mark.division_id), None)
    again = cast("Consultation", load_round(round_id))
    made: FormOf = form_of(again, lines, own.questions(round_id), division)
    if not form_reading.is_of(made, mark):
        raise form_reading.Refused("other_text")
    return form_reading.understand(file, made, _address(round_id))


def _refuse(consultation: Consultation, upload: FormFile, sentence: str) -> ResponseReturnValue:
    upload.file.errors = [sentence]
    return _page(cast("Consultation", load_round(consultation.id)), upload), 422


def _page(consultation: Consultation, upload: FormFile) -> str:
    return render_template(
        "documents/form.html",
        consultation=consultation,
        form=upload,
        divisions=divisions(drafts.provisions(consultation.version_id)),
        opening=opening(consultation),
    )


def _taken(new: int, found: int) -> str:
    if not new:
        return _("All points of this form are in your contribution already.")
    taken = _n(
        "%(count)s point has been taken from the form. Look it through, then send.",
        "%(count)s points have been taken from the form. Look them through, then send.",
        new,
        count=format_number(new),
    )
    if new == found:
        return taken
    others = _("The others were in your contribution already.")
    return f"{taken} {others}"


def _address(round_id: int) -> str:
    return settings().base_url + url_for("documents.form", round_id=round_id)
