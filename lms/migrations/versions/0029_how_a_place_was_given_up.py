"""Bookings say when and how somebody told us, to which booking they moved, and whether that was free."""

import sqlalchemy as sa
from alembic import op

import lms.frame.db
from lms.frame.upgrading import change_table

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with change_table("booking") as booking:
        booking.add_column(sa.Column("told_us_at", lms.frame.db.UtcMoment(timezone=True), nullable=True))
        booking.add_column(sa.Column("told_us_how", sa.Text(), server_default="", nullable=False))
        booking.add_column(sa.Column("moved_to_id", sa.Integer(), nullable=True))
        booking.add_column(sa.Column("is_moved_free", sa.Boolean(), server_default=sa.false(), nullable=False))
        booking.add_foreign_key("fk_booking_moved_to_id", ["moved_to_id"], "booking", ["id"])
        booking.add_unique("uq_booking_moved_to_id", ["moved_to_id"])
        booking.add_check("ck_booking_moved_when_transferred", "moved_to_id IS NULL OR state = 'transferred'")


def downgrade() -> None:
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_booking_moved_when_transferred"), type_="check")
        batch_op.drop_constraint(batch_op.f("uq_booking_moved_to_id"), type_="unique")
        batch_op.drop_constraint(batch_op.f("fk_booking_moved_to_id"), type_="foreignkey")
        for name in ("is_moved_free", "moved_to_id", "told_us_how", "told_us_at"):
            batch_op.drop_column(name)
