"""Everybody who was there is asked once, reminded in time, chased, and taken back when the register says so."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from courses.attendance.register.models import Mark
from courses.attendance.register.rules import MarkKind
from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import Outcome
from courses.facts import BookingConfirmed, EventCancelled, MarksCorrected, OutcomeCorrected
from courses.programme.events.rules import EventState
from lms.jobs.services import carry_out, meet_jobs, run_due
from lms.kit.working_days import wall_time
from lms.mail.models import OutboxLetter
from lms.mail.rules import LetterState
from lms.people.models import Person
from surveys.invitations.checks import answered_unasked, invited_without_attending, not_invited, undated
from surveys.invitations.models import Answered, Invitation
from surveys.invitations.rules import NotAsked
from surveys.invitations.services import refuse
from surveys.sending.jobs import ask_people, chase_letters, remind_people
from surveys.stages.rules import Stage
from tests.moments import NOW
from tests.surveys.conftest import Asking


def invitations(session: Session, stage: Stage | None = None) -> list[Invitation]:
    session.flush()
    session.expire_all()
    where = [Invitation.stage == stage] if stage else []
    return list(session.scalars(sa.select(Invitation).where(*where).order_by(Invitation.id)))


def letters(session: Session) -> list[tuple[str, str]]:
    session.flush()
    rows = session.execute(
        sa.select(OutboxLetter.due_at, OutboxLetter.kind).order_by(OutboxLetter.due_at, OutboxLetter.id)
    )
    return [(f"{due_at:%d %b %Y %H:%M}", kind) for due_at, kind in rows if kind.startswith("surveys.")]


@pytest.mark.slow
def test_a_year_is_walked_and_everything_goes_once(
    app: Flask, engine: Engine, session: Session, asking: Asking
) -> None:
    """`lms jobs run-due --at`, day by day at midnight: nothing early, nothing twice, nothing at night."""
    event = asking.event(days=2)  # Thursday 12 and Friday 13 March 2026
    both = asking.booking(event, days_attended="1;2", manager_name="Bo", manager_email="bo@rvch.example")
    asking.booking(event, outcome=Outcome.PART_ATTENDED, days_attended="1")
    asking.booking(event, asking.make.person(email=""), days_attended="1;2")
    asking.booking(event, outcome=Outcome.DID_NOT_ATTEND)
    asking.finalise(event)
    ended = event.ends_at
    answered = sa.select(Invitation).where(Invitation.booking_id == both.id, Invitation.stage == Stage.IMPACT)
    asking.make.commit()
    site = app.extensions["lms"]
    jobs = [job for job in site.jobs if job.name.startswith("surveys.")]
    meet_jobs(engine, jobs, ended - timedelta(days=1))
    quiet = (date(2026, 3, 25), date(2026, 6, 8)), (date(2026, 7, 20), date(2027, 3, 10))
    for number in range(366):
        day = date(2026, 3, 13) + timedelta(days=number)
        if any(since < day < until for since, until in quiet) and day.day != 1:
            continue  # once a month where nothing is due
        runs = run_due(engine, site, jobs, wall_time(day, time(0, 0)) if number else ended)
        assert [run.error for run in runs if run.error] == []
        if day == date(2026, 6, 21):  # before the second first reminder, at the weekend
            asking.answer(session.scalars(answered).one(), {"impact.used": "often"}, wall_time(day, time(12)))
            asking.make.commit()
    clock_end = wall_time(date(2027, 3, 14), time(0))
    assert letters(session) == [
        ("13 Mar 2026 16:00", "surveys.on_the_day"),
        ("13 Mar 2026 16:00", "surveys.on_the_day"),
        ("18 Mar 2026 09:00", "surveys.reminder"),
        ("18 Mar 2026 09:00", "surveys.reminder"),
        ("12 Jun 2026 08:00", "surveys.impact"),  # UTC; they attended the first day only
        ("15 Jun 2026 08:00", "surveys.impact"),  # 13 June is a Saturday
        ("15 Jun 2026 08:00", "surveys.managers_view"),
        ("19 Jun 2026 08:00", "surveys.reminder"),
        ("26 Jun 2026 08:00", "surveys.reminder"),
        ("29 Jun 2026 08:00", "surveys.reminder"),  # the manager's
    ]
    assert [each.not_asked for each in invitations(session) if each.not_asked] == [NotAsked.NO_ADDRESS] * 2
    assert len(invitations(session)) == 7
    work = asking.at(clock_end)
    assert [*not_invited(work), *invited_without_attending(work), *undated(work)] == []


def test_those_marked_are_asked_at_the_end_of_the_day_and_taken_back_when_not_there_after_all(
    session: Session, asking: Asking
) -> None:
    event = asking.event()
    there, gone = asking.booking(event, outcome=None), asking.booking(event, outcome=None)
    for booking in (there, gone):
        session.add(
            Mark(booking_id=booking.id, event_day_id=event.days[0].id, kind=MarkKind.PRESENT, marked_at=event.starts_at)
        )
    session.flush()
    carry_out(asking.at(event.ends_at - timedelta(minutes=1)), ask_people)
    assert invitations(session) == []
    carry_out(asking.at(event.ends_at), ask_people)
    assert [each.sent_at for each in invitations(session)] == [event.ends_at] * 2
    there.outcome, gone.outcome = Outcome.ATTENDED, Outcome.DID_NOT_ATTEND
    asking.finalise(event)
    found = invitations(session, Stage.ON_THE_DAY)
    assert [(each.booking_id, each.withdrawn_reason) for each in found] == [(there.id, ""), (gone.id, "Did not attend")]
    states = session.scalars(sa.select(OutboxLetter.state).order_by(OutboxLetter.id)).all()
    assert states == [LetterState.WAITING, LetterState.WITHDRAWN]


def test_a_correction_takes_back_keeps_the_answer_and_asks_again(session: Session, asking: Asking) -> None:
    event = asking.event(days=2)
    booking = asking.booking(event, days_attended="1;2")
    asking.finalise(event)
    carry_out(asking.at(event.ends_at), ask_people)
    day = invitations(session, Stage.ON_THE_DAY)[0]
    asking.answer(day, {"outcomes.confidence": {"1": 5, "2": 6}})
    booking.days_attended = "1"
    asking.work.tell(MarksCorrected(booking.id, event.id, booking.person_id, (1, 2), (1,), "Left after day 1"))
    assert invitations(session, Stage.IMPACT)[0].due_on == date(2026, 6, 12)
    booking.outcome = Outcome.DID_NOT_ATTEND
    told = OutcomeCorrected(booking.id, event.id, booking.person_id, "attended", "did_not_attend", "A mix-up")
    asking.work.tell(told)
    assert {each.withdrawn_reason for each in invitations(session)} == {"The register was corrected"}
    assert session.get(Answered, day.id) is not None
    booking.outcome = Outcome.ATTENDED
    asking.work.tell(replace(told, was="did_not_attend", now="attended"))
    assert [each.withdrawn_at for each in invitations(session)] == [None, None]
    assert list(not_invited(asking.work)) == []


def test_before_the_event_people_are_asked_once_within_working_hours_and_not_about_one_that_does_not_run(
    session: Session, asking: Asking
) -> None:
    event = asking.event()
    booking = asking.booking(event, outcome=None)
    evening = wall_time(date(2026, 3, 6), time(19))  # a Friday
    for _ in range(2):
        asking.at(evening).tell(BookingConfirmed(booking.id, event.id, booking.person_id, was_waiting=False))
    carry_out(asking.at(evening), ask_people)
    assert letters(session) == []
    carry_out(asking.at(wall_time(date(2026, 3, 9), time(9))), ask_people)
    assert letters(session) == [("09 Mar 2026 09:00", "surveys.baseline")]
    assert invitations(session)[0].closes_at == event.starts_at
    asking.work.tell(EventCancelled(event.id, "No room"))
    assert [each.withdrawn_reason for each in invitations(session)] == ["The event was cancelled"]
    kinds = {row.kind: row.state for row in session.execute(sa.select(OutboxLetter.kind, OutboxLetter.state))}
    assert kinds["surveys.baseline"] is LetterState.WITHDRAWN


def test_what_came_back_is_seen_chased_and_sent_again_to_another_address(session: Session, asking: Asking) -> None:
    event = asking.event()
    person, nowhere = asking.make.person(email="wrong@rvch.example"), asking.make.person(email="")
    for each in (person, nowhere):
        asking.booking(event, each)
    asking.finalise(event)
    now = event.ends_at
    carry_out(asking.at(now), ask_people)
    session.execute(
        sa.update(OutboxLetter).values(state=LetterState.REFUSED, last_error="550 No such mailbox", tries=1)
    )
    carry_out(asking.at(now + timedelta(hours=1)), chase_letters)
    sent, unsent = invitations(session, Stage.ON_THE_DAY)
    assert (sent.bounce_words, unsent.not_asked) == ("550 No such mailbox", NotAsked.NO_ADDRESS)
    carry_out(asking.at(now + timedelta(days=6)), remind_people)
    assert sent.reminders == 0
    person.email, nowhere.email = "right@rvch.example", "new@rvch.example"
    session.flush()
    monday = now + timedelta(days=4)
    for _ in range(2):
        carry_out(asking.at(monday), chase_letters)
        carry_out(asking.at(monday), ask_people)
    again, first = invitations(session, Stage.ON_THE_DAY)
    assert (again.tries, again.bounced_at, again.sent_to) == (2, None, "right@rvch.example")
    assert (first.tries, first.not_asked, first.sent_to) == (1, None, "new@rvch.example")
    assert len(letters(session)) == 3


def test_who_does_not_want_to_be_asked_is_not_asked_and_that_is_the_reason(session: Session, asking: Asking) -> None:
    event, later = asking.event(), asking.event(title="Neglect")
    booking, then = asking.booking(event), None
    asking.finalise(event)
    carry_out(asking.at(event.ends_at), ask_people)
    refuse(asking.at(event.ends_at), booking.person_id)
    then = asking.booking(later, session.get(type(booking.person), booking.person_id))
    asking.finalise(later)
    carry_out(asking.at(event.ends_at + timedelta(days=10)), remind_people)
    carry_out(asking.at(event.ends_at + timedelta(days=100)), ask_people)
    assert [kind for _, kind in letters(session)] == ["surveys.on_the_day"]
    reasons = {(each.booking_id, each.stage): each.not_asked for each in invitations(session)}
    assert reasons[booking.id, Stage.IMPACT] is NotAsked.OPTED_OUT
    assert reasons[then.id, Stage.ON_THE_DAY] is reasons[then.id, Stage.IMPACT] is NotAsked.OPTED_OUT
    assert list(not_invited(asking.work)) == []


@pytest.mark.slow
def test_thousands_are_sent_in_portions_and_a_second_run_sends_nothing(session: Session, asking: Asking) -> None:
    """The job stops half-way (its transaction is lost) and runs again: nobody is written to twice."""
    event = asking.event(capacity=2000, state=EventState.DELIVERED, finalised_at=NOW)
    like, agency = asking.booking(event), asking.make.agency()
    columns = {column.key: getattr(like, column.key) for column in Booking.__table__.columns if column.key != "id"}
    people = [
        {"id": n, "ref": f"MANY-{n}", "name": f"Person {n}", "email": f"p{n}@rvch.example", "created_at": NOW}
        for n in range(10_001, 10_600)
    ]
    session.execute(sa.insert(Person), [{**each, "agency_id": agency.id} for each in people])
    session.execute(sa.insert(Booking), [{**columns, "person_id": each["id"]} for each in people])
    asking.make.commit()
    work = asking.at(event.ends_at)
    carry_out(work, ask_people)
    session.rollback()
    assert letters(session) == []
    for _ in range(2):
        carry_out(work, ask_people)
    assert len(letters(session)) == 600
    assert {each.tries for each in invitations(session, Stage.ON_THE_DAY)} == {1}
    assert len(set(session.scalars(sa.select(OutboxLetter.key)))) == 600


def test_history_is_never_asked(session: Session, asking: Asking) -> None:
    event = asking.event(is_history=True)
    asking.booking(event)
    asking.finalise(event)
    carry_out(asking.at(datetime(2026, 7, 1, 9, tzinfo=UTC)), ask_people)
    assert invitations(session) == []


def test_nobody_is_asked_about_what_was_over_before_there_were_surveys(session: Session, asking: Asking) -> None:
    event = asking.event(state=EventState.DELIVERED, finalised_at=NOW)
    asking.booking(event).outcome = Outcome.ATTENDED
    work = asking.at(event.ends_at + timedelta(days=270))
    carry_out(work, ask_people)
    assert {each.not_asked for each in invitations(session)} == {NotAsked.NO_SURVEY}
    assert (letters(session), list(not_invited(work))) == ([], [])


def test_what_is_wrong_with_invitations_is_found(session: Session, asking: Asking) -> None:
    """The checks surveys.invited, surveys.attended and surveys.answered."""
    event = asking.event()
    first, second = asking.booking(event), asking.booking(event)
    asking.finalise(event)
    work = asking.at(event.ends_at)
    assert [*not_invited(work), *invited_without_attending(work), *answered_unasked(work)] == []
    unsent = invitations(session, Stage.IMPACT)[0]
    session.add(Answered(invitation_id=unsent.id))
    session.flush()
    assert len(list(answered_unasked(work))) == 1
    session.execute(sa.delete(Answered))
    session.execute(sa.delete(Invitation).where(Invitation.booking_id == first.id))
    assert len(list(not_invited(work))) == 2
    second.outcome = Outcome.DID_NOT_ATTEND
    session.flush()
    assert len(list(invited_without_attending(work))) == 2
