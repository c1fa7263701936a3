"""Questions say what they ask of a practice, which answers are right, the case before them, and where they come from."""

import sqlalchemy as sa
from alembic import op

from lms.frame.upgrading import change_table

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

SENSES = "sense IN ('now', 'looking_back', 'intention')"


def upgrade() -> None:
    for name in ("survey_question", "survey_bank_question"):
        with change_table(name) as table:
            table.add_column(sa.Column("sense", sa.String(length=40), server_default="now", nullable=False))
            for column in ("practice_code", "vignette", "source"):
                table.add_column(sa.Column(column, sa.Text(), server_default="", nullable=False))
            table.add_check(f"ck_{name}_sense", SENSES)
    with change_table("survey_question") as table:
        table.add_check("ck_survey_question_of_a_practice_unless_now", "(sense = 'now') = (practice_code = '')")
    with change_table("survey_question_option") as table:
        table.add_column(sa.Column("is_right", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("survey_question_option", schema=None) as table:
        table.drop_column("is_right")
    with op.batch_alter_table("survey_question", schema=None) as table:
        table.drop_constraint(op.f("ck_survey_question_of_a_practice_unless_now"), type_="check")
    for name in ("survey_bank_question", "survey_question"):
        with op.batch_alter_table(name, schema=None) as table:
            table.drop_constraint(op.f(f"ck_{name}_sense"), type_="check")
            for column in ("source", "vignette", "practice_code", "sense"):
                table.drop_column(column)
