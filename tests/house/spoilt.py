"""Run by itself: a site with a new plugin, spoilt in one way after another. `found.json` is what each rule then says.

python -m tests.house.spoilt FOLDER
"""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from lms.frame.db import Base
from lms.frame.lines import package_folder
from lms.frame.plugins import (
    Check,
    Column,
    Export,
    Import,
    Job,
    Leaving,
    LetterExample,
    MenuItem,
    Operation,
    Panel,
    Plugin,
    RecordSource,
    ReportPart,
    ReportSection,
)
from lms.frame.work import Work
from lms.kit.errors import NotFound
from lms.kit.figures import SectionContent
from lms.kit.figures import count as figure
from lms.mail.letters import Letter
from lms.testing.house import RULES
from lms.testing.tryout import Tryout, tried
from wsgi import make_site

NAME = "car_park"
_numbers = count()


@contextmanager
def file_with(tryout: Tryout, name: str, text: str) -> Iterator[None]:
    """A file more in the package."""
    folder = package_folder(tryout.plugins[0])
    assert folder is not None
    (folder / name).write_text(text, encoding="utf-8")
    yield
    (folder / name).unlink()


@contextmanager
def adds(tryout: Tryout, **changes: Any) -> Iterator[None]:
    """The plugin with other parts than it has; figures are asked of the site."""
    site = tryout.site
    other = [replace(each, **changes) if each.name == NAME else each for each in site.plugins]
    sections = (*site.report_sections, *changes.get("report_sections", ()))
    operations = (*site.operations, *changes.get("operations", ()))
    menu = (*site.menu, *changes.get("menu", ()))
    tryout.app.extensions["lms"] = replace(
        site, plugins=tuple(other), report_sections=sections, operations=operations, menu=menu
    )
    yield
    tryout.app.extensions["lms"] = site


@contextmanager
def answers(tryout: Tryout, endpoint: str, view: Callable[..., Any]) -> Iterator[None]:
    """A view that answers otherwise."""
    own = tryout.app.view_functions[endpoint]
    tryout.app.view_functions[endpoint] = view
    yield
    tryout.app.view_functions[endpoint] = own


@contextmanager
def column_more(_tryout: Tryout) -> Iterator[None]:
    """A model that says more than its migrations."""
    table = Base.metadata.tables[f"{NAME}_note"]
    table.append_column(mood := sa.Column("mood", sa.Text))
    yield
    table._columns.remove(mood)


def writes_again(work: Work) -> None:
    work.send(Letter(f"{NAME}.answered", f"{NAME}.answered:1:1:{next(_numbers)}", {}, to_address="a@rvch.example"))


def raises(*_: Any, **__: Any) -> Any:
    raise KeyError("spaces")


def not_there(**_: Any) -> Any:
    raise NotFound("We cannot find that note.")


def deletes(work: Work, person_id: int) -> None:
    work.session.execute(sa.delete(Base.metadata.tables[f"{NAME}_note"]))


def two_sections(_work: Work, _question: Any) -> SectionContent:
    return SectionContent(figures=(figure("events_delivered", "Events", 1, ""),))


def changing(_work: Work) -> Iterator[dict[str, str]]:
    yield {"ref": str(next(_numbers))}


def takes_rows(_work: Work, _rows: Any) -> Any:
    from lms.frame.plugins import ADDED  # noqa: PLC0415

    return lambda row: ADDED


LOSES_ROWS = f'''"""Loses every note."""
from alembic import op
revision, down_revision, branch_labels, depends_on = "0002", "0001", None, None
def upgrade() -> None:
    op.execute("DELETE FROM {NAME}_note")
def downgrade() -> None:
    pass
'''
SCRIPT_INSIDE = "<p onclick='go()'>Go</p>"
LETTER = LetterExample(f"{NAME}.answered", {"words": "When?", "answer": None})
KEY = (Column("ref", is_key=True),)
SPOILT: dict[str, list[Callable[[Tryout], Any]]] = {
    "source": [
        lambda tryout: file_with(tryout, "more.py", "from lms.people.views import bp\n"),
        lambda tryout: file_with(tryout, "more.py", "def go(work):\n    work.session.commit()\n"),
        lambda tryout: file_with(tryout, "more.py", "import courses.facts\n"),
    ],
    "templates": [lambda tryout: file_with(tryout, "templates/more.html", SCRIPT_INSIDE)],
    "letters": [
        lambda tryout: adds(tryout, letters=(LETTER,)),
        lambda tryout: adds(tryout, letters=(replace(LETTER, context={}),)),
    ],
    "migrations": [column_more],
    "rows": [lambda tryout: file_with(tryout, "migrations/0002_lose.py", LOSES_ROWS)],
    "people": [
        lambda tryout: adds(tryout, personal_data=_kept(tryout, erase=deletes)),
        lambda tryout: adds(tryout, personal_data=_kept(tryout, export=lambda *_: {"x": [object()]})),
    ],
    "jobs": [
        lambda tryout: adds(tryout, jobs=(Job(f"{NAME}.j", "j", writes_again, every=timedelta(hours=1)),)),
        lambda tryout: adds(tryout, jobs=(Job(f"{NAME}.j", "j", raises, every=timedelta(hours=1)),)),
    ],
    "checks": [
        lambda tryout: adds(tryout, checks=(Check(f"{NAME}.c", "c", lambda _: ["a space is promised twice"]),)),
        lambda tryout: adds(tryout, checks=(Check(f"{NAME}.c", "c", raises),)),
    ],
    "files": [
        lambda tryout: adds(tryout, imports=(Import("cars", "c", KEY, takes_rows, changing, "x", 1),)),
        lambda tryout: adds(tryout, exports=(Export("cars", "c", "x", ("plate",), changing),)),
    ],
    "figures": [
        lambda tryout: adds(
            tryout, report_sections=(ReportSection(f"{NAME}.s", "S", ReportPart.HOW_MUCH, 1, two_sections),)
        ),
    ],
    "guests": [
        lambda tryout: adds(tryout, panels=(Panel("people.person", raises),)),
        lambda tryout: adds(tryout, record_sources=(RecordSource(f"{NAME}.r", raises),)),
        lambda tryout: adds(tryout, leaving=(Leaving(f"{NAME}.l", "L", raises, raises),)),
    ],
    "api": [lambda tryout: adds(tryout, operations=(Operation(f"{NAME}.o", "GET", "/o", "o", object(), raises),))],
    "menu": [lambda tryout: adds(tryout, menu=(MenuItem("Notes", "audit.audit", None, 1),))],
    "pages": [lambda tryout: answers(tryout, f"{NAME}.notes", raises)],
    "opened": [lambda tryout: answers(tryout, f"{NAME}.answer", not_there)],
    "not found": [lambda tryout: answers(tryout, f"{NAME}.answer", lambda **_: "Here it is")],
    "forms": [lambda tryout: answers(tryout, f"{NAME}.notes", _careless(tryout))],
}


def _kept(tryout: Tryout, **changes: Any) -> Any:
    plugin: Plugin = tryout.plugins[0]
    assert plugin.personal_data is not None
    return replace(plugin.personal_data, **changes)


def _careless(tryout: Tryout) -> Callable[..., Any]:
    """Shows the form, and fails when it is sent."""
    own = tryout.app.view_functions[f"{NAME}.notes"]

    def view() -> Any:
        from flask import request  # noqa: PLC0415

        return own() if request.method == "GET" else raises()

    return view


def main(folder: Path) -> dict[str, list[list[str]]]:
    """What each rule says of each way of being spoilt."""
    found: dict[str, list[list[str]]] = {}
    with tried(make_site, (NAME,), "sqlite", folder) as tryout:
        for rule in RULES:
            for spoil in SPOILT[rule.name]:
                with spoil(tryout):
                    found.setdefault(rule.name, []).append([str(line) for line in rule.find(tryout)])
    return found


if __name__ == "__main__":
    told = main(Path(sys.argv[1]))
    (Path(sys.argv[1]) / "found.json").write_text(json.dumps(told), encoding="utf-8")
