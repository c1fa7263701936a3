"""Rounds, their links, what was answered, and the coming programme."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import BookingSource, BookingState
from courses.programme.courses.models import Course, CourseVersion
from courses.programme.courses.rules import IN_CATALOGUE
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from lms.agencies.models import Agency, Sector
from lms.frame.access import Actor
from lms.frame.work import Work
from lms.kit.errors import NotFound
from lms.kit.working_days import end_of_day
from reviews.actions.models import Recommendation
from reviews.cases.models import Review
from reviews.cases.visibility.queries import visible_review_ids
from surveys.answers.models import AnswerSheet, SurveyAnswer
from surveys.free_text.models import AnswerText
from surveys.free_text.rules import IN_REPORTS
from surveys.impact.content.queries import AnswerRead
from surveys.questions.models import Question, Survey, SurveyVersion
from surveys.workforce.models import AskedFor, RoundAnswers, RoundLink, RoundSheet, SurveyRound
from surveys.workforce.rules import KINDS, RoundState, state_of


@dataclass(frozen=True)
class RoundRow:
    """One line of the list."""

    id: int
    title: str
    opens_on: date
    closes_on: date
    agencies: int
    state: RoundState


def round_rows(session: Session, today: date) -> list[RoundRow]:
    """All rounds, the latest first."""
    links = sa.select(sa.func.count(RoundLink.id)).where(RoundLink.round_id == SurveyRound.id).scalar_subquery()
    rows = session.execute(sa.select(SurveyRound, links).order_by(SurveyRound.opens_on.desc(), SurveyRound.id.desc()))
    return [
        RoundRow(
            each.id,
            each.title,
            each.opens_on,
            each.closes_on,
            agencies,
            state_of(each.opens_on, each.closes_on, is_let_out=each.let_out_at is not None, today=today),
        )
        for each, agencies in rows
    ]


def find_round(session: Session, round_id: int) -> SurveyRound:
    """A round with its links. Raises NotFound."""
    found = session.scalar(
        sa.select(SurveyRound)
        .where(SurveyRound.id == round_id)
        .options(
            joinedload(SurveyRound.version).joinedload(SurveyVersion.survey),
            selectinload(SurveyRound.links).joinedload(RoundLink.agency),
        )
    )
    if found is None:
        raise NotFound("There is no such survey. The list has all of them.")
    return found


def link_by_secret(session: Session, secret: str) -> RoundLink | None:
    """The link of an address, if there is one."""
    return session.scalar(
        sa.select(RoundLink)
        .where(RoundLink.secret == secret)
        .options(joinedload(RoundLink.round), joinedload(RoundLink.agency))
    )


def surveys_to_choose(session: Session) -> list[tuple[int, str]]:
    """Workforce surveys and training needs analyses with a published version."""
    published = sa.exists().where(SurveyVersion.survey_id == Survey.id, SurveyVersion.published_at.is_not(None))
    rows = session.execute(
        sa.select(Survey.id, Survey.title)
        .where(Survey.kind.in_(KINDS), Survey.retired_at.is_(None), published)
        .order_by(Survey.title, Survey.id)
    )
    return [(survey_id, title) for survey_id, title in rows]


def latest_version(session: Session, survey_id: int) -> SurveyVersion | None:
    """The published version that is asked now."""
    return session.scalar(
        sa.select(SurveyVersion)
        .where(SurveyVersion.survey_id == survey_id, SurveyVersion.published_at.is_not(None))
        .order_by(SurveyVersion.number.desc())
        .limit(1)
    )


def open_agencies(session: Session, today: date) -> Sequence[Agency]:
    """The agencies that exist on a day."""
    return session.scalars(
        sa.select(Agency)
        .where(sa.or_(Agency.closed_on.is_(None), Agency.closed_on > today))
        .order_by(Agency.name, Agency.id)
    ).all()


def rounds_to_let_out(session: Session, today: date) -> Sequence[SurveyRound]:
    """Closed rounds whose answers still wait."""
    return session.scalars(
        sa.select(SurveyRound)
        .where(SurveyRound.closes_on < today, SurveyRound.let_out_at.is_(None))
        .order_by(SurveyRound.id)
    ).all()


def sealed_answers(session: Session, round_id: int) -> Sequence[RoundAnswers]:
    """What was answered in a round, still sealed, in no order of time."""
    return session.scalars(
        sa.select(RoundAnswers).where(RoundAnswers.round_id == round_id).order_by(RoundAnswers.id)
    ).all()


def links_of(session: Session, round_id: int) -> Sequence[RoundLink]:
    """The links of a round with their agencies, as they are now."""
    return session.scalars(
        sa.select(RoundLink)
        .where(RoundLink.round_id == round_id)
        .options(joinedload(RoundLink.agency))
        .order_by(RoundLink.agency_id)
        .execution_options(populate_existing=True)
    ).all()


def staff_said(session: Session) -> dict[int, tuple[int, date]]:
    """How many work at each agency, as it said last, and when."""
    rows = session.execute(
        sa.select(RoundLink.agency_id, RoundLink.staff, RoundLink.staff_on)
        .where(RoundLink.staff.is_not(None))
        .order_by(RoundLink.staff_on, RoundLink.id)
    )
    return {agency_id: (staff, staff_on) for agency_id, staff, staff_on in rows if staff and staff_on}


def link_of(session: Session, link_id: int) -> RoundLink | None:
    """A link by its number, if there is one."""
    return session.scalar(
        sa.select(RoundLink)
        .where(RoundLink.id == link_id)
        .options(joinedload(RoundLink.round), joinedload(RoundLink.agency))
    )


def last_day_to_say(work: Work, since: datetime) -> datetime | None:
    """Until when a link that went out before can say how many work at an agency."""
    last = work.session.scalar(sa.select(sa.func.max(SurveyRound.closes_on)).where(SurveyRound.created_at < since))
    return None if last is None else end_of_day(last)


# Results


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
