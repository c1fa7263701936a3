"""Events count what those who hold a place were told of how to join."""

import sqlalchemy as sa
from alembic import op

from lms.frame.upgrading import change_table

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with change_table("event") as event:
        event.add_column(sa.Column("joining_version", sa.Integer(), server_default="1", nullable=False))
        event.add_check("ck_event_joining_versions_count_from_one", "joining_version > 0")


def downgrade() -> None:
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_event_joining_versions_count_from_one"), type_="check")
        batch_op.drop_column("joining_version")
