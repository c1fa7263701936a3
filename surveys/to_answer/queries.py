"""One's own surveys that can be answered now. Nobody else is shown them."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from courses.programme.events.models import Event
from lms.frame.work import Work
from lms.kit.errors import NotFound
from surveys.invitations.links.queries import token_of
from surveys.invitations.models import Invitation
from surveys.invitations.queries import refusals_of, was_answered
from surveys.stages.rules import BEFORE, GATES_CERTIFICATE, OF_DELEGATES, OF_WAITING, Stage

SHOWN = tuple(stage for stage in OF_DELEGATES if stage not in OF_WAITING)
"""Whoever waits is asked by a letter alone, which asks first whether they agree."""
NO_SUCH = "There is nothing to answer. It has already been answered, or has closed."


@dataclass(frozen=True)
class OwnSurvey:
    """One to answer: of what, until when, and the token by which it is; "" for one whose letter has not gone yet."""

    invitation_id: int
    booking_id: int
    course: str
    stage: Stage
    closes_at: datetime
    token: str
    is_for_certificate: bool


def own_surveys(work: Work, booking_id: int | None = None) -> list[OwnSurvey]:
    """What whoever asks can answer now, what closes first, first; of one booking or of all."""
    person_id = work.actor.person_id
    if person_id is None or refusals_of(work.session, [person_id]):
        return []
    asked = _open(work.now).where(Invitation.person_id == person_id)
    if booking_id is not None:
        asked = asked.where(Invitation.booking_id == booking_id)
    found = [_shown(work, each) for each in work.session.scalars(asked)]
    return sorted(found, key=lambda each: (each.closes_at, each.invitation_id))


def own_survey(work: Work, invitation_id: int) -> Invitation:
    """One of those. Raises NotFound for every other."""
    asked = _open(work.now).where(Invitation.person_id == (work.actor.person_id or 0), Invitation.id == invitation_id)
    found = work.session.scalar(asked)
    if found is None or refusals_of(work.session, [found.person_id]):
        raise NotFound(NO_SUCH)
    return found


def _open(now: datetime) -> sa.Select[Invitation]:
    """Sent and still open; or one that is asked before the event, also before its letter has gone."""
    is_out = sa.and_(Invitation.version_id.is_not(None), Invitation.closes_at > now)
    is_soon = sa.and_(
        Invitation.stage.in_(BEFORE),
        Invitation.sent_at.is_(None),
        Invitation.send_at.is_not(None),
        Event.starts_at > now,
    )
    return (
        sa.select(Invitation)
        .join(Event, Event.id == Invitation.event_id)
        .where(Invitation.stage.in_(SHOWN), Invitation.withdrawn_at.is_(None), Invitation.not_asked.is_(None))
        .where(sa.or_(is_out, is_soon), ~was_answered())
        .options(joinedload(Invitation.event).joinedload(Event.version))
        .order_by(Invitation.id)
    )


def _shown(work: Work, invitation: Invitation) -> OwnSurvey:
    return OwnSurvey(
        invitation_id=invitation.id,
        booking_id=invitation.booking_id,
        course=invitation.event.version.title,
        stage=invitation.stage,
        closes_at=invitation.closes_at or invitation.event.starts_at,
        token=token_of(work, invitation.id) if invitation.sent_at is not None else "",
        is_for_certificate=invitation.stage in GATES_CERTIFICATE,
    )
