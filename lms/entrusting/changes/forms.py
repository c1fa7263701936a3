"""Forms for what changes who somebody is here: addresses, leaving, roles."""

from wtforms.validators import DataRequired

from lms.frame.access import ROLE_WORDS, Role
from lms.frame.fields import EmailField, SelectChoice, SelectField
from lms.frame.web import Form
from lms.people.forms import NOTHING, Choices
from lms.people.rules import role_words


class AddressForm(Form):
    """A further address."""

    address = EmailField("Further email address")


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
