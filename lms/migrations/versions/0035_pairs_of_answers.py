"""Answers on practice, matched while they are sealed and told by course and half-year; by which way answers came."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "survey_sealed_practice",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_survey_sealed_practice_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_sealed_practice")),
        sqlite_with_rowid=False,
        if_not_exists=True,
    )
    op.create_index(
        op.f("ix_survey_sealed_practice_event_id"), "survey_sealed_practice", ["event_id"], if_not_exists=True
    )
    op.create_table(
        "survey_sealed_sheet",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=True),
        sa.Column("half_on", sa.Date(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_survey_sealed_sheet_course_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_sealed_sheet")),
        sqlite_with_rowid=False,
        if_not_exists=True,
    )
    op.create_index("ix_survey_sealed_sheet_half", "survey_sealed_sheet", ["half_on", "course_id"], if_not_exists=True)
    _sheets()
    _figures()


def _sheets() -> None:
    op.create_table(
        "survey_practice_sheet",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("half_on", sa.Date(), nullable=False),
        sa.Column("side", sa.String(length=40), nullable=False),
        sa.CheckConstraint(
            "side IN ('both', 'before', 'after', 'neither')", name=op.f("ck_survey_practice_sheet_side")
        ),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_survey_practice_sheet_course_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_practice_sheet")),
        sqlite_with_rowid=False,
        if_not_exists=True,
    )
    op.create_index(
        "ix_survey_practice_sheet_course", "survey_practice_sheet", ["course_id", "half_on"], if_not_exists=True
    )
    op.create_table(
        "survey_practice_answer",
        sa.Column("sheet_id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("item", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("before", sa.Integer(), nullable=True),
        sa.Column("on_the_day", sa.Integer(), nullable=True),
        sa.Column("after", sa.Integer(), nullable=True),
        sa.CheckConstraint("before BETWEEN 1 AND 10", name=op.f("ck_survey_practice_answer_before_on_the_scale")),
        sa.CheckConstraint("on_the_day BETWEEN 1 AND 10", name=op.f("ck_survey_practice_answer_day_on_the_scale")),
        sa.CheckConstraint("after BETWEEN 1 AND 10", name=op.f("ck_survey_practice_answer_after_on_the_scale")),
        sa.CheckConstraint(
            "COALESCE(before, on_the_day, after) IS NOT NULL",
            name=op.f("ck_survey_practice_answer_says_something"),
        ),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["survey_practice_sheet.id"], name=op.f("fk_survey_practice_answer_sheet_id")
        ),
        sa.PrimaryKeyConstraint("sheet_id", "code", "item", name=op.f("pk_survey_practice_answer")),
        sqlite_with_rowid=False,
        if_not_exists=True,
    )


def _figures() -> None:
    op.create_table(
        "survey_start_figure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("half_on", sa.Date(), nullable=False),
        sa.Column("sector_id", sa.Integer(), nullable=True),
        *(
            sa.Column(f"{who}_{what}", sa.Integer(), nullable=False)
            for who in ("later", "other")
            for what in ("people", "mean", "spread")
        ),  # fmt: skip
        sa.CheckConstraint(
            "later_people >= 5 AND other_people >= 5", name=op.f("ck_survey_start_figure_of_five_and_more")
        ),
        sa.ForeignKeyConstraint(["sector_id"], ["sector.id"], name=op.f("fk_survey_start_figure_sector_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_start_figure")),
        sa.UniqueConstraint("half_on", "sector_id", name=op.f("uq_survey_start_figure_half_on_sector_id")),
        if_not_exists=True,
    )
    op.create_table(
        "survey_route_count",
        sa.Column("event_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("route", sa.String(length=40), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.CheckConstraint("people > 0", name=op.f("ck_survey_route_count_somebody_came")),
        sa.CheckConstraint(
            "stage IN ('baseline', 'on_the_day', 'impact', 'managers_view')", name=op.f("ck_survey_route_count_stage")
        ),
        sa.CheckConstraint("route IN ('letter', 'reminder', 'qr', 'paper')", name=op.f("ck_survey_route_count_route")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_survey_route_count_event_id")),
        sa.PrimaryKeyConstraint("event_id", "stage", "route", name=op.f("pk_survey_route_count")),
        if_not_exists=True,
    )


def downgrade() -> None:
    for table in (
        "survey_route_count",
        "survey_start_figure",
        "survey_practice_answer",
        "survey_practice_sheet",
        "survey_sealed_sheet",
        "survey_sealed_practice",
    ):
        op.drop_table(table)
