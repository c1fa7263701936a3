"""Run by itself: a site in which `charges` cannot even be imported. Tells what it found, as JSON.

python -m tests.house.without_charges DATABASE_URL FOLDER
"""

import json
import re
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.routing import Rule


class NoCharges(MetaPathFinder):
    """Whoever imports charges stops here."""

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> None:
        if fullname.partition(".")[0] == "charges":
            raise ImportError("charges are left out")


sys.meta_path.insert(0, NoCharges())


from briefings.plugin import PLUGIN as BRIEFINGS  # noqa: E402
from courses.plugin import PLUGIN as COURSES  # noqa: E402
from lms.frame.access import Role  # noqa: E402
from lms.frame.db import Base, begin_reading, make_engine  # noqa: E402
from lms.frame.settings import Settings  # noqa: E402
from lms.hosting.app import create_app  # noqa: E402
from lms.people.models import Person, RoleGrant  # noqa: E402
from lms.testing.browsers import browser_of  # noqa: E402
from reviews.plugin import PLUGIN as REVIEWS  # noqa: E402
from surveys.plugin import PLUGIN as SURVEYS  # noqa: E402
from tests.house.gathering import gathered_once  # noqa: E402
from tests.make import Make  # noqa: E402
from tests.moments import NOW  # noqa: E402

NOBODY = "nobody"
FILE = re.compile(r"\.(pdf|xlsx|csv|json|svg|ics)$")
UNTRUE = re.compile(
    r"(may|is) be? ?charged \S*£|may be charged|the charge|charges are|charging policy|/charges|/invoices"
)
SEES_MOST = Role.BUSINESS_MANAGER
WALKED = (SEES_MOST, Role.COORDINATOR, Role.AGENCY_LEAD, Role.TRAINER, Role.FINANCE, Role.CHAIR)
"""On SQLite: what pages say is the same on both kinds of database, and here they guard no money."""

SEE_THE_SAME = {Role.COORDINATOR.value, Role.FINANCE.value, Role.CHAIR.value}
"""Whose pages of figures say what they say to whoever sees most, or less of it; others have queries of their own."""


def main(url: str, folder: Path) -> dict[str, Any]:
    """Begin from nothing, load the demonstration, and use all of it."""
    settings = Settings(
        secret_key="a key for tests, long enough",
        database_url=url,
        mail_url=f"file://{folder / 'mailbox'}",
        mail_from="Training team <training@rowanvalleyscp.example>",
        base_url="http://localhost",
        instance=folder,
        is_demo=True,
    )
    app = create_app(settings, [REVIEWS, COURSES, SURVEYS, BRIEFINGS], clock=lambda: NOW)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
    run = app.test_cli_runner().invoke
    year = ["--from", "2025-04-01", "--to", "2026-03-31"]
    said = {
        name: run(args=args)
        for name, args in {
            "init": ["init"],
            "demo": ["demo"],
            "again": ["init"],
            "jobs": ["jobs", "run-due"],
            "mail": ["mail", "deliver"],
            "check": ["check"],
            "report": ["report", "annual", *year, "--format", "json", "--out", str(folder / "report.json")],
            "csv": ["report", "annual", *year, "--format", "csv", "--out", str(folder / "report.csv")],
            "bookings": ["export", "bookings", "--out", str(folder / "bookings.csv")],
        }.items()
    }
    engine = make_engine(url)
    pages = list(_walk(app, engine)) if engine.dialect.name == "sqlite" else []
    tables = sorted(sa.inspect(engine).get_table_names())
    engine.dispose()
    letters = [path.read_text(encoding="utf-8", errors="replace") for path in (folder / "mailbox").glob("*.eml")]
    return {
        "commands": {name: [result.exit_code, result.output[-2000:]] for name, result in said.items()},
        "walked": len(pages),
        "broken": [f"{who} {address}: {status}" for who, address, status, _ in pages if status >= 500],
        "untrue": sorted({f"{address}: {found[0]}" for _, address, _, text in pages if (found := UNTRUE.search(text))}),
        "letters": len(letters),
        "untrue_letters": [found[0] for text in letters if (found := UNTRUE.search(text))],
        "tables": tables,
        "known": sorted(Base.metadata.tables),
    }


def _walk(app: Flask, engine: sa.Engine) -> Any:
    """Pages of figures take longest: they are made for whoever sees most, and for those who see others."""
    with Session(engine) as session:
        begin_reading(session)
        found = ((rule.endpoint, _address(app, session, rule)) for rule in app.url_map.iter_rules())
        addresses = [(endpoint, address) for endpoint, address in found if address]
        browsers = list(_browsers(app, session, WALKED))
    of_figures: set[str] = set()
    for who, browser in browsers:
        with gathered_once() as gathered:
            for endpoint, address in _open_to(app, addresses, who):
                if who in SEE_THE_SAME and endpoint in of_figures:
                    continue
                before = len(gathered)
                with browser.get(address) as answer:
                    yield who, address, answer.status_code, answer.text if answer.mimetype == "text/html" else ""
                if who == SEES_MOST and len(gathered) > before:
                    of_figures.add(endpoint)


def _open_to(app: Flask, addresses: list[tuple[str, str]], who: str) -> list[tuple[str, str]]:
    """What their guard lets somebody see. Nobody asks for all: a refusal is one page, and asks nothing new.

    Files, which take longest, are made once of the figures that several may read.
    """
    if who == NOBODY:
        return addresses
    site = app.extensions["lms"]
    has = {"public", "signed in", *site.permissions_of(frozenset({Role.DELEGATE, Role(who)}))}
    views, makes_files = app.view_functions, who not in (Role.COORDINATOR, Role.CHAIR)
    return [
        (endpoint, url)
        for endpoint, url in addresses
        if getattr(views[endpoint], "guard", "public") in has and (makes_files or not FILE.search(url))
    ]


def _browsers(app: Flask, session: Session, walked: Sequence[Role]) -> Any:
    yield NOBODY, app.test_client()
    known: dict[str, str] = {}
    with Session(session.get_bind()) as writing:
        make = Make(writing)
        for role in walked:
            person = writing.scalars(
                sa.select(Person).join(RoleGrant, RoleGrant.person_id == Person.id).where(RoleGrant.role == role)
            ).first()
            account = make.account(person or make.person(f"Robin {role.value}", roles=(role,)))
            known[role.value] = account.fs_uniquifier
        make.commit()
    yield from ((who, browser_of(app, uniquifier)) for who, uniquifier in known.items())


def _address(app: Flask, session: Session, rule: Rule) -> str:
    """A page's address with the first record there is; none for what an example cannot be made up for here."""
    if "GET" not in (rule.methods or ()) or rule.endpoint == "static" or rule.endpoint.startswith("api."):
        return ""
    values = {name: _value(session, name) for name in rule.arguments}
    if None in values.values():
        return ""
    with app.test_request_context():
        return app.url_for(rule.endpoint, **values)


def _value(session: Session, name: str) -> Any:
    if name == "code":
        return session.scalar(sa.text("SELECT max(code) FROM course"))
    thing = name.removesuffix("_id")
    found = (each for each in Base.metadata.sorted_tables if each.name == thing or each.name.endswith(f"_{thing}"))
    table = next((each for each in found if "id" in each.c), None)
    return session.scalar(sa.select(sa.func.max(table.c.id))) if name.endswith("_id") and table is not None else None


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], Path(sys.argv[2]))))  # noqa: T201
