"""A file that somebody sent to look at before it is saved."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from lms.frame.db import Base


class Upload(Base):
    """A file between its preview and its import. It holds personal data, so it goes when saved, or after a day."""

    __tablename__ = "table_upload"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    filename: Mapped[str]
    content: Mapped[bytes]
    preview: Mapped[dict[str, Any]]
    uploaded_at: Mapped[datetime] = mapped_column(index=True)
    uploaded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
