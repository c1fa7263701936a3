"""Letters that wait to be a line of one letter say of which kind."""

import sqlalchemy as sa
from alembic import op

from lms.frame.upgrading import change_table

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with change_table("outbox") as outbox:
        outbox.add_column(sa.Column("gathers", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_column("gathers")
