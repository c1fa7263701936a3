"""Who gave which themes to a text, so that two people can; what was settled; and words that suggest a theme."""

import sqlalchemy as sa
from alembic import op

from lms.frame.db import UtcMoment
from lms.frame.upgrading import change_table

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with change_table("survey_text_theme") as theme:
        theme.add_column(sa.Column("signs", sa.Text(), server_default="", nullable=False))
    with change_table("survey_answer_text") as text:
        text.add_column(sa.Column("is_settled", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "survey_text_coding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text_id", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", UtcMoment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["text_id"], ["survey_answer_text.id"], name=op.f("fk_survey_text_coding_text_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_survey_text_coding_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_text_coding")),
        sa.UniqueConstraint("text_id", "by_id", name=op.f("uq_survey_text_coding_text_id_by_id")),
        if_not_exists=True,
    )
    op.create_index(op.f("ix_survey_text_coding_by_id"), "survey_text_coding", ["by_id"], if_not_exists=True)
    op.create_table(
        "survey_text_coding_theme",
        sa.Column("coding_id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["coding_id"], ["survey_text_coding.id"], name=op.f("fk_survey_text_coding_theme_coding_id")
        ),
        sa.ForeignKeyConstraint(
            ["theme_id"], ["survey_text_theme.id"], name=op.f("fk_survey_text_coding_theme_theme_id")
        ),
        sa.PrimaryKeyConstraint("coding_id", "theme_id", name=op.f("pk_survey_text_coding_theme")),
        if_not_exists=True,
    )
    op.create_index(
        op.f("ix_survey_text_coding_theme_theme_id"), "survey_text_coding_theme", ["theme_id"], if_not_exists=True
    )


def downgrade() -> None:
    op.drop_table("survey_text_coding_theme")
    op.drop_table("survey_text_coding")
    with op.batch_alter_table("survey_answer_text", schema=None) as text:
        text.drop_column("is_settled")
    with op.batch_alter_table("survey_text_theme", schema=None) as theme:
        theme.drop_column("signs")
