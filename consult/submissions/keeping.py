"""Words kept while somebody writes: taking them in from the form, giving them to the next one.

They survive a lost session, a closed tab, another device. No row names the person.
"""

from __future__ import annotations

import enum
import logging
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update

from consult.core import clock
from consult.core.db import db, dialect_insert, insert_ignore
from consult.core.sealing import KeyMissing
from consult.core.text import nfc
from consult.submissions import vault
from consult.submissions.models import KeptWords

# What a form holds of an author's words; nothing else of a post is kept.
FIELDS = ("kind", "stance", "argument", "proposed_wording", "quote", "before", "question")
SHEET = "sheet:"  # the place of the answers by choosing; its fields are "q1": "2", "q2": "1,3"
_ANSWER = re.compile(r"q[0-9]{1,3}", re.ASCII)
LONGEST_KEPT = 100_000  # characters of one form
MOST_FORMS = 200  # of one person in one round; beyond, the oldest are forgotten
FORGOTTEN_AFTER = timedelta(days=90)

log = logging.getLogger("consult.keeping")


class State(enum.StrEnum):
    """What became of an attempt to keep words."""

    KEPT = "kept"
    NEWER = "newer"  # another page has kept other words since: these were not taken
    CLOSED = "closed"  # the form's point was saved, sent or thrown away: nothing was taken
    TOO_LONG = "too_long"
    UNKEPT = "unkept"  # nothing can be kept now; the operator's log says why


class KeepWords(Struct, frozen=True):
    """Keep the words of one form.

    ``base`` is the revision that they were written on (0: none); ``writer`` names the page and
    ``sequence`` counts its attempts, so that a late one never overtakes.
    """

    round_id: int
    user_id: int
    place: str
    form_key: str
    fields: Mapping[str, str]
    base: int
    writer: str
    sequence: int


class Attempt(Struct, frozen=True):
    """The state, and the revision and the instant of what is kept now."""

    state: State
    revision: int = 0
    saved_at: datetime | None = None


def keep(command: KeepWords) -> Attempt:
    """Keep words unless newer ones are kept; repeated, it changes nothing.

    Writes at most one row, no job.
    """
    owner = _owner(command.user_id, command.round_id)
    fields = _taken(command)
    if owner is None:
        return Attempt(State.UNKEPT)
    if sum(map(len, fields.values())) > LONGEST_KEPT:
        return Attempt(State.TOO_LONG)
    now = clock.now()
    values = {
        "fields": fields,
        "saved_at": now,
        "writer": command.writer,
        "sequence": command.sequence,
    }
    revision = db.session.scalar(
        update(KeptWords)
        .where(
            *_form(owner, command.form_key),
            ~KeptWords.closed,
            or_(
                and_(
                    KeptWords.writer == command.writer,
                    KeptWords.sequence < command.sequence,
                ),
                KeptWords.revision == command.base,
            ),
        )
        .values(**values, revision=KeptWords.revision + 1)
        .returning(KeptWords.revision)
        .execution_options(synchronize_session=False)
    )
    if revision is not None:
        return Attempt(State.KEPT, revision, now)
    row = values | _row(command.round_id, owner, command.place, command.form_key)
    if insert_ignore(KeptWords, row | {"revision": 1, "closed": False}, "owner", "form_key"):
        _make_room(owner)
        return Attempt(State.KEPT, 1, now)
    return _refused(command, owner, fields)


def _taken(command: KeepWords) -> dict[str, str]:
    posted = command.fields
    names = filter(_ANSWER.fullmatch, posted) if command.place == SHEET else FIELDS
    return {name: nfc(posted.get(name, "")) for name in names}


def _refused(command: KeepWords, owner: str, fields: dict[str, str]) -> Attempt:
    kept = db.session.scalars(select(KeptWords).where(*_form(owner, command.form_key))).one()
    if kept.closed:
        return Attempt(State.CLOSED)
    repeated = kept.writer == command.writer or kept.fields == fields
    return Attempt(State.KEPT if repeated else State.NEWER, kept.revision, kept.saved_at)


def kept(user_id: int, round_id: int, place: str) -> KeptWords | None:
    """Return what the person wrote last at that place and neither saved nor sent; one query."""
    owner = _owner(user_id, round_id)
    if owner is None:
        return None
    return db.session.scalars(
        select(KeptWords)
        .where(KeptWords.owner == owner, KeptWords.place == place, ~KeptWords.closed)
        .order_by(KeptWords.saved_at.desc(), KeptWords.id.desc())
        .limit(1)
    ).first()


def close(user_id: int, round_id: int, form_key: str) -> None:
    """Forget a form's words, and take none from it any more: its point is saved, sent or gone."""
    owner = _owner(user_id, round_id)
    if owner is None:
        return
    values: dict[str, Any] = _row(round_id, owner, "", form_key[:32]) | {
        "fields": {},
        "revision": 0,
        "writer": "",
        "sequence": 0,
        "saved_at": clock.now(),
        "closed": True,
    }
    statement = dialect_insert(KeptWords).values(**values)
    db.session.execute(
        statement.on_conflict_do_update(
            index_elements=["owner", "form_key"], set_={"fields": {}, "closed": True}
        )
    )


def close_sheet(user_id: int, round_id: int, form_key: str) -> None:
    """Forget all choices that the person left unsaved in the round; see `close`.

    An author has one sheet in a round: what is saved last is what he says.
    """
    close(user_id, round_id, form_key)
    owner = _owner(user_id, round_id)
    db.session.execute(
        update(KeptWords)
        .where(KeptWords.owner == owner, KeptWords.place == SHEET)
        .values(fields={}, closed=True)
        .execution_options(synchronize_session=False)
    )


def forget() -> int:
    """Delete what nobody has touched for three months; return how many rows."""
    gone = db.session.execute(
        delete(KeptWords)
        .where(KeptWords.saved_at < clock.now() - FORGOTTEN_AFTER)
        .returning(KeptWords.id)
    )
    return len(gone.all())


def _owner(user_id: int, round_id: int) -> str | None:
    try:
        return vault.keyring().tag("kept", round_id, user_id)
    except KeyMissing as error:
        log.error("no words can be kept: %s", error)
        return None


def _row(round_id: int, owner: str, place: str, form_key: str) -> dict[str, Any]:
    return {"consultation_id": round_id, "owner": owner, "place": place, "form_key": form_key}


def _form(owner: str, form_key: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return KeptWords.owner == owner, KeptWords.form_key == form_key


def _make_room(owner: str) -> None:
    mine = select(func.count()).select_from(KeptWords).where(KeptWords.owner == owner)
    if (db.session.scalar(mine) or 0) <= MOST_FORMS:
        return
    oldest = (
        select(KeptWords.id)
        .where(KeptWords.owner == owner)
        .order_by(KeptWords.saved_at, KeptWords.id)
        .limit(1)
    )
    db.session.execute(delete(KeptWords).where(KeptWords.id.in_(oldest.scalar_subquery())))
