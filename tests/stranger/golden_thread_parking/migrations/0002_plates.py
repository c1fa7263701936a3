"""What people say of their car."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("parking_space", schema=None) as batch_op:
        batch_op.add_column(sa.Column("plate", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("parking_space", schema=None) as batch_op:
        batch_op.alter_column("plate", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("parking_space", schema=None) as batch_op:
        batch_op.drop_column("plate")
