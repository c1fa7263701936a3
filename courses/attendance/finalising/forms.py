"""Finalising, and a correction with its reason."""

from collections.abc import Mapping, Sequence

from wtforms.validators import InputRequired, Length

from courses.attendance.finalising.queries import BookingMarked
from courses.attendance.register.forms import RowTyped, as_typed, read_row, typed_row
from courses.attendance.register.queries import block_of
from courses.attendance.register.rules import Seen
from courses.programme.events.models import EventDay
from lms.frame.fields import TextAreaField
from lms.frame.web import Form
from lms.kit.errors import Invalid


class CorrectForm(Form):
    """Why; the marks themselves are read by `read_days`, because there are as many as days."""

    reason = TextAreaField(
        "Why the register is corrected",
        description="We keep it, and people who act on the outcome see it.",
        validators=[InputRequired("Enter why you are correcting the register. We keep the reason."), Length(max=500)],
    )


def read_days(said: Mapping[str, str], days: Sequence[EventDay]) -> dict[int, Seen]:
    """The marks that were changed, by event day. Raises Invalid in words."""
    changed = {}
    for day in days:
        typed = typed_row(said, f"-{day.id}")
        try:
            seen = read_row(typed, block_of(day), day.ends_at)
        except Invalid as refusal:
            raise Invalid(f"Day {day.number}: {refusal.words}") from None
        if seen is not None:
            changed[day.id] = seen
    return changed


def days_shown(each: BookingMarked, said: Mapping[str, str] | None = None) -> list[tuple[EventDay, RowTyped]]:
    """Each day with its controls, as they stand or as they were typed."""
    return [
        (day, typed_row(said, f"-{day.id}") if said is not None else as_typed(each.seen.get(day.id)))
        for day in each.booking.event.days
    ]
