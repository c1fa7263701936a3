"""Courses that people should have done before they come to another."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "course_needed_first",
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("needed_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("needed_id <> course_id", name=op.f("ck_course_needed_first_two_courses")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_course_needed_first_course_id")),
        sa.ForeignKeyConstraint(["needed_id"], ["course.id"], name=op.f("fk_course_needed_first_needed_id")),
        sa.PrimaryKeyConstraint("course_id", "needed_id", name=op.f("pk_course_needed_first")),
        if_not_exists=True,
    )
    op.create_index(op.f("ix_course_needed_first_needed_id"), "course_needed_first", ["needed_id"], if_not_exists=True)


def downgrade() -> None:
    op.drop_table("course_needed_first")
