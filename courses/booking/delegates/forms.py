"""What a coordinator says to book for somebody."""

from wtforms.validators import InputRequired, Length, Optional

from lms.frame.fields import RadioField, SelectChoice, StringField
from lms.frame.web import Form


class AddBookingForm(Form):
    """Who takes the place, and why it is needed when it clashes with another booking."""

    person_ref = StringField(
        "Person’s reference or email address",
        description="People lists references. When two people share an address, use the reference.",
        validators=[InputRequired("Enter a person’s reference or email address.")],
    )
    clash_reason = StringField(
        "Why both bookings are needed",
        description="Only needed if they are booked on something else at that time, or are already booked on this "
        "course.",
        validators=[Optional(), Length(max=300, message="Use at most 300 characters.")],
    )


class GivePlaceForm(Form):
    """Whether somebody who is given a place has said that they want it: it decides what may be charged."""

    accepted = RadioField(
        "Have they said that they want it?",
        choices=[
            SelectChoice("yes", "Yes, they accepted"),
            SelectChoice("no", "Not yet"),
        ],
        validators=[InputRequired("Choose whether they accepted.")],
    )

    def with_charges(self, are_made: bool) -> "GivePlaceForm":
        """Where places that nobody uses are charged, the answer decides whether this one is."""
        if are_made:
            self.accepted.description = "Someone who has not accepted is not charged if they do not come."
        return self
