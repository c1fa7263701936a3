"""The command that tells which settings are in force, and from where."""

import click
from flask.cli import with_appcontext

from lms.frame.settings_told import in_force
from lms.frame.web import site


@click.command("settings")
@with_appcontext
def settings() -> None:
    """Every setting: what is in force, and where it was said. Keys and passwords are not shown."""
    here = site()
    for row in in_force(here.settings, [each for plugin in here.plugins for each in plugin.settings]):
        click.echo(f"{row.name} = {row.value}    ({row.origin})")


COMMANDS = (settings,)
