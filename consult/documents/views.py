"""The documents room's downloads: Mẫu số 10 as DOCX, all points as XLSX and CSV."""

from __future__ import annotations

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from consult.consultations.models import Consultation
from consult.core.db import db
from consult.core.web import route

room = Blueprint("documents", __name__)


def load_round(round_id: int) -> Consultation | None:
    """Return the round, or None."""
    return db.session.get(Consultation, round_id)


@route(
    room,
    "/rounds/<int:round_id>/export/mau10.docx",
    permission="document.export",
    load=load_round,
)
def mau10(consultation: Consultation) -> ResponseReturnValue:
    """Download Mẫu số 10."""
    return Response(b"")


@route(
    room, "/rounds/<int:round_id>/export/points.xlsx", permission="document.export", load=load_round
)
def points_xlsx(consultation: Consultation) -> ResponseReturnValue:
    """Download all points as a workbook."""
    return Response(b"")


@route(
    room, "/rounds/<int:round_id>/export/points.csv", permission="document.export", load=load_round
)
def points_csv(consultation: Consultation) -> ResponseReturnValue:
    """Download all points as comma-separated values."""
    return Response(b"")
