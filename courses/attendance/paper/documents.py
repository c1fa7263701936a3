"""The sign-in sheet: names, agencies, room to sign, and a short code for each to type back."""

from courses.attendance.paper.rules import sheet_code
from courses.attendance.register.queries import Register
from courses.programme import words as of_event
from lms.frame.work import Work
from lms.kit.documents import Document, table, words
from lms.kit.words import clock, long_date, moment

EMPTY_LINES = 5
ROOM_TO_SIGN = 11.0
"""Of each line, in millimetres."""
HOW = (
    "Please sign beside your name. If you are late or leave early, write the time. If you are not on the list, write "
    "your name, agency and email address on an empty line."
)


def sign_in_sheet(work: Work, register: Register, owner: str) -> bytes:
    """The sheet as a PDF. It goes round the room, so it says nothing of what anybody needs."""
    event, day = register.event, register.day
    numbered = f", day {day.number} of {len(event.days)}" if len(event.days) > 1 else ""
    document = Document(
        f"Sign-in sheet: {event.version.title}",
        owner,
        as_at=f"Printed {moment(work.now)}. Event {event.ref}{numbered}.",
    )
    rows = [[row.name, row.agency, "", "", sheet_code(row.booking_id, day.number)] for row in register.rows]
    rows += [["", "", "", "", ""] for _ in range(EMPTY_LINES)]
    document.add(
        words(
            f"{long_date(day.starts_at)}, {clock(day.starts_at)} to {clock(day.ends_at)}. {of_event.place_of_day(day)}"
        ),
        words(HOW),
        table(
            ["Name", "Agency", "Signature", "In / out", "Code"],
            rows,
            widths=[5, 5, 5, 2, 1.4],
            least_height=ROOM_TO_SIGN,
        ),
    )
    return document.data()
