"""Bookings keep the sector that their agency was of, and events the type that their course had.

What is there already is stamped from what the agencies and courses are today: of earlier days nothing is known.
"""

import sqlalchemy as sa
from alembic import op

from lms.frame.upgrading import change_rows, change_table

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

TYPES = (
    "course",
    "briefing",
    "webinar",
    "conference",
    "workshop",
    "learning-from-practice event",
    "masterclass",
    "summit",
    "forum",
    "e-learning",
)
TYPE = sa.Enum(*TYPES, name="event_type", native_enum=False, create_constraint=False, length=40)
STAMP_BOOKINGS = """UPDATE booking SET sector_id = (SELECT sector_id FROM agency WHERE agency.id = booking.agency_id)
WHERE agency_id IS NOT NULL AND sector_id IS NULL AND id > :above AND id <= :upto"""
STAMP_EVENTS = """UPDATE event SET event_type = (SELECT event_type FROM course WHERE course.id = event.course_id)
WHERE event_type IS NULL AND id > :above AND id <= :upto"""
SECTOR_WITH_AGENCY = "(agency_id IS NULL) = (sector_id IS NULL)"
KNOWN_TYPE = "event_type IN ({})".format(", ".join(f"'{each}'" for each in TYPES))


def upgrade() -> None:
    with change_table("booking") as booking:
        booking.add_column(sa.Column("sector_id", sa.Integer(), nullable=True))
    with change_table("event") as event:
        event.add_column(sa.Column("event_type", TYPE, nullable=True))
    change_rows("event", STAMP_EVENTS)
    change_rows("booking", STAMP_BOOKINGS)
    with change_table("booking") as booking:
        booking.add_foreign_key("fk_booking_sector_id", ["sector_id"], "sector", ["id"])
        booking.add_check("ck_booking_sector_with_agency", SECTOR_WITH_AGENCY)
    with change_table("event") as event:
        event.never_empty("event_type", TYPE)
        event.add_check("ck_event_eventtype", KNOWN_TYPE)


def downgrade() -> None:
    with op.batch_alter_table("event") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_event_eventtype"), type_="check")
        batch_op.drop_column("event_type")
    with op.batch_alter_table("booking") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_booking_sector_with_agency"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_booking_sector_id"), type_="foreignkey")
        batch_op.drop_column("sector_id")
