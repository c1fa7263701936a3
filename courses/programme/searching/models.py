"""What the office changed of the short forms and everyday words that are shipped."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from lms.frame.db import Base


class SearchMeaning(Base):
    """What courses are called, and what people type for it. Takes the place of what is shipped under these words.

    Without `others` they find nothing but themselves: so the office switches off what is shipped.
    """

    __tablename__ = "search_meaning"
    __table_args__ = (sa.CheckConstraint("words <> ''", name="has_words"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    words: Mapped[str] = mapped_column(unique=True)
    others: Mapped[list[str]]
