"""An agency lead books and cancels for their own people, and for nobody else's."""

from collections.abc import Callable

import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import BookingSource, BookingState
from lms.frame.access import Role
from lms.people.models import Person
from tests.make import Make

SignIn = Callable[[Person], FlaskClient]


def test_a_lead_books_a_whole_team_and_acts_for_it(sign_in: SignIn, session: Session, make: Make) -> None:
    agency, event = make.agency("Oakmere Bridge Academy"), make.event(capacity=2)
    lead = make.person("Sunniva Harkaway", roles=(Role.AGENCY_LEAD,), agency=agency)
    team = [make.person(name, agency=agency) for name in ("Aled", "Bronagh", "Chidera")]
    stranger = make.person("Somebody else")
    browser, address = sign_in(lead), f"/events/{event.id}/book-team"
    asked = browser.get(address).text
    assert "Aled" in asked
    assert "Somebody else" not in asked
    assert browser.post(address, data={"people": [str(team[0].id)]}).status_code == 422, "not declared"
    smuggled = {"people": [str(team[0].id), str(stranger.id)], "is_declared": "y"}
    assert browser.post(address, data=smuggled).status_code == 422
    everybody = {"people": [str(each.id) for each in team], "is_declared": "y"}
    told = browser.post(address, data=everybody, follow_redirects=True).text
    assert "2 people booked, 1 person waiting" in told
    session.rollback()
    found = session.scalars(sa.select(Booking).order_by(Booking.id)).all()
    assert [(each.person.name, each.state) for each in found] == [
        ("Aled", BookingState.CONFIRMED),
        ("Bronagh", BookingState.CONFIRMED),
        ("Chidera", BookingState.WAITING),
    ]
    assert {each.source for each in found} == {BookingSource.AGENCY_LEAD}
    assert "Chidera" in browser.get("/team").text
    assert browser.get(f"/bookings/{found[0].id}").status_code == 404, "what somebody needs on the day is not theirs"
    assert browser.post(f"/bookings/{found[0].id}/cancel", data={}).location.endswith("/ended")
    session.rollback()
    assert [each.state.value for each in found] == ["cancelled", "confirmed", "offered"]
    other = sign_in(make.person("Another lead", roles=(Role.AGENCY_LEAD,)))
    assert other.get(f"/bookings/{found[1].id}/cancel").status_code == 404
    assert other.post(f"/bookings/{found[1].id}/give", data={"person_ref": stranger.ref}).status_code == 404
