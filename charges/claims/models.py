"""Who is exempt, though their records did not say so."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from charges.claims.rules import Exemption
from lms.frame.db import Base


class ChargeExemption(Base):
    """The person or agency of a booking is exempt, though their records did not say so."""

    __tablename__ = "charge_exemption"

    booking_id: Mapped[int] = mapped_column(sa.ForeignKey("booking.id"), primary_key=True)
    kind: Mapped[Exemption]
    recorded_at: Mapped[datetime]
