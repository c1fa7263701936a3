"""Tables to fetch by a token that was given that: the very ones under Downloads, with what its role may see."""

from dataclasses import dataclass, field
from typing import cast

from lms.api.shapes import says
from lms.frame.plugins import Asked, Operation
from lms.frame.site import Site
from lms.frame.work import Work
from lms.kit.errors import NotFound
from lms.tables.queries import downloads_for
from lms.tables.words import csv_file

TAKE = "tables.take_by_system"


@dataclass(frozen=True)
class DownloadAnswer:
    """A table that can be taken along."""

    kind: str = field(metadata=says("By which it is asked for.", example="certificates"))
    words: str = field(metadata=says("What it holds.", example="Certificates issued"))
    columns: tuple[str, ...] = field(metadata=says("Its columns.", example=["certificate", "person_ref"]))


@dataclass(frozen=True)
class DownloadList:
    """The tables of this token."""

    items: tuple[DownloadAnswer, ...]


def list_downloads(work: Work, _asked: Asked) -> DownloadList:
    """The tables that this token may take along."""
    found = downloads_for(cast(Site, work.site), work.actor)
    return DownloadList(tuple(DownloadAnswer(each.kind, each.words, each.columns) for each in found))


def take_download(work: Work, asked: Asked) -> str:
    """A table as CSV, safe from formulas. The address /downloads/<kind>.csv outside the API takes the token as well."""
    found = (each for each in downloads_for(cast(Site, work.site), work.actor) if each.kind == asked.path["kind"])
    table = next(found, None)
    if table is None:
        raise NotFound("We cannot find that table among those of the token.")
    return csv_file(work, table)


OPERATIONS = (
    Operation("tables.list_downloads", "GET", "/downloads", "Tables to fetch", DownloadList, list_downloads, TAKE),
    Operation(
        "tables.take_download",
        "GET",
        "/downloads/{kind}",
        "A table as CSV",
        str,
        take_download,
        TAKE,
        media="text/csv",
    ),
)
