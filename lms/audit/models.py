"""One line of the audit; never changed and never deleted by the application."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from lms.frame.db import Base
from lms.frame.keeping import Stays, Then, kept

SALT_GOES = Then(
    name="salt",
    columns=("actor_name", "details"),
    does="UPDATE audit_seal SET salt = NULL, words_gone_at = {moment} WHERE entry_id = old.id AND salt IS NOT NULL",
)
"""Words change for whoever is erased alone: with the salt goes the way to try out what they were."""


class AuditEntry(Base):
    """`event` is said in the office's words ("booking cancelled"); `details` holds plain values, never free text
    about a child and never what is under embargo. A confidential line is only for those who may read such lines."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        sa.Index("ix_audit_entry_record", "record_type", "record_id", "at"),
        sa.Index("ix_audit_entry_person", "person_id", "at"),
        sa.Index("ix_audit_entry_at", "at"),
        {"info": kept(Stays("a line of the audit", words=("actor_name", "details"), may_go=True), SALT_GOES)},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    actor_name: Mapped[str]
    event: Mapped[str]
    record_type: Mapped[str]
    record_id: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    details: Mapped[dict[str, Any]]
    is_confidential: Mapped[bool] = mapped_column(default=False)
