"""A code by mail: it signs in, once, for ten minutes, and never tells whether an address is known."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.people.models import PersonAddress
from lms.signin import rules
from tests.conftest import Clock
from tests.lms.signin.conftest import Post, who
from tests.make import Make

Ask = Callable[[str], str]


def type_code(browser: FlaskClient, page: str, code: str) -> int:
    return browser.post(page, data={"code": code}).status_code


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_a_person_without_an_account_signs_in_with_a_mailed_code(
    client: FlaskClient, make: Make, post: Post, ask: Ask
) -> None:
    make.person("Amara Fenwick-Osei", email="amara@rvch.example")
    make.commit()
    page = ask(" Amara@RVCH.example ")
    assert "If we know that address, a 6-digit code is on its way" in client.get(page).text
    answer = client.post(page, data={"code": post.code()})
    assert (answer.status_code, answer.location) == (303, "/")
    assert who(client) == "Amara Fenwick-Osei"
    assert post.count("account") == 1


def test_the_letter_is_secret_due_now_and_goes_to_the_person(make: Make, post: Post, ask: Ask) -> None:
    person = make.person(email="amara@rvch.example")
    make.commit()
    ask("amara@rvch.example")
    letter = post.newest("signin.code")
    assert letter.is_secret
    assert letter.person_id == person.id
    assert letter.due_at == letter.created_at
    assert re.fullmatch(r"\d{6}", letter.context["code"])


def test_a_reference_works_in_place_of_an_address(client: FlaskClient, make: Make, post: Post, ask: Ask) -> None:
    make.person("Denzil Marrowby", ref="P00031")
    make.commit()
    type_code(client, ask("p00031"), post.code())
    assert who(client) == "Denzil Marrowby"


def test_a_second_address_gets_the_code_itself(client: FlaskClient, make: Make, post: Post, ask: Ask) -> None:
    make.person("Amara Fenwick-Osei", addresses=[PersonAddress(address="amara@home.example")])
    make.commit()
    page = ask("amara@home.example")
    assert post.newest("signin.code").to_address == "amara@home.example"
    type_code(client, page, post.code())
    assert who(client) == "Amara Fenwick-Osei"


def test_a_shared_mailbox_is_told_who_shares_it_and_each_signs_in_by_reference(
    client: FlaskClient, make: Make, post: Post, ask: Ask
) -> None:
    make.person("Amara Fenwick-Osei", ref="P1", email="team@rvch.example")
    make.person("Denzil Marrowby", ref="P2", email="team@rvch.example")
    make.commit()
    page = ask("team@rvch.example")
    letter = post.newest("signin.shared_mailbox")
    assert letter.to_address == "team@rvch.example"
    assert [each["ref"] for each in letter.context["people"]] == ["P1", "P2"]
    assert type_code(client, page, "000000") == 422
    type_code(client, ask("P2"), post.code())
    assert who(client) == "Denzil Marrowby"


@pytest.mark.parametrize("why", ["left", "merged", "no mailbox"])
def test_who_has_left_was_merged_or_has_no_mailbox_gets_no_code(make: Make, post: Post, ask: Ask, why: str) -> None:
    other = make.person()
    person = make.person(ref="P77", email="" if why == "no mailbox" else "gone@rvch.example")
    if why == "left":
        person.left_on = person.created_at.date()
    if why == "merged":
        person.merged_into_id = other.id
    make.commit()
    ask("P77")
    ask("gone@rvch.example")
    assert post.all() == []


def test_a_code_that_was_mailed_before_somebody_left_is_worth_nothing(
    client: FlaskClient, make: Make, post: Post, ask: Ask
) -> None:
    person = make.person(ref="P77")
    make.commit()
    page = ask("P77")
    person.left_on = person.created_at.date()
    make.commit()
    assert type_code(client, page, post.code()) == 422
    assert who(client) == ""


def test_a_stranger_sees_exactly_what_somebody_known_sees(app: Flask, make: Make, post: Post) -> None:
    make.person(email="amara@rvch.example")
    make.commit()
    seen = []
    for identifier in ("amara@rvch.example", "nobody@rvch.example", "P99999"):
        browser = app.test_client()
        answer = browser.post("/sign-in", data={"identifier": identifier})
        page = answer.location
        steps = [(answer.status_code, len(page), [name for name, _ in answer.headers])]
        for attempt in ("000000", "111111"):
            shown = [browser.get(page), browser.post(page, data={"code": attempt})]
            steps += [(each.status_code, len(each.text), each.text.count("does not work")) for each in shown]
        seen.append(steps)
    assert seen[0] == seen[1] == seen[2]
    assert [letter.kind for letter in post.all()] == ["signin.code"]


def test_a_code_works_once(app: Flask, client: FlaskClient, make: Make, post: Post, ask: Ask) -> None:
    make.person(email="amara@rvch.example")
    make.commit()
    page = ask("amara@rvch.example")
    assert type_code(client, page, post.code()) == 303
    thief = app.test_client()
    assert type_code(thief, page, post.code()) == 422
    assert who(thief) == ""


def test_a_code_is_worth_nothing_after_ten_minutes(
    client: FlaskClient, make: Make, post: Post, ask: Ask, clock: Clock
) -> None:
    make.person(email="amara@rvch.example")
    make.commit()
    page = ask("amara@rvch.example")
    clock.now += rules.CODE_LASTS
    assert type_code(client, page, post.code()) == 422


def test_a_code_belongs_to_its_own_page(client: FlaskClient, make: Make, post: Post, ask: Ask) -> None:
    make.person(email="amara@rvch.example")
    make.person(email="denzil@rvch.example")
    make.commit()
    denzils = ask("denzil@rvch.example")
    ask("amara@rvch.example")
    assert type_code(client, denzils, post.code()) == 422


def test_after_five_wrong_tries_the_right_code_is_worth_nothing(
    client: FlaskClient, make: Make, post: Post, ask: Ask
) -> None:
    make.person(email="amara@rvch.example")
    make.commit()
    page = ask("amara@rvch.example")
    code = post.code()
    for _ in range(rules.WRONG_TRIES_A_CODE):
        assert type_code(client, page, other_than(code)) == 422
    assert type_code(client, page, code) == 422
    type_code(client, ask("amara@rvch.example"), post.code())
    assert who(client) != ""


@pytest.mark.parametrize("identifier", ["amara@rvch.example", "nobody@rvch.example"])
def test_after_ten_wrong_tries_within_an_hour_even_a_new_code_has_to_wait(
    client: FlaskClient, make: Make, post: Post, ask: Ask, clock: Clock, identifier: str
) -> None:
    make.person(email="amara@rvch.example")
    make.commit()
    for _ in range(2):
        page = ask(identifier)
        for _ in range(rules.WRONG_TRIES_A_CODE):
            type_code(client, page, "no")
    page = ask(identifier)
    answer = client.post(page, data={"code": "no"})
    assert answer.status_code == 422
    assert rules.TOO_MANY_WRONG in answer.text
    if identifier == "amara@rvch.example":
        assert type_code(client, page, post.code()) == 422
        clock.now += rules.WRONG_TRIES_WITHIN
        assert type_code(client, ask(identifier), post.code()) == 303


def test_other_ways_to_write_the_same_person_share_the_count(
    client: FlaskClient, make: Make, post: Post, ask: Ask
) -> None:
    make.person(ref="P5", email="amara@rvch.example", addresses=[PersonAddress(address="amara@home.example")])
    make.commit()
    for identifier in ("amara@rvch.example", "P5"):
        page = ask(identifier)
        for _ in range(rules.WRONG_TRIES_A_CODE):
            type_code(client, page, "no")
    assert type_code(client, ask("amara@home.example"), post.code()) == 422


@pytest.mark.parametrize("identifier", ["amara@rvch.example", "nobody@rvch.example"])
def test_after_five_codes_nobody_gets_more_for_a_quarter_of_an_hour(
    client: FlaskClient, make: Make, post: Post, ask: Ask, clock: Clock, identifier: str
) -> None:
    make.person(email="amara@rvch.example")
    make.commit()
    for _ in range(rules.CODES_ASKED):
        ask(identifier)
    answer = client.post("/sign-in", data={"identifier": identifier})
    assert answer.status_code == 422
    assert rules.TOO_MANY_ASKED in answer.text
    assert identifier in answer.text
    clock.now += rules.CODES_ASKED_WITHIN
    ask(identifier)


def test_one_address_of_the_network_may_not_guess_for_ever(client: FlaskClient, make: Make) -> None:
    make.commit()
    answers = [
        client.post("/sign-in/password", data={"identifier": f"P{number}", "password": ""}).status_code
        for number in range(61)
    ]
    assert answers[:60] == [422] * 60
    assert answers[60] == 429


def test_after_signing_in_the_wanted_page_follows(client: FlaskClient, make: Make, post: Post) -> None:
    make.person(email="amara@rvch.example")
    make.commit()
    page = client.post("/sign-in?next=/account", data={"identifier": "amara@rvch.example"}).location
    assert client.post(page, data={"code": post.code()}).location == "/account"
    assert client.get("/sign-in?next=/account").location == "/account"


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "/%5Cevil.example", "/%09/evil.example"])
def test_nobody_is_led_to_another_site(client: FlaskClient, make: Make, post: Post, wanted: str) -> None:
    make.person(email="amara@rvch.example")
    make.commit()
    page = client.post(f"/sign-in?next={wanted}", data={"identifier": "amara@rvch.example"}).location
    assert "evil" not in page
    assert client.post(f"{page}?next={wanted}", data={"code": post.code()}).location == "/"
    assert client.get(f"/sign-in?next={wanted}").location == "/"
    assert "evil" not in client.post(f"/sign-out?next={wanted}").location


def test_a_page_for_a_code_that_never_was_is_not_found(client: FlaskClient, make: Make) -> None:
    make.commit()
    assert client.get("/sign-in/code/abc").status_code == 404
    assert client.get("/register/code/abc").status_code == 404


def test_an_empty_form_says_what_to_type(client: FlaskClient, make: Make) -> None:
    make.commit()
    answer = client.post("/sign-in", data={"identifier": " "})
    assert answer.status_code == 422
    assert "Type your email address" in answer.text


def test_codes_and_tries_are_forgotten_after_a_day(
    client: FlaskClient, make: Make, post: Post, ask: Ask, app: Flask, clock: Clock
) -> None:
    make.person(email="amara@rvch.example")
    make.commit()
    type_code(client, ask("amara@rvch.example"), "no")
    client.post(
        "/register", data={"name": "A", "email": "a@b.example", "job_title": "Nurse", "agency_words": "Somewhere"}
    )
    clock.now += timedelta(days=1, seconds=1)
    job = next(job for job in app.extensions["lms"].jobs if job.name == "signin.forget_old_codes")
    with app.test_request_context(method="POST"):
        from lms.frame.web import db, work  # noqa: PLC0415

        job.run(work())
        db.session.commit()
    assert [post.count(table) for table in ("sign_in_code", "sign_in_try", "registration")] == [0, 0, 0]
