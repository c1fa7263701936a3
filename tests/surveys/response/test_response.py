"""Who has not answered, managers' words, and what changed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from lms.frame.access import Role
from lms.frame.work import Work
from lms.mail.models import OutboxLetter
from lms.people.models import Person
from surveys.invitations.models import Invitation
from surveys.response.queries import waiting_rows
from surveys.response.rules import band
from surveys.response.services import nudge_managers
from tests.make import Make
from tests.moments import NOW
from tests.surveys.people import Asked


@pytest.mark.parametrize(
    ("number", "said"), [(0, ""), (4, ""), (5, "5 to 9"), (9, "5 to 9"), (10, "10 to 14"), (23, "20 to 24")]
)
def test_numbers_are_told_in_bands_of_five(number: int, said: str) -> None:
    assert band(number) == said


def test_a_lead_sees_bands_of_their_own_agency_and_managers_get_one_letter(
    make: Make, session: Session, work: Work, sign_in: Callable[[Person], FlaskClient]
) -> None:
    asked = Asked(session, make)
    mine, other = make.agency("Rowan Police"), make.agency("Ferrow School")
    event = asked.held(make.course("Safer babies"), (NOW - timedelta(days=105)).date())
    closes = NOW + timedelta(days=14)
    asked.people(event, mine, 12, 5, closes=closes)
    asked.people(event, other, 9, 0, closes=closes)
    session.execute(sa.update(Invitation).values(sent_at=NOW - timedelta(days=14)))
    booking = session.scalars(sa.select(Invitation).order_by(Invitation.id)).first().booking  # type: ignore[union-attr]
    booking.manager_name, booking.manager_email = "Bo Ashgrove", "Bo@rvp.example"
    session.flush()

    rows = waiting_rows(session, {mine.id}, NOW)
    assert [(row.agency, row.waiting) for row in rows] == [("Rowan Police", "5 to 9")]
    for _ in range(2):
        nudge_managers(work)
        nudge_managers(replace(work, now=NOW + timedelta(days=2)))
    nudge_managers(replace(work, now=NOW + timedelta(hours=12)))
    letters = session.scalars(sa.select(OutboxLetter)).all()
    assert [(letter.to_address, letter.context["people"]) for letter in letters] == [("bo@rvp.example", "1 person")]

    lead = sign_in(make.person("Ottoline Quarrie", roles=(Role.AGENCY_LEAD,), agency=mine))
    page = lead.get("/surveys/waiting").get_data(as_text=True)
    assert "5 to 9" in page
    assert "Ferrow School" not in page
    assert lead.get("/impact").status_code == 403


def test_what_changed_is_public_and_taken_off_again(
    make: Make, sign_in: Callable[[Person], FlaskClient], client: FlaskClient
) -> None:
    course = make.course("Safer babies", code="SAFER")
    office = sign_in(make.coordinator())
    typed = {
        "course_id": course.id,
        "said": "More time to practise.",
        "did": "An hour of practice more.",
        "changed_on": "2026-03-01",
    }
    refused = office.post("/what-changed/add", data={**typed, "changed_on": "2027-01-01"})
    assert refused.status_code == 422
    assert "An hour of practice more." in refused.get_data(as_text=True)
    assert office.post("/what-changed/add", data=typed).status_code == 303
    assert "An hour of practice more." in client.get("/what-changed").get_data(as_text=True)
    assert "An hour of practice more." in client.get("/courses/SAFER").get_data(as_text=True)
    assert office.post("/what-changed/1/withdraw").status_code == 303
    assert "An hour of practice more." not in client.get("/what-changed").get_data(as_text=True)
