"""What is asked of whom, and for how long."""

from collections.abc import Iterable

from wtforms import DateField
from wtforms.validators import InputRequired, Length

from lms.frame.fields import SelectChoice, SelectField, StringField
from lms.frame.web import Form


class OpenForm(Form):
    """A survey for a period."""

    survey_id = SelectField("Survey", coerce=int)
    title = StringField(
        "Title, as people read it",
        description="“Workforce survey, spring 2026”",
        validators=[InputRequired("Enter a title."), Length(max=120, message="Use at most 120 characters.")],
    )
    opens_on = DateField("First day", validators=[InputRequired("Enter the first day.")])
    closes_on = DateField("Last day", validators=[InputRequired("Enter the last day.")])

    def offer(self, surveys: Iterable[tuple[int, str]]) -> "OpenForm":
        """Surveys that can be asked."""
        self.survey_id.choices = [SelectChoice(*each) for each in surveys]
        return self
