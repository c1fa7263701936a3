"""What is typed of a focus group."""

from collections.abc import Sequence

from wtforms import BooleanField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from lms.frame.fields import (
    DayField,
    RadioField,
    SelectField,
    TextAreaField,
    TicksField,
    WholeNumberField,
    choices_of,
)
from lms.frame.web import Form
from reviews.evidence.forms import VERDICTS
from reviews.learning.rules import Verdict
from surveys.focus_groups.written import GroupHeld

Choices = Sequence[tuple[int, str]]


class FocusGroupForm(Form):
    """A group that has met."""

    course_id = SelectField("Course that they had been to", [NumberRange(1, message="Choose a course.")], coerce=int)
    held_on = DayField("When it met", [InputRequired("Enter the date it met.")])
    people = WholeNumberField("How many came", [InputRequired("Enter how many came.")], description="5 or more.")
    role_ids = TicksField("What kind of workers they were", coerce=int, description="Never names.")
    questions = TextAreaField("What they were asked", [InputRequired("Enter what they were asked."), Length(max=2000)])
    finding = TextAreaField(
        "What it showed",
        [InputRequired("Enter what it showed."), Length(max=2000)],
        description="In a few sentences of your own. These appear on the learning point’s page.",
    )
    notes = TextAreaField(
        "Notes", [Optional(), Length(max=8000)], description="What was said, without who said it and without names."
    )
    theme_ids = TicksField("Themes", coerce=int)
    learning_point_id = SelectField(
        "Learning point that it is about", coerce=int, description="Then it is evidence, if it met after the change."
    )
    verdict = RadioField(
        "What it shows of the learning point",
        [Optional()],
        choices=choices_of([(v.value, w) for v, w in VERDICTS.items()]),
    )
    names_nobody = BooleanField("I have read it through. No one is named and no one can be recognised")

    def offer(self, courses: Choices, roles: Choices, themes: Choices, points: Choices) -> "FocusGroupForm":
        self.course_id.choices = choices_of(courses, (0, "Choose a course"))
        self.role_ids.choices = choices_of(roles)
        self.theme_ids.choices = choices_of(themes)
        self.learning_point_id.choices = choices_of(points, (0, "None"))
        return self

    @property
    def held(self) -> GroupHeld:
        """What was typed, as the service takes it."""
        return GroupHeld(
            course_id=self.course_id.data,
            held_on=self.held_on.day,
            people=self.people.data or 0,
            questions=self.questions.data,
            finding=self.finding.data,
            notes=self.notes.data,
            role_ids=tuple(self.role_ids.data or ()),
            theme_ids=tuple(self.theme_ids.data or ()),
            learning_point_id=self.learning_point_id.data or None,
            verdict=Verdict(self.verdict.data) if self.verdict.data else None,
        )
