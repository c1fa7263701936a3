"""A session of somebody who is signed in. When it ends, its row goes."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from lms.frame.db import Base


class SignInSession(Base):
    """`digest` is of the key that the browser holds. `device` is what its owner would call the browser."""

    __tablename__ = "sign_in_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    began_at: Mapped[datetime] = mapped_column(index=True)
    seen_at: Mapped[datetime]
    has_second_factor: Mapped[bool]
    is_persona: Mapped[bool] = mapped_column(default=False)
    device: Mapped[str]
