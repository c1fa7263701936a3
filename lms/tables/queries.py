"""Files that wait to be confirmed, and kinds written out."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, defer

from lms.frame.access import Actor
from lms.frame.plugins import Import
from lms.frame.site import Site
from lms.frame.work import Work
from lms.kit.errors import NotFound
from lms.kit.figures import Cell
from lms.tables.models import Upload
from lms.tables.rules import write_csv


def upload_of(session: Session, upload_id: int, person_id: int | None) -> Upload:
    """A file that this person sent. Raises NotFound for one that is gone, or that somebody else sent."""
    found = session.scalar(
        sa.select(Upload)
        .options(defer(Upload.content))
        .where(Upload.id == upload_id, Upload.uploaded_by_id == person_id)
    )
    if found is None:
        raise NotFound("This file is no longer here. We keep files for one day. Choose it again.")
    return found


@dataclass(frozen=True)
class Download:
    """A table that somebody may take along."""

    kind: str
    words: str
    columns: tuple[str, ...]
    rows: Callable[[Work], Iterable[Mapping[str, Cell]]]


def downloads_for(site: Site, actor: Actor) -> list[Download]:
    """The tables that this reader may take along: kinds that also come in, then those that only leave."""
    kinds = [
        Download(each.kind, each.words, tuple(column.name for column in each.columns), each.export)
        for each in site.imports
        if actor.may(each.permission)
    ]
    return kinds + [
        Download(each.kind, each.words, each.columns, each.rows) for each in site.exports if actor.may(each.permission)
    ]


def download_csv(work: Work, table: Download) -> str:
    """A table as CSV text, safe from formulas."""
    rows = ({name: _said(row[name]) for name in table.columns} for row in table.rows(work))
    return write_csv(table.columns, rows)


def _said(cell: Cell) -> str:
    return "" if cell is None else str(cell)


def export_table(work: Work, kind: Import) -> str:
    """Everything of a kind as CSV text."""
    return write_csv([column.name for column in kind.columns], kind.export(work))
