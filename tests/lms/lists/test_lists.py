"""Choosing letters on a page, and leaving a list by one click without an account."""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from lms.frame.work import Work
from lms.lists.letters import leaving_token
from lms.lists.models import MailChoice, OwnCopy
from lms.lists.rules import Leaver, Wish, list_id
from lms.merging.services import merge_people, unmerge_people
from lms.people.models import Person
from tests.application import SIGNING
from tests.make import Make
from tests.moments import NOW

LIST = "briefings.briefings"


def wishes(session: Session) -> list[tuple[int | None, str, Wish]]:
    session.rollback()  # a new look at the database
    rows = session.execute(sa.select(MailChoice.person_id, MailChoice.address, MailChoice.wish).order_by(MailChoice.id))
    return [tuple(row) for row in rows]


def test_a_person_chooses_and_sees_their_choice(
    sign_in: Callable[[Person], FlaskClient], make: Make, session: Session
) -> None:
    person = make.person(email="team@rvch.example")
    make.person(email="team@rvch.example")
    browser = sign_in(person)
    page = browser.get("/account/letters").text
    assert "Your mailbox is shared" in page
    form = {"briefings_briefings": "none", "own_copy": "y"}
    assert browser.post("/account/letters", data=form).status_code == 303
    assert wishes(session) == [(person.id, "", Wish.NONE)]
    assert session.scalars(sa.select(OwnCopy.person_id)).all() == [person.id]
    again = BeautifulSoup(browser.get("/account/letters").text, "html.parser")
    assert again.select_one("input[value=none]").has_attr("checked")  # type: ignore[union-attr]
    assert browser.post("/account/letters", data={"briefings_briefings": "often"}).status_code == 422
    assert browser.post("/account/letters", data={"briefings_briefings": "meant"}).status_code == 303
    assert wishes(session) == [(person.id, "", Wish.MEANT)]
    assert session.get(OwnCopy, person.id) is None


def test_looking_at_the_link_changes_nothing_and_one_click_leaves_for_good(
    app: Flask, make: Make, session: Session
) -> None:
    """As a mail program does it (RFC 8058): a POST with that body, no cookie, no token of ours, no page before."""
    app.config["WTF_CSRF_ENABLED"] = True
    browser, person = app.test_client(), make.person()
    make.commit()
    url = f"/letters/leave/{leaving_token(SIGNING, Leaver(LIST, person_id=person.id))}"
    for _ in range(2):
        page = browser.get(url)
        assert "Stop these emails" in page.text
        assert person.name not in page.text
    assert wishes(session) == []
    for _ in range(2):
        assert browser.post(url, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert wishes(session) == [(person.id, "", Wish.NONE)]
    assert "You will not get these" in browser.get(url).text
    assert "You will get these emails again" in browser.post(url, data={"again": "1"}).text
    assert wishes(session) == [(person.id, "", Wish.MEANT)]
    assert browser.post("/account/letters", data={}).status_code in (302, 400), "everything else keeps its token"


def test_the_link_of_a_shared_mailbox_stops_that_address(client: FlaskClient, session: Session) -> None:
    url = f"/letters/leave/{leaving_token(SIGNING, Leaver(LIST, address='team@rvch.example'))}"
    assert "for everyone who reads that mailbox" in client.get(url).text
    client.post(url)
    assert wishes(session) == [(None, "team@rvch.example", Wish.NONE)]


def test_a_guessed_or_foreign_link_says_nothing(client: FlaskClient, session: Session) -> None:
    good = leaving_token(SIGNING, Leaver(LIST, person_id=999_999))
    other_site = leaving_token(replace(SIGNING, secret_key="another key, also long enough"), Leaver(LIST, person_id=1))
    answers = {client.get(f"/letters/leave/{token}").text for token in (good, good[:-2], other_site, "x")}
    assert {client.post(f"/letters/leave/{token}").status_code for token in (good, good[:-2], "x")} == {404}
    assert len({BeautifulSoup(answer, "html.parser").main.text for answer in answers}) == 1  # type: ignore[union-attr]
    assert wishes(session) == []


def test_the_choices_of_two_records_of_one_person_do_not_stop_a_merge(work: Work, make: Make) -> None:
    kept, duplicate = make.person(), make.person()
    for person, wish in ((kept, Wish.NONE), (duplicate, Wish.ALL)):
        work.session.add(MailChoice(list_name=LIST, person_id=person.id, wish=wish, chosen_at=NOW))
        work.session.add(OwnCopy(person_id=person.id, chosen_at=NOW))
    work.session.commit()
    merge = merge_people(work, kept, duplicate)
    unmerge_people(work, merge)
    work.session.commit()
    assert [wish for _, _, wish in wishes(work.session)] == [Wish.NONE, Wish.ALL]


def test_the_id_of_a_list_is_one_plain_line() -> None:
    host = urlsplit("https://training.example.org").hostname or ""
    assert list_id('7-minute “briefings" <x>', "briefings.new_ones", host) == (
        "7-minute briefings x <briefings.new-ones.training.example.org>"
    )
