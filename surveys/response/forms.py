"""What people said, and what was done about it."""

from collections.abc import Iterable

from wtforms import DateField
from wtforms.validators import InputRequired, Length

from lms.frame.fields import SelectChoice, SelectField, TextAreaField
from lms.frame.web import Form

LONGEST = Length(max=600, message="Use at most 600 characters.")


class YouSaidForm(Form):
    """You said, we did."""

    course_id = SelectField("Course", coerce=int)
    said = TextAreaField(
        "What people said",
        description="In your words, so that no one finds their own: “Several people asked for more time to practise.”",
        validators=[InputRequired("Enter what people said."), LONGEST],
    )
    did = TextAreaField("What you changed", validators=[InputRequired("Enter what you changed."), LONGEST])
    changed_on = DateField("Since when", validators=[InputRequired("Enter the date it was changed.")])

    def offer(self, courses: Iterable[tuple[int, str]]) -> "YouSaidForm":
        """All courses together, or one."""
        self.course_id.choices = [SelectChoice(*each) for each in ((0, "All courses"), *courses)]
        return self
