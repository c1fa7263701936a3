"""How reviews are counted by theme. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from lms.kit.errors import Invalid


class ThemeEvent(StrEnum):
    """What can happen to a theme."""

    ADDED = "added"
    RENAMED = "renamed"
    MERGED = "merged"


@dataclass(frozen=True)
class ThemeCount:
    """Reviews that carry a theme, of the reviews in scope."""

    theme: str
    count: int
    total: int

    @property
    def words(self) -> str:
        """10 of 13"""
        return f"{self.count} of {self.total}"

    @property
    def per_cent(self) -> float:
        """The width of its bar."""
        return 100 * self.count / self.total if self.total else 0.0


def theme_counts(themes_by_review: Mapping[int, Iterable[str]]) -> list[ThemeCount]:
    """The themes of the reviews in scope, the most frequent first.

    A review counts once for each of its themes, so the counts add up to more than the reviews.
    """
    counted = Counter(theme for themes in themes_by_review.values() for theme in set(themes))
    total = len(themes_by_review)
    return sorted(
        (ThemeCount(theme, count, total) for theme, count in counted.items()),
        key=lambda each: (-each.count, each.theme.casefold()),
    )


def checked_name(typed: str) -> str:
    """A theme's name, tidied. Refuses an empty one."""
    name = " ".join(typed.split())
    if not name:
        raise Invalid("Enter the theme's name.", field="name")
    return name
