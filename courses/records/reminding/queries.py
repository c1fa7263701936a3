"""Whom a lead would remind of what, and who was written to lately."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from courses.records.compliance.queries import CourseOf
from courses.records.reminding.rules import KIND, NOT_AGAIN_FOR, CourseNeeded, ToRemind, to_remind
from courses.records.staff.queries import StaffRow, staff_table
from lms.frame.work import Work
from lms.kit.portions import portions
from lms.kit.working_days import london_date
from lms.mail.models import OutboxLetter
from lms.mail.rules import LetterState

REMINDERS = (KIND, "courses.certificate_refresher")
"""Both keys name the person and then the course."""
GOES_NOT = (LetterState.WITHDRAWN, LetterState.REFUSED, LetterState.UNDELIVERABLE)


@dataclass(frozen=True)
class ReminderRow:
    """One person, with what they would be reminded of."""

    person: StaffRow
    remind: ToRemind


def reminders(work: Work, person_ids: Collection[int], course_code: str = "") -> list[ReminderRow]:
    """Those of the lead's own people who are ticked, by name; of one course alone where one is chosen."""
    table = staff_table(work)
    chosen = table.course(course_code) if course_code else None
    courses = [chosen] if chosen else table.courses
    wanted = frozenset(person_ids)
    rows = [row for row in table.rows if row.id in wanted]
    written = _written_on(work, [row.id for row in rows])
    return [
        ReminderRow(
            row,
            to_remind(
                needed_by(row, courses),
                written.get(row.id, {}),
                has_address=bool(row.email),
                today=table.today,
            ),
        )
        for row in rows
    ]


def needed_by(row: StaffRow, courses: Sequence[CourseOf]) -> list[CourseNeeded]:
    """Of these courses, those that somebody needs."""
    return [
        CourseNeeded(each.id, each.code, each.title, row.needs[each.id]) for each in courses if each.id in row.needs
    ]


def _written_on(work: Work, person_ids: Sequence[int]) -> dict[int, dict[int, date]]:
    """The last day on which each was written to about each course; what did not arrive counts as nothing."""
    since = work.now - NOT_AGAIN_FOR - timedelta(days=1)
    found: dict[int, dict[int, date]] = {}
    for some in portions(person_ids):
        rows = work.session.execute(
            sa.select(OutboxLetter.person_id, OutboxLetter.key, OutboxLetter.created_at)
            .where(OutboxLetter.kind.in_(REMINDERS), OutboxLetter.person_id.in_(some))
            .where(OutboxLetter.created_at > since, OutboxLetter.state.not_in(GOES_NOT))
            .order_by(OutboxLetter.created_at, OutboxLetter.id)
        )
        for person_id, key, created_at in rows:
            course_id = key.split(":")[2]
            if person_id is not None and course_id.isdigit():
                found.setdefault(person_id, {})[int(course_id)] = london_date(created_at)
    return found
