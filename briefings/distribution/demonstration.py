"""The demonstration's cascade: what was sent, which teams discussed it, what changed, and who is silent."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from random import Random
from typing import Any

import sqlalchemy as sa

from briefings.cascade.models import BriefingMark, Cascade, CascadeChange, CascadeReturn
from briefings.cascade.rules import REMIND_AFTER, ReturnSource
from briefings.distribution import letters
from briefings.distribution.drawing.queries import Draw, draw
from briefings.distribution.models import Sending, StandingOrder
from briefings.distribution.rules import LIST_NAME, Audience, SendingState, Trigger, next_weekly
from briefings.distribution.services import note_recipients
from briefings.writing.models import BriefingVersion
from briefings.writing.queries import published_versions
from briefings.writing.rules import BriefingKind
from lms.agencies.models import Sector
from lms.frame.db import insert_new
from lms.frame.demonstration import chance
from lms.frame.work import Work
from lms.kit.working_days import london_date, wall_time, working_days_after
from lms.mail.models import OutboxLetter, SharedLetter
from lms.mail.rules import LetterState
from lms.people.models import Person

TO_EVERYBODY_IN = ("Health", "Children’s trust", "Police")
TEAMS = ("Duty team", "East team", "West team", "Night team", "Management team")
CHANGES = (
    "The question is on the first page of our visit form.",
    "Supervision asks about it each month.",
    "New colleagues read the briefing in their first week.",
    "Our template for handovers has a line for it.",
)
SHARE_GREEN, SHARE_AMBER = 0.62, 0.2
SHARE_BOUNCED = 0.02


def load(work: Work) -> None:
    """Send what is out: the newest to everybody in three sectors, the others to agency leads."""
    versions = list(
        work.session.scalars(
            published_versions(work.actor)
            .where(BriefingVersion.briefing.has(kind=BriefingKind.SEVEN_MINUTE))
            .order_by(BriefingVersion.published_at.desc(), BriefingVersion.id.desc())
        )
    )
    these = sa.select(Sector.id).where(Sector.name.in_(TO_EVERYBODY_IN)).order_by(Sector.id)
    sectors = tuple(work.session.scalars(these))
    random = chance("cascade")
    for place, version in enumerate(versions):
        audience = Audience(sector_ids=sectors) if place == 0 else Audience(is_leads_only=True)
        _send(work, version, audience, random, is_newest=place == 0)
    if versions:
        _plan(work, versions[-1])
        _mark(work, versions)


def _send(work: Work, version: BriefingVersion, audience: Audience, random: Random, *, is_newest: bool) -> None:
    at = min((version.published_at or work.now) + timedelta(hours=2), work.now)
    then, drawn = replace(work, now=at), draw(work.session, version, audience)
    sending = Sending(
        briefing_id=version.briefing_id,
        version_id=version.id,
        audience=audience.as_json(),
        state=SendingState.SENT,
        due_at=at,
        planned_at=at,
        planned_by_id=version.published_by_id,
        confirmed_people=drawn.recipients,
        people=drawn.recipients,
        agencies=len(drawn.audience),
        ended_at=at,
    )
    work.session.add(sending)
    shared = SharedLetter(
        key=letters.briefing_letter(then, version).key,
        kind="briefings.briefing",
        list_name=LIST_NAME,
        context=letters.briefing_letter(then, version).context,
        created_at=at,
    )
    work.session.add(shared)
    work.session.flush()
    rows = list(_copies(version, drawn, sending, shared, at, random))
    insert_new(work.session, OutboxLetter, [letter for letter, _ in rows], unique="key")
    note_recipients(work.session, [recipient for _, recipient in rows])
    persona = work.session.scalar(sa.select(Person.agency_id).where(Person.ref == "DEMO-AGENCY-LEAD"))
    _answer(then, work.now, version, drawn, random, silent=persona if is_newest else None)


def _copies(
    version: BriefingVersion, drawn: Draw, sending: Sending, shared: SharedLetter, at: datetime, random: Random
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """A letter and a recipient for each person; one in fifty came back."""
    asked = {lead.person.id for lead in drawn.leads}
    for person in (*(lead.person for lead in drawn.leads), *drawn.people):
        is_back = random.random() < SHARE_BOUNCED
        key = letters.copy_key("briefing", version, [person])
        letter = {
            "key": key,
            "kind": "briefings.briefing",
            "shared_id": shared.id,
            "person_id": person.id,
            "context": {},
            "created_at": at,
            "due_at": at,
            "state": LetterState.REFUSED if is_back else LetterState.SENT,
            "tries": 1,
            "sent_at": None if is_back else at,
            "sent_to": "" if is_back else person.email,
            "subject": "" if is_back else f"{version.title}: a 7-minute briefing",
            "last_error": "The mail server answered 550: no such mailbox" if is_back else "",
        }
        recipient = {
            "briefing_id": version.briefing_id,
            "person_id": person.id,
            "agency_id": person.agency_id,
            "sending_id": sending.id,
            "version_id": version.id,
            "letter_key": key,
            "is_lead": person.id in asked,
            "queued_at": at,
        }
        yield letter, recipient


def _answer(
    work: Work, today: datetime, version: BriefingVersion, drawn: Draw, random: Random, *, silent: int | None
) -> None:
    """What came back, within some weeks of the sending; the persona of an agency lead has the newest to answer."""
    led = {each: lead.person for lead in drawn.leads for each in lead.agency_ids}
    for agency_id, audience in sorted(drawn.audience.items()):
        cascade = Cascade(
            briefing_id=version.briefing_id, agency_id=agency_id, sent_at=work.now, audience=audience, reminders=0
        )
        work.session.add(cascade)
        lead, luck = led.get(agency_id), random.random()
        if lead is None or agency_id == silent or luck > SHARE_GREEN + SHARE_AMBER:
            _remind(cascade, work.now, today)
            continue
        cascade.acknowledged_at = min(work.now + timedelta(days=random.randrange(1, 9), hours=3), today)
        cascade.acknowledged_by = lead.name
        if luck < SHARE_GREEN:
            _discuss(cascade, version, lead.id, today, random)
    work.session.flush()


def _discuss(cascade: Cascade, version: BriefingVersion, lead_id: int, today: datetime, random: Random) -> None:
    at, left = cascade.acknowledged_at or today, cascade.audience
    for team in random.sample(TEAMS, k=min(len(TEAMS), 1 + left // 25)):
        people = min(left, random.randrange(3, 17))
        if people < 1:
            return
        left -= people
        on = min(at + timedelta(days=random.randrange(0, 20)), today)
        cascade.returns.append(
            CascadeReturn(
                version_id=version.id,
                team=team,
                discussed_on=london_date(on),
                people=people,
                source=ReturnSource.LEAD,
                told_at=on,
                told_by_id=lead_id,
            )
        )
    if random.random() < 0.4:
        words = random.choice(CHANGES)
        cascade.changes.append(
            CascadeChange(words=words, source=ReturnSource.LEAD, told_at=min(at, today), told_by_id=lead_id)
        )


def _remind(cascade: Cascade, sent_at: datetime, today: datetime) -> None:
    """As often as its time allowed."""
    days = [working_days_after(london_date(sent_at), days) + timedelta(days=1) for days in REMIND_AFTER]
    past = [day for day in days if day <= london_date(today)]
    if past:
        cascade.reminders, cascade.reminded_at = len(past), wall_time(past[-1], time(9, 0))


def _plan(work: Work, version: BriefingVersion) -> None:
    """One sending that waits for its time, and one standing order."""
    everybody = Audience(has_attended=True, asks_agencies=False)
    work.session.add(
        Sending(
            briefing_id=version.briefing_id,
            audience=everybody.as_json(),
            due_at=wall_time(london_date(work.now) + timedelta(days=7), time(8, 0)),
            planned_at=work.now,
            confirmed_people=draw(work.session, version, everybody).recipients,
            people=0,
            agencies=0,
            state=SendingState.PLANNED,
        )
    )
    work.session.add(
        StandingOrder(
            name="Agency leads, every Monday",
            audience=Audience(is_leads_only=True).as_json(),
            trigger=Trigger.WEEKLY,
            weekday=0,
            at=time(8, 0),
            next_at=next_weekly(work.now, 0, time(8, 0)),
            made_at=work.now,
            confirmed_people=len(draw(work.session, None, Audience(is_leads_only=True)).leads),
        )
    )
    work.session.flush()


def _mark(work: Work, versions: list[BriefingVersion]) -> None:
    """What the persona of a delegate said of themselves."""
    person = work.session.scalar(sa.select(Person).where(Person.ref == "DEMO-DELEGATE"))
    if person is None:
        return
    for place, version in enumerate(versions[1:3]):
        on = london_date(min((version.published_at or work.now) + timedelta(days=12), work.now))
        mark = BriefingMark(
            briefing_id=version.briefing_id,
            version_id=version.id,
            person_id=person.id,
            agency_id=person.agency_id,
            read_on=on,
            discussed_on=on if place == 0 else None,
        )
        work.session.add(mark)
    work.session.flush()
