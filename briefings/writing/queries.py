"""Which briefings exist for a reader. Every query of this plugin, and of whatever sends briefings, is built on these.

* `visible_briefings(actor)`: an embargo on ANY learning point that ANY version links hides the briefing, all of it.
* `published_versions(actor)`: what is out and may be read by this reader.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from briefings.writing.models import Briefing, BriefingVersion, BriefingWriter, briefing_point
from briefings.writing.rules import BriefingKind, VersionState
from courses.programme.courses.models import CourseVersion
from lms.agencies.models import Agency
from lms.frame.access import PUBLIC, Actor, Role
from lms.kit.errors import NotFound
from lms.partnership.queries import the_partnership
from lms.people.models import Person, RoleGrant
from reviews.cases.models import Review
from reviews.cases.rules import Publication
from reviews.cases.visibility.queries import sees_embargoed
from reviews.learning.models import LearningPoint
from reviews.learning.queries import visible_points

NOT_FOR_EVERYBODY = (
    "We cannot find that briefing. It may have been withdrawn, or it may be for people who sign in. Sign "
    "in, then open this address again."
)
NO_SUCH_BRIEFING = "We cannot find that briefing. It may have been withdrawn: the list of briefings shows them all."


def is_embargoed() -> sa.ColumnElement[bool]:
    """Whether a briefing links a learning point, in any of its versions, that is under embargo."""
    return (
        sa.select(sa.literal(1))
        .select_from(briefing_point)
        .join(LearningPoint, LearningPoint.id == briefing_point.c.learning_point_id)
        .join(Review, Review.id == LearningPoint.review_id)
        .join(BriefingVersion, BriefingVersion.id == briefing_point.c.version_id)
        .where(BriefingVersion.briefing_id == Briefing.id, Review.publication == Publication.EMBARGOED)
        .correlate(Briefing)
        .exists()
    )


def visible_briefings(actor: Actor) -> sa.ColumnElement[bool]:
    """Which briefings exist for this reader. Programs see none that is under embargo, as in reviews."""
    return sa.true() if sees_embargoed(actor) else ~is_embargoed()


def published_versions(actor: Actor) -> sa.Select[BriefingVersion]:
    """The versions that are out and that this reader may read. Under embargo nothing is out, for nobody.

    Programs read what signed-in people read: what they make goes to people whom the partnership knows.
    """
    readable = sa.true() if actor.is_signed_in or actor.is_program else BriefingVersion.is_public
    return (
        sa.select(BriefingVersion)
        .join(Briefing, Briefing.id == BriefingVersion.briefing_id)
        .where(BriefingVersion.state == VersionState.PUBLISHED, ~is_embargoed(), readable)
        .options(contains_eager(BriefingVersion.briefing))
    )


def find_published(session: Session, actor: Actor, briefing_id: int) -> BriefingVersion:
    """The version that is out, whole. Raises NotFound in the same words for withdrawn, hidden and never written."""
    found = session.scalar(
        published_versions(actor)
        .where(BriefingVersion.briefing_id == briefing_id)
        .options(selectinload(BriefingVersion.parts), selectinload(BriefingVersion.points))
    )
    if found is None:
        raise NotFound(NO_SUCH_BRIEFING if actor.is_signed_in else NOT_FOR_EVERYBODY)
    return found


def find_version(session: Session, actor: Actor, version_id: int) -> BriefingVersion:
    """Any version of a briefing that exists for this reader, whole: for those who work on it. Raises NotFound."""
    return _found(session, actor, BriefingVersion.id == version_id)


def find_numbered(session: Session, actor: Actor, briefing_id: int, number: int) -> BriefingVersion:
    """The same by its briefing and its number."""
    return _found(session, actor, BriefingVersion.briefing_id == briefing_id, BriefingVersion.number == number)


def find_briefing(session: Session, actor: Actor, briefing_id: int) -> Briefing:
    """A briefing that exists for this reader, with all its versions. Raises NotFound."""
    found = session.scalar(
        sa.select(Briefing)
        .where(Briefing.id == briefing_id, visible_briefings(actor))
        .options(
            selectinload(Briefing.versions).selectinload(BriefingVersion.points),
            selectinload(Briefing.versions).joinedload(BriefingVersion.written_by),
            selectinload(Briefing.versions).joinedload(BriefingVersion.checked_by),
            selectinload(Briefing.versions).joinedload(BriefingVersion.approved_by),
        )
    )
    if found is None:
        raise NotFound(NO_SUCH_BRIEFING)
    return found


def _found(session: Session, actor: Actor, *criteria: sa.ColumnElement[bool]) -> BriefingVersion:
    found = session.scalar(
        sa.select(BriefingVersion)
        .join(Briefing, Briefing.id == BriefingVersion.briefing_id)
        .where(*criteria, visible_briefings(actor))
        .options(
            contains_eager(BriefingVersion.briefing),
            selectinload(BriefingVersion.parts),
            selectinload(BriefingVersion.points),
            selectinload(BriefingVersion.writers),
            joinedload(BriefingVersion.written_by),
            joinedload(BriefingVersion.checked_by),
            joinedload(BriefingVersion.approved_by),
        )
    )
    if found is None:
        raise NotFound(NO_SUCH_BRIEFING)
    return found


def review_ids_of(version: BriefingVersion) -> list[int]:
    """The reviews behind its learning points, for the line that a reading of embargoed ones leaves."""
    return [point.review_id for point in version.points if point.review_id is not None]


def embargo_stands_on(session: Session, briefing_id: int) -> bool:
    """Whether an embargo blocks it. Waits for whoever sets one at this moment, and makes them wait for us."""
    ids = (
        sa.select(LearningPoint.review_id)
        .join(briefing_point, briefing_point.c.learning_point_id == LearningPoint.id)
        .join(BriefingVersion, BriefingVersion.id == briefing_point.c.version_id)
        .where(BriefingVersion.briefing_id == briefing_id, LearningPoint.review_id.is_not(None))
    )
    locked = sa.select(Review.publication).where(Review.id.in_(ids)).order_by(Review.id).with_for_update(key_share=True)
    return Publication.EMBARGOED in list(session.scalars(locked))


def is_under_embargo(session: Session, briefing_id: int) -> bool:
    """The same, only to see."""
    return session.scalar(sa.select(Briefing.id).where(Briefing.id == briefing_id, is_embargoed())) is not None


def embargoed_review_ids(session: Session, actor: Actor) -> list[int]:
    """The reviews under embargo behind briefings that exist for this reader: what a list of all of them shows."""
    if not sees_embargoed(actor):
        return []
    return list(
        session.scalars(
            sa.select(Review.id)
            .join(LearningPoint, LearningPoint.review_id == Review.id)
            .join(briefing_point, briefing_point.c.learning_point_id == LearningPoint.id)
            .where(Review.publication == Publication.EMBARGOED)
            .distinct()
            .order_by(Review.id)
        )
    )


def points_to_link(session: Session, actor: Actor) -> list[LearningPoint]:
    """The learning points that a briefing may be about: agreed, in force, and existing for this reader."""
    return list(
        session.scalars(
            sa.select(LearningPoint)
            .where(visible_points(actor), LearningPoint.agreed_on.is_not(None), LearningPoint.superseded_on.is_(None))
            .order_by(LearningPoint.ref)
        )
    )


def points_by_id(session: Session, actor: Actor, ids: Iterable[int]) -> list[LearningPoint]:
    """Those of them with these numbers."""
    wanted = set(ids)
    return [each for each in points_to_link(session, actor) if each.id in wanted] if wanted else []


@dataclass(frozen=True)
class DeskRow:
    """A briefing on the desk: its version on the way, or else its newest."""

    briefing_id: int
    number: int
    kind: BriefingKind
    title: str
    state: VersionState
    is_public: bool
    asked_at: datetime | None
    since: datetime
    is_mine: bool
    is_under_embargo: bool

    @property
    def waits_for_check(self) -> bool:
        return self.state is VersionState.DRAFT and self.asked_at is not None


def desk_rows(session: Session, actor: Actor) -> list[DeskRow]:
    """Every briefing that exists for this reader, each by its newest version, the latest written first."""
    newest = sa.select(sa.func.max(BriefingVersion.id)).group_by(BriefingVersion.briefing_id)
    mine = (
        sa.select(sa.literal(1))
        .where(BriefingWriter.version_id == BriefingVersion.id, BriefingWriter.person_id == actor.person_id)
        .exists()
    )
    rows = session.execute(
        sa.select(BriefingVersion, mine, is_embargoed())
        .join(Briefing, Briefing.id == BriefingVersion.briefing_id)
        .where(BriefingVersion.id.in_(newest), visible_briefings(actor))
        .options(contains_eager(BriefingVersion.briefing))
        .order_by(BriefingVersion.written_at.desc(), BriefingVersion.id.desc())
    )
    return [_desk_row(version, bool(is_mine), bool(hidden)) for version, is_mine, hidden in rows]


def _desk_row(version: BriefingVersion, is_mine: bool, hidden: bool) -> DeskRow:
    moments = (version.written_at, version.asked_at, version.checked_at, version.approved_at, version.published_at)
    return DeskRow(
        briefing_id=version.briefing_id,
        number=version.number,
        kind=version.briefing.kind,
        title=version.title,
        state=version.state,
        is_public=version.is_public,
        asked_at=version.asked_at,
        since=max(each for each in (*moments, version.superseded_at, version.withdrawn_at) if each is not None),
        is_mine=is_mine,
        is_under_embargo=hidden,
    )


def people_who_may(session: Session, roles: Iterable[Role], *, but: Iterable[int]) -> list[Person]:
    """Current people who hold one of these roles, without some: who can check or approve what others wrote."""
    return list(
        session.scalars(
            sa.select(Person)
            .where(
                Person.id.in_(sa.select(RoleGrant.person_id).where(RoleGrant.role.in_(list(roles)))),
                Person.id.not_in(list(but)),
                Person.is_here,
            )
            .order_by(Person.name, Person.id)
        )
    )


def harmless_names(session: Session) -> list[str]:
    """Names that tell of nobody: the partnership, its front door, its agencies, its courses."""
    partnership = the_partnership(session)
    agencies = session.scalars(sa.select(Agency.name).order_by(Agency.id))
    courses = session.scalars(sa.select(CourseVersion.title).where(CourseVersion.is_current).order_by(CourseVersion.id))
    return [partnership.name, partnership.front_door_name, partnership.team_name, *agencies, *courses]


def is_open_to_all(session: Session, briefing_id: int) -> bool:
    """Whether something may be said of it to anybody: no embargo stands behind it."""
    return (
        session.scalar(sa.select(Briefing.id).where(Briefing.id == briefing_id, visible_briefings(PUBLIC))) is not None
    )
