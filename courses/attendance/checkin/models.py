"""Whether delegates sign in themselves at an event, and the secret of its codes."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from lms.frame.db import Base


class CheckIn(Base):
    """Self check-in is switched on for this event. The secret never leaves the server: only codes made from it do."""

    __tablename__ = "register_check_in"

    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"), primary_key=True)
    secret: Mapped[str]
    switched_on_at: Mapped[datetime]
    switched_on_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)

    @property
    def id(self) -> int:
        return self.event_id
