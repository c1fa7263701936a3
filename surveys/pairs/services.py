"""Matching what is sealed, and letting it out: shuffled, under random names, by course and half-year.

This is the only place that reads sealed practices, and the only one that writes practice sheets.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from random import SystemRandom
from typing import Any

import sqlalchemy as sa

from lms.frame.work import Work
from lms.kit.portions import portions
from lms.kit.working_days import london_date
from surveys.answers.queries import people_of
from surveys.answers.sealing.rules import new_id, once_mark, practice_ids, seal, unseal
from surveys.invitations.rules import Route
from surveys.pairs.models import PracticeAnswer, PracticeSheet, RouteCount, SealedPractice, SealedSheet, StartFigure
from surveys.pairs.queries import OverEvent, events_over
from surveys.pairs.rules import (
    Said,
    Sheet,
    Side,
    coming_out,
    half_to_join,
    on_scales,
    sheet_of,
    sheet_of_waiting,
)
from surveys.pairs.sealing.rules import Kept, said_from, said_kept, sheet_from, sheet_kept, start_from, start_kept
from surveys.pairs.starts.rules import Start, starts_told
from surveys.selection.rules import half_of, is_complete
from surveys.stages.rules import COMPARED, LAST, LAST_WAITING, OF_WAITING, Stage

ONCE = "once"
"""Where a sheet that waits remembers that it is one person's, until its half-year is complete."""
CHANCE = SystemRandom()


def keep_sealed(work: Work, event_id: int, stage: Stage, said: Mapping[int, Said]) -> None:
    """Keep what people said of their practice at a stage, by booking, until the 3-month survey has closed."""
    keys = work.site.settings.keys
    rows = [
        {"id": practice_ids(keys, booking_id, stage)[0], "event_id": event_id, "sealed": seal(keys, said_kept(each))}
        for booking_id, each in said.items()
    ]
    if rows:
        work.session.execute(sa.insert(SealedPractice), sorted(rows, key=lambda row: str(row["id"])))


def count_routes(work: Work, event_id: int, stage: Stage, routes: Mapping[str, int]) -> None:
    """Note by which ways the answers to a stage of an event came, as far as it is known."""
    for route in Route:
        if people := routes.get(route, 0):
            there = work.session.get(RouteCount, (event_id, stage, route))
            if there is None:
                work.session.add(RouteCount(event_id=event_id, stage=stage, route=route, people=people))
            else:
                there.people += people


def match_closed(work: Work) -> int:
    """Match the answers of every event whose 3-month survey has closed. How many sheets. Safe to repeat."""
    return sum(_match(work, event) for event in events_over(work.session, work.now))


def _match(work: Work, event: OverEvent) -> int:
    """Put the stages of each person together, sealed afresh under random names; then the stages go.

    Whoever was not there was not asked three months on: what they said before goes with the rest.
    """
    keys, today = work.site.settings.keys, london_date(work.now)
    query = sa.select(SealedPractice).where(SealedPractice.event_id == event.id).order_by(SealedPractice.id)
    sealed = {each.id: each.sealed for each in work.session.scalars(query.with_for_update(key_share=True))}
    half_on = half_to_join(london_date(event.ends_at), today)
    matched: list[Kept] = []
    starts: list[Kept] = []
    for person in people_of(work.session, event.id, LAST):
        before, day, after = (_said(work, sealed, person.booking_id, stage) for stage in COMPARED)
        if before is None and day is None and after is None:
            continue
        matched.append(sheet_kept(sheet_of(before, day, after)) | {ONCE: once_mark(keys, person.person_id)})
        if before is not None and (numbers := on_scales(before.numbers)):
            mean = sum(numbers) / len(numbers)
            starts.append(start_kept(Start(person.sector_id, mean, is_later=after is not None)))
    matched += _of_waiting(work, event, sealed)
    rows = [
        {"id": new_id(), "course_id": course_id, "half_on": half_on, "sealed": seal(keys, each)}
        for course_id, those in ((event.course_id, matched), (None, starts))
        for each in those
    ]
    _insert(work, SealedSheet, rows)
    work.session.execute(sa.delete(SealedPractice).where(SealedPractice.event_id == event.id))
    return len(matched)


def _of_waiting(work: Work, event: OverEvent, sealed: Mapping[str, str]) -> list[Kept]:
    """What those said twice who waited for this event and had no place since. Whoever said it once is not kept."""
    found = []
    for person in people_of(work.session, event.id, LAST_WAITING):
        before, after = (_said(work, sealed, person.booking_id, stage) for stage in OF_WAITING)
        if sheet := sheet_of_waiting(before, after):
            found.append(sheet_kept(sheet) | {ONCE: once_mark(work.site.settings.keys, person.person_id)})
    return found


def _said(work: Work, sealed: Mapping[str, str], booking_id: int, stage: Stage) -> Said | None:
    keys = work.site.settings.keys
    there = next((sealed[each] for each in practice_ids(keys, booking_id, stage) if each in sealed), None)
    kept = None if there is None else unseal(keys, there)
    return None if kept is None else said_from(kept)


# Letting out


def let_practices_out(work: Work) -> int:
    """Let out what may come out tonight of what is matched. How many sheets. Safe to repeat."""
    today = london_date(work.now)
    waiting = _waiting(work)
    done = 0
    for course_id, half_on in sorted(key for key in waiting if key[0]):
        done += _let_out(work, course_id, half_on, waiting[course_id, half_on], today)
    for half_on in sorted(half_on for course_id, half_on in waiting if not course_id):
        if is_complete(half_of(half_on), today):
            _tell_starts(work, half_on, waiting[0, half_on])
    return done


def _waiting(work: Work) -> dict[tuple[int, date], list[tuple[str, Kept]]]:
    """What is sealed, by course (0 for none) and half-year, opened. What none of the keys opens stays."""
    found: dict[tuple[int, date], list[tuple[str, Kept]]] = defaultdict(list)
    query = sa.select(SealedSheet).order_by(SealedSheet.id).with_for_update(key_share=True)
    for each in work.session.scalars(query):
        opened = unseal(work.site.settings.keys, each.sealed)
        if opened is not None:
            found[each.course_id or 0, each.half_on].append((each.id, opened))
    return found


def _let_out(work: Work, course_id: int, half_on: date, waiting: Sequence[tuple[str, Kept]], today: date) -> int:
    once, twice = _once_each(waiting)
    _take_away(work, twice)
    sheets = [(id_, sheet_from(kept)) for id_, kept in once]
    out: list[Sheet] = []
    gone: set[str] = set()
    for side in Side:
        those = [(id_, sheet) for id_, sheet in sheets if sheet.side is side]
        for place, shown in coming_out([sheet for _, sheet in those], half_on, today):
            out.append(shown)
            gone.add(those[place][0])
    write_practices(work, course_id, half_on, out)
    _take_away(work, gone)
    joins = half_to_join(half_on, today)
    if joins != half_on:
        _join(work, joins, [(id_, kept) for id_, kept in once if id_ not in gone])
    return len(out)


def _once_each(waiting: Sequence[tuple[str, Kept]]) -> tuple[list[tuple[str, Kept]], set[str]]:
    """Shuffled; of somebody who came to the course twice in the half-year the fuller sheet, and those that go.

    So with somebody who waited twice; who waited and then came is on both sides, once each.
    """
    sheets = list(waiting)
    CHANCE.shuffle(sheets)
    sheets.sort(key=lambda each: list(Side).index(Side(each[1]["side"])))
    found: dict[tuple[str, bool], str] = {}
    for id_, kept in sheets:
        found.setdefault((kept.get(ONCE) or id_, kept["side"] == Side.WAITED), id_)
    kept_ids = set(found.values())
    return [each for each in sheets if each[0] in kept_ids], {id_ for id_, _ in sheets} - kept_ids


def _join(work: Work, half_on: date, sheets: Iterable[tuple[str, Kept]]) -> None:
    """What is left of a half-year joins the next, and from now on nothing says whose it is."""
    for id_, kept in sheets:
        sealed = seal(work.site.settings.keys, {name: each for name, each in kept.items() if name != ONCE})
        work.session.execute(sa.update(SealedSheet).where(SealedSheet.id == id_).values(half_on=half_on, sealed=sealed))


def write_practices(work: Work, course_id: int, half_on: date, sheets: Iterable[Sheet]) -> None:
    """Sheets and their answers, in no order."""
    rows, answers = [], []
    for sheet in sheets:
        id_ = new_id()
        rows.append({"id": id_, "course_id": course_id, "half_on": half_on, "side": sheet.side})
        answers += [
            {
                "sheet_id": id_,
                "code": code,
                "item": item,
                "before": steps.before,
                "on_the_day": steps.on_the_day,
                "after": steps.after,
            }
            for (code, item), steps in sheet.steps.items()
        ]
    _insert(work, PracticeSheet, rows)
    _insert(work, PracticeAnswer, sorted(answers, key=lambda row: str(row["sheet_id"])))


def _tell_starts(work: Work, half_on: date, waiting: Sequence[tuple[str, Kept]]) -> None:
    told = starts_told([start_from(kept) for _, kept in waiting])
    _insert(work, StartFigure, [{"half_on": half_on, **vars(each)} for each in told])
    _take_away(work, {id_ for id_, _ in waiting})


def _take_away(work: Work, ids: Iterable[str]) -> None:
    for some in portions(sorted(ids)):
        work.session.execute(sa.delete(SealedSheet).where(SealedSheet.id.in_(some)))


def _insert(work: Work, model: Any, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        work.session.execute(sa.insert(model), sorted(rows, key=lambda row: str(row.get("id", ""))))
