"""The menu as the layout draws it: one row, some of its words opening on more lines. Pure: no Flask, no database."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lms.frame.plugins import MenuItem


@dataclass(frozen=True)
class MenuLine:
    """A line of the menu or of the footer."""

    title: str
    url: str
    is_here: bool = False


@dataclass(frozen=True)
class Fold:
    """A word of the top row that opens on several lines; "here" when one of them is."""

    title: str
    lines: tuple[MenuLine, ...]

    @property
    def is_here(self) -> bool:
        return any(line.is_here for line in self.lines)


def menu_of(items: Sequence[MenuItem], path: str, url_of: Callable[[str], str]) -> list[MenuLine | Fold]:
    """These items in their order, groups folded where their first line stands; a group of one is that line.

    `path` is the address of the page. One line at most is "here": the one that leads there or nearest above it.
    """
    current = _current(items, path, url_of)
    lines = {item: MenuLine(item.title, url_of(item.endpoint), item is current) for item in items}
    drawn: list[MenuLine | Fold] = []
    for item in items:
        together = [each for each in items if each is item or (item.group and each.group is item.group)]
        if len(together) == 1:
            drawn.append(lines[item])
        elif item.group and item is together[0]:
            drawn.append(Fold(item.group.value, tuple(lines[each] for each in together)))
    return drawn


def _current(items: Sequence[MenuItem], path: str, url_of: Callable[[str], str]) -> MenuItem | None:
    """The item with the longest address at which `path` begins."""
    longest, current = 0, None
    for item in items:
        for start in (url_of(item.endpoint), *item.also):
            if (path == start or path.startswith(start + "/")) and len(start) > longest:
                longest, current = len(start), item
    return current
