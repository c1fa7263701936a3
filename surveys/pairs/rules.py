"""What somebody said of their practice at the stages they answered, and how much of it comes out when. Pure.

Sheets are matched while everything is sealed and come out by course and half-year, five or more together, without event
or agency. The database knows who answered at which stage, so how a sheet looks must never tell whose it is: of those
that come out together, none or at least five answered on the day, and none or at least five were asked an item.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

from lms.kit.telling.numbers import SMALL
from surveys.questions.measures.rules import KNOWLEDGE, RIGHT, WRONG, is_right
from surveys.questions.rules import Answers, Ask, QuestionKind
from surveys.selection.rules import half_of, is_complete

Item = tuple[str, int]
"""A practice: its question's code, and the outcome's place for a course's outcomes, otherwise 0.

What is known has `KNOWLEDGE` instead: its number says whether the answer was right."""
Look = tuple[bool, frozenset[Item]]
"""What of a sheet follows from who was asked what and answered when: whether there is a day, and the items asked."""
KEPT_BACK = 2 * SMALL - 1
"""So many stay back while a half-year is open: enough that a few others can be evened out with five left."""
SCALES = (QuestionKind.SCALE, QuestionKind.OUTCOMES)


def on_scales(numbers: Mapping["Item", int]) -> list[int]:
    """The numbers of scales: what is known is no number from 1 to 10."""
    return [number for (_, item), number in numbers.items() if item != KNOWLEDGE]


class Side(StrEnum):
    """At which of the two stages that are compared somebody answered."""

    BOTH = "both"
    BEFORE = "before"
    AFTER = "after"
    NEITHER = "neither"  # on the day only
    WAITED = "waited"  # twice, without a place: beside those who came, never among them


@dataclass(frozen=True)
class Steps:
    """What somebody said of one practice, from 1 to 10: before, on the day, three months on."""

    before: int | None = None
    on_the_day: int | None = None
    after: int | None = None

    @property
    def is_empty(self) -> bool:
        return self == Steps()


@dataclass(frozen=True)
class Sheet:
    """One person's steps. `asked`: the practices that they were asked; `has_day`: they answered on the day."""

    side: Side
    steps: Mapping[Item, Steps]
    asked: frozenset[Item]
    has_day: bool


@dataclass(frozen=True)
class Said:
    """What one person said at one stage: the practices that they were asked, and those that they answered."""

    asked: frozenset[Item] = frozenset()
    numbers: Mapping[Item, int] = field(default_factory=dict)


def practices_in(asks: Iterable[Ask], answers: Answers, codes: frozenset[str] | None = None) -> Said:
    """What answers say of practices: scales, outcomes and what is known, all of them or those of `codes`."""
    asked: set[Item] = set()
    numbers: dict[Item, int] = {}
    for ask in asks:
        if not (ask.kind in SCALES or ask.right) or (codes is not None and ask.code not in codes):
            continue
        answer = answers.get(ask.code)
        if ask.right:
            asked.add((ask.code, KNOWLEDGE))
            given = None if answer in (None, []) else RIGHT if is_right(answer, ask.right) else WRONG
            numbers |= {} if given is None else {(ask.code, KNOWLEDGE): given}
        elif ask.kind is QuestionKind.SCALE:
            asked.add((ask.code, 0))
            numbers |= {(ask.code, 0): int(answer)} if answer is not None else {}
        else:
            asked |= {(ask.code, place) for place in range(1, len(ask.outcomes) + 1)}
            numbers |= {(ask.code, int(place)): int(number) for place, number in (answer or {}).items()}
    return Said(frozenset(asked), numbers)


def sheet_of(before: Said | None, day: Said | None, after: Said | None) -> Sheet:
    """What one person said at the stages that they answered, put together."""
    said = [each or Said() for each in (before, day, after)]
    items = {item for each in said for item in each.numbers}
    return Sheet(
        side=_side(is_before=before is not None, is_after=after is not None),
        steps={item: Steps(*(each.numbers.get(item) for each in said)) for item in sorted(items)},
        asked=frozenset(item for each in said for item in each.asked),
        has_day=day is not None,
    )


def sheet_of_waiting(before: Said | None, after: Said | None) -> Sheet | None:
    """What somebody said twice who had no place in between; None where they answered once. There is no other use."""
    return (
        replace(sheet_of(before, None, after), side=Side.WAITED) if before is not None and after is not None else None
    )


def _side(*, is_before: bool, is_after: bool) -> Side:
    if is_before:
        return Side.BOTH if is_after else Side.BEFORE
    return Side.AFTER if is_after else Side.NEITHER


# When they come out


def half_to_join(held_on: date, today: date) -> date:
    """The half-year, by its first day, with which something may come out: its own, or the next that is not complete."""
    half = half_of(held_on)
    while is_complete(half, today):
        half = half_of(half.to_on + timedelta(days=1))
    return half.from_on


def coming_out(waiting: Sequence[Sheet], half_on: date, today: date) -> list[tuple[int, Sheet]]:
    """Which of those of a course and half-year come out tonight, by place, and how they look. Shuffle them before.

    While surveys of the half are open, those come out who look the same, five and more, and some stay back, so that
    what comes last is never fewer than five. When the half is complete all come out, evened out; where they are fewer
    than five they join the next half-year of their course (`half_to_join`).
    """
    if is_complete(half_of(half_on), today):
        return evened_out(waiting) if len(waiting) >= SMALL else []
    return [
        (place, waiting[place])
        for places in _looking_the_same(waiting).values()
        if len(places) >= KEPT_BACK + SMALL
        for place in places[KEPT_BACK:]
    ]


def evened_out(sheets: Sequence[Sheet]) -> list[tuple[int, Sheet]]:
    """Sheets that come out together, by place, so that none looks like fewer than five of them.

    A few who did not answer on the day, or were asked another version, are joined by others who lose as much: as many
    as it takes, or all where fewer than five would be left.
    """
    groups = _looking_the_same(sheets)
    while len(groups) > 1 and (
        few := next((look for look in _smallest_first(groups) if len(groups[look]) < SMALL), None)
    ):
        places = groups.pop(few)
        largest = _smallest_first(groups)[-1]
        others = groups.pop(largest)
        missing = SMALL - len(places)
        taken = missing if len(others) - missing >= SMALL else len(others)
        if taken < len(others):
            groups[largest] = others[taken:]
        groups[few[0] and largest[0], few[1] & largest[1]] += [*places, *others[:taken]]
    return [(place, _as_far_as(sheets[place], *look)) for look, places in groups.items() for place in places]


def _looking_the_same(sheets: Sequence[Sheet]) -> defaultdict[Look, list[int]]:
    """The places of sheets by whether there is a day, and what was asked."""
    groups: defaultdict[Look, list[int]] = defaultdict(list)
    for place, each in enumerate(sheets):
        groups[each.has_day, each.asked].append(place)
    return groups


def _smallest_first(groups: Mapping[Look, Sequence[int]]) -> list[Look]:
    return sorted(groups, key=lambda key: (len(groups[key]), key[0], sorted(key[1])))


def _as_far_as(sheet: Sheet, has_day: bool, asked: frozenset[Item]) -> Sheet:
    steps = {
        item: each if has_day else replace(each, on_the_day=None) for item, each in sheet.steps.items() if item in asked
    }
    kept = {item: each for item, each in steps.items() if not each.is_empty}
    return Sheet(sheet.side, kept, asked, has_day)
