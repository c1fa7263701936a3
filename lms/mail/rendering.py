"""A letter's words: its templates, filled in from its context. No request is needed, and no query is made."""

import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from markupsafe import escape
from sqlalchemy.orm import Session

from lms.frame.settings import Settings
from lms.kit.names import clean_name, clean_words
from lms.mail.rules import one_line
from lms.partnership.models import Partnership
from lms.partnership.queries import the_partnership


@dataclass(frozen=True)
class LetterWords:
    """What a letter says."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class OpenWords:
    """The words of a shared letter, with a mark wherever a copy says something of its own."""

    words: LetterWords
    marks: Mapping[str, str]

    def filled(self, fills: Mapping[str, str]) -> LetterWords:
        """The words of one copy. Raises KeyError when it does not fill in everything."""
        subject, text, html = self.words.subject, self.words.text, self.words.html
        for name, mark in self.marks.items():
            value = clean_name(fills[name]) if name == "person_name" else one_line(fills[name])
            subject, text, html = (
                subject.replace(mark, value),
                text.replace(mark, value),
                html.replace(mark, str(escape(value))),
            )
        return replace(self.words, subject=subject, text=text, html=html)


@dataclass(frozen=True)
class Renderer:
    """Fills in letters' templates, `templates/email/<plugin>/<letter>/{subject.txt,body.txt,body.html}`.

    They see the letter's context, `partnership`, `person_name` and `link(endpoint, **values)`, an absolute address.
    """

    app: Flask
    settings: Settings
    partnership: Partnership

    def words(self, kind: str, context: Mapping[str, Any], person_name: str) -> LetterWords:
        """The whole letter. Raises what Jinja raises when a template or its context is not right."""
        return LetterWords(
            subject=self.subject(kind, context, person_name),
            text=clean_words(self._render(kind, "body.txt", context, person_name)).strip() + "\n",
            html=clean_words(self._render(kind, "body.html", context, person_name)).strip() + "\n",
        )

    def open_words(self, kind: str, context: Mapping[str, Any], fills: Collection[str]) -> OpenWords:
        """A shared letter put together once. A mark is digits that nobody can guess: whole in any case or address."""
        marks = {name: _mark() for name in {*fills, "person_name", "unsubscribe_token"}}
        given = {name: mark for name, mark in marks.items() if name != "person_name"}
        return OpenWords(self.words(kind, {**context, **given}, marks["person_name"]), marks)

    def subject(self, kind: str, context: Mapping[str, Any], person_name: str) -> str:
        """The subject alone: one line."""
        return one_line(self._render(kind, "subject.txt", context, person_name))

    def _render(self, kind: str, part: str, context: Mapping[str, Any], person_name: str) -> str:
        template = self.app.jinja_env.get_template(f"email/{kind.replace('.', '/')}/{part}")
        given = {"partnership": self.partnership, "person_name": clean_name(person_name), "link": self._link}
        return template.render({**context, **given})

    def link(self, endpoint: str, **values: Any) -> str:
        """The absolute address of a page."""
        return self._link(endpoint, **values)

    @cached_property
    def _link(self) -> Callable[..., str]:
        base = urlsplit(self.settings.base_url)
        addresses = self.app.url_map.bind(base.netloc, script_name=base.path or "/", url_scheme=base.scheme)
        return lambda endpoint, **values: addresses.build(endpoint, values, force_external=True)


def renderer_for(app: Flask, session: Session) -> Renderer:
    """A renderer with the partnership as it is now, kept apart from the session."""
    partnership = the_partnership(session)
    if partnership in session:
        session.expunge(partnership)
    return Renderer(app, app.extensions["lms"].settings, partnership)


def _mark() -> str:
    return f"{secrets.randbelow(10**24):024}"
