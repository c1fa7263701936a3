"""The application and the plugins it hosts."""

import os
from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Flask

from briefings.plugin import PLUGIN as BRIEFINGS
from charges.plugin import PLUGIN as CHARGES
from courses.plugin import PLUGIN as COURSES
from lms import commands
from lms.frame.found import where_from
from lms.frame.private import close_to_others, keep_new_files_private
from lms.frame.settings import Settings, SettingsError, read_settings
from lms.frame.site import SiteError
from lms.frame.web import db
from lms.hosting.app import create_app, moment_now
from lms.partnership.starting_up.queries import why_not_start
from reviews.plugin import PLUGIN as REVIEWS
from surveys.plugin import PLUGIN as SURVEYS

PLUGINS = (REVIEWS, COURSES, CHARGES, SURVEYS, BRIEFINGS)


def make_site(settings: Settings, clock: Callable[[], datetime] = moment_now) -> Flask:
    """By these settings, with these plugins and what LMS_PLUGINS names. Raises SiteError."""
    return create_app(settings, PLUGINS, clock=clock)


def make_application() -> Flask:
    """As the environment says. When something does not fit, everything that does not is named, and nothing starts."""
    keep_new_files_private()
    try:
        settings = read_settings(os.environ)
        close_to_others(settings)
    except SettingsError as wrong:
        raise SystemExit(f"Golden Thread cannot start.\n{wrong}") from wrong
    try:
        made = make_site(settings)
    except SiteError as wrong:
        raise SystemExit(f"Golden Thread cannot start.\n{where_from(str(wrong), settings.plugins)}") from wrong
    with made.app_context():
        if refused := why_not_start(db.engine, settings):
            raise SystemExit(f"Golden Thread cannot start.\n{refused}")
    return made


def __getattr__(name: str) -> Any:
    """`application`, made when a server or a command first asks for it, so that PLUGINS can be had without."""
    if name != "application":
        raise AttributeError(name)
    globals()[name] = make_application()
    return globals()[name]


def main() -> None:
    """The `lms` command."""
    commands.main(make_application, make_site, [plugin.name for plugin in PLUGINS])
