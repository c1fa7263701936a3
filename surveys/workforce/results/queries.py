"""What came out of a round, and what it is told beside: the round before, audits, the coming programme."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import BookingSource, BookingState
from courses.programme.courses.models import Course, CourseVersion
from courses.programme.courses.rules import IN_CATALOGUE
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from lms.agencies.models import Agency, Sector
from lms.frame.access import Actor
from reviews.actions.models import Recommendation
from reviews.cases.models import Review
from reviews.cases.visibility.queries import visible_review_ids
from surveys.answers.models import AnswerSheet, SurveyAnswer
from surveys.free_text.models import AnswerText
from surveys.free_text.rules import IN_REPORTS
from surveys.impact.content.queries import AnswerRead
from surveys.questions.models import Question, SurveyVersion
from surveys.workforce.models import AskedFor, RoundSheet, SurveyRound


@dataclass(frozen=True)
class RoundSheetRead:
    """One person's answers, with as much of where they come from as was kept."""

    agency_id: int | None
    sector_id: int | None
    answers: list[AnswerRead]
    version_id: int = 0  # of a round everybody is asked the same

    def to(self, code: str) -> list[AnswerRead]:
        """The answers to one question."""
        return [each for each in self.answers if each.code == code]


def sheets_of_round(session: Session, round_id: int) -> list[RoundSheetRead]:
    """The sheets that came out of a round, with their answers: two queries."""
    sheets = {
        sheet_id: RoundSheetRead(agency_id, sector_id, [])
        for sheet_id, agency_id, sector_id in session.execute(
            sa.select(AnswerSheet.id, AnswerSheet.agency_id, AnswerSheet.sector_id)
            .join(RoundSheet, RoundSheet.sheet_id == AnswerSheet.id)
            .where(RoundSheet.round_id == round_id)
            .order_by(AnswerSheet.id)
        )
    }
    answers = session.execute(
        sa.select(SurveyAnswer.sheet_id, Question.code, SurveyAnswer.item, SurveyAnswer.number)
        .join(RoundSheet, RoundSheet.sheet_id == SurveyAnswer.sheet_id)
        .join(Question, Question.id == SurveyAnswer.question_id)
        .where(RoundSheet.round_id == round_id)
        .order_by(SurveyAnswer.sheet_id, Question.position, SurveyAnswer.item)
    )
    for sheet_id, code, item, number in answers:
        sheets[sheet_id].answers.append(AnswerRead(code, item, number))
    return list(sheets.values())


def round_before(session: Session, found: SurveyRound) -> SurveyRound | None:
    """The last round of the same survey that closed before this one opened, and whose results are out."""
    return session.scalar(
        sa.select(SurveyRound)
        .join(SurveyVersion, SurveyVersion.id == SurveyRound.version_id)
        .where(
            SurveyVersion.survey_id == found.version.survey_id,
            SurveyRound.closes_on < found.opens_on,
            SurveyRound.let_out_at.is_not(None),
        )
        .order_by(SurveyRound.closes_on.desc(), SurveyRound.id.desc())
        .limit(1)
    )


def names_of(session: Session) -> tuple[dict[int, str], dict[int, str]]:
    """Agencies and sectors by their ids: two queries."""
    agencies = session.execute(sa.select(Agency.id, Agency.name).order_by(Agency.id))
    sectors = session.execute(sa.select(Sector.id, Sector.name).order_by(Sector.id))
    return {row.id: row.name for row in agencies}, {row.id: row.name for row in sectors}


def texts_of_round(session: Session, round_id: int) -> list[tuple[int, str]]:
    """Own words that may be shown, with their question."""
    rows = session.execute(
        sa.select(AnswerText.question_id, AnswerText.words)
        .join(RoundSheet, RoundSheet.sheet_id == AnswerText.sheet_id)
        .where(RoundSheet.round_id == round_id, AnswerText.state.in_(IN_REPORTS))
        .order_by(AnswerText.id)
    )
    return [(question_id, words) for question_id, words in rows]


@dataclass(frozen=True)
class AuditNamed:
    """A review or audit whose recommendation a question asks after."""

    ref: str
    title: str
    number: int
    text: str


def audits_of(session: Session, actor: Actor, version_id: int) -> dict[int, list[AuditNamed]]:
    """The audits behind each question, as far as this reader may know of them: an embargoed one is not there."""
    own = sa.select(Question.id, Question.recommendation_id).where(
        Question.version_id == version_id, Question.recommendation_id.is_not(None)
    )
    more = (
        sa.select(AskedFor.question_id, AskedFor.recommendation_id)
        .join(Question, Question.id == AskedFor.question_id)
        .where(Question.version_id == version_id)
    )
    asked = sa.union(own, more).subquery()
    rows = session.execute(
        sa.select(asked.c[0], Review.ref, Review.title, Recommendation.number, Recommendation.text)
        .join(Recommendation, Recommendation.id == asked.c[1])
        .join(Review, Review.id == Recommendation.review_id)
        .where(Review.id.in_(visible_review_ids(actor)))
        .order_by(asked.c[0], Review.ref, Recommendation.number)
    )
    made: dict[int, list[AuditNamed]] = defaultdict(list)
    for question_id, *named in rows:
        made[question_id].append(AuditNamed(*named))
    return made


@dataclass(frozen=True)
class Programme:
    """What the coming twelve months have of a course."""

    course: str
    code: str
    events: int
    places: int
    taken: int
    waiting: int


def coming_programme(session: Session, codes: Collection[str], now: datetime, until: datetime) -> list[Programme]:
    """Courses by their codes with their coming places, taken ones and people waiting: two queries."""
    coming = (
        Event.state.in_((EventState.PLANNED, EventState.PUBLISHED)),
        Event.starts_at > now,
        Event.starts_at <= until,
    )
    claims = session.execute(
        sa.select(
            Event.course_id,
            sa.func.count(Booking.id).filter(
                Booking.state.in_((BookingState.CONFIRMED, BookingState.OFFERED)),
                Booking.source != BookingSource.WALK_IN,
            ),
            sa.func.count(Booking.id).filter(Booking.state == BookingState.WAITING),
        )
        .join(Booking, Booking.event_id == Event.id)
        .where(*coming)
        .group_by(Event.course_id)
    )
    taken = {course_id: (held, waiting) for course_id, held, waiting in claims}
    rows = session.execute(
        sa.select(
            Course.id,
            CourseVersion.title,
            Course.code,
            sa.func.count(Event.id),
            sa.func.coalesce(sa.func.sum(Event.capacity), 0),
        )
        .join(CourseVersion, sa.and_(CourseVersion.course_id == Course.id, CourseVersion.is_current))
        .outerjoin(Event, sa.and_(Event.course_id == Course.id, *coming))
        .where(sa.func.lower(Course.code).in_([code.lower() for code in codes]), Course.status.in_(IN_CATALOGUE))
        .group_by(Course.id, CourseVersion.title, Course.code)
        .order_by(CourseVersion.title)
    )
    return [
        Programme(title, code, events, places, *taken.get(course_id, (0, 0)))
        for course_id, title, code, events, places in rows
    ]
