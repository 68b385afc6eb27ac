"""The one door between people and what they sent under seal, or have not sent yet.

The tables hold a tag in the person's place, the same in one round only; names lie encrypted in
``sealed_identities``. Both need the vault's key, a file that is in no database and no backup.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Collection, Iterable
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict
from sqlalchemy import ColumnElement, func, or_, select

from consult.consultations.models import Consultation
from consult.core import sealing
from consult.core.db import db
from consult.core.sealing import KeyMissing, Keyring, Unopenable
from consult.core.settings import settings
from consult.people.models import Organisation
from consult.submissions.models import Authorship, SealedIdentity, Submission

log = logging.getLogger("consult.vault")


class Author(Struct, frozen=True):
    """Who stands behind a submission: an account, or names as a sheet gave them.

    ``organisation_id`` is the one on whose behalf the account wrote.
    """

    user_id: int | None
    organisation_id: int | None = None
    name: str = ""
    organisation_name: str = ""


def keyring() -> Keyring:
    """Return the vault's keys; made at the first need.

    Raises KeyMissing for a file that is damaged or cannot be read or written, and when the file
    is gone although names are sealed: a new key in its place would open none of them.
    """
    path = settings().vault_key
    found = sealing.load(path)
    if found is not None:
        return found
    if db.session.scalar(select(SealedIdentity.submission_id).limit(1)) is not None:
        raise KeyMissing(
            f"The vault's key {path} is missing: restore it from its copy, or begin a new one with "
            "“vault new”; what is sealed by now then stays closed for good."
        )
    return sealing.create(path)


# --- people and their tags -----------------------------------------------------------------------


def tag(author: Author, round_id: int) -> str | None:
    """Return what stands for the person in the round; None for nobody's name.

    Raises KeyMissing.
    """
    if author.user_id is not None:
        return keyring().tag("author", round_id, author.user_id)
    if author.name:
        return keyring().tag("name", round_id, author.name, author.organisation_name)
    return None


def basket_mark(user_id: int, round_id: int) -> str:
    """Return what ``draft_of`` holds for the person's one basket in the round.

    Raises KeyMissing.
    """
    return keyring().tag("author", round_id, user_id)


def own_basket_mark(user_id: int, round_id: int) -> str:
    """Return `basket_mark` for looking only: without the key no basket is found."""
    try:
        return basket_mark(user_id, round_id)
    except KeyMissing as error:
        log.error("%s", error)
        return ""


def fact_mark(fact: str, user_id: int) -> str:
    """Return what stands for "this person was told of this fact"."""
    return f"sealed:{keyring().tag('fact', fact, user_id)}"


def wrote(user_id: int | None, submission: Submission) -> bool:
    """Return whether the account is the author of ``submission``; without the key: openly."""
    authorship = submission.authorship
    if user_id is None:
        return False
    if authorship.tag is None:
        return authorship.user_id == user_id
    try:
        return authorship.tag == keyring().tag("author", submission.consultation_id, user_id)
    except KeyMissing as error:
        log.error("%s", error)
        return False


def written_by(user_id: int, round_ids: Iterable[int]) -> ColumnElement[bool]:
    """Return the condition on `Authorship` of what the account wrote in these rounds, sent or not.

    Raises KeyMissing.
    """
    ring = keyring()
    tags = [ring.tag("author", round_id, user_id) for round_id in round_ids]
    return or_(Authorship.user_id == user_id, Authorship.tag.in_(tags))


def written_anywhere(user_id: int) -> ColumnElement[bool]:
    """Return the condition on `Authorship` of all that the account wrote; one query.

    For looking only: without the key, what was written openly.
    """
    try:
        return written_by(user_id, db.session.scalars(select(Consultation.id)))
    except KeyMissing as error:
        log.error("%s", error)
        return Authorship.user_id == user_id


# --- sealing and opening -------------------------------------------------------------------------


def sealed_row(submission_id: int, author: Author) -> dict[str, Any]:
    """Return the row of `SealedIdentity` that holds ``author``. Raises KeyMissing."""
    sealed = keyring().seal(json.dumps(asdict(author), ensure_ascii=False), _about(submission_id))
    return {"submission_id": submission_id, "moved": False, **asdict(sealed)}


def opened(row: SealedIdentity) -> tuple[Author, str]:
    """Return who is behind the submission, and for a moved one the ledger's blind, else "".

    Raises KeyMissing, Unopenable.
    """
    sealed = sealing.Sealed(row.key_id, row.wrapped, row.nonce, row.ciphertext)
    held = json.loads(keyring().open(sealed, _about(row.submission_id)))
    blind = held.pop("blind", "")
    return Author(**held), blind


def digest(row: SealedIdentity | dict[str, Any]) -> str:
    """Return what the ledger covers of the row: SHA-256 of nonce and ciphertext, hexadecimal.

    Neither key nor wrapping, so that the vault's key can be changed.
    """
    nonce, ciphertext = (
        (row["nonce"], row["ciphertext"]) if isinstance(row, dict) else (row.nonce, row.ciphertext)
    )
    return hashlib.sha256(f"{nonce}.{ciphertext}".encode()).hexdigest()


def accounts_behind(submission_ids: Collection[int]) -> dict[int, int]:
    """Return the accounts behind those of the submissions that are sealed; one query.

    One that cannot be opened is left out, and the operator's log says so. Raises KeyMissing.
    """
    found: dict[int, int] = {}
    for row in db.session.scalars(
        select(SealedIdentity).where(SealedIdentity.submission_id.in_(submission_ids))
    ):
        try:
            author, _ = opened(row)
        except Unopenable as error:
            log.error("sealed identity %s: %s", row.submission_id, error)
            continue
        if author.user_id is not None:
            found[row.submission_id] = author.user_id
    return found


def own_organisation(submission: Submission) -> str:
    """Return on whose behalf it was sealed, for its author's eyes only; at most one query."""
    row = submission.authorship.sealed
    try:
        author = opened(row)[0] if row else None
    except (KeyMissing, Unopenable):
        author = None
    if author is None or author.organisation_id is None:
        return ""
    return db.session.get_one(Organisation, author.organisation_id).name


def rotate() -> int:
    """Begin a new vault key and wrap every sealed name's own key with it; return how many.

    Ciphertexts and tags stay. The key before stays in the file until the next time. Raises
    KeyMissing and Unopenable; then the rows stay as they were. Writes rows and the file.
    """
    path, ring = settings().vault_key, keyring().renewed()
    sealing.replace(path, ring)  # first: a row must never be under a key that is in no file
    number = 0
    for row in db.session.scalars(
        select(SealedIdentity)
        .where(SealedIdentity.key_id != ring.keys[0][0])
        .order_by(SealedIdentity.submission_id)
        .with_for_update()
        .execution_options(yield_per=500)
    ):
        old = sealing.Sealed(row.key_id, row.wrapped, row.nonce, row.ciphertext)
        new = ring.rewrap(old, _about(row.submission_id))
        row.key_id, row.wrapped = new.key_id, new.wrapped
        number += 1
    db.session.flush()
    return number


def sealed() -> int:
    """Return how many names are sealed."""
    return db.session.scalar(select(func.count(SealedIdentity.submission_id))) or 0


def count() -> tuple[int, int]:
    """Return how many names are sealed and how many of them open. Raises KeyMissing."""
    whole = good = 0
    for row in db.session.scalars(select(SealedIdentity).execution_options(yield_per=500)):
        whole += 1
        try:
            opened(row)
        except Unopenable:
            continue
        good += 1
    return whole, good


def forget_old_keys() -> None:
    """Take out of the file the keys that no row needs since `rotate`; after its commit."""
    path = settings().vault_key
    sealing.replace(path, keyring().without_old())


def _about(submission_id: int) -> str:
    return f"submission {submission_id}"
