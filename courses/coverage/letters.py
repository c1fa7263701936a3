"""The letter that asks a course's owners to read it again.

It names the course and no learning point: the list of letters keeps what they said, and a review may come under an
embargo later.
"""

from courses.programme.courses.models import Course
from lms.frame.work import Work
from lms.kit.letters import Letter
from lms.kit.words import long_date
from lms.kit.working_days import london_date
from lms.people.models import Person


def review_asked(work: Work, coordinator: Person, course: Course, title: str, occurrence: str) -> Letter:
    """To a coordinator, once for each change."""
    return Letter(
        kind="courses.review_asked",
        key=f"courses.review_asked:{coordinator.id}:{course.id}:{occurrence}",
        person_id=coordinator.id,
        can_wait=True,
        context={"course": title, "course_id": course.id, "day": long_date(london_date(work.now))},
    )
