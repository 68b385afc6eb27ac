"""What staff note of contributions that came on paper, by e-mail or at meetings.

Revision: 0013, after 0012
"""

import sqlalchemy as sa
from alembic import op

from consult.core.db import UTCDateTime

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "paper_entries",
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("transcriber_id", sa.Integer(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("register_number", sa.String(length=60), nullable=False),
        sa.Column("late_reason", sa.Text(), nullable=False),
        sa.Column("scan_kind", sa.String(length=4), nullable=False),
        sa.Column("scan_sha256", sa.String(length=64), nullable=True),
        sa.Column("scan_size", sa.Integer(), nullable=True),
        sa.Column("checked_by", sa.Integer(), nullable=True),
        sa.Column("checked_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "(scan_sha256 IS NULL) = (scan_size IS NULL)",
            name=op.f("ck_paper_entries_whole_scan"),
        ),
        sa.CheckConstraint(
            "(checked_by IS NULL) = (checked_at IS NULL)",
            name=op.f("ck_paper_entries_whole_check"),
        ),
        sa.CheckConstraint(
            "checked_by <> transcriber_id", name=op.f("ck_paper_entries_second_person")
        ),
        sa.ForeignKeyConstraint(
            ["checked_by"], ["users.id"], name=op.f("fk_paper_entries_checked_by")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_paper_entries_submission_id")
        ),
        sa.ForeignKeyConstraint(
            ["transcriber_id"], ["users.id"], name=op.f("fk_paper_entries_transcriber_id")
        ),
        sa.PrimaryKeyConstraint("submission_id", name=op.f("pk_paper_entries")),
    )
    with op.batch_alter_table("paper_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_entries_transcriber_id"), ["transcriber_id"])
        batch_op.create_index(batch_op.f("ix_paper_entries_scan_sha256"), ["scan_sha256"])
        batch_op.create_index(batch_op.f("ix_paper_entries_checked_by"), ["checked_by"])


def downgrade() -> None:
    op.drop_table("paper_entries")
