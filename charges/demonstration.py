"""The demonstration's charges: what the rules propose for its events, in every state that a year brings."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from random import Random

import sqlalchemy as sa

from charges.charge.models import Charge, ChargeAnswer
from charges.charge.rules import AnsweredAs, ChargeState, WaiverReason, end_of_working_day, month_of, next_month
from charges.claims.queries import ClaimOnItsTerms, told
from charges.claims.rules import ChargeLine, ChargeReason
from charges.invoices.models import Invoice
from charges.invoices.queries import to_issue
from charges.invoices.rules import end_of_month
from charges.invoices.services import make_credit_note, make_invoices, record_payment, write_off_charge
from courses.booking.bookings.models import Booking
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from lms.audit.models import AuditEntry
from lms.frame.access import Actor
from lms.frame.demonstration import chance
from lms.frame.work import Work
from lms.kit.working_days import london_date, next_working_day, wall_time, working_days_after
from lms.people.by_agency.queries import leads_of
from lms.people.models import Person

COORDINATOR, MANAGER = "DEMO-COORDINATOR", "DEMO-BUSINESS-MANAGER"
TEN, NINE = time(10, 0), time(9, 0)
PAYS_AFTER = timedelta(days=24)
SAID = (
    (WaiverReason.SICKNESS, "She rang in sick at 08:15 and I emailed you the same day."),
    (WaiverReason.CHILD_PROTECTION, "Called to an emergency strategy meeting that morning."),
    (WaiverReason.BEREAVEMENT, "A death in the family. He was away all week."),
    (WaiverReason.VENUE_OR_IT, "The joining link did not work for anyone on our network."),
    (None, "We were two short on the rota and could not let anyone go."),
    (None, "It was in the wrong diary. We have changed how we keep them."),
)
APPEAL = "We wrote to the training mailbox on the Friday before, and have the message."
UPHELD = "The message came after free cancellation had ended."


@dataclass
class ChargesMaking:
    """What is at hand while charges are told."""

    work: Work
    coordinator: Person
    manager: Person
    random: Random = field(default_factory=lambda: chance("charges"))

    def at(self, moment: datetime, person: Person | None = None) -> Work:
        """Work as it was then, done by the coordinator unless said otherwise."""
        who = person or self.coordinator
        return Work(self.work.session, Actor(who.name, person_id=who.id), moment, self.work.site)


def load(work: Work) -> None:
    """Add charges for everything that the rules would have proposed, and the invoices of the months before last."""
    telling = ChargesMaking(work, _person(work, COORDINATOR), _person(work, MANAGER))
    bookings = told(
        work.session,
        Event.state.in_([EventState.DELIVERED, EventState.PUBLISHED]),
        Event.is_history.is_(False),
        Booking.confirmed_at.is_not(None),
    )
    charges = [_charge(each, line) for each in bookings for line in each.assessment.lines]
    charges = sorted((each for each in charges if each.proposed_at <= work.now), key=lambda each: each.proposed_at)
    work.session.add_all(charges)
    for charge in charges:
        _live_through(telling, charge)
    work.session.flush()
    work.session.add_all(_audit(charges))
    _invoice(telling, charges)


def _person(work: Work, ref: str) -> Person:
    return work.session.scalars(sa.select(Person).where(Person.ref == ref)).one()


def _charge(each: ClaimOnItsTerms, line: ChargeLine) -> Charge:
    booking, event = each.booking, each.booking.event
    is_late = line.reason is ChargeReason.LATE_CANCELLATION
    proposed_at = (booking.cancelled_at if is_late else event.finalised_at) or event.ends_at
    return Charge(
        booking=booking,
        agency=booking.agency,
        policy_version=booking.policy_version,
        day_number=line.day.number,
        day_starts_at=line.day.starts_at,
        day_ends_at=line.day.ends_at,
        reason=line.reason,
        pence=line.pence,
        explanation=line.why,
        state=ChargeState.OPEN,
        raised_on=london_date(proposed_at),
        proposed_at=proposed_at,
        respond_by=end_of_working_day(proposed_at, each.policy.representation_working_days),
        is_disability_related=False,
    )


def _live_through(telling: ChargesMaking, charge: Charge) -> None:
    """Answers, a decision, perhaps an appeal: as far as the time since has gone."""
    random, now = telling.random, telling.work.now
    suggests, words = random.choice(SAID)
    if random.random() < 0.55:
        _answer(telling, charge, suggests, words)
    decided_at = wall_time(working_days_after(london_date(charge.respond_by or now), random.randrange(1, 4)), TEN)
    if decided_at > now:
        return
    is_waived = suggests is not None and random.random() < 0.45
    charge.decided_at, charge.decided_by = decided_at, telling.coordinator
    if is_waived:
        charge.state, charge.waiver_reason = ChargeState.WAIVED, suggests
        return
    charge.state = ChargeState.APPROVED
    charge.appeal_until = charge.final_at = end_of_working_day(decided_at, 10)
    appealed_at = decided_at + timedelta(days=random.randrange(2, 7), hours=3)
    is_fresh = now - decided_at < timedelta(days=12)
    if random.random() < (0.6 if is_fresh else 0.1) and appealed_at <= now:
        _appeal(telling, charge, appealed_at)


def _answer(telling: ChargesMaking, charge: Charge, suggests: WaiverReason | None, words: str) -> None:
    leads = leads_of(telling.work.session, charge.agency)
    said_at = charge.proposed_at + timedelta(days=telling.random.randrange(1, 6), hours=2)
    if said_at > telling.work.now or not (leads or charge.booking.manager_name):
        return
    said_as = AnsweredAs.AGENCY if leads else AnsweredAs.MANAGER
    charge.answers.append(
        ChargeAnswer(
            said_as=said_as,
            name=leads[0].name if leads else charge.booking.manager_name,
            person_id=leads[0].person_id if leads else None,
            said_at=said_at,
            suggests=suggests,
            words=words,
        )
    )


def _appeal(telling: ChargesMaking, charge: Charge, appealed_at: datetime) -> None:
    charge.state, charge.appealed_at, charge.appeal_words, charge.final_at = (
        ChargeState.APPEALED,
        appealed_at,
        APPEAL,
        None,
    )
    heard_at = appealed_at + timedelta(days=8)
    if heard_at > telling.work.now:
        return
    charge.appeal_decided_at, charge.appeal_decided_by = heard_at, telling.manager
    if telling.random.random() < 0.5:
        charge.state, charge.appeal_note, charge.final_at = ChargeState.UPHELD, UPHELD, heard_at
    else:
        charge.state, charge.waiver_reason = ChargeState.WAIVED, WaiverReason.PARTNERSHIP
        charge.appeal_note = "The message was in our mailbox, unread."


def _audit(charges: Iterable[Charge]) -> list[AuditEntry]:
    return [
        AuditEntry(
            at=charge.proposed_at,
            actor_name="Golden Thread",
            event="charge proposed",
            record_type="Charge",
            record_id=str(charge.id),
            person_id=charge.booking.person_id,
            details={"pence": charge.pence, "reason": charge.reason.value},
        )
        for charge in charges
    ]


def _invoice(telling: ChargesMaking, charges: list[Charge]) -> None:
    """Invoices of every month before the last one; the last one waits for whoever looks at the demonstration."""
    if not charges:
        return
    month = month_of(charges[0].raised_on)
    last = month_of(month_of(london_date(telling.work.now)) - timedelta(days=1))
    issued: list[Invoice] = []
    while month < last:
        on = next_working_day(london_date(end_of_month(month)))
        if to_issue(telling.work.session, month):
            issued += make_invoices(telling.at(wall_time(on, NINE)), month)
        month = next_month(month)
    for number, invoice in enumerate(issued):
        _settle_invoice(telling, invoice, number)


def _settle_invoice(telling: ChargesMaking, invoice: Invoice, number: int) -> None:
    """Most are paid in four weeks; one in fifteen has a credit note, and one in twenty-five is written off."""
    now, paid_at = telling.work.now, invoice.issued_at + PAYS_AFTER
    if number % 15 == 3 and invoice.issued_at + timedelta(days=5) < now:
        then = telling.at(invoice.issued_at + timedelta(days=5))
        make_credit_note(then, invoice.lines[0].charge, "A colleague had come: found on the paper sign-in sheet.")
    if number % 25 == 7 and len(invoice.lines) == 1 and invoice.issued_at + timedelta(days=90) < now:
        then = telling.at(invoice.issued_at + timedelta(days=90), telling.manager)
        write_off_charge(then, invoice.lines[0].charge, "The setting has closed.")
    telling.work.session.refresh(invoice)
    if paid_at < now and invoice.owed_pence and telling.random.random() < 0.85:
        record_payment(
            telling.at(paid_at),
            invoice,
            pence=invoice.owed_pence,
            paid_on=london_date(paid_at),
            reference=f"FIN-{invoice.number + 40210}",
        )
