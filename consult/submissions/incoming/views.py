"""The page on which staff import a table of contributions: check it, look at it, receive it."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeSerializer
from msgspec import Struct

from consult.consultations import queries as consultations
from consult.consultations.models import Consultation
from consult.core import files
from consult.core.i18n import _, _n, format_number
from consult.core.web import received_at, route
from consult.drafts.queries import provisions
from consult.submissions.attachments.screening import clean_name
from consult.submissions.blueprint import room
from consult.submissions.commands import NotAccepting
from consult.submissions.incoming.services import ReceiveTable, receive_table
from consult.submissions.incoming.spreadsheet import REASONS, UnreadableSheet, read_rows
from consult.submissions.incoming.table import MESSAGES, Table, check_table, fingerprint
from consult.submissions.pages import author_id
from consult.submissions.paper import services as paper_services

_LARGEST = 2 * 1024 * 1024  # bytes
_LARGEST_UNPACKED = 40 * 1024 * 1024


class _File(Struct, frozen=True):
    """A chosen file; ``token`` names it, signed, once it is kept for the confirmation."""

    name: str
    data: bytes
    token: str


@route(
    room,
    "/office/rounds/<int:round_id>/paper/import",
    permission="paper.work",
    load=consultations.consultation,
    methods=("GET", "POST"),
)
def import_table(consultation: Consultation) -> ResponseReturnValue:
    """Choose a file, see what is understood or every wrong row, confirm."""
    if request.method == "GET":
        return _page(consultation)
    file = _chosen() or _kept(consultation.id)
    if file is None:
        return _page(consultation, refused=_("Please choose the file.")), 422
    if refused := _not_now(consultation):
        return _page(consultation, refused=refused), 409
    try:
        table = _read(consultation, file)
    except UnreadableSheet as wrong:
        return _page(consultation, refused=_(REASONS[wrong.reason], **wrong.params)), 422
    if table.errors:
        return _page(consultation, table, file), 422
    if request.form.get("action") != "receive" or not file.token:
        return _page(consultation, table, _keep(consultation.id, file))
    if not request.form.get("consented"):
        refused = _("Please confirm that whoever the table names agrees to be named.")
        return _page(consultation, table, file, refused), 422
    return _receive(consultation, table, file)


def _not_now(consultation: Consultation) -> str:
    """Return why the round takes no table now, "" when it does."""
    now = received_at()
    try:
        paper_services.check_takes(consultation, now)
    except NotAccepting:
        return _(
            "Contributions can be entered from the opening of the round until its answers are "
            "published."
        )
    if paper_services.is_late(consultation, now):
        return _(
            "After the deadline each contribution is entered by itself, with the day on which the "
            "office received it and the reason."
        )
    return ""


def _receive(consultation: Consultation, table: Table, file: _File) -> ResponseReturnValue:
    round_ = consultations.locked(consultation.id) or consultation
    if refused := _not_now(round_):  # closed since it was read
        return _page(consultation, table, file, refused), 409
    outcomes = receive_table(
        ReceiveTable(
            round_, table.rows, file.name, fingerprint(file.data), received_at(), author_id()
        )
    )
    if all(outcome.repeated for outcome in outcomes):
        flash(_("This file has been received before; nothing was written."), "info")
    else:
        number = len(table.rows)
        sentence = _n(
            "Received: %(count)s point.",
            "Received: %(count)s points.",
            number,
            count=format_number(number),
        )
        flash(sentence, "success")
    return redirect(url_for("reading.points", round_id=consultation.id), 303)


def _chosen() -> _File | None:
    file = request.files.get("file")
    if file is None or not file.filename:
        return None
    return _File(clean_name(file.filename), file.stream.read(_LARGEST + 1), "")


def _kept(round_id: int) -> _File | None:
    token = request.form.get("kept", "")
    try:
        of_round, name, sha256 = _signer().loads(token)
    except (BadSignature, ValueError, TypeError):
        return None
    place = files.place(sha256)
    if of_round != round_id or not place.exists():
        return None
    return _File(name, place.read_bytes(), token)


def _keep(round_id: int, file: _File) -> _File:
    token = _signer().dumps([round_id, file.name, files.keep(file.data)])
    return _File(file.name, file.data, str(token))


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="imported-table")


def _read(consultation: Consultation, file: _File) -> Table:
    if len(file.data) > _LARGEST:
        raise UnreadableSheet("too_large", limit=_LARGEST // 1024 // 1024)
    rows = read_rows(file.data, file.name, most_unpacked=_LARGEST_UNPACKED)
    return check_table(rows, provisions(consultation.version_id))


def _page(
    consultation: Consultation,
    table: Table | None = None,
    file: _File | None = None,
    refused: str = "",
) -> str:
    errors = [] if table is None else table.errors
    return render_template(
        "submissions/import.html",
        consultation=consultation,
        table=table,
        file=file,
        refused=refused,
        errors=[(error.row, _(MESSAGES[error.code], **error.params)) for error in errors],
    )
