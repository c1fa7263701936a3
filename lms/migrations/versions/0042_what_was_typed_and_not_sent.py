"""What somebody typed and could not send comes back to them, and to nobody else."""

import sqlalchemy as sa
from alembic import op

import lms.frame.db

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unsent_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("browser", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("was_cut_off", sa.Boolean(), nullable=False),
        sa.Column("kept_at", lms.frame.db.UtcMoment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_unsent_answers_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unsent_answers")),
        sa.UniqueConstraint("browser", "path", name=op.f("uq_unsent_answers_browser_path")),
        if_not_exists=True,
    )
    op.create_index(op.f("ix_unsent_answers_kept_at"), "unsent_answers", ["kept_at"], if_not_exists=True)
    op.create_index(op.f("ix_unsent_answers_person_id"), "unsent_answers", ["person_id"], if_not_exists=True)


def downgrade() -> None:
    op.drop_table("unsent_answers")
