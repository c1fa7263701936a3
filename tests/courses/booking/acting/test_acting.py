"""Links in letters act on one's own booking: as whoever it is for, and as whoever else got hold of one."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from courses.booking.bookings.models import Booking
from courses.booking.bookings.queries import OWN
from courses.booking.bookings.rules import BookingRequest, BookingState
from courses.booking.bookings.services import book_place, cancel_booking
from courses.booking.bookings.undoing.services import undo
from lms.audit.models import AuditEntry
from lms.frame.access import Actor
from lms.frame.work import Work
from lms.mail.models import OutboxLetter
from lms.mail.previews import preview
from lms.mail.queries import every_letter
from lms.mail.rendering import renderer_for
from lms.merging.services import merge_people
from lms.people.models import Person
from lms.people.services import mark_left
from tests.application import SIGNING
from tests.make import Make
from tests.moments import NOW

S = BookingState
LOOP, DIET = "A hearing loop near the front", "No nuts at all"
STEPS = ("", "/cancel", "/move", "/give", "/needs", "/manager", "/join")
Deliver = Callable[[datetime], None]


@pytest.fixture
def amara(make: Make) -> Person:
    return make.person("Amara Fenwick-Osei", agency=make.agency(domains=["rvch.example"]))


@pytest.fixture
def booking(office: Work, make: Make, amara: Person) -> Booking:
    """Amara's place, a while ago, with what she needs and a line manager."""
    request = BookingRequest(
        manager_name="Bo Ashgrove", manager_email="bo@rvch.example", needs=LOOP, food=DIET, phone_on_day="01632 960111"
    )
    by = replace(office, actor=Actor(amara.name, amara.id), now=NOW - timedelta(days=1))
    return book_place(by, make.event().id, amara, request)


def link_of(booking: Booking) -> str:
    signed = OWN.sign(SIGNING, (booking.id, booking.person_id, booking.person.email, booking.links_number))
    return f"/your-booking/{signed}"


def written(work: Work, *kinds: str) -> list[str]:
    work.session.rollback()
    rows = sa.select(OutboxLetter.kind).where(OutboxLetter.created_at >= NOW).order_by(OutboxLetter.id)
    found = [kind.removeprefix("courses.") for kind in work.session.scalars(rows)]
    return [each for each in found if not kinds or each in kinds]


def sent(tmp_path: Path) -> dict[str, str]:
    """The text of each letter that went, by address."""
    found: dict[str, str] = {}
    for path in sorted((tmp_path / "mailbox").glob("*.eml")):
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        parts = [each.get_content() for each in message.walk() if each.get_content_maintype() == "text"]
        found[str(message["To"].addresses[0].addr_spec)] = found.get(str(message["To"]), "") + "\n".join(parts)
    return found


def test_the_letter_to_whoever_booked_carries_the_links_and_no_copy_does(
    client: FlaskClient, office: Work, make: Make, booking: Booking, deliver: Deliver, tmp_path: Path
) -> None:
    """Managers, the agency's lead and the office, which can read every letter, get none of them."""
    deliver(NOW)
    deliver(NOW + timedelta(days=1))
    letters = sent(tmp_path)
    found = set(re.findall(r"http://localhost(/your-booking/[^\s\"<]+)", letters[booking.person.email]))
    assert {each.rpartition("/")[2] for each in found} == {"cancel", "move", "give", "needs", "manager", "join"}
    assert all(client.get(each).status_code == 200 for each in found)
    assert "your-booking" not in letters["bo@rvch.example"]
    rows = office.session.scalars(sa.select(OutboxLetter).order_by(OutboxLetter.id)).all()
    assert "own_token" not in str([row.context for row in rows])
    renderer = renderer_for(client.application, office.session)
    shown = [preview(renderer, row).text for row in every_letter(office.session)]
    assert all("your-booking" not in each for each in shown)


def test_looking_changes_nothing_and_shows_nothing_that_she_told_us(
    client: FlaskClient, office: Work, make: Make, booking: Booking
) -> None:
    """A scanner opens every link, and whoever has the letter reads the page."""
    link = link_of(booking)
    make.event(booking.event.course, starts=booking.event.starts_at + timedelta(days=30))
    make.commit()
    for step in STEPS:
        for method in ("GET", "HEAD"):
            answer = client.open(link + step, method=method)
            assert answer.status_code == 200, step
            told = (LOOP, DIET, "01632 960111", "bo@rvch.example", booking.person.email)
            assert [each for each in told if each in answer.text] == [], step
    assert written(office) == []
    assert booking.state is S.CONFIRMED


def test_cancelling_says_what_it_may_cost_first_and_is_what_signed_in_does(
    client: FlaskClient,
    office: Work,
    make: Make,
    booking: Booking,
    clock: Callable[[], datetime],
    sign_in: Callable[[Person], FlaskClient],
) -> None:
    clock.now = booking.free_until + timedelta(days=1)  # type: ignore[attr-defined]
    link = link_of(booking)
    theirs = sign_in(booking.person)
    page, signed_in = client.get(f"{link}/cancel").text, theirs.get(f"/bookings/{booking.id}/cancel").text
    for words in ("This is a late cancellation", "may be charged £50"):
        assert (words in page, words in signed_in) == (True, True), words
    assert client.post(f"{link}/cancel", data={"reason": "Court"}).status_code == 303
    office.session.rollback()
    assert (booking.state, booking.cancel_reason, booking.cancelled_by_id) == (S.CANCELLED, "Court", booking.person_id)
    assert written(office, "booking_cancelled", "managers_copy") == ["booking_cancelled", "managers_copy"]
    by = office.session.scalars(sa.select(AuditEntry.actor_name).where(AuditEntry.event == "booking cancelled")).one()
    assert by == "Amara Fenwick-Osei (by the link of an email)"
    assert "You cancelled this booking" in client.get(link).text


def test_a_link_that_was_used_does_nothing_again_also_after_it_was_undone(
    client: FlaskClient, office: Work, make: Make, booking: Booking
) -> None:
    link = link_of(booking)
    make.commit()
    assert client.post(f"{link}/cancel", data={}).status_code == 303
    assert client.post(f"{link}/cancel", data={}).status_code == 409
    office.session.rollback()
    undo(replace(office, actor=Actor(booking.person.name, booking.person_id)), booking)
    new = link_of(booking)
    make.commit()
    for step in STEPS[1:-1]:
        assert client.post(link + step, data={"reason": "again"}).status_code == 409, step
    assert "newer email" in client.get(f"{link}/cancel").text
    office.session.rollback()
    assert booking.state is S.CONFIRMED
    assert client.get(f"{new}/cancel").status_code == 200


def test_she_moves_to_another_date_once(client: FlaskClient, office: Work, make: Make, booking: Booking) -> None:
    other = make.event(booking.event.course, starts=booking.event.starts_at + timedelta(days=30))
    link, other_id = link_of(booking), other.id
    make.commit()
    assert client.post(f"{link}/move", data={"event_id": other_id}).status_code == 303
    office.session.rollback()
    new = office.session.scalars(sa.select(Booking).where(Booking.event_id == other_id)).one()
    assert (booking.state, booking.moved_to_id, new.needs.needs if new.needs else "") == (S.TRANSFERRED, new.id, LOOP)
    assert "Moved to another date" in client.get(link).text
    assert client.post(f"{link}/move", data={"event_id": other_id}).status_code == 409
    assert "already been moved once" in client.get(f"{link_of(new)}/move").text


def test_she_gives_the_place_to_a_colleague_by_address_only(
    client: FlaskClient, office: Work, make: Make, booking: Booking
) -> None:
    kezia = make.person("Kezia Lanercoste", agency=booking.agency)
    link, ref, address = link_of(booking), kezia.ref, kezia.email
    make.commit()
    assert client.post(f"{link}/give", data={"person_ref": ref}).status_code == 422, "a link tells no one who has which"
    seen = client.post(f"{link}/give", data={"person_ref": address})
    assert (seen.status_code, "Kezia Lanercoste" in seen.text) == (200, True)
    assert client.post(f"{link}/give", data={"person_ref": address, "step": "give"}).status_code == 303
    office.session.rollback()
    assert booking.state is S.SUBSTITUTED
    assert client.get(link_of(booking)).text.count("A colleague took this place") == 2
    theirs = office.session.scalars(sa.select(Booking).where(Booking.person_id == kezia.id)).one()
    assert client.get(f"{link}/join").status_code == 200
    assert "How to join" not in client.get(f"{link}/join").text
    assert LOOP not in client.get(f"{link_of(theirs)}/needs").text


def test_needs_are_written_and_never_read(client: FlaskClient, office: Work, make: Make, booking: Booking) -> None:
    link = link_of(booking)
    make.commit()
    answer = client.post(f"{link}/needs", data={"food": "Halal", "phone_on_day": "not a number"})
    assert (answer.status_code, LOOP in answer.text, "Halal" in answer.text) == (422, False, True)
    assert client.post(f"{link}/needs", data={"food": "Halal"}).status_code == 303
    office.session.rollback()
    assert booking.needs is not None
    assert (booking.needs.needs, booking.needs.food, booking.phone_on_day) == (LOOP, "Halal", "01632 960111")
    assert written(office) == ["changed_by_link"], "whoever has the booking reads that it was changed"
    assert "Halal" not in client.get(f"{link}/needs").text
    assert client.post(f"{link}/needs", data={"is_emptied": "y"}).status_code == 303
    office.session.rollback()
    assert (booking.needs, booking.phone_on_day) == (None, "")


def test_another_line_manager_by_the_link_and_she_reads_of_it(
    client: FlaskClient, office: Work, make: Make, booking: Booking
) -> None:
    link = link_of(booking)
    make.commit()
    named = {"manager": "new", "manager_name": "Dee Marlow", "manager_email": "dee@rvch.example"}
    assert client.post(f"{link}/manager", data=named | {"manager_email": booking.person.email}).status_code == 422
    assert client.post(f"{link}/manager", data=named).status_code == 303
    assert sorted(written(office)) == ["changed_by_link", "managers_copy"]
    assert booking.manager_email == "dee@rvch.example"


def test_joining_shows_the_link_as_it_is_now_until_the_event_is_over(
    client: FlaskClient, office: Work, make: Make, booking: Booking, clock: Callable[[], datetime]
) -> None:
    link, event = link_of(booking), booking.event
    event.days[0].online_url = "https://meet.example/new"
    make.commit()
    clock.now = event.starts_at + timedelta(minutes=5)  # type: ignore[attr-defined]
    assert "https://meet.example/new" in client.get(f"{link}/join").text
    started = client.get(f"{link}/cancel")
    assert ("This event has started" in started.text, f"{link}/join" in started.text) == (True, True)
    assert client.post(f"{link}/cancel", data={}).status_code == 409
    clock.now = event.ends_at  # type: ignore[attr-defined]
    assert "https://meet.example/new" not in client.get(f"{link}/join").text
    office.session.rollback()
    assert booking.state is S.CONFIRMED


def test_a_link_dies_with_the_address_and_when_she_leaves_or_is_merged(
    client: FlaskClient, office: Work, make: Make, booking: Booking, amara: Person
) -> None:
    """And it says nothing of her then: the old mailbox may be somebody else's."""
    kept, link = make.person("Amara Fenwick", email=amara.email, agency=amara.agency), link_of(booking)
    make.commit()

    def is_dead() -> bool:
        office.session.commit()
        answers = [client.get(link + step) for step in STEPS] + [client.post(f"{link}/cancel", data={})]
        silent = all(amara.name not in each.text and booking.event.version.title not in each.text for each in answers)
        return silent and {each.status_code for each in answers} == {404}

    before, amara.email = amara.email, "amara@new.example"
    assert is_dead()
    amara.email = before
    office.session.commit()
    assert client.get(link).status_code == 200
    merge_people(office, kept, amara)
    assert booking.person_id == kept.id
    assert is_dead(), "the mailbox is the same, and the record is not"
    assert client.get(link_of(booking)).status_code == 200
    amara, link = kept, link_of(booking)
    mark_left(office, kept, on=NOW.date())
    assert is_dead()


def test_who_forwards_it_to_somebody_signed_in_gives_them_nothing(
    make: Make, office: Work, booking: Booking, sign_in: Callable[[Person], FlaskClient]
) -> None:
    link, other = link_of(booking), make.coordinator()
    theirs, own = sign_in(other), sign_in(booking.person)
    for step in STEPS:
        assert theirs.get(link + step).status_code == 403
    assert theirs.post(f"{link}/cancel", data={}).status_code == 403
    assert own.get(f"{link}/cancel").status_code == 200
    office.session.rollback()
    assert booking.state is S.CONFIRMED


def test_a_link_of_one_booking_opens_no_other(client: FlaskClient, office: Work, make: Make, booking: Booking) -> None:
    """Whatever is put together from what one knows: another booking, another person at the same address."""
    office = replace(office, now=NOW - timedelta(days=1))
    twin = make.person("Tobiah Hanley-Roe", email=booking.person.email, agency=booking.agency)
    theirs = book_place(office, booking.event_id, twin, BookingRequest())
    made = [
        (theirs.id, booking.person_id, booking.person.email, 1),
        (booking.id, twin.id, twin.email, 1),
        (booking.id, booking.person_id, "bo@rvch.example", 1),
        (booking.id + 99, booking.person_id, booking.person.email, 1),
    ]
    make.commit()
    for value in made:
        assert client.post(f"/your-booking/{OWN.sign(SIGNING, value)}/cancel", data={}).status_code == 404, value
    own = link_of(booking)
    assert client.post(f"{own[:-4]}AAAA/cancel", data={}).status_code == 404
    office.session.rollback()
    assert {booking.state, theirs.state} == {S.CONFIRMED}


def test_what_became_of_it_otherwise_is_said_kindly(
    client: FlaskClient, office: Work, make: Make, booking: Booking
) -> None:
    link, event = link_of(booking), booking.event
    cancel_booking(office, booking, reason="They telephoned")
    make.commit()
    page = client.get(f"{link}/give").text
    assert "cancelled this booking" in page
    assert f"/courses/{event.course.code}" in page
    assert "My learning" in page
