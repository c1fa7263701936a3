"""What courses do when learning changes: ask those who look after them to read them again."""

import sqlalchemy as sa

from courses.coverage import letters
from courses.coverage.queries import courses_covering
from courses.coverage.services import carry_on, keep_links
from courses.facts import CourseRevisionBegun, CourseStatusChanged
from courses.programme.catalogue.services import ask_for_review
from courses.programme.courses.models import Course
from lms.frame.access import PUBLIC, Role
from lms.frame.work import Work
from lms.kit.working_days import london_date
from lms.people.models import Person, RoleGrant
from reviews.facts import EmbargoLifted, LearningPointAgreed, LearningPointChanged
from reviews.learning.models import LearningPoint
from reviews.learning.queries import visible_points


def carry_coverage_on(work: Work, fact: CourseRevisionBegun) -> None:
    """The next version begins by covering what the one before it does."""
    carry_on(work, fact.before_version_id, fact.version_id)


def follow_course(work: Work, fact: CourseStatusChanged) -> None:
    """What a course in the catalogue covers addresses learning; nothing else does."""
    keep_links(work, work.session.get_one(Course, fact.course_id))


def review_after_change(work: Work, fact: LearningPointChanged) -> None:
    """An agreed point means something else now: what teaches it is read again."""
    _ask(work, fact.learning_point_id, f"{fact.learning_point_id}:{fact.changed_on.isoformat()}")


def review_after_agreement(work: Work, fact: LearningPointAgreed) -> None:
    """A point is agreed that a course covers already, as an import may say: the course is read again."""
    _ask(work, fact.learning_point_id, f"{fact.learning_point_id}:{fact.agreed_on.isoformat()}")


def take_up_what_was_embargoed(work: Work, fact: EmbargoLifted) -> None:
    """Link what courses cover, and ask for the reviews for which nobody could be asked while the embargo stood."""
    for course in courses_covering(work.session, fact.learning_point_ids):
        keep_links(work, course)
    points = sa.select(LearningPoint).where(
        LearningPoint.id.in_(fact.learning_point_ids), LearningPoint.agreed_on.is_not(None)
    )
    for point in work.session.scalars(points.order_by(LearningPoint.id)).all():
        if point.agreed_on is not None:
            settled_on = max(point.agreed_on, point.meaning_changed_on or point.agreed_on)
            for course in courses_covering(work.session, [point.id]):
                version = next(each for each in course.versions if each.is_current)
                if london_date(version.reviewed_at or version.created_at) < settled_on:
                    _ask_owners(work, course, f"{point.id}:{settled_on.isoformat()}")


def _ask(work: Work, point_id: int, occurrence: str) -> None:
    """Nobody is asked while an embargo stands: that there is something to read again would tell of it."""
    open_to_all = sa.select(LearningPoint.id).where(LearningPoint.id == point_id, visible_points(PUBLIC))
    if work.session.scalar(open_to_all) is not None:
        for course in courses_covering(work.session, [point_id]):
            _ask_owners(work, course, occurrence)


def _ask_owners(work: Work, course: Course, occurrence: str) -> None:
    ask_for_review(work, course.id)
    title = next(each.title for each in course.versions if each.is_current)
    owners = (
        sa.select(Person)
        .where(Person.id.in_(sa.select(RoleGrant.person_id).where(RoleGrant.role == Role.COORDINATOR)))
        .where(Person.is_here)
        .order_by(Person.id)
    )
    for owner in work.session.scalars(owners).all():
        work.send(letters.review_asked(work, owner, course, title, occurrence))
