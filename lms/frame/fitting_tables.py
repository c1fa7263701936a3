"""Whether what plugins keep fits: names of tables, what points at what, and who answers for what is kept of people."""

from collections.abc import Iterator, Mapping, Sequence

import sqlalchemy as sa

from lms.frame.db import Base
from lms.frame.fitting import required
from lms.frame.lines import BESIDE, VERSIONS, folder_of
from lms.frame.ownership import HOST, about_people, tables_by_owner
from lms.frame.plugins import Plugin

RESERVED = (VERSIONS, "sqlite_", "pg_")
"""How names begin that the database or Alembic gives."""


def wrong_tables(plugins: Sequence[Plugin], strangers: Sequence[str]) -> Iterator[str]:
    """What does not fit, a sentence each."""
    owned = tables_by_owner(plugins)
    of_people = about_people(Base.metadata.tables.values())
    for plugin in plugins:
        has_line = folder_of(plugin) is not None
        if plugin.name in strangers or has_line:
            yield from _wrong_prefix(plugin, owned)
        if plugin.name in strangers and not has_line:
            yield from _without_migrations(plugin, owned[plugin.name])
        yield from _wrong_keys(plugin, plugins, owned)
        yield from _unanswered(plugin, of_people & {table.name for table in owned[plugin.name]})
        yield from _not_there(plugin)
        yield from _wrongly_written(plugin, owned[plugin.name if plugin.package else HOST])
    yield from _keys_of_the_host(owned)
    yield from _needed_by_nobody(plugins)


def _wrong_prefix(plugin: Plugin, owned: Mapping[str, tuple[sa.Table, ...]]) -> Iterator[str]:
    """Its tables begin with its name, and nobody else's do."""
    prefix = f"{plugin.name}_"
    for table in owned[plugin.name]:
        if not table.name.startswith(prefix):
            yield f"{plugin.name}: the table {table.name} should be called {prefix}something."
    taken = [table.name for owner, tables in owned.items() if owner != plugin.name for table in tables] + [*BESIDE]
    meeting = sorted(name for name in taken if name.startswith(prefix))
    meeting += [f"{name}..." for name in RESERVED if name.startswith(prefix) or prefix.startswith(name)]
    if meeting:
        yield f"{plugin.name}: choose another name: {meeting[0]} is not yours, and begins like your tables."


def _without_migrations(plugin: Plugin, tables: Sequence[sa.Table]) -> Iterator[str]:
    if tables:
        names = ", ".join(sorted(table.name for table in tables))
        yield f"{plugin.name}: it has {names}, but no folder migrations: lms plugins migrate {plugin.name} WORDS"


def _wrong_keys(plugin: Plugin, plugins: Sequence[Plugin], owned: Mapping[str, tuple[sa.Table, ...]]) -> Iterator[str]:
    """Foreign keys lead to the plugin itself, to what it requires and to the host."""
    allowed = {HOST, plugin.name, *required(plugin, plugins)}
    known = {table.name for owner in allowed for table in owned.get(owner, ())}
    for table in owned[plugin.name]:
        for target in sorted(_targets(table) - known):
            yield f"{plugin.name}: {table.name} points at {target}, which is of no plugin that {plugin.name} requires."


def _keys_of_the_host(owned: Mapping[str, tuple[sa.Table, ...]]) -> Iterator[str]:
    known = {table.name for table in owned[HOST]}
    for table in owned[HOST]:
        for target in sorted(_targets(table) - known):
            yield f"The host's {table.name} points at {target}, which is a plugin's."


def _targets(table: sa.Table) -> set[str]:
    return {key.target_fullname.rpartition(".")[0] for key in table.foreign_keys}


def _unanswered(plugin: Plugin, of_people: set[str]) -> Iterator[str]:
    """What is kept of people can be copied and erased, because the plugin that keeps it says how."""
    answered = plugin.personal_data.tables if plugin.personal_data else ()
    for name in sorted(of_people - set(answered)):
        does = "does not name it" if plugin.personal_data else "is missing"
        yield f"{plugin.name}: {name} is about people, and `personal_data` {does}."


def _not_there(plugin: Plugin) -> Iterator[str]:
    kept = plugin.personal_data
    named = [("`personal_data` answers for", name) for name in kept.tables] if kept else []
    named += [("`not_shown` names", name) for name in kept.not_shown] if kept else []
    for says, name in named:
        if name not in Base.metadata.tables:
            yield f"{plugin.name}: {says} {name}, which is no table."


def _wrongly_written(plugin: Plugin, tables: Sequence[sa.Table]) -> Iterator[str]:
    """What erasing never changes is a plugin's own to say, of its own tables."""
    own = {table.name: table for table in tables}
    for each in plugin.written:
        if each.table not in own:
            yield f"{plugin.name}: `written` names {each.table}, which is no table of {plugin.name}."
            continue
        for column in sorted(set(each.columns) - set(own[each.table].c.keys())):
            yield f"{plugin.name}: `written` names {each.table}.{column}, which is no column."


def _needed_by_nobody(plugins: Sequence[Plugin]) -> Iterator[str]:
    """Rows stay for a plugin that is not done with them, where the retention that would remove them asks for it."""
    kept = [(plugin, plugin.personal_data) for plugin in plugins if plugin.personal_data]
    known = {each.name for _, data in kept for each in data.retention}
    for plugin, data in kept:
        for needed in data.still_needed:
            if needed.by not in known:
                yield f"{plugin.name}: `still_needed` names the retention {needed.by}, which no plugin has."
