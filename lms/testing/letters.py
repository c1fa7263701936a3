"""How a letter must read, wherever it is read."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from jinja2 import TemplateError

from lms.mail.rendering import LetterWords, Renderer
from lms.partnership.models import Partnership
from lms.testing.tryout import Tryout

WIDTH = 72
LONGEST_SUBJECT = 120
LEFT_OPEN = re.compile(r"[{}]{2}|\bNone\b|\bUndefined\b")

PARTNERSHIP = Partnership(
    short_name="Rowan Valley",
    rest_of_name="Safeguarding Children Partnership",
    team_name="Rowan Valley training team",
    team_email="training@rowanvalleyscp.example",
    team_phone="01632 960 118",
    front_door_name="Rowan Valley Front Door",
    front_door_phone="01632 960 100, day or night",
)


class Outside(HTMLParser):
    """Collects what a mail program would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"img", "script", "link", "iframe", "table"}:
            self.fetched.append(tag)
        self.fetched += [f"{name}={value}" for name, value in attrs if name in {"src", "background"}]


def faults_of_letter(letter: LetterWords, partnership: Partnership) -> Iterator[str]:
    """What is wrong with a letter that was put together."""
    if not 5 < len(letter.subject) <= LONGEST_SUBJECT:
        yield f"its subject has {len(letter.subject)} characters"
    for line in letter.text.splitlines():
        if len(line) > WIDTH and "://" not in line:
            yield f"its text has a line of {len(line)} characters: {line[:40]}..."
    if "\n\nWorried about a child?" not in letter.text or f"\n\n{partnership.team_name}\n" not in letter.text:
        yield "its text does not end as the layout does"
    for kind, words in (("text", letter.text), ("page", letter.html)):
        for needed in ("Worried about a child?", partnership.team_email):
            if needed not in words:
                yield f"its {kind} does not say {needed}"
        if (found := LEFT_OPEN.search(words)) is not None:
            yield f"its {kind} says {found[0]}"
    outside = Outside()
    outside.feed(letter.html)
    for each in outside.fetched:
        yield f"its page would fetch or lay out: {each}"


def wrong_letters(tryout: Tryout) -> Iterator[str]:
    """Every example of a letter, put together as it would be delivered."""
    renderer = Renderer(tryout.app, tryout.site.settings, PARTNERSHIP)
    for plugin in tryout.plugins:
        for example in plugin.letters:
            try:
                letter = renderer.words(example.kind, example.context, "Amara Fenwick-Osei")
            except (TemplateError, LookupError, TypeError, ValueError) as fault:
                yield f"{example.kind} cannot be put together: {fault}"
                continue
            yield from (f"{example.kind}: {fault}" for fault in faults_of_letter(letter, PARTNERSHIP))
