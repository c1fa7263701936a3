"""Keeping what somebody needs for next time, and taking it away."""

import sqlalchemy as sa

from courses.booking.needs.models import KeptNeeds
from courses.booking.needs.queries import kept_needs
from lms.frame.work import Work
from lms.people.models import Person


def keep_needs(work: Work, person: Person, *, needs: str, food: str) -> None:
    """They ticked it. Nothing said is nothing kept. What it says is never in the audit."""
    if not needs and not food:
        take_needs_away(work, person)
        return
    kept = kept_needs(work.session, person.id)
    if kept is None:
        kept = KeptNeeds(person_id=person.id)
        work.session.add(kept)
    kept.needs, kept.food, kept.kept_at = needs, food, work.now
    work.record("needs kept for next time", person)


def take_needs_away(work: Work, person: Person) -> None:
    """They do not want it kept any more. What they told us for bookings that they have stays with those."""
    gone = sa.delete(KeptNeeds).where(KeptNeeds.person_id == person.id).returning(KeptNeeds.id)
    if work.session.execute(gone).first() is not None:
        work.record("needs no longer kept", person)
