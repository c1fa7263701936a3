"""Asking people: who is to be asked, on paper too, and taking back. `surveys/sending` sends what is due.

Everything here can be done twice without harm: an invitation is one row by a constraint, a letter one row by its key.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from courses.booking.bookings.models import Booking
from lms.frame.db import insert_new
from lms.frame.locks import for_update
from lms.frame.work import Work
from lms.kit.errors import Conflict
from lms.kit.working_days import london_date
from lms.mail.models import OutboxLetter
from lms.mail.outbox import withdraw_letters
from lms.people.models import Person
from surveys.invitations.models import Answered, Invitation, SurveyRefusal
from surveys.invitations.queries import live_of_booking, refusals_of, was_answered
from surveys.invitations.rules import (
    BASELINE_WAITS,
    CHASED_FOR,
    Channel,
    NotAsked,
    closes_at,
    due_on,
    in_working_hours,
    known,
    last_day_attended,
    next_reminder,
    nine_on_working_day,
)
from surveys.invitations.uninvited.queries import Attender, attenders_without, days_of, events_with_uninvited
from surveys.questions.queries import version_asked
from surveys.questions.rules import kind_of
from surveys.questions.starting.services import begin_with_starting_sets
from surveys.stages.rules import BEFORE, LATER, OF_DELEGATES, Stage

# Who is to be asked


def invite_attenders(work: Work, stage: Stage, *, event_id: int | None = None) -> int:
    """Everybody who was there and has no invitation at this stage gets one, or the reason why not. How many."""
    made = last = 0
    while attenders := attenders_without(
        work.session, stage, event_id=event_id, since=_counts_by_marks(work, stage), after_id=last
    ):
        last = attenders[-1].booking_id
        refusals = refusals_of(work.session, {each.person_id for each in attenders})
        insert_invitations(work, [_row(work, each, stage, refusals.get(each.person_id)) for each in attenders])
        made += len(attenders)
    return made


def events_to_invite(work: Work, stage: Stage) -> list[int]:
    """The events of those who were there and have no invitation at this stage, by id."""
    return events_with_uninvited(work.session, stage, since=_counts_by_marks(work, stage))


def _counts_by_marks(work: Work, stage: Stage) -> datetime | None:
    """On the day itself, who was marked is asked before the register is finalised."""
    return work.now if stage not in LATER else None


def invite_to_baseline(work: Work, booking: Booking) -> None:
    """Somebody holds a place: ask where they start from, within working hours. Too late, or asked before: nothing."""
    send_at = known(in_working_hours, work.now + BASELINE_WAITS)
    if send_at is None or send_at >= booking.event.starts_at:
        return
    refusal = refusals_of(work.session, [booking.person_id]).get(booking.person_id)
    when = {"due_on": london_date(send_at), "send_at": send_at}
    who = booking.id, booking.event_id, booking.person_id
    insert_invitations(work, [{**invitation_row(work, *who, stage, refusal), **when} for stage in BEFORE])


def _row(work: Work, attender: Attender, stage: Stage, refusal: NotAsked | None) -> dict[str, Any]:
    """What is written down about one person at one stage. Nobody is asked about what has long been over.

    A register can be finalised late, and there may have been events before there were surveys.
    """
    due = due_on(stage, attender.last_day_on)
    if due < london_date(work.now - CHASED_FOR):
        refusal = refusal or NotAsked.NO_SURVEY
    row = invitation_row(work, attender.booking_id, attender.event_id, attender.person_id, stage, refusal)
    if stage not in LATER:
        return {**row, "due_on": due, "send_at": max(attender.ends_at, work.now)}
    row |= {"due_on": due, "send_at": known(nine_on_working_day, due)}
    if stage.of.asks_manager:
        row |= {"to_name": attender.manager_name, "to_address": attender.manager_email}
    return row


def invitation_row(
    work: Work, booking_id: int, event_id: int, person_id: int, stage: Stage, refusal: NotAsked | None
) -> dict[str, Any]:
    return {
        "booking_id": booking_id,
        "event_id": event_id,
        "person_id": person_id,
        "stage": stage,
        "not_asked": refusal,
        "created_at": work.now,
        "to_name": "",
        "to_address": "",
    }


def insert_invitations(work: Work, rows: Sequence[dict[str, Any]]) -> None:
    """Add rows; where there is one already, at this very moment even, that one stands."""
    kind = work.session.get_bind().dialect.name
    insert = postgresql.insert(Invitation) if kind == "postgresql" else sqlite.insert(Invitation)
    work.session.execute(insert.on_conflict_do_nothing(), rows)


# On paper


def ask_on_paper(work: Work, invitation: Invitation) -> Invitation:
    """Somebody is given a printed sheet, which can be typed in from today. Raises Conflict when nothing is asked."""
    if invitation.withdrawn_at is not None or invitation.not_asked in (NotAsked.OPTED_OUT, NotAsked.ERASED):
        raise Conflict("This person does not want to be asked, so there is no sheet for them.")
    if invitation.stage.of.of_waiting:
        raise Conflict("People who are waiting are only asked by email, with a link to say yes or no.")
    if invitation.sent_at is not None and invitation.version_id is not None:
        return invitation
    begin_with_starting_sets(work)
    version = version_asked(work.session, kind_of(invitation.stage), invitation.event.course_id)
    if version is None:
        raise Conflict("There is no survey for this stage. Publish one first.")
    closes = closes_at(invitation.stage, work.now, invitation.event.starts_at)
    if closes <= work.now:
        raise Conflict("The event has started, so the survey before it can no longer be answered.")
    version.first_asked_at = version.first_asked_at or work.now
    invitation.not_asked, invitation.channel = None, Channel.PAPER
    invitation.version_id, invitation.sent_at, invitation.closes_at = version.id, work.now, closes
    work.record("survey given on paper", invitation, stage=invitation.stage.value)
    return invitation


# Taking back


def withdraw(work: Work, *which: sa.ColumnElement[bool], reason: str) -> int:
    """They are not asked after all, and letters that have not gone stay here. What was answered is kept. How many."""
    found = _locked(work, Invitation.withdrawn_at.is_(None), *which)
    for each in found:
        each.withdrawn_at, each.withdrawn_reason, each.next_reminder_at = work.now, reason, None
    _take_letters_back(work, found, f"Not sent: {reason[0].lower()}{reason[1:]}.")
    return len(found)


def withdraw_of_booking(work: Work, booking_id: int, reason: str, stages: Sequence[Stage] = tuple(Stage)) -> int:
    """The same for all that belong to a booking."""
    return withdraw(work, Invitation.booking_id == booking_id, Invitation.stage.in_(stages), reason=reason)


def withdraw_of_event(work: Work, event_id: int, reason: str) -> int:
    """The event will not run: nobody is asked about it."""
    return withdraw(work, Invitation.event_id == event_id, reason=reason)


def _locked(work: Work, *which: sa.ColumnElement[bool]) -> Sequence[Invitation]:
    """Invitations, ours until this work ends: a round that sends waits, or has sent before these are read."""
    work.session.flush()
    return work.session.scalars(for_update(sa.select(Invitation).where(*which).order_by(Invitation.id))).all()


def _take_letters_back(work: Work, invitations: Sequence[Invitation], why: str) -> None:
    """Letters that still wait do not go; whose first letter that was has not been asked, unless they have answered."""
    by_id = {each.id: each for each in invitations}
    answered = set(work.session.scalars(sa.select(Answered.invitation_id).where(Answered.invitation_id.in_(by_id))))
    for letter in withdraw_letters(work.session, OutboxLetter.invitation_id.in_(by_id), why=why):
        invitation = by_id[letter.invitation_id or 0]
        if invitation.letter_id == letter.id and invitation.id not in answered:
            invitation.sent_at = invitation.closes_at = invitation.letter_id = None
            invitation.sent_to = ""


def ask_after_all(work: Work, booking_id: int, stages: Sequence[Stage]) -> None:
    """They were there after all, or have their place back: what was withdrawn for that is asked again."""
    ask_again(work, Invitation.booking_id == booking_id, Invitation.stage.in_(stages))


def ask_again(work: Work, *which: sa.ColumnElement[bool]) -> None:
    """What was withdrawn of these is asked again."""
    withdrawn = work.session.scalars(
        sa.select(Invitation).where(Invitation.withdrawn_at.is_not(None), *which).order_by(Invitation.id)
    )
    for each in withdrawn:
        each.withdrawn_at, each.withdrawn_reason = None, ""
        if each.sent_at is not None and each.closes_at is not None:
            each.next_reminder_at = next_reminder(each.stage, each.sent_at, each.closes_at, each.reminders)


def reckon_again(work: Work, booking_id: int) -> None:
    """Marks were corrected: what has not been sent is due 3 months after the last day that they were there."""
    booking = work.session.get_one(Booking, booking_id)
    days = days_of(work.session, [booking.event_id])[booking.event_id]
    last_day = last_day_attended(booking.days_attended, days)
    for each in live_of_booking(work.session, booking_id):
        if each.stage in LATER and each.sent_at is None:
            due = due_on(each.stage, last_day)
            each.due_on, each.send_at = due, known(nine_on_working_day, due)


def refuse(work: Work, person_id: int, reason: NotAsked = NotAsked.OPTED_OUT) -> SurveyRefusal:
    """Ask this person no more, about nothing. What is under way is taken back; what was answered stays."""
    row = {"person_id": person_id, "reason": reason, "since_at": work.now}
    insert_new(work.session, SurveyRefusal, [row], unique="person_id")
    there = work.session.get_one(SurveyRefusal, person_id)
    if reason is NotAsked.ERASED:
        there.reason = reason
    open_ones = _locked(
        work,
        Invitation.person_id == person_id,
        Invitation.withdrawn_at.is_(None),
        Invitation.stage.in_(OF_DELEGATES),
        ~was_answered(),
    )
    _take_letters_back(work, open_ones, "Not sent: this person does not want to be asked.")
    for each in open_ones:
        if each.sent_at is None:
            each.not_asked = reason
        each.next_reminder_at = None
    work.record(f"not asked any more: {reason}", work.session.get_one(Person, person_id))
    return there


def accept_again(work: Work, person_id: int) -> None:
    """They may be asked again, from the next event on."""
    there = work.session.get(SurveyRefusal, person_id)
    if there is not None and there.reason is NotAsked.OPTED_OUT:
        work.record("may be asked again", work.session.get_one(Person, person_id))
        work.session.delete(there)


def settle_dates(work: Work) -> int:
    """Invitations that had no date because bank holidays were not known get one when they are. How many."""
    rows = work.session.execute(
        sa.select(Invitation.id, Invitation.due_on)
        .where(Invitation.send_at.is_(None), Invitation.sent_at.is_(None), Invitation.withdrawn_at.is_(None))
        .order_by(Invitation.id)
    ).all()
    found = [{"id": id_, "send_at": send_at} for id_, day in rows if (send_at := known(nine_on_working_day, day))]
    if found:
        work.session.execute(sa.update(Invitation), found)
    return len(found)


def note_bounce(work: Work, invitation: Invitation) -> None:
    """Somebody found the letter in the mailbox, come back. Raises Conflict when it has not been sent."""
    if invitation.sent_at is None or invitation.withdrawn_at is not None:
        raise Conflict("This invitation has not been sent, so no email of it can have come back.")
    if invitation.bounced_at is None:
        invitation.bounced_at, invitation.bounce_words = work.now, f"Noted by {work.actor.name}."
        invitation.next_reminder_at = None
        work.record("survey letter came back", invitation, stage=invitation.stage.value)
