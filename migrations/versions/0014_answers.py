"""Answers: drafts for discussion, assignments, colleagues' notes, the changes they led to.

Revision: 0014, after 0013
"""

import sqlalchemy as sa
from alembic import op

from consult.core.db import UTCDateTime

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    with op.batch_alter_table("responses", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("for_discussion", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
    op.create_table(
        "answer_assignments",
        sa.Column("point_id", sa.Integer(), nullable=False),
        sa.Column("assignee_id", sa.Integer(), nullable=False),
        sa.Column("assigned_by", sa.Integer(), nullable=True),
        sa.Column("assigned_at", UTCDateTime(), nullable=False),
        refers("answer_assignments", "point_id", "points.id"),
        refers("answer_assignments", "assignee_id", "users.id"),
        refers("answer_assignments", "assigned_by", "users.id"),
        sa.PrimaryKeyConstraint("point_id", name=op.f("pk_answer_assignments")),
    )
    op.create_table(
        "answer_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        refers("answer_notes", "author_id", "users.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_notes")),
    )
    op.create_table(
        "noted_points",
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("point_id", sa.Integer(), nullable=False),
        refers("noted_points", "note_id", "answer_notes.id"),
        refers("noted_points", "point_id", "points.id"),
        sa.PrimaryKeyConstraint("note_id", "point_id", name=op.f("pk_noted_points")),
    )
    op.create_table(
        "linked_changes",
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("left_out", sa.Boolean(), nullable=False),
        sa.Column("linked_by", sa.Integer(), nullable=True),
        sa.Column("linked_at", UTCDateTime(), nullable=False),
        refers("linked_changes", "response_id", "responses.id", ondelete="CASCADE"),
        refers("linked_changes", "version_id", "draft_versions.id"),
        refers("linked_changes", "linked_by", "users.id"),
        sa.PrimaryKeyConstraint("response_id", name=op.f("pk_linked_changes")),
    )
    with op.batch_alter_table("answer_assignments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_assignments_assignee_id"), ["assignee_id"])
    with op.batch_alter_table("noted_points", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_noted_points_point_id"), ["point_id"])


def refers(
    table: str, column: str, target: str, ondelete: str | None = None
) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [target], name=name, ondelete=ondelete)


def downgrade() -> None:
    op.drop_table("linked_changes")
    op.drop_table("noted_points")
    op.drop_table("answer_notes")
    op.drop_table("answer_assignments")
    with op.batch_alter_table("responses", schema=None) as batch_op:
        batch_op.drop_column("for_discussion")
