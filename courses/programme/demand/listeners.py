"""What becomes of those who ask for a date when there is one."""

from datetime import timedelta

from courses.facts import BookingConfirmed, EventMoved, EventPublished
from courses.programme.demand.letters import date_published
from courses.programme.demand.queries import interests_in_turn
from courses.programme.demand.rules import opening
from courses.programme.demand.services import close_interest
from courses.programme.events.models import Event
from courses.programme.events.queries import event_with_days
from lms.frame.work import Work

HEAD_START = "courses.head_start_hours"


def tell_those_who_asked(work: Work, fact: EventPublished) -> None:
    """There is a date: whoever asked first is written to first, and can book before others where that is set."""
    event = event_with_days(work.session, fact.event_id)
    if not interests_in_turn(work.session, event.course_id):
        return
    first = timedelta(hours=work.setting(HEAD_START))
    when = opening(event.booking_opens_at, event.booking_closes_at, work.now, first)
    event.asked_from, event.booking_opens_at = when.asked_from, when.opens_at
    _tell(work, event)


def tell_of_new_date(work: Work, fact: EventMoved) -> None:
    """Those who still ask were told of a date that is another one now, or had none."""
    _tell(work, event_with_days(work.session, fact.event_id))


def stop_asking(work: Work, fact: BookingConfirmed) -> None:
    """Whoever has a place asks no longer."""
    event = work.session.get_one(Event, fact.event_id)
    close_interest(work, event.course_id, fact.person_id)


def _tell(work: Work, event: Event) -> None:
    asking = interests_in_turn(work.session, event.course_id)
    if asking:
        work.send_all([date_published(each, event, work.now) for each in asking])
        work.record("told those who asked for a date", event, people=len(asking))
