"""The line manager is another person, and nobody agrees to their own booking, whichever way it was made."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from courses.booking.approvals.queries import find_undecided
from courses.booking.approvals.services import agree_booking, refuse_booking
from courses.booking.bookings.models import Booking
from courses.booking.bookings.queries import APPROVAL, approval_of
from courses.booking.bookings.rules import STRANGERS_A_WEEK, BookingRequest, BookingSource, BookingState
from courses.booking.bookings.services import book_place
from courses.booking.bookings.tables import IMPORT as BOOKINGS
from courses.booking.delegates.services import book_for
from courses.booking.substitutions.services import give_place
from courses.programme.events.models import Event
from lms.frame.access import Actor, Role
from lms.frame.work import Work
from lms.kit.errors import Invalid, NotAllowed
from lms.mail.models import OutboxLetter
from lms.people.models import Person, PersonAddress
from lms.people.rules import PersonDetails
from lms.people.services import change_person
from lms.people.tables import IMPORT as PEOPLE
from lms.tables.services import import_file
from tests.databases import NoSite
from tests.make import Make
from tests.moments import NOW
from tests.teams import book_team

OWN = ("amara@rvch.example", "AMARA@rvch.example", "amara+boss@rvch.example", "amara@old.example", "a.maraf@gmail.com")
S = BookingState
SignIn = Callable[[Person], FlaskClient]


@pytest.fixture
def event(make: Make) -> Event:
    return make.event(make.course(needs_approval=True), capacity=5)


@pytest.fixture
def amara(make: Make) -> Person:
    person = make.person("Amara Fenwick-Osei", email="amara@rvch.example", agency=make.agency(domains=["rvch.example"]))
    person.addresses.append(PersonAddress(address="amara@old.example"))
    person.addresses.append(PersonAddress(address="amara.f@gmail.com"))
    make.session.flush()
    return person


def _as(work: Work, person: Person, *roles: Role, leads: frozenset[int] = frozenset()) -> Work:
    return replace(work, actor=Actor(person.name, person.id, frozenset(roles), leads_agency_ids=leads))


def _asked(work: Work) -> list[tuple[int | None, str]]:
    letters = sa.select(OutboxLetter).where(OutboxLetter.kind == "courses.approval_asked").order_by(OutboxLetter.id)
    return [(each.person_id, each.to_address) for each in work.session.scalars(letters)]


@pytest.mark.parametrize("address", OWN)
def test_ones_own_address_is_no_line_managers(work: Work, event: Event, amara: Person, address: str) -> None:
    """Also a further one, one with a plus, or with dots that do not count: when booking, in the record, by a file."""
    with pytest.raises(Invalid, match="own address") as refused:
        book_place(work, event.id, amara, BookingRequest(manager_name="Me", manager_email=address))
    assert refused.value.field == "manager_email"
    with pytest.raises(Invalid, match="own address"):
        change_person(work, amara, PersonDetails(amara.name, amara.email, manager_email=address))
    header = "ref,name,email,agency_code,role_group,manager_name,manager_email"
    row = f"{amara.ref},{amara.name},{amara.email},,,Me,{address}"
    done = import_file(work, PEOPLE, f"{header}\n{row}\n".encode(), save=True)
    assert [each.column for each in done.problems] == ["manager_email"]


def test_what_a_record_says_of_old_is_not_taken_for_a_manager(
    work: Work, make: Make, event: Event, amara: Person
) -> None:
    """By an agency's lead, by the coordinator, and for a colleague who takes a place."""
    amara.manager_name, amara.manager_email = "Amara", "amara@old.example"
    lead = make.person("Lead", agency=amara.agency, roles=(Role.AGENCY_LEAD,))
    assert amara.agency_id is not None
    leading = _as(work, lead, Role.AGENCY_LEAD, leads=frozenset({amara.agency_id}))
    assert book_team(leading, event.id, [amara.id])[0].manager_email == ""
    other = make.event(event.course)
    assert book_for(_as(work, make.coordinator(), Role.COORDINATOR), other.id, amara.ref, "Both").manager_email == ""
    third = make.event()
    place = book_place(work, third.id, make.person("Giver", agency=amara.agency), BookingRequest())
    assert give_place(work, place, amara.ref).manager_email == ""


def test_without_a_manager_the_agency_lead_is_asked(work: Work, make: Make, event: Event, amara: Person) -> None:
    lead = make.person("Odile Marsh", agency=amara.agency, roles=(Role.AGENCY_LEAD,))
    make.person("Shares", email="amara+lead@rvch.example", agency=amara.agency, roles=(Role.AGENCY_LEAD,))
    booking = book_place(_as(work, amara), event.id, amara, BookingRequest())
    assert booking.state is S.AWAITING_MANAGER
    assert _asked(work) == [(lead.id, "")]
    told = work.session.scalars(sa.select(OutboxLetter).where(OutboxLetter.kind == "courses.awaiting_manager")).one()
    assert (told.context["asked"], told.context["leads"]) == ("lead", "Odile Marsh")
    assert sum(line.number for line in find_undecided(work)) == 0
    agree_booking(_as(work, lead, Role.AGENCY_LEAD), booking.id)
    assert booking.state is S.CONFIRMED


def test_a_lead_who_books_themselves_is_decided_by_another(work: Work, make: Make, event: Event, amara: Person) -> None:
    assert amara.agency_id is not None
    amara_leads = _as(work, amara, Role.AGENCY_LEAD, leads=frozenset({amara.agency_id}))
    make.session.expire_all()
    colleague = make.person("Colleague", agency=amara.agency)
    own, theirs = book_team(amara_leads, event.id, [amara.id, colleague.id])
    assert (own.state, theirs.state) == (S.AWAITING_MANAGER, S.CONFIRMED)


def test_without_a_lead_the_coordinator_decides(work: Work, make: Make, event: Event, amara: Person) -> None:
    booking = book_place(_as(work, amara), event.id, amara, BookingRequest())
    assert (booking.state, _asked(work)) == (S.AWAITING_MANAGER, [])
    (line,) = find_undecided(work)
    assert (line.number, line.url) == (1, f"/events/{event.id}/bookings")
    assert sum(each.number for each in find_undecided(_as(work, amara))) == 0
    agree_booking(_as(work, make.coordinator(), Role.COORDINATOR), booking.id)
    assert booking.state is S.CONFIRMED


def test_nobody_agrees_to_their_own_booking(work: Work, make: Make, event: Event) -> None:
    """A coordinator who books themselves, and answers for the manager; or imports a file that says so."""
    coordinator = make.coordinator()
    office = _as(work, coordinator, Role.COORDINATOR)
    booking = book_place(office, event.id, coordinator, BookingRequest(source=BookingSource.COORDINATOR))
    assert booking.state is S.AWAITING_MANAGER
    for answer in (agree_booking, refuse_booking):
        with pytest.raises(NotAllowed, match="their own booking"):
            answer(office, booking.id)
    other = make.event(event.course)
    header = "event_ref,person_ref,booked_at,status,cancelled_at,outcome,days_attended"
    file = f"{header}\n{other.ref},{coordinator.ref},,confirmed,,,\n".encode()
    done = import_file(office, BOOKINGS, file, save=True)
    assert [each.column for each in done.problems] == ["person_ref"]
    assert import_file(_as(work, make.coordinator("Second"), Role.COORDINATOR), BOOKINGS, file, save=True).is_saved


def test_a_link_agrees_to_nothing_for_the_delegate_who_is_signed_in(
    work: Work, make: Make, event: Event, amara: Person, sign_in: SignIn
) -> None:
    asked = BookingRequest(manager_name="Colette", manager_email="colette@rvch.example")
    booking = book_place(work, event.id, amara, asked)
    token, booking_id = APPROVAL.sign(NoSite.settings, approval_of(booking)), booking.id
    browser = sign_in(amara)
    assert browser.post(f"/approvals/{token}", data={"answer": "agree"}).status_code == 403
    work.session.rollback()
    assert work.session.get_one(Booking, booking_id).state is S.AWAITING_MANAGER


@pytest.mark.parametrize(
    ("address", "is_marked"), [("colette@rvch.example", False), ("colette@letterbox.example", True)]
)
def test_an_address_outside_the_agencys_domains_is_taken_and_marked_for_the_office(
    work: Work, make: Make, event: Event, amara: Person, sign_in: SignIn, address: str, is_marked: bool
) -> None:
    booking = book_place(work, event.id, amara, BookingRequest(manager_name="Colette", manager_email=address))
    addresses = f"/events/{event.id}/bookings", f"/bookings/{booking.id}/approval"
    browser = sign_in(make.coordinator())
    for page in addresses:
        assert ("Not an address of the agency" in browser.get(page).text) is is_marked, page


def test_the_form_refuses_ones_own_address_and_keeps_what_was_typed(
    make: Make, event: Event, amara: Person, sign_in: SignIn
) -> None:
    address, browser = f"/events/{event.id}/book", sign_in(amara)
    typed: Mapping[str, str] = {"step": "book", "manager_name": "Me", "manager_email": OWN[2], "is_declared": "y"}
    answer = browser.post(address, data=typed)
    assert answer.status_code == 422
    assert "own address" in answer.text
    assert f'value="{OWN[2]}"' in answer.text


def test_nobody_has_us_write_to_ever_new_strangers_by_naming_them_as_managers(
    work: Work, make: Make, amara: Person, sign_in: SignIn
) -> None:
    """Whoever books says who their manager is. Addresses of agencies are not counted, nor what others book for them."""
    starts = [NOW + timedelta(days=30 + number) for number in range(STRANGERS_A_WEEK + 2)]
    event_ids = [make.event(make.course(needs_approval=True), starts=each).id for each in starts]
    agency_id, amara_id = amara.agency_id, amara.id
    browser = sign_in(amara)

    def book(event_id: int, address: str) -> int:
        typed = {"step": "book", "manager_name": "Colette", "manager_email": address, "is_declared": "y"}
        answer = browser.post(f"/events/{event_id}/book", data=typed)
        if answer.status_code == 422:
            assert "many line managers outside your agency" in answer.text
        return answer.status_code

    *first, last, one_more = event_ids
    assert [book(each, f"stranger{each}@letterbox.example") for each in first] == [303] * STRANGERS_A_WEEK
    assert book(last, "another@letterbox.example") == 422
    assert book(last, "colette@rvch.example") == 303
    work.session.rollback()
    assert len(_asked(work)) == STRANGERS_A_WEEK + 1
    delegate = work.session.get_one(Person, amara_id)
    request = BookingRequest(BookingSource.AGENCY_LEAD, manager_email="another@letterbox.example")
    by_lead = replace(work, actor=Actor("A lead", None, leads_agency_ids=frozenset({agency_id or 0})))
    book_place(by_lead, one_more, delegate, request)
