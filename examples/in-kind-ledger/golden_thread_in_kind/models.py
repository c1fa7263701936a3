"""What agencies gave."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from golden_thread_in_kind.rules import Kind
from lms.agencies.models import Agency
from lms.frame.db import Base
from lms.people.models import Person


class InKindContribution(Base):
    """Something given instead of money. `worth_pence` is what it was worth when it was noted; `person_id` trained."""

    __tablename__ = "in_kind_contribution"
    __table_args__ = (
        sa.CheckConstraint("quantity > 0 AND worth_pence >= 0", name="something"),
        sa.CheckConstraint("person_id IS NULL OR kind = 'trainer_half_days'", name="trainers_train"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    agency_id: Mapped[int] = mapped_column(sa.ForeignKey("agency.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    kind: Mapped[Kind]
    given_on: Mapped[date] = mapped_column(index=True)
    quantity: Mapped[int]
    what: Mapped[str]
    worth_pence: Mapped[int]

    agency: Mapped[Agency] = relationship()
    person: Mapped[Person | None] = relationship()
