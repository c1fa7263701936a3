"""Bookings say to which colleague's booking their place went, so that it can come back."""

import sqlalchemy as sa
from alembic import op

from lms.frame.upgrading import change_table

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with change_table("booking") as booking:
        booking.add_column(sa.Column("given_to_id", sa.Integer(), nullable=True))
        booking.add_foreign_key("fk_booking_given_to_id", ["given_to_id"], "booking", ["id"])
        booking.add_foreign_key(
            "fk_booking_given_to_id_event_id", ["given_to_id", "event_id"], "booking", ["id", "event_id"]
        )
        booking.add_unique("uq_booking_given_to_id", ["given_to_id"])
        booking.add_check("ck_booking_given_when_substituted", "given_to_id IS NULL OR state = 'substituted'")


def downgrade() -> None:
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_booking_given_when_substituted"), type_="check")
        batch_op.drop_constraint(batch_op.f("uq_booking_given_to_id"), type_="unique")
        batch_op.drop_constraint(batch_op.f("fk_booking_given_to_id_event_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_booking_given_to_id"), type_="foreignkey")
        batch_op.drop_column("given_to_id")
