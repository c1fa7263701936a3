"""Answers that came out event by event under pseudonyms, taken up by the way of now: once, in the first night.

What is matched becomes practice sheets of its course and half-year; what waits for the 3-month survey is sealed. It
leaves the sheets where it was, so that it stands in one place only, and the salts go. A later release needs none of it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from random import SystemRandom

import sqlalchemy as sa

from lms.frame.work import Work
from lms.kit.portions import portions
from lms.kit.telling.numbers import SMALL
from surveys.answers.models import AnswerSheet, MatchingSalt, SurveyAnswer
from surveys.answers.queries import bookings_asked
from surveys.answers.sealing.rules import new_id, pseudonyms
from surveys.pairs.queries import practice_codes
from surveys.pairs.rules import SCALES, Item, Said, evened_out, sheet_of
from surveys.pairs.services import keep_sealed, write_practices
from surveys.questions.models import Question
from surveys.questions.rules import SurveyKind, kind_of
from surveys.selection.rules import half_of
from surveys.stages.rules import COMPARED, FIRST, ON_THE_DAY

CHANCE = SystemRandom()


def take_up_earlier(work: Work) -> int:
    """Take up what came out before there were pair sheets. How many sheets were matched. Safe to repeat."""
    done = _matched(work)
    waiting = work.session.scalars(
        sa.select(MatchingSalt)
        .where(MatchingSalt.salt.is_not(None))
        .order_by(MatchingSalt.event_id)
        .with_for_update(key_share=True)
    )
    for each in waiting.all():
        _seal_again(work, each)
        each.salt, each.cut_at = None, work.now
    return done


def _matched(work: Work) -> int:
    """What was answered before and three months on: practice sheets, without the event."""
    both = {SurveyKind.BASELINE, SurveyKind.IMPACT}
    kinds = [kind_of(stage) for stage in COMPARED]
    found: dict[str, dict[SurveyKind, AnswerSheet]] = defaultdict(dict)
    for each in work.session.scalars(
        sa.select(AnswerSheet).where(AnswerSheet.kind.in_(kinds), AnswerSheet.course_id.is_not(None))
    ):
        found[each.pseudonym][each.kind] = each
    groups: dict[tuple[int, date], list[dict[SurveyKind, AnswerSheet]]] = defaultdict(list)
    for those in found.values():
        if both <= set(those):
            baseline = those[SurveyKind.BASELINE]
            groups[baseline.course_id or 0, half_of(baseline.period_on).from_on].append(those)
    done = 0
    for (course_id, half_on), people in sorted(groups.items()):
        if len(people) < SMALL:
            continue
        ids = {sheet.id for those in people for sheet in those.values()}
        said = _said(work, ids)
        asked = frozenset(item for numbers in said.values() for item in numbers)
        CHANCE.shuffle(people)
        made = [
            sheet_of(*(Said(asked, said[those[kind].id]) if kind in those else None for kind in kinds))
            for those in people
        ]
        write_practices(work, course_id, half_on, [sheet for _, sheet in evened_out(made)])
        _leave(work, ids)
        done += len(made)
    return done


def _seal_again(work: Work, salt: MatchingSalt) -> None:
    """What was said at an event whose 3-month survey is to come: sealed, and matched when it has closed."""
    keys = work.site.settings.keys
    codes = practice_codes(work.session, salt.event_id)
    of = {
        name: booking_id
        for booking_id in bookings_asked(work.session, salt.event_id)
        for name in pseudonyms(keys, salt.salt or "", booking_id)
    }
    for stage in (FIRST, ON_THE_DAY):
        query = sa.select(AnswerSheet).where(AnswerSheet.event_id == salt.event_id, AnswerSheet.kind == kind_of(stage))
        sheets = [each for each in work.session.scalars(query) if each.pseudonym in of]
        said = _said(work, {each.id for each in sheets}, codes)
        asked = frozenset(item for numbers in said.values() for item in numbers)
        if asked:
            kept = {of[each.pseudonym]: Said(asked, said[each.id]) for each in sheets}
            keep_sealed(work, salt.event_id, stage, kept)
            _leave(work, {each.id for each in sheets}, codes)


def _said(work: Work, sheet_ids: Collection[str], codes: Iterable[str] | None = None) -> dict[str, dict[Item, int]]:
    """What these sheets say of practices."""
    found: dict[str, dict[Item, int]] = {each: {} for each in sheet_ids}
    for some in portions(sorted(sheet_ids)):
        query = (
            sa.select(SurveyAnswer.sheet_id, Question.code, SurveyAnswer.item, SurveyAnswer.number)
            .join(Question, Question.id == SurveyAnswer.question_id)
            .where(SurveyAnswer.sheet_id.in_(some), Question.kind.in_(SCALES))
            .where(sa.true() if codes is None else Question.code.in_(codes))
        )
        for sheet_id, code, item, number in work.session.execute(query):
            found[sheet_id][code, item] = number
    return found


def _leave(work: Work, sheet_ids: Collection[str], codes: Iterable[str] | None = None) -> None:
    """Take practices from these sheets, and whatever joined them to others."""
    scales = sa.select(Question.id).where(Question.kind.in_(SCALES))
    if codes is not None:
        scales = scales.where(Question.code.in_(codes))
    for some in portions(sorted(sheet_ids)):
        work.session.execute(
            sa.delete(SurveyAnswer).where(SurveyAnswer.sheet_id.in_(some), SurveyAnswer.question_id.in_(scales))
        )
        work.session.execute(
            sa.update(AnswerSheet),
            [{"id": each, "pseudonym": new_id()} for each in some],
        )
