"""Who takes the place."""

from wtforms.validators import InputRequired

from lms.frame.fields import StringField
from lms.frame.web import Form


class SubstituteForm(Form):
    """A colleague, by reference or address."""

    person_ref = StringField(
        "Your colleague’s reference or email address",
        description="Somebody who works for the same agency. They see their reference under My details.",
        validators=[InputRequired("Enter your colleague’s reference or email address.")],
    )
