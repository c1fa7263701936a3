"""The ledger as rows of a CSV file: how earlier years come in."""

from collections.abc import Iterator, Mapping

import sqlalchemy as sa

from golden_thread_in_kind.models import InKindContribution as Given
from golden_thread_in_kind.rules import Kind, check
from lms.agencies.models import Agency
from lms.frame import cells
from lms.frame.plugins import Change, Column, Import, RowReader
from lms.frame.work import Work
from lms.kit.working_days import london_date
from lms.people.models import Person

KEY, NEEDED = Column("ref", is_key=True), ("agency_code", "kind", "given_on", "quantity", "what", "worth")


def as_row(given: Given) -> dict[str, str]:
    return {
        "ref": given.ref,
        "agency_code": given.agency.code,
        "kind": given.kind.value,
        "given_on": cells.said_date(given.given_on),
        "quantity": str(given.quantity),
        "what": given.what,
        "worth": cells.said_pence(given.worth_pence),
        "person_ref": given.person.ref if given.person else "",
    }


def read_rows(work: Work, _rows: list[Mapping[str, str]]) -> RowReader:
    """Three queries for all rows."""
    known = {each.ref: each for each in work.session.scalars(sa.select(Given))}
    agencies = {each.code: each for each in work.session.scalars(sa.select(Agency))}
    people = {each.ref: each for each in work.session.scalars(sa.select(Person).where(Person.erased_at.is_(None)))}

    def read(row: Mapping[str, str]) -> Change:
        given = known.get(row["ref"])
        before = as_row(given) if given else None
        given = given or Given(ref=row["ref"])
        given.agency = cells.one_of(row, "agency_code", agencies, what="agency", required=True)
        given.person = cells.one_of(row, "person_ref", people, what="person")
        given.kind = cells.choice(row, "kind", Kind)
        given.given_on = cells.iso_date(row, "given_on", required=True)
        given.quantity = cells.whole_number(row, "quantity", required=True)
        given.what, given.worth_pence = cells.text(row, "what"), cells.pence(row, "worth", required=True)
        today, has_trainer = london_date(work.now), given.person is not None
        check(given.kind, given.given_on, given.quantity, given.what, today=today, has_trainer=has_trainer)
        work.session.add(given)
        return cells.difference(given, before, as_row(given)) if before else Change("added", thing=given)

    return read


def all_rows(work: Work) -> Iterator[Mapping[str, str]]:
    return map(as_row, work.session.scalars(sa.select(Given).order_by(Given.given_on, Given.ref)))


COLUMNS = (KEY, *(Column(name, is_required=True) for name in NEEDED), Column("person_ref"))
IMPORT = Import("in-kind", "What agencies gave in kind", COLUMNS, read_rows, all_rows, "in_kind.record", 85)
