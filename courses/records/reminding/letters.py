"""The letter in which an agency's lead asks somebody to book a course; several of a day go as one."""

from datetime import date

from courses.records.reminding.rules import KIND, OF_SEVERAL, CourseNeeded
from courses.records.staff.queries import StaffRow
from lms.kit.letters import Letter


def training_due(person: StaffRow, course: CourseNeeded, *, asked_by: str, today: date) -> Letter:
    """Once a day at most, and not twice in a fortnight (`services`): about one course, with what is said of it."""
    return Letter(
        kind=KIND,
        key=f"{KIND}:{person.id}:{course.id}:{today:%Y%m%d}",
        person_id=person.id,
        context={
            "course": course.title,
            "course_code": course.code,
            "course_id": course.id,
            "agency_id": person.agency_id,
            "due": course.words,
            "asked_by": asked_by,
        },
        can_wait=True,
        gathers=OF_SEVERAL,
    )
