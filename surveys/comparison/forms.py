"""Whether somebody who waits agrees."""

from wtforms.validators import InputRequired

from lms.frame.fields import RadioField, SelectChoice
from lms.frame.web import Form

YES, NO = "yes", "no"


class ConsentForm(Form):
    """Yes or no. Nothing is chosen beforehand."""

    answer = RadioField(
        "May we ask you?",
        choices=[
            SelectChoice(YES, "Yes, you may ask me twice"),
            SelectChoice(NO, "No", {"hint": "We will not ask you, and we’ll delete what you answered for this."}),
        ],
        validators=[InputRequired("Choose yes or no. If you close this page, that means no.")],
    )
