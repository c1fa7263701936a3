"""The demonstration's surveys: a year of invitations, and answers let out by the same rules as real ones."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

import sqlalchemy as sa

from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import THERE, BookingSource, BookingState
from courses.programme.courses.models import CourseVersion
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from lms.agencies.models import Agency
from lms.frame.demonstration import chance, read_words
from lms.frame.work import Work
from lms.kit.working_days import london_date, wall_time
from lms.people.models import Person
from reviews.learning.models import LearningPoint
from surveys.answers.demonstration import BESIDE, PRACTICES, Voice
from surveys.coding.demonstration import code_texts
from surveys.comparison.demonstration import tell_who_waited
from surveys.concerns.demonstration import raise_concerns
from surveys.invitations.models import Answered, Invitation, SurveyRefusal
from surveys.invitations.rules import (
    NotAsked,
    Route,
    closes_at,
    due_on,
    known,
    last_day_attended,
    next_reminder,
    nine_on_working_day,
)
from surveys.invitations.uninvited.queries import days_of
from surveys.letting_out.demonstration import Closed, practices_out, sheets_out
from surveys.letting_out.services import AnswersOut, write_sheets
from surveys.pairs.rules import Said, practices_in
from surveys.questions.models import Question, SurveyVersion
from surveys.questions.queries import asks_of, bank, version_asked
from surveys.questions.rules import Answers, kind_of
from surveys.questions.services import take_from_bank
from surveys.questions.starting.services import begin_with_starting_sets
from surveys.stages.rules import AFTER, BEFORE, COMPARED, LATER, Stage

ANSWER = {Stage.BASELINE: 0.62, Stage.ON_THE_DAY: 0.86, Stage.IMPACT: 0.44, Stage.MANAGERS_VIEW: 0.38}
ANSWER_OTHERWISE = 0.4
WELL_ANSWERED = 0.9
"""Every third event with many people was followed up by its trainers: most answered all three times."""
BOUNCED, OPTED_OUT = 0.02, 0.012
BASELINE_BEFORE = timedelta(days=15)


@dataclass(frozen=True)
class Guest:
    """Somebody who was at an event."""

    booking_id: int
    person_id: int
    email: str
    manager_name: str
    manager_email: str
    agency_id: int | None
    sector_id: int | None
    had_place: bool
    last_day: date


@dataclass
class SurveysMaking:
    """What is at hand while surveys are told."""

    work: Work
    said: dict[str, Any]
    versions: dict[Stage, SurveyVersion]
    refused: set[int]
    random: Random = field(default_factory=lambda: chance("surveys"))
    invitations: list[dict[str, Any]] = field(default_factory=list)
    answered: list[tuple[int, Stage]] = field(default_factory=list)
    closed: dict[Stage, list[Closed]] = field(default_factory=lambda: defaultdict(list))
    routes: list[tuple[int, Stage, Counter[str]]] = field(default_factory=list)
    practices: list[tuple[int, Stage, dict[int, Said]]] = field(default_factory=list)


def load(work: Work) -> None:
    """Add what the rules would have done for every event with a finalised register."""
    begin_with_starting_sets(work)
    said = read_words(__file__)
    _ask_more(work, said["asks"])
    _say_what_is_tested(work, said["tests"])
    versions = {stage: _version(work, stage) for stage in Stage}
    events = work.session.execute(
        sa.select(Event, CourseVersion.outcomes)
        .join(CourseVersion, CourseVersion.id == Event.course_version_id)
        .where(Event.state == EventState.DELIVERED, Event.is_history.is_(False))
        .order_by(Event.ends_at, Event.id)
    ).all()
    guests = _guests(work, [event.id for event, _ in events])
    telling = SurveysMaking(work, said, versions, set())
    _some_refuse(telling, guests)
    for number, (event, outcomes) in enumerate(events):
        _tell(telling, event, len(outcomes), guests[event.id], is_well_answered=number % 3 == 0)
    _write(telling)
    code_texts(work, telling.said)
    raise_concerns(work, telling.said)


def _ask_more(work: Work, asks: Mapping[str, Mapping[str, list[str]]]) -> None:
    """What people know, a case and looking back, from the bank: by stage and by page."""
    kept = {each.code: each for each in bank(work.session)}
    for stage, pages in asks.items():
        version = version_asked(work.session, kind_of(Stage(stage)), None)
        if version is not None:
            for heading, codes in pages.items():
                for code in codes:
                    take_from_bank(work, version, kept[code], heading)


def _say_what_is_tested(work: Work, tests: Mapping[str, str]) -> None:
    """Each question about a learning point says so."""
    points = dict(work.session.execute(sa.select(LearningPoint.ref, LearningPoint.id)).all())
    for question in work.session.scalars(sa.select(Question).where(Question.code.in_(tests)).order_by(Question.id)):
        question.learning_point_id = points.get(tests[question.code])


def _version(work: Work, stage: Stage) -> SurveyVersion:
    version = version_asked(work.session, kind_of(stage), None)
    if version is None:
        raise ValueError(f"There is no survey for {stage}.")
    version.first_asked_at = version.created_at
    return version


def _guests(work: Work, event_ids: list[int]) -> dict[int, list[Guest]]:
    days = days_of(work.session, event_ids)
    rows: Iterable[Any] = work.session.execute(
        sa.select(
            Booking.event_id,
            Booking.id,
            Booking.person_id,
            Person.email,
            Booking.manager_name,
            Booking.manager_email,
            Booking.agency_id,
            Agency.sector_id,
            Booking.source != BookingSource.WALK_IN,
            Booking.days_attended,
        )
        .join(Person, Person.id == Booking.person_id)
        .outerjoin(Agency, Agency.id == Booking.agency_id)
        .where(Booking.event_id.in_(event_ids), Booking.state == BookingState.CONFIRMED, Booking.outcome.in_(THERE))
        .order_by(Booking.event_id, Booking.id)
    )
    found: dict[int, list[Guest]] = defaultdict(list)
    for event_id, booking_id, person_id, email, name, address, agency_id, sector_id, had_place, attended in rows:
        last = last_day_attended(attended, days[event_id])
        guest = Guest(booking_id, person_id, email, name, address, agency_id, sector_id, had_place, last)
        found[event_id].append(guest)
    return found


def _some_refuse(telling: SurveysMaking, guests: dict[int, list[Guest]]) -> None:
    everybody = sorted({guest.person_id for those in guests.values() for guest in those})
    telling.refused = set(telling.random.sample(everybody, round(len(everybody) * OPTED_OUT)))
    telling.work.session.add_all(
        SurveyRefusal(person_id=each, reason=NotAsked.OPTED_OUT, since_at=telling.work.now - timedelta(days=400))
        for each in sorted(telling.refused)
    )


# Invitations


def _tell(telling: SurveysMaking, event: Event, outcomes: int, guests: list[Guest], *, is_well_answered: bool) -> None:
    people = [Voice(telling.random, outcomes) for _ in guests]
    for stage in (*BEFORE, *AFTER):
        share = WELL_ANSWERED if is_well_answered and len(guests) >= 15 else ANSWER.get(stage, ANSWER_OTHERWISE)
        begun = len(telling.invitations)
        asked = [(guest, voice) for guest, voice in zip(guests, people, strict=True) if _is_asked(stage, guest)]
        answered = [
            (guest, voice)
            for guest, voice in asked
            if _invite(telling, event, guest, stage) and telling.random.random() < share
        ]
        telling.answered += [(guest.booking_id, stage) for guest, _ in answered]
        if _is_closed(telling, event, stage):
            closes = [row["closes_at"] for row in telling.invitations[begun:] if row["closes_at"]]
            closed_on = london_date(max(closes, default=event.ends_at))
            _take_in(telling, event, outcomes, stage, answered, closed_on)


def _is_asked(stage: Stage, guest: Guest) -> bool:
    if stage in BEFORE:
        return guest.had_place
    return not stage.of.asks_manager or guest.manager_email != ""


def _send_at(event: Event, stage: Stage, last_day: date) -> datetime | None:
    """None where the bank holidays of its year are not known."""
    if stage in BEFORE:
        return wall_time(london_date(event.starts_at) - BASELINE_BEFORE, time(9))
    return known(nine_on_working_day, due_on(stage, last_day)) if stage in LATER else event.ends_at


def _is_closed(telling: SurveysMaking, event: Event, stage: Stage) -> bool:
    send_at = _send_at(event, stage, london_date(event.ends_at))
    return send_at is not None and closes_at(stage, send_at, event.starts_at) < telling.work.now


def _invite(telling: SurveysMaking, event: Event, guest: Guest, stage: Stage) -> bool:
    """Write the invitation; whether it arrived."""
    send_at = _send_at(event, stage, guest.last_day)
    is_manager = stage.of.asks_manager
    row: dict[str, Any] = {
        "booking_id": guest.booking_id,
        "event_id": event.id,
        "person_id": guest.person_id,
        "stage": stage,
        "to_name": guest.manager_name if is_manager else "",
        "to_address": guest.manager_email if is_manager else "",
        "due_on": _due_on(event, stage, guest),
        "send_at": send_at,
        "created_at": event.finalised_at or event.ends_at,
        "not_asked": None,
        **dict.fromkeys(("version_id", "sent_at", "closes_at", "bounced_at", "next_reminder_at")),
        "tries": 0,
        "reminders": 0,
        "sent_to": "",
        "bounce_words": "",
    }
    telling.invitations.append(row)
    address = guest.manager_email if is_manager else guest.email
    if guest.person_id in telling.refused or not address:
        row["not_asked"] = NotAsked.OPTED_OUT if guest.person_id in telling.refused else NotAsked.NO_ADDRESS
        return False
    if send_at is None or send_at > telling.work.now:
        return False
    closes = closes_at(stage, send_at, event.starts_at)
    row |= {"version_id": telling.versions[stage].id, "sent_at": send_at, "closes_at": closes, "tries": 1}
    row["sent_to"] = address
    if telling.random.random() < BOUNCED:
        row |= {"bounced_at": send_at + timedelta(minutes=9), "bounce_words": "550 5.1.1 No such mailbox here"}
        return False
    while (following := next_reminder(stage, send_at, closes, row["reminders"])) and following <= telling.work.now:
        row["reminders"] += 1
    row["next_reminder_at"] = following
    return True


def _due_on(event: Event, stage: Stage, guest: Guest) -> date:
    return due_on(stage, guest.last_day) if stage in AFTER else london_date(event.starts_at) - BASELINE_BEFORE


# Answers


def _take_in(
    telling: SurveysMaking,
    event: Event,
    outcomes: int,
    stage: Stage,
    answered: list[tuple[Guest, Voice]],
    closed_on: date,
) -> None:
    """What was said at a stage that has closed: practices go their own way, the rest waits to come out."""
    said = {guest.booking_id: voice.says(stage, telling.said) for guest, voice in answered}
    asks = asks_of(telling.versions[stage], [str(place) for place in range(outcomes)])
    practices = frozenset({*PRACTICES, *BESIDE, "outcomes.confidence"})
    if stage in COMPARED:
        ways = telling.random.choices([Route.LETTER, Route.REMINDER, Route.PAPER], [64, 31, 5], k=len(said))
        telling.routes.append((event.id, stage, Counter(each.value for each in ways)))
        telling.practices.append(
            (event.id, stage, {each: practices_in(asks, answers, practices) for each, answers in said.items()})
        )
    if any(ask.code not in practices for ask in asks):
        sheets = [_sheet(telling, event, stage, guest, said[guest.booking_id], practices) for guest, _ in answered]
        telling.closed[stage].append(Closed(event.id, event.course_id, closed_on, sheets))


def _sheet(
    telling: SurveysMaking, event: Event, stage: Stage, guest: Guest, said: Answers, practices: frozenset[str]
) -> AnswersOut:
    return AnswersOut(
        kind=kind_of(stage),
        version_id=telling.versions[stage].id,
        course_version_id=event.course_version_id,
        answers={code: each for code, each in said.items() if code not in practices},
        period_on=london_date(event.ends_at).replace(day=1),
        course_id=event.course_id,
        event_id=event.id,
        sector_id=guest.sector_id,
        agency_id=guest.agency_id,
    )


def _write(telling: SurveysMaking) -> None:
    session = telling.work.session
    session.flush()
    session.execute(sa.insert(Invitation), telling.invitations)
    ids = {
        (booking_id, stage): id_
        for id_, booking_id, stage in session.execute(sa.select(Invitation.id, Invitation.booking_id, Invitation.stage))
    }
    session.execute(sa.insert(Answered), [{"invitation_id": ids[each]} for each in sorted(telling.answered)])
    write_sheets(telling.work, [each for those in telling.closed.values() for each in sheets_out(those)])
    tell_who_waited(telling.work, telling.versions[Stage.BASELINE])
    first = min((each["due_on"] for each in telling.invitations), default=london_date(telling.work.now))
    practices_out(telling.work, telling.practices, telling.routes, first)
