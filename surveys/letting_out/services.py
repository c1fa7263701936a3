"""Letting answers out: all those of a closed stage together, shuffled, under random names, in one transaction.

This is the only place that reads drafts, and the only one that writes sheets of events. See docs/surveys.md.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from random import SystemRandom

import sqlalchemy as sa

from courses.programme.courses.models import CourseVersion
from lms.frame.work import Work
from lms.kit.identifying import IDENTIFIES, IdentifierKind, kinds_in
from lms.kit.portions import portions
from lms.kit.telling.groups import kept_groups
from lms.kit.working_days import london_date
from surveys.answers.models import AnswerSheet, Draft, SurveyAnswer
from surveys.answers.queries import (
    AskedPerson,
    ClosedStage,
    answered_at,
    closed_stages,
    drafts_finished,
    finished_drafts,
    people_of,
)
from surveys.answers.rules import may_be_let_out, sizes
from surveys.answers.sealing.rules import draft_ids, new_id, seal, unseal
from surveys.answers.services import ROUTE
from surveys.comparison.services import leave_comparison
from surveys.free_text.models import AnswerText
from surveys.free_text.rules import TextState
from surveys.pairs.earlier.services import take_up_earlier
from surveys.pairs.queries import practice_codes
from surveys.pairs.rules import practices_in
from surveys.pairs.services import count_routes, keep_sealed, let_practices_out, match_closed
from surveys.questions.queries import asks_of, version_of
from surveys.questions.rules import Answers, Ask, QuestionKind, SurveyKind, asked_at, kind_of, number_rows
from surveys.selection.rules import FEW_WAIT
from surveys.stages.rules import COMPARED, OF_WAITING

ONE_DAY = timedelta(days=1)
SET_ASIDE = "_set_aside"
"""Where a draft remembers that what is to be matched is kept apart already."""
CHANCE = SystemRandom()
Opened = tuple[AskedPerson, Draft, Answers]


@dataclass(frozen=True)
class AnswersOut:
    """Answers on their way out, and as much of where they come from as may be kept."""

    kind: SurveyKind
    version_id: int
    course_version_id: int
    answers: Answers
    period_on: date
    course_id: int | None = None
    event_id: int | None = None
    agency_id: int | None = None
    sector_id: int | None = None


def let_out(work: Work) -> int:
    """Let out what may come out tonight. How many sheets. Safe to repeat: what is out has no draft any more."""
    leave_comparison(work)
    done = _let_out_stages(work)
    take_up_earlier(work)
    match_closed(work)
    return done + let_practices_out(work)


def _let_out_stages(work: Work) -> int:
    """Day of closing by day of closing: nights that were left out come out as if they had not been."""
    done = 0
    pools: dict[tuple[int, SurveyKind], list[tuple[date, list[AnswersOut], list[Draft]]]] = defaultdict(list)
    for day, those in groupby(_with_drafts(work), key=lambda each: each.closed_on):
        for closed in those:
            sheets, drafts = _of_stage(work, closed)
            if may_be_let_out(len(sheets)):
                done += _write(work, sheets, drafts)
            elif sheets:
                pools[closed.course_id, kind_of(closed.stage)].append((day, sheets, drafts))
        for pool, some in list(pools.items()):
            waiting = [each for each in some if each[0] > day - FEW_WAIT]
            sheets = [_without_event(each, day + ONE_DAY) for _, those_sheets, _ in waiting for each in those_sheets]
            if may_be_let_out(len(sheets)):
                done += _write(work, sheets, [draft for _, _, drafts in waiting for draft in drafts])
                del pools[pool]
    return done


def _with_drafts(work: Work) -> list[ClosedStage]:
    """The closed stages of which something is still sealed, in the order of closing."""
    there = drafts_finished(work.session)
    if not there:
        return []
    since, keys = work.now - 2 * FEW_WAIT, work.site.settings.keys
    answered = answered_at(work.session, since)
    return [
        each
        for each in closed_stages(work.session, work.now, since)
        if any(one in there for id_ in answered[each.event_id, each.stage] for one in draft_ids(keys, id_))
    ]


def _of_stage(work: Work, closed: ClosedStage) -> tuple[list[AnswersOut], list[Draft]]:
    """The sheets of a stage with all that may be kept on them, and the drafts that they come from."""
    answered = _answered(work, closed)
    if closed.stage in OF_WAITING:
        _keep_what_is_compared(work, closed, answered)
        return [], []
    if closed.stage in COMPARED:
        answered = _without_practices(work, closed, answered)
    CHANCE.shuffle(answered)
    people = [each for each, _, _ in answered]
    sectors = kept_groups(sizes([each.sector_id or 0 for each in people]))
    agencies = _agencies_kept(people, sectors)
    sheets = [
        AnswersOut(
            kind=kind_of(closed.stage),
            version_id=draft.version_id,
            course_version_id=closed.course_version_id,
            answers=answers,
            period_on=london_date(closed.ends_at).replace(day=1),
            course_id=closed.course_id,
            event_id=closed.event_id,
            sector_id=each.sector_id if each.sector_id in sectors else None,
            agency_id=each.agency_id if each.agency_id in agencies else None,
        )
        for each, draft, answers in answered
    ]
    return sheets, [draft for _, draft, _ in answered]


def _answered(work: Work, closed: ClosedStage) -> list[Opened]:
    """Who answered, with their draft and what is in it; without what none of the keys opens."""
    keys = work.site.settings.keys
    people = people_of(work.session, closed.event_id, closed.stage)
    ids = {each.invitation_id: draft_ids(keys, each.invitation_id) for each in people if each.is_answered}
    kept = finished_drafts(work.session, [one for some in ids.values() for one in some])
    found = []
    for each in people:
        draft = next((kept[one] for one in ids.get(each.invitation_id, ()) if one in kept), None)
        answers = None if draft is None else unseal(keys, draft.sealed)
        if draft is not None and answers is not None:
            found.append((each, draft, answers))
    return found


def _without_practices(work: Work, closed: ClosedStage, answered: Sequence[Opened]) -> list[Opened]:
    """Take what is to be matched out of the answers, and keep it sealed apart. An answer stands in one place only.

    Where nothing else was asked, there is nothing to let out of this stage: its drafts go.
    """
    codes = practice_codes(work.session, closed.event_id)
    asks = _asks(work, {(draft.version_id, closed.course_version_id) for _, draft, _ in answered})
    said, rest, routes = {}, [], Counter[str]()
    for person, draft, answers in answered:
        asked = asks[draft.version_id, closed.course_version_id]
        others = {code: each for code, each in answers.items() if code not in codes}
        if not answers.get(SET_ASIDE):
            routes[answers.get(ROUTE, "")] += 1
            said[person.booking_id] = practices_in(asked, answers, codes)
            draft.sealed = seal(work.site.settings.keys, others | {SET_ASIDE: True})
        if any(ask.code not in codes for ask in asked):
            rest.append((person, draft, others))
    keep_sealed(work, closed.event_id, closed.stage, {each: one for each, one in said.items() if one.asked})
    count_routes(work, closed.event_id, closed.stage, routes)
    work.session.flush()
    _throw_away(work, {draft.id for _, draft, _ in answered} - {draft.id for _, draft, _ in rest})
    return rest


def _keep_what_is_compared(work: Work, closed: ClosedStage, answered: Sequence[Opened]) -> None:
    """Of people waiting nothing comes out but what is matched; nothing else was asked."""
    asks = _asks(work, {(draft.version_id, closed.course_version_id) for _, draft, _ in answered})
    said = {
        person.booking_id: practices_in(
            asked_at(closed.stage, asks[draft.version_id, closed.course_version_id]), answers
        )
        for person, draft, answers in answered
    }
    keep_sealed(work, closed.event_id, closed.stage, said)
    work.session.flush()
    _throw_away(work, {draft.id for _, draft, _ in answered})


def _agencies_kept(answered: Sequence[AskedPerson], sectors: Iterable[int]) -> set[int]:
    """Within each sector that is kept, the agencies that may be."""
    kept: set[int] = set()
    for sector in sectors:
        kept |= kept_groups(sizes([each.agency_id or 0 for each in answered if (each.sector_id or 0) == sector]))
    return kept - {0}


def _without_event(sheet: AnswersOut, night: date) -> AnswersOut:
    """One of fewer than five: it says the course and, as a month, the night in which it came out with others."""
    return replace(
        sheet,
        event_id=None,
        sector_id=None,
        agency_id=None,
        period_on=night.replace(day=1),
    )


def _write(work: Work, sheets: list[AnswersOut], drafts: Sequence[Draft]) -> int:
    """All at once and in no order; then the drafts go."""
    CHANCE.shuffle(sheets)
    write_sheets(work, sheets)
    _throw_away(work, {each.id for each in drafts})
    return len(sheets)


def _throw_away(work: Work, drafts: Iterable[str]) -> None:
    for some in portions(sorted(drafts)):
        work.session.execute(sa.delete(Draft).where(Draft.id.in_(some)))


def write_sheets(work: Work, sheets: Sequence[AnswersOut]) -> list[str]:
    """Sheets, their answers and their texts in three statements; their ids. What may tell of harm is not among them."""
    asks = _asks(work, {(each.version_id, each.course_version_id) for each in sheets})
    rows, numbers, texts = [], [], []
    for sheet in sheets:
        sheet_id = new_id()
        rows.append(_sheet_row(sheet_id, sheet))
        for ask in asks[sheet.version_id, sheet.course_version_id]:
            answer = sheet.answers.get(ask.code)
            numbers += [
                {"sheet_id": sheet_id, "question_id": ask.id, "item": item, "number": number}
                for item, number in number_rows(ask, answer)
            ]
            if ask.kind is QuestionKind.TEXT and answer and (text := _text_row(sheet_id, ask, answer)):
                texts.append(text)
    for model, values in ((AnswerSheet, rows), (SurveyAnswer, numbers), (AnswerText, texts)):
        if values:
            work.session.execute(sa.insert(model), sorted(values, key=lambda row: str(row.get("id", ""))))
    return [str(row["id"]) for row in rows]


def _asks(work: Work, versions: Collection[tuple[int, int]]) -> dict[tuple[int, int], list[Ask]]:
    """What was asked, by the versions of the survey and of the course."""
    outcomes = _outcomes(work, {course_version for _, course_version in versions})
    return {
        (version, course_version): asks_of(version_of(work.session, version), outcomes.get(course_version, []))
        for version, course_version in sorted(versions)
    }


def _sheet_row(sheet_id: str, sheet: AnswersOut) -> dict[str, object]:
    """Its pseudonym joins it to nothing: it is of the time when stages were matched by it."""
    names = ("kind", "version_id", "event_id", "course_id", "agency_id", "sector_id", "period_on")
    return {"id": sheet_id, "pseudonym": new_id(), **{name: getattr(sheet, name) for name in names}}


def _text_row(sheet_id: str, ask: Ask, words: str) -> dict[str, object] | None:
    found = kinds_in(words)
    if IdentifierKind.DISCLOSURE in found:
        return None  # it went to the safeguarding lead when it was saved
    state = TextState.HELD if found & IDENTIFIES else TextState.SHOWN
    return {
        "id": new_id(),
        "sheet_id": sheet_id,
        "question_id": ask.id,
        "words": words,
        "state": state,
        "found": sorted(each.value for each in found),
        "is_coded": False,
        "is_example": False,
    }


def _outcomes(work: Work, ids: Iterable[int]) -> dict[int, list[str]]:
    rows = work.session.execute(sa.select(CourseVersion.id, CourseVersion.outcomes).where(CourseVersion.id.in_(ids)))
    return {row.id: row.outcomes for row in rows}
