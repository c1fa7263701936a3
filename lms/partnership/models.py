"""The partnership's name, addresses and colours: one row."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from lms.frame.db import Base


class Partnership(Base):
    """Owns the installation. `short_name` and `rest_of_name` together are its name."""

    __tablename__ = "partnership"
    __table_args__ = (sa.CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    short_name: Mapped[str]
    rest_of_name: Mapped[str]
    host_authority: Mapped[str] = mapped_column(default="")
    team_name: Mapped[str] = mapped_column(default="Training team")
    team_email: Mapped[str] = mapped_column(default="")
    team_phone: Mapped[str] = mapped_column(default="")
    front_door_name: Mapped[str] = mapped_column(default="")
    front_door_phone: Mapped[str] = mapped_column(default="")
    ref_prefix: Mapped[str] = mapped_column(default="GT")
    brand: Mapped[str] = mapped_column(default="")
    brand_dark: Mapped[str] = mapped_column(default="")
    brand_mid: Mapped[str] = mapped_column(default="")
    brand_tint: Mapped[str] = mapped_column(default="")

    dpo_name: Mapped[str] = mapped_column(default="", server_default="")
    dpo_email: Mapped[str] = mapped_column(default="", server_default="")
    ico_number: Mapped[str] = mapped_column(default="", server_default="")
    privacy_more: Mapped[str] = mapped_column(default="", server_default="")
    accessibility_problems: Mapped[str] = mapped_column(default="", server_default="")  # one a line
    accessibility_tested: Mapped[str] = mapped_column(default="", server_default="")
    accessibility_tested_on: Mapped[date | None]
    statements_changed_on: Mapped[date | None]
    is_invented: Mapped[bool] = mapped_column(default=False, server_default=sa.false())  # the mark of `lms demo`

    @property
    def name(self) -> str:
        """The whole name, as on letters and in titles."""
        return f"{self.short_name} {self.rest_of_name}".strip()
