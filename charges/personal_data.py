"""What charges keep of a person: what their agency was charged for, what was said about it, and sickness.

Erasing leaves every row and every penny: what was charged is counted as before, under no name.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from charges.charge.models import Charge, ChargeAnswer, SicknessReport
from charges.charge.rules import AnsweredAs, ChargeState
from charges.invoices.models import Invoice, InvoiceLine
from courses.booking.bookings.models import Booking
from courses.facts import BookingsForgotten
from lms.frame.plugins import PersonalData, StillNeeded
from lms.frame.work import Work
from lms.kit.erased import ERASED_NAME, ERASED_WORDS
from lms.kit.money import exact_pounds
from lms.kit.working_days import london_date
from lms.personal_data.mentions.rules import Needles
from lms.personal_data.queries import identity_of

OPEN_CHARGES = (
    ChargeState.PROPOSED,
    ChargeState.OPEN,
    ChargeState.APPROVED,
    ChargeState.APPEALED,
    ChargeState.UPHELD,
    ChargeState.INVOICED,
)


def _export(work: Work, person_id: int) -> Mapping[str, Any]:
    return {
        "Charges to your agency for places that you missed": list(_charges(work, person_id)),
        "Sickness that was reported for a day that you missed": list(_sickness(work, person_id)),
    }


def _charges(work: Work, person_id: int) -> Iterator[dict[str, Any]]:
    query = sa.select(Charge).join(Booking).where(Booking.person_id == person_id).order_by(Charge.id)
    for each in work.session.scalars(query.options(joinedload(Charge.agency), joinedload(Charge.answers))).unique():
        yield {
            "Agency": each.agency.name,
            "Day": london_date(each.day_starts_at).isoformat(),
            "Why": each.explanation,
            "Amount": exact_pounds(each.pence),
            "State": each.state.value,
            "What was said about it": [answer.words for answer in each.answers if answer.words],
        }


def _sickness(work: Work, person_id: int) -> Iterator[dict[str, Any]]:
    query = sa.select(SicknessReport, Charge).join(Charge, SicknessReport.charge_id == Charge.id).join(Booking)
    for report, charge in work.session.execute(query.where(Booking.person_id == person_id).order_by(Charge.id)):
        yield {
            "Day": london_date(charge.day_starts_at).isoformat(),
            "Manager told us": report.told_at.isoformat() if report.told_at else "",
            "Confirmed in writing": report.confirmed_on.isoformat() if report.confirmed_on else "",
        }


def _prevents(work: Work, person_id: int) -> Iterator[str]:
    """A charge that an agency may still dispute."""
    owed = sa.select(sa.func.count(Charge.id)).join(Booking, Charge.booking_id == Booking.id)
    owed = owed.where(Booking.person_id == person_id, Charge.state.in_(OPEN_CHARGES), Charge.is_history.is_(False))
    if work.session.scalar(owed):
        yield "A charge for a place that this person missed is not settled yet. Decide it, or have it paid, first."


def _erase(work: Work, person_id: int) -> None:
    theirs = sa.select(Booking.id).where(Booking.person_id == person_id)
    _forget_words(work, theirs, identity_of(work, person_id).own())
    said = sa.update(ChargeAnswer).where(ChargeAnswer.person_id == person_id)
    work.session.execute(said.values(name=ERASED_NAME))
    issued = sa.update(Invoice).where(Invoice.issued_by_id == person_id)
    work.session.execute(issued.values(issued_by_name=ERASED_NAME))


def forget_with_bookings(work: Work, fact: BookingsForgotten) -> None:
    """Bookings past their time lose their person: so does what was said about their charges."""
    bookings = sa.select(Booking.id).where(Booking.id.in_(fact.booking_ids))
    charged = sa.select(Charge.id).where(Charge.booking_id.in_(bookings)).limit(1)
    if work.session.scalar(charged) is not None:
        _forget_words(work, bookings, identity_of(work, fact.person_id).own())


def _forget_words(work: Work, bookings: sa.Select[int], who: Needles) -> None:
    """Everything said in words about the charges of these bookings. What was charged, when, and how much stays."""
    session = work.session
    for charge in session.scalars(sa.select(Charge).where(Charge.booking_id.in_(bookings)).order_by(Charge.id)).all():
        charge.explanation = who.erased_from(charge.explanation)
        for name in ("decision_note", "waiver_words", "appeal_words", "appeal_note", "void_why"):
            if getattr(charge, name):
                setattr(charge, name, ERASED_WORDS)
    session.flush()
    charges = sa.select(Charge.id).where(Charge.booking_id.in_(bookings))
    session.execute(
        sa.update(ChargeAnswer)
        .where(ChargeAnswer.charge_id.in_(charges))
        .values(words=sa.case((ChargeAnswer.words == "", ""), else_=ERASED_WORDS))
    )
    session.execute(sa.delete(SicknessReport).where(SicknessReport.charge_id.in_(charges)))
    said_by_them = sa.and_(
        ChargeAnswer.charge_id.in_(charges), ChargeAnswer.said_as.in_([AnsweredAs.DELEGATE, AnsweredAs.MANAGER])
    )
    session.execute(sa.update(ChargeAnswer).where(said_by_them).values(name=ERASED_NAME))
    lines = sa.select(InvoiceLine.id, InvoiceLine.text).where(InvoiceLine.charge_id.in_(charges))
    for line_id, text in session.execute(lines.order_by(InvoiceLine.id)).all():
        line = sa.update(InvoiceLine).where(InvoiceLine.id == line_id)
        session.execute(line.values(text=who.erased_from(text)))


def _of_open_charges() -> sa.Select[int]:
    return sa.select(Charge.booking_id).where(Charge.state.in_(OPEN_CHARGES))


PERSONAL_DATA = PersonalData(
    tables=(
        "charge",
        "charge_answer",
        "charge_exemption",
        "invoice",
        "invoice_line",
        "invoice_payment",
        "sickness_report",
    ),
    export=_export,
    erase=_erase,
    prevents=_prevents,
    still_needed=(StillNeeded("courses.bookings", _of_open_charges),),
)
