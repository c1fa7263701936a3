"""Seals of the audit's lines, in a table beside it: a line is sealed later, and goes sooner than its seal."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from lms.frame.db import Base
from lms.frame.keeping import Stays, kept


class AuditSeal(Base):
    """The seal of one line. `hash` is over the hash before it and all that is said here but the salt.

    `words_digest` is over the line's words and a salt of its own. When erasing changes the words, the salt goes (a
    trigger sees to it), and nobody can try out what the words were; the chain holds.
    """

    __tablename__ = "audit_seal"
    __table_args__ = (
        sa.CheckConstraint("number > 0", name="numbers_from_one"),
        sa.CheckConstraint("(salt IS NULL) = (words_gone_at IS NOT NULL)", name="salt_until_words_go"),
        {"info": kept(Stays("a seal of the audit", words=("salt", "words_gone_at")))},
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entry_id: Mapped[int] = mapped_column(unique=True)
    at: Mapped[datetime]
    facts_digest: Mapped[str]
    words_digest: Mapped[str]
    salt: Mapped[str | None]
    words_gone_at: Mapped[datetime | None]
    hash: Mapped[str]
