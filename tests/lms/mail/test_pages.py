"""The outbox in the office, and the mailbox of a demonstration."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.engine import Engine

from lms.frame.settings import Settings
from lms.frame.work import Work
from lms.hosting.app import create_app
from lms.mail.models import OutboxLetter
from lms.mail.plugin import _find_not_gone, _find_waiting
from lms.mail.rules import LetterState
from lms.people.models import Person
from tests.application import lent
from tests.built_in import BUILT_IN
from tests.conftest import Clock
from tests.lms.mail.conftest import TEMPLATES, Post, know_test_letters, letter
from tests.make import Make
from tests.moments import NOW

SignIn = Callable[[Person], FlaskClient]


@pytest.fixture
def office(app: Flask, filing: Post, make: Make, sign_in: SignIn) -> FlaskClient:
    """A coordinator's browser, beside letters that went, wait, were refused and hold a secret."""
    app.jinja_env.loader = filing.app.jinja_env.loader
    assert set(TEMPLATES) <= set(app.jinja_env.list_templates())
    nobody = make.person("Clement Aldous", email="").id
    browser = sign_in(make.coordinator())
    filing.put(
        letter(1),
        letter(2, person_id=nobody),
        letter(3, due_at=NOW + timedelta(days=3), to="later@rvch.example"),
        letter(4, context={"colour": "418 302"}, secret=True, due_at=NOW + timedelta(days=3)),
        letter(5, context={}, to="broken@rvch.example"),
    )
    filing.deliver()
    return browser


def test_the_office_sees_every_letter_and_what_did_not_go_first(office: FlaskClient) -> None:
    html = office.get("/letters").text
    assert "5 emails" in html
    assert "Hello green" in html
    assert "No usable address" in html
    assert "Failed, again Mon 16 Mar 2026 09:53" in html
    assert "Not due yet" in html
    assert "418 302" not in html


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("state=did_not_go", "Clement Aldous", "amara@rvch.example"),
        ("words=LATER%40", "later@rvch.example", "Clement Aldous"),
        ("words=aldous+clem", "Clement Aldous", "later@rvch.example"),
        ("kind=test.hello&state=sent", "amara@rvch.example", "later@rvch.example"),
        ("words=%25", "No emails found", "amara@rvch.example"),
        ("state=nonsense&page=-3", "amara@rvch.example", "No emails found"),
    ],
)
def test_letters_are_found_by_state_kind_and_words(office: FlaskClient, query: str, shown: str, hidden: str) -> None:
    html = office.get(f"/letters?{query}").text
    assert shown in html
    assert hidden not in html


def test_a_letter_shows_its_words_but_never_a_secret_and_never_a_trace(office: FlaskClient, filing: Post) -> None:
    assert "It is green." in office.get("/letters/1").text
    secret = office.get("/letters/4").text
    assert "418 302" not in secret
    assert "never show what it says here" in secret
    broken = office.get("/letters/5")
    assert broken.status_code == 200
    assert "&#39;colour&#39; is undefined" in broken.text
    assert office.get("/letters/99").status_code == 404


def test_a_letter_that_did_not_go_is_tried_again_and_one_that_went_is_not(office: FlaskClient, filing: Post) -> None:
    assert "Try again now" in office.get("/letters/2").text
    assert office.post("/letters/2/retry").status_code == 303
    assert filing.row(2).state is LetterState.WAITING
    assert "Try again now" not in office.get("/letters/1").text
    assert office.post("/letters/1/retry").status_code == 409
    assert office.post("/letters/99/retry").status_code == 404


def test_a_secret_that_is_gone_is_not_tried_again(office: FlaskClient, filing: Post, clock: Clock, make: Make) -> None:
    make.session.get_one(OutboxLetter, 4).to_address = "nobody"
    make.commit()
    clock.now = NOW + timedelta(days=4)
    filing.deliver()
    assert filing.row(4).state is LetterState.UNDELIVERABLE
    assert filing.row(4).context == {}
    assert "Try again now" not in office.get("/letters/4").text
    assert office.post("/letters/4/retry").status_code == 409


def test_all_that_did_not_go_are_tried_again_by_one_button(office: FlaskClient, filing: Post, make: Make) -> None:
    for letter_id in (1, 2, 3, 4):
        row = make.session.get_one(OutboxLetter, letter_id)
        row.state, row.sent_at, row.last_error = LetterState.REFUSED, None, "550 5.7.1 Unable to relay"
    make.session.get_one(OutboxLetter, 4).context = {}
    make.commit()
    assert "Try all 4 again" in office.get("/letters?state=did_not_go").text
    assert "Try all" not in office.get("/letters").text
    one = office.post("/letters/retry", data={"state": "refused", "kind": "", "words": "later@"}, follow_redirects=True)
    assert "1 email will be tried again within a minute." in one.text
    assert [filing.row(each).state.value for each in (1, 2, 3, 4)].count("waiting") == 1
    rest = office.post("/letters/retry", data={"state": "did_not_go"}, follow_redirects=True)
    assert "2 emails will be tried again within a minute. 1 email cannot be" in rest.text
    assert filing.row(4).state is LetterState.REFUSED


def test_of_a_letter_that_may_have_arrived_the_office_decides(office: FlaskClient, filing: Post, make: Make) -> None:
    row = make.session.get_one(OutboxLetter, 1)
    row.state, row.sent_at, row.may_have_gone_at = LetterState.GIVEN_UP, None, NOW
    make.commit()
    html = office.get("/letters/1").text
    assert "It may have arrived" in html
    assert "Send it again" in html
    assert "May have arrived" in office.get("/letters?state=did_not_go").text
    assert office.post("/letters/1/leave").status_code == 303
    assert (filing.row(1).state, filing.row(1).sent_at) == (LetterState.SENT, NOW)
    assert office.post("/letters/1/leave").status_code == 409
    assert office.post("/letters/2/leave").status_code == 409


def test_what_did_not_go_stands_on_today_beside_the_person_and_among_the_checks(
    office: FlaskClient, work: Work, make: Make
) -> None:
    person = make.person("Joel Tarrant", email="joel@rvch.example")
    row = make.session.get_one(OutboxLetter, 1)
    row.person_id, row.state, row.sent_at, row.last_error = person.id, LetterState.REFUSED, None, "550 No such mailbox"
    make.commit()
    number = len([each for each in _find_waiting(work) if each.number and "were not sent" in each.many])
    assert number == 1
    assert "not sent, or may not have been" in office.get(f"/people/{person.id}").text
    assert any("refused. 550 No such mailbox" in line for line in _find_not_gone(work))


def test_letters_are_tried_again_by_a_command(office: FlaskClient, filing: Post, make: Make) -> None:
    runner = filing.app.test_cli_runner()
    row = make.session.get_one(OutboxLetter, 1)
    row.state, row.sent_at = LetterState.REFUSED, None
    make.commit()
    later = runner.invoke(args=["mail", "retry", "--since", "2030-01-01T00:00"])
    assert "0 emails will be tried again" in later.output
    done = runner.invoke(args=["mail", "retry", "--state", "refused"])
    assert "1 email will be tried again within a minute." in done.output
    assert filing.row(1).state is LetterState.WAITING


def test_letters_are_the_offices_business(make: Make, sign_in: SignIn, client: FlaskClient) -> None:
    assert client.get("/letters").status_code == 302
    delegate = sign_in(make.person())
    assert delegate.get("/letters").status_code == 403
    assert delegate.post("/letters/1/retry").status_code == 403


def test_the_mailbox_is_there_in_a_demonstration_only(client: FlaskClient) -> None:
    for address in ("/mailbox", "/mailbox/x", "/mailbox/x/html"):
        assert client.get(address).status_code == 404


@pytest.fixture
def mailbox(settings: Settings, clock: Clock, engine: Engine) -> Iterator[FlaskClient]:
    """A demonstration's mailbox with a sign-in code in it."""
    with lent(replace(settings, is_demo=True), clock, know_test_letters) as demonstration:
        post = Post(demonstration, engine, clock, server=None)  # type: ignore[arg-type]
        post.put(letter(1, context={"colour": "418 302"}, secret=True))
        post.deliver()
        yield demonstration.test_client()


def test_the_mailbox_shows_what_went_out_codes_as_well(mailbox: FlaskClient) -> None:
    html = mailbox.get("/mailbox").text
    assert "Hello 418 302" in html
    address = html.split('href="/mailbox/')[1].split('"')[0]
    assert "It is 418 302." in mailbox.get(f"/mailbox/{address}").text
    letter_itself = mailbox.get(f"/mailbox/{address}/html")
    assert "<p>It is 418 302.</p>" in letter_itself.text
    assert letter_itself.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")


@pytest.mark.parametrize("name", ["..", "%2e%2e%2fsecret", "nope", "a.b"])
def test_the_mailbox_opens_nothing_but_letters(mailbox: FlaskClient, name: str) -> None:
    assert mailbox.get(f"/mailbox/{name}").status_code == 404


def test_a_demonstration_with_a_mail_server_says_so(settings: Settings, clock: Clock) -> None:
    app = create_app(replace(settings, is_demo=True, mail_url="smtp://127.0.0.1:9"), BUILT_IN, clock=clock)
    assert "names a mail server" in app.test_client().get("/mailbox").text
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()
