"""Asking people: who is to be asked, sending in portions, reminding, chasing what came back, taking back.

Everything here can be done twice without harm: an invitation is one row by a constraint, a letter one row by its key.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from courses.bookings.models import Booking
from courses.certificates.models import AwaitedEvaluation
from courses.events.models import Event
from lms.errors import Conflict
from lms.mail.models import OutboxLetter
from lms.mail.outbox import withdraw_letters
from lms.mail.queries import ENDED_BADLY
from lms.mail.rules import is_address
from lms.people.models import Person
from lms.work import Work
from lms.working_days import london_date
from surveys.invitations.letters import ToAsk, invitation_key, invitation_letter, reminder_key, reminder_letter
from surveys.invitations.models import Answered, Invitation, SurveyRefusal
from surveys.invitations.queries import (
    Attender,
    Due,
    attenders_without,
    blocks_of,
    days_of,
    due_to_remind,
    due_to_send,
    live_of_booking,
    refusals_of,
)
from surveys.invitations.rules import (
    BASELINE_WAITS,
    Channel,
    NotAsked,
    Stage,
    closes_at,
    end_of_day,
    impact_due_on,
    in_working_hours,
    known,
    last_day_attended,
    next_reminder,
    nine_on_working_day,
)
from surveys.questions.models import SurveyVersion
from surveys.questions.queries import minutes_of, version_asked, version_of
from surveys.questions.rules import SurveyKind
from surveys.questions.starting import begin_with_starting_sets

AFTER = (Stage.ON_THE_DAY, Stage.IMPACT, Stage.MANAGERS_VIEW)
CHASED_FOR = timedelta(days=28)
"""How long after it was due somebody is still asked whose address turns up late."""


# Who is to be asked


def invite_attenders(work: Work, stage: Stage, *, event_id: int | None = None) -> int:
    """Everybody who was there and has no invitation at this stage gets one, or the reason why not. How many."""
    since = work.now if stage is Stage.ON_THE_DAY else None
    made = last = 0
    while attenders := attenders_without(work.session, stage, event_id=event_id, since=since, after_id=last):
        last = attenders[-1].booking_id
        refusals = refusals_of(work.session, {each.person_id for each in attenders})
        _insert_new(work, [_row(work, each, stage, refusals.get(each.person_id)) for each in attenders])
        made += len(attenders)
    return made


def invite_to_baseline(work: Work, booking: Booking) -> None:
    """Somebody holds a place: ask where they start from, within working hours. Too late, or asked before: nothing."""
    send_at = known(in_working_hours, work.now + BASELINE_WAITS)
    if send_at is None or send_at >= booking.event.starts_at:
        return
    refusal = refusals_of(work.session, [booking.person_id]).get(booking.person_id)
    row = _values(work, booking.id, booking.event_id, booking.person_id, Stage.BASELINE, refusal)
    _insert_new(work, [{**row, "due_on": london_date(send_at), "send_at": send_at}])


def _row(work: Work, attender: Attender, stage: Stage, refusal: NotAsked | None) -> dict[str, Any]:
    """What is written down about one person at one stage. Nobody is asked about what has long been over.

    A register can be finalised late, and there may have been events before there were surveys.
    """
    is_first = stage is Stage.ON_THE_DAY
    due_on = attender.last_day_on if is_first else impact_due_on(attender.last_day_on)
    if due_on < london_date(work.now - CHASED_FOR):
        refusal = refusal or NotAsked.NO_SURVEY
    row = _values(work, attender.booking_id, attender.event_id, attender.person_id, stage, refusal)
    if is_first:
        return {**row, "due_on": due_on, "send_at": max(attender.ends_at, work.now)}
    row |= {"due_on": due_on, "send_at": known(nine_on_working_day, due_on)}
    if stage is Stage.MANAGERS_VIEW:
        row |= {"to_name": attender.manager_name, "to_address": attender.manager_email}
    return row


def _values(
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


def _insert_new(work: Work, rows: Sequence[dict[str, Any]]) -> None:
    """Add rows; where there is one already, at this very moment even, that one stands."""
    kind = work.session.get_bind().dialect.name
    insert = postgresql.insert(Invitation) if kind == "postgresql" else sqlite.insert(Invitation)
    work.session.execute(insert.on_conflict_do_nothing(), rows)


# Sending


def send_due(work: Work) -> int:
    """Put every invitation that is due today into the outbox, a portion at a time. How many letters.

    A letter whose time has passed (the worker was away) waits for working hours; so nobody is asked at night.
    """
    begin_with_starting_sets(work)
    versions: dict[tuple[SurveyKind, int], SurveyVersion | None] = {}
    sent = 0
    while found := due_to_send(work.session, end_of_day(work.now)):
        sent += _send(work, found, versions)
        work.session.flush()
    return sent


def _send(work: Work, found: Sequence[Due], versions: dict[tuple[SurveyKind, int], SurveyVersion | None]) -> int:
    blocks = blocks_of(work.session, {each.event_id for each in found})
    awaiting = _awaiting(work, [each.id for each in found if each.stage is Stage.ON_THE_DAY])
    updates, letters = [], []
    for each in found:
        version = _version(work, versions, SurveyKind(each.stage.value), each.course_id)
        due_at = _due_at(work, each)
        reason = _why_not(each, version, due_at)
        if reason is not None or version is None:
            updates.append(_update(each, not_asked=reason))
            continue
        closes = closes_at(each.stage, due_at, each.starts_at)
        asked = _to_ask(each, version, closes, blocks[each.event_id], awaits=each.id in awaiting, tries=each.tries + 1)
        letters.append(invitation_letter(work, asked, due_at))
        version.first_asked_at = version.first_asked_at or work.now
        updates.append(
            _update(
                each,
                version_id=version.id,
                sent_at=due_at,
                closes_at=closes,
                tries=each.tries + 1,
                sent_to=_address(each),
                next_reminder_at=next_reminder(each.stage, due_at, closes, 0),
            )
        )
    ids = work.send_all(letters)
    keys = {each.id: invitation_key(each.stage, each.person_id, each.id, each.tries + 1) for each in found}
    work.session.execute(
        sa.update(Invitation), [update | {"letter_id": ids.get(keys[update["id"]])} for update in updates]
    )
    return len(letters)


def _update(each: Due, **values: Any) -> dict[str, Any]:
    empty = {
        "not_asked": None,
        "version_id": None,
        "sent_at": None,
        "closes_at": None,
        "tries": each.tries,
        "sent_to": "",
        "next_reminder_at": None,
        "bounced_at": None,
        "bounce_words": "",
    }
    return {"id": each.id, **empty, **values}


def _due_at(work: Work, each: Due) -> datetime:
    """Its own moment while that is to come; otherwise now, or in the next working hours."""
    if each.send_at >= work.now or each.stage is Stage.ON_THE_DAY:
        return max(each.send_at, work.now)
    return known(in_working_hours, work.now) or work.now


def _why_not(each: Due, version: SurveyVersion | None, due_at: datetime) -> NotAsked | None:
    if each.refusal is not None:
        return each.refusal
    if version is None or (each.stage is Stage.BASELINE and due_at >= each.starts_at):
        return NotAsked.NO_SURVEY
    return None if is_address(_address(each)) else NotAsked.NO_ADDRESS


def _address(each: Due) -> str:
    """The line manager's for their view, otherwise the person's."""
    return each.to_address if each.stage is Stage.MANAGERS_VIEW else each.email


def _version(
    work: Work, known_versions: dict[tuple[SurveyKind, int], SurveyVersion | None], kind: SurveyKind, course_id: int
) -> SurveyVersion | None:
    if (kind, course_id) not in known_versions:
        version = version_asked(work.session, kind, course_id)
        known_versions[kind, course_id] = version_of(work.session, version.id) if version else None
    return known_versions[kind, course_id]


def _awaiting(work: Work, invitation_ids: Sequence[int]) -> set[int]:
    """Those whose certificate waits for the answer."""
    return set(
        work.session.scalars(
            sa.select(Invitation.id)
            .join(AwaitedEvaluation, AwaitedEvaluation.booking_id == Invitation.booking_id)
            .where(Invitation.id.in_(invitation_ids), AwaitedEvaluation.answered_at.is_(None))
        )
    )


def _to_ask(
    each: Due,
    version: SurveyVersion,
    closes: datetime,
    days: tuple[tuple[datetime, datetime], ...],
    *,
    awaits: bool,
    tries: int,
) -> ToAsk:
    return ToAsk(
        id=each.id,
        person_id=each.person_id,
        stage=each.stage,
        tries=tries,
        reminders=each.reminders,
        delegate=each.delegate,
        to_name=each.to_name or "Line manager",
        to_address=each.to_address,
        course=each.course,
        days=days,
        minutes=minutes_of(version),
        closes_at=closes,
        awaits_certificate=awaits,
    )


def send_reminders(work: Work) -> int:
    """Remind those who have not answered, once for each reminder that is due. How many letters."""
    versions: dict[int, SurveyVersion] = {}
    sent = 0
    while found := due_to_remind(work.session, end_of_day(work.now)):
        blocks = blocks_of(work.session, {each.event_id for each in found})
        awaiting = _awaiting(work, [each.id for each in found if each.stage is Stage.ON_THE_DAY])
        letters, updates = [], []
        for each in found:
            if each.sent_at is None or each.closes_at is None or each.version_id is None:
                raise Conflict("A reminder is due of an invitation that was not sent.")
            due_at = each.send_at if each.send_at >= work.now else known(in_working_hours, work.now) or work.now
            is_late = due_at > each.closes_at or each.refusal is not None
            if not is_late:
                if each.version_id not in versions:
                    versions[each.version_id] = version_of(work.session, each.version_id)
                asked = _to_ask(
                    each,
                    versions[each.version_id],
                    each.closes_at,
                    blocks[each.event_id],
                    awaits=each.id in awaiting,
                    tries=each.tries,
                )
                letters.append(reminder_letter(work, asked, due_at))
            following = None if is_late else next_reminder(each.stage, each.sent_at, each.closes_at, each.reminders + 1)
            updates.append({"id": each.id, "reminders": each.reminders + (not is_late), "next_reminder_at": following})
        work.send_all(letters)
        work.session.execute(sa.update(Invitation), updates)
        sent += len(letters)
    return sent


# What came back, and addresses that turn up


def follow_letters(work: Work) -> int:
    """Write down whose letter came back, and ask again where the address was put right since. How many came back."""
    bounced = work.session.execute(
        sa.select(Invitation.id, OutboxLetter.last_error)
        .join(OutboxLetter, OutboxLetter.id == Invitation.letter_id)
        .where(Invitation.bounced_at.is_(None), Invitation.withdrawn_at.is_(None))
        .where(OutboxLetter.state.in_(ENDED_BADLY))
        .order_by(Invitation.id)
    ).all()
    if bounced:
        work.session.execute(
            sa.update(Invitation),
            [{"id": id_, "bounced_at": work.now, "bounce_words": words} for id_, words in bounced],
        )
    _ask_again(work)
    return len(bounced)


def _ask_again(work: Work) -> None:
    """Bounced, or without address; and now there is another one, and time to answer."""
    since = london_date(work.now - CHASED_FOR)
    is_answered = sa.exists().where(Answered.invitation_id == Invitation.id)
    came_back = sa.and_(Invitation.bounced_at.is_not(None), Invitation.sent_to != Person.email, ~is_answered)
    nowhere = Invitation.not_asked == NotAsked.NO_ADDRESS
    ids = work.session.scalars(
        sa.select(Invitation.id)
        .join(Person, Person.id == Invitation.person_id)
        .join(Event, Event.id == Invitation.event_id)
        .where(Invitation.withdrawn_at.is_(None), Invitation.due_on >= since, sa.or_(came_back, nowhere))
        .where(Invitation.stage != Stage.MANAGERS_VIEW, Person.email != "")
        .where(sa.or_(Invitation.stage != Stage.BASELINE, Event.starts_at > work.now))
        .order_by(Invitation.id)
    ).all()
    _begin_again(work, ids)


def _begin_again(work: Work, ids: Iterable[int]) -> None:
    again = {
        "not_asked": None,
        "sent_at": None,
        "closes_at": None,
        "bounced_at": None,
        "bounce_words": "",
        "reminders": 0,
        "next_reminder_at": None,
        "letter_id": None,
        "send_at": work.now,
    }
    rows = [{"id": each, **again} for each in ids]
    if rows:
        work.session.execute(sa.update(Invitation), rows)


def note_bounce(work: Work, invitation: Invitation) -> None:
    """Somebody found the letter in the mailbox, come back. Raises Conflict when it has not been sent."""
    if invitation.sent_at is None or invitation.withdrawn_at is not None:
        raise Conflict("This invitation has not been sent, so no letter of it can have come back.")
    if invitation.bounced_at is None:
        invitation.bounced_at, invitation.bounce_words = work.now, f"Noted by {work.actor.name}."
        invitation.next_reminder_at = None
        work.record("survey letter came back", invitation, stage=invitation.stage.value)


def ask_on_paper(work: Work, invitation: Invitation) -> Invitation:
    """Somebody is given a printed sheet, which can be typed in from today. Raises Conflict when nothing is asked."""
    if invitation.withdrawn_at is not None or invitation.not_asked in (NotAsked.OPTED_OUT, NotAsked.ERASED):
        raise Conflict("This person is not to be asked, so there is no sheet for them.")
    if invitation.sent_at is not None and invitation.version_id is not None:
        return invitation
    begin_with_starting_sets(work)
    version = version_asked(work.session, SurveyKind(invitation.stage.value), invitation.event.course_id)
    if version is None:
        raise Conflict("Nothing is asked at this stage. Publish a survey first.")
    closes = closes_at(invitation.stage, work.now, invitation.event.starts_at)
    if closes <= work.now:
        raise Conflict("The event has begun. What is asked before it cannot be answered any more.")
    version.first_asked_at = version.first_asked_at or work.now
    invitation.not_asked, invitation.channel = None, Channel.PAPER
    invitation.version_id, invitation.sent_at, invitation.closes_at = version.id, work.now, closes
    work.record("survey given on paper", invitation, stage=invitation.stage.value)
    return invitation


# Taking back


def withdraw(work: Work, invitations: Sequence[Invitation], reason: str) -> int:
    """They are not asked after all, and letters that have not gone stay here. What was answered is kept. How many."""
    keys: list[str] = []
    for each in invitations:
        work.session.refresh(each, ["tries", "reminders"])  # portions are sent without loading rows
        each.withdrawn_at, each.withdrawn_reason, each.next_reminder_at = work.now, reason, None
        keys += [invitation_key(each.stage, each.person_id, each.id, number) for number in range(1, each.tries + 1)]
        keys += [reminder_key(each.person_id, each.id, number) for number in range(1, each.reminders + 1)]
    if keys:
        withdraw_letters(work.session, keys)
    return len(invitations)


def withdraw_of_booking(work: Work, booking_id: int, reason: str, stages: Sequence[Stage] = tuple(Stage)) -> int:
    """The same for all that belong to a booking."""
    found = [each for each in live_of_booking(work.session, booking_id) if each.stage in stages]
    return withdraw(work, found, reason)


def withdraw_of_event(work: Work, event_id: int, reason: str) -> int:
    """The event will not run: nobody is asked about it."""
    found = work.session.scalars(
        sa.select(Invitation)
        .where(Invitation.event_id == event_id, Invitation.withdrawn_at.is_(None))
        .order_by(Invitation.id)
    ).all()
    return withdraw(work, found, reason)


def ask_after_all(work: Work, booking_id: int) -> None:
    """The register says now that they were there: what was withdrawn for that is asked again, the rest is made."""
    withdrawn = work.session.scalars(
        sa.select(Invitation)
        .where(Invitation.booking_id == booking_id, Invitation.withdrawn_at.is_not(None), Invitation.stage.in_(AFTER))
        .order_by(Invitation.id)
    )
    for each in withdrawn:
        each.withdrawn_at, each.withdrawn_reason = None, ""
        if each.sent_at is not None and each.closes_at is not None:
            each.next_reminder_at = next_reminder(each.stage, each.sent_at, each.closes_at, each.reminders)


def reckon_again(work: Work, booking_id: int) -> None:
    """Marks were corrected: what has not been sent is due 3 months after the last day that they were there."""
    booking = work.session.get_one(Booking, booking_id)
    days = days_of(work.session, [booking.event_id])[booking.event_id]
    due_on = impact_due_on(last_day_attended(booking.days_attended, days))
    for each in live_of_booking(work.session, booking_id):
        if each.stage in (Stage.IMPACT, Stage.MANAGERS_VIEW) and each.sent_at is None:
            each.due_on, each.send_at = due_on, known(nine_on_working_day, due_on)


def refuse(work: Work, person_id: int, reason: NotAsked = NotAsked.OPTED_OUT) -> SurveyRefusal:
    """Ask this person no more, about nothing. What is under way is taken back; what was answered stays."""
    there = work.session.get(SurveyRefusal, person_id)
    if there is None:
        there = SurveyRefusal(person_id=person_id, reason=reason, since_at=work.now)
        work.session.add(there)
    elif reason is NotAsked.ERASED:
        there.reason = reason
    open_ones = work.session.scalars(
        sa.select(Invitation)
        .outerjoin(Answered, Answered.invitation_id == Invitation.id)
        .where(Invitation.person_id == person_id, Invitation.withdrawn_at.is_(None))
        .where(Invitation.stage != Stage.MANAGERS_VIEW, Answered.invitation_id.is_(None))
        .order_by(Invitation.id)
    ).all()
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
