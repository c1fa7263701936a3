"""A small partnership with somebody in every role, and the addresses of all its pages, for house tests to walk."""

import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session, joinedload
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from briefings.cascade.models import Cascade
from briefings.distribution.letters import ANSWER as BRIEFING_ANSWER
from briefings.writing.models import BriefingVersion
from briefings.writing.rules import VersionState
from charges.charge.letters import ANSWER as CHARGE_ANSWER
from charges.charge.rules import AnsweredAs
from courses.attendance.register.models import Mark
from courses.booking.bookings.models import Booking
from courses.booking.bookings.places.models import Offer
from courses.booking.bookings.places.queries import ANSWER as OFFER_ANSWER
from courses.booking.bookings.queries import APPROVAL, MANAGED, OWN, approval_of
from courses.booking.bookings.rules import BookingState
from courses.programme.events.models import Event, EventTrainer
from courses.programme.events.rules import EventState
from courses.records.certificates.models import Certificate
from courses.records.certificates.queries import LINK as CERTIFICATE
from courses.records.certificates.queries import PDF as CERTIFICATE_PDF
from courses.records.certificates.rules import CertificateState
from lms.agencies.models import Agency
from lms.audit.models import AuditEntry
from lms.frame.access import Role
from lms.frame.db import Base, begin_reading
from lms.frame.site import Site
from lms.lists.letters import leaving_token
from lms.lists.rules import Leaver
from lms.mail.delivery import file_name
from lms.mail.models import OutboxLetter
from lms.mail.rules import LetterState
from lms.partnership.written import GUIDES
from lms.people.accounts.models import Account
from lms.people.models import Person, RoleGrant
from lms.testing.browsers import browser_of
from surveys.free_text.models import AnswerText
from surveys.free_text.rules import TextState
from surveys.invitations.links.queries import INVITED
from surveys.invitations.models import Answered, Invitation
from surveys.invitations.rules import Channel
from surveys.stages.rules import FIRST_WAITING, OF_WAITING
from surveys.workforce.models import RoundLink, SurveyRound
from surveys.workforce.staffing.queries import STAFF
from tests.application import SIGNING
from tests.house.gathering import gathered_once
from tests.moments import NOW

NOBODY = "nobody"
STRANGER, OTHER_LEAD = "stranger", "other_lead"
WHO = (NOBODY, *(role.value for role in Role))
KNOCKING = (NOBODY, Role.DELEGATE.value)
"""Who asks for every page, also where the guard says no."""

SAMPLES = 2
MOST_OWN = 12
TOKEN = re.compile(r'name="csrf_token"[^>]*value="[^"]*"')
NUMBER = re.compile(r"\d+")
LEADS = re.compile(r'\b(href|action|src)="[^"]*"')
FILE = re.compile(r"\.(pdf|xlsx|csv|json|svg|ics)$")
"""Addresses that answer no page, so that no form is there. Making files of figures takes longest."""

TAG = re.compile(r"<[a-z][^>]*>")
SAID = re.compile(r'\b(href|src|action|value|title|datetime|alt|d|points)="[^"]+"')
API_TOKEN = "gt_of-the-house-tests-opens-nothing-elsewhere"
SIGN_IN_TOKEN, REGISTRATION_TOKEN, WISH_TOKEN = "token-of-a-sign-in", "token-of-a-registration", "token-of-a-wish"

TABLES = {
    "letter_id": "outbox",
    "run_id": "retention_run",
    "kept_id": "person",
    "duplicate_id": "person",
    "grant_id": "role_grant",
    "group_id": "role_group",
    "version_id": "survey_version",
    "address_id": "person_address",
    "affiliation_id": "person_affiliation",
    "round_id": "survey_round",
    "token_id": "api_token",
    "topic_id": "topic_asked",
    "request_id": "change_request",
    "action_id": "review_action",
    "message_id": "courses_message",
    "concern_id": "survey_concern",
    "focus_group_id": "survey_focus_group",
    "text_theme_id": "survey_text_theme",
    "coverage_id": "course_coverage",
    "invitation_id": "survey_invitation",
    "observation_id": "survey_observation",
    "question_id": "survey_question",
    "release_id": "learning_release",
    "theme_id": "learning_theme",
    "material_id": "event_material",
    "upload_id": "table_upload",
}
"""Which table a number in an address counts in, where `<name>_id` is not the table's name."""

EXAMPLES: dict[str, Callable[[Session], list[Any]]] = {
    "code": lambda session: _column(session, "course", "code"),
    "serial": lambda session: _column(session, "certificate", "serial"),
    "certificates.token": lambda session: [CERTIFICATE.sign(SIGNING, each) for each in _certificates(session)],
    "by_letter.token": lambda session: [
        CERTIFICATE_PDF.sign(SIGNING, (each.id, each.person_id, each.booking.person.email))
        for each in session.scalars(_valid_certificates())
    ],
    "own_people.person_id": lambda session: [*_people_of_lead(session)],
    "materials.event_id": lambda session: _column(session, "event_material", "event_id"),
    "secret": lambda session: _column(session, "person", "calendar_secret"),
    "number": lambda session: [1],
    "workforce.secret": lambda session: [link.secret for link in session.scalars(_open_rounds())],
    "staffing.token": lambda session: [STAFF.sign(SIGNING, link.id) for link in session.scalars(_open_rounds())],
    "mail.name": lambda session: [file_name(row) for row in session.scalars(_sent_letters())],
    "audit.record_type": lambda session: [entry.record_type for entry in session.scalars(_last_entries())],
    "audit.record_id": lambda session: [entry.record_id for entry in session.scalars(_last_entries())],
    "signin.token": lambda session: [SIGN_IN_TOKEN],
    "at_work.name": lambda session: ["work"],
    "registrations.token": lambda session: [REGISTRATION_TOKEN],
    "wishes.token": lambda session: [WISH_TOKEN],
    "wishes.event_id": lambda session: _column(session, "booking_wish", "event_id"),
    "lists.token": lambda session: [leaving_token(SIGNING, Leaver("briefings.briefings", person_id=1))],
    "answering.token": lambda session: [_answer_token(session)],
    **{f"{topic}.briefing_id": lambda session: [*_out(session)] for topic in ("distribution", "answering", "returns")},
    "trainers.event_id": lambda session: _column(session, "event_trainer", "event_id"),
    "offers.token": lambda session: [
        OFFER_ANSWER.sign(SIGNING, (each.id, each.booking.person_id, each.booking.person.email))
        for each in session.scalars(sa.select(Offer).order_by(Offer.id))
    ],
    "offers.booking_id": lambda session: [row.booking_id for row in _offers(session)],
    "approvals.token": lambda session: [APPROVAL.sign(SIGNING, approval_of(row)) for row in _asked(session)],
    "approvals.booking_id": lambda session: [row.id for row in _asked(session)],
    "managers.token": lambda session: [
        MANAGED.sign(SIGNING, (row.id, row.manager_email)) for row in _with_managers(session)
    ],
    "acting.token": lambda session: [own_token(row) for row in _own(session)],
    "messages.event_id": lambda session: _column(session, "courses_message", "event_id"),
    "messages.course_id": lambda session: _column(session, "courses_message", "course_id"),
    "holds.hold_id": lambda session: _column(session, "place_hold", "id"),
    "charging.token": lambda session: [charge_token(charge_id) for charge_id in _column(session, "charge", "id")],
    **{
        f"{topic}.event_id": lambda session: _column(session, "register_check_in", "event_id")
        for topic in ("register", "walkins", "checkin", "paper", "meetings")
    },
    "finalising.event_id": lambda session: [row.event_id for row in _finalised(session)],
    "additions.event_id": lambda session: [row.event_id for row in _finalised(session)],
    "finalising.booking_id": lambda session: [row.id for row in _finalised(session)],
    "answers.token": lambda session: [INVITED.sign(SIGNING, each) for each in _open_invitations(session)[:SAMPLES]],
    "answers.number": lambda session: [1],
    "comparison.token": lambda session: [INVITED.sign(SIGNING, each) for each in _waiting(session)[:SAMPLES]],
    "invitations.event_id": lambda session: _column(session, "survey_invitation", "event_id"),
    "own_rounds.round_link_id": lambda session: _own_round_links(session)[:SAMPLES],
    "on_paper.invitation_id": lambda session: _open_invitations(session)[:SAMPLES],
    "on_paper.event_id": lambda session: _events_on_paper(session)[:SAMPLES],
    "free_text.text_id": lambda session: _texts(session, TextState.HELD),
    "coding.text_id": lambda session: _texts(session, TextState.SHOWN),
    "partnership.name": lambda session: [each.name for each in GUIDES],
    "groups.name": lambda session: ["role-groups", "sectors"],
    "library.shape": lambda session: ["one-page", "slides", "poster"],
    "points.ref": lambda session: _column(session, "learning_point", "ref"),
    "tables.name": lambda session: ["people", "agencies", "bookings"],
}
"""Values of parameters that are no `<table>_id`; a topic's own go by `<blueprint>.<parameter>`."""


@dataclass(frozen=True)
class Address:
    """One page to open."""

    endpoint: str
    url: str


@dataclass(frozen=True)
class Seen:
    """How one page was answered. `is_page`: HTML that may run something, as a letter shown inert may not.

    `content` is alike for two pages that differ in nothing but numbers, `shape` for two that are built of the same
    elements, whatever these say and however often. `said` is alike for two pages that say the same.
    """

    endpoint: str
    status: int
    leads_to: str
    is_page: bool
    content: int
    shape: int
    title: str
    said: int
    answer: "Kept | None" = field(default=None, repr=False, compare=False)
    """Of a page itself: Chromium is shown what the walk was answered, and forms are found in it."""

    @property
    def html(self) -> str:
        """Of a page that opened; "" of all else."""
        return self.answer.body.decode() if self.answer is not None and self.status == 200 else ""


@dataclass(frozen=True)
class Kept:
    """A page as it was answered, to be answered again."""

    status: str
    headers: tuple[tuple[str, str], ...]
    packed: bytes

    @classmethod
    def of(cls, answer: TestResponse) -> "Kept":
        """Without the cookies of whoever asked."""
        headers = tuple((name, value) for name, value in answer.headers if name != "Set-Cookie")
        return cls(answer.status, headers, zlib.compress(answer.data, 1))

    @property
    def body(self) -> bytes:
        return zlib.decompress(self.packed)


@dataclass(frozen=True)
class World:
    """The application on a database in which something of everything happened."""

    app: Flask
    engine: Engine
    uniquifiers: dict[str, str]
    walks: dict[str, Mapping[str, Seen]] = field(default_factory=dict)

    @property
    def site(self) -> Site:
        found: Site = self.app.extensions["lms"]
        return found

    def browser(self, who: str) -> FlaskClient:
        return self.app.test_client() if who == NOBODY else browser_of(self.app, self.uniquifiers[who])

    @cached_property
    def addresses(self) -> list[Address]:
        """Every page that can be asked for, with up to two examples where its address has parameters."""
        with Session(self.engine) as session:
            begin_reading(session)
            return sorted(set(self._addresses(session)), key=lambda each: each.url)

    def walk(self, who: str) -> Mapping[str, Seen]:
        """Every page as this person is answered it, by its address: asked for once, however many tests look.

        What the guard refuses is asked for by those alone to who it refuses most, and on SQLite: the answer is one
        page, and asks no database anything new.
        """
        if who not in self.walks:
            knocks = who in KNOCKING and self.engine.dialect.name == "sqlite"
            browser, asked_for = self.browser(who), self.addresses if knocks else self.open_to(who)
            with gathered_once():
                self.walks[who] = {address.url: self._see(address, browser) for address in asked_for}
        return self.walks[who]

    def walk_own(self, who: str) -> Mapping[str, Seen]:
        """Every page about a record that concerns this person, which a guard hides from everybody else."""
        name = f"{who} at home"
        if name not in self.walks:
            self.walks[name] = {} if who == NOBODY else self.see(who, self.own_pages(who))
        return self.walks[name]

    def open_to(self, who: str) -> list[Address]:
        """The pages that their guard lets this person see; what the view itself says then is another matter."""
        let_in = self.let_in(who)
        return [address for address in self.addresses if address.endpoint in let_in]

    def let_in(self, who: str) -> set[str]:
        """The endpoints whose guard lets this person in, to read or to change something."""
        return let_in(self.app, None if who == NOBODY else self._permissions_of(who))

    def own_pages(self, who: str) -> list[Address]:
        """The pages about records that concern this person: their own, their agency's, an event's that they train at.

        What opens to those whom it concerns alone shows nothing to a walk in which every record is a stranger's.
        """
        with Session(self.engine) as session, self.app.test_request_context():
            begin_reading(session)
            me = session.scalars(
                sa.select(Account)
                .where(Account.fs_uniquifier == self.uniquifiers[who])
                .options(joinedload(Account.person))
            ).one()
            open_to = {address.endpoint for address in self.open_to(who)}
            return [
                Address(rule.endpoint, self.app.url_for(rule.endpoint, **{name: value}))
                for rule in readable_rules(self.app)
                if rule.endpoint in open_to and len(rule.arguments) == 1
                for name in rule.arguments
                for value in _own_values(session, name, me.person)[:MOST_OWN]
            ]

    def see(self, who: str, addresses: list[Address]) -> Mapping[str, Seen]:
        """These pages as this person is answered them."""
        browser = self.browser(who)
        return {address.url: self._see(address, browser) for address in addresses}

    def _permissions_of(self, who: str) -> frozenset[str]:
        role = {Role.AGENCY_LEAD} if who == OTHER_LEAD else {Role(who)} if who in set(Role) else set()
        return self.site.permissions_of(frozenset({Role.DELEGATE, *role}))

    def _see(self, address: Address, browser: FlaskClient) -> Seen:
        with browser.get(address.url) as answer:
            is_html = answer.mimetype == "text/html"
            text = answer.text if is_html else ""
            said = TOKEN.sub("", text.partition("<main")[2])
            main = NUMBER.sub("", said)
            is_page = is_html and "sandbox" not in answer.headers["Content-Security-Policy"]
            return Seen(
                endpoint=address.endpoint,
                status=answer.status_code,
                leads_to=answer.location or "",
                is_page=is_page,
                content=hash(main),
                shape=hash(tuple(dict.fromkeys(TAG.findall(SAID.sub("", main))))),
                title=text.partition("<title>")[2].partition("</title>")[0],
                said=hash(LEADS.sub("", said)),
                answer=Kept.of(answer) if is_page and not answer.location else None,
            )

    def _addresses(self, session: Session) -> Iterator[Address]:
        with self.app.test_request_context():
            for rule in readable_rules(self.app):
                for values in examples(session, rule):
                    yield Address(rule.endpoint, self.app.url_for(rule.endpoint, **values))


def let_in(app: Flask, permissions: frozenset[str] | None) -> set[str]:
    """The endpoints whose guard lets somebody with these permissions in; None: nobody is signed in."""
    has = {"public"} if permissions is None else {"public", "signed in", *permissions}
    return {name for name, view in app.view_functions.items() if getattr(view, "guard", "public") in has}


def charge_token(charge_id: int) -> str:
    """The link by which the delegate of a charge answers it."""
    return CHARGE_ANSWER.sign(SIGNING, (charge_id, AnsweredAs.DELEGATE))


def _certificates(session: Session) -> list[int]:
    """The certificates whose numbers are the examples."""
    serials = _column(session, "certificate", "serial")
    return [session.scalars(sa.select(Certificate.id).where(Certificate.serial == serial)).one() for serial in serials]


def _valid_certificates() -> sa.Select[Certificate]:
    """One of somebody who is here and has an address."""
    here = Person.is_here, Person.email != "", Certificate.state == CertificateState.VALID
    return (
        sa.select(Certificate)
        .join(Person, Person.id == Certificate.person_id)
        .where(*here)
        .order_by(Certificate.id)
        .limit(1)
    )


def _offers(session: Session) -> list[Offer]:
    return list(session.scalars(sa.select(Offer).where(Offer.ended_at.is_(None)).order_by(Offer.id)))


def _with_managers(session: Session) -> list[Booking]:
    """A booking with a place that names a line manager, and one that has ended."""
    named = sa.select(Booking).where(Booking.manager_email != "").order_by(Booking.id).limit(1)
    states = (BookingState.CONFIRMED, BookingState.CANCELLED)
    return [each for state in states for each in session.scalars(named.where(Booking.state == state))]


def own_token(booking: Booking) -> str:
    """The link of a letter to whoever has the booking."""
    return OWN.sign(SIGNING, (booking.id, booking.person_id, booking.person.email, booking.links_number))


def _own(session: Session) -> list[Booking]:
    """A booking with a place in an event to come, and one that has ended, of people who are here."""
    states = (BookingState.CONFIRMED, BookingState.CANCELLED)
    named = sa.select(Booking).join(Booking.person).join(Booking.event).where(Person.is_here, Person.email != "")
    named = named.where(Event.starts_at > NOW, Event.state == EventState.PUBLISHED).order_by(Booking.id).limit(1)
    return [each for state in states for each in session.scalars(named.where(Booking.state == state))]


def _asked(session: Session) -> list[Booking]:
    waits = Booking.state == BookingState.AWAITING_MANAGER
    return list(session.scalars(sa.select(Booking).where(waits).order_by(Booking.id)))


def _open_invitations(session: Session) -> list[int]:
    """Invitations that can be answered now."""
    answered = sa.select(Answered.invitation_id)
    found = sa.select(Invitation.id).where(Invitation.closes_at >= NOW, Invitation.id.not_in(answered))
    of_those = Invitation.withdrawn_at.is_(None), Invitation.stage.not_in(OF_WAITING)
    return list(session.scalars(found.where(*of_those).order_by(Invitation.id.desc())))


def _waiting(session: Session) -> list[int]:
    """Those who wait and were asked whether they agree to be compared."""
    found = sa.select(Invitation.id).where(Invitation.closes_at >= NOW, Invitation.stage == FIRST_WAITING)
    return list(session.scalars(found.order_by(Invitation.id.desc())))


def _people_of_lead(session: Session) -> list[int]:
    """Of the agency lead's agency, none of them entrusted with anything."""
    of_lead = Agency.code == f"HOUSE-{Role.AGENCY_LEAD.value}"
    found = sa.select(Person.id).join(Agency, Agency.id == Person.agency_id).where(of_lead, Person.is_here)
    return list(session.scalars(found.where(~Person.roles.any()).order_by(Person.id)))


def _own_round_links(session: Session) -> list[int]:
    """In which the people of the agency lead's agency were asked."""
    of_lead = Agency.code == f"HOUSE-{Role.AGENCY_LEAD.value}"
    return list(session.scalars(sa.select(RoundLink.id).join(Agency, Agency.id == RoundLink.agency_id).where(of_lead)))


def _events_on_paper(session: Session) -> list[int]:
    found = sa.select(Invitation.event_id).where(Invitation.channel == Channel.PAPER, Invitation.closes_at >= NOW)
    return list(session.scalars(found.order_by(Invitation.id.desc())))


def _texts(session: Session, state: TextState) -> list[str]:
    return list(session.scalars(sa.select(AnswerText.id).where(AnswerText.state == state).order_by(AnswerText.id)))


def readable_rules(app: Flask) -> list[Rule]:
    """The rules of pages that answer to GET; those of the API and of SCIM know no browser."""
    return [
        rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and rule.endpoint != "static"
        and rule.endpoint.partition(".")[0] not in ("api", "scim")
    ]


def examples(session: Session, rule: Rule) -> Iterator[dict[str, Any]]:
    """Values for the parameters of a rule; 1 for one that nothing here knows, or of which there is no record."""
    columns = {name: _values(session, rule.endpoint, name)[:SAMPLES] or [1] for name in sorted(rule.arguments)}
    for number in range(max((len(values) for values in columns.values()), default=1)):
        yield {name: values[number % len(values)] for name, values in columns.items()}


def _values(session: Session, endpoint: str, name: str) -> list[Any]:
    topic = endpoint.split(".", maxsplit=1)[0]
    known = EXAMPLES.get(f"{topic}.{name}") or EXAMPLES.get(name)
    if known is not None:
        return known(session)
    table = TABLES.get(name, name.removesuffix("_id"))
    return _column(session, table, "id") if name.endswith("_id") and table in Base.metadata.tables else []


def _own_values(session: Session, name: str, person: Person) -> list[int]:
    """The numbers of records that concern somebody, the newest first; none where the name counts in no table."""
    table = Base.metadata.tables.get(TABLES.get(name, name.removesuffix("_id")))
    if table is None or not name.endswith("_id"):
        return []
    led = sa.select(RoleGrant.agency_id).where(RoleGrant.person_id == person.id, RoleGrant.agency_id.is_not(None))
    concerns: list[sa.ColumnElement[bool]] = []
    if "person_id" in table.c:
        concerns.append(table.c.person_id == person.id)
    if "agency_id" in table.c:
        concerns.append(table.c.agency_id.in_(led))
    if "booking_id" in table.c:
        concerns.append(table.c.booking_id.in_(sa.select(Booking.id).where(Booking.person_id == person.id)))
    if table.name == "event":
        trained = sa.select(EventTrainer.event_id).where(EventTrainer.person_id == person.id)
        booked = sa.select(Booking.event_id).where(Booking.person_id == person.id)
        concerns.append(sa.or_(table.c.id.in_(trained), table.c.id.in_(booked)))
    if not concerns:
        return []
    return list(session.scalars(sa.select(table.c.id).where(sa.or_(*concerns)).order_by(table.c.id.desc())))


def _column(session: Session, table: str, column: str) -> list[Any]:
    """The last and the first value of a column."""
    found = Base.metadata.tables[table].c[column]
    values = list(session.scalars(sa.select(found).where(found.is_not(None)).order_by(found)))
    return list(dict.fromkeys([values[-1], values[0]])) if values else []


def _out(session: Session) -> list[int]:
    """The briefings that are out."""
    published = sa.select(BriefingVersion.briefing_id).where(BriefingVersion.state == VersionState.PUBLISHED)
    return list(session.scalars(published.order_by(BriefingVersion.id.desc()).limit(SAMPLES)))


def _answer_token(session: Session) -> str:
    """The link by which the lead of an agency that was asked about a briefing answers."""
    asked = session.execute(
        sa.select(Cascade.briefing_id, RoleGrant.person_id)
        .join(RoleGrant, RoleGrant.agency_id == Cascade.agency_id)
        .where(Cascade.briefing_id.in_(_out(session)))
        .order_by(Cascade.id)
        .limit(1)
    ).first()
    return BRIEFING_ANSWER.sign(SIGNING, (asked[0], asked[1])) if asked else "none"


def _finalised(session: Session) -> list[Booking]:
    """Bookings of a register that was finalised by its marks."""
    held = Booking.id.in_(sa.select(Mark.booking_id)), Booking.outcome.is_not(None)
    return list(session.scalars(sa.select(Booking).where(*held).order_by(Booking.id)))


def _sent_letters() -> sa.Select[OutboxLetter]:
    return (
        sa.select(OutboxLetter)
        .where(OutboxLetter.state == LetterState.SENT)
        .order_by(OutboxLetter.sent_at.desc(), OutboxLetter.id)
        .limit(SAMPLES)
    )


def _open_rounds() -> sa.Select[RoundLink]:
    """The links of surveys of the workforce that can be answered now."""
    is_open = SurveyRound.opens_on <= NOW.date(), SurveyRound.closes_on >= NOW.date()
    return sa.select(RoundLink).join(RoundLink.round).where(*is_open).order_by(RoundLink.id).limit(SAMPLES)


def _last_entries() -> sa.Select[AuditEntry]:
    return sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(SAMPLES)
