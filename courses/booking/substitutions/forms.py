"""Who takes the place."""

from wtforms.validators import InputRequired, Optional

from lms.frame.fields import NameField, StringField
from lms.frame.web import Form


class SubstituteForm(Form):
    """A colleague, by reference or address; with a name, somebody who has no record here yet."""

    person_ref = StringField(
        "Your colleague’s reference or email address",
        description="Somebody who works for the same agency. They see their reference under My details.",
        validators=[InputRequired("Enter your colleague’s reference or email address.")],
    )
    name = NameField(
        "Your colleague’s name",
        description="Only for somebody who has never booked here: then give their work address above.",
        validators=[Optional()],
    )
