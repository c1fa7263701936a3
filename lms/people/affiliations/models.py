"""For whom somebody works, as what, and from when until when; written by whatever changes the record of a person."""

from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, Session, mapped_column, object_session, relationship

from lms.agencies.models import Agency, RoleGroup
from lms.frame.db import Base, moment_of
from lms.kit.working_days import london_date
from lms.people.models import Person

SAID = ("agency_id", "role_group_id", "job_title")
"""What the record of a person says of their main agency today, and an affiliation for its time."""

MANAGER = ("manager_name", "manager_email")
"""The line manager stands on the record as long as it is so; what has ended says who it was."""


class Affiliation(Base):
    """An agency of a person, or none, from a day on until the day from which it was no more.

    Each person who is here has one main one that is open: the record of the person is its shadow. Others are further
    agencies. A merge moves none: what was said of a record stays with the record.
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


IS_OPEN = TABLE.c.person_id == sa.bindparam("who"), TABLE.c.until_on.is_(None)
IS_MAIN = (*IS_OPEN, TABLE.c.is_main)
SAYS = {name: sa.bindparam(f"is_{name}", type_=TABLE.c[name].type) for name in SAID}
SAID_OF_MANAGER: dict[str, Any] = {name: sa.bindparam(f"was_{name}") for name in MANAGER}
ON: sa.BindParameter[date] = sa.bindparam("day", type_=sa.Date())

END_MAIN = sa.update(TABLE).where(*IS_MAIN, TABLE.c.from_on < ON).values(until_on=ON, **SAID_OF_MANAGER)
ENDS = sa.case((TABLE.c.from_on > ON, TABLE.c.from_on), else_=ON)
LEAVE = (
    sa.update(TABLE).where(*IS_MAIN).values(until_on=ENDS, **SAID_OF_MANAGER),
    sa.update(TABLE).where(*IS_OPEN).values(until_on=ENDS),
)
BEGIN = sa.insert(TABLE).from_select(
    ["person_id", "from_on", "is_main", *MANAGER, *SAID],
    sa.select(
        sa.bindparam("who", type_=sa.Integer()),
        ON,
        sa.true(),
        *(sa.literal("", sa.Text()) for _ in MANAGER),
        *SAYS.values(),
    ).where(~sa.exists().where(*IS_MAIN)),
)
CHANGE = (sa.update(TABLE).where(*IS_MAIN, TABLE.c.from_on >= ON).values(SAYS), END_MAIN, BEGIN)
"""Changed twice in a day, it is what it became; otherwise what was so until that day ends, and what is so begins."""

NOTED = "lms_affiliations"
Notes = dict[tuple[sa.Executable, ...], list[dict[str, Any]]]


def _note_new(_mapper: Any, _connection: Connection, person: Person) -> None:
    """A person who is added works for their agency from that day on."""
    if person.left_on is None:
        _note(person, (BEGIN,), london_date(person.created_at))


def _note_change(_mapper: Any, _connection: Connection, person: Person) -> None:
    """Whatever the record says of the agency now, or that they have left."""
    attributes = sa.inspect(person).attrs
    if any(attributes[name].history.has_changes() for name in (*SAID, *MANAGER, "left_on")):
        _note(person, LEAVE if person.left_on is not None else CHANGE, person.left_on or _today(person))


def _note(person: Person, what: tuple[sa.Executable, ...], day: date) -> None:
    values = {"who": person.id, "day": day, **{f"is_{name}": getattr(person, name) for name in SAID}}
    values |= {f"was_{name}": _before(person, name) for name in MANAGER}
    session = object_session(person)
    if session is not None:
        notes: Notes = session.info.setdefault(NOTED, {})
        notes.setdefault(what, []).append(values)


def _before(person: Person, name: str) -> Any:
    """What an attribute was before this change."""
    deleted = sa.inspect(person).attrs[name].history.deleted
    return deleted[0] if deleted else getattr(person, name)


def _today(person: Person) -> date:
    session = object_session(person)
    now: datetime | None = moment_of(session) if session is not None else None
    return london_date(now or datetime.now(UTC))


def _forget(session: Session, *_: Any) -> None:
    """A flush that failed left its notes."""
    session.info.pop(NOTED, None)


def _write(session: Session, _flush: Any) -> None:
    """All that was noted, a statement at a time for all people: a file may change thousands."""
    notes: Notes = session.info.pop(NOTED, {})
    for statements, values in notes.items():
        for statement in statements:
            session.connection().execute(statement, values)


event.listen(Person, "after_insert", _note_new)
event.listen(Person, "after_update", _note_change)
event.listen(Session, "before_flush", _forget)
event.listen(Session, "after_flush", _write)
