"""What the databases of the tests begin with, and a site without plugins."""

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Session
from sqlalchemy.util import LRUCache

from lms.frame.access import program
from lms.frame.db import Base, make_engine, writing
from lms.frame.lines import HOST_LINE, VERSIONS
from lms.frame.settings import Settings
from lms.frame.triggers import drop_triggers
from lms.frame.work import Work
from lms.hosting import host
from lms.partnership.services import found_partnership
from lms.policies.services import approve_first_policy
from tests.built_in import BUILT_IN
from tests.moments import NOW

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For tests of pages that guard neither privacy, money nor places; all else is tested on both kinds of database."""

_dialects: dict[str, sa.Dialect] = {}
_compiled: LRUCache[Any, Any] = LRUCache(5000)


@event.listens_for(Engine, "engine_connect")
def _compile_once(connection: Connection) -> None:
    """What one test's engine made of a statement serves all engines of the kind, each of which lives for one test."""
    if not connection.dialect.dispatch.handle_error:
        return  # an engine without the house's habits, which live in its dialect
    if connection.dialect.name == "sqlite" and connection.info.setdefault("waits for the disk", True):
        connection.connection.cursor().execute("PRAGMA synchronous=OFF")
        connection.info["waits for the disk"] = False
    connection.dialect = _dialects.setdefault(connection.dialect.name, connection.dialect)
    connection.engine._compiled_cache = _compiled


class NoSite:
    """A site without plugins, for services that are tested alone."""

    settings = Settings(
        secret_key="a key for tests, long enough",
        database_url="sqlite://",
        mail_url="file:///nowhere",
        mail_from="Rowan Valley training team <training@rowanvalleyscp.example>",
        base_url="https://training.rowanvalleyscp.example",
        instance=Path(),
    )

    report_sections = ()
    waiting = ()

    def permissions_of(self, roles: object) -> frozenset[str]:
        return frozenset()

    personal_data: tuple[()] = ()
    written: tuple[()] = ()
    retention: tuple[()] = ()
    mailing_lists: tuple[Any, ...] = ()
    record_sources: tuple[Any, ...] = ()

    @property
    def leaving(self) -> tuple[Any, ...]:
        return tuple(each for plugin in BUILT_IN for each in plugin.leaving)

    def title_of(self, name: str) -> str:
        return name

    def answer_to(self, question: object) -> Any:
        answers = (each for plugin in (*host.PLUGINS, *BUILT_IN) for each in plugin.answers)
        return next((each.say for each in answers if each.question is type(question)), None)

    def hosts(self, plugin: str) -> bool:
        return plugin == "charges"

    def listeners_to(self, fact: object) -> list[Any]:
        """The host's own topics hear each other; no plugin does."""
        return [each.hear for plugin in host.PLUGINS for each in plugin.listeners if each.fact is type(fact)]

    def why_not_send(self, work: object, letter: object) -> str:
        return ""

    def setting(self, name: str) -> object:
        raise KeyError(name)


def by_hand(session: Session) -> None:
    """As somebody whom no trigger stops: what stays as it is can be changed in this session from now on."""
    session.flush()
    drop_triggers(session.connection())


VERSIONS_TABLE = sa.Table(VERSIONS, sa.MetaData(), sa.Column("version_num", sa.String(32), primary_key=True))


def fill(url: str) -> None:
    """As after `lms init`, without the migrations: their newest revision is noted."""
    engine: Engine = make_engine(url)
    Base.metadata.create_all(engine)
    VERSIONS_TABLE.create(engine)
    with writing(engine) as session:
        session.execute(VERSIONS_TABLE.insert().values(version_num=HOST_LINE.head))
        work = Work(session=session, actor=program("test"), now=NOW, site=NoSite())
        found_partnership(work)
        approve_first_policy(work)
    engine.dispose()
