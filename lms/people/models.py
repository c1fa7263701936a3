"""Persons, their further addresses, the roles granted to them, and merges that can be undone."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.agencies.models import Agency, RoleGroup
from lms.frame.access import Role
from lms.frame.db import Base, Changing
from lms.frame.folding import kept_folded
from lms.frame.keeping import MustBe, kept
from lms.people.rules import is_own_mailbox, role_words

NO_CIRCLES = MustBe(
    name="merge",
    holds="new.merged_into_id IS NULL OR EXISTS (SELECT 1 FROM person AS kept WHERE kept.id = new.merged_into_id"
    " AND kept.merged_into_id IS NULL AND kept.erased_at IS NULL)",
    columns=("merged_into_id",),
    words="the record kept was merged or erased itself.",
)


class Person(Changing, Base):
    """One human being. `email` may be empty, and two persons may share one; addresses are kept in lower case."""

    __tablename__ = "person"
    __table_args__ = (
        sa.CheckConstraint("merged_into_id IS NULL OR merged_into_id <> id", name="not_merged_into_itself"),
        sa.CheckConstraint("email = lower(trim(email))", name="email_as_compared"),
        sa.Index("ix_person_name_folded", "name_folded"),
        {"info": kept(NO_CIRCLES)},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(index=True)
    name_folded: Mapped[str] = kept_folded("name")
    email: Mapped[str] = mapped_column(default="", index=True)
    phone: Mapped[str] = mapped_column(default="")
    agency_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agency.id"), index=True)
    role_group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("role_group.id"), index=True)
    job_title: Mapped[str] = mapped_column(default="")
    manager_name: Mapped[str] = mapped_column(default="", active_history=True)
    manager_email: Mapped[str] = mapped_column(default="", active_history=True)
    created_at: Mapped[datetime]
    left_on: Mapped[date | None]
    merged_into_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    calendar_secret: Mapped[str | None] = mapped_column(unique=True)
    calendar_alarms: Mapped[str] = mapped_column(default="", server_default="")  # which reminders that calendar has
    erased_at: Mapped[datetime | None]  # who it was is gone; the row stays, so that counts stay

    agency: Mapped[Agency | None] = relationship()
    role_group: Mapped[RoleGroup | None] = relationship()
    roles: Mapped[list["RoleGrant"]] = relationship(
        cascade="all, delete-orphan",
        order_by="RoleGrant.id",
        foreign_keys="RoleGrant.person_id",
        back_populates="person",
    )
    addresses: Mapped[list["PersonAddress"]] = relationship(
        cascade="all, delete-orphan", order_by="PersonAddress.address", back_populates="person"
    )

    @property
    def own_addresses(self) -> list[str]:
        """The main address and all further ones."""
        return [self.email, *(each.address for each in self.addresses)]

    @property
    def manager(self) -> tuple[str, str]:
        """Name and address of the line manager; nobody where a record of old says that it is they themselves."""
        if is_own_mailbox(self.manager_email, self.own_addresses):
            return "", ""
        return self.manager_name, self.manager_email

    @hybrid_property
    def is_here(self) -> bool:
        """Still with the partnership: neither left, merged into another record nor erased. Queries say it the same."""
        return self.left_on is None and self.merged_into_id is None and self.erased_at is None

    @is_here.inplace.expression
    @classmethod
    def _is_here(cls) -> sa.ColumnElement[bool]:
        return sa.and_(cls.left_on.is_(None), cls.merged_into_id.is_(None), cls.erased_at.is_(None))


class PersonAddress(Base):
    """A further email address of a person, by which they are recognised. Letters go to `Person.email`."""

    __tablename__ = "person_address"
    __table_args__ = (
        sa.UniqueConstraint("person_id", "address"),
        sa.CheckConstraint("address = lower(trim(address)) AND address <> ''", name="address_as_compared"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    address: Mapped[str] = mapped_column(index=True)

    person: Mapped[Person] = relationship(back_populates="addresses")


class RoleGrant(Base):
    """A role given to a person; an agency lead's names the agency."""

    __tablename__ = "role_grant"
    __table_args__ = (
        sa.CheckConstraint("(role = 'agency_lead') = (agency_id IS NOT NULL)", name="leads_name_their_agency"),
        sa.Index(
            "uq_role_grant_role",
            "person_id",
            "role",
            unique=True,
            sqlite_where=sa.text("agency_id IS NULL"),
            postgresql_where=sa.text("agency_id IS NULL"),
        ),
        sa.Index("uq_role_grant_agency", "person_id", "role", "agency_id", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    role: Mapped[Role]
    agency_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agency.id"))
    granted_at: Mapped[datetime]
    granted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)

    person: Mapped[Person] = relationship(foreign_keys=[person_id], back_populates="roles")
    agency: Mapped[Agency | None] = relationship()

    @property
    def words(self) -> str:
        """agency lead for Larkham Primary School"""
        return role_words(self.role, self.agency.name if self.agency else "")


class ReferenceCounter(Base):
    """The last number given of a kind of reference. Its row is locked by whoever takes the next, and by nobody else."""

    __tablename__ = "reference_counter"

    kind: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(default=0)


class PersonMerge(Base):
    """A duplicate merged into the person kept, with every row that was moved, so that it can be undone."""

    __tablename__ = "person_merge"
    __table_args__ = (
        sa.CheckConstraint("kept_id <> duplicate_id", name="two_records"),
        sa.CheckConstraint("undone_at >= merged_at", name="undone_after_it_was_made"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kept_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    duplicate_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    merged_at: Mapped[datetime]
    merged_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    undone_at: Mapped[datetime | None]
    moved: Mapped[dict[str, Any]]
