"""The menu: one row, folds where there is more than one line, and at most one line current."""

import pytest

from lms.frame.menu import Fold, MenuLine, menu_of
from lms.frame.plugins import MenuGroup, MenuItem

COURSES = MenuItem("Courses", "/courses", None, 10, also=("/catalogue",))
BRIEFINGS = MenuItem("Briefings", "/briefings", None, 14, group=MenuGroup.LEARNING)
EVENTS = MenuItem("Events", "/events", None, 20)
ANSWERS = MenuItem("Briefings to answer", "/briefings/answers", None, 50, group=MenuGroup.LEARNING)
HELP = MenuItem("Help", "/help", None, 90)
ALL = (COURSES, BRIEFINGS, EVENTS, ANSWERS, HELP)


def here(path: str) -> list[str]:
    """The words that are marked on the page at this address, those of the row first."""
    menu = menu_of(ALL, path, str)
    row = [each.title for each in menu if each.is_here]
    return row + [line.title for fold in menu if isinstance(fold, Fold) for line in fold.lines if line.is_here]


def test_lines_of_a_group_fold_where_the_first_of_them_stands() -> None:
    menu = menu_of(ALL, "/", str)
    assert [each.title for each in menu] == ["Courses", "Learning", "Events", "Help"]
    fold = menu[1]
    assert isinstance(fold, Fold)
    assert [line.title for line in fold.lines] == ["Briefings", "Briefings to answer"]


def test_a_group_of_one_line_is_that_line() -> None:
    assert menu_of((COURSES, ANSWERS), "/courses", str) == [
        MenuLine("Courses", "/courses", is_here=True),
        MenuLine("Briefings to answer", "/briefings/answers"),
    ]


@pytest.mark.parametrize(
    ("path", "marked"),
    [
        ("/courses", ["Courses"]),
        ("/courses/SB", ["Courses"]),
        ("/catalogue/3/edit", ["Courses"]),
        ("/briefings/desk", ["Learning", "Briefings"]),
        ("/briefings/answers", ["Learning", "Briefings to answer"]),
        ("/briefings/answers/4", ["Learning", "Briefings to answer"]),
        ("/events-of-another-kind", []),
        ("/privacy", []),
        ("/", []),
    ],
)
def test_the_line_nearest_above_the_page_is_current_and_no_other(path: str, marked: list[str]) -> None:
    assert here(path) == marked
