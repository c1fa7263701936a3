"""Impact focus groups: of which course, who by role, what was asked and said, as evidence of a learning point."""

import sqlalchemy as sa
from alembic import op

from lms.frame.db import UtcMoment

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "survey_focus_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("learning_point_id", sa.Integer(), nullable=True),
        sa.Column("evidence_id", sa.Integer(), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("questions", "finding", "notes")),
        sa.Column("recorded_at", UtcMoment(timezone=True), nullable=False),
        sa.CheckConstraint("people >= 5", name=op.f("ck_survey_focus_group_of_five_and_more")),
        sa.CheckConstraint("questions <> '' AND finding <> ''", name=op.f("ck_survey_focus_group_asked_and_found")),
        sa.CheckConstraint(
            "(learning_point_id IS NULL) = (evidence_id IS NULL)",
            name=op.f("ck_survey_focus_group_of_a_point_with_its_evidence"),
        ),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_survey_focus_group_course_id")),
        sa.ForeignKeyConstraint(
            ["learning_point_id"], ["learning_point.id"], name=op.f("fk_survey_focus_group_learning_point_id")
        ),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["learning_evidence.id"], name=op.f("fk_survey_focus_group_evidence_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_focus_group")),
        sa.UniqueConstraint("evidence_id", name=op.f("uq_survey_focus_group_evidence_id")),
        if_not_exists=True,
    )
    for column in ("course_id", "learning_point_id"):
        op.create_index(op.f(f"ix_survey_focus_group_{column}"), "survey_focus_group", [column], if_not_exists=True)
    for table, column, to in (
        ("survey_focus_group_role", "role_group_id", "role_group"),
        ("survey_focus_group_theme", "theme_id", "survey_text_theme"),
    ):
        op.create_table(
            table,
            sa.Column("focus_group_id", sa.Integer(), nullable=False),
            sa.Column(column, sa.Integer(), nullable=False),
            sa.ForeignKeyConstraint(
                ["focus_group_id"], ["survey_focus_group.id"], name=op.f(f"fk_{table}_focus_group_id")
            ),
            sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}")),
            sa.PrimaryKeyConstraint("focus_group_id", column, name=op.f(f"pk_{table}")),
            if_not_exists=True,
        )
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], if_not_exists=True)


def downgrade() -> None:
    op.drop_table("survey_focus_group_theme")
    op.drop_table("survey_focus_group_role")
    op.drop_table("survey_focus_group")
