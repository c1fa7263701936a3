"""When each job last ran, so that it runs when due and never twice for the same moment."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from lms.frame.db import Base


class JobState(Base):
    """One row a job. `done_until` is the due moment that was last carried out."""

    __tablename__ = "job_state"

    name: Mapped[str] = mapped_column(primary_key=True)
    done_until: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(default="")
