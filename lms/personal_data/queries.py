"""What tells who a person is, and every place in the database where it stands."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.agencies.models import Agency
from lms.audit.models import AuditEntry
from lms.partnership.models import Partnership
from lms.people.models import Person, PersonAddress
from lms.people.queries import ids_of
from lms.personal_data.rules import Identity, as_in_json

THINGS = frozenset(
    {
        "agency",
        "agency_domain",
        "alembic_version",
        "former_agency_name",
        "partnership",
        "role_group",
        "sector",
        "theme",
        "theme_change",
        "venue",
    }
)
"""Tables of names of things. A village hall may be called like a person."""

MARKS = frozenset(
    {
        "client_key",
        "code",
        "counted_as",
        "days_attended",
        "digest",
        "fs_uniquifier",
        "key",
        "kind",
        "number",
        "record_id",
        "record_type",
        "ref",
        "secret",
        "serial",
        "source",
        "token",
    }
)
"""Columns that hold what a program made or compares, never what somebody wrote about a person."""


def records_of(session: Session, person_id: int) -> list[int]:
    """Every record that was merged into a person's, and their own last."""
    return ids_of(session, person_id)[::-1]


def identity_of(session: Session, person_id: int) -> Identity:
    """All names, addresses, references and numbers of a person, those of before and of merged records too."""
    ids = records_of(session, person_id)
    people = list(session.scalars(sa.select(Person).where(Person.id.in_(ids)).order_by(Person.id)))
    further = session.scalars(sa.select(PersonAddress.address).where(PersonAddress.person_id.in_(ids))).all()
    before = list(_before(session, ids))
    return Identity(
        names=_some(*(each.name for each in people), *(each.get("name") for each in before)),
        addresses=_some(*(each.email for each in people), *further, *(each.get("email") for each in before)),
        refs=_some(*(each.ref for each in people)),
        phones=_some(*(each.phone for each in people), *(each.get("phone") for each in before)),
    )


def _before(session: Session, ids: list[int]) -> Iterator[dict[str, Any]]:
    """What the audit says was changed about the person."""
    lines = sa.select(AuditEntry.details).where(AuditEntry.record_type == "Person", AuditEntry.person_id.in_(ids))
    for details in session.scalars(lines.order_by(AuditEntry.id)):
        if isinstance(details.get("before"), dict):
            yield details["before"]


def _some(*values: Any) -> frozenset[str]:
    return frozenset(each.strip() for each in values if isinstance(each, str) and each.strip())


def of_others_too(session: Session, identity: Identity, person_id: int) -> set[str]:
    """Which of it is somebody else's as well: a namesake, a shared mailbox, the team's own address."""
    ids = records_of(session, person_id)
    others = sa.and_(Person.id.not_in(ids), Person.erased_at.is_(None))
    own = {each.lower() for each in (*identity.names, *identity.addresses, *identity.phones)}
    found: set[str] = set()
    for column in (Person.name, Person.email, Person.phone):
        found |= set(session.scalars(sa.select(column).where(others, sa.func.lower(column).in_(own))))
    further = sa.select(PersonAddress.address).join(Person).where(others, PersonAddress.address.in_(own))
    charges = sa.select(Agency.charge_email).where(sa.func.lower(Agency.charge_email).in_(own))
    team = sa.select(Partnership.team_email).where(sa.func.lower(Partnership.team_email).in_(own))
    for query in (further, charges, team):
        found |= set(session.scalars(query))
    return found


def own_identity_of(session: Session, person_id: int) -> Identity:
    """What tells who this person is, and nobody else."""
    whole = identity_of(session, person_id)
    return whole.without(of_others_too(session, whole, person_id))


def text_columns(table: sa.Table) -> list[sa.Column[Any]]:
    """The columns of a table in which somebody may be named."""
    if table.name in THINGS:
        return []
    kinds = (sa.String, sa.JSON)
    return [
        column
        for column in table.columns
        if isinstance(column.type, kinds)
        and not isinstance(column.type, sa.Enum)
        and column.name not in MARKS
        and not column.primary_key
    ]


def rows_naming(session: Session, table: sa.Table, identity: Identity) -> list[sa.Row[Any]]:
    """The rows of a table in which one of the texts may name a person: key columns first, then the texts."""
    columns = text_columns(table)
    named = [_contains(column, needle) for column in columns for needle in identity.needles]
    if not named:
        return []
    keys = list(table.primary_key.columns)
    return list(session.execute(sa.select(*keys, *columns).where(sa.or_(*named)).order_by(*keys)))


def _contains(column: sa.Column[Any], needle: str) -> sa.ColumnElement[bool]:
    if isinstance(column.type, sa.JSON):
        return sa.cast(column, sa.Text).icontains(as_in_json(needle), autoescape=True)
    return column.icontains(needle, autoescape=True)
