"""What is asked when somebody cancels or says what they need."""

from wtforms.validators import Length, Optional

from lms.frame.fields import StringField, TelField, TextAreaField
from lms.frame.web import Form

LONG_ENOUGH = 1000


class NeedsForm(Form):
    """What somebody needs on the day."""

    phone_on_day = TelField(
        "Phone number on the day",
        description="In case the trainer has to reach you, for example if the room changes.",
        validators=[Optional(), Length(max=40, message="Use at most 40 characters.")],
    )
    needs = TextAreaField(
        "Access needs",
        description="For example a hearing loop, step-free access or a place near the front.",
        validators=[Optional(), Length(max=LONG_ENOUGH, message="Use at most 1,000 characters.")],
    )
    food = StringField(
        "Food", description="For example vegetarian, halal, no nuts.", validators=[Optional(), Length(max=200)]
    )


class CancelBookingForm(Form):
    """Why somebody cancels; optional, because a cancelled place helps somebody else either way."""

    reason = TextAreaField(
        "Why you are cancelling (optional)",
        description="Do not name a child or family.",
        validators=[Length(max=LONG_ENOUGH, message="Use at most 1,000 characters.")],
    )
