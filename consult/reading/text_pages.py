"""A draft's text as its readers see it: contents, first pieces, later pieces."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, abort, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from msgspec import Struct

from consult.consultations import queries as consultations
from consult.consultations.models import Consultation, Stage
from consult.core.i18n import locale_code
from consult.core.permissions import can
from consult.core.web import route
from consult.drafts import tables
from consult.drafts.models import DraftVersion
from consult.drafts.queries import provisions
from consult.reading import queries
from consult.reading.blueprint import room
from consult.reading.fragments import Fragments
from consult.reading.pieces import Piece, cut, sent_at_once
from consult.submissions import queries as submissions
from consult.submissions.models import Stance

TEXTS = Fragments(limit=4_000_000)
WRITABLE = (Stage.OPEN, Stage.SCHEDULED)


class Reader(Struct, frozen=True):
    """What the text shows to the reader of the present request, besides itself."""

    shows_points: bool
    may_write: bool


def reader_of(consultation: Consultation) -> Reader:
    """Return what the present reader sees beside the text, and may do."""
    return Reader(
        shows_points=can("points.list", consultation),
        may_write=can("point.write", consultation) and consultation.stage in WRITABLE,
    )


class Frame(Struct, frozen=True):
    """Where a text is shown: its title, its page's address and that of its pieces.

    ``piece``, ``write`` and ``points`` are addresses that lack a number or a key at their end;
    the last two are "" where nobody writes, or nobody sees points.
    """

    title: str
    url: str
    piece: str
    write: str = ""
    points: str = ""


def text(consultation: Consultation, stamp: queries.Stamp, reader: Reader) -> Markup:
    """Return the contents and the first pieces with their counts, as drawn before."""

    def draw() -> str:
        counts, pieces = _read(consultation, reader)
        return _first(_frame(consultation, reader), pieces, counts.get(None, {}))

    return _kept(consultation, stamp, reader, 0, draw)


@route(
    room,
    "/rounds/<int:round_id>/text/<int:number>",
    permission="round.read",
    load=consultations.consultation,
)
def piece(consultation: Consultation, number: int) -> ResponseReturnValue:
    """One piece of the text: a page of its own, from which the reading page takes it too."""
    reader = reader_of(consultation)

    def draw() -> str:
        _, pieces = _read(consultation, reader)
        return _one(_frame(consultation, reader), pieces, number)

    return render_template(
        "reading/piece.html",
        title=consultation.title,
        url=url_for("reading.round", round_id=consultation.id),
        text=_kept(consultation, queries.stamp(consultation.id), reader, number, draw),
    )


def version_text(version: DraftVersion, number: int = 0) -> Markup:
    """Return the version's text without points: the first pieces, or the piece ``number``."""
    frame = Frame(
        version.draft.title,
        url_for("reading.version", version_id=version.id),
        url_for("reading.version_piece", version_id=version.id, number=0)[:-1],
    )

    def draw() -> str:
        pieces = cut(queries.lines(provisions(version.id), {}))
        return _one(frame, pieces, number) if number else _first(frame, pieces, {})

    if version.frozen_at is None:
        return Markup(draw())
    key = ("version", version.id, version.created_at, frame.title, locale_code(), number)
    return Markup(TEXTS.get(key, draw))


def original(version: DraftVersion) -> ResponseReturnValue:
    """Return the file from which the version was read, to be saved; 404 when there is none."""
    stored = version.file
    if stored is None or not stored.path.exists():
        abort(404)
    answer: Response = send_file(
        stored.path,
        mimetype=stored.media_type or "application/octet-stream",
        as_attachment=True,
        download_name=stored.name,
        conditional=True,
        etag=stored.sha256,
    )
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _frame(consultation: Consultation, reader: Reader) -> Frame:
    round_id = consultation.id
    write = (
        url_for("submissions.write", round_id=round_id, provision="") if reader.may_write else ""
    )
    return Frame(
        consultation.version.draft.title,
        url_for("reading.round", round_id=round_id),
        url_for("reading.piece", round_id=round_id, number=0)[:-1],
        write,
        url_for("reading.points", round_id=round_id, provision=""),
    )


def _first(frame: Frame, pieces: list[Piece], whole: dict[Stance, int]) -> str:
    sent = sent_at_once(pieces)
    later = {piece.number: f"{frame.piece}{piece.number}" for piece in pieces[sent:]}
    return render_template(
        "reading/_text.html",
        frame=frame,
        pieces=pieces[:sent],
        later=pieces[sent:],
        urls=later,
        toc=[
            (line, later.get(piece.number, ""))
            for piece in pieces
            for line in piece.lines
            if line.level
        ],
        whole=queries.tally_of(whole),
        blocks=tables.blocks,
    )


def _one(frame: Frame, pieces: list[Piece], number: int) -> str:
    if not 1 <= number <= len(pieces):
        abort(404)
    return render_template(
        "reading/_piece.html",
        frame=frame,
        piece=pieces[number - 1],
        after=number < len(pieces),
        blocks=tables.blocks,
    )


def _read(
    consultation: Consultation, reader: Reader
) -> tuple[dict[int | None, dict[Stance, int]], list[Piece]]:
    counts = submissions.counts_by_provision(consultation.id) if reader.shows_points else {}
    return counts, cut(queries.lines(provisions(consultation.version_id), counts))


def _kept(
    consultation: Consultation,
    stamp: queries.Stamp,
    reader: Reader,
    number: int,
    draw: Callable[[], str],
) -> Markup:
    """Return the piece ``number`` (0: the page's text) as drawn for such a reader before.

    A version that was shown never changes, so its instant of creation stands for all its text.
    """
    if consultation.stage is Stage.PREPARING:  # its tree may still be corrected
        return Markup(draw())
    version = consultation.version
    key = (consultation.id, version.id, version.created_at, version.draft.title)
    key = (*key, locale_code(), reader.may_write, number)
    return Markup(TEXTS.get((*key, *stamp) if reader.shows_points else key, draw))
