"""Sealed identities in a table of their own, encrypted; requests to open them.

Who stands behind sealed submissions and behind baskets moves into the vault, under the key of
CONSULT_VAULT_KEY, which is made when there is none. What hides the name in the log (the leaf's
blind) moves with it: beside the log it would let a name be guessed. Notices and letters that name
the receipt of a sealed submission lose it. Undone, the names stand openly again as far as the key
opens them; entries of the log that cover the vault then no longer fit.

Revision: 0005, after 0004
"""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

from consult.core import sealing
from consult.core.db import UTCDateTime
from consult.core.settings import settings

revision = "0005"
down_revision = "0004"

SEALED_IS_EMPTY = (
    "identity <> 'sealed' OR (user_id IS NULL AND organisation_id IS NULL"
    " AND name = '' AND organisation_name = '')"
)
NAMED = ("user_id", "organisation_id", "name", "organisation_name")

authorships = sa.table(
    "authorships",
    sa.column("submission_id", sa.Integer()),
    sa.column("user_id", sa.Integer()),
    sa.column("organisation_id", sa.Integer()),
    sa.column("name", sa.String()),
    sa.column("organisation_name", sa.String()),
    sa.column("identity", sa.String()),
    sa.column("tag", sa.String()),
)
submissions = sa.table(
    "submissions",
    sa.column("id", sa.Integer()),
    sa.column("consultation_id", sa.Integer()),
    sa.column("reference", sa.String()),
    sa.column("state", sa.String()),
    sa.column("draft_of", sa.String()),
)
vault = sa.table(
    "sealed_identities",
    sa.column("submission_id", sa.Integer()),
    sa.column("key_id", sa.String()),
    sa.column("wrapped", sa.String()),
    sa.column("nonce", sa.String()),
    sa.column("ciphertext", sa.Text()),
    sa.column("moved", sa.Boolean()),
)
leaves = sa.table(
    "ledger_leaves",
    sa.column("kind", sa.String()),
    sa.column("subject_id", sa.Integer()),
    sa.column("blind", sa.String()),
)
notices = sa.table(
    "notifications",
    sa.column("id", sa.Integer()),
    sa.column("user_id", sa.Integer()),
    sa.column("kind", sa.String()),
    sa.column("params", sa.JSON()),
    sa.column("url", sa.String()),
    sa.column("dedupe_key", sa.String()),
)
letters = sa.table(
    "outgoing_emails",
    sa.column("id", sa.Integer()),
    sa.column("dedupe_key", sa.String()),
    sa.column("body", sa.Text()),
    sa.column("subject", sa.String()),
)
jobs = sa.table(
    "jobs",
    sa.column("id", sa.Integer()),
    sa.column("name", sa.String()),
    sa.column("payload", sa.JSON()),
    sa.column("state", sa.String()),
)


def upgrade() -> None:
    op.create_table(
        "sealed_identities",
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("wrapped", sa.String(length=100), nullable=False),
        sa.Column("nonce", sa.String(length=16), nullable=False),
        sa.Column("ciphertext", sa.Text(), nullable=False),
        sa.Column("moved", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["authorships.submission_id"],
            name=op.f("fk_sealed_identities_submission_id"),
        ),
        sa.PrimaryKeyConstraint("submission_id", name=op.f("pk_sealed_identities")),
    )
    op.create_index(op.f("ix_sealed_identities_key_id"), "sealed_identities", ["key_id"])
    create_requests()
    with op.batch_alter_table("authorships", table_args=(kinds(),)) as batch_op:
        batch_op.add_column(sa.Column("tag", sa.String(length=32), nullable=True))
    move_in(op.get_bind())
    with op.batch_alter_table("authorships", table_args=(kinds(),)) as batch_op:
        batch_op.create_unique_constraint(
            op.f("uq_authorships_tag_idempotency_key"), ["tag", "idempotency_key"]
        )
        batch_op.create_check_constraint(op.f("ck_authorships_sealed_is_empty"), SEALED_IS_EMPTY)


def create_requests() -> None:
    op.create_table(
        "unsealing_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column(
            "ground",
            choice("ground", "court", "author", "false_name", "unlawful"),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "state", choice("requeststate", "waiting", "approved", "refused"), nullable=False
        ),
        sa.Column("requested_by", sa.Integer(), nullable=False),
        sa.Column("requested_at", UTCDateTime(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["users.id"], name=op.f("fk_unsealing_requests_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["requested_by"], ["users.id"], name=op.f("fk_unsealing_requests_requested_by")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_unsealing_requests_submission_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unsealing_requests")),
    )
    op.create_index(
        op.f("ix_unsealing_requests_submission_id"), "unsealing_requests", ["submission_id"]
    )
    op.create_index(
        "ix_unsealing_requests_requested_at", "unsealing_requests", ["requested_at", "id"]
    )


def kinds() -> sa.CheckConstraint:
    """Return the check that SQLite, which copies the table, would leave behind untold."""
    return sa.CheckConstraint(
        "identity IN ('public', 'organisation', 'sealed')", name=op.f("ck_authorships_identity")
    )


def choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=20)


def move_in(connection: sa.Connection) -> None:
    """Put who is behind sealed submissions and baskets into the vault."""
    hidden = sa.or_(authorships.c.identity == "sealed", submissions.c.state == "draft")
    rows = connection.execute(
        sa.select(authorships, submissions)
        .join(submissions, submissions.c.id == authorships.c.submission_id)
        .where(hidden)
        .order_by(submissions.c.id)
    ).all()
    if not rows:
        return
    ring = sealing.load(settings().vault_key) or sealing.create(settings().vault_key)
    references: dict[str, int] = {}
    for row in rows:
        basket = row.state == "draft"
        held: dict[str, Any] = {name: getattr(row, name) for name in NAMED}
        of_it = sa.and_(leaves.c.kind == "submission", leaves.c.subject_id == row.id)
        if not basket:
            blinds = connection.scalars(sa.select(leaves.c.blind).where(of_it)).all()
            held["blind"] = next(iter(blinds), "")
            connection.execute(leaves.update().where(of_it).values(blind=""))
            references[row.reference] = row.id
        sealed = ring.seal(json.dumps(held, ensure_ascii=False), f"submission {row.id}")
        connection.execute(
            vault.insert().values(
                submission_id=row.id,
                moved=not basket,
                key_id=sealed.key_id,
                wrapped=sealed.wrapped,
                nonce=sealed.nonce,
                ciphertext=sealed.ciphertext,
            )
        )
        tag = tag_of(ring, row)
        values = {"user_id": None, "organisation_id": None, "name": "", "organisation_name": ""}
        connection.execute(
            authorships.update()
            .where(authorships.c.submission_id == row.id)
            .values(tag=tag, identity="sealed", **values)
        )
        if basket:
            mark = submissions.update().where(submissions.c.id == row.id).values(draft_of=tag)
            connection.execute(mark)
    forget_receipts(connection, ring, references)


def tag_of(ring: sealing.Keyring, row: Any) -> str | None:
    if row.user_id is not None:
        return ring.tag("author", row.consultation_id, row.user_id)
    if row.name:
        return ring.tag("name", row.consultation_id, row.name, row.organisation_name)
    return None


def forget_receipts(
    connection: sa.Connection, ring: sealing.Keyring, references: dict[str, int]
) -> None:
    """Take the receipts of sealed submissions out of notices, letters and jobs."""
    received = notices.c.kind == "submission.received"
    for row in connection.execute(sa.select(notices).where(received)).all():
        found = references.get(row.dedupe_key.removeprefix("submission:"))
        if found is not None:
            mark = f"sealed:{ring.tag('fact', f'received:{found}', row.user_id)}"
            connection.execute(
                notices.update()
                .where(notices.c.id == row.id)
                .values(
                    kind="submission.kept",
                    params={},
                    url="/my/contributions",
                    dedupe_key=mark,
                )
            )
            connection.execute(
                letters.update()
                .where(letters.c.dedupe_key == f"{row.dedupe_key}:{row.user_id}")
                .values(dedupe_key=f"{mark}:{row.user_id}", subject="–", body="")
            )
    told = jobs.c.name == "notifications.tell"
    for row in connection.execute(sa.select(jobs).where(told)).all():
        fact = str(row.payload.get("dedupe", ""))
        found = references.get(fact.removeprefix("submission:"))
        if found is not None:
            payload = {
                "submission_ids": [found],
                "kind": "submission.kept",
                "fact": f"received:{found}",
            }
            connection.execute(
                jobs.update()
                .where(jobs.c.id == row.id)
                .values(name="notifications.tell_sealed", payload=payload)
            )


def downgrade() -> None:
    with op.batch_alter_table("authorships", table_args=(kinds(),)) as batch_op:
        batch_op.drop_constraint(op.f("ck_authorships_sealed_is_empty"), type_="check")
        batch_op.drop_constraint(op.f("uq_authorships_tag_idempotency_key"), type_="unique")
    move_out(op.get_bind())
    with op.batch_alter_table("authorships", table_args=(kinds(),)) as batch_op:
        batch_op.drop_column("tag")
    op.drop_table("unsealing_requests")
    op.drop_table("sealed_identities")


def move_out(connection: sa.Connection) -> None:
    """Put who is behind sealed submissions and baskets back beside them."""
    rows = connection.execute(
        sa.select(vault, submissions).join(submissions, submissions.c.id == vault.c.submission_id)
    ).all()
    ring = sealing.load(settings().vault_key) if rows else None
    for row in rows:
        sealed = sealing.Sealed(row.key_id, row.wrapped, row.nonce, row.ciphertext)
        try:
            held = json.loads(ring.open(sealed, f"submission {row.id}")) if ring else None
        except sealing.Unopenable:
            held = None
        if held is None:
            continue
        blind = held.pop("blind", "")
        connection.execute(
            authorships.update().where(authorships.c.submission_id == row.id).values(**held)
        )
        if row.state == "draft":
            connection.execute(
                submissions.update()
                .where(submissions.c.id == row.id)
                .values(draft_of=f"{held['user_id']}:{row.consultation_id}")
            )
        elif blind:
            of_it = sa.and_(leaves.c.kind == "submission", leaves.c.subject_id == row.id)
            connection.execute(leaves.update().where(of_it).values(blind=blind))
