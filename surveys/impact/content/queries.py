"""What was answered: sheets, questions and texts, as they came out. A fixed number of queries."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from courses.programme.courses.models import CourseVersion
from courses.programme.events.models import Event
from lms.agencies.models import Sector
from surveys.answers.models import AnswerSheet, SurveyAnswer
from surveys.free_text.models import AnswerText, answer_text_theme
from surveys.free_text.rules import IN_REPORTS
from surveys.questions.models import Question, QuestionOption
from surveys.questions.rules import AGREEMENT_WORDS, QuestionKind, SurveyKind
from surveys.themes.models import TextTheme


@dataclass(frozen=True)
class AnswerRead:
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
    version_id: int = 0
    answers: list[AnswerRead] = field(default_factory=list)

    @property
    def group(self) -> tuple[object, ...]:
        """The people with whom it was let out, five or more."""
        return (self.kind, self.event_id or (self.course_id, self.period_on))

    def to(self, code: str) -> list[AnswerRead]:
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
            AnswerSheet.version_id,
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
        sheets[sheet_id].answers.append(AnswerRead(code, item, number))
    return list(sheets.values())


@dataclass(frozen=True)
class QuestionRead:
    """A question as reports name it, by its newest version; `options` by the id that answers carry.

    `versions`: those that ask it; none where everybody was asked the same.
    """

    code: str
    kind: QuestionKind
    words: str
    low_words: str
    high_words: str
    options: tuple[tuple[int, str], ...]
    values: tuple[tuple[str, str], ...] = ()
    show_if_code: str = ""
    show_if_values: tuple[str, ...] = ()
    level: int | None = None
    versions: frozenset[int] = frozenset()

    @property
    def answers(self) -> tuple[str, ...]:
        """The answers to choose from, in words and in their order."""
        is_agreement = self.kind is QuestionKind.AGREEMENT
        return AGREEMENT_WORDS if is_agreement else tuple(dict.fromkeys(words for _, words in self.options))

    def words_of(self, values: Collection[str]) -> frozenset[str]:
        """The words of answers, in all versions, by the values that branching knows them by."""
        if self.kind is QuestionKind.AGREEMENT:
            return frozenset(words for number, words in enumerate(AGREEMENT_WORDS, start=1) if str(number) in values)
        return frozenset(words for value, words in self.values if value in values)


def questions_asked(session: Session, kinds: Collection[SurveyKind]) -> dict[tuple[SurveyKind, str], QuestionRead]:
    """Every question of these kinds that somebody answered, in the order in which it is asked: two queries.

    By its newest version. The options of all versions are there, the newest first; those with the same words are one
    option in reports.
    """
    rows = session.execute(
        sa.select(AnswerSheet.kind, Question)
        .join(AnswerSheet, AnswerSheet.version_id == Question.version_id)
        .where(AnswerSheet.kind.in_(kinds))
        .group_by(AnswerSheet.kind, Question.id)
        .order_by(Question.version_id.desc(), Question.position)
    ).all()
    options: dict[int, list[QuestionOption]] = defaultdict(list)
    ids = [question.id for _, question in rows]
    for option in session.scalars(
        sa.select(QuestionOption).where(QuestionOption.question_id.in_(ids)).order_by(QuestionOption.position)
    ):
        options[option.question_id].append(option)
    made: dict[tuple[SurveyKind, str], list[Question]] = defaultdict(list)
    for kind, question in rows:
        made[kind, question.code].append(question)
    in_order = sorted(made.items(), key=lambda each: (each[1][0].position, each[1][0].id))
    return {key: _question_read(versions, options) for key, versions in in_order}


def _question_read(versions: Sequence[Question], options: Mapping[int, Sequence[QuestionOption]]) -> QuestionRead:
    """One question of several versions, the newest first."""
    newest = versions[0]
    offered = [each for question in versions for each in options[question.id]]
    return QuestionRead(
        newest.code,
        newest.kind,
        newest.words,
        newest.low_words,
        newest.high_words,
        tuple((each.id, each.words) for each in offered),
        tuple((each.value, each.words) for each in offered),
        newest.show_if_code,
        tuple(newest.show_if_values),
        newest.kirkpatrick,
        frozenset(each.version_id for each in versions),
    )


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
