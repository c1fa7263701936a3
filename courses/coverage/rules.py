"""How a course can cover a learning point, and where coverage has gaps. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class How(StrEnum):
    """From least to most; drawn as one, two or three strands."""

    MENTIONED = "mentioned"
    TAUGHT = "taught"
    PRACTISED = "practised"


STRANDS = {How.MENTIONED: 1, How.TAUGHT: 2, How.PRACTISED: 3}
MEANINGS = {
    How.PRACTISED: "Practised: people try it in a scenario",
    How.TAUGHT: "Taught: explained and discussed",
    How.MENTIONED: "Mentioned: on a slide or handout",
}
COMMON_SHARE = 3
"""A theme is common when one review in so many carries it, and at least two do."""


class GapKind(StrEnum):
    """What can be missing between a learning point and those who should learn it."""

    NOT_COVERED = "not_covered"
    MENTIONED_ONLY = "mentioned_only"
    NOT_DELIVERED = "not_delivered"
    REVIEWED_BEFORE = "reviewed_before"


@dataclass(frozen=True)
class Covered:
    """A live course that covers a point; `delivered_on` is the day of its last event since it does."""

    title: str
    how: How
    since_on: date
    delivered_on: date | None
    reviewed_on: date


@dataclass(frozen=True)
class CoverageGap:
    """A gap, and what it is about: the course that is out of date, or the day since when nothing was delivered."""

    kind: GapKind
    title: str = ""
    day: date | None = None


def strongest(covered: Iterable[Covered]) -> Covered | None:
    """The course that covers it most; of equals, the one that has done so longest."""
    return max(covered, key=lambda each: (STRANDS[each.how], -each.since_on.toordinal()), default=None)


def gaps_of(settled_on: date, covered: Sequence[Covered]) -> list[CoverageGap]:
    """What is missing for a point that reads as it does since `settled_on`, given the live courses that cover it."""
    best = strongest(covered)
    if best is None:
        return [CoverageGap(GapKind.NOT_COVERED)]
    gaps = [CoverageGap(GapKind.MENTIONED_ONLY)] if best.how is How.MENTIONED else []
    if all(each.delivered_on is None for each in covered):
        gaps.append(CoverageGap(GapKind.NOT_DELIVERED, day=min(each.since_on for each in covered)))
    before = [each for each in covered if each.reviewed_on < settled_on]
    return [*gaps, *(CoverageGap(GapKind.REVIEWED_BEFORE, each.title, each.reviewed_on) for each in before)]


def last_delivered(since_on: date, delivered_on: date | None) -> date | None:
    """The day of the last event, if the point was covered then."""
    return delivered_on if delivered_on is not None and delivered_on >= since_on else None


@dataclass(frozen=True)
class ThemeCover:
    """A theme: reviews that carry it of all, its learning points, and how many a live course covers or teaches."""

    theme: str
    reviews: int
    all_reviews: int
    points: int
    covered: int
    taught: int


def is_common(theme: ThemeCover) -> bool:
    """Carried by a third of the reviews or more, and by two at least."""
    return theme.reviews >= 2 and theme.reviews * COMMON_SHARE >= theme.all_reviews


def is_thin(theme: ThemeCover) -> bool:
    """Common in reviews, but no live course covers it, or fewer than half of its points are taught or practised."""
    return is_common(theme) and (theme.covered == 0 or theme.taught * 2 < theme.points)


def short_titles(titles: Sequence[str]) -> list[str]:
    """What stands before the colon, where that tells the courses apart."""
    short = [title.partition(":")[0].strip() for title in titles]
    return [one if one and short.count(one) == 1 else title for one, title in zip(short, titles, strict=True)]


def in_a_sentence(text: str) -> str:
    """A learning point as it goes on after a colon: "find out about every adult in a baby's life"."""
    text = " ".join(text.split()).rstrip(".")
    is_name = len(text) < 2 or not text[1:2].islower()
    return text if is_name else text[0].lower() + text[1:]


def learned_sentence(reviews: int, text: str) -> str:
    """Covers learning from 3 reviews: find out about every adult in a baby's life."""
    if not text:
        return ""
    origin = "our reviews" if reviews == 0 else f"{reviews} review{'' if reviews == 1 else 's'}"
    return f"Covers learning from {origin}: {in_a_sentence(text)}."
