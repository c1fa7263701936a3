"""Yes or no to a place."""

from wtforms.validators import InputRequired

from lms.frame.fields import RadioField, SelectChoice
from lms.frame.web import Form

ACCEPT, DECLINE = "accept", "decline"


class AnswerOfferForm(Form):
    """Accept, or leave the list."""

    answer = RadioField(
        "Do you want the place?",
        choices=[
            SelectChoice(ACCEPT, "Yes, I will come", {"hint": "It is booked for you at once."}),
            SelectChoice(DECLINE, "No, thank you", {"hint": "You leave the list, and someone else can have it."}),
        ],
        validators=[InputRequired("Choose whether you want the place.")],
    )
