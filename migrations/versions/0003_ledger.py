"""The log's tree, checkpoints and redactions; the points that each published answer was on.

Revision: 0003, after 0002
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from consult.core.db import UTCDateTime

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "ledger_checkpoints",
        sa.Column("size", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("signed_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_ledger_checkpoints")),
    )
    op.create_table(
        "ledger_subtrees",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("index", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("root_hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("level", "index", name=op.f("pk_ledger_subtrees")),
    )
    op.create_table(
        "ledger_redactions",
        sa.Column("leaf_index", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["leaf_index"], ["ledger_leaves.index"], name=op.f("fk_ledger_redactions_leaf_index")
        ),
        sa.PrimaryKeyConstraint("leaf_index", name=op.f("pk_ledger_redactions")),
    )
    with op.batch_alter_table("ledger_leaves", schema=None) as batch_op:
        batch_op.add_column(sa.Column("format", sa.Integer(), server_default="1", nullable=False))
        batch_op.add_column(
            sa.Column("blind", sa.String(length=64), server_default="", nullable=False)
        )

    with op.batch_alter_table("responses", schema=None) as batch_op:
        batch_op.add_column(sa.Column("answered_ids", sa.JSON(), nullable=True))
    fill_answered()


def fill_answered() -> None:
    """Say of each published answer which points it was on when it was published.

    Corrections moved points on to later answers; the audit log tells which, except for one that
    replaced several answers at once: of these it stays unknown.
    """
    connection = op.get_bind()
    responses = sa.table(
        "responses",
        sa.column("id", sa.Integer()),
        sa.column("published_at", UTCDateTime()),
        sa.column("answered_ids", sa.JSON()),
    )
    answered = sa.table(
        "answered_points", sa.column("point_id", sa.Integer()), sa.column("response_id")
    )
    published = responses.c.published_at.is_not(None)
    found: dict[int, set[int] | None] = {
        row.id: set() for row in connection.execute(sa.select(responses.c.id).where(published))
    }
    for point_id, response_id in connection.execute(sa.select(answered)):
        points = found.get(response_id)
        if points is not None:
            points.add(point_id)
    for new, details in corrections(connection):
        replaced, points = details["replaces"], set(details["points"])
        for old in replaced:
            before = found.get(old)
            found[old] = before | points if before is not None and len(replaced) == 1 else None
        found[new] = points
    for response_id, points in found.items():
        if points is not None:
            values = {"answered_ids": sorted(points)}
            connection.execute(
                responses.update().where(responses.c.id == response_id).values(values)
            )


def corrections(connection: sa.Connection) -> list[tuple[int, dict[str, Any]]]:
    """Return (id of the answer, what the audit log tells) of each correction, the last first."""
    audit = sa.table(
        "audit_entries",
        sa.column("id"),
        sa.column("action"),
        sa.column("subject_id", sa.Integer()),
        sa.column("details", sa.JSON()),
    )
    rows = connection.execute(
        sa.select(audit.c.subject_id, audit.c.details)
        .where(audit.c.action == "answer.corrected")
        .order_by(audit.c.id.desc())
    )
    return [(subject_id, details) for subject_id, details in rows]


def downgrade() -> None:
    with op.batch_alter_table("responses", schema=None) as batch_op:
        batch_op.drop_column("answered_ids")

    with op.batch_alter_table("ledger_leaves", schema=None) as batch_op:
        batch_op.drop_column("blind")
        batch_op.drop_column("format")

    op.drop_table("ledger_redactions")
    op.drop_table("ledger_subtrees")
    op.drop_table("ledger_checkpoints")
