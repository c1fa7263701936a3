"""What is kept for next time."""

from wtforms.validators import Length, Optional

from lms.frame.fields import StringField, TextAreaField
from lms.frame.web import Form


class KeptNeedsForm(Form):
    """What somebody needs at every event."""

    needs = TextAreaField(
        "Access needs",
        description="For example a hearing loop, step-free access or a place near the front.",
        validators=[Optional(), Length(max=1000, message="Use at most 1,000 characters.")],
    )
    food = StringField(
        "Food", description="For example vegetarian, halal, no nuts.", validators=[Optional(), Length(max=200)]
    )
