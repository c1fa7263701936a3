"""The codes that were mailed, and people who asked for an account."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.frame.db import Base
from lms.people.models import Person


class Registration(Base):
    """Somebody who asked for an account. A coordinator decides, unless the address is in an agency's domains."""

    __tablename__ = "registration"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str] = mapped_column(index=True)
    agency_words: Mapped[str] = mapped_column(default="")
    job_title: Mapped[str] = mapped_column(default="")
    role_group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("role_group.id"))
    wants: Mapped[str] = mapped_column(default="", server_default="")  # what they came for, in our words
    wanted_path: Mapped[str] = mapped_column(default="", server_default="")  # the page where it is to be had
    asked_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    is_accepted: Mapped[bool | None]
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)


class SignInCode(Base):
    """A code that was mailed, or would have been: an address that nobody has leaves the same row.

    `token` is in the address of the page where the code is typed. `counted_as` is for whom codes are counted,
    `sent_to` the mailbox. Where many are asked for, codes are long, and the one of a `letter` works on further pages.
    """

    __tablename__ = "sign_in_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(unique=True)
    digest: Mapped[str]
    counted_as: Mapped[str] = mapped_column(index=True)
    sent_to: Mapped[str] = mapped_column(default="")
    is_long: Mapped[bool] = mapped_column(default=False)
    letter_id: Mapped[int | None] = mapped_column(sa.ForeignKey("sign_in_code.id", ondelete="CASCADE"))
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    registration_id: Mapped[int | None] = mapped_column(sa.ForeignKey("registration.id"))
    made_at: Mapped[datetime] = mapped_column(index=True)
    wrong_tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None]

    person: Mapped[Person | None] = relationship()
    registration: Mapped[Registration | None] = relationship()
    letter: Mapped["SignInCode | None"] = relationship(remote_side=[id])
