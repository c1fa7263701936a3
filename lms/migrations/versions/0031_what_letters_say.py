"""Letters keep a digest of what they say, by which one that says the same again is found."""

import sqlalchemy as sa
from alembic import op

from lms.frame.upgrading import change_table

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with change_table("outbox") as outbox:
        outbox.add_column(sa.Column("says", sa.Text(), server_default="", nullable=False))
        outbox.add_index("ix_outbox_says", ["says", "person_id", "to_address"])


def downgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_says")
        batch_op.drop_column("says")
