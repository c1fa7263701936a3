"""What must be true of events, for `lms check`."""

from collections.abc import Iterator

import sqlalchemy as sa

from courses.programme.events.models import Event, EventDay
from courses.programme.events.rules import EventState
from lms.frame.work import Work


def out_of_step_with_days(work: Work) -> Iterator[str]:
    """An event begins with its first day and ends with its last; days are numbered from 1 without a gap."""
    first, last = sa.func.min(EventDay.starts_at), sa.func.max(EventDay.ends_at)
    days, highest = sa.func.count(EventDay.id), sa.func.max(EventDay.number)
    rows = work.session.execute(
        sa.select(Event.ref)
        .outerjoin(EventDay, EventDay.event_id == Event.id)
        .group_by(Event.id, Event.ref, Event.starts_at, Event.ends_at)
        .having(sa.or_(days == 0, first != Event.starts_at, last != Event.ends_at, days != highest))
        .order_by(Event.ref)
    )
    for ref in rows.scalars():
        yield f"Event {ref} and its days do not agree on when it begins and ends, or on their numbers."


def delivered_without_places(work: Work) -> Iterator[str]:
    """The capacity of a delivered event is frozen as its places offered: every figure divides by it."""
    rows = work.session.scalars(
        sa.select(Event.ref)
        .where(Event.state == EventState.DELIVERED, Event.places_offered.is_(None))
        .order_by(Event.ref)
    )
    for ref in rows:
        yield f"Event {ref} was delivered, and nothing says how many places it offered."
