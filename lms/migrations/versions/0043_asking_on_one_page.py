"""What was asked for before it is proved who asks, what somebody came for, and needs kept for next time."""

import sqlalchemy as sa
from alembic import op

import lms.frame.db
from lms.frame.upgrading import change_table

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with change_table("registration") as registration:
        registration.add_column(sa.Column("role_group_id", sa.Integer(), nullable=True))
        registration.add_column(sa.Column("wants", sa.Text(), server_default="", nullable=False))
        registration.add_column(sa.Column("wanted_path", sa.Text(), server_default="", nullable=False))
        registration.add_foreign_key("fk_registration_role_group_id", ["role_group_id"], "role_group", ["id"])
    op.create_table(
        "kept_needs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("needs", sa.Text(), nullable=False),
        sa.Column("food", sa.Text(), nullable=False),
        sa.Column("kept_at", lms.frame.db.UtcMoment(timezone=True), nullable=False),
        sa.CheckConstraint("needs <> '' OR food <> ''", name=op.f("ck_kept_needs_says_something")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_kept_needs_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_needs")),
        sa.UniqueConstraint("person_id", name=op.f("uq_kept_needs_person_id")),
        if_not_exists=True,
    )
    op.create_index(op.f("ix_kept_needs_kept_at"), "kept_needs", ["kept_at"], if_not_exists=True)
    op.create_table(
        "booking_wish",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("code_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("asked_at", lms.frame.db.UtcMoment(timezone=True), nullable=False),
        sa.Column("confirmed_at", lms.frame.db.UtcMoment(timezone=True), nullable=True),
        sa.CheckConstraint("confirmed_at >= asked_at", name=op.f("ck_booking_wish_asked_before_confirmed")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_booking_wish_event_id")),
        sa.ForeignKeyConstraint(
            ["code_id"], ["sign_in_code.id"], name=op.f("fk_booking_wish_code_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_booking_wish_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_wish")),
        if_not_exists=True,
    )
    for column in ("event_id", "code_id", "person_id", "email", "asked_at"):
        op.create_index(op.f(f"ix_booking_wish_{column}"), "booking_wish", [column], if_not_exists=True)
    op.create_index(
        "uq_booking_wish_waiting",
        "booking_wish",
        ["event_id", "email"],
        unique=True,
        sqlite_where=sa.text("confirmed_at IS NOT NULL"),
        postgresql_where=sa.text("confirmed_at IS NOT NULL"),
        if_not_exists=True,
    )


def downgrade() -> None:
    op.drop_table("booking_wish")
    op.drop_table("kept_needs")
    with op.batch_alter_table("registration") as registration:
        registration.drop_constraint(op.f("fk_registration_role_group_id"), type_="foreignkey")
        for column in ("wanted_path", "wants", "role_group_id"):
            registration.drop_column(column)
