"""The results of a round as a PDF and as a workbook: the figures of the page, told by the same code."""

from datetime import datetime

from lms.kit.chart_drawings import drawn
from lms.kit.documents import HEADING, NOTE, Document, DocumentPart, table, words
from lms.kit.telling.numbers import too_few
from lms.kit.words import long_date, moment
from lms.kit.workbooks import Sheets
from surveys.impact.drawings.figures import choice_chart
from surveys.workforce.comparing.figures import NOTE as COMPARED_NOTE
from surveys.workforce.models import SurveyRound
from surveys.workforce.results.figures import QuestionResult, RoundResults
from surveys.workforce.results.response.figures import LineName
from surveys.workforce.results.words import LINES_NOTE, NEEDS_NOTE, line_words, nothing_words

RESPONSE_HEAD = ("Agency", "Sector", "Answered", "People", "Response rate")
COMPARED_HEAD = ("Question", "Answer", "Before", "Now", "Difference", "95% interval", "In words")
NEEDS_HEAD = ("Course", "Needed", "Events", "Places", "Left", "Waiting", "Short by")
QUESTION_HEAD = ("Question", "Answer", "People", "Of", "Share")
LINES_HEAD = ("Question", "Answer", "Agency", "Sector", "Of", "Told", "Round before")


def results_pdf(found: SurveyRound, results: RoundResults, owner: str, as_at: datetime) -> bytes:
    """The results on A4 pages."""
    document = Document(found.title, owner, as_at=f"As at {moment(as_at)}")
    document.add(words(open_words(found)))
    if results.answers is None or results.response is None:
        document.add(words(too_few("people answered, so there are no results."), NOTE))
        return document.data()
    document.add(words(results.response.words))
    if results.compared:
        document.add(words(results.compared.answer))
        if results.compared.rows:
            document.add(table(COMPARED_HEAD, compared_rows(results), widths=(5, 2.4, 2, 2, 1.6, 2.4, 2)))
            document.add(words(COMPARED_NOTE, NOTE))
    document.add(words("Who answered", HEADING), words(results.response.said_words, NOTE))
    if results.response.rows:
        document.add(table(RESPONSE_HEAD, _shown(response_rows(results)), widths=(5, 3, 1.6, 1.6, 2)))
        document.add(words(LINES_NOTE, NOTE))
    if results.needs:
        document.add(words("Needs against the coming programme", HEADING))
        document.add(table(NEEDS_HEAD, _shown(need_rows(results)), widths=(5, 2, 1.4, 1.4, 1.4, 1.6, 1.6)))
        document.add(words(NEEDS_NOTE, NOTE))
    document.add(words("By question", HEADING))
    for question in results.questions:
        document.add(*_question(question))
    return document.data()


def _question(question: QuestionResult) -> list[DocumentPart]:
    parts: list[DocumentPart] = [] if question.table else [words(question.words)]
    if question.table:
        parts += drawn(choice_chart(question.table))
    if question.summary:
        parts.append(words(question.summary, NOTE))
    if nothing := nothing_words(question):
        parts.append(words(nothing, NOTE))
    if question.lines:
        rows = [(line_words(each.name), str(each.of), each.shown, each.before) for each in question.lines]
        parts.append(table(("Agency", "Of", question.measure, "Round before"), rows, widths=(5, 1, 3, 3)))
    parts += [words(f"“{each}”") for each in question.comments]
    return parts


def results_workbook(found: SurveyRound, results: RoundResults, as_at: datetime) -> bytes:
    """A sheet for each table."""
    book = Sheets()
    about = (f"{found.title}. {open_words(found)}", f"As at {moment(as_at)}.")
    response = results.response
    if response is None:
        book.add("Who answered", RESPONSE_HEAD, (), (*about, too_few("people answered, so there are no results.")))
        return book.data()
    notes = (*about, response.words, response.said_words, LINES_NOTE)
    book.add("Who answered", RESPONSE_HEAD, response_rows(results), notes)
    if results.compared:
        rows = compared_rows(results)
        book.add("Compared", COMPARED_HEAD, rows, (*about, results.compared.answer, COMPARED_NOTE))
    if results.needs:
        book.add("Needs", NEEDS_HEAD, need_rows(results), (*about, NEEDS_NOTE))
    book.add("Questions", QUESTION_HEAD, question_rows(results), about)
    book.add("By agency", LINES_HEAD, line_rows(results), (*about, LINES_NOTE))
    comments = [(each.words, said) for each in results.questions for said in each.comments]
    book.add("In their own words", ("Question", "Answer"), comments, about)
    return book.data()


def open_words(found: SurveyRound) -> str:
    """Of which days a round is."""
    return f"Open from {long_date(found.opens_on)} to {long_date(found.closes_on)}."


def response_rows(results: RoundResults) -> list[tuple[str | int | None, ...]]:
    """A row for each line, and all of them together."""
    response = results.response
    if response is None:
        return []
    rows = [
        (each.name.name, _sector(each.name), each.answered, each.of if each.staff is None else each.staff, each.rate)
        for each in response.rows
    ]
    return [*rows, ("Where the workforce is known", "", response.of_known, response.staff, response.rate)]


def compared_rows(results: RoundResults) -> list[tuple[str, ...]]:
    """Each answer in both rounds."""
    rows = results.compared.rows if results.compared else ()
    return [(each.words, each.answer, each.before, each.now, each.shown, each.interval, each.verdict) for each in rows]


def need_rows(results: RoundResults) -> list[tuple[str | int | None, ...]]:
    """Demand, places and gap by course."""
    return [
        (
            each.course,
            each.needed if each.demand is None else each.demand,
            each.events,
            each.places,
            each.left,
            each.waiting,
            each.short_by if each.gap is None else each.gap,
        )
        for each in results.needs
    ]


def question_rows(results: RoundResults) -> list[tuple[str | int | None, ...]]:
    """How many gave each answer; under a scale its mean."""
    made: list[tuple[str | int | None, ...]] = []
    for each in results.questions:
        if each.table:
            made += [
                (each.words, row.words, row.shown if row.people is None else row.people, each.table.of, row.share)
                for row in each.table.rows
            ]
        if each.summary:
            made.append((each.words, each.summary, None, None, None))
    return made


def line_rows(results: RoundResults) -> list[tuple[str | int | None, ...]]:
    """What each line said to each question."""
    return [
        (each.words, each.measure, line.name.name, _sector(line.name), line.of, line.shown, line.before)
        for each in results.questions
        for line in each.lines
    ]


def _sector(name: LineName) -> str:
    return name.sector_words


def _shown(rows: list[tuple[str | int | None, ...]]) -> list[list[str]]:
    return [[f"{cell:,}" if isinstance(cell, int) else cell or "" for cell in row] for row in rows]
