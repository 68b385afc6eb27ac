"""Changes of commitments, as the log has them, and files that prove what became of them.

Revision: 0024, after 0023
"""

import sqlalchemy as sa
from alembic import op

from consult.core.db import UTCDateTime

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.create_table(
        "commitment_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commitment_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("who", sa.String(length=200), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=False),
        one_of("state", "commitmentstate", "open", "done", "dropped"),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("evidence", sa.String(length=500), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("at", UTCDateTime(), nullable=False),
        refers("commitment_changes", "by", "users.id"),
        refers("commitment_changes", "commitment_id", "commitments.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment_changes")),
    )
    op.create_table(
        "commitment_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commitment_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        one_of("kind", "filekind", "pdf", "docx", "xlsx", "png", "jpg"),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=True),
        sa.Column("added_at", UTCDateTime(), nullable=False),
        sa.Column("removed_at", UTCDateTime(), nullable=True),
        refers("commitment_files", "added_by", "users.id"),
        refers("commitment_files", "commitment_id", "commitments.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment_files")),
    )
    for table in ("commitment_changes", "commitment_files"):
        op.create_index(op.f(f"ix_{table}_commitment_id"), table, ["commitment_id"])
    op.create_index(op.f("ix_commitment_files_sha256"), "commitment_files", ["sha256"])


def one_of(column: str, name: str, *values: str) -> sa.Column[str]:
    kind = sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=20)
    return sa.Column(column, kind, nullable=False)


def refers(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"))


def downgrade() -> None:
    op.drop_table("commitment_files")
    op.drop_table("commitment_changes")
