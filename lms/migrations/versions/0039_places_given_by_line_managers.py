"""A booking may come about by a line manager who gives a place to a colleague, by the link of a letter."""

from alembic import op

from lms.frame.upgrading import change_table

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

BEFORE = "'delegate', 'coordinator', 'agency_lead', 'api', 'import', 'walk_in'"
CHECK = "ck_booking_bookingsource"


def upgrade() -> None:
    with change_table("booking") as booking:
        booking.widen_check(CHECK, f"source IN ({BEFORE}, 'line_manager')")


def downgrade() -> None:
    op.execute("UPDATE booking SET source = 'coordinator' WHERE source = 'line_manager'")
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.drop_constraint(op.f(CHECK), type_="check")
        batch_op.create_check_constraint(op.f(CHECK), f"source IN ({BEFORE})")
