"""What was answered to a request with an Idempotency-Key, so that a repeat gets the same answer."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from lms.frame.db import Base


class ApiAnswer(Base):
    """One row a token and key. `request_digest` tells a repeat from another request under the same key."""

    __tablename__ = "api_answer"
    __table_args__ = (sa.UniqueConstraint("token_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_id: Mapped[int] = mapped_column(sa.ForeignKey("api_token.id"))
    key: Mapped[str]
    request_digest: Mapped[str]
    status: Mapped[int]
    answer: Mapped[dict[str, Any]]
    answered_at: Mapped[datetime] = mapped_column(index=True)
