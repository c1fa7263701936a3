"""Mail for tests: a kind of letter, a real mail server that can be told to misbehave, and an outbox to look into."""

import asyncio
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask
from jinja2 import ChoiceLoader, DictLoader
from sqlalchemy.engine import Engine

from lms.frame.db import writing
from lms.frame.settings import Settings
from lms.hosting.app import create_app
from lms.mail.delivery import deliver_due
from lms.mail.letters import Copy, ForMany, Letter
from lms.mail.models import OutboxLetter
from lms.mail.outbox import put_in_outbox, put_many_in_outbox
from lms.mail.rules import LetterState
from tests.application import lent
from tests.built_in import BUILT_IN
from tests.conftest import Clock
from tests.moments import NOW

TEMPLATES = {
    "email/test/hello/subject.txt": "Hello {{ colour }}\n",
    "email/test/hello/body.txt": '{% extends "email/layout.txt" %}{% block heading %}Hello{% endblock %}'
    "{% block body %}It is {{ colour }}. See {{ link('partnership.contact') }}.{% endblock %}"
    "{% block small %}A test.{% endblock %}",
    "email/test/hello/body.html": '{% extends "email/layout.html" %}{% block heading %}Hello{% endblock %}'
    "{% block body %}<p>It is {{ colour }}.</p>{% endblock %}{% block small %}A test.{% endblock %}",
    "email/test/many/subject.txt": "{{ title }} for {{ agency }}\n",
    "email/test/many/body.txt": '{% extends "email/layout.txt" %}{% block heading %}Read by {{ agency }}{% endblock %}'
    "{% block body %}{{ title }}. {{ link('lists.leave', token=unsubscribe_token) }}{% endblock %}"
    "{% block small %}A test.{% endblock %}",
    "email/test/many/body.html": '{% extends "email/layout.html" %}{% block heading %}{{ agency }}{% endblock %}'
    "{% block body %}<p>{{ title }}</p>{% endblock %}{% block small %}A test.{% endblock %}",
}


@dataclass
class Server:
    """A mail server: what it took, and what it says instead of yes."""

    taken: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    envelopes: list[tuple[str, list[str]]] = field(default_factory=list)
    connections: int = 0
    answer_to_recipient: str = ""
    answer_to_data: str = ""
    hangs_up_after: int | None = None
    unanswered: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, rcpt_options: list[str]
    ) -> str:
        if self.answer_to_recipient and address.startswith("bad"):
            return self.answer_to_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.answer_to_data:
            return self.answer_to_data
        if self.hangs_up_after is not None and len(self.taken) >= self.hangs_up_after:
            self.hangs_up_after = None
            self.unanswered.append(message_from_bytes(envelope.content or b"", policy=default)["Message-ID"])  # type: ignore[arg-type]
            assert server.transport is not None
            server.transport.abort()
            await asyncio.sleep(0)
            return "250 never heard"
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        with self.lock:
            self.taken.append(message)
            self.raw.append(envelope.content)
            self.envelopes.append((envelope.mail_from or "", list(envelope.rcpt_tos)))
        return "250 OK"


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def mail_url(server: Server, socket_enabled: None) -> Iterator[str]:
    """The address of the running mail server."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    yield f"smtp://127.0.0.1:{port}"
    controller.stop()


def know_test_letters(app: Flask) -> None:
    """Two more kinds of letter: `test.hello` and `test.many`."""
    app.testing = True
    app.jinja_env.loader = ChoiceLoader([DictLoader(TEMPLATES), app.jinja_env.loader])  # type: ignore[list-item]


def application(settings: Settings, clock: Clock) -> Flask:
    """One more application, beside that of `post` or `filing`."""
    made = create_app(settings, BUILT_IN, clock=clock)
    know_test_letters(made)
    return made


@dataclass
class Post:
    """An application that delivers, and what became of its letters."""

    app: Flask
    engine: Engine
    clock: Clock
    server: Server

    @property
    def settings(self) -> Settings:
        found: Settings = self.app.extensions["lms"].settings
        return found

    def put(self, *given: Letter) -> list[int]:
        """Letters into the outbox, committed."""
        with writing(self.engine) as session:
            rows = [put_in_outbox(session, each, now=NOW) for each in given]
            return [row.id for row in rows if row is not None]

    def put_many(self, given: ForMany, copies: list[Copy]) -> int:
        """Copies of a shared letter into the outbox, committed."""
        with writing(self.engine) as session:
            return put_many_in_outbox(session, given, copies, now=NOW)

    def deliver(self, most: int | None = None) -> Counter[LetterState]:
        """One round of delivery."""
        return deliver_due(self.app, self.clock, most=most)

    def row(self, letter_id: int) -> OutboxLetter:
        """The letter as it is in the database now."""
        with writing(self.engine) as session:
            found = session.get_one(OutboxLetter, letter_id)
            session.expunge(found)
            return found

    def states(self) -> list[str]:
        """The states of all letters, in order."""
        with writing(self.engine) as session:
            return [state.value for state in session.scalars(sa.select(OutboxLetter.state).order_by(OutboxLetter.id))]

    def dispose(self) -> None:
        """Close the application's connections."""
        with self.app.app_context():
            self.app.extensions["sqlalchemy"].engine.dispose()


@pytest.fixture
def post(settings: Settings, clock: Clock, mail_url: str, engine: Engine, server: Server) -> Iterator[Post]:
    """The application, sending through the mail server."""
    settings = replace(settings, mail_url=mail_url, base_url="https://training.rowanvalleyscp.example")
    with lent(settings, clock, know_test_letters) as app:
        yield Post(app, engine, clock, server)


@pytest.fixture
def filing(settings: Settings, clock: Clock, engine: Engine) -> Iterator[Post]:
    """The application, filing letters in a folder."""
    with lent(settings, clock, know_test_letters) as app:
        yield Post(app, engine, clock, Server())


def letter(number: int = 1, *, to: str = "amara@rvch.example", **values: Any) -> Letter:
    """A letter to somebody without a record here."""
    recipient = {} if "person_id" in values else {"to_name": "Amara Fenwick-Osei", "to_address": to}
    context = {"colour": "green", "number": number}
    given = {"kind": "test.hello", "key": f"hello:{number}", "context": context, **recipient, **values}
    return Letter(**given)


LIST = "briefings.briefings"


def for_many(**values: Any) -> ForMany:
    """A letter to many, on a mailing list."""
    context = {"title": values.pop("title", "Every adult")}
    given = {"kind": "test.many", "key": "many:1", "context": context, "list_name": LIST, **values}
    return ForMany(fills=frozenset({"agency"}), **given)


def copy(number: int = 1, *, agency: str = "Ashbeck & Sons", **values: Any) -> Copy:
    """A copy of it, to somebody without a record here unless said otherwise."""
    recipient = {} if "person_id" in values else {"to_name": "Amara", "to_address": f"person{number}@rvch.example"}
    return Copy(key=f"many:1:{number}", fills={"agency": agency}, **{**recipient, **values})
