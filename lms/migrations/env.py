"""How Alembic runs our migrations: one numbered line, on the application's own engine, all of it or nothing."""

from alembic import context
from flask import current_app
from sqlalchemy.engine import Connection

database = current_app.extensions["migrate"].db


def run() -> None:
    with database.engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            _foreign_keys(connection, "OFF")
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            render_as_batch=True,
            compare_type=True,
            transactional_ddl=True,
        )
        with context.begin_transaction():
            context.run_migrations()
            if is_sqlite and (astray := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()):
                raise RuntimeError(f"After migrating, rows point at nothing, so nothing was changed: {astray[:5]}")
        if is_sqlite:
            _foreign_keys(connection, "ON")


def _foreign_keys(connection: Connection, state: str) -> None:
    """SQLite changes some columns by making a table anew, and would refuse to drop one to which rows point.

    Said to the driver itself: inside a transaction, which SQLAlchemy would begin, it has no effect.
    """
    connection.connection.cursor().execute(f"PRAGMA foreign_keys={state}")


run()
