"""How Alembic runs our migrations: a numbered line, on the application's own engine.

On PostgreSQL each is a transaction of its own and waits briefly; SQLite does all of them or nothing. Which line is said
by whoever calls (`lms.frame.lines`); without, it is the host's. A line sees its own tables alone: those of plugins, and
the worker's queue, are as good as not there.
"""

from alembic import context
from alembic.migration import MigrationContext
from flask import current_app
from sqlalchemy.engine import Connection

from lms.frame.lines import HOST_LINE, lines_of, plugins_kept
from lms.frame.together import autogenerate_sees
from lms.frame.triggers import drop_triggers, fit_triggers, migrations_let_in
from lms.frame.upgrading import LOSE_ROWS, until_nobody_is_in_the_way, waiting_briefly

database = current_app.extensions["migrate"].db
line = context.config.attributes.get("line", HOST_LINE)


def run() -> None:
    with database.engine.connect() as connection:
        plugins = {each.plugin for each in lines_of(current_app.extensions["lms"].plugins) if each.plugin}
        plugins |= set(plugins_kept(connection))
        connection.rollback()  # looking began a transaction
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            _foreign_keys(connection, "OFF")
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            render_as_batch=True,
            compare_type=True,
            transactional_ddl=True,
            transaction_per_migration=not is_sqlite,
            lose_rows=LOSE_ROWS in context.get_x_argument(),
            version_table=line.version_table,
            include_name=lambda name, kind, _parents: kind != "table" or line.owns(name, plugins),
            include_object=lambda thing, name, kind, *more: (
                line.owns(name, plugins) if kind == "table" else autogenerate_sees(thing, name, kind, *more)
            ),
        )
        with waiting_briefly(connection), migrations_let_in(connection):
            (_all_or_nothing if is_sqlite else _one_after_another)(connection)
        if is_sqlite:
            _foreign_keys(connection, "ON")


def _all_or_nothing(connection: Connection) -> None:
    with context.begin_transaction():
        drop_triggers(connection)  # a table is not made anew while others' triggers name it
        context.run_migrations()
        _fit(connection)
        if astray := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall():
            raise RuntimeError(f"After migrating, rows point at nothing, so nothing was changed: {astray[:5]}")


def _one_after_another(connection: Connection) -> None:
    """Triggers too: each locks its table."""
    context.run_migrations()
    connection.commit()
    _fit(connection.execution_options(isolation_level="AUTOCOMMIT"))


def _fit(connection: Connection) -> None:
    """Triggers are made from models: when the host's tables are what those say."""
    now = MigrationContext.configure(connection, opts={"version_table": HOST_LINE.version_table})
    (fit_triggers if now.get_current_revision() == HOST_LINE.head else drop_triggers)(connection)


def _foreign_keys(connection: Connection, state: str) -> None:
    """SQLite changes some columns by making a table anew, and would refuse to drop one to which rows point.

    Said to the driver itself: inside a transaction, which SQLAlchemy would begin, it has no effect.
    """
    connection.connection.cursor().execute(f"PRAGMA foreign_keys={state}")


until_nobody_is_in_the_way(run)
