"""Confirmed readings, published versions, corrections by hand and comparisons of versions.

Revision: 0002, after 0001
"""

import sqlalchemy as sa
from alembic import op

from consult.core.db import UTCDateTime

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "parsed_guesses",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["draft_versions.id"], name=op.f("fk_parsed_guesses_version_id")
        ),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_parsed_guesses")),
    )
    op.create_table(
        "provision_corrections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("operation", sa.String(length=20), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("undone_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["users.id"], name=op.f("fk_provision_corrections_actor_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["draft_versions.id"], name=op.f("fk_provision_corrections_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provision_corrections")),
        sa.UniqueConstraint(
            "version_id", "ordinal", name=op.f("uq_provision_corrections_version_id_ordinal")
        ),
    )
    op.create_table(
        "version_comparisons",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("old_version_id", sa.Integer(), nullable=False),
        sa.Column("new_version_id", sa.Integer(), nullable=False),
        sa.Column("computed_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["new_version_id"],
            ["draft_versions.id"],
            name=op.f("fk_version_comparisons_new_version_id"),
        ),
        sa.ForeignKeyConstraint(
            ["old_version_id"],
            ["draft_versions.id"],
            name=op.f("fk_version_comparisons_old_version_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_version_comparisons")),
        sa.UniqueConstraint(
            "old_version_id",
            "new_version_id",
            name=op.f("uq_version_comparisons_old_version_id_new_version_id"),
        ),
    )
    with op.batch_alter_table("version_comparisons", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_version_comparisons_new_version_id"), ["new_version_id"], unique=False
        )

    op.create_table(
        "provision_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("comparison_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("wording_changed", sa.Boolean(), nullable=False),
        sa.Column("old_key", sa.String(length=120), nullable=True),
        sa.Column("new_key", sa.String(length=120), nullable=True),
        sa.Column("similarity", sa.Double(), nullable=False),
        sa.Column("doubtful", sa.Boolean(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["comparison_id"],
            ["version_comparisons.id"],
            name=op.f("fk_provision_changes_comparison_id"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["users.id"], name=op.f("fk_provision_changes_decided_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provision_changes")),
    )
    with op.batch_alter_table("provision_changes", schema=None) as batch_op:
        batch_op.create_index(
            "ix_provision_changes_new_key", ["comparison_id", "new_key"], unique=False
        )
        batch_op.create_index(
            "ix_provision_changes_old_key", ["comparison_id", "old_key"], unique=False
        )
        batch_op.create_index(
            "ix_provision_changes_order", ["comparison_id", "ordinal"], unique=True
        )

    with op.batch_alter_table("draft_versions", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("reading", sa.String(length=10), server_default="", nullable=False)
        )
        batch_op.add_column(
            sa.Column("reading_sample", sa.JSON(), server_default="[]", nullable=False)
        )
        batch_op.add_column(sa.Column("reading_confirmed_by", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("reading_confirmed_at", UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("published_at", UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("published_by", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("final_at", UTCDateTime(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_draft_versions_reading_confirmed_by"),
            "users",
            ["reading_confirmed_by"],
            ["id"],
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_draft_versions_published_by"), "users", ["published_by"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("draft_versions", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_draft_versions_published_by"), type_="foreignkey")
        batch_op.drop_constraint(
            batch_op.f("fk_draft_versions_reading_confirmed_by"), type_="foreignkey"
        )
        batch_op.drop_column("final_at")
        batch_op.drop_column("published_by")
        batch_op.drop_column("published_at")
        batch_op.drop_column("reading_confirmed_at")
        batch_op.drop_column("reading_confirmed_by")
        batch_op.drop_column("reading_sample")
        batch_op.drop_column("reading")

    with op.batch_alter_table("provision_changes", schema=None) as batch_op:
        batch_op.drop_index("ix_provision_changes_order")
        batch_op.drop_index("ix_provision_changes_old_key")
        batch_op.drop_index("ix_provision_changes_new_key")

    op.drop_table("provision_changes")
    with op.batch_alter_table("version_comparisons", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_version_comparisons_new_version_id"))

    op.drop_table("version_comparisons")
    op.drop_table("provision_corrections")
    op.drop_table("parsed_guesses")
