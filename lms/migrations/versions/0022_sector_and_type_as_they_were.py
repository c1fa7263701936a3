"""Bookings keep the sector that their agency was of, and events the type that their course had.

What is there already is stamped from what the agencies and courses are today: of earlier days nothing is known.
"""

import sqlalchemy as sa
from alembic import op

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
A_PORTION = 5000
"""So many rows are changed in one transaction, so that nobody waits long for any of them."""

STAMP_BOOKINGS = """UPDATE booking SET sector_id = (SELECT sector_id FROM agency WHERE agency.id = booking.agency_id)
WHERE agency_id IS NOT NULL AND sector_id IS NULL AND id > :above AND id <= :upto"""
STAMP_EVENTS = """UPDATE event SET event_type = (SELECT event_type FROM course WHERE course.id = event.course_id)
WHERE event_type IS NULL AND id > :above AND id <= :upto"""
SECTOR_WITH_AGENCY = "(agency_id IS NULL) = (sector_id IS NULL)"
KNOWN_TYPE = "event_type IN ({})".format(", ".join(f"'{each}'" for each in TYPES))


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _upgrade_sqlite()
        return
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("booking", sa.Column("sector_id", sa.Integer(), nullable=True))
    op.add_column("event", sa.Column("event_type", TYPE, nullable=True))
    op.create_foreign_key(
        op.f("fk_booking_sector_id"), "booking", "sector", ["sector_id"], ["id"], postgresql_not_valid=True
    )
    with op.get_context().autocommit_block():
        _stamp("event", STAMP_EVENTS)
        _stamp("booking", STAMP_BOOKINGS)
    op.execute(
        f"ALTER TABLE booking ADD CONSTRAINT ck_booking_sector_with_agency CHECK ({SECTOR_WITH_AGENCY}) NOT VALID"
    )
    op.execute(f"ALTER TABLE event ADD CONSTRAINT ck_event_eventtype CHECK ({KNOWN_TYPE}) NOT VALID")
    op.execute("ALTER TABLE event ADD CONSTRAINT event_type_said CHECK (event_type IS NOT NULL) NOT VALID")
    with op.get_context().autocommit_block():
        for constraint in ("fk_booking_sector_id", "ck_booking_sector_with_agency"):
            op.execute(f"ALTER TABLE booking VALIDATE CONSTRAINT {constraint}")
        for constraint in ("ck_event_eventtype", "event_type_said"):
            op.execute(f"ALTER TABLE event VALIDATE CONSTRAINT {constraint}")
    op.alter_column("event", "event_type", nullable=False)  # looks at no row: the check says so already
    op.execute("ALTER TABLE event DROP CONSTRAINT event_type_said")


def _upgrade_sqlite() -> None:
    """One writer at a time: whoever writes waits for the whole of it."""
    with op.batch_alter_table("booking") as batch_op:
        batch_op.add_column(sa.Column("sector_id", sa.Integer(), nullable=True))
    with op.batch_alter_table("event") as batch_op:
        batch_op.add_column(sa.Column("event_type", TYPE, nullable=True))
    _stamp("event", STAMP_EVENTS)
    _stamp("booking", STAMP_BOOKINGS)
    with op.batch_alter_table("booking") as batch_op:
        batch_op.create_foreign_key(batch_op.f("fk_booking_sector_id"), "sector", ["sector_id"], ["id"])
        batch_op.create_check_constraint(batch_op.f("ck_booking_sector_with_agency"), SECTOR_WITH_AGENCY)
    with op.batch_alter_table("event") as batch_op:
        batch_op.alter_column("event_type", existing_type=TYPE, nullable=False)
        batch_op.create_check_constraint(batch_op.f("ck_event_eventtype"), KNOWN_TYPE)


def _stamp(table: str, statement: str) -> None:
    connection = op.get_bind()
    last = connection.execute(sa.select(sa.func.max(sa.column("id"))).select_from(sa.table(table))).scalar() or 0
    for above in range(0, last, A_PORTION):
        connection.execute(sa.text(statement), {"above": above, "upto": above + A_PORTION})


def downgrade() -> None:
    with op.batch_alter_table("event") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_event_eventtype"), type_="check")
        batch_op.drop_column("event_type")
    with op.batch_alter_table("booking") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_booking_sector_with_agency"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_booking_sector_id"), type_="foreignkey")
        batch_op.drop_column("sector_id")
