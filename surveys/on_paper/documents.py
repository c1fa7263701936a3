"""A survey on paper: the questions with boxes to tick, the code, and who sees what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, PageBreak, Paragraph, Table, TableStyle

from lms.kit.documents import BODY, BOLD, CELL, HEADING, INK, LINE, NOTE, Document, gap, words
from lms.kit.words import long_date
from surveys.questions.rules import AGREEMENT_WORDS, Ask, QuestionKind, asked_pages, pages_of

QUESTION = ParagraphStyle("question", BODY, fontName=BOLD, spaceBefore=6, spaceAfter=3)
CODE = ParagraphStyle("code", BODY, fontName=BOLD, fontSize=16, leading=20)
BOX = 6 * mm


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
            document.add(PageBreak())
        document.add(*_parts(sheet, team, front_door))
    return document.data()


def _parts(sheet: PaperSheet, team: str, front_door: str) -> list[Flowable]:
    who = (
        f"Please give or send this sheet to the {team} by {long_date(sheet.closes_on)}. Do not write your name. The "
        "code only tells us that you have answered, so that we do not ask again; your answers are kept apart from it, "
        "and the sheet is destroyed when it has been typed in. Please do not name a child, a family or a colleague. "
        f"If you are worried about a child, call the {front_door}."
    )
    parts: list[Flowable] = [words(f"Code {sheet.code}", CODE), words(sheet.intro), words(who, NOTE)]
    always = {ask.code for page in asked_pages(sheet.asks, {}) for ask in page}
    for page in pages_of([ask for ask in sheet.asks if ask.kind is not QuestionKind.OUTCOMES or ask.outcomes]):
        if page[0].heading:
            parts.append(words(page[0].heading, HEADING))
        for ask in page:
            parts.append(KeepTogether(_question(ask, is_conditional=ask.code not in always)))
    return parts


def _question(ask: Ask, *, is_conditional: bool) -> list[Flowable]:
    lead = "If it applies: " if is_conditional else ""
    parts: list[Flowable] = [words(ask.vignette)] if ask.vignette else []
    parts.append(words(lead + ask.words, QUESTION))
    if ask.hint:
        parts.append(words(ask.hint, NOTE))
    if ask.kind is QuestionKind.OUTCOMES:
        for outcome in ask.outcomes:
            parts += [words(outcome), _boxes(ask.steps) if ask.steps else _scale(10)]
        parts += [] if ask.steps else [_ends(ask)]
    elif ask.kind is QuestionKind.SCALE:
        parts += [_boxes(ask.steps)] if ask.steps else [_scale(10), _ends(ask)]
    elif ask.kind is QuestionKind.AGREEMENT:
        parts.append(_boxes(AGREEMENT_WORDS))
    elif ask.kind in (QuestionKind.CHOICE, QuestionKind.CHOICES):
        parts.append(words("Tick one." if ask.kind is QuestionKind.CHOICE else "Tick all that fit.", NOTE))
        parts.append(_boxes([choice.words for choice in ask.choices]))
    else:
        parts.append(_room(28 * mm if ask.kind is QuestionKind.TEXT else 9 * mm))
    parts.append(gap(2))
    return parts


def _ends(ask: Ask) -> Flowable:
    return words(f"1 is {ask.low_words}, 10 is {ask.high_words}. Circle one." if ask.low_words else "Circle one.", NOTE)


def _scale(top: int) -> Table:
    made = Table(
        [[str(number) for number in range(1, top + 1)]], colWidths=[11 * mm] * top, rowHeights=[8 * mm], spaceAfter=3
    )
    made.hAlign = "LEFT"
    made.setStyle(
        TableStyle(
            [
                ("GRID", (0, 0), (-1, -1), 0.7, INK),
                ("ALIGN", (0, 0), (-1, -1), "CENTER"),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                ("FONTNAME", (0, 0), (-1, -1), BODY.fontName),
            ]
        )
    )
    return made


def _boxes(choices: Sequence[str]) -> Table:
    rows = [["", Paragraph(escape(each, quote=False), CELL)] for each in choices]
    made = Table(rows, colWidths=[BOX, 160 * mm], rowHeights=[BOX] * len(rows), spaceAfter=2)
    made.hAlign = "LEFT"
    grid = [("BOX", (0, row), (0, row), 0.8, INK) for row in range(len(rows))]
    made.setStyle(TableStyle([*grid, ("VALIGN", (0, 0), (-1, -1), "MIDDLE"), ("LEFTPADDING", (1, 0), (1, -1), 8)]))
    return made


def _room(height: float) -> Table:
    made = Table([[""]], colWidths=[170 * mm], rowHeights=[height])
    made.hAlign = "LEFT"
    made.setStyle(TableStyle([("BOX", (0, 0), (-1, -1), 0.8, LINE)]))
    return made
