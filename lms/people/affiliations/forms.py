"""A further agency."""

from wtforms import DateField
from wtforms.validators import DataRequired

from lms.agencies.models import RoleGroup
from lms.frame.fields import NameField, SelectChoice, SelectField
from lms.frame.web import Form

NOTHING = SelectChoice(0, "None")


class AffiliationForm(Form):
    """For whom somebody works as well."""

    agency = SelectField("Agency", coerce=int, validators=[DataRequired("Choose the agency.")])
    role_group = SelectField("Kind of work", coerce=int)
    job_title = NameField("Job title")
    since = DateField("Since", validators=[DataRequired("Enter the date it began.")])

    def offer(self, agencies: list[tuple[int, str]], groups: list[RoleGroup]) -> None:
        """Offer these agencies and all role groups."""
        self.agency.choices = [SelectChoice(0, "Choose"), *(SelectChoice(each, name) for each, name in agencies)]
        self.role_group.choices = [NOTHING, *(SelectChoice(each.id, each.name) for each in groups)]
