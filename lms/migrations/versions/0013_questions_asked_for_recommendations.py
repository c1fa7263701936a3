"""questions that ask after several recommendations."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "asked_for",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("recommendation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_asked_for_question_id")),
        sa.ForeignKeyConstraint(
            ["recommendation_id"], ["recommendation.id"], name=op.f("fk_asked_for_recommendation_id")
        ),
        sa.PrimaryKeyConstraint("question_id", "recommendation_id", name=op.f("pk_asked_for")),
    )
    with op.batch_alter_table("asked_for", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_asked_for_recommendation_id"), ["recommendation_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("asked_for", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_asked_for_recommendation_id"))

    op.drop_table("asked_for")
