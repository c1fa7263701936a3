"""A code by mail: it signs in, once, for ten minutes, and never tells whether an address is known."""

import hashlib
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from lms.kit.keys import Keys
from lms.people.models import PersonAddress
from lms.signin import rules
from lms.signin.models import SignInCode
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
    assert "If we know that address, we’ve sent you a code" in client.get(page).text
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
    assert post.all() == []
    ask("gone@rvch.example")
    assert [letter.kind for letter in post.all()] == ["signin.unknown_address"]


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
    """However often: forty times, by each of their addresses, with five wrong codes on every page."""
    make.person(ref="P5", email="amara@rvch.example", addresses=[PersonAddress(address="amara@home.example")])
    make.commit()
    seen = []
    for known in (["amara@rvch.example", "amara@home.example", "p5"], ["nobody@rvch.example", "no@home.example", "P9"]):
        browser, steps = app.test_client(), []
        for number in range(40):
            answer = browser.post("/sign-in", data={"identifier": known[number % 3]})
            page = answer.location
            steps.append((answer.status_code, len(page), [name for name, _ in answer.headers]))
            for attempt in ("000000", "111111", "no", "222222", "333333", "444444"):
                shown = [browser.get(page), browser.post(page, data={"code": attempt})]
                steps += [(each.status_code, len(each.text), each.text.count("does not work")) for each in shown]
        seen.append(steps)
    assert seen[0] == seen[1]


def test_an_unknown_address_gets_one_letter_that_says_how_to_register(
    app: Flask, make: Make, post: Post, ask: Ask, clock: Clock
) -> None:
    """It carries no word that somebody typed; and no network makes us write to many."""
    make.commit()
    for _ in range(3):
        ask("Nobody+CLICK.HERE@rvch.example")
    letters = post.all()
    assert [(each.kind, each.to_address) for each in letters] == [
        ("signin.unknown_address", "nobody+click.here@rvch.example")
    ]
    assert (letters[0].context, letters[0].to_name) == ({}, "reader")
    for number in range(rules.UNKNOWN_TOLD_AN_HOUR + 5):
        ask(f"nobody{number}@rvch.example")
    assert len(post.all()) == rules.UNKNOWN_TOLD_AN_HOUR
    clock.now += timedelta(days=1)
    ask("nobody+click.here@rvch.example")
    assert len(post.all()) == rules.UNKNOWN_TOLD_AN_HOUR + 1


@pytest.mark.parametrize(
    "identifier", ["no address@", "@", "a@b", "P12345", "a@b@c.example", "a..b@c.example", "=?utf-8?q?x?=@b.example"]
)
def test_what_is_no_address_gets_no_letter(make: Make, post: Post, ask: Ask, identifier: str) -> None:
    make.commit()
    ask(identifier)
    assert post.all() == []


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
        assert "Ask for a new code</h1>" not in client.get(page).text
        assert type_code(client, page, other_than(code)) == 422
    assert "Ask for a new code</h1>" in client.get(page).text
    assert type_code(client, page, code) == 422
    type_code(client, ask("amara@rvch.example"), post.code())
    assert who(client) != ""


def test_a_right_code_works_whatever_happened_elsewhere(
    app: Flask, client: FlaskClient, make: Make, post: Post, ask: Callable[..., str]
) -> None:
    """Strangers in the same network ask for codes, type wrong ones and wrong passwords, before and after; both her page
    from before and one from after take their own codes."""
    make.person("Amara Fenwick-Osei", email="amara@rvch.example")
    make.commit()
    page = ask("amara@rvch.example")
    code = post.code()
    stranger = app.test_client()
    for _ in range(30):
        theirs = ask("amara@rvch.example", stranger)
        for _ in range(rules.WRONG_TRIES_A_CODE + 1):
            type_code(stranger, theirs, "no")
    for _ in range(120):
        stranger.post("/sign-in/password", data={"identifier": "amara@rvch.example", "password": "wrong, wrong"})
    assert type_code(client, page, code) == 303
    assert who(client) == "Amara Fenwick-Osei"
    later = app.test_client()
    assert type_code(later, ask("amara@rvch.example", later), post.code()) == 303


def test_codes_get_longer_when_many_are_asked_for_and_emails_fewer(
    app: Flask, make: Make, post: Post, ask: Callable[..., str], clock: Clock
) -> None:
    """Nobody can guess twelve digits, so one email may do for every page that is asked for within two minutes."""
    make.person(email="amara@rvch.example")
    make.commit()
    stranger, pages = app.test_client(), []
    for _ in range(rules.SHORT_CODES_A_DAY):
        ask("amara@rvch.example", stranger)
    assert len(post.code()) == 6
    for _ in range(6):
        pages.append(ask("amara@rvch.example", stranger))
    code = post.code()
    assert re.fullmatch(r"\d{4} \d{4} \d{4}", code)
    assert len(post.all()) == rules.SHORT_CODES_A_DAY + 1
    mine = app.test_client()
    page = ask("amara@rvch.example", mine)
    assert len(post.all()) == rules.SHORT_CODES_A_DAY + 1
    assert type_code(mine, page, code) == 303
    assert type_code(stranger, pages[0], code) == 422, "a code works once, wherever"
    assert type_code(stranger, pages[3], code) == 422
    ask("amara@rvch.example", stranger)
    assert len(post.all()) == rules.SHORT_CODES_A_DAY + 2, "what was used is not shared again"
    clock.now += rules.LETTERS_APART
    ask("amara@rvch.example", stranger)
    assert len(post.all()) == rules.SHORT_CODES_A_DAY + 3
    clock.now += timedelta(days=1)
    ask("amara@rvch.example", stranger)
    assert len(post.code()) == 6


def test_a_long_code_for_one_mailbox_is_not_shared_with_another(
    app: Flask, make: Make, post: Post, ask: Callable[..., str]
) -> None:
    make.person(email="amara@rvch.example", addresses=[PersonAddress(address="amara@home.example")])
    make.commit()
    browser = app.test_client()
    for _ in range(rules.SHORT_CODES_A_DAY + 1):
        ask("amara@rvch.example", browser)
    page = ask("amara@home.example", browser)
    assert post.newest("signin.code").to_address == "amara@home.example"
    assert type_code(browser, page, post.code()) == 303


def test_a_code_is_worth_nothing_once_its_mailbox_is_no_longer_theirs(
    client: FlaskClient, make: Make, post: Post, ask: Ask
) -> None:
    person = make.person(email="amara@rvch.example")
    make.commit()
    page = ask("amara@rvch.example")
    person.email = "somebody.else@rvch.example"
    make.commit()
    assert type_code(client, page, post.code()) == 422
    assert who(client) == ""


def test_many_at_once_cannot_try_more_than_five_codes_on_a_page(
    app: Flask, make: Make, post: Post, ask: Ask, engine: Engine
) -> None:
    make.person(email="amara@rvch.example")
    make.commit()
    page, code = ask("amara@rvch.example"), post.code()
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: type_code(app.test_client(), page, other_than(code)), range(12)))
    with Session(engine) as session:
        assert session.scalar(sa.select(SignInCode.wrong_tries)) == rules.WRONG_TRIES_A_CODE


def test_the_database_does_not_tell_a_code_without_the_key(make: Make, post: Post, ask: Ask, engine: Engine) -> None:
    """Ten minutes are long enough to try a million of anything that only needs what stands in the row."""
    make.person(email="amara@rvch.example")
    make.commit()
    page, code = ask("amara@rvch.example"), post.code()
    token = page.split("/")[-1].split("?")[0]
    with Session(engine) as session:
        kept = session.scalars(sa.select(SignInCode.digest)).one()
    plain = {token + code, f"{token}\0{code}", code, code + token}
    assert kept not in {hashlib.sha256(each.encode()).hexdigest() for each in plain}
    assert Keys("a key for tests, long enough").mark("sign-in code", token, code) == kept


def test_a_code_of_before_a_new_key_still_works(
    app: Flask, client: FlaskClient, make: Make, post: Post, ask: Ask
) -> None:
    make.person(email="amara@rvch.example")
    make.commit()
    page = ask("amara@rvch.example")
    site = app.extensions["lms"]
    keys = {"secret_key": "the next key, long enough", "secret_keys_before": (site.settings.secret_key,)}
    app.extensions["lms"] = replace(site, settings=replace(site.settings, **keys))
    assert type_code(client, page, post.code()) == 303


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
    assert "Enter your email address" in answer.text


def test_codes_are_forgotten_after_a_day(
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
    assert [post.count(table) for table in ("sign_in_code", "registration")] == [0, 0]
