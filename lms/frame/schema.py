"""Which revision a database is at, and whether this version can work with it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection

from lms.frame.lines import MigrationLine


@dataclass(frozen=True)
class SchemaHere:
    """`found` is the host's revision, None before `lms init`. `why_not` says what to do where it does not fit."""

    found: str | None
    why_not: str = ""


def schema_here(connection: Connection, lines: Iterable[MigrationLine]) -> SchemaHere:
    """Every line at its newest revision, or a sentence about the first that is not. `lines` begin with the host's."""
    found: str | None = None
    for line in lines:
        here = _revision(connection, line)
        found = here if not line.plugin else found
        head, known = _revisions(line.plugin, line.folder)
        if here != head:
            return SchemaHere(found, _sentence(line, here, head, is_known=here in known))
    return SchemaHere(found)


def _revision(connection: Connection, line: MigrationLine) -> str | None:
    context = MigrationContext.configure(connection, opts={"version_table": line.version_table})
    return context.get_current_revision()


@lru_cache(maxsize=32)
def _revisions(plugin: str, folder: Path) -> tuple[str | None, frozenset[str]]:
    """The newest, and all that there are: they do not change while a process runs."""
    scripts = ScriptDirectory.from_config(MigrationLine(plugin, folder).config)
    return scripts.get_current_head(), frozenset(each.revision for each in scripts.walk_revisions())


def _sentence(line: MigrationLine, here: str | None, head: str | None, *, is_known: bool) -> str:
    whose = f"the plugin {line.plugin}" if line.plugin else "this version"
    if here is None:
        return f"The database has not been made for {whose} yet. Run `lms init`."
    if is_known:
        return f"The database is at revision {here}, and {whose} needs {head}. Run `lms init`."
    return (
        f"The database is at revision {here}, which {whose} does not know: a newer one was here. Start the newer "
        "version, or restore the backup from before the upgrade."
    )
