"""Charges by what happened to them in a period: their sums, and the rows behind each."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from charges.charge.models import Charge
from charges.charge.rules import BILLED, STATE_WORDS, TO_INVOICE, ChargeState
from charges.figures.rules import ChargeSums
from courses.booking.bookings.models import Booking
from courses.programme.courses.models import CourseVersion
from courses.programme.events.models import Event
from courses.questions import ChargedTo
from lms.agencies.models import Agency
from lms.agencies.queries import agency_ids_of
from lms.frame.work import Work
from lms.kit.figures import ReportQuestion
from lms.kit.pages import ROWS_ON_A_PAGE, PageOf
from lms.kit.rows_behind import Behind, BehindRow, RowsBehind
from lms.kit.words import pounds
from lms.reports.rules import CHARGES, moments_of

TITLES = {f"charges_{name}_pence": (name, title) for name, title, _ in CHARGES}


def charge_steps(question: ReportQuestion) -> dict[str, sa.ColumnElement[bool]]:
    """Which charges had each step in the period, by the names of `CHARGES`."""
    first, last = question.period.from_on, question.period.to_on
    since, until = moments_of(first, last)
    waived_at = sa.func.coalesce(Charge.appeal_decided_at, Charge.decided_at)
    is_waived = sa.and_(
        Charge.state == ChargeState.WAIVED,
        sa.or_(
            sa.and_(waived_at >= since, waived_at < until),
            sa.and_(waived_at.is_(None), Charge.raised_on.between(first, last)),
        ),
    )
    return {
        "raised": Charge.raised_on.between(first, last),
        "invoiced": Charge.invoiced_on.between(first, last),
        "paid": Charge.paid_on.between(first, last),
        "waived": is_waived,
        "credited": Charge.credited_on.between(first, last),
    }


def charge_sums(session: Session, question: ReportQuestion, agency_ids: Collection[int] | None) -> ChargeSums:
    """Pence by the date of each step. Void charges turned out not to be charges: they are in none. One query."""
    happened = charge_steps(question)
    asked = sa.select(
        *(sa.func.coalesce(sa.func.sum(sa.case((each, Charge.pence), else_=0)), 0) for each in happened.values()),
        *(sa.func.count(sa.case((each, 1))) for each in happened.values()),
    ).where(Charge.state != ChargeState.VOID)
    if agency_ids is not None:
        asked = asked.where(Charge.agency_id.in_(agency_ids))
    found = [int(each) for each in session.execute(asked).one()]
    pence, numbers = found[: len(happened)], found[len(happened) :]
    return ChargeSums(dict(zip(happened, pence, strict=True)), dict(zip(happened, numbers, strict=True)))


def charged_to(work: Work, asked: ChargedTo) -> dict[int, int]:
    """Pence by agency of charges that stand, by the date on which they were raised. One query."""
    sums = sa.select(Charge.agency_id, sa.func.sum(Charge.pence)).group_by(Charge.agency_id)
    stands = sums.where(Charge.state.in_(TO_INVOICE | BILLED), Charge.raised_on.between(asked.from_on, asked.to_on))
    return {agency_id: int(pence) for agency_id, pence in work.session.execute(stands)}


def rows_behind(work: Work, question: ReportQuestion, asked: Behind) -> RowsBehind | None:
    """A page of the charges behind a measure; None when it is not one of these."""
    if asked.measure not in TITLES:
        return None
    step, title = TITLES[asked.measure]
    return RowsBehind(title, _charges(work.session, question, step, asked.page))


def _charges(session: Session, question: ReportQuestion, step: str, number: int) -> PageOf[BehindRow]:
    chosen = [charge_steps(question)[step], Charge.state != ChargeState.VOID]
    wanted = agency_ids_of(session, question)
    if wanted is not None:
        chosen.append(Charge.agency_id.in_(wanted))
    total = session.scalar(sa.select(sa.func.count(Charge.id)).where(*chosen)) or 0
    found = session.execute(
        sa.select(Charge.id, Agency.name, CourseVersion.title, Charge.raised_on, Charge.pence, Charge.state)
        .join(Agency, Agency.id == Charge.agency_id)
        .join(Booking, Booking.id == Charge.booking_id)
        .join(Event, Event.id == Booking.event_id)
        .join(CourseVersion, CourseVersion.id == Event.course_version_id)
        .where(*chosen)
        .order_by(Charge.raised_on, Charge.id)
        .limit(ROWS_ON_A_PAGE)
        .offset((number - 1) * ROWS_ON_A_PAGE)
    )
    rows = [
        BehindRow(pounds(pence), f"/charges/{charge_id}", agency, title, on, STATE_WORDS[state])
        for charge_id, agency, title, on, pence, state in found
    ]
    return PageOf(rows, total, number)
