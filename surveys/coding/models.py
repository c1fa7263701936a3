"""Who gave which themes to a text. A second person codes it without seeing what the first one gave."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.frame.db import Base
from surveys.free_text.models import AnswerText
from surveys.themes.models import TextTheme

text_coding_theme = sa.Table(
    "survey_text_coding_theme",
    Base.metadata,
    sa.Column("coding_id", sa.ForeignKey("survey_text_coding.id"), primary_key=True),
    sa.Column("theme_id", sa.ForeignKey("survey_text_theme.id"), primary_key=True, index=True),
)


class TextCoding(Base):
    """One person's coding of a text. What reports count are the themes of the text itself."""

    __tablename__ = "survey_text_coding"
    __table_args__ = (sa.UniqueConstraint("text_id", "by_id"), {"info": {"stays_on_clash": True}})

    id: Mapped[int] = mapped_column(primary_key=True)
    text_id: Mapped[str] = mapped_column(sa.ForeignKey("survey_answer_text.id"))
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    at: Mapped[datetime]

    text: Mapped[AnswerText] = relationship()
    themes: Mapped[list[TextTheme]] = relationship(secondary=text_coding_theme, order_by=TextTheme.name)
