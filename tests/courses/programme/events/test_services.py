"""Planning, publishing, moving, postponing and cancelling events, on both databases."""

from datetime import date, datetime, time, timedelta

import pytest
import sqlalchemy as sa

from courses.booking.bookings.rules import BookingRequest, BookingSource, BookingState
from courses.booking.bookings.services import book_place
from courses.facts import CapacityChanged, EventCancelled, EventMoved, EventPostponed, EventPublished
from courses.programme.courses.rules import CourseStatus
from courses.programme.events import services
from courses.programme.events.models import Event
from courses.programme.events.rules import EventDetails, EventState, PlannedDay
from lms.audit.models import AuditEntry
from lms.frame.access import PUBLIC, Role
from lms.frame.work import Work
from lms.kit.errors import Conflict, Invalid, NotAllowed, NotFound
from lms.kit.working_days import london, wall_time
from tests.courses.facts_told import hearing
from tests.make import Make


def at(day: int, month: int = 4, hour: int = 9, minute: int = 30) -> datetime:
    return wall_time(date(2026, month, day), time(hour, minute))


def a_day(day: int, month: int = 4, **values: object) -> PlannedDay:
    return PlannedDay(at(day, month), at(day, month, 16, 0), **values)  # type: ignore[arg-type]


def test_a_planned_event_gets_its_reference_places_and_deadlines(work: Work, make: Make) -> None:
    heard = hearing(work)
    event = services.plan_event(work, make.course().id, [a_day(10), a_day(9)], EventDetails())
    assert event.state is EventState.PLANNED
    assert event.ref == f"GT-E-{event.id:04d}"
    assert event.capacity == 24
    assert [day.number for day in event.days] == [1, 2]
    assert (event.starts_at, event.ends_at) == (at(9), at(10, hour=16, minute=0))
    assert london(event.free_until).isoformat() == "2026-03-31T23:59:59+01:00"
    assert london(event.booking_closes_at).isoformat() == "2026-04-07T23:59:59+01:00"
    assert heard.facts == []
    last = sa.select(AuditEntry.event).order_by(AuditEntry.id.desc()).limit(1)
    assert work.session.scalar(last) == "event planned"


def test_the_course_says_how_many_places_unless_somebody_types_it(work: Work, make: Make) -> None:
    course = make.course(capacity=12)
    assert services.plan_event(work, course.id, [a_day(9)], EventDetails()).capacity == 12
    assert services.plan_event(work, course.id, [a_day(14)], EventDetails(), capacity=30).capacity == 30


@pytest.mark.parametrize(
    ("days", "details", "field"),
    [
        ([], EventDetails(), "days"),
        ([PlannedDay(at(9), at(9))], EventDetails(), "days"),
        ([a_day(9), a_day(9)], EventDetails(), "days"),
        ([a_day(9, 3)], EventDetails(), "days"),
        ([a_day(9, break_minutes=600)], EventDetails(), "days"),
        ([a_day(9)], EventDetails(closes_at=at(10)), "closes_on"),
        ([a_day(9)], EventDetails(opens_at=at(8), closes_at=at(7)), "opens_on"),
    ],
)
def test_what_cannot_be_planned_is_refused_at_its_field(
    work: Work, make: Make, days: list[PlannedDay], details: EventDetails, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        services.plan_event(work, make.course().id, days, details)
    assert refused.value.field == field


def test_publishing_needs_a_live_course_and_tells(work: Work, make: Make) -> None:
    heard = hearing(work)
    event = make.event(make.course(status=CourseStatus.DRAFT), state=EventState.PLANNED)
    with pytest.raises(Conflict):
        services.publish_event(work, event.id)
    event.course.status = CourseStatus.LIVE
    services.publish_event(work, event.id)
    assert heard.facts == [EventPublished(event.id)]
    with pytest.raises(Conflict):
        services.publish_event(work, event.id)


def test_moving_keeps_the_days_rows_counts_deadlines_anew_and_tells(work: Work, make: Make) -> None:
    heard = hearing(work)
    event = make.event(days=2)
    first, second = event.days
    services.move_event(work, event.id, [a_day(12, 5)])
    assert event.days == [first]
    assert first.starts_at == event.starts_at == at(12, 5)
    assert london(event.free_until).date() == date(2026, 5, 5)
    moved = heard.facts[0]
    assert isinstance(moved, EventMoved)
    assert (moved.was_starts_at, moved.is_inside_notice) == (at(9), False)
    assert [each.day_id for each in moved.removed_days] == [second.id]


@pytest.mark.parametrize(
    ("was", "moves_to", "reopens"),
    [(date(2026, 3, 18), 9, True), (date(2026, 6, 16), 9, False), (date(2026, 6, 16), 1, False)],
)
def test_a_move_inside_the_notice_period_says_so(
    work: Work, make: Make, was: date, moves_to: int, reopens: bool
) -> None:
    heard = hearing(work)
    event = make.event(starts=wall_time(was, time(9, 30)))
    services.move_event(work, event.id, [a_day(moves_to)])
    assert [fact.is_inside_notice for fact in heard.facts if isinstance(fact, EventMoved)] == [reopens]


def test_moving_to_a_day_whose_free_period_is_over_reopens_it(work: Work, make: Make) -> None:
    heard = hearing(work)
    services.move_event(work, make.event().id, [a_day(19, 3)])
    assert [fact.is_inside_notice for fact in heard.facts if isinstance(fact, EventMoved)] == [True]


def test_nobody_is_told_of_a_planned_event_or_of_breaks(work: Work, make: Make) -> None:
    heard = hearing(work)
    services.move_event(work, make.event(state=EventState.PLANNED).id, [a_day(12, 5)])
    event = make.event()
    day = event.days[0]
    services.move_event(work, event.id, [PlannedDay(day.starts_at, day.ends_at, 45, day.venue_id)])
    assert heard.facts == []
    assert day.break_minutes == 45


def test_a_postponed_event_gets_new_days_and_is_published_again(work: Work, make: Make) -> None:
    heard = hearing(work)
    event = make.event()
    services.postpone_event(work, event.id, " The trainer is ill ")
    services.move_event(work, event.id, [a_day(16, 6)])
    assert event.state is EventState.PUBLISHED
    postponed, moved = heard.facts
    assert postponed == EventPostponed(event.id, "The trainer is ill")
    assert isinstance(moved, EventMoved)
    assert (moved.was_starts_at, moved.is_inside_notice, moved.is_time) == (at(9), True, True)
    assert [(each.was, each.now) for each in moved.changes.parts if each.label == "When"] == [
        (
            "postponed; it was to be on Thursday 9 April 2026, 09:30 to 16:00",
            "Tuesday 16 June 2026, 09:30 to 16:00",
        )
    ]


def test_cancelling_needs_a_reason_and_is_for_good(work: Work, make: Make) -> None:
    heard = hearing(work)
    event = make.event()
    with pytest.raises(Invalid):
        services.cancel_event(work, event.id, "  ")
    services.cancel_event(work, event.id, "The trainer is ill.")
    assert (event.state, event.cancel_reason) == (EventState.CANCELLED, "The trainer is ill.")
    assert heard.facts == [EventCancelled(event.id, "The trainer is ill.")]
    for act in (
        lambda: services.move_event(work, event.id, [a_day(16)]),
        lambda: services.change_capacity(work, event.id, 3),
        lambda: services.postpone_event(work, event.id),
        lambda: services.cancel_event(work, event.id, "Again"),
    ):
        with pytest.raises(Conflict):
            act()


def test_capacity_may_change_and_tells_only_when_it_does(work: Work, make: Make) -> None:
    heard = hearing(work)
    event = make.event(capacity=24)
    services.change_capacity(work, event.id, 24)
    services.change_capacity(work, event.id, 1)
    assert heard.facts == [CapacityChanged(event.id, 24, 1)]
    assert event.largest_capacity == 24
    with pytest.raises(Invalid):
        services.change_capacity(work, event.id, 0)


def test_a_taken_room_and_trainer_are_warned_of_by_name_and_can_be_insisted_on(work: Work, make: Make) -> None:
    trainer = make.person("Denzil Marrowby", roles=(Role.TRAINER,))
    taken = make.event(make.course("Neglect"))
    taken.trainers = [trainer]
    make.session.flush()
    course = make.course("Forum")
    days = [a_day(9, venue_id=taken.days[0].venue_id)]
    details = EventDetails(trainer_ids=(trainer.id,))
    with pytest.raises(
        Invalid, match=r"Ashbeck Centre, Larkham and Denzil Marrowby are taken on Thu 9 April, by Neglect"
    ) as no:
        services.plan_event(work, course.id, days, details)
    assert no.value.field == "anyway"
    assert services.plan_event(work, course.id, days, details, despite_clashes=True).id


def test_a_trainer_given_to_an_event_is_warned_of_where_they_train_already(work: Work, make: Make) -> None:
    trainer = make.person("Denzil Marrowby", roles=(Role.TRAINER,))
    make.event(make.course("Neglect")).trainers = [trainer]
    event = make.event(make.course("Forum"), venue=make.venue("Town Hall, Larkham"))
    make.session.flush()
    details = EventDetails(trainer_ids=(trainer.id,))
    with pytest.raises(Invalid, match=r"^Denzil Marrowby is taken on Thu 9 April, by Neglect\. Change it") as no:
        services.change_event(work, event.id, details)
    assert no.value.field == "anyway"
    assert services.change_event(work, event.id, details, despite_clashes=True).trainers == [trainer]
    assert services.change_event(work, event.id, details).trainers == [trainer]  # nobody new


def test_a_trainer_is_also_taken_by_what_they_come_to_themselves(work: Work, make: Make) -> None:
    trainer = make.person("Denzil Marrowby", roles=(Role.TRAINER,))
    taken = make.event(make.course("Neglect"))
    request = BookingRequest(BookingSource.COORDINATOR, "D M", "d.m@manager.example")
    booking = book_place(work, taken.id, trainer, request)
    event = make.event(make.course("Forum"), venue=make.venue("Town Hall, Larkham"))
    course, days = make.course("Briefing"), [a_day(9, venue_id=make.venue("Barn").id)]
    make.session.flush()
    details = EventDetails(trainer_ids=(trainer.id,))
    words = r"^Denzil Marrowby is taken on Thu 9 April, by Neglect\. Change it"
    with pytest.raises(Invalid, match=words):
        services.change_event(work, event.id, details)
    event.trainers = []
    with pytest.raises(Invalid, match=words):
        services.plan_event(work, course.id, days, details)
    booking.state, booking.place_number, booking.cancelled_at = BookingState.CANCELLED, None, work.now
    assert services.plan_event(work, course.id, days, details).trainers == [trainer]


def test_a_copy_keeps_times_across_the_clock_change(work: Work, make: Make) -> None:
    event = make.event(starts=wall_time(date(2026, 3, 20), time(9, 30)), days=2, capacity=11)
    copy = services.copy_event(work, event.id, date(2026, 4, 20))
    assert [london(day.starts_at).isoformat() for day in copy.days] == [
        "2026-04-20T09:30:00+01:00",
        "2026-04-21T09:30:00+01:00",
    ]
    assert (copy.state, copy.capacity, copy.days[0].venue) == (EventState.PLANNED, 11, event.days[0].venue)


def test_details_change_trainers_window_and_note(work: Work, make: Make) -> None:
    trainer = make.person(roles=(Role.TRAINER,))
    event = make.event()
    details = EventDetails((trainer.id,), opens_at=at(1, 3), closes_at=at(8), joining_note=" Bring a badge. ")
    services.change_event(work, event.id, details)
    assert (event.trainers, event.joining_note, event.booking_closes_at) == ([trainer], "Bring a badge.", at(8))
    with pytest.raises(NotFound):
        services.change_event(work, event.id, EventDetails(trainer_ids=(99_999,)))


def test_only_those_who_may_change_events(work: Work, make: Make) -> None:
    event = make.event()
    work.actor = PUBLIC
    with pytest.raises(NotAllowed):
        services.cancel_event(work, event.id, "No")
    with pytest.raises(NotAllowed):
        services.plan_event(work, event.course_id, [a_day(9)], EventDetails())


def test_a_reference_that_an_import_has_taken_is_not_given_again(work: Work, make: Make) -> None:
    course = make.course()
    following = (work.session.scalar(sa.select(sa.func.max(Event.id))) or 0) + 2
    make.event(course, ref=f"GT-E-{following:04d}", starts=at(9) + timedelta(days=30))
    event = services.plan_event(work, course.id, [a_day(9)], EventDetails())
    assert event.ref.startswith("GT-E-")
    assert event.ref != f"GT-E-{following:04d}"
