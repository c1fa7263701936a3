"""Removing what a plugin kept: written into a file first, then gone with every trace in the host's own tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from lms.frame.lines import VERSIONS
from lms.frame.work import Work
from lms.jobs.models import JobState
from lms.kit.errors import Conflict, NotFound
from lms.lists.models import MailChoice
from lms.mail.models import OutboxLetter, SharedLetter
from lms.mail.rules import LetterState
from lms.strangers.documents import write_kept
from lms.strangers.queries import in_the_way, kept_by, revision_of, tables_of, version_table

WHY = "The plugin that wrote this was removed."


@dataclass(frozen=True)
class RemovedPlugin:
    """What the audit points at."""

    id: str


@dataclass(frozen=True)
class WhatWent:
    """What went: tables by name with their number of rows, and letters that will not go."""

    tables: dict[str, int]
    letters: int


def remove_plugin(work: Work, plugin: str, file: Path, *, switched_on: Sequence[str]) -> WhatWent:
    """Write everything that a plugin keeps into a file, and take it away.

    Raises Conflict while it is switched on, while others point at it or a hold stands, NotFound when it keeps nothing.
    """
    if plugin in switched_on:
        raise Conflict(f"{plugin} is switched on. Take it out of LMS_PLUGINS, restart, and then remove it.")
    tables = tables_of(work.session, plugin)
    if not tables and not sa.inspect(work.session.connection()).has_table(f"{VERSIONS}_{plugin}"):
        raise NotFound(f"{plugin} keeps nothing here. `lms plugins list` names those that do.")
    reasons = list(dict.fromkeys(in_the_way(work.session, plugin, tables)))
    if reasons:
        raise Conflict(" ".join(reasons))
    kept = kept_by(work.session, tables)
    try:
        write_kept(file, plugin, kept, revision=revision_of(work.session, plugin), at=work.now)
    except FileExistsError:
        raise Conflict(f"{file} is there already. Name a new file.") from None
    removed = WhatWent({table.name: len(table.rows) for table in kept}, _forget(work, plugin))
    connection = work.session.connection()
    for name in [*reversed([table.name for table in tables]), version_table(plugin).name]:
        connection.exec_driver_sql(f'DROP TABLE "{name}"')
    work.record("plugin removed", RemovedPlugin(plugin), tables=removed.tables)
    return removed


def _forget(work: Work, plugin: str) -> int:
    """What the host notes about its jobs, lists and letters. How many letters were waiting."""
    own = f"{plugin}."
    work.session.execute(sa.delete(JobState).where(JobState.name.startswith(own)))
    work.session.execute(sa.delete(MailChoice).where(MailChoice.list_name.startswith(own)))
    stopped = {"stopped_at": work.now, "stopped_why": WHY}
    shared = sa.update(SharedLetter).where(SharedLetter.kind.startswith(own), SharedLetter.stopped_at.is_(None))
    work.session.execute(shared.values(stopped))
    waiting = (OutboxLetter.kind.startswith(own), OutboxLetter.state == LetterState.WAITING)
    withdrawn = {"state": LetterState.WITHDRAWN, "last_error": WHY, "retry_at": None}
    gone = work.session.execute(sa.update(OutboxLetter).where(*waiting).values(withdrawn).returning(OutboxLetter.id))
    return len(gone.all())
