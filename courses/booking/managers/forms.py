"""What a line manager types: why somebody cannot come, and who comes instead."""

from wtforms.validators import InputRequired, Length, Optional

from lms.frame.fields import EmailField, NameField, TextAreaField
from lms.frame.web import Form


class CannotComeForm(Form):
    """Why somebody cannot come; optional."""

    reason = TextAreaField(
        "Why they cannot come (optional)",
        description="The person will read this. Do not name a child or family.",
        validators=[Length(max=1000, message="Use at most 1,000 characters.")],
    )


class ColleagueForm(Form):
    """A colleague by their work address; with a name, somebody who has no record here yet."""

    address = EmailField("Their work email address", validators=[InputRequired("Enter their work email address.")])
    name = NameField("Their name", description="Only for someone who has never booked here.", validators=[Optional()])
