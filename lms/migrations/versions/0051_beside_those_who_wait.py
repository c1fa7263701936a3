"""People who wait are asked twice, with consent, beside those who came: two stages, a side of sheets, who agreed."""

import sqlalchemy as sa
from alembic import op

from lms.frame.db import UtcMoment
from lms.frame.upgrading import change_table, drop_rows

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

STAGES = "'baseline', 'on_the_day', 'impact', 'managers_view'"
SIDES = "'both', 'before', 'after', 'neither'"
CHECKS = (
    ("survey_invitation", "stage", STAGES, ", 'waiting', 'waited'"),
    ("survey_route_count", "stage", STAGES, ", 'waiting', 'waited'"),
    ("survey_practice_sheet", "side", SIDES, ", 'waited'"),
)


def upgrade() -> None:
    for table, column, known, more in CHECKS:
        with change_table(table) as changed:
            changed.widen_check(f"ck_{table}_{column}", f"{column} IN ({known}{more})")
    op.create_table(
        "survey_consent",
        sa.Column("booking_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("is_given", sa.Boolean(), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_survey_consent_booking_id")),
        sa.PrimaryKeyConstraint("booking_id", name=op.f("pk_survey_consent")),
        sqlite_with_rowid=False,
        if_not_exists=True,
    )
    op.create_table(
        "survey_compared_course",
        sa.Column("course_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("since_at", UtcMoment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_survey_compared_course_course_id")),
        sa.PrimaryKeyConstraint("course_id", name=op.f("pk_survey_compared_course")),
        if_not_exists=True,
    )


def downgrade() -> None:
    op.drop_table("survey_compared_course")
    op.drop_table("survey_consent")
    sheets = "SELECT id FROM survey_practice_sheet WHERE side = 'waited'"
    drop_rows("survey_practice_answer", f"sheet_id IN ({sheets})")
    drop_rows("survey_practice_sheet", "side = 'waited'")
    asked = "SELECT id FROM survey_invitation WHERE stage IN ('waiting', 'waited')"
    drop_rows("survey_answered", f"invitation_id IN ({asked})")
    op.execute(f"UPDATE outbox SET invitation_id = NULL WHERE invitation_id IN ({asked})")
    drop_rows("survey_invitation", "stage IN ('waiting', 'waited')")
    drop_rows("survey_route_count", "stage IN ('waiting', 'waited')")
    for table, column, known, _ in CHECKS:
        with op.batch_alter_table(table, schema=None) as changed:
            changed.drop_constraint(op.f(f"ck_{table}_{column}"), type_="check")
            changed.create_check_constraint(op.f(f"ck_{table}_{column}"), f"{column} IN ({known})")
