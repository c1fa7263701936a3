"""Somebody new at the door: a name, where they work, and an address if they have one."""

from wtforms.validators import InputRequired

from lms.frame.fields import NameField, SelectChoice, SelectField, StringField
from lms.frame.web import Form
from lms.people.rules import PersonDetails


class NewComerForm(Form):
    """A new person's record, as short as it can be."""

    name = NameField("Full name", validators=[InputRequired("Enter their name.")])
    agency_id = SelectField("Agency", coerce=int, validators=[InputRequired("Choose the agency.")])
    email = StringField("Work email address (optional)", description="For the certificate and the evaluation.")

    def offer(self, agencies: list[tuple[int, str]]) -> None:
        """The agencies to choose from."""
        none = SelectChoice(0, "No agency, or not on the list")
        self.agency_id.choices = [none, *(SelectChoice(value, label) for value, label in agencies)]

    @property
    def details(self) -> PersonDetails:
        return PersonDetails(name=self.name.data, email=self.email.data, agency_id=self.agency_id.data or None)
