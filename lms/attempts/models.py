"""One attempt. Apart from the audit, whose lines stay for years and are never changed: these go after a short time."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from lms.attempts.rules import What
from lms.frame.db import Base


class Attempt(Base):
    """`person_id` is whom it concerns, where that is somebody known. What was typed is not kept.

    `network` is the address that it came from; of IPv6, the network. `page` is the name of a page that was refused.
    """

    __tablename__ = "sign_in_attempt"
    __table_args__ = (sa.Index("ix_sign_in_attempt_what_at", "what", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    what: Mapped[What]
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    network: Mapped[str]
    page: Mapped[str] = mapped_column(default="")
