"""The report, and the lines of it that somebody confirms."""

from collections.abc import Mapping

from flask_wtf.file import FileField, FileRequired

from courses.attendance.register.rules import MarkKind, Seen, minutes_of
from lms.frame.web import Form
from lms.kit.errors import Invalid

MOST_LINES = 2_000


class ReportForm(Form):
    """The file as Teams writes it."""

    report = FileField(
        "Attendance report",
        description="In Teams: the meeting, Attendance, Download. It is a .csv file.",
        validators=[FileRequired("Choose the report.")],
    )


class ConfirmMeetingForm(Form):
    """The lines are read by `read_lines`, because there are as many as people."""


def read_lines(said: Mapping[str, str]) -> dict[int, Seen]:
    """Whom somebody confirmed, by booking: `who-<n>` with its minutes. A line for nobody is left out."""
    confirmed: dict[int, Seen] = {}
    for number in range(1, MOST_LINES):
        if f"who-{number}" not in said:
            break
        who = said[f"who-{number}"]
        if not who:
            continue
        if not who.isascii() or not who.isdigit() or int(who) in confirmed:
            raise Invalid("One person was chosen twice. Choose each once.")
        late, early = (minutes_of(said.get(f"{name}-{number}", "")) or 0 for name in ("late", "early"))
        confirmed[int(who)] = Seen(MarkKind.PRESENT, late, early)
    return confirmed
