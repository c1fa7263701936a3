"""Mail can be held, and let go kind by kind."""

import sqlalchemy as sa
from alembic import op

from lms.frame.db import UtcMoment
from lms.frame.upgrading import change_table

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mail_hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("since", UtcMoment(timezone=True), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_mail_hold_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_hold")),
        if_not_exists=True,
    )
    with change_table("outbox") as outbox:
        outbox.add_column(sa.Column("released_at", UtcMoment(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_table("mail_hold")
    with op.batch_alter_table("outbox", schema=None) as outbox:
        outbox.drop_column("released_at")
