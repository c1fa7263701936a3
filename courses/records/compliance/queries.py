"""Who is up to date, counted by course and by agency, in a number of queries that does not grow with either."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

import sqlalchemy as sa
from sqlalchemy.orm import Session

from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import BookingState, Outcome
from courses.programme.courses.models import Course, CourseAudience, CourseVersion
from courses.programme.courses.rules import IN_CATALOGUE, level_words
from courses.programme.events.models import Event
from courses.records.certificates.rules import refresh_by
from courses.records.completions.queries import Who, last_completions
from courses.records.compliance.figures import ALL, LevelTold, level_told
from lms.agencies.models import Agency
from lms.frame.access import Actor
from lms.kit.telling.shares import Share
from lms.kit.working_days import end_of_day, london_date
from lms.people.affiliations.queries import employed_on

Cell = tuple[int, int]
"""An agency and a course."""


@dataclass(frozen=True)
class CourseOf:
    """A course as this page needs it; an empty audience is everybody."""

    id: int
    code: str
    title: str
    level: str
    refresher_months: int | None
    audience: frozenset[int]


@dataclass(frozen=True)
class ComplianceRow:
    """A line of the table: a course, or an agency."""

    key: str
    title: str
    level: str
    share: Share


@dataclass(frozen=True)
class Level:
    """The courses of one level, and their subtotal: people for whom one of them is, and who is up to date with one."""

    level: str
    rows: list[ComplianceRow]
    share: Share

    @property
    def words(self) -> str:
        """Level 3, or the partnership's own word."""
        return level_words(self.level) or "No level"


@dataclass(frozen=True)
class Compliance:
    """By level and course over all agencies that the reader sees, or by agency for the one course or level chosen."""

    levels: list[Level]
    rows: list[ComplianceRow]
    total: Share
    course: CourseOf | None
    level: str
    hides_small: bool
    day: date
    is_past: bool

    @property
    def asked_on(self) -> str | None:
        """The earlier day, for the addresses of other pages about it; None today."""
        return self.day.isoformat() if self.is_past else None

    @property
    def title(self) -> str:
        """The course or level that was chosen; nothing for all of them."""
        return self.course.title if self.course else level_words(self.level)


@dataclass(frozen=True)
class ComplianceCounted:
    """What is counted once: people a course or level is for in each agency, and who of them is up to date."""

    agencies: dict[int, str]
    courses: list[CourseOf]
    people: "Counter[tuple[int, int | None]]"
    valid: "Counter[Cell]"
    valid_of_level: "Counter[tuple[int, str]]"

    def course(self, agency_id: int, course: CourseOf) -> Share:
        """One course in one agency."""
        return Share(self._for_whom(agency_id, [course]), self.valid[agency_id, course.id])

    def level(self, agency_id: int, level: str) -> Share:
        """One level in one agency: each person once, however many of its courses are for them."""
        return Share(self._for_whom(agency_id, self.of_level(level)), self.valid_of_level[agency_id, level])

    def of_level(self, level: str) -> list[CourseOf]:
        """The courses of a level."""
        return [course for course in self.courses if course.level == level]

    def share(self, agency_id: int, what: int | str) -> Share:
        """One course, by its id, or one level in one agency."""
        if isinstance(what, str):
            return self.level(agency_id, what)
        return self.course(agency_id, next(course for course in self.courses if course.id == what))

    def _for_whom(self, agency_id: int, courses: Collection[CourseOf]) -> int:
        return sum(
            number
            for (where, group), number in self.people.items()
            if where == agency_id and any(is_for(course, group) for course in courses)
        )


def compliance(
    session: Session, actor: Actor, code: str, now: datetime, level: str = "", on: date | None = None
) -> Compliance:
    """Agency leads see their own agency, coordinators all; everybody else all, as it is told.

    `on`: as it was on an earlier day, for those from whom nothing is hidden: two days side by side tell of one person.

    `code` or `level` choose one course or one level, which is then shown agency by agency.
    """
    sees_all = actor.may("courses.manage_certificates")
    hides_small = not sees_all and not actor.leads_agency_ids
    today = london_date(now)
    day = today if hides_small or on is None else min(on, today)
    counted = _counted(session, None if sees_all or hides_small else actor.leads_agency_ids, day)
    course = next((each for each in counted.courses if each.code == code), None)
    chosen = level if course is None and counted.of_level(level) and level else ""
    told = partial(_told, counted) if hides_small else None
    if course is None and not chosen:
        return Compliance(_by_level(counted, told), [], Share(0, 0), None, "", hides_small, day, day < today)
    if told is None:
        rows = _by_agency(counted, course, chosen)
        total = _sum(row.share for row in rows)
    else:
        of_level, what = (told(course.level), course.id) if course is not None else (told(chosen), chosen)
        rows = [ComplianceRow(name, name, "", share) for name, share in of_level.rows(what)]
        total = of_level.shares[what, ALL]
    return Compliance([], rows, total, course, chosen, hides_small, day, day < today)


def _told(counted: ComplianceCounted, level: str) -> LevelTold:
    return level_told(counted, level, [course.id for course in counted.of_level(level)])


def _by_level(counted: ComplianceCounted, told: Callable[[str], LevelTold] | None) -> list[Level]:
    """Each level with its courses, over all agencies; as it is `told`, or exactly."""
    found = []
    for level in dict.fromkeys(course.level for course in counted.courses):
        courses = counted.of_level(level)
        if told is not None:
            shares = {what: share for (what, line), share in told(level).shares.items() if line == ALL}
        else:
            whats: list[int | str] = [*(course.id for course in courses), level]
            shares = {what: _sum(counted.share(each, what) for each in counted.agencies) for what in whats}
        rows = [ComplianceRow(each.code, each.title, each.level, shares[each.id]) for each in courses]
        rows = [row for row in rows if row.share.of]
        if rows:
            found.append(Level(level, rows, shares[level]))
    return found


def _by_agency(counted: ComplianceCounted, course: CourseOf | None, level: str) -> list[ComplianceRow]:
    shares = {
        agency_id: counted.course(agency_id, course) if course is not None else counted.level(agency_id, level)
        for agency_id in counted.agencies
    }
    return [ComplianceRow(str(each), counted.agencies[each], "", share) for each, share in shares.items() if share.of]


def _counted(session: Session, agency_ids: Collection[int] | None, day: date) -> ComplianceCounted:
    courses, employed = courses_counted(session), employed_on(day)
    agencies = _agencies(session, agency_ids)
    valid, valid_of_level = _valid(session, courses, employed, agencies, day)
    return ComplianceCounted(agencies, courses, _people(session, employed, agencies), valid, valid_of_level)


def courses_counted(session: Session) -> list[CourseOf]:
    """Every course in the catalogue with whom it is for, by level and title: two queries."""
    rows = session.execute(
        sa.select(Course.id, Course.code, CourseVersion.title, CourseVersion.level, Course.refresher_months)
        .join(CourseVersion, sa.and_(CourseVersion.course_id == Course.id, CourseVersion.is_current))
        .where(Course.status.in_(IN_CATALOGUE))
        .order_by(CourseVersion.level, CourseVersion.title, Course.id)
    ).all()
    groups: dict[int, set[int]] = {}
    for course_id, group_id in session.execute(
        sa.select(CourseVersion.course_id, CourseAudience.role_group_id)
        .join(CourseVersion, CourseVersion.id == CourseAudience.course_version_id)
        .where(CourseVersion.is_current)
        .order_by(CourseVersion.course_id)
    ):
        groups.setdefault(course_id, set()).add(group_id)
    return [CourseOf(*row, frozenset(groups.get(row.id, ()))) for row in rows]


def _agencies(session: Session, ids: Collection[int] | None) -> dict[int, str]:
    chosen = sa.select(Agency.id, Agency.name).order_by(Agency.name, Agency.id)
    if ids is not None:
        chosen = chosen.where(Agency.id.in_(ids))
    return {row.id: row.name for row in session.execute(chosen)}


def _people(session: Session, employed: sa.Subquery, agency_ids: Collection[int]) -> Counter[tuple[int, int | None]]:
    """How many people of each kind of worker were with each agency on the day."""
    rows = session.execute(
        sa.select(employed.c.agency_id, employed.c.role_group_id, sa.func.count())
        .where(employed.c.agency_id.in_(agency_ids))
        .group_by(employed.c.agency_id, employed.c.role_group_id)
        .order_by(employed.c.agency_id)
    )
    return Counter({(agency_id, group_id): number for agency_id, group_id, number in rows if agency_id is not None})


def _valid(
    session: Session, courses: Collection[CourseOf], employed: sa.Subquery, agency_ids: Collection[int], day: date
) -> tuple[Counter[Cell], Counter[tuple[int, str]]]:
    """How many of each agency's people a course is for had come to it or completed it, and needed not refresh it yet.

    And how many of them are up to date with at least one course of a level, each person once.
    """
    by_id = {course.id: course for course in courses}
    last_on = last_learned(session, employed, agency_ids, day)
    counted: Counter[Cell] = Counter()
    levels: set[tuple[int, str, int]] = set()
    for (course_id, person_id, agency_id, group_id), on in last_on.items():
        course = by_id.get(course_id)
        if course is None or agency_id is None or not is_for(course, group_id):
            continue
        by = refresh_by(on, course.refresher_months)
        if by is None or by >= day:
            counted[agency_id, course_id] += 1
            levels.add((agency_id, course.level, person_id))
    return counted, Counter((agency_id, level) for agency_id, level, _ in levels)


def last_learned(session: Session, employed: sa.Subquery, agency_ids: Collection[int], day: date) -> dict[Who, date]:
    """The last day until then on which each of these agencies' people attended or completed each course."""
    rows = session.execute(
        sa.select(
            Event.course_id,
            employed.c.person_id,
            employed.c.agency_id,
            employed.c.role_group_id,
            sa.func.max(Event.ends_at).label("last"),
        )
        .select_from(Booking)
        .join(Event, Event.id == Booking.event_id)
        .join(employed, employed.c.person_id == Booking.person_id)
        .where(Booking.state == BookingState.CONFIRMED, Booking.outcome == Outcome.ATTENDED)
        .where(employed.c.agency_id.in_(agency_ids), Event.ends_at <= end_of_day(day))
        .group_by(Event.course_id, employed.c.person_id, employed.c.agency_id, employed.c.role_group_id)
        .order_by(Event.course_id, employed.c.person_id)
    )
    last_on = {(row.course_id, row.person_id, row.agency_id, row.role_group_id): london_date(row.last) for row in rows}
    for who, on in last_completions(session, employed, agency_ids, day).items():
        last_on[who] = max(on, last_on.get(who, on))
    return last_on


def is_for(course: CourseOf, group_id: int | None) -> bool:
    """Whether somebody who does this kind of work needs the course; one for everyone is for whoever said none, too."""
    return not course.audience or group_id in course.audience


def _sum(shares: Iterable[Share]) -> Share:
    given = list(shares)
    return Share(sum(each.of for each in given), sum(each.valid for each in given))
