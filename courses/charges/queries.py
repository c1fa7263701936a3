"""Charges as this reader may see them: one, lists with their sums, and whom an agency's letters reach."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from courses.bookings.models import Booking, BookingState, Outcome
from courses.charges.models import Charge
from courses.charges.rules import LIVE, TO_DECIDE, TO_INVOICE, ChargeState
from courses.events.models import Event, EventDay
from courses.register.models import Mark
from lms.access import Actor, Role
from lms.agencies.models import Agency
from lms.agencies.queries import leads_of
from lms.errors import NotFound
from lms.pages import ROWS_ON_A_PAGE, PageOf
from lms.people.models import Person, RoleGrant

ONE_YEAR = timedelta(days=365)
FINANCE_SEES = (
    ChargeState.APPROVED,
    ChargeState.UPHELD,
    ChargeState.INVOICED,
    ChargeState.PAID,
    ChargeState.CREDITED,
    ChargeState.WRITTEN_OFF,
)
STAGES: dict[str, tuple[str, frozenset[ChargeState]]] = {
    "decide": ("To decide", TO_DECIDE),
    "approved": ("Approved, not invoiced", TO_INVOICE),
    "invoiced": ("Invoiced", frozenset({ChargeState.INVOICED})),
    "paid": ("Paid", frozenset({ChargeState.PAID})),
    "ended": ("Waived, void, credited", frozenset(ChargeState) - LIVE),
    "all": ("All", frozenset(ChargeState)),
}


@dataclass(frozen=True)
class ChargeRow:
    """A line of a list of charges."""

    id: int
    agency: str
    person: str
    course: str
    day_starts_at: datetime
    reason: str
    pence: int
    state: ChargeState
    respond_by: datetime | None
    is_answered: bool
    is_disability_related: bool


@dataclass(frozen=True)
class Sum:
    """How many charges of a stage there are, and what they come to."""

    stage: str
    words: str
    number: int
    pence: int


@dataclass(frozen=True)
class Wanted:
    """Which charges a list shows."""

    stage: str = "decide"
    agency_id: int | None = None
    words: str = ""


@dataclass(frozen=True)
class Record:
    """How an agency did in the last twelve months, before a charge is decided."""

    bookings: int
    attended: int
    charges: int


def agencies_led(session: Session, actor: Actor) -> set[int]:
    """The agencies that somebody leads, and those that were merged into them."""
    led = set(actor.leads_agency_ids)
    rows = session.execute(sa.select(Agency.id, Agency.successor_id).where(Agency.successor_id.is_not(None)))
    successors = {row.id: row.successor_id for row in rows}
    while more := {each for each, successor in successors.items() if successor in led} - led:
        led |= more
    return led


def visible(session: Session, actor: Actor) -> sa.ColumnElement[bool]:
    """Coordinators see every charge, finance those that were approved, agency leads those of their own agency."""
    if actor.may("courses.manage_charges"):
        return sa.true()
    own = Charge.agency_id.in_(agencies_led(session, actor))
    if actor.may("courses.manage_invoices"):
        return sa.or_(Charge.state.in_(FINANCE_SEES), own)
    return own


def charge_for(session: Session, charge_id: int, actor: Actor) -> Charge:
    """A charge with all that its page tells. Raises NotFound for one that this reader may not see."""
    charge = session.scalar(
        sa.select(Charge)
        .where(Charge.id == charge_id, visible(session, actor))
        .options(
            joinedload(Charge.agency),
            joinedload(Charge.policy_version),
            joinedload(Charge.booking).joinedload(Booking.person),
            joinedload(Charge.booking).joinedload(Booking.event).joinedload(Event.version),
            selectinload(Charge.answers),
        )
    )
    if charge is None:
        raise NotFound("There is no such charge among those that you can see. The list shows them all.")
    return charge


def charge_of_link(session: Session, charge_id: int) -> Charge:
    """The charge that a signed link opens. Raises NotFound."""
    charge = session.get(Charge, charge_id)
    if charge is None:
        raise NotFound("There is no such charge any more. Ask the training team.")
    return charge


def find_charges(session: Session, wanted: Wanted, actor: Actor, number: int = 1) -> PageOf[ChargeRow]:
    """A page of charges, those whose time to answer ends first at the top."""
    chosen = [visible(session, actor), *_chosen(wanted)]
    joined = sa.select(Charge.id).join(Charge.booking).join(Booking.person).join(Charge.agency)
    total = session.scalar(sa.select(sa.func.count()).select_from(joined.where(*chosen).subquery())) or 0
    charges = session.scalars(
        sa.select(Charge)
        .join(Charge.booking)
        .join(Booking.person)
        .join(Charge.agency)
        .where(*chosen)
        .options(
            joinedload(Charge.agency),
            joinedload(Charge.booking).joinedload(Booking.person),
            joinedload(Charge.booking).joinedload(Booking.event).joinedload(Event.version),
            selectinload(Charge.answers),
        )
        .order_by(*_order(wanted), Charge.id)
        .limit(ROWS_ON_A_PAGE)
        .offset((number - 1) * ROWS_ON_A_PAGE)
    )
    return PageOf([_row(charge) for charge in charges], total, number)


def sums(session: Session, wanted: Wanted, actor: Actor) -> list[Sum]:
    """What each stage comes to, for the chosen agency."""
    only = Wanted("all", wanted.agency_id, wanted.words)
    rows = session.execute(
        sa.select(Charge.state, sa.func.count(), sa.func.sum(Charge.pence))
        .join(Charge.booking)
        .join(Booking.person)
        .join(Charge.agency)
        .where(visible(session, actor), *_chosen(only))
        .group_by(Charge.state)
    )
    counted = {state: (number, pence) for state, number, pence in rows}
    return [
        Sum(stage, words, sum(counted.get(each, (0, 0))[0] for each in states), _pence(counted, states))
        for stage, (words, states) in STAGES.items()
    ]


def agencies_charged(session: Session, actor: Actor) -> list[tuple[int, str]]:
    """The agencies that have a charge which this reader may see."""
    rows = session.execute(
        sa.select(Agency.id, Agency.name)
        .where(Agency.id.in_(sa.select(Charge.agency_id).where(visible(session, actor))))
        .order_by(Agency.name, Agency.id)
    )
    return [(row.id, row.name) for row in rows]


def open_charges_of(session: Session, booking_id: int) -> list[Charge]:
    """The charges of a booking that are open to answers, day by day."""
    return list(
        session.scalars(
            sa.select(Charge)
            .where(Charge.booking_id == booking_id, Charge.state == ChargeState.OPEN)
            .order_by(Charge.day_number, Charge.id)
        )
    )


def record_before(session: Session, charge: Charge) -> Record:
    """The agency's bookings, attendance and other charges in the year before the day that was missed."""
    since, until = charge.day_starts_at - ONE_YEAR, charge.booking.event.starts_at
    held, attended = session.execute(
        sa.select(sa.func.count(), sa.func.count(sa.case((Booking.outcome == Outcome.ATTENDED, 1))))
        .join(Booking.event)
        .where(Booking.agency_id == charge.agency_id, Event.starts_at >= since, Event.starts_at < until)
        .where(Booking.state.in_([BookingState.CONFIRMED, BookingState.SUBSTITUTED]))
    ).one()
    others = session.scalar(
        sa.select(sa.func.count()).where(
            Charge.agency_id == charge.agency_id,
            Charge.id != charge.id,
            Charge.day_starts_at >= since,
            Charge.day_starts_at < until,
            Charge.state.not_in([ChargeState.VOID, ChargeState.WAIVED]),
        )
    )
    return Record(held, attended, others or 0)


@dataclass(frozen=True)
class Recipient:
    """Somebody who reads an agency's letters: a lead, or the address for charges."""

    name: str
    person_id: int | None = None
    address: str = ""


def who_answers(agency: Agency) -> Agency:
    """The agency that speaks for it now: itself, or the one that it was merged into."""
    seen = {agency.id}
    while agency.successor is not None and agency.successor.id not in seen:
        agency = agency.successor
        seen.add(agency.id)
    return agency


def recipients(session: Session, agency: Agency) -> list[Recipient]:
    """The agency's leads and its address for charges; nobody twice."""
    now = who_answers(agency)
    leads = leads_of(session, now)
    found = [Recipient(lead.name, person_id=lead.person_id) for lead in leads]
    if now.charge_email and now.charge_email not in {lead.email for lead in leads}:
        found.append(Recipient(now.name, address=now.charge_email))
    return found


def business_managers(session: Session) -> list[Person]:
    """Who can decide an appeal."""
    return list(
        session.scalars(
            sa.select(Person)
            .join(RoleGrant, RoleGrant.person_id == Person.id)
            .where(RoleGrant.role == Role.BUSINESS_MANAGER, Person.left_on.is_(None), Person.merged_into_id.is_(None))
            .order_by(Person.name, Person.id)
        )
    )


def _chosen(wanted: Wanted) -> Iterable[sa.ColumnElement[bool]]:
    _, states = STAGES.get(wanted.stage, STAGES["decide"])
    yield Charge.state.in_(states)
    if wanted.agency_id:
        yield Charge.agency_id == wanted.agency_id
    for word in wanted.words.split():
        yield sa.or_(Person.name.icontains(word, autoescape=True), Agency.name.icontains(word, autoescape=True))


def _order(wanted: Wanted) -> tuple[sa.UnaryExpression[datetime] | sa.UnaryExpression[datetime | None], ...]:
    if wanted.stage == "decide":
        return (Charge.respond_by.asc().nulls_first(),)
    return (Charge.day_starts_at.desc(),)


def _row(charge: Charge) -> ChargeRow:
    return ChargeRow(
        id=charge.id,
        agency=charge.agency.name,
        person=charge.booking.person.name,
        course=charge.booking.event.version.title,
        day_starts_at=charge.day_starts_at,
        reason=charge.reason.value,
        pence=charge.pence,
        state=charge.state,
        respond_by=charge.respond_by,
        is_answered=any(answer.said_as.value == "agency" for answer in charge.answers),
        is_disability_related=charge.is_disability_related,
    )


def _pence(counted: dict[ChargeState, tuple[int, int]], states: Iterable[ChargeState]) -> int:
    return sum(counted.get(each, (0, 0))[1] for each in states)


@dataclass(frozen=True)
class MarkSeen:
    """What the register says of the day that is charged, when, and who marked it."""

    kind: str
    at: datetime
    by: str


def mark_of(session: Session, charge: Charge) -> MarkSeen | None:
    """The mark behind a charge; none for a late cancellation, and none in history."""
    row = session.execute(
        sa.select(Mark.kind, Mark.marked_at, Person.name)
        .join(EventDay, EventDay.id == Mark.event_day_id)
        .outerjoin(Person, Person.id == Mark.marked_by_id)
        .where(Mark.booking_id == charge.booking_id, EventDay.number == charge.day_number)
    ).first()
    return None if row is None else MarkSeen(row.kind.value, row.marked_at, row.name or "")


def siblings(session: Session, charge: Charge) -> list[Charge]:
    """The other charges of the same booking, day by day."""
    return list(
        session.scalars(
            sa.select(Charge)
            .where(Charge.booking_id == charge.booking_id, Charge.id != charge.id)
            .order_by(Charge.day_number, Charge.id)
        )
    )
