"""What coordinators type about a venue."""

from wtforms.validators import InputRequired, Length, Optional

from lms.frame.fields import StringField, TextAreaField
from lms.frame.web import Form


class VenueForm(Form):
    """A room or building."""

    name = StringField(
        "Name",
        description="As lists show it, with the town: Ashbeck Centre, Larkham.",
        validators=[InputRequired("Give the venue a name."), Length(max=200)],
    )
    town = StringField(
        "Town",
        description="Empty: what stands after the last comma of the name.",
        validators=[Optional(), Length(max=100)],
    )
    address = TextAreaField("Address", validators=[Optional(), Length(max=500)])
    directions = TextAreaField(
        "How to get there",
        description="Parking, buses, step-free access. Confirmed delegates read it.",
        validators=[Optional(), Length(max=5000)],
    )
