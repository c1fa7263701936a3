"""Forms for people."""

from typing import Any

from wtforms import BooleanField
from wtforms.validators import DataRequired, Length

from lms.agencies.models import RoleGroup
from lms.frame.fields import EmailField, NameField, SelectChoice, SelectField, StringField, TelField
from lms.frame.web import Form
from lms.people.models import Person
from lms.people.rules import PersonDetails

Choices = list[tuple[int, str]]
NOTHING = SelectChoice(0, "None")


class PersonDetailsForm(Form):
    """What people say about themselves, and the office about them."""

    name = NameField("Name", validators=[DataRequired("Enter the name.")])
    phone = TelField("Telephone", validators=[Length(max=40)])
    job_title = NameField("Job title")
    agency = SelectField("Agency", coerce=int)
    role_group = SelectField("Kind of work", description="Courses say which kinds of work they are for.", coerce=int)
    manager_name = NameField("Line manager’s name")
    manager_email = EmailField("Line manager’s email address")

    def offer(self, agencies: Choices, groups: list[RoleGroup], *, without_agency: bool = True) -> None:
        """Offer these agencies and all role groups."""
        named = [SelectChoice(each, name) for each, name in agencies]
        self.agency.choices = [NOTHING, *named] if without_agency else named
        self.role_group.choices = [NOTHING, *(SelectChoice(each.id, each.name) for each in groups)]

    def details(self, *, email: str) -> PersonDetails:
        """What was typed, as the service takes it."""
        return PersonDetails(
            name=self.name.data,
            email=email,
            phone=self.phone.data,
            job_title=self.job_title.data,
            agency_id=self.agency.data or None,
            role_group_id=self.role_group.data or None,
            manager_name=self.manager_name.data,
            manager_email=self.manager_email.data,
        )


class PersonForm(PersonDetailsForm):
    """What the office says about a person."""

    ref = StringField("Reference", description="Leave it empty to get the next free one.", validators=[Length(max=40)])
    email = EmailField("Email address", description="May be empty, when they have none.")
    shares_address = BooleanField("They share this address with someone else who has it")


def as_typed(found: Person) -> dict[str, Any]:
    """What these forms begin with: what the record says."""
    plain = ("name", "email", "phone", "job_title", "manager_name", "manager_email")
    typed = {name: getattr(found, name) for name in plain}
    return {**typed, "agency": found.agency_id or 0, "role_group": found.role_group_id or 0}
