"""The code that a delegate types."""

from wtforms.validators import InputRequired

from lms.frame.fields import StringField
from lms.frame.web import Form


class CheckInCodeForm(Form):
    """Six digits."""

    code = StringField(
        "The six digits on the screen",
        description="They change every minute.",
        validators=[InputRequired("Enter the six digits that the screen shows.")],
    )
