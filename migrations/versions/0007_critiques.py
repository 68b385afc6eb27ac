"""Commissions of critiques with intake and criteria, panels, reviews, meetings and reports.

Only new tables: older rows stay as they are.

Revision: 0007, after 0006
"""

import sqlalchemy as sa
from alembic import op

from consult.core.db import UTCDateTime

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "critique_templates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("guidance", sa.Text(), nullable=False),
        sa.Column("is_required", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_critique_templates")),
        sa.UniqueConstraint("kind", "ordinal", name=op.f("uq_critique_templates_kind_ordinal")),
    )
    op.create_table(
        "commissions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=True),
        sa.Column("orderer_id", sa.Integer(), nullable=False),
        sa.Column("ordered_as", sa.String(length=20), nullable=False),
        sa.Column("ordered_by", sa.Integer(), nullable=True),
        sa.Column(
            "stage",
            sa.Enum(
                "ordered",
                "declined",
                "forming",
                "reviewing",
                "meeting",
                "reported",
                "answered",
                "cancelled",
                name="commissionstage",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("questions", sa.Text(), nullable=False),
        sa.Column("field_code", sa.String(length=3), nullable=False),
        sa.Column("deadline", UTCDateTime(), nullable=False),
        sa.Column("reviews_due_at", UTCDateTime(), nullable=True),
        sa.Column("opened_at", UTCDateTime(), nullable=True),
        sa.Column("opened_by", sa.Integer(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultations.id"], name=op.f("fk_commissions_consultation_id")
        ),
        sa.ForeignKeyConstraint(["opened_by"], ["users.id"], name=op.f("fk_commissions_opened_by")),
        sa.ForeignKeyConstraint(
            ["ordered_by"], ["users.id"], name=op.f("fk_commissions_ordered_by")
        ),
        sa.ForeignKeyConstraint(
            ["orderer_id"], ["organisations.id"], name=op.f("fk_commissions_orderer_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["draft_versions.id"], name=op.f("fk_commissions_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commissions")),
    )
    op.create_index(
        op.f("ix_commissions_consultation_id"), "commissions", ["consultation_id"], unique=False
    )
    op.create_index(op.f("ix_commissions_orderer_id"), "commissions", ["orderer_id"], unique=False)
    op.create_index(
        "ix_commissions_stage_deadline", "commissions", ["stage", "deadline"], unique=False
    )
    op.create_index(op.f("ix_commissions_version_id"), "commissions", ["version_id"], unique=False)
    op.create_table(
        "commission_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commission_id", sa.Integer(), nullable=False),
        sa.Column("transition", sa.String(length=20), nullable=False),
        sa.Column("from_stage", sa.String(length=20), nullable=False),
        sa.Column("to_stage", sa.String(length=20), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["users.id"], name=op.f("fk_commission_changes_actor_id")
        ),
        sa.ForeignKeyConstraint(
            ["commission_id"], ["commissions.id"], name=op.f("fk_commission_changes_commission_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commission_changes")),
    )
    op.create_index(
        op.f("ix_commission_changes_commission_id"),
        "commission_changes",
        ["commission_id"],
        unique=False,
    )
    op.create_table(
        "criteria",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commission_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("guidance", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["commission_id"], ["commissions.id"], name=op.f("fk_criteria_commission_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_criteria")),
        sa.UniqueConstraint(
            "commission_id", "ordinal", name=op.f("uq_criteria_commission_id_ordinal")
        ),
    )
    op.create_table(
        "critique_meetings",
        sa.Column("commission_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("held_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("guests", sa.Text(), nullable=False),
        sa.Column("course", sa.Text(), nullable=False),
        sa.Column("conclusions", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("chair_confirmed_at", UTCDateTime(), nullable=True),
        sa.Column("secretary_confirmed_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["commission_id"], ["commissions.id"], name=op.f("fk_critique_meetings_commission_id")
        ),
        sa.PrimaryKeyConstraint("commission_id", name=op.f("pk_critique_meetings")),
    )
    op.create_table(
        "critique_reports",
        sa.Column("commission_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("assessment", sa.Text(), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column(
            "conclusion",
            sa.Enum(
                "approve",
                "approve_if_amended",
                "disapprove",
                name="conclusion",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("signed_at", UTCDateTime(), nullable=True),
        sa.Column("signed_by", sa.Integer(), nullable=True),
        sa.Column("delivered_at", UTCDateTime(), nullable=True),
        sa.Column("delivered_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["commission_id"], ["commissions.id"], name=op.f("fk_critique_reports_commission_id")
        ),
        sa.ForeignKeyConstraint(
            ["delivered_by"], ["users.id"], name=op.f("fk_critique_reports_delivered_by")
        ),
        sa.ForeignKeyConstraint(
            ["signed_by"], ["users.id"], name=op.f("fk_critique_reports_signed_by")
        ),
        sa.PrimaryKeyConstraint("commission_id", name=op.f("pk_critique_reports")),
    )
    op.create_table(
        "intake_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commission_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("is_required", sa.Boolean(), nullable=False),
        sa.Column("declared", sa.Boolean(), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["commission_id"], ["commissions.id"], name=op.f("fk_intake_items_commission_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake_items")),
        sa.UniqueConstraint(
            "commission_id", "ordinal", name=op.f("uq_intake_items_commission_id_ordinal")
        ),
    )
    op.create_table(
        "seats",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commission_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "chair",
                "secretary",
                "reviewer_1",
                "reviewer_2",
                "member",
                name="panelrole",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "invited",
                "accepted",
                "declined",
                "delegated",
                "released",
                name="seatstate",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("invited_at", UTCDateTime(), nullable=False),
        sa.Column("invited_by", sa.Integer(), nullable=True),
        sa.Column("replied_at", UTCDateTime(), nullable=True),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("delegate_of", sa.Integer(), nullable=True),
        sa.Column(
            "declaration",
            sa.Enum(
                "not_yet",
                "no_conflict",
                "declared",
                name="declaration",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("conflict", sa.Text(), nullable=False),
        sa.Column("declared_at", UTCDateTime(), nullable=True),
        sa.Column(
            "clearance",
            sa.Enum(
                "not_needed",
                "waiting",
                "cleared",
                "barred",
                name="clearance",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("clearance_note", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["commission_id"], ["commissions.id"], name=op.f("fk_seats_commission_id")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_seats_decided_by")),
        sa.ForeignKeyConstraint(["delegate_of"], ["seats.id"], name=op.f("fk_seats_delegate_of")),
        sa.ForeignKeyConstraint(["invited_by"], ["users.id"], name=op.f("fk_seats_invited_by")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_seats_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seats")),
        sa.UniqueConstraint(
            "commission_id", "user_id", name=op.f("uq_seats_commission_id_user_id")
        ),
    )
    op.create_index(op.f("ix_seats_delegate_of"), "seats", ["delegate_of"], unique=False)
    op.create_index(op.f("ix_seats_user_id"), "seats", ["user_id"], unique=False)
    op.create_table(
        "critique_attendance",
        sa.Column("commission_id", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("present", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["commission_id"],
            ["critique_meetings.commission_id"],
            name=op.f("fk_critique_attendance_commission_id"),
        ),
        sa.ForeignKeyConstraint(
            ["seat_id"], ["seats.id"], name=op.f("fk_critique_attendance_seat_id")
        ),
        sa.PrimaryKeyConstraint("commission_id", "seat_id", name=op.f("pk_critique_attendance")),
    )
    op.create_index(
        op.f("ix_critique_attendance_seat_id"), "critique_attendance", ["seat_id"], unique=False
    )
    op.create_table(
        "critique_dissents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commission_id", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["commission_id"], ["commissions.id"], name=op.f("fk_critique_dissents_commission_id")
        ),
        sa.ForeignKeyConstraint(
            ["seat_id"], ["seats.id"], name=op.f("fk_critique_dissents_seat_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_critique_dissents")),
        sa.UniqueConstraint("seat_id", name=op.f("uq_critique_dissents_seat_id")),
    )
    op.create_index(
        op.f("ix_critique_dissents_commission_id"),
        "critique_dissents",
        ["commission_id"],
        unique=False,
    )
    op.create_table(
        "recommendations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commission_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("provision_key", sa.String(length=120), nullable=False),
        sa.Column("citation", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "accepted",
                "partly_accepted",
                "not_accepted",
                "noted",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["users.id"], name=op.f("fk_recommendations_answered_by")
        ),
        sa.ForeignKeyConstraint(
            ["commission_id"],
            ["critique_reports.commission_id"],
            name=op.f("fk_recommendations_commission_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendations")),
        sa.UniqueConstraint(
            "commission_id", "ordinal", name=op.f("uq_recommendations_commission_id_ordinal")
        ),
    )
    op.create_table(
        "reviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commission_id", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "conclusion",
            sa.Enum(
                "approve",
                "approve_if_amended",
                "disapprove",
                name="conclusion",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column("general", sa.Text(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("saved_at", UTCDateTime(), nullable=False),
        sa.Column("sent_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["commission_id"], ["commissions.id"], name=op.f("fk_reviews_commission_id")
        ),
        sa.ForeignKeyConstraint(["seat_id"], ["seats.id"], name=op.f("fk_reviews_seat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
        sa.UniqueConstraint("seat_id", "number", name=op.f("uq_reviews_seat_id_number")),
    )
    op.create_index(op.f("ix_reviews_commission_id"), "reviews", ["commission_id"], unique=False)
    op.create_table(
        "ratings",
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("criterion_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=True),
        sa.Column("not_applicable", sa.Boolean(), nullable=False),
        sa.Column("argument", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("proposed_wording", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["criterion_id"], ["criteria.id"], name=op.f("fk_ratings_criterion_id")
        ),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"], name=op.f("fk_ratings_review_id")),
        sa.PrimaryKeyConstraint("review_id", "criterion_id", name=op.f("pk_ratings")),
    )
    op.create_index(op.f("ix_ratings_criterion_id"), "ratings", ["criterion_id"], unique=False)
    op.create_table(
        "review_remarks",
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("provision_key", sa.String(length=120), nullable=False),
        sa.Column("citation", sa.String(length=300), nullable=False),
        sa.Column("argument", sa.Text(), nullable=False),
        sa.Column("proposed_wording", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["review_id"], ["reviews.id"], name=op.f("fk_review_remarks_review_id")
        ),
        sa.PrimaryKeyConstraint("review_id", "ordinal", name=op.f("pk_review_remarks")),
    )


def downgrade() -> None:
    op.drop_table("review_remarks")
    op.drop_index(op.f("ix_ratings_criterion_id"), table_name="ratings")
    op.drop_table("ratings")
    op.drop_index(op.f("ix_reviews_commission_id"), table_name="reviews")
    op.drop_table("reviews")
    op.drop_table("recommendations")
    op.drop_index(op.f("ix_critique_dissents_commission_id"), table_name="critique_dissents")
    op.drop_table("critique_dissents")
    op.drop_index(op.f("ix_critique_attendance_seat_id"), table_name="critique_attendance")
    op.drop_table("critique_attendance")
    op.drop_index(op.f("ix_seats_user_id"), table_name="seats")
    op.drop_index(op.f("ix_seats_delegate_of"), table_name="seats")
    op.drop_table("seats")
    op.drop_table("intake_items")
    op.drop_table("critique_reports")
    op.drop_table("critique_meetings")
    op.drop_table("criteria")
    op.drop_index(op.f("ix_commission_changes_commission_id"), table_name="commission_changes")
    op.drop_table("commission_changes")
    op.drop_index(op.f("ix_commissions_version_id"), table_name="commissions")
    op.drop_index("ix_commissions_stage_deadline", table_name="commissions")
    op.drop_index(op.f("ix_commissions_orderer_id"), table_name="commissions")
    op.drop_index(op.f("ix_commissions_consultation_id"), table_name="commissions")
    op.drop_table("commissions")
    op.drop_table("critique_templates")
