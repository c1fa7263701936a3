"""Asking those who wait, with consent; and leaving the comparison, by a no or by a place. Safe to repeat.

Nothing here reads or changes a place on the waiting list.
"""

from collections.abc import Iterable

import sqlalchemy as sa

from courses.booking.bookings.models import Booking
from courses.programme.courses.models import Course
from courses.programme.events.models import Event
from lms.frame.db import insert_new
from lms.frame.work import Work
from lms.kit.errors import Conflict, NotFound
from lms.kit.portions import portions
from lms.kit.working_days import london_date
from surveys.answers.models import Draft
from surveys.answers.sealing.rules import draft_ids, practice_ids
from surveys.comparison.models import ComparedCourse
from surveys.comparison.queries import SAID_NO, Waiter, has_left, waited_unasked, waiting_unasked
from surveys.invitations.consent.models import Consent
from surveys.invitations.links.queries import NO_SUCH_LINK, read_token
from surveys.invitations.models import Invitation
from surveys.invitations.queries import invitation_of, is_answered, refusals_of
from surveys.invitations.rules import (
    BASELINE_WAITS,
    CHASED_FOR,
    NotAsked,
    cut_on,
    due_on,
    in_working_hours,
    known,
    nine_on_working_day,
)
from surveys.invitations.services import ask_again, insert_invitations, invitation_row, withdraw
from surveys.pairs.models import SealedPractice
from surveys.stages.rules import FIRST_WAITING, LAST_WAITING, OF_WAITING

# Which courses


def compare_course(work: Work, course_id: int) -> Course:
    """From now on whoever waits for a course is asked whether they agree. Raises NotFound."""
    course = _course(work, course_id)
    row = {"course_id": course.id, "since_at": work.now}
    insert_new(work.session, ComparedCourse, [row], unique="course_id")
    work.record("waiting list is asked for the comparison", course)
    return course


def compare_no_more(work: Work, course_id: int) -> Course:
    """Nobody new is asked. Whoever agreed is asked the second time, as we said."""
    course = _course(work, course_id)
    work.session.execute(sa.delete(ComparedCourse).where(ComparedCourse.course_id == course.id))
    work.record("waiting list is not asked any more", course)
    return course


def _course(work: Work, course_id: int) -> Course:
    course = work.session.get(Course, course_id)
    if course is None:
        raise NotFound("We cannot find that course. The catalogue lists them.")
    return course


# Asking


def ask_who_waits(work: Work) -> bool:
    """A portion of those who wait are to be asked, in working hours. False when there is none left."""
    send_at = known(in_working_hours, work.now + BASELINE_WAITS)
    found = waiting_unasked(work.session, send_at) if send_at is not None else []
    refusals = refusals_of(work.session, {each.person_id for each in found})
    when = {"due_on": london_date(send_at or work.now), "send_at": send_at}
    rows = [
        {**invitation_row(work, *_who(each), FIRST_WAITING, refusals.get(each.person_id)), **when} for each in found
    ]
    if rows:
        insert_invitations(work, rows)
        work.session.flush()
    return bool(rows)


def ask_who_waited(work: Work) -> bool:
    """A portion of those who agreed are to be asked again, on the day of those who came. False when there is none."""
    found = waited_unasked(work.session, work.now)
    refusals = refusals_of(work.session, {each.person_id for each in found})
    rows = []
    for each in found:
        due = due_on(LAST_WAITING, each.last_day_on)
        is_long_over = due < london_date(work.now - CHASED_FOR)
        refusal = refusals.get(each.person_id) or (NotAsked.NO_SURVEY if is_long_over else None)
        when = {"due_on": due, "send_at": known(nine_on_working_day, due)}
        rows.append({**invitation_row(work, *_who(each), LAST_WAITING, refusal), **when})
    if rows:
        insert_invitations(work, rows)
        work.session.flush()
    return bool(rows)


def _who(each: Waiter) -> tuple[int, int, int]:
    return each.booking_id, each.event_id, each.person_id


# Yes, no, and a place


def invitation_of_waiting(work: Work, token: str) -> Invitation:
    """What a link asks of somebody who waits, while it is open; also when they said no. Raises NotFound."""
    found = work.session.get(Invitation, read_token(work, token))
    is_open = found is not None and found.closes_at is not None and work.now <= found.closes_at
    if found is None or not is_open or not found.stage.of.of_waiting or found.withdrawn_reason not in ("", SAID_NO):
        raise NotFound(NO_SUCH_LINK)
    return invitation_of(work.session, found.id)


def say_consent(work: Work, invitation: Invitation, *, is_given: bool) -> None:
    """Yes: they are asked. No: they are asked no more about this, and what they answered for it is deleted.

    Neither has anything to do with their place. Raises Conflict for a yes after their answers were deleted.
    """
    if is_given and invitation.withdrawn_at is not None and is_answered(work.session, invitation.id):
        raise Conflict("You said no, so we’ve deleted what you answered. We will not ask you anything else.")
    today = london_date(work.now)
    said = {"booking_id": invitation.booking_id, "is_given": is_given, "said_on": today}
    insert_new(work.session, Consent, [said], unique="booking_id")
    there = work.session.get_one(Consent, invitation.booking_id, populate_existing=True)
    there.is_given, there.said_on = is_given, today
    work.session.flush()
    if is_given:
        theirs = Invitation.booking_id == invitation.booking_id, Invitation.withdrawn_reason == SAID_NO
        ask_again(work, Invitation.stage.in_(OF_WAITING), *theirs)
    else:
        leave_comparison(work, invitation.person_id)


def leave_comparison(work: Work, person_id: int | None = None) -> int:
    """Who got a place, or said no, is asked no more, and what they answered for it is deleted. How many invitations."""
    done = 0
    for reason, invitations in has_left(work.session, work.now, person_id).items():
        ids = [each.id for each in invitations]
        done += withdraw(work, Invitation.id.in_(ids), reason=reason) if ids else 0
        forget_answers(work, invitations)
    return done


def forget_answers(work: Work, invitations: Iterable[Invitation]) -> None:
    """Delete what was answered as long as it can be found: until it is matched."""
    keys = work.site.settings.keys
    for each in invitations:
        names = practice_ids(keys, each.booking_id, each.stage)
        work.session.execute(sa.delete(Draft).where(Draft.id.in_(draft_ids(keys, each.id))))
        work.session.execute(sa.delete(SealedPractice).where(SealedPractice.id.in_(names)))


def forget_person(work: Work, person_id: int) -> None:
    """Somebody's data are erased: what they answered for the comparison goes, and that they agreed."""
    theirs = Invitation.person_id == person_id, Invitation.stage.in_(OF_WAITING)
    found = work.session.scalars(sa.select(Invitation).where(*theirs).order_by(Invitation.id)).all()
    forget_answers(work, found)
    bookings = {each.booking_id for each in found}
    work.session.execute(sa.delete(Consent).where(Consent.booking_id.in_(bookings)))


def forget_consents(work: Work) -> int:
    """12 months after the event nobody needs to know any more who agreed. How many."""
    rows = work.session.execute(
        sa.select(Consent.booking_id, Event.ends_at)
        .join(Booking, Booking.id == Consent.booking_id)
        .join(Event, Event.id == Booking.event_id)
        .order_by(Consent.booking_id)
    )
    due = [booking_id for booking_id, ends_at in rows if london_date(work.now) >= cut_on(ends_at)]
    for some in portions(due):
        work.session.execute(sa.delete(Consent).where(Consent.booking_id.in_(some)))
    return len(due)
