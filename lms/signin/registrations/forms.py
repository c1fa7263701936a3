"""What somebody new tells us, and what a coordinator decides."""

from wtforms.validators import DataRequired, Length

from lms.frame.fields import EmailField, NameField, SelectChoice, SelectField, choices_of
from lms.frame.web import Form
from lms.signin.registrations.rules import Newcomer

TOO_LONG = "Keep it to 200 characters."


class RegistrationForm(Form):
    """Who they are and where they work."""

    name = NameField("Your name", validators=[DataRequired("Enter your name.")])
    email = EmailField(
        "Work email address",
        description="We’ll email a code to it, so use one that you can check now.",
        validators=[DataRequired("Enter your work email address."), Length(max=254, message=TOO_LONG)],
    )
    job_title = NameField("Job title", validators=[DataRequired("Enter your job title.")])
    role_group_id = SelectField("Your kind of work", coerce=int, validators=[DataRequired("Choose your kind of work.")])
    agency_words = NameField(
        "Where you work",
        description="Your organisation, school or service.",
        validators=[DataRequired("Type where you work.")],
    )

    def offer(self, groups: list[tuple[int, str]]) -> "RegistrationForm":
        """The kinds of work to choose from; not asked where the office has none."""
        if groups:
            self.role_group_id.choices = choices_of(groups, (0, "Choose one"))
        else:
            del self.role_group_id
        return self

    def newcomer(self, wanted_path: str, *, proved: str = "") -> Newcomer:
        """The answers as the service takes them, and the page to which they go on. `proved`: an address not asked."""
        return Newcomer(
            name=self.name.data,
            email=proved or self.email.data,
            job_title=self.job_title.data,
            agency_words=self.agency_words.data,
            role_group_id=self.role_group_id.data if self.role_group_id else None,
            wanted_path=wanted_path,
        )


class AcceptForm(Form):
    """Which agency they belong to."""

    agency_id = SelectField("Agency", coerce=int, validators=[DataRequired("Choose the agency.")])

    def offer(self, agencies: list[tuple[int, str]]) -> None:
        """The agencies to choose from."""
        self.agency_id.choices = [SelectChoice(0, "Choose"), *(SelectChoice(id_, name) for id_, name in agencies)]
