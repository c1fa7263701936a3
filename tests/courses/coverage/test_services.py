"""Covering learning points, carrying coverage on, telling reviews, asking for course reviews, and the CSV kind."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from courses.coverage.checks import links_out_of_step
from courses.coverage.models import Coverage
from courses.coverage.rules import How
from courses.coverage.services import change_coverage, cover_point, keep_links, remove_coverage
from courses.coverage.tables import export_coverage, read_coverage
from courses.coverage.written import CoverageWritten
from courses.programme.catalogue.services import approve_course, make_course_live, retire_course, revise_course
from courses.programme.courses.models import Course
from courses.programme.courses.rules import CourseStatus
from lms.frame.work import Work
from lms.kit.errors import Conflict, Invalid, NotAllowed, NotFound
from lms.mail.models import OutboxLetter
from reviews.cases.rules import Publication
from reviews.facts import EmbargoLifted
from reviews.learning.models import LearningPoint, LearningPointLink
from reviews.learning.queries import PointFilter, point_rows
from reviews.learning.rules import PointStatus
from reviews.learning.services import change_point
from reviews.learning.written import PointWritten
from tests.courses.coverage.conftest import Learning
from tests.make import Make
from tests.moments import NOW

WRITTEN = CoverageWritten(How.PRACTISED, date(2025, 7, 1), place="Scenario in pairs", minutes=40)


def links(work: Work) -> list[str]:
    return [link.source for link in work.session.scalars(sa.select(LearningPointLink).order_by(LearningPointLink.id))]


def status(work: Work, point: LearningPoint) -> PointStatus:
    return next(row.status for row in point_rows(work.session, work.actor, PointFilter()) if row.id == point.id)


def covered(work: Work, course: Course) -> list[tuple[int, str]]:
    rows = sa.select(Coverage).where(Coverage.course_version_id == course.versions[-1].id).order_by(Coverage.id)
    return [(each.learning_point_id, each.how.value) for each in work.session.scalars(rows)]


def test_a_point_that_a_live_course_covers_is_addressed(desk: Work, make: Make, learning: Learning) -> None:
    course, point = make.course(), learning.point()
    assert status(desk, point) is PointStatus.AGREED
    made = cover_point(desk, course.id, point.id, WRITTEN)
    assert status(desk, point) is PointStatus.ADDRESSED
    remove_coverage(desk, made.id)
    assert status(desk, point) is PointStatus.AGREED
    assert covered(desk, course) == []


def test_a_draft_addresses_nothing_until_it_is_in_the_catalogue(desk: Work, make: Make, learning: Learning) -> None:
    course, point = make.course(status=CourseStatus.APPROVED), learning.point()
    cover_point(desk, course.id, point.id, WRITTEN)
    assert links(desk) == []
    make_course_live(desk, course.id)
    assert links(desk) == [f"courses.coverage:{course.id}:{point.id}"]
    retire_course(desk, course.id)
    assert links(desk) == []


def test_the_next_version_carries_coverage_on_and_the_former_keeps_its_own(
    desk: Work, make: Make, learning: Learning
) -> None:
    course, point, hidden = make.course(), learning.point(), learning.point(review=learning.review(embargoed=True))
    learning.cover(course, hidden)
    cover_point(desk, course.id, point.id, WRITTEN)
    former = course.versions[-1]
    next_version = revise_course(desk, course.id)
    carried = covered(desk, course)
    assert carried == [(hidden.id, "taught"), (point.id, "practised")], "embargoed learning comes along unseen"
    of_next = sa.select(Coverage).where(
        Coverage.course_version_id == next_version.id, Coverage.learning_point_id == point.id
    )
    line = desk.session.scalars(of_next).one()
    remove_coverage(desk, line.id)
    assert status(desk, point) is PointStatus.ADDRESSED, "the version in the catalogue still covers it"
    approve_course(desk, course.id)
    assert status(desk, point) is PointStatus.AGREED
    left = desk.session.scalars(sa.select(Coverage.learning_point_id).where(Coverage.course_version_id == former.id))
    assert set(left) == {hidden.id, point.id}


def test_coverage_is_refused_in_words(desk: Work, work: Work, make: Make, learning: Learning) -> None:
    course, point = make.course(), learning.point()
    made = cover_point(desk, course.id, point.id, WRITTEN)
    with pytest.raises(Invalid, match="already covers it"):
        cover_point(desk, course.id, point.id, WRITTEN)
    with pytest.raises(Invalid, match="in the future"):
        change_coverage(desk, made.id, CoverageWritten(How.TAUGHT, NOW.date() + timedelta(days=1)))
    with pytest.raises(Invalid, match="above zero"):
        change_coverage(desk, made.id, CoverageWritten(How.TAUGHT, NOW.date(), minutes=0))
    with pytest.raises(Invalid, match="Only an agreed"):
        cover_point(desk, course.id, learning.point(agreed_on=None, agreed_minute="").id, WRITTEN)
    with pytest.raises(NotFound, match="cannot find that learning point"):
        cover_point(desk, course.id, learning.point(review=learning.review(embargoed=True)).id, WRITTEN)
    with pytest.raises(Conflict, match="retired"):
        cover_point(desk, make.course(status=CourseStatus.RETIRED).id, point.id, WRITTEN)


def test_only_coordinators_write_coverage(officer: Work, make: Make, learning: Learning) -> None:
    with pytest.raises(NotAllowed):
        cover_point(officer, make.course().id, learning.point().id, WRITTEN)


def test_a_former_version_stays_as_it_was(desk: Work, make: Make, learning: Learning) -> None:
    course, point = make.course(), learning.point()
    made = cover_point(desk, course.id, point.id, WRITTEN)
    revise_course(desk, course.id)
    with pytest.raises(Conflict, match="earlier version"):
        change_coverage(desk, made.id, WRITTEN)


def letters(work: Work) -> list[OutboxLetter]:
    of_kind = sa.select(OutboxLetter).where(OutboxLetter.kind == "courses.review_asked")
    return list(work.session.scalars(of_kind.order_by(OutboxLetter.id)))


def change(work: Work, point: LearningPoint, text: str) -> None:
    change_point(work, point.id, PointWritten(text=text, review_id=point.review_id), is_new_meaning=True)


def test_a_changed_point_asks_the_owners_of_its_courses_once(
    desk: Work, officer: Work, make: Make, learning: Learning
) -> None:
    course, other, point = make.course(), make.course(), learning.point()
    cover_point(desk, course.id, point.id, WRITTEN)
    change(officer, point, "Ask again whenever the household changes")
    change(officer, point, "Ask again whenever the household changes, and write it down")
    assert (course.status, other.status) == (CourseStatus.REVIEW_DUE, CourseStatus.LIVE)
    (letter,) = letters(desk)
    assert letter.person_id == desk.actor.person_id
    assert "household" not in str(letter.context)


def test_nobody_is_asked_while_an_embargo_stands_but_when_it_is_lifted(
    desk: Work, officer: Work, make: Make, learning: Learning
) -> None:
    review = learning.review(embargoed=True)
    course, point = make.course(), learning.point(review=review)
    learning.cover(course, point)
    make.coordinator("Bo Ashgrove")
    course.versions[-1].reviewed_at = NOW - timedelta(days=90)
    change(officer, point, "Ask again whenever the household changes")
    assert course.status is CourseStatus.LIVE
    assert letters(desk) == []
    review.publication = Publication.FULL
    officer.tell(EmbargoLifted(review.id, (point.id,)))
    assert course.status is CourseStatus.REVIEW_DUE
    assert len(letters(desk)) == 2
    assert links(desk) == [f"courses.coverage:{course.id}:{point.id}"]


def rows_of(course: Course, point: LearningPoint, **values: str) -> dict[str, str]:
    row = {"course_code": course.code, "learning_point_ref": point.ref, "how": "taught", "since": "2025-07-01"}
    return {**row, **values}


def read_all(work: Work, rows: list[dict[str, str]]) -> list[str]:
    read = read_coverage(work, list(rows))
    changes = [read(row).what for row in rows]
    work.session.flush()
    return changes


def test_coverage_comes_in_and_goes_out_as_it_was(program_work: Work, make: Make, learning: Learning) -> None:
    course, first, second = make.course(), learning.point(), learning.point("Ask again")
    rows = [rows_of(course, first, how="Practised"), rows_of(course, second)]
    assert read_all(program_work, rows) == ["added", "added"]
    assert read_all(program_work, rows) == ["unchanged", "unchanged"]
    assert len(links(program_work)) == 2
    assert read_all(program_work, [rows_of(course, second, how="mentioned")]) == ["changed"]
    out = [dict(each) for each in export_coverage(program_work)]
    assert [(each["how"], each["since"]) for each in out] == [("practised", "2025-07-01"), ("mentioned", "2025-07-01")]
    assert read_all(program_work, out) == ["unchanged", "unchanged"]


@pytest.mark.parametrize(
    ("column", "cell"),
    [("course_code", "nowhere"), ("learning_point_ref", "none"), ("how", "sung"), ("since", "2031-01-01")],
)
def test_a_row_that_cannot_be_read_is_refused_at_its_column(
    program_work: Work, make: Make, learning: Learning, column: str, cell: str
) -> None:
    row = rows_of(make.course(), learning.point(), **{column: cell})
    with pytest.raises(Invalid) as refusal:
        read_coverage(program_work, [row])(row)
    assert refusal.value.field == column


def test_a_coordinators_file_finds_no_embargoed_learning(
    desk: Work, officer: Work, make: Make, learning: Learning
) -> None:
    course, hidden = make.course(), learning.point(review=learning.review(embargoed=True))
    row = rows_of(course, hidden)
    with pytest.raises(Invalid, match="There is no learning point"):
        read_coverage(desk, [row])(row)
    learning.cover(course, hidden)
    assert list(export_coverage(desk)) == []
    assert [each["learning_point_ref"] for each in export_coverage(officer)] == [hidden.ref]


def test_the_check_finds_what_is_out_of_step(program_work: Work, make: Make, learning: Learning) -> None:
    course, point = make.course(), learning.point()
    learning.cover(course, point)
    learning.cover(course, learning.point(review=learning.review(embargoed=True)))
    (line,) = links_out_of_step(program_work)
    assert point.ref in line
    keep_links(program_work, course)
    assert list(links_out_of_step(program_work)) == []
    course.status = CourseStatus.RETIRED
    (line,) = links_out_of_step(program_work)
    assert "does not cover" in line
