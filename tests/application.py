"""The application, made once for each kind of settings and lent to test after test: making it takes long."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from flask import Flask

from lms.frame.plugins import Plugin
from lms.frame.settings import Settings
from lms.hosting.app import create_app
from lms.signin.security import ARGON2
from lms.testing import lending
from lms.testing.lending import compile_templates_once
from tests.built_in import BUILT_IN

SIGNING = Settings("a key for tests, long enough", "", "", "", "", Path())
"""Settings of which only the key counts, to sign and read links as the tests' applications do."""

IN_EARNEST = dict(ARGON2)
QUICKLY = {"argon2__memory_cost": 8, "argon2__time_cost": 1}
"""How passwords are hashed in tests, also while an application begins. What it costs in earnest is tested once."""

_made: dict[tuple[str, tuple[int, ...]], Flask] = {}


ARGON2.update(QUICKLY)
compile_templates_once()


@contextmanager
def lent(
    settings: Settings,
    clock: Callable[[], datetime],
    prepare: Callable[[Flask], None] = lambda app: None,
    further: tuple[Plugin, ...] = (),
) -> Iterator[Flask]:
    """The application as `wsgi.py` makes it, on this database and with this clock; `prepare` is done to it once.

    `further` are plugins of a test's own file, beside those that are built in.
    """
    with lending.lent(_with_such_settings(settings, prepare, further), settings, clock) as app:
        yield app


def _with_such_settings(settings: Settings, prepare: Callable[[Flask], None], further: tuple[Plugin, ...]) -> Flask:
    """One that differs in nothing but its places: database, mailbox, folder."""
    said = repr(replace(settings, database_url="sqlite://", mail_url="file:///nowhere", instance=Path()))
    alike = said + prepare.__qualname__, tuple(id(each) for each in further)
    if alike not in _made:
        _made[alike] = create_app(settings, [*BUILT_IN, *further])
        prepare(_made[alike])
    return _made[alike]
