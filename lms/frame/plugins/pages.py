"""What a plugin adds to pages: who may open them, lines of the menu, settings, and boxes on others' pages."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from lms.frame.access import Role
from lms.frame.work import Work


@dataclass(frozen=True)
class Permission:
    """Something that a person may do. `name` is `<plugin>.<verb>`; `words` complete "may ...".

    The site refuses a permission that guards nothing, unless queries or services ask for it (`is_asked_in_code`).
    One that `is_for_people` is never held by a token of the API, whatever its role.
    """

    name: str
    words: str
    roles: frozenset[Role]
    is_asked_in_code: bool = False
    is_for_people: bool = False


class MenuGroup(StrEnum):
    """The words under which lines of the menu fold together, so that its top row stays one row."""

    LEARNING = "Learning"
    PEOPLE = "People"
    SURVEYS = "Surveys"
    RESULTS = "Results"
    OFFICE = "Office"


@dataclass(frozen=True)
class MenuItem:
    """A line of the menu, seen by those who hold the permission; `permission=None` is for everybody.

    A menu item without `position` would jump about: lower comes first, the host's own are multiples of 10. A line in
    a `group` stands under its word, which comes where its first line would; without, it stands in the top row.
    The line is current on its own page and on those whose addresses begin with its own; `also` names more beginnings.
    """

    title: str
    endpoint: str
    permission: str | None
    position: int
    group: MenuGroup | None = None
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Setting:
    """A choice of the installation, read from the environment at the start.

    `name` is `<plugin>.<setting>`; `courses.letter_days` is typed as LMS_COURSES_LETTER_DAYS. `read` turns the text
    into a value and raises ValueError; `words` say what it should be.
    """

    name: str
    words: str
    default: Any
    read: Callable[[str], Any]

    @property
    def environment_name(self) -> str:
        return "LMS_" + self.name.replace(".", "_").upper()


@dataclass(frozen=True)
class PanelContent:
    """What a panel shows: a template of the plugin and plain values for it."""

    template: str
    context: Mapping[str, Any]


@dataclass(frozen=True)
class PanelPlace:
    """Where a page of the plugin shows the panels of others, by `panels_at(name, id)` in its template.

    `words` say where that is and whose id a panel is given. In a place that `is_list`, a panel is an item, `<li>`.
    """

    name: str
    words: str
    is_list: bool = False


@dataclass(frozen=True)
class Panel:
    """A box that a plugin adds to another's page. `place` is the name of a PanelPlace, `people.person`.

    `show(work, thing_id)` answers None when it has nothing to say to this reader.
    """

    place: str
    show: Callable[[Work, int], PanelContent | None]


@dataclass(frozen=True)
class WaitingLine:
    """What waits for a person today: how many, in words for one and for many, and the page where it is done."""

    number: int
    one: str
    many: str
    url: str
    note: str = ""
    is_urgent: bool = False


@dataclass(frozen=True)
class Waiting:
    """What a plugin puts on the desk of those who hold a permission. `find(work)` answers lines."""

    name: str
    permission: str
    position: int
    find: Callable[[Work], Iterable[WaitingLine]]
