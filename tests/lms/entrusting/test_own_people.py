"""An agency lead says who has started and left, of their own people alone."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import BookingRequest, BookingState
from courses.booking.bookings.services import book_place
from lms.entrusting.models import ChangeRequest
from lms.entrusting.own_people.services import ASK_FOR_LEADS, ELSEWHERE
from lms.frame.access import Role
from lms.frame.work import Work
from lms.in_step.leavers.models import UnseenLeaver
from lms.people.models import Person
from tests.courses.conftest import office  # noqa: F401  (a fixture)
from tests.make import Make
from tests.moments import NOW

SignIn = Callable[[Person], FlaskClient]
TODAY = NOW.date().isoformat()


@pytest.fixture
def lead(make: Make) -> Person:
    return make.person("Sunniva Harkaway", roles=(Role.AGENCY_LEAD,))


def test_a_starter_is_added_once_and_nothing_is_told_of_others(
    sign_in: SignIn, session: Session, make: Make, lead: Person
) -> None:
    kind, stranger = make.role_group(), make.person("Gwen Ellery", email="g.ellery@fernhollow.example")
    make.person("Una Gone", agency=lead.agency, left_on=NOW.date(), email="una@rvch.example")
    other = make.agency("Elsewhere")
    make.commit()
    browser = sign_in(lead)
    new = {
        "name": "=Perdita Ashenden",
        "email": " P.Ashenden@rvch.example",
        "agency": lead.agency_id,
        "role_group": kind.id,
    }
    added = browser.post("/people/started", data=new, follow_redirects=True).text
    assert "Perdita Ashenden" in added
    assert "You can book for them now." in added
    again = browser.post("/people/started", data=new)
    assert again.status_code == 422
    assert "is with you already, with this address." in again.text
    elsewhere = browser.post("/people/started", data={**new, "name": "X", "email": stranger.email})
    assert ELSEWHERE[:40] in elsewhere.text
    assert "Gwen" not in elsewhere.text
    assert (
        "who left on" in browser.post("/people/started", data={**new, "name": "Una", "email": "una@rvch.example"}).text
    )
    same_name = {**new, "email": ""}
    assert "is with you already. If this is another person" in browser.post("/people/started", data=same_name).text
    assert browser.post("/people/started", data={**same_name, "is_another": "y"}).status_code == 303
    smuggled = {**new, "name": "Y", "email": "", "agency": other.id}
    assert browser.post("/people/started", data=smuggled).status_code == 422
    session.rollback()
    found = session.scalars(sa.select(Person).where(Person.email == "p.ashenden@rvch.example")).one()
    assert (found.agency_id, found.role_group_id) == (lead.agency_id, kind.id)


def test_who_left_gives_up_their_places_and_the_office_hears_of_it(
    sign_in: SignIn,
    session: Session,
    office: Work,  # noqa: F811
    make: Make,
    lead: Person,
) -> None:
    bo, event = make.person("Bo", agency=lead.agency), make.event()
    make.commit()
    book_place(office, event.id, bo, BookingRequest())
    make.commit()
    browser = sign_in(lead)
    assert "They have left" in browser.get(f"/people/{bo.id}").text
    assert browser.post(f"/people/{bo.id}/gone", data={"left_on": "2099-01-01"}).status_code == 422
    told = browser.post(f"/people/{bo.id}/gone", data={"left_on": TODAY}, follow_redirects=True).text
    assert "Bo has left." in told
    session.rollback()
    assert session.get_one(Person, bo.id).left_on == NOW.date()
    assert session.scalars(sa.select(Booking.state)).all() == [BookingState.RELEASED]
    seen = session.scalars(sa.select(UnseenLeaver)).one()
    assert (seen.said_by, len(seen.said)) == ("Sunniva Harkaway", 1)
    assert browser.post(f"/people/{bo.id}/gone", data={"left_on": TODAY}).status_code == 409, "sent twice"
    assert "Bo is here again." in browser.post(f"/people/{bo.id}/here-again", follow_redirects=True).text
    session.rollback()
    assert session.get_one(Person, bo.id).left_on is None


def test_another_agencys_people_are_not_there_and_leads_and_the_entrusted_are_not_theirs_to_end(
    sign_in: SignIn, session: Session, make: Make, lead: Person
) -> None:
    stranger = make.person("Stranger")
    fellow = make.person("Fellow", roles=(Role.AGENCY_LEAD,), agency=lead.agency)
    entrusted = make.person("Priya", roles=(Role.COORDINATOR,), agency=lead.agency)
    make.coordinator()
    make.person("Decides", roles=(Role.BUSINESS_MANAGER,))
    make.commit()
    browser = sign_in(lead)
    for path in ("gone", "work"):
        assert browser.get(f"/people/{stranger.id}/{path}").status_code == 404
        assert browser.post(f"/people/{stranger.id}/{path}", data={"left_on": TODAY}).status_code == 404
    assert browser.post(f"/people/{stranger.id}/here-again").status_code == 404
    assert browser.post(f"/people/{lead.id}/gone", data={"left_on": TODAY}).status_code == 403
    refused = browser.post(f"/people/{fellow.id}/gone", data={"left_on": TODAY})
    assert (refused.status_code, ASK_FOR_LEADS[:30] in refused.text) == (403, True)
    asked = browser.post(f"/people/{entrusted.id}/gone", data={"left_on": TODAY}, follow_redirects=True).text
    assert "A business manager decides this" in asked
    session.rollback()
    assert {each.left_on for each in session.scalars(sa.select(Person))} == {None}
    assert session.scalar(sa.select(sa.func.count()).select_from(ChangeRequest)) == 1


def test_a_lead_says_what_work_somebody_does_and_nothing_else_of_them(
    sign_in: SignIn, session: Session, make: Make, lead: Person
) -> None:
    kind, bo = make.role_group(), make.person("Bo", agency=lead.agency, phone="01632 960100")
    make.commit()
    said = {"role_group": kind.id, "job_title": "teacher", "email": "evil@x.example", "name": "Evil"}
    own = sign_in(bo)
    assert "Say your kind of work" in own.get("/my").text
    assert sign_in(lead).post(f"/people/{bo.id}/work", data=said).status_code == 303
    assert "Say your kind of work" not in own.get("/my").text
    session.rollback()
    found = session.get_one(Person, bo.id)
    assert (found.role_group_id, found.job_title, found.name, found.phone) == (kind.id, "teacher", "Bo", "01632 960100")
