"""Mallory wants to read what only the review officer may, and tries every door that there is.

Mallory is somebody here: a practitioner, the lead of the officer's agency, a trainer, a coordinator. Whatever they try,
the officer's record stays as it is, nobody else becomes an officer, and with everything that arrives in Mallory's own
mailboxes Mallory signs in as Mallory alone.
"""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from courses.booking.bookings.models import Booking
from courses.booking.bookings.queries import APPROVAL, approval_of
from courses.booking.bookings.rules import BookingRequest
from courses.booking.bookings.services import book_place
from courses.records.certificates.models import Certificate
from courses.records.certificates.queries import LINK as CERTIFICATE
from lms.entrusting.models import ChangeRequest
from lms.frame.access import Role
from lms.frame.db import begin_reading
from lms.frame.work import Work
from lms.mail.models import OutboxLetter
from lms.merging.services import merge_people
from lms.people.accounts.models import Account
from lms.people.models import Person, PersonAddress, RoleGrant
from lms.sessions.models import SignInSession
from lms.signin.models import Registration
from reviews.cases.rules import Publication
from surveys.invitations.links.queries import INVITED
from surveys.invitations.models import Invitation
from surveys.questions.rules import SurveyKind
from surveys.stages.rules import Stage
from tests.databases import NoSite
from tests.make import Make
from tests.moments import NOW
from tests.surveys.people import Asked

pytestmark = pytest.mark.slow

SECRET = "Quillonby"
HERS, MINE = (
    "imogen@rvscp.example",
    ("mallory@letterbox.example", "imogen.lunn@letterbox.example", "imogen@letterbox.example"),
)
SECRETS = NoSite.settings


@dataclass
class Story:
    """Who is in it, and what Mallory has got hold of."""

    app: Flask
    engine: Engine
    browser: FlaskClient
    hers: FlaskClient
    numbers: Mapping[str, int]
    links: Mapping[str, str]

    def post(self, address: str, /, **typed: Any) -> None:
        """Mallory sends a form, signed in as who they are. Whatever is answered, it is no fault."""
        with self.browser.post(address.format(**self.numbers, **self.links), data=typed) as answer:
            assert answer.status_code < 500, address

    def read(self) -> Session:
        session = Session(self.engine)
        begin_reading(session)
        return session

    def officer(self) -> tuple[Any, ...]:
        """All that says who the officer is and what lets them in; and who else is one."""
        with self.read() as session:
            me = session.get_one(Person, self.numbers["officer"])
            account = session.scalars(sa.select(Account).where(Account.person_id == me.id)).one()
            mine = (SignInSession.digest, SignInSession.person_id == me.id)
            grants = sa.select(RoleGrant.person_id, RoleGrant.role).order_by(RoleGrant.id)
            return (
                (me.ref, me.name, me.email, me.left_on, me.merged_into_id, me.erased_at),
                [each.address for each in me.addresses],
                (account.email, account.password, account.tf_totp_secret, account.mf_recovery_codes, account.active),
                session.scalars(sa.select(mine[0]).where(mine[1])).all(),
                [tuple(each) for each in session.execute(grants) if each.role == Role.REVIEW_OFFICER],
            )

    def arrived(self) -> list[OutboxLetter]:
        """What came to Mallory's mailboxes, the newest last."""
        with self.read() as session:
            letters = session.scalars(sa.select(OutboxLetter).order_by(OutboxLetter.id)).all()
            mine = [each for each in letters if self._goes_to(session, each) in MINE]
            session.expunge_all()
            return mine

    @staticmethod
    def _goes_to(session: Session, letter: OutboxLetter) -> str:
        person = session.get(Person, letter.person_id) if letter.person_id else None
        return letter.to_address or (person.email if person else "")

    def in_as(self, identifier: str) -> FlaskClient:
        """Ask for a code, and type on that page whatever came to Mallory: the code, or the newest there ever was."""
        browser = self.app.test_client()
        page = browser.post("/sign-in", data={"identifier": identifier}).location
        codes = [str(each.context["code"]) for each in self.arrived() if "code" in each.context]
        for code in codes[-2:]:
            browser.post(page, data={"code": code})
        return browser

    def reads_the_secret(self, browser: FlaskClient) -> bool:
        pages = ("/reviews/{review}", "/reviews", "/my/details", "/today")
        return any(SECRET in browser.get(each.format(**self.numbers), follow_redirects=True).text for each in pages)


Attempt = Callable[[Story], None]
ATTEMPTS: dict[str, Attempt] = {}


def attempt(words: str) -> Callable[[Attempt], Attempt]:
    def kept(tried: Attempt) -> Attempt:
        ATTEMPTS[words] = tried
        return tried

    return kept


@attempt("merge her record into mine, mine into hers, and hers with someone whom I invented")
def _(story: Story) -> None:
    story.post("/people/{mallory}/merge/{officer}")
    story.post("/people/{officer}/merge/{mallory}")
    story.post("/people/{mallory}/merge", ref="OFFICER")
    story.post("/people/{invented}/merge/{officer}")
    story.post("/people/{officer}/merge/{invented}")


@attempt("take a merge of before apart, so that she is someone else")
def _(story: Story) -> None:
    story.post("/people/merges/{merge}/undo")


@attempt("give her record my address")
def _(story: Story) -> None:
    details = {"name": "Imogen Lunn", "agency": story.numbers["agency"], "role_group": 0, "shares_address": "y"}
    for mine in MINE:
        story.post("/people/{officer}/change", email=mine, **details)


@attempt("give her a further address, mine, and take hers away")
def _(story: Story) -> None:
    story.post("/people/{officer}/addresses", address=MINE[0])
    story.post("/people/{officer}/addresses/{address}/remove")


@attempt("change her address by a file")
def _(story: Story) -> None:
    header = "ref,name,email,agency_code,role_group,manager_name,manager_email"
    file = f"{header}\nOFFICER,Imogen Lunn,{MINE[0]},,,,\n".encode()
    data = {"kind": "people", "file": (io.BytesIO(file), "people.csv")}
    with story.browser.post("/tables", data=data) as answer:
        assert answer.status_code < 500
        if answer.status_code == 303:
            story.browser.post(f"{answer.location}/save").close()


@attempt("ask by the API, with a token of my own making")
def _(story: Story) -> None:
    story.post("/tokens", name="Mine", role="review_officer", may_write="y", agency="0")
    with story.read() as session:
        assert session.scalar(sa.text("SELECT count(*) FROM api_token")) == 0
    for method, path in (("GET", "/events"), ("POST", f"/events/{story.numbers['event']}/bookings")):
        with story.browser.open(f"/api/v1{path}", method=method, json={"person_ref": "OFFICER"}) as answer:
            assert answer.status_code == 401


@attempt("let her leave and come back as mine")
def _(story: Story) -> None:
    story.post("/people/{officer}/left", left_on=NOW.date().isoformat())
    story.post("/people/{officer}/back")


@attempt("revoke her role and take it myself")
def _(story: Story) -> None:
    story.post("/people/{officer}/roles/{grant}/revoke")
    for role in ("review_officer", "business_manager"):
        story.post("/people/{mallory}/roles", role=role, agency="0")


@attempt("reset her second factor, and invite for a new one")
def _(story: Story) -> None:
    story.post("/people/{officer}/second-factor", reason="She rang and asked")
    story.post("/people/{officer}/second-factor/invite")
    story.post("/account/second-factor/ask")


@attempt("erase her")
def _(story: Story) -> None:
    story.post("/people/{officer}/erase", ref="OFFICER", reason="She asked", texts_seen="y", shown="0")


@attempt("agree myself to what I asked for")
def _(story: Story) -> None:
    with story.read() as session:
        waiting = session.scalars(sa.select(ChangeRequest.id).order_by(ChangeRequest.id)).all()
    for number in waiting:
        story.post(f"/people/requests/{number}", answer="agree")


@attempt("register under her name, from her address and from mine")
def _(story: Story) -> None:
    stranger = story.app.test_client()
    for address in (HERS, "Imogen@RVSCP.example", *MINE):
        typed = {"name": "Imogen Lunn", "email": address, "job_title": "Officer", "agency_words": "Partnership"}
        page = stranger.post("/register", data=typed).location
        for letter in story.arrived():
            if page and "code" in letter.context:
                stranger.post(page, data={"code": str(letter.context["code"])})
    with story.read() as session:
        waiting = session.scalars(sa.select(Registration.id).order_by(Registration.id)).all()
    for number in waiting:
        story.post(f"/registrations/{number}", agency_id=story.numbers["agency"])
    assert not story.reads_the_secret(stranger)


@attempt("call myself by her name and her address")
def _(story: Story) -> None:
    typed = {"name": "Imogen Lunn", "email": HERS, "agency": story.numbers["agency"], "role_group": 0}
    story.post("/my/details", **typed)
    story.post("/people/{mallory}/change", shares_address="y", **typed)
    story.post("/people/{mallory}/change", **{**typed, "name": "Mal Lory", "email": MINE[0]})


@attempt("open the code on her certificate")
def _(story: Story) -> None:
    _opened_by_a_stranger(story, "/verify/{serial}/{certificate_link}", "/verify/{serial}", surname="Lunn")


@attempt("read her calendar, and have its address renewed for me")
def _(story: Story) -> None:
    _opened_by_a_stranger(story, "/calendar/{calendar}.ics")
    story.post("/my/calendar")


@attempt("open the link of her survey")
def _(story: Story) -> None:
    _opened_by_a_stranger(story, "/answer/{survey_link}", "/answer/{survey_link}/1")


@attempt("take her place, as the colleague who comes instead")
def _(story: Story) -> None:
    story.post("/bookings/{booking}/give", person_ref="MALLORY")
    story.post("/bookings/{booking}/needs", needs="A word", food="", phone_on_day="")


@attempt("agree as her line manager, by the link that came to me")
def _(story: Story) -> None:
    _opened_by_a_stranger(story, "/approvals/{approval_link}", answer="agree")


@attempt("sign in as her, with every code that ever came to me")
def _(story: Story) -> None:
    for identifier in ("OFFICER", HERS, "old@rvscp.example", "imogen+x@rvscp.example", "Imogen Lunn"):
        assert not story.reads_the_secret(story.in_as(identifier)), identifier
    stranger = story.app.test_client()
    for password in ("", "Imogen Lunn", "correct horse battery staple"):
        stranger.post("/sign-in/password", data={"identifier": HERS, "password": password})
    stranger.post("/sign-in/second-factor", data={"code": "123456"})
    stranger.post("/sign-in/as/review_officer")
    assert not story.reads_the_secret(stranger)


def _opened_by_a_stranger(story: Story, *addresses: str, **typed: str) -> None:
    """By somebody who is not signed in at all: a link opens what it says, and signs nobody in."""
    stranger = story.app.test_client()
    for address in addresses:
        url = address.format(**story.numbers, **story.links)
        for answer in (stranger.get(url), stranger.post(url, data=typed)):
            assert answer.status_code < 500, url
            answer.close()
    assert stranger.get("/my/details").status_code == 302
    assert not story.reads_the_secret(stranger)


@pytest.fixture(params=[Role.DELEGATE, Role.AGENCY_LEAD, Role.TRAINER, Role.COORDINATOR])
def mallory(request: pytest.FixtureRequest, make: Make) -> Person:
    """Of her agency, with a mailbox of their own."""
    role: Role = request.param
    agency = make.agency("Partnership office", code="OFFICE", domains=["rvscp.example"])
    roles = () if role is Role.DELEGATE else (role,)
    return make.person("Mal Lory", ref="MALLORY", email=MINE[0], agency=agency, roles=roles)


@pytest.fixture
def story(
    app: Flask, engine: Engine, make: Make, work: Work, mallory: Person, sign_in: Callable[[Person], FlaskClient]
) -> Story:
    """The officer has a booking, a certificate, a survey, a calendar, a duplicate of before; others hold the office."""
    make.person("Hamish Eldermoor", email="hamish@rvscp.example", roles=(Role.BUSINESS_MANAGER,))
    make.coordinator("Second Coordinator")
    imogen = make.person("Imogen Lunn", ref="OFFICER", email=HERS, agency=mallory.agency, roles=(Role.REVIEW_OFFICER,))
    imogen.addresses.append(PersonAddress(address="old@rvscp.example"))
    imogen.calendar_secret = "a-secret-that-mallory-found"
    account = make.account(imogen)
    account.tf_totp_secret, account.mf_recovery_codes = "a factor", ["locked"]
    review = make.review(f"{SECRET} and the empty house", publication=Publication.EMBARGOED)
    invented = make.person("Imogen Lunn", ref="INVENTED", email=MINE[1], agency=mallory.agency)
    merge = merge_people(work, imogen, make.person("Imogen Lunn", email="imogen.l@rvscp.example"))
    make.sign_in_session(imogen)
    trainers = [mallory] if any(each.role is Role.TRAINER for each in mallory.roles) else []
    asks = make.event(make.course(needs_approval=True), trainers=trainers)
    booking = book_place(work, asks.id, imogen, BookingRequest(manager_name="Mal", manager_email=MINE[1]))
    work.session.flush()
    numbers = {
        "officer": imogen.id, "mallory": mallory.id, "invented": invented.id, "agency": imogen.agency_id or 0,
        "event": asks.id, "booking": booking.id, "review": review.id, "merge": merge.id, "grant": imogen.roles[0].id,
        "address": imogen.addresses[0].id,
    }  # fmt: skip
    certificate, invitation = _of_before(make, imogen, booking)
    links = {
        "certificate_link": CERTIFICATE.sign(SECRETS, certificate.id), "serial": certificate.serial,
        "calendar": imogen.calendar_secret, "survey_link": INVITED.sign(SECRETS, invitation.id),
        "approval_link": APPROVAL.sign(SECRETS, approval_of(booking)),
    }  # fmt: skip
    return Story(app, engine, sign_in(mallory), sign_in(imogen), numbers, links)


def _of_before(make: Make, imogen: Person, booking: Booking) -> tuple[Certificate, Invitation]:
    """A course that she was at: its certificate, and the survey about it."""
    certificate = Certificate(
        serial="RV-2026-K7M4P9", booking_id=booking.id, person_id=imogen.id, name=imogen.name, title="Safer babies",
        version=1, dates="9 April 2026", last_day_on=NOW.date(), cpd_minutes=330, outcomes=[], issued_at=NOW,
    )  # fmt: skip
    invitation = Invitation(
        booking_id=booking.id, event_id=booking.event_id, person_id=imogen.id, stage=Stage.BASELINE, due_on=NOW.date(),
        send_at=NOW, sent_at=NOW, closes_at=NOW + timedelta(days=14),
        version_id=Asked(make.session, make).versions[SurveyKind.IMPACT].id, created_at=NOW,
    )  # fmt: skip
    make.session.add_all([certificate, invitation])
    make.session.flush()
    return certificate, invitation


def test_mallory_never_becomes_the_review_officer(story: Story) -> None:
    before = story.officer()
    assert len(before[-1]) == 1
    assert story.reads_the_secret(story.hers), "she herself does"
    for words, tried in ATTEMPTS.items():
        tried(story)
        assert story.officer() == before, f"Mallory could {words}"
        assert not story.reads_the_secret(story.browser), f"Mallory reads it: {words}"
    for mine in ("MALLORY", *MINE):
        assert not story.reads_the_secret(story.in_as(mine)), "by what arrived in Mallory's mailboxes"


OPENED_BY = ("merge", "take a merge", "give her", "change her", "let her", "revoke", "reset")
BY_THE_RULE_ALONE = [words for words in ATTEMPTS if words.startswith(OPENED_BY)]


@pytest.mark.parametrize("mallory", [Role.COORDINATOR], indirect=True)
@pytest.mark.parametrize("words", BY_THE_RULE_ALONE)
def test_without_the_one_rule_each_of_these_doors_stands_open(
    story: Story, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    """So that the story above cannot pass because a form was filled in wrongly."""
    assert len(BY_THE_RULE_ALONE) == 8
    before = story.officer()
    monkeypatch.setattr("lms.people.services.check_decides", lambda *_: None)
    monkeypatch.setattr("lms.people.tables.why_not_decide", lambda *_: "")
    monkeypatch.setattr("lms.entrusting.queries.why_not_decide", lambda *_: "")
    ATTEMPTS[words](story)
    assert story.officer() != before
