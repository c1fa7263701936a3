"""Invitations as they are shown, and where they stand."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from courses.booking.bookings.models import Booking
from courses.programme.courses.models import CourseVersion
from courses.programme.events.models import Event
from lms.frame.work import Work
from lms.kit.errors import NotFound
from lms.people.models import Person
from surveys.invitations.models import Answered, Invitation, SurveyRefusal
from surveys.invitations.rules import InvitationSoFar, NotAsked, State, state_of
from surveys.stages.rules import Stage

PAGE = 50


def refusals_of(session: Session, person_ids: Collection[int]) -> dict[int, NotAsked]:
    """Who of them does not want to be asked, or was erased."""
    rows = session.execute(
        sa.select(SurveyRefusal.person_id, SurveyRefusal.reason).where(SurveyRefusal.person_id.in_(person_ids))
    )
    return {row.person_id: row.reason for row in rows}


@dataclass(frozen=True)
class InvitationRow:
    """An invitation as the training team sees it: where it stands, never what was answered."""

    id: int
    person_id: int
    name: str
    agency: str
    course: str
    event_id: int
    event_ref: str
    stage: Stage
    state: State
    not_asked: NotAsked | None
    is_paper: bool
    due_on: date
    send_at: datetime | None
    sent_at: datetime | None
    closes_at: datetime | None
    reminders: int
    address: str
    bounce_words: str
    withdrawn_reason: str


SHOWN = ("to_chase", "bounced", "no_address", "scheduled", "undated")


def invitation_rows(
    session: Session,
    now: datetime,
    *,
    event_id: int | None = None,
    stage: Stage | None = None,
    which: str = "",
    page: int = 1,
) -> tuple[list[InvitationRow], int]:
    """Invitations, those of coming weeks first, and how many there are. `which` is one of `SHOWN`."""
    where: list[sa.ColumnElement[bool]] = []
    if event_id is not None:
        where.append(Invitation.event_id == event_id)
    if stage is not None:
        where.append(Invitation.stage == stage)
    wanted = _wanted(now)
    if which in wanted:
        where.append(wanted[which])
    total = _number(session, *where)
    rows = session.execute(
        sa.select(Invitation, was_answered(), CourseVersion.title)
        .join(Event, Event.id == Invitation.event_id)
        .join(CourseVersion, CourseVersion.id == Event.course_version_id)
        .join(Person, Person.id == Invitation.person_id)
        .where(*where)
        .options(
            joinedload(Invitation.person),
            joinedload(Invitation.event),
            joinedload(Invitation.booking).joinedload(Booking.agency),
        )
        .order_by(Invitation.due_on.desc(), Person.name, Invitation.id)
        .limit(PAGE if event_id is None else None)
        .offset((page - 1) * PAGE if event_id is None else None)
    )
    return [_row(invitation, bool(answered), course, now) for invitation, answered, course in rows], total


def _wanted(now: datetime) -> dict[str, sa.ColumnElement[bool]]:
    """What each of `SHOWN` shows. Withdrawn ones are in none."""
    is_open = sa.or_(Invitation.closes_at.is_(None), Invitation.closes_at >= now)
    bounced = sa.and_(Invitation.bounced_at.is_not(None), is_open, ~was_answered())
    nowhere = Invitation.not_asked == NotAsked.NO_ADDRESS
    shown = {
        "to_chase": sa.or_(bounced, nowhere),
        "bounced": bounced,
        "no_address": nowhere,
        "scheduled": sa.and_(Invitation.sent_at.is_(None), Invitation.not_asked.is_(None)),
        "undated": sa.and_(Invitation.send_at.is_(None), Invitation.not_asked.is_(None)),
    }
    return {which: sa.and_(Invitation.withdrawn_at.is_(None), condition) for which, condition in shown.items()}


def _number(session: Session, *where: sa.ColumnElement[bool]) -> int:
    return session.scalar(sa.select(sa.func.count(Invitation.id)).where(*where)) or 0


def _row(invitation: Invitation, is_answered: bool, course: str, now: datetime) -> InvitationRow:
    is_manager = invitation.stage.of.asks_manager
    return InvitationRow(
        id=invitation.id,
        person_id=invitation.person_id,
        name=invitation.to_name or "Line manager" if is_manager else invitation.person.name,
        agency=invitation.booking.agency.name if invitation.booking.agency else "",
        course=course,
        event_id=invitation.event_id,
        event_ref=invitation.event.ref,
        stage=invitation.stage,
        state=state_of(facts_of(invitation, is_answered=is_answered), now),
        not_asked=invitation.not_asked,
        is_paper=invitation.channel == "paper",
        due_on=invitation.due_on,
        send_at=invitation.send_at,
        sent_at=invitation.sent_at,
        closes_at=invitation.closes_at,
        reminders=invitation.reminders,
        address=invitation.sent_to or (invitation.to_address if is_manager else invitation.person.email),
        bounce_words=invitation.bounce_words,
        withdrawn_reason=invitation.withdrawn_reason,
    )


def facts_of(invitation: Invitation, *, is_answered: bool) -> InvitationSoFar:
    """An invitation's facts as the rules read them."""
    return InvitationSoFar(
        invitation.not_asked,
        invitation.withdrawn_at,
        invitation.sent_at,
        invitation.bounced_at,
        invitation.closes_at,
        is_answered,
    )


def is_answered(session: Session, invitation_id: int) -> bool:
    """Whether an invitation was answered."""
    return session.get(Answered, invitation_id) is not None


def was_answered() -> sa.ColumnElement[bool]:
    """Whether the invitation of a row was answered, for other queries."""
    return sa.exists().where(Answered.invitation_id == Invitation.id)


@dataclass(frozen=True)
class StageCount:
    """How far one stage of an event, or all of them, has come."""

    stage: Stage
    asked: int
    sent: int
    bounced: int
    answered: int
    not_asked: int


def stage_counts(session: Session, event_id: int) -> list[StageCount]:
    """Of one event, by stage; withdrawn ones are left out."""
    rows = session.execute(
        sa.select(
            Invitation.stage,
            sa.func.count(Invitation.id),
            sa.func.count(Invitation.sent_at),
            sa.func.count(Invitation.bounced_at),
            sa.func.count(Answered.invitation_id),
            sa.func.count(Invitation.not_asked),
        )
        .outerjoin(Answered, Answered.invitation_id == Invitation.id)
        .where(Invitation.event_id == event_id, Invitation.withdrawn_at.is_(None))
        .group_by(Invitation.stage)
    )
    found = {row[0]: StageCount(*row) for row in rows}
    return [found[stage] for stage in Stage if stage in found]


def chase_counts(session: Session, now: datetime) -> tuple[int, int]:
    """How many letters came back, and how many people have no address."""
    wanted = _wanted(now)
    return _number(session, wanted["bounced"]), _number(session, wanted["no_address"])


def invitation_of(session: Session, invitation_id: int) -> Invitation:
    """One invitation with its event, person and version. Raises NotFound."""
    found = session.scalar(
        sa.select(Invitation)
        .where(Invitation.id == invitation_id)
        .options(
            joinedload(Invitation.person),
            joinedload(Invitation.event).joinedload(Event.version),
            joinedload(Invitation.event).joinedload(Event.course),
            joinedload(Invitation.booking),
            joinedload(Invitation.version),
        )
    )
    if found is None:
        raise NotFound("We cannot find that invitation. The list shows them all.")
    return found


def last_answer(work: Work, since: datetime) -> datetime | None:
    """Until when somebody can answer by a letter that went out before."""
    asked = Invitation.sent_at < since, Invitation.withdrawn_at.is_(None)
    return work.session.scalar(sa.select(sa.func.max(Invitation.closes_at)).where(*asked))


def live_of_booking(session: Session, booking_id: int) -> list[Invitation]:
    """The invitations of a booking that are not withdrawn."""
    return list(
        session.scalars(
            sa.select(Invitation)
            .where(Invitation.booking_id == booking_id, Invitation.withdrawn_at.is_(None))
            .order_by(Invitation.id)
        )
    )
