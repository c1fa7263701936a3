"""What happened in the house tests' partnership: something of everything that has a page."""

from dataclasses import asdict, replace
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from courses.attendance.checkin.services import switch_on
from courses.attendance.finalising.services import finalise_register
from courses.attendance.register.models import Mark
from courses.attendance.register.rules import MarkKind, Seen
from courses.attendance.register.services import mark_people
from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import BookingSource
from courses.booking.bookings.services import BookingRequest, book_place, cancel_booking
from courses.booking.holds.services import hold_places
from courses.booking.messages.queries import about_course, about_event, readers_of
from courses.booking.messages.rules import MessageWritten, ReaderGroup
from courses.booking.messages.services import choose_readers, send_message
from courses.booking.needs.models import KeptNeeds
from courses.booking.wishes.models import BookingWish
from courses.booking.wishes.rules import PlaceWanted
from courses.coverage.rules import How
from courses.coverage.services import cover_point
from courses.coverage.written import CoverageWritten
from courses.programme.courses.models import Course, Interest
from courses.programme.events.models import Event
from courses.programme.searching.models import SearchMeaning
from courses.programme.wanted.models import SearchInVain, TopicAsked
from courses.records.materials.services import add_material
from lms.api.tokens.rules import TokenWanted, digest
from lms.api.tokens.services import make_token
from lms.api.webhooks.services import add_webhook, send_trial
from lms.entrusting.rules import EntrustedKind
from lms.entrusting.services import agree, do_or_ask
from lms.frame.access import Actor, Role, program
from lms.frame.site import Site
from lms.frame.work import Work
from lms.in_step.leavers.models import UnseenLeaver
from lms.in_step.scim.models import ProvisionedPerson
from lms.jobs.services import carry_out
from lms.people.models import Person
from lms.retention.services import remove_what_is_past, set_hold
from lms.signin.linked.models import LinkedAccount, RoundTrip
from lms.signin.models import Registration, SignInCode
from lms.signin.registrations.rules import Newcomer
from lms.tables.services import preview_upload
from reviews.learning.models import LearningPoint
from surveys.comparison.services import compare_course
from surveys.concerns.services import raise_concern
from surveys.focus_groups.services import record_group
from surveys.focus_groups.written import GroupHeld
from surveys.free_text.services import name_lead
from surveys.invitations.models import Invitation
from surveys.invitations.services import ask_on_paper
from surveys.letting_out.services import AnswersOut, write_sheets
from surveys.pairs.rules import Said, sheet_of
from surveys.pairs.services import count_routes, keep_sealed, write_practices
from surveys.questions.models import Survey, SurveyVersion
from surveys.questions.queries import version_asked
from surveys.questions.rules import SurveyKind
from surveys.questions.starting.services import begin_with_starting_sets
from surveys.sending.jobs import ask_people
from surveys.stages.rules import Stage
from surveys.workforce.models import RoundLink, SurveyRound
from tests.house.world import API_TOKEN, OTHER_LEAD, REGISTRATION_TOKEN, SIGN_IN_TOKEN, STRANGER, WISH_TOKEN
from tests.make import Make
from tests.moments import NOW


def fill(session: Session, site: Site) -> dict[str, str]:
    """Somebody in every role, and what they did; the demonstration partnership may be around them already.

    Answers how each role's session is known.
    """
    make = Make(session)
    work = Work(session=session, actor=program("house test"), now=NOW, site=site)
    make.mark_as_demonstration()
    strangers = _strangers(make)
    people = {role: _person(make, role) for role in Role}
    _teach(make, work, people)
    _take_registers(make, work, people)
    _survey(work, people[Role.BUSINESS_MANAGER])
    _ask_workforce(session, people[Role.AGENCY_LEAD])
    _register(session)
    _link_accounts(session, people)
    _systems(work, people[Role.DELEGATE])
    _upload(work, people[Role.COORDINATOR])
    set_hold(work, person=people[Role.MEMBER], reason="A complaint", look_again_on=NOW.date() + timedelta(days=90))
    remove_what_is_past(work, ())
    _ask_manager(work, people)
    uniquifiers = {role.value: make.account(person).fs_uniquifier for role, person in people.items()}
    uniquifiers |= {who: make.account(person).fs_uniquifier for who, person in strangers.items()}
    make.person("Quentin Ashmole", ref="HOUSE-OF-LEAD", agency=people[Role.AGENCY_LEAD].agency)
    make.commit()
    return uniquifiers


def _person(make: Make, role: Role) -> Person:
    """Somebody whose references meet no invented person's."""
    roles = () if role is Role.DELEGATE else (role,)
    agency = make.agency(f"Agency of the {role.value}", code=f"HOUSE-{role.value}", domains=[f"{role.value}.example"])
    return make.person(f"Robin {role.value.title()}", ref=f"HOUSE-{role.value}", roles=roles, agency=agency)


def _strangers(make: Make) -> dict[str, Person]:
    """Two who have nothing to do with anything here: somebody signed in, and the lead of an agency of their own."""
    agency = make.agency("Agency of strangers", code="HOUSE-STRANGERS")
    return {
        STRANGER: make.person("Ines Farlow", ref="HOUSE-STRANGER", agency=agency),
        OTHER_LEAD: make.person("Otto Farlow", ref="HOUSE-OTHER-LEAD", roles=(Role.AGENCY_LEAD,), agency=agency),
    }


def _teach(make: Make, work: Work, people: dict[Role, Person]) -> None:
    """A course with dates past and to come, one of them full, with somebody waiting."""
    course = make.course(code="HOUSE-COURSE")
    trainers = [people[Role.TRAINER]]
    make.event(course, ref="HOUSE-1", starts=NOW - timedelta(days=60), trainers=trainers)
    learned = LearningPoint(
        ref="HOUSE-LP", text="Ask who lives there", created_at=NOW, agreed_on=NOW.date(), agreed_minute="7"
    )
    work.session.add(learned)
    work.session.flush()
    written = CoverageWritten(How.TAUGHT, NOW.date(), place="Unit 3", minutes=20)
    cover_point(work, course.id, learned.id, written)
    full = make.event(course, ref="HOUSE-2", capacity=1, days=2, trainers=trainers)
    make.event(course, ref="HOUSE-3", starts=NOW + timedelta(days=45))
    for role in (Role.DELEGATE, Role.AGENCY_LEAD):
        book_place(work, full.id, people[role], BookingRequest(needs="A ramp", manager_name="Bo Ashgrove"))
    _offer(make, work, people)
    _write(make, work, people[Role.DELEGATE], full.id, course)
    people[Role.DELEGATE].calendar_secret = "a-secret-of-the-house-tests"


def _offer(make: Make, work: Work, people: dict[Role, Person]) -> None:
    """A place offered to somebody who waited, another held for a sector, and a line manager who is asked."""
    office = BookingRequest(source=BookingSource.COORDINATOR)
    asks = make.course(code="HOUSE-ASKS", needs_approval=True)
    agreed = make.event(asks, ref="HOUSE-OFFERED", starts=NOW + timedelta(days=50), capacity=1)
    holder, _ = (book_place(work, agreed.id, people[role], office) for role in (Role.CHAIR, Role.DELEGATE))
    cancel_booking(work, holder)
    manager = BookingRequest(manager_name="Bo Ashgrove", manager_email="bo@delegate.example")
    book_place(work, agreed.id, people[Role.MEMBER], manager)
    hold_places(work, agreed.id, make.sector().id, 1, (NOW + timedelta(days=20)).date())


def _write(make: Make, work: Work, person: Person, event_id: int, course: Course) -> None:
    """A message to the people of an event, and one to somebody who asks for a date."""
    make._keep(Interest(course_id=course.id, person_id=person.id, asked_at=NOW - timedelta(days=9)))
    make._keep(TopicAsked(topic="Hoarding", person_id=person.id, asked_at=NOW - timedelta(days=9)))
    for days in (1, 2):
        make._keep(SearchInVain(words="hoarding", on_day=(NOW - timedelta(days=days)).date(), times=days))
    make._keep(SearchMeaning(words="domestic abuse", others=["DV", "DA"]))
    for number, (about, group) in enumerate(
        (
            (about_event(work.session, event_id), ReaderGroup.BOOKED),
            (about_course(work.session, course.id), ReaderGroup.ASKING),
        )
    ):
        written = MessageWritten("Bring your lunch", "The kitchen is closed.", groups=frozenset({group}))
        seen = frozenset(each.person_id for each in choose_readers(readers_of(work.session, about), written))
        send_message(work, about, written, seen=seen, key=f"house-{number}")


def _take_registers(make: Make, work: Work, people: dict[Role, Person]) -> None:
    """An event that runs now, its register begun and its code on the screen; and one whose register is finalised."""
    trainers, course = [people[Role.TRAINER]], make.course(code="HOUSE-HELD")
    now = make.event(course, ref="HOUSE-4", starts=NOW - timedelta(minutes=22), trainers=trainers)
    held = make.event(course, ref="HOUSE-5", starts=NOW - timedelta(days=10), trainers=trainers)
    earlier = replace(work, now=NOW - timedelta(days=20))
    request = BookingRequest(needs="A hearing loop", clash_reason="Both")
    for event in (now, held):
        first, _ = (book_place(earlier, event.id, people[role], request) for role in (Role.DELEGATE, Role.MEMBER))
        mark_people(work, event.id, 1, {first.id: Seen(MarkKind.PRESENT, 20, note="Train")})
    switch_on(work, now.id)
    mark_people(work, held.id, 1, {booking.id: Seen(MarkKind.ABSENT) for booking in _unmarked(work, held.id)})
    finalise_register(work, held.id)
    add_material(work, held, title="Slides", name="slides.pdf", data=b"%PDF-1.7 slides")
    _miss(make, work, course, people)


def _miss(make: Make, work: Work, course: Course, people: dict[Role, Person]) -> None:
    """The agency lead missed an event too, so that there is a charge of their own agency, open to its answer."""
    missed = make.event(course, ref="HOUSE-6", starts=NOW - timedelta(days=11), trainers=[people[Role.TRAINER]])
    request = BookingRequest(needs="A ramp", clash_reason="Both")
    booking = book_place(replace(work, now=NOW - timedelta(days=20)), missed.id, people[Role.AGENCY_LEAD], request)
    mark_people(work, missed.id, 1, {booking.id: Seen(MarkKind.ABSENT)})
    finalise_register(work, missed.id)


def _unmarked(work: Work, event_id: int) -> list[Booking]:
    marked = sa.select(Mark.booking_id)
    return list(work.session.scalars(sa.select(Booking).where(Booking.event_id == event_id, Booking.id.not_in(marked))))


def _survey(work: Work, lead: Person) -> None:
    """People are asked, one of them on paper; five answered, in words that are shown or held back; one told of harm."""
    begin_with_starting_sets(work)
    name_lead(work, lead)
    compare_course(work, work.session.scalars(sa.select(Course.id).where(Course.code == "HOUSE-COURSE")).one())
    carry_out(work, ask_people)
    held = sa.select(Invitation).join(Event, Event.id == Invitation.event_id).where(Event.ref == "HOUSE-5")
    later = work.session.scalars(held.where(Invitation.stage == "impact")).first()
    if later is None:
        raise ValueError("No one is asked about HOUSE-5.")
    ask_on_paper(work, later)
    version = version_asked(work.session, SurveyKind.IMPACT, None)
    if version is None:
        raise ValueError("There is no impact survey.")
    work.session.add(SurveyVersion(survey=version.survey, number=2, created_at=NOW))
    said = ("I asked Jaden Smith", "I ask again", "", "", "")
    sheets = [
        AnswersOut(
            SurveyKind.IMPACT,
            version.id,
            later.event.course_version_id,
            {"impact.used": "often", "impact.example": words},
            NOW.date().replace(day=1),
            later.event.course_id,
        )
        for words in said
    ]
    write_sheets(work, sheets)
    said_once = Said(frozenset({("practice.ask-again", 0)}), {("practice.ask-again", 0): 6})
    keep_sealed(work, later.event_id, Stage.ON_THE_DAY, {later.booking_id: said_once})
    write_practices(work, later.event.course_id, date(2025, 4, 1), [sheet_of(said_once, None, said_once)] * 5)
    count_routes(work, later.event_id, Stage.IMPACT, {"letter": 4, "paper": 1})
    met = NOW.date() - timedelta(days=7)
    record_group(work, GroupHeld(later.event.course_id, met, 6, "What do you do differently?", "They ask again."))
    raise_concern(work, kind="impact", about="Safer babies", words="I am worried about a baby", on=NOW.date())


def _ask_workforce(session: Session, lead: Person) -> None:
    """The people of the agency lead's agency are asked now."""
    version = session.scalars(
        sa.select(SurveyVersion).join(Survey).where(Survey.kind == SurveyKind.WORKFORCE).order_by(SurveyVersion.id)
    ).first()
    asked = SurveyRound(
        version=version,
        title="What reached you?",
        opens_on=NOW.date(),
        closes_on=NOW.date() + timedelta(days=10),
        created_at=NOW,
        links=[RoundLink(agency_id=lead.agency_id, secret="a-secret-of-the-house-round")],
    )
    session.add(asked)
    session.flush()


def _register(session: Session) -> None:
    """Somebody asks for an account, and somebody signs in."""
    asked = Registration(name="Wren Larkspur", email="wren@elsewhere.example", asked_at=NOW, confirmed_at=NOW)
    unconfirmed = Registration(name="Ivo Marsh", email="ivo@elsewhere.example", asked_at=NOW)
    session.add_all([asked, unconfirmed])
    for token, registration in ((SIGN_IN_TOKEN, None), (REGISTRATION_TOKEN, unconfirmed)):
        session.add(SignInCode(token=token, digest="x", counted_as="x", registration=registration, made_at=NOW))
    wished = SignInCode(token=WISH_TOKEN, digest="x", counted_as="x", registration=unconfirmed, made_at=NOW)
    session.add(wished)
    session.flush()
    rows = session.execute(sa.select(Event.ref, Event.id)).all()
    events = {row.ref: row.id for row in rows}
    said = PlaceWanted(request=BookingRequest(manager_name="Colette", manager_email="colette@elsewhere.example")).said()
    said |= {"newcomer": asdict(Newcomer(name="Ivo Marsh", email="ivo@elsewhere.example"))}
    for ref, code_id, since in (("HOUSE-3", wished.id, None), ("HOUSE-1", None, NOW)):
        session.add(
            BookingWish(
                event_id=events[ref],
                code_id=code_id,
                email="ivo@elsewhere.example",
                said=said,
                asked_at=NOW,
                confirmed_at=since,
            )
        )
    delegate = session.scalars(sa.select(Booking.person_id).order_by(Booking.id)).first()
    session.add(KeptNeeds(person_id=delegate, needs="A hearing loop", food="", kept_at=NOW))
    session.flush()


def _link_accounts(session: Session, people: dict[Role, Person]) -> None:
    """Two who sign in with an account at work, and a round trip of one who links another."""
    for role in (Role.DELEGATE, Role.COORDINATOR):
        person = people[role]
        account = LinkedAccount(
            person_id=person.id, provider="work", issuer="https://login.work.example", subject=f"subject-{role}",
            address=person.email, linked_at=NOW, last_used_at=NOW,
        )  # fmt: skip
        session.add(account)
    trip = RoundTrip(
        state_digest="x", browser_digest="x", provider="work", person_id=people[Role.DELEGATE].id, began_at=NOW
    )
    session.add(trip)
    session.flush()


def _ask_manager(work: Work, people: dict[Role, Person]) -> None:
    """The coordinator asks a business manager for two changes; one is agreed."""
    coordinator, manager = people[Role.COORDINATOR], people[Role.BUSINESS_MANAGER]
    asking = replace(work, actor=Actor(coordinator.name, person_id=coordinator.id, roles=frozenset({Role.COORDINATOR})))
    deciding = replace(work, actor=Actor(manager.name, manager.id, roles=frozenset({Role.BUSINESS_MANAGER})))
    officer = people[Role.REVIEW_OFFICER]
    for address in ("first@review_officer.example", "second@review_officer.example"):
        asked = do_or_ask(asking, EntrustedKind.FURTHER_ADDRESS, officer, {"address": address})
        if asked is not None and address.startswith("first"):
            agree(deciding, asked.id)


def _systems(work: Work, kept: Person) -> None:
    """Another system has a token and a webhook, with a trial on its way; one said that somebody had left, and is back.

    Theirs is an identity provider too.
    """
    named = {"user_name": "Robin@delegate.example", "user_name_key": "robin@delegate.example", "external_id": "8f3a"}
    work.session.add(ProvisionedPerson(person_id=kept.id, given_name="Robin", created_at=work.now, **named))
    said = ["Safer babies, Thursday 9 April 2026: has a place. Release the place."]
    work.session.add(UnseenLeaver(person_id=kept.id, left_at=work.now, said_by="HR system (token)", said=said))
    token, _ = make_token(work, TokenWanted("HR system of the council", Role.COORDINATOR))
    token.digest = digest(API_TOKEN)
    work.session.flush()
    facts = ["courses.booking_confirmed"]
    may_all = frozenset(work.site.roles_by_permission)  # type: ignore[attr-defined]
    by = replace(work, actor=replace(work.actor, permissions=may_all))
    hook, _ = add_webhook(by, token_id=token.id, url="https://hr.council.example/facts", fact_names=facts)
    work.session.flush()
    send_trial(work, hook)


def _upload(work: Work, coordinator: Person) -> None:
    """A file waits to be saved."""
    by = replace(work, actor=Actor(coordinator.name, person_id=coordinator.id))
    kind = next(kind for kind in by.site.imports if kind.kind == "agencies")  # type: ignore[attr-defined]
    header = ",".join(column.name for column in kind.columns)
    preview_upload(by, kind, f"{header}\nHOUSE-NEW,Larkham Primary School\n".encode(), filename="agencies.csv")
