"""Files attached to points, or waiting for the form that brought them to be saved.

Revision: 0010, after 0009
"""

import sqlalchemy as sa
from alembic import op

from consult.core.db import UTCDateTime

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "attachments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("point_id", sa.Integer(), nullable=True),
        sa.Column("owner", sa.String(length=32), nullable=True),
        sa.Column("form_key", sa.String(length=32), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", one_of("filekind", "pdf", "docx", "xlsx", "png", "jpg"), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "(point_id IS NULL) = (owner IS NOT NULL)",
            name=op.f("ck_attachments_of_point_or_form"),
        ),
        sa.ForeignKeyConstraint(
            ["point_id"],
            ["points.id"],
            name=op.f("fk_attachments_point_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
        sa.UniqueConstraint("point_id", "sha256", name=op.f("uq_attachments_point_id_sha256")),
        sa.UniqueConstraint(
            "owner", "form_key", "sha256", name=op.f("uq_attachments_owner_form_key_sha256")
        ),
    )
    with op.batch_alter_table("attachments", schema=None) as batch_op:
        batch_op.create_index("ix_attachments_owner_place", ["owner", "place"])
        batch_op.create_index(batch_op.f("ix_attachments_sha256"), ["sha256"])
        batch_op.create_index(batch_op.f("ix_attachments_created_at"), ["created_at"])


def one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=20)


def downgrade() -> None:
    op.drop_table("attachments")
