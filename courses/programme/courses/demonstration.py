"""The demonstration's courses with their versions, and the people who asked for a date that suits them."""

from datetime import datetime, time, timedelta
from random import Random
from typing import Any

import sqlalchemy as sa

from courses.programme.courses.models import Course, CourseVersion, Interest
from courses.programme.courses.rules import CourseStatus, EventType
from lms.agencies.models import RoleGroup
from lms.frame.demonstration import chance, read_words
from lms.frame.work import Work
from lms.kit.working_days import add_months, london_date, next_working_day, wall_time
from lms.people.models import Person

MONTHS_BETWEEN_VERSIONS = 14
MONTHS_UNTIL_REVIEW = 12
MONTHS_OF_ONLY_VERSION = 20
PEOPLE_INTERESTED = 64
SHARE_ANSWERED = 0.2
NOTES = (
    "",
    "",
    "",
    "Mondays are my only day without clinics.",
    "An afternoon after school would suit four of us.",
    "Somewhere in Thornmere, please: I have no car.",
    "Evenings or a Saturday. We are volunteers with day jobs.",
    "Online would be best for our night shift.",
    "Any date in the school holidays.",
    "I am part time, Tuesdays to Thursdays.",
)


def load(work: Work) -> None:
    """Add the courses and the open and answered interests in them."""
    groups = {each.name: each for each in work.session.scalars(sa.select(RoleGroup).order_by(RoleGroup.id))}
    courses = [_course(work, words, groups) for words in read_words(__file__)["courses"]]
    work.session.add_all(courses)
    work.session.flush()
    work.session.add_all(_interests(work, courses))
    work.session.flush()


def _course(work: Work, words: dict[str, Any], groups: dict[str, RoleGroup]) -> Course:
    status = CourseStatus(words["status"])
    versions = words["versions"]
    reviewed = MONTHS_UNTIL_REVIEW + 1 if status is CourseStatus.REVIEW_DUE else 3 + len(words["code"]) % 7
    age = reviewed if versions > 1 else MONTHS_OF_ONLY_VERSION
    audience = [groups[name] for name in words["audience"]]
    made = [_moment(work, age + MONTHS_BETWEEN_VERSIONS * back) for back in reversed(range(versions))]
    return Course(
        code=words["code"],
        event_type=EventType(words["type"]),
        status=status,
        capacity=words["capacity"],
        refresher_months=words.get("refresher_months"),
        created_at=made[0] - timedelta(days=40),
        versions=[
            CourseVersion(
                number=number,
                is_current=number == versions,
                title=words["title"],
                level=words["level"],
                summary=words["summary"],
                aims=words["aims"].strip(),
                outcomes=words["outcomes"][: len(words["outcomes"]) - (number < versions)],
                audience_note=words["audience_note"],
                audience=list(audience),
                created_at=moment,
                reviewed_at=_moment(work, reviewed) if number == versions else moment,
            )
            for number, moment in enumerate(made, 1)
        ],
    )


def _moment(work: Work, months_ago: int) -> datetime:
    """Ten o'clock on a working day so many months ago."""
    return wall_time(next_working_day(add_months(london_date(work.now), -months_ago)), time(10))


def _interests(work: Work, courses: list[Course]) -> list[Interest]:
    """Each person asks once; the courses asked for most are those with few dates."""
    random = chance("interest")
    people = sa.select(Person).where(Person.is_here, Person.ref.startswith("RV")).order_by(Person.id)
    asking = random.sample(list(work.session.scalars(people)), PEOPLE_INTERESTED)
    return sorted((_interest(work, random, courses, person) for person in asking), key=lambda each: each.asked_at)


def _interest(work: Work, random: Random, courses: list[Course], person: Person) -> Interest:
    asked_at = work.now - timedelta(days=random.randrange(2, 150), minutes=random.randrange(600))
    is_answered = random.random() < SHARE_ANSWERED
    often = [4 if course.code in {"supervision", "mental-health-self-harm"} else 1 for course in courses]
    return Interest(
        course=random.choices(courses, often)[0],
        person=person,
        note=random.choice(NOTES),
        asked_at=asked_at,
        closed_at=asked_at + (work.now - asked_at) / 2 if is_answered else None,
    )
