"""messages of the training team; those who asked for a date may book before others."""

import sqlalchemy as sa
from alembic import op

import lms.frame.db
from lms.frame.upgrading import change_table

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "courses_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("course_id", sa.Integer(), nullable=True),
        sa.Column("sent_to", sa.Text(), nullable=False),
        sa.Column("number_of_readers", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("written_at", lms.frame.db.UtcMoment(timezone=True), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(event_id IS NULL) <> (course_id IS NULL)", name=op.f("ck_courses_message_about_one_thing")
        ),
        sa.CheckConstraint("number_of_readers > 0", name=op.f("ck_courses_message_somebody_reads_it")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_courses_message_event_id")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_courses_message_course_id")),
        sa.ForeignKeyConstraint(["written_by_id"], ["person.id"], name=op.f("fk_courses_message_written_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courses_message")),
        sa.UniqueConstraint("key", name=op.f("uq_courses_message_key")),
        if_not_exists=True,
    )
    for column in ("event_id", "course_id", "written_by_id"):
        op.create_index(op.f(f"ix_courses_message_{column}"), "courses_message", [column], if_not_exists=True)
    op.create_table(
        "courses_message_copy",
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("letter_key", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["courses_message.id"],
            name=op.f("fk_courses_message_copy_message_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_courses_message_copy_person_id")),
        sa.PrimaryKeyConstraint("message_id", "letter_key", name=op.f("pk_courses_message_copy")),
        if_not_exists=True,
    )
    op.create_index(
        op.f("ix_courses_message_copy_person_id"), "courses_message_copy", ["person_id"], if_not_exists=True
    )
    with change_table("event") as event:
        event.add_column(sa.Column("asked_from", lms.frame.db.UtcMoment(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("event") as batch_op:
        batch_op.drop_column("asked_from")
    op.drop_table("courses_message_copy")
    op.drop_table("courses_message")
