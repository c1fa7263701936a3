"""Accounts, one a person at most."""

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
