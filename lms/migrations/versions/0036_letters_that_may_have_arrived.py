"""Letters that the mail server had and never answered for, and which of them had better go twice than not at all."""

import sqlalchemy as sa
from alembic import op

import lms.frame.db
from lms.frame.upgrading import change_table

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with change_table("outbox") as outbox:
        outbox.add_column(sa.Column("better_twice", sa.Boolean(), server_default=sa.false(), nullable=False))
        outbox.add_column(sa.Column("claimed_by", sa.Text(), server_default="", nullable=False))
        outbox.add_column(sa.Column("may_have_gone_at", lms.frame.db.UtcMoment(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_column("may_have_gone_at")
        batch_op.drop_column("claimed_by")
        batch_op.drop_column("better_twice")
