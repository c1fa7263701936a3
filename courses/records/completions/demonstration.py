"""The demonstration's e-learning: people who did a course on the platform instead of coming."""

from datetime import timedelta

import sqlalchemy as sa

from courses.programme.courses.models import Course
from courses.records.completions.models import Completion
from lms.frame.demonstration import chance
from lms.frame.work import Work
from lms.kit.working_days import london_date
from lms.people.models import Person

COURSE_CODE = "working-together"
EVERY = 8
DAYS_BACK = 420


def load(work: Work) -> None:
    """Every eighth person completed it on some day of the last fourteen months."""
    course_id = work.session.scalar(sa.select(Course.id).where(Course.code == COURSE_CODE))
    if course_id is None:
        return
    people = work.session.execute(
        sa.select(Person.id, Person.agency_id).where(Person.is_here).order_by(Person.id)
    ).all()
    by_chance, today = chance("e-learning"), london_date(work.now)
    work.session.execute(
        sa.insert(Completion),
        [
            {
                "course_id": course_id,
                "person_id": person_id,
                "agency_id": agency_id,
                "completed_on": today - timedelta(days=by_chance.randrange(1, DAYS_BACK)),
                "created_at": work.now,
            }
            for person_id, agency_id in people[::EVERY]
        ],
    )
