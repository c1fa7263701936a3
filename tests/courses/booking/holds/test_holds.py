"""Places held for a sector until a day."""

from datetime import date, timedelta

import pytest

from courses.booking.bookings.about.queries import event_to_book
from courses.booking.bookings.jobs import move_people_up
from courses.booking.bookings.places.rules import WhyWaiting
from courses.booking.bookings.rules import BookingRequest, BookingState
from courses.booking.bookings.services import book_place
from courses.booking.delegates.queries import bookings_of_event
from courses.booking.holds.queries import holds_of
from courses.booking.holds.services import hold_places, release_hold
from lms.frame.work import Work
from lms.jobs.services import carry_out
from lms.kit.errors import Invalid, NotFound
from tests.make import Make
from tests.moments import NOW

S = BookingState
UNTIL = date(2026, 3, 27)


def test_a_held_place_waits_for_its_sector_and_is_released_at_the_end_of_the_day(work: Work, make: Make) -> None:
    event, schools = make.event(capacity=2), make.sector("Education")
    teacher = make.person("Teacher", agency=make.agency("Oakmere Bridge Academy", sector=schools))
    nurses = [make.person(f"Nurse {n}") for n in range(3)]
    with pytest.raises(Invalid, match="2 places"):
        hold_places(work, event.id, schools.id, 3, UNTIL)
    with pytest.raises(Invalid, match="before the event"):
        hold_places(work, event.id, schools.id, 1, date(2026, 4, 9))
    hold_places(work, event.id, schools.id, 2, UNTIL)
    hold_places(work, event.id, schools.id, 1, UNTIL)
    first, second = (book_place(work, event.id, nurse, BookingRequest()) for nurse in nurses[:2])
    assert (first.state, second.state) == (S.CONFIRMED, S.WAITING)
    about = [event_to_book(work.session, event.id, NOW, who) for who in (nurses[2], teacher)]
    assert [each.open_places for each in about] == [0, 1]
    rows = bookings_of_event(work.session, event, work.actor, NOW)
    assert [row.why_waiting for row in rows if row.id == second.id] == [WhyWaiting.HELD]
    work.now = NOW + timedelta(days=14)
    carry_out(work, move_people_up)
    assert second.state is S.OFFERED
    assert holds_of(work.session, event, work.now) == []


def test_the_sectors_own_people_are_offered_before_others_and_releasing_by_hand_fills(work: Work, make: Make) -> None:
    event, schools = make.event(capacity=1), make.sector("Education")
    hold = hold_places(work, event.id, schools.id, 1, UNTIL)
    nurse = book_place(work, event.id, make.person("Nurse"), BookingRequest())
    teacher = make.person("Teacher", agency=make.agency("Oakmere Bridge Academy", sector=schools))
    waits = book_place(work, event.id, teacher, BookingRequest())
    assert (nurse.state, waits.state) == (S.WAITING, S.OFFERED), "a held place is offered, as others wait before them"
    event.capacity = 2
    work.session.flush()
    release_hold(work, event.id, hold.id)
    assert nurse.state is S.OFFERED
    with pytest.raises(NotFound):
        release_hold(work, event.id, hold.id)
