"""What people chose of mailing lists; nothing is kept of those who never chose."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from lms.frame.db import Base
from lms.lists.rules import Wish


class MailChoice(Base):
    """What a person wishes of a list; or what was wished for an address that several share."""

    __tablename__ = "mail_choice"
    __table_args__ = (
        sa.UniqueConstraint("person_id", "list_name"),
        sa.CheckConstraint("(person_id IS NULL) = (address <> '')", name="person_or_address"),
        sa.Index(
            "uq_mail_choice_address",
            "address",
            "list_name",
            unique=True,
            sqlite_where=sa.text("address <> ''"),
            postgresql_where=sa.text("address <> ''"),
        ),
        {"info": {"stays_on_clash": True}},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    list_name: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    address: Mapped[str] = mapped_column(default="")
    wish: Mapped[Wish]
    chosen_at: Mapped[datetime]


class OwnCopy(Base):
    """A person who shares a mailbox and wants a copy of their own of what goes to it once."""

    __tablename__ = "own_copy"
    __table_args__ = ({"info": {"stays_on_clash": True}},)

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    chosen_at: Mapped[datetime]
