"""What a plugin keeps: its migrations make what its models say, and people are copied, merged and erased in it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from typing import Any

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from lms.frame.db import Base, make_engine
from lms.frame.lines import MigrationLine, lines_of
from lms.frame.together import autogenerate_sees
from lms.kit.errors import Refused
from lms.merging.services import merge_people, unmerge_people
from lms.people.models import Person
from lms.personal_data.services import erase_person, export_person
from lms.testing.filling import NOW
from lms.testing.lending import lent
from lms.testing.tryout import Tryout

PEOPLE_TRIED = 3


def own_tables(tryout: Tryout) -> list[sa.Table]:
    """The tables of the plugins that are tried."""
    prefixes = tuple(f"{name}_" for name in tryout.names)
    return [table for table in Base.metadata.sorted_tables if table.name.startswith(prefixes)]


def _lines(tryout: Tryout) -> list[MigrationLine]:
    return [line for line in lines_of(tryout.site.plugins) if line.plugin in tryout.names]


def wrong_migrations(tryout: Tryout) -> Iterator[str]:
    """Each plugin's migrations are one line, go back to nothing, and make what its models say."""
    lines = _lines(tryout)
    split = [line.plugin for line in lines if not _is_one(line)]
    yield from (f"{name}: its migrations are not one line: each follows the one before" for name in split)
    if split or not lines:
        return
    with tryout.kind.fresh() as url, _site_on(tryout, url):
        for line in reversed(lines):
            line.downgrade("base", lose_rows=True)
        left = [name for name in _names(url) if name.startswith(tuple(f"{each.plugin}_" for each in lines))]
        yield from (f"{name} is still there after going back to nothing" for name in left)
        for line in lines:
            line.upgrade()
        for line in lines:
            yield from _differences(url, line)


def rows_lost_on_the_way(tryout: Tryout) -> Iterator[str]:
    """Going back to the first revision and forward again loses no row of the tables that were there then."""
    with tryout.kind.fresh() as url, _site_on(tryout, url):
        for line in _lines(tryout):
            first = [revision.revision for revision in _scripts(line).walk_revisions()][-1:]
            if not first:
                continue
            line.downgrade(first[0], lose_rows=True)
            before = _rows(url, line)
            line.upgrade()
            after = _rows(url, line)
            for table, number in before.items():
                if after.get(table) != number:
                    now = after.get(table, "none")
                    yield f"{table} has {number} rows at revision {first[0]}, and {now} at the newest"


def _is_one(line: MigrationLine) -> bool:
    try:
        scripts = _scripts(line)
        return len(scripts.get_heads()) <= 1 and len(scripts.get_bases()) <= 1
    except CommandError:
        return False


def _scripts(line: MigrationLine) -> ScriptDirectory:
    return ScriptDirectory.from_config(line.config)


@contextmanager
def _site_on(tryout: Tryout, url: str) -> Iterator[None]:
    settings = replace(tryout.site.settings, database_url=url)
    with lent(tryout.app, settings, lambda: NOW) as app, app.app_context():
        yield


def _differences(url: str, line: MigrationLine) -> Iterator[str]:
    engine = make_engine(url)
    with engine.connect() as connection:
        options = {
            "compare_type": True,
            "include_name": lambda name, kind, _parents: kind != "table" or line.owns(name, ()),
            "include_object": lambda thing, name, kind, *more: (
                line.owns(name, ()) if kind == "table" else autogenerate_sees(thing, name, kind, *more)
            ),
        }
        context = MigrationContext.configure(connection, opts=options)
        for each in compare_metadata(context, Base.metadata):
            yield f"the models say something else than the migrations: {each}"
    made = {table: table_as_told(engine, table) for table in _names(url) if line.owns(table, ())}
    engine.dispose()
    for table, told in made.items():
        yield from _not_as_the_model(table, told)


def _not_as_the_model(table: str, told: dict[str, Any]) -> Iterator[str]:
    """Names of what the database holds, beside those of the model: autogenerate looks at no CHECK."""
    model = Base.metadata.tables.get(table)
    if model is None:
        return
    wanted = sorted(str(each.name) for each in model.constraints if isinstance(each, sa.CheckConstraint) and each.name)
    there = sorted(name for name, _ in told["checks"])
    if wanted != there:
        yield f"{table} has the CHECKs {there or 'none'}, and the model {wanted or 'none'}"


def _names(url: str) -> list[str]:
    engine = make_engine(url)
    found = [name for name in sa.inspect(engine).get_table_names() if not name.startswith("alembic_version")]
    engine.dispose()
    return sorted(found)


def _rows(url: str, line: MigrationLine) -> dict[str, int]:
    engine = make_engine(url)
    with engine.connect() as connection:
        found = {
            name: connection.scalar(sa.select(sa.func.count()).select_from(sa.table(name))) or 0
            for name in _names(url)
            if line.owns(name, ())
        }
    engine.dispose()
    return found


def table_as_told(engine: Engine, table: str) -> dict[str, Any]:
    """Of a table the columns, checks, keys and indexes, as the database tells them."""
    inspector = sa.inspect(engine)
    return {
        "columns": {
            column["name"]: (str(column["type"]), column["nullable"]) for column in inspector.get_columns(table)
        },
        "checks": sorted((check["name"] or "", check["sqltext"]) for check in inspector.get_check_constraints(table)),
        "uniques": sorted(
            (str(each["name"]), each["column_names"]) for each in inspector.get_unique_constraints(table)
        ),
        "foreign keys": sorted(
            (str(each["name"]), each["constrained_columns"], each["referred_table"])
            for each in inspector.get_foreign_keys(table)
        ),
        "indexes": sorted(
            (
                str(each["name"]),
                each["column_names"],
                bool(each["unique"]),
                str(each.get("dialect_options", {}).get(f"{engine.dialect.name}_where", "")),
            )
            for each in inspector.get_indexes(table)
        ),
    }


def people_not_served(tryout: Tryout) -> Iterator[str]:
    """People who have rows here can have a copy, be merged and unmerged, and be erased with every count as it was."""
    with tryout.undone() as work:
        ids = _people_with_rows(tryout, work.session)[:PEOPLE_TRIED]
    for person_id in ids:
        yield from _wrongly_copied(tryout, person_id)
        yield from _wrongly_erased(tryout, person_id)
    for kept, duplicate in pairwise(ids):
        yield from _wrongly_merged(tryout, kept, duplicate)


def _people_with_rows(tryout: Tryout, session: Session) -> list[int]:
    columns = [
        column
        for table in own_tables(tryout)
        for column in table.columns
        if any(key.column.table.name == "person" for key in column.foreign_keys)
    ]
    found = {each for column in columns for each in session.scalars(sa.select(column).where(column.is_not(None)))}
    open_records = sa.select(Person.id).where(Person.id.in_(found), Person.merged_into_id.is_(None))
    return list(session.scalars(open_records.where(Person.erased_at.is_(None)).order_by(Person.id)))


def _wrongly_copied(tryout: Tryout, person_id: int) -> Iterator[str]:
    with tryout.undone() as work:
        try:
            json.dumps(export_person(work, work.session.get_one(Person, person_id)))
        except TypeError as fault:
            yield f"the copy of a person's data has what is no plain value: {fault}"


def _wrongly_erased(tryout: Tryout, person_id: int) -> Iterator[str]:
    with tryout.undone() as work:
        person = work.session.get_one(Person, person_id)
        known = {each for each in (person.name, person.email, person.ref) if each}
        before = _count_rows(tryout, work.session)
        is_erased = True
        try:
            erase_person(work, person, reason="A tryout")
        except Refused:  # something must be done first, which is said in words; the plugin's own part is asked alone
            is_erased = False
            for part in (plugin.personal_data for plugin in tryout.plugins if plugin.personal_data is not None):
                part.erase(work, person_id)
        work.session.flush()
        if _count_rows(tryout, work.session) != before:
            yield "erasing someone took rows away, or added some: counts must stay as they are"
        for table, text in _texts(tryout, work.session) if is_erased else ():
            yield from (f"{table} still names someone who was erased" for each in known if each in text)


def _wrongly_merged(tryout: Tryout, kept_id: int, duplicate_id: int) -> Iterator[str]:
    with tryout.undone() as work:
        before = _all_rows(tryout, work.session)
        kept, duplicate = (work.session.get_one(Person, each) for each in (kept_id, duplicate_id))
        try:
            unmerge_people(work, merge_people(work, kept, duplicate))
        except Refused:
            return
        work.session.flush()
        if _all_rows(tryout, work.session) != before:
            yield "after merging two people and undoing it, rows are not as they were"


def _count_rows(tryout: Tryout, session: Session) -> dict[str, int]:
    return {
        table.name: session.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in own_tables(tryout)
    }


def _all_rows(tryout: Tryout, session: Session) -> dict[str, list[str]]:
    return {table.name: sorted(map(repr, session.execute(sa.select(table)))) for table in own_tables(tryout)}


def _texts(tryout: Tryout, session: Session) -> Iterator[tuple[str, str]]:
    for table in own_tables(tryout):
        yield table.name, " ".join(map(repr, session.execute(sa.select(table))))
