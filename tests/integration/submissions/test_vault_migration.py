"""The names of an older release move into the vault, and what the log says of them stays true."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Flask
from sqlalchemy import column, insert, table, text, update

from consult.cli.ledger import sources
from consult.core import clock, migrate, sealing
from consult.core.db import Base, db, transaction
from consult.core.sanitize import markdown_to_html
from consult.core.sealing import Keyring
from consult.ledger import auditing, keys
from consult.ledger.entries import canonical, entry, leaf_hash, withheld_hash
from consult.submissions import vault
from tests.support import factories as make
from tests.support.browsing import signed_in

BEFORE = "0004"
REFERENCE, BASKET, PAPER = "AAAA-BBBB-CCCC", "DDDD-EEEE-FFFF", "GGGG-HHHH-JJJJ"


def older(app: Flask) -> tuple[int, int, int, Keyring]:
    """Fill the database as the release before did: names beside sealed opinions."""
    agency = make.organisation()
    club = make.organisation("club")
    round_id = make.consultation(agency, make.version(agency))
    author = make.user("Đỗ Thị Kín", verified=True)
    version_id = db.session.execute(text("SELECT version_id FROM consultations")).scalar_one()
    db.session.remove()
    migrate.downgrade(BEFORE)
    path = app.extensions["consult_settings"].vault_key
    path.unlink(missing_ok=True)
    html = markdown_to_html("Ý kiến")
    with transaction():
        for id_, reference, state in (
            (1, REFERENCE, "received"), (2, BASKET, "draft"), (3, PAPER, "received")
        ):  # fmt: skip
            received = clock.now() if state == "received" else None
            channel = "import" if id_ == 3 else "online"
            draft_of = None if received else f"{author}:{round_id}"
            add("submissions", id=id_, reference=reference, consultation_id=round_id,
                state=state, channel=channel, created_at=clock.now(), received_at=received,
                draft_of=draft_of)  # fmt: skip
            who = {"user_id": author, "organisation_id": club if id_ == 1 else None}
            who |= {"name": "", "organisation_name": ""}
            if id_ == 3:
                who = {"user_id": None, "organisation_id": None, "name": "Người Trên Giấy",
                       "organisation_name": "Tổ 3"}  # fmt: skip
            add("authorships", submission_id=id_, identity="sealed", idempotency_key=reference,
                **who)  # fmt: skip
            add("points", submission_id=id_, consultation_id=round_id, ordinal=1, kind="remark",
                stance="agree", quote="", argument="Ý kiến", argument_html=html,
                proposed_wording="", folded="", form_key=reference, created_at=clock.now(),
                received_at=received)  # fmt: skip
            if received:
                leaf(id_, reference, round_id, version_id, received, who)
        add("ledger_head", id=1, size=2)
        url = f"/receipts/{REFERENCE}"
        add("notifications", user_id=author, kind="submission.received", url=url,
            params={"reference": REFERENCE}, dedupe_key=f"submission:{REFERENCE}",
            created_at=clock.now())  # fmt: skip
        add("outgoing_emails", dedupe_key=f"submission:{REFERENCE}:{author}", to_address="a@b.vn",
            subject=REFERENCE, body=REFERENCE, created_at=clock.now())  # fmt: skip
        add("jobs", name="notifications.tell", state="done", run_at=clock.now(),
            created_at=clock.now(), attempts=1, last_error="",
            payload={"user_ids": [author], "dedupe": f"submission:{REFERENCE}",
                     "url": f"/receipts/{REFERENCE}"})  # fmt: skip
    migrate.upgrade()
    ring = sealing.load(path)
    assert ring is not None
    return author, round_id, club, ring


def add(name: str, /, **values: Any) -> None:
    """Insert a row with these columns only: the models may know later ones."""
    types = Base.metadata.tables[name].columns
    bare = table(name, *(column(each, types[each].type) for each in values))
    db.session.execute(insert(bare).values(**values))


def leaf(
    id_: int, reference: str, round_id: int, version_id: int, at: Any, who: dict[str, Any]
) -> None:
    """Add the log's entry as the release before made it, which covers the name."""
    salt, blind = secrets.token_hex(32), secrets.token_hex(32)
    index = 0 if id_ == 1 else 1
    content = {
        "reference": reference,
        "round": round_id,
        "version": version_id,
        "channel": "import" if id_ == 3 else "online",
        "received_at": entry(0, "", 0, at, {})["at"],
        "points": [
            {
                "provision": None,
                "question": None,
                "stance": "agree",
                "argument": "Ý kiến",
                "proposed_wording": "",
                "quote": "",
            }
        ],
    }
    author = {
        "user": who["user_id"],
        "organisation": who["organisation_id"],
        "identity": "sealed",
        "name": who["name"],
        "organisation_name": who["organisation_name"],
    }
    content["withheld"] = withheld_hash(blind, author)
    assert b"reference" in canonical(content)
    value = leaf_hash(salt, entry(index, "submission", id_, at, content))
    add("ledger_leaves", index=index, leaf_hash=value, kind="submission", subject_id=id_, salt=salt,
        at=at, format=2, blind=blind)  # fmt: skip


def audit() -> list[str]:
    report = auditing.audit(sources(), [keys.signer().verifier])
    return [f"{f.problem} {f.table} {f.row}" for f in report.findings]


def rows(statement: str) -> list[Any]:
    return [tuple(row) for row in db.session.execute(text(statement))]


def test_names_move_into_the_vault_and_back(app: Flask) -> None:
    with app.app_context():
        author, round_id, club, ring = older(app)
        with transaction(write=False):
            assert rows(
                "SELECT count(*) FROM authorships WHERE user_id IS NOT NULL OR name <> ''"
            ) == [(0,)]
            assert rows("SELECT blind FROM ledger_leaves") == [("",), ("",)]
            tag = ring.tag("author", round_id, author)
            found = rows("SELECT submission_id, tag FROM authorships ORDER BY submission_id")
            assert found[:2] == [(1, tag), (2, tag)]
            assert found[2][1] not in (None, tag)
            assert rows("SELECT draft_of FROM submissions WHERE id = 2") == [(tag,)]
            # Both the accounts and the log are as before.
            assert vault.accounts_behind([1, 2, 3]) == {1: author, 2: author}
            assert audit() == []
        migrate.downgrade(BEFORE)
        with transaction(write=False):
            back = rows(
                "SELECT submission_id, user_id, organisation_id, name, organisation_name"
                " FROM authorships ORDER BY submission_id"
            )
            assert back == [
                (1, author, club, "", ""),
                (2, author, None, "", ""),
                (3, None, None, "Người Trên Giấy", "Tổ 3"),
            ]
            assert all(len(blind) == 64 for (blind,) in rows("SELECT blind FROM ledger_leaves"))
            assert rows("SELECT draft_of FROM submissions WHERE id = 2") == [
                (f"{author}:{round_id}",)
            ]
        migrate.upgrade()


def test_the_log_still_covers_a_moved_name(app: Flask) -> None:
    with app.app_context():
        author, *_ = older(app)
        with transaction(write=False):
            assert "altered submissions 1" not in audit()
        with transaction():
            # Somebody with the key puts another name into the vault.
            moved = vault.sealed_row(1, vault.Author(author + 1)) | {"moved": True}
            held = Base.metadata.tables["sealed_identities"]
            db.session.execute(update(held).where(held.c.submission_id == 1).values(**moved))
        with transaction(write=False):
            assert "altered submissions 1" in audit()
        app.extensions["consult_settings"].vault_key.unlink()
        with transaction(write=False):
            assert "unknown submissions 3" in audit()


def test_notices_lose_the_receipt_and_the_author_keeps_it(app: Flask) -> None:
    with app.app_context():
        author, *_ = older(app)
        with transaction(write=False):
            for name in ("notifications", "outgoing_emails", "jobs"):
                assert REFERENCE not in str(rows(f"SELECT * FROM {name}")), name
            [(payload,)] = rows("SELECT payload FROM jobs")
            assert "user_ids" not in str(payload)
    client = signed_in(app, author)
    assert client.get(f"/receipts/{REFERENCE}").status_code == 200
    assert REFERENCE in client.get("/my/contributions").text
