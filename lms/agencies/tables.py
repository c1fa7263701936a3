"""Agencies as rows of a CSV file."""

from collections.abc import Iterator, Mapping

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from lms.agencies.models import Agency, Sector
from lms.agencies.rules import check_days, check_successor, clean_code, clean_domains
from lms.agencies.services import keep_former_name, set_domains, today
from lms.frame import cells
from lms.frame.plugins import Change, Column, Import, RowReader
from lms.frame.work import Work

COLUMNS = (
    Column("code", is_key=True),
    Column("name", is_required=True),
    Column("sector", is_required=True),
    Column("email_domains"),
    Column("charge_email"),
    Column("exempt"),
    Column("opened_on"),
    Column("closed_on"),
    Column("successor_code"),
)


def read_agencies(work: Work, rows: list[Mapping[str, str]]) -> RowReader:
    """Add or change agencies. Unknown sectors are created; a successor may come later in the file."""
    agencies = {agency.code: agency for agency in _all_agencies(work)}
    saved = set(agencies)
    in_file = {cells.text(row, "code") for row in rows}
    sectors = {each.name: each for each in work.session.scalars(sa.select(Sector).order_by(Sector.position))}
    owners = {each.domain: agency for agency in agencies.values() for each in agency.domains}

    def agency_for(code: str) -> Agency:
        if code not in agencies:
            agencies[code] = Agency(code=code)
            work.session.add(agencies[code])
        return agencies[code]

    def sector_for(name: str) -> Sector:
        if name not in sectors:
            position = max((each.position for each in sectors.values()), default=0) + 1
            sectors[name] = Sector(name=name, position=position)
        return sectors[name]

    def read(row: Mapping[str, str]) -> Change:
        code = clean_code(cells.text(row, "code"))
        agency = agency_for(code)
        before = as_row(agency) if code in saved else None
        successor_code = cells.text(row, "successor_code")
        if successor_code and successor_code not in in_file:
            cells.one_of(row, "successor_code", agencies, what="agency")
        _fill(work, agency, row, sector_for(cells.name(row, "sector")), is_new=before is None)
        set_domains(
            agency,
            clean_domains(cells.words(row, "email_domains"), field="email_domains"),
            owners,
            field="email_domains",
        )
        successor = agency_for(successor_code) if successor_code else None
        check_successor(agency, successor, closed_on=agency.closed_on)
        agency.successor = successor
        return Change("added", thing=agency) if before is None else cells.difference(agency, before, as_row(agency))

    return read


def _fill(work: Work, agency: Agency, row: Mapping[str, str], sector: Sector, *, is_new: bool) -> None:
    name = cells.name(row, "name")
    if not is_new and name != agency.name:
        keep_former_name(work, agency, today(work))
    agency.name = name
    agency.sector = sector
    agency.charge_email = cells.address(row, "charge_email")
    agency.is_exempt = cells.yes_no(row, "exempt")
    agency.opened_on = cells.iso_date(row, "opened_on")
    agency.closed_on = cells.iso_date(row, "closed_on")
    check_days(agency.opened_on, agency.closed_on)


def as_row(agency: Agency) -> Mapping[str, str]:
    """An agency as a file says it."""
    return {
        "code": agency.code,
        "name": agency.name,
        "sector": agency.sector.name,
        "email_domains": cells.said_words(each.domain for each in agency.domains),
        "charge_email": agency.charge_email,
        "exempt": cells.said_yes_no(agency.is_exempt),
        "opened_on": cells.said_date(agency.opened_on),
        "closed_on": cells.said_date(agency.closed_on),
        "successor_code": agency.successor.code if agency.successor else "",
    }


def export_agencies(work: Work) -> Iterator[Mapping[str, str]]:
    """Every agency by its code."""
    return (as_row(agency) for agency in _all_agencies(work))


def _all_agencies(work: Work) -> list[Agency]:
    return list(
        work.session.scalars(
            sa.select(Agency)
            .options(joinedload(Agency.sector), selectinload(Agency.domains), selectinload(Agency.successor))
            .order_by(Agency.code)
        )
    )


IMPORT = Import(
    kind="agencies",
    words="Agencies: names, sectors, email domains, where charges go, and what became of them",
    columns=COLUMNS,
    reader=read_agencies,
    export=export_agencies,
    permission="agencies.manage",
    position=10,
)
