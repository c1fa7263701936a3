"""The application, made once for each kind of settings and lent to test after test: making it takes long."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from lms.frame.db import make_engine
from lms.frame.settings import Settings
from lms.frame.web import db
from lms.hosting.app import create_app
from tests.built_in import BUILT_IN

SIGNING = Settings("a key for tests, long enough", "", "", "", "", Path())
"""Settings of which only the key counts, to sign and read links as the tests' applications do."""

_made: dict[str, Flask] = {}


class CompiledOnce(BytecodeCache):
    """What one application made of a template serves all others of this process, as long as its text is the same."""

    def __init__(self) -> None:
        self.compiled: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if (bucket.key, bucket.checksum) in self.compiled:
            bucket.bytecode_from_string(self.compiled[bucket.key, bucket.checksum])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.compiled[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


Flask.jinja_options = {"bytecode_cache": CompiledOnce()}


@contextmanager
def lent(
    settings: Settings, clock: Callable[[], datetime], prepare: Callable[[Flask], None] = lambda app: None
) -> Iterator[Flask]:
    """The application as `wsgi.py` makes it, on this database and with this clock; `prepare` is done to it once.

    Whatever a test changes in its configuration is as it was for the next one.
    """
    app = _with_such_settings(settings, prepare)
    config, extensions = dict(app.config), dict(app.extensions)
    app.extensions.update({"lms": replace(app.extensions["lms"], settings=settings), "lms.clock": clock})
    with app.app_context():
        engines = db.engines
    engines[None] = make_engine(settings.database_url)
    try:
        yield app
    finally:
        engines[None].dispose()
        app.config.clear()
        app.config.update(config)
        app.extensions.clear()
        app.extensions.update(extensions)


def _with_such_settings(settings: Settings, prepare: Callable[[Flask], None]) -> Flask:
    """One that differs in nothing but its places: database, mailbox, folder."""
    alike = repr(replace(settings, database_url="sqlite://", mail_url="file:///nowhere", instance=Path()))
    alike += prepare.__qualname__
    if alike not in _made:
        _made[alike] = create_app(settings, BUILT_IN)
        prepare(_made[alike])
    return _made[alike]
