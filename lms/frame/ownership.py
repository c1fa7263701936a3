"""Whose a table is: found from the package of its model, so that no plugin has to say it."""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import ModuleType

import sqlalchemy as sa

from lms.frame.db import Base
from lms.frame.plugins import Plugin

HOST = ""
"""The owner of what the host keeps."""

Owned = Mapping[str, tuple[sa.Table, ...]]


def tables_by_owner(plugins: Sequence[Plugin]) -> dict[str, tuple[sa.Table, ...]]:
    """The tables of the host and of each plugin, by its name. What belongs to a plugin that is not here is left out."""
    owners = {**dict(_held_by_modules(plugins)), **dict(_of_models(plugins))}
    found: dict[str, tuple[sa.Table, ...]] = dict.fromkeys((HOST, *(each.name for each in plugins)), ())
    for name, owner in owners.items():
        if name in Base.metadata.tables:
            found[owner] = (*found[owner], Base.metadata.tables[name])
    return found


def _of_models(plugins: Sequence[Plugin]) -> Iterator[tuple[str, str]]:
    for mapper in Base.registry.mappers:
        owner = _owner_of(mapper.class_.__module__, plugins)
        if owner is not None and isinstance(mapper.local_table, sa.Table):
            yield mapper.local_table.name, owner


def _held_by_modules(plugins: Sequence[Plugin]) -> Iterator[tuple[str, str]]:
    """Tables without a model. A module below may have imported one from above, so those above have the last word."""
    held: dict[str, list[str]] = {}
    for name, module in list(sys.modules.items()):
        owner = _owner_of(name, plugins)
        if owner is not None:
            held.setdefault(owner, []).extend(each.name for each in _tables_in(module))
    for owner in (*(each.name for each in reversed(plugins)), HOST):
        yield from ((table, owner) for table in held.get(owner, ()))


def _tables_in(module: ModuleType) -> list[sa.Table]:
    return [each for each in vars(module).values() if isinstance(each, sa.Table)]


def _owner_of(module: str, plugins: Sequence[Plugin]) -> str | None:
    """The plugin with the longest package that the module lies in; everything of `lms` is the host's."""
    if is_inside(module, "lms"):
        return HOST
    there = [plugin for plugin in plugins if plugin.package and is_inside(module, plugin.package)]
    return max(there, key=lambda plugin: len(plugin.package or "")).name if there else None


def is_inside(module: str, package: str) -> bool:
    """Whether a module is this package or lies in it."""
    return module == package or module.startswith(package + ".")


def about_people(tables: Iterable[sa.Table]) -> set[str]:
    """The names of those that point at a person, or belong to a row that is somebody's: a booking's charge."""
    somebodys = _somebodys()
    return {
        table.name
        for table in tables
        if table.name == "person"
        or any(key.column.table.name == "person" for key in table.foreign_keys)
        or _rows_it_belongs_to(table) & somebodys
    }


def _somebodys() -> set[str]:
    """Tables each row of which is about one person, who is named there or in a row that it belongs to."""
    tables = Base.metadata.tables.values()
    found = {
        table.name
        for table in tables
        for column in table.columns
        if column.name == "person_id" and not column.nullable and column.foreign_keys
    }
    owners = {table.name: _rows_it_belongs_to(table) for table in tables}
    while more := {name for name, its in owners.items() if its & found} - found:
        found |= more
    return found


def _rows_it_belongs_to(table: sa.Table) -> set[str]:
    """The names of the tables that each of its rows has to point at."""
    return {key.column.table.name for key in table.foreign_keys if not key.parent.nullable}
