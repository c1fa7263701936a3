"""The life of an offer: held, accepted, declined, lapsed once and twice, first to accept, and what ends it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from courses.booking.bookings.checks import idle_places, offered_twice, offers_out_of_step, oversold_events
from courses.booking.bookings.jobs import move_people_up
from courses.booking.bookings.listeners import follow_moved_event, release_bookings
from courses.booking.bookings.models import Booking
from courses.booking.bookings.places.models import Offer
from courses.booking.bookings.places.queries import live_offer
from courses.booking.bookings.places.rules import OfferEnd
from courses.booking.bookings.rules import BookingRequest, BookingState
from courses.booking.bookings.services import book_place, cancel_booking
from courses.booking.offers.rules import how_it_ended
from courses.booking.offers.services import accept_offer, decline_offer
from courses.facts import EventCancelled, EventMoved
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from lms.frame.work import Work
from lms.jobs.services import carry_out
from lms.kit.errors import Conflict
from lms.mail.models import OutboxLetter
from lms.mail.rules import LetterState
from lms.people.models import Person
from tests.make import Make
from tests.moments import NOW

A_DAY = timedelta(hours=24)
S = BookingState


def waiting_for(work: Work, make: Make, names: str, *, starts_in: timedelta = timedelta(days=24)) -> list[Booking]:
    """One place, held by the first; the others wait in this order."""
    event = make.event(capacity=1, starts=NOW + starts_in, free_until=NOW + starts_in - timedelta(days=7))
    people = [make.person(name) for name in names.split()]
    return [book_place(work, event.id, person, BookingRequest()) for person in people]


def offer_of(work: Work, booking: Booking) -> Offer:
    found = live_offer(work.session, booking.id)
    assert found is not None
    return found


def states(*bookings: Booking) -> list[BookingState]:
    return [booking.state for booking in bookings]


def all_is_well(work: Work) -> bool:
    checks = (idle_places, offered_twice, offers_out_of_step, oversold_events)
    return not [line for check in checks for line in check(work)]


def letters(work: Work, kind: str) -> list[int | None]:
    chosen = sa.select(OutboxLetter.person_id).where(OutboxLetter.kind == f"courses.{kind}").order_by(OutboxLetter.id)
    return list(work.session.scalars(chosen))


def have_left(work: Work) -> None:
    """Every letter so far has gone."""
    gone = {"state": LetterState.SENT, "sent_at": work.now}
    work.session.execute(sa.update(OutboxLetter).where(OutboxLetter.state == LetterState.WAITING).values(gone))


def test_a_place_is_held_for_the_first_for_a_day_and_accepted(work: Work, make: Make) -> None:
    holder, first, second = waiting_for(work, make, "Holder First Second")
    cancel_booking(work, holder)
    offer = offer_of(work, first)
    assert (offer.place_number, offer.open_until) == (1, NOW + A_DAY)
    assert all_is_well(work)
    work.now = offer.open_until - timedelta(seconds=1)
    accept_offer(work, offer.id)
    assert (first.state, first.place_number, first.accepted_at) == (S.CONFIRMED, 1, work.now)
    assert (offer.ended_as, second.state) == (OfferEnd.ACCEPTED, S.WAITING)
    with pytest.raises(Conflict, match="over"):
        accept_offer(work, offer.id)
    assert all_is_well(work)


def test_a_lapsed_offer_is_passed_on_and_returns_to_its_old_position_once(work: Work, make: Make) -> None:
    """Case 10. First is asked, then Second; another place goes to First again; a second silence ends the claim."""
    holder, first, second = waiting_for(work, make, "Holder First Second")
    cancel_booking(work, holder)
    have_left(work)
    work.now += A_DAY
    with pytest.raises(Conflict, match="over"):
        accept_offer(work, offer_of(work, first).id)
    carry_out(work, move_people_up)
    assert states(first, second) == [S.WAITING, S.OFFERED], "the very next is asked, not the one who let it pass"
    carry_out(work, move_people_up)
    assert states(first, second) == [S.WAITING, S.OFFERED], "running it twice changes nothing"
    first.event.capacity = 2
    carry_out(work, move_people_up)
    assert states(first, second) == [S.OFFERED, S.OFFERED], "a further place finds them first in line again"
    accept_offer(work, offer_of(work, second).id)
    have_left(work)
    work.now += A_DAY
    carry_out(work, move_people_up)
    assert (first.state, first.cancel_reason) == (S.LAPSED, "The offer of a place was not answered in time")
    assert letters(work, "offer_lapsed") == [first.person_id, first.person_id]
    assert all_is_well(work)


def test_when_everybody_let_it_pass_the_first_is_asked_once_more(work: Work, make: Make) -> None:
    holder, first, second = waiting_for(work, make, "Holder First Second")
    cancel_booking(work, holder)
    asked = []
    for _ in range(5):
        asked += [booking.person.name for booking in (first, second) if booking.state is S.OFFERED]
        have_left(work)
        work.now += A_DAY
        carry_out(work, move_people_up)
    assert asked == ["First", "Second", "First", "Second"]
    assert states(first, second) == [S.LAPSED, S.LAPSED]


def test_a_declined_place_goes_to_the_next_at_once(work: Work, make: Make) -> None:
    holder, first, second = waiting_for(work, make, "Holder First Second")
    cancel_booking(work, holder)
    decline_offer(work, offer_of(work, first).id)
    assert states(first, second) == [S.DECLINED, S.OFFERED]
    assert offer_of(work, second).place_number == 1
    assert all_is_well(work)


def test_inside_48_hours_everybody_is_asked_and_the_first_to_accept_has_it(work: Work, make: Make) -> None:
    holder, first, second, third = waiting_for(work, make, "Holder First Second Third", starts_in=timedelta(hours=90))
    work.now = NOW + timedelta(hours=43)
    cancel_booking(work, holder)
    assert states(first, second, third) == [S.OFFERED] * 3
    offers = [offer_of(work, each) for each in (first, second, third)]
    assert {(offer.place_number, offer.open_until) for offer in offers} == {(None, first.event.starts_at)}
    accept_offer(work, offers[1].id)
    assert states(first, second, third) == [S.WAITING, S.CONFIRMED, S.WAITING]
    with pytest.raises(Conflict, match="over"):
        accept_offer(work, offers[0].id)
    assert second.free_until == second.event.starts_at, "who comes late never cancels late"
    assert letters(work, "offer_lapsed") == [], "nobody lost their turn"
    cancel_booking(work, second)
    assert states(first, third) == [S.OFFERED, S.OFFERED]
    assert all_is_well(work)


def test_an_offer_does_not_lapse_while_its_letter_has_not_left(work: Work, make: Make) -> None:
    """Mail was down for eight days: nobody had read a word, and nobody loses a turn."""
    holder, first, second = waiting_for(work, make, "Holder First Second")
    cancel_booking(work, holder)
    for _ in range(8):
        work.now += A_DAY + timedelta(minutes=10)
        carry_out(work, move_people_up)
        assert states(first, second) == [S.OFFERED, S.WAITING]
        assert offer_of(work, first).open_until > work.now
    assert letters(work, "offer_lapsed") == []
    have_left(work)
    work.now += A_DAY + timedelta(minutes=10)
    carry_out(work, move_people_up)
    assert states(first, second) == [S.WAITING, S.OFFERED], "one that was read lapses"
    assert all_is_well(work)


def test_who_was_asked_and_came_too_late_hears_that_the_place_is_taken(work: Work, make: Make) -> None:
    holder, first, second, third = waiting_for(work, make, "Holder First Second Third", starts_in=timedelta(hours=90))
    work.now = NOW + timedelta(hours=43)
    cancel_booking(work, holder)
    unsent = sa.select(OutboxLetter).where(OutboxLetter.booking_id == third.id)
    have_left(work)
    refused = work.session.scalars(unsent.where(OutboxLetter.kind == "courses.place_offered")).one()
    refused.state, refused.sent_at = LetterState.REFUSED, None
    accept_offer(work, offer_of(work, second).id)
    assert letters(work, "offer_gone") == [first.person_id], "and nobody who was never told that there was one"


def test_a_moved_or_cancelled_event_takes_its_offers_back(work: Work, make: Make) -> None:
    holder, first, second = waiting_for(work, make, "Holder First Second")
    cancel_booking(work, holder)
    old = offer_of(work, first)
    follow_moved_event(work, EventMoved(first.event_id, first.event.starts_at, is_inside_notice=False))
    assert (old.ended_as, offer_of(work, first).id > old.id) == (OfferEnd.WITHDRAWN, True)
    release_bookings(work, EventCancelled(first.event_id, "The trainer is ill"))
    assert states(first, second) == [S.RELEASED, S.RELEASED]
    assert live_offer(work.session, first.id) is None


def test_leaving_the_list_with_an_offer_frees_the_place(work: Work, make: Make) -> None:
    holder, first, second = waiting_for(work, make, "Holder First Second")
    cancel_booking(work, holder)
    cancel_booking(work, first)
    assert states(first, second) == [S.CANCELLED, S.OFFERED]
    assert all_is_well(work)


def token_of(work: Work, booking: Booking) -> str:
    chosen = sa.select(OutboxLetter).where(
        OutboxLetter.kind == "courses.place_offered", OutboxLetter.person_id == booking.person_id
    )
    return str(work.session.scalars(chosen).one().context["token"])


@pytest.fixture
def offered(app: Flask, work: Work, make: Make) -> Callable[[], tuple[Event, Booking, Booking, str]]:
    """Somebody is offered a place in the application, and has its link."""

    def make_it() -> tuple[Event, Booking, Booking, str]:
        work.site = app.extensions["lms"]
        holder, first, second = waiting_for(work, make, "Holder First Second")
        cancel_booking(work, holder)
        token = token_of(work, first)
        make.commit()
        return first.event, first, second, token

    return make_it


def test_a_link_shows_and_changes_nothing_until_it_is_answered(
    client: FlaskClient, work: Work, offered: Callable[[], tuple[Event, Booking, Booking, str]]
) -> None:
    event, first, second, token = offered()
    shown = client.get(f"/offers/{token}")
    assert "A place is held for you" in shown.text
    assert client.get(f"/offers/{token}").status_code == 200, "scanners open every link"
    assert client.post(f"/offers/{token}", data={}).status_code == 422
    done = client.post(f"/offers/{token}", data={"answer": "accept"}, follow_redirects=True)
    assert "The place is booked" in done.text
    work.session.rollback()
    assert states(first, second) == [S.CONFIRMED, S.WAITING]
    for method in (client.get, client.post):
        used = method(f"/offers/{token}")
        assert used.status_code == 200
        assert "You accepted this place" in used.text
        assert "Your place is booked." in used.text
    for dead in (token + "x", "guessed"):
        answer = client.get(f"/offers/{dead}")
        assert answer.status_code == 404
        assert event.version.title not in answer.text
        assert first.person.name not in answer.text


def test_a_link_that_is_over_says_what_became_of_it(
    client: FlaskClient, make: Make, work: Work, offered: Callable[[], tuple[Event, Booking, Booking, str]]
) -> None:
    event, first, _, token = offered()
    offer = live_offer(work.session, first.id)
    assert offer is not None
    offer.open_until = NOW - timedelta(minutes=1)
    make.commit()
    assert "This offer has run out" in client.get(f"/offers/{token}").text
    event.state = EventState.POSTPONED
    make.commit()
    assert "The event is postponed" in client.get(f"/offers/{token}").text
    first.person.left_on = NOW.date()
    make.commit()
    gone = client.get(f"/offers/{token}")
    assert gone.status_code == 404
    assert event.version.title not in gone.text


@pytest.mark.parametrize(
    ("ended_as", "event", "heading"),
    [
        (OfferEnd.ACCEPTED, EventState.CANCELLED, "You accepted this place"),
        (OfferEnd.DECLINED, EventState.PUBLISHED, "You said that you do not want this place"),
        (OfferEnd.WITHDRAWN, EventState.CANCELLED, "The event is cancelled"),
        (OfferEnd.WITHDRAWN, EventState.PUBLISHED, "This offer has ended"),
        (None, EventState.PUBLISHED, "This offer has run out"),
    ],
)
def test_how_an_offer_ended(ended_as: OfferEnd | None, event: EventState, heading: str) -> None:
    assert how_it_ended(ended_as, NOW, event)[0] == heading


def test_signed_in_it_is_declined_from_my_learning_and_by_nobody_else(
    sign_in: Callable[[Person], FlaskClient],
    make: Make,
    work: Work,
    offered: Callable[[], tuple[Event, Booking, Booking, str]],
) -> None:
    _, first, second, _ = offered()
    mine, address = sign_in(first.person), f"/bookings/{first.id}/offer"
    shown = mine.get(f"/bookings/{first.id}").text
    assert address in shown
    assert "A place is held" in shown
    assert "<strong>2nd</strong> on the waiting list" in sign_in(second.person).get(f"/bookings/{second.id}").text
    assert address in mine.get("/my").text
    assert sign_in(second.person).get(address).status_code == 404
    mine.post(address, data={"answer": "decline"})
    work.session.rollback()
    assert states(first, second) == [S.DECLINED, S.OFFERED]
    desk = sign_in(make.coordinator())
    assert "A place is held for them" in desk.get(f"/events/{second.event_id}/bookings").text
    assert desk.post(f"/bookings/{second.id}/promote", data={"accepted": "yes"}).status_code == 303
    work.session.rollback()
    assert (second.state, second.place_number, second.accepted_at is not None) == (S.CONFIRMED, 1, True)
