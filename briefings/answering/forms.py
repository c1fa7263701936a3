"""What an agency lead and a delegate type about a briefing."""

from wtforms.validators import InputRequired, Optional

from lms.frame.fields import DayField, NameField, SelectField, TextAreaField, WholeNumberField, choices_of
from lms.frame.web import Form

NO_CHILD = "Do not name a child, a family or a colleague."


class CascadeAnswerForm(Form):
    """A discussion in a team, for one of the agencies of the lead."""

    agency = SelectField("Agency", coerce=int)
    team = NameField("Team", description="For example: Larkham duty team. Leave it empty if there is only one.")
    discussed_on = DayField(
        "When did you talk about it?", [InputRequired("Choose the day on which the team talked about it.")]
    )
    people = WholeNumberField("How many people took part?", [InputRequired("Enter how many people took part.")])
    change = TextAreaField("What will you change?", [Optional()], description=NO_CHILD)

    def offer(self, agencies: list[tuple[int, str]]) -> "CascadeAnswerForm":
        """The agencies for which this lead answers."""
        self.agency.choices = choices_of(agencies)
        return self


class AgencyChangeForm(Form):
    """What an agency changed, told by itself."""

    agency_changed = SelectField("Agency", coerce=int)
    words = TextAreaField("What did you change because of it?", description=NO_CHILD)

    def offer(self, agencies: list[tuple[int, str]]) -> "AgencyChangeForm":
        """The agencies for which this lead answers."""
        self.agency_changed.choices = choices_of(agencies)
        return self


class MarkForm(Form):
    """A delegate: we discussed it, or I have read it."""

    people = WholeNumberField("How many of you?", [Optional()])
    change = TextAreaField("What will you change?", [Optional()], description=NO_CHILD)
