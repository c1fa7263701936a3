"""What of an event has changed for those who were told of it, and which letter that needs. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from courses.facts import ChangedPart, EventPart
from lms.kit.words import days_and_times, listed

THE_LINK_FOLLOWS = "Online: the link follows"
NOTHING = "nothing"
NOBODY = "no one named yet"
DIRECTIONS = "How to get there"
WHERE, TRAINERS = "Where", "Trainers"
"""What the parts are called that say in which place it is, and who trains."""


@dataclass(frozen=True)
class Place:
    """A venue as these rules see it; online when it has no name. `id`: the same, however it is described."""

    name: str = ""
    address: str = ""
    directions: str = ""
    id: int = 0

    @property
    def words(self) -> str:
        """The name up to its first comma with the address, or the name; "Online"."""
        return f"{self.name.split(',')[0]}, {self.address}" if self.address else self.name or "Online"


@dataclass(frozen=True)
class DayTold:
    """One day as people were told of it."""

    starts_at: datetime
    ends_at: datetime
    place: Place = Place()
    online_url: str = ""


@dataclass(frozen=True)
class EventTold:
    """Everything that people were told of an event."""

    days: tuple[DayTold, ...]
    joining_note: str = ""
    trainers: tuple[str, ...] = ()


def is_same_building(one: Place, other: Place) -> bool:
    """Two rooms of one house: by their address, or by the first and last part of their name; or one, described anew."""
    if one.id and one.id == other.id:
        return True
    if not one.name or not other.name:
        return one.name == other.name
    if one.address and other.address:
        return one.address.casefold() == other.address.casefold()
    return _ends(one.name) == _ends(other.name)


def _ends(name: str) -> tuple[str, str]:
    parts = [part.strip().casefold() for part in name.split(",")]
    return parts[0], parts[-1]


def changed_parts(was: EventTold, now: EventTold) -> tuple[ChangedPart, ...]:
    """What has to be told, the weightiest first, each as it was and as it is."""
    found = []
    if _times(was) != _times(now):
        found.append(ChangedPart(EventPart.TIME, "When", days_and_times(_times(was)), days_and_times(_times(now))))
    if _places(was) != _places(now):
        is_room = len(was.days) == len(now.days) and all(
            is_same_building(one.place, other.place) for one, other in zip(was.days, now.days, strict=True)
        )
        found.append(
            ChangedPart(
                EventPart.JOINING if is_room else EventPart.PLACE, WHERE, listed(_places(was)), listed(_places(now))
            )
        )
    if _where_it_is(was) == _where_it_is(now) and _directions(was) != _directions(now):
        found.append(
            ChangedPart(EventPart.JOINING, DIRECTIONS, _directions(was) or NOTHING, _directions(now) or NOTHING)
        )
    if _links(was) != _links(now):
        found.append(ChangedPart(EventPart.JOINING, "Link to join", _link_words(was), _link_words(now)))
    if was.joining_note != now.joining_note:
        words = (was.joining_note or NOTHING, now.joining_note or NOTHING)
        found.append(ChangedPart(EventPart.JOINING, "Joining instructions", *words))
    if was.trainers != now.trainers:
        names = (listed(each.trainers) if each.trainers else NOBODY for each in (was, now))
        found.append(ChangedPart(EventPart.JOINING, TRAINERS, *names))
    return tuple(sorted(found, key=lambda each: list(EventPart).index(each.part)))


def _times(told: EventTold) -> list[tuple[datetime, datetime]]:
    return [(day.starts_at, day.ends_at) for day in told.days]


def _places(told: EventTold) -> list[str]:
    return list(dict.fromkeys(day.place.words for day in told.days))


def _where_it_is(told: EventTold) -> list[int]:
    return [day.place.id for day in told.days]


def _directions(told: EventTold) -> str:
    return " ".join(dict.fromkeys(day.place.directions for day in told.days if day.place.directions))


def _links(told: EventTold) -> list[str]:
    return list(dict.fromkeys(day.online_url for day in told.days if day.online_url))


def _link_words(told: EventTold) -> str:
    if _links(told):
        return ", ".join(_links(told))
    is_online = any(not day.place.name for day in told.days)
    return "the link follows" if is_online else "none"


def given_a_date_again(was: EventTold, now: EventTold) -> ChangedPart:
    """An event that was postponed has a date, be it the old one."""
    was_words = f"postponed; it was to be on {days_and_times(_times(was))}"
    return ChangedPart(EventPart.TIME, "When", was_words, days_and_times(_times(now)))


def may_be_kept_quiet(parts: Sequence[ChangedPart]) -> bool:
    """Whether it may be a mere correction: a note may; another day, place, link or trainer has to be told."""
    return all(each.label == "Joining instructions" for each in parts)


def merged(untold: Sequence[ChangedPart], later: Sequence[ChangedPart]) -> tuple[ChangedPart, ...]:
    """What somebody has to hear who was not told of the changes before these: from what they know to what is.

    What has gone back to what they know is nothing to tell.
    """
    found = {each.label: each for each in untold}
    for each in later:
        before = found.get(each.label)
        weightier = min((each.part, before.part), key=list(EventPart).index) if before else each.part
        found[each.label] = replace(each, was=before.was, part=weightier) if before else each
    left = (each for each in found.values() if each.was != each.now)
    return tuple(sorted(left, key=lambda each: list(EventPart).index(each.part)))
