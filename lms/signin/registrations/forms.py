"""What somebody new tells us, and what a coordinator decides."""

from wtforms.validators import DataRequired, Length

from lms.frame.fields import EmailField, NameField, SelectChoice, SelectField
from lms.frame.web import Form

TOO_LONG = "Keep it to 200 characters."


class RegistrationForm(Form):
    """Who they are and where they work."""

    name = NameField("Your name", validators=[DataRequired("Type your name.")])
    email = EmailField(
        "Work email address",
        description="We mail a code to it, so use one that you can read now.",
        validators=[DataRequired("Type your work email address."), Length(max=254, message=TOO_LONG)],
    )
    job_title = NameField("Job title", validators=[DataRequired("Type your job title.")])
    agency_words = NameField(
        "Where you work",
        description="Your organisation, school or service.",
        validators=[DataRequired("Type where you work.")],
    )


class AcceptForm(Form):
    """Which agency they belong to."""

    agency_id = SelectField("Agency", coerce=int, validators=[DataRequired("Choose the agency.")])

    def offer(self, agencies: list[tuple[int, str]]) -> None:
        """The agencies to choose from."""
        self.agency_id.choices = [SelectChoice(0, "Choose"), *(SelectChoice(id_, name) for id_, name in agencies)]
