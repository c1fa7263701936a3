"""Proposing charges, opening them to the agency, and taking back what turns out not to hold."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

import sqlalchemy as sa

from charges.charge import letters, life
from charges.charge.models import Charge, ChargeAnswer
from charges.charge.rules import BILLED, LIVE, AnsweredAs, ChargeState, end_of_working_day
from charges.claims.queries import ClaimOnItsTerms
from charges.claims.rules import ChargeLine
from lms.frame.work import Work
from lms.kit.errors import NotFound
from lms.kit.working_days import london_date
from lms.policies.queries import terms_of


@dataclass
class Settled:
    """What settling did: charges proposed, charges made void, and those already invoiced that need a credit."""

    proposed: list[Charge] = field(default_factory=list)
    void: list[Charge] = field(default_factory=list)
    to_credit: list[Charge] = field(default_factory=list)


def locked_charge(work: Work, charge_id: int) -> Charge:
    """The charge, locked until this work ends. Raises NotFound."""
    charge = work.session.scalar(
        sa.select(Charge)
        .where(Charge.id == charge_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if charge is None:
        raise NotFound("We cannot find that charge. The list shows them all.")
    return charge


def settle(work: Work, told: Sequence[ClaimOnItsTerms], *, because: str = "") -> Settled:
    """Make the charges of these bookings what the rules say now. `because` begins the reason for taking one back.

    New lines are proposed and opened to the agency; charges whose reason has gone are void. What a person has decided
    stays decided, so a day is never proposed twice. Imported history is left alone.
    """
    present = [each for each in told if not each.booking.event.is_history]
    charges = _charges_of(work, [each.booking.id for each in present])
    settled = Settled()
    for each in present:
        assessment = each.assessment
        mine = charges.get(each.booking.id, [])
        lines = {line.day.number: line for line in assessment.lines}
        known = {charge.day_number for charge in mine if charge.state is not ChargeState.VOID}
        settled.proposed += [_propose(work, each, line) for number, line in lines.items() if number not in known]
        for charge in mine:
            if charge.state in LIVE and charge.day_number not in lines and not charge.is_history:
                why = f"{because} {assessment.why_not or 'That day was not missed.'}".strip()
                _take_back(work, charge, why, settled)
    open_to_agencies(work, settled.proposed)
    return settled


def open_to_agencies(work: Work, charges: Sequence[Charge]) -> None:
    """Ask delegates and managers for a reason, and tell each agency until when it can answer."""
    for charge in charges:
        life.ASK.check(charge.state)
        days = terms_of(charge.policy_version).representation_working_days
        charge.state, charge.respond_by = ChargeState.OPEN, end_of_working_day(work.now, days)
        work.record("charge opened to the agency", charge, respond_by=charge.respond_by)
    for charge in charges:
        _keep_what_was_said(work, charge)
    for _, same_booking in groupby(charges, key=lambda charge: charge.booking_id):
        work.send(*letters.reason_asked(work, list(same_booking)))
    by_agency = sorted(charges, key=lambda charge: (charge.agency_id, charge.id))
    for _, same_agency in groupby(by_agency, key=lambda charge: charge.agency_id):
        those = list(same_agency)
        work.send(*letters.proposed(work, those[0].agency, those))


def _keep_what_was_said(work: Work, charge: Charge) -> None:
    """The reason that the delegate typed when they gave the place up is their answer; nobody asks for it again."""
    words = letters.said_already(charge.booking)
    if words:
        delegate = charge.booking.person
        charge.answers.append(
            ChargeAnswer(
                said_as=AnsweredAs.DELEGATE,
                name=delegate.name,
                person_id=delegate.id,
                said_at=charge.booking.cancelled_at or work.now,
                words=words,
            )
        )


def make_void(work: Work, charge: Charge, why: str) -> Charge:
    """Take a charge back that does not hold, before it was invoiced, and tell the agency."""
    life.TAKE_BACK.check(charge.state)
    charge.state, charge.void_at, charge.void_why = ChargeState.VOID, work.now, why
    work.record("charge void", charge, why=why)
    work.send(*letters.withdrawn(work, charge, why))
    return charge


def _charges_of(work: Work, booking_ids: Sequence[int]) -> dict[int, list[Charge]]:
    found: dict[int, list[Charge]] = {}
    for charge in work.session.scalars(
        sa.select(Charge).where(Charge.booking_id.in_(booking_ids)).order_by(Charge.id).with_for_update(key_share=True)
    ):
        found.setdefault(charge.booking_id, []).append(charge)
    return found


def _propose(work: Work, told: ClaimOnItsTerms, line: ChargeLine) -> Charge:
    booking = told.booking
    charge = Charge(
        booking=booking,
        agency=booking.agency,
        policy_version=booking.policy_version,
        day_number=line.day.number,
        day_starts_at=line.day.starts_at,
        day_ends_at=line.day.ends_at,
        reason=line.reason,
        pence=line.pence,
        explanation=line.why,
        state=ChargeState.PROPOSED,
        raised_on=london_date(work.now),
        proposed_at=work.now,
    )
    work.session.add(charge)
    work.record("charge proposed", charge, pence=line.pence, reason=line.reason, day=line.day.number)
    return charge


def _take_back(work: Work, charge: Charge, why: str, settled: Settled) -> None:
    if charge.state in BILLED:
        settled.to_credit.append(charge)
    else:
        settled.void.append(make_void(work, charge, why))
