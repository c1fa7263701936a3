"""The quarter on one page is kept as it was told, so that nothing told later gives away what it hid."""

import sqlalchemy as sa
from alembic import op

import lms.frame.db

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "told_quarter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("told_at", lms.frame.db.UtcMoment(timezone=True), nullable=False),
        sa.Column("frozen", sa.JSON(), nullable=False),
        sa.CheckConstraint("to_on > from_on", name=op.f("ck_told_quarter_ends_after_start")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_told_quarter")),
        sa.UniqueConstraint("from_on", name=op.f("uq_told_quarter_from_on")),
        if_not_exists=True,
    )


def downgrade() -> None:
    op.drop_table("told_quarter")
