"""E-learning completions as rows of a CSV file: thousands at once, in a number of queries that grows with thousands."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import TypeVar

import sqlalchemy as sa

from courses.programme.courses.models import Course
from courses.programme.courses.rules import tidied
from courses.records.completions.models import Completion
from lms.frame import cells
from lms.frame.plugins import UNCHANGED, Change, Column, Import, RowReader
from lms.frame.work import Work
from lms.kit.errors import Invalid
from lms.kit.portions import portions
from lms.kit.working_days import london_date
from lms.people.models import Person

COLUMNS = (
    Column("course_code", is_key=True),
    Column("person_ref", is_key=True),
    Column("completed_on", is_key=True),
)
Key = tuple[int, int, date]
Value = TypeVar("Value")


def read_completions(work: Work, rows: list[Mapping[str, str]]) -> RowReader:
    """Add completions. All three columns are the key, so a row is there already or it is new."""
    courses = _courses(work, {tidied(cells.text(row, "course_code")) for row in rows})
    people = _people(work, {cells.text(row, "person_ref") for row in rows})
    there = _there(work, courses.values(), people.values())
    today = london_date(work.now)

    def read(row: Mapping[str, str]) -> Change:
        course = cells.one_of({**row, "course_code": tidied(row["course_code"])}, "course_code", courses, what="course")
        person = cells.one_of(row, "person_ref", people, what="person")
        completed_on = cells.iso_date(row, "completed_on", required=True)
        if course is None or person is None or completed_on is None:
            raise Invalid("Enter a value.")
        if person.merged_into_id is not None:
            words = "This record was merged into another. Use the reference of the person kept."
            raise Invalid(words, field="person_ref")
        if completed_on > today:
            raise Invalid("This date is in the future. Check the year.", field="completed_on")
        key = (course.id, person.id, completed_on)
        if key in there:
            return UNCHANGED
        there.add(key)
        completion = Completion(
            course_id=course.id,
            person_id=person.id,
            agency_id=person.agency_id,
            completed_on=completed_on,
            created_at=work.now,
        )
        work.session.add(completion)
        return Change("added", thing=completion)

    return read


def export_completions(work: Work) -> Iterator[Mapping[str, str]]:
    """Every completion, by course, person and day. What was merged into another person is theirs."""
    rows = work.session.execute(
        sa.select(Course.code, Person.ref, Completion.completed_on)
        .join(Course, Course.id == Completion.course_id)
        .join(Person, Person.id == Completion.person_id)
        .order_by(Course.code, Person.ref, Completion.completed_on)
    )
    return (
        {"course_code": code, "person_ref": ref, "completed_on": cells.said_date(completed_on)}
        for code, ref, completed_on in rows
    )


def _courses(work: Work, codes: set[str]) -> dict[str, Course]:
    found = work.session.scalars(sa.select(Course).where(Course.code.in_(codes)).order_by(Course.id))
    return {course.code: course for course in found}


def _people(work: Work, refs: set[str]) -> dict[str, Person]:
    return {
        person.ref: person
        for some in portions(sorted(refs))
        for person in work.session.scalars(sa.select(Person).where(Person.ref.in_(some)).order_by(Person.id))
    }


def _there(work: Work, courses: Iterable[Course], people: Iterable[Person]) -> set[Key]:
    course_ids = [course.id for course in courses]
    columns = (Completion.course_id, Completion.person_id, Completion.completed_on)
    return {
        (course_id, person_id, completed_on)
        for some in portions([person.id for person in people])
        for course_id, person_id, completed_on in work.session.execute(
            sa.select(*columns)
            .where(Completion.person_id.in_(some), Completion.course_id.in_(course_ids))
            .order_by(*columns)
        )
    }


IMPORT = Import(
    kind="completions",
    words="Completions: who completed which e-learning course, and when",
    columns=COLUMNS,
    reader=read_completions,
    export=export_completions,
    permission="courses.manage_bookings",
    position=80,
)
