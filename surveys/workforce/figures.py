"""What a round came to: by question, by audit, by agency; and training needs against the coming programme."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from lms.frame.work import Work
from lms.kit.charts import Bar, Bars
from lms.kit.figures import shown_rate
from lms.kit.telling.groups import options_told, told_groups
from lms.kit.telling.numbers import HIDDEN, SMALL, is_small, too_few
from surveys.questions.queries import asks_of, version_of
from surveys.questions.rules import AGREEMENT_WORDS, Ask, QuestionKind, one_decimal
from surveys.workforce.models import SurveyRound
from surveys.workforce.queries import (
    AuditNamed,
    RoundSheetRead,
    audits_of,
    coming_programme,
    sheets_of_round,
    texts_of_round,
)
from surveys.workforce.rules import TOPS, Need

PLACES = "places."
"""A number question with the code `places.<course code>` asks how many places are needed."""
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class AgencyResult:
    """One agency's answers to one question: "68.4%" or "4.1 of 5", of how many; hidden ones say so."""

    agency: str
    shown: str
    people: str


@dataclass(frozen=True)
class QuestionResult:
    """One question: how people answered, and what its agencies said. `of` people answered."""

    words: str
    of: int
    summary: str
    chart: Bars | None
    audits: tuple[AuditNamed, ...]
    by_agency: tuple[AgencyResult, ...]
    measure: str
    comments: tuple[str, ...]


@dataclass(frozen=True)
class RoundResults:
    """All of it. `answers` is None when fewer than five came in: then there is nothing else."""

    answers: int | None
    questions: tuple[QuestionResult, ...]
    needs: tuple[Need, ...]

    @property
    def by_audit(self) -> list[tuple[AuditNamed, list[QuestionResult]]]:
        """The questions of each audit."""
        made: dict[tuple[str, str], tuple[AuditNamed, list[QuestionResult]]] = {}
        for question in self.questions:
            for audit in question.audits:
                those = made.setdefault((audit.ref, audit.title), (audit, []))[1]
                if question not in those:
                    those.append(question)
        return [made[key] for key in sorted(made)]


def results_of(work: Work, found: SurveyRound) -> RoundResults:
    """What the round came to, in a fixed number of queries."""
    sheets = sheets_of_round(work.session, found.id)
    if len(sheets) < SMALL:
        return RoundResults(None, (), ())
    asks = asks_of(version_of(work.session, found.version_id))
    audits = audits_of(work.session, work.actor, found.version_id)
    comments: dict[int, list[str]] = defaultdict(list)
    for question_id, words in texts_of_round(work.session, found.id):
        comments[question_id].append(words)
    questions = [_question(sheets, ask, tuple(audits.get(ask.id, ())), tuple(comments[ask.id])) for ask in asks]
    return RoundResults(len(sheets), tuple(questions), tuple(_needs(work, sheets, asks)))


def _question(
    sheets: Sequence[RoundSheetRead], ask: Ask, audits: tuple[AuditNamed, ...], comments: tuple[str, ...]
) -> QuestionResult:
    answered = [sheet for sheet in sheets if ask.id in sheet.answers]
    if ask.kind is QuestionKind.TEXT:
        return QuestionResult(ask.words, len(comments), "", None, audits, (), "", comments)
    if len(answered) < SMALL:
        return QuestionResult(ask.words, 0, too_few("people answered this question."), None, audits, (), "", ())
    return QuestionResult(
        ask.words,
        len(answered),
        _summary(answered, ask),
        _chart(answered, ask),
        audits,
        tuple(_by_agency(answered, ask)),
        "Mean" if ask.kind in TOPS else f"“{ask.choices[0].words}”" if ask.choices else "Sum",
        (),
    )


def _summary(answered: Sequence[RoundSheetRead], ask: Ask) -> str:
    if ask.kind in TOPS:
        return f"Mean {one_decimal(_mean(answered, ask))} of {TOPS[ask.kind]}"
    if ask.kind is QuestionKind.NUMBER:
        return f"{sum(_numbers(answered, ask)):,} in all, from {len(answered):,} answers"
    return ""


def _chart(answered: Sequence[RoundSheetRead], ask: Ask) -> Bars | None:
    """How many chose each answer. Of answers that exclude each other, a single small one takes the least with it."""
    if ask.kind is QuestionKind.NUMBER:
        return None
    if ask.choices:
        names = {choice.id: choice.words for choice in ask.choices}
        chosen = Counter(item for sheet in answered for item, _ in sheet.answers[ask.id])
    else:
        steps = AGREEMENT_WORDS if ask.kind is QuestionKind.AGREEMENT else [str(step) for step in range(1, 11)]
        names = dict(enumerate(steps, start=1))
        chosen = Counter(number for sheet in answered for _, number in sheet.answers[ask.id])
    said = options_told({key: chosen[key] for key in names}, is_one_each=ask.kind is not QuestionKind.CHOICES)
    of = len(answered)
    bars = [
        Bar(words, None, said[key].shown)
        if said[key].number is None
        else Bar(words, chosen[key] / of, f"{said[key].shown} ({shown_rate(chosen[key], of)})")
        for key, words in names.items()
    ]
    return Bars(f"question-{ask.id}", f"{of:,} answers", "Answer", "People and share", tuple(bars), most=1)


def _by_agency(answered: Sequence[RoundSheetRead], ask: Ask) -> list[AgencyResult]:
    grouped: dict[str, list[RoundSheetRead]] = defaultdict(list)
    for sheet in answered:
        grouped[sheet.agency].append(sheet)
    others = grouped.pop("", [])
    agencies = sorted(grouped)
    told = told_groups([*(len(grouped[agency]) for agency in agencies), len(others)])
    made = []
    for agency, is_told in zip(agencies, told, strict=False):
        shown = _said(grouped[agency], ask) if is_told else HIDDEN
        people = f"{len(grouped[agency]):,}" if is_told else HIDDEN
        made.append(AgencyResult(agency, shown, people))
    return made


def _said(sheets: Sequence[RoundSheetRead], ask: Ask) -> str:
    if ask.kind in TOPS:
        return f"{one_decimal(_mean(sheets, ask))} of {TOPS[ask.kind]}"
    if ask.kind is QuestionKind.NUMBER:
        return f"{sum(_numbers(sheets, ask)):,}"
    first = sum(any(item == ask.choices[0].id for item, _ in sheet.answers[ask.id]) for sheet in sheets)
    if is_small(first) or is_small(len(sheets) - first):
        return HIDDEN
    return shown_rate(first, len(sheets))


def _numbers(sheets: Sequence[RoundSheetRead], ask: Ask) -> list[int]:
    return [number for sheet in sheets for _, number in sheet.answers.get(ask.id, ())]


def _mean(sheets: Sequence[RoundSheetRead], ask: Ask) -> float:
    numbers = _numbers(sheets, ask)
    return sum(numbers) / len(numbers)


def _needs(work: Work, sheets: Sequence[RoundSheetRead], asks: Sequence[Ask]) -> list[Need]:
    """Places that were asked for, by course: from number questions about a course, or from those who chose it."""
    demand: dict[str, int | None] = {}
    for ask in asks:
        if ask.kind is QuestionKind.NUMBER and ask.code.startswith(PLACES):
            numbers = _numbers(sheets, ask)
            demand[ask.code.removeprefix(PLACES)] = sum(numbers) if len(numbers) >= SMALL else None
        elif ask.kind is QuestionKind.CHOICES and ask.code.startswith("courses."):
            for choice in ask.choices:
                people = sum(any(item == choice.id for item, _ in sheet.answers.get(ask.id, ())) for sheet in sheets)
                demand[choice.value] = people if people >= SMALL else None
    programme = coming_programme(work.session, list(demand), work.now, work.now + YEAR) if demand else []
    needs = [
        Need(each.course, each.code, demand[each.code.lower()], each.events, each.places, each.taken, each.waiting)
        for each in programme
        if each.code.lower() in demand
    ]
    return sorted(needs, key=lambda each: (-(each.gap or 0), each.course))
