"""What an agency lead says about their own people."""

from wtforms import BooleanField
from wtforms.validators import DataRequired

from lms.agencies.models import RoleGroup
from lms.entrusting.own_people.rules import WorkSaid
from lms.frame.fields import DayField, EmailField, NameField, SelectChoice, SelectField, choices_of
from lms.frame.web import Form
from lms.people.rules import PersonDetails


class WorkForm(Form):
    """What somebody does."""

    job_title = NameField("Job title")
    role_group = SelectField("Kind of work", description="It decides which courses they need.", coerce=int)
    manager_name = NameField(
        "Line manager’s name", description="They get copies, and agree where a course asks for it."
    )
    manager_email = EmailField("Line manager’s email address")

    def offer_kinds(self, groups: list[RoleGroup]) -> None:
        """The kinds of work to choose from."""
        self.role_group.choices = [SelectChoice(0, "Not said"), *(SelectChoice(each.id, each.name) for each in groups)]

    @property
    def said(self) -> WorkSaid:
        return WorkSaid(
            job_title=self.job_title.data,
            role_group_id=self.role_group.data or None,
            manager_name=self.manager_name.data,
            manager_email=self.manager_email.data,
        )


class StarterForm(WorkForm):
    """Somebody who has started."""

    name = NameField("Name", validators=[DataRequired("Enter the name.")])
    email = EmailField("Work email address", description="Leave it empty when they have none.")
    agency = SelectField("Agency", coerce=int)
    is_another = BooleanField("This is another person with the same name as one of your people")

    def offer(self, agencies: list[tuple[int, str]], groups: list[RoleGroup]) -> "StarterForm":
        """The lead's agencies: of one alone nothing is asked."""
        self.offer_kinds(groups)
        self.agency.choices = choices_of(agencies)
        return self

    @property
    def details(self) -> PersonDetails:
        return PersonDetails(
            name=self.name.data,
            email=self.email.data,
            job_title=self.job_title.data,
            agency_id=self.agency.data,
            role_group_id=self.role_group.data or None,
            manager_name=self.manager_name.data,
            manager_email=self.manager_email.data,
        )


class GoneForm(Form):
    """The day on which somebody left."""

    left_on = DayField("Left on", validators=[DataRequired("Enter the date they left.")])
