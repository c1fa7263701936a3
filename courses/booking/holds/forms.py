"""How many places are held, for whom and until when."""

from collections.abc import Sequence

from wtforms.validators import InputRequired

from lms.frame.fields import DayField, SelectChoice, SelectField, WholeNumberField
from lms.frame.web import Form


class HoldPlacesForm(Form):
    """A hold for one sector; a second one for the same sector takes the first one's place."""

    sector_id = SelectField("Sector", coerce=int, validators=[InputRequired("Choose a sector.")])
    places = WholeNumberField(
        "Places",
        description="Places that people from the sector already have count towards these.",
        validators=[InputRequired("Enter how many places.")],
    )
    until = DayField(
        "Held to the end of",
        description="After that they are released to everyone, starting with the waiting list.",
        validators=[InputRequired("Enter a day.")],
    )

    def offer(self, sectors: Sequence[tuple[int, str]]) -> "HoldPlacesForm":
        """The sectors to choose from."""
        self.sector_id.choices = [SelectChoice(value, label) for value, label in sectors]
        return self
