"""What became of each briefing at each agency, from recipients, the outbox, cascades and returns."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from briefings.cascade.models import Cascade, CascadeChange, CascadeReturn
from briefings.cascade.rules import CascadeRag, Stand, rag_of
from briefings.distribution.models import Recipient
from briefings.returns.rules import AgencyFigures
from briefings.writing.models import Briefing, BriefingVersion, briefing_point
from briefings.writing.queries import visible_briefings
from briefings.writing.rules import VersionState
from lms.agencies.models import Agency, Sector
from lms.agencies.queries import names_on
from lms.frame.access import Actor
from lms.kit.working_days import london_date, wall_time
from lms.mail.models import OutboxLetter
from lms.mail.rules import LetterState
from reviews.learning.models import LearningPoint

NO_AGENCY = "No agency"
GONE = (LetterState.SENT,)
BAD = (LetterState.REFUSED, LetterState.UNDELIVERABLE, LetterState.GIVEN_UP)
ON_ITS_WAY = (LetterState.WAITING, LetterState.SENDING)
States = dict[LetterState, int]


@dataclass(frozen=True)
class CascadeScope:
    """Which briefings, and which agency; `from_on` and `to_on` are days on which something was sent or told.

    `as_now`: agencies under today's names in today's sectors.
    """

    briefing_ids: Collection[int] | None = None
    agency_ids: Collection[int] | None = None
    from_on: date | None = None
    to_on: date | None = None
    as_now: bool = False

    @property
    def between(self) -> tuple[datetime, datetime] | None:
        """From the first day's first moment to the last day's last."""
        if self.from_on is None or self.to_on is None:
            return None
        return wall_time(self.from_on, time()), wall_time(self.to_on + timedelta(days=1), time())


def figures_of(session: Session, actor: Actor, scope: CascadeScope, today: date) -> dict[int, list[AgencyFigures]]:
    """Rows by briefing, of those that exist for this reader, by sector and agency.

    The sector is the one that the agency was of when it was sent the briefing, and the name that of the scope's end.
    """
    visible = set(session.scalars(_briefings(actor, scope)))
    mail, known = _mail(session, visible, scope), _names(session, scope)
    rows: dict[int, list[AgencyFigures]] = defaultdict(list)
    seen: set[tuple[int, int | None]] = set()
    returns, changes = _returns(session, visible, scope), _changes(session, visible, scope)
    for cascade in session.scalars(_cascades(visible, scope)):
        key = (cascade.briefing_id, cascade.agency_id)
        seen.add(key)
        teams, people = returns.get(cascade.id, (0, 0))
        said = changes.get(cascade.id, ())
        got = _together(mail[key].values()) if key in mail else {}
        agency, sector = known.of(cascade.agency_id, cascade.sector_id)
        stand = Stand(
            london_date(cascade.sent_at) if cascade.sent_at else None,
            cascade.acknowledged_at is not None or bool(said),
            teams,
        )
        rows[cascade.briefing_id].append(
            AgencyFigures(
                agency_id=cascade.agency_id,
                agency=agency,
                sector=sector,
                is_asked=cascade.sent_at is not None,
                rag=rag_of(stand, today),
                is_acknowledged=stand.has_acknowledged,
                teams=teams,
                people=people,
                audience=cascade.audience,
                changes=said,
                reminders=cascade.reminders,
                **_counted(got),
            )
        )
    for briefing_id, agency_id in mail.keys() - seen:
        for sector_id, states in mail[briefing_id, agency_id].items():
            agency, sector = known.of(agency_id, sector_id)
            rows[briefing_id].append(
                AgencyFigures(agency_id or 0, agency, sector, False, CascadeRag.WAITING, **_counted(states))
            )
    return {key: sorted(those, key=lambda row: (row.sector, row.agency)) for key, those in rows.items()}


def _briefings(actor: Actor, scope: CascadeScope) -> sa.Select[int]:
    wanted = sa.select(Briefing.id).where(visible_briefings(actor))
    return wanted if scope.briefing_ids is None else wanted.where(Briefing.id.in_(list(scope.briefing_ids)))


def _mail(
    session: Session, briefing_ids: Collection[int], scope: CascadeScope
) -> dict[tuple[int, int | None], dict[int | None, States]]:
    """How many people's copies are in which state, by briefing and agency, then sector. Withdrawn ones never went."""
    of = (Recipient.briefing_id, Recipient.agency_id, Recipient.sector_id)
    query = (
        sa.select(*of, OutboxLetter.state, sa.func.count(Recipient.id))
        .join(OutboxLetter, OutboxLetter.key == Recipient.letter_key)
        .where(Recipient.briefing_id.in_(list(briefing_ids)), OutboxLetter.state != LetterState.WITHDRAWN)
        .group_by(*of, OutboxLetter.state)
        .order_by(*of)
    )
    if scope.agency_ids is not None:
        query = query.where(Recipient.agency_id.in_(list(scope.agency_ids)))
    if scope.between is not None:
        query = query.where(Recipient.queued_at >= scope.between[0], Recipient.queued_at < scope.between[1])
    found: dict[tuple[int, int | None], dict[int | None, States]] = defaultdict(dict)
    for briefing_id, agency_id, sector_id, state, number in session.execute(query):
        found[briefing_id, agency_id].setdefault(sector_id, {})[state] = number
    return dict(found)


def _together(some: Iterable[States]) -> States:
    added: States = {}
    for states in some:
        for state, number in states.items():
            added[state] = added.get(state, 0) + number
    return added


def _counted(states: States) -> dict[str, Any]:
    def of(those: Collection[LetterState]) -> int:
        return sum(states.get(each, 0) for each in those)

    return {"sent": sum(states.values()), "delivered": of(GONE), "bounced": of(BAD), "waiting": of(ON_ITS_WAY)}


def _cascades(briefing_ids: Collection[int], scope: CascadeScope) -> sa.Select[Cascade]:
    query = sa.select(Cascade).where(Cascade.briefing_id.in_(list(briefing_ids))).order_by(Cascade.id)
    if scope.agency_ids is not None:
        query = query.where(Cascade.agency_id.in_(list(scope.agency_ids)))
    if scope.between is not None:
        began, ended = scope.between
        told = sa.or_(
            sa.and_(Cascade.sent_at >= began, Cascade.sent_at < ended),
            Cascade.returns.any(_told_within(scope)),
        )
        query = query.where(told)
    return query


def _told_within(scope: CascadeScope) -> sa.ColumnElement[bool]:
    if scope.from_on is None or scope.to_on is None:
        return sa.true()
    return CascadeReturn.discussed_on.between(scope.from_on, scope.to_on)


def _returns(session: Session, briefing_ids: Collection[int], scope: CascadeScope) -> dict[int, tuple[int, int]]:
    rows = session.execute(
        sa.select(Cascade.id, sa.func.count(CascadeReturn.id), sa.func.sum(CascadeReturn.people))
        .join(CascadeReturn, CascadeReturn.cascade_id == Cascade.id)
        .where(Cascade.briefing_id.in_(list(briefing_ids)), _told_within(scope))
        .group_by(Cascade.id)
        .order_by(Cascade.id)
    )
    return {cascade_id: (teams, people) for cascade_id, teams, people in rows}


def _changes(session: Session, briefing_ids: Collection[int], scope: CascadeScope) -> dict[int, tuple[str, ...]]:
    query = (
        sa.select(Cascade.id, CascadeChange.words)
        .join(CascadeChange, CascadeChange.cascade_id == Cascade.id)
        .where(Cascade.briefing_id.in_(list(briefing_ids)))
        .order_by(Cascade.id, CascadeChange.id)
    )
    if scope.between is not None:
        query = query.where(CascadeChange.told_at >= scope.between[0], CascadeChange.told_at < scope.between[1])
    found: dict[int, tuple[str, ...]] = {}
    for cascade_id, words in session.execute(query):
        found[cascade_id] = (*found.get(cascade_id, ()), words)
    return found


@dataclass(frozen=True)
class _Names:
    """Agencies by name, with the sector that they are of today; sectors by name."""

    agencies: dict[int, tuple[str, int]]
    sectors: dict[int, str]
    as_now: bool

    def of(self, agency_id: int | None, sector_id: int | None) -> tuple[str, str]:
        """An agency and the sector that was written down; today's, where a process of before wrote none."""
        if agency_id is None:
            return NO_AGENCY, NO_AGENCY
        name, today = self.agencies[agency_id]
        return name, self.sectors[today if sector_id is None or self.as_now else sector_id]


def _names(session: Session, scope: CascadeScope) -> _Names:
    """Agencies as they were called at the end of the scope: three queries."""
    then = names_on(session, scope.to_on) if scope.to_on is not None and not scope.as_now else {}
    agencies = session.execute(sa.select(Agency.id, Agency.name, Agency.sector_id).order_by(Agency.id))
    sectors = session.execute(sa.select(Sector.id, Sector.name).order_by(Sector.id))
    named = {row.id: (then.get(row.id, row.name), row.sector_id) for row in agencies}
    return _Names(named, dict(sectors.all()), scope.as_now)


@dataclass(frozen=True)
class Titled:
    """A briefing as figures name it: the newest version that was ever out, and whether it is out now."""

    briefing_id: int
    title: str
    number: int
    published_at: datetime
    is_out: bool


def titles_of(session: Session, actor: Actor, briefing_ids: Collection[int] | None = None) -> list[Titled]:
    """The briefings that were ever out and exist for this reader, the latest first."""
    newest = (
        sa.select(sa.func.max(BriefingVersion.id))
        .where(BriefingVersion.published_at.is_not(None))
        .group_by(BriefingVersion.briefing_id)
    )
    query = (
        sa.select(BriefingVersion)
        .join(Briefing, Briefing.id == BriefingVersion.briefing_id)
        .where(BriefingVersion.id.in_(newest), visible_briefings(actor))
        .order_by(BriefingVersion.published_at.desc(), BriefingVersion.id.desc())
    )
    if briefing_ids is not None:
        query = query.where(BriefingVersion.briefing_id.in_(list(briefing_ids)))
    return [
        Titled(each.briefing_id, each.title, each.number, each.published_at, each.state is VersionState.PUBLISHED)
        for each in session.scalars(query)
        if each.published_at is not None
    ]


def briefings_about(session: Session, actor: Actor, point_id: int) -> list[Titled]:
    """Those about a learning point, by the newest version that was out."""
    ids = session.scalars(
        sa.select(BriefingVersion.briefing_id)
        .join(briefing_point, briefing_point.c.version_id == BriefingVersion.id)
        .where(briefing_point.c.learning_point_id == point_id)
        .distinct()
        .order_by(BriefingVersion.briefing_id)
    )
    return titles_of(session, actor, list(ids))


def reviews_behind(session: Session, briefing_ids: Collection[int]) -> list[int]:
    """The reviews whose learning these briefings are about."""
    return list(
        session.scalars(
            sa.select(LearningPoint.review_id)
            .join(briefing_point, briefing_point.c.learning_point_id == LearningPoint.id)
            .join(BriefingVersion, BriefingVersion.id == briefing_point.c.version_id)
            .where(BriefingVersion.briefing_id.in_(list(briefing_ids)), LearningPoint.review_id.is_not(None))
            .distinct()
            .order_by(LearningPoint.review_id)
        )
    )
