"""Forms for agencies."""

from wtforms import BooleanField, DateField
from wtforms.validators import DataRequired, Optional

from lms.agencies.models import Sector
from lms.frame.fields import NameField, SelectChoice, SelectField, StringField, TextAreaField
from lms.frame.web import Form


class AgencyForm(Form):
    """What a coordinator says about an agency."""

    name = NameField("Name", validators=[DataRequired("Enter the agency’s name.")])
    code = StringField("Code", description="Short and without spaces, like RVCH. Files use it to identify the agency.")
    renamed_on = DateField(
        "Name changed on",
        description="Only if the agency was renamed, so that reports know the old name too. Leave it empty if you are "
        "correcting the spelling.",
        validators=[Optional()],
    )
    sector = SelectField("Sector", coerce=int, validators=[DataRequired("Choose the sector.")])
    domains = TextAreaField(
        "Email domains",
        description="One on each line, without the @. People with these addresses can register themselves.",
    )
    charge_email = StringField("Address for charges", description="Where charges are sent. A shared mailbox is best.")
    is_exempt = BooleanField(
        "Never charge this agency",
        description="Volunteers with no employer, small charities, foster carers. Non-attendance is still reported.",
    )
    opened_on = DateField(
        "Opened on", description="Leave it empty if it has always been there.", validators=[Optional()]
    )

    def offer(self, sectors: list[Sector], *, is_new: bool, with_charges: bool) -> "AgencyForm":
        """Offer the sectors; a code is given once, a former name needs a name, charges need somebody who makes them."""
        if not with_charges:
            del self["charge_email"], self["is_exempt"]
        self.sector.choices = [SelectChoice(each.id, each.name) for each in sectors]
        del self[("renamed_on" if is_new else "code")]
        return self


class CloseForm(Form):
    """When an agency closed."""

    closed_on = DateField("Closed on", validators=[DataRequired("Enter the date it closed.")])


class MergeAgencyForm(Form):
    """Into which agency another was merged."""

    successor = SelectField("Merged into", coerce=int, validators=[DataRequired("Choose the agency.")])
    closed_on = DateField("On", validators=[DataRequired("Enter the date they merged.")])
    move_people = BooleanField(
        "Move its people now",
        description="Bookings made before keep the old agency, so past reports do not change.",
    )

    def offer(self, agencies: list[tuple[int, str]]) -> "MergeAgencyForm":
        """Offer the open agencies."""
        self.successor.choices = [SelectChoice(each_id, name) for each_id, name in agencies]
        return self
