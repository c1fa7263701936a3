"""Charges by stage, agency and words: a page of them, and what each stage comes to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from charges.charge.models import Charge
from charges.charge.queries import visible
from charges.charge.rules import LIVE, TO_DECIDE, TO_INVOICE, ChargeState
from courses.booking.bookings.models import Booking
from courses.programme.events.models import Event
from lms.agencies.models import Agency
from lms.frame.access import Actor
from lms.frame.folding import finds
from lms.kit.folding import words_typed
from lms.kit.pages import ROWS_ON_A_PAGE, PageOf
from lms.people.models import Person

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
class ChargeSearch:
    """Which charges a list shows."""

    stage: str = "decide"
    agency_id: int | None = None
    words: str = ""


def find_charges(session: Session, wanted: ChargeSearch, actor: Actor, number: int = 1) -> PageOf[ChargeRow]:
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


def sums(session: Session, wanted: ChargeSearch, actor: Actor) -> list[Sum]:
    """What each stage comes to, for the chosen agency."""
    only = ChargeSearch("all", wanted.agency_id, wanted.words)
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


def _chosen(wanted: ChargeSearch) -> Iterable[sa.ColumnElement[bool]]:
    _, states = STAGES.get(wanted.stage, STAGES["decide"])
    yield Charge.state.in_(states)
    if wanted.agency_id:
        yield Charge.agency_id == wanted.agency_id
    for word in words_typed(wanted.words):
        yield finds(word, Person.name_folded, Agency.name_folded)


def _order(wanted: ChargeSearch) -> tuple[sa.UnaryExpression[datetime] | sa.UnaryExpression[datetime | None], ...]:
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
