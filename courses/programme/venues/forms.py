"""What coordinators type about a venue."""

from wtforms.validators import InputRequired, Length, Optional

from lms.frame.fields import RadioField, SelectChoice, StringField, TextAreaField
from lms.frame.web import Form


class VenueForm(Form):
    """A room or building."""

    name = StringField(
        "Name",
        description="With the town, as lists show it. For example, Ashbeck Centre, Larkham.",
        validators=[InputRequired("Give the venue a name."), Length(max=200)],
    )
    town = StringField(
        "Town",
        description="Leave it empty to use what comes after the last comma of the name.",
        validators=[Optional(), Length(max=100)],
    )
    address = TextAreaField(
        "Address",
        description="With the postcode. Delegates read it with a map; everyone else finds dates by its first half.",
        validators=[Optional(), Length(max=500)],
    )
    parking = TextAreaField(
        "Parking",
        description="On the course’s page for everyone: where, how many spaces, what it costs, blue badges.",
        validators=[Optional(), Length(max=500)],
    )
    access = TextAreaField(
        "Access",
        description="On the course’s page for everyone: steps, lift, toilets, hearing loop, a quiet room.",
        validators=[Optional(), Length(max=500)],
    )
    directions = TextAreaField(
        "How to get there",
        description="Buses, the entrance, who to ask for. Confirmed delegates read it.",
        validators=[Optional(), Length(max=5000)],
    )


class VenueWithEventsForm(VenueForm):
    """The same of a venue where people are to come: why, and whether they are told."""

    tell = RadioField(
        "Tell them what has changed?",
        default="yes",
        choices=[
            SelectChoice("yes", "Yes, email them", {"hint": "The email says what it was and what it is now."}),
            SelectChoice("no", "No, it only corrects the spelling"),
        ],
    )
    why = TextAreaField(
        "Why does it change?",
        description="The people we tell read this in their email. Do not name a child or family.",
        validators=[Optional(), Length(max=1000, message="Use at most 1,000 characters.")],
    )
