"""Every table that there is: those of the models, and those of plugins that are switched off.

A plugin that nobody named at this start has no models here, and still has its rows about people. The database knows
them: a plugin's version table tells its name, and its tables begin with that.
"""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.frame.db import Base
from lms.frame.lines import VERSIONS, plugins_kept

KNOWN = "tables of plugins that are switched off"


def tables_there(session: Session) -> list[sa.Table]:
    """All of them, each after those that it points at."""
    return [*Base.metadata.sorted_tables, *tables_switched_off(session)]


def tables_switched_off(session: Session) -> list[sa.Table]:
    """The tables of plugins that have rows here and no models. Read from the database once in a session."""
    if KNOWN not in session.info:
        session.info[KNOWN] = _read(session.connection())
    found: list[sa.Table] = session.info[KNOWN]
    return found


def _read(connection: sa.Connection) -> list[sa.Table]:
    prefixes = tuple(f"{name}_" for name in plugins_kept(connection))
    names = [
        name
        for name in sa.inspect(connection).get_table_names()
        if prefixes and name.startswith(prefixes) and name not in Base.metadata.tables
    ]
    names = [name for name in names if not name.startswith(VERSIONS)]
    if not names:
        return []
    beside = sa.MetaData()
    for table in Base.metadata.tables.values():
        table.to_metadata(beside)  # so that foreign keys lead somewhere
    for name in names:
        sa.Table(name, beside, autoload_with=connection)
    return [table for table in beside.sorted_tables if table.name in names]
