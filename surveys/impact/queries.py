"""What the report on impact is made from: who was asked, answer sheets, texts. A fixed number of queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import THERE, BookingState
from courses.programme.courses.models import CourseVersion
from courses.programme.events.models import Event, EventTrainer
from courses.programme.events.rules import EventState
from lms.agencies.models import Agency, Sector
from lms.kit.working_days import london_date
from lms.people.models import Person
from surveys.answers.models import AnswerSheet, SurveyAnswer
from surveys.free_text.models import AnswerText, answer_text_theme
from surveys.free_text.rules import IN_REPORTS
from surveys.invitations.models import Answered, Invitation
from surveys.invitations.rules import NotAsked
from surveys.questions.models import Question, QuestionOption
from surveys.questions.rules import QuestionKind, SurveyKind
from surveys.stages.rules import Stage
from surveys.themes.models import TextTheme

NO_SECTOR = "No agency"

Stamp = tuple[int, int]
"""The agency and the sector on a booking, as they were when its event was delivered; 0 for people without."""


@dataclass(frozen=True)
class AskedOfEvent:
    """The people of one event and agency: how many were there, invited, bounced, answered, and why some were not."""

    event_id: int
    stamp: Stamp
    attended: int
    invited: int
    delivered: int
    answered: int
    no_address: int
    opted_out: int
    erased: int


@dataclass(frozen=True)
class HeldEvent:
    """A delivered event whose 3-month survey has closed. `closed_at` puts events into their order for ever."""

    id: int
    course_id: int
    course: str
    held_on: date
    closed_at: datetime
    trainer_ids: frozenset[int]
    asked: tuple[AskedOfEvent, ...]

    @property
    def answered(self) -> int:
        return sum(each.answered for each in self.asked)


def closed_events(session: Session, now: datetime, stage: Stage = Stage.IMPACT) -> list[HeldEvent]:
    """Every delivered event whose survey has closed for all of its people, in the order of closing: three queries."""
    asked = _asked(session, stage)
    rows = session.execute(
        sa.select(
            Event.id,
            Event.course_id,
            CourseVersion.title,
            Event.ends_at,
            sa.func.max(Invitation.closes_at),
            sa.func.count(Invitation.id).filter(Invitation.not_asked.is_(None), Invitation.closes_at.is_(None)),
        )
        .join(Invitation, Invitation.event_id == Event.id)
        .join(CourseVersion, sa.and_(CourseVersion.course_id == Event.course_id, CourseVersion.is_current))
        .where(Invitation.stage == stage, Invitation.withdrawn_at.is_(None), Event.state == EventState.DELIVERED)
        .group_by(Event.id, Event.course_id, CourseVersion.title, Event.ends_at)
    ).all()
    trainers: dict[int, set[int]] = defaultdict(set)
    for event_id, person_id in session.execute(
        sa.select(EventTrainer.event_id, EventTrainer.person_id).order_by(EventTrainer.event_id)
    ):
        trainers[event_id].add(person_id)
    made = [
        HeldEvent(
            event_id, course_id, title, london_date(ends_at), closed_at, frozenset(trainers[event_id]), asked[event_id]
        )
        for event_id, course_id, title, ends_at, closed_at, open_ in rows
        if not open_ and closed_at is not None and closed_at <= now and event_id in asked
    ]
    return sorted(made, key=lambda each: (each.closed_at, each.id))


def _asked(session: Session, stage: Stage) -> dict[int, tuple[AskedOfEvent, ...]]:
    delivered = sa.and_(Invitation.sent_at.is_not(None), Invitation.bounced_at.is_(None))
    surveyed = sa.select(Invitation.event_id).where(Invitation.stage == stage, Invitation.withdrawn_at.is_(None))
    reasons = [Invitation.not_asked == each for each in (NotAsked.NO_ADDRESS, NotAsked.OPTED_OUT, NotAsked.ERASED)]
    rows = session.execute(
        sa.select(
            Booking.event_id,
            sa.func.coalesce(Booking.agency_id, 0),
            sa.func.coalesce(Booking.sector_id, 0),
            sa.func.count(Booking.id),
            sa.func.count(Invitation.sent_at),
            sa.func.count(Invitation.id).filter(delivered),
            sa.func.count(Answered.invitation_id).filter(delivered),
            *(sa.func.count(Invitation.id).filter(reason) for reason in reasons),
        )
        .outerjoin(
            Invitation,
            sa.and_(Invitation.booking_id == Booking.id, Invitation.stage == stage, Invitation.withdrawn_at.is_(None)),
        )
        .outerjoin(Answered, Answered.invitation_id == Invitation.id)
        .where(
            Booking.state == BookingState.CONFIRMED,
            Booking.outcome.in_(THERE),
            Booking.event_id.in_(surveyed),
        )
        .group_by(Booking.event_id, Booking.agency_id, Booking.sector_id)
        .order_by(Booking.event_id, Booking.agency_id, Booking.sector_id)
    )
    made: dict[int, list[AskedOfEvent]] = defaultdict(list)
    for event_id, agency_id, sector_id, *numbers in rows:
        made[event_id].append(AskedOfEvent(event_id, (agency_id, sector_id), *numbers))
    return {event_id: tuple(each) for event_id, each in made.items()}


@dataclass(frozen=True)
class AgencyNamed:
    """An agency with its sector, for tables."""

    name: str
    sector: str


def agencies_named(session: Session, events: Iterable[HeldEvent]) -> dict[Stamp, AgencyNamed]:
    """The agencies of who was asked, each with the sector that it was of then: two queries."""
    agencies = {0: NO_SECTOR, **dict(session.execute(sa.select(Agency.id, Agency.name).order_by(Agency.id)).all())}
    sectors = {0: NO_SECTOR, **dict(session.execute(sa.select(Sector.id, Sector.name).order_by(Sector.id)).all())}
    stamps = {row.stamp for event in events for row in event.asked}
    return {stamp: AgencyNamed(agencies[stamp[0]], sectors[stamp[1]]) for stamp in stamps}


@dataclass(frozen=True)
class Said:
    """One answer that is no free text."""

    code: str
    item: int
    number: int


@dataclass
class SheetRead:
    """One person's answers at one stage, under a pseudonym."""

    id: str
    kind: SurveyKind
    pseudonym: str
    event_id: int | None
    course_id: int | None
    course_version_id: int | None
    sector: str
    period_on: date
    answers: list[Said] = field(default_factory=list)

    @property
    def group(self) -> tuple[object, ...]:
        """The people with whom it was let out, five or more."""
        return (self.kind, self.event_id or (self.course_id, self.period_on))

    def to(self, code: str) -> list[Said]:
        """The answers to one question."""
        return [each for each in self.answers if each.code == code]


def sheets_of(
    session: Session, kinds: Collection[SurveyKind], *, event_ids: Collection[int] | None = None
) -> list[SheetRead]:
    """Sheets with their answers, of all courses or of these events: two queries."""
    where = [AnswerSheet.kind.in_(kinds)]
    if event_ids is not None:
        where.append(AnswerSheet.event_id.in_(event_ids))
    rows = session.execute(
        sa.select(
            AnswerSheet.id,
            AnswerSheet.kind,
            AnswerSheet.pseudonym,
            AnswerSheet.event_id,
            AnswerSheet.course_id,
            Event.course_version_id,
            sa.func.coalesce(Sector.name, ""),
            AnswerSheet.period_on,
        )
        .outerjoin(Event, Event.id == AnswerSheet.event_id)
        .outerjoin(Sector, Sector.id == AnswerSheet.sector_id)
        .where(*where)
        .order_by(AnswerSheet.id)
    )
    sheets = {row[0]: SheetRead(*row) for row in rows}
    answers = session.execute(
        sa.select(SurveyAnswer.sheet_id, Question.code, SurveyAnswer.item, SurveyAnswer.number)
        .join(Question, Question.id == SurveyAnswer.question_id)
        .join(AnswerSheet, AnswerSheet.id == SurveyAnswer.sheet_id)
        .where(*where)
        .order_by(SurveyAnswer.sheet_id, Question.position, SurveyAnswer.item)
    )
    for sheet_id, code, item, number in answers:
        sheets[sheet_id].answers.append(Said(code, item, number))
    return list(sheets.values())


@dataclass(frozen=True)
class QuestionRead:
    """A question as reports name it, by its newest version; `options` by the id that answers carry."""

    code: str
    kind: QuestionKind
    words: str
    low_words: str
    high_words: str
    options: tuple[tuple[int, str], ...]


def questions_asked(session: Session, kinds: Collection[SurveyKind]) -> dict[tuple[SurveyKind, str], QuestionRead]:
    """Every question of these kinds that somebody answered, in the order in which it is asked: two queries.

    The options of all versions are there; those with the same words are one option in reports.
    """
    rows = session.execute(
        sa.select(AnswerSheet.kind, Question)
        .join(AnswerSheet, AnswerSheet.version_id == Question.version_id)
        .where(AnswerSheet.kind.in_(kinds))
        .group_by(AnswerSheet.kind, Question.id)
        .order_by(Question.position, Question.id)
    ).all()
    options: dict[int, list[tuple[int, str]]] = defaultdict(list)
    ids = [question.id for _, question in rows]
    for option in session.scalars(
        sa.select(QuestionOption).where(QuestionOption.question_id.in_(ids)).order_by(QuestionOption.position)
    ):
        options[option.question_id].append((option.id, option.words))
    made: dict[tuple[SurveyKind, str], QuestionRead] = {}
    for kind, question in rows:
        before = made.get((kind, question.code))
        made[kind, question.code] = QuestionRead(
            question.code,
            question.kind,
            question.words,
            question.low_words,
            question.high_words,
            (*(before.options if before else ()), *options[question.id]),
        )
    return made


@dataclass(frozen=True)
class TextRead:
    """Somebody's own words as they may be shown, with the group of sheets that they came out with."""

    id: str
    code: str
    words: str
    kind: SurveyKind
    event_id: int | None
    course_id: int | None
    course: str
    sector: str
    period_on: date
    is_example: bool
    is_coded: bool
    themes: tuple[str, ...]

    @property
    def group(self) -> tuple[object, ...]:
        return (self.kind, self.event_id or (self.course_id, self.period_on))


def texts_of(session: Session, kinds: Collection[SurveyKind]) -> list[TextRead]:
    """Texts that may come into reports: shown or released ones, never held or withheld. Two queries."""
    where = AnswerText.state.in_(IN_REPORTS), AnswerSheet.kind.in_(kinds)
    themes: dict[str, list[str]] = defaultdict(list)
    for text_id, name in session.execute(
        sa.select(answer_text_theme.c.text_id, TextTheme.name)
        .join(TextTheme, TextTheme.id == answer_text_theme.c.theme_id)
        .order_by(TextTheme.name)
    ):
        themes[text_id].append(name)
    rows = session.execute(
        sa.select(
            AnswerText.id,
            Question.code,
            AnswerText.words,
            AnswerSheet.kind,
            AnswerSheet.event_id,
            AnswerSheet.course_id,
            sa.func.coalesce(CourseVersion.title, ""),
            sa.func.coalesce(Sector.name, ""),
            AnswerSheet.period_on,
            AnswerText.is_example,
            AnswerText.is_coded,
        )
        .join(AnswerSheet, AnswerSheet.id == AnswerText.sheet_id)
        .join(Question, Question.id == AnswerText.question_id)
        .outerjoin(CourseVersion, sa.and_(CourseVersion.course_id == AnswerSheet.course_id, CourseVersion.is_current))
        .outerjoin(Sector, Sector.id == AnswerSheet.sector_id)
        .where(*where)
        .order_by(AnswerText.id)
    )
    return [TextRead(*row, themes=tuple(themes[row[0]])) for row in rows]


def outcomes_of(session: Session, version_ids: Collection[int]) -> dict[int, list[str]]:
    """The outcomes of course versions, as their items count them from 1."""
    rows = session.execute(
        sa.select(CourseVersion.id, CourseVersion.outcomes)
        .where(CourseVersion.id.in_(version_ids))
        .order_by(CourseVersion.id)
    )
    return {version_id: list(outcomes) for version_id, outcomes in rows}


def trainers_named(session: Session, person_ids: Collection[int]) -> list[tuple[int, str]]:
    """Trainers by name, for a filter."""
    rows = session.execute(
        sa.select(Person.id, Person.name).where(Person.id.in_(person_ids)).order_by(Person.name, Person.id)
    )
    return [(person_id, name) for person_id, name in rows]
