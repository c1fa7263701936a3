"""A survey on paper: the questions with boxes to tick, the code, and who sees what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lms.kit.documents import (
    HEADING,
    NOTE,
    Document,
    DocumentPart,
    Style,
    numbers_to_circle,
    page_break,
    room_to_write,
    tick_boxes,
    together,
    words,
)
from lms.kit.words import long_date
from surveys.questions.rules import AGREEMENT_WORDS, Ask, QuestionKind, asked_pages, pages_of

A_TEXT, A_LINE = 28, 9
"""Room for an answer, in millimetres."""


@dataclass(frozen=True)
class PaperSheet:
    """One printed survey. It carries no name: the code tells whose it is."""

    code: str
    title: str
    course: str
    when: str
    intro: str
    closes_on: date
    asks: Sequence[Ask]


def survey_sheets(sheets: Sequence[PaperSheet], owner: str, team: str, front_door: str) -> bytes:
    """All sheets in one PDF, each beginning on a page of its own."""
    first = sheets[0]
    document = Document(first.title, owner, as_at=f"{first.course}, {first.when}")
    for number, sheet in enumerate(sheets):
        if number:
            document.add(page_break())
        document.add(*_parts(sheet, team, front_door))
    return document.data()


def _parts(sheet: PaperSheet, team: str, front_door: str) -> list[DocumentPart]:
    who = (
        f"Please give or send this sheet to the {team} by {long_date(sheet.closes_on)}. Do not write your name. The "
        "code only tells us that you have answered, so that we do not ask again; your answers are kept apart from it, "
        "and the sheet is destroyed when it has been typed in. Please do not name a child, a family or a colleague. "
        f"If you are worried about a child, call the {front_door}."
    )
    parts: list[DocumentPart] = [words(f"Code {sheet.code}", Style.CODE), words(sheet.intro), words(who, NOTE)]
    always = {ask.code for page in asked_pages(sheet.asks, {}) for ask in page}
    for page in pages_of([ask for ask in sheet.asks if ask.kind is not QuestionKind.OUTCOMES or ask.outcomes]):
        if page[0].heading:
            parts.append(words(page[0].heading, HEADING))
        for ask in page:
            parts.append(together(*_question(ask, is_conditional=ask.code not in always)))
    return parts


def _question(ask: Ask, *, is_conditional: bool) -> list[DocumentPart]:
    lead = "If it applies: " if is_conditional else ""
    parts: list[DocumentPart] = [words(ask.vignette)] if ask.vignette else []
    parts.append(words(lead + ask.words, Style.QUESTION))
    if ask.hint:
        parts.append(words(ask.hint, NOTE))
    if ask.kind is QuestionKind.OUTCOMES:
        for outcome in ask.outcomes:
            parts += [words(outcome), tick_boxes(ask.steps) if ask.steps else numbers_to_circle(10)]
        parts += [] if ask.steps else [_ends(ask)]
    elif ask.kind is QuestionKind.SCALE:
        parts += [tick_boxes(ask.steps)] if ask.steps else [numbers_to_circle(10), _ends(ask)]
    elif ask.kind is QuestionKind.AGREEMENT:
        parts.append(tick_boxes(AGREEMENT_WORDS))
    elif ask.kind in (QuestionKind.CHOICE, QuestionKind.CHOICES):
        parts.append(words("Tick one." if ask.kind is QuestionKind.CHOICE else "Tick all that fit.", NOTE))
        parts.append(tick_boxes([choice.words for choice in ask.choices]))
    else:
        parts.append(room_to_write(A_TEXT if ask.kind is QuestionKind.TEXT else A_LINE))
    return parts


def _ends(ask: Ask) -> DocumentPart:
    return words(f"1 is {ask.low_words}, 10 is {ask.high_words}. Circle one." if ask.low_words else "Circle one.", NOTE)
