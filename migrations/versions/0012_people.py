"""More of a profile, evidence of titles, the second person's verification, certificates.

Revision: 0012, after 0011
"""

import sqlalchemy as sa
from alembic import op

from consult.core.db import UTCDateTime

revision = "0012"
down_revision = "0011"

TEXTS = ("publications", "patents", "critique_experience")
SHORT = {"residence": 10, "languages": 200, "associations": 500}


def upgrade() -> None:
    with op.batch_alter_table("profiles", schema=None) as batch_op:
        for name, length in SHORT.items():
            batch_op.add_column(
                sa.Column(name, sa.String(length=length), server_default="", nullable=False)
            )
        for name in TEXTS:
            batch_op.add_column(sa.Column(name, sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("checks", sa.JSON(), server_default="{}", nullable=False))
        batch_op.add_column(sa.Column("checked_at", UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("checked_by", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_profiles_checked_by"), "users", ["checked_by"], ["id"]
        )
    evidence()
    certificates()


def evidence() -> None:
    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("fact", sa.String(length=20), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("added_at", UTCDateTime(), nullable=False),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_evidence_user_id")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_files.id"], name=op.f("fk_evidence_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("file_id", name=op.f("uq_evidence_file_id")),
    )
    op.create_index(op.f("ix_evidence_user_id"), "evidence", ["user_id"])
    op.create_index(op.f("ix_evidence_decided_at"), "evidence", ["decided_at"])


def certificates() -> None:
    op.create_table(
        "certificates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("open_for", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("with_organisations", sa.Boolean(), nullable=False),
        sa.Column("requested_at", UTCDateTime(), nullable=False),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(length=32), nullable=True),
        sa.Column("contents", sa.JSON(), nullable=False),
        sa.Column("revoked_at", UTCDateTime(), nullable=True),
        sa.Column("revoked_by", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        *(
            sa.ForeignKeyConstraint([name], ["users.id"], name=op.f(f"fk_certificates_{name}"))
            for name in ("user_id", "decided_by", "revoked_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates")),
        sa.UniqueConstraint("open_for", name=op.f("uq_certificates_open_for")),
        sa.UniqueConstraint("code", name=op.f("uq_certificates_code")),
        sa.UniqueConstraint("year", "number", name=op.f("uq_certificates_year_number")),
    )
    op.create_index(op.f("ix_certificates_user_id"), "certificates", ["user_id"])
    op.create_index(op.f("ix_certificates_state"), "certificates", ["state"])


def downgrade() -> None:
    op.drop_table("certificates")
    op.drop_table("evidence")
    with op.batch_alter_table("profiles", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_profiles_checked_by"), type_="foreignkey")
        for name in ("checked_by", "checked_at", "checks", *TEXTS, *SHORT):
            batch_op.drop_column(name)
