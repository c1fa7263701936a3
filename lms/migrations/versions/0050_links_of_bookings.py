"""Links in letters by which people act on their bookings die when the booking ends, also where that is undone."""

import sqlalchemy as sa
from alembic import op

from lms.frame.upgrading import change_table

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with change_table("booking") as booking:
        booking.add_column(sa.Column("links_number", sa.Integer(), server_default="1", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("booking", schema=None) as booking:
        booking.drop_column("links_number")
