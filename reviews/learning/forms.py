"""What is typed about learning points."""

from typing import Any

from wtforms import BooleanField
from wtforms.validators import InputRequired, Optional

from lms.frame.fields import DayField, NameField, SelectField, StringField, TextAreaField, TicksField, choices_of
from lms.frame.web import Form
from reviews.learning.models import LearningPoint
from reviews.learning.written import PointWritten

LINK_KINDS = (
    ("policy", "A policy or procedure"),
    ("briefing", "A briefing"),
    ("tool", "A form or tool"),
    ("other", "Something else"),
)


class PointForm(Form):
    """One statement of what should change."""

    ref = StringField(
        "Reference", [Optional()], description="Leave it empty to get a random one that says nothing about the review."
    )
    text = TextAreaField(
        "What should change, in one statement",
        [InputRequired("Enter what should change.")],
        description="Find out about every adult in a baby’s life, including fathers and partners who live elsewhere.",
    )
    heading = StringField(
        "What it looks like when it has",
        [Optional()],
        description="Every adult asked about, recorded and asked about again.",
    )
    practice = TextAreaField("What people should do differently", [Optional()])
    theme_ids = TicksField("Themes", coerce=int)
    is_new_meaning = BooleanField(
        "Its meaning has changed",
        description="Tick this if more than the wording changed. Courses that cover it are reviewed again, and earlier "
        "evidence no longer counts.",
    )

    def offer(self, themes: list[tuple[int, str]]) -> "PointForm":
        self.theme_ids.choices = choices_of(themes)
        return self

    def written(self, review_id: int | None) -> PointWritten:
        """What was typed, as the service takes it."""
        return PointWritten(
            text=self.text.data,
            ref=self.ref.data,
            heading=self.heading.data,
            practice=self.practice.data,
            review_id=review_id,
            theme_ids=tuple(self.theme_ids.data or ()),
        )


def as_typed(point: LearningPoint) -> dict[str, Any]:
    """A learning point as its form shows it first."""
    names = ("ref", "text", "heading", "practice")
    return {**{name: getattr(point, name) for name in names}, "theme_ids": [theme.id for theme in point.themes]}


class AgreeForm(Form):
    """Where the sub-group agreed it."""

    agreed_on = DayField("Agreed on", [InputRequired("Enter the day of the meeting.")])
    agreed_by = NameField("By", description="Learning and Improvement sub-group")
    minute = StringField("Minute", description="7.2")


class LinkForm(Form):
    """Something other than a course that addresses it."""

    kind = SelectField("What it is", choices=choices_of(LINK_KINDS))
    words = StringField(
        "Which", [InputRequired("Say what addresses it.")], description="Pre-birth procedure, version 4"
    )
    since_on = DayField("Since", [InputRequired("Enter the date it started to apply.")])


class SupersedeForm(Form):
    """What took its place."""

    by_ref = StringField("Reference of the learning point that replaces it", [Optional()])
