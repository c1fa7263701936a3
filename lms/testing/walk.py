"""Walking the pages of a plugin: every one as everybody, every form with what cannot be right."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from lms.frame.db import Base, begin_reading
from lms.testing.tryout import NOBODY, Tryout

SAMPLES = 2
NO_RECORD: Any = 987_654_321


@dataclass(frozen=True)
class Address:
    """One page to open. `is_example`: its parameters name records that are there."""

    endpoint: str
    url: str
    is_example: bool


def addresses(tryout: Tryout) -> list[Address]:
    """Every page of the plugins that are tried, with up to two examples where the address has parameters."""
    with Session(tryout.engine) as session, tryout.app.test_request_context():
        begin_reading(session)
        found = [address for rule in _rules(tryout) for address in _addresses(tryout, session, rule)]
    return sorted(set(found), key=lambda each: each.url)


def _rules(tryout: Tryout) -> list[Rule]:
    own = {blueprint.name for plugin in tryout.plugins for blueprint in plugin.blueprints}
    rules = tryout.app.url_map.iter_rules()
    return [rule for rule in rules if "GET" in (rule.methods or ()) and rule.endpoint.rpartition(".")[0] in own]


def _addresses(tryout: Tryout, session: Session, rule: Rule) -> Iterator[Address]:
    columns = {name: _values(tryout, session, name) for name in sorted(rule.arguments)}
    is_example = all(columns.values())
    for number in range(max((len(values) for values in columns.values()), default=1) or 1):
        values: dict[str, Any] = {name: found[number % len(found)] if found else 1 for name, found in columns.items()}
        yield Address(rule.endpoint, tryout.app.url_for(rule.endpoint, **values), is_example)


def _values(tryout: Tryout, session: Session, name: str) -> list[Any]:
    """`gift_id` counts in the table `<plugin>_gift`, or in the host's `gift`."""
    for table in (*(f"{each}_{name}".removesuffix("_id") for each in tryout.names), name.removesuffix("_id")):
        if name.endswith("_id") and table in Base.metadata.tables:
            column = Base.metadata.tables[table].c.id
            return list(session.scalars(sa.select(column).order_by(column.desc()).limit(SAMPLES)))
    return []


def broken_pages(tryout: Tryout) -> Iterator[str]:
    """Pages that fail for somebody. The database refuses what a GET writes, so one that writes fails too."""
    pages = addresses(tryout)
    for who, browser in tryout.everybody():
        for page in pages:
            with browser.get(page.url) as answer:
                if answer.status_code >= 500:
                    yield f"{page.url} answers {answer.status_code} to {who}"


def closed_pages(tryout: Tryout) -> Iterator[str]:
    """Pages that nobody can open."""
    opened: set[str] = set()
    pages = addresses(tryout)
    for _who, browser in tryout.everybody():
        for page in pages:
            with browser.get(page.url) as answer:
                if answer.status_code < 400 and "/sign-in" not in (answer.location or ""):
                    opened.add(page.endpoint)
    for page in pages:
        if page.endpoint not in opened:
            why = "" if page.is_example else ": the demonstration has no record for its address"
            yield f"{page.url} ({page.endpoint}) opens for no one{why}"


def pages_of_nothing(tryout: Tryout) -> Iterator[str]:
    """Addresses of records that are not there are pages not found, never a fault."""
    with tryout.app.test_request_context():
        rules = [(rule.endpoint, dict.fromkeys(rule.arguments, NO_RECORD)) for rule in _rules(tryout) if rule.arguments]
        urls = [tryout.app.url_for(endpoint, **values) for endpoint, values in rules]
    for who in (NOBODY, "coordinator", "business_manager"):
        browser = tryout.browser(who)
        for url in urls:
            with browser.get(url) as answer:
                if answer.status_code >= 500 or answer.status_code == 200:
                    yield f"{url} names nothing, and answers {answer.status_code} to {who.replace('_', ' ')}"


def menu_that_leads_nowhere(tryout: Tryout) -> Iterator[str]:
    """Lines of the menu that cannot be followed by those who see them."""
    items = [item for plugin in tryout.plugins for item in plugin.menu]
    with tryout.app.test_request_context():
        urls = {item: tryout.app.url_for(item.endpoint) for item in items}
    for who, browser in tryout.everybody():
        shown = browser.get("/booking-policy").text
        for item, url in urls.items():
            if f'href="{url}"' in shown and browser.get(url).status_code not in (200, 302, 303):
                yield f"The line {item.title} of the menu leads {who} nowhere"


def careless_forms(tryout: Tryout) -> Iterator[str]:
    """Forms that fail on nonsense, or refuse it without saying so, or lose what was typed.

    One that is the same for several people is tried by the first.
    """
    if find_spec("bs4") is None:
        return
    from lms.testing.sheets import faults_of_form, sheets  # noqa: PLC0415  (needs a library that a site does not)

    pages, tried = addresses(tryout), set[str]()
    for _who, browser in tryout.everybody():
        seen: set[tuple[str, ...]] = set()
        for page in pages:
            for sheet in sheets(page.url, _html(browser, page.url)):
                said = repr((page.endpoint, sheet.values))
                if (page.endpoint, *sheet.typed) not in seen and said not in tried:
                    tried.add(said)
                    yield from faults_of_form(browser, page.url, sheet)
                seen.add((page.endpoint, *sheet.typed))


def _html(browser: FlaskClient, url: str) -> str:
    with browser.get(url) as answer:
        is_page = answer.status_code == 200 and answer.mimetype == "text/html"
        return answer.get_data(as_text=True) if is_page else ""
