"""Whoever says who their line manager is makes us write there: not to ever new strangers."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from courses.booking.bookings.models import Booking
from courses.booking.bookings.queries import domains_of
from courses.booking.bookings.rules import STRANGERS_A_WEEK, BookingSource
from lms.audit.models import AuditEntry
from lms.frame.work import Work
from lms.kit.errors import Invalid
from lms.people.models import Person
from lms.people.rules import domain_of

TOO_MANY_STRANGERS = (
    "You have named many line managers outside your agency this week. Use an address at your agency, or "
    "ask the training team to book for you."
)
OUTSIDE = "line manager outside the agency named"
"""As the audit has it where somebody names another on a booking that they have."""


def check_strangers_are_few(work: Work, person: Person, source: BookingSource, address: str) -> bool:
    """Whether the address is outside their agency's domains. Raises Invalid where it would be one too many this week.

    Bookings and changes are counted and not tries, on this very connection: the event is locked. Person locked.
    """
    if source is not BookingSource.DELEGATE or not address:
        return False
    own = domains_of(work.session, [person.agency_id]).get(person.agency_id or 0, set())
    if domain_of(address) in own:
        return False
    since = work.now - timedelta(weeks=1)
    if _booked_with(work, person, own, since) + _named_since(work, person, since) >= STRANGERS_A_WEEK:
        raise Invalid(TOO_MANY_STRANGERS, field="manager_email")
    return True


def _booked_with(work: Work, person: Person, own: set[str], since: datetime) -> int:
    named = sa.select(Booking.manager_email).where(
        Booking.person_id == person.id,
        Booking.source == BookingSource.DELEGATE,
        Booking.manager_email != "",
        Booking.booked_at > since,
        ~sa.exists().where(
            AuditEntry.event == OUTSIDE,
            AuditEntry.record_type == Booking.__name__,
            AuditEntry.record_id == sa.cast(Booking.id, sa.Text),
        ),  # one that names another since is counted as a change
    )
    return sum(domain_of(each) not in own for each in work.session.scalars(named))


def _named_since(work: Work, person: Person, since: datetime) -> int:
    changes = sa.select(sa.func.count(AuditEntry.id)).where(
        AuditEntry.actor_id == person.id, AuditEntry.event == OUTSIDE, AuditEntry.at > since
    )
    return work.session.scalar(changes) or 0
