"""Accounts, the codes that were mailed, and people who asked for an account."""

from datetime import datetime

import sqlalchemy as sa
from flask_security import UserMixin
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.frame.db import Base
from lms.people.models import Person


class Account(UserMixin, Base):
    """One account a person; `username` is the reference. Columns from `password` on are named by Flask-Security.

    `email` is the person's, as it was when they last signed in; two persons who share a mailbox have it twice.
    `wrong_passwords` counts since the password was set. `tf_last_counter` is the time step of the last authenticator
    code taken, so that none is taken twice.
    """

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), unique=True)
    email: Mapped[str] = mapped_column(index=True)
    username: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]

    password: Mapped[str | None]
    wrong_passwords: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(unique=True)
    tf_totp_secret: Mapped[str | None]
    tf_last_counter: Mapped[int | None]
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(sa.JSON()))

    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)


class Registration(Base):
    """Somebody who asked for an account. A coordinator decides, unless the address is in an agency's domains."""

    __tablename__ = "registration"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str] = mapped_column(index=True)
    agency_words: Mapped[str] = mapped_column(default="")
    job_title: Mapped[str] = mapped_column(default="")
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
