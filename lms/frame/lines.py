"""Lines of migrations: the host has one, and each third party's plugin that keeps something has its own beside it.

A line is a folder of revisions and a table in which Alembic notes how far the database is. The tables of a plugin's
line begin with its name, and no other line looks at them; so one can come, change and go without the others.
"""

import sys
from argparse import Namespace
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.operations.ops import MigrationScript
from alembic.script import Script, ScriptDirectory
from sqlalchemy.engine import Connection

from lms.frame.doors import DOOR
from lms.frame.plugins import Plugin
from lms.frame.upgrading import LOSE_ROWS

HOST_FOLDER = Path(__file__).parents[1] / "migrations"
VERSIONS = "alembic_version"
QUEUE = frozenset({"queue_counter", "queue_kv", "queue_schedule", "queue_task"})
"""The worker's own tables on PostgreSQL, which no migration makes."""
BESIDE = QUEUE | {DOOR, "limit_count"}
"""All tables that no migration makes: SQLite's door to what is kept, and what counts tries on PostgreSQL, too."""


@dataclass(frozen=True)
class MigrationLine:
    """One line of migrations. `plugin` is "" for the host's."""

    plugin: str
    folder: Path

    @property
    def version_table(self) -> str:
        return f"{VERSIONS}_{self.plugin}" if self.plugin else VERSIONS

    def owns(self, table: str, plugins: Iterable[str]) -> bool:
        """Whether a table is this line's to make, change and drop. `plugins` are the names of those with a line."""
        if table.startswith(VERSIONS) or table in BESIDE:
            return False
        if self.plugin:
            return table.startswith(f"{self.plugin}_")
        return not table.startswith(tuple(f"{name}_" for name in plugins))

    @property
    def config(self) -> Config:
        """As Alembic's commands want it: the host's environment, this line's revisions."""
        config = Config(HOST_FOLDER / "alembic.ini")
        config.set_main_option("script_location", str(HOST_FOLDER).replace("%", "%%"))
        config.set_main_option("path_separator", "newline")
        config.set_main_option("version_locations", str(self.folder).replace("%", "%%"))
        config.attributes["line"] = self
        return config

    @property
    def head(self) -> str | None:
        """The newest revision that there is. Raises CommandError when there are two."""
        return ScriptDirectory.from_config(self.config).get_current_head()

    def upgrade(self, revision: str = "head") -> None:
        """Bring the application's database up to the newest revision, or to an earlier one."""
        command.upgrade(self.config, revision)

    def downgrade(self, revision: str, *, lose_rows: bool = False) -> None:
        """Bring it back to an earlier one. Raises CommandError where that loses rows, unless it is meant to."""
        config = self.config
        config.cmd_opts = Namespace(x=[LOSE_ROWS] if lose_rows else [])
        command.downgrade(config, revision)

    def migrate(self, words: str) -> Path | None:
        """Write the next revision: what the models say and the database does not. None when they agree."""
        self.folder.mkdir(exist_ok=True)
        number = len(list(self.folder.glob("[0-9]*.py"))) + 1
        written = command.revision(
            self.config, words, autogenerate=True, rev_id=f"{number:04}", process_revision_directives=_drop_empty
        )
        return Path(written.path) if isinstance(written, Script) else None


def _drop_empty(_context: object, _revision: object, directives: list[MigrationScript]) -> None:
    if directives[0].upgrade_ops is not None and directives[0].upgrade_ops.is_empty():
        directives.clear()


def folder_of(plugin: Plugin) -> Path | None:
    """Where a plugin's revisions lie; None when it has none."""
    folder = package_folder(plugin)
    return folder / "migrations" if folder and (folder / "migrations").is_dir() else None


def package_folder(plugin: Plugin) -> Path | None:
    """The folder of the package that a plugin comes in."""
    inside = getattr(sys.modules.get(plugin.package or ""), "__path__", ())
    return next((Path(each) for each in inside), None)


HOST_LINE = MigrationLine("", HOST_FOLDER / "versions")


def lines_of(plugins: Sequence[Plugin]) -> list[MigrationLine]:
    """The host's line, then those of plugins that have their own, each after what it requires."""
    return [
        HOST_LINE,
        *(MigrationLine(each.name, folder) for each in plugins if (folder := folder_of(each)) is not None),
    ]


def plugins_kept(connection: Connection) -> list[str]:
    """The names of plugins that have tables in this database, switched on or off: the database itself says so."""
    names = sa.inspect(connection).get_table_names()
    return sorted(name.removeprefix(f"{VERSIONS}_") for name in names if name.startswith(f"{VERSIONS}_"))
