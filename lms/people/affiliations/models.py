"""For whom somebody works, as what, and from when until when; written by whatever changes the record of a person."""

from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, mapped_column, object_session, relationship

from lms.agencies.models import Agency, RoleGroup
from lms.frame.db import Base, moment_of
from lms.kit.working_days import london_date
from lms.people.models import Person

SAID = ("agency_id", "role_group_id", "job_title")
"""What the record of a person says of their main employer today, and an affiliation for its time."""

MANAGER = ("manager_name", "manager_email")
"""The line manager stands on the record as long as it is so; what has ended says who it was."""


class Affiliation(Base):
    """An employer of a person, or none, from a day on until the day from which it was no more.

    Each person who is here has one main one that is open: the record of the person is its shadow. Others are further
    employers. A merge moves none: what was said of a record stays with the record.
    """

    __tablename__ = "person_affiliation"
    __table_args__ = (
        sa.Index(
            "uq_person_affiliation_main",
            "person_id",
            unique=True,
            sqlite_where=sa.text("is_main AND until_on IS NULL"),
            postgresql_where=sa.text("is_main AND until_on IS NULL"),
        ),
        sa.Index("ix_person_affiliation_person", "person_id", "from_on"),
        sa.CheckConstraint("until_on >= from_on", name="ends_after_start"),
        sa.CheckConstraint("is_main OR agency_id IS NOT NULL", name="further_ones_name_an_agency"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    agency_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agency.id"), index=True)
    role_group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("role_group.id"))
    job_title: Mapped[str] = mapped_column(default="")
    manager_name: Mapped[str] = mapped_column(default="")
    manager_email: Mapped[str] = mapped_column(default="")
    from_on: Mapped[date]
    until_on: Mapped[date | None]  # the first day on which it was so no more
    is_main: Mapped[bool] = mapped_column(default=True)

    agency: Mapped[Agency | None] = relationship()
    role_group: Mapped[RoleGroup | None] = relationship()


TABLE: Any = Affiliation.__table__


def _begin(connection: Connection, person: Person, on: date) -> None:
    values = {name: getattr(person, name) for name in SAID}
    connection.execute(sa.insert(TABLE).values(person_id=person.id, from_on=on, **values))


def _note_new(_mapper: Any, connection: Connection, person: Person) -> None:
    """A person who is added works for their agency from that day on."""
    if person.left_on is None:
        _begin(connection, person, london_date(person.created_at))


def _note_change(_mapper: Any, connection: Connection, person: Person) -> None:
    """What was so until today ends, and what is so begins. Changed twice in a day, it is what it became."""
    attributes = sa.inspect(person).attrs
    changed = [name for name in (*SAID, *MANAGER, "left_on") if attributes[name].history.has_changes()]
    if not changed:
        return
    is_open = TABLE.c.person_id == person.id, TABLE.c.until_on.is_(None)
    current = connection.execute(sa.select(TABLE).where(*is_open, TABLE.c.is_main)).one_or_none()
    today, was = _today(person), {name: _before(person, name) for name in MANAGER}
    if person.left_on is not None:
        ends = sa.case((TABLE.c.from_on > person.left_on, TABLE.c.from_on), else_=person.left_on)
        connection.execute(sa.update(TABLE).where(*is_open, TABLE.c.is_main).values(until_on=ends, **was))
        connection.execute(sa.update(TABLE).where(*is_open).values(until_on=ends))
    elif current is None:
        _begin(connection, person, today)
    elif current.from_on >= today:
        now = {name: getattr(person, name) for name in SAID}
        connection.execute(sa.update(TABLE).where(TABLE.c.id == current.id).values(now))
    else:
        connection.execute(sa.update(TABLE).where(TABLE.c.id == current.id).values(until_on=today, **was))
        _begin(connection, person, today)


def _before(person: Person, name: str) -> Any:
    """What an attribute was before this change."""
    deleted = sa.inspect(person).attrs[name].history.deleted
    return deleted[0] if deleted else getattr(person, name)


def _today(person: Person) -> date:
    session = object_session(person)
    now: datetime | None = moment_of(session) if session is not None else None
    return london_date(now or datetime.now(UTC))


event.listen(Person, "after_insert", _note_new)
event.listen(Person, "after_update", _note_change)
