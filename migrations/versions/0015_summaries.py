"""Points that summaries count as duplicates or set aside, and files that staff have read.

Revision: 0015, after 0014
"""

import sqlalchemy as sa
from alembic import op

from consult.core.db import UTCDateTime

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "point_decisions",
        sa.Column("point_id", sa.Integer(), nullable=False),
        sa.Column("leader_id", sa.Integer(), nullable=True),
        sa.Column(
            "reason", one_of("reason", "off_topic", "empty", "insult", "other"), nullable=True
        ),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "(leader_id IS NULL) <> (reason IS NULL)", name=op.f("ck_point_decisions_one_of_two")
        ),
        sa.CheckConstraint("leader_id <> point_id", name=op.f("ck_point_decisions_not_itself")),
        sa.ForeignKeyConstraint(
            ["point_id"], ["points.id"], name=op.f("fk_point_decisions_point_id")
        ),
        sa.ForeignKeyConstraint(
            ["leader_id"], ["points.id"], name=op.f("fk_point_decisions_leader_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["users.id"], name=op.f("fk_point_decisions_decided_by")
        ),
        sa.PrimaryKeyConstraint("point_id", name=op.f("pk_point_decisions")),
    )
    op.create_index(op.f("ix_point_decisions_leader_id"), "point_decisions", ["leader_id"])
    op.create_table(
        "file_readings",
        sa.Column("attachment_id", sa.Integer(), nullable=False),
        sa.Column("read_by", sa.Integer(), nullable=True),
        sa.Column("read_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attachment_id"],
            ["attachments.id"],
            name=op.f("fk_file_readings_attachment_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["read_by"], ["users.id"], name=op.f("fk_file_readings_read_by")),
        sa.PrimaryKeyConstraint("attachment_id", name=op.f("pk_file_readings")),
    )


def one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=20)


def downgrade() -> None:
    op.drop_table("file_readings")
    op.drop_table("point_decisions")
