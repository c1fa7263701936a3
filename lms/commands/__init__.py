"""The `lms` command: one module a subject, all added to the application's own command line."""

import sys
from collections.abc import Callable, Sequence

from flask import Flask
from flask.cli import FlaskGroup, ScriptInfo

from lms.commands import (
    database,
    demo,
    entrusted,
    jobs,
    keys,
    mail,
    people,
    personal_data,
    plugins,
    report,
    server,
    settings,
    tables,
    tokens,
)
from lms.frame.private import keep_new_files_private

TOPICS = (
    database,
    demo,
    entrusted,
    jobs,
    keys,
    mail,
    people,
    personal_data,
    plugins,
    report,
    server,
    settings,
    tables,
    tokens,
)


def add_commands(app: Flask) -> None:
    """Add every command, so that `lms ...` and `flask --app wsgi ...` are the same."""
    for topic in TOPICS:
        for command in topic.COMMANDS:
            app.cli.add_command(command)


def main(make_application: Callable[[], Flask], make_site: Callable[..., Flask], hosted: Sequence[str]) -> None:
    """The console script. `lms init` makes what a fresh installation lacks before the settings are read.

    The application is made only when a command runs. `make_site` makes another like it, by settings and a clock, to try
    plugins in. `hosted` are the names of the plugins that come with it.
    """
    keep_new_files_private()
    if sys.argv[1:2] == ["init"]:
        database.prepare_instance()
    group = FlaskGroup(name="lms", create_app=make_application, add_version_option=False, load_dotenv=False)
    for command in plugins.COMMANDS:  # there even when a plugin keeps the application from starting
        group.add_command(command)
    info = ScriptInfo(create_app=make_application)
    info.data[plugins.HOSTED] = list(hosted)
    info.data[plugins.MAKE_SITE] = make_site
    group.main(obj=info)
