"""The secret keys that a database has stood under: a mark of each, never a key."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from lms.frame.db import Base


class KnownKey(Base):
    """A key under which everything here stood at a moment. The newest is the one under which everything still stands,
    but for what was made since under a newer one."""

    __tablename__ = "keys_known"

    mark: Mapped[str] = mapped_column(primary_key=True)  # lms.kit.keys.key_mark
    known_at: Mapped[datetime]
