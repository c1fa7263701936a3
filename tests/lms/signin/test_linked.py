"""Signing in with an account at work, the whole way: our pages, a real provider, and back."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse
from werkzeug.wrappers import Response

from lms.agencies.models import AgencyDomain
from lms.attempts.models import Attempt
from lms.attempts.rules import What
from lms.audit.models import AuditEntry
from lms.frame.access import Role, program
from lms.frame.work import Work
from lms.merging.services import merge_people
from lms.people.accounts.models import Account
from lms.people.models import Person, PersonAddress, RoleGrant
from lms.signin.linked.checks import CHECK
from lms.signin.linked.models import LinkedAccount, RoundTrip
from lms.signin.locks import Locks
from lms.signin.personal_data import PERSONAL_DATA
from lms.signin.providers.services import Providers
from lms.signin.registrations.queries import waiting_registrations
from tests.conftest import Clock
from tests.lms.signin.conftest import Post, who
from tests.make import Make
from tests.providers import Provider, configured

BACK = "/sign-in/with/nhs/back"
Trip = Callable[..., TestResponse]


@pytest.fixture
def at_work(app: Flask, provider: Provider, clock: Clock) -> Iterator[Callable[..., None]]:
    """The application with one provider, by the real clock; answers how to set it otherwise."""
    before, clock.now = app.extensions["lms.providers"], datetime.now(UTC)

    def configure(**more: Any) -> None:
        found = Providers([configured(provider, **more)], "http://localhost/sign-in/with/{}/back")
        app.extensions["lms.providers"] = found

    configure()
    provider.knows("amara", email="amara@rvch.example", email_verified=True, name="Amara Fenwick-Osei", amr=["mfa"])
    yield configure
    app.extensions["lms.providers"] = before


def set_out(browser: FlaskClient, url: str = "/sign-in/with/nhs") -> str:
    """The address at the provider to which the page leads."""
    answer = browser.post(url)
    assert answer.status_code == 200, answer.text
    way = BeautifulSoup(answer.text, "html.parser").select_one("main a.govuk-button")
    assert way is not None
    return str(way["href"])


def come_back(browser: FlaskClient, address: str) -> TestResponse:
    """What the page does to which the provider sends people: first read, then sent on."""
    parts = urlsplit(address)
    page = browser.get(f"{parts.path}?{parts.query}")
    assert page.status_code == 200, page.text
    fields = BeautifulSoup(page.text, "html.parser").select("main form[data-go-on] input[name]")
    return browser.post(parts.path, data={str(each["name"]): str(each["value"]) for each in fields})


@pytest.fixture
def trip(client: FlaskClient, provider: Provider, at_work: object) -> Trip:
    def made(sub: str = "amara", browser: FlaskClient = client, url: str = "/sign-in/with/nhs") -> TestResponse:
        return come_back(browser, provider.shows(set_out(browser, url), sub))

    return made


def problem(answer: TestResponse) -> str:
    found = BeautifulSoup(answer.text, "html.parser").select_one(".govuk-error-summary__list")
    return found.get_text(" ", strip=True) if found else ""


def links(session: Session) -> list[LinkedAccount]:
    session.rollback()
    return list(session.scalars(sa.select(LinkedAccount).order_by(LinkedAccount.id)))


def events(session: Session) -> list[str]:
    session.rollback()
    return [each.event for each in session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id))]


def test_somebody_known_by_their_address_signs_in_and_is_linked(
    client: FlaskClient, make: Make, trip: Trip, session: Session, post: Post
) -> None:
    person = make.person("Amara Fenwick-Osei", email="amara@rvch.example")
    make.commit()
    assert "Sign in with NHSmail" in client.get("/sign-in").text
    answer = trip(url="/sign-in/with/nhs?next=/my?all=1")
    assert (answer.status_code, answer.location) == (303, "/my?all=1")
    assert who(client) == "Amara Fenwick-Osei"
    (link,) = links(session)
    assert (link.person_id, link.subject, link.address) == (person.id, "amara", "amara@rvch.example")
    assert "NHSmail account was linked" in post.newest("signin.account_changed").context["what"]
    assert {"signed in", "account linked"} <= set(events(session))
    assert session.scalars(sa.select(RoundTrip)).all() == []


def test_once_linked_the_subject_counts_whatever_the_address_and_a_letter_tells(
    client: FlaskClient, make: Make, trip: Trip, session: Session, post: Post, provider: Provider
) -> None:
    person = make.person("Amara Fenwick-Osei", email="amara@rvch.example")
    make.person("Someone Else", email="married@rvch.example")
    make.commit()
    trip()
    provider.knows("amara", email="married@rvch.example", email_verified=True)
    client.post("/sign-out")
    assert trip().location == "/"
    assert who(client) == "Amara Fenwick-Osei"
    (link,) = links(session)
    assert (link.person_id, link.address) == (person.id, "married@rvch.example")
    letter = post.newest("signin.linked_address_changed")
    assert (letter.person_id, letter.to_address) == (person.id, "")  # to their own address, as it is when it leaves
    before = len(post.all())
    client.post("/sign-out")
    trip()
    assert len(post.all()) == before
    provider.knows("amara")  # and without any address
    client.post("/sign-out")
    trip()
    assert who(client) == "Amara Fenwick-Osei"


def test_another_subject_at_the_same_address_is_refused_and_the_owner_hears_of_it_once_a_day(
    client: FlaskClient, make: Make, trip: Trip, session: Session, post: Post, provider: Provider
) -> None:
    make.person("Amara Fenwick-Osei", email="amara@rvch.example")
    make.commit()
    trip()
    client.post("/sign-out")
    provider.knows("mallory", email="amara@rvch.example", email_verified=True)
    for _ in range(2):
        answer = trip("mallory")
        assert answer.status_code == 422
        assert "Another NHSmail account is linked" in problem(answer)
    assert who(client) == ""
    assert [link.subject for link in links(session)] == ["amara"]
    assert [letter.kind for letter in post.all()].count("signin.other_account") == 1
    assert What.WRONG_ACCOUNT in session.scalars(sa.select(Attempt.what)).all()


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ({"email": "amara@rvch.example"}, "did not tell us a work email address"),
        ({"email": "amara@rvch.example", "email_verified": False}, "did not tell us a work email address"),
        ({"email": "amara@home.example", "email_verified": True}, "did not tell us a work email address"),
        ({"name": "Amara Fenwick-Osei"}, "did not tell us a work email address"),
        ({"email": "team@rvch.example", "email_verified": True}, "Several people share the address"),
    ],
)
def test_what_is_not_proved_lets_nobody_in_and_a_code_is_always_there(
    client: FlaskClient, make: Make, trip: Trip, session: Session, provider: Provider, claims: Any, words: str
) -> None:
    make.person(
        "Amara Fenwick-Osei", email="amara@rvch.example", addresses=[PersonAddress(address="amara@home.example")]
    )
    make.person("One", email="team@rvch.example")
    make.person("Two", email="team@rvch.example")
    make.commit()
    provider.knows("mallory", **claims)
    answer = trip("mallory", url="/sign-in/with/nhs?next=/my")
    assert answer.status_code == 422
    assert words in problem(answer)
    page = BeautifulSoup(answer.text, "html.parser")
    assert page.select_one("form[action='/sign-in?next=/my'] input[name=identifier]") is not None
    assert who(client) == ""
    assert links(session) == []


def test_a_way_back_works_once_in_the_browser_that_set_out_and_in_time(
    app: Flask, client: FlaskClient, make: Make, provider: Provider, at_work: object, clock: Clock
) -> None:
    make.person("Amara Fenwick-Osei", email="amara@rvch.example")
    make.commit()
    stranger = app.test_client()
    set_out(stranger)
    back = provider.shows(set_out(client), "amara")
    assert "was started in another browser" in problem(come_back(stranger, back))  # somebody is sent another's way back
    assert who(stranger) == ""
    wrong = come_back(client, back.replace("state=", "state=x"))
    assert "was started in another browser" in problem(wrong)
    stolen = app.test_client()
    stolen.set_cookie("golden_thread", client.get_cookie("golden_thread").value)  # type: ignore[union-attr]
    assert come_back(client, back).status_code == 303
    assert "was started in another browser" in problem(come_back(stolen, back))
    late = app.test_client()
    back = provider.shows(set_out(late), "amara")
    clock.now += timedelta(minutes=31)
    assert "took too long" in problem(come_back(late, back))


def test_reading_the_way_back_does_nothing_and_no_site_can_send_it_on(
    app: Flask, client: FlaskClient, make: Make, provider: Provider, at_work: object, session: Session
) -> None:
    make.person("Amara Fenwick-Osei", email="amara@rvch.example")
    make.commit()
    back = urlsplit(provider.shows(set_out(client), "amara"))
    client.get(f"{back.path}?{back.query}")
    assert who(client) == ""
    assert links(session) == []
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        assert client.post(back.path, query_string=back.query, data={"state": "x", "code": "y"}).status_code >= 400
        assert client.post("/sign-in/with/nhs").status_code >= 400
    finally:
        app.config["WTF_CSRF_ENABLED"] = False


def test_signing_in_begins_a_session_of_its_own_and_leads_nowhere_else(
    client: FlaskClient, make: Make, trip: Trip
) -> None:
    make.person("Amara Fenwick-Osei", email="amara@rvch.example")
    make.commit()
    client.get("/sign-in")
    set_out(client)
    before = client.get_cookie("golden_thread")
    assert trip(url="/sign-in/with/nhs?next=https://evil.example/").location == "/"
    assert before is not None
    with client.session_transaction() as kept:
        assert not {"round_trips", "to_prove", "newcomer"} & set(kept)
    assert client.get("/sign-in/with/other/back").status_code == 404


def test_nobody_waits_for_the_database_while_the_provider_is_asked(
    app: Flask, client: FlaskClient, make: Make, provider: Provider, at_work: object, session: Session
) -> None:
    make.person("Amara Fenwick-Osei", email="amara@rvch.example")
    make.commit()
    back = provider.shows(set_out(client), "amara")
    wrote: list[str] = []

    def writes_meanwhile(claims: dict[str, Any]) -> dict[str, Any]:
        other = Make(Session(session.get_bind()))
        other.sector("Written meanwhile")
        other.commit()
        wrote.append("yes")
        return claims

    provider.spoil = writes_meanwhile
    provider.rotate("ours")
    assert come_back(client, back).status_code == 303
    assert wrote == ["yes"]


def test_a_provider_that_is_down_leaves_the_code(
    client: FlaskClient, make: Make, provider: Provider, at_work: object, clock: Clock
) -> None:
    provider.answers["/.well-known/openid-configuration"] = Response("down", status=503)
    answer = client.post("/sign-in/with/nhs?next=/my")
    assert answer.status_code == 422
    assert "NHSmail cannot be reached just now. Ask for a code instead." in problem(answer)
    provider.forget()
    clock.now += timedelta(minutes=1)
    back = provider.shows(set_out(client), "amara")
    provider.answers["/oauth2/token"] = Response("down", status=503)
    assert "NHSmail cannot be reached just now" in problem(come_back(client, back))


def test_what_proves_nothing_is_noted_and_whoever_runs_the_server_reads_why(
    client: FlaskClient, trip: Trip, provider: Provider, at_work: Any, session: Session,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    told = Response('{"error": "invalid_client"}', status=401, content_type="application/json")
    provider.answers["/oauth2/token"] = told
    assert "We could not sign you in with your NHSmail account" in problem(trip())
    assert "refused: invalid_client" in caplog.text
    provider.forget()
    at_work(tenants=("tenant-1",))
    assert "an organisation that we do not work with" in problem(trip())
    assert session.scalars(sa.select(Attempt.what)).all() == [What.WRONG_ACCOUNT] * 2


def test_who_gives_up_at_the_provider_is_back_at_the_ways_in_with_what_they_wanted(
    client: FlaskClient, at_work: object
) -> None:
    state = parse_qs(urlsplit(set_out(client, "/sign-in/with/nhs?next=/my")).query)["state"][0]
    for known, action in ((state, "/sign-in?next=/my"), ("x", "/sign-in"), (state, "/sign-in?next=/my")):
        answer = client.get(f"{BACK}?error=access_denied&state={known}")
        assert answer.status_code == 200
        assert "You did not finish signing in with NHSmail" in problem(answer)
        assert f'action="{action}"' in answer.text


def test_whoever_has_left_is_as_unknown_as_by_code_and_waits_for_the_office(
    client: FlaskClient, make: Make, trip: Trip, session: Session
) -> None:
    person = make.person("Amara Fenwick-Osei", email="amara@rvch.example")
    make.commit()
    trip()
    client.post("/sign-out")
    person.left_on = person.created_at.date()
    make.commit()
    answer = trip()
    assert answer.location == "/sign-in/new"
    assert who(client) == ""
    assert "We do not know" in client.get("/sign-in/new").text
    client.post(
        "/sign-in/new",
        data={"name": "Amara Fenwick-Osei", "job_title": "Nurse", "agency_words": "RVCH", "role_group_id": 0},
    )
    assert who(client) == ""


def newcomer(client: FlaskClient, where: str, make: Make) -> TestResponse:
    page = client.get(where)
    assert "amara@rvch.example" in page.text
    assert 'value="Amara Fenwick-Osei"' in page.text
    assert 'name="email"' not in page.text
    group = BeautifulSoup(page.text, "html.parser").select("select[name=role_group_id] option")
    data = {"name": "Amara Fenwick-Osei", "job_title": "Nurse", "agency_words": ""}
    data |= {"agency_words": "Community Health"} | ({"role_group_id": str(group[-1]["value"])} if group else {})
    return client.post(where, data=data)


def test_somebody_new_of_an_agency_s_domain_is_in_without_a_code_and_where_they_wanted(
    client: FlaskClient, make: Make, trip: Trip, session: Session, post: Post
) -> None:
    agency = make.agency("Community Health")
    agency.domains.append(AgencyDomain(domain="rvch.example"))
    make.commit()
    answer = trip(url="/sign-in/with/nhs?next=/courses")
    assert answer.location == "/sign-in/new?next=/courses"
    answer = newcomer(client, answer.location, make)
    assert (answer.status_code, answer.location) == (303, "/courses")
    assert "You are registered and signed in." in client.get("/courses").text
    assert who(client) == "Amara Fenwick-Osei"
    (link,) = links(session)
    assert link.subject == "amara"
    assert "signin.registration_code" not in {letter.kind for letter in post.all()}
    assert client.get("/sign-in/new").status_code == 303  # done with


def test_somebody_new_of_no_agency_waits_with_what_they_wanted(
    client: FlaskClient, make: Make, trip: Trip, session: Session
) -> None:
    answer = newcomer(client, trip(url="/sign-in/with/nhs?next=/courses").location, make)
    assert "your address is confirmed" in answer.text
    assert who(client) == ""
    session.rollback()
    (waits,) = waiting_registrations(session)
    assert waits.email == "amara@rvch.example"
    assert links(session) == []


def test_nobody_registers_an_address_that_no_provider_proved(
    client: FlaskClient, at_work: object, clock: Clock, trip: Trip
) -> None:
    assert client.get("/sign-in/new").location == "/sign-in"
    assert client.post("/sign-in/new", data={"name": "Mallory"}).location == "/sign-in"
    trip()
    clock.now += timedelta(hours=1)
    assert client.get("/sign-in/new").location == "/sign-in"


@pytest.fixture
def officer(make: Make, locks: Locks) -> Person:
    """A review officer with a second factor of ours."""
    person = make.person("Amara Fenwick-Osei", email="amara@rvch.example", roles=(Role.REVIEW_OFFICER,))
    account = make.account(person)
    account.tf_totp_secret = locks.authenticator.generate_totp_secret()
    make.commit()
    return person


def app_code(locks: Locks, session: Session, clock: Clock) -> str:
    session.rollback()
    secret = session.scalars(sa.select(Account.tf_totp_secret)).one()
    assert secret is not None
    return locks.authenticator.code_at(secret, clock.now)


def test_an_entrusted_record_is_linked_by_its_second_factor_alone(
    client: FlaskClient, officer: Person, trip: Trip, session: Session, locks: Locks, clock: Clock, at_work: Any
) -> None:
    at_work(factors=(("amr", "mfa"),))
    answer = trip(url="/sign-in/with/nhs?next=/reviews")
    assert answer.location == "/sign-in/second-factor?next=/reviews"  # however much the provider asserts
    assert who(client) == ""
    assert links(session) == []
    answer = client.post(answer.location, data={"code": app_code(locks, session, clock)})
    assert answer.location == "/reviews"
    assert who(client) == "Amara Fenwick-Osei"
    (link,) = links(session)
    assert link.proved_at is not None
    client.post("/sign-out")
    assert trip(url="/sign-in/with/nhs?next=/reviews").location == "/reviews"  # its word counts from now on
    assert who(client) == "Amara Fenwick-Osei"


def test_a_second_factor_that_no_setting_names_or_nobody_asserts_does_not_count(
    client: FlaskClient, officer: Person, trip: Trip, session: Session, locks: Locks, clock: Clock, at_work: Any,
    provider: Provider,
) -> None:  # fmt: skip
    client.post(trip().location, data={"code": app_code(locks, session, clock)})
    for factors, amr in (((), ["mfa"]), ((("amr", "mfa"),), ["pwd"])):
        at_work(factors=factors)
        provider.knows("amara", email="amara@rvch.example", email_verified=True, amr=amr)
        client.post("/sign-out")
        assert trip().location == "/sign-in/second-factor"
        assert who(client) == ""


def test_who_was_linked_before_they_were_entrusted_proves_it_anew(
    client: FlaskClient, make: Make, trip: Trip, session: Session, locks: Locks, clock: Clock, at_work: Any
) -> None:
    """A mailbox, or whoever runs the directory, makes nobody a review officer: the invitation and the app do."""
    at_work(factors=(("amr", "mfa"),))
    person = make.person("Amara Fenwick-Osei", email="amara@rvch.example")
    make.commit()
    trip()
    client.post("/sign-out")
    session.add(RoleGrant(person_id=person.id, role=Role.REVIEW_OFFICER, granted_at=person.created_at))
    make.commit()
    assert trip().location == "/account/second-factor"
    assert "You need an invitation" in client.get("/account/second-factor").text
    assert who(client) == ""
    make.invitation(person, made_at=clock.now, good_until=clock.now + timedelta(days=1))
    make.commit()
    client.get("/account/second-factor")
    with client.session_transaction() as kept:
        code = locks.authenticator.code_at(kept["new_second_factor"], clock.now)
    client.post("/account/second-factor", data={"code": code})
    assert who(client) == "Amara Fenwick-Osei"
    assert [link.proved_at for link in links(session)] == [clock.now]


def test_an_account_is_linked_and_unlinked_under_my_account(
    client: FlaskClient, make: Make, trip: Trip, session: Session, post: Post, ask: Callable[[str], str], clock: Clock
) -> None:
    make.person(
        "Amara Fenwick-Osei", email="first@rvch.example", addresses=[PersonAddress(address="amara@rvch.example")]
    )
    make.commit()
    page = ask("first@rvch.example")
    assert "You do not have to wait for the email" in client.get(page).text  # its domain is the provider's
    client.post(page, data={"code": post.code()})
    assert "Link your NHSmail account" in client.get("/account").text
    answer = trip(url="/account/linked/nhs")
    assert (answer.status_code, answer.location) == (303, "/account")
    text = client.get("/account").text
    assert "Link your NHSmail account" not in text
    (link,) = links(session)
    assert client.post(f"/account/linked/{link.id + 1}/unlink").status_code == 404
    assert client.post(f"/account/linked/{link.id}/unlink").location == "/account"
    assert links(session) == []
    assert "was unlinked" in post.newest("signin.account_changed").context["what"]
    assert events(session)[-1] == "account unlinked"
    clock.now += timedelta(minutes=31)
    assert client.post("/account/linked/nhs").status_code == 403  # they signed in a while ago


def test_whoever_finds_a_browser_open_links_no_account_of_their_own(
    app: Flask, client: FlaskClient, make: Make, trip: Trip, session: Session, provider: Provider,
    sign_in: Callable[[Person], FlaskClient], clock: Clock,
) -> None:  # fmt: skip
    victim = sign_in(make.person("Denzil Marrowby", email="denzil@rvch.example"))
    answer = trip(browser=victim, url="/account/linked/nhs")
    assert answer.status_code == 403
    assert "not on your record" in answer.text
    assert links(session) == []


def test_a_way_out_to_link_ends_in_nobody_elses_session(
    app: Flask, make: Make, session: Session, provider: Provider, at_work: object,
    sign_in: Callable[[Person], FlaskClient],
) -> None:  # fmt: skip
    amara = make.person("Amara Fenwick-Osei", email="amara@rvch.example")
    browser = sign_in(amara)
    back = provider.shows(set_out(browser, "/account/linked/nhs"), "amara")
    with browser.session_transaction() as kept:
        key = kept["round_trips"]
    other = sign_in(make.person("Denzil Marrowby", email="denzil@rvch.example"))
    with other.session_transaction() as kept:
        kept["round_trips"] = key
    assert "Start again" in problem(come_back(other, back))
    assert links(session) == []


def test_a_merge_moves_no_link_and_the_address_leads_to_the_person_kept(
    client: FlaskClient, make: Make, trip: Trip, session: Session, work: Work
) -> None:
    duplicate = make.person("Amara Fenwick", email="amara@rvch.example")
    kept = make.person("Amara Fenwick-Osei", email="other@rvch.example")
    make.commit()
    trip()
    client.post("/sign-out")
    session.rollback()
    merge_people(work, session.get_one(Person, kept.id), session.get_one(Person, duplicate.id))
    session.commit()
    assert [link.person_id for link in links(session)] == [duplicate.id]
    assert trip().location == "/"
    assert who(client) == "Amara Fenwick-Osei"
    assert [link.person_id for link in links(session)] == [kept.id]


def test_the_button_is_offered_by_the_domain_alone_whether_we_know_the_address_or_not(
    client: FlaskClient, make: Make, at_work: object, ask: Callable[[str], str]
) -> None:
    make.person("Amara Fenwick-Osei", ref="P00031", email="amara@rvch.example")
    make.commit()
    offered = {
        typed: "Sign in with NHSmail" in client.get(ask(typed)).text
        for typed in ("amara@rvch.example", "nobody@x.nhs.example", "amara@home.example", "P00031")
    }
    assert list(offered.values()) == [True, True, False, False]


def test_a_link_is_in_its_owners_copy_and_goes_with_them(
    make: Make, trip: Trip, session: Session, work: Work, client: FlaskClient
) -> None:
    person = make.person("Amara Fenwick-Osei", email="amara@rvch.example")
    make.commit()
    trip()
    session.rollback()
    (told,) = PERSONAL_DATA.export(work, person.id)["Accounts at work by which you sign in"]
    assert (told["You are known there as"], told["Email address there"]) == ("amara", "amara@rvch.example")
    PERSONAL_DATA.erase(work, person.id)
    session.commit()
    assert links(session) == []


def test_one_account_is_one_persons_and_of_a_provider_a_person_has_one(session: Session, make: Make) -> None:
    one, other = make.person(), make.person()
    make.commit()

    def linked(person: Person, issuer: str, subject: str) -> None:
        with session.begin_nested():
            at = person.created_at
            session.add(
                LinkedAccount(
                    person_id=person.id,
                    provider="nhs",
                    issuer=issuer,
                    subject=subject,
                    address="",
                    linked_at=at,
                    last_used_at=at,
                )
            )

    linked(one, "https://a.example", "s")
    linked(one, "https://b.example", "s")
    linked(other, "https://a.example", "t")
    for person, issuer, subject in (
        (other, "https://b.example", "s"),
        (one, "https://a.example", "u"),
        (other, "", "x"),
    ):
        with pytest.raises(sa.exc.IntegrityError):
            linked(person, issuer, subject)


def test_the_check_names_a_provider_that_does_not_answer(work: Work, provider: Provider) -> None:
    class At:
        settings = type("S", (), {"providers": (configured(provider),)})

    asked = Work(session=work.session, actor=program("test"), now=datetime.now(UTC), site=At())  # type: ignore[arg-type]
    assert CHECK.name == "signin.providers"
    assert list(CHECK.find(asked)) == []
    provider.answers["/jwks"] = Response('{"keys": []}')
    assert list(CHECK.find(asked)) == ["LMS_OIDC_NHS_ISSUER: NHSmail publishes no key that signs."]
