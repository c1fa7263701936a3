"""Agencies for other systems: listed, and kept in step by those that are not limited to some."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from lms.agencies.models import Agency
from lms.agencies.tables import as_row
from lms.api.cursors import Paged, page_of, read_numbers
from lms.api.shapes import says
from lms.frame.access import Actor
from lms.frame.plugins import Asked
from lms.frame.problems import GENERAL
from lms.frame.work import Work
from lms.in_step.api import CLEARS, OnlyTried, operation
from lms.in_step.people.queries import MANAGE
from lms.in_step.rules import GIVEN_TWICE, MOST_ROWS, RowDone, RowsDone
from lms.in_step.services import Row, take, take_one
from lms.kit.errors import Invalid, NotAllowed, NotFound
from lms.tables.services import NOT_TOGETHER

KIND = "agencies"
NAMES = ("name", "sector", "email_domains", "charge_email", "exempt", "opened_on", "closed_on", "successor_code")


@dataclass(frozen=True)
class AgencyGiven:
    """What is known of an agency: the fields of the file of agencies. What is left out stays as it is."""

    name: str | None = field(default=None, metadata=says("Needed for a new one.", example="Larkham Primary School"))
    sector: str | None = field(default=None, metadata=says("Needed for a new one.", example="Education", longest=120))
    email_domains: str | None = field(
        default=None, metadata=says(f"With ; between. {CLEARS}", example="larkham.example")
    )
    charge_email: str | None = field(default=None, metadata=says(f"The address for charges. {CLEARS}"))
    exempt: str | None = field(default=None, metadata=says("yes or no: no charges, still reported.", example="no"))
    opened_on: str | None = field(default=None, metadata=says(f"As 2026-04-09. {CLEARS}", example="", longest=10))
    closed_on: str | None = field(default=None, metadata=says(f"As 2026-04-09. {CLEARS}", example="", longest=10))
    successor_code: str | None = field(default=None, metadata=says(f"Into which it merged. {CLEARS}", example=""))


@dataclass(frozen=True)
class AgencyWithCode(AgencyGiven):
    """An agency in a list."""

    code: str = field(default="", metadata=says("Its code. Needed.", example="LARK", longest=40))


@dataclass(frozen=True)
class AgenciesGiven:
    """Many agencies. A successor may stand later in the list."""

    agencies: tuple[AgencyWithCode, ...] = field(metadata=says(f"At most {MOST_ROWS}."))


@dataclass(frozen=True)
class AgencyKept:
    """An agency."""

    code: str = field(metadata=says("Its code.", example="LARK"))
    name: str = field(metadata=says("Its name.", example="Larkham Primary School"))
    sector: str = field(metadata=says("Its reporting group.", example="Education"))
    email_domains: tuple[str, ...]
    is_exempt: bool
    opened_on: date | None
    closed_on: date | None
    successor_code: str | None
    changed_at: datetime | None


@dataclass(frozen=True)
class AgenciesWanted(Paged):
    """Which agencies, in the order in which they were added."""

    updated_since: datetime | None = field(default=None, metadata=says("Changed at this moment or later."))


@dataclass(frozen=True)
class AgencyPage:
    """A page of agencies."""

    items: tuple[AgencyKept, ...]
    next_cursor: str | None


def list_agencies(work: Work, asked: Asked) -> AgencyPage:
    """Agencies, those that are closed too; for a token that is limited, its own."""
    query: AgenciesWanted = asked.query
    found = _agencies(work.actor)
    if query.updated_since is not None:
        found = found.where(Agency.changed_at >= query.updated_since)
    after = read_numbers(query.cursor, 1)
    if after is not None:
        found = found.where(Agency.id > after[0])
    rows = work.session.scalars(found.order_by(Agency.id).limit(query.limit + 1)).all()
    page, next_cursor = page_of(rows, query.limit, lambda agency: (agency.id,))
    return AgencyPage(tuple(_answer(each) for each in page), next_cursor)


def one_agency(work: Work, asked: Asked) -> AgencyKept:
    """One agency by its code."""
    found = work.session.scalar(_agencies(work.actor).where(Agency.code == asked.path["code"]))
    if found is None:
        raise NotFound("There is no agency with this code among those of the token.")
    return _answer(found)


def keep_agency(work: Work, asked: Asked) -> RowDone:
    """Add the agency with this code, or change what is sent. The same again changes nothing."""
    _check_may(work.actor)
    row = _rows(work, [(asked.path["code"], asked.body)])[0]
    return take_one(work, KIND, row, save=not asked.query.dry_run, refused={})


def keep_agencies(work: Work, asked: Asked) -> RowsDone:
    """Add or change many, each answered by itself."""
    _check_may(work.actor)
    given: AgenciesGiven = asked.body
    if len(given.agencies) > MOST_ROWS:
        raise Invalid(f"Send at most {MOST_ROWS} at a time.", field="agencies")
    rows = _rows(work, [(each.code, each) for each in given.agencies])
    return RowsDone(take(work, KIND, rows, save=not asked.query.dry_run), asked.query.dry_run)


def _check_may(actor: Actor) -> None:
    if not actor.may("agencies.manage"):
        raise NotAllowed(GENERAL[403].words, reason=GENERAL[403])


def _rows(work: Work, given: list[tuple[str, Any]]) -> list[Row]:
    """What was sent, as rows of the file; what was left out says what the record says."""
    codes = [code.strip() for code, _ in given]
    there = {each.code: as_row(each) for each in work.session.scalars(_loaded().where(Agency.code.in_(codes)))}
    empty = dict.fromkeys(NAMES, "")
    rows: list[Row] = []
    for code, (_, each) in zip(codes, given, strict=True):
        said = {name: getattr(each, name) for name in NAMES if getattr(each, name) is not None}
        rows.append({**empty, **there.get(code, {}), **said, "code": code})
    return rows


def _agencies(actor: Actor) -> sa.Select[Agency]:
    found = _loaded()
    return found if actor.may(MANAGE) else found.where(Agency.id.in_(actor.leads_agency_ids))


def _loaded() -> sa.Select[Agency]:
    return sa.select(Agency).options(
        joinedload(Agency.sector), joinedload(Agency.successor), selectinload(Agency.domains)
    )


def _answer(agency: Agency) -> AgencyKept:
    return AgencyKept(
        code=agency.code,
        name=agency.name,
        sector=agency.sector.name,
        email_domains=tuple(each.domain for each in agency.domains),
        is_exempt=agency.is_exempt,
        opened_on=agency.opened_on,
        closed_on=agency.closed_on,
        successor_code=agency.successor.code if agency.successor else None,
        changed_at=agency.changed_at,
    )


OPERATIONS = (
    operation("list_agencies", "GET", "/agencies", "Agencies", AgencyPage, list_agencies, query=AgenciesWanted),
    operation("one_agency", "GET", "/agencies/{code}", "One agency", AgencyKept, one_agency),
    operation(
        "keep_agency",
        "PUT",
        "/agencies/{code}",
        "Add an agency, or change one",
        RowDone,
        keep_agency,
        query=OnlyTried,
        body=AgencyGiven,
        reasons=(NOT_TOGETHER,),
    ),
    operation(
        "keep_agencies",
        "POST",
        "/agencies/many",
        "Add or change many agencies, with a result for each",
        RowsDone,
        keep_agencies,
        query=OnlyTried,
        body=AgenciesGiven,
        reasons=(NOT_TOGETHER, GIVEN_TWICE),
    ),
)
