"""Whether somebody who waits for a place agreed to be asked twice, so that those who came can be compared with them."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courses.booking.bookings.models import Booking
from lms.frame.db import Base


class Consent(Base):
    """What they said last, and on which day: nothing is asked without a yes. Kept by the booking, not as it came."""

    __tablename__ = "survey_consent"
    __table_args__ = ({"sqlite_with_rowid": False},)

    booking_id: Mapped[int] = mapped_column(sa.ForeignKey("booking.id"), primary_key=True, autoincrement=False)
    is_given: Mapped[bool]
    said_on: Mapped[date]

    booking: Mapped[Booking] = relationship()
