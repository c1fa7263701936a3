"""A letter's words: its templates, filled in from its context. No request is needed, and no query is made."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy.orm import Session

from lms.mail.rules import one_line
from lms.partnership.models import Partnership
from lms.partnership.queries import the_partnership
from lms.settings import Settings


@dataclass(frozen=True)
class Words:
    """What a letter says."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class Renderer:
    """Fills in letters' templates, `templates/email/<plugin>/<letter>/{subject.txt,body.txt,body.html}`.

    They see the letter's context, `partnership`, `person_name` and `link(endpoint, **values)`, an absolute address.
    """

    app: Flask
    settings: Settings
    partnership: Partnership

    def words(self, kind: str, context: Mapping[str, Any], person_name: str) -> Words:
        """The whole letter. Raises what Jinja raises when a template or its context is not right."""
        return Words(
            subject=self.subject(kind, context, person_name),
            text=self._render(kind, "body.txt", context, person_name).strip() + "\n",
            html=self._render(kind, "body.html", context, person_name).strip() + "\n",
        )

    def subject(self, kind: str, context: Mapping[str, Any], person_name: str) -> str:
        """The subject alone: one line."""
        return one_line(self._render(kind, "subject.txt", context, person_name))

    def _render(self, kind: str, part: str, context: Mapping[str, Any], person_name: str) -> str:
        template = self.app.jinja_env.get_template(f"email/{kind.replace('.', '/')}/{part}")
        given = {"partnership": self.partnership, "person_name": one_line(person_name), "link": self._link}
        return template.render({**context, **given})

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
