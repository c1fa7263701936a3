"""An agency lead reminds their people of what they need."""

from collections.abc import Collection

import sqlalchemy as sa

from courses.records.reminding.letters import training_due
from courses.records.reminding.queries import ReminderRow, reminders
from lms.entrusting.own_people.queries import is_own
from lms.frame.locks import lock_rows
from lms.frame.work import Work
from lms.kit.working_days import london_date
from lms.people.models import Person


def remind_people(work: Work, person_ids: Collection[int], course_code: str = "") -> list[ReminderRow]:
    """Write to each of the lead's own people who has something due and nothing booked. Answers who was written to.

    Nobody is written to twice in a fortnight about one course, also when the same is sent twice.
    """
    chosen = sa.select(Person.id).where(is_own(work.actor), Person.id.in_(person_ids))
    lock_rows(work.session, Person, work.session.scalars(chosen).all())
    rows = [row for row in reminders(work, person_ids, course_code) if row.remind.courses]
    today = london_date(work.now)
    for row in rows:
        letters = [training_due(row.person, each, asked_by=work.actor.name, today=today) for each in row.remind.courses]
        work.send(*letters)
        person = work.session.get_one(Person, row.person.id)
        work.record("reminded of training", person, courses=[each.code for each in row.remind.courses])
    return rows
