"""Who did it is said truthfully: by name, and never as if the delegate had."""

import pytest

from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import BookingSource, source_by
from courses.booking.bookings.words import BY_LINK_EVER, Giver, ended_by, giver_of
from lms.frame.access import Actor, program

OWN, OTHER, AGENCY = 1, 2, 7
BOOKING = Booking(person_id=OWN, agency_id=AGENCY, manager_name="Bo Ashgrove")
S = BookingSource
BY_LINK = Actor("Bo Ashgrove (line manager, by link)", address="bo@ashgrove.example")


@pytest.mark.parametrize(
    ("actor", "giver", "source"),
    [
        (Actor("Amara", OWN), Giver(), S.DELEGATE),
        (Actor("Amara", OWN, leads_agency_ids=frozenset({AGENCY})), Giver(), S.DELEGATE),
        (Actor("Odile Marsh", OTHER, leads_agency_ids=frozenset({AGENCY})), Giver("Odile Marsh"), S.AGENCY_LEAD),
        (Actor("Priyanka", OTHER, leads_agency_ids=frozenset({8})), Giver("Priyanka"), S.COORDINATOR),
        (BY_LINK, Giver("Bo Ashgrove", is_by_manager=True), S.LINE_MANAGER),
        (program("lms import"), Giver("The training team"), S.COORDINATOR),
    ],
)
def test_who_gives_a_place_to_a_colleague_is_named(actor: Actor, giver: Giver, source: BookingSource) -> None:
    assert giver_of(BOOKING, actor) == giver
    assert source_by(actor, person_id=OWN, agency_id=AGENCY) is source


@pytest.mark.parametrize("how", [f"Bo Ashgrove{each}" for each in BY_LINK_EVER])
def test_a_line_manager_who_gave_it_up_by_link_is_named_however_that_was_written(how: str) -> None:
    assert ended_by(Booking(person_id=OWN, cancelled_by_id=None, told_us_how=how)) == "Bo Ashgrove"


def test_a_line_manager_without_a_name_is_called_what_they_are() -> None:
    assert giver_of(Booking(person_id=OWN, manager_name=""), BY_LINK) == Giver("A line manager")
