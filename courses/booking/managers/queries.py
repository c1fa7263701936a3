"""What the link of a line manager opens: one booking, and the others that name them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from courses.booking.approvals.queries import can_be_answered
from courses.booking.bookings.life import CANCEL, GIVE
from courses.booking.bookings.models import Booking
from courses.booking.bookings.queries import APPROVAL, MANAGED, approval_of, event_with_days, steps_of
from courses.booking.bookings.rules import LIVE_STATES
from courses.booking.bookings.words import state_words
from courses.programme import words
from courses.programme.events.models import Event, EventDay
from courses.programme.events.rules import EventState
from lms.frame.work import Work
from lms.kit.errors import NotFound
from lms.kit.working_days import is_late

MOST_SHOWN = 100


@dataclass(frozen=True)
class ManagedBooking:
    """One booking as the line manager named on it sees it: never what the delegate needs on the day."""

    booking: Booking
    when: str
    where: str
    state: str
    token: str
    approval: str  # the token by which they agree, where that is asked of them
    can_cancel: bool
    can_give: bool
    is_free: bool


def managed_booking(work: Work, token: str) -> ManagedBooking:
    """The booking of a link. Raises NotFound for a link that we did not sign, or once somebody else is named."""
    booking_id, address = MANAGED.read(work.site.settings, token)
    booking = work.session.get(Booking, booking_id)
    if booking is None or booking.manager_email != address or booking.person.erased_at is not None:
        raise NotFound(MANAGED.words)
    event_with_days(work.session, booking.event_id)
    return _as_managed(work, booking)


def others_of_manager(work: Work, shown: ManagedBooking) -> list[ManagedBooking]:
    """The other coming bookings that name the same line manager."""
    return [_as_managed(work, each) for each in _coming(work, shown.booking.manager_email) if each is not shown.booking]


def _coming(work: Work, address: str) -> Sequence[Booking]:
    asked = (
        sa.select(Booking)
        .join(Event, Event.id == Booking.event_id)
        .where(Booking.manager_email == address, Booking.state.in_(LIVE_STATES), Event.ends_at > work.now)
        .where(Event.state.in_([EventState.PUBLISHED, EventState.POSTPONED]))
        .options(joinedload(Booking.event).joinedload(Event.version), joinedload(Booking.person))
        .options(joinedload(Booking.event).selectinload(Event.days).joinedload(EventDay.venue))
        .order_by(Event.starts_at, Booking.id)
        .limit(MOST_SHOWN)
    )
    return work.session.scalars(asked).all()


def _as_managed(work: Work, booking: Booking) -> ManagedBooking:
    steps = steps_of(booking, work.now)
    asks = booking.person.is_here and can_be_answered(booking, work.now)
    return ManagedBooking(
        booking=booking,
        when=words.when(booking.event),
        where=words.where(booking.event),
        state="You are asked to agree." if asks else state_words(booking, None),
        token=MANAGED.sign(work.site.settings, (booking.id, booking.manager_email)),
        approval=APPROVAL.sign(work.site.settings, approval_of(booking)) if asks else "",
        can_cancel=CANCEL.name in steps and not asks,
        can_give=GIVE.name in steps,
        is_free=not is_late(work.now, booking.free_until),
    )


def last_managed_starts(work: Work, since: datetime) -> datetime | None:
    """Until when something can be done by a link that was written before."""
    asked = sa.select(sa.func.max(Event.starts_at)).join(Booking, Booking.event_id == Event.id)
    return work.session.scalar(asked.where(Booking.booked_at < since, Booking.manager_email != ""))
