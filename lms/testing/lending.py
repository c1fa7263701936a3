"""An application, made once and lent to test after test, each with a database of its own: making it takes long."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import cast

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy.engine import Engine

from lms.frame.db import make_engine
from lms.frame.settings import Settings
from lms.frame.web import db


class CompiledOnce(BytecodeCache):
    """What one application made of a template serves all others of this process, as long as its text is the same."""

    def __init__(self) -> None:
        self.compiled: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """What is known of this text already, if anything."""
        if (bucket.key, bucket.checksum) in self.compiled:
            bucket.bytecode_from_string(self.compiled[bucket.key, bucket.checksum])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Remember it."""
        self.compiled[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


def compile_templates_once() -> None:
    """In this process, whichever application shows them."""
    Flask.jinja_options = {"bytecode_cache": CompiledOnce()}


@contextmanager
def lent(app: Flask, settings: Settings, clock: Callable[[], datetime]) -> Iterator[Flask]:
    """The application on the database of these settings and with this clock.

    Whatever a test changes in its configuration is as it was for the next one.
    """
    config, extensions = dict(app.config), dict(app.extensions)
    app.extensions.update({"lms": replace(app.extensions["lms"], settings=settings), "lms.clock": clock})
    with app.app_context():
        engines = cast(dict[str | None, Engine], db.engines)
    before = engines.get(None)
    engines[None] = make_engine(settings.database_url)
    try:
        yield app
    finally:
        engines[None].dispose()
        if before is not None:
            engines[None] = before
        app.config.clear()
        app.config.update(config)
        app.extensions.clear()
        app.extensions.update(extensions)
