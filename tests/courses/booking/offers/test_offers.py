"""The life of an offer: held, accepted, declined, lapsed once and twice, first to accept, and what ends it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from courses.booking.bookings.checks import idle_places, offered_twice, offers_out_of_step, oversold_events
from courses.booking.bookings.jobs import move_people_up
from courses.booking.bookings.listeners import (
    follow_changed_joining,
    follow_moved_event,
    follow_postponed_event,
    move_up_when_places_are_added,
    release_bookings,
)
from courses.booking.bookings.models import Booking
from courses.booking.bookings.places.models import Offer
from courses.booking.bookings.places.queries import live_offer, times_lapsed
from courses.booking.bookings.places.rules import OfferEnd, WhyWaiting
from courses.booking.bookings.places.services import promote
from courses.booking.bookings.rules import BookingRequest, BookingState
from courses.booking.bookings.services import book_place, cancel_booking
from courses.booking.bookings.still_true import why_not
from courses.booking.bookings.undoing.services import undo
from courses.booking.delegates.queries import bookings_of_event
from courses.booking.holds.services import hold_places
from courses.booking.offers.queries import link_in_letter
from courses.booking.offers.rules import how_it_ended
from courses.booking.offers.services import accept_offer, decline_offer
from courses.facts import (
    CapacityChanged,
    ChangedPart,
    EventCancelled,
    EventChanges,
    EventMoved,
    EventPart,
    EventPostponed,
    JoiningChanged,
)
from courses.programme.events.changes.rules import WHERE
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from lms.frame.work import Work
from lms.jobs.services import carry_out
from lms.kit.errors import Conflict
from lms.kit.working_days import london_date
from lms.mail.models import OutboxLetter
from lms.mail.rules import LetterState
from lms.people.models import Person
from lms.policies.models import PolicyVersion
from lms.policies.queries import policy_in_force
from tests.make import Make
from tests.moments import NOW

A_DAY = timedelta(hours=24)
S = BookingState
OTHER_ROOM = ChangedPart(EventPart.JOINING, WHERE, "Ashbeck Centre, Larkham", "Ashbeck Centre, Room 2, Larkham")


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
    assert letters(work, "offer_lapsed") == [], "no one lost their turn"
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


def test_the_hours_of_a_held_place_count_from_when_its_letter_leaves(work: Work, make: Make) -> None:
    """The mail was down for five hours: the letter that says "by ten o'clock" does not leave, a fresh one does."""
    holder, first, _ = waiting_for(work, make, "Holder First Second")
    cancel_booking(work, holder)
    letter = work.session.scalars(
        sa.select(OutboxLetter).where(OutboxLetter.booking_id == first.id, OutboxLetter.kind == "courses.place_offered")
    ).one()
    assert why_not(work, letter) == ""
    work.now += timedelta(hours=5)
    assert "offered again" in why_not(work, letter)
    letter.state = LetterState.WITHDRAWN  # as delivery does
    carry_out(work, move_people_up)
    assert (first.state, offer_of(work, first).open_until) == (S.OFFERED, work.now + A_DAY)
    assert letters(work, "place_offered") == [first.person_id] * 2
    assert all_is_well(work)


def test_an_offer_that_came_back_passes_on_at_once_and_costs_no_turn(work: Work, make: Make) -> None:
    holder, first, second = waiting_for(work, make, "Holder First Second")
    cancel_booking(work, holder)
    unsent = sa.update(OutboxLetter).where(OutboxLetter.kind == "courses.place_offered")
    work.session.execute(unsent.values(state=LetterState.REFUSED, sent_to=first.person.email))
    work.now += timedelta(minutes=10)
    for _ in range(3):
        carry_out(work, move_people_up)
        assert states(first, second) == [S.WAITING, S.OFFERED]
    assert letters(work, "offer_lapsed") == []
    have_left(work)
    first.event.capacity = 2
    carry_out(work, move_people_up)
    assert first.state is S.WAITING, "the office telephones, and gives the place by hand"
    rows = bookings_of_event(work.session, first.event, work.actor, work.now)
    assert [row.why_waiting for row in rows if row.id == first.id] == [WhyWaiting.NOT_REACHED]
    assert all_is_well(work)
    first.person.email = "first.new@rvch.example"
    carry_out(work, move_people_up)
    assert first.state is S.OFFERED, "another address may work"
    assert times_lapsed(work.session, first.id) == 0


def test_who_has_no_address_keeps_the_place_for_its_hours_and_no_longer(work: Work, make: Make) -> None:
    holder, first, second = waiting_for(work, make, "Holder First Second")
    first.person.email = ""
    cancel_booking(work, holder)
    work.session.execute(
        sa.update(OutboxLetter)
        .where(OutboxLetter.kind == "courses.place_offered")
        .values(state=LetterState.UNDELIVERABLE)
    )
    carry_out(work, move_people_up)
    assert states(first, second) == [S.OFFERED, S.WAITING], "the office telephones"
    work.now += A_DAY
    carry_out(work, move_people_up)
    assert states(first, second) == [S.WAITING, S.OFFERED]
    assert times_lapsed(work.session, first.id) == 0


@pytest.fixture
def in_office_hours(work: Work) -> None:
    terms = {**policy_in_force(work.session, NOW).terms, "offers_in_office_hours": True}
    begins = NOW - A_DAY
    work.session.add(PolicyVersion(number=2, in_force_from=begins, terms=terms, approved_at=begins))
    work.session.flush()


FRIDAY_EVENING, MONDAY = datetime(2026, 3, 20, 19, tzinfo=UTC), datetime(2026, 3, 23, 8, tzinfo=UTC)


@pytest.mark.usefixtures("in_office_hours")
def test_an_offer_is_made_and_lapses_only_in_office_hours_where_the_partnership_wants_it(
    work: Work, make: Make
) -> None:
    holder, first, second = waiting_for(work, make, "Holder First Second")
    work.now = FRIDAY_EVENING
    cancel_booking(work, holder)
    carry_out(work, move_people_up)
    assert states(first, second) == [S.WAITING, S.WAITING]
    assert all_is_well(work), "an idle place waits for the morning"
    rows = bookings_of_event(work.session, first.event, work.actor, work.now)
    assert [row.why_waiting for row in rows if row.id == first.id] == [WhyWaiting.OUT_OF_HOURS]
    assert book_place(work, first.event_id, make.person("Quick"), BookingRequest()).state is S.WAITING
    work.now = MONDAY
    carry_out(work, move_people_up)
    assert offer_of(work, first).open_until == MONDAY + timedelta(days=2, hours=4), "24 office hours"
    have_left(work)
    offer_of(work, first).open_until = MONDAY + timedelta(hours=10)
    work.now = MONDAY + timedelta(hours=13)
    carry_out(work, move_people_up)
    assert states(first, second) == [S.OFFERED, S.WAITING], "nothing lapses in the evening"
    assert all_is_well(work)
    with pytest.raises(Conflict):
        accept_offer(work, offer_of(work, first).id)
    work.now = MONDAY + timedelta(hours=24)
    carry_out(work, move_people_up)
    assert states(first, second) == [S.WAITING, S.OFFERED], "the next, and not who let it pass"


@pytest.mark.usefixtures("in_office_hours")
def test_close_to_the_start_everybody_is_asked_whatever_the_hour(work: Work, make: Make) -> None:
    holder, first, second = waiting_for(work, make, "Holder First Second", starts_in=timedelta(days=7))
    work.now = FRIDAY_EVENING
    cancel_booking(work, holder)
    assert states(first, second) == [S.OFFERED, S.OFFERED]


@pytest.mark.parametrize("how", ["undone", "fewer", "held"])
def test_whoever_was_asked_hears_that_no_place_is_left_however_it_went(work: Work, make: Make, how: str) -> None:
    names = "Holder Other First Second"
    holder, other, first, _ = waiting_for(work, make, names, starts_in=timedelta(hours=90))
    first.event.capacity = 2
    promote(work, other)
    work.now = NOW + timedelta(hours=43)
    work.actor = replace(work.actor, person_id=holder.person_id)
    cancel_booking(work, holder)
    have_left(work)
    if how == "undone":
        undo(work, holder)
    elif how == "fewer":
        first.event.capacity = 1
        move_up_when_places_are_added(work, CapacityChanged(first.event_id, 2, 1))
    else:
        sector = make.agency("Elsewhere", sector=make.sector("Police")).sector_id
        hold_places(work, first.event_id, sector, 1, london_date(work.now))
    assert len(letters(work, "offer_gone")) == 2
    assert first.state is S.WAITING


def test_who_was_asked_and_came_too_late_hears_that_the_place_is_taken(work: Work, make: Make) -> None:
    holder, first, second, third = waiting_for(work, make, "Holder First Second Third", starts_in=timedelta(hours=90))
    work.now = NOW + timedelta(hours=43)
    cancel_booking(work, holder)
    unsent = sa.select(OutboxLetter).where(OutboxLetter.booking_id == third.id)
    have_left(work)
    refused = work.session.scalars(unsent.where(OutboxLetter.kind == "courses.place_offered")).one()
    refused.state, refused.sent_at = LetterState.REFUSED, None
    accept_offer(work, offer_of(work, second).id)
    assert letters(work, "offer_gone") == [first.person_id], "and no one who was never told that there was one"


def test_a_moved_or_cancelled_event_takes_its_offers_back(work: Work, make: Make) -> None:
    holder, first, second = waiting_for(work, make, "Holder First Second")
    cancel_booking(work, holder)
    old = offer_of(work, first)
    follow_moved_event(work, EventMoved(first.event_id, first.event.starts_at, is_inside_notice=False))
    assert (old.ended_as, offer_of(work, first).id > old.id) == (OfferEnd.WITHDRAWN, True)
    postponed_of = {first.id: True, second.id: False}
    follow_postponed_event(work, EventPostponed(first.event_id))
    told = work.session.scalars(sa.select(OutboxLetter).where(OutboxLetter.kind == "courses.event_postponed")).all()
    assert {each.booking_id: each.context["had_offer"] for each in told} == postponed_of, "it ended, and they read why"
    release_bookings(work, EventCancelled(first.event_id, "The trainer is ill"))
    assert states(first, second) == [S.RELEASED, S.RELEASED]
    assert live_offer(work.session, first.id) is None


def test_an_offer_that_has_not_left_names_the_room_in_which_it_will_be(work: Work, make: Make) -> None:
    holder, first = waiting_for(work, make, "Holder First")
    cancel_booking(work, holder)
    old, fact = offer_of(work, first), JoiningChanged(first.event_id, EventChanges((OTHER_ROOM,), ""), is_quiet=False)
    first.event.days[0].venue = make.venue("Ashbeck Centre, Room 2, Larkham")
    follow_changed_joining(work, fact)
    new = offer_of(work, first)
    assert (old.ended_as, new.id > old.id) == (OfferEnd.WITHDRAWN, True)
    waits = OutboxLetter.kind == "courses.place_offered", OutboxLetter.state == LetterState.WAITING
    (letter,) = work.session.scalars(sa.select(OutboxLetter).where(*waits)).all()
    assert letter.context["where"] == ["Ashbeck Centre, Room 2, Larkham"]
    have_left(work)
    follow_changed_joining(work, fact)
    assert offer_of(work, first) is new, "what they have read stands"


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
    letter = work.session.scalars(chosen).one()
    assert "token" not in str(letter.context), "the link stands in no email before it goes"
    return str(link_in_letter(work, letter, booking.person.email)["offer_token"])


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


def test_declining_by_the_link_is_her_own_doing_and_she_reads_it_so(
    client: FlaskClient, work: Work, offered: Callable[[], tuple[Event, Booking, Booking, str]]
) -> None:
    """Her letter said that the training team had cancelled it for her."""
    _, first, _, token = offered()
    assert client.post(f"/offers/{token}", data={"answer": "decline"}).status_code == 303
    work.session.rollback()
    kind = OutboxLetter.kind == "courses.booking_cancelled", OutboxLetter.person_id == first.person_id
    assert work.session.scalars(sa.select(OutboxLetter).where(*kind)).one().context["ended_by"] == ""
    assert (first.state, first.cancelled_by_id) == (S.DECLINED, first.person_id)


def test_the_link_of_an_offer_is_for_her_at_the_address_that_we_wrote_to(
    make: Make,
    client: FlaskClient,
    work: Work,
    sign_in: Callable[[Person], FlaskClient],
    offered: Callable[[], tuple[Event, Booking, Booking, str]],
) -> None:
    _, first, _, token = offered()
    assert sign_in(make.coordinator()).post(f"/offers/{token}", data={"answer": "accept"}).status_code == 403
    first.person.email = "amara@new.example"
    make.commit()
    assert client.post(f"/offers/{token}", data={"answer": "accept"}).status_code == 404
    work.session.rollback()
    assert first.state is S.OFFERED
