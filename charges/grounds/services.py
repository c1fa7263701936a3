"""Writing down what the policy asks for: it decides nothing but an exemption, after which there is no charge."""

from datetime import date, time

import sqlalchemy as sa

from charges.charge.models import Charge, SicknessReport
from charges.charge.rules import BILLED, LIVE
from charges.charge.services import locked_charge, settle
from charges.claims.models import ChargeExemption
from charges.claims.queries import told_of
from charges.claims.rules import EXEMPTION_WORDS, Exemption
from charges.grounds.rules import check_sickness
from lms.frame.work import Work
from lms.kit.errors import Conflict, NotAllowed
from lms.kit.working_days import london_date, wall_time


def record_sickness(work: Work, charge_id: int, *, told_at: time | None, confirmed_on: date | None) -> SicknessReport:
    """When the manager told us on the day, and when they confirmed it in writing. Said again, it replaces the last.

    Raises Invalid for what cannot be, Conflict for a charge that is over.
    """
    charge = _open_charge(work, charge_id)
    day = london_date(charge.day_starts_at)
    moment = wall_time(day, told_at, field="told_at") if told_at is not None else None
    check_sickness(day, moment, confirmed_on, work.now)
    report = work.session.get(SicknessReport, charge.id)
    if report is None:
        report = SicknessReport(charge_id=charge.id)
        work.session.add(report)
    report.told_at, report.confirmed_on, report.recorded_at = moment, confirmed_on, work.now
    work.record("sickness reported", charge, told_at=moment, confirmed_on=confirmed_on)
    return report


def record_exemption(work: Work, charge_id: int, kind: Exemption) -> list[Charge]:
    """The person or agency is exempt after all: every charge of the booking is void, and none is proposed again.

    Answers the charges taken back. Raises Conflict once one is on an invoice: that needs a credit first.
    """
    charge = _open_charge(work, charge_id)
    billed = sa.select(Charge.id).where(Charge.booking_id == charge.booking_id, Charge.state.in_(BILLED))
    if work.session.scalar(billed.limit(1)) is not None:
        raise Conflict("A charge of this booking is on an invoice. Credit it there, and say that the person is exempt.")
    found = work.session.get(ChargeExemption, charge.booking_id)
    if found is None:
        found = ChargeExemption(booking_id=charge.booking_id)
        work.session.add(found)
    found.kind, found.recorded_at = kind, work.now
    work.session.flush()
    work.record("exemption recorded", charge, kind=kind, words=EXEMPTION_WORDS[kind])
    return settle(work, told_of(work.session, [charge.booking_id])).void


def _open_charge(work: Work, charge_id: int) -> Charge:
    charge = locked_charge(work, charge_id)
    if not work.actor.may("charges.manage_charges"):
        raise NotAllowed("Only the training team writes this down.")
    if charge.state not in LIVE or charge.state in BILLED or charge.is_history:
        raise Conflict("This charge is closed, so you cannot add to it. Its page says what happened to it.")
    return charge
