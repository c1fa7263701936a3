"""Keys of two columns, checks and uniques that the code kept alone, and what is made right for them first.

What rows from before contradict is not added, and told: by the migration, by `lms init`, which tries again, and by
`lms check`. Repaired are bookings that ended without a moment (that of the event's beginning, or of booking where it is
still to come), and addresses with capitals or spaces around them, which nobody is found by.
"""

import logging

import sqlalchemy as sa
from alembic import op

from lms.frame.constraints import add_where_rows_allow, check, names_there, together, unique
from lms.frame.upgrading import apart, change_rows

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

LIVE = "state IN ('awaiting_manager', 'waiting', 'offered', 'confirmed')"
VERSION = ("briefing_id, version_id", "briefing_version", "briefing_id, id")
WANTED = (
    unique("booking", "id", "event_id"),
    unique("booking", "id", "person_id"),
    unique("booking", "id", "policy_version_id"),
    unique("place_offer", "id", "event_id"),
    unique("course_version", "course_id", "id"),
    unique("certificate", "id", "booking_id"),
    unique("invoice", "id", "agency_id"),
    unique("briefing_version", "briefing_id", "id"),
    unique("briefing_sending", "briefing_id", "id"),
    unique("learning_point", "review_id", "id"),
    check("booking", "ended_when_ended", f"{LIVE} OR cancelled_at IS NOT NULL"),
    check("booking", "booked_before_confirmed", "confirmed_at IS NULL OR confirmed_at >= booked_at"),
    check("place_offer", "ends_after_it_was_made", "ended_at >= made_at"),
    check("event", "finalised_when_delivered", "finalised_at IS NULL OR state = 'delivered'"),
    check("event", "published_when_published", "state <> 'published' OR published_at IS NOT NULL"),
    check("event", "ends_after_start", "ends_at > starts_at"),
    check("event", "booking_opens_before_it_closes", "booking_opens_at <= booking_closes_at"),
    check("event_day", "numbers_from_one", "number > 0"),
    check("course_version", "numbers_from_one", "number > 0"),
    check("certificate", "not_superseded_by_itself", "superseded_by_id <> id"),
    check("charge", "written_off_when_written_off", "state <> 'written_off' OR written_off_on IS NOT NULL"),
    check("charge", "invoiced_is_credited", "state NOT IN ('waived', 'void') OR invoiced_on IS NULL"),
    check("charge", "day_ends_after_start", "day_ends_at > day_starts_at"),
    check("charge", "days_count_from_one", "day_number > 0"),
    check("invoice", "credits_another", "credits_id <> id"),
    check("invoice_line", "credits_another", "credits_id <> id"),
    check("person", "email_as_compared", "email = lower(trim(email))"),
    check("person_address", "address_as_compared", "address = lower(trim(address)) AND address <> ''"),
    check("person_merge", "two_records", "kept_id <> duplicate_id"),
    check("person_merge", "undone_after_it_was_made", "undone_at >= merged_at"),
    check("policy_version", "numbers_from_one", "number > 0"),
    check("briefing_version", "numbers_from_one", "number > 0"),
    check("change_request", "two_records", "other_id <> person_id"),
    check("outbox", "counts_not_negative", "tries >= 0 AND interruptions >= 0"),
    together("place_offer", "booking_id, event_id", "booking", "id, event_id"),
    together("place_offer", "chain_id, event_id", "place_offer", "id, event_id"),
    together("event", "course_id, course_version_id", "course_version", "course_id, id"),
    together("survey_invitation", "booking_id, event_id", "booking", "id, event_id"),
    together("survey_invitation", "booking_id, person_id", "booking", "id, person_id", deferred=True),
    together("certificate", "booking_id, person_id", "booking", "id, person_id", deferred=True),
    together("certificate", "superseded_by_id, booking_id", "certificate", "id, booking_id"),
    together("charge", "booking_id, policy_version_id", "booking", "id, policy_version_id"),
    together("invoice", "credits_id, agency_id", "invoice", "id, agency_id"),
    together("recommendation", "review_id, learning_point_id", "learning_point", "review_id, id"),
    together("briefing_sending", *VERSION),
    together("briefing_recipient", *VERSION),
    together("briefing_recipient", "briefing_id, sending_id", "briefing_sending", "briefing_id, id"),
    together("briefing_mark", *VERSION),
)

ENDED_AT = """
UPDATE booking SET cancelled_at = (
    SELECT CASE WHEN event.starts_at > booking.booked_at AND event.starts_at < CURRENT_TIMESTAMP
    THEN event.starts_at ELSE booking.booked_at END FROM event WHERE event.id = booking.event_id
) WHERE id > :above AND id <= :upto AND cancelled_at IS NULL AND state NOT IN ('awaiting_manager', 'waiting', 'offered', 'confirmed')
"""
EMAIL = """
UPDATE person SET email = lower(trim(email)) WHERE id > :above AND id <= :upto AND email <> lower(trim(email))
"""
ADDRESS = """
UPDATE person_address SET address = lower(trim(address))
WHERE id > :above AND id <= :upto AND address <> lower(trim(address)) AND NOT EXISTS (
    SELECT 1 FROM person_address AS other WHERE other.person_id = person_address.person_id
    AND other.id <> person_address.id AND lower(trim(other.address)) = lower(trim(person_address.address)))
"""


def upgrade() -> None:
    change_rows("booking", ENDED_AT)
    change_rows("person", EMAIL)
    change_rows("person_address", ADDRESS)
    with apart() as connection:
        for sentence in add_where_rows_allow(connection, WANTED):
            logging.getLogger("alembic").warning(sentence)


def downgrade() -> None:
    there = names_there(op.get_bind())
    for table in dict.fromkeys(each.table for each in reversed(WANTED)):
        those = [each for each in reversed(WANTED) if each.table == table and each.name in there[table]]
        kinds = {"UNIQUE": "unique", "CHECK": "check", "FOREIGN": "foreignkey"}
        with op.batch_alter_table(table) as batch_op:
            for each in those:
                kind = kinds[next(name for name in kinds if each.sql.startswith(name))]
                batch_op.drop_constraint(op.f(each.name), type_=kind)
