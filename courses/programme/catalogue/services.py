"""Writing courses, their versions and their life in the catalogue; and asking for dates."""

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from courses.facts import CourseRevisionBegun, CourseStatusChanged
from courses.programme.courses import life, rules
from courses.programme.courses.models import Course, CourseVersion
from courses.programme.courses.queries import course_by_id
from courses.programme.courses.rules import CourseStatus, EventType
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from lms.agencies.models import RoleGroup
from lms.frame.locks import lock_rows
from lms.frame.work import Work
from lms.kit.errors import Conflict, Invalid, NotAllowed, NotFound


@dataclass(frozen=True)
class CourseWritten:
    """What a version of a course says."""

    title: str
    level: str = ""
    summary: str = ""
    aims: str = ""
    outcomes: tuple[str, ...] = ()
    audience_note: str = ""
    audience_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class Terms:
    """What holds for a course in every version."""

    code: str
    event_type: EventType = EventType.COURSE
    capacity: int | None = None
    refresher_months: int | None = None
    needs_approval: bool = False
    needed_ids: tuple[int, ...] = ()


def write_course(work: Work, terms: Terms, written: CourseWritten) -> Course:
    """A draft of a new course, version 1."""
    _check_may(work)
    course = Course(status=CourseStatus.DRAFT, created_at=work.now)
    _set_terms(work, course, terms)
    course.versions.append(_new_version(work, 1, is_current=True))
    _set_written(work, course.versions[0], written)
    work.session.add(course)
    work.record("course written", course, code=course.code)
    return course


def edit_course(work: Work, course_id: int, terms: Terms, written: CourseWritten) -> Course:
    """Correct the newest version in place: a draft, a revision being written, or a slip in the current one."""
    course = _locked(work, course_id)
    _set_terms(work, course, terms)
    _set_written(work, course.versions[-1], written)
    work.record("course edited", course, version=course.versions[-1].number)
    return course


def revise_course(work: Work, course_id: int) -> CourseVersion:
    """Begin the next version as a copy. The catalogue shows the current one until the new one is approved."""
    course = _locked(work, course_id)
    life.REVISE.check(course.status)
    last = course.versions[-1]
    version = _new_version(work, last.number + 1, is_current=False)
    course.versions.append(version)
    for name in ("title", "level", "summary", "aims", "outcomes", "audience_note"):
        setattr(version, name, getattr(last, name))
    version.audience = list(last.audience)
    course.status = CourseStatus.UNDER_REVISION
    work.session.flush()
    work.tell(CourseRevisionBegun(course.id, last.id, version.id))
    work.record("course revision begun", course, version=version.number)
    return version


def approve_course(work: Work, course_id: int) -> Course:
    """Approve a draft; or approve the next version, which is then current and taken by dates that are to come."""
    course = _locked(work, course_id)
    life.APPROVE.check(course.status)
    if course.status is CourseStatus.UNDER_REVISION:
        _make_current(work, course)
        course.status = CourseStatus.LIVE
    else:
        course.status = CourseStatus.APPROVED
    course.versions[-1].reviewed_at = work.now
    work.tell(CourseStatusChanged(course.id))
    work.record("course approved", course, version=course.versions[-1].number)
    return course


def make_course_live(work: Work, course_id: int) -> Course:
    """Put an approved course into the catalogue, say that a review changes nothing, or bring a retired one back."""
    course = _locked(work, course_id)
    life.MAKE_LIVE.check(course.status)
    if course.status is CourseStatus.REVIEW_DUE:
        course.versions[-1].reviewed_at = work.now
    course.status = CourseStatus.LIVE
    work.tell(CourseStatusChanged(course.id))
    work.record("course live", course)
    return course


def mark_review_due(work: Work, course_id: int) -> Course:
    """The course has to be read again. It stays in the catalogue."""
    course = _locked(work, course_id)
    life.ASK_FOR_REVIEW.check(course.status)
    course.status = CourseStatus.REVIEW_DUE
    work.record("course review due", course)
    return course


def ask_for_review(work: Work, course_id: int) -> Course:
    """Something that the course teaches has changed: it has to be read again. Nobody's permission is needed."""
    course = course_by_id(work.session, course_id, lock=True)
    if life.ASK_FOR_REVIEW.is_open(course.status):
        course.status = CourseStatus.REVIEW_DUE
        work.record("course review asked for", course)
    return course


def retire_course(work: Work, course_id: int) -> Course:
    """Take the course out of the catalogue. Its past stays as it is; dates still to come are decided first."""
    course = _locked(work, course_id)
    life.RETIRE.check(course.status)
    coming = work.session.scalar(
        sa.select(sa.func.count(Event.id)).where(
            Event.course_id == course.id,
            Event.state.in_([EventState.PLANNED, EventState.PUBLISHED, EventState.POSTPONED]),
            Event.ends_at > work.now,
        )
    )
    if coming:
        raise Conflict("This course has dates that are still to come. Cancel them first, then retire the course.")
    course.status = CourseStatus.RETIRED
    work.tell(CourseStatusChanged(course.id))
    work.record("course retired", course)
    return course


CHANGES: dict[str, tuple[Callable[[Work, int], object], str]] = {
    "revise": (revise_course, "The next version is begun. The catalogue shows the current one until you approve it."),
    "approve": (approve_course, "The course is approved."),
    "make-live": (make_course_live, "The course is live in the catalogue."),
    "review-due": (mark_review_due, "The course is marked as due for review."),
    "retire": (retire_course, "The course is retired."),
}
"""What a coordinator may do to a course by a button, and what they are told then."""


def _check_may(work: Work) -> None:
    if not work.actor.may("courses.manage_catalogue"):
        raise NotAllowed("Only coordinators can write courses. Ask the training team.")


def _locked(work: Work, course_id: int) -> Course:
    _check_may(work)
    return course_by_id(work.session, course_id, lock=True)


def _new_version(work: Work, number: int, *, is_current: bool) -> CourseVersion:
    return CourseVersion(
        number=number, is_current=is_current, outcomes=[], created_at=work.now, created_by_id=work.actor.person_id
    )


def _set_terms(work: Work, course: Course, terms: Terms) -> None:
    code = rules.checked_code(terms.code)
    with work.session.no_autoflush:
        taken = work.session.scalar(sa.select(Course.id).where(Course.code == code))
    if taken is not None and taken != course.id:
        raise Invalid(f"There is already a course with the code {code}. Choose another.", field="code")
    course.code = code
    course.event_type = terms.event_type
    course.capacity = terms.capacity
    course.refresher_months = terms.refresher_months
    course.needs_approval = terms.needs_approval
    with work.session.no_autoflush:
        course.needed = _needed(work, course, terms.needed_ids)


def _needed(work: Work, course: Course, ids: tuple[int, ...]) -> list[Course]:
    if course.id in ids:
        raise Invalid("A course cannot require itself. Remove it.", field="needed_ids")
    found = list(work.session.scalars(sa.select(Course).where(Course.id.in_(ids)).order_by(Course.code)))
    if len(found) != len(set(ids)):
        raise Invalid("Choose from the courses that are offered.", field="needed_ids")
    return found


def _set_written(work: Work, version: CourseVersion, written: CourseWritten) -> None:
    if not written.title.strip():
        raise Invalid("Give the course a title.", field="title")
    version.title = " ".join(written.title.split())
    version.level = rules.plain_level(written.level)
    version.summary = written.summary.strip()
    version.aims = written.aims.strip()
    version.outcomes = list(written.outcomes)
    version.audience_note = written.audience_note.strip()
    with work.session.no_autoflush:
        version.audience = _role_groups(work, written.audience_ids)


def _role_groups(work: Work, ids: tuple[int, ...]) -> list[RoleGroup]:
    found = list(
        work.session.scalars(
            sa.select(RoleGroup).where(RoleGroup.id.in_(ids)).order_by(RoleGroup.position, RoleGroup.name)
        )
    )
    if len(found) != len(set(ids)):
        raise NotFound("One of the kinds of work is no longer known. Go back and choose again.")
    return found


def _make_current(work: Work, course: Course) -> None:
    """The newest version becomes the one in the catalogue. What has begun or is over keeps the version it ran."""
    for version in course.versions:
        version.is_current = False
    work.session.flush()
    newest = course.versions[-1]
    newest.is_current = True
    coming = sa.select(Event.id).where(
        Event.course_id == course.id,
        Event.state.in_([EventState.PLANNED, EventState.PUBLISHED, EventState.POSTPONED]),
        Event.starts_at > work.now,
    )
    for event in lock_rows(work.session, Event, work.session.scalars(coming)):
        event.version = newest
