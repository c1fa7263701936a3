"""A partnership with few answers: 54 events of ten courses in a year, 24 people at each, of whom 60% answer before, 85%
on the day, and 25% three months on, as do their line managers.

Who came stands in the tables as the product leaves it when a register is finalised; everything after that is the
product's own: answers are sealed as somebody sends them, and come out in its nights.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import BookingState, Outcome
from courses.coverage.rules import How
from courses.coverage.services import cover_point
from courses.coverage.written import CoverageWritten
from courses.programme.courses.models import Course
from courses.programme.courses.rules import EventType
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from courses.records.certificates.demonstration import load as issue_certificates
from lms.agencies.models import Agency
from lms.api.tokens.rules import TokenWanted
from lms.api.tokens.services import make_token
from lms.frame.access import Actor, Role, program
from lms.frame.demonstration import read_words
from lms.frame.site import Site
from lms.frame.work import Work
from lms.kit.working_days import is_working_day, london_date, wall_time
from lms.people.models import Person
from lms.reports.rules import financial_year
from lms.reports.services import begin_report, publish_report
from surveys import demonstration as invented
from surveys.answers.demonstration import Voice
from surveys.answers.models import Draft
from surveys.answers.sealing.rules import draft_id, seal
from surveys.answers.services import ROUTE
from surveys.coding.demonstration import code_texts
from surveys.invitations.models import Answered, Invitation, SurveyRefusal
from surveys.invitations.rules import NotAsked, Route, closes_at, due_on, nine_on_working_day
from surveys.letting_out.jobs import let_answers_out
from surveys.questions.models import Question, SurveyVersion
from surveys.questions.queries import bank, version_asked
from surveys.questions.rules import kind_of
from surveys.questions.services import next_version, publish_version, take_from_bank
from surveys.questions.starting.services import begin_with_starting_sets, write_set
from surveys.selection.rules import complete_on, halves_between
from surveys.stages.rules import BEFORE, Stage
from tests.house.world import World
from tests.make import Make
from tests.moments import NOW

EVENTS, COURSES, DELEGATES, PEOPLE = 54, 10, 24, 640
PUBLISHED_AT = wall_time(date(2025, 9, 15), time(10))
"""The annual report of the first half of it, once that half-year is complete; the rest is told afterwards."""
FIRST_DAY, OTHERWISE_FROM = date(2024, 10, 1), date(2025, 6, 16)
ANSWER = {Stage.BASELINE: 0.60, Stage.ON_THE_DAY: 0.85, Stage.IMPACT: 0.25, Stage.MANAGERS_VIEW: 0.25}
STAGES = tuple(ANSWER)
OUTCOMES = 3
SKIPPED = 0.04
"""So many of the numbers that somebody is asked for they leave out, where they may."""
SECTORS = {"Health": 5, "Local authority": 4, "Schools": 8, "Police": 1, "Probation": 1, "Voluntary": 6}
TOPICS = ("Safer babies", "Neglect", "Exploitation", "Domestic abuse", "Sharing information", "Online harm",
          "Professional curiosity", "Working together", "Fathers", "Self-harm")  # fmt: skip
POINTS = {"LP-1": "practice.every-adult", "LP-2": "practice.other-agency", "LP-3": "practice.ask-again"}


@dataclass
class Telling:
    """What is at hand while it is made."""

    work: Work
    make: Make
    versions: dict[tuple[Stage, int | None], list[SurveyVersion]]
    """Of a stage for all courses or of a course's own, the newest last."""
    words: dict[str, Any] = field(default_factory=lambda: read_words(invented.__file__))
    luck: Random = field(default_factory=lambda: Random(54))
    codes: dict[int, set[str]] = field(default_factory=dict)
    """By version: what it asks."""
    refused: set[int] = field(default_factory=set)
    answered: list[tuple[int, Stage, int, dict[str, Any]]] = field(default_factory=list)
    """By booking, stage and version."""
    true_pairs: int = 0


@dataclass(frozen=True)
class Filled:
    """What a test must know that the tables do not tell: how the chair's session is known, a token, and the truth."""

    uniquifiers: dict[str, str]
    token: str
    true_pairs: int
    """How many answered before and three months on, whatever became of it."""


@dataclass(frozen=True)
class FewAnswers:
    """The partnership as it is seen through the application."""

    world: World
    filled: Filled


def fill_partnership(session: Session, site: Site) -> Filled:
    """Everything, in a database that has a partnership and nothing else."""
    make = Make(session)
    work = Work(session, program("house test"), wall_time(FIRST_DAY, time(8)) - timedelta(days=60), site)
    begin_with_starting_sets(work)
    telling = Telling(work, make, _versions(work))
    people, courses = _people(telling), _courses(telling)
    _surveys_of_their_own(telling, courses)
    _ask_otherwise_from(telling, replace(work, now=wall_time(OTHERWISE_FROM, time(9))))
    events = [_event(telling, number, courses[number % COURSES]) for number in range(EVENTS)]
    bookings = _bookings(telling, events, people)
    telling.codes = {
        version.id: {each.code for each in version.questions} for some in telling.versions.values() for version in some
    }
    issue_certificates(replace(work, now=NOW))
    _ask(telling, bookings)
    make.commit()
    for night in _nights():
        let_answers_out(replace(work, now=night))
        make.commit()
    _publish_a_year(replace(work, now=PUBLISHED_AT))
    now = replace(work, now=NOW)
    code_texts(now, telling.words)
    chair = make.account(make.person("Ines Chair", roles=(Role.CHAIR,), ref="CHAIR", agency=people[0].agency))
    _, token = make_token(now, TokenWanted("Dashboard", Role.COORDINATOR))
    make.commit()
    return Filled({Role.CHAIR.value: chair.fs_uniquifier}, token, telling.true_pairs)


def _versions(work: Work) -> dict[tuple[Stage, int | None], list[SurveyVersion]]:
    """The starting sets, with what people know, a case and looking back."""
    kept = {each.code: each for each in bank(work.session)}
    versions = {stage: _version(work, stage) for stage in STAGES}
    for stage, pages in read_words(invented.__file__)["asks"].items():
        for heading, codes in pages.items():
            for code in codes:
                take_from_bank(work, versions[Stage(stage)], kept[code], heading)
    return {(stage, None): [version] for stage, version in versions.items()}


def _version(work: Work, stage: Stage) -> SurveyVersion:
    found = version_asked(work.session, kind_of(stage), None)
    if found is None:
        raise ValueError(f"There is no survey for {stage}.")
    return found


def _surveys_of_their_own(telling: Telling, courses: list[Course]) -> None:
    """The last two courses ask the short set: not all that the others ask."""
    for course in courses[-2:]:
        for survey in write_set(telling.work, course):
            version = publish_version(telling.work, survey.versions[0])
            telling.versions[Stage(survey.kind.value), course.id] = [version]


def _ask_otherwise_from(telling: Telling, work: Work) -> None:
    """In the course of the year the 3-month survey says some things in other words, and asks them in another place."""
    [first] = telling.versions[Stage.IMPACT, None]
    first.first_asked_at = telling.work.now
    made = next_version(work, first.survey)
    work.session.flush()
    questions = {each.code: each for each in made.questions}
    questions["practice.ask-again"].words = "I ask once more when an answer does not fit"
    hindered = questions["impact.hindered"]
    hindered.words = "What got in the way of it?"
    hindered.options[0].words = "Time, caseload, too few of us"
    questions["impact.used"].options[1].words = "Yes, now and then"
    for place, code in enumerate(["impact.used", *(code for code in questions if code != "impact.used")], start=1):
        questions[code].position = place
    work.session.flush()
    telling.versions[Stage.IMPACT, None].append(publish_version(work, made))


def _people(telling: Telling) -> list[Person]:
    """Of agencies of all sizes; some have no address, and some do not want to be asked."""
    make, luck, work = telling.make, telling.luck, telling.work
    agencies: list[Agency] = []
    for sector, number in SECTORS.items():
        agencies += [
            make.agency(f"{sector} agency {place + 1}", sector=make.sector(sector), code=f"{sector[:5].upper()}{place}")
            for place in range(number)
        ]
    weights = [1 / place for place in range(1, len(agencies) + 1)]
    people = [
        Person(
            ref=f"Q{number}",
            name=f"Person {number}",
            email="" if number % 97 == 0 else f"person{number}@agency.example",
            agency=luck.choices(agencies, weights)[0],
            created_at=work.now,
        )
        for number in range(PEOPLE)
    ]
    work.session.add_all(people)
    work.session.flush()
    telling.refused = {each.id for each in people[5::91]}
    work.session.add_all(
        SurveyRefusal(person_id=each, reason=NotAsked.OPTED_OUT, since_at=work.now) for each in telling.refused
    )
    work.session.flush()
    return people


def _courses(telling: Telling) -> list[Course]:
    """Ten, of which four cover what reviews found; and the question that tests each finding."""
    made = [
        telling.make.course(
            f"{topic}: a day",
            code=f"FF-{place}",
            outcomes=["see it", "say it", "write it down"],
            event_type=EventType.BRIEFING if place >= COURSES - 2 else EventType.COURSE,
        )
        for place, topic in enumerate(TOPICS)
    ]
    for place, (ref, code) in enumerate(POINTS.items()):
        point = telling.make.learning_point(f"What reviews found, {ref}", ref=ref)
        tests_it = sa.update(Question).where(Question.code == code)
        telling.work.session.execute(tests_it.values(learning_point_id=point.id))
        for course in made[place : place + 2]:
            covered = CoverageWritten(How.TAUGHT, london_date(telling.work.now))
            cover_point(telling.work, course.id, point.id, covered)
    return made


def _event(telling: Telling, number: int, course: Course) -> Event:
    """One that was held, its register finalised."""
    day = FIRST_DAY + timedelta(days=365 * number // EVENTS)
    while not is_working_day(day):
        day += timedelta(days=1)
    starts = wall_time(day, time(9, 30))
    return telling.make.event(
        course,
        ref=f"FF-{number}",
        starts=starts,
        state=EventState.DELIVERED,
        finalised_at=starts + timedelta(hours=7),
        capacity=30,
        places_offered=26,
    )


def _bookings(telling: Telling, events: list[Event], people: list[Person]) -> list[Booking]:
    """Of each event 24 who were there, and now and then somebody who was not."""
    rows = []
    for number, event in enumerate(events):
        at = event.starts_at - timedelta(days=30)
        for place, person in enumerate(telling.luck.sample(people, DELEGATES + number % 3)):
            there = Outcome.PART_ATTENDED if place == 1 else Outcome.ATTENDED
            has_manager = telling.luck.random() < 0.9
            rows.append(
                {
                    "event_id": event.id,
                    "person_id": person.id,
                    "agency_id": person.agency_id,
                    "sector_id": person.agency.sector_id if person.agency else None,
                    "policy_version_id": 1,
                    "state": BookingState.CONFIRMED,
                    "place_number": place + 1,
                    "booked_at": at,
                    "confirmed_at": at,
                    "free_until": event.free_until,
                    "outcome": there if place < DELEGATES else Outcome.DID_NOT_ATTEND,
                    "manager_name": "Bo Ashgrove" if has_manager else "",
                    "manager_email": f"manager{place}@agency.example" if has_manager else "",
                }
            )
    telling.work.session.execute(sa.insert(Booking), rows)
    query = sa.select(Booking).options(joinedload(Booking.event), joinedload(Booking.person)).order_by(Booking.id)
    return list(telling.work.session.scalars(query))


def _publish_a_year(work: Work) -> None:
    """By the services that people use; what it hid stays hidden."""
    office = replace(work, actor=Actor("Office", permissions=work.site.permissions_of(frozenset())))
    report = begin_report(office, financial_year(FIRST_DAY.year))
    work.session.flush()
    publish_report(office, report)


# Asking and answering


def _ask(telling: Telling, bookings: list[Booking]) -> None:
    """Everybody is asked at every stage; what those said who answered is sealed, as when they send it."""
    session, keys = telling.work.session, telling.work.site.settings.keys
    rows = [row for booking in bookings for row in _asked(telling, booking)]
    session.execute(sa.insert(Invitation), rows)
    found = session.execute(sa.select(Invitation.booking_id, Invitation.stage, Invitation.id))
    ids = {(booking_id, stage): id_ for booking_id, stage, id_ in found}
    drafts = [
        {
            "id": draft_id(keys, ids[booking_id, stage]),
            "version_id": version_id,
            "is_finished": True,
            "sealed": seal(keys, said | {ROUTE: _route(telling).value}),
        }
        for booking_id, stage, version_id, said in telling.answered
    ]
    session.execute(sa.insert(Draft), drafts)
    answered = [{"invitation_id": ids[booking_id, stage]} for booking_id, stage, _, _ in telling.answered]
    session.execute(sa.insert(Answered), answered)


def _asked(telling: Telling, booking: Booking) -> Iterator[dict[str, Any]]:
    """The invitations of a booking; whoever gets one and is of the answering sort answers."""
    voice, has_begun = Voice(telling.luck, OUTCOMES), False
    for stage in STAGES:
        row = _invitation(telling, booking, stage)
        if row is None:
            continue
        yield row
        if row["sent_at"] and not row["bounced_at"] and telling.luck.random() < ANSWER[stage]:
            codes = telling.codes[row["version_id"]]
            all_said = _without_some(telling, stage, voice.says(stage, telling.words))
            said = {code: answer for code, answer in all_said.items() if code in codes}
            telling.answered.append((booking.id, stage, row["version_id"], said))
            has_begun = has_begun or stage is Stage.BASELINE
            telling.true_pairs += stage is Stage.IMPACT and has_begun


def _invitation(telling: Telling, booking: Booking, stage: Stage) -> dict[str, Any] | None:
    """With its letter sent, or the reason why there is none; None for who is not asked at a stage at all."""
    was_there = booking.outcome is not Outcome.DID_NOT_ATTEND
    of_manager = stage.of.asks_manager
    if (stage not in BEFORE and not was_there) or (of_manager and not booking.manager_email):
        return None
    event = booking.event
    day = london_date(event.ends_at)
    send_at = event.ends_at if stage is Stage.ON_THE_DAY else _send_at(event, stage, day)
    why_not = _why_not(telling, booking, stage)
    bounced = why_not is None and telling.luck.random() < 0.02
    return {
        "booking_id": booking.id,
        "event_id": event.id,
        "person_id": booking.person_id,
        "stage": stage,
        "to_name": booking.manager_name if of_manager else "",
        "to_address": booking.manager_email if of_manager else "",
        "due_on": london_date(send_at) if stage in BEFORE else due_on(stage, day),
        "send_at": send_at,
        "not_asked": why_not,
        "version_id": None if why_not else _asked_then(telling, event, stage, send_at).id,
        "sent_at": None if why_not else send_at,
        "closes_at": None if why_not else closes_at(stage, send_at, event.starts_at),
        "bounced_at": send_at + timedelta(minutes=9) if bounced else None,
        "bounce_words": "550 No such mailbox here" if bounced else "",
        "created_at": event.starts_at - timedelta(days=30),
    }


def _send_at(event: Event, stage: Stage, day: date) -> datetime:
    return event.starts_at - timedelta(days=15) if stage in BEFORE else nine_on_working_day(due_on(stage, day))


def _asked_then(telling: Telling, event: Event, stage: Stage, at: datetime) -> SurveyVersion:
    there = telling.versions.get((stage, event.course_id)) or telling.versions[stage, None]
    return [each for each in there if each.published_at and each.published_at <= at][-1]


def _why_not(telling: Telling, booking: Booking, stage: Stage) -> NotAsked | None:
    if booking.person_id in telling.refused:
        return NotAsked.OPTED_OUT
    return None if stage.of.asks_manager or booking.person.email else NotAsked.NO_ADDRESS


def _without_some(telling: Telling, stage: Stage, said: dict[str, Any]) -> dict[str, Any]:
    """Hard items are skipped now and then; on the day how sure people feel must be said."""
    kept: dict[str, Any] = {}
    for code, answer in said.items():
        if isinstance(answer, dict) and stage is not Stage.ON_THE_DAY:
            some = {place: number for place, number in answer.items() if telling.luck.random() >= SKIPPED}
            kept |= {code: some} if some else {}
        elif not isinstance(answer, int) or telling.luck.random() >= SKIPPED:
            kept[code] = answer
    return kept


def _route(telling: Telling) -> Route:
    return telling.luck.choices(list(Route), [60, 30, 7, 3])[0]


def _nights() -> list[datetime]:
    """Four times a year, as after a long holiday of the machine; and when each half-year was complete."""
    halves = [half for half in halves_between(FIRST_DAY, NOW.date()) if complete_on(half) < NOW.date()]
    days = {complete_on(half) + timedelta(days=late) for half in halves for late in (0, 1)}
    days |= {date(year, month, 2) for year in (2025, 2026) for month in (1, 4, 7, 10)}
    return [wall_time(day, time(2, 30)) for day in sorted(days) if day <= NOW.date()]
