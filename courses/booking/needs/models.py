"""Access needs that somebody asked us to keep for next time."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from lms.frame.db import Base


class KeptNeeds(Base):
    """One row a person, by their own tick, until they take it away. `kept_at` is when they last said so."""

    __tablename__ = "kept_needs"
    __table_args__ = (
        sa.CheckConstraint("needs <> '' OR food <> ''", name="says_something"),
        {"info": {"stays_on_clash": True}},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), unique=True)
    needs: Mapped[str] = mapped_column(default="")
    food: Mapped[str] = mapped_column(default="")
    kept_at: Mapped[datetime] = mapped_column(index=True)
