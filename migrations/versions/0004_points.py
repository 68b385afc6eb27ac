"""Kinds of points, where their quotes stand, and words kept while they are written.

Points of before are remarks; their quotes stay as they were given, without a place.

Revision: 0004, after 0003
"""

import sqlalchemy as sa
from alembic import op

from consult.core.db import UTCDateTime

revision = "0004"
down_revision = "0003"

KIND = sa.Enum(
    "remark",
    "wording",
    "question",
    "objection",
    name="pointkind",
    native_enum=False,
    create_constraint=True,
    length=20,
)


def upgrade() -> None:
    with op.batch_alter_table("points", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind", KIND, server_default="remark", nullable=False))
        batch_op.add_column(sa.Column("quote_start", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("quote_end", sa.Integer(), nullable=True))
    op.create_table(
        "kept_words",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=32), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("form_key", sa.String(length=32), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("writer", sa.String(length=32), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("saved_at", UTCDateTime(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultations.id"], name=op.f("fk_kept_words_consultation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_words")),
        sa.UniqueConstraint("owner", "form_key", name=op.f("uq_kept_words_owner_form_key")),
    )
    op.create_index("ix_kept_words_owner_place", "kept_words", ["owner", "place"])
    op.create_index(op.f("ix_kept_words_saved_at"), "kept_words", ["saved_at"])


def downgrade() -> None:
    op.drop_table("kept_words")
    with op.batch_alter_table("points", schema=None) as batch_op:
        batch_op.drop_column("quote_end")
        batch_op.drop_column("quote_start")
        batch_op.drop_constraint(op.f("ck_points_pointkind"), type_="check")
        batch_op.drop_column("kind")
