"""Which plugins there are: installed or not, switched on or off, and what they keep in the database."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import EntryPoint

import sqlalchemy as sa
from alembic.util import CommandError
from sqlalchemy.exc import SQLAlchemyError

from lms.frame.db import make_engine, without_values
from lms.frame.found import installed, load
from lms.frame.lines import VERSIONS, MigrationLine, folder_of, plugins_kept
from lms.frame.settings import Settings
from lms.frame.site import SiteError
from lms.kit.words import count


@dataclass(frozen=True)
class ListedPlugin:
    """One plugin, and what there is to say about it."""

    name: str
    is_on: bool
    notes: tuple[str, ...]


def known_plugins(settings: Settings, hosted: Sequence[str]) -> list[ListedPlugin]:
    """Those that come with the host, those that are installed or named, and those that left something here."""
    there, kept = installed(), _kept(settings.database_url)
    strangers = sorted({*there, *kept, *settings.plugins})
    return [
        *(ListedPlugin(name, name not in settings.without, ("comes with Golden Thread",)) for name in hosted),
        *(
            ListedPlugin(name, name in settings.plugins, tuple(_notes(there.get(name), kept.get(name))))
            for name in strangers
        ),
    ]


@dataclass(frozen=True)
class Kept:
    """What a plugin has in the database."""

    revision: str
    rows: dict[str, int]


def _kept(url: str) -> dict[str, Kept]:
    """By name; nothing when the database cannot be read, or is not there yet."""
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            found = {name: _kept_by(connection, name) for name in plugins_kept(connection)}
            connection.rollback()
            return found
    except SQLAlchemyError as fault:
        raise SiteError(f"The database cannot be read: {without_values(fault)}") from fault
    finally:
        engine.dispose()


def _kept_by(connection: sa.Connection, name: str) -> Kept:
    tables = [each for each in sa.inspect(connection).get_table_names() if each.startswith(f"{name}_")]
    count_of = sa.select(sa.func.count())
    version = sa.table(f"{VERSIONS}_{name}", sa.column("version_num"))
    return Kept(
        connection.scalar(sa.select(version.c.version_num)) or "",
        {each: connection.scalar(count_of.select_from(sa.table(each))) or 0 for each in sorted(tables)},
    )


def _notes(point: EntryPoint | None, kept: Kept | None) -> Iterator[str]:
    if point is None:
        yield "not installed"
    else:
        yield f"{point.dist.name} {point.dist.version}" if point.dist else point.value
        yield from _loaded(point, kept)
    if kept is not None:
        rows = ", ".join(f"{table} ({count(number, 'row')})" for table, number in kept.rows.items())
        yield f"keeps {rows or 'no tables'}"


def _loaded(point: EntryPoint, kept: Kept | None) -> Iterator[str]:
    try:
        plugin = load(point)
    except SiteError as wrong:
        yield f"BROKEN {wrong}"
        return
    yield f"contract {plugin.contract or 'not named'}"
    folder = folder_of(plugin)
    if folder is not None:
        try:
            newest = MigrationLine(plugin.name, folder).head or "none"
        except CommandError:
            newest = "not one line"
        revision = kept.revision if kept else "none"
        yield f"revision {revision}" if revision == newest else f"revision {revision}, newest {newest}: run lms init"
