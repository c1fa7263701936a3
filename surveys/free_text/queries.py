"""The queue, its log, and texts to be coded, each for those who may read them."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from courses.programme.courses.models import CourseVersion
from lms.frame.access import Actor
from lms.kit.errors import NotAllowed, NotFound
from surveys.answers.models import AnswerSheet
from surveys.concerns.models import Concern, QueueStep
from surveys.concerns.queries import lead_now
from surveys.concerns.rules import ConcernState
from surveys.free_text.models import AnswerText
from surveys.free_text.rules import IN_REPORTS, TextState
from surveys.permissions import READ_HELD
from surveys.questions.models import Question
from surveys.questions.rules import SurveyKind
from surveys.themes.models import TextTheme


def reads_queue(session: Session, actor: Actor) -> bool:
    """The named lead; and while there is none, who may name one."""
    lead = lead_now(session)
    if lead is None:
        return actor.may(READ_HELD)
    return actor.person_id is not None and actor.person_id == lead.person_id


def check_reads_queue(session: Session, actor: Actor) -> None:
    """Raises NotAllowed for everybody else."""
    if not reads_queue(session, actor):
        raise NotAllowed("Only the safeguarding lead can read this queue.")


def concerns(session: Session) -> list[Concern]:
    """New ones first, then the latest; with their log."""
    return list(
        session.scalars(
            sa.select(Concern)
            .options(selectinload(Concern.steps))
            .order_by(Concern.state != ConcernState.NEW, Concern.id.desc())
            .limit(100)
        )
    )


def concern_of(session: Session, concern_id: int) -> Concern:
    """One of them. Raises NotFound."""
    found = session.scalar(sa.select(Concern).where(Concern.id == concern_id).options(selectinload(Concern.steps)))
    if found is None:
        raise NotFound("We cannot find that entry in the queue.")
    return found


@dataclass(frozen=True)
class TextRow:
    """A text as it is read: what was asked, of which course, and what was found in it."""

    id: str
    kind: SurveyKind
    course: str
    question: str
    words: str
    found: tuple[str, ...]
    state: TextState


def held_texts(session: Session) -> list[TextRow]:
    """What waits to be read, in no order."""
    return [_text_row(*row) for row in session.execute(_texts(AnswerText.state == TextState.HELD).limit(100))]


def text_row(session: Session, text_id: str) -> TextRow:
    """One text. Raises NotFound."""
    row = session.execute(_texts(AnswerText.id == text_id)).one_or_none()
    if row is None:
        raise NotFound("We cannot find that text.")
    return _text_row(*row)


def last_steps(session: Session) -> list[QueueStep]:
    """The end of the log."""
    return list(session.scalars(sa.select(QueueStep).order_by(QueueStep.id.desc()).limit(20)))


def text_to_code(session: Session, text_id: str) -> AnswerText:
    """One text that reports may show. Raises NotFound."""
    found = session.scalar(
        sa.select(AnswerText)
        .where(AnswerText.id == text_id, AnswerText.state.in_(IN_REPORTS))
        .options(selectinload(AnswerText.themes))
    )
    if found is None:
        raise NotFound("We cannot find that text.")
    return found


def text_themes(session: Session) -> list[TextTheme]:
    """The themes to choose from."""
    return list(session.scalars(sa.select(TextTheme).where(TextTheme.retired_at.is_(None)).order_by(TextTheme.name)))


def _texts(*where: sa.ColumnElement[bool]) -> sa.Select[str, SurveyKind, str, str, str, list[str], TextState]:
    return (
        sa.select(
            AnswerText.id,
            AnswerSheet.kind,
            sa.func.coalesce(CourseVersion.title, ""),
            Question.words,
            AnswerText.words,
            AnswerText.found,
            AnswerText.state,
        )
        .join(AnswerSheet, AnswerSheet.id == AnswerText.sheet_id)
        .join(Question, Question.id == AnswerText.question_id)
        .outerjoin(CourseVersion, sa.and_(CourseVersion.course_id == AnswerSheet.course_id, CourseVersion.is_current))
        .where(*where)
        .order_by(AnswerText.id)
    )


def _text_row(
    id_: str, kind: SurveyKind, course: str, question: str, words: str, found: list[str], state: TextState
) -> TextRow:
    return TextRow(id_, kind, course, question, words, tuple(found), state)
