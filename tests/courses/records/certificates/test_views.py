"""Certificates through the pages: the person's own, the coordinator's, and anybody's check."""

from collections.abc import Callable
from io import BytesIO

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy.orm import Session

from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import Outcome
from courses.programme.events.models import Event
from courses.records.certificates.models import Certificate
from courses.records.certificates.rules import CertificateState
from courses.records.certificates.services import issue_for_event
from lms.frame.work import Work
from lms.people.models import Person
from tests.courses.records.conftest import Attend
from tests.databases import by_hand
from tests.make import Make

SignIn = Callable[[Person], FlaskClient]


@pytest.fixture
def amara(make: Make) -> Person:
    return make.person("Amara Fenwick-Osei", email="amara@rvch.example")


@pytest.fixture
def certificate(work: Work, held: Event, attend: Attend, amara: Person, make: Make) -> Certificate:
    attend(held, amara)
    (made,) = issue_for_event(work, held.id)
    make.commit()
    return made


def text_of(data: bytes) -> tuple[str, int]:
    pages = PdfReader(BytesIO(data)).pages
    return " ".join(" ".join(each.extract_text() for each in pages).split()), len(pages)


def test_the_person_reads_their_certificate_as_a_page_and_on_one_sheet(
    sign_in: SignIn, amara: Person, certificate: Certificate
) -> None:
    browser, serial = sign_in(amara), certificate.serial
    page = browser.get(f"/certificates/{serial}").text
    sheet = browser.get(f"/certificates/{serial}.pdf")
    assert sheet.mimetype == "application/pdf"
    words, pages = text_of(sheet.data)
    assert pages == 1
    for expected in (
        serial,
        "Amara Fenwick-Osei",
        "Safer babies: working with families in the first year",
        "Version 1",
        "Thu 9 and Fri 10 Apr 2026, 09:30 to 16:00",
        "11 hours",
        "name the signs",
        f"http://localhost/verify/{serial}",
    ):
        assert expected in page
        assert expected in words


def test_a_page_says_before_printing_which_letter_of_a_name_no_document_can_print(
    sign_in: SignIn, work: Work, held: Event, attend: Attend, make: Make
) -> None:
    for name in ("Ana Ꭰ", "فاطمة الزهراء"):
        attend(held, make.person(name))
    first, second = sorted(issue_for_event(work, held.id), key=lambda each: each.name)
    make.commit()
    said = "“Ꭰ” (Cherokee letter a) cannot be printed: in a PDF from here □ stands instead."
    browser = sign_in(first.person)
    assert said in browser.get(f"/certificates/{first.serial}").text
    assert "Ana □" in text_of(browser.get(f"/certificates/{first.serial}.pdf").data)[0]
    page = sign_in(second.person).get(f"/certificates/{second.serial}").text
    assert "فاطمة الزهراء" in page
    assert "cannot be printed" not in page


def test_a_long_certificate_is_still_one_page(
    sign_in: SignIn, session: Session, amara: Person, certificate: Certificate
) -> None:
    by_hand(session)
    certificate.outcomes = [
        f"{number}. say what a family of many words would need <from> us & others " * 3 for number in range(14)
    ]
    session.commit()
    words, pages = text_of(sign_in(amara).get(f"/certificates/{certificate.serial}.pdf").data)
    assert pages == 1
    assert "13. say what a family of many words would need <from> us & others" in words


def test_nobody_else_opens_it_but_the_training_team_does(
    sign_in: SignIn, client: FlaskClient, make: Make, certificate: Certificate
) -> None:
    serial = certificate.serial
    assert client.get(f"/certificates/{serial}").status_code == 302
    other = sign_in(make.person("Wren Larkspur"))
    assert other.get(f"/certificates/{serial}").status_code == 404
    assert other.get(f"/certificates/{serial}.pdf").status_code == 404
    assert sign_in(make.coordinator()).get(f"/certificates/{serial}").status_code == 200


def test_history_becomes_a_certificate_by_a_press_of_the_button(
    sign_in: SignIn, make: Make, session: Session, held: Event, attend: Attend, amara: Person
) -> None:
    held.is_history = True
    held.starts_at, held.ends_at = held.starts_at.replace(year=2025), held.ends_at.replace(year=2025)
    booking = attend(held, amara)
    browser = sign_in(amara)
    assert "Make my certificate" in browser.get("/my").text
    answer = browser.post(f"/bookings/{booking.id}/certificate", follow_redirects=True)
    assert "is made." in answer.text
    page = browser.get("/my").text
    session.rollback()
    assert session.scalars(sa.select(Certificate.serial)).one() in page
    assert "11 h" in page
    assert browser.get("/my/record.pdf").data.startswith(b"%PDF")
    assert "Safer babies" in text_of(browser.get("/my/record.pdf").data)[0]


def test_the_coordinator_issues_again_with_a_reason(
    sign_in: SignIn, make: Make, session: Session, certificate: Certificate
) -> None:
    browser, address = sign_in(make.coordinator()), f"/certificates/{certificate.serial}/issue-again"
    assert browser.post(address, data={"reason": ""}).status_code == 422
    assert browser.post(address, data={"reason": "Name was wrong"}).status_code == 303
    session.rollback()
    states = session.scalars(sa.select(Certificate.state).order_by(Certificate.id)).all()
    assert states == [CertificateState.SUPERSEDED, CertificateState.VALID]
    assert "was replaced" in browser.get(f"/verify/{certificate.serial}").text


def test_the_event_lists_who_has_none_yet_and_the_coordinator_issues_one(
    sign_in: SignIn, make: Make, session: Session, held: Event, attend: Attend, amara: Person
) -> None:
    booking_id = attend(held, amara).id
    attend(held, make.person("Wren Larkspur"), Outcome.PART_ATTENDED)
    browser = sign_in(make.coordinator())
    page = browser.get(f"/events/{held.id}/certificates").text
    assert "None yet" in page
    assert "Wren" not in page
    answer = browser.post(f"/bookings/{booking_id}/certificate/override", data={"reason": "No survey that day"})
    assert answer.status_code == 303
    session.rollback()
    assert session.get_one(Booking, booking_id) == session.scalars(sa.select(Certificate)).one().booking
