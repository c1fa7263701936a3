"""Anybody checks a certificate, and nobody reads all of them by counting."""

import re
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from itertools import count
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from courses.programme.events.models import Event
from courses.records.certificates.models import Certificate
from courses.records.certificates.queries import LINK
from courses.records.certificates.rules import CHARACTERS, CertificateState, is_in_order
from courses.records.certificates.services import issue_for_event
from lms.frame.settings import Settings
from lms.frame.work import Work
from lms.kit.erased import ERASED_NAME
from lms.limits.limiter import limiter
from lms.people.models import Person
from tests.courses.records.conftest import Attend
from tests.databases import by_hand
from tests.make import Make

NAMES = ("Amara Fenwick-Osei", "Siân Evans, DSL", "Chloe O’Neill (Ysgol y Bryn)", "Tobiah van der Meer")
Issue = Callable[..., list[Certificate]]


@pytest.fixture
def issue(work: Work, held: Event, attend: Attend, make: Make) -> Issue:
    """Certificates for people of these names; `in_order` under numbers as they were given before."""
    numbers = count(1)

    def issued(*names: str, in_order: bool = False) -> list[Certificate]:
        for name in names:
            attend(held, make.person(name))
        made = issue_for_event(work, held.id)
        if in_order:
            by_hand(work.session)
        for each in made if in_order else ():
            each.serial = f"RV-2026-{next(numbers):04}"
        make.commit()
        return made

    return issued


def test_nobody_reads_certificates_by_counting(
    client: FlaskClient, issue: Issue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """RV-2026-0001, 0002 and so on: numbers that were given in order, and the same as ever printed as a QR code."""
    monkeypatch.setattr(limiter, "enabled", False)
    made = issue(*NAMES, in_order=True)
    pages = [client.get(f"/verify/RV-2026-{number:04}") for number in range(1, 121)]
    for page in pages:
        for certificate in made:
            for told in (certificate.name, certificate.name.split()[0], certificate.title, certificate.dates):
                assert told not in page.text
    alike = {re.sub(r"RV-2026-\d+|value=\"[^\"]*\"", "", page.text) for page in pages}
    assert len(alike) == 1, "a number that was given reads like one that was not"
    assert {page.status_code for page in pages} == {200}


def test_new_numbers_cannot_be_counted_through(issue: Issue) -> None:
    made = issue(*NAMES, "Wren Larkspur", "Bo Ashgrove")
    pattern = re.compile(rf"[A-Z]+-2026-([{CHARACTERS}]{{4}})-([{CHARACTERS}]{{4}})")
    drawn = [pattern.fullmatch(each.serial) for each in made]
    assert len({part for each in drawn if each for part in each.groups()}) == 2 * len(made)


def test_an_old_number_answers_yes_or_no_to_a_surname(
    client: FlaskClient, issue: Issue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limiter, "enabled", False)
    made = issue(*NAMES, in_order=True)
    for certificate, surname in zip(made, ("fenwick osei", "EVANS", "ONeill", "van der Meer"), strict=True):
        yes = client.post(f"/verify/{certificate.serial}", data={"surname": surname})
        no = client.post(f"/verify/{certificate.serial}", data={"surname": "Larkspur"})
        never_given = client.post("/verify/RV-2026-9999", data={"surname": surname})
        assert (yes.status_code, no.status_code, never_given.status_code) == (200, 404, 404)
        assert f"{certificate.serial} is a valid certificate with this surname" in yes.text
        assert answer_of(no) == answer_of(never_given)
        for page in (yes, no, never_given):
            for told in (certificate.name.split()[0], certificate.title, certificate.dates):
                assert told not in page.text
    assert client.post(f"/verify/{made[0].serial}", data={"surname": " "}).status_code == 422


def answer_of(page: TestResponse) -> str:
    return re.sub(r"RV-2026-\d+", "", page.text.partition('id="answer"')[2].partition("</section>")[0])


def test_an_old_number_that_stands_no_longer_is_a_no_and_so_is_somebody_erased(
    client: FlaskClient, issue: Issue, session: Session
) -> None:
    withdrawn, erased = issue("Wren Larkspur", "Bo Ashgrove", in_order=True)
    withdrawn.state, withdrawn.superseded_at = CertificateState.WITHDRAWN, withdrawn.issued_at
    erased.name = ERASED_NAME
    session.commit()
    assert client.post(f"/verify/{withdrawn.serial}", data={"surname": "Larkspur"}).status_code == 404
    assert client.post(f"/verify/{erased.serial}", data={"surname": "person"}).status_code == 404


def test_tries_are_counted_where_every_process_counts(client: FlaskClient, issue: Issue) -> None:
    """Wrong surnames, wrong numbers and wrong links of one network address, all together; 20 in an hour."""
    (certificate,) = issue("Wren Larkspur", in_order=True)
    asked = [client.post(f"/verify/{certificate.serial}", data={"surname": f"Guess{number}"}) for number in range(7)]
    asked += [client.get(f"/verify/RV-2026-7KM4-{number}") for number in range(2222, 2229)]
    asked += [client.get(f"/verify/nonsense/{number}") for number in range(6)]
    assert {answer.status_code for answer in asked} == {404}
    assert "We have no certificate with this number" in asked[-1].text
    assert client.get("/verify/nonsense").status_code == 429
    assert client.post(f"/verify/{certificate.serial}", data={"surname": "Larkspur"}).status_code == 429


def test_the_code_on_a_new_download_shows_the_certificate_whatever_its_number(
    client: FlaskClient, sign_in: Callable[[Person], FlaskClient], issue: Issue
) -> None:
    for certificate in (*issue("Amara Fenwick-Osei", in_order=True), *issue("Wren Larkspur")):
        browser = sign_in(certificate.person)
        sheet = PdfReader(BytesIO(browser.get(f"/certificates/{certificate.serial}.pdf").data)).pages[0]
        words = " ".join(sheet.extract_text().split())
        assert f"http://localhost/verify/{certificate.serial}" in words
        assert ("with the surname" in words) == is_in_order(certificate.serial)
        assert ("with the surname" in browser.get(f"/certificates/{certificate.serial}").text) == ("with the" in words)
        path = urlsplit(sheet.annotations[0]["/A"]["/URI"]).path
        assert path.startswith(f"/verify/{certificate.serial}/")
        page = client.get(path)
        assert page.status_code == 200
        assert f"{certificate.serial} is valid" in page.text
        assert certificate.name in page.text


def test_a_link_of_another_certificate_or_key_is_as_good_as_the_number(
    client: FlaskClient, issue: Issue, settings: Settings
) -> None:
    """A sheet outlives the key that signed it. The number on it then asks for the surname, if it was given in order."""
    old, other = issue("Amara Fenwick-Osei", "Wren Larkspur", in_order=True)
    (new,) = issue("Bo Ashgrove")
    another_key = replace(settings, secret_key="another key, also long enough")
    for wrong in (LINK.sign(settings, other.id), LINK.sign(another_key, old.id), LINK.sign(settings, 10**6), "x"):
        page = client.get(f"/verify/{old.serial}/{wrong}")
        assert page.status_code == 200
        assert "Amara" not in page.text
        assert 'name="surname"' in page.text
    assert "Bo Ashgrove" in client.get(f"/verify/{new.serial}/{LINK.sign(another_key, new.id)}").text


def test_anybody_verifies_a_drawn_number_and_sees_no_more_than_it_says(client: FlaskClient, issue: Issue) -> None:
    (certificate,) = issue("Amara Fenwick-Osei")
    asked = client.get("/verify", query_string={"serial": f" {certificate.serial.lower().replace('-', ' ')} "})
    assert asked.status_code == 302
    page = client.get(asked.location).text
    assert f"{certificate.serial} is valid" in page
    assert "Amara Fenwick-Osei" in page
    assert certificate.person.email not in page
    assert "Rowan Valley Community Health" not in page


def test_a_drawn_number_that_stands_no_longer_says_so(client: FlaskClient, issue: Issue, session: Session) -> None:
    (certificate,) = issue("Amara Fenwick-Osei")
    certificate.state, certificate.superseded_at = CertificateState.WITHDRAWN, certificate.issued_at
    session.commit()
    page = client.get(f"/verify/{certificate.serial}").text
    assert "is not valid" in page
    assert "It was withdrawn" in page
