"""The controlled list of themes, and what became of each."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.frame.db import Base
from reviews.themes.rules import ThemeEvent


class Theme(Base):
    """A tag that reviews and learning points share. A merged theme stays, and names the one it went into."""

    __tablename__ = "learning_theme"
    __table_args__ = (
        sa.CheckConstraint("merged_into_id IS NULL OR merged_into_id <> id", name="not_merged_into_itself"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    meaning: Mapped[str] = mapped_column(default="")
    merged_into_id: Mapped[int | None] = mapped_column(sa.ForeignKey("learning_theme.id"), index=True)

    history: Mapped[list["ThemeChange"]] = relationship(order_by="ThemeChange.id", back_populates="theme")


class ThemeChange(Base):
    """One line of a theme's history: what it was called, and since when no longer."""

    __tablename__ = "learning_theme_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    theme_id: Mapped[int] = mapped_column(sa.ForeignKey("learning_theme.id"), index=True)
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    event: Mapped[ThemeEvent]
    name_before: Mapped[str] = mapped_column(default="")
    name_after: Mapped[str]

    theme: Mapped[Theme] = relationship(back_populates="history")
