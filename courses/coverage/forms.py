"""What is typed about how a course covers a learning point."""

from typing import Any

from wtforms.validators import InputRequired, Optional

from courses.coverage.models import Coverage
from courses.coverage.rules import MEANINGS, How
from courses.coverage.written import CoverageWritten
from lms.frame.fields import DayField, RadioField, SelectField, StringField, TextAreaField, WholeNumberField, choices_of
from lms.frame.web import Form


class CoverageForm(Form):
    """How, where, for how long, since when, and what shows it."""

    how = RadioField(
        "How the course covers it",
        [InputRequired("Choose how the course covers it.")],
        choices=choices_of([(how.value, words) for how, words in MEANINGS.items()]),
    )
    place = StringField("Where in the course", description="40-minute scenario in pairs, 11:15")
    minutes = WholeNumberField("Minutes", [Optional()])
    since_on = DayField("Since", [InputRequired("Enter the date the course started to cover it.")])
    evidence = TextAreaField(
        "What shows that it does", [Optional()], description="Slides 12 to 18 and the trainers’ notes"
    )

    @property
    def written(self) -> CoverageWritten:
        """What was typed, as the service takes it."""
        return CoverageWritten(
            how=How(self.how.data),
            since_on=self.since_on.day,
            place=self.place.data,
            minutes=self.minutes.data,
            evidence=self.evidence.data,
        )


class AddPointForm(CoverageForm):
    """From a course: which learning point."""

    learning_point_id = SelectField("Learning point", [InputRequired("Choose a learning point.")], coerce=int)


class AddCourseForm(CoverageForm):
    """From a learning point: which course."""

    course_id = SelectField("Course", [InputRequired("Choose a course.")], coerce=int)


def as_typed(coverage: Coverage) -> dict[str, Any]:
    """A line of coverage as its form shows it first."""
    values = {name: getattr(coverage, name) for name in ("place", "minutes", "since_on", "evidence")}
    return {**values, "how": coverage.how.value}
