"""The letters about signing in: they can be read, and fetching every link in them changes nothing."""

import re
from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from lms.audit.models import AuditEntry
from lms.mail.models import OutboxLetter
from lms.mail.rendering import LetterWords, renderer_for
from lms.people.models import Person
from tests.lms.signin.conftest import Post, who
from tests.lms.signin.test_registrations import CODE, register, wait_for_coordinator
from tests.make import Make

SignIn = Callable[[Person], FlaskClient]
KINDS = {
    "signin.account_changed",
    "signin.code",
    "signin.registration_accepted",
    "signin.registration_code",
    "signin.registration_known",
    "signin.registration_received",
    "signin.registration_refused",
    "signin.shared_mailbox",
    "signin.unknown_address",
}


def write_every_letter(client: FlaskClient, coordinator: FlaskClient, post: Post, agency_id: int) -> None:
    for identifier in ("P1", "team@rvch.example"):
        client.post("/sign-in", data={"identifier": identifier})
    register(client, "team@rvch.example")
    wait_for_coordinator(client, post)
    coordinator.post("/registrations/2", data={"agency_id": agency_id})
    wait_for_coordinator(client, post, "robin@home.example")
    coordinator.post("/registrations/3/refuse")
    coordinator.post("/account/password", data={"password": "otter lamp quarry", "again": "otter lamp quarry"})
    client.post("/sign-in", data={"identifier": "nobody@rvch.example"})


def words_of(app: Flask, session: Session, letter: OutboxLetter) -> LetterWords:
    words = renderer_for(app, session).words(letter.kind, letter.context, letter.to_name or "Wren Dallimore")
    session.rollback()
    return words


def test_every_letter_can_be_read_and_a_scanner_that_opens_its_links_changes_nothing(
    app: Flask, client: FlaskClient, sign_in: SignIn, make: Make, post: Post, session: Session
) -> None:
    for name, ref in (("Amara Fenwick-Osei", "P1"), ("Denzil Marrowby", "P2")):
        make.person(name, ref=ref, email="team@rvch.example")
    agency_id = make.agency().id
    coordinator = sign_in(make.coordinator())
    write_every_letter(client, coordinator, post, agency_id)
    assert {letter.kind for letter in post.all()} == KINDS
    tables = ("account", "person", "outbox", "sign_in_attempt", "audit_entry")
    before = [post.count(table) for table in tables]
    scanner = app.test_client()
    for letter in post.all():
        words = words_of(app, session, letter)
        assert max(len(line) for line in words.text.splitlines() if "http" not in line) <= 72
        links = set(re.findall(r"http://localhost(/\S*?)[\"<\s]", words.text + words.html))
        assert letter.kind == "signin.registration_refused" or links
        for link in links:
            assert scanner.get(link).status_code in (200, 302, 303)
            assert scanner.head(link).status_code in (200, 302, 303)
    assert who(scanner) == ""
    assert [post.count(table) for table in tables] == before
    page = client.post("/sign-in", data={"identifier": "P1"}).location
    assert client.post(page, data={"code": post.code()}).status_code == 303


def test_a_code_stands_in_its_letter_but_never_in_its_subject_or_a_link(
    app: Flask, client: FlaskClient, make: Make, post: Post, session: Session
) -> None:
    make.person(ref="P1")
    make.commit()
    client.post("/sign-in", data={"identifier": "P1"})
    register(client, "wren@home.example")
    for kind in ("signin.code", CODE):
        letter = post.newest(kind)
        words = words_of(app, session, letter)
        assert letter.is_secret
        assert post.code(kind) in words.text
        assert post.code(kind) in words.html
        assert post.code(kind) not in words.subject
        assert all(post.code(kind) not in link for link in re.findall(r"http\S+", words.text))


def test_no_code_is_written_to_the_audit(client: FlaskClient, make: Make, post: Post, session: Session) -> None:
    make.person(ref="P1")
    make.commit()
    page = client.post("/sign-in", data={"identifier": "P1"}).location
    code = post.code()
    client.post(page, data={"code": code})
    entries = session.query(AuditEntry).all()
    assert any(entry.event == "signed in" for entry in entries)
    assert all(code not in str(entry.details) for entry in entries)
