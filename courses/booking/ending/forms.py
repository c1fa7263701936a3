"""Who gives up the place, as the office writes it down."""

from wtforms.validators import InputRequired, Length, Optional

from courses.booking.bookings.forms import CancelBookingForm
from lms.frame.fields import DayField, RadioField, SelectChoice, StringField, TextAreaField

ASKED, RELEASE, MOVE = "asked", "release", "move"


class GiveUpForm(CancelBookingForm):
    """The delegate asked; we take it back; or another date."""

    who = RadioField(
        "Who gives up the place?",
        choices=[
            SelectChoice(ASKED, "The delegate asked", {"hint": "The terms of the day on which they told us count."}),
            SelectChoice(
                RELEASE,
                "We take it back",
                {"hint": "Over-booked, or our mistake: never a charge. They read an apology and the reason."},
            ),
            SelectChoice(MOVE, "Move to another date", {"hint": "The place is kept until there is another."}),
        ],
        validators=[InputRequired("Choose who gives up the place.")],
    )
    told_on = DayField(
        "On which day did they tell us?",
        description="Leave it empty for today.",
        validators=[Optional()],
    )
    told_how = StringField(
        "How did they tell us?",
        description="For example by telephone to Priyanka.",
        validators=[Optional(), Length(max=200, message="Use at most 200 characters.")],
    )
    reason = TextAreaField(
        "Why? (needed when we take it back)",
        description="They read this. Do not name a child or family.",
        validators=[Length(max=1000, message="Use at most 1,000 characters.")],
    )
