"""Who takes the place."""

from wtforms.validators import Email, InputRequired, Optional

from lms.frame.fields import NameField, StringField
from lms.frame.web import Form


class SubstituteForm(Form):
    """A colleague, by reference or address; with a name, somebody who has no record here yet."""

    person_ref = StringField(
        "Your colleague’s reference or email address",
        description="Someone who works for the same agency. They see their reference under My details.",
        validators=[InputRequired("Enter your colleague’s reference or email address.")],
    )
    name = NameField(
        "Your colleague’s name",
        description="Only for someone who has never booked here: then give their work address above.",
        validators=[Optional()],
    )


class ColleagueByAddressForm(SubstituteForm):
    """The same for whoever came by a link: not by a reference, as a link tells nobody who has which."""

    person_ref = StringField(
        "Your colleague’s work email address",
        description="Someone who works for the same agency.",
        validators=[
            InputRequired("Enter your colleague’s work email address."),
            Email(message="Enter an email address like name@agency.example."),
        ],
    )
