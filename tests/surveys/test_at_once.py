"""Surveys sent, refused and taken back at the same moment, on two connections; what is true when a letter arrives."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from courses.booking.bookings.jobs import send_reminders
from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import BookingRequest
from courses.booking.bookings.services import book_place, cancel_booking
from courses.booking.bookings.undoing.services import undo
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from courses.programme.events.services import cancel_event
from lms.frame.access import Actor
from lms.frame.work import Work
from lms.jobs.services import carry_out
from lms.kit.errors import Refused
from lms.mail.delivery import deliver_due
from lms.mail.models import OutboxLetter
from lms.mail.rules import LetterState
from surveys.answers.services import asked_in, finish, save_answers
from surveys.invitations.models import Answered, Invitation, SurveyRefusal
from surveys.invitations.rules import NotAsked
from surveys.invitations.services import refuse
from surveys.questions.starting.services import begin_with_starting_sets
from surveys.sending.jobs import ask_people, chase_letters, remind_people
from surveys.stages.rules import Stage
from tests.at_once import AtOnce
from tests.make import Make
from tests.moments import NOW

on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
PLAIN = BookingRequest()
WAITING, SENT, WITHDRAWN = LetterState.WAITING, LetterState.SENT, LetterState.WITHDRAWN
Prepared = tuple[Make, Work]


def booked(make: Make, work: Work, starts: Any = None) -> Booking:
    """Somebody holds a place, and is to be asked where they start from."""
    begin_with_starting_sets(work)
    booking = book_place(work, make.event(starts=starts or NOW + timedelta(days=40)).id, make.person(), PLAIN)
    make.commit()
    return booking


def ask(work: Work) -> None:
    """In the next working hours, when what is asked before the event is due."""
    work.now = NOW + timedelta(hours=3)
    carry_out(work, ask_people)


def letters(work: Work, *kinds: str) -> list[tuple[str, LetterState]]:
    work.session.rollback()
    rows = work.session.execute(sa.select(OutboxLetter.kind, OutboxLetter.state).order_by(OutboxLetter.id))
    return [(kind, state) for kind, state in rows if kind in kinds]


def arrive(app: Flask, **ahead: float) -> None:
    deliver_due(app, lambda: NOW + timedelta(**ahead))


def invitation(work: Work) -> Invitation:
    work.session.rollback()
    found = sa.select(Invitation).where(Invitation.stage == Stage.BASELINE).execution_options(populate_existing=True)
    return work.session.scalars(found).one()


@on_postgresql
def test_who_opts_out_while_the_round_that_asks_is_under_way_is_not_asked(
    at_once: AtOnce, prepared: Prepared, app: Flask
) -> None:
    """It was refused before: the database let nobody have both a letter and a reason for none."""
    make, work = prepared
    booking = booked(make, work)
    _, refused = at_once.meet(ask, lambda other: refuse(other, booking.person_id), second_has_read=invitation)
    assert isinstance(refused, SurveyRefusal)
    arrive(app, hours=4)
    assert letters(work, "surveys.baseline") == [("surveys.baseline", WITHDRAWN)]
    assert (invitation(work).not_asked, invitation(work).sent_at) == (NotAsked.OPTED_OUT, None)


@on_postgresql
def test_the_round_that_asks_leaves_who_is_just_opting_out(at_once: AtOnce, prepared: Prepared, app: Flask) -> None:
    make, work = prepared
    booking = booked(make, work)
    at_once.meet(lambda other: refuse(other, booking.person_id), ask, second_has_read=invitation)
    work.session.rollback()
    ask(at_once.work_in(work.session))
    make.commit()
    arrive(app, hours=4)
    assert letters(work, "surveys.baseline") == []
    assert invitation(work).not_asked is NotAsked.OPTED_OUT


@on_postgresql
def test_opting_out_in_two_tabs_is_opting_out(at_once: AtOnce, prepared: Prepared) -> None:
    make, work = prepared
    booking = booked(make, work)

    def opt_out(other: Work) -> NotAsked:
        return refuse(other, booking.person_id).reason

    assert at_once.meet(opt_out, opt_out) == (NotAsked.OPTED_OUT, NotAsked.OPTED_OUT)


@on_postgresql
def test_an_event_is_cancelled_although_one_of_its_letters_is_sent_just_now(
    at_once: AtOnce, prepared: Prepared, app: Flask
) -> None:
    make, work = prepared
    booking = booked(make, work)
    ask(at_once.work_in(work.session))
    make.commit()

    def is_sent(other: Work) -> None:
        asked = OutboxLetter.kind == "surveys.baseline"
        other.session.execute(sa.update(OutboxLetter).where(asked).values(state=SENT, sent_at=NOW))

    _, cancelled = at_once.meet(
        is_sent,
        lambda other: cancel_event(other, booking.event_id, "The trainer is ill"),
        second_has_read=lambda other: other.session.scalars(sa.select(OutboxLetter)).all(),
    )
    assert not isinstance(cancelled, Refused)
    work.session.rollback()
    assert work.session.scalars(sa.select(Event.state)).one() is EventState.CANCELLED
    assert letters(work, "surveys.baseline") == [("surveys.baseline", SENT)]
    assert invitation(work).withdrawn_reason == "The event was cancelled"


@on_postgresql
def test_who_answers_while_the_round_that_reminds_is_under_way_is_not_reminded(
    at_once: AtOnce, prepared: Prepared, app: Flask
) -> None:
    make, work = prepared
    booked(make, work)
    ask(at_once.work_in(work.session))
    work.session.execute(sa.update(Invitation).values(next_reminder_at=NOW + timedelta(hours=5)))
    make.commit()
    arrive(app, hours=4)

    def answer(other: Work) -> None:
        asked = other.session.scalars(sa.select(Invitation)).one()
        finish(other, asked, save_answers(other, asked, _answers(other, asked)))

    def remind(other: Work) -> None:
        other.now = NOW + timedelta(hours=6)
        carry_out(other, remind_people)

    _, answered = at_once.meet(remind, answer)
    assert not isinstance(answered, Refused)
    arrive(app, hours=7)
    assert letters(work, "surveys.reminder") == [("surveys.reminder", WITHDRAWN)]
    assert work.session.scalar(sa.select(sa.func.count()).select_from(Answered)) == 1


def _answers(work: Work, asked: Invitation) -> dict[str, Any]:
    return {each.code: 5 for each in asked_in(work, asked) if each.kind.value == "scale"}


@on_postgresql
def test_a_reminder_made_beside_the_cancellation_does_not_go(at_once: AtOnce, prepared: Prepared, app: Flask) -> None:
    make, work = prepared
    booking = booked(make, work, NOW + timedelta(days=5))
    arrive(app)

    def remind(other: Work) -> None:
        carry_out(other, send_reminders)

    at_once.meet(remind, lambda other: cancel_booking(other, other.session.get_one(Booking, booking.id)))
    arrive(app)
    kinds = ("courses.joining_instructions", "courses.booking_cancelled")
    assert set(letters(work, *kinds)) == {(kinds[0], WITHDRAWN), (kinds[1], SENT)}


def test_a_survey_whose_time_is_over_when_it_could_go_counts_as_not_reached(
    at_once: AtOnce, prepared: Prepared, app: Flask
) -> None:
    """The mail server was away until after the event: nobody was asked where they start from."""
    make, work = prepared
    booked(make, work, NOW + timedelta(days=3))
    ask(at_once.work_in(work.session))
    make.commit()
    arrive(app, days=4)
    assert letters(work, "surveys.baseline") == [("surveys.baseline", WITHDRAWN)]
    carry_out(at_once.work_in(work.session, NOW + timedelta(days=4)), chase_letters)
    make.commit()
    assert invitation(work).bounce_words.startswith("Not sent: it was of use until")


def test_who_was_not_there_and_is_asked_after_all_has_a_letter(at_once: AtOnce, prepared: Prepared, app: Flask) -> None:
    """What was taken back before it went was never sent, so it goes when the register is corrected."""
    make, work = prepared
    booking = booked(make, work)
    ask(at_once.work_in(work.session))
    cancel_booking(at_once.work_in(work.session), booking)
    make.commit()
    found = invitation(work)
    assert (found.withdrawn_reason, found.sent_at, found.letter_id) == ("The booking was cancelled", None, None)


def test_who_has_their_place_back_is_asked_where_they_start_from(
    at_once: AtOnce, prepared: Prepared, app: Flask
) -> None:
    make, work = prepared
    booking = booked(make, work)
    ask(at_once.work_in(work.session))
    theirs = at_once.work_in(work.session)
    theirs.actor = Actor("Amara", booking.person_id)
    cancel_booking(theirs, booking)
    make.commit()
    undo(theirs, booking)
    make.commit()
    assert (invitation(work).withdrawn_at, invitation(work).sent_at) == (None, None)
    ask(at_once.work_in(work.session))
    make.commit()
    arrive(app, hours=4)
    assert letters(work, "surveys.baseline") == [("surveys.baseline", WITHDRAWN), ("surveys.baseline", SENT)]
