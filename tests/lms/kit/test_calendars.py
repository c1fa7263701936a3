"""Calendar text, read back as a calendar reads it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from lms.kit.calendars import CalendarEntry, Method, feed, invitation
from lms.kit.working_days import LONDON, parse_wall

ENTRY = CalendarEntry(
    uid="booking-21936-day-1@training.example",
    sequence=0,
    starts_at=parse_wall("2026-04-09 09:30"),
    ends_at=parse_wall("2026-04-09 16:00"),
    title="Safer babies: working with families in the first year",
    location="Ashbeck Centre, 4 Mill Lane, Larkham RV1 4QT",
    description="Parking is behind the building.\nBring your questions.",
    url="https://training.example/my",
    changed_at=parse_wall("2026-03-16 09:52"),
)
HOSTILE = [
    "Neglect, again; and\r\nBEGIN:VEVENT\r\nSUMMARY:Another",
    "One\nATTENDEE:mailto:else@example.org",
    "Back\\slash \\n and \\, and 100% \"quoted\"; 'single' ^n",
    "Bell \x07, null \x00, line \u2028 page \u2029 next \x85 form \x0c and half a pair \ud800",
    "Très long " + "é" * 200,
]
PEOPLE = {
    "organizer_name": "Rowan Valley training team",
    "organizer_email": "training@example.org",
    "attendee_name": "Amara Fenwick-Osei",
    "attendee_email": "amara@example.org",
}


def invite(entry: CalendarEntry = ENTRY, method: Method = "REQUEST", **changed: str) -> str:
    return invitation(entry, method, **{**PEOPLE, **changed})


def read(text: str) -> tuple[Calendar, Any]:
    calendar = Calendar.from_ical(text)
    assert isinstance(calendar, Calendar)
    assert calendar.errors == []
    [event] = calendar.events
    assert event.errors == []
    return calendar, event


def lines(text: str) -> list[str]:
    """Content lines as they were before they were folded."""
    return text.replace("\r\n ", "").split("\r\n")


def test_an_invitation_puts_the_event_in_the_calendar() -> None:
    calendar, event = read(invite())
    assert calendar["METHOD"] == "REQUEST"
    assert event["UID"] == ENTRY.uid
    assert event["SEQUENCE"] == 0
    assert event["STATUS"] == "CONFIRMED"
    assert event["SUMMARY"] == ENTRY.title
    assert event["LOCATION"] == ENTRY.location
    assert event.start == ENTRY.starts_at
    assert event.end == ENTRY.ends_at
    assert event["DTSTAMP"].dt == ENTRY.changed_at


def test_a_moved_event_is_the_same_entry_at_its_new_time() -> None:
    moved = replace(
        ENTRY,
        sequence=1,
        starts_at=ENTRY.starts_at + timedelta(days=14),
        ends_at=ENTRY.ends_at + timedelta(days=14),
        changed_at=ENTRY.changed_at + timedelta(days=1),
    )
    calendar, event = read(invite(moved))
    assert calendar["METHOD"] == "REQUEST"
    assert (event["UID"], event["SEQUENCE"]) == (ENTRY.uid, 1)
    assert event.start == moved.starts_at
    assert event.DTSTAMP > read(invite())[1].DTSTAMP


def test_a_cancelled_booking_takes_the_entry_away() -> None:
    calendar, event = read(invite(replace(ENTRY, sequence=2, is_cancelled=True), "CANCEL"))
    assert calendar["METHOD"] == "CANCEL"
    assert (event["UID"], event["SEQUENCE"]) == (ENTRY.uid, 2)
    assert event["STATUS"] == "CANCELLED"
    assert event["TRANSP"] == "TRANSPARENT"
    assert event["X-MICROSOFT-CDO-BUSYSTATUS"] == "FREE"
    assert event.start == ENTRY.starts_at
    assert str(event["ORGANIZER"]) == "mailto:training@example.org"


def test_a_cancelled_entry_is_never_sent_as_an_invitation() -> None:
    with pytest.raises(ValueError, match="CANCEL"):
        invite(replace(ENTRY, is_cancelled=True))


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
def test_one_person_is_invited_and_the_sender_is_the_organizer(method: Method) -> None:
    _, event = read(invite(method=method))
    assert str(event["ATTENDEE"]) == "mailto:amara@example.org"  # a second one would make this a list
    assert event["ATTENDEE"].params["CN"] == "Amara Fenwick-Osei"
    assert str(event["ORGANIZER"]) == "mailto:training@example.org"
    assert event["ORGANIZER"].params["CN"] == "Rowan Valley training team"


def test_no_reply_is_asked_for_because_declining_cancels_nothing() -> None:
    _, event = read(invite())
    assert event["ATTENDEE"].params["RSVP"] == "FALSE"
    assert event["X-MICROSOFT-DISALLOW-COUNTER"] == "TRUE"


def test_the_time_is_taken_in_the_diary_and_no_alarm_is_set() -> None:
    _, event = read(invite())
    assert event["TRANSP"] == "OPAQUE"
    assert event["X-MICROSOFT-CDO-BUSYSTATUS"] == event["X-MICROSOFT-CDO-INTENDEDSTATUS"] == "BUSY"
    assert "VALARM" not in invite()
    assert event.subcomponents == []


@pytest.mark.parametrize(
    ("day", "offset"), [("2026-03-27", 0), ("2026-03-30", 1), ("2026-10-23", 1), ("2026-10-26", 0)]
)
def test_half_past_nine_is_half_past_nine_on_both_sides_of_the_clock_change(day: str, offset: int) -> None:
    entry = replace(ENTRY, starts_at=parse_wall(f"{day} 09:30"), ends_at=parse_wall(f"{day} 16:00"))
    text = invite(entry)
    assert f"DTSTART;TZID=Europe/London:{day.replace('-', '')}T093000" in lines(text)
    _, event = read(text)
    assert event.start.astimezone(UTC).hour == 9 - offset
    assert event.start == entry.starts_at


def test_an_event_on_the_night_of_the_clock_change_keeps_its_moments() -> None:
    entry = replace(ENTRY, starts_at=parse_wall("2026-03-28 23:30"), ends_at=parse_wall("2026-03-29 02:30"))
    _, event = read(invite(entry))
    assert event.end.astimezone(UTC) - event.start.astimezone(UTC) == timedelta(hours=2)


def test_the_rules_of_london_time_come_with_the_text_and_are_the_real_ones() -> None:
    [zone] = read(invite())[0].timezones
    assert zone.tz_name == "Europe/London"
    rules = zone.to_tz(lookup_tzid=False)
    for day in range(366 * 3):
        noon = datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(days=day)
        assert noon.replace(tzinfo=rules).utcoffset() == noon.replace(tzinfo=LONDON).utcoffset()


def test_the_rules_are_yearly_and_not_a_list_of_dates_which_outlook_misreads() -> None:
    text = invite()
    assert text.count("RRULE:FREQ=YEARLY") == 2
    assert "RDATE" not in text


@pytest.mark.parametrize("title", HOSTILE)
def test_a_hostile_title_stays_a_title(title: str) -> None:
    text = invite(replace(ENTRY, title=title, location=title))
    _, event = read(text)
    assert event["SUMMARY"] == event["LOCATION"]
    assert "\n" not in event["SUMMARY"]
    assert event["SUMMARY"].split()[0] == title.split(maxsplit=1)[0]
    assert len(text.splitlines()) == len(text.split("\r\n")) - 1
    assert [line for line in lines(text) if line.startswith("BEGIN:VEVENT")] == ["BEGIN:VEVENT"]


def test_commas_semicolons_and_backslashes_are_read_back_as_typed() -> None:
    title = "Neglect, again; a \\ and \\n"
    assert read(invite(replace(ENTRY, title=title)))[1]["SUMMARY"] == title


def test_a_hostile_name_or_address_adds_nothing() -> None:
    name = 'Sam "the" O’Neil, jr; x:y^n\r\nATTENDEE:mailto:else@example.org'
    text = invite(attendee_name=name, attendee_email="a@example.org\r\nX-EVIL:1", organizer_name=name)
    _, event = read(text)
    assert event["ATTENDEE"].params["CN"].startswith("Sam 'the' O’Neil, jr; x:yn ATTENDEE")
    assert len([line for line in lines(text) if line.startswith("ATTENDEE")]) == 1
    assert not [line for line in lines(text) if line.startswith("X-EVIL")]
    assert "^" not in text


def test_a_person_without_a_name_is_shown_by_address() -> None:
    assert read(invite(attendee_name=" "))[1]["ATTENDEE"].params["CN"] == "amara@example.org"


def test_paragraphs_are_kept_and_the_page_is_named_where_outlook_shows_it() -> None:
    _, event = read(invite())
    assert event["DESCRIPTION"] == f"{ENTRY.description}\n\n{ENTRY.url}"
    assert event["URL"] == ENTRY.url
    _, event = read(invite(replace(ENTRY, description=f"See {ENTRY.url}.")))
    assert event["DESCRIPTION"] == f"See {ENTRY.url}."


def test_what_is_not_known_is_left_out() -> None:
    _, event = read(invite(replace(ENTRY, location="", description="", url="")))
    assert not {"LOCATION", "DESCRIPTION", "URL"} & set(event)


def test_lines_are_folded_and_end_as_the_standard_says() -> None:
    text = invite(replace(ENTRY, title=HOSTILE[-1]))
    assert text.endswith("END:VCALENDAR\r\n")
    assert all("\n" not in line for line in text.split("\r\n"))
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75


def test_the_same_input_gives_the_same_text() -> None:
    assert invite() == invite()
    assert feed([ENTRY], "Courses") == feed([ENTRY], "Courses")
    later = replace(ENTRY, uid="another", starts_at=ENTRY.starts_at + timedelta(days=1))
    assert feed([ENTRY, later], "Courses") == feed([later, ENTRY], "Courses")


def test_the_text_survives_the_mail() -> None:
    letter = EmailMessage()
    letter.set_content("Your place is booked.")
    text = invite(replace(ENTRY, title=HOSTILE[-1]))
    letter.add_alternative(text, subtype="calendar", params={"method": "REQUEST"})
    part = letter.get_payload(1)
    assert isinstance(part, EmailMessage)
    assert part["Content-Type"].params["method"] == "REQUEST"
    assert part.get_content().splitlines() == text.splitlines()


def test_a_feed_names_itself_says_how_often_to_look_and_invites_nobody() -> None:
    text = feed([ENTRY], "My courses, and more")
    calendar, event = read(text)
    assert calendar["METHOD"] == "PUBLISH"
    assert calendar["NAME"] == calendar["X-WR-CALNAME"] == "My courses, and more"
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H" in lines(text)
    assert "X-PUBLISHED-TTL:PT1H" in lines(text)
    assert not {"ATTENDEE", "ORGANIZER"} & set(event)
    assert event["STATUS"] == "CONFIRMED"
    assert event.start == ENTRY.starts_at


def test_a_feed_carries_many_entries_in_order_of_time() -> None:
    entries = [
        replace(ENTRY, uid=f"{n}@training.example", starts_at=ENTRY.starts_at - timedelta(days=n)) for n in range(5)
    ]
    events = Calendar.from_ical(feed(entries, "Courses")).events
    assert [str(event["UID"])[0] for event in events] == ["4", "3", "2", "1", "0"]


def test_a_cancelled_event_in_a_feed_says_so_and_frees_the_time() -> None:
    _, event = read(feed([replace(ENTRY, is_cancelled=True, sequence=3)], "Courses"))
    assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", 3)
    assert event["SUMMARY"] == f"Cancelled: {ENTRY.title}"
    assert (event["TRANSP"], event["X-MICROSOFT-CDO-BUSYSTATUS"]) == ("TRANSPARENT", "FREE")


def test_the_public_list_takes_no_time_in_the_diary() -> None:
    _, event = read(feed([ENTRY], "Courses", is_busy=False))
    assert (event["STATUS"], event["TRANSP"]) == ("CONFIRMED", "TRANSPARENT")
    assert event["X-MICROSOFT-CDO-BUSYSTATUS"] == "FREE"


def test_an_empty_feed_is_still_a_calendar() -> None:
    assert Calendar.from_ical(feed([], "Courses")).events == []


@given(title=st.text(min_size=1), description=st.text(), name=st.text())
def test_no_text_that_people_type_breaks_the_calendar(title: str, description: str, name: str) -> None:
    text = invite(replace(ENTRY, title=title, description=description), attendee_name=name)
    _, event = read(text)
    assert event.start == ENTRY.starts_at
    assert [line for line in lines(text) if line.startswith(("BEGIN:", "END:"))].count("BEGIN:VEVENT") == 1
    assert len([line for line in lines(text) if line.startswith("ATTENDEE")]) == 1
