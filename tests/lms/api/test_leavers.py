"""Who left because another system said so: the office sees what was open, and what became of it."""

from collections.abc import Callable

import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from courses.booking.bookings.models import Booking
from lms.api.tokens.rules import Power
from lms.in_step.leavers.models import UnseenLeaver
from lms.people.models import Person
from tests.lms.api.conftest import System
from tests.make import Make

PAGE = "/people/left-elsewhere"


def test_leavers_of_other_systems_are_listed_until_the_office_has_looked(
    system: Callable[..., System], make: Make, session: Session, sign_in: Callable[[Person], FlaskClient]
) -> None:
    own, event = make.agency("Larkham Primary"), make.event(ref="E-1")
    people = [make.person(name, ref=name[0], agency=own) for name in ("Amara", "Bo", "Cerys", "Dilwyn")]
    coordinator, delegate = make.coordinator(), make.person("Delegate")
    ids = {each.name: each.id for each in people}
    hr = system(powers=(Power.PEOPLE,))
    for ref in ("A", "B", "D"):
        assert hr.ask("POST", f"/events/{event.id}/bookings", {"person_ref": ref}).status_code == 201
    hr.ask("PUT", "/people/A?dry_run=true", {"left_on": "2026-03-16"})
    hr.ask("PUT", "/people/A", {"left_on": "2026-03-16"})
    hr.ask("POST", "/people/B/leave", {"left_on": "2026-03-16", "settled": []})
    hr.ask("PUT", "/people/C", {"left_on": "2026-03-16"})
    session.rollback()
    office = sign_in(coordinator)
    place = session.scalars(sa.select(Booking.id).where(Booking.person_id == ids["Dilwyn"])).one()
    session.rollback()
    said_here = {"left_on": "2026-03-16", f"choice-booking-{place}": "end"}
    assert office.post(f"/people/{ids['Dilwyn']}/left", data=said_here).status_code == 303
    told = office.get(PAGE).get_data(as_text=True)
    assert [name for name in ids if f">{name}</a>" in told] == ["Amara", "Bo"], "with something open, and not said here"
    assert "Release the place. Nothing is charged and it goes to the waiting list." in told
    assert "by HR of the coordinator (token)" in told
    assert "leavers reported by another system or an agency" in office.get("/today").get_data(as_text=True)
    first = session.scalars(sa.select(UnseenLeaver.id).order_by(UnseenLeaver.id)).first()
    session.rollback()
    office.post(PAGE, data={"shown": f"{first},x,99999999999"})
    told = office.get(PAGE).get_data(as_text=True)
    assert [name for name in ids if f">{name}</a>" in told] == ["Bo"], "who came meanwhile stays"
    assert "1 leaver looked at." in told
    assert sign_in(delegate).get(PAGE).status_code == 403
