"""There is a course for it: to those who asked for a topic."""

from courses.programme.courses.models import Course
from courses.programme.wanted.models import TopicAsked
from lms.kit.words import long_date
from lms.mail.letters import Letter


def topic_found(asked: TopicAsked, course: Course, title: str, *, has_dates: bool) -> Letter:
    """The course, and whether it has dates already."""
    return Letter(
        kind="courses.topic_found",
        key=f"courses.topic_found:{asked.person_id}:{asked.id}",
        person_id=asked.person_id,
        context={
            "topic": asked.topic,
            "course": title,
            "course_code": course.code,
            "asked_on": long_date(asked.asked_at),
            "has_dates": has_dates,
        },
        can_wait=True,
    )
