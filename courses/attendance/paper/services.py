"""Typing a sign-in sheet back into the register."""

from dataclasses import dataclass

from courses.attendance.paper.rules import TypedBack
from courses.attendance.register.queries import register_of
from courses.attendance.register.rules import MarkKind, Seen
from courses.attendance.register.services import mark_people
from lms.frame.work import Work
from lms.kit.errors import Invalid


@dataclass(frozen=True)
class Done:
    """How many were marked present, and how many absent."""

    present: int
    absent: int


def type_back(work: Work, event_id: int, number: int, entries: list[TypedBack], *, others_are_absent: bool) -> Done:
    """Mark those who signed; when it is said so, those without any mark are absent. Raises Invalid, Conflict."""
    register = register_of(work.session, event_id, number, work.actor)
    known = {row.booking_id: row for row in register.rows}
    unknown = [entry.code for entry in entries if entry.booking_id not in known]
    if unknown:
        raise Invalid(f"No longer on the register: {', '.join(unknown)}. Add them as walk-ins.", field="codes")
    changes = {entry.booking_id: entry.seen for entry in entries}
    left = [row for row in register.rows if row.booking_id not in changes and row.seen is None]
    absent = {row.booking_id: Seen(MarkKind.ABSENT) for row in left} if others_are_absent else {}
    mark_people(work, event_id, number, changes | absent)
    return Done(len(changes), len(absent))
