"""Texts to search and to code, what two people gave them, and where they differ."""

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from courses.programme.courses.models import Course
from lms.kit.errors import NotFound
from lms.kit.folding import has_words, words_typed
from lms.kit.pages import ROWS_ON_A_PAGE
from lms.kit.telling.numbers import SMALL
from surveys.answers.models import AnswerSheet
from surveys.coding.models import TextCoding
from surveys.free_text.models import AnswerText
from surveys.free_text.rules import IN_REPORTS
from surveys.questions.rules import SurveyKind
from surveys.themes.models import TextTheme


class WhichTexts(StrEnum):
    """Which texts somebody looks for."""

    TO_CODE = "to_code"
    SECOND = "second"
    CODED = "coded"
    QUOTED = "quoted"
    ALL = "all"


WANTED_WORDS = {
    WhichTexts.TO_CODE: "No one has coded yet",
    WhichTexts.SECOND: "Someone else has coded: code them a second time",
    WhichTexts.CODED: "Coded",
    WhichTexts.QUOTED: "Shown as examples",
    WhichTexts.ALL: "All",
}


@dataclass(frozen=True)
class TextsWanted:
    """What a list of texts is to hold."""

    what: WhichTexts = WhichTexts.TO_CODE
    words: str = ""
    kind: SurveyKind | None = None
    theme_id: int | None = None


def texts_found(
    session: Session, wanted: TextsWanted, person_id: int | None, page: int = 1
) -> tuple[list[AnswerText], int]:
    """Texts of groups of five or more that reports may show, in no order of time; and how many. Four queries."""
    rows = session.execute(
        sa.select(AnswerText.id, AnswerText.words)
        .join(AnswerSheet, AnswerSheet.id == AnswerText.sheet_id)
        .where(*_criteria(wanted, person_id))
        .order_by(AnswerText.question_id, AnswerText.id)
    )
    typed = words_typed(wanted.words)
    ids = [id_ for id_, words in rows if has_words(words, typed)]
    some = ids[(page - 1) * ROWS_ON_A_PAGE : page * ROWS_ON_A_PAGE]
    texts = session.scalars(
        sa.select(AnswerText)
        .where(AnswerText.id.in_(some))
        .options(
            joinedload(AnswerText.question),
            joinedload(AnswerText.sheet).joinedload(AnswerSheet.course).joinedload(Course.current),
            selectinload(AnswerText.themes),
        )
        .order_by(AnswerText.question_id, AnswerText.id)
    )
    return list(texts), len(ids)


def _criteria(wanted: TextsWanted, person_id: int | None) -> list[sa.ColumnElement[bool]]:
    peer = aliased(AnswerSheet)
    peers = (
        sa.select(sa.func.count(peer.id))
        .where(peer.kind == AnswerSheet.kind, peer.course_id.is_not_distinct_from(AnswerSheet.course_id))
        .correlate(AnswerSheet)
        .scalar_subquery()
    )
    where: list[sa.ColumnElement[bool]] = [AnswerText.state.in_(IN_REPORTS), peers >= SMALL]
    if wanted.kind is not None:
        where.append(AnswerSheet.kind == wanted.kind)
    if wanted.theme_id is not None:
        where.append(AnswerText.themes.any(TextTheme.id == wanted.theme_id))
    coded = sa.select(TextCoding.text_id).group_by(TextCoding.text_id)
    once = coded.having(sa.func.count() == 1)
    own = sa.select(TextCoding.text_id).where(TextCoding.by_id == person_id)
    of_what: dict[WhichTexts, list[sa.ColumnElement[bool]]] = {
        WhichTexts.TO_CODE: [AnswerText.is_coded.is_(False)],
        WhichTexts.SECOND: [AnswerText.id.in_(once), AnswerText.id.not_in(own)],
        WhichTexts.CODED: [AnswerText.is_coded.is_(True)],
        WhichTexts.QUOTED: [AnswerText.is_example.is_(True)],
        WhichTexts.ALL: [],
    }
    return [*where, *of_what[wanted.what]]


def codings_of(session: Session, text_id: str) -> list[TextCoding]:
    """Who coded a text, the first one first."""
    query = sa.select(TextCoding).where(TextCoding.text_id == text_id).options(selectinload(TextCoding.themes))
    return list(session.scalars(query.order_by(TextCoding.id)))


@dataclass(frozen=True)
class CodedTwice:
    """A text that two people coded: what the first and what the second gave it."""

    id: str
    words: str
    first: dict[int, str]
    second: dict[int, str]
    is_settled: bool

    @property
    def differs(self) -> bool:
        return self.first != self.second


def coded_twice(session: Session) -> list[CodedTwice]:
    """Every text that two people coded and reports may show: two queries."""
    found: dict[str, list[TextCoding]] = defaultdict(list)
    query = (
        sa.select(TextCoding)
        .join(AnswerText, AnswerText.id == TextCoding.text_id)
        .where(AnswerText.state.in_(IN_REPORTS))
        .options(joinedload(TextCoding.text), selectinload(TextCoding.themes))
        .order_by(TextCoding.id)
    )
    for each in session.scalars(query):
        found[each.text_id].append(each)
    return [
        CodedTwice(id_, those[0].text.words, _named(those[0]), _named(those[1]), those[0].text.is_settled)
        for id_, those in sorted(found.items())
        if len(those) > 1
    ]


def _named(coding: TextCoding) -> dict[int, str]:
    return {each.id: each.name for each in coding.themes}


def theme_of(session: Session, theme_id: int) -> TextTheme:
    """A theme. Raises NotFound."""
    found = session.get(TextTheme, theme_id)
    if found is None:
        raise NotFound("We cannot find that theme. The list shows them all.")
    return found
