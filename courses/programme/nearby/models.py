"""Where postcode districts are."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from lms.frame.db import Base


class PostcodeDistrict(Base):
    """The first half of a postcode, and the middle of where that is. The office keeps those that it needs."""

    __tablename__ = "postcode_district"
    __table_args__ = (
        sa.CheckConstraint("latitude BETWEEN 49 AND 61", name="latitude_of_these_isles"),
        sa.CheckConstraint("longitude BETWEEN -11 AND 2", name="longitude_of_these_isles"),
        sa.CheckConstraint("code = upper(trim(code)) AND code <> ''", name="code_as_compared"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    latitude: Mapped[float]
    longitude: Mapped[float]
