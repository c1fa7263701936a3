"""Requests for a business manager to decide."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.entrusting.rules import ChangeDetails, EntrustedKind, RequestOutcome, RequestState
from lms.frame.db import Base, text_with_check
from lms.people.models import Person


class ChangeRequest(Base):
    """Somebody asks for a change that is not theirs to make. `other_id` is the second record of a merge.

    It is about this very record, and does not move when the record is merged into another.
    """

    __tablename__ = "change_request"
    __table_args__ = (
        sa.CheckConstraint("(decided_at IS NULL) = (outcome IS NULL)", name="decided_somehow"),
        sa.CheckConstraint(
            "outcome IS NULL OR outcome <> 'agreed' OR decided_by_id IS NULL "
            "OR (decided_by_id <> person_id AND (other_id IS NULL OR decided_by_id <> other_id))",
            name="nobody_decides_about_themselves",
        ),
        sa.CheckConstraint("other_id <> person_id", name="two_records"),
        sa.Index("ix_change_request_decided_at", "decided_at", "asked_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    what: Mapped[EntrustedKind] = mapped_column(text_with_check(EntrustedKind, name="wanted"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    other_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    particulars: Mapped[dict[str, Any]]
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("person.id"), index=True
    )  # none: whoever runs the server
    outcome: Mapped[RequestOutcome | None] = mapped_column(text_with_check(RequestOutcome, name="outcome"))
    words: Mapped[str] = mapped_column(default="")

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    other: Mapped[Person | None] = relationship(foreign_keys=[other_id])
    asked_by: Mapped[Person] = relationship(foreign_keys=[asked_by_id])
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])

    @property
    def state(self) -> RequestState:
        """State."""
        return RequestState.WAITING if self.outcome is None else RequestState(self.outcome)

    @property
    def details(self) -> ChangeDetails:
        """What is asked for."""
        return ChangeDetails(self.what, self.particulars)
