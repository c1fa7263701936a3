"""What words mean in searches, topics that people ask for, what was searched for in vain; parking and access."""

import sqlalchemy as sa
from alembic import op

import lms.frame.db
from lms.frame.upgrading import change_table

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "search_meaning",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("others", sa.JSON(), nullable=False),
        sa.CheckConstraint("words <> ''", name=op.f("ck_search_meaning_has_words")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_meaning")),
        sa.UniqueConstraint("words", name=op.f("uq_search_meaning_words")),
        if_not_exists=True,
    )
    op.create_table(
        "search_in_vain",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.CheckConstraint("times > 0", name=op.f("ck_search_in_vain_counted_from_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_in_vain")),
        sa.UniqueConstraint("words", "on_day", name=op.f("uq_search_in_vain_words_on_day")),
        if_not_exists=True,
    )
    op.create_table(
        "topic_asked",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("topic_folded", sa.Text(), server_default="", nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", lms.frame.db.UtcMoment(timezone=True), nullable=False),
        sa.Column("closed_at", lms.frame.db.UtcMoment(timezone=True), nullable=True),
        sa.Column("course_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("topic <> ''", name=op.f("ck_topic_asked_has_topic")),
        sa.CheckConstraint(
            "course_id IS NULL OR closed_at IS NOT NULL", name=op.f("ck_topic_asked_closed_with_a_course")
        ),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_topic_asked_course_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_topic_asked_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic_asked")),
        if_not_exists=True,
    )
    op.create_index(op.f("ix_topic_asked_person_id"), "topic_asked", ["person_id"], if_not_exists=True)
    op.create_index(op.f("ix_topic_asked_course_id"), "topic_asked", ["course_id"], if_not_exists=True)
    op.create_index(
        "uq_topic_asked_open",
        "topic_asked",
        ["person_id", "topic_folded"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
        if_not_exists=True,
    )
    with change_table("venue") as venue:
        venue.add_column(sa.Column("parking", sa.Text(), server_default="", nullable=False))
        venue.add_column(sa.Column("access", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("venue") as batch_op:
        for column in ("access", "parking"):
            batch_op.drop_column(column)
    for table in ("topic_asked", "search_in_vain", "search_meaning"):
        op.drop_table(table)
