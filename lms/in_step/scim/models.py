"""What an identity provider calls people and groups. All else of them stands in their own records."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.agencies.models import Agency, RoleGroup
from lms.frame.db import Base, Changing
from lms.people.models import Person


class ProvisionedPerson(Changing, Base):
    """A person whom an identity provider keeps. `user_name_key` is the name as it is compared.

    `gone_at` is when the provider deleted them: to it there is nobody any more, and here is a person who has left.
    """

    __tablename__ = "provisioned_person"
    __table_args__ = (
        sa.CheckConstraint("user_name_key <> ''", name="has_a_name"),
        sa.Index(
            "uq_provisioned_person_user_name_key",
            "user_name_key",
            unique=True,
            sqlite_where=sa.text("gone_at IS NULL"),
            postgresql_where=sa.text("gone_at IS NULL"),
        ),
        {"info": {"stays_on_clash": True}},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), unique=True)
    user_name: Mapped[str]
    user_name_key: Mapped[str]
    external_id: Mapped[str] = mapped_column(default="", index=True)
    given_name: Mapped[str] = mapped_column(default="")
    family_name: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    gone_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()


class ProvisionedGroup(Base):
    """What an identity provider calls an agency or a kind of work."""

    __tablename__ = "provisioned_group"
    __table_args__ = (
        sa.CheckConstraint("(agency_id IS NULL) <> (role_group_id IS NULL)", name="of_one_thing"),
        sa.CheckConstraint("external_id <> ''", name="says_something"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agency.id"), unique=True)
    role_group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("role_group.id"), unique=True)
    external_id: Mapped[str]

    agency: Mapped[Agency | None] = relationship()
    role_group: Mapped[RoleGroup | None] = relationship()
