"""Commands for third parties' plugins: which there are, whether they fit, a new one, its migrations, and a goodbye.

They work when the site itself cannot start, since a plugin may be the reason.
"""

import os
from pathlib import Path

import click
from alembic.util import CommandError
from flask.cli import ScriptInfo, with_appcontext

from lms.commands.units import in_one_unit
from lms.frame.found import find_plugins, installed, installed_site, load
from lms.frame.lines import lines_of, package_folder
from lms.frame.settings import Settings, SettingsError, read_settings
from lms.frame.site import Site, SiteError
from lms.frame.web import site
from lms.kit.errors import Refused
from lms.kit.words import count
from lms.skeleton.services import write_skeleton
from lms.strangers.listing.queries import known_plugins
from lms.strangers.services import remove_plugin

HOSTED = "plugins that come with the host"
"""What `lms` is handed with the application, so that they can be named when it does not start."""

MAKE_SITE = "what makes an application to try plugins in"
"""Handed over likewise; `flask --app` takes that of the `lms` that is installed."""


@click.group("plugins")
def plugins() -> None:
    """Third parties' plugins (docs/writing-a-plugin.md)."""


@plugins.command("list")
@click.pass_obj
def list_plugins(info: ScriptInfo) -> None:
    """Every plugin that is here: whether it is switched on, where it comes from, and what it keeps."""
    try:
        known = known_plugins(_settings(), info.data.get(HOSTED) or _hosted(info))
    except SiteError as wrong:
        raise click.ClickException(str(wrong)) from wrong
    for each in known:
        click.echo(f"{each.name:16} {'on ' if each.is_on else 'off'}  {'; '.join(each.notes)}")


def _hosted(info: ScriptInfo) -> list[str]:
    """The names of plugins that come with the host, where `flask --app wsgi` started: as the site has them."""
    found: Site = info.load_app().extensions["lms"]
    return [each.name for each in found.plugins if each.package and each.name not in found.settings.plugins]


def _settings() -> Settings:
    try:
        return read_settings(os.environ)
    except SettingsError as wrong:
        raise click.ClickException(str(wrong)) from wrong


@plugins.command("check")
@click.argument("name")
@click.option("--database", type=click.Choice(["sqlite", "postgresql"]), multiple=True, help="Both, where they can be.")
@click.pass_obj
def check_plugin(info: ScriptInfo, name: str, database: tuple[str, ...]) -> None:
    """Whether a plugin fits, and does what is asked of every plugin, in a site of its own. Exit 2 when not."""
    from lms.testing.checking import check  # noqa: PLC0415  (what tests need is no part of a site that serves)

    try:
        is_well = check(info.data.get(MAKE_SITE) or installed_site(), _with_those_required(name), database, click.echo)
    except SiteError as wrong:
        click.echo(str(wrong))
        raise SystemExit(2) from wrong
    raise SystemExit(0 if is_well else 2)


def _with_those_required(name: str) -> tuple[str, ...]:
    """The plugin, and third parties' plugins that it stands on."""
    (plugin,) = find_plugins([name])
    there = installed()
    below = [each for each in plugin.requires if each in there]
    return (*dict.fromkeys(found for each in below for found in _with_those_required(each)), name)


@plugins.command("new")
@click.argument("name")
@click.option("--into", type=click.Path(path_type=Path), help="The folder to make; without, the package's name here.")
def new_plugin(name: str, into: Path | None) -> None:
    """Write a small plugin that works, with its tests, to begin from."""
    try:
        folder = write_skeleton(name, into or Path(f"golden-thread-{name.replace('_', '-')}"))
    except Refused as refusal:
        raise click.ClickException(refusal.words) from refusal
    click.echo(f"Wrote {folder}. Next:\n  pip install -e {folder}\n  LMS_PLUGINS={name} lms init\n  pytest {folder}")


@plugins.command("migrate")
@click.argument("name")
@click.argument("words")
@click.pass_context
def migrate_plugin(ctx: click.Context, name: str, words: str) -> None:
    """Write the next migration of a plugin: what its models say by now, and its tables do not."""
    try:
        plugin = load(installed()[name])
    except KeyError:
        raise click.ClickException(f"{name} is not installed here.") from None
    except SiteError as wrong:
        raise click.ClickException(str(wrong)) from wrong
    folder = package_folder(plugin)
    if folder is None:
        raise click.ClickException(f"{name}: say package=__package__ in its Plugin.")
    (folder / "migrations").mkdir(exist_ok=True)  # without it, the site would not start with a plugin that has tables
    os.environ["LMS_PLUGINS"] = ",".join(dict.fromkeys([*_settings().plugins, name]))
    with ctx.ensure_object(ScriptInfo).load_app().app_context():
        line = next(each for each in lines_of(site().plugins) if each.plugin == name)
        try:
            written = line.migrate(words)
        except CommandError as wrong:
            raise click.ClickException(f"{wrong} Bring the database up to date first: lms init") from wrong
    click.echo(f"Wrote {written}. Read it before you keep it." if written else "The tables are as the models say.")


@plugins.command("remove")
@click.argument("name")
@click.option("--export", "file", required=True, type=click.Path(path_type=Path), help="What it kept, written first.")
@with_appcontext
def remove(name: str, file: Path) -> None:
    """Take away for good what a plugin that is switched off kept here, after writing it into a file."""
    on = [plugin.name for plugin in site().plugins]
    try:
        removed = in_one_unit(
            "lms plugins remove", lambda work: remove_plugin(work, name, file.resolve(), switched_on=on)
        )
    except Refused as refusal:
        raise click.ClickException(refusal.words) from refusal
    rows = sum(removed.tables.values())
    click.echo(f"{count(len(removed.tables), 'table')} with {count(rows, 'row')} went. They are in {file}.")
    if removed.letters:
        click.echo(f"{count(removed.letters, 'email')} that waited will not go.")


COMMANDS = (plugins,)
