"""How much may be kept with answers, and which may be matched, so that no group of fewer than five shows. Pure."""

from collections import Counter
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from lms.kit.telling.numbers import SMALL

T = TypeVar("T", bound=Hashable)


@dataclass(frozen=True)
class Chain:
    """One person of an event, by place: what their pseudonym has answered before, and whether they answered now."""

    place: int
    before: frozenset[str]
    is_answered: bool


def links_to_keep(people: Sequence[Chain]) -> frozenset[int]:
    """The places whose answer may carry their pseudonym, so that it is matched with what they answered before.

    The database knows who answered at which stage. Somebody who is nearly alone in having skipped one could be found
    by the shape of their answers. So, of those with the same answers before: those matched are none or five and more,
    and so are those whose earlier answers stay without a later one; and so are all later answers without an earlier
    one. Where that does not come out, further links are left out, of those who come first in `people`: shuffle it.
    """
    kept: dict[frozenset[str], list[int]] = {}
    for before in {each.before for each in people if each.before}:
        here = [each for each in people if each.before == before]
        answered = [each.place for each in here if each.is_answered]
        rest = len(here) - len(answered)
        left_out = SMALL - rest if 0 < rest < SMALL else 0
        kept[before] = answered[left_out:] if len(answered) - left_out >= SMALL else []
    total = sum(each.is_answered for each in people)
    while 0 < total - sum(map(len, kept.values())) < SMALL and any(kept.values()):
        largest = max(kept, key=lambda before: (len(kept[before]), sorted(before)))
        kept[largest] = kept[largest][1:] if len(kept[largest]) > SMALL else []
    return frozenset(place for places in kept.values() for place in places)


def may_be_let_out(number: int) -> bool:
    """Answers come out together, five or more of them."""
    return number >= SMALL


def sizes(names: Collection[T]) -> Mapping[T, int]:
    """How many there are of each."""
    return Counter(names)
