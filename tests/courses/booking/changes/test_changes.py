"""An event changes: who hears what, what becomes of free cancellation, and what of letters that had not left."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from icalendar import Calendar

from courses.booking.bookings.asking.letters import approval_asked
from courses.booking.bookings.jobs import renew_late_letters, send_reminders
from courses.booking.bookings.models import Booking
from courses.booking.bookings.places.letters import offer_gone
from courses.booking.bookings.places.models import Offer
from courses.booking.bookings.rules import BookingRequest, BookingState
from courses.booking.bookings.services import book_place, cancel_booking
from courses.programme.events.changes.rules import Place, is_same_building
from courses.programme.events.models import Event, Venue
from courses.programme.events.rules import EventDetails, PlannedDay
from courses.programme.events.services import change_event, move_event, postpone_event
from courses.programme.events.tables import as_row, read_events
from courses.programme.venues.services import VenueWritten, save_venue
from lms.frame import cells
from lms.frame.access import Actor
from lms.frame.work import Work
from lms.jobs.services import carry_out
from lms.kit.errors import Invalid
from lms.kit.working_days import end_of_day
from lms.mail.models import OutboxLetter
from lms.mail.rules import LetterState, leaves_at
from lms.people.models import Person
from lms.policies.models import PolicyVersion
from lms.policies.queries import policy_in_force
from tests.make import Make
from tests.moments import NOW

PLAIN = BookingRequest(manager_name="Bo Ashgrove", manager_email="bo@ashgrove.example")
OLD, NEW = "https://meet.example/old", "https://meet.example/new"


def online(make: Make, **values: object) -> Event:
    """Monday 30 March 2026, online, with a link."""
    event = make.event(starts=datetime(2026, 3, 30, 8, 30, tzinfo=UTC), **values)  # type: ignore[arg-type]
    event.days[0].venue, event.days[0].online_url = None, OLD
    make.session.flush()
    return event


def with_link(event: Event, link: str, ahead: timedelta = timedelta(0)) -> list[PlannedDay]:
    return [PlannedDay(day.starts_at + ahead, day.ends_at + ahead, 0, day.venue_id, link) for day in event.days]


def letters(work: Work, kind: str) -> list[OutboxLetter]:
    """Those that were not withdrawn."""
    query = sa.select(OutboxLetter).where(OutboxLetter.kind == f"courses.{kind}")
    return list(
        work.session.scalars(query.where(OutboxLetter.state != LetterState.WITHDRAWN).order_by(OutboxLetter.id))
    )


def test_a_new_link_reaches_everybody_who_holds_a_place_in_letter_and_calendar_and_reopens_nothing(
    office: Work, make: Make, deliver: Callable[[datetime], None]
) -> None:
    trainer = make.person("Denzil Marrowby")
    event = online(make, capacity=2, trainers=[trainer])
    holders = [book_place(office, event.id, make.person(name), PLAIN) for name in ("Amara", "Tobiah")]
    waits = book_place(office, event.id, make.person("Kezia"), PLAIN)
    free_until = holders[0].free_until
    office.now = NOW + timedelta(days=8)  # the joining instructions have gone, and free cancellation is over
    carry_out(office, send_reminders)
    deliver(office.now)
    office.now += timedelta(hours=2)
    move_event(office, event.id, with_link(event, NEW), why="The platform changed")
    told = letters(office, "event_joining")
    assert sorted(each.person_id or 0 for each in told) == sorted(each.person_id for each in holders)
    for each in told:
        assert each.context["parts"] == [["joining", "Link to join", OLD, NEW]]
        assert (each.context["online_urls"], each.context["why"]) == ([NEW], "The platform changed")
        (entry,) = Calendar.from_ical(each.calendar_text or "").walk("VEVENT")
        assert NEW in entry["DESCRIPTION"]
        assert int(entry["SEQUENCE"]) == 1
    assert [each.person_id for each in letters(office, "event_for_trainer")] == [trainer.id]
    assert letters(office, "event_moved") == []
    assert {each.free_until for each in holders} == {free_until}
    assert not [each for each in letters(office, "managers_copy") if each.context["about"] == "event_joining"]
    assert NEW not in str([each.context for each in letters(office, "waiting") if each.booking_id == waits.id])
    deliver(office.now)
    office.now = event.starts_at - timedelta(hours=20)
    carry_out(office, send_reminders)
    assert len(letters(office, "joining_instructions")) == 2, "no one is told the same twice"
    assert {str(each.context["online_urls"]) for each in letters(office, "last_reminder")} == {str([NEW])}


def test_a_corrected_note_is_told_or_not_as_the_office_chooses(office: Work, make: Make) -> None:
    event = make.event(joining_note="Park in teh yard")
    book_place(office, event.id, make.person(), PLAIN)
    office.session.execute(sa.update(OutboxLetter).values(state=LetterState.SENT, sent_at=NOW))
    change_event(office, event.id, EventDetails(joining_note="Park in the yard"), is_correction=True)
    assert letters(office, "event_joining") == []
    change_event(office, event.id, EventDetails(joining_note="The yard is closed"), why="Building works")
    (told,) = letters(office, "event_joining")
    assert told.context["parts"] == [["joining", "Joining instructions", "Park in the yard", "The yard is closed"]]
    assert told.calendar_text is None


def test_a_link_is_never_kept_quiet(office: Work, make: Make) -> None:
    event = online(make)
    book_place(office, event.id, make.person(), PLAIN)
    office.session.execute(sa.update(OutboxLetter).values(state=LetterState.SENT, sent_at=NOW))
    move_event(office, event.id, with_link(event, NEW))
    assert len(letters(office, "event_joining")) == 1


def test_whoever_has_heard_nothing_yet_hears_how_it_is_and_no_change(office: Work, make: Make) -> None:
    event = online(make)
    booking = book_place(office, event.id, make.person(), PLAIN)
    move_event(office, event.id, with_link(event, NEW, timedelta(days=14)), why="The trainer is ill")
    assert letters(office, "event_moved") == []
    (told,) = letters(office, "booking_confirmed")
    assert (told.booking_id, told.context["first_day"]) == (booking.id, "Monday 13 April 2026")
    assert NEW in (told.calendar_text or "").replace("\r\n ", "")


@pytest.mark.parametrize("there_and_back", [False, True])
def test_whoever_was_to_hear_that_they_wait_hears_it_of_the_event_as_it_is(
    office: Work, make: Make, deliver: Callable[[datetime], None], there_and_back: bool
) -> None:
    event = online(make, capacity=1)
    book_place(office, event.id, make.person("Amara"), PLAIN)
    waits = book_place(office, event.id, make.person("Kezia"), PLAIN)
    office.now += timedelta(minutes=5)
    move_event(office, event.id, with_link(event, OLD, timedelta(days=14)))
    if there_and_back:
        office.now += timedelta(minutes=5)
        move_event(office, event.id, with_link(event, OLD, timedelta(days=-14)))
    deliver(office.now)
    told = list(office.session.scalars(sa.select(OutboxLetter).where(OutboxLetter.booking_id == waits.id)))
    (sent,) = [each for each in told if each.state is LetterState.SENT]
    day = "Monday 30 March 2026" if there_and_back else "Monday 13 April 2026"
    assert (sent.kind, sent.context["first_day"], sent.context["position"]) == ("courses.waiting", day, 1)


def test_a_manager_who_was_not_asked_yet_is_asked_about_the_event_as_it_is(
    office: Work, make: Make, deliver: Callable[[datetime], None]
) -> None:
    event = online(make, course=make.course(needs_approval=True))
    waits = book_place(office, event.id, make.person("Kezia"), PLAIN)
    assert waits.state is BookingState.AWAITING_MANAGER
    office.now += timedelta(minutes=5)
    move_event(office, event.id, with_link(event, OLD, timedelta(days=14)))
    deliver(office.now)
    told = list(office.session.scalars(sa.select(OutboxLetter).where(OutboxLetter.booking_id == waits.id)))
    sent = {each.kind: each.context["first_day"] for each in told if each.state is LetterState.SENT}
    assert sent == dict.fromkeys(("courses.awaiting_manager", "courses.approval_asked"), "Monday 13 April 2026")


def test_what_moves_there_and_back_before_its_letter_left_is_told_to_nobody(office: Work, make: Make) -> None:
    event = online(make)
    book_place(office, event.id, make.person(), PLAIN)
    office.session.execute(sa.update(OutboxLetter).values(state=LetterState.SENT, sent_at=NOW))
    move_event(office, event.id, with_link(event, OLD, timedelta(days=14)))
    move_event(office, event.id, with_link(event, OLD, timedelta(days=-14)))
    assert letters(office, "event_moved") == []


def test_a_closing_date_set_by_hand_stays_when_the_event_moves(office: Work, make: Make) -> None:
    by_hand = end_of_day(datetime(2026, 3, 20).date())  # noqa: DTZ001
    event, usual = online(make, booking_closes_at=by_hand), online(make)
    move_event(office, event.id, with_link(event, OLD, timedelta(days=14)))
    move_event(office, usual.id, with_link(usual, OLD, timedelta(days=14)), despite_clashes=True)
    assert event.booking_closes_at == by_hand
    assert usual.booking_closes_at == end_of_day(datetime(2026, 4, 9).date())  # noqa: DTZ001


@pytest.mark.parametrize("reopens", [False, True])
def test_another_place_reopens_free_cancellation_only_by_the_terms(office: Work, make: Make, reopens: bool) -> None:
    event = make.event(starts=NOW + timedelta(days=4))
    terms = {**policy_in_force(office.session, NOW).terms, "other_place_reopens": reopens}
    begins = NOW - timedelta(days=1)
    office.session.add(PolicyVersion(number=2, in_force_from=begins, terms=terms, approved_at=begins))
    office.session.flush()
    booking = book_place(office, event.id, make.person(), PLAIN)
    was = booking.free_until
    days = [PlannedDay(day.starts_at, day.ends_at, 0, make.venue("Thornmere Library").id) for day in event.days]
    move_event(office, event.id, days, why="The room is flooded")
    expected = end_of_day(datetime(2026, 3, 18).date()) if reopens else was  # noqa: DTZ001
    assert booking.free_until == expected


def test_free_cancellation_reopens_until_the_second_working_day_after_the_letter_left(
    office: Work, make: Make, deliver: Callable[[datetime], None]
) -> None:
    """Moved on a Friday evening, and the mail is down until Wednesday: what the letter says is so when it arrives."""
    event = make.event(starts=datetime(2026, 3, 26, 9, 30, tzinfo=UTC))
    booking = book_place(office, event.id, make.person(), PLAIN)
    deliver(NOW)
    office.now = datetime(2026, 3, 20, 20, tzinfo=UTC)
    move_event(office, event.id, with_link(event, "", timedelta(days=4)), why="The trainer is ill")
    (first,) = letters(office, "event_moved")
    assert first.due_at == datetime(2026, 3, 23, 8, tzinfo=UTC), "a Monday morning"
    assert booking.free_until == end_of_day(datetime(2026, 3, 25).date())  # noqa: DTZ001
    office.now = datetime(2026, 3, 25, 8, 5, tzinfo=UTC)
    carry_out(office, renew_late_letters)
    deliver(office.now)
    (told,) = letters(office, "event_moved")
    assert told.state is LetterState.SENT
    assert told.context["free_until"] == "23:59 on Friday 27 March 2026"
    assert office.session.get_one(Booking, booking.id).free_until == end_of_day(
        datetime(2026, 3, 27).date()  # noqa: DTZ001
    )


def test_who_came_late_from_the_list_never_cancels_late_after_a_move_either(office: Work, make: Make) -> None:
    event = make.event(starts=NOW + timedelta(days=4))
    booking = book_place(office, event.id, make.person(), PLAIN)
    booking.free_until, booking.queued_at = event.starts_at, NOW
    move_event(office, event.id, with_link(event, "", timedelta(days=30)))
    assert booking.free_until == event.starts_at


def test_an_event_that_moves_near_and_back_leaves_the_terms_as_they_were(office: Work, make: Make) -> None:
    """Nobody hears of what moved there and back; free until the start was it only for as long as the start was near."""
    event = make.event()
    booked, waited = (book_place(office, event.id, make.person(), PLAIN) for _ in range(2))
    waited.queued_at, usual = NOW, booked.free_until
    near = event.starts_at - NOW - timedelta(hours=30)
    move_event(office, event.id, with_link(event, "", -near))
    assert booked.free_until == waited.free_until == event.starts_at
    move_event(office, event.id, with_link(event, "", near))
    assert booked.free_until == waited.free_until == usual


def test_another_booking_at_the_new_time_is_said(office: Work, make: Make) -> None:
    event, other = make.event(), make.event(make.course("Neglect"), starts=NOW + timedelta(days=60))
    person = make.person()
    for each in (event, other):
        book_place(office, each.id, person, PLAIN)
    office.session.execute(sa.update(OutboxLetter).values(state=LetterState.SENT, sent_at=NOW))
    days = with_link(event, "", other.starts_at - event.starts_at)
    move_event(office, event.id, days, why="The trainer is ill", despite_clashes=True)
    (told,) = letters(office, "event_moved")
    assert told.context["clash"].startswith("Neglect, ")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (Place("Ashbeck Centre, Larkham"), Place("Ashbeck Centre, Room 2, Larkham"), True),
        (Place("Ashbeck Centre, Larkham"), Place("Ashbeck Centre, Thornmere"), False),
        (Place("Room 1", "4 Mill Lane"), Place("Room 2", "4 Mill Lane"), True),
        (Place("Ashbeck Centre", "4 Mill Lane"), Place("Ashbeck Centre", "9 High Street"), False),
        (Place(), Place("Ashbeck Centre"), False),
        (Place(), Place(), True),
    ],
)
def test_another_room_of_the_same_building_is_no_other_place(one: Place, other: Place, same: bool) -> None:
    assert is_same_building(one, other) is same


@pytest.mark.parametrize(
    ("now", "leaves"),
    [
        (datetime(2026, 3, 16, 9, 52, tzinfo=UTC), datetime(2026, 3, 16, 9, 52, tzinfo=UTC)),
        (datetime(2026, 3, 16, 0, 0, 40, tzinfo=UTC), datetime(2026, 3, 16, 8, tzinfo=UTC)),
        (datetime(2026, 3, 20, 18, 0, tzinfo=UTC), datetime(2026, 3, 23, 8, tzinfo=UTC)),
        (datetime(2026, 4, 2, 20, 0, tzinfo=UTC), datetime(2026, 4, 7, 7, tzinfo=UTC)),
    ],
    ids=["in hours", "before", "Friday evening", "before Easter"],
)
def test_letters_that_nobody_waits_for_leave_in_office_hours(now: datetime, leaves: datetime) -> None:
    assert leaves_at(now) == leaves
    assert leaves_at(now, now + timedelta(hours=47)) == now, "what concerns the next 48 hours goes at once"


def test_no_letter_waits_for_office_hours_beyond_what_it_concerns() -> None:
    friday, monday = datetime(2026, 3, 20, 18, 30, tzinfo=UTC), datetime(2026, 3, 23, 8, tzinfo=UTC)
    assert leaves_at(friday, monday - timedelta(minutes=30)) == friday
    assert leaves_at(friday, monday + timedelta(minutes=90)) == monday


def test_an_offer_leaves_at_once_and_so_does_that_it_is_over(office: Work, make: Make) -> None:
    event = make.event(starts=datetime(2026, 4, 20, 9, tzinfo=UTC), capacity=1)
    holder, *_ = (book_place(office, event.id, make.person(name), PLAIN) for name in ("Amara", "Nerys"))
    night = datetime(2026, 3, 20, 23, 10, tzinfo=UTC)
    cancel_booking(replace(office, now=night), holder)
    (offer,) = letters(office, "place_offered")
    assert offer.due_at == night, "a Friday night: its 24 hours run"
    row = office.session.scalars(sa.select(Offer)).one()
    assert not offer_gone(replace(office, now=night), row.booking, row).can_wait
    assert not approval_asked(office, row.booking, "1")[0].can_wait, "a request to agree is answered before it closes"


def test_whoever_acts_at_night_hears_at_once_and_their_manager_in_the_morning(office: Work, make: Make) -> None:
    person, event = make.person(), make.event()
    night = datetime(2026, 3, 16, 23, 10, tzinfo=UTC)
    book_place(replace(office, now=night, actor=Actor(person.name, person.id)), event.id, person, PLAIN)
    due = {each.kind: each.due_at for each in office.session.scalars(sa.select(OutboxLetter))}
    assert due == {
        "courses.booking_confirmed": night,
        "courses.managers_copy": datetime(2026, 3, 17, 8, tzinfo=UTC),
    }


def test_the_page_says_who_would_be_told_and_asks(
    sign_in: Callable[[Person], FlaskClient], office: Work, make: Make
) -> None:
    event = make.event(joining_note="Park in teh yard")
    book_place(office, event.id, make.person(), PLAIN)
    office.session.execute(sa.update(OutboxLetter).values(state=LetterState.SENT, sent_at=NOW))
    browser, address = sign_in(make.coordinator()), f"/events/{event.id}/edit"
    page = browser.get(address).text
    assert "(optional) (optional)" not in page
    assert "1 person who holds a place" in page
    assert "Tell them what has changed?" in page
    browser.post(address, data={"joining_note": "Park in the yard", "tell": "no"})
    browser.post(address, data={"joining_note": "Come by bus", "tell": "yes", "why": "The yard is closed"})
    office.session.rollback()
    assert [each.context["why"] for each in letters(office, "event_joining")] == ["The yard is closed"]


@pytest.mark.parametrize("steps", ["move", "postpone", "postpone move", "postpone move note"])
def test_who_trains_no_more_hears_it_whatever_changes_before_the_letter_leaves(
    office: Work, make: Make, deliver: Callable[[datetime], None], steps: str
) -> None:
    trainer = make.person("Denzil Marrowby")
    event = online(make, trainers=[trainer])
    change_event(office, event.id, EventDetails(trainer_ids=(), joining_note="Ring the bell"), is_correction=True)
    for step in steps.split():
        if step == "postpone":
            postpone_event(office, event.id)
        elif step == "move":
            move_event(office, event.id, with_link(event, NEW))
        else:
            change_event(office, event.id, EventDetails(trainer_ids=(), joining_note=""))
    deliver(NOW + timedelta(hours=2))
    (letter,) = [each for each in letters(office, "event_for_trainer") if each.state is LetterState.SENT]
    assert letter.person_id == trainer.id
    assert letter.context["trains"] is False
    assert ["joining", "Trainers", trainer.name, "no one named yet"] in letter.context["parts"]
    assert NEW not in str(letter.context)


def test_a_spelling_that_is_corrected_quietly_is_right_in_what_has_not_left(office: Work, make: Make) -> None:
    event = make.event(joining_note="Park in teh yard", starts=NOW + timedelta(days=6))
    told, late = make.person(), make.person("Tobiah Wren")
    book_place(office, event.id, told, PLAIN)
    office.session.execute(sa.update(OutboxLetter).values(state=LetterState.SENT, sent_at=NOW))
    book_place(office, event.id, late, PLAIN)
    office.now = NOW + timedelta(days=1)
    carry_out(office, send_reminders)
    change_event(office, event.id, EventDetails(joining_note="Park in the yard"), is_correction=True)
    assert letters(office, "event_joining") == [], "no one hears of it"
    said = [(each.person_id, each.context["joining_note"]) for each in letters(office, "joining_instructions")]
    assert said == [(told.id, "Park in the yard"), (late.id, "Park in the yard")]
    carry_out(office, send_reminders)
    assert len(letters(office, "joining_instructions")) == 2


@pytest.mark.parametrize("part", ["time", "place", "link", "trainers"])
def test_a_file_tells_the_same_people_the_same_as_the_page(office: Work, make: Make, part: str) -> None:
    trainers = [make.person("Denzil Marrowby"), make.person("Ruth Ashby-Cole")]
    library = make.venue("Thornmere Library, Thornmere")
    said = []
    for by_file in (False, True):
        event = online(make, trainers=trainers[:1], capacity=1)
        for name in ("Amara", "Tobiah"):
            book_place(office, event.id, make.person(name), PLAIN)
        office.session.execute(sa.update(OutboxLetter).values(state=LetterState.SENT, sent_at=NOW))
        change = _by_file if by_file else _by_page
        change(office, event, part, library, trainers[1])
        rows = office.session.scalars(
            sa.select(OutboxLetter)
            .where(OutboxLetter.event_id == event.id, OutboxLetter.state == LetterState.WAITING)
            .order_by(OutboxLetter.id)
        )
        said.append([(row.kind, row.context.get("parts"), row.calendar_method) for row in rows])
    assert said[0] == said[1]
    assert said[0], "someone hears it"


def _by_page(office: Work, event: Event, part: str, library: Venue, trainer: Person) -> None:
    ahead = timedelta(days=14) if part == "time" else timedelta(0)
    venue_id = library.id if part == "place" else None
    days = [
        PlannedDay(day.starts_at + ahead, day.ends_at + ahead, 0, venue_id, NEW if part == "link" else OLD)
        for day in event.days
    ]
    if part == "trainers":
        change_event(office, event.id, EventDetails(trainer_ids=(trainer.id,)), despite_clashes=True)
    else:
        move_event(office, event.id, days, despite_clashes=True)


def _by_file(office: Work, event: Event, part: str, library: Venue, trainer: Person) -> None:
    (day,) = event.days
    ahead = timedelta(days=14) if part == "time" else timedelta(0)
    row = {
        **as_row(event, day),
        "starts_at": cells.said_wall(day.starts_at + ahead),
        "ends_at": cells.said_wall(day.ends_at + ahead),
        "venue": library.name if part == "place" else "",
        "online_url": NEW if part == "link" else OLD,
    }
    row |= {"trainers": trainer.ref} if part == "trainers" else {}
    read_events(office, [row])(row)


def test_a_file_moves_nothing_that_people_were_told_of_into_the_past(office: Work, make: Make) -> None:
    event = online(make)
    row = {**as_row(event, event.days[0]), "starts_at": "2026-03-02T09:30", "ends_at": "2026-03-02T16:00"}
    with pytest.raises(Invalid, match="in the past"):
        read_events(office, [row])(row)


def corrected(office: Work, venue: Venue, why: str = "", *, is_correction: bool = False, **values: str) -> None:
    described = VenueWritten(venue.name, venue.town, venue.address, directions=venue.directions)
    save_venue(office, venue.id, replace(described, **values), why=why, is_correction=is_correction)


def test_a_corrected_address_is_told_to_whoever_comes_there_and_stands_in_their_calendar(
    office: Work, make: Make
) -> None:
    trainer, venue = make.person("Denzil Marrowby"), make.venue("Thornmere Library, Larkham")
    event, past = make.event(capacity=1, trainers=[trainer]), make.event(starts=NOW - timedelta(days=9))
    for each in (event, past):
        each.days[0].venue = venue
    holder, waits = (book_place(office, event.id, make.person(name), PLAIN) for name in ("Amara", "Tobiah"))
    office.session.execute(sa.update(OutboxLetter).values(state=LetterState.SENT, sent_at=NOW))
    was = holder.free_until
    corrected(office, venue, address="9 High Street, Larkham", directions="Enter from the yard", why="A wrong number")
    (told,) = letters(office, "event_joining")
    assert (told.person_id, told.context["why"]) == (holder.person_id, "A wrong number")
    assert [part[1:] for part in told.context["parts"]] == [
        ["Where", "Thornmere Library, Larkham", "Thornmere Library, 9 High Street, Larkham"],
        ["How to get there", "nothing", "Enter from the yard"],
    ]
    assert "9 High Street" in (told.calendar_text or "")
    assert [each.person_id for each in letters(office, "event_for_trainer")] == [trainer.id]
    assert [each for each in letters(office, "waiting") if each.state is LetterState.WAITING] == []
    assert (holder.free_until, waits.place_number) == (was, None)


def test_a_corrected_spelling_of_a_venue_is_told_to_nobody_and_right_in_what_has_not_left(
    office: Work, make: Make
) -> None:
    venue, event = make.venue("Thornmere Libary, Larkham"), make.event()
    event.days[0].venue = venue
    book_place(office, event.id, make.person(), PLAIN)
    office.session.execute(sa.update(OutboxLetter).values(state=LetterState.SENT, sent_at=NOW))
    book_place(office, event.id, make.person("Tobiah Wren"), PLAIN)
    corrected(office, venue, name="Thornmere Library, Larkham", is_correction=True)
    assert letters(office, "event_joining") == []
    waiting = [each for each in letters(office, "booking_confirmed") if each.state is LetterState.WAITING]
    assert [each.context["where"] for each in waiting] == [["Thornmere Library, Larkham"]]


def test_the_page_of_a_venue_says_who_would_be_told(
    sign_in: Callable[[Person], FlaskClient], office: Work, make: Make
) -> None:
    event = make.event()
    venue = event.days[0].venue
    assert venue is not None
    book_place(office, event.id, make.person(), PLAIN)
    make.commit()
    browser, address = sign_in(make.coordinator()), f"/venues/{venue.id}"
    assert "1 person who holds a place at 1 coming event here" in browser.get(address).text
    typed = {"name": venue.name, "town": venue.town, "address": "9 High Street", "directions": "", "tell": "yes"}
    assert browser.post(address, data=typed).status_code == 303
    office.session.rollback()
    (told,) = letters(office, "booking_confirmed")
    assert told.context["where"] == ["Ashbeck Centre, 9 High Street"], "they had not heard of it yet"
