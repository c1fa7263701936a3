"""Files that belong to an event."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from lms.frame.db import Base


class EventMaterial(Base):
    """One file of an event. `title` is how people read it; what it is stands at the end of `file_name`."""

    __tablename__ = "event_material"
    __table_args__ = (
        sa.CheckConstraint("size > 0", name="not_empty"),
        sa.UniqueConstraint("event_id", "title"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"))
    title: Mapped[str]
    file_name: Mapped[str]
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(deferred=True)  # as large as a file may be: read where it is sent
    added_at: Mapped[datetime]
    added_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
