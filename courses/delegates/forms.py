"""What a coordinator says to book for somebody."""

from wtforms import StringField
from wtforms.validators import InputRequired, Length, Optional

from lms.web import Form


class AddBookingForm(Form):
    """Who takes the place, and why it is needed when it clashes with another booking."""

    person_ref = StringField(
        "Person’s reference or email address",
        description="People lists references. When two people share an address, use the reference.",
        validators=[InputRequired("Enter a person’s reference or email address.")],
    )
    clash_reason = StringField(
        "Why both bookings are needed",
        description="Only when they are booked on something else at that time, or on this course already.",
        validators=[Optional(), Length(max=300, message="Use at most 300 characters.")],
    )
