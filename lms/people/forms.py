"""Forms for people."""

from wtforms import BooleanField, DateField
from wtforms.validators import DataRequired, Length

from lms.agencies.models import RoleGroup
from lms.frame.access import ROLE_WORDS, Role
from lms.frame.fields import EmailField, NameField, SelectChoice, SelectField, StringField, TelField
from lms.frame.web import Form
from lms.people.rules import PersonDetails, role_words

Choices = list[tuple[int, str]]
NOTHING = SelectChoice(0, "None")


class PersonDetailsForm(Form):
    """What people say about themselves, and the office about them."""

    name = NameField("Name", validators=[DataRequired("Write the name.")])
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
    shares_address = BooleanField("They share this address with somebody else who has it")


class AddressForm(Form):
    """A further address."""

    address = EmailField("Further email address")


class LeftForm(Form):
    """The day on which somebody left."""

    left_on = DateField("Left on", validators=[DataRequired("Give the day on which they left.")])


class RoleForm(Form):
    """A role, and for an agency lead the agency."""

    role = SelectField("Role", validators=[DataRequired("Choose a role.")])
    agency = SelectField("Agency", description="Only for an agency lead.", coerce=int)

    def offer(self, agencies: Choices) -> "RoleForm":
        """Offer every role that is given; everybody is a delegate anyway."""
        given = [role for role in Role if role is not Role.DELEGATE]
        self.role.choices = [SelectChoice(role.value, ROLE_WORDS[role]) for role in given]
        self.agency.choices = [NOTHING, *(SelectChoice(each, name) for each, name in agencies)]
        self.agency_names = dict(agencies)
        return self

    @property
    def wanted(self) -> dict[str, str | int | None]:
        """The role that was chosen, as plain values, and in words for whoever decides."""
        role, agency_id = Role(self.role.data), self.agency.data or None
        agency = self.agency_names.get(agency_id or 0, "")
        return {"role": role.value, "agency_id": agency_id, "role_words": role_words(role, agency)}
