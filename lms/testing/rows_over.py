"""Rows of one database in another of the other kind: making them anew takes longest of all that tests prepare."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa

from lms.frame.db import Base, make_engine


def bring_rows_over(file: Path, url: str) -> None:
    """Every row of a database on SQLite into one on PostgreSQL that has the same tables and no rows, as it is.

    Keys, checks and triggers of the first saw to them when they were written.
    """
    source, target = make_engine(f"sqlite:///{file}"), make_engine(url)
    with source.connect() as reading, target.begin() as writing:
        writing.exec_driver_sql("SET LOCAL session_replication_role = replica")
        there = set(sa.inspect(target).get_table_names()) & set(sa.inspect(source).get_table_names())
        for table in Base.metadata.sorted_tables:
            if table.name in there:
                _bring(reading, writing, table)
    source.dispose()
    target.dispose()


def _bring(reading: sa.Connection, writing: sa.Connection, table: sa.Table) -> None:
    """As text, which PostgreSQL reads as it reads what SQLite keeps: 0 and 1 for yes and no, moments in UTC."""
    names = [f'"{column.name}"' for column in table.columns if column.computed is None]
    cursor: Any = writing.connection.cursor()
    with cursor.copy(f'COPY "{table.name}" ({", ".join(names)}) FROM STDIN') as copy:
        rows: sa.Result[Any] = reading.execute(sa.select(*map(sa.literal_column, names)).select_from(table))
        for row in rows:
            copy.write_row(row)
    if (number := table.autoincrement_column) is not None:
        counter = sa.func.pg_get_serial_sequence(table.name, number.name)
        writing.execute(sa.select(sa.func.setval(counter, sa.func.max(number))))
