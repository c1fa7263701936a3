"""Sending in portions, reminding, and chasing what came back.

Everything here can be done twice without harm: a letter is one row by its key.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from courses.programme.events.models import Event
from courses.records.certificates.models import AwaitedEvaluation
from lms.frame.work import Work
from lms.kit.addresses import is_address
from lms.kit.errors import Conflict
from lms.kit.portions import AT_A_TIME
from lms.kit.working_days import end_of_day, london_date
from lms.mail.life import ENDED_BADLY
from lms.mail.models import OutboxLetter
from lms.mail.rules import LetterState
from lms.people.models import Person
from surveys.invitations.letters import ToAsk, invitation_key, invitation_letter, reminder_letter
from surveys.invitations.models import Invitation, SurveyRefusal
from surveys.invitations.queries import was_answered
from surveys.invitations.rules import (
    CHASED_FOR,
    NotAsked,
    closes_at,
    in_working_hours,
    known,
    next_reminder,
)
from surveys.questions.models import SurveyVersion
from surveys.questions.queries import minutes_of, version_asked, version_of
from surveys.questions.rules import SurveyKind, kind_of
from surveys.sending.queries import Due, blocks_of, due_to_remind, due_to_send
from surveys.stages.rules import OF_DELEGATES, UNTIL_IT_BEGINS

NEVER_SENT = {"sent_at": None, "closes_at": None, "letter_id": None, "next_reminder_at": None, "sent_to": ""}
"""What an invitation says whose letter did not go."""


def send_some(work: Work) -> bool:
    """Put a portion of the invitations that are due today into the outbox. False when there is none left.

    A letter whose time has passed (the worker was away) waits for working hours; so nobody is asked at night.
    """
    found = due_to_send(work.session, end_of_day(london_date(work.now)))
    if found:
        _send(work, found, {})
        work.session.flush()
    return bool(found)


def _send(work: Work, found: Sequence[Due], versions: dict[tuple[SurveyKind, int], SurveyVersion | None]) -> int:
    blocks = blocks_of(work.session, {each.event_id for each in found})
    awaiting = _awaiting(work, [each.id for each in found if each.stage.of.gates_certificate])
    updates, letters = [], []
    for each in found:
        version = _version(work, versions, kind_of(each.stage), each.course_id)
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
    """When a first letter goes: that of the day itself at once, the others as `_in_time` says."""
    return max(each.send_at, work.now) if each.stage.of.after_months == 0 else _in_time(work, each.send_at)


def _in_time(work: Work, moment: datetime) -> datetime:
    """Its own moment while that is to come; otherwise now, or in the next working hours."""
    return moment if moment >= work.now else known(in_working_hours, work.now) or work.now


def _why_not(each: Due, version: SurveyVersion | None, due_at: datetime) -> NotAsked | None:
    if each.refusal is not None:
        return each.refusal
    if version is None or (each.stage in UNTIL_IT_BEGINS and due_at >= each.starts_at):
        return NotAsked.NO_SURVEY
    return None if is_address(_address(each)) else NotAsked.NO_ADDRESS


def _address(each: Due) -> str:
    """The line manager's for their view, otherwise the person's."""
    return each.to_address if each.stage.of.asks_manager else each.email


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
        booking_id=each.booking_id,
        event_id=each.event_id,
        person_id=each.person_id,
        stage=each.stage,
        tries=tries,
        reminders=each.reminders,
        delegate=each.delegate,
        to_name=each.to_name or "Line manager",
        to_address=each.to_address,
        course=each.course,
        days=days,
        minutes=minutes_of(version, each.stage),
        closes_at=closes,
        awaits_certificate=awaits,
    )


def remind_some(work: Work) -> bool:
    """Remind a portion of those who have not answered, once for each reminder that is due. False when none is left."""
    found = due_to_remind(work.session, end_of_day(london_date(work.now)))
    if not found:
        return False
    versions: dict[int, SurveyVersion] = {}
    blocks = blocks_of(work.session, {each.event_id for each in found})
    awaiting = _awaiting(work, [each.id for each in found if each.stage.of.gates_certificate])
    letters, updates = [], []
    for each in found:
        if each.sent_at is None or each.closes_at is None or each.version_id is None:
            raise Conflict("A reminder is due of an invitation that was not sent.")
        due_at = _in_time(work, each.send_at)
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
    return True


def follow_some(work: Work) -> bool:
    """Write down of a portion whose letter came back. False when there is none left.

    One that was taken back when it was about to go came to nobody either; whoever wants no letters has not been asked.
    """
    ended = work.session.execute(
        sa.select(Invitation.id, OutboxLetter.last_error, SurveyRefusal.reason)
        .join(OutboxLetter, OutboxLetter.id == Invitation.letter_id)
        .outerjoin(
            SurveyRefusal,
            sa.and_(SurveyRefusal.person_id == Invitation.person_id, Invitation.stage.in_(OF_DELEGATES)),
        )
        .where(Invitation.bounced_at.is_(None), Invitation.withdrawn_at.is_(None))
        .where(OutboxLetter.state.in_([*ENDED_BADLY, LetterState.WITHDRAWN]))
        .order_by(Invitation.id)
        .limit(AT_A_TIME)
    ).all()
    refused = [{"id": row.id, "not_asked": row.reason, **NEVER_SENT} for row in ended if row.reason]
    bounced = [
        {"id": row.id, "bounced_at": work.now, "bounce_words": row.last_error} for row in ended if not row.reason
    ]
    for some in (refused, bounced):
        if some:
            work.session.execute(sa.update(Invitation), some)
    return bool(ended)


def ask_some_again(work: Work) -> bool:
    """Of a portion that bounced, or had no address, and now there is another one, and time. False when none is left."""
    since = london_date(work.now - CHASED_FOR)
    came_back = sa.and_(Invitation.bounced_at.is_not(None), Invitation.sent_to != Person.email, ~was_answered())
    nowhere = Invitation.not_asked == NotAsked.NO_ADDRESS
    ids = work.session.scalars(
        sa.select(Invitation.id)
        .join(Person, Person.id == Invitation.person_id)
        .join(Event, Event.id == Invitation.event_id)
        .where(Invitation.withdrawn_at.is_(None), Invitation.due_on >= since, sa.or_(came_back, nowhere))
        .where(Invitation.stage.in_(OF_DELEGATES), Person.email != "")
        .where(sa.or_(Invitation.stage.not_in(UNTIL_IT_BEGINS), Event.starts_at > work.now))
        .order_by(Invitation.id)
        .limit(AT_A_TIME)
    ).all()
    _begin_again(work, ids)
    return bool(ids)


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
