"""Sending a briefing: planned by somebody who saw the number, carried out when its time comes, once to each person."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from briefings.cascade.models import Cascade
from briefings.cascade.rules import answer_by
from briefings.distribution import letters, rules
from briefings.distribution.drawing.queries import AskedLead, Draw, agency_names, draw
from briefings.distribution.models import Recipient, Sending, StandingOrder
from briefings.distribution.queries import find_sending, planned_sending
from briefings.distribution.rules import Audience, Drawn, SendingState, Trigger
from briefings.writing.models import BriefingVersion
from briefings.writing.queries import embargo_stands_on, find_published, published_versions
from lms.agencies.models import Agency
from lms.frame.access import program
from lms.frame.db import insert_new
from lms.frame.work import Work
from lms.kit.errors import Conflict, Invalid, NotFound
from lms.kit.letters import Copy
from lms.kit.portions import portions
from lms.kit.words import listed, long_date
from lms.kit.working_days import london_date

NOT_OUT = "The briefing was not published when it was due to be sent."


def plan_sending(
    work: Work, briefing_id: int, audience: Audience, *, confirmed: int, due_at: datetime | None = None
) -> Sending:
    """Send at once, or at a set time, to who somebody has just seen. Raises Invalid when that number has changed."""
    version = find_published(work.session, work.actor, briefing_id)
    if due_at is not None:
        rules.check_due(due_at, work.now)
    drawn = draw(work.session, version, audience)
    rules.check_somebody(drawn.recipients, len(drawn.leads))
    rules.check_count(confirmed, drawn.recipients)
    sending = _plan(work, briefing_id, audience, due_at or work.now, confirmed=confirmed)
    work.record("briefing sending planned", sending, briefing_id=briefing_id, people=confirmed, due_at=sending.due_at)
    return sending if due_at is not None else carry_out(work, sending)


def cancel_sending(work: Work, sending_id: int) -> Sending:
    """Think better of one that has not gone."""
    sending = find_sending(work.session, sending_id)
    if sending.state is not SendingState.PLANNED:
        raise Conflict("This sending has gone or was stopped. Recall the briefing to take it back.")
    _end(work, sending, SendingState.CANCELLED, "Cancelled.")
    work.record("briefing sending cancelled", sending, briefing_id=sending.briefing_id)
    return sending


def carry_out(work: Work, sending: Sending) -> Sending:
    """Its time has come: a copy into the outbox for each, who got it and who is asked written down. Safe to repeat."""
    if sending.state is not SendingState.PLANNED:
        return sending
    version = _out(work, sending.briefing_id)
    if version is None:
        return _end(work, sending, SendingState.STOPPED, NOT_OUT)
    drawn = draw(work.session, version, Audience.from_json(sending.audience))
    sending.version_id = version.id
    send_copies(work, version, drawn.copies, sending)
    _ask_leads(work, version, drawn, sending)
    sending.people, sending.agencies = drawn.recipients, _open_cascades(work, version, drawn)
    _end(work, sending, SendingState.SENT, "")
    work.record("briefing sent", sending, briefing_id=version.briefing_id, people=sending.people)
    return sending


def _out(work: Work, briefing_id: int) -> BriefingVersion | None:
    """The version that is out, for the system itself. Waits for an embargo that is being set; then there is nothing."""
    if embargo_stands_on(work.session, briefing_id):
        return None
    reader = program("sending of briefings")
    return work.session.scalar(
        published_versions(reader)
        .where(BriefingVersion.briefing_id == briefing_id)
        .with_for_update(of=BriefingVersion, key_share=True)
    )


def send_copies(
    work: Work, version: BriefingVersion, mailboxes: tuple[tuple[Drawn, ...], ...], sending: Sending
) -> int:
    """A copy for each mailbox, and a line for each person that they were sent it: never a second one."""
    added = work.send_to_many(letters.briefing_letter(work, version), letters.copies("briefing", version, mailboxes))
    rows = (
        _recipient(work, version, sending, person, letters.copy_key("briefing", version, readers))
        for readers in mailboxes
        for person in readers
    )
    _note(work, rows)
    return added


def _ask_leads(work: Work, version: BriefingVersion, drawn: Draw, sending: Sending) -> None:
    names = agency_names(work.session, {each for lead in drawn.leads for each in lead.agency_ids})
    new = [lead for lead in drawn.leads if not lead.has_it]
    if new:
        by = long_date(answer_by(london_date(work.now)))
        work.send_to_many(
            letters.lead_letter(work, version, by, sending.id),
            (lead_copy(work, "cascade", version, lead, names) for lead in new),
        )
    has_it = [lead for lead in drawn.leads if lead.has_it]
    if has_it:
        work.send_to_many(
            letters.reminder_letter(version, 0),
            (lead_copy(work, "cascade_reminder", version, lead, names, occurrence=":0") for lead in has_it),
        )
        ids = [lead.person.id for lead in has_it]
        mine = (Recipient.briefing_id == version.briefing_id, Recipient.person_id.in_(ids))
        work.session.execute(sa.update(Recipient).where(*mine).values(is_lead=True))
    rows = (
        _recipient(
            work, version, sending, lead.person, letters.copy_key("cascade", version, [lead.person]), is_lead=True
        )
        for lead in new
    )
    _note(work, rows)


def lead_copy(
    work: Work, name: str, version: BriefingVersion, lead: AskedLead, names: dict[int, str], *, occurrence: str = ""
) -> Copy:
    """A lead's copy: their agencies by name, and their own link."""
    return Copy(
        key=letters.copy_key(name, version, [lead.person]) + occurrence,
        person_id=lead.person.id,
        fills={
            "agencies": listed(names[each] for each in lead.agency_ids),
            "answer_token": letters.answer_token(work, version.briefing_id, lead.person.id),
        },
    )


def _recipient(
    work: Work, version: BriefingVersion, sending: Sending, person: Drawn, key: str, *, is_lead: bool = False
) -> dict[str, Any]:
    return {
        "briefing_id": version.briefing_id,
        "person_id": person.id,
        "agency_id": person.agency_id,
        "sending_id": sending.id,
        "version_id": version.id,
        "letter_key": key,
        "is_lead": is_lead,
        "queued_at": work.now,
    }


def _note(work: Work, rows: Iterator[dict[str, Any]]) -> None:
    for some in portions(rows):
        note_recipients(work.session, some)


def note_recipients(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Write down who was sent it, with the sector that the agency is of now; whoever is there stays. Two statements."""
    ids = {row["agency_id"] for row in rows}
    sectors = dict(session.execute(sa.select(Agency.id, Agency.sector_id).where(Agency.id.in_(ids))).all())
    stamped = [row | {"sector_id": sectors.get(row["agency_id"])} for row in rows]
    insert_new(session, Recipient, stamped, unique="briefing_id, person_id")


def _open_cascades(work: Work, version: BriefingVersion, drawn: Draw) -> int:
    """Every agency that the sending touched is on the cascade from now on. How many agencies that are."""
    there = {
        each.agency_id: each
        for each in work.session.scalars(
            sa.select(Cascade)
            .where(Cascade.briefing_id == version.briefing_id)
            .order_by(Cascade.id)
            .with_for_update(key_share=True)
        )
    }
    for agency_id, people in sorted(drawn.audience.items()):
        cascade = there.get(agency_id)
        if cascade is None:
            cascade = Cascade(briefing_id=version.briefing_id, agency_id=agency_id)
            work.session.add(cascade)
        cascade.sent_at = cascade.sent_at or work.now
        cascade.audience = max(cascade.audience or 0, people)
    work.session.flush()
    return len(drawn.audience)


def _plan(
    work: Work, briefing_id: int, audience: Audience, due_at: datetime, *, confirmed: int, order_id: int | None = None
) -> Sending:
    sending = Sending(
        briefing_id=briefing_id,
        audience=audience.as_json(),
        due_at=due_at,
        planned_at=work.now,
        planned_by_id=work.actor.person_id,
        confirmed_people=confirmed,
        order_id=order_id,
        state=SendingState.PLANNED,
    )
    work.session.add(sending)
    work.session.flush()
    return sending


def _end(work: Work, sending: Sending, state: SendingState, why: str) -> Sending:
    sending.state, sending.ended_at, sending.why = state, work.now, why
    work.session.flush()
    return sending


def stop_planned(work: Work, briefing_id: int, why: str) -> None:
    """What was planned of a briefing does not go any more."""
    planned = (Sending.briefing_id == briefing_id, Sending.state == SendingState.PLANNED)
    for sending in work.session.scalars(
        sa.select(Sending).where(*planned).order_by(Sending.id).with_for_update(key_share=True)
    ):
        _end(work, sending, SendingState.STOPPED, why)


def send_planned(work: Work, *, sending_id: int) -> None:
    """Carry out one sending whose time has come, unless it was stopped meanwhile."""
    sending = planned_sending(work.session, sending_id)
    if sending is not None:
        carry_out(work, sending)


# Standing orders


@dataclass(frozen=True)
class OrderWritten:
    """A standing order as somebody wrote it."""

    name: str
    audience: Audience
    trigger: Trigger
    weekday: int | None = None
    at: time | None = None


def make_order(work: Work, written: OrderWritten, *, confirmed: int) -> StandingOrder:
    """From now on briefings go to this audience by themselves. Raises Invalid when the number shown has changed."""
    if not written.name.strip():
        raise Invalid("Give it a name that other people will recognise.", field="name")
    is_weekly = written.trigger is Trigger.WEEKLY
    if is_weekly and (written.weekday is None or written.at is None):
        raise Invalid("Choose the day of the week and the time.", field="weekday")
    drawn = draw(work.session, None, written.audience)
    rules.check_somebody(drawn.recipients, len(drawn.leads))
    rules.check_count(confirmed, drawn.recipients)
    next_at = None
    if is_weekly and written.weekday is not None and written.at is not None:
        next_at = rules.next_weekly(work.now, written.weekday, written.at)
    order = StandingOrder(
        name=written.name.strip(),
        audience=written.audience.as_json(),
        trigger=written.trigger,
        weekday=written.weekday if is_weekly else None,
        at=written.at if is_weekly else None,
        next_at=next_at,
        made_at=work.now,
        made_by_id=work.actor.person_id,
        confirmed_people=confirmed,
    )
    work.session.add(order)
    work.record("standing order made", order, name=order.name, people=confirmed)
    return order


def end_order(work: Work, order_id: int) -> StandingOrder:
    """It will not send any more. What it has planned already goes, unless cancelled."""
    order = work.session.get(StandingOrder, order_id, with_for_update={"key_share": True})
    if order is None or order.ended_at is not None:
        raise NotFound("That standing order no longer exists.")
    order.ended_at = work.now
    work.record("standing order ended", order, name=order.name)
    return order


def plan_by_order(work: Work, order: StandingOrder, briefing_id: int) -> Sending | None:
    """Plan what an order asks for, to go within minutes; once for each order and briefing."""
    done = sa.select(Sending.id).where(Sending.order_id == order.id, Sending.briefing_id == briefing_id)
    if work.session.scalar(done) is not None:
        return None
    audience = Audience.from_json(order.audience)
    return _plan(work, briefing_id, audience, work.now, confirmed=order.confirmed_people, order_id=order.id)
