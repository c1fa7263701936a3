"""Reading what Teams writes: old and new shapes, several joins, whose address it is."""

from datetime import UTC, datetime, timedelta

import pytest

from courses.attendance.meetings.forms import read_lines
from courses.attendance.meetings.queries import matched
from courses.attendance.meetings.rules import minutes_there, read_report, seen_in
from courses.attendance.register.queries import register_of
from courses.attendance.register.rules import MarkKind, Seen, TaughtDay
from courses.booking.bookings.rules import BookingRequest
from courses.booking.bookings.services import book_place
from lms.frame.work import Work
from lms.kit.errors import Invalid
from lms.people.models import PersonAddress
from tests.make import Make

START = datetime(2026, 4, 9, 8, 30, tzinfo=UTC)
DAY = TaughtDay(START, START + timedelta(hours=6, minutes=30), 60)
NEW = """1. Summary
Meeting title\tWorking together
Attended participants\t2
Start time\t4/9/26, 9:20:11 AM

2. Participants
Name\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tParticipant ID (UPN)\tRole
Amara F-O\t4/9/26, 9:25:00 AM\t4/9/26, 4:10:00 PM\t6h 5m\tAmara@RVCH.example\tamara@rvch.example\tAttendee
Guest\t4/9/26, 9:50:00 AM\t4/9/26, 3:00:00 PM\t5h 10m\t\t\tAttendee

3. In-Meeting Activities
Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole
Amara F-O\t4/9/26, 9:25:00 AM\t4/9/26, 12:00:00 PM\t2h 35m\tamara@rvch.example\tAttendee
Amara F-O\t4/9/26, 11:50:00 AM\t4/9/26, 12:05:00 PM\t15m\tamara@rvch.example\tAttendee
Amara F-O\t4/9/26, 12:40:00 PM\t4/9/26, 4:10:00 PM\t3h 30m\tamara@rvch.example\tAttendee
Guest\t4/9/26, 9:50:00 AM\t4/9/26, 3:00:00 PM\t5h 10m\t\tAttendee
"""
OLD = """Meeting Summary
Total Number of Participants\t1

Full Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole\tParticipant ID (UPN)
Amara F-O\t09/04/2026, 09:20:00\t09/04/2026, 16:30:00\t7h 10m\tamara@rvch.example\tAttendee\tamara@rvch.example
"""


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig", "utf-8"])
def test_minutes_of_several_joins_are_added_up_once(encoding: str) -> None:
    amara, guest = read_report(NEW.replace("\n", "\r\n").encode(encoding), DAY)
    assert amara.addresses == ["amara@rvch.example"]
    assert minutes_there(amara, DAY) == 355
    assert seen_in(amara, DAY) == Seen(MarkKind.PRESENT)
    assert seen_in(guest, DAY) == Seen(MarkKind.PRESENT, 20, 0)


def test_the_old_shape_and_british_dates_are_read() -> None:
    (amara,) = read_report(OLD.encode("utf-16"), DAY)
    assert minutes_there(amara, DAY) == 390
    assert seen_in(amara, DAY) == Seen(MarkKind.PRESENT)


def test_leaving_early_is_what_was_missed_beyond_the_breaks() -> None:
    (amara,) = read_report(OLD.replace("16:30", "14:00").encode(), DAY)
    assert seen_in(amara, DAY) == Seen(MarkKind.PRESENT, 0, 60)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "not an attendance report"),
        ("a\tb\n1\t2\n", "not an attendance report"),
        (OLD.replace("/2026", "/2025"), "another day"),
    ],
)
def test_what_is_no_report_of_this_day_is_refused(text: str, says: str) -> None:
    with pytest.raises(Invalid, match=says):
        read_report(text.encode(), DAY)
    with pytest.raises(Invalid):
        read_report(b"PK\x03\x04\x00\xff\xd8\x00", DAY)


def test_people_are_found_by_any_of_their_addresses_but_not_by_a_shared_one(work: Work, make: Make) -> None:
    event = make.event()
    amara = make.person("Amara", email="amara.fenwick@rvch.example")
    amara.addresses.append(PersonAddress(address="amara@rvch.example"))
    shared = [make.person(f"Shared {n}", email="team@rvch.example") for n in range(2)]
    for person in (amara, *shared):
        book_place(work, event.id, person, BookingRequest())
    register = register_of(work.session, event.id, 1, work.actor)
    text = OLD + "Team\t09/04/2026, 09:20:00\t09/04/2026, 16:30:00\t7h\tteam@rvch.example\tAttendee\t\n"
    lines = matched(work.session, register, read_report(text.encode(), register.block))
    assert [(line.participant.name, line.row.name if line.row else None) for line in lines] == [
        ("Amara F-O", "Amara"),
        ("Team", None),
    ]


def test_only_confirmed_lines_count_and_nobody_twice() -> None:
    said = {"who-1": "7", "late-1": "20", "early-1": "", "who-2": "", "who-3": "8"}
    assert read_lines(said) == {7: Seen(MarkKind.PRESENT, 20), 8: Seen(MarkKind.PRESENT)}
    with pytest.raises(Invalid, match="twice"):
        read_lines({"who-1": "7", "who-2": "7"})
