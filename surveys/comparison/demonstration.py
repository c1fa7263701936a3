"""The demonstration's comparison: who waited for a course, agreed, and answered twice without having had a place."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from random import Random

import sqlalchemy as sa

from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import BookingState
from courses.programme.courses.models import Course
from courses.programme.events.models import Event, EventDay, EventTrainer
from courses.programme.events.rules import EventState
from lms.frame.demonstration import chance
from lms.frame.work import Work
from lms.kit.working_days import london_date, wall_time
from lms.people.models import Person
from lms.policies.queries import policy_in_force
from surveys.answers.demonstration import Voice
from surveys.comparison.models import ComparedCourse
from surveys.invitations.consent.models import Consent
from surveys.invitations.models import Answered, Invitation, SurveyRefusal
from surveys.invitations.rules import closes_at, cut_on, due_on, nine_on_working_day
from surveys.pairs.rules import practices_in
from surveys.pairs.services import keep_sealed
from surveys.questions.models import SurveyVersion
from surveys.questions.queries import asks_of
from surveys.questions.rules import Answers, Ask, asked_at
from surveys.stages.rules import FIRST, FIRST_WAITING, LAST_WAITING, Stage

COURSES = ("safer-babies", "sharing-information")
WAITED, AGREED, ANSWER = 22, 0.8, 0.85
"""So many waited for each event; the share who agreed, and who answered the first time and again."""
MOVED = 0.2
"""By so much people's answers rise who had no training: what they learn elsewhere, and by being asked."""
ASKED_BEFORE = timedelta(days=15)


def tell_who_waited(work: Work, version: SurveyVersion) -> None:
    """Of every event of two courses whose 3-month survey has closed: sealed, to be matched with those who came."""
    luck = chance("waiting list")
    for course in work.session.scalars(sa.select(Course).where(Course.code.in_(COURSES)).order_by(Course.code)):
        _of_course(work, course, version, luck)


def _of_course(work: Work, course: Course, version: SurveyVersion, luck: Random) -> None:
    events = [each for each in _events(work, course) if _asked_again(each)[1] < work.now]
    if not events:
        return
    work.session.add(ComparedCourse(course_id=course.id, since_at=min(_asked_first(each) for each in events)))
    people = _without_a_place(work, course.id)
    luck.shuffle(people)
    for event in events:
        busy = _busy(work, event)
        those = [each for each in people if each.id not in busy][:WAITED]
        people = [each for each in people if each not in those]
        _tell(work, event, _bookings(work, event, those), version, luck)


def _events(work: Work, course: Course) -> Sequence[Event]:
    query = sa.select(Event).where(Event.course_id == course.id, Event.is_history.is_(False))
    return work.session.scalars(query.where(Event.state == EventState.DELIVERED).order_by(Event.ends_at)).all()


def _without_a_place(work: Work, course_id: int) -> list[Person]:
    """People with an address who never booked the course, by id."""
    booked = (
        sa.exists()
        .where(Booking.person_id == Person.id)
        .where(Event.id == Booking.event_id, Event.course_id == course_id)
    )
    refused = sa.exists().where(SurveyRefusal.person_id == Person.id)
    query = sa.select(Person).where(Person.is_here, Person.email != "", Person.agency_id.is_not(None))
    return list(work.session.scalars(query.where(~booked, ~refused).order_by(Person.id)))


def _busy(work: Work, event: Event) -> set[int]:
    """Who was to be elsewhere on a day of the event, there or teaching: nobody asks for two places on one day."""
    midnights = [wall_time(london_date(day.starts_at), time(0)) for day in event.days]
    on_a_day = sa.or_(*(EventDay.starts_at.between(each, each + timedelta(hours=23)) for each in midnights))
    elsewhere = sa.select(EventDay.event_id).where(on_a_day)
    booked = sa.select(Booking.person_id).where(Booking.event_id.in_(elsewhere))
    teaching = sa.select(EventTrainer.person_id).where(EventTrainer.event_id.in_(elsewhere))
    return set(work.session.scalars(sa.union(booked, teaching)))


def _bookings(work: Work, event: Event, people: Sequence[Person]) -> list[Booking]:
    asked_at_ = _asked_first(event) - timedelta(days=1)
    made = [
        Booking(
            event_id=event.id,
            person_id=each.id,
            agency_id=each.agency_id,
            role_group_id=each.role_group_id,
            policy_version_id=policy_in_force(work.session, work.now).id,
            state=BookingState.LAPSED,
            booked_at=asked_at_,
            booked_by_id=each.id,
            queued_at=asked_at_,
            cancelled_at=event.starts_at,
            free_until=event.free_until,
            manager_name=each.manager_name,
            manager_email=each.manager_email,
            declared_at=asked_at_,
        )
        for each in people
    ]
    work.session.add_all(made)
    work.session.flush()
    return made


def _tell(work: Work, event: Event, bookings: Sequence[Booking], version: SurveyVersion, luck: Random) -> None:
    """Who agreed, and what they said twice."""
    asks = asked_at(FIRST_WAITING, asks_of(version, event.version.outcomes))
    said: dict[Stage, dict[int, Answers]] = {FIRST_WAITING: {}, LAST_WAITING: {}}
    for each in bookings:
        if luck.random() >= AGREED:
            continue
        if cut_on(event.ends_at) > london_date(work.now):
            work.session.add(Consent(booking_id=each.id, is_given=True, said_on=london_date(_asked_first(event))))
        if luck.random() < ANSWER:
            first = Voice(luck, len(event.version.outcomes)).says(FIRST, {})
            said[FIRST_WAITING][each.id] = first
            if luck.random() < ANSWER:
                said[LAST_WAITING][each.id] = _again(first, asks, luck)
    asked = {FIRST_WAITING: [each.id for each in bookings], LAST_WAITING: list(said[FIRST_WAITING])}
    for stage, booking_ids in asked.items():
        those = [each for each in bookings if each.id in booking_ids]
        invited = [_invitation(event, each, stage, version.id) for each in those]
        work.session.add_all(invited)
        work.session.flush()
        answered = [each for each in invited if each.booking_id in said[stage]]
        work.session.add_all(Answered(invitation_id=each.id) for each in answered)
        keep_sealed(work, event.id, stage, {each: practices_in(asks, one) for each, one in said[stage].items()})


def _again(first: Answers, asks: Sequence[Ask], luck: Random) -> Answers:
    """About the same; what somebody knows does not change."""

    def moved(number: int) -> int:
        return min(10, max(1, round(number + luck.gauss(MOVED, 0.8))))

    again = dict(first)
    for ask in asks:
        if ask.code in first and not ask.right:
            each = first[ask.code]
            again[ask.code] = {at: moved(n) for at, n in each.items()} if isinstance(each, dict) else moved(each)
    return again


def _asked_first(event: Event) -> datetime:
    return wall_time(london_date(event.starts_at) - ASKED_BEFORE, time(9))


def _asked_again(event: Event) -> tuple[datetime, datetime]:
    """When, and until when it can be answered."""
    sent = nine_on_working_day(due_on(LAST_WAITING, london_date(event.ends_at)))
    return sent, closes_at(LAST_WAITING, sent, event.starts_at)


def _invitation(event: Event, booking: Booking, stage: Stage, version_id: int) -> Invitation:
    sent, closes = _asked_again(event) if stage is LAST_WAITING else (_asked_first(event), event.starts_at)
    return Invitation(
        booking_id=booking.id,
        event_id=event.id,
        person_id=booking.person_id,
        stage=stage,
        due_on=london_date(sent),
        send_at=sent,
        sent_at=sent,
        closes_at=closes,
        sent_to=booking.person.email,
        version_id=version_id,
        tries=1,
        created_at=sent,
    )
