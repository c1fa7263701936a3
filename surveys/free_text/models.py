"""People's own words, their themes, what is held back, and the safeguarding lead's queue with its log."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.frame.db import Base
from surveys.answers.models import AnswerSheet
from surveys.free_text.rules import TextState
from surveys.questions.models import Question
from surveys.themes.models import TextTheme

answer_text_theme = sa.Table(
    "survey_answer_text_theme",
    Base.metadata,
    sa.Column("text_id", sa.ForeignKey("survey_answer_text.id"), primary_key=True),
    sa.Column("theme_id", sa.ForeignKey("survey_text_theme.id"), primary_key=True, index=True),
)


class AnswerText(Base):
    """One answer in somebody's own words. `found` names the kinds of words that were found in it."""

    __tablename__ = "survey_answer_text"
    __table_args__ = (
        sa.UniqueConstraint("sheet_id", "question_id"),
        sa.CheckConstraint("(words = '') = (state IN ('withheld', 'anonymised'))", name="words_while_kept"),
        sa.Index("ix_survey_answer_text_state", "state"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    sheet_id: Mapped[str] = mapped_column(sa.ForeignKey("survey_answer_sheet.id"))
    question_id: Mapped[int] = mapped_column(sa.ForeignKey("survey_question.id"), index=True)
    words: Mapped[str]
    state: Mapped[TextState]
    found: Mapped[list[str]]
    is_coded: Mapped[bool] = mapped_column(default=False)
    is_settled: Mapped[bool] = mapped_column(default=False, server_default=sa.false())  # of what two people gave it
    is_example: Mapped[bool] = mapped_column(default=False)  # chosen to be shown as an example of changed practice

    sheet: Mapped[AnswerSheet] = relationship()
    question: Mapped[Question] = relationship()
    themes: Mapped[list[TextTheme]] = relationship(secondary=answer_text_theme, order_by=TextTheme.name)
