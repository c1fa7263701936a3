"""Themes of people's own words."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from lms.frame.db import Base


class TextTheme(Base):
    """What people write about, in the partnership's own list: "asked who lives there", "no time"."""

    __tablename__ = "survey_text_theme"
    __table_args__ = (sa.CheckConstraint("name <> ''", name="has_name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    signs: Mapped[str] = mapped_column(default="", server_default="")  # words that suggest it, divided by commas
    retired_at: Mapped[datetime | None]
