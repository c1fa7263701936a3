"""Accounts, the codes that were mailed, the tries that are counted, and people who asked for an account."""

from datetime import datetime

import sqlalchemy as sa
from flask_security import UserMixin
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.frame.db import Base
from lms.people.models import Person
from lms.signin.rules import Try


class Account(UserMixin, Base):
    """One account a person; `username` is the reference. Columns from `password` on are named by Flask-Security.

    `email` is the person's, as it was when they last signed in; two persons who share a mailbox have it twice.
    `tf_last_counter` is the time step of the last authenticator code taken, so that none is taken twice.
    """

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), unique=True)
    email: Mapped[str] = mapped_column(index=True)
    username: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]

    password: Mapped[str | None]
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
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    is_accepted: Mapped[bool | None]
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))


class SignInCode(Base):
    """A code that was mailed, or would have been: an address that nobody has leaves the same row.

    `token` is in the address of the page where the code is typed. `counted_as` is whose tries are counted.
    """

    __tablename__ = "sign_in_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(unique=True)
    digest: Mapped[str]
    counted_as: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    registration_id: Mapped[int | None] = mapped_column(sa.ForeignKey("registration.id"))
    made_at: Mapped[datetime] = mapped_column(index=True)
    wrong_tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None]

    person: Mapped[Person | None] = relationship()
    registration: Mapped[Registration | None] = relationship()


class SignInTry(Base):
    """A code asked for or a wrong answer, kept for a day, so that all processes count alike."""

    __tablename__ = "sign_in_try"
    __table_args__ = (sa.Index("ix_sign_in_try_counted_as", "counted_as", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    counted_as: Mapped[str]
    what: Mapped[Try]
    at: Mapped[datetime]
